package store

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

type moveRow struct {
	ID         ar.DocumentID
	CustomerID ar.CustomerID `db:"customer_id"`
	Owner      string
	Due        int64
	Currency   string
	Opening    int64
	Closing    int64
}

// OverdueMoves lists the items that were overdue at from or at to, with what was
// applied after from up to to, by document.
func (r *reader) OverdueMoves(ctx context.Context, from, to ar.Date, s ar.Scope) ([]ar.OverdueMove, error) {
	w := where{}
	w.and("d.status = 'posted'")
	w.and("d.date <= ?", to.EpochDays())
	w.and("d.closed_on > ?", from.EpochDays())
	w.and("d.due < ?", to.EpochDays())
	w.scope(r.dialect, s)
	if w.err != nil {
		return nil, w.err
	}
	first, last := from.EpochDays(), to.EpochDays()
	args := append([]any{first, first, first, last, last}, w.args...)
	rows, err := find[moveRow](ctx, r, `
		SELECT m.id, m.customer_id, m.owner, m.due, m.currency, m.opening, m.closing FROM (
			SELECT d.id, d.customer_id, c.owner, d.due, d.currency,
				CASE WHEN d.date <= ? THEN `+openAmount+` ELSE 0 END AS opening,
				`+openAmount+` AS closing
			FROM documents d JOIN customers c ON c.id = d.customer_id
			WHERE `+w.String()+`
		) AS m WHERE m.closing > 0 OR m.opening > 0 AND m.due < ? ORDER BY m.id`, append(args, first)...)
	if err != nil {
		return nil, fmt.Errorf("store: list overdue items of %s and %s: %w", from, to, err)
	}
	moves := make([]ar.OverdueMove, len(rows))
	for i, row := range rows {
		zero := money(0, row.Currency)
		moves[i] = ar.OverdueMove{
			Document: row.ID, Customer: row.CustomerID, Owner: row.Owner, Due: ar.DateFromEpochDays(row.Due),
			Before: money(row.Opening, row.Currency), After: money(row.Closing, row.Currency),
			Paid: zero, Credited: zero, WrittenOff: zero,
		}
	}
	if err := r.addApplied(ctx, moves, from, to); err != nil {
		return nil, fmt.Errorf("store: sum what was applied after %s up to %s: %w", from, to, err)
	}
	return moves, nil
}

type appliedRow struct {
	ID     ar.DocumentID
	Kind   ar.ApplicationKind
	Amount int64
	// Inferred counts those concluded from balances.
	Inferred int64
}

// addApplied fills in what was applied to the documents of moves. What they
// themselves were applied to counts against it, so that before less applied is after.
func (r *reader) addApplied(ctx context.Context, moves []ar.OverdueMove, from, to ar.Date) error {
	documents := make([]int64, len(moves))
	for i, m := range moves {
		documents[i] = int64(m.Document)
	}
	list, err := r.dialect.list(documents)
	if err != nil {
		return err
	}
	first, last := from.EpochDays(), to.EpochDays()
	rows, err := find[appliedRow](ctx, r, `
		SELECT id, kind, sum(amount) AS amount, sum(inferred) AS inferred FROM (
			SELECT to_id AS id, kind, amount, inferred FROM applications
			WHERE to_id {in} AND effective > ? AND effective <= ?
			UNION ALL
			SELECT from_id, kind, -amount, inferred FROM applications
			WHERE from_id {in} AND effective > ? AND effective <= ?
		) AS s GROUP BY id, kind`, list, first, last, list, first, last)
	if err != nil {
		return err
	}
	for _, row := range rows {
		i, _ := slices.BinarySearchFunc(moves, row.ID, func(m ar.OverdueMove, id ar.DocumentID) int {
			return int(m.Document - id)
		})
		applied := ar.NewMoney(row.Amount, moves[i].After.Currency())
		switch row.Kind {
		case ar.ByPayment:
			moves[i].Paid, moves[i].Inferred = applied, row.Inferred > 0
		case ar.ByCredit:
			moves[i].Credited = applied
		case ar.ByWriteOff:
			moves[i].WrittenOff = applied
		}
	}
	return nil
}
