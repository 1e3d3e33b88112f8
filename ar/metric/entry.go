package metric

import (
	"slices"

	"arbot/ar"
)

// entry is what a row adds to the book of each of its slices.
type entry struct {
	document ar.Document
	currency ar.Currency // the book's
	open     []ar.Money  // at each cut
	moves    []move
	// paid is what was paid, on a date, of an invoice that was paid in full in one of
	// the periods.
	paid ar.Money
	on   ar.Date
}

// move is an amount of a flow in a period, counted from 1.
type move struct {
	period int
	line   line
	amount ar.Money
}

// line names an amount of a flow.
type line int

const (
	invoiced line = iota
	credited
	collected
	writtenOff
	adjusted
)

func (e *entry) nothing() bool {
	isOpen := slices.ContainsFunc(e.open, func(m ar.Money) bool { return !m.IsZero() })
	return !isOpen && len(e.moves) == 0 && e.on.IsZero()
}

// settle finds what is open at each cut.
func (e *entry) settle(r Row, cuts ar.Cuts) error {
	for n := range e.open {
		e.open[n] = ar.NewMoney(0, r.Document.Amount.Currency())
	}
	if err := addTo(&e.open[cuts.Period(r.Document.Date)], r.Document.Effect()); err != nil {
		return err
	}
	for _, a := range r.Applied {
		if a.On.After(cuts.AsOf()) {
			continue
		}
		if err := addTo(&e.open[cuts.Period(a.On)], a.change()); err != nil {
			return err
		}
	}
	for n := 1; n < len(e.open); n++ {
		if err := addTo(&e.open[n], e.open[n-1]); err != nil {
			return err
		}
	}
	return nil
}

// flow finds what the document, and what was applied to it, moved in the periods.
func (e *entry) flow(r Row, cuts ar.Cuts) {
	line, sign := lineOf(r.Document.Kind)
	e.move(cuts.Period(r.Document.Date), line, sign, r.Document.Effect())
	for _, a := range r.Applied {
		period := cuts.Period(a.On)
		switch {
		case period == len(cuts):
		case a.Side == ToEntry:
			e.move(period, entryLine(a.Kind), 1, a.Amount)
		case a.Side == From && a.Kind == ar.ByWriteOff:
			// The credit that was used up was a write-off: it's no less sales, and
			// no money that came in.
			e.move(period, line, sign, a.Amount)
			e.move(period, writtenOff, 1, a.Amount)
		}
	}
}

// move adds an amount of a period; what came before the first one is in the opening.
func (e *entry) move(period int, l line, sign int, amount ar.Money) {
	if period == 0 || amount.IsZero() {
		return
	}
	if sign < 0 {
		amount = amount.Neg()
	}
	e.moves = append(e.moves, move{period: period, line: l, amount: amount})
}

// lineOf returns where a kind of document counts, and the sign of its effect there.
func lineOf(k ar.DocumentKind) (l line, sign int) {
	switch k {
	case ar.CreditMemo:
		return credited, -1
	case ar.Payment, ar.Refund:
		return collected, -1
	case ar.Journal:
		return adjusted, 1
	case ar.Invoice:
	}
	return invoiced, 1
}

// entryLine returns where an application without a document counts.
func entryLine(k ar.ApplicationKind) line {
	switch k {
	case ar.ByCredit:
		return credited
	case ar.ByWriteOff:
		return writtenOff
	case ar.ByPayment:
	}
	return collected
}

// pay finds out whether an invoice was paid in full in one of the periods: see ar.PaidSums.
func (e *entry) pay(r Row, cuts ar.Cuts) error {
	d := r.Document
	if d.Kind != ar.Invoice || d.Effect().Sign() <= 0 || !e.open[len(e.open)-1].IsZero() {
		return nil
	}
	amount, byPayment, last := d.Effect(), ar.Money{}, ar.Date{}
	for _, a := range r.Applied {
		var err error
		switch {
		case a.On.After(cuts.AsOf()):
			continue
		case a.Kind == ar.ByWriteOff:
			err = addTo(&amount, a.change())
		case a.Kind == ar.ByPayment:
			err = addTo(&byPayment, a.change())
		}
		if err != nil {
			return err
		}
		if a.Kind != ar.ByWriteOff {
			last = ar.Latest(last, a.On)
		}
	}
	if byPayment.Sign() < 0 && amount.Sign() > 0 && cuts.Period(last) > 0 {
		e.paid, e.on = amount, last
	}
	return nil
}

// addTo adds a row's entry to the sums of a slice.
func (e *entry) addTo(s *ar.Sums, rule ar.SumRule) error {
	if err := addOpen(&s.Opening, e.open[0], e.document.Due, rule.Cuts[0], rule.Edges); err != nil {
		return err
	}
	for n := range s.Periods {
		p := &s.Periods[n]
		if err := addOpen(&p.Closing, e.open[n+1], e.document.Due, p.To, rule.Edges); err != nil {
			return err
		}
	}
	for _, m := range e.moves {
		flow := &s.Periods[m.period-1].Flow
		if err := addTo(m.line.of(flow), m.amount); err != nil {
			return err
		}
		if m.line == invoiced {
			flow.Granted.Add(m.amount, e.document.Due.Sub(e.document.Date))
		}
	}
	if e.on.IsZero() {
		return nil
	}
	paid := &s.Periods[rule.Cuts.Period(e.on)-1].Paid
	return paid.Add(e.paid, e.document.Date, e.document.Due, e.on)
}

// of returns the amount that the line names.
func (l line) of(f *ar.Flow) *ar.Money {
	switch l {
	case credited:
		return &f.Credited
	case collected:
		return &f.Collected
	case writtenOff:
		return &f.WrittenOff
	case adjusted:
		return &f.Adjusted
	case invoiced:
	}
	return &f.Invoiced
}

// addOpen adds what is open of a document to an aging by due date.
func addOpen(a *ar.Aging, open ar.Money, due, asOf ar.Date, e ar.Edges) error {
	switch {
	case open.IsZero():
		return nil
	case open.Sign() < 0:
		return addTo(&a.Unapplied, open.Neg())
	}
	a.Items++
	return addTo(&a.Buckets[e.Bucket(asOf.Sub(due))], open)
}
