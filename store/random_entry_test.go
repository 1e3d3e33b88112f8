package store_test

import (
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"

	"arbot/ar"
)

var customerNames = []string{"c1", "c2", "c3", "c4"}

// resolve is what a reference to a customer means: where it was merged into.
func (m *model) resolve(customer string) string {
	if into, merged := m.into[customer]; merged {
		return into
	}
	return customer
}

// take is how the ledger's word for a document is taken in.
func (l *randomLedger) take(d ar.DocumentRecord, entry string) {
	d.Customer = l.resolve(d.Customer)
	if _, known := l.documents[d.Ref]; !known {
		l.seen[d.Ref] = seen{at: l.books.Clock.Now(), initial: !l.synced}
	}
	l.documents[d.Ref], l.documentEntry[d.Ref] = d, entry
}

// drawLabels gives a document labels and a rate. Documents of one day have the same
// labels, since it is not said which of them is the latest.
func drawLabels(t *rapid.T, d *ar.DocumentRecord) {
	if rapid.Bool().Draw(t, "labelled") {
		d.Labels = map[string]string{ar.LabelOwner: d.Date.String()}
	}
	if d.Amount.Currency() == "EUR" {
		d.Rate = rapid.SampledFrom([]ar.Rate{"", "1.1", "1.25"}).Draw(t, "rate")
	}
}

// drawEntries draws some of three entries anew, each with journal lines and
// applications. Some lines go from entry to entry.
func (l *randomLedger) drawEntries(t *rapid.T) (changed []ar.EntryRecord) {
	for _, name := range []string{"e1", "e2", "e3"} {
		if rapid.Bool().Draw(t, "entry stays") {
			continue
		}
		e := ar.EntryRecord{External: name, Documents: l.drawLines(t, name)}
		for _, d := range e.Documents {
			l.take(d, name)
		}
		e.Applications = l.drawPayments(t, name)
		for _, a := range e.Applications {
			l.applications[a.External], l.applicationEntry[a.External] = a, name
		}
		l.dropWhatIsNotIn(e)
		changed = append(changed, e)
	}
	// What went over to a later entry of the same page is in that one only.
	for i, e := range changed {
		changed[i].Documents = slices.DeleteFunc(e.Documents, func(d ar.DocumentRecord) bool { return l.documentEntry[d.Ref] != e.External })
	}
	return changed
}

func (l *randomLedger) drawLines(t *rapid.T, entry string) (lines []ar.DocumentRecord) {
	for _, line := range []string{entry + "/1", entry + "/2", "wandering"} {
		if rapid.Bool().Draw(t, "no such line") {
			continue
		}
		d := ar.DocumentRecord{
			Ref:      ar.Ref{Kind: ar.Journal, External: line},
			Customer: rapid.SampledFrom(customerNames).Draw(t, "customer"),
			Amount:   ar.NewMoney(rapid.Int64Range(-3, 3).Draw(t, "amount")*100, "USD"),
			Date:     days.Draw(t, "date"), Status: ar.Posted,
		}
		drawLabels(t, &d)
		lines = append(lines, d)
	}
	return lines
}

// drawPayments draws applications of an entry between its lines and documents that
// stand alone.
func (l *randomLedger) drawPayments(t *rapid.T, entry string) (applications []ar.ApplicationRecord) {
	refs := slices.SortedFunc(maps.Keys(l.documents), compareRefs)
	refs = slices.DeleteFunc(refs, func(r ar.Ref) bool {
		return l.documentEntry[r] != "" && l.documentEntry[r] != entry || l.documents[r].Amount.Currency() != "USD" || r.External == "wandering"
	})
	for n := range rapid.IntRange(0, 2).Draw(t, "applications of the entry") {
		if len(refs) < 2 {
			break
		}
		from, to := rapid.SampledFrom(refs).Draw(t, "from"), rapid.SampledFrom(refs).Draw(t, "to")
		if from == to {
			continue
		}
		applications = append(applications, ar.ApplicationRecord{
			External: fmt.Sprint(entry, "/", n), From: from, To: to, Kind: ar.ByPayment,
			Amount: ar.NewMoney(rapid.SampledFrom([]int64{50, 100, 200}).Draw(t, "applied"), "USD"), Date: days.Draw(t, "applied on"),
		})
	}
	return applications
}

// dropWhatIsNotIn makes tombstones of what an entry does not hold any more.
func (l *randomLedger) dropWhatIsNotIn(e ar.EntryRecord) {
	for ref, entry := range l.documentEntry {
		if entry == e.External && !slices.ContainsFunc(e.Documents, func(d ar.DocumentRecord) bool { return d.Ref == ref }) {
			l.deleteDocument(ref)
		}
	}
	for key, entry := range l.applicationEntry {
		if entry == e.External && !slices.ContainsFunc(e.Applications, func(a ar.ApplicationRecord) bool { return a.External == key }) {
			l.deleteApplication(key)
		}
	}
}

func (l *randomLedger) deleteDocument(ref ar.Ref) {
	if d, known := l.documents[ref]; known {
		d.Status = ar.Deleted
		l.documents[ref] = d
	}
}

func (l *randomLedger) deleteApplication(key string) {
	if a, known := l.applications[key]; known {
		a.Deleted = true
		l.applications[key] = a
	}
}

// entries are all entries as they stand.
func (m *model) entries() []ar.EntryRecord {
	byName := map[string]*ar.EntryRecord{}
	for _, name := range []string{"e1", "e2", "e3"} {
		byName[name] = &ar.EntryRecord{External: name}
	}
	for _, ref := range slices.SortedFunc(maps.Keys(m.documents), compareRefs) {
		if e := byName[m.documentEntry[ref]]; e != nil && m.documents[ref].Status != ar.Deleted {
			e.Documents = append(e.Documents, m.documents[ref])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.applications)) {
		if e := byName[m.applicationEntry[key]]; e != nil && !m.applications[key].Deleted {
			e.Applications = append(e.Applications, m.applications[key])
		}
	}
	return []ar.EntryRecord{*byName["e1"], *byName["e2"], *byName["e3"]}
}

// drawGone takes records away that the books know, and merges customers.
func (l *randomLedger) drawGone(t *rapid.T) (gone []ar.GoneRecord) {
	for range rapid.IntRange(0, 3).Draw(t, "gone") {
		kind := rapid.SampledFrom([]ar.RecordKind{
			ar.DocumentRecords, ar.ApplicationRecords, ar.EntryRecords, ar.CustomerRecords, ar.CustomerRecords,
		}).Draw(t, "gone kind")
		g := ar.GoneRecord{Kind: kind}
		switch kind {
		case ar.DocumentRecords:
			refs := slices.SortedFunc(maps.Keys(l.documents), compareRefs)
			refs = slices.DeleteFunc(refs, func(r ar.Ref) bool { return l.seen[r].at.Equal(l.books.Clock.Now()) })
			if len(refs) == 0 {
				continue
			}
			ref := rapid.SampledFrom(refs).Draw(t, "gone document")
			g.Key = ref.Key()
			l.deleteDocument(ref)
		case ar.ApplicationRecords:
			g.Key = ar.Key(fmt.Sprint("a", rapid.IntRange(1, 6).Draw(t, "gone application")))
			l.deleteApplication(string(g.Key))
		case ar.EntryRecords:
			g.Key = ar.Key(rapid.SampledFrom([]string{"e1", "e2", "e3"}).Draw(t, "gone entry"))
			if l.isNew(string(g.Key)) {
				continue
			}
			l.dropWhatIsNotIn(ar.EntryRecord{External: string(g.Key)})
		case ar.CustomerRecords:
			var ok bool
			if g, ok = l.drawGoneCustomer(t); !ok {
				continue
			}
		}
		gone = append(gone, g)
	}
	// The page takes what is deleted first, and merges in their order.
	return gone
}

// isNew reports whether a document of an entry came in this step.
func (l *randomLedger) isNew(entry string) bool {
	for ref, e := range l.documentEntry {
		if e == entry && l.seen[ref].at.Equal(l.books.Clock.Now()) {
			return true
		}
	}
	return false
}

func (l *randomLedger) drawGoneCustomer(t *rapid.T) (ar.GoneRecord, bool) {
	loser := rapid.SampledFrom(customerNames).Draw(t, "gone customer")
	winner := rapid.SampledFrom(customerNames).Draw(t, "into")
	g := ar.GoneRecord{Kind: ar.CustomerRecords, Key: ar.Key(loser)}
	if l.into[loser] != "" || slices.Contains(l.drawn, loser) {
		return g, false // a whole read would not bring what it takes away
	}
	if into := l.resolve(winner); rapid.Bool().Draw(t, "merged") && into != loser {
		g.Into = ar.Key(winner)
		l.merge(loser, into)
		return g, true
	}
	c := l.customers[loser]
	c.Deleted = true
	l.customers[loser] = c
	return g, true
}

func (l *randomLedger) merge(loser, winner string) {
	for above, steps := winner, 0; above != "" && steps < len(customerNames); above, steps = l.customers[above].Parent, steps+1 {
		if l.customers[above].Parent == loser {
			c := l.customers[winner]
			c.Parent = l.customers[loser].Parent
			l.customers[winner] = c
			break
		}
	}
	for external, c := range l.customers {
		if c.Parent == loser {
			c.Parent = winner
			l.customers[external] = c
		}
	}
	for ref, d := range l.documents {
		if d.Customer == loser {
			d.Customer = winner
			l.documents[ref] = d
		}
	}
	for other, into := range l.into {
		if into == loser {
			l.into[other] = winner
		}
	}
	c := l.customers[loser]
	c.Deleted = true
	l.customers[loser], l.into[loser] = c, winner
}

// latestLabels is the oracle of Reader.LatestLabels.
func (m *model) latestLabels() map[ar.CustomerID]map[string]string {
	latest := map[ar.CustomerID]ar.DocumentRecord{}
	for _, d := range m.documents {
		if id := m.ids[d.Customer]; d.Status == ar.Posted && len(d.Labels) > 0 && !m.customers[d.Customer].Deleted &&
			(latest[id].Labels == nil || d.Date.After(latest[id].Date)) {
			latest[id] = d
		}
	}
	labels := map[ar.CustomerID]map[string]string{}
	for id, d := range latest {
		labels[id] = d.Labels
	}
	return labels
}
