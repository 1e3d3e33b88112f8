package ar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// HoldKind says why an amount is not chased.
type HoldKind string

// The kinds of hold, in the order in which they take.
const (
	HoldDisputed HoldKind = "disputed"
	HoldPromised HoldKind = "promised"
)

// Hold is an amount that is not chased though it may be overdue.
type Hold struct {
	Kind     HoldKind
	Customer CustomerID
	// Document is the invoice; 0 is the customer as a whole (a promise only).
	Document DocumentID
	Amount   Money
	// Due is when a promise is due; of two the earlier takes first.
	Due Date
}

// Holds returns what a promise takes out of "to chase": what is missing of each
// part that is open, up to and including the day on which it is due. After it,
// during the days of grace too, it is chased like anything else.
func (p Promise) Holds(v Verdict, asOf Date) []Hold {
	var holds []Hold
	for _, part := range v.Parts {
		if part.State == PromiseOpen && !part.Due.Before(asOf) && !p.Made.On.After(asOf) && part.Missing.Sign() > 0 {
			holds = append(holds, Hold{Kind: HoldPromised, Customer: p.Customer, Document: p.Document, Amount: part.Missing, Due: part.Due})
		}
	}
	return holds
}

// Breakdown is what an account owes in one currency, cut into parts that do not
// overlap:
//
//	Disputed + Promised + NotDue + Chaseable = Open
//	Disputed + Promised + NotDue + ToChase   = Open - (Unapplied - Spare)
//
// Each cent that is owed is disputed, else promised, else not due yet, else to be
// chased. Unapplied credit is set against what can be chased, for this figure
// only; Spare is what that did not use up, so that nothing is below 0 (domain
// rule "to chase").
type Breakdown struct {
	Customer CustomerID
	Currency Currency
	// Open is what is owed, gross; Unapplied the credit set against nothing.
	Open, Unapplied Money
	// Disputed and Promised count what is not due yet, too.
	Disputed, Promised, NotDue Money
	// OverdueDisputed and OverduePromised are the parts of them past due: what
	// NewStanding takes.
	OverdueDisputed, OverduePromised Money
	Chaseable, ToChase, Spare        Money
}

func newBreakdown(id CustomerID, c Currency) *Breakdown {
	zero := NewMoney(0, c)
	return &Breakdown{
		Customer: id, Currency: c, Open: zero, Unapplied: zero, Disputed: zero, Promised: zero, NotDue: zero,
		OverdueDisputed: zero, OverduePromised: zero, Chaseable: zero, ToChase: zero, Spare: zero,
	}
}

// Balanced reports whether the parts make up the whole and none is below 0.
func (b Breakdown) Balanced() bool {
	parts, err := Sum(b.Disputed, b.Promised, b.NotDue, b.ToChase, b.Unapplied)
	whole, err2 := b.Open.Add(b.Spare)
	negative := slices.ContainsFunc([]Money{
		b.Disputed, b.Promised, b.NotDue, b.ToChase, b.Chaseable, b.Spare, b.OverdueDisputed, b.OverduePromised,
	}, func(m Money) bool { return m.Sign() < 0 })
	return err == nil && err2 == nil && parts.Minor() == whole.Minor() && !negative
}

// Plus adds another account's breakdown in the same currency: one's credit does
// not pay another's invoice, so every line is a plain sum.
func (b Breakdown) Plus(o Breakdown) (Breakdown, error) {
	b.Customer = 0
	for _, sum := range []struct {
		total *Money
		add   Money
	}{
		{&b.Open, o.Open},
		{&b.Unapplied, o.Unapplied},
		{&b.Disputed, o.Disputed},
		{&b.Promised, o.Promised},
		{&b.NotDue, o.NotDue},
		{&b.OverdueDisputed, o.OverdueDisputed},
		{&b.OverduePromised, o.OverduePromised},
		{&b.Chaseable, o.Chaseable},
		{&b.ToChase, o.ToChase},
		{&b.Spare, o.Spare},
	} {
		if err := addTo(sum.total, sum.add); err != nil {
			return Breakdown{}, fmt.Errorf("add breakdowns in %s: %w", b.Currency, err)
		}
	}
	return b, nil
}

// Breakdowns cuts what is open as of a date, one breakdown per customer and
// currency, in that order. Disputes take first, then promises about an invoice,
// then those about a customer as a whole, which take its items and its
// children's by due date; none takes more than is left of an item.
func Breakdowns(items []OpenItem, holds []Hold, family Family, asOf Date) ([]Breakdown, error) {
	c := newCutter(items, family, asOf)
	var errs error
	for i := range c.items {
		errs = errors.Join(errs, c.start(&c.items[i]))
	}
	holds = slices.Clone(holds)
	slices.SortStableFunc(holds, Hold.compare)
	for _, h := range holds {
		errs = errors.Join(errs, c.take(h))
	}
	all := make([]Breakdown, 0, len(c.of))
	for i := range c.items {
		errs = errors.Join(errs, c.rest(&c.items[i]))
	}
	for _, b := range c.of {
		errs = errors.Join(errs, b.finish())
		all = append(all, *b)
	}
	if errs != nil {
		return nil, fmt.Errorf("break down what is open: %w", errs)
	}
	slices.SortFunc(all, func(a, b Breakdown) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Currency, b.Currency))
	})
	return all, nil
}

func (h Hold) compare(o Hold) int {
	rank := func(h Hold) int {
		switch {
		case h.Kind == HoldDisputed:
			return 0
		case h.Document != 0:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(h), rank(o)), h.Due.Compare(o.Due))
}

type account struct {
	customer CustomerID
	currency Currency
}

// cutter cuts the open items of accounts. Open of an item is what is left of it.
type cutter struct {
	asOf  Date
	items []OpenItem
	of    map[account]*Breakdown
	// with are the items of a document, under those of a customer and all below it, each
	// by their places.
	with  map[DocumentID][]int
	under map[CustomerID][]int
}

func newCutter(items []OpenItem, family Family, asOf Date) *cutter {
	c := &cutter{
		asOf: asOf, items: slices.Clone(items), of: map[account]*Breakdown{},
		with: make(map[DocumentID][]int, len(items)), under: make(map[CustomerID][]int, len(items)),
	}
	slices.SortStableFunc(c.items, func(a, b OpenItem) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	for n, i := range c.items {
		c.with[i.ID] = append(c.with[i.ID], n)
		for _, top := range family.above(i.Customer) {
			c.under[top] = append(c.under[top], n)
		}
	}
	return c
}

func (c *cutter) breakdown(i *OpenItem) *Breakdown {
	key := account{i.Customer, i.Open.Currency()}
	if c.of[key] == nil {
		c.of[key] = newBreakdown(key.customer, key.currency)
	}
	return c.of[key]
}

func (c *cutter) start(i *OpenItem) error {
	b := c.breakdown(i)
	if i.Owed() {
		return addTo(&b.Open, i.Open)
	}
	return addTo(&b.Unapplied, i.Open.Neg())
}

func (c *cutter) take(h Hold) error {
	left := h.Amount
	places := c.with[h.Document]
	if h.Document == 0 {
		places = c.under[h.Customer]
	}
	for _, n := range places {
		i := &c.items[n]
		if !i.Owed() || i.Open.Currency() != h.Amount.Currency() || left.Sign() <= 0 {
			continue
		}
		taken := lesser(left, i.Open)
		b := c.breakdown(i)
		total, overdue := &b.Promised, &b.OverduePromised
		if h.Kind == HoldDisputed {
			total, overdue = &b.Disputed, &b.OverdueDisputed
		}
		err := errors.Join(addTo(total, taken), addTo(&left, taken.Neg()), addTo(&i.Open, taken.Neg()))
		if i.Due.Before(c.asOf) {
			err = errors.Join(err, addTo(overdue, taken))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rest files what no hold took.
func (c *cutter) rest(i *OpenItem) error {
	b := c.breakdown(i)
	switch {
	case !i.Owed():
		return nil
	case i.Due.Before(c.asOf):
		return addTo(&b.Chaseable, i.Open)
	}
	return addTo(&b.NotDue, i.Open)
}

func (b *Breakdown) finish() (err error) {
	overdue, err := Sum(b.Chaseable, b.OverdueDisputed, b.OverduePromised)
	if err != nil {
		return err
	}
	if b.ToChase, err = ToChase(overdue, b.OverdueDisputed, b.OverduePromised, b.Unapplied); err != nil {
		return err
	}
	used, err := b.Chaseable.Sub(b.ToChase)
	if err != nil {
		return err
	}
	b.Spare, err = b.Unapplied.Sub(used)
	return err
}
