package arsync

import (
	"context"
	"fmt"
	"iter"

	"arbot/ar"
)

// endOfTime is later than every date in a ledger.
var endOfTime = ar.NewDate(9999, 12, 31)

// settle makes the open amounts of documents equal to the balances that the
// source states: the difference to what the books know becomes an application
// marked as inferred. Only the difference: what earlier balances showed as paid
// keeps its date, so that the past does not change.
func (r *run) settle(ctx context.Context, balances iter.Seq2[Balance, error]) error {
	if balances == nil {
		return nil
	}
	open, err := r.openAmounts(ctx, ar.ItemQuery{AsOf: endOfTime})
	if err != nil {
		return err
	}
	var page ar.Page
	for balance, err := range balances {
		if err != nil {
			return fmt.Errorf("sync: read the balances of source %d: %w", r.state.ID, err)
		}
		settled, err := open.less(balance)
		if err != nil {
			return fmt.Errorf("sync: balance of %s of source %d: %w", balance.Of.Key(), r.state.ID, err)
		}
		if settled.IsZero() {
			continue
		}
		page.Applications = append(page.Applications, r.inferred(balance, settled))
	}
	r.report.Inferred += page.Len()
	return r.intake(&Reading{}, &removal{}).put(ctx, page)
}

// inferred is the application that a balance shows. The run is part of its id,
// since a later run adds its own difference beside it.
func (r *run) inferred(b Balance, settled ar.Money) ar.ApplicationRecord {
	return ar.ApplicationRecord{
		External: fmt.Sprintf("inferred/%d/%s", r.id, b.Of.Key()),
		To:       b.Of, Kind: ar.ByPayment, Amount: settled, Date: b.Date, Inferred: true,
	}
}

// openAmounts are what the books say is open of documents, by key; a settled
// one is not in it.
type openAmounts map[ar.Ref]ar.Money

func (r *run) openAmounts(ctx context.Context, q ar.ItemQuery) (openAmounts, error) {
	q.Scope, q.Source = ar.Everything(), r.state.ID
	open := openAmounts{}
	err := r.Books.View(ctx, func(books ar.Reader) error {
		return books.EachOpenItem(ctx, q, func(i ar.OpenItem) { open[ar.Ref{Kind: i.Kind, External: i.External}] = i.Open })
	})
	if err != nil {
		return nil, fmt.Errorf("sync: open items of source %d: %w", r.state.ID, err)
	}
	return open, nil
}

func (o openAmounts) less(b Balance) (ar.Money, error) { return o[b.Of].Sub(b.Open) }
