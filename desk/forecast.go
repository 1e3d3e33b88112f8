package desk

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
	"arbot/ar/forecast"
)

// ForecastInput asks what will come in: of the book, of an account or of a sales owner's
// accounts. Account and Owner exclude each other.
type ForecastInput struct {
	// Account is a customer as a person typed it; Customer one that was chosen.
	Account  string
	Customer ar.CustomerID
	Owner    string
	// Weeks is how far it goes; 0 is four.
	Weeks int
}

// Validate names what is wrong with the input.
func (in ForecastInput) Validate() error {
	switch {
	case (in.Account != "" || in.Customer != 0) && in.Owner != "":
		return ar.Refuse("Ask for an account or for an owner, not for both.")
	case in.Weeks != 0 && (in.Weeks < forecast.FewestWeeks || in.Weeks > forecast.MostWeeks):
		return ar.Refuse("A forecast is for %d to %d weeks, not for %d.", forecast.FewestWeeks, forecast.MostWeeks, in.Weeks)
	}
	return nil
}

// Forecast is the money that is expected, week by week.
type Forecast struct {
	ForecastInput
	Day ar.Date
	// Of, Partial and Hidden are as in AgingReport.
	Of      string
	Partial bool
	Hidden  int
	// Currencies have a forecast each.
	Currencies []CurrencyForecast
	// Learned is the day up to whose morning payments were learned from: before Day where
	// that hasn't been done today yet.
	Learned ar.Date
	Fresh   Fresh
}

// CurrencyForecast is a forecast in one currency.
type CurrencyForecast struct {
	forecast.Cash
	// Expected are all receipts that are expected, by week and in total.
	Expected []ForecastRange
	Total    ForecastRange
	// Naive is what each week would bring if it were like the last four; false where
	// there is no such history.
	Naive   ar.Money
	NaiveOK bool
}

// ForecastRange is an amount with the range that holds in 80 % of the weeks.
type ForecastRange struct {
	Amount, Low, High ar.Money
	// Calibrated: Low and High are a range. Without it there are too few past weeks, or,
	// where it's Vague, their forecasts were too wrong to say how little may come.
	Calibrated, Vague bool
}

// Forecast foretells the money of the coming weeks.
func (d *Desk) Forecast(ctx context.Context, actor ar.Actor, in ForecastInput) (view Forecast, err error) {
	if err := in.Validate(); err != nil {
		return Forecast{}, err
	}
	sees, err := d.sees(actor)
	if err != nil {
		return Forecast{}, err
	}
	if in.Weeks == 0 {
		in.Weeks = forecast.FewestWeeks
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Forecast{ForecastInput: in, Day: d.Today(), Partial: !sees.All}
		of, err := d.aimForecast(ctx, r, sees, &view)
		if err != nil {
			return err
		}
		known, err := d.learned(ctx, r)
		if err != nil {
			return err
		}
		view.Learned = known.model.AsOf()
		if view.Currencies, err = d.foretell(ctx, r, of, view); err != nil {
			return fmt.Errorf("forecast of %s: %w", view.Day, err)
		}
		view.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return view, err
}

// foretold is the part of the book that a forecast is of.
type foretold struct {
	scope     ar.Scope
	customers []ar.CustomerID // nil for all
}

func (d *Desk) aimForecast(ctx context.Context, r ar.Reader, sees ar.Scope, view *Forecast) (of foretold, err error) {
	if view.Account == "" && view.Customer == 0 {
		owned := view.Owner != ""
		of.scope, view.Of, err = d.aimOwner(ctx, r, sees, &view.Owner)
		view.Partial = view.Partial && !owned
		return of, err
	}
	view.Partial = false
	if view.Customer == 0 {
		found, err := d.find(ctx, r, sees, view.Account)
		if err != nil {
			return of, err
		}
		view.Customer = found.Customer
	}
	f, err := family(ctx, r, sees, view.Customer)
	view.Of, view.Hidden = f.Name, f.Hidden
	return foretold{scope: sees, customers: f.ids()}, err
}

// whole reports whether it's the whole book.
func (of foretold) whole() bool { return of.scope.All && of.customers == nil }

// query selects invoices of the part.
func (of foretold) query(asOf ar.Date) ar.ReceivableQuery {
	return ar.ReceivableQuery{AsOf: asOf, Scope: of.scope, Customers: of.customers}
}

func (d *Desk) foretell(ctx context.Context, r ar.Reader, of foretold, view Forecast) ([]CurrencyForecast, error) {
	known, err := d.learned(ctx, r)
	if err != nil {
		return nil, err
	}
	sum, err := known.model.On(view.Day).NewCashSum(view.Weeks)
	if err != nil {
		return nil, err
	}
	if err := d.addOpen(ctx, r, of, view.Day, sum); err != nil {
		return nil, err
	}
	lately, err := addRecent(ctx, r, of, view.Day, sum)
	if err != nil {
		return nil, err
	}
	cash, err := sum.Cash()
	if err != nil {
		return nil, err
	}
	list := make([]CurrencyForecast, len(cash))
	for n, c := range cash {
		calibration := known.rehearsed[c.Currency].Calibration(view.Weeks)
		if !of.whole() {
			if calibration, err = lately[c.Currency].calibrate(view.Weeks); err != nil {
				return nil, fmt.Errorf("ranges in %s: %w", c.Currency, err)
			}
		}
		if list[n], err = withRanges(c, calibration, lately[c.Currency]); err != nil {
			return nil, fmt.Errorf("in %s: %w", c.Currency, err)
		}
	}
	homeFirst(d, list, func(c CurrencyForecast) ar.Currency { return c.Currency })
	return list, nil
}

// pageOf is how many invoices are read at a time.
const pageOf = 5000

// eachReceivable hands on page after page.
func eachReceivable(ctx context.Context, r ar.Reader, q ar.ReceivableQuery, each func(ar.Receivable)) error {
	for q.Limit = pageOf; ; {
		page, err := r.Receivables(ctx, q)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		for _, i := range page {
			each(i)
		}
		q.After = page[len(page)-1].ID
	}
}

// calibratedOn is how many days back what was settled calibrates the ranges: half a year
// of past weeks, and half a year that their forecasts learn from.
const calibratedOn = 365

// addOpen adds what is open, with what is disputed and promised of it.
func (d *Desk) addOpen(ctx context.Context, r ar.Reader, of foretold, asOf ar.Date, sum *forecast.CashSum) error {
	held, err := d.heldItems(ctx, r, of, asOf)
	if err != nil {
		return err
	}
	q := of.query(asOf)
	q.Open = true
	var wrong error
	err = eachReceivable(ctx, r, q, func(i ar.Receivable) {
		item := held[i.ID]
		item.Invoice = i
		wrong = errors.Join(wrong, sum.Open(item))
	})
	return errors.Join(err, wrong)
}

// heldItems are the disputes, and promises, about an invoice. A promise about a customer as
// a whole names no invoice and isn't foretold.
func (d *Desk) heldItems(ctx context.Context, r ar.Reader, of foretold, asOf ar.Date) (map[ar.DocumentID]forecast.Item, error) {
	holds, err := d.holds(ctx, r, of.customers, asOf)
	if err != nil {
		return nil, err
	}
	held, kept := map[ar.DocumentID]forecast.Item{}, map[ar.CustomerID]float64{}
	for _, h := range holds {
		item := held[h.Document]
		switch _, known := kept[h.Customer]; {
		case h.Document == 0:
			continue
		case h.Kind == ar.HoldDisputed:
			if item.Disputed, err = item.Disputed.Add(h.Amount); err != nil {
				return nil, err
			}
			held[h.Document] = item
			continue
		case !known:
			if kept[h.Customer], err = d.keptShare(ctx, r, h.Customer); err != nil {
				return nil, err
			}
		}
		item.Promises = append(item.Promises, forecast.Promise{On: h.Due, Amount: h.Amount, Kept: kept[h.Customer]})
		held[h.Document] = item
	}
	return held, nil
}

// addRecent adds the invoices of the last weeks, and returns the past by currency. The
// ranges of the whole book are kept, so that its past need not be long.
func addRecent(ctx context.Context, r ar.Reader, of foretold, asOf ar.Date, sum *forecast.CashSum) (map[ar.Currency]*past, error) {
	all := map[ar.Currency]*past{}
	recent, q := forecast.RecentFrom(asOf), of.query(asOf)
	if q.Since = recent; !of.whole() {
		q.Since = asOf.AddDays(-calibratedOn)
	}
	var wrong error
	err := eachReceivable(ctx, r, q, func(i ar.Receivable) {
		if !i.Issued.Before(recent) && i.KnownOn(asOf) {
			sum.Recent(i)
		}
		c := i.Amount.Currency()
		if all[c] == nil {
			all[c] = newPast(asOf, c)
		}
		if !of.whole() {
			all[c].history = append(all[c].history, i)
		}
		wrong = errors.Join(wrong, all[c].add(i))
	})
	return all, errors.Join(err, wrong)
}

// keptShare is the chance that a customer keeps a promise.
func (d *Desk) keptShare(ctx context.Context, r ar.Reader, id ar.CustomerID) (float64, error) {
	own, err := d.keptRate(ctx, r, ar.PromiseFilter{Customers: []ar.CustomerID{id}})
	if err != nil {
		return 0, err
	}
	all, err := d.keptRate(ctx, r, ar.PromiseFilter{})
	return forecast.KeptShare(own, all), err
}

// withRanges adds the ranges and the naive line to a forecast.
func withRanges(c forecast.Cash, calibration forecast.Calibration, lately *past) (CurrencyForecast, error) {
	f := CurrencyForecast{Cash: c}
	total := ar.NewMoney(0, c.Currency)
	for n, week := range c.Weeks {
		expected, err := week.Total()
		if err != nil {
			return f, err
		}
		if total, err = total.Add(expected); err != nil {
			return f, err
		}
		var width forecast.Width
		if n < len(calibration.Receipts.Weeks) {
			width = calibration.Receipts.Weeks[n]
		}
		f.Expected = append(f.Expected, ranged(expected, width))
	}
	f.Total = ranged(total, calibration.Receipts.Total)
	var err error
	f.Naive, f.NaiveOK, err = forecast.Naive(lately.weeks())
	return f, err
}

func ranged(amount ar.Money, w forecast.Width) ForecastRange {
	r := ForecastRange{Amount: amount}
	if r.Vague = w.Vague(); !r.Vague {
		r.Low, r.High, r.Calibrated = w.Range(amount)
	}
	return r
}

// naiveWeeks is over how many weeks what came in lately is summed.
const naiveWeeks = 4

// past is what came in in one currency.
type past struct {
	asOf ar.Date
	// sums are those of the last four weeks, oldest first; first is the earliest payment
	// that was seen.
	sums  [naiveWeeks]ar.Money
	first ar.Date
	// history are the invoices that calibrate the ranges of a part of the book.
	history []ar.Receivable
}

func newPast(asOf ar.Date, c ar.Currency) *past {
	p := &past{asOf: asOf}
	for n := range p.sums {
		p.sums[n] = ar.NewMoney(0, c)
	}
	return p
}

func (p *past) add(i ar.Receivable) (err error) {
	if !i.SettledBefore(p.asOf) {
		return nil
	}
	if p.first.IsZero() || i.Settled.Before(p.first) {
		p.first = i.Settled
	}
	if ago := (p.asOf.Sub(i.Settled) - 1) / 7; ago < naiveWeeks {
		week := &p.sums[naiveWeeks-1-ago]
		*week, err = week.Add(i.Amount)
	}
	return err
}

// weeks are the sums; nothing where the history is shorter.
func (p *past) weeks() []ar.Money {
	if p == nil || p.first.IsZero() || p.asOf.Sub(p.first) < 7*naiveWeeks {
		return nil
	}
	return p.sums[:]
}

func (p *past) calibrate(weeks int) (forecast.Calibration, error) {
	if p == nil {
		return forecast.Calibration{}, nil
	}
	return forecast.Calibrate(p.history, p.asOf, weeks, forecast.DefaultKappa)
}
