package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

// openAmount is what is open of document d as of a date, which it takes twice. Where it
// is used several times it stands in a materialized table: else it is worked out anew for
// each use.
const openAmount = `d.effect
	- COALESCE((SELECT sum(a.amount) FROM applications a WHERE a.to_id = d.id AND a.effective <= ?), 0)
	+ COALESCE((SELECT sum(a.amount) FROM applications a WHERE a.from_id = d.id AND a.effective <= ?), 0)`

// mayBeOpen adds the conditions without which document d has nothing open as of a
// date. They are cheap; only the open amount itself decides.
func (w *where) mayBeOpen(asOf ar.Date) {
	w.and("d.status = 'posted'")
	w.and("d.date <= ?", asOf.EpochDays())
	w.and("d.closed_on > ?", asOf.EpochDays())
}

type itemRow struct {
	documentRow
	Open int64
}

// openWhere are the conditions of a query on document d of customer c, without the open
// amount itself.
func openWhere(d dialect, q ar.ItemQuery) where {
	w := where{}
	w.mayBeOpen(q.AsOf)
	if q.Customers != nil {
		w.in(d, "d.customer_id", ids(q.Customers))
	}
	w.scope(d, q.Scope)
	if q.Source != 0 {
		w.and("d.source_id = ?", q.Source)
	}
	if !q.DueFrom.IsZero() {
		w.and("d.due >= ?", q.DueFrom.EpochDays())
	}
	if !q.DueTo.IsZero() {
		w.and("d.due <= ?", q.DueTo.EpochDays())
	}
	if !q.SeenBy.IsZero() {
		w.and("d.first_seen <= ?", q.SeenBy.UnixMilli())
	}
	return w
}

// itemColumns are those of document d that a query asks for.
func itemColumns(q ar.ItemQuery) string {
	if q.Sums {
		return sumColumns
	}
	return documentColumns
}

// OpenItems lists what is open as of a date, oldest due date first.
func (r *reader) OpenItems(ctx context.Context, q ar.ItemQuery) ([]ar.OpenItem, error) {
	w := openWhere(r.dialect, q)
	if w.err != nil {
		return nil, w.err
	}
	open := "d.open <> 0"
	if q.Owed {
		open = "d.open > 0"
	}
	var items []ar.OpenItem
	columns := itemColumns(q)
	err := r.eachItem(ctx, q, `
		WITH d AS MATERIALIZED (
			SELECT `+columns+`, `+openAmount+` AS open
			FROM documents d JOIN customers c ON c.id = d.customer_id
			WHERE `+w.String()+`
		)
		SELECT `+columns+`, d.open FROM d WHERE `+open+` ORDER BY d.due, d.id`+limit(q.Limit), w.args,
		func(i ar.OpenItem) { items = append(items, i) })
	return items, err
}

// EachOpenItem hands on what is open as of a date, without the order, for which the
// engine would have to hold all of it.
func (r *reader) EachOpenItem(ctx context.Context, q ar.ItemQuery, f func(ar.OpenItem)) error {
	w := openWhere(r.dialect, q)
	if w.err != nil {
		return w.err
	}
	return r.eachItem(ctx, q, `
		SELECT `+itemColumns(q)+`, `+openAmount+` AS open
		FROM documents d JOIN customers c ON c.id = d.customer_id
		WHERE `+w.String(), w.args,
		func(i ar.OpenItem) {
			if i.Owed() || !q.Owed && !i.Open.IsZero() {
				f(i)
			}
		})
}

func (r *reader) eachItem(ctx context.Context, q ar.ItemQuery, query string, args []any, f func(ar.OpenItem)) error {
	asOf := q.AsOf.EpochDays()
	same := words{}
	err := eachRow(ctx, r, query, func(row *itemRow) {
		same.share(&row.documentRow)
		f(ar.OpenItem{Document: row.document(), Open: money(row.Open, row.Currency)})
	}, append([]any{asOf, asOf}, args...)...)
	if err != nil {
		return fmt.Errorf("store: list open items as of %s: %w", q.AsOf, err)
	}
	return nil
}
