package store

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
)

type changeRow struct {
	CustomerID                                 ar.CustomerID `db:"customer_id"`
	Name, Owner, Currency                      string
	Opening, Closing, Newly, Credited, Written int64
	Settled, Old                               int64
}

// appliedBetween is what was applied to document m after one day up to another, of a
// kind, less what was taken from it.
const appliedBetween = `COALESCE((SELECT sum(a.amount) FROM applications a WHERE a.to_id = m.id AND a.kind = '%[1]s' AND a.effective > %[2]s AND a.effective <= %[3]s), 0)
	- COALESCE((SELECT sum(a.amount) FROM applications a WHERE a.from_id = m.id AND a.kind = '%[1]s' AND a.effective > %[2]s AND a.effective <= %[3]s), 0)`

// OverdueChanges sums in SQL how what is past due moved, by customer and currency;
// ar.OverdueChanges is what it is held equal to. Only what was open within the span and
// fell due before its end is looked at.
//
// What was applied beyond the open amount isn't less overdue: it's taken out of write-offs
// first, then of credits, then of payments, which are the rest of what was settled.
func (r *reader) OverdueChanges(ctx context.Context, from, to ar.Date, s ar.Scope) ([]ar.OverdueChange, error) {
	first, last := day(from), day(to)
	w := where{}
	w.and("d.status = 'posted' AND d.date <= " + last + " AND d.closed_on > " + first + " AND d.due < " + last)
	w.scope(r.dialect, s)
	if w.err != nil {
		return nil, w.err
	}
	rows, err := find[changeRow](ctx, r, `
		SELECT x.customer_id, x.name, x.owner, x.currency,
			sum(CASE WHEN x.was = 1 THEN x.opening ELSE 0 END) AS opening,
			sum(CASE WHEN x.closing > 0 THEN x.closing ELSE 0 END) AS closing,
			sum(CASE WHEN x.was = 0 AND x.closing > 0 THEN x.closing ELSE 0 END) AS newly,
			sum(CASE WHEN x.was = 0 THEN 0 WHEN x.closing > 0 THEN x.opening - x.closing ELSE x.opening END) AS settled,
			sum(`+less("x.credited", "x.excess")+`) AS credited, sum(x.written) AS written,
			sum(CASE WHEN x.closing > 0 AND x.due < `+day(to.AddDays(-ar.OldDays))+` THEN x.closing ELSE 0 END) AS old
		FROM (
			SELECT o.customer_id, o.name, o.owner, o.currency, o.due, o.opening, o.closing, o.was, o.credited,
				`+less("o.written", "o.excess")+` AS written, o.excess - (o.written - `+less("o.written", "o.excess")+`) AS excess
			FROM (`+movedItems(first, last, w.String())+`) AS o
		) AS x
		GROUP BY x.customer_id, x.name, x.owner, x.currency ORDER BY x.customer_id, x.currency`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("store: sum how the overdue moved from %s to %s: %w", from, to, err)
	}
	list := make([]ar.OverdueChange, len(rows))
	for i, row := range rows {
		list[i] = row.change()
	}
	return list, nil
}

// less is the expression for an amount of which as much as there is of an excess is taken
// away, though never below 0.
func less(amount, excess string) string {
	return `CASE WHEN ` + amount + ` <= 0 OR ` + excess + ` <= 0 THEN ` + amount + ` WHEN ` + amount + ` <= ` + excess + ` THEN 0 ELSE ` + amount + ` - ` + excess + ` END`
}

// movedItems is the query for the items that were overdue on a day or are on a later one,
// among those of a condition, with what was credited and written off of them.
func movedItems(first, last, condition string) string {
	was := `CASE WHEN m.opening > 0 AND m.due < ` + first + ` THEN 1 ELSE 0 END`
	opening, closing := openOn(first), openOn(last)
	applied := func(k ar.ApplicationKind) string {
		return `CASE WHEN m.opening > 0 AND m.due < ` + first + ` THEN ` + fmt.Sprintf(appliedBetween, k, first, last) + ` ELSE 0 END`
	}
	return `
				SELECT m.customer_id, m.name, m.owner, m.currency, m.due, m.opening, m.closing, ` + was + ` AS was,
					` + applied(ar.ByCredit) + ` AS credited, ` + applied(ar.ByWriteOff) + ` AS written,
					CASE WHEN m.closing < 0 THEN -m.closing ELSE 0 END AS excess
				FROM (
					SELECT d.id, d.customer_id, c.name, c.owner, d.currency, d.due,
						CASE WHEN d.date <= ` + first + ` THEN ` + opening + ` ELSE 0 END AS opening, ` + closing + ` AS closing
					FROM documents d JOIN customers c ON c.id = d.customer_id WHERE ` + condition + `
				) AS m WHERE m.closing > 0 OR m.opening > 0 AND m.due < ` + first
}

func (r changeRow) change() ar.OverdueChange {
	m := func(minor int64) ar.Money { return money(minor, r.Currency) }
	return ar.OverdueChange{
		Customer: r.CustomerID, Name: r.Name, Owner: r.Owner, Currency: ar.Currency(r.Currency),
		Before: m(r.Opening), After: m(r.Closing), Newly: m(r.Newly),
		Paid: m(r.Settled - r.Credited - r.Written), Credited: m(r.Credited), WrittenOff: m(r.Written), Old: m(r.Old),
	}
}

type termsRow struct {
	Terms, Currency string
	Date            int64
	Invoices        int
	Amount, Granted int64
}

// TermsGiven sums invoices by their customers' terms, date and currency.
func (r *reader) TermsGiven(ctx context.Context, from, to ar.Date, s ar.Scope) ([]ar.TermsGiven, error) {
	w := where{}
	w.and("d.status = 'posted' AND d.kind = 'invoice' AND d.date > " + day(from) + " AND d.date <= " + day(to))
	w.scope(r.dialect, s)
	if w.err != nil {
		return nil, w.err
	}
	rows, err := find[termsRow](ctx, r, `
		SELECT c.terms, d.currency, d.date, count(*) AS invoices, sum(d.effect) AS amount, sum(d.effect * (d.due - d.date)) AS granted
		FROM documents d JOIN customers c ON c.id = d.customer_id WHERE `+w.String()+`
		GROUP BY c.terms, d.currency, d.date ORDER BY c.terms, d.currency, d.date`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("store: sum the terms given from %s to %s: %w", from, to, err)
	}
	list := make([]ar.TermsGiven, len(rows))
	for i, row := range rows {
		list[i] = ar.TermsGiven{
			Terms: row.Terms, Date: ar.DateFromEpochDays(row.Date), Currency: ar.Currency(row.Currency),
			Invoices: row.Invoices, Amount: money(row.Amount, row.Currency), Granted: ar.NewAmountDays(row.Granted),
		}
	}
	return list, nil
}

// openOn is what is open of document d on a day that stands as a literal.
func openOn(literal string) string { return strings.ReplaceAll(openAmount, "?", literal) }
