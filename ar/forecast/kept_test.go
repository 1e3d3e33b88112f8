package forecast_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/ar/forecast"
)

// What was rehearsed once gives the ranges of any number of weeks.
func TestRehearsedOnceForAllWeeks(t *testing.T) {
	t.Parallel()
	history, asOf := madeUp(3, 20), ar.NewDate(2026, 3, 2)
	rehearsed, err := forecast.Rehearse(history, asOf, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, weeks := range []int{forecast.FewestWeeks, 7, forecast.MostWeeks} {
		want, err := forecast.Calibrate(history, asOf, weeks, 0)
		if err != nil {
			t.Fatal(err)
		}
		if want.Receipts.Total.Weeks < forecast.FewestPast {
			t.Fatalf("the history has but %d past weeks", want.Receipts.Total.Weeks)
		}
		if diff := cmp.Diff(want, rehearsed.Calibration(weeks)); diff != "" {
			t.Errorf("%d weeks (-calibrated +rehearsed):\n%s", weeks, diff)
		}
	}
	if got := (forecast.Rehearsed{}).Calibration(4); got.Receipts.Total.Weeks != 0 {
		t.Errorf("nothing was rehearsed, and there is a range: %+v", got)
	}
}

// A model that learned on one morning foretells from another, with the same hazards.
func TestModelOfAnotherMorning(t *testing.T) {
	t.Parallel()
	history, asOf := madeUp(3, 20), ar.NewDate(2026, 3, 2)
	model := forecast.Train(history, asOf, 0)
	if model.On(asOf) != model || model.AsOf() != asOf {
		t.Error("the same morning is another model")
	}
	later := model.On(asOf.AddDays(7))
	due := asOf.AddDays(7)
	open := forecast.Item{Invoice: forecast.Invoice{ID: 1, Customer: 999, Issued: asOf.AddDays(-30), Due: due, Amount: usd(t, "100")}}
	before, after := model.Expect(open), later.Expect(open)
	if after.Early.Before(asOf.AddDays(7)) || before.Early.Before(asOf) {
		t.Errorf("it is expected in the past: %+v, %+v", before, after)
	}
	cash, err := later.Cash(forecast.Book{Open: []forecast.Item{open}}, 4)
	if err != nil || cash[0].Weeks[0].From != asOf.AddDays(7) {
		t.Errorf("the first week is %+v (%v)", cash, err)
	}
	if again := model.Expect(open); again != before {
		t.Error("the model that was moved has changed")
	}
}
