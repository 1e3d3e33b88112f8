package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"arbot/ar"
	"arbot/ar/metric"
)

// LedgerSums sums the book by metric.Fold, which is the definition of the sums, in one pass
// over the folios.
func (r *reader) LedgerSums(ctx context.Context, rule ar.SumRule, s ar.Scope) ([]ar.Sums, error) {
	fold, err := metric.NewFold(rule)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	q, err := r.sumQuery(ctx, rule, s)
	if err != nil {
		return nil, fmt.Errorf("store: sums as of %s: %w", rule.Cuts.AsOf(), err)
	}
	var row metric.Row
	err = r.eachFolio(ctx, func(key folioKey, f folio) error {
		row.Company = q.companies[key.Source]
		return f.each(f.of(q.accounts), rule.Cuts[0], &row, func(row *metric.Row) error { return fold.Add(*row) })
	})
	if err != nil {
		return nil, fmt.Errorf("store: sums as of %s: %w", rule.Cuts.AsOf(), err)
	}
	return fold.Sums(), nil
}

// sumQuery is what is to be known of accounts and ledgers, as far as the question needs it.
type sumQuery struct {
	accounts  map[ar.CustomerID]account
	companies map[ar.SourceID]string
}

func (r *reader) sumQuery(ctx context.Context, rule ar.SumRule, s ar.Scope) (q sumQuery, err error) {
	if !s.All || slices.Contains(rule.By, ar.PerOwner) || slices.Contains(rule.By, ar.PerSegment) {
		if q.accounts, err = r.accounts(ctx, s); err != nil {
			return sumQuery{}, err
		}
	}
	if !slices.Contains(rule.By, ar.PerCompany) {
		return q, nil
	}
	sources, err := r.Sources(ctx)
	if err != nil {
		return sumQuery{}, err
	}
	q.companies = make(map[ar.SourceID]string, len(sources))
	for _, source := range sources {
		q.companies[source.ID] = source.Name
	}
	return q, nil
}

// day is a date as a literal. The dates of the cuts stand in expressions that occur
// several times, where arguments would have to be counted.
func day(d ar.Date) string { return strconv.FormatInt(d.EpochDays(), 10) }
