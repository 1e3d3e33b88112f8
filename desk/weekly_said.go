package desk

import (
	"context"
	"encoding/json"
	"fmt"
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

// addRanges sets what the digests before said of the week that followed each against what
// came in it.
func (d *Desk) addRanges(ctx context.Context, r ar.Reader, p ar.Post, w *Weekly) error {
	var past []saidWeek
	for range rangesBack {
		said, ok, err := lastWeek(ctx, r, p)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		past = append(past, said.Currencies...)
		p.Day = said.AsOf.AddDays(1)
	}
	came, err := cameInWeeks(ctx, r, past, w.Day)
	if err != nil {
		return err
	}
	for n := range w.Currencies {
		c := &w.Currencies[n]
		for _, said := range past {
			if said.Currency != c.Currency || len(said.Forecast) == 0 || len(said.Forecast[0].Range) != 2 || said.From.AddDays(7).After(w.Day) {
				continue
			}
			c.Ranges = append(c.Ranges, RangeWeek{From: said.From, Said: forecast.Said{
				Low: said.Forecast[0].Range[0], High: said.Forecast[0].Range[1], Came: came[weekOf{said.From, c.Currency}],
			}})
		}
	}
	return nil
}

// weekOf is seven days from a day on, in one currency.
type weekOf struct {
	from     ar.Date
	currency ar.Currency
}

// cameInWeeks sums what came in in the weeks that were foretold, as a forecast counts it:
// invoices when they are settled.
func cameInWeeks(ctx context.Context, r ar.Reader, past []saidWeek, day ar.Date) (map[weekOf]ar.Money, error) {
	came := map[weekOf]ar.Money{}
	first := day
	for _, said := range past {
		came[weekOf{said.From, said.Currency}] = ar.NewMoney(0, said.Currency)
		if said.From.Before(first) {
			first = said.From
		}
	}
	var failed error
	err := eachReceivable(ctx, r, ar.ReceivableQuery{AsOf: day.AddDays(-1), Since: first, Scope: ar.Everything()}, func(i ar.Receivable) {
		for at, sum := range came {
			if at.currency != i.Amount.Currency() || !i.SettledBefore(at.from.AddDays(7)) || i.Settled.Before(at.from) {
				continue
			}
			var err error
			if came[at], err = sum.Add(i.Amount); err != nil {
				failed = err
			}
		}
	})
	if err == nil {
		err = failed
	}
	return came, err
}
