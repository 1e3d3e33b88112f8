package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

// LedgerSums sums the book in few passes over what was open or moved in the periods.
// metric.Fold is what it's held equal to. Amounts that are converted are folded in
// Go, page by page: see translate.go.
func (r *reader) LedgerSums(ctx context.Context, rule ar.SumRule, s ar.Scope) ([]ar.Sums, error) {
	rule, err := rule.Complete()
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	q := newSumQuery(r.dialect, rule, s)
	if q.where.err != nil {
		return nil, q.where.err
	}
	t := newTally(rule)
	for _, pass := range []struct {
		of  string
		run func(context.Context, *reader, sumQuery, *tally) error
	}{{"documents", sumDocuments}, {"entries", sumEntries}, {"whole documents", sumWhole}, {"what is left", sumRest}, {"paid invoices", sumPaid}} {
		if err := pass.run(ctx, r, q, t); err != nil {
			return nil, fmt.Errorf("store: sum %s as of %s: %w", pass.of, rule.Cuts.AsOf(), err)
		}
	}
	if rule.Home != nil {
		if err := r.foldForeign(ctx, rule, s, t); err != nil {
			return nil, fmt.Errorf("store: sums in %s as of %s: %w", rule.Home.Currency, rule.Cuts.AsOf(), err)
		}
	}
	return t.sorted(), nil
}

// sumQuery is what the passes have in common.
type sumQuery struct {
	rule ar.SumRule
	// slices are the columns that documents d are sliced by, names what they're called
	// then, joins the tables that they and the scope need.
	slices, joins string
	// names are the names of these columns.
	names       []string
	where       where
	first, last string // the days of the first and the last cut
}

func newSumQuery(d dialect, rule ar.SumRule, s ar.Scope) sumQuery {
	q := sumQuery{rule: rule, first: day(rule.Cuts[0]), last: day(rule.Cuts.AsOf())}
	asks := map[ar.Dimension]bool{}
	for _, by := range rule.By {
		asks[by] = true
	}
	for _, column := range []struct {
		by   ar.Dimension
		name string
	}{{ar.PerCompany, "s.name"}, {ar.PerOwner, "c.owner"}, {ar.PerSegment, "c.segment"}, {ar.PerTerms, "d.terms"}} {
		if asks[column.by] {
			q.slices += column.name + ` AS ` + string(column.by) + `, `
			q.names = append(q.names, string(column.by))
		}
	}
	q.slices += "d.currency"
	q.names = append(q.names, "currency")
	if !s.All || asks[ar.PerOwner] || asks[ar.PerSegment] {
		q.joins += ` JOIN customers c ON c.id = d.customer_id`
	}
	if asks[ar.PerCompany] {
		q.joins += ` JOIN sources s ON s.id = d.source_id`
	}
	q.where.scope(d, s)
	if rule.Home != nil {
		q.where.and("d.currency = ?", string(rule.Home.Currency))
	}
	return q
}

// day is a date as a literal. The dates of the cuts stand in expressions that occur
// several times, where arguments would have to be counted.
func day(d ar.Date) string { return strconv.FormatInt(d.EpochDays(), 10) }

// period is the expression for the period that a day after the first cut is in.
func (q sumQuery) period(column string) string {
	var b strings.Builder
	b.WriteString("CASE")
	for n, cut := range q.rule.Cuts[1:] {
		fmt.Fprintf(&b, " WHEN %s <= %s THEN %d", column, day(cut), n+1)
	}
	return b.String() + " END"
}

// groupBy groups by the columns of the slice and so many that follow them.
func (q sumQuery) groupBy(more int) string {
	var b strings.Builder
	b.WriteString(" GROUP BY 1")
	for n := range len(q.names) + more - 1 {
		fmt.Fprintf(&b, ", %d", n+2)
	}
	return b.String()
}

// at is the expression for the number of the first cut that isn't before a day; one
// after the last cut has none.
func (q sumQuery) at(column string) string {
	var b strings.Builder
	b.WriteString("CASE")
	for n, cut := range q.rule.Cuts {
		fmt.Fprintf(&b, " WHEN %s <= %s THEN %d", column, day(cut), n)
	}
	return b.String() + fmt.Sprintf(" ELSE %d END", len(q.rule.Cuts))
}

// cuts is a table of the cuts, by number.
func (q sumQuery) cuts() string {
	rows := make([]string, len(q.rule.Cuts))
	for n, cut := range q.rule.Cuts {
		rows[n] = fmt.Sprintf("SELECT %d AS no, %s AS day", n, day(cut))
	}
	return "(" + strings.Join(rows, " UNION ALL ") + ")"
}

// bucket is the expression for the bucket of what is open of o at a cut.
func (q sumQuery) bucket() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN o.open < 0 THEN %d", unapplied)
	for n, edge := range q.rule.Edges {
		fmt.Fprintf(&b, " WHEN o.due >= o.day - %d THEN %d", edge, n)
	}
	fmt.Fprintf(&b, " ELSE %d END", len(q.rule.Edges))
	return b.String()
}

// sliceRow is what a sum is of, in all dimensions that were asked for.
type sliceRow struct{ Company, Owner, Segment, Terms, Currency string }

func (r sliceRow) in(by ar.Dimension) ar.Slice {
	s := ar.Slice{By: by, Currency: ar.Currency(r.Currency)}
	switch by {
	case ar.PerCompany:
		s.Name = r.Company
	case ar.PerOwner:
		s.Name = r.Owner
	case ar.PerSegment:
		s.Name = r.Segment
	case ar.PerTerms:
		s.Name = r.Terms
	case ar.PerBook:
	}
	return s
}

// flowRow is an amount of a kind of document, or of what was applied without one.
type flowRow struct {
	sliceRow
	Kind   ar.DocumentKind
	By     ar.ApplicationKind // "" for the documents themselves
	Entry  int                // 1 for what was applied without a document
	Period int
	Amount int64
	Weight int64 // amounts times the days from date to due date
}

const flowColumns = `sum(%s) AS amount, sum(%s * (d.due - d.date)) AS weight`

// sumDocuments adds what documents came to, by their dates.
func sumDocuments(ctx context.Context, r *reader, q sumQuery, t *tally) error {
	w := q.where
	w.and("d.status = 'posted' AND d.effect <> 0 AND d.date > " + q.first + " AND d.date <= " + q.last)
	rows, err := find[flowRow](ctx, r, `
		SELECT `+q.slices+`, d.kind, `+q.period("d.date")+` AS period, `+strings.ReplaceAll(flowColumns, "%s", "d.effect")+`
		FROM documents d`+q.joins+` WHERE `+w.String()+q.groupBy(2), w.args...)
	if err != nil {
		return err
	}
	return t.flows(rows)
}

// sumEntries adds what was applied without a document, and what was written off by
// using up a credit.
func sumEntries(ctx context.Context, r *reader, q sumQuery, t *tally) error {
	w := q.where
	w.and("(a.from_id IS NULL OR a.kind = 'write_off') AND a.amount <> 0")
	w.and("a.effective > " + q.first + " AND a.effective <= " + q.last)
	rows, err := find[flowRow](ctx, r, `
		SELECT `+q.slices+`, d.kind, `+q.period("a.effective")+` AS period, a.kind AS by,
			CASE WHEN a.from_id IS NULL THEN 1 ELSE 0 END AS entry, `+strings.ReplaceAll(flowColumns, "%s", "a.amount")+`
		FROM applications a JOIN documents d ON d.id = COALESCE(a.from_id, a.to_id)`+q.joins+`
		WHERE `+w.String()+q.groupBy(4), w.args...)
	if err != nil {
		return err
	}
	return t.flows(rows)
}

// wholeRow is what documents of one due date came to that were open, as a whole, from
// one cut up to before another.
type wholeRow struct {
	sliceRow
	Due         int64
	Credit      int // 1 for what is below 0
	Enter, Left int
	Total       int64
	Items       int
}

// sumWhole adds documents at the cuts before anything was applied to them: most of what
// is open. They needn't be looked at once for each cut.
func sumWhole(ctx context.Context, r *reader, q sumQuery, t *tally) error {
	enter, left := q.at("d.date"), q.at(touched)
	rows, err := find[wholeRow](ctx, r, `
		SELECT `+q.slices+`, d.due, CASE WHEN d.effect < 0 THEN 1 ELSE 0 END AS credit, `+enter+` AS enter, `+left+` AS left,
			sum(d.effect) AS total, count(*) AS items
		FROM (`+q.alive()+`) AS d`+q.joins+` WHERE `+q.where.String()+` AND d.effect <> 0 AND `+enter+` < `+left+q.groupBy(4), q.where.args...)
	if err != nil {
		return err
	}
	return t.whole(rows)
}

// alive is the query for the documents that may be open at one of the cuts, with the days
// from which something was applied to them and from them. (It's grouped, so that SQLite
// finds these days once.)
func (q sumQuery) alive() string {
	return `
			SELECT d.id, d.customer_id, d.source_id, d.terms, d.currency, d.date, d.due, d.effect, d.closed_on,
				COALESCE(min(a.effective), ` + always + `) AS applied,
				COALESCE((SELECT min(f.effective) FROM applications f WHERE f.from_id = d.id), ` + always + `) AS used
			FROM documents d LEFT JOIN applications a ON a.to_id = d.id AND a.effective <= ` + q.last + `
			WHERE d.status = 'posted' AND d.date <= ` + q.last + ` AND d.closed_on > ` + q.first + `
			GROUP BY d.id`
}

const (
	// always is after all days.
	always  = "2147483647"
	touched = `CASE WHEN d.applied < d.used THEN d.applied ELSE d.used END`
)

// openRow is what is open in one bucket at one cut.
type openRow struct {
	sliceRow
	No     int // of the cut
	Bucket int // unapplied is no bucket
	Total  int64
	Items  int
}

// sumRest adds what was left of documents at the cuts after something was applied to
// them.
func sumRest(ctx context.Context, r *reader, q sumQuery, t *tally) error {
	w := q.where
	w.and("cut.day >= " + touched + " AND d.closed_on > cut.day")
	open := strings.ReplaceAll(openAmount, "?", "cut.day")
	// CROSS keeps SQLite from reading the documents once for each cut.
	rows, err := find[openRow](ctx, r, `
		SELECT o.`+strings.Join(q.names, ", o.")+`, o.no, `+q.bucket()+` AS bucket, sum(o.open) AS total, count(*) AS items
		FROM (
			SELECT `+q.slices+`, d.due, cut.no, cut.day, `+open+` AS open
			FROM (`+q.alive()+`) AS d`+q.joins+` CROSS JOIN `+q.cuts()+` AS cut WHERE `+w.String()+`
		) AS o WHERE o.open <> 0`+q.groupBy(2), w.args...)
	if err != nil {
		return err
	}
	return t.open(rows)
}

// paidSumRow sums up the invoices that were paid in full in a period.
type paidSumRow struct {
	sliceRow
	Period             int
	Invoices           int
	Amount             int64
	ToPay, Given, Late int64
}

// sumPaid adds how invoices were paid that were paid in full.
func sumPaid(ctx context.Context, r *reader, q sumQuery, t *tally) error {
	paid := paidInFull(q.rule.Cuts[0], q.rule.Cuts.AsOf(), "1 = 1")
	rows, err := find[paidSumRow](ctx, r, `
		SELECT `+q.slices+`, `+q.period("d.last")+` AS period, count(*) AS invoices, sum(d.rest) AS amount,
			sum(d.rest * (d.last - d.date)) AS topay, sum(d.rest * (d.due - d.date)) AS given,
			sum(d.rest * CASE WHEN d.last > d.due THEN d.last - d.due ELSE 0 END) AS late
		FROM (`+paid+`) AS d`+q.joins+` WHERE `+q.where.String()+q.groupBy(1), q.where.args...)
	if err != nil {
		return err
	}
	return t.paid(rows)
}
