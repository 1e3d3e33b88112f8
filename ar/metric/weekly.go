package metric

import (
	"fmt"
	"slices"

	"arbot/ar"
)

const (
	// WeekEnds is how many week ends a weekly look at the book shows.
	WeekEnds = 13
	// trendEnds is how many month ends its trend has.
	trendEnds = 12
	// daysAgo are a week and four weeks.
	week, fourWeeks = 7, 28
)

// WeeklyCuts are the cuts that a weekly look needs, in one pass over the book: month ends
// for DSO and its trend, week ends for the aging, and the day from which its bridge leads.
func WeeklyCuts(asOf, since ar.Date) ar.Cuts {
	cuts := slices.Concat(ar.MonthCuts(asOf, ReportMonths+quarter), ar.WeekCuts(asOf, WeekEnds-1), ar.Cuts{since})
	slices.SortFunc(cuts, ar.Date.Compare)
	return slices.Compact(cuts)
}

// Weekly is how a slice of the book stands at the end of a week, and how it got there.
type Weekly struct {
	// Report has the figures of the as-of date; its DSO is by countback.
	Report Report `json:"report"`
	// WeekAgo and FourWeeksAgo are the DSO then, as the books know it today.
	WeekAgo      Figure `json:"week_ago"`
	FourWeeksAgo Figure `json:"four_weeks_ago"`
	// Trend are the reports of the last month ends, oldest first: those that have a simple
	// DSO, over months all of which are in the books.
	Trend []Report `json:"trend"`
	// Ends are the agings at the week ends, oldest first; the last is of the as-of date.
	Ends []WeekEnd `json:"ends"`
	// Bridge leads from the A/R of Bridge.After.
	Bridge Bridge `json:"bridge"`
}

// WeekEnd is the aging at the end of a week.
type WeekEnd struct {
	AsOf  ar.Date  `json:"as_of"`
	Aging ar.Aging `json:"aging"`
}

// Weekly returns the weekly look at a book whose cuts are WeeklyCuts.
func (b Book) Weekly(since ar.Date) (Weekly, error) {
	asOf := b.AsOf()
	var w Weekly
	for _, at := range []struct {
		date ar.Date
		to   *Figure
	}{{asOf.AddDays(-week), &w.WeekAgo}, {asOf.AddDays(-fourWeeks), &w.FourWeeksAgo}} {
		then, err := b.Coarser(ar.MonthCuts(at.date, ReportMonths))
		if err != nil {
			return Weekly{}, err
		}
		*at.to = then.Countback()
	}
	months, err := b.Coarser(ar.MonthCuts(asOf, ReportMonths))
	if err != nil {
		return Weekly{}, err
	}
	w.Report = months.Report()
	if w.Trend, err = b.trend(); err != nil {
		return Weekly{}, err
	}
	weeks, err := b.Coarser(ar.WeekCuts(asOf, WeekEnds-1))
	if err != nil {
		return Weekly{}, err
	}
	w.Ends = []WeekEnd{{weeks.Periods[0].After, weeks.Opening}}
	for _, p := range weeks.Periods {
		w.Ends = append(w.Ends, WeekEnd{p.To, p.Closing})
	}
	span, err := b.Coarser(ar.Cuts{since, asOf})
	if err != nil {
		return Weekly{}, err
	}
	window, err := span.Window(1)
	if err != nil {
		return Weekly{}, err
	}
	w.Bridge, err = window.Bridge()
	return w, err
}

func (b Book) trend() ([]Report, error) {
	end := b.AsOf()
	if end != end.MonthEnd() {
		end = end.MonthStart().AddDays(-1)
	}
	var list []Report
	for range trendEnds {
		then, err := b.Coarser(ar.MonthCuts(end, quarter))
		if err != nil {
			return nil, err
		}
		if r := then.Report(); r.Simple.value != nil && then.begun() {
			list = append(list, r)
		}
		end = end.MonthStart().AddDays(-1)
	}
	slices.Reverse(list)
	return list, nil
}

// begun reports whether the books reach back to the first period: before them sales look
// as if there had been none.
func (b Book) begun() bool {
	gross, err := b.Opening.Gross()
	return err != nil || !gross.IsZero() || !b.Opening.Unapplied.IsZero() || !b.Periods[0].Invoiced.IsZero()
}

// FourWeeksBefore returns the aging four weeks before the last week end.
func (w Weekly) FourWeeksBefore() ar.Aging { return w.Ends[len(w.Ends)-1-fourWeeks/week].Aging }

// Now returns the aging of the as-of date.
func (w Weekly) Now() ar.Aging { return w.Ends[len(w.Ends)-1].Aging }

// Coarser returns the book cut at fewer dates, each of which is one of its cuts. What was
// open doesn't change by it, and flows add up.
func (b Book) Coarser(cuts ar.Cuts) (Book, error) {
	closings := map[ar.Date]ar.Aging{b.Periods[0].After: b.Opening}
	for _, p := range b.Periods {
		closings[p.To] = p.Closing
	}
	for _, cut := range cuts {
		if _, known := closings[cut]; !known {
			return Book{}, fmt.Errorf("metric: the sums have no cut at %s: %w", cut, ErrNoPeriod)
		}
	}
	coarse := Book{ar.Sums{Slice: b.Slice, Opening: closings[cuts[0]], Translated: b.Translated}}
	for n, to := range cuts[1:] {
		p := ar.SumPeriod{After: cuts[n], To: to, Flow: ar.NewFlow(b.Currency), Closing: closings[to]}
		for _, fine := range b.Periods {
			if fine.After.Before(p.After) || fine.To.After(p.To) {
				continue
			}
			if err := p.AddSum(fine.Flow); err != nil {
				return Book{}, fmt.Errorf("metric: %s to %s: %w", p.After, p.To, err)
			}
		}
		coarse.Periods = append(coarse.Periods, p)
	}
	return coarse, nil
}

// WeightedDays is a sum of amounts times days, divided by the amounts: days, weighted.
func WeightedDays(sum ar.AmountDays, amount ar.Money) Figure { return days(sum, amount, NoSales) }
