package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type receivableRow struct {
	ID         ar.DocumentID
	CustomerID ar.CustomerID `db:"customer_id"`
	Date, Due  int64
	Last       int64
	Rest       int64
	Currency   string
	Open       int64
}

// Receivables lists invoices by id, with their whole amounts less what was written
// off: open ones, and those that were paid in full, on the day of their last payment.
// Of a query for what is open the amounts are the open ones. What was settled without any payment teaches nothing about payments and is left out,
// so that a page may be shorter than the limit; only behind the last one it's empty.
func (r *reader) Receivables(ctx context.Context, q ar.ReceivableQuery) ([]ar.Receivable, error) {
	for {
		last, more, err := r.pageEnd(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("store: page receivables after %d: %w", q.After, err)
		}
		if !more {
			return nil, nil
		}
		page, err := r.receivables(ctx, q, last)
		if err != nil {
			return nil, fmt.Errorf("store: list receivables after %d as of %s: %w", q.After, q.AsOf, err)
		}
		if len(page) > 0 {
			return page, nil
		}
		q.After = last
	}
}

// learnable is the condition on documents d to be looked at.
func (r *reader) learnable(q ar.ReceivableQuery) (w where, from string) {
	w.and("d.kind = 'invoice' AND d.status = 'posted' AND d.effect > 0")
	w.and("d.date <= ? AND d.id > ?", q.AsOf.EpochDays(), q.After)
	if !q.Since.IsZero() {
		w.and("d.closed_on >= ?", q.Since.EpochDays())
	}
	if q.Open {
		w.and("d.closed_on > ?", q.AsOf.EpochDays())
	}
	if q.Currency != "" {
		w.and("d.currency = ?", string(q.Currency))
	}
	if q.Customers != nil {
		w.in(r.dialect, "d.customer_id", ids(q.Customers))
	}
	if q.Scope.All {
		return w, "documents d"
	}
	w.scope(r.dialect, q.Scope)
	return w, "documents d JOIN customers c ON c.id = d.customer_id"
}

// pageEnd returns the last of the documents that a page looks at; false where there are
// none. Without it the database would look at all that follow for each page.
func (r *reader) pageEnd(ctx context.Context, q ar.ReceivableQuery) (ar.DocumentID, bool, error) {
	w, from := r.learnable(q)
	if w.err != nil {
		return 0, false, w.err
	}
	end, _, err := first[ar.DocumentID](ctx, r, `
		SELECT COALESCE(max(p.id), 0) FROM (SELECT d.id FROM `+from+` WHERE `+w.String()+` ORDER BY d.id`+limit(q.Limit)+`) AS p`, w.args...)
	return end, end != 0, err
}

func (r *reader) receivables(ctx context.Context, q ar.ReceivableQuery, last ar.DocumentID) ([]ar.Receivable, error) {
	w, from := r.learnable(q)
	w.and("d.id <= ?", last)
	teaches := "d.rest > 0 AND (d.open > 0 OR d.open = 0 AND d.paid > 0)"
	if q.Open {
		teaches = "d.open > 0"
	}
	rows, err := find[receivableRow](ctx, r, `
		SELECT d.id, d.customer_id, d.date, d.due, d.currency, d.last, d.rest, d.open
		FROM (`+settledAmounts(q.AsOf, from, w.String())+`) AS d
		WHERE `+teaches+` ORDER BY d.id`, w.args...)
	if err != nil {
		return nil, err
	}
	receivables := make([]ar.Receivable, len(rows))
	for i, row := range rows {
		receivables[i] = ar.Receivable{
			ID: row.ID, Customer: row.CustomerID, Issued: ar.DateFromEpochDays(row.Date), Due: ar.DateFromEpochDays(row.Due),
			Amount: money(row.Rest, row.Currency),
		}
		if q.Open {
			receivables[i].Amount = money(row.Open, row.Currency)
		}
		if row.Open == 0 {
			receivables[i].Settled = ar.DateFromEpochDays(row.Last)
		}
	}
	return receivables, nil
}
