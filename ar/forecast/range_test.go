package forecast_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/ar/forecast"
)

// wrongBy are past weeks whose forecast of 100.00 was wrong by so many percent.
func wrongBy(percent ...int64) []forecast.Past {
	var past []forecast.Past
	for _, p := range percent {
		past = append(past, forecast.Past{Forecast: ar.NewMoney(10_000, "USD"), Came: ar.NewMoney(10_000+100*p, "USD")})
	}
	return past
}

func TestRangeNeedsTwelveWeeks(t *testing.T) {
	t.Parallel()
	eleven := wrongBy(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	if _, _, ok := forecast.NewWidth(eleven).Range(usd(t, "100")); ok {
		t.Error("eleven past weeks make a range")
	}
	unforeseen := []forecast.Past{{Came: usd(t, "5")}}
	if _, _, ok := forecast.NewWidth(slices.Concat(eleven, unforeseen)).Range(usd(t, "100")); ok {
		t.Error("a week for which nothing was foretold counts")
	}
	low, high, ok := forecast.NewWidth(slices.Concat(eleven, wrongBy(-12))).Range(usd(t, "100"))
	if !ok || low.Decimal() != "89.00" || high.Decimal() != "111.00" {
		t.Errorf("the range is %s to %s (%t), want 89.00 to 111.00", low.Decimal(), high.Decimal(), ok)
	}
}

func TestRangeIsNeverBelowNothing(t *testing.T) {
	t.Parallel()
	low, high, ok := forecast.NewWidth(wrongBy(200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200)).Range(usd(t, "10"))
	if !ok || !low.IsZero() || high.Decimal() != "30.00" {
		t.Errorf("the range is %s to %s (%t), want 0.00 to 30.00", low.Decimal(), high.Decimal(), ok)
	}
}

// What was off by all of its amount is vague; a range that begins above 0 is not, nor is
// none at all.
func TestVague(t *testing.T) {
	t.Parallel()
	for percent, want := range map[int64]bool{-99: false, -100: true, 200: true} {
		past := wrongBy(slices.Repeat([]int64{percent}, forecast.FewestPast)...)
		if got := forecast.NewWidth(past).Vague(); got != want {
			t.Errorf("wrong by %d %%: vague is %t, want %t", percent, got, want)
		}
		if forecast.NewWidth(past[1:]).Vague() {
			t.Errorf("wrong by %d %%: vague on too few weeks", percent)
		}
	}
}

// TestNewerWeeksWeighMore: a customer who has become erratic widens the range at once,
// and half a year later the old weeks are forgotten.
func TestNewerWeeksWeighMore(t *testing.T) {
	t.Parallel()
	calm, wild := make([]int64, 20), make([]int64, 6)
	for n := range wild {
		wild[n] = 50
	}
	share := func(parts ...[]int64) float64 {
		var all []int64
		for _, p := range parts {
			all = append(all, p...)
		}
		return forecast.NewWidth(wrongBy(all...)).Share
	}
	if got := share(wild, calm); got != 0 {
		t.Errorf("six wild weeks long ago: %.2f, want 0", got)
	}
	if got := share(calm, wild); got != 0.5 {
		t.Errorf("six wild weeks lately: %.2f, want 0.50", got)
	}
	if got := share(wild, wild, wild, calm, calm[:6]); got != 0 {
		t.Errorf("wild weeks more than half a year ago: %.2f, want 0", got)
	}
}

func TestHeld(t *testing.T) {
	t.Parallel()
	said := func(came string) forecast.Said {
		return forecast.Said{Low: usd(t, "10"), High: usd(t, "20"), Came: usd(t, came)}
	}
	held, of := forecast.Held([]forecast.Said{said("9.99"), said("10"), said("15"), said("20"), said("20.01")})
	if held != 3 || of != 5 {
		t.Errorf("%d of %d held, want 3 of 5", held, of)
	}
}

func TestNaiveLine(t *testing.T) {
	t.Parallel()
	weeks := []ar.Money{usd(t, "1000"), usd(t, "10"), usd(t, "20"), usd(t, "30"), usd(t, "40.03")}
	if got, ok, err := forecast.Naive(weeks); err != nil || !ok || got.Decimal() != "25.00" {
		t.Errorf("the naive line is %s (%t, %v), want 25.00", got, ok, err)
	}
	if _, ok, err := forecast.Naive(weeks[:3]); ok || err != nil {
		t.Errorf("three weeks make a naive line (%v)", err)
	}
	weeks[4] = ar.NewMoney(1, "EUR")
	if _, _, err := forecast.Naive(weeks); err == nil {
		t.Error("two currencies make a naive line")
	}
}

// TestCalibration: what is calibrated for a morning is what a backtest uses on it, and
// it can be kept.
func TestCalibration(t *testing.T) {
	t.Parallel()
	history := madeUp(2, 30)
	c, err := forecast.Calibrate(history, ar.NewDate(2026, 9, 7), 4, forecast.DefaultKappa)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range slices.Concat(c.Open.Weeks, c.Receipts.Weeks, []forecast.Width{c.Open.Total, c.Receipts.Total}) {
		if w.Weeks != forecast.MostPast || w.Share <= 0 || w.Share > 1 {
			t.Errorf("a width of %+v", w)
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var kept forecast.Calibration
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, kept); diff != "" {
		t.Errorf("calibration (-made +kept):\n%s", diff)
	}
}

func TestYoungBookHasNoRange(t *testing.T) {
	t.Parallel()
	history := madeUp(2, 30)
	c, err := forecast.Calibrate(history, ar.NewDate(2025, 4, 21), 4, forecast.DefaultKappa)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range c.Open.Weeks {
		if _, _, ok := w.Range(usd(t, "100")); ok {
			t.Errorf("a range from %d weeks", w.Weeks)
		}
	}
	if c, err = forecast.Calibrate(nil, monday, 4, forecast.DefaultKappa); err != nil || len(c.Open.Weeks) != 0 {
		t.Errorf("a calibration of nothing: %+v (%v)", c, err)
	}
}
