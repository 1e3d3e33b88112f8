package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
	"arbot/ar/forecast"
	"arbot/ar/metric"
)

// weeklyFigures is what a weekly digest said, in numbers: the next one starts from it.
type weeklyFigures struct {
	ar.DigestFigures

	Currencies []saidWeek `json:"currencies,omitempty"`
	// Home is A/R in the company's currency, where that was told.
	Home *ar.Money `json:"home,omitempty"`

	// past are the weeks that it and the digests before foretold. They are not kept: each
	// digest keeps its own.
	past []saidWeek
}

// saidWeek is what was said of one currency.
type saidWeek struct {
	Currency ar.Currency   `json:"currency"`
	Net      ar.Money      `json:"net"`
	Week     metric.Weekly `json:"week"`
	Granted  metric.Figure `json:"granted"`
	Policy   metric.Figure `json:"policy"`
	// Forecast are the weeks from From on.
	From     ar.Date     `json:"from"`
	Forecast []saidRange `json:"forecast,omitempty"`
}

// saidRange is what was foretold of a week; Range are the two ends of its range, none
// where it had none.
type saidRange struct {
	Amount ar.Money   `json:"amount"`
	Range  []ar.Money `json:"range,omitempty"`
}

func newSaidRange(r ForecastRange) saidRange {
	said := saidRange{Amount: r.Amount}
	if r.Calibrated {
		said.Range = []ar.Money{r.Low, r.High}
	}
	return said
}

func (w Weekly) figures(known time.Time) weeklyFigures {
	f := weeklyFigures{DigestFigures: ar.DigestFigures{AsOf: w.AsOf, Known: known}}
	if w.Home != nil {
		f.Home = &w.Home.Closing
	}
	for _, c := range w.Currencies {
		f.Totals = append(f.Totals, c.Now())
		if overdue, err := c.Now().Overdue(); err == nil {
			f.Overdue = append(f.Overdue, overdue)
		}
		said := saidWeek{Currency: c.Currency, Net: c.Net, Week: c.Weekly, Granted: c.Granted, Policy: c.Policy, From: w.Day}
		if c.Forecast != nil {
			for _, e := range c.Forecast.Expected {
				said.Forecast = append(said.Forecast, newSaidRange(e))
			}
		}
		f.Currencies = append(f.Currencies, said)
	}
	return f
}

// net is the A/R that was said in a currency: nothing where the currency was not there.
func (f weeklyFigures) net(c ar.Currency) ar.Money {
	for _, said := range f.Currencies {
		if said.Currency == c {
			return said.Net
		}
	}
	return ar.NewMoney(0, c)
}

// lastWeek is what the weekly digest before this one said; false where there was none.
func lastWeek(ctx context.Context, r ar.Reader, p ar.Post) (said weeklyFigures, ok bool, err error) {
	last, ok, err := r.LastPost(ctx, p.Kind, p.Route, p.Day)
	if err != nil || !ok || len(last.Figures) == 0 {
		return weeklyFigures{}, false, err
	}
	if err := json.Unmarshal(last.Figures, &said); err != nil {
		return weeklyFigures{}, false, fmt.Errorf("figures of post %d: %w", last.ID, err)
	}
	return said, true, nil
}

// rangesBack is how many past digests are asked how right their ranges were.
const rangesBack = 8

// pastWeeks are what the digests before a post said of the week that followed each, where
// they gave a range and the week is over, the latest first.
func pastWeeks(ctx context.Context, r ar.Reader, p ar.Post, asOf ar.Date) ([]saidWeek, error) {
	var past []saidWeek
	for range rangesBack {
		said, ok, err := lastWeek(ctx, r, p)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		for _, one := range said.Currencies {
			if len(one.Forecast) > 0 && len(one.Forecast[0].Range) == 2 && !one.first().AsOf().After(asOf) {
				past = append(past, one)
			}
		}
		p.Day = said.AsOf.AddDays(1)
	}
	return past, nil
}

// first cuts the book at both ends of the first week that was foretold.
func (s saidWeek) first() ar.Cuts { return ar.Cuts{s.From.AddDays(-1), s.From.AddDays(6)} }

// cuts are those at which the book is looked at: what the week needs, and the weeks that
// were foretold.
func (f weeklyFigures) cuts(w Weekly) ar.Cuts {
	cuts := metric.WeeklyCuts(w.AsOf, w.Since)
	for _, said := range f.past {
		cuts = append(cuts, said.first()...)
	}
	slices.SortFunc(cuts, ar.Date.Compare)
	return slices.Compact(cuts)
}

// ranges set the ranges that were given in a currency against what was collected in their
// weeks: the same amount as in the bridge.
func (f weeklyFigures) ranges(book metric.Book) ([]RangeWeek, error) {
	var list []RangeWeek
	for _, said := range f.past {
		if said.Currency != book.Currency {
			continue
		}
		week, err := book.Coarser(said.first())
		if err != nil {
			return nil, fmt.Errorf("the week from %s: %w", said.From, err)
		}
		span := said.Forecast[0].Range
		list = append(list, RangeWeek{From: said.From, Said: forecast.Said{Low: span[0], High: span[1], Came: week.Periods[0].Collected}})
	}
	return list, nil
}
