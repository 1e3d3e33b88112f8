package ar_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

// want is what a book shows on a date.
type want struct {
	asOf  string
	items string
	aged  string // by due date, credits beside the buckets
	// ledger is the same in the ledger's own view; "" where nothing is unapplied
	// and both are equal.
	ledger string
}

// TestAging holds cases from public bug reports and the worked examples of
// the literature: each is a book and what is open of it, and how old, on some
// dates.
func TestAging(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		book func(b *book)
		want []want
	}{
		{"AG-01 every open amount is in one bucket", func(b *book) {
			b.invoice("INV-1", "500.00", "2026-11-01", "2026-11-20")
			b.invoice("INV-2", "300.00", "2026-11-01", "2026-11-25")
			b.invoice("INV-3", "200.00", "2026-11-01", "2026-12-05")
		}, []want{{
			"2026-11-25", "INV-1 500.00 5d, INV-2 300.00, INV-3 200.00",
			"USD 500.00 | 500.00 | 0.00 | 0.00 | 0.00 - 0.00 = 1000.00", "",
		}}},
		{"AG-04 payment received and not applied", func(b *book) {
			b.invoice("INV-6", "260.00", "2026-04-20", "2026-05-20")
			b.payment("PAY-6", "260.00", "2026-05-28")
		}, []want{{
			"2026-08-31", "INV-6 260.00 103d, PAY-6 -260.00",
			"USD 0.00 | 0.00 | 0.00 | 0.00 | 260.00 - 260.00 = 0.00",
			"USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 0.00", // 95 days old: the same bucket
		}}},
		{"AG-05 (a) credit note beside a paid invoice", func(b *book) {
			b.invoice("INV-10", "1000.00", "2026-09-01", "2026-10-01")
			b.pay("PAY-10", "INV-10", "1000.00", "2026-10-05")
			b.credit("CM-3", "300.00", "2026-10-10")
		}, []want{{
			"2026-11-25", "CM-3 -300.00",
			"USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 300.00 = -300.00",
			"USD 0.00 | 0.00 | -300.00 | 0.00 | 0.00 - 0.00 = -300.00",
		}}},
		{"AG-05 (b) a credit memo lowers what is owed, whatever sign it comes with", func(b *book) {
			b.invoice("INV-11", "700.00", "2026-09-20", "2026-10-20")
			b.credit("CM-4", "150.00", "2026-11-20")
			b.credit("CM-5", "-100.00", "2026-11-20")
		}, []want{{
			"2026-11-25", "INV-11 700.00 36d, CM-4 -150.00, CM-5 -100.00",
			"USD 0.00 | 0.00 | 700.00 | 0.00 | 0.00 - 250.00 = 450.00",
			"USD 0.00 | -250.00 | 700.00 | 0.00 | 0.00 - 0.00 = 450.00",
		}}},
		{"AG-06 due date missing", func(b *book) {
			for _, d := range []struct{ number, amount, terms string }{{"(a)", "430.00", "Net 30"}, {"(b)", "70.00", ""}} {
				doc := b.invoice(d.number, d.amount, "2026-09-01", "")
				doc.Due, doc.DueBasis = ar.DueDate(doc.Date, ar.Date{}, d.terms, "")
			}
		}, []want{{
			"2026-11-25", "(a) 430.00 55d, (b) 70.00 85d",
			"USD 0.00 | 0.00 | 430.00 | 70.00 | 0.00 - 0.00 = 500.00", "",
		}}},
		{"AG-07 due today is current", func(b *book) {
			b.invoice("INV-12", "80.00", "2026-10-26", "2026-11-25")
		}, []want{
			{"2026-11-25", "INV-12 80.00", "USD 80.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 80.00", ""},
			{"2026-11-26", "INV-12 80.00 1d", "USD 0.00 | 80.00 | 0.00 | 0.00 | 0.00 - 0.00 = 80.00", ""},
		}},
		{"AG-09 void, deleted and draft count for nothing", func(b *book) {
			b.invoice("INV-20", "640.00", "2026-09-01", "2026-10-01").Status = ar.Void
			b.invoice("INV-21", "500.00", "2026-11-01", "2026-12-01")
			b.credit("CN-1", "120.00", "2026-11-05").Status = ar.Void
			b.invoice("INV-22", "55.00", "2026-09-01", "2026-10-01").Status = ar.Draft
			b.payment("PAY-22", "66.00", "2026-09-01").Status = ar.Deleted
			b.invoice("INV-23", "0.00", "2026-09-01", "2026-10-01") // voided, as QuickBooks shows it
		}, []want{{
			"2026-11-25", "INV-21 500.00",
			"USD 500.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 500.00", "",
		}}},
		{"AG-09 what paid a voided invoice is unapplied again", func(b *book) {
			b.invoice("INV-20", "640.00", "2026-09-01", "2026-10-01").Status = ar.Void
			b.pay("PAY-20", "INV-20", "640.00", "2026-10-02")
			b.invoice("INV-21", "100.00", "2026-09-01", "2026-10-01")
			b.pay("PAY-21", "INV-21", "100.00", "2026-10-02")
			b.find("PAY-21").Status = ar.Void
		}, []want{{
			"2026-10-05", "PAY-20 -640.00, INV-21 100.00 4d",
			"USD 0.00 | 100.00 | 0.00 | 0.00 | 0.00 - 640.00 = -540.00",
			"USD 0.00 | -540.00 | 0.00 | 0.00 | 0.00 - 0.00 = -540.00",
		}}},
		{"AG-10 cents add up", func(b *book) {
			b.invoice("(a)", "249.98", "2026-09-01", "2026-10-01")
			b.pay("P1", "(a)", "179.99", "2026-09-10")
			b.pay("P2", "(a)", "69.99", "2026-09-10")
			b.invoice("(b)", "0.30", "2026-09-01", "2026-10-01")
			for _, n := range []string{"P3", "P4", "P5"} {
				b.pay(n, "(b)", "0.10", "2026-09-10")
			}
		}, []want{{"2026-11-25", "", "", ""}}},
		{"AG-12 currencies are not added", func(b *book) {
			b.add(ar.Invoice, "INV-30", usd(b.t, "4310.25"), "2026-09-20", "2026-10-20")
			b.add(ar.Invoice, "INV-31", money(b.t, "820.00", "EUR"), "2026-09-20", "2026-10-20")
		}, []want{{
			"2026-11-25", "INV-30 4310.25 36d, INV-31 820.00 36d",
			"EUR 0.00 | 0.00 | 820.00 | 0.00 | 0.00 - 0.00 = 820.00\n" +
				"USD 0.00 | 0.00 | 4310.25 | 0.00 | 0.00 - 0.00 = 4310.25", "",
		}}},
		{"X01 not yet due is current", func(b *book) {
			b.invoice("INV-1", "1200.00", "2026-11-01", "2026-12-30")
			b.invoice("INV-2", "800.00", "2026-09-01", "2026-10-01")
		}, []want{{
			"2026-11-25", "INV-1 1200.00, INV-2 800.00 55d",
			"USD 1200.00 | 0.00 | 800.00 | 0.00 | 0.00 - 0.00 = 2000.00", "",
		}}},
		{"X02 settled later", func(b *book) {
			b.invoice("INV-1", "600.00", "2026-08-01", "2026-08-31")
			b.credit("CM-1", "600.00", "2026-09-15")
			b.apply("CM-1", "INV-1", "600.00", "2026-10-05")
		}, []want{
			{
				"2026-09-30", "INV-1 600.00 30d, CM-1 -600.00",
				"USD 0.00 | 600.00 | 0.00 | 0.00 | 0.00 - 600.00 = 0.00",
				"USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 0.00",
			},
			{"2026-10-31", "", "", ""},
		}},
		{"X10 payment before its invoice", func(b *book) {
			b.payment("PAY-1", "2400.00", "2026-10-13")
			b.invoice("INV-1", "3000.00", "2026-11-19", "2026-12-19")
			b.apply("PAY-1", "INV-1", "2400.00", "2026-10-13")
		}, []want{
			{
				"2026-11-11", "PAY-1 -2400.00",
				"USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 2400.00 = -2400.00",
				"USD 0.00 | -2400.00 | 0.00 | 0.00 | 0.00 - 0.00 = -2400.00",
			},
			{"2026-11-25", "INV-1 600.00", "USD 600.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 600.00", ""},
		}},
		{"X12 a write-off settles", func(b *book) {
			b.invoice("(a)", "2000.00", "2026-09-01", "2026-10-01")
			b.pay("PAY-1", "(a)", "1400.00", "2026-10-10")
			b.apply("", "(a)", "600.00", "2026-11-10")
			b.invoice("(b)", "215.28", "2026-09-01", "2026-10-01")
			b.pay("PAY-2", "(b)", "215.27", "2026-10-10")
			b.apply("", "(b)", "0.01", "2026-10-10")
		}, []want{
			{"2026-11-09", "(a) 600.00 39d", "USD 0.00 | 0.00 | 600.00 | 0.00 | 0.00 - 0.00 = 600.00", ""},
			{"2026-11-25", "", "", ""},
		}},
		{"X13 partly paid", func(b *book) {
			b.invoice("INV-1", "2000.00", "2026-10-11", "2026-11-10")
			b.pay("PAY-1", "INV-1", "1000.00", "2026-11-12")
		}, []want{{
			"2026-11-25", "INV-1 1000.00 15d",
			"USD 0.00 | 1000.00 | 0.00 | 0.00 | 0.00 - 0.00 = 1000.00", "",
		}}},

		{"a deposit in QuickBooks Online, between payment and invoice", func(b *book) {
			b.payment("PAY", "3357.37", "2021-04-13")
			b.invoice("INV", "3357.37", "2021-05-19", "2021-06-18")
			b.apply("PAY", "INV", "3357.37", "2021-04-13")
		}, []want{
			{
				"2021-05-11", "PAY -3357.37", "USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 3357.37 = -3357.37",
				"USD 0.00 | -3357.37 | 0.00 | 0.00 | 0.00 - 0.00 = -3357.37",
			},
			{"2021-05-19", "", "", ""},
		}},
		{"a published aging schedule", func(b *book) {
			b.invoice("1", "76000.00", "2026-11-01", "2026-12-01")
			b.invoice("2", "14000.00", "2026-09-01", "2026-10-26") // 30 days: the last of its bucket
			b.invoice("3", "6000.00", "2026-09-01", "2026-10-25")  // 31 days: the first of the next
			b.invoice("4", "3000.00", "2026-08-01", "2026-08-27")  // 90 days
			b.invoice("5", "1000.00", "2026-08-01", "2026-08-26")  // 91 days
		}, []want{{
			"2026-11-25", "1 76000.00, 2 14000.00 30d, 3 6000.00 31d, 4 3000.00 90d, 5 1000.00 91d",
			"USD 76000.00 | 14000.00 | 6000.00 | 3000.00 | 1000.00 - 0.00 = 100000.00", "",
		}}},
		{"two currencies, 54 and 56 days", func(b *book) {
			b.invoice("40113", "565214.00", "2021-01-04", "2021-02-03")
			b.pay("P", "40113", "509564.00", "2021-02-01")
			b.invoice("40114", "62507.50", "2021-01-04", "2021-02-03")
			b.invoice("40115", "1015.05", "2021-01-04", "2021-02-03")
			b.invoice("40116", "504.00", "2021-01-04", "2021-02-03")
			b.add(ar.Invoice, "50001", money(b.t, "1000.00", "EUR"), "2021-01-06", "2021-02-05")
		}, []want{{
			"2021-03-31", "40113 55650.00 56d, 40114 62507.50 56d, 40115 1015.05 56d, 40116 504.00 56d, 50001 1000.00 54d",
			"EUR 0.00 | 0.00 | 1000.00 | 0.00 | 0.00 - 0.00 = 1000.00\n" +
				"USD 0.00 | 0.00 | 119676.55 | 0.00 | 0.00 - 0.00 = 119676.55", "",
		}}},

		// What ERPNext's own tests expect, where it has the same notions.
		{"an advance is credit", func(b *book) {
			b.payment("ADV", "1000.00", "2026-11-01")
		}, []want{{
			"2026-11-25", "ADV -1000.00", "USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 1000.00 = -1000.00",
			"USD 0.00 | -1000.00 | 0.00 | 0.00 | 0.00 - 0.00 = -1000.00",
		}}},
		{"a full credit note leaves nothing", func(b *book) {
			b.invoice("INV", "100.00", "2026-11-01", "")
			b.credit("CN", "100.00", "2026-11-02")
			b.apply("CN", "INV", "100.00", "2026-11-02")
		}, []want{{"2026-11-25", "", "", ""}}},
		{"a credit note kept by itself", func(b *book) {
			b.invoice("INV", "100.00", "2026-11-25", "")
			b.pay("PAY", "INV", "40.00", "2026-11-25")
			b.credit("CN", "100.00", "2026-11-25")
		}, []want{{
			"2026-11-25", "INV 60.00, CN -100.00", "USD 60.00 | 0.00 | 0.00 | 0.00 | 0.00 - 100.00 = -40.00",
			"USD -40.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = -40.00",
		}}},
		{"the credit note of a paid invoice settles another", func(b *book) {
			b.invoice("INV-1", "100.00", "2026-11-01", "")
			b.pay("PAY", "INV-1", "100.00", "2026-11-02")
			b.credit("CN", "100.00", "2026-11-03")
			b.invoice("INV-2", "100.00", "2026-11-04", "")
			b.apply("CN", "INV-2", "100.00", "2026-11-05")
		}, []want{{"2026-11-25", "", "", ""}}},
		{"journal lines pay and credit", func(b *book) {
			b.invoice("INV-1", "100.00", "2026-11-25", "")
			b.add(ar.Journal, "JE-1", usd(b.t, "-40.00"), "2026-11-25", "")
			b.apply("JE-1", "INV-1", "40.00", "2026-11-25")
			b.add(ar.Journal, "JE-2", usd(b.t, "-100.00"), "2026-11-25", "")
			b.add(ar.Journal, "JE-3", usd(b.t, "7.00"), "2026-11-20", "") // raises what is owed
		}, []want{{
			"2026-11-25", "INV-1 60.00, JE-2 -100.00, JE-3 7.00 5d",
			"USD 60.00 | 7.00 | 0.00 | 0.00 | 0.00 - 100.00 = -33.00",
			"USD -40.00 | 7.00 | 0.00 | 0.00 | 0.00 - 0.00 = -33.00",
		}}},
		{"one journal line pays two invoices", func(b *book) {
			b.invoice("INV-1", "100.00", "2026-11-25", "")
			b.invoice("INV-2", "100.00", "2026-11-25", "")
			b.add(ar.Journal, "JE", usd(b.t, "-100.00"), "2026-11-25", "")
			b.apply("JE", "INV-1", "50.00", "2026-11-25")
			b.apply("JE", "INV-2", "50.00", "2026-11-25")
		}, []want{{
			"2026-11-25", "INV-1 50.00, INV-2 50.00", "USD 100.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 100.00", "",
		}}},
		{"a payment of tomorrow", func(b *book) {
			b.credit("CN", "10.00", "2026-11-25")
			b.invoice("INV", "100.00", "2026-11-25", "")
			b.payment("PAY", "110.00", "2026-11-26")
			b.apply("PAY", "INV", "100.00", "2026-11-26")
			b.invoice("LATER", "5.00", "2026-11-27", "")
		}, []want{
			{
				"2026-11-25", "CN -10.00, INV 100.00", "USD 100.00 | 0.00 | 0.00 | 0.00 | 0.00 - 10.00 = 90.00",
				"USD 90.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 90.00",
			},
			{
				"2026-11-26", "CN -10.00, PAY -10.00", "USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 20.00 = -20.00",
				"USD -10.00 | -10.00 | 0.00 | 0.00 | 0.00 - 0.00 = -20.00",
			},
		}},
		{"one cent is left", func(b *book) {
			b.invoice("INV", "100.00", "2026-11-25", "")
			b.pay("PAY", "INV", "99.99", "2026-11-25")
		}, []want{{"2026-11-25", "INV 0.01", "USD 0.01 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 0.01", ""}}},

		{"a refund is paid out of a credit", func(b *book) {
			b.credit("CM", "100.00", "2026-11-01")
			b.add(ar.Refund, "RF", usd(b.t, "-70.00"), "2026-11-10", "")
			b.apply("CM", "RF", "70.00", "2026-11-12")
		}, []want{
			{
				"2026-11-11", "CM -100.00, RF 70.00 1d", "USD 0.00 | 70.00 | 0.00 | 0.00 | 0.00 - 100.00 = -30.00",
				"USD 0.00 | -30.00 | 0.00 | 0.00 | 0.00 - 0.00 = -30.00",
			},
			{
				"2026-11-12", "CM -30.00", "USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 30.00 = -30.00",
				"USD 0.00 | -30.00 | 0.00 | 0.00 | 0.00 - 0.00 = -30.00",
			},
		}},
		{"an application that is taken back", func(b *book) {
			b.invoice("INV", "100.00", "2026-11-01", "")
			b.pay("PAY", "INV", "100.00", "2026-11-05")
			b.apply("PAY", "INV", "-100.00", "2026-11-20")
		}, []want{
			{"2026-11-19", "", "", ""},
			{
				"2026-11-20", "INV 100.00 19d, PAY -100.00", "USD 0.00 | 100.00 | 0.00 | 0.00 | 0.00 - 100.00 = 0.00",
				"USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 0.00 = 0.00",
			},
		}},
		{"an over-applied invoice is credit and ages by its own date", func(b *book) {
			b.invoice("INV", "100.00", "2026-10-01", "2026-12-31")
			b.pay("PAY", "INV", "130.00", "2026-11-05")
		}, []want{{
			"2026-11-25", "INV -30.00", "USD 0.00 | 0.00 | 0.00 | 0.00 | 0.00 - 30.00 = -30.00",
			"USD 0.00 | 0.00 | -30.00 | 0.00 | 0.00 - 0.00 = -30.00",
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBook(t)
			tt.book(b)
			for _, w := range tt.want {
				if w.ledger == "" {
					w.ledger = w.aged
				}
				if diff := cmp.Diff(w.items, b.items(w.asOf)); diff != "" {
					t.Errorf("open items of %s (-want +got):\n%s", w.asOf, diff)
				}
				if diff := cmp.Diff(w.aged, b.aged(byDueDate(t, w.asOf))); diff != "" {
					t.Errorf("aging of %s (-want +got):\n%s", w.asOf, diff)
				}
				if diff := cmp.Diff(w.ledger, b.aged(ledgerView(t, w.asOf))); diff != "" {
					t.Errorf("ledger view of %s (-want +got):\n%s", w.asOf, diff)
				}
			}
		})
	}
}

// twoCustomers is a book with a partly paid invoice, an unapplied credit memo
// and an invoice dated ahead.
func twoCustomers(t testing.TB) *book {
	t.Helper()
	b := newBook(t)
	b.invoice("INV-1", "1000.00", "2026-08-15", "2026-09-14")
	b.invoice("INV-2", "500.00", "2026-10-01", "2026-10-31")
	b.invoice("INV-3", "250.00", "2026-10-26", "2026-11-25")
	b.invoice("INV-4", "700.00", "2026-11-10", "2026-12-10")
	b.credit("CM-1", "100.00", "2026-11-20")
	b.invoice("INV-5", "999.00", "2026-12-05", "2027-01-04")
	b.pay("PAY-1", "INV-1", "400.00", "2026-09-30")
	b.pay("PAY-2", "INV-1", "600.00", "2026-11-28")
	for _, beta := range []string{"INV-3", "INV-4", "CM-1", "INV-5"} {
		b.find(beta).Customer = 2
	}
	return b
}

// TestAgingByCustomer holds the book that hledger, ledger and beancount were
// given, with what they say.
func TestAgingByCustomer(t *testing.T) {
	t.Parallel()
	b := twoCustomers(t)
	for _, tt := range []struct {
		asOf       string
		acme, beta string
		all, ours  string
	}{
		{
			asOf: "2026-11-25",
			acme: "USD 0.00 | 500.00 | 0.00 | 600.00 | 0.00 - 0.00 = 1100.00",
			beta: "USD 950.00 | -100.00 | 0.00 | 0.00 | 0.00 - 0.00 = 850.00",
			all:  "USD 950.00 | 400.00 | 0.00 | 600.00 | 0.00 - 0.00 = 1950.00",
			ours: "USD 950.00 | 500.00 | 0.00 | 600.00 | 0.00 - 100.00 = 1950.00",
		},
		{
			asOf: "2026-11-29",
			acme: "USD 0.00 | 500.00 | 0.00 | 0.00 | 0.00 - 0.00 = 500.00",
			beta: "USD 700.00 | 150.00 | 0.00 | 0.00 | 0.00 - 0.00 = 850.00",
			all:  "USD 700.00 | 650.00 | 0.00 | 0.00 | 0.00 - 0.00 = 1350.00",
			ours: "USD 700.00 | 750.00 | 0.00 | 0.00 | 0.00 - 100.00 = 1350.00",
		},
	} {
		of := map[ar.CustomerID][]ar.OpenItem{}
		items := b.open(tt.asOf)
		for _, i := range items {
			of[i.Customer] = append(of[i.Customer], i)
		}
		got := map[string]string{
			"Acme": aged(t, of[1], ledgerView(t, tt.asOf)), "Beta": aged(t, of[2], ledgerView(t, tt.asOf)),
			"all": aged(t, items, ledgerView(t, tt.asOf)), "our view": aged(t, items, byDueDate(t, tt.asOf)),
		}
		want := map[string]string{"Acme": tt.acme, "Beta": tt.beta, "all": tt.all, "our view": tt.ours}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as of %s (-want +got):\n%s", tt.asOf, diff)
		}
	}
}

func TestAgingByInvoiceDate(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	for _, d := range []struct{ number, amount, date string }{
		{"today", "1.00", "2026-11-25"},
		{"30 days", "2.00", "2026-10-26"},
		{"31 days", "4.00", "2026-10-25"},
		{"60 days", "8.00", "2026-09-26"},
		{"90 days", "16.00", "2026-08-27"},
		{"120 days", "32.00", "2026-07-28"},
		{"121 days", "64.00", "2026-07-27"},
	} {
		b.invoice(d.number, d.amount, d.date, "2027-01-31")
	}
	b.credit("CM", "128.00", "2026-10-20")
	rule := ar.NewAgingRule(day(t, "2026-11-25"), ar.ByInvoiceDate)
	if got, want := b.aged(rule), "USD 3.00 | 12.00 | 16.00 | 32.00 | 64.00 - 128.00 = -1.00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	rule.LedgerView = true
	if got, want := b.aged(rule), "USD 3.00 | -116.00 | 16.00 | 32.00 | 64.00 - 0.00 = -1.00"; got != want {
		t.Errorf("ledger view: got %s, want %s", got, want)
	}
	rule.Edges = ar.Edges{7}
	if got, want := b.aged(rule), "USD 1.00 | -2.00 - 0.00 = -1.00"; got != want {
		t.Errorf("two buckets: got %s, want %s", got, want)
	}
	rule.Edges = nil
	if got, want := b.aged(rule), "USD -1.00 - 0.00 = -1.00"; got != want {
		t.Errorf("one bucket: got %s, want %s", got, want)
	}
}

func TestEdges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text   string
		basis  ar.Basis
		labels string // "" where it is refused
	}{
		{"30,60,90", ar.ByDueDate, "Current, 1-30, 31-60, 61-90, 91+"},
		{" 30, 60 ,90,120", ar.ByInvoiceDate, "0-30, 31-60, 61-90, 91-120, 121+"},
		{"14", ar.ByDueDate, "Current, 1-14, 15+"},
		{"14", ar.ByInvoiceDate, "0-14, 15+"},
		{"1,2", ar.ByDueDate, "Current, 1, 2, 3+"},
		{"7,14,21,28", ar.ByDueDate, "Current, 1-7, 8-14, 15-21, 22-28, 29+"},
		{"", ar.ByDueDate, ""},
		{"0", ar.ByDueDate, ""},
		{"0,30", ar.ByInvoiceDate, ""},
		{"30,30", ar.ByDueDate, ""},
		{"60,30", ar.ByDueDate, ""},
		{"-30", ar.ByDueDate, ""},
		{"30,,60", ar.ByDueDate, ""},
		{"30;60", ar.ByDueDate, ""},
		{"99999999999999999999", ar.ByDueDate, ""},
	}
	for _, tt := range tests {
		t.Run(tt.text+" "+string(tt.basis), func(t *testing.T) {
			t.Parallel()
			edges, err := ar.ParseEdges(tt.text, tt.basis)
			if (err != nil) != (tt.labels == "") {
				t.Fatalf("read as %v, %v", edges, err)
			}
			if got := labels(edges); err == nil && got != tt.labels {
				t.Errorf("labels %s, want %s", got, tt.labels)
			}
		})
	}
	if got, want := labels(ar.DefaultEdges(ar.ByDueDate)), "Current, 1-30, 31-60, 61-90, 91+"; got != want {
		t.Errorf("by due date: %s, want %s", got, want)
	}
	if got, want := labels(ar.DefaultEdges(ar.ByInvoiceDate)), "0-30, 31-60, 61-90, 91-120, 121+"; got != want {
		t.Errorf("by invoice date: %s, want %s", got, want)
	}
	if got := labels(nil); got != "All" {
		t.Errorf("without edges: %s", got)
	}
}

func labels(e ar.Edges) string {
	names := make([]string, e.Count())
	for i := range names {
		names[i] = e.Label(i)
	}
	return strings.Join(names, ", ")
}

func TestAgingParts(t *testing.T) {
	t.Parallel()
	agings, err := ar.Age(twoCustomers(t).open("2026-11-25"), byDueDate(t, "2026-11-25"))
	if err != nil || len(agings) != 1 {
		t.Fatal(agings, err)
	}
	a := agings[0]
	gross, err := a.Gross()
	if err != nil || gross != usd(t, "2050.00") {
		t.Errorf("gross %s, %v", gross, err)
	}
	overdue, err := a.Overdue()
	if err != nil || overdue != usd(t, "1100.00") || a.Current() != usd(t, "950.00") {
		t.Errorf("overdue %s, current %s, %v", overdue, a.Current(), err)
	}
	if a.Items != 4 || a.Unapplied != usd(t, "100.00") {
		t.Errorf("%d items, unapplied %s", a.Items, a.Unapplied)
	}
	twice, err := a.Plus(a)
	if err != nil {
		t.Fatal(err)
	}
	net, err := twice.Net()
	if err != nil || net != usd(t, "3900.00") || twice.Items != 8 || twice.Currency != "USD" {
		t.Errorf("twice the aging: net %s, %d items of %s, %v", net, twice.Items, twice.Currency, err)
	}
	if _, err := a.Plus(ar.NewAging("USD", ar.Edges{0})); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("agings with other buckets were added: %v", err)
	}
	if _, err := a.Plus(ar.NewAging("EUR", ar.DefaultEdges(ar.ByDueDate))); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("agings of two currencies were added: %v", err)
	}
}

func TestOverflowIsAnError(t *testing.T) {
	t.Parallel()
	most := ar.NewMoney(math.MaxInt64, "USD")
	b := newBook(t)
	b.add(ar.Invoice, "INV-1", most, "2026-11-01", "")
	b.add(ar.Invoice, "INV-2", most, "2026-11-01", "")
	if got, err := ar.Age(b.open("2026-11-25"), byDueDate(t, "2026-11-25")); !errors.Is(err, ar.ErrMoney) || !strings.Contains(err.Error(), "INV-2") {
		t.Errorf("age: %v, %v", got, err)
	}
	full := ar.NewAging("USD", ar.Edges{0})
	full.Buckets = []ar.Money{most, most}
	if m, err := full.Net(); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("net: %s, %v", m, err)
	}
	b = newBook(t)
	b.add(ar.Payment, "PAY", most, "2026-11-01", "")
	b.add(ar.Invoice, "INV", usd(t, "1.00"), "2026-11-01", "")
	b.apply("PAY", "INV", "-1.00", "2026-11-02")
	if _, err := ar.OpenItems(b.documents, b.applications, day(t, "2026-11-25")); !errors.Is(err, ar.ErrMoney) || !strings.Contains(err.Error(), "A-1 from PAY") {
		t.Errorf("apply: %v", err)
	}
	b = newBook(t)
	b.add(ar.Payment, "PAY", money(t, "1.00", "EUR"), "2026-11-01", "")
	b.add(ar.Invoice, "INV", usd(t, "1.00"), "2026-11-01", "")
	b.apply("PAY", "INV", "1.00", "2026-11-02")
	if _, err := ar.OpenItems(b.documents, b.applications, day(t, "2026-11-25")); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("a payment in EUR of an invoice in USD: %v", err)
	}
	b.applications[0].Amount = money(t, "1.00", "EUR")
	if _, err := ar.OpenItems(b.documents, b.applications, day(t, "2026-11-25")); !errors.Is(err, ar.ErrMoney) || !strings.Contains(err.Error(), "A-1 to INV") {
		t.Errorf("EUR applied to an invoice in USD: %v", err)
	}
}

func TestToChase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, overdue, disputed, promised, unapplied, want string }{
		{"AG-04: the money is in", "260.00", "0", "0", "260.00", "0.00"},
		{"nothing in the way", "700.00", "0", "0", "0", "700.00"},
		{"all of it", "700.00", "100.00", "200.00", "50.00", "350.00"},
		{"never below 0", "700.00", "400.00", "400.00", "0", "0.00"},
		{"more credit than overdue", "100.00", "0", "0", "250.00", "0.00"},
		{"nothing overdue", "0", "0", "0", "0", "0.00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ar.ToChase(usd(t, tt.overdue), usd(t, tt.disputed), usd(t, tt.promised), usd(t, tt.unapplied))
			if err != nil || got != usd(t, tt.want) {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
	if got, err := ar.ToChase(usd(t, "1.00"), ar.Money{}, money(t, "1.00", "EUR"), ar.Money{}); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("a promise in EUR against USD: %s, %v", got, err)
	}
	if got, err := ar.ToChase(usd(t, "9.00"), ar.Money{}, ar.Money{}, ar.Money{}); err != nil || got != usd(t, "9.00") {
		t.Errorf("without deductions: %s, %v", got, err)
	}
}
