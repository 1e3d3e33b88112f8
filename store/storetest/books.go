package storetest

import (
	"testing"

	"arbot/ar"
)

// Ledger is a source whose pages a test writes by hand.
type Ledger struct {
	Source ar.Source
	books  *Books
}

// Ledger registers a source by its external id.
func (b *Books) Ledger(t testing.TB, external string) *Ledger {
	t.Helper()
	l := &Ledger{books: b}
	b.Write(t, func(tx ar.Tx) error {
		var err error
		l.Source, err = tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "bundle", External: external, Name: external, Home: "USD"})
		return err
	})
	return l
}

// Import brings pages in, as one run over the whole ledger, and returns what changed.
func (l *Ledger) Import(t testing.TB, pages ...ar.Page) ar.RunCounts {
	t.Helper()
	return l.run(t, true, pages)
}

// Change brings pages in as one run of changes.
func (l *Ledger) Change(t testing.TB, pages ...ar.Page) ar.RunCounts {
	t.Helper()
	return l.run(t, false, pages)
}

func (l *Ledger) run(t testing.TB, full bool, pages []ar.Page) (sum ar.RunCounts) {
	t.Helper()
	id := l.Start(t, full)
	for _, p := range pages {
		sum = sum.Plus(l.Put(t, id, p))
	}
	l.books.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), id, ar.SyncMark{}, "") })
	return sum
}

// Start begins a run.
func (l *Ledger) Start(t testing.TB, full bool) (id ar.RunID) {
	t.Helper()
	l.books.Write(t, func(tx ar.Tx) (err error) {
		id, err = tx.StartRun(t.Context(), ar.Run{Source: l.Source.ID, Full: full})
		return err
	})
	return id
}

// Put brings one page into a run.
func (l *Ledger) Put(t testing.TB, id ar.RunID, p ar.Page) (counts ar.RunCounts) {
	t.Helper()
	l.books.Write(t, func(tx ar.Tx) (err error) {
		counts, err = tx.PutPage(t.Context(), id, p)
		return err
	})
	return counts
}

// Write runs an Update that must succeed.
func (b *Books) Write(t testing.TB, f func(ar.Tx) error) {
	t.Helper()
	if err := b.Update(t.Context(), f); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// Read runs a View that must succeed.
func (b *Books) Read(t testing.TB, f func(ar.Reader) error) {
	t.Helper()
	if err := b.View(t.Context(), f); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// Day reads a date that is written in a test.
func Day(s string) ar.Date {
	d, err := ar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// USD reads an amount that is written in a test.
func USD(s string) ar.Money { return Amount(s, "USD") }

// Amount reads an amount that is written in a test.
func Amount(s string, c ar.Currency) ar.Money {
	m, err := ar.ParseMoney(s, c)
	if err != nil {
		panic(err)
	}
	return m
}

// Doc is a posted document; its number is its external id.
func Doc(kind ar.DocumentKind, external, customer, date, due, amount string) ar.DocumentRecord {
	d := ar.DocumentRecord{
		Ref: ar.Ref{Kind: kind, External: external}, Number: external, Customer: customer,
		Amount: USD(amount), Date: Day(date), Status: ar.Posted,
	}
	if due != "" {
		d.Due = Day(due)
	}
	return d
}

// Pays is an application of a payment to an invoice.
func Pays(external, payment, invoice, date, amount string) ar.ApplicationRecord {
	return ar.ApplicationRecord{
		External: external, From: ar.Ref{Kind: ar.Payment, External: payment},
		To: ar.Ref{Kind: ar.Invoice, External: invoice}, Kind: ar.ByPayment, Amount: USD(amount), Date: Day(date),
	}
}
