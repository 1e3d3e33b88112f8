package file

import (
	"path/filepath"
	"strconv"
	"testing"

	"arbot/ar"
)

// BenchmarkBundle checks and reads a bundle of 100,000 invoices, each with a
// payment and its application, without writing it anywhere.
func BenchmarkBundle(b *testing.B) {
	const invoices = 100_000
	dir := filepath.Join(b.TempDir(), "large")
	if err := WriteBundle(dir, largeBooks(b, invoices)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		reading, err := NewBundle(dir).Full(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		records := 0
		for page, err := range reading.Pages {
			if err != nil {
				b.Fatal(err)
			}
			records += page.Len()
		}
		if records != 2_000+3*invoices {
			b.Fatalf("%d records", records)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(2_000+3*invoices), "ns/record")
}

// BenchmarkNothingNew looks at the same bundle a second time.
func BenchmarkNothingNew(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "large")
	if err := WriteBundle(dir, largeBooks(b, 100_000)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := NewBundle(dir).Changes(b.Context(), "another"); err == nil {
			b.Fatal("no answer")
		}
	}
}

func largeBooks(tb testing.TB, invoices int) Contents {
	tb.Helper()
	c := Contents{Company: ar.SourceIdentity{External: "large", Name: "Large"}}
	for i := range 2_000 {
		c.Customers = append(c.Customers, ar.CustomerRecord{External: strconv.Itoa(i), Name: "Customer number " + strconv.Itoa(i), Terms: "Net 30"})
	}
	first := day(tb, "2024-01-01")
	for i := range invoices {
		id, customer, date := strconv.Itoa(i), strconv.Itoa(i%2_000), first.AddDays(i%700)
		amount := ar.NewMoney(int64(1_000+i), "USD")
		invoice := ar.DocumentRecord{Ref: ar.Ref{Kind: ar.Invoice, External: id}, Number: "INV-" + id, Customer: customer, Amount: amount, Date: date, Due: date.AddDays(30), Status: ar.Posted}
		payment := ar.DocumentRecord{Ref: ar.Ref{Kind: ar.Payment, External: id}, Customer: customer, Amount: amount, Date: date.AddDays(40), Status: ar.Posted}
		c.Documents = append(c.Documents, invoice, payment)
		c.Applications = append(c.Applications, ar.ApplicationRecord{External: id, From: payment.Ref, To: invoice.Ref, Kind: ar.ByPayment, Amount: amount, Date: payment.Date})
	}
	return c
}
