package arsync

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// because says by which documents ours and the ledger's list differ, biggest first; it
// looks also where the totals agree, since two errors can make up for each other. ""
// where the lists are the same, or the ledger has none.
func (r *run) because(ctx context.Context, c compared) (string, error) {
	if c.Items == nil {
		return "", nil
	}
	stated, err := c.Items(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return "", fmt.Errorf("sync: list of open items of source %d: %w", r.state.ID, err)
		}
		r.report.Warnings = append(r.report.Warnings, fmt.Sprintf("The ledger's list of open items could not be had, so documents were not compared: %v.", err))
		return "", nil
	}
	items := c.items
	if items == nil {
		if items, err = r.openItems(ctx, c.Total); err != nil {
			return "", fmt.Errorf("sync: open items of source %d as of %s: %w", r.state.ID, c.AsOf, err)
		}
	}
	customers, err := r.customersOf(ctx, items)
	if err != nil {
		return "", fmt.Errorf("sync: customers of open items of source %d: %w", r.state.ID, err)
	}
	lists := newLists(c.Net.Currency(), customers)
	for _, i := range items {
		if err := lists.addOurs(i, customers[i.customer].external); err != nil {
			return "", fmt.Errorf("sync: compare %s %s of source %d: %w", i.kind, i.external, r.state.ID, err)
		}
	}
	for _, i := range stated {
		if err := lists.addLedger(i); err != nil {
			return "", fmt.Errorf("sync: compare %s of source %d: %w", i.Label, r.state.ID, err)
		}
	}
	return lists.explain(c), nil
}

// party is a customer by the ledger's id and name.
type party struct{ external, name string }

// customersOf are the customers of the source, and those of items that are gone from it.
func (r *run) customersOf(ctx context.Context, items []openEntry) (map[ar.CustomerID]party, error) {
	byID := map[ar.CustomerID]party{}
	err := r.eachCustomer(ctx, func(c ar.Customer) { byID[c.ID] = party{c.External, c.Name} })
	if err != nil {
		return nil, err
	}
	err = r.Books.View(ctx, func(books ar.Reader) error {
		for _, i := range items {
			if _, ok := byID[i.customer]; ok {
				continue
			}
			c, err := books.Customer(ctx, i.customer)
			if err != nil {
				return err
			}
			byID[c.ID] = party{c.External, c.Name}
		}
		return nil
	})
	return byID, err
}

// entryKey is what both lists are grouped by.
type entryKey struct {
	kind            ar.DocumentKind
	entry, customer string
}

// entryPair is an entry in both lists; the zero amount is one that a list lacks.
type entryPair struct {
	key          entryKey
	label        string // the ledger's own
	number       string // ours
	ledger, ours ar.Money
}

// name is how the ledger names the entry, or else how we do.
func (p entryPair) name() string {
	switch {
	case p.label != "":
		return p.label
	case p.number == "":
		return p.key.entry
	}
	return strings.ReplaceAll(string(p.key.kind), "_", " ") + " " + p.number
}

func (p entryPair) difference() ar.Money {
	d, err := p.ours.Sub(p.ledger)
	if err != nil { // both were added in one currency
		return ar.Money{}
	}
	return d
}

// lists are the ledger's list and ours, entry by entry.
type lists struct {
	pairs map[entryKey]*entryPair
	// byEntry has the keys of an entry; nil until one is needed.
	byEntry map[string][]entryKey
	names   map[string]string // of customers, by their external ids
	total   ar.Money          // of the ledger's list
}

func newLists(home ar.Currency, customers map[ar.CustomerID]party) *lists {
	l := &lists{pairs: map[entryKey]*entryPair{}, names: make(map[string]string, len(customers)), total: ar.NewMoney(0, home)}
	for _, c := range customers {
		l.names[c.external] = c.name
	}
	return l
}

func (l *lists) pair(key entryKey) *entryPair {
	p := l.pairs[key]
	if p == nil {
		p = &entryPair{key: key}
		l.pairs[key] = p
		if l.byEntry != nil {
			l.byEntry[key.entry] = append(l.byEntry[key.entry], key)
		}
	}
	return p
}

// addOurs counts the records of one entry of the ledger together: "9/1" and "9/2" are
// lines of its entry 9.
func (l *lists) addOurs(i openEntry, customer string) (err error) {
	entry, _, _ := strings.Cut(i.external, "/")
	p := l.pair(entryKey{i.kind, entry, customer})
	p.number = cmp.Or(p.number, i.number, entry)
	p.ours, err = p.ours.Add(i.open)
	return err
}

func (l *lists) addLedger(i LedgerItem) (err error) {
	p := l.pair(l.match(entryKey{i.Kind, i.Entry, i.Customer}, i.Else))
	p.label = cmp.Or(i.Label, p.label)
	if p.ledger, err = p.ledger.Add(i.Open); err != nil {
		return err
	}
	l.total, err = l.total.Add(i.Open)
	return err
}

// match finds the entry of ours that a line of the ledger means, also where that leaves
// the kind or the customer open.
func (l *lists) match(key entryKey, otherwise []string) entryKey {
	if l.pairs[key] != nil {
		return key
	}
	if l.byEntry == nil {
		l.byEntry = map[string][]entryKey{}
		for k := range l.pairs {
			l.byEntry[k.entry] = append(l.byEntry[k.entry], k)
		}
		for _, keys := range l.byEntry {
			slices.SortFunc(keys, func(a, b entryKey) int {
				return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.customer, b.customer))
			})
		}
	}
	for _, entry := range append([]string{key.entry}, otherwise...) {
		for _, ours := range l.byEntry[entry] {
			if (key.kind == "" || key.kind == ours.kind) && (key.customer == "" || key.customer == ours.customer) {
				return ours
			}
		}
	}
	return key
}

// mostNamed is how many documents an explanation names.
const mostNamed = 10

func (l *lists) explain(c compared) string {
	var different []*entryPair
	for _, p := range l.pairs {
		if !p.difference().IsZero() {
			different = append(different, p)
		}
	}
	slices.SortFunc(different, func(a, b *entryPair) int {
		return cmp.Or(-a.difference().Abs().Cmp(b.difference().Abs()), cmp.Compare(a.name(), b.name()),
			cmp.Compare(a.key.customer, b.key.customer), cmp.Compare(a.key.entry, b.key.entry))
	})
	var parts []string
	for n, p := range different {
		if n == mostNamed {
			parts = append(parts, fmt.Sprintf("and %s more", count(len(different)-mostNamed)))
			break
		}
		parts = append(parts, l.sentence(p))
	}
	text := strings.Join(parts, "; ")
	if text != "" {
		text += "."
	}
	switch {
	case c.ties() && text != "":
		text = "The totals agree, the documents do not: " + text
	case !c.ties() && l.total.Cmp(c.Net) != 0:
		text = strings.TrimSpace(text + " The ledger's own list of documents adds up to " + l.total.Decimal() + ".")
	}
	return text
}

func (l *lists) sentence(p *entryPair) string {
	label := p.name()
	if name := l.names[p.key.customer]; name != "" {
		label += " (" + name + ")"
	}
	switch {
	case p.ours.IsZero():
		return fmt.Sprintf("%s: %s in the ledger, not here", label, p.ledger.Decimal())
	case p.ledger.IsZero():
		return fmt.Sprintf("%s: %s here, not in the ledger", label, p.ours.Decimal())
	}
	return fmt.Sprintf("%s: %s in the ledger, %s here", label, p.ledger.Decimal(), p.ours.Decimal())
}
