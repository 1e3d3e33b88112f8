package forecast_test

import (
	"errors"
	"testing"

	"arbot/ar"
	"arbot/ar/forecast"
)

// run runs a backtest and logs what it found, which `go test -v` shows.
func run(t *testing.T, b forecast.Backtest) forecast.Report {
	t.Helper()
	r, err := b.Run()
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range map[string]forecast.Rows{"open": r.Rows, "overdue": r.Overdue} {
		t.Logf("%d %s rows: MAE %s (due date %s, mean lag %s), pinball %s, held %s",
			rows.Hazard.Count, name, rows.Hazard, rows.DueDate, rows.MeanLag, rows.Pinball, rows.Held)
	}
	for name, s := range map[string]forecast.Scores{"open book": r.Open, "receipts": r.Receipts} {
		for _, l := range s.Lines {
			t.Logf("%s by %s: WAPE %s by week, %s in all, bias %s, total %s", name, l.Method, l.Weeks, l.All, l.Bias, l.Total)
		}
		t.Logf("%s: ranges held %s by week, %s in all, of the total %s", name, s.Held, s.HeldAll(), s.HeldTotal)
	}
	return r
}

func mean(t *testing.T, m forecast.Mean) float64 {
	t.Helper()
	v, ok := m.Value()
	if !ok {
		t.Fatal("a mean of nothing")
	}
	return v
}

func percent(t *testing.T, s forecast.Share) float64 {
	t.Helper()
	v, ok := s.Percent()
	if !ok {
		t.Fatal("a share of nothing")
	}
	return v
}

func atMost(t *testing.T, what string, got, bar float64) {
	t.Helper()
	if got > bar {
		t.Errorf("%s is %.3f, want at most %.3f", what, got, bar)
	}
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s is %.1f, want %.1f to %.1f", what, got, low, high)
	}
}

func line(t *testing.T, s forecast.Scores, m forecast.Method) forecast.Line {
	t.Helper()
	for _, l := range s.Lines {
		if l.Method == m {
			return l
		}
	}
	t.Fatalf("no scores of %s", m)
	return forecast.Line{}
}

// near allows the two percent that a bar may be missed by.
const near = 1.02

func TestBacktestOnIBM(t *testing.T) {
	t.Parallel()
	r := run(t, forecast.Backtest{History: ibm(t), First: ar.NewDate(2013, 7, 1), Origins: 18})
	if n := r.Rows.Hazard.Count; n != 1505 {
		t.Errorf("%d open rows, want the 1,505 of the protocol", n)
	}
	atMost(t, "MAE of open rows", mean(t, r.Rows.Hazard), near*5.76)
	atMost(t, "MAE of overdue rows", mean(t, r.Overdue.Hazard), near*4.34)
	hazard := line(t, r.Open, forecast.Hazard)
	atMost(t, "weekly WAPE", percent(t, hazard.All), near*19.5)
	atMost(t, "WAPE of four weeks", percent(t, hazard.Total), near*5.4)
	within(t, "ranges that held", percent(t, r.Open.HeldAll()), 75, 85)
	// The plain lines show that the protocol is the same.
	within(t, "weekly WAPE by due date", percent(t, line(t, r.Open, forecast.DueDate).All), 37.15, 37.25)
	within(t, "weekly WAPE by mean lag", percent(t, line(t, r.Open, forecast.MeanLag).All), 25.9, 26.2)
}

func TestBacktestOnHighRadius(t *testing.T) {
	t.Parallel()
	r := run(t, forecast.Backtest{History: highRadius(t), First: ar.NewDate(2019, 10, 7), Origins: 17})
	if rows, overdue := r.Rows.Hazard.Count, r.Overdue.Hazard.Count; rows != 24518 || overdue != 4498 {
		t.Errorf("%d open rows, %d overdue; want the 24,518 and 4,498 of the protocol", rows, overdue)
	}
	atMost(t, "MAE of open rows", mean(t, r.Rows.Hazard), near*2.79)
	atMost(t, "MAE of overdue rows", mean(t, r.Overdue.Hazard), near*5.3)
	hazard := line(t, r.Open, forecast.Hazard)
	atMost(t, "weekly WAPE", percent(t, hazard.All), near*13.3)
	atMost(t, "WAPE of four weeks", percent(t, hazard.Total), near*2.5)
	within(t, "ranges that held", percent(t, r.Open.HeldAll()), 75, 100)
	within(t, "weekly WAPE by due date", percent(t, line(t, r.Open, forecast.DueDate).All), 28.25, 28.35)
	within(t, "weekly WAPE by mean lag", percent(t, line(t, r.Open, forecast.MeanLag).All), 16.1, 16.3)
	// The days on which customers pay are worth much more than the bar asks for.
	atMost(t, "weekly WAPE with habits", percent(t, hazard.All), 8)
	atMost(t, "MAE of open rows with habits", mean(t, r.Rows.Hazard), 2.55)
}

// TestBacktestOnMadeUpBooks holds the bars that don't need anybody's data.
func TestBacktestOnMadeUpBooks(t *testing.T) {
	t.Parallel()
	r := run(t, forecast.Backtest{History: madeUp(1, 80), First: ar.NewDate(2026, 4, 6), Origins: 30})
	byHazard, byDue := line(t, r.Open, forecast.Hazard), line(t, r.Open, forecast.DueDate)
	atMost(t, "weekly WAPE", percent(t, byHazard.All), 0.8*percent(t, byDue.All))
	atMost(t, "weekly WAPE, beside mean lag", percent(t, byHazard.All), 0.6*percent(t, line(t, r.Open, forecast.MeanLag).All))
	atMost(t, "MAE of overdue rows", mean(t, r.Overdue.Hazard), 0.75*mean(t, r.Overdue.DueDate))
	within(t, "ranges that held", percent(t, r.Open.HeldAll()), 70, 90)
	all, naive := line(t, r.Receipts, forecast.Hazard), line(t, r.Receipts, forecast.Last4)
	atMost(t, "WAPE of all receipts", percent(t, all.All), 1.05*percent(t, naive.All))
	within(t, "ranges of all receipts that held", percent(t, r.Receipts.HeldAll()), 70, 90)
}

func TestBacktestNeedsAHistory(t *testing.T) {
	t.Parallel()
	for _, b := range []forecast.Backtest{
		{Origins: 3, First: ar.NewDate(2026, 1, 5)},
		{History: madeUp(1, 1), First: ar.NewDate(2026, 1, 5)},
	} {
		if _, err := b.Run(); !errors.Is(err, forecast.ErrNoHistory) {
			t.Errorf("got %v, want ErrNoHistory", err)
		}
	}
}

func TestBacktestIsOfOneCurrency(t *testing.T) {
	t.Parallel()
	history := madeUp(1, 4)
	history[0].Amount = ar.NewMoney(100, "EUR")
	history[0].Settled = ar.Date{}
	_, err := forecast.Backtest{History: history, First: ar.NewDate(2026, 4, 6), Origins: 3}.Run()
	if err == nil {
		t.Error("a backtest of two currencies is no error")
	}
	if _, err := forecast.Calibrate(history, ar.NewDate(2026, 4, 6), 4, forecast.DefaultKappa); err == nil {
		t.Error("a calibration of two currencies is no error")
	}
}
