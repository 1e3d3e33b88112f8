package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

type ladderStepRow struct {
	CustomerID ar.CustomerID `db:"customer_id"`
	Day        int64
	Segment    string
	Rung       int
	Shadow     int64
	Why        string
	Chase      string
}

// LadderSteps lists the steps of customers, nil for all, by day.
func (r *reader) LadderSteps(ctx context.Context, customers []ar.CustomerID) ([]ar.LadderStep, error) {
	w := where{}
	if customers != nil {
		w.in(r.dialect, "l.customer_id", ids(customers))
	}
	rows, err := findWhere[ladderStepRow](ctx, r, `
		SELECT l.customer_id, l.day, l.segment, l.rung, l.shadow, l.why, l.chase FROM ladder_steps l`, w, `ORDER BY l.day, l.customer_id`)
	if err != nil {
		return nil, fmt.Errorf("store: list steps on the ladder: %w", err)
	}
	steps := make([]ar.LadderStep, len(rows))
	for i, row := range rows {
		chase, err := readAmounts(row.Chase)
		if err != nil {
			return nil, fmt.Errorf("store: step of customer %d on the ladder: %w", row.CustomerID, err)
		}
		steps[i] = ar.LadderStep{
			Customer: row.CustomerID, Segment: row.Segment, Rung: row.Rung, On: ar.DateFromEpochDays(row.Day), Shadow: row.Shadow != 0,
			Why: row.Why, Chase: chase,
		}
	}
	return steps, nil
}

// AddLadderStep writes a step; added is false where the account has one of that day. Two
// replicas that take it at once follow each other by the account's row.
func (t *tx) AddLadderStep(ctx context.Context, s ar.LadderStep) (added bool, err error) {
	customer, err := t.account(ctx, s.Customer, 0)
	if err != nil {
		return false, fmt.Errorf("store: add a step on the ladder: %w", err)
	}
	chase, err := writeAmounts(s.Chase)
	if err != nil {
		return false, fmt.Errorf("store: add a step on the ladder: %w", err)
	}
	n, err := t.exec(ctx, `
		INSERT INTO ladder_steps (customer_id, day, segment, rung, shadow, why, chase) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (customer_id, day) DO NOTHING`,
		int64(customer), s.On.EpochDays(), s.Segment, s.Rung, toFlag(s.Shadow), s.Why, chase)
	if err != nil {
		return false, fmt.Errorf("store: add a step of customer %d on the ladder: %w", customer, err)
	}
	return n > 0, nil
}

// moveLadder gives the steps of a customer to another that took it in; where that one has
// steps of its own, these go on, and the other's are gone.
func (t *tx) moveLadder(ctx context.Context, from, to ar.CustomerID) error {
	if _, err := t.exec(ctx, `
		DELETE FROM ladder_steps WHERE customer_id = ? AND EXISTS (SELECT 1 FROM ladder_steps o WHERE o.customer_id = ?)`, from, to); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE ladder_steps SET customer_id = ? WHERE customer_id = ?`, to, from)
	return err
}

type ladderRunRow struct {
	Day   int64
	At    sql.NullInt64
	Fresh int64
}

// LadderMoments lists the runs of the ladder between two days, both included, by day.
func (r *reader) LadderMoments(ctx context.Context, from, to ar.Date) ([]ar.LadderMoment, error) {
	rows, err := find[ladderRunRow](ctx, r, `SELECT day, at, fresh FROM ladder_runs WHERE day >= ? AND day <= ? ORDER BY day`,
		from.EpochDays(), to.EpochDays())
	if err != nil {
		return nil, fmt.Errorf("store: list runs of the ladder: %w", err)
	}
	runs := make([]ar.LadderMoment, len(rows))
	for i, row := range rows {
		runs[i] = ar.LadderMoment{Day: ar.DateFromEpochDays(row.Day), At: fromMillis(row.At), Fresh: row.Fresh != 0}
	}
	return runs, nil
}

// PutLadderMoment keeps that the ladder ran on a day. A run over old data may be followed
// by another on that day; one over fresh data is the last.
func (t *tx) PutLadderMoment(ctx context.Context, m ar.LadderMoment) (first bool, err error) {
	n, err := t.exec(ctx, `
		INSERT INTO ladder_runs (day, at, fresh) VALUES (?, ?, ?)
		ON CONFLICT (day) DO UPDATE SET at = excluded.at, fresh = excluded.fresh WHERE ladder_runs.fresh = 0`,
		m.Day.EpochDays(), toMillis(m.At), toFlag(m.Fresh))
	if err != nil {
		return false, fmt.Errorf("store: keep the run of the ladder on %s: %w", m.Day, err)
	}
	return n > 0, nil
}

type ladderSwitchRow struct {
	On   int64 `db:"turned_on"`
	Made actRow
}

// LadderSwitch returns the latest; the zero one where nobody turned it on.
func (r *reader) LadderSwitch(ctx context.Context) (ar.LadderSwitch, error) {
	row, _, err := first[ladderSwitchRow](ctx, r, `SELECT w.turned_on`+actColumns("w", "made")+` FROM ladder_switches w ORDER BY w.id DESC LIMIT 1`)
	if err != nil {
		return ar.LadderSwitch{}, fmt.Errorf("store: read whether the ladder is on: %w", err)
	}
	return ar.LadderSwitch{On: row.On != 0, Made: row.Made.act()}, nil
}

// AddLadderSwitch writes that somebody turned the ladder on or off.
func (t *tx) AddLadderSwitch(ctx context.Context, s ar.LadderSwitch) error {
	_, err := t.exec(ctx, `INSERT INTO ladder_switches (turned_on, made_by, made_at, made_on, made_where) VALUES (?, ?, ?, ?, ?)`,
		append([]any{toFlag(s.On)}, actValues(s.Made)...)...)
	if err != nil {
		return fmt.Errorf("store: turn the ladder: %w", err)
	}
	return nil
}
