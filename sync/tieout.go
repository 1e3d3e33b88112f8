package arsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
)

// compared is a total of the ledger beside ours.
type compared struct {
	Total
	ours ar.Money
	// items are what ours was added up from; nil where that was done by the books.
	items []openEntry
	at    time.Time
}

func (c compared) ties() bool { return c.Net.Cmp(c.ours) == 0 }

// tieOut holds our net A/R against the ledger's totals, each as of its date and
// in its currency, in the ledger view. Where they differ, somebody may have posted
// while we read: what changed since is read, once, and they are compared again. It
// returns the reading that was the last.
func (r *run) tieOut(ctx context.Context, reading *Reading) ([]ar.TieOut, *Reading, error) {
	found, err := r.compare(ctx, reading.Totals)
	if err != nil {
		return nil, reading, err
	}
	if slices.ContainsFunc(found, func(c compared) bool { return !c.ties() }) {
		later, err := r.catchUp(ctx, reading)
		if err != nil {
			return nil, reading, err
		}
		if later != nil {
			reading = later
			if found, err = r.compare(ctx, reading.Totals); err != nil {
				return nil, reading, err
			}
		}
	}
	tieOuts := make([]ar.TieOut, 0, len(found))
	for _, c := range found {
		because, err := r.because(ctx, c)
		if err != nil {
			return nil, reading, err
		}
		tieOuts = append(tieOuts, ar.TieOut{AsOf: c.AsOf, Ledger: c.Net, Ours: c.ours, At: c.at, Because: because})
	}
	return tieOuts, reading, nil
}

// catchUp reads what changed since a reading. nil is none: a source that cannot say,
// or not now, costs the second comparison, not the run.
func (r *run) catchUp(ctx context.Context, reading *Reading) (*Reading, error) {
	later, err := r.source.Changes(ctx, reading.Cursor())
	if errors.Is(err, ErrFullOnly) || errors.Is(err, ErrNothingNew) || err == nil && (later.Full || later.Balances != nil) {
		return nil, nil
	}
	if err == nil {
		err = r.takeIn(ctx, later, newRemoval(later))
	}
	if err != nil && ctx.Err() == nil {
		r.report.Warnings = append(r.report.Warnings, fmt.Sprintf("What changed while the ledger was read could not be had: %v.", err))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if later.Totals == nil {
		later.Totals = reading.Totals
	}
	return later, r.assignOwners(ctx)
}

// compare asks for the ledger's totals and works out ours. A ledger that cannot say
// its totals now costs the tie-out, not the run.
func (r *run) compare(ctx context.Context, totals func(context.Context) ([]Total, error)) ([]compared, error) {
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
	found := make([]compared, 0, len(stated))
	for _, total := range stated {
		ours, items, err := r.netAR(ctx, total)
		if err != nil {
			return nil, fmt.Errorf("sync: net A/R of source %d as of %s: %w", r.state.ID, total.AsOf, err)
		}
		found = append(found, compared{total, ours, items, r.Now()})
	}
	return found, nil
}

// netAR is what the books say for a total of the ledger; with the items that it was made
// of, where these were read.
func (r *run) netAR(ctx context.Context, total Total) (ar.Money, []openEntry, error) {
	if total.Converted {
		return r.convertedAR(ctx, total)
	}
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
	return net, nil, err
}

// convertedAR is all currencies in that of the total, each document at its own rate.
func (r *run) convertedAR(ctx context.Context, total Total) (ar.Money, []openEntry, error) {
	items, err := r.openItems(ctx, total)
	if err != nil {
		return ar.Money{}, nil, err
	}
	net := ar.NewMoney(0, total.Net.Currency())
	for _, i := range items {
		if net, err = net.Add(i.open); err != nil {
			return ar.Money{}, nil, err
		}
	}
	return net, items, nil
}

// openEntry is what the comparison keeps of an open item: a ledger can have tens of
// thousands of them.
type openEntry struct {
	kind             ar.DocumentKind
	external, number string
	customer         ar.CustomerID
	open             ar.Money // in the currency of the total
}

// openItems are the open items that a total is about, in its currency.
func (r *run) openItems(ctx context.Context, total Total) ([]openEntry, error) {
	var items []openEntry
	home := total.Net.Currency()
	var wrong error
	add := func(i ar.OpenItem) {
		if i.Open.Currency() != home {
			if !total.Converted || wrong != nil {
				return
			}
			if i.Open, wrong = i.Open.Convert(i.Rate, home); wrong != nil {
				wrong = fmt.Errorf("convert %s: %w", i.Label(), wrong)
				return
			}
		}
		items = append(items, openEntry{i.Kind, i.External, i.Number, i.Customer, i.Open})
	}
	err := r.Books.View(ctx, func(books ar.Reader) error {
		items, wrong = nil, nil
		return books.EachOpenItem(ctx, ar.ItemQuery{AsOf: total.AsOf, Scope: ar.Everything(), Source: r.state.ID}, add)
	})
	if err == nil {
		err = wrong
	}
	return items, err
}
