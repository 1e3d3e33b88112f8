package ar

import (
	"errors"
	"fmt"
)

// Dimension is what a book is sliced by.
type Dimension string

// The dimensions.
const (
	PerBook    Dimension = "" // the whole
	PerCompany Dimension = "company"
	PerOwner   Dimension = "owner"
	PerSegment Dimension = "segment"
	PerTerms   Dimension = "terms"
)

// Slice is a part of the book, in one currency.
type Slice struct {
	By       Dimension `json:"by,omitempty"`
	Name     string    `json:"name,omitempty"` // "" for the whole, and for nobody and none
	Currency Currency  `json:"currency"`
}

// Flow is what moved A/R in a period, by the dates of documents, and of applications
// that have no document:
//
//	change of A/R = Invoiced - Credited - Collected - WrittenOff + Adjusted (+ FX)
type Flow struct {
	// Invoiced is what invoices came to.
	Invoiced Money
	// Credited is what credit memos came to, less those that wrote something off.
	Credited Money
	// Collected is payments less refunds.
	Collected Money
	// WrittenOff is net of what was recovered.
	WrittenOff Money
	// Adjusted is journal lines on the A/R account, above 0 where they raise it.
	Adjusted Money
	// Granted counts the days from invoice to due date of what was invoiced.
	Granted AmountDays
	// Paid is how the invoices were paid that were paid in full in the period.
	Paid PaidSums
}

// Sales returns what was invoiced less what was credited.
func (f Flow) Sales() (Money, error) { return f.Invoiced.Sub(f.Credited) }

// Net returns the change of A/R.
func (f Flow) Net() (Money, error) {
	return Sum(f.Invoiced, f.Credited.Neg(), f.Collected.Neg(), f.WrittenOff.Neg(), f.Adjusted)
}

// AddSum adds the flow of another period or slice.
func (f *Flow) AddSum(o Flow) error {
	f.Granted.AddSum(o.Granted)
	return errors.Join(
		addTo(&f.Invoiced, o.Invoiced), addTo(&f.Credited, o.Credited), addTo(&f.Collected, o.Collected),
		addTo(&f.WrittenOff, o.WrittenOff), addTo(&f.Adjusted, o.Adjusted), f.Paid.AddSum(o.Paid),
	)
}

// NewFlow returns a flow of nothing.
func NewFlow(c Currency) Flow {
	zero := NewMoney(0, c)
	return Flow{Invoiced: zero, Credited: zero, Collected: zero, WrittenOff: zero, Adjusted: zero, Paid: PaidSums{Amount: zero}}
}

// SumPeriod is the time after a cut up to the next, and what was open at its end: aged by
// due date, unapplied credit apart.
type SumPeriod struct {
	After, To Date
	Flow
	Closing Aging
}

// Days returns how long the period is.
func (p SumPeriod) Days() int { return p.To.Sub(p.After) }

// WholeMonth reports whether the period is a calendar month.
func (p SumPeriod) WholeMonth() bool {
	return p.To == p.To.MonthEnd() && p.After.AddDays(1) == p.To.MonthStart()
}

// Sums are those of a slice of the book, in periods: what DSO and the other figures are
// made of. Package metric defines them by a fold over the open-item ledger.
type Sums struct {
	Slice
	// Opening is what was open at the first cut.
	Opening Aging
	Periods []SumPeriod
	// Translated marks amounts that were converted into the home currency: then
	// rates move A/R, too.
	Translated bool
}

// NewSums returns sums of nothing.
func NewSums(of Slice, r SumRule) *Sums {
	s := &Sums{Slice: of, Opening: NewAging(of.Currency, r.Edges), Translated: r.Home != nil}
	for n := 1; n < len(r.Cuts); n++ {
		s.Periods = append(s.Periods, SumPeriod{
			After: r.Cuts[n-1], To: r.Cuts[n], Flow: NewFlow(of.Currency), Closing: NewAging(of.Currency, r.Edges),
		})
	}
	return s
}

// AsOf returns the date of the last period's end.
func (s Sums) AsOf() Date { return s.Periods[len(s.Periods)-1].To }

// Closing returns what was open at the end of the last period.
func (s Sums) Closing() Aging { return s.Periods[len(s.Periods)-1].Closing }

// PaidSums sum up the invoices that were paid in full in a period, weighted by amount. An
// invoice counts on the date of the last application that's not a write-off, with what
// wasn't written off of it; one that was settled without any payment doesn't count.
type PaidSums struct {
	Invoices int
	Amount   Money
	// ToPay counts the days from invoice to payment, Terms those from invoice to due
	// date, Late those that payment came after the due date: early ones count as 0.
	ToPay, Terms, Late AmountDays
}

// Add adds an invoice of an amount.
func (p *PaidSums) Add(amount Money, issued, due, paid Date) error {
	sum, err := p.Amount.Add(amount)
	if err != nil {
		return err
	}
	p.Invoices++
	p.Amount = sum
	p.ToPay.Add(amount, paid.Sub(issued))
	p.Terms.Add(amount, due.Sub(issued))
	p.Late.Add(amount, max(0, paid.Sub(due)))
	return nil
}

// AddSum adds the sums of another period or slice.
func (p *PaidSums) AddSum(o PaidSums) error {
	sum, err := p.Amount.Add(o.Amount)
	if err != nil {
		return fmt.Errorf("add what was paid: %w", err)
	}
	p.Invoices += o.Invoices
	p.Amount = sum
	p.ToPay.AddSum(o.ToPay)
	p.Terms.AddSum(o.Terms)
	p.Late.AddSum(o.Late)
	return nil
}
