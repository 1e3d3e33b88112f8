package ar

import (
	"cmp"
	"fmt"
	"slices"
)

// OverdueChange is how what an account owes past due moved between two dates, in one
// currency, to the cent:
//
//	Before + Newly - Paid - Credited - WrittenOff = After
type OverdueChange struct {
	Customer CustomerID `json:"customer"`
	Name     string     `json:"name"`
	Owner    string     `json:"owner,omitempty"`
	Currency Currency   `json:"currency"`
	// Before and After are what was past due at the two dates, as the books know them now.
	Before Money `json:"before"`
	After  Money `json:"after"`
	// Newly became past due in between; what else moved is of what was past due before.
	Newly      Money `json:"newly"`
	Paid       Money `json:"paid"`
	Credited   Money `json:"credited"`
	WrittenOff Money `json:"written_off"`
	// Old is the part of After that is more than 90 days past due.
	Old Money `json:"old"`
}

// OldDays are the days past due from which on an item is old: the last bucket of an
// aging by due date.
const OldDays = 90

// NewOverdueChange returns an account that owes nothing.
func NewOverdueChange(id CustomerID, name, owner string, c Currency) OverdueChange {
	zero := NewMoney(0, c)
	return OverdueChange{
		Customer: id, Name: name, Owner: owner, Currency: c,
		Before: zero, After: zero, Newly: zero, Paid: zero, Credited: zero, WrittenOff: zero, Old: zero,
	}
}

// Moved returns After less Before.
func (c OverdueChange) Moved() (Money, error) { return c.After.Sub(c.Before) }

// OverdueChanges is the definition of what a store sums: the moves of the items between
// two dates, by customer and currency. Name and owner of an account are for the caller to
// add.
func OverdueChanges(moves []OverdueMove, from, to Date) ([]OverdueChange, error) {
	type key struct {
		customer CustomerID
		currency Currency
	}
	byAccount := map[key][]OverdueMove{}
	for _, m := range moves {
		k := key{m.Customer, m.After.Currency()}
		byAccount[k] = append(byAccount[k], m)
	}
	changes := make([]OverdueChange, 0, len(byAccount))
	for k, mine := range byAccount {
		c := NewOverdueChange(k.customer, "", mine[0].Owner, k.currency)
		if err := c.add(mine, from, to); err != nil {
			return nil, fmt.Errorf("how customer %d moved: %w", k.customer, err)
		}
		changes = append(changes, c)
	}
	SortOverdueChanges(changes)
	return changes, nil
}

func (c *OverdueChange) add(moves []OverdueMove, from, to Date) error {
	bridges, err := Bridges(moves, from, to, []Money{NewMoney(0, c.Currency)})
	if err != nil {
		return err
	}
	b := bridges[0]
	c.Before, c.After, c.Newly, c.Paid, c.Credited, c.WrittenOff = b.Earlier, b.Closing, b.Newly, b.Paid, b.Credited, b.WrittenOff
	for _, m := range moves {
		if m.isOverdue(to) && to.Sub(m.Due) > OldDays {
			if err := addTo(&c.Old, m.After); err != nil {
				return err
			}
		}
	}
	return nil
}

// SortOverdueChanges puts them in the order of their customers and currencies.
func SortOverdueChanges(list []OverdueChange) {
	slices.SortFunc(list, func(a, b OverdueChange) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Currency, b.Currency))
	})
}

// TopMovers returns, of each currency, the accounts whose past due moved most, up or
// down, the most first; those that did not move are left out.
func TopMovers(changes []OverdueChange, each int) ([]OverdueChange, error) {
	type mover struct {
		OverdueChange
		by int64
	}
	byCurrency := map[Currency][]mover{}
	for _, c := range changes {
		moved, err := c.Moved()
		if err != nil {
			return nil, fmt.Errorf("how customer %d moved: %w", c.Customer, err)
		}
		if !moved.IsZero() {
			byCurrency[c.Currency] = append(byCurrency[c.Currency], mover{c, moved.Abs().Minor()})
		}
	}
	var top []OverdueChange
	for _, currency := range sortedKeys(byCurrency) {
		list := byCurrency[currency]
		slices.SortFunc(list, func(a, b mover) int {
			return cmp.Or(cmp.Compare(b.by, a.by), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Customer, b.Customer))
		})
		for _, m := range list[:min(each, len(list))] {
			top = append(top, m.OverdueChange)
		}
	}
	return top, nil
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// TermsGiven sums up the invoices of one date to customers with the same terms.
type TermsGiven struct {
	// Terms are the customers' terms, as their ledger calls them: the policy.
	Terms    string
	Date     Date
	Currency Currency
	Invoices int
	Amount   Money
	// Granted counts the days from invoice to due date, by amount.
	Granted AmountDays
}

// TermsDrift sets the terms that were granted on invoices against those that their
// customers have in the ledger, in one currency.
type TermsDrift struct {
	Currency Currency `json:"currency"`
	// Invoices count those of customers whose terms say when an invoice is due, Amount is
	// what they came to. Without are those of customers whose terms do not say it.
	Invoices int   `json:"invoices"`
	Amount   Money `json:"amount"`
	Without  Money `json:"without"`
	// Granted and Policy count the days from invoice to due date, as granted and by the
	// customers' terms, by amount.
	Granted AmountDays `json:"-"`
	Policy  AmountDays `json:"-"`
}

// TermsDrifts adds up what was granted, by currency.
func TermsDrifts(given []TermsGiven) ([]TermsDrift, error) {
	drifts := map[Currency]*TermsDrift{}
	for _, g := range given {
		d := drifts[g.Currency]
		if d == nil {
			zero := NewMoney(0, g.Currency)
			d = &TermsDrift{Currency: g.Currency, Amount: zero, Without: zero}
			drifts[g.Currency] = d
		}
		if err := d.add(g); err != nil {
			return nil, fmt.Errorf("terms granted on %s: %w", g.Date, err)
		}
	}
	list := make([]TermsDrift, 0, len(drifts))
	for _, c := range sortedKeys(drifts) {
		list = append(list, *drifts[c])
	}
	return list, nil
}

func (d *TermsDrift) add(g TermsGiven) error {
	terms, known := ParseTerms(g.Terms)
	if !known {
		return addTo(&d.Without, g.Amount)
	}
	d.Invoices += g.Invoices
	d.Granted.AddSum(g.Granted)
	d.Policy.Add(g.Amount, terms.Due(g.Date).Sub(g.Date))
	return addTo(&d.Amount, g.Amount)
}

// DisputeBurden is what the standing disputes of one reason hold up, in one currency.
type DisputeBurden struct {
	Reason   Reason   `json:"reason"`
	Currency Currency `json:"currency"`
	Count    int      `json:"count"`
	Amount   Money    `json:"amount"`
	// Late counts those that should have been resolved by then.
	Late int `json:"late"`
	// Days is what is disputed times the days since the dispute was opened: money that
	// waits for long weighs more ("euro-days").
	Days Money `json:"money_days"`
}

// DisputeBurdens sums up the disputes that stand on a date, by reason and currency, what
// weighs most first.
func DisputeBurdens(disputes []Dispute, asOf Date) ([]DisputeBurden, error) {
	type key struct {
		reason   Reason
		currency Currency
	}
	sums := map[key]*DisputeBurden{}
	for _, d := range disputes {
		if !d.Stands() || d.Opened.On.After(asOf) {
			continue
		}
		k := key{d.Reason, d.Amount.Currency()}
		if sums[k] == nil {
			zero := NewMoney(0, k.currency)
			sums[k] = &DisputeBurden{Reason: d.Reason, Currency: k.currency, Amount: zero, Days: zero}
		}
		if err := sums[k].add(d, asOf); err != nil {
			return nil, fmt.Errorf("burden of dispute %d: %w", d.ID, err)
		}
	}
	list := make([]DisputeBurden, 0, len(sums))
	for _, b := range sums {
		list = append(list, *b)
	}
	slices.SortFunc(list, func(a, b DisputeBurden) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(b.Days.Minor(), a.Days.Minor()),
			cmp.Compare(b.Amount.Minor(), a.Amount.Minor()), cmp.Compare(a.Reason, b.Reason))
	})
	return list, nil
}

func (b *DisputeBurden) add(d Dispute, asOf Date) error {
	days, err := d.Amount.Mul(int64(asOf.Sub(d.Opened.On)))
	if err != nil {
		return err
	}
	b.Count++
	if d.Overdue(asOf) {
		b.Late++
	}
	if err := addTo(&b.Days, days); err != nil {
		return err
	}
	return addTo(&b.Amount, d.Amount)
}
