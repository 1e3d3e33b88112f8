package desk

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// Held is an account of which something is disputed or promised, cut into what is
// chased and what is not, in one currency.
type Held struct {
	ar.Breakdown
	// By is the day of the earliest promise; zero where nothing is promised. Several: there
	// are later ones, too.
	By      ar.Date
	Several bool
}

// held are the accounts of which something is not chased.
type held map[ar.CustomerID][]Held

// holding returns what of accounts is not chased on a day; nil asks for all accounts.
// The other accounts of their families are in it, too, for a promise of the parent is
// one for its children.
func (d *Desk) holding(ctx context.Context, r ar.Reader, customers []ar.CustomerID, day ar.Date) (held, error) {
	var err error
	if customers != nil {
		if customers, _, err = families(ctx, r, customers); err != nil {
			return nil, err
		}
	}
	holds, err := d.holds(ctx, r, customers, day)
	if err != nil || len(holds) == 0 {
		return nil, err
	}
	holders := make([]ar.CustomerID, len(holds))
	for i, h := range holds {
		holders[i] = h.Customer
	}
	members, family, err := families(ctx, r, holders)
	if err != nil {
		return nil, err
	}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: day, Customers: members, Scope: ar.Everything(), Sums: true})
	if err != nil {
		return nil, fmt.Errorf("what is open of held accounts: %w", err)
	}
	parts, err := ar.Breakdowns(items, holds, family, day)
	if err != nil {
		return nil, err
	}
	all := held{}
	for _, b := range parts {
		if b.Disputed.IsZero() && b.Promised.IsZero() {
			continue
		}
		all[b.Customer] = append(all[b.Customer], newHeld(holds, family, b))
	}
	return all, nil
}

// holdingIn is what is not chased of the accounts of an aging within a scope.
func (d *Desk) holdingIn(ctx context.Context, r ar.Reader, scope ar.Scope, rows []ar.AgingRow, day ar.Date) (held, error) {
	var customers []ar.CustomerID
	if !scope.All {
		customers = make([]ar.CustomerID, len(rows))
		for i, row := range rows {
			customers[i] = row.Customer
		}
	}
	all, err := d.holding(ctx, r, customers, day)
	return all.of(rows), err
}

// newHeld adds to a breakdown by when what is promised of it is to come.
func newHeld(holds []ar.Hold, family ar.Family, b ar.Breakdown) Held {
	h := Held{Breakdown: b}
	for _, hold := range holds {
		if hold.Kind != ar.HoldPromised || hold.Amount.Currency() != b.Currency || b.Promised.IsZero() || !family.Under(b.Customer, hold.Customer) {
			continue
		}
		h.Several = h.Several || !h.By.IsZero() && hold.Due != h.By
		if h.By.IsZero() || hold.Due.Before(h.By) {
			h.By = hold.Due
		}
	}
	return h
}

// families are all members of the families of customers, each once.
func families(ctx context.Context, r ar.Reader, customers []ar.CustomerID) ([]ar.CustomerID, ar.Family, error) {
	kin, err := r.Relatives(ctx, customers)
	family := ar.Family{}
	for _, k := range kin {
		if k.Parent != 0 {
			family[k.ID] = k.Parent
		}
	}
	return membersOf(kin), family, err
}

// overdue is what of the overdue of an account is disputed and promised.
func (h held) overdue(id ar.CustomerID, c ar.Currency) (disputed, promised ar.Money) {
	for _, one := range h[id] {
		if one.Currency == c {
			return one.OverdueDisputed, one.OverduePromised
		}
	}
	return ar.Money{}, ar.Money{}
}

// of leaves the accounts that stand in rows of an aging.
func (h held) of(rows []ar.AgingRow) held {
	if len(h) == 0 {
		return nil
	}
	left := held{}
	for _, row := range rows {
		if list := h[row.Customer]; list != nil {
			left[row.Customer] = list
		}
	}
	return left
}

// sums adds the accounts up by currency, by code.
func (h held) sums() ([]ar.Breakdown, error) {
	byCurrency := map[ar.Currency]ar.Breakdown{}
	for _, list := range h {
		for _, one := range list {
			sum, ok := byCurrency[one.Currency]
			if !ok {
				sum = ar.Breakdown{Currency: one.Currency}
			}
			sum, err := sum.Plus(one.Breakdown)
			if err != nil {
				return nil, err
			}
			byCurrency[one.Currency] = sum
		}
	}
	var list []ar.Breakdown
	for _, sum := range byCurrency {
		list = append(list, sum)
	}
	slices.SortFunc(list, func(a, b ar.Breakdown) int { return compareCurrency(a.Currency, b.Currency) })
	return list, nil
}

func compareCurrency(a, b ar.Currency) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
