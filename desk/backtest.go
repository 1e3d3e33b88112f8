package desk

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
	"arbot/ar/forecast"
)

// BacktestInput says on what the forecast is tried.
type BacktestInput struct {
	// Weeks is how far each forecast goes, Mornings on how many mornings of the past, a
	// week apart, it's made; the last is so many weeks ago that all has come in.
	Weeks, Mornings int
}

// CurrencyBacktest is what the trial found in one currency.
type CurrencyBacktest struct {
	Currency ar.Currency
	Invoices int
	forecast.Report
}

// Backtest tries the forecast on the past of the whole book, one currency after the
// other. It's for who runs arbot: nobody's right is asked, and the whole history is in
// memory.
func (d *Desk) Backtest(ctx context.Context, in BacktestInput) (found []CurrencyBacktest, err error) {
	if err := (ForecastInput{Weeks: in.Weeks}).Validate(); err != nil {
		return nil, err
	}
	if in.Mornings < 1 {
		return nil, ar.Refuse("A backtest takes one morning or more, not %d.", in.Mornings)
	}
	today := d.Today()
	history := map[ar.Currency][]ar.Receivable{}
	err = d.books.View(ctx, func(r ar.Reader) error {
		clear(history)
		return eachReceivable(ctx, r, ar.ReceivableQuery{AsOf: today, Scope: ar.Everything()}, func(i ar.Receivable) {
			c := i.Amount.Currency()
			history[c] = append(history[c], i)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("backtest: %w", err)
	}
	for currency, invoices := range history {
		report, err := forecast.Backtest{
			History: invoices, First: today.AddDays(-7 * (in.Weeks + in.Mornings - 1)), Origins: in.Mornings, Weeks: in.Weeks,
		}.Run()
		if errors.Is(err, forecast.ErrNoHistory) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("backtest in %s: %w", currency, err)
		}
		found = append(found, CurrencyBacktest{Currency: currency, Invoices: len(invoices), Report: report})
	}
	homeFirst(d, found, func(b CurrencyBacktest) ar.Currency { return b.Currency })
	return found, nil
}
