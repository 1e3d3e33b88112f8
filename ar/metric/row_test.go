package metric_test

import (
	"testing"

	"arbot/ar"
	"arbot/ar/metric"
)

func document(t testing.TB, kind ar.DocumentKind, number, amount, date, due string) metric.Row {
	t.Helper()
	return metric.Row{Document: ar.Document{
		Kind: kind, Number: number, Amount: usd(t, amount), Date: day(t, date), Due: day(t, due), Status: ar.Posted,
	}}
}

func invoice(t testing.TB, number, amount, date, due string) metric.Row {
	t.Helper()
	return document(t, ar.Invoice, number, amount, date, due)
}

func credit(t testing.TB, number, amount, date string) metric.Row {
	t.Helper()
	return document(t, ar.CreditMemo, number, amount, date, date)
}

// applied adds what was applied to an invoice.
func applied(t testing.TB, r metric.Row, kind ar.ApplicationKind, side metric.Side, amount, on string) metric.Row {
	t.Helper()
	r.Applied = append(r.Applied, metric.Applied{Kind: kind, Amount: usd(t, amount), On: day(t, on), Side: side})
	return r
}

// settled pays an invoice in full.
func settled(t testing.TB, r metric.Row, on string) metric.Row {
	t.Helper()
	return applied(t, r, ar.ByPayment, metric.ToEntry, r.Document.Amount.Decimal(), on)
}

// bookOf folds rows by so many whole months up to a date.
func bookOf(t testing.TB, asOf string, whole int, rows ...metric.Row) metric.Book {
	t.Helper()
	f, err := metric.NewFold(ar.SumRule{Cuts: ar.MonthCuts(day(t, asOf), whole)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := f.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	books := metric.Books(f.Sums())
	if len(books) != 1 {
		t.Fatalf("%d books, want one", len(books))
	}
	return books[0]
}
