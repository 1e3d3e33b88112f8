package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type rateRow struct {
	Currency string
	Rate     string
}

// LatestRates are the rates of the latest documents that have any.
func (r *reader) LatestRates(ctx context.Context, asOf ar.Date) (map[ar.Currency]ar.Rate, error) {
	rows, err := find[rateRow](ctx, r, `
		SELECT d.currency, d.rate FROM (
			SELECT currency, rate, row_number() OVER (PARTITION BY currency ORDER BY date DESC, id DESC) AS place
			FROM documents WHERE rate <> '' AND status = 'posted' AND date <= ?
		) AS d WHERE d.place = 1`, asOf.EpochDays())
	if err != nil {
		return nil, fmt.Errorf("store: latest rates as of %s: %w", asOf, err)
	}
	rates := make(map[ar.Currency]ar.Rate, len(rows))
	for _, row := range rows {
		rates[ar.Currency(row.Currency)] = ar.Rate(row.Rate)
	}
	return rates, nil
}
