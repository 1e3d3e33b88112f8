package store

import (
	"context"
	"fmt"
	"time"

	"arbot/ar"
)

type paidRow struct {
	Date, Due, Last int64
	Rest            int64
	Currency        string
}

// PaidInvoices lists the invoices of customers whose last payment came after from, up to
// to, and that had nothing open then, in the order of payment. What was written off of
// one isn't a part of it; one that was settled without any payment isn't paid.
func (r *reader) PaidInvoices(ctx context.Context, customers []ar.CustomerID, from, to ar.Date) ([]ar.PaidInvoice, error) {
	w := where{}
	w.in(r.dialect, "d.customer_id", ids(customers))
	if w.err != nil {
		return nil, w.err
	}
	rows, err := find[paidRow](ctx, r, `
		SELECT d.date, d.due, d.last, d.rest, d.currency
		FROM (`+paidInFull(from, to, w.String())+`) AS d ORDER BY d.last, d.id`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("store: list invoices paid after %s up to %s: %w", from, to, err)
	}
	paid := make([]ar.PaidInvoice, len(rows))
	for i, row := range rows {
		paid[i] = ar.PaidInvoice{
			Date: ar.DateFromEpochDays(row.Date), Due: ar.DateFromEpochDays(row.Due),
			Settled: ar.DateFromEpochDays(row.Last), Amount: money(row.Rest, row.Currency),
		}
	}
	return paid, nil
}

// paidInFull is the query for the invoices, among those of a condition on documents d,
// that were paid in full as of to, the last payment having come after from.
func paidInFull(from, to ar.Date, condition string) string {
	return `
		SELECT d.id, d.customer_id, d.source_id, d.terms, d.currency, d.date, d.due, d.last, d.rest FROM (` + settledAmounts(to, "documents d", condition+`
				AND d.kind = 'invoice' AND d.status = 'posted' AND d.effect > 0
				AND d.date <= `+day(to)+` AND d.closed_on > `+day(from)) + `) AS d
		WHERE d.open = 0 AND d.paid > 0 AND d.rest > 0 AND d.last > ` + day(from)
}

// settledAmounts is the query for how documents were settled as of a date: what is open,
// what was paid, what is the rest after write-offs, and when something other than a
// write-off was applied last. Hardly any invoice is itself applied to another document,
// so what was taken from it is only summed where there is such an application.
func settledAmounts(asOf ar.Date, from, condition string) string {
	taken := func(what, of string) string {
		return `CASE WHEN d.taken = 1 THEN (SELECT ` + what + ` FROM applications f
			WHERE f.from_id = d.id AND f.effective <= ` + day(asOf) + of + `) END`
	}
	const amount = `sum(f.amount)`
	return `
		SELECT d.id, d.customer_id, d.source_id, d.terms, d.currency, d.date, d.due,
			d.effect - d.applied + COALESCE(` + taken(amount, "") + `, 0) AS open,
			d.effect - d.written + COALESCE(` + taken(amount, " AND f.kind = 'write_off'") + `, 0) AS rest,
			d.paid - COALESCE(` + taken(amount, " AND f.kind = 'payment'") + `, 0) AS paid,
			{greatest}(COALESCE(d.last, ` + never + `), COALESCE(` + taken("max(f.effective)", " AND f.kind <> 'write_off'") + `, ` + never + `)) AS last
		FROM (
			SELECT d.id, d.customer_id, d.source_id, d.terms, d.currency, d.date, d.due, d.effect,
				COALESCE(sum(a.amount), 0) AS applied,
				COALESCE(sum(CASE a.kind WHEN 'write_off' THEN a.amount END), 0) AS written,
				COALESCE(sum(CASE a.kind WHEN 'payment' THEN a.amount END), 0) AS paid,
				max(CASE WHEN a.kind <> 'write_off' THEN a.effective END) AS last,
				CASE WHEN EXISTS (SELECT 1 FROM applications f WHERE f.from_id = d.id) THEN 1 ELSE 0 END AS taken
			FROM ` + from + ` LEFT JOIN applications a ON a.to_id = d.id AND a.effective <= ` + day(asOf) + `
			WHERE ` + condition + ` GROUP BY d.id
		) AS d`
}

// never is before all days.
const never = "-2147483648"

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
