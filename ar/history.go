package ar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// History is what the ledger says about an account: its documents, those that
// are applied to them (a parent's payment), and the applications between them.
type History struct {
	Documents    []Document
	Applications []Application
	Family       Family
	// Beside are documents of which not all applications are there: nothing is known of
	// what is open of them.
	Beside []Document
}

// settlement is what an application settled, net of what was taken back of it.
type settlement struct {
	to      Document
	on      Date // when it took effect
	amount  Money
	payment bool // and not a credit or a write-off
	source  Application
}

// settlements returns what settled something up to a date, in order.
func (h History) settlements(asOf Date) ([]settlement, error) {
	all, err := h.net(asOf)
	return slices.DeleteFunc(all, func(s settlement) bool { return s.amount.Sign() <= 0 }), err
}

func (h History) byID() map[DocumentID]Document {
	documents := make(map[DocumentID]Document, len(h.Documents)+len(h.Beside))
	for _, d := range slices.Concat(h.Documents, h.Beside) {
		documents[d.ID] = d
	}
	return documents
}

// net returns what took effect up to a date, in order. An application counts
// where both its documents are posted, so a void payment settles nothing. One
// that is taken back, by a negative application between the same two documents,
// is as if it never was.
func (h History) net(asOf Date) ([]settlement, error) {
	documents := h.byID()
	var all []settlement
	for _, a := range h.Applications {
		to, from := documents[a.To], documents[a.From]
		on := a.Effective(from.Date, to.Date)
		if to.Status != Posted || a.From != 0 && from.Status != Posted || on.After(asOf) {
			continue
		}
		all = append(all, settlement{to: to, on: on, amount: a.Amount, payment: a.Kind == ByPayment, source: a})
	}
	slices.SortStableFunc(all, settlement.compare)
	return netOfTakenBack(all)
}

func (s settlement) compare(o settlement) int {
	return cmp.Or(s.on.Compare(o.on), cmp.Compare(s.to.ID, o.to.ID), cmp.Compare(s.source.From, o.source.From),
		cmp.Compare(s.source.Kind, o.source.Kind), cmp.Compare(s.source.External, o.source.External), s.amount.Cmp(o.amount))
}

// netOfTakenBack sets each negative settlement against the latest positive ones
// of the same pair of documents, and leaves out what is 0 then.
func netOfTakenBack(all []settlement) ([]settlement, error) {
	for i := range all {
		for j := i - 1; j >= 0 && all[i].amount.Sign() < 0; j-- {
			if all[j].amount.Sign() <= 0 || !all[i].takesBack(all[j]) {
				continue
			}
			back := lesser(all[i].amount.Neg(), all[j].amount)
			var err, err2 error
			all[j].amount, err = all[j].amount.Sub(back)
			all[i].amount, err2 = all[i].amount.Add(back)
			if err := errors.Join(err, err2); err != nil {
				return nil, fmt.Errorf("take back application %s: %w", all[i].source.External, err)
			}
		}
	}
	return slices.DeleteFunc(all, func(s settlement) bool { return s.amount.IsZero() }), nil
}

func (s settlement) takesBack(o settlement) bool {
	return s.to.ID == o.to.ID && s.source.From == o.source.From && s.payment == o.payment
}

// covers reports whether a document that is owed is one of a promise's.
func (h History) covers(p Promise, d Document) bool {
	if d.Amount.Currency() != p.Currency() {
		return false
	}
	if p.Document != 0 {
		return d.ID == p.Document
	}
	return h.Family.Under(d.Customer, p.Customer)
}

// PaidOn returns what payments settled on a date of what a promise covers: it
// is taken down in Promise.Already when a promise is made.
func (h History) PaidOn(p Promise, on Date) (Money, error) {
	all, err := h.settlements(on)
	if err != nil {
		return Money{}, err
	}
	paid := NewMoney(0, p.Currency())
	for _, s := range all {
		if s.payment && s.on == on && h.covers(p, s.to) {
			if err := addTo(&paid, s.amount); err != nil {
				return Money{}, fmt.Errorf("paid on %s: %w", on, err)
			}
		}
	}
	return paid, nil
}

// lesser returns the smaller of two amounts of one currency.
func lesser(a, b Money) Money {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

// above0 returns the amount, or 0 of its currency where it is below.
func above0(m Money) Money {
	if m.Sign() < 0 {
		return NewMoney(0, m.Currency())
	}
	return m
}
