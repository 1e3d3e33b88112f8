package ar

import (
	"fmt"
	"slices"
	"strings"
)

// OverdueMove is one item that was overdue at the start of a span of days, at
// its end, or both, as today's books know it.
type OverdueMove struct {
	Document DocumentID
	Customer CustomerID
	Owner    string
	Due      Date
	// Before and After are what was open at the start and at the end.
	Before, After Money
	// Paid, Credited and WrittenOff are what was applied to it in between, and
	// less than 0 for what it was itself applied to or what was taken back:
	// Before less all three is After.
	Paid, Credited, WrittenOff Money
	// Inferred: some of Paid was concluded from balances, and may have been credited.
	Inferred bool
}

func (m OverdueMove) wasOverdue(from Date) bool { return m.Due.Before(from) && m.Before.Sign() > 0 }

func (m OverdueMove) isOverdue(to Date) bool { return m.Due.Before(to) && m.After.Sign() > 0 }

// newly reports whether the item was not overdue at from but is at to: it fell
// due in between, or came into the books with an older due date, or what had
// settled it was taken back.
func (m OverdueMove) newly(from, to Date) bool { return !m.wasOverdue(from) && m.isOverdue(to) }

// Bridge leads from the overdue that was said at the last digest to today's,
// in one currency, to the cent:
//
//	Opening + Earlier + Newly - Paid - Credited - WrittenOff = Closing
type Bridge struct {
	Currency Currency
	From, To Date
	// Opening is what the last digest said.
	Opening Money
	// Earlier is what became known since about dates up to From: late
	// payments, voids, corrections.
	Earlier Money
	// Newly is what became overdue after From, as open at To.
	Newly Money
	// Paid, Credited and WrittenOff were applied after From to what was
	// overdue then.
	Paid, Credited, WrittenOff Money
	Closing                    Money
	// Inferred: some of Paid was concluded from balances, and may have been credited.
	Inferred bool
}

// Balanced reports whether the lines lead from Opening to Closing.
func (b Bridge) Balanced() bool {
	sum, err := Sum(b.Opening, b.Earlier, b.Newly, b.Paid.Neg(), b.Credited.Neg(), b.WrittenOff.Neg())
	return err == nil && sum.Minor() == b.Closing.Minor()
}

// Bridges builds one bridge per currency from the moves between two dates and
// from what was said at the first; said may lack a currency, which then was 0.
func Bridges(moves []OverdueMove, from, to Date, said []Money) ([]Bridge, error) {
	byCurrency := map[Currency]*Bridge{}
	bridge := func(c Currency) *Bridge {
		if byCurrency[c] == nil {
			zero := NewMoney(0, c)
			byCurrency[c] = &Bridge{
				Currency: c, From: from, To: to, Opening: zero, Earlier: zero, Newly: zero,
				Paid: zero, Credited: zero, WrittenOff: zero, Closing: zero,
			}
		}
		return byCurrency[c]
	}
	for _, m := range said {
		b := bridge(m.Currency())
		b.Opening = m
		b.Earlier = m.Neg() // less what is known of From today, added below
	}
	for _, m := range moves {
		if err := bridge(m.After.Currency()).add(m); err != nil {
			return nil, fmt.Errorf("bridge of document %d: %w", m.Document, err)
		}
	}
	bridges := make([]Bridge, 0, len(byCurrency))
	for _, b := range byCurrency {
		bridges = append(bridges, *b)
	}
	slices.SortFunc(bridges, func(a, b Bridge) int { return strings.Compare(string(a.Currency), string(b.Currency)) })
	return bridges, nil
}

func (b *Bridge) add(m OverdueMove) error {
	if m.isOverdue(b.To) {
		if err := addTo(&b.Closing, m.After); err != nil {
			return err
		}
	}
	switch {
	case m.wasOverdue(b.From):
		return b.addSettled(m)
	case m.newly(b.From, b.To):
		return addTo(&b.Newly, m.After)
	}
	return nil
}

// addSettled adds what was overdue at From and what settled of it since. What
// was applied beyond the open amount is unapplied credit and not less overdue:
// it is taken out again, of write-offs first and of payments last.
func (b *Bridge) addSettled(m OverdueMove) error {
	excess := NewMoney(0, m.After.Currency())
	if m.After.Sign() < 0 {
		excess = m.After.Neg()
	}
	b.Inferred = b.Inferred || m.Inferred
	if err := addTo(&b.Earlier, m.Before); err != nil {
		return err
	}
	for _, part := range []struct {
		total   *Money
		applied Money
	}{{&b.WrittenOff, m.WrittenOff}, {&b.Credited, m.Credited}, {&b.Paid, m.Paid}} {
		over := NewMoney(min(excess.Minor(), max(0, part.applied.Minor())), excess.Currency())
		settled, err := part.applied.Sub(over)
		if err != nil {
			return err
		}
		if excess, err = excess.Sub(over); err != nil {
			return err
		}
		if err := addTo(part.total, settled); err != nil {
			return err
		}
	}
	return nil
}

func addTo(total *Money, m Money) (err error) {
	*total, err = total.Add(m)
	return err
}
