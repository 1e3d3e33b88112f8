package metric_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/ar/metric"
)

// TestWeeklyIsOneFold: what a weekly look takes from one pass over the book is what
// separate passes, cut at just the dates that each figure needs, come to; and its bridge
// closes to the cent.
func TestWeeklyIsOneFold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		asOf := dateNear(t, 160, "as of")
		since := asOf.AddDays(-rapid.IntRange(1, 40).Draw(t, "since"))
		for _, b := range l.fold(t, ar.SumRule{Cuts: metric.WeeklyCuts(asOf, since)}) {
			w, err := b.Weekly(since)
			if err != nil {
				t.Fatal(err)
			}
			if !w.Bridge.Balanced() || w.Bridge.After != since || w.Bridge.To != asOf {
				t.Fatalf("the bridge doesn't lead over: %+v", w.Bridge)
			}
			if diff := cmp.Diff(l.aging(t, asOf, b.Currency), w.Now(), exact); diff != "" {
				t.Fatalf("aging (-ledger +weekly):\n%s", diff)
			}
			if diff := cmp.Diff(l.aging(t, asOf.AddDays(-28), b.Currency), w.FourWeeksBefore(), exact); diff != "" {
				t.Fatalf("aging four weeks before (-ledger +weekly):\n%s", diff)
			}
			for _, at := range []struct {
				date ar.Date
				got  metric.Figure
			}{{asOf, w.Report.Countback}, {asOf.AddDays(-7), w.WeekAgo}, {asOf.AddDays(-28), w.FourWeeksAgo}} {
				if want := l.countback(t, at.date, b.Currency); !want.Equal(at.got) {
					t.Fatalf("DSO of %s: %s, on its own %s", at.date, at.got, want)
				}
			}
		}
	})
}

// countback is the DSO of a date by a fold of its own; of a book without anything it is 0.
func (l ledger) countback(t rapid.TB, asOf ar.Date, c ar.Currency) metric.Figure {
	t.Helper()
	for _, b := range l.fold(t, ar.SumRule{Cuts: ar.MonthCuts(asOf, metric.ReportMonths)}) {
		if b.Currency == c {
			return b.Countback()
		}
	}
	none := metric.Book{Sums: *ar.NewSums(ar.Slice{Currency: c}, ar.SumRule{Cuts: ar.MonthCuts(asOf, metric.ReportMonths), Edges: ar.DefaultEdges(ar.ByDueDate)})}
	return none.Countback()
}

// TestCoarserAddsUp: a book cut at fewer dates is what a fold at just these dates makes.
func TestCoarserAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, cuts := drawLedger(t), drawCuts(t)
		coarse := ar.Cuts{cuts[0]}
		for _, cut := range cuts[1 : len(cuts)-1] {
			if rapid.Bool().Draw(t, "keep") {
				coarse = append(coarse, cut)
			}
		}
		coarse = append(coarse, cuts.AsOf())
		want := map[ar.Currency]metric.Book{}
		for _, b := range l.fold(t, ar.SumRule{Cuts: coarse}) {
			want[b.Currency] = b
		}
		for _, b := range l.fold(t, ar.SumRule{Cuts: cuts}) {
			got, err := b.Coarser(coarse)
			if err != nil {
				t.Fatal(err)
			}
			if expected, known := want[b.Currency]; known {
				if diff := cmp.Diff(expected, got, exact); diff != "" {
					t.Fatalf("(-on its own +coarser):\n%s", diff)
				}
			}
		}
	})
}

func TestCoarserNeedsItsCuts(t *testing.T) {
	t.Parallel()
	b := bookOf(t, "2026-11-25", 2, invoice(t, "A", "100", "2026-11-10", "2026-12-10"))
	if _, err := b.Coarser(ar.WeekCuts(day(t, "2026-11-25"), 1)); !errors.Is(err, metric.ErrNoPeriod) {
		t.Errorf("got %v", err)
	}
}

// TestWeeklyTrendIsThatOfMonthEnds: each point of the trend is what `/ar dso as of` its
// month end says; it begins with the third month of the books.
func TestWeeklyTrendIsThatOfMonthEnds(t *testing.T) {
	t.Parallel()
	var rows []metric.Row
	for _, month := range []string{"2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"} {
		rows = append(rows, settled(t, invoice(t, month, "1000", month+"-03", month+"-20"), month+"-25"), invoice(t, month+"b", "50", month+"-05", month+"-28"))
	}
	f, err := metric.NewFold(ar.SumRule{Cuts: metric.WeeklyCuts(day(t, "2026-11-22"), day(t, "2026-11-15"))})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := f.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	w, err := metric.Books(f.Sums())[0].Weekly(day(t, "2026-11-15"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range w.Trend {
		got = append(got, r.AsOf.String()+" "+r.Simple.String()+" "+r.BestPossible.String())
		on := bookOf(t, r.AsOf.String(), 3, rows...).Report()
		if !on.Simple.Equal(r.Simple) || !on.BestPossible.Equal(r.BestPossible) {
			t.Errorf("%s: %s and %s, on its own %s and %s", r.AsOf, r.Simple, r.BestPossible, on.Simple, on.BestPossible)
		}
	}
	if len(got) != 4 || !slices.Contains(got, "2026-10-31 8.8 0.0") {
		t.Errorf("trend: %q", got)
	}
}
