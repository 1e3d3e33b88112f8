package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"arbot/ar"
	"arbot/ar/metric"
)

// The weeks that a trend can have, and has where none are named.
const (
	FewestTrendWeeks = 4
	MostTrendWeeks   = 26
	usualTrendWeeks  = 13
)

// TrendInput asks how the book, or a part of it, moved week by week.
type TrendInput struct {
	// Owner and Segment are as in MetricsInput; one of them at most.
	Owner, Segment string
	// Weeks is how many; 0 is 13.
	Weeks int
}

// Validate names what is wrong with the input.
func (in TrendInput) Validate() error {
	switch {
	case in.Owner != "" && in.Segment != "":
		return ar.Refuse("Ask for an owner or for a segment, not for both.")
	case in.Weeks != 0 && (in.Weeks < FewestTrendWeeks || in.Weeks > MostTrendWeeks):
		return ar.Refuse("A trend is of %d to %d weeks, not of %d.", FewestTrendWeeks, MostTrendWeeks, in.Weeks)
	}
	return nil
}

// Trend is how receivables moved week by week, up to today, as the books know it today.
type Trend struct {
	TrendInput
	Day ar.Date
	// Of and Partial are as in Metrics.
	Of         string
	Partial    bool
	Edges      ar.Edges
	Currencies []CurrencyTrend
	Fresh      Fresh
}

// CurrencyTrend is the trend in one currency.
type CurrencyTrend struct {
	Currency ar.Currency
	// Weeks are the week ends, oldest first; the last is today.
	Weeks []TrendWeek
}

// TrendWeek is how it stood at the end of a week.
type TrendWeek struct {
	AsOf           ar.Date
	DSO            metric.Figure // by countback, as in Metrics
	Overdue        ar.Money
	PercentCurrent metric.Figure
	Aging          ar.Aging
}

// Trend returns the weekly trend of all that the actor sees, or of a part of it.
func (d *Desk) Trend(ctx context.Context, actor ar.Actor, in TrendInput) (view Trend, err error) {
	if err := in.Validate(); err != nil {
		return Trend{}, err
	}
	sees, err := d.sees(actor)
	if err != nil {
		return Trend{}, err
	}
	in.Weeks = cmp.Or(in.Weeks, usualTrendWeeks)
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Trend{TrendInput: in, Day: d.Today(), Edges: ar.DefaultEdges(ar.ByDueDate)}
		scope, of, err := d.aimOwner(ctx, r, sees, &view.Owner)
		if err != nil {
			return err
		}
		view.Of, view.Partial = of, in.Owner == "" && !sees.All
		if err := d.fillTrend(ctx, r, scope, &view); err != nil {
			return fmt.Errorf("trend of %d weeks: %w", in.Weeks, err)
		}
		view.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return view, err
}

// fillTrend makes the sums of all week and month ends in one pass over the book, and of
// each week end its figures from the months before it.
func (d *Desk) fillTrend(ctx context.Context, r ar.Reader, scope ar.Scope, view *Trend) error {
	weeks := ar.WeekCuts(view.Day, view.Weeks-1)
	cuts := slices.Concat(weeks, ar.MonthCuts(view.Day, metric.ReportMonths+view.Weeks/4+1))
	slices.SortFunc(cuts, ar.Date.Compare)
	rule := ar.SumRule{Cuts: slices.Compact(cuts)}
	if view.Segment != "" {
		rule.By = []ar.Dimension{ar.PerSegment}
	}
	sums, err := r.LedgerSums(ctx, rule, scope)
	if err != nil {
		return err
	}
	if view.Segment != "" {
		if sums, view.Of, err = part(sums, ar.PerSegment, view.Segment); err != nil {
			return err
		}
	}
	for _, book := range metric.Books(sums) {
		c := CurrencyTrend{Currency: book.Currency}
		for _, end := range weeks {
			week, err := trendWeek(book, end)
			if err != nil {
				return err
			}
			c.Weeks = append(c.Weeks, week)
		}
		view.Currencies = append(view.Currencies, c)
	}
	homeFirst(d, view.Currencies, func(c CurrencyTrend) ar.Currency { return c.Currency })
	return nil
}

func trendWeek(book metric.Book, end ar.Date) (TrendWeek, error) {
	then, err := book.Coarser(ar.MonthCuts(end, metric.ReportMonths))
	if err != nil {
		return TrendWeek{}, err
	}
	week := TrendWeek{AsOf: end, DSO: then.Countback(), Aging: then.Closing(), PercentCurrent: metric.None(metric.TooLarge)}
	gross, err := week.Aging.Gross()
	if err != nil {
		return TrendWeek{}, err
	}
	week.PercentCurrent = metric.PercentCurrent(week.Aging.Current(), gross)
	week.Overdue, err = week.Aging.Overdue()
	return week, err
}
