package arsync

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"arbot/ar"
)

// usualClosing is the share of what is open that a list may close where the options set
// none: with terms of a month, and a list each month, it can be near a half.
const usualClosing = 0.5

// closing finds what the books have open and a list of all that is open lacks: balances of
// nothing, as of the list's date. It refuses a list that would close too much.
func (r *run) closing(ctx context.Context, reading *Reading) ([]Balance, error) {
	if reading.OpenAsOf.IsZero() {
		return nil, nil
	}
	if reading.Has == nil {
		return nil, errors.New("sync: a list of what is open does not tell what it has")
	}
	var items []ar.OpenItem
	err := r.Books.View(ctx, func(books ar.Reader) (err error) {
		items, err = books.OpenItems(ctx, ar.ItemQuery{AsOf: reading.OpenAsOf, Scope: ar.Everything(), Source: r.state.ID})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sync: open items of source %d: %w", r.state.ID, err)
	}
	var gone []ar.OpenItem
	var closed []Balance
	for _, i := range items {
		of := ar.Ref{Kind: i.Kind, External: i.External}
		if reading.Has(ar.DocumentRecords, of.Key()) {
			continue
		}
		gone = append(gone, i)
		closed = append(closed, Balance{Of: of, Open: ar.NewMoney(0, i.Open.Currency()), Date: reading.OpenAsOf})
	}
	if r.options.AllowRemovals {
		return closed, nil
	}
	return closed, r.guardClosing(reading.OpenAsOf, items, gone)
}

// guardClosing refuses to close all, or a larger share than the options allow where it is
// not just a few.
func (r *run) guardClosing(asOf ar.Date, open, gone []ar.OpenItem) error {
	if len(gone) == 0 {
		return nil
	}
	share := r.options.ClosingShare
	if share == 0 {
		share = usualClosing
	}
	before, err := owed(open)
	if err != nil {
		return err
	}
	after, err := owed(gone)
	if err != nil {
		return err
	}
	refused := &ClosingError{Source: r.report.Source.Name, AsOf: asOf, Gone: len(gone), Open: len(open)}
	most := -1.0
	for _, c := range slices.Sorted(maps.Keys(after)) {
		of := ratio(after[c], before[c])
		if of > most {
			most, refused.Amount, refused.Owed = of, after[c], before[c]
		}
	}
	tooMuch := len(gone) >= guardFew && max(most, float64(len(gone))/float64(len(open))) > share
	if tooMuch || len(gone) == len(open) && len(gone) > 1 {
		return refused
	}
	return nil
}

// owed sums what is open by currency, credits with their own sign left out.
func owed(items []ar.OpenItem) (map[ar.Currency]ar.Money, error) {
	sums := map[ar.Currency]ar.Money{}
	for _, i := range items {
		c := i.Open.Currency()
		sum, ok := sums[c]
		if !ok {
			sum = ar.NewMoney(0, c)
		}
		if i.Open.Sign() > 0 {
			var err error
			if sum, err = sum.Add(i.Open); err != nil {
				return nil, fmt.Errorf("sync: sum of what is open: %w", err)
			}
		}
		sums[c] = sum
	}
	return sums, nil
}

func ratio(part, whole ar.Money) float64 {
	if whole.Sign() <= 0 {
		return 0
	}
	return float64(part.Minor()) / float64(whole.Minor())
}

// chain yields what a source states, then what it lacks; nil where there is neither.
func chain(stated iter.Seq2[Balance, error], closed []Balance) iter.Seq2[Balance, error] {
	if len(closed) == 0 {
		return stated
	}
	return func(yield func(Balance, error) bool) {
		if stated != nil {
			for b, err := range stated {
				if !yield(b, err) {
					return
				}
			}
		}
		for _, b := range closed {
			if !yield(b, nil) {
				return
			}
		}
	}
}
