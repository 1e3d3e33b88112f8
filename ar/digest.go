package ar

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Digest is what a daily digest says, before it is put into words: chosen from
// figures of one state of the books. Which parts are filled depends on Kind.
type Digest struct {
	Kind PostKind
	// Owner is the sales owner of a rep's digest.
	Owner string
	Day   Date
	// First is set where no digest came before: there is no news then, only
	// the state.
	First bool
	// Since is the day of the digest before this one.
	Since Date
	// Totals is how the whole book (or the rep's part) stands, by currency.
	Totals []Standing
	// Bridges lead from the overdue said on Since to today's.
	Bridges []Bridge
	// Newly are accounts with items that fell overdue since, with the amount
	// of those items.
	Newly AccountList
	// Received is what customers paid since; ReceivedSums its sums.
	Received     []Received
	ReceivedSums []Money
	// Overdue are all accounts past due, biggest amount by age first.
	Overdue AccountList
	// Unapplied are accounts with credit that is set against nothing yet.
	Unapplied AccountList
	// DueSoon are accounts with items due from today to six days ahead.
	DueSoon AccountList
	// Orphans are the overdue accounts without a sales owner.
	Orphans AccountList
	// Owners are the overdue accounts by sales owner, most overdue first.
	Owners []OwnerLine
	// Fresh says how far the figures can be trusted.
	Fresh Freshness
}

// Empty reports whether there is nothing to say.
func (d Digest) Empty() bool {
	lines := len(d.Overdue.Lines) + len(d.Newly.Lines) + len(d.Unapplied.Lines) + len(d.DueSoon.Lines)
	return lines+len(d.Received) == 0
}

// AccountList is a list of accounts with its sums, one per currency.
type AccountList struct {
	Lines []AccountLine
	Sums  []Money
}

// NewAccountList adds up the lines.
func NewAccountList(lines []AccountLine) (AccountList, error) {
	list := AccountList{Lines: lines}
	for _, l := range lines {
		for _, m := range l.Amounts {
			var err error
			if list.Sums, err = addAmount(list.Sums, m); err != nil {
				return AccountList{}, fmt.Errorf("sum of accounts: %w", err)
			}
		}
	}
	return list, nil
}

// SumReceived adds up what came in, by currency.
func SumReceived(list []Received) ([]Money, error) {
	var sums []Money
	for _, r := range list {
		var err error
		if sums, err = addAmount(sums, r.Amount); err != nil {
			return nil, fmt.Errorf("sum of payments: %w", err)
		}
	}
	return sums, nil
}

// AccountLine is one customer in a list: each customer once, whatever the
// number of invoices and currencies.
type AccountLine struct {
	Customer CustomerID
	Name     string
	Owner    string
	// Amounts are what the list is about, one per currency.
	Amounts []Money
	// OldestDays are the days overdue of the oldest item.
	OldestDays int
	// Items counts the items behind the amounts.
	Items int
}

// OwnerLine is a sales owner with the overdue accounts of that owner; Owner ""
// stands for accounts without one.
type OwnerLine struct {
	Owner    string
	Amounts  []Money
	Accounts []AccountLine
}

// DigestFigures is what a digest said, kept as it was said.
type DigestFigures struct {
	AsOf Date `json:"as_of"`
	// Known is when the books were read: what was first seen after it is news.
	Known   time.Time `json:"known"`
	Overdue []Money   `json:"overdue"`
	Totals  []Aging   `json:"totals"`
}

// Figures returns what the digest says in numbers. known is when the books
// were read.
func (d Digest) Figures(known time.Time) DigestFigures {
	f := DigestFigures{AsOf: d.Day, Known: known}
	for _, t := range d.Totals {
		f.Totals = append(f.Totals, t.Aging)
		f.Overdue = append(f.Overdue, t.Overdue)
	}
	return f
}

// OverdueLines makes the list of overdue accounts out of an aging by customer
// and due date. The order is by amount times age: within a currency by its
// sum; currencies, whose amounts cannot be compared, share the places by how
// many accounts each has.
func OverdueLines(rows []AgingRow, asOf Date) ([]AccountLine, error) {
	var entries []entry
	for _, r := range rows {
		overdue, err := r.Overdue()
		if err != nil {
			return nil, fmt.Errorf("overdue of customer %d: %w", r.Customer, err)
		}
		if overdue.IsZero() {
			continue
		}
		e := newEntry(r, overdue, r.Weight)
		e.items, e.oldestDays = r.OverdueItems, max(0, asOf.Sub(r.OldestDue))
		entries = append(entries, e)
	}
	return merge(entries)
}

// UnappliedLines lists the accounts with unapplied credit out of an aging by
// customer, largest first within a currency.
func UnappliedLines(rows []AgingRow) ([]AccountLine, error) {
	var entries []entry
	for _, r := range rows {
		if !r.Unapplied.IsZero() {
			entries = append(entries, newEntry(r, r.Unapplied, r.Unapplied.Minor()))
		}
	}
	return merge(entries)
}

// ItemLines lists the accounts behind open items with the sum of those items,
// largest first within a currency. Names and owners come from the rows of an
// aging by customer; an item of a customer without a row is an error.
func ItemLines(items []OpenItem, rows []AgingRow) ([]AccountLine, error) {
	known := make(map[CustomerID]AgingRow, len(rows))
	for _, r := range rows {
		known[r.Customer] = r
	}
	type account struct {
		customer CustomerID
		currency Currency
	}
	index := map[account]int{}
	var entries []entry
	for _, i := range items {
		row, ok := known[i.Customer]
		if !ok {
			return nil, fmt.Errorf("open item %d: customer %d has no aging", i.ID, i.Customer)
		}
		key := account{i.Customer, i.Open.Currency()}
		at, ok := index[key]
		if !ok {
			at = len(entries)
			index[key] = at
			entries = append(entries, newEntry(row, NewMoney(0, key.currency), 0))
		}
		e := &entries[at]
		if err := addTo(&e.amount, i.Open); err != nil {
			return nil, fmt.Errorf("open items of customer %d: %w", i.Customer, err)
		}
		e.weight = e.amount.Minor()
		e.items++
	}
	return merge(entries)
}

// NewlyOverdue returns, as open items, what became overdue after from up to
// to: the items behind Bridge.Newly.
func NewlyOverdue(moves []OverdueMove, from, to Date) []OpenItem {
	var items []OpenItem
	for _, m := range moves {
		if m.newly(from, to) {
			items = append(items, OpenItem{Document: Document{ID: m.Document, Customer: m.Customer, Due: m.Due}, Open: m.After})
		}
	}
	return items
}

// ByOwnerLines groups account lines by sales owner, most overdue first (by the
// rank of the owner's first account); accounts without an owner come last.
func ByOwnerLines(lines []AccountLine) ([]OwnerLine, error) {
	index := map[string]int{}
	var owners []OwnerLine
	for _, l := range lines {
		i, ok := index[l.Owner]
		if !ok {
			i = len(owners)
			index[l.Owner] = i
			owners = append(owners, OwnerLine{Owner: l.Owner})
		}
		owners[i].Accounts = append(owners[i].Accounts, l)
		for _, m := range l.Amounts {
			var err error
			if owners[i].Amounts, err = addAmount(owners[i].Amounts, m); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(owners, func(a, b OwnerLine) int {
		switch {
		case a.Owner == "" && b.Owner != "":
			return 1
		case a.Owner != "" && b.Owner == "":
			return -1
		}
		return 0
	})
	return owners, nil
}

// Orphans returns the lines whose account has no sales owner.
func Orphans(lines []AccountLine) []AccountLine {
	var orphans []AccountLine
	for _, l := range lines {
		if l.Owner == "" {
			orphans = append(orphans, l)
		}
	}
	return orphans
}

// entry is what a list says of one customer in one currency.
type entry struct {
	customer          CustomerID
	name, owner       string
	amount            Money
	weight            int64 // the heaviest comes first
	oldestDays, items int
}

func newEntry(r AgingRow, amount Money, weight int64) entry {
	return entry{customer: r.Customer, name: r.Name, owner: r.Owner, amount: amount, weight: weight}
}

// merge makes one line of each customer out of the ranked entries of every
// currency. Amounts of two currencies cannot be compared, so each currency gets
// places in proportion to its entries: the third of ten stands where the sixth
// of twenty does. A customer with several currencies stands where the best of
// them does.
func merge(entries []entry) ([]AccountLine, error) {
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.amount.Currency(), b.amount.Currency()), cmp.Compare(b.weight, a.weight),
			cmp.Compare(a.name, b.name), cmp.Compare(a.customer, b.customer))
	})
	count := map[Currency]int{}
	for _, e := range entries {
		count[e.amount.Currency()]++
	}
	var lines []AccountLine
	index := map[CustomerID]int{}
	places := map[CustomerID]place{}
	rank := map[Currency]int{}
	for _, e := range entries {
		c := e.amount.Currency()
		stands := place{2*rank[c] + 1, 2 * count[c]}
		rank[c]++
		at, ok := index[e.customer]
		if !ok {
			at = len(lines)
			index[e.customer], places[e.customer] = at, stands
			lines = append(lines, AccountLine{Customer: e.customer, Name: e.name, Owner: e.owner})
		}
		if stands.compare(places[e.customer]) < 0 {
			places[e.customer] = stands
		}
		if err := lines[at].add(e); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(lines, func(a, b AccountLine) int { return places[a.Customer].compare(places[b.Customer]) })
	return lines, nil
}

// place is how far down its own list an entry stands, as a fraction: the middle
// of its rank, so that the first of a long list comes before the first of a
// short one.
type place struct{ rank, of int }

func (p place) compare(o place) int { return cmp.Compare(p.rank*o.of, o.rank*p.of) }

func (l *AccountLine) add(e entry) (err error) {
	l.OldestDays = max(l.OldestDays, e.oldestDays)
	l.Items += e.items
	l.Amounts, err = addAmount(l.Amounts, e.amount)
	return err
}

// addAmount adds to the amount of the same currency in a list, or appends.
func addAmount(amounts []Money, m Money) ([]Money, error) {
	for i := range amounts {
		if amounts[i].Currency() == m.Currency() {
			return amounts, addTo(&amounts[i], m)
		}
	}
	return append(amounts, m), nil
}
