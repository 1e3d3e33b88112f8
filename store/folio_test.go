package store

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/ar/metric"
)

// drawRow makes a document as a ledger might have it, with amounts and dates that may be
// far apart.
func drawRow(t *rapid.T, id int64) metric.Row {
	currency := rapid.SampledFrom([]ar.Currency{"USD", "EUR"}).Draw(t, "currency")
	date := ar.DateFromEpochDays(rapid.Int64Range(-800000, 800000).Draw(t, "date"))
	row := metric.Row{Document: ar.Document{
		ID: ar.DocumentID(id), Source: 7, Status: ar.Posted, Kind: rapid.SampledFrom(documentKinds).Draw(t, "kind"),
		Customer: ar.CustomerID(rapid.Int64Range(1, 1<<40).Draw(t, "customer")), Amount: ar.NewMoney(drawMinor(t), currency),
		Date: date, Due: date.AddDays(rapid.IntRange(-10, 400).Draw(t, "due")),
		Terms: rapid.SampledFrom([]string{"", "Net 30", "à 30 jours"}).Draw(t, "terms"), Rate: rapid.SampledFrom([]ar.Rate{"", "1.1675"}).Draw(t, "rate"),
	}}
	open := row.Document.Effect().Minor()
	for range rapid.IntRange(0, 3).Draw(t, "applications") {
		a := metric.Applied{
			Kind: rapid.SampledFrom(applicationKinds).Draw(t, "by"), Side: rapid.SampledFrom([]metric.Side{metric.To, metric.ToEntry, metric.From}).Draw(t, "side"),
			On: date.AddDays(rapid.IntRange(0, 90).Draw(t, "on")), Amount: ar.NewMoney(drawMinor(t), currency),
		}
		if rapid.Bool().Draw(t, "all of it") {
			a.Amount = ar.NewMoney(wholeOf(open, a.Side), currency)
		}
		open = afterwards(open, a.Amount.Minor(), a.Side)
		row.Applied = append(row.Applied, a)
	}
	return row
}

func drawMinor(t *rapid.T) int64 { return rapid.Int64Range(-1<<50, 1<<50).Draw(t, "minor") }

// TestFolioHoldsWhatWasPutIn writes documents and reads them again.
func TestFolioHoldsWhatWasPutIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows []metric.Row
		id := int64(0)
		for range rapid.IntRange(0, 6).Draw(t, "documents") {
			id += rapid.Int64Range(1, 900).Draw(t, "gap")
			rows = append(rows, drawRow(t, id))
		}
		f, err := openFolio(7, encodeFolio(rows)) // which puts what was applied by date
		if err != nil {
			t.Fatal(err)
		}
		var got, want []metric.Row
		var row metric.Row
		settled := ar.DateFromEpochDays(rapid.Int64Range(-800000, 800000).Draw(t, "settled"))
		err = f.each(f.of(nil), settled, &row, func(r *metric.Row) error {
			one := *r
			one.Applied = append([]metric.Applied(nil), r.Applied...)
			got = append(got, one)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if open, last := closing(r); open != 0 || last.After(settled) {
				want = append(want, r)
			}
		}
		if d := gocmp.Diff(want, got, gocmp.AllowUnexported(ar.Money{}, ar.Date{})); d != "" {
			t.Fatalf("(-put in +read)\n%s", d)
		}
	})
}

// closing is what is open of a document in the end, and the last day on which that changed.
func closing(r metric.Row) (open int64, last ar.Date) {
	open, last = r.Document.Effect().Minor(), r.Document.Date
	for _, a := range r.Applied {
		open, last = afterwards(open, a.Amount.Minor(), a.Side), ar.Latest(last, a.On)
	}
	return open, last
}

// FuzzFolio reads bytes that nobody wrote: it may refuse them, and no more.
func FuzzFolio(f *testing.F) {
	f.Add(encodeFolio(nil))
	f.Add(encodeFolio([]metric.Row{{Document: ar.Document{ID: 5, Customer: 3, Kind: ar.Payment, Amount: ar.NewMoney(100, "USD")}}}))
	f.Fuzz(func(_ *testing.T, content []byte) {
		opened, err := openFolio(1, content)
		if err != nil {
			return
		}
		var row metric.Row
		_ = opened.each(opened.of(nil), ar.Date{}, &row, func(*metric.Row) error { return nil })
	})
}
