package store_test

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"arbot/ar"
)

// model is a ledger as plain values: what the books must say is folded from it with the
// rules of ar.
type model struct {
	source       ar.SourceID
	name         string // of the source
	customers    map[string]ar.CustomerRecord
	ids          map[string]ar.CustomerID // of the customers, as the store gave them
	owners       map[string]string
	documents    map[ar.Ref]ar.DocumentRecord
	applications map[string]ar.ApplicationRecord
	seen         map[ar.Ref]seen
	// into is where merged customers went; the others say of what entry a record is.
	into             map[string]string
	documentEntry    map[ar.Ref]string
	applicationEntry map[string]string
}

// seen is when a document came first, and in which state of the source.
type seen struct {
	at      time.Time
	initial bool // up to the end of the first whole read
}

// books are the models of all sources, with their documents and applications as ar
// knows them.
type books struct {
	source       ar.SourceID // of the first model
	documents    []ar.Document
	applications []ar.Application
	owner        map[ar.CustomerID]string
	name         map[ar.CustomerID]string
	segment      map[ar.CustomerID]string
	company      map[ar.SourceID]string
	seen         map[ar.DocumentID]seen
	labels       map[ar.CustomerID]map[string]string // of the first model
	family       ar.Family
}

// fold turns models into the values that ar's rules work on. Ids of documents are the
// model's own.
func fold(models ...*model) books {
	b := books{source: models[0].source, owner: map[ar.CustomerID]string{}, name: map[ar.CustomerID]string{}, segment: map[ar.CustomerID]string{}, company: map[ar.SourceID]string{}, seen: map[ar.DocumentID]seen{}, family: ar.Family{}}
	b.labels = models[0].latestLabels()
	for _, m := range models {
		b.company[m.source] = m.name
		for external, id := range m.ids {
			b.owner[id], b.name[id] = m.owners[external], m.customers[external].Name
			b.segment[id] = m.customers[external].Segment
			if parent := m.customers[external].Parent; parent != "" {
				b.family[id] = m.ids[parent]
			}
		}
		ids := map[ar.Ref]ar.DocumentID{}
		for _, ref := range slices.SortedFunc(maps.Keys(m.documents), compareRefs) {
			d := m.documents[ref]
			id := ar.DocumentID(len(b.documents) + 1)
			ids[ref], b.seen[id] = id, m.seen[ref]
			due, basis := ar.DueDate(d.Date, d.Due, d.Terms, m.customers[d.Customer].Terms)
			b.documents = append(b.documents, ar.Document{
				ID: id, Source: m.source, External: d.External, Kind: d.Kind, Number: d.Number,
				Customer: m.ids[d.Customer], Amount: d.Amount, Date: d.Date, Due: due, DueBasis: basis,
				Terms: d.Terms, Status: d.Status, Rate: d.Rate,
			})
		}
		for _, key := range slices.Sorted(maps.Keys(m.applications)) {
			if a := m.applications[key]; !a.Deleted {
				b.applications = append(b.applications, ar.Application{
					Source: m.source, External: a.External, From: ids[a.From], To: ids[a.To],
					Kind: a.Kind, Amount: a.Amount, Date: a.Date, Inferred: a.Inferred,
				})
			}
		}
	}
	return b
}

func compareRefs(a, b ar.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.External, b.External))
}

// openItems is the oracle of Reader.OpenItems, without order.
func (b books) openItems(q ar.ItemQuery) ([]ar.OpenItem, error) {
	items, err := ar.OpenItems(b.documents, b.applications, q.AsOf)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(items, func(i ar.OpenItem) bool {
		return q.Customers != nil && !slices.Contains(q.Customers, i.Customer) ||
			!q.Scope.Covers(b.owner[i.Customer]) || q.Source != 0 && i.Source != q.Source ||
			!q.DueFrom.IsZero() && i.Due.Before(q.DueFrom) || !q.DueTo.IsZero() && i.Due.After(q.DueTo) ||
			q.Owed && !i.Owed()
	}), nil
}

// aging is the oracle of Reader.Aging.
func (b books) aging(q ar.AgingQuery) ([]ar.AgingRow, error) {
	items, err := b.openItems(ar.ItemQuery{AsOf: q.Rule.AsOf, Customers: q.Customers, Scope: q.Scope})
	if err != nil {
		return nil, err
	}
	type group struct {
		customer ar.CustomerID
		owner    string
		name     string
	}
	byGroup := map[group][]ar.OpenItem{}
	for _, i := range items {
		if q.Currency != "" && i.Open.Currency() != q.Currency || q.Source != 0 && i.Source != q.Source {
			continue
		}
		var g group
		switch q.Group {
		case ar.ByCustomer:
			g = group{customer: i.Customer, owner: b.owner[i.Customer], name: b.name[i.Customer]}
		case ar.ByOwner:
			g = group{owner: b.owner[i.Customer]}
		case ar.WholeBook:
		}
		byGroup[g] = append(byGroup[g], i)
	}
	var rows []ar.AgingRow
	for g, items := range byGroup {
		agings, err := ar.Age(items, q.Rule)
		if err != nil {
			return nil, err
		}
		for _, aging := range agings {
			row := ar.AgingRow{Aging: aging, Customer: g.customer, Owner: g.owner, Name: g.name}
			for _, i := range items {
				if late := i.DaysOverdue(q.Rule.AsOf); i.Open.Currency() == aging.Currency && i.Owed() && late > 0 {
					row.OverdueItems++
					row.Weight += i.Open.Minor() * int64(late)
					if row.OldestDue.IsZero() || i.Due.Before(row.OldestDue) {
						row.OldestDue = i.Due
					}
				}
			}
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b ar.AgingRow) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.Currency, b.Currency))
	})
	return rows, nil
}

// effective lists the applications that count, with the day from which they do.
func (b books) effective(each func(a ar.Application, day ar.Date)) {
	byID := map[ar.DocumentID]ar.Document{}
	for _, d := range b.documents {
		byID[d.ID] = d
	}
	for _, a := range b.applications {
		to, from := byID[a.To], byID[a.From]
		if to.Status == ar.Posted && (a.From == 0 || from.Status == ar.Posted) {
			each(a, a.Effective(from.Date, to.Date))
		}
	}
}

// moves is the oracle of Reader.OverdueMoves.
func (b books) moves(from, to ar.Date, s ar.Scope) ([]ar.OverdueMove, error) {
	open := map[ar.Date]map[ar.DocumentID]ar.Money{}
	for _, day := range []ar.Date{from, to} {
		open[day] = map[ar.DocumentID]ar.Money{}
		items, err := b.openItems(ar.ItemQuery{AsOf: day, Scope: s})
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			open[day][i.ID] = i.Open
		}
	}
	applied, concluded := map[ar.DocumentID]map[ar.ApplicationKind]int64{}, map[ar.DocumentID]bool{}
	b.effective(func(a ar.Application, day ar.Date) {
		if !day.After(from) || day.After(to) {
			return
		}
		for _, side := range []struct {
			id   ar.DocumentID
			sign int64
		}{{a.To, 1}, {a.From, -1}} {
			if applied[side.id] == nil {
				applied[side.id] = map[ar.ApplicationKind]int64{}
			}
			applied[side.id][a.Kind] += side.sign * a.Amount.Minor()
			concluded[side.id] = concluded[side.id] || a.Inferred && a.Kind == ar.ByPayment
		}
	})
	var moves []ar.OverdueMove
	for _, d := range b.documents {
		before, after := open[from][d.ID], open[to][d.ID]
		if (!d.Due.Before(from) || before.Sign() <= 0) && (!d.Due.Before(to) || after.Sign() <= 0) {
			continue
		}
		c := d.Amount.Currency()
		moves = append(moves, ar.OverdueMove{
			Document: d.ID, Customer: d.Customer, Owner: b.owner[d.Customer], Due: d.Due,
			Before: ar.NewMoney(before.Minor(), c), After: ar.NewMoney(after.Minor(), c),
			Paid:       ar.NewMoney(applied[d.ID][ar.ByPayment], c),
			Credited:   ar.NewMoney(applied[d.ID][ar.ByCredit], c),
			WrittenOff: ar.NewMoney(applied[d.ID][ar.ByWriteOff], c), Inferred: concluded[d.ID],
		})
	}
	return moves, nil
}

// settled is what was applied to a document, and from it, up to a day.
type settled struct {
	left, written, paid int64 // left is the change of what is open
	last, closed        ar.Date
}

func (b books) settled(asOf ar.Date) map[ar.DocumentID]settled {
	of := map[ar.DocumentID]settled{}
	b.effective(func(a ar.Application, day ar.Date) {
		if day.After(asOf) {
			return
		}
		for id, sign := range map[ar.DocumentID]int64{a.To: -1, a.From: 1} {
			s := of[id]
			s.left += sign * a.Amount.Minor()
			s.closed = ar.Latest(s.closed, day)
			switch a.Kind {
			case ar.ByWriteOff:
				s.written += sign * a.Amount.Minor()
			case ar.ByPayment:
				s.paid -= sign * a.Amount.Minor()
			case ar.ByCredit:
			}
			if a.Kind != ar.ByWriteOff {
				s.last = ar.Latest(s.last, day)
			}
			of[id] = s
		}
	})
	return of
}

// paid is the oracle of Reader.PaidInvoices, without order.
func (b books) paid(customers []ar.CustomerID, from, to ar.Date) []ar.PaidInvoice {
	of := b.settled(to)
	var paid []ar.PaidInvoice
	for _, d := range b.documents {
		s, effect := of[d.ID], d.Effect().Minor()
		if d.Kind == ar.Invoice && d.Counts(to) && effect > 0 && slices.Contains(customers, d.Customer) &&
			effect+s.left == 0 && s.paid > 0 && effect+s.written > 0 && s.last.After(from) {
			paid = append(paid, ar.PaidInvoice{
				Date: d.Date, Due: d.Due, Settled: s.last, Amount: ar.NewMoney(effect+s.written, d.Amount.Currency()),
			})
		}
	}
	return paid
}

// received is the oracle of Reader.Received.
func (b books) received(after time.Time, s ar.Scope) []ar.Received {
	type key struct {
		customer ar.CustomerID
		currency ar.Currency
	}
	sums := map[key]ar.Received{}
	for _, d := range b.documents {
		if first := b.seen[d.ID]; d.Kind != ar.Payment || d.Amount.IsZero() || d.Status != ar.Posted || first.initial ||
			!first.at.After(after) || !s.Covers(b.owner[d.Customer]) {
			continue
		}
		k := key{d.Customer, d.Amount.Currency()}
		r := sums[k]
		sums[k] = ar.Received{
			Customer: d.Customer, Name: b.name[d.Customer], Owner: b.owner[d.Customer],
			Amount: ar.NewMoney(r.Amount.Minor()+d.Amount.Abs().Minor(), k.currency), Latest: ar.Latest(r.Latest, d.Date),
		}
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b ar.Received) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Amount.Currency(), b.Amount.Currency()))
	})
}

// lastPayment is the oracle of Reader.LastPayment: its date.
func (b books) lastPayment(customers []ar.CustomerID, asOf ar.Date) (last ar.Date) {
	for _, d := range b.documents {
		if d.Kind == ar.Payment && !d.Amount.IsZero() && d.Counts(asOf) && slices.Contains(customers, d.Customer) {
			last = ar.Latest(last, d.Date)
		}
	}
	return last
}
