package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// agingRow is one bucket of one group in one currency.
type agingRow struct {
	CustomerID   ar.CustomerID `db:"customer_id"`
	Owner        string
	Name         string
	Currency     string
	Bucket       int // unapplied is no bucket
	Total        int64
	Items        int
	OverdueItems int           `db:"overdue_items"`
	OldestDue    sql.NullInt64 `db:"oldest_due"`
	Weight       int64
}

const unapplied = -1

// groups are the columns by which an aging is grouped.
var groups = map[ar.Grouping]string{
	ar.WholeBook:  `0 AS customer_id, '' AS owner, '' AS name`,
	ar.ByCustomer: `i.customer_id, i.owner, i.name`,
	ar.ByOwner:    `0 AS customer_id, i.owner, '' AS name`,
}

// Aging sums the open items in SQL; ar.Age is what it is held equal to. The rows come
// by customer, by owner, then by currency.
func (r *reader) Aging(ctx context.Context, q ar.AgingQuery) ([]ar.AgingRow, error) {
	group, ok := groups[q.Group]
	if !ok {
		return nil, fmt.Errorf("store: aging by %q: no such grouping", q.Group)
	}
	w := where{}
	w.mayBeOpen(q.Rule.AsOf)
	if q.Customers != nil {
		w.in(r.dialect, "d.customer_id", ids(q.Customers))
	}
	w.scope(r.dialect, q.Scope)
	if q.Currency != "" {
		w.and("d.currency = ?", string(q.Currency))
	}
	if q.Source != 0 {
		w.and("d.source_id = ?", q.Source)
	}
	if w.err != nil {
		return nil, w.err
	}
	bucket, args := bucketOf(q.Rule)
	asOf := q.Rule.AsOf.EpochDays()
	args = slices.Concat([]any{asOf, asOf}, w.args, args, []any{asOf, asOf})
	rows, err := find[agingRow](ctx, r, `
		WITH o AS MATERIALIZED (
			SELECT d.customer_id, c.owner, c.name, d.currency, d.date, d.due, `+openAmount+` AS open
			FROM documents d JOIN customers c ON c.id = d.customer_id
			WHERE `+w.String()+`
		)
		SELECT `+group+`, i.currency, i.bucket, sum(i.open) AS total,
			sum(CASE WHEN i.open > 0 THEN 1 ELSE 0 END) AS items,
			sum(CASE WHEN i.late > 0 THEN 1 ELSE 0 END) AS overdue_items,
			min(CASE WHEN i.late > 0 THEN i.due END) AS oldest_due,
			sum(i.open * i.late) AS weight
		FROM (
			SELECT o.customer_id, o.owner, o.name, o.currency, o.due, o.open, `+bucket+` AS bucket,
				CASE WHEN o.open > 0 AND o.due < ? THEN ? - o.due ELSE 0 END AS late
			FROM o WHERE o.open <> 0
		) AS i
		GROUP BY 1, 2, 3, i.currency, i.bucket
		ORDER BY 1, 2, i.currency, i.bucket`, args...)
	if err != nil {
		return nil, fmt.Errorf("store: aging by %s as of %s: %w", q.Group, q.Rule.AsOf, err)
	}
	return foldAging(rows, q.Rule)
}

// bucketOf returns the expression for the bucket of an item, by dates that are the
// edges counted back from the as-of date, and its arguments.
func bucketOf(rule ar.AgingRule) (string, []any) {
	from := "CASE WHEN o.open > 0 THEN o.due ELSE o.date END"
	if rule.Basis == ar.ByInvoiceDate {
		from = "o.date"
	}
	var b strings.Builder
	var args []any
	apart := "o.open < 0"
	if rule.LedgerView {
		apart = "1 = 0"
	}
	b.WriteString("CASE WHEN " + apart + " THEN " + strconv.Itoa(unapplied))
	for i, edge := range rule.Edges {
		b.WriteString(" WHEN " + from + " >= ? THEN " + strconv.Itoa(i))
		args = append(args, rule.AsOf.AddDays(-edge).EpochDays())
	}
	b.WriteString(" ELSE " + strconv.Itoa(len(rule.Edges)) + " END")
	return b.String(), args
}

// foldAging puts the buckets of a group and currency, which come one after the other,
// into one row.
func foldAging(rows []agingRow, rule ar.AgingRule) ([]ar.AgingRow, error) {
	var agings []ar.AgingRow
	for i, row := range rows {
		if i == 0 || !row.continues(rows[i-1]) {
			agings = append(agings, ar.AgingRow{
				Aging:    ar.NewAging(ar.Currency(row.Currency), rule.Edges),
				Customer: row.CustomerID, Owner: row.Owner, Name: row.Name,
			})
		}
		if err := row.addTo(&agings[len(agings)-1]); err != nil {
			return nil, err
		}
	}
	return agings, nil
}

func (r agingRow) continues(before agingRow) bool {
	return r.CustomerID == before.CustomerID && r.Owner == before.Owner && r.Currency == before.Currency
}

func (r agingRow) addTo(a *ar.AgingRow) error {
	total := money(r.Total, r.Currency)
	if r.Bucket == unapplied {
		a.Unapplied = total.Neg()
	} else {
		a.Buckets[r.Bucket] = total
	}
	a.Items += r.Items
	a.OverdueItems += r.OverdueItems
	if r.OldestDue.Valid {
		oldest := ar.DateFromEpochDays(r.OldestDue.Int64)
		if a.OldestDue.IsZero() || oldest.Before(a.OldestDue) {
			a.OldestDue = oldest
		}
	}
	weight := a.Weight + r.Weight
	if weight < a.Weight {
		return fmt.Errorf("store: aging: %w: amount by age does not fit in 64 bits", ar.ErrMoney)
	}
	a.Weight = weight
	return nil
}
