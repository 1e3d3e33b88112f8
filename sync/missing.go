package arsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// deepest bounds how far references are followed: an application, its document, the
// customer, and the parents of that one. Ledgers allow five levels of customers.
const deepest = 16

// wanted is a record that a page refers to and that the books lack.
type wanted struct {
	kind ar.RecordKind
	key  ar.Key
}

func wantedBy(m *ar.MissingRefError) wanted {
	if m.Record == ar.ApplicationRecords {
		return wanted{ar.DocumentRecords, m.Ref}
	}
	return wanted{ar.CustomerRecords, m.Ref}
}

// supply gets a missing record into the books, or takes what refers to it out of the
// batch where the ledger does not have it. Each record is asked for once: where a
// second look finds it missing still, it counts as gone.
func (i *intake) supply(ctx context.Context, batch ar.Page, w wanted) (ar.Page, error) {
	if i.asked[w] {
		return i.leaveOut(batch, w), nil
	}
	i.asked[w] = true
	page, err := i.reading.Missing(ctx, w.kind, w.key)
	if errors.Is(err, ErrGone) {
		return i.leaveOut(batch, w), nil
	}
	if err != nil {
		return ar.Page{}, fmt.Errorf("sync: look for %s %s of source %d, which other records refer to: %w", one(w.kind), w.key, i.state.ID, err)
	}
	if i.depth == deepest {
		return ar.Page{}, fmt.Errorf("sync: %s %s of source %d: more than %d records refer to each other", one(w.kind), w.key, i.state.ID, deepest)
	}
	i.removal.saw(page)
	i.depth++
	defer func() { i.depth-- }()
	return batch, i.put(ctx, page)
}

// leaveOut takes what refers to a record that nobody has out of a page. A customer is
// taken without its parent.
func (i *intake) leaveOut(p ar.Page, w wanted) ar.Page {
	if w.kind == ar.CustomerRecords {
		return i.withoutCustomer(p, w)
	}
	ref := func(r ar.Ref) bool { return r != (ar.Ref{}) && r.Key() == w.key }
	refers := func(a ar.ApplicationRecord) bool { return ref(a.From) || ref(a.To) }
	name := func(a ar.ApplicationRecord) string { return "application " + a.External }
	p.Applications = drop(i, p.Applications, w, refers, name)
	p.Entries = slices.Clone(p.Entries)
	for n := range p.Entries {
		p.Entries[n].Applications = drop(i, p.Entries[n].Applications, w, refers, name)
	}
	return p
}

func (i *intake) withoutCustomer(p ar.Page, w wanted) ar.Page {
	refers := func(d ar.DocumentRecord) bool { return ar.Key(d.Customer) == w.key }
	name := func(d ar.DocumentRecord) string { return "document " + string(d.Key()) }
	p.Customers = slices.Clone(p.Customers)
	for n := range p.Customers {
		if c := &p.Customers[n]; ar.Key(c.Parent) == w.key {
			c.Parent = ""
			i.out = append(i.out, fmt.Sprintf("Customer %s is taken without its parent, since the ledger has no %s %s.", c.External, one(w.kind), w.key))
		}
	}
	p.Documents = drop(i, p.Documents, w, refers, name)
	p.Entries = slices.Clone(p.Entries)
	for n := range p.Entries {
		p.Entries[n].Documents = drop(i, p.Entries[n].Documents, w, refers, name)
	}
	p.Gone = drop(i, p.Gone, w, func(g ar.GoneRecord) bool { return g.Into == w.key },
		func(g ar.GoneRecord) string { return "merge of customer " + string(g.Key) })
	return p
}

// drop returns the records that do not refer to what is wanted, and notes the others.
func drop[R any](i *intake, records []R, w wanted, refers func(R) bool, name func(R) string) []R {
	if !slices.ContainsFunc(records, refers) {
		return records
	}
	var kept []R
	for _, r := range records {
		if !refers(r) {
			kept = append(kept, r)
			continue
		}
		i.out = append(i.out, fmt.Sprintf("The %s is left out, since the ledger has no %s %s.", name(r), one(w.kind), w.key))
	}
	return kept
}

// mostLeftOut is how many records that were left out a report names.
const mostLeftOut = 20

// warn puts what was left out and what could not be read into the report.
func (i *intake) warn(skipped []string) {
	warnings := i.out
	if more := len(warnings) - mostLeftOut; more > 0 {
		warnings = append(warnings[:mostLeftOut:mostLeftOut], plural(more, "more record")+" left out, since the ledger lacks what they refer to.")
	}
	i.keep(warnings)
	i.keep(skipped)
}

// one names a record of a kind.
func one(kind ar.RecordKind) string { return strings.TrimSuffix(string(kind), "s") }
