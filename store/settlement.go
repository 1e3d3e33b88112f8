package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type settlementRow struct {
	Kind      ar.ApplicationKind
	Currency  string
	Amount    int64
	Effective int64
	Inferred  int64
	FromKind  ar.DocumentKind `db:"from_kind"`
	External  string
	Number    string
}

// Settlements lists what is applied to a document and in effect up to asOf, by date.
func (r *reader) Settlements(ctx context.Context, id ar.DocumentID, asOf ar.Date) ([]ar.Settlement, error) {
	rows, err := find[settlementRow](ctx, r, `
		SELECT a.kind, a.currency, a.amount, a.effective, a.inferred, COALESCE(f.kind, '') AS from_kind,
			COALESCE(f.external, '') AS external, COALESCE(f.number, '') AS number
		FROM applications a LEFT JOIN documents f ON f.id = a.from_id
		WHERE a.to_id = ? AND a.effective <= ? ORDER BY a.effective, a.id`, id, asOf.EpochDays())
	if err != nil {
		return nil, fmt.Errorf("store: list what is applied to document %d: %w", id, err)
	}
	list := make([]ar.Settlement, len(rows))
	for i, row := range rows {
		list[i] = ar.Settlement{Kind: row.Kind, Amount: money(row.Amount, row.Currency), Date: ar.DateFromEpochDays(row.Effective), Inferred: row.Inferred != 0}
		if row.External != "" {
			list[i].From = ar.Document{Kind: row.FromKind, External: row.External, Number: row.Number}.Label()
		}
	}
	return list, nil
}
