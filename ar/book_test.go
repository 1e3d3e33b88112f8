package ar_test

import (
	"fmt"
	"strings"
	"testing"

	"arbot/ar"
)

// book is a small ledger that a test writes down line by line. Documents are
// found again by their number.
type book struct {
	t            testing.TB
	documents    []ar.Document
	applications []ar.Application
}

func newBook(t testing.TB) *book { return &book{t: t} }

// add books a document; due "" means on its date.
func (b *book) add(kind ar.DocumentKind, number string, amount ar.Money, date, due string) *ar.Document {
	b.t.Helper()
	if due == "" {
		due = date
	}
	b.documents = append(b.documents, ar.Document{
		ID: ar.DocumentID(len(b.documents) + 1), Kind: kind, Number: number, External: number, Customer: 1,
		Amount: amount, Date: day(b.t, date), Due: day(b.t, due), Status: ar.Posted,
	})
	return &b.documents[len(b.documents)-1]
}

func (b *book) invoice(number, amount, date, due string) *ar.Document {
	b.t.Helper()
	return b.add(ar.Invoice, number, usd(b.t, amount), date, due)
}

func (b *book) payment(number, amount, date string) *ar.Document {
	b.t.Helper()
	return b.add(ar.Payment, number, usd(b.t, amount), date, "")
}

func (b *book) credit(number, amount, date string) *ar.Document {
	b.t.Helper()
	return b.add(ar.CreditMemo, number, usd(b.t, amount), date, "")
}

// apply sets an amount of a payment or credit against a document; from "" is a
// write-off.
func (b *book) apply(from, to, amount, date string) {
	b.t.Helper()
	a := ar.Application{
		External: fmt.Sprint("A-", len(b.applications)+1), To: b.find(to).ID, Kind: ar.ByWriteOff, Date: day(b.t, date),
		Amount: money(b.t, amount, b.find(to).Amount.Currency()),
	}
	if from != "" {
		d := b.find(from)
		a.From, a.Kind = d.ID, ar.ByPayment
		if d.Kind == ar.CreditMemo {
			a.Kind = ar.ByCredit
		}
	}
	b.applications = append(b.applications, a)
}

// pay books a payment and applies all of it on its date.
func (b *book) pay(number, to, amount, date string) {
	b.t.Helper()
	b.payment(number, amount, date)
	b.apply(number, to, amount, date)
}

func (b *book) find(number string) *ar.Document {
	b.t.Helper()
	for i := range b.documents {
		if b.documents[i].Number == number {
			return &b.documents[i]
		}
	}
	b.t.Fatalf("the book has no %s", number)
	return nil
}

func (b *book) open(asOf string) []ar.OpenItem {
	b.t.Helper()
	items, err := ar.OpenItems(b.documents, b.applications, day(b.t, asOf))
	if err != nil {
		b.t.Fatal(err)
	}
	return items
}

// items writes the open items of a date, with the days that are overdue:
// "INV-1 500.00 5d, PAY-1 -20.00".
func (b *book) items(asOf string) string {
	b.t.Helper()
	var list []string
	for _, i := range b.open(asOf) {
		s := i.Label() + " " + i.Open.Decimal()
		if days := i.DaysOverdue(day(b.t, asOf)); days > 0 && i.Owed() {
			s += fmt.Sprintf(" %dd", days)
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// aged writes the aging of a date, a line per currency: the buckets, less
// unapplied credits, give the net.
func (b *book) aged(rule ar.AgingRule) string {
	b.t.Helper()
	items, err := ar.OpenItems(b.documents, b.applications, rule.AsOf)
	if err != nil {
		b.t.Fatal(err)
	}
	return aged(b.t, items, rule)
}

func aged(t testing.TB, items []ar.OpenItem, rule ar.AgingRule) string {
	t.Helper()
	agings, err := ar.Age(items, rule)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(agings))
	for i, a := range agings {
		buckets := make([]string, len(a.Buckets))
		for n, m := range a.Buckets {
			buckets[n] = m.Decimal()
		}
		net, err := a.Net()
		if err != nil {
			t.Fatal(err)
		}
		lines[i] = fmt.Sprintf("%s %s - %s = %s", a.Currency, strings.Join(buckets, " | "), a.Unapplied.Decimal(), net.Decimal())
	}
	return strings.Join(lines, "\n")
}

func byDueDate(t testing.TB, asOf string) ar.AgingRule {
	t.Helper()
	return ar.NewAgingRule(day(t, asOf), ar.ByDueDate)
}

func ledgerView(t testing.TB, asOf string) ar.AgingRule {
	t.Helper()
	rule := byDueDate(t, asOf)
	rule.LedgerView = true
	return rule
}
