package ar

import (
	"cmp"
	"fmt"
	"slices"
)

// Standing is how an account, an owner's accounts or the whole book stand in
// one currency: the aging by due date and what follows from it.
type Standing struct {
	AgingRow
	// Overdue is the sum past due, gross; Net what the ledger calls A/R.
	Overdue, Net Money
	// ToChase is what is left to ask for. Where several accounts stand
	// together it is the sum of theirs: one's credit does not pay another's
	// invoice.
	ToChase Money
}

// NewStanding adds to an aging what follows from it. What is disputed and
// promised is taken out of ToChase.
func NewStanding(row AgingRow, disputed, promised Money) (Standing, error) {
	s := Standing{AgingRow: row}
	var err error
	if s.Overdue, err = row.Overdue(); err != nil {
		return Standing{}, err
	}
	if s.Net, err = row.Net(); err != nil {
		return Standing{}, err
	}
	s.ToChase, err = ToChase(s.Overdue, disputed, promised, row.Unapplied)
	return s, err
}

// Standings adds up rows of an aging into one standing per currency, by code.
func Standings(rows []AgingRow) ([]Standing, error) {
	return StandingsLess(rows, func(CustomerID, Currency) (disputed, promised Money) { return Money{}, Money{} })
}

// StandingsLess is Standings of an aging by customer, where held says what of the
// overdue of an account is disputed and promised (Breakdown), and is not chased.
func StandingsLess(rows []AgingRow, held func(CustomerID, Currency) (disputed, promised Money)) ([]Standing, error) {
	sums := map[Currency]Standing{}
	for _, r := range rows {
		disputed, promised := held(r.Customer, r.Currency)
		one, err := NewStanding(r, disputed, promised)
		if err == nil {
			sums[r.Currency], err = sums[r.Currency].plus(one)
		}
		if err != nil {
			return nil, fmt.Errorf("standing in %s: %w", r.Currency, err)
		}
	}
	list := make([]Standing, 0, len(sums))
	for _, s := range sums {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Standing) int { return cmp.Compare(a.Currency, b.Currency) })
	return list, nil
}

func (s Standing) plus(o Standing) (Standing, error) {
	if s.Currency == "" {
		o.Customer, o.Name, o.Owner = 0, "", ""
		return o, nil
	}
	aging, err := s.Plus(o.Aging)
	if err != nil {
		return Standing{}, err
	}
	s.Aging = aging
	s.OverdueItems += o.OverdueItems
	s.Weight += o.Weight
	if s.OldestDue.IsZero() || !o.OldestDue.IsZero() && o.OldestDue.Before(s.OldestDue) {
		s.OldestDue = o.OldestDue
	}
	for _, sum := range []struct {
		total *Money
		add   Money
	}{{&s.Overdue, o.Overdue}, {&s.Net, o.Net}, {&s.ToChase, o.ToChase}} {
		if err := addTo(sum.total, sum.add); err != nil {
			return Standing{}, err
		}
	}
	return s, nil
}
