package desk

import (
	"context"
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
	Fresh      Fresh
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
	// Calibrated: there are enough past weeks to give a range.
	Calibrated bool
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

func (d *Desk) foretell(ctx context.Context, r ar.Reader, of foretold, view Forecast) ([]CurrencyForecast, error) {
	model, err := trained(ctx, r, view.Day)
	if err != nil {
		return nil, err
	}
	history, err := d.receivables(ctx, r, of, view.Day)
	if err != nil {
		return nil, err
	}
	book, err := d.openBook(ctx, r, of, view.Day)
	if err != nil {
		return nil, err
	}
	for _, i := range history {
		if !i.Issued.Before(forecast.RecentFrom(view.Day)) && i.KnownOn(view.Day) {
			book.Recent = append(book.Recent, i)
		}
	}
	cash, err := model.Cash(book, view.Weeks)
	if err != nil {
		return nil, err
	}
	list := make([]CurrencyForecast, len(cash))
	for n, c := range cash {
		if list[n], err = withRanges(c, history, view); err != nil {
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

// trained learns from the whole book, whoever asks: how others pay is all that one learns
// of a customer without a history, and nothing of it can be read out of the answer.
func trained(ctx context.Context, r ar.Reader, asOf ar.Date) (*forecast.Model, error) {
	t := forecast.NewTrainer(asOf, forecast.DefaultKappa)
	if err := eachReceivable(ctx, r, ar.ReceivableQuery{AsOf: asOf, Scope: ar.Everything()}, t.Add); err != nil {
		return nil, err
	}
	return t.Model(), nil
}

// calibratedOn is how many days back what was settled calibrates the ranges: half a year
// of past weeks, and half a year that their forecasts learn from.
const calibratedOn = 365

// receivables are the invoices that calibrate the ranges.
func (d *Desk) receivables(ctx context.Context, r ar.Reader, of foretold, asOf ar.Date) (list []ar.Receivable, err error) {
	q := ar.ReceivableQuery{AsOf: asOf, Since: asOf.AddDays(-calibratedOn), Scope: of.scope, Customers: of.customers}
	err = eachReceivable(ctx, r, q, func(i ar.Receivable) { list = append(list, i) })
	return list, err
}

// openBook is what is open, with what is disputed and promised of it.
func (d *Desk) openBook(ctx context.Context, r ar.Reader, of foretold, asOf ar.Date) (b forecast.Book, err error) {
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: asOf, Scope: of.scope, Customers: of.customers, Owed: true})
	if err != nil {
		return b, err
	}
	at := map[ar.DocumentID]int{}
	for _, i := range items {
		if i.Kind == ar.Invoice {
			at[i.ID] = len(b.Open)
			b.Open = append(b.Open, forecast.Item{Invoice: ar.Receivable{
				ID: i.ID, Customer: i.Customer, Issued: i.Date, Due: i.Due, Amount: i.Open,
			}})
		}
	}
	return b, d.addHolds(ctx, r, of, asOf, at, b.Open)
}

// addHolds adds disputes, and promises about an invoice, to the open items, whose places
// at tells. A promise about a customer as a whole names no invoice and isn't foretold.
func (d *Desk) addHolds(ctx context.Context, r ar.Reader, of foretold, asOf ar.Date, at map[ar.DocumentID]int, open []forecast.Item) error {
	holds, err := d.holds(ctx, r, of.customers, asOf)
	if err != nil {
		return err
	}
	kept := map[ar.CustomerID]float64{}
	for _, h := range holds {
		n, known := at[h.Document]
		if !known {
			continue
		}
		item := &open[n]
		if h.Kind == ar.HoldDisputed {
			if item.Disputed, err = item.Disputed.Add(h.Amount); err != nil {
				return err
			}
			continue
		}
		if _, known := kept[h.Customer]; !known {
			if kept[h.Customer], err = d.keptShare(ctx, r, h.Customer); err != nil {
				return err
			}
		}
		item.Promises = append(item.Promises, forecast.Promise{On: h.Due, Amount: h.Amount, Kept: kept[h.Customer]})
	}
	return nil
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
func withRanges(c forecast.Cash, history []ar.Receivable, view Forecast) (CurrencyForecast, error) {
	f := CurrencyForecast{Cash: c}
	var mine []ar.Receivable
	for _, i := range history {
		if i.Amount.Currency() == c.Currency {
			mine = append(mine, i)
		}
	}
	calibration, err := forecast.Calibrate(mine, view.Day, view.Weeks, forecast.DefaultKappa)
	if err != nil {
		return f, err
	}
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
	received, err := lastWeeks(mine, view.Day, c.Currency)
	if err != nil {
		return f, err
	}
	f.Naive, f.NaiveOK, err = forecast.Naive(received)
	return f, err
}

func ranged(amount ar.Money, w forecast.Width) ForecastRange {
	r := ForecastRange{Amount: amount}
	r.Low, r.High, r.Calibrated = w.Range(amount)
	return r
}

// lastWeeks is what came in in the last four weeks, oldest first; nothing where the
// history is shorter.
func lastWeeks(history []ar.Receivable, asOf ar.Date, c ar.Currency) ([]ar.Money, error) {
	const weeks = 4
	received := make([]ar.Money, weeks)
	for n := range received {
		received[n] = ar.NewMoney(0, c)
	}
	var first ar.Date
	for _, i := range history {
		if !i.SettledBefore(asOf) {
			continue
		}
		if first.IsZero() || i.Settled.Before(first) {
			first = i.Settled
		}
		if ago := (asOf.Sub(i.Settled) - 1) / 7; ago < weeks {
			sum, err := received[weeks-1-ago].Add(i.Amount)
			if err != nil {
				return nil, err
			}
			received[weeks-1-ago] = sum
		}
	}
	if first.IsZero() || asOf.Sub(first) < 7*weeks {
		return nil, nil
	}
	return received, nil
}
