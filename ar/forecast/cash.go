package forecast

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"arbot/ar"
)

// The weeks that can be foretold.
const (
	FewestWeeks = 4
	MostWeeks   = 13
)

// Book is what a forecast of money starts from, as it's known on the morning of the
// model's date.
type Book struct {
	// Open invoices. What is open below 0 is credit and isn't foretold.
	Open []Item
	// Recent are all invoices issued since RecentFrom, paid ones too, with their
	// whole amounts: they stand for what is yet to be issued. Without them only the
	// open book is foretold.
	Recent []Invoice
}

// Week is the money expected in seven days.
type Week struct {
	From ar.Date `json:"from"`
	To   ar.Date `json:"to"`
	// Open is expected of the invoices of today, Yet of those yet to be issued.
	Open ar.Money `json:"open"`
	Yet  ar.Money `json:"yet"`
	// Due is what the open invoices would bring if each were paid on its due date
	// and what's overdue at once: the plain line to compare with. Disputed parts are
	// left out of it, too.
	Due ar.Money `json:"due"`
}

// Total returns all receipts that are expected in the week.
func (w Week) Total() (ar.Money, error) { return w.Open.Add(w.Yet) }

// Cash is the forecast in one currency. Of the open book nothing is lost:
//
//	sum of Open by week + Later + Disputed = what is open
type Cash struct {
	Currency ar.Currency `json:"currency"`
	Weeks    []Week      `json:"weeks"`
	// Later is what is open and expected after the last week, or never.
	Later ar.Money `json:"later"`
	// Disputed is foretold by nobody.
	Disputed ar.Money `json:"disputed"`
}

// Cash foretells the money of the coming weeks, one forecast for each currency, by
// code. The first week begins on the model's date.
func (m *Model) Cash(b Book, weeks int) ([]Cash, error) {
	sum, err := m.NewCashSum(weeks)
	if err != nil {
		return nil, err
	}
	for _, i := range b.Open {
		if err := sum.Open(i); err != nil {
			return nil, err
		}
	}
	for _, i := range b.Recent {
		sum.Recent(i)
	}
	return sum.Cash()
}

// CashSum foretells as Cash does, from a book that comes invoice by invoice and needn't be
// in memory.
type CashSum struct {
	model *Model
	weeks int
	of    map[ar.Currency]*tally
}

// NewCashSum begins a forecast for so many weeks.
func (m *Model) NewCashSum(weeks int) (*CashSum, error) {
	if weeks < FewestWeeks || weeks > MostWeeks {
		return nil, fmt.Errorf("forecast: %d weeks: a forecast is for %d to %d weeks", weeks, FewestWeeks, MostWeeks)
	}
	return &CashSum{model: m, weeks: weeks, of: map[ar.Currency]*tally{}}, nil
}

func (s *CashSum) tally(c ar.Currency) *tally {
	if s.of[c] == nil {
		s.of[c] = newTally(s.weeks)
	}
	return s.of[c]
}

// Open adds an open invoice: see Book.
func (s *CashSum) Open(i Item) error {
	if err := s.tally(i.Amount.Currency()).add(s.model, i); err != nil {
		return fmt.Errorf("forecast: invoice %d: %w", i.ID, err)
	}
	return nil
}

// Recent adds an invoice issued lately: see Book.
func (s *CashSum) Recent(i Invoice) { s.model.yet(s.tally(i.Amount.Currency()).yet, i) }

// Cash returns the forecasts, by currency.
func (s *CashSum) Cash() ([]Cash, error) { return collect(s.of, s.model.asOf) }

// tally sums the expectations in one currency, in minor units.
type tally struct {
	open, yet, due []float64 // by week
	total          ar.Money
	disputed       ar.Money
	chances        []float64 // scratch
}

func newTally(weeks int) *tally {
	return &tally{
		open: make([]float64, weeks), yet: make([]float64, weeks), due: make([]float64, weeks),
		chances: make([]float64, 7*weeks),
	}
}

func (t *tally) add(m *Model, i Item) (err error) {
	if i.Amount.Sign() <= 0 {
		return nil
	}
	parts, disputed := i.parts(m.asOf)
	if t.total, err = t.total.Add(i.Amount); err != nil {
		return err
	}
	if t.disputed, err = t.disputed.Add(ar.NewMoney(disputed, i.Amount.Currency())); err != nil {
		return err
	}
	m.paidBy(t.chances, i.Invoice, m.asOf)
	for _, p := range parts {
		t.addPart(p)
	}
	if week := max(0, i.Due.Sub(m.asOf)) / 7; week < len(t.due) {
		t.due[week] += float64(i.Amount.Minor() - disputed)
	}
	return nil
}

func (t *tally) addPart(p part) {
	before := 0.0
	for week := range t.open {
		day := 7*week + 6
		by := p.paidBy(day, t.chances[day])
		t.open[week] += float64(p.minor) * (by - before)
		before = by
	}
}

func collect(tallies map[ar.Currency]*tally, asOf ar.Date) ([]Cash, error) {
	all := make([]Cash, 0, len(tallies))
	for currency, t := range tallies {
		c, err := t.cash(currency, asOf)
		if err != nil {
			return nil, fmt.Errorf("forecast in %s: %w", currency, err)
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Cash) int { return strings.Compare(string(a.Currency), string(b.Currency)) })
	return all, nil
}

// cash rounds each sum once; the open book's from the first week on, so that the
// weeks can't come to more than what is open.
func (t *tally) cash(currency ar.Currency, asOf ar.Date) (Cash, error) {
	c := Cash{Currency: currency, Weeks: make([]Week, len(t.open)), Disputed: ar.NewMoney(t.disputed.Minor(), currency)}
	later, err := t.total.Sub(t.disputed)
	if err != nil {
		return Cash{}, err
	}
	sum, before := 0.0, int64(0)
	for w := range c.Weeks {
		sum += t.open[w]
		by := min(int64(math.Round(sum)), later.Minor())
		c.Weeks[w] = Week{
			From: asOf.AddDays(7 * w), To: asOf.AddDays(7*w + 6),
			Open: ar.NewMoney(by-before, currency), Yet: rounded(t.yet[w], currency), Due: rounded(t.due[w], currency),
		}
		before = by
	}
	c.Later = ar.NewMoney(later.Minor()-before, currency)
	return c, nil
}

// rounded is where an expectation becomes money.
func rounded(minor float64, c ar.Currency) ar.Money { return ar.NewMoney(int64(math.Round(minor)), c) }
