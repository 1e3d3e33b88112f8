package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"arbot/ar"
	"arbot/ar/forecast"
	"arbot/ar/metric"
)

// Weekly is what the digest for managers says. Its figures are of the end of the day
// before it, so that a week is whole; the forecast begins on its day.
type Weekly struct {
	Day, AsOf ar.Date
	// Since is the day from whose end the week is told: that of the digest before, or a
	// week ago where it is a First one.
	Since ar.Date
	First bool
	// Currencies stand for themselves, the company's own first.
	Currencies []WeeklyCurrency
	// Home leads through the week in the company's currency, of a book in several; nil
	// where a document has no rate. HomeMode says at which rates.
	Home     *metric.Bridge
	HomeMode ar.RateMode
	// Promises are those that were due in the week, Disputes those that stand, Causes why
	// invoices were disputed in four weeks.
	Promises WeeklyPromises
	Disputes []ar.DisputeBurden
	Causes   RootCauses
	// Movers are the accounts whose past due moved most, by currency; Held is what of
	// them is promised or disputed.
	Movers []ar.OverdueChange
	Held   map[ar.CustomerID][]Held
	// Decide is what waits for somebody's decision.
	Decide []Decision
	Fresh  Fresh
}

// WeeklyCurrency is the week in one currency.
type WeeklyCurrency struct {
	metric.Weekly

	Currency ar.Currency
	Net      ar.Money
	// Terms are those granted in the last four weeks; Granted and Policy their days by
	// amount, Drift the difference.
	Terms                  ar.TermsDrift
	Granted, Policy, Drift metric.Figure
	// Forecast is nil where nothing is to come; Ranges is how right its ranges were.
	Forecast *CurrencyForecast
	Ranges   []RangeWeek
}

// Held counts the ranges that held.
func (c WeeklyCurrency) Held() (held, of int) {
	said := make([]forecast.Said, len(c.Ranges))
	for n, r := range c.Ranges {
		said[n] = r.Said
	}
	return forecast.Held(said)
}

// RangeWeek is a week for which a digest gave a range, and what was collected in it:
// payments less refunds, by their dates, as the books know it now. Credits and write-offs
// are not in it.
type RangeWeek struct {
	forecast.Said

	From ar.Date
}

// weeklyWindow is how many days back disputes' causes and terms are looked at, and how
// far back the aging is compared.
const weeklyWindow = 28

// topMovers is how many accounts of each currency are named.
const topMovers = 5

// ComposeWeekly reads the books and returns what the weekly digest of a post says, with
// the figures to keep. While an import is under way it is an Unavailable error, as in
// ComposeDigest.
func (d *Desk) ComposeWeekly(ctx context.Context, p ar.Post) (w Weekly, figures json.RawMessage, err error) {
	known := d.now()
	err = d.books.View(ctx, func(r ar.Reader) error {
		if w, err = d.composeWeekly(ctx, r, p); err != nil {
			return err
		}
		figures, err = json.Marshal(w.figures(known))
		return err
	})
	if err != nil {
		return Weekly{}, nil, fmt.Errorf("compose %s of %s for %s: %w", p.Kind, p.Day, p.Route, err)
	}
	return w, figures, nil
}

func (d *Desk) composeWeekly(ctx context.Context, r ar.Reader, p ar.Post) (Weekly, error) {
	w := Weekly{Day: p.Day, AsOf: p.Day.AddDays(-1)}
	var err error
	if w.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // its readers may forward it: no documents by name
		return w, err
	}
	if err := d.ready(w.Fresh); err != nil {
		return w, err
	}
	said, ok, err := lastWeek(ctx, r, p)
	if err != nil {
		return w, err
	}
	w.First, w.Since = !ok || w.Fresh.LatestLedger.After(said.Known), said.AsOf
	if w.First {
		said, w.Since = weeklyFigures{}, w.AsOf.AddDays(-7)
	} else if said.past, err = pastWeeks(ctx, r, p, w.AsOf); err != nil {
		return w, err
	}
	for _, step := range []struct {
		of  string
		add func(context.Context, ar.Reader, weeklyFigures, *Weekly) error
	}{
		{"the book", d.addBook},
		{"the bridge in " + string(d.settings.Home), d.addHome},
		{"terms", d.addTerms},
		{"promises", d.addWeekPromises},
		{"disputes", d.addWeekDisputes},
		{"movers", d.addMovers},
		{"the forecast", d.addForecast},
	} {
		if err := step.add(ctx, r, said, &w); err != nil {
			return w, fmt.Errorf("%s as of %s: %w", step.of, w.AsOf, err)
		}
	}
	return w, nil
}

// addBook adds the figures of each currency, in one pass over the book.
func (d *Desk) addBook(ctx context.Context, r ar.Reader, said weeklyFigures, w *Weekly) error {
	rule, err := ar.SumRule{Cuts: said.cuts(*w)}.Complete()
	if err != nil {
		return err
	}
	sums, err := r.LedgerSums(ctx, rule, ar.Everything())
	if err != nil {
		return err
	}
	for _, s := range said.Currencies { // all of which may have been voided since
		if !slices.ContainsFunc(sums, func(o ar.Sums) bool { return o.Currency == s.Currency }) {
			sums = append(sums, *ar.NewSums(ar.Slice{Currency: s.Currency}, rule))
		}
	}
	for _, book := range metric.Books(sums) {
		c, err := weeklyCurrency(book, said, *w)
		if err != nil {
			return fmt.Errorf("in %s: %w", book.Currency, err)
		}
		w.Currencies = append(w.Currencies, c)
	}
	homeFirst(d, w.Currencies, func(c WeeklyCurrency) ar.Currency { return c.Currency })
	return nil
}

func weeklyCurrency(book metric.Book, said weeklyFigures, w Weekly) (WeeklyCurrency, error) {
	c := WeeklyCurrency{Currency: book.Currency}
	var err error
	if c.Net, err = book.Closing().Net(); err != nil {
		return c, err
	}
	if c.Weekly, err = book.Weekly(w.Since); err != nil || w.First {
		return c, err
	}
	if c.Bridge, err = c.Bridge.Said(said.net(book.Currency)); err != nil {
		return c, err
	}
	c.Ranges, err = said.ranges(book)
	return c, err
}

// addHome adds the bridge in the company's own currency, at the documents' own rates: what
// the ledger's A/R account holds.
func (d *Desk) addHome(ctx context.Context, r ar.Reader, said weeklyFigures, w *Weekly) error {
	home := d.settings.Home
	if home == "" || len(w.Currencies) == 0 || len(w.Currencies) == 1 && w.Currencies[0].Currency == home {
		return nil
	}
	sums, err := r.LedgerSums(ctx, ar.SumRule{Cuts: ar.Cuts{w.Since, w.AsOf}, Home: ar.AtDocumentRates(home)}, ar.Everything())
	if _, none := errors.AsType[*ar.NoRateError](err); none || err == nil && len(sums) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	window, err := metric.Book{Sums: sums[0]}.Window(1)
	if err != nil {
		return err
	}
	bridge, err := window.Bridge()
	if err != nil {
		return err
	}
	if said.Home != nil {
		if bridge, err = bridge.Said(*said.Home); err != nil {
			return err
		}
	}
	w.Home, w.HomeMode = &bridge, ar.DocumentRates
	return nil
}

// addTerms adds what was granted in four weeks.
func (d *Desk) addTerms(ctx context.Context, r ar.Reader, _ weeklyFigures, w *Weekly) error {
	given, err := r.TermsGiven(ctx, w.AsOf.AddDays(-weeklyWindow), w.AsOf, ar.Everything())
	if err != nil {
		return err
	}
	drifts, err := ar.TermsDrifts(given)
	if err != nil {
		return err
	}
	for n := range w.Currencies {
		c := &w.Currencies[n]
		c.Granted, c.Policy = metric.None(metric.NoSales), metric.None(metric.NoSales)
		for _, drift := range drifts {
			if drift.Currency == c.Currency {
				c.Terms = drift
				c.Granted, c.Policy = metric.WeightedDays(drift.Granted, drift.Amount), metric.WeightedDays(drift.Policy, drift.Amount)
			}
		}
		c.Drift = c.Granted.Minus(c.Policy)
	}
	return nil
}

// addForecast adds what the next four weeks are to bring.
func (d *Desk) addForecast(ctx context.Context, r ar.Reader, _ weeklyFigures, w *Weekly) error {
	list, err := d.foretell(ctx, r, foretold{scope: ar.Everything()}, Forecast{
		ForecastInput: ForecastInput{Weeks: forecast.FewestWeeks}, Day: w.Day,
	})
	if err != nil {
		return err
	}
	for n := range w.Currencies {
		for _, f := range list {
			if f.Currency == w.Currencies[n].Currency {
				w.Currencies[n].Forecast = &f
			}
		}
	}
	return nil
}
