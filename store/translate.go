package store

import (
	"context"

	"arbot/ar"
	"arbot/ar/metric"
)

// foreignPage is how many documents are folded at a time.
const foreignPage = 2000

// foreignRow is a document in another currency, with what it's sliced by.
type foreignRow struct {
	documentRow
	Company, Owner, Segment string
}

// foldForeign adds the documents in other currencies than the home currency to the
// sums. Rates are decimals of any length, which a database converts less exactly than
// the ledger, so it's done here, by the fold that is their definition.
func (r *reader) foldForeign(ctx context.Context, rule ar.SumRule, s ar.Scope, t *tally) error {
	fold, err := metric.NewFold(rule)
	if err != nil {
		return err
	}
	for after := ar.DocumentID(0); ; {
		page, err := r.foreign(ctx, rule, s, after)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return t.add(fold.Sums())
		}
		after = page[len(page)-1].Document.ID
		for _, row := range page {
			if err := fold.Add(row); err != nil {
				return err
			}
		}
	}
}

// foreign reads a page of documents with what was applied to and from them.
func (r *reader) foreign(ctx context.Context, rule ar.SumRule, s ar.Scope, after ar.DocumentID) ([]metric.Row, error) {
	w := where{}
	w.and("d.status = 'posted' AND d.currency <> ? AND d.id > ?", string(rule.Home.Currency), after)
	w.and("d.date <= ? AND d.closed_on > ?", rule.Cuts.AsOf().EpochDays(), rule.Cuts[0].EpochDays())
	w.scope(r.dialect, s)
	found, err := findWhere[foreignRow](ctx, r, `
		SELECT `+documentColumns+`, s.name AS company, c.owner, c.segment
		FROM documents d JOIN customers c ON c.id = d.customer_id JOIN sources s ON s.id = d.source_id`, w,
		`ORDER BY d.id`+limit(foreignPage))
	if err != nil {
		return nil, err
	}
	rows := make([]metric.Row, len(found))
	at := map[ar.DocumentID]int{}
	for i, row := range found {
		rows[i] = metric.Row{Document: row.document(), Company: row.Company, Owner: row.Owner, Segment: row.Segment}
		at[row.ID] = i
	}
	return rows, r.addSides(ctx, rows, at)
}

// sideRow is one side of an application.
type sideRow struct {
	ID        ar.DocumentID
	Kind      ar.ApplicationKind
	Amount    int64
	Effective int64
	Side      int // 0 for to, 1 for to with no document on the other side, 2 for from
}

// addSides adds what was applied to and from the documents of rows, whose places at
// tells.
func (r *reader) addSides(ctx context.Context, rows []metric.Row, at map[ar.DocumentID]int) error {
	documents := make([]int64, 0, len(rows))
	for _, row := range rows {
		documents = append(documents, int64(row.Document.ID))
	}
	list, err := r.dialect.list(documents)
	if err != nil {
		return err
	}
	found, err := find[sideRow](ctx, r, `
		SELECT to_id AS id, kind, amount, effective, CASE WHEN from_id IS NULL THEN 1 ELSE 0 END AS side
		FROM applications WHERE to_id {in} AND effective IS NOT NULL
		UNION ALL
		SELECT from_id, kind, amount, effective, 2 FROM applications WHERE from_id {in} AND effective IS NOT NULL`,
		list, list)
	if err != nil {
		return err
	}
	sides := []metric.Side{metric.To, metric.ToEntry, metric.From}
	for _, s := range found {
		row := &rows[at[s.ID]]
		row.Applied = append(row.Applied, metric.Applied{
			Kind: s.Kind, Amount: ar.NewMoney(s.Amount, row.Document.Amount.Currency()),
			On: ar.DateFromEpochDays(s.Effective), Side: sides[s.Side],
		})
	}
	return nil
}
