package forecast

import (
	"math"

	"arbot/ar"
)

// DefaultKappa is how many invoices' weight the whole book has in a customer's
// hazard. Measured on two public sets of payment histories: 3 is a little better for
// single invoices, 30 for a book of few customers; 10 is good at both.
const DefaultKappa = 10

const (
	// tailWeight is how many invoice-days the hazard of the tail is taken from.
	tailWeight = 1000
	// smoothing is the weight of the tail in the book's own hazard, in invoices. It
	// keeps one last invoice, paid, from making its day a certainty.
	smoothing = 1
)

// Trainer counts a history, one invoice at a time and in any order. What it keeps
// grows with the number of customers, not with that of invoices.
type Trainer struct {
	asOf      ar.Date
	kappa     float64
	book      payer
	customers map[ar.CustomerID]*payer
}

// payer is how one customer pays, or the whole book.
type payer struct {
	curve    curve
	payments payments
	habit    habit // follows from the payments when all are counted
}

func (p *payer) add(first, last int, paid ar.Date) {
	p.curve.add(first, last, !paid.IsZero())
	if !paid.IsZero() {
		p.payments.add(paid)
	}
}

// NewTrainer returns a trainer for what was known on the morning of a date: what
// became known on that day or later doesn't count. Kappa is how many invoices the book
// weighs in a customer's hazard; 0 or less is DefaultKappa.
func NewTrainer(asOf ar.Date, kappa float64) *Trainer {
	if kappa <= 0 {
		kappa = DefaultKappa
	}
	return &Trainer{asOf: asOf, kappa: kappa, customers: map[ar.CustomerID]*payer{}}
}

// Add counts an invoice, settled or open. One that was settled on the as-of date or
// later counts as open still, and one that was issued then not at all.
func (t *Trainer) Add(i Invoice) {
	first, last, paid := -i.TermDays(), t.asOf.Sub(i.Due)-1, ar.Date{}
	switch {
	case i.SettledBefore(t.asOf):
		// Money can come before its invoice.
		first, last, paid = min(first, i.Lateness()), i.Lateness(), i.Settled
	case !i.KnownOn(t.asOf):
		return
	}
	c := t.customers[i.Customer]
	if c == nil {
		c = &payer{}
		t.customers[i.Customer] = c
	}
	c.add(first, last, paid)
	t.book.add(first, last, paid)
}

// Model ends the training; the trainer must not be used any more.
func (t *Trainer) Model() *Model {
	t.book.curve.sum()
	t.book.habit = t.book.payments.habit(noHabit(), 0)
	for _, c := range t.customers {
		c.curve.sum()
		c.habit = c.payments.habit(t.book.habit, habitKappa)
	}
	m := &Model{
		asOf: t.asOf, kappa: t.kappa, customers: t.customers, stranger: &payer{habit: t.book.habit},
		lo: t.book.curve.lo, tail: tailHazard(&t.book.curve),
	}
	m.setDays()
	m.book = make([]float64, len(t.book.curve.paid))
	for i := range m.book {
		paid, atRisk := t.book.curve.at(m.lo + i)
		m.book[i] = (paid + smoothing*m.tail) / (atRisk + smoothing)
	}
	return m
}

// Train returns the model of a history that is at hand.
func Train(history []Invoice, asOf ar.Date, kappa float64) *Model {
	t := NewTrainer(asOf, kappa)
	for _, i := range history {
		t.Add(i)
	}
	return t.Model()
}

// Model holds the hazards of a book as they were known on the morning of a date.
type Model struct {
	asOf      ar.Date
	kappa     float64
	customers map[ar.CustomerID]*payer
	stranger  *payer    // a customer without a history
	lo        int       // the day of the first hazard in book
	book      []float64 // the hazard of the whole book, by day of lateness
	tail      float64   // the hazard of days later than any that was seen
	// days are the dates from RecentFrom on, up to the farthest.
	days [7*trailing + farthest]day
}

func (m *Model) setDays() {
	for n := range m.days {
		m.days[n] = dayOf(RecentFrom(m.asOf).AddDays(n))
	}
}

// AsOf returns the date on whose morning the model learned last.
func (m *Model) AsOf() ar.Date { return m.asOf }

// On returns the model with which to foretell on the morning of another date: what was
// learned stays, and the same customers pay on that date's calendar. The two share what
// they know.
func (m *Model) On(asOf ar.Date) *Model {
	if asOf == m.asOf {
		return m
	}
	other := *m
	other.asOf = asOf
	other.setDays()
	return &other
}

// tailHazard is the mean hazard of the latest days: few invoices are seen on each of
// them, so many days are taken together.
func tailHazard(c *curve) float64 {
	var paid, atRisk float64
	for day := c.lo + len(c.paid) - 1; day >= c.lo && atRisk < tailWeight; day-- {
		p, n := c.at(day)
		paid, atRisk = paid+p, atRisk+n
	}
	if atRisk == 0 {
		return 0
	}
	return paid / atRisk
}

// bookHazard is the hazard of the whole book on a day of lateness.
func (m *Model) bookHazard(day int) float64 {
	i := day - m.lo
	switch {
	case i < 0:
		return 0
	case i >= len(m.book):
		return m.tail
	}
	return m.book[i]
}

// of returns how a customer pays.
func (m *Model) of(c ar.CustomerID) *payer {
	if own := m.customers[c]; own != nil {
		return own
	}
	return m.stranger
}

// hazard is the chance that an invoice of a customer that is open on a day of
// lateness, which is such a day of the calendar, is paid on it.
func (m *Model) hazard(p *payer, lateness int, on day) float64 {
	paid, atRisk := p.curve.at(lateness)
	h := (paid + m.kappa*m.bookHazard(lateness)) / (atRisk + m.kappa)
	if likelier := p.habit.likelier(on); likelier != 1 && h > 0 {
		return 1 - math.Pow(1-h, likelier) // stays below 1
	}
	return h
}

// paidBy fills chances with the chance that an invoice is paid by the end of each day from
// a date on, not before RecentFrom, if it's open at the date's beginning.
func (m *Model) paidBy(chances []float64, i Invoice, from ar.Date) {
	p, lateness := m.of(i.Customer), from.Sub(i.Due)
	days := m.days[from.Sub(RecentFrom(m.asOf)):]
	open := 1.0
	for n := range chances {
		open *= 1 - m.hazard(p, lateness+n, days[n])
		chances[n] = 1 - open
	}
}
