package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type snoozeRow struct {
	ID         ar.SnoozeID
	CustomerID ar.CustomerID `db:"customer_id"`
	DocumentID ar.DocumentID `db:"document_id"`
	Until      int64
	Reason     string
	Made       actRow
	End        ar.SnoozeEnd `db:"end_state"`
	Ended      actRow
}

var snoozeColumns = `z.id, z.customer_id, COALESCE(z.document_id, 0) AS document_id, z.until, z.reason, z.ended AS end_state` +
	actColumns("z", "made") + actColumns("z", "ended")

func (r snoozeRow) snooze() ar.Snooze {
	return ar.Snooze{
		ID: r.ID, Customer: r.CustomerID, Document: r.DocumentID, Until: ar.DateFromEpochDays(r.Until), Reason: r.Reason,
		Made: r.Made.act(), End: r.End, Ended: r.Ended.act(),
	}
}

// Snooze returns one, or ar.ErrNoSnooze.
func (r *reader) Snooze(ctx context.Context, id ar.SnoozeID) (ar.Snooze, error) {
	row, ok, err := first[snoozeRow](ctx, r, `SELECT `+snoozeColumns+` FROM snoozes z WHERE z.id = ?`, id)
	if err == nil && !ok {
		err = ar.ErrNoSnooze
	}
	if err != nil {
		return ar.Snooze{}, fmt.Errorf("store: read snooze %d: %w", id, err)
	}
	return row.snooze(), nil
}

// Snoozes lists snoozes that fit, the earliest day first.
func (r *reader) Snoozes(ctx context.Context, f ar.SnoozeFilter) ([]ar.Snooze, error) {
	w := where{}
	w.about(r.dialect, "z", f.Customers, f.Documents, f.Scope)
	if !f.On.IsZero() {
		w.and("z.ended = '' AND z.until > ? AND z.made_on <= ?", f.On.EpochDays(), f.On.EpochDays())
	}
	rows, err := findWhere[snoozeRow](ctx, r, `SELECT `+snoozeColumns+` FROM snoozes z`, w, `ORDER BY z.until, z.id`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list snoozes: %w", err)
	}
	snoozes := make([]ar.Snooze, len(rows))
	for i, row := range rows {
		snoozes[i] = row.snooze()
	}
	return snoozes, nil
}

// AddSnooze writes a snooze; one of the same account or invoice that stands is replaced
// by it. Its customer is whose account it is about, see account.
func (t *tx) AddSnooze(ctx context.Context, s ar.Snooze) (ar.Snooze, error) {
	var err error
	if s.Customer, err = t.account(ctx, s.Customer, s.Document); err != nil {
		return ar.Snooze{}, fmt.Errorf("store: add snooze: %w", err)
	}
	if _, err := t.exec(ctx, `
		UPDATE snoozes SET ended = ?, ended_by = ?, ended_at = ?, ended_on = ?, ended_where = ?
		WHERE customer_id = ? AND COALESCE(document_id, 0) = ? AND ended = '' AND until > ?`,
		append(append([]any{string(ar.SnoozeReplaced)}, actValues(s.Made)...), int64(s.Customer), int64(s.Document), s.Made.On.EpochDays())...); err != nil {
		return ar.Snooze{}, fmt.Errorf("store: replace the snooze of customer %d: %w", s.Customer, err)
	}
	s.ID, _, err = first[ar.SnoozeID](ctx, &t.reader, `
		INSERT INTO snoozes (customer_id, document_id, until, reason, made_by, made_at, made_on, made_where)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		append([]any{int64(s.Customer), toRef(s.Document), s.Until.EpochDays(), s.Reason}, actValues(s.Made)...)...)
	if err != nil {
		return ar.Snooze{}, fmt.Errorf("store: add snooze of customer %d: %w", s.Customer, err)
	}
	return s, nil
}

// PutSnooze writes how one ended. What has ended stays so.
func (t *tx) PutSnooze(ctx context.Context, s ar.Snooze) error {
	n, err := t.exec(ctx, `
		UPDATE snoozes SET ended = ?, ended_by = ?, ended_at = ?, ended_on = ?, ended_where = ? WHERE id = ? AND ended = ''`,
		append(append([]any{string(s.End)}, actValues(s.Ended)...), int64(s.ID))...)
	if err == nil && n == 0 {
		err = ar.ErrNoSnooze
	}
	if err != nil {
		return fmt.Errorf("store: put snooze %d: %w", s.ID, err)
	}
	return nil
}
