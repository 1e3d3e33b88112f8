package ar_test

import (
	"testing"

	"pgregory.net/rapid"

	"arbot/ar"
)

// paid makes a paid invoice of whole dollars, settled so many days after its
// date and its due date.
func paid(dollars int64, afterDate, afterDue int) ar.PaidInvoice {
	settled := ar.NewDate(2026, 11, 25)
	return ar.PaidInvoice{
		Date: settled.AddDays(-afterDate), Due: settled.AddDays(-afterDue), Settled: settled, Amount: ar.NewMoney(dollars*100, "USD"),
	}
}

func TestPaySpeed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		paid         []ar.PaidInvoice
		toPay, later int // tenths of days
	}{
		{"published: $10 in 5 days and $100 in 10 are 9.55, not 7.5", []ar.PaidInvoice{paid(10, 5, 0), paid(100, 10, 0)}, 95, 0},
		{"published: 28, 22, 15, 35 and 20 days are 24", []ar.PaidInvoice{
			paid(1, 28, 0), paid(1, 22, 0), paid(1, 15, 0), paid(1, 35, 0), paid(1, 20, 0),
		}, 240, 0},
		{"published: 5,000 weighted days of 1,500 are 3.33 beyond terms", []ar.PaidInvoice{paid(500, 30, 10), paid(1000, 30, 0)}, 300, 33},
		{"published: 41,000 of 10,300 are 3.98", []ar.PaidInvoice{paid(4100, 30, 10), paid(6200, 30, 0)}, 300, 40},
		{"early is below 0", []ar.PaidInvoice{paid(100, 20, -10), paid(300, 32, 2)}, 290, -10},
		{"half a tenth is rounded away from zero", []ar.PaidInvoice{paid(1, 1, -1), paid(19, 0, 0)}, 1, -1},
		{"less than half is dropped", []ar.PaidInvoice{paid(1, 1, -1), paid(20, 0, 0)}, 0, 0},
		{"paid before its date", []ar.PaidInvoice{paid(100, -3, -33)}, -30, -330},
		{"a big payer", []ar.PaidInvoice{paid(90_000_000_000_000_000, 400, 300), paid(90_000_000_000_000_000, 400, 300)}, 4000, 3000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := ar.PaySpeed{Invoices: len(tt.paid), DaysToPayTenths: tt.toPay, DaysLateTenths: tt.later}
			if got := ar.NewPaySpeed(tt.paid); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
	for name, list := range map[string][]ar.PaidInvoice{"none": nil, "worth nothing": {paid(0, 5, 5)}, "worth less": {paid(-5, 5, 5)}} {
		if got := ar.NewPaySpeed(list); got != (ar.PaySpeed{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestDaysToPayLessTermsIsDaysLate: with terms of whole days for all, days to
// pay less the terms are the days late, to the tenth.
func TestDaysToPayLessTermsIsDaysLate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		terms := rapid.IntRange(0, 90).Draw(t, "terms")
		var list []ar.PaidInvoice
		fastest, slowest := 1<<30, 0
		for range rapid.IntRange(1, 10).Draw(t, "invoices") {
			days := rapid.IntRange(terms, 200).Draw(t, "days")
			fastest, slowest = min(fastest, days), max(slowest, days)
			list = append(list, paid(rapid.Int64Range(1, 1000).Draw(t, "amount"), days, days-terms))
		}
		speed := ar.NewPaySpeed(list)
		if speed.DaysToPayTenths-10*terms != speed.DaysLateTenths || speed.DaysToPayTenths < 10*fastest || speed.DaysToPayTenths > 10*slowest {
			t.Fatalf("terms of %d days, paid in %d to %d: %+v", terms, fastest, slowest, speed)
		}
	})
}

func TestPayWindow(t *testing.T) {
	t.Parallel()
	for asOf, from := range map[string]string{
		"2026-11-25": "2025-11-25",
		"2028-02-29": "2027-02-28",
		"2029-02-28": "2028-02-28",
		"2028-03-01": "2027-03-01",
		"2026-01-01": "2025-01-01",
	} {
		gotFrom, gotTo := ar.PayWindow(day(t, asOf))
		if gotFrom.String() != from || gotTo.String() != asOf {
			t.Errorf("the year up to %s is after %s, up to %s; want after %s", asOf, gotFrom, gotTo, from)
		}
	}
}
