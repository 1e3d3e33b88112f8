package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type assignmentRow struct {
	CustomerID  ar.CustomerID `db:"customer_id"`
	User, Email string
	Made        actRow
}

// Assignments returns those of customers, nil for all, by customer.
func (r *reader) Assignments(ctx context.Context, customers []ar.CustomerID) ([]ar.Assignment, error) {
	w := where{}
	w.about(r.dialect, "g", customers, nil, nil)
	rows, err := findWhere[assignmentRow](ctx, r,
		`SELECT g.customer_id, g.user_id AS "user", g.email`+actColumns("g", "made")+` FROM assignments g`, w, `ORDER BY g.customer_id`)
	if err != nil {
		return nil, fmt.Errorf("store: list assignments: %w", err)
	}
	list := make([]ar.Assignment, len(rows))
	for i, row := range rows {
		list[i] = ar.Assignment{Customer: row.CustomerID, User: row.User, Email: row.Email, Made: row.Made.act()}
	}
	return list, nil
}

// PutAssignment writes who works on an account, in the place of who did; no user takes
// the assignment away.
func (t *tx) PutAssignment(ctx context.Context, a ar.Assignment) error {
	id, err := t.account(ctx, a.Customer, 0)
	if err != nil {
		return fmt.Errorf("store: put assignment: %w", err)
	}
	if a.User == "" && a.Email == "" {
		_, err = t.exec(ctx, `DELETE FROM assignments WHERE customer_id = ?`, id)
	} else {
		_, err = t.exec(ctx, `
			INSERT INTO assignments (customer_id, user_id, email, made_by, made_at, made_on, made_where) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (customer_id) DO UPDATE SET user_id = excluded.user_id, email = excluded.email, made_by = excluded.made_by,
				made_at = excluded.made_at, made_on = excluded.made_on, made_where = excluded.made_where`,
			append([]any{int64(id), a.User, a.Email}, actValues(a.Made)...)...)
	}
	if err != nil {
		return fmt.Errorf("store: put the assignment of customer %d: %w", id, err)
	}
	return nil
}

// moveAssignment gives the assignment of a customer to another that took it in, which
// keeps its own where it has one.
func (t *tx) moveAssignment(ctx context.Context, from, to ar.CustomerID) error {
	if _, err := t.exec(ctx, `
		UPDATE assignments SET customer_id = ?
		WHERE customer_id = ? AND NOT EXISTS (SELECT 1 FROM assignments o WHERE o.customer_id = ?)`, to, from, to); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM assignments WHERE customer_id = ?`, from)
	return err
}
