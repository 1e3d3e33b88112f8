package store

import (
	"context"
	"fmt"
)

// The derived columns. Both statements work on sets and write only rows that change.

// moveApplications computes anew when the applications of documents take effect, after
// the documents changed, and settles these and the documents on the other sides. An
// application between two currencies (while a correction is only half in) doesn't
// count.
func (t *tx) moveApplications(ctx context.Context, documents []int64) error {
	if len(documents) == 0 {
		return nil
	}
	list, err := t.dialect.list(documents)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `
		UPDATE applications SET effective = now.effective
		FROM (
			SELECT a.id, CASE WHEN a.deleted = 0 AND t.status = 'posted' AND COALESCE(f.status, 'posted') = 'posted'
					AND a.currency = t.currency AND a.currency = COALESCE(f.currency, a.currency)
				THEN {greatest}(a.date, t.date, COALESCE(f.date, t.date)) END AS effective
			FROM applications a
			JOIN documents t ON t.id = a.to_id
			LEFT JOIN documents f ON f.id = a.from_id
			WHERE a.id IN (
				SELECT id FROM applications WHERE to_id {in}
				UNION SELECT id FROM applications WHERE from_id {in})
		) AS now
		WHERE applications.id = now.id AND applications.effective IS DISTINCT FROM now.effective`,
		list, list); err != nil {
		return fmt.Errorf("move applications: %w", err)
	}
	others, err := find[int64](ctx, &t.reader, `
		SELECT to_id FROM applications WHERE from_id {in}
		UNION SELECT from_id FROM applications WHERE to_id {in} AND from_id IS NOT NULL`, list, list)
	if err != nil {
		return fmt.Errorf("find the documents on the other side: %w", err)
	}
	return t.settle(ctx, append(others, documents...))
}

// settle computes anew from which day on nothing of the documents is open: the day of
// the last application where all of them add up to the effect. What is over-applied
// stays open, with its rest.
func (t *tx) settle(ctx context.Context, documents []int64) error {
	if len(documents) == 0 {
		return nil
	}
	t.touch(documents...)
	list, err := t.dialect.list(documents)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, settleSQL, list, list, list); err != nil {
		return fmt.Errorf("settle %d documents: %w", len(documents), err)
	}
	return nil
}

const settleSQL = `
		UPDATE documents SET closed_on = now.closed_on
		FROM (
			SELECT d.id, CASE WHEN d.effect = COALESCE(sum(s.amount), 0)
				THEN {greatest}(d.date, COALESCE(max(s.effective), d.date)) ELSE 2147483647 END AS closed_on
			FROM documents d
			LEFT JOIN (
				SELECT to_id AS id, amount, effective FROM applications
				WHERE effective IS NOT NULL AND to_id {in}
				UNION ALL
				SELECT from_id, -amount, effective FROM applications
				WHERE effective IS NOT NULL AND from_id {in}
			) AS s ON s.id = d.id
			WHERE d.id {in}
			GROUP BY d.id
		) AS now
		WHERE documents.id = now.id AND documents.closed_on <> now.closed_on`
