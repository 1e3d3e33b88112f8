package ar

import (
	"cmp"
	"fmt"
	"slices"
)

// CloseReason says why a promise fell away.
type CloseReason string

// The reasons for which a promise is closed.
const (
	InvoiceVoided    CloseReason = "invoice voided"
	InvoiceDeleted   CloseReason = "invoice deleted"
	InvoiceWithdrawn CloseReason = "invoice is a draft again"
	// NothingOwed: nothing was left to pay, though nothing was paid or credited
	// since: the invoice was changed, or a payment from before the promise came
	// in late.
	NothingOwed CloseReason = "nothing was owed any more"
)

// Outcome is what became of one part of a promise, as of a date.
type Outcome struct {
	State  PromiseState
	Reason CloseReason
	// Amount is what was promised, Paid what of it was paid in time.
	Amount, Paid Money
	// Inferred: some of it was concluded from balances, of which nobody can tell whether
	// they were paid or credited.
	Inferred bool
	// ByCredit is what credits and write-offs settled in place of payments.
	ByCredit Money
	// Missing is what is neither paid nor settled, never more than is owed.
	Missing Money
	// Late is what came after the deadline, up to Missing.
	Late Money
	// Unapplied is money of a payment in time that is set against no invoice:
	// no payment yet by the rule, but worth a look before somebody is called.
	Unapplied Money
	// Due is the day promised, Deadline the last one on which a payment counts.
	Due, Deadline Date
	// Decided is the day of the payment or credit that decided it, the deadline
	// where none did; zero while it is open and where the invoice is gone.
	Decided Date
}

// Verdict is what became of a promise: the sums of its parts, and each part.
type Verdict struct {
	Promise  PromiseID
	Customer CustomerID
	Outcome
	Parts []Outcome
}

// Judge judges the promises of an account by what the ledger knows of it as of
// a date. The verdicts come in the order of the promises. The same history gives
// the same verdicts, whatever its order.
//
// The rule: a payment counts if its application took effect from the day of the
// promise on and by the deadline, which is the due date and GraceDays business
// days. Each payment counts once: first for promises about its invoice, then for
// those about the customer as a whole, the earliest due date first. What credits
// settle is no payment, but nothing that is not owed any more can be missing. A
// promise is broken, or partly kept, from the day after the deadline on; it is
// kept or settled on the day on which nothing is missing.
func Judge(promises []Promise, h History, asOf Date, w Workdays) ([]Verdict, error) {
	verdicts := make([]Verdict, len(promises))
	for _, c := range h.causes(promises) {
		some := make([]Promise, len(c.promises))
		for n, i := range c.promises {
			some[n] = promises[i]
		}
		found, err := judge(some, c.History, asOf, w)
		if err != nil {
			return nil, err
		}
		for n, i := range c.promises {
			verdicts[i] = found[n]
		}
	}
	return verdicts, nil
}

// judge judges the promises of one family.
func judge(promises []Promise, h History, asOf Date, w Workdays) ([]Verdict, error) {
	c, err := newCourt(promises, h, asOf, w)
	if err != nil {
		return nil, err
	}
	if err := c.hear(); err != nil {
		return nil, err
	}
	verdicts := make([]Verdict, len(promises))
	for i, p := range promises {
		v := Verdict{Promise: p.ID, Customer: p.Customer}
		for _, part := range c.parts {
			if part.promise == &promises[i] {
				v.Parts = append(v.Parts, part.outcome)
			}
		}
		if v.Outcome, err = rollUp(v.Parts); err != nil {
			return nil, fmt.Errorf("verdict on promise %d: %w", p.ID, err)
		}
		verdicts[i] = v
	}
	return verdicts, nil
}

// court holds what a judgement looks at.
type court struct {
	History

	asOf        Date
	parts       []*claim
	settlements []settlement
	left        []Money // of each settlement, not counted for a promise
	// open are the open items as of a date, by the net of all applications: what
	// was taken back by now did not settle anything then.
	open   map[Date][]OpenItem
	beside map[DocumentID]bool
}

// claim is one part of a promise that is being judged.
type claim struct {
	promise *Promise
	Instalment
	outcome Outcome
	// paidOn is the date of the last payment that counted.
	paidOn Date
	skip   *already
}

// already is what no part of a promise may count: left of Promise.Already, and usable
// of the settlement of that number (from 1 on), shared by the parts.
type already struct {
	left   Money
	of     int
	usable Money
}

func newCourt(promises []Promise, h History, asOf Date, w Workdays) (*court, error) {
	c := &court{History: h, asOf: asOf, open: map[Date][]OpenItem{}, beside: map[DocumentID]bool{}}
	for _, d := range h.Beside {
		c.beside[d.ID] = true
	}
	for i := range promises {
		p := &promises[i]
		skip := already{left: p.Already}
		for _, part := range p.Parts {
			zero := NewMoney(0, p.Currency())
			c.parts = append(c.parts, &claim{promise: p, Instalment: part, skip: &skip, outcome: Outcome{
				State: PromiseOpen, Amount: part.Amount, Paid: zero, ByCredit: zero, Missing: part.Amount, Late: zero, Unapplied: zero,
				Due: part.Due, Deadline: w.Add(part.Due, p.GraceDays),
			}})
		}
	}
	net, err := h.net(asOf)
	c.Applications = nil
	for _, s := range net {
		if s.amount.Sign() > 0 {
			c.settlements, c.left = append(c.settlements, s), append(c.left, s.amount)
		}
		s.source.Amount = s.amount
		c.Applications = append(c.Applications, s.source)
	}
	return c, err
}

// hear brings every part to its outcome.
func (c *court) hear() error {
	order := slices.Clone(c.parts)
	slices.SortStableFunc(order, (*claim).compare)
	order = slices.DeleteFunc(order, func(part *claim) bool { return c.dismiss(part) })
	for i := range c.settlements {
		for _, part := range order {
			if err := c.count(i, part); err != nil {
				return err
			}
		}
	}
	for _, part := range order {
		if err := c.decide(part); err != nil {
			return fmt.Errorf("judge promise %d: %w", part.promise.ID, err)
		}
	}
	for _, part := range order {
		if err := c.countLate(part); err != nil {
			return err
		}
	}
	return nil
}

// compare orders the parts for which a payment counts: a promise about its
// invoice before one about the customer, then by due date.
func (p *claim) compare(o *claim) int {
	whole := map[bool]int{true: 1}
	return cmp.Or(cmp.Compare(whole[p.promise.Document == 0], whole[o.promise.Document == 0]),
		p.Due.Compare(o.Due), cmp.Compare(p.promise.ID, o.promise.ID))
}

// dismiss decides the parts that no payment can change: those of a promise that
// was ended, or whose invoice is not there any more.
func (c *court) dismiss(part *claim) bool {
	switch p := part.promise; {
	case p.End != "" && !p.Ended.On.After(c.asOf):
		part.outcome.State, part.outcome.Decided = p.End, p.Ended.On
	case p.Document != 0:
		part.outcome.Reason = c.gone(p.Document)
		if part.outcome.Reason != "" {
			part.outcome.State, part.outcome.Missing = PromiseClosed, NewMoney(0, p.Currency())
		}
	}
	return part.outcome.State.Final()
}

func (c *court) gone(id DocumentID) CloseReason {
	for _, d := range c.Documents {
		if d.ID == id {
			return map[Status]CloseReason{Void: InvoiceVoided, Deleted: InvoiceDeleted, Draft: InvoiceWithdrawn}[d.Status]
		}
	}
	return InvoiceDeleted
}

// count lets what is left of a payment count for a part, if it may.
func (c *court) count(i int, part *claim) error {
	s := c.settlements[i]
	if !s.payment || s.on.Before(part.promise.Made.On) || s.on.After(part.outcome.Deadline) || !c.covers(*part.promise, s.to) {
		return nil
	}
	if part.skip.of != i+1 { // the first part of the promise that looks at it
		known := NewMoney(0, s.amount.Currency())
		if s.on == part.promise.Made.On && part.skip.left.Sign() > 0 {
			known = lesser(part.skip.left, s.amount)
			if err := addTo(&part.skip.left, known.Neg()); err != nil {
				return err
			}
		}
		part.skip.of, part.skip.usable = i+1, s.amount
		if err := addTo(&part.skip.usable, known.Neg()); err != nil {
			return err
		}
	}
	counted := lesser(lesser(part.skip.usable, c.left[i]), part.outcome.Missing)
	if counted.Sign() <= 0 {
		return nil
	}
	part.paidOn = s.on
	part.outcome.Inferred = part.outcome.Inferred || s.source.Inferred
	if err := addTo(&part.skip.usable, counted.Neg()); err != nil {
		return err
	}
	return c.move(i, counted, &part.outcome.Paid, &part.outcome.Missing)
}

// move takes an amount out of a settlement and of what is missing, and adds it
// to what it was counted as.
func (c *court) move(i int, m Money, as, missing *Money) error {
	if err := addTo(as, m); err != nil {
		return err
	}
	if err := addTo(missing, m.Neg()); err != nil {
		return err
	}
	return addTo(&c.left[i], m.Neg())
}

// decide brings a part from what was paid to its state.
func (c *court) decide(part *claim) error {
	o := &part.outcome
	at := o.Deadline
	if c.asOf.Before(at) {
		at = c.asOf
	}
	owed, unapplied, err := c.owed(part, at)
	if err != nil {
		return err
	}
	needed := o.Missing
	o.Missing = lesser(needed, owed)
	credited, touched, err := c.credited(part, at)
	if err != nil {
		return err
	}
	otherwise, err := needed.Sub(o.Missing)
	if err != nil {
		return err
	}
	o.ByCredit = lesser(otherwise, credited)
	switch late := c.asOf.After(o.Deadline); {
	case o.Missing.IsZero():
		o.settled(part.paidOn, touched, part.promise.Made.On, needed.IsZero())
	case late && o.Paid.IsZero():
		o.State, o.Decided, o.Unapplied = PromiseBroken, o.Deadline, unapplied
	case late:
		o.State, o.Decided, o.Unapplied = PromisePartlyKept, o.Deadline, unapplied
	}
	return nil
}

// settled names the state of a part of which nothing is missing.
func (o *Outcome) settled(paid, touched, made Date, inFull bool) {
	o.Decided = Latest(touched, made)
	switch {
	case inFull:
		o.State, o.Decided = PromiseKept, paid
	case !o.ByCredit.IsZero():
		o.State = PromiseSettled
	case !o.Paid.IsZero():
		o.State = PromiseKept
	default:
		o.State, o.Reason = PromiseClosed, NothingOwed
	}
}

// owed returns what is owed, on a date, of what a part was promised for: the
// documents that there were on the day of the promise. Beside it stands what
// came in as payments since and is set against nothing.
func (c *court) owed(part *claim, at Date) (owed, unapplied Money, err error) {
	items, ok := c.open[at]
	if !ok {
		if items, err = OpenItems(slices.Concat(c.Documents, c.Beside), c.Applications, at); err != nil {
			return Money{}, Money{}, err
		}
		items = slices.DeleteFunc(items, func(i OpenItem) bool { return c.beside[i.ID] })
		c.open[at] = items
	}
	owed, unapplied = NewMoney(0, part.Amount.Currency()), NewMoney(0, part.Amount.Currency())
	whole := Promise{Customer: part.promise.Customer, Parts: part.promise.Parts}
	for _, i := range items {
		switch {
		case i.Owed() && c.covers(*part.promise, i.Document) && !i.Date.After(Latest(part.promise.Made.On, c.dated(part.promise.Document))):
			err = addTo(&owed, i.Open)
		case !i.Owed() && i.Kind == Payment && c.covers(whole, i.Document) && !i.Date.Before(part.promise.Made.On):
			err = addTo(&unapplied, i.Open.Neg())
		}
		if err != nil {
			return Money{}, Money{}, err
		}
	}
	return owed, unapplied, nil
}

// dated returns the date of the invoice that a promise is about: one may be
// promised before its date.
func (c *court) dated(id DocumentID) Date {
	for _, d := range c.Documents {
		if id != 0 && d.ID == id {
			return d.Date
		}
	}
	return Date{}
}

// credited returns what credits and write-offs settled since the promise of
// what it covers, and when anything last did.
func (c *court) credited(part *claim, at Date) (credited Money, touched Date, err error) {
	credited = NewMoney(0, part.Amount.Currency())
	for _, s := range c.settlements {
		if s.on.After(at) || !c.covers(*part.promise, s.to) {
			continue
		}
		touched = Latest(touched, s.on)
		if s.payment || s.on.Before(part.promise.Made.On) {
			continue
		}
		if err := addTo(&credited, s.amount); err != nil {
			return Money{}, Date{}, err
		}
	}
	return credited, touched, nil
}

// countLate notes what came after the deadline, of payments that no promise
// counts as its own.
func (c *court) countLate(part *claim) error {
	if !part.outcome.State.Failed() {
		return nil
	}
	missing := part.outcome.Missing
	for i, s := range c.settlements {
		if !s.payment || !s.on.After(part.outcome.Deadline) || !c.covers(*part.promise, s.to) {
			continue
		}
		if err := c.move(i, lesser(c.left[i], missing), &part.outcome.Late, &missing); err != nil {
			return err
		}
	}
	return nil
}
