package main

import (
	"errors"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeqbo"
)

// ledger lets things happen in QuickBooks: customers pay, in full, in part, too late,
// without saying what for; bookkeepers credit, write off, void, delete and correct.
func (m *month) ledger(t *testing.T, events int) {
	t.Helper()
	for range events {
		if err := m.event(t); err != nil {
			if refused, ok := errors.AsType[*fakeqbo.Refusal](err); !ok {
				t.Fatal(err)
			} else if refused.Status >= 500 {
				t.Fatal(refused)
			}
			m.did["QuickBooks refuses"]++
		}
	}
}

// when is the day of what is entered today: sometimes an earlier one, or a later.
func (m *month) when() ar.Date {
	switch n := m.r.IntN(100); {
	case n < 25:
		return m.today.AddDays(-m.r.IntN(9))
	case n < 28:
		return m.today.AddDays(1 + m.r.IntN(2))
	}
	return m.today
}

// owed chooses an open invoice, rather one of which something is promised.
func (m *month) owed() (*bill, int64, *word) {
	items := m.books.OpenItems("")
	var wanted *word
	if len(m.words) > 0 && m.chance(65) {
		wanted = m.words[m.r.IntN(len(m.words))]
	}
	for range 200 {
		item := items[m.r.IntN(len(items))]
		b := m.bills[item.ID]
		if item.Entity == fakeqbo.Invoice && (wanted == nil || wanted.covers(b)) {
			return b, item.Open, wanted
		}
	}
	return nil, 0, nil
}

func (m *month) event(t *testing.T) error {
	t.Helper()
	b, open, w := m.owed()
	if b == nil {
		return nil
	}
	switch n := m.r.IntN(100); {
	case n < 22:
		return m.pay(b, open, m.when())
	case n < 50: // what was promised, or some of it
		amount := 1 + m.r.Int64N(open)
		if w != nil {
			amount = min(open, w.parts[m.r.IntN(len(w.parts))].amount)
		}
		return m.pay(b, amount, m.when())
	case n < 55:
		_, err := m.books.Pay(fakeqbo.Receipt{Customer: b.of.id, Date: m.when().String(), Amount: 100 + m.r.Int64N(20_000)})
		return err
	case n < 65:
		return m.credit(b, 1+m.r.Int64N(open), m.when())
	case n < 70:
		on := m.when()
		memo, _, err := m.books.WriteOff(b.id, 1+m.r.Int64N(open), on.String())
		m.memos[memo] = on
		return err
	case n < 79:
		return m.voidPayment()
	case n < 84:
		return m.voidBill(b)
	case n < 88:
		return m.books.EditAmount(fakeqbo.Invoice, b.id, 1+m.r.Int64N(2*open))
	case n < 91:
		if err := m.books.EditDue(b.id, b.due.AddDays(10).String()); err != nil {
			return err
		}
		b.due = b.due.AddDays(10)
		return nil
	}
	m.addBill(t, b.of)
	return nil
}

func (m *month) pay(b *bill, amount int64, on ar.Date) error {
	id, err := m.books.Pay(fakeqbo.Receipt{
		Customer: b.of.id, Date: on.String(), Amount: amount, On: []fakeqbo.Part{{Entity: fakeqbo.Invoice, ID: b.id, Amount: amount}},
	})
	if err == nil {
		m.money = append(m.money, id)
	}
	return err
}

func (m *month) credit(b *bill, amount int64, on ar.Date) error {
	memo, err := m.books.AddCreditMemo(fakeqbo.Sale{Customer: b.of.id, Date: on.String(), Amount: amount})
	if err != nil {
		return err
	}
	m.memos[memo] = on
	if m.chance(25) {
		return nil // applied to nothing yet
	}
	_, err = m.books.ApplyCredit(fakeqbo.Part{Entity: fakeqbo.CreditMemo, ID: memo, Amount: amount}, b.id, m.when().String())
	return err
}

// voidPayment voids or deletes a payment: a check that bounced.
func (m *month) voidPayment() error {
	if len(m.money) == 0 {
		return nil
	}
	n := m.r.IntN(len(m.money))
	id := m.money[n]
	m.money = append(m.money[:n:n], m.money[n+1:]...)
	m.did["payment gone"]++
	if m.chance(50) {
		return m.books.Void(fakeqbo.Payment, id)
	}
	return m.books.Delete(fakeqbo.Payment, id)
}

func (m *month) voidBill(b *bill) error {
	if m.chance(50) {
		if err := m.books.Void(fakeqbo.Invoice, b.id); err != nil {
			return err
		}
		b.gone = ar.InvoiceVoided
	} else {
		if err := m.books.Delete(fakeqbo.Invoice, b.id); err != nil {
			return err
		}
		b.gone = ar.InvoiceDeleted
	}
	m.did["invoice gone"]++
	return nil
}
