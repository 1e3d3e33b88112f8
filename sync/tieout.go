package arsync

import (
	"context"
	"fmt"

	"arbot/ar"
)

// tieOut holds our net A/R against the ledger's totals, each as of its date and
// in its currency, in the ledger view. A ledger that cannot say its totals now
// costs the tie-out, not the run.
func (r *run) tieOut(ctx context.Context, totals func(context.Context) ([]Total, error)) ([]ar.TieOut, error) {
	if totals == nil {
		return nil, nil
	}
	stated, err := totals(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("sync: totals of source %d: %w", r.state.ID, err)
		}
		r.report.Warnings = append(r.report.Warnings, fmt.Sprintf("The ledger's totals could not be had, so nothing was compared: %v.", err))
		return nil, nil
	}
	tieOuts := make([]ar.TieOut, 0, len(stated))
	for _, total := range stated {
		ours, err := r.netAR(ctx, total)
		if err != nil {
			return nil, fmt.Errorf("sync: net A/R of source %d as of %s: %w", r.state.ID, total.AsOf, err)
		}
		tieOuts = append(tieOuts, ar.TieOut{AsOf: total.AsOf, Ledger: total.Net, Ours: ours, At: r.Now()})
	}
	return tieOuts, nil
}

// netAR is what the books say for a total of the ledger.
func (r *run) netAR(ctx context.Context, total Total) (ar.Money, error) {
	rule := ar.NewAgingRule(total.AsOf, ar.ByDueDate)
	rule.LedgerView = true
	query := ar.AgingQuery{
		Rule: rule, Group: ar.WholeBook, Scope: ar.Everything(), Source: r.state.ID, Currency: total.Net.Currency(),
	}
	net := ar.NewMoney(0, total.Net.Currency())
	err := r.Books.View(ctx, func(books ar.Reader) error {
		rows, err := books.Aging(ctx, query)
		if err != nil || len(rows) == 0 {
			return err
		}
		net, err = rows[0].Net()
		return err
	})
	return net, err
}
