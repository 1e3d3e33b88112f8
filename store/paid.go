package store

import (
	"context"
	"fmt"
	"time"

	"arbot/ar"
)

type paidRow struct {
	Date, Due int64
	Settled   int64 `db:"closed_on"`
	Amount    int64
	Currency  string
}

// PaidInvoices lists the invoices of customers that were fully settled after from, up
// to to, in the order of settling. Invoices of nothing or less aren't paid.
func (r *reader) PaidInvoices(ctx context.Context, customers []ar.CustomerID, from, to ar.Date) ([]ar.PaidInvoice, error) {
	w := where{}
	w.in(r.dialect, "d.customer_id", ids(customers))
	w.and("d.kind = 'invoice' AND d.status = 'posted' AND d.effect > 0")
	w.and("d.closed_on > ? AND d.closed_on <= ?", from.EpochDays(), to.EpochDays())
	rows, err := findWhere[paidRow](ctx, r,
		`SELECT d.date, d.due, d.closed_on, d.amount, d.currency FROM documents d`, w, `ORDER BY d.closed_on, d.id`)
	if err != nil {
		return nil, fmt.Errorf("store: list invoices paid after %s up to %s: %w", from, to, err)
	}
	paid := make([]ar.PaidInvoice, len(rows))
	for i, row := range rows {
		paid[i] = ar.PaidInvoice{
			Date: ar.DateFromEpochDays(row.Date), Due: ar.DateFromEpochDays(row.Due),
			Settled: ar.DateFromEpochDays(row.Settled), Amount: money(row.Amount, row.Currency),
		}
	}
	return paid, nil
}

// LastPayment returns the latest payment of customers dated up to asOf, but none of
// nothing; false where there is none.
func (r *reader) LastPayment(ctx context.Context, customers []ar.CustomerID, asOf ar.Date) (ar.Document, bool, error) {
	w := where{}
	w.in(r.dialect, "d.customer_id", ids(customers))
	w.and("d.kind = 'payment' AND d.status = 'posted' AND d.effect <> 0")
	w.and("d.date <= ?", asOf.EpochDays())
	rows, err := findWhere[documentRow](ctx, r,
		`SELECT `+documentColumns+` FROM documents d`, w, `ORDER BY d.date DESC, d.id DESC LIMIT 1`)
	if err != nil {
		return ar.Document{}, false, fmt.Errorf("store: find the last payment up to %s: %w", asOf, err)
	}
	if len(rows) == 0 {
		return ar.Document{}, false, nil
	}
	return rows[0].document(), true, nil
}

type receivedRow struct {
	CustomerID ar.CustomerID `db:"customer_id"`
	Name       string
	Owner      string
	Currency   string
	Amount     int64
	Latest     int64
}

// Received lists payments first seen after an instant, summed by customer and
// currency. Those of a source's first whole read, and of attempts at it, are old and
// left out; so are payments of nothing, which only hand credits on.
func (r *reader) Received(ctx context.Context, seenAfter time.Time, s ar.Scope) ([]ar.Received, error) {
	w := where{}
	w.and("d.kind = 'payment' AND d.status = 'posted' AND d.effect <> 0")
	w.and("d.first_seen > ?", seenAfter.UnixMilli())
	w.and("d.first_run > s.first_run")
	w.scope(r.dialect, s)
	rows, err := findWhere[receivedRow](ctx, r, `
		SELECT d.customer_id, c.name, c.owner, d.currency, -sum(d.effect) AS amount, max(d.date) AS latest
		FROM documents d JOIN customers c ON c.id = d.customer_id JOIN sources s ON s.id = d.source_id`, w,
		`GROUP BY d.customer_id, c.name, c.owner, d.currency ORDER BY d.customer_id, d.currency`)
	if err != nil {
		return nil, fmt.Errorf("store: list what was received after %s: %w", seenAfter.UTC().Format(time.RFC3339), err)
	}
	received := make([]ar.Received, len(rows))
	for i, row := range rows {
		received[i] = ar.Received{
			Customer: row.CustomerID, Name: row.Name, Owner: row.Owner,
			Amount: money(row.Amount, row.Currency), Latest: ar.DateFromEpochDays(row.Latest),
		}
	}
	return received, nil
}
