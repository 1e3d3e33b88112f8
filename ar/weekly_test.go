package ar_test

import (
	"slices"
	"testing"

	"arbot/ar"
)

func minorUSD(minor int64) ar.Money { return ar.NewMoney(minor, "USD") }

// Terms granted are held against those of the customer, by amount: 30 days for Net 30, the
// way to the end of the month for EOM; a customer without terms stands apart.
func TestTermsDrifts(t *testing.T) {
	t.Parallel()
	given := func(terms, date string, minor int64, days int) ar.TermsGiven {
		d, err := ar.ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		g := ar.TermsGiven{Terms: terms, Date: d, Currency: "USD", Invoices: 1, Amount: minorUSD(minor)}
		g.Granted.Add(g.Amount, days)
		return g
	}
	drifts, err := ar.TermsDrifts([]ar.TermsGiven{
		given("Net 30", "2026-11-02", 1000, 30), given("Net 30", "2026-11-09", 1000, 60), given("EOM", "2026-11-20", 2000, 10), given("as agreed", "2026-11-20", 700, 5),
	})
	if err != nil || len(drifts) != 1 {
		t.Fatalf("%+v, %v", drifts, err)
	}
	d := drifts[0]
	if d.Invoices != 3 || d.Amount != minorUSD(4000) || d.Without != minorUSD(700) {
		t.Errorf("%+v", d)
	}
	// 1000x30 + 1000x60 + 2000x10 granted, 1000x30 + 1000x30 + 2000x10 by terms.
	if granted, policy := d.Granted.Int().Int64(), d.Policy.Int().Int64(); granted != 110_000 || policy != 80_000 {
		t.Errorf("granted %d, policy %d", granted, policy)
	}
}

// What is disputed for longer weighs more; what was resolved, or opened later, nothing.
func TestDisputeBurdens(t *testing.T) {
	t.Parallel()
	asOf := ar.NewDate(2026, 11, 22)
	dispute := func(id int, reason ar.Reason, minor int64, opened, due int, state ar.DisputeState) ar.Dispute {
		return ar.Dispute{
			ID: ar.DisputeID(id), Reason: reason, Amount: minorUSD(minor), State: state, Due: asOf.AddDays(due), Opened: ar.Act{On: asOf.AddDays(-opened)},
		}
	}
	burdens, err := ar.DisputeBurdens([]ar.Dispute{
		dispute(1, ar.ReasonPricing, 1000, 3, 2, ar.DisputeOpen), dispute(2, ar.ReasonDamaged, 200, 40, -1, ar.DisputeInReview),
		dispute(3, ar.ReasonPricing, 500, 10, 0, ar.DisputeOpen), dispute(4, ar.ReasonTax, 9000, 9, -5, ar.DisputeResolved), dispute(5, ar.ReasonTax, 9000, -1, 5, ar.DisputeOpen),
	}, asOf)
	want := []ar.DisputeBurden{
		{Reason: ar.ReasonPricing, Currency: "USD", Count: 2, Amount: minorUSD(1500), Days: minorUSD(8000)},
		{Reason: ar.ReasonDamaged, Currency: "USD", Count: 1, Amount: minorUSD(200), Late: 1, Days: minorUSD(8000)},
	}
	if err != nil || !slices.Equal(burdens, want) {
		t.Errorf("%+v, %v", burdens, err)
	}
}

// The accounts that moved most come first, up or down, each currency on its own.
func TestTopMovers(t *testing.T) {
	t.Parallel()
	change := func(id int, c ar.Currency, before, after int64) ar.OverdueChange {
		m := ar.NewOverdueChange(ar.CustomerID(id), "", "", c)
		m.Before, m.After = ar.NewMoney(before, c), ar.NewMoney(after, c)
		return m
	}
	top, err := ar.TopMovers([]ar.OverdueChange{
		change(1, "USD", 100, 150), change(2, "USD", 900, 0), change(3, "USD", 7, 7), change(4, "EUR", 0, 1), change(5, "USD", 0, 60),
	}, 2)
	var ids []ar.CustomerID
	for _, m := range top {
		ids = append(ids, m.Customer)
	}
	if err != nil || !slices.Equal(ids, []ar.CustomerID{4, 2, 5}) {
		t.Errorf("%v, %v", ids, err)
	}
}
