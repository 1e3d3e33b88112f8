package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

type disputeRow struct {
	ID         ar.DisputeID
	CustomerID ar.CustomerID `db:"customer_id"`
	DocumentID ar.DocumentID `db:"document_id"`
	Reason     ar.Reason
	Currency   string
	Amount     int64
	Note       string
	Department ar.Department
	Assignee   string
	Due        sql.NullInt64
	State      ar.DisputeState
	Outcome    ar.DisputeOutcome
	Opened     actRow
}

var disputeColumns = `e.id, e.customer_id, e.document_id, e.reason, e.currency, e.amount, e.note, e.department, e.assignee, e.due,
	e.state, e.outcome` + actColumns("e", "opened")

func (r disputeRow) dispute() ar.Dispute {
	return ar.Dispute{
		ID: r.ID, Customer: r.CustomerID, Document: r.DocumentID, Reason: r.Reason, Amount: money(r.Amount, r.Currency),
		Note: r.Note, Department: r.Department, Assignee: r.Assignee, Due: fromDays(r.Due),
		State: r.State, Outcome: r.Outcome, Opened: r.Opened.act(),
	}
}

type disputeStepRow struct {
	DisputeID ar.DisputeID `db:"dispute_id"`
	State     ar.DisputeState
	Outcome   ar.DisputeOutcome
	Note      string
	Made      actRow
}

// Dispute returns one, or ar.ErrNoDispute.
func (r *reader) Dispute(ctx context.Context, id ar.DisputeID) (ar.Dispute, error) {
	w := where{}
	w.and("e.id = ?", id)
	found, err := r.disputes(ctx, w, "")
	if err != nil {
		return ar.Dispute{}, fmt.Errorf("store: read dispute %d: %w", id, err)
	}
	if len(found) == 0 {
		return ar.Dispute{}, fmt.Errorf("store: dispute %d: %w", id, ar.ErrNoDispute)
	}
	return found[0], nil
}

// Disputes lists disputes that fit, by the date by which they are to be resolved, then by
// id.
func (r *reader) Disputes(ctx context.Context, f ar.DisputeFilter) ([]ar.Dispute, error) {
	w := where{}
	w.about(r.dialect, "e", f.Customers, f.Documents, f.Scope)
	if f.Assignee != "" {
		w.and("e.assignee = ?", f.Assignee)
	}
	if f.Reason != "" {
		w.and("e.reason = ?", string(f.Reason))
	}
	if f.Standing {
		w.and("e.state <> 'resolved'")
	}
	if !f.OpenedFrom.IsZero() {
		w.and("e.opened_on >= ?", f.OpenedFrom.EpochDays())
	}
	if !f.OpenedTo.IsZero() {
		w.and("e.opened_on <= ?", f.OpenedTo.EpochDays())
	}
	list, err := r.disputes(ctx, w, `ORDER BY e.due NULLS FIRST, e.id`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list disputes: %w", err)
	}
	return list, nil
}

// disputes reads disputes with their steps.
func (r *reader) disputes(ctx context.Context, w where, more string) ([]ar.Dispute, error) {
	rows, err := findWhere[disputeRow](ctx, r, `SELECT `+disputeColumns+` FROM disputes e`, w, more)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := make(map[ar.DisputeID]int, len(rows))
	list := make([]ar.Dispute, len(rows))
	found := make([]ar.DisputeID, len(rows))
	for i, row := range rows {
		list[i], found[i], at[row.ID] = row.dispute(), row.ID, i
	}
	of := where{}
	of.in(r.dialect, "s.dispute_id", ids(found))
	steps, err := findWhere[disputeStepRow](ctx, r,
		`SELECT s.dispute_id, s.state, s.outcome, s.note`+actColumns("s", "made")+` FROM dispute_steps s`, of, `ORDER BY s.dispute_id, s.no`)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		d := &list[at[s.DisputeID]]
		d.Steps = append(d.Steps, ar.DisputeStep{Act: s.Made.act(), State: s.State, Outcome: s.Outcome, Note: s.Note})
	}
	return list, nil
}

// AddDispute writes a dispute and gives it its id. Its customer is the one of the
// document.
func (t *tx) AddDispute(ctx context.Context, d ar.Dispute) (ar.Dispute, error) {
	if d.Document == 0 {
		return ar.Dispute{}, fmt.Errorf("store: add dispute: %w", ar.ErrNoDocument)
	}
	var err error
	if d.Customer, err = t.account(ctx, d.Customer, d.Document); err != nil {
		return ar.Dispute{}, fmt.Errorf("store: add dispute: %w", err)
	}
	values := append([]any{int64(d.Customer), int64(d.Document)}, actValues(d.Opened)...)
	d.ID, _, err = first[ar.DisputeID](ctx, &t.reader, `
		INSERT INTO disputes (customer_id, document_id, opened_by, opened_at, opened_on, opened_where,
			reason, currency, amount, note, department, assignee, due, state, outcome)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`, append(values, disputeValues(d)...)...)
	if err == nil {
		err = t.addSteps(ctx, d)
	}
	if err != nil {
		return ar.Dispute{}, fmt.Errorf("store: add dispute of document %d: %w", d.Document, err)
	}
	return d, nil
}

// disputeValues are the values of a dispute that can change.
func disputeValues(d ar.Dispute) []any {
	return []any{
		string(d.Reason), string(d.Amount.Currency()), d.Amount.Minor(), d.Note, string(d.Department), d.Assignee, toDays(d.Due),
		string(d.State), string(d.Outcome),
	}
}

// PutDispute writes all that can change of a dispute: everything but what it is about and
// who opened it.
func (t *tx) PutDispute(ctx context.Context, d ar.Dispute) error {
	if err := t.putDispute(ctx, d); err != nil {
		return fmt.Errorf("store: put dispute %d: %w", d.ID, err)
	}
	return nil
}

func (t *tx) putDispute(ctx context.Context, d ar.Dispute) error {
	document, ok, err := first[ar.DocumentID](ctx, &t.reader, `SELECT document_id FROM disputes WHERE id = ?`, d.ID)
	if err != nil {
		return err
	}
	if !ok {
		return ar.ErrNoDispute
	}
	if _, err := t.account(ctx, 0, document); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `
		UPDATE disputes SET reason = ?, currency = ?, amount = ?, note = ?, department = ?, assignee = ?, due = ?, state = ?, outcome = ?
		WHERE id = ?`, append(disputeValues(d), int64(d.ID))...); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM dispute_steps WHERE dispute_id = ?`, d.ID); err != nil {
		return err
	}
	return t.addSteps(ctx, d)
}

var insertDisputeSteps = newBulk(`
	INSERT INTO dispute_steps (dispute_id, no, state, outcome, note, made_by, made_at, made_on, made_where)
	VALUES`, make([]string, 9), ``)

func (t *tx) addSteps(ctx context.Context, d ar.Dispute) error {
	values := make([]any, 0, len(d.Steps)*insertDisputeSteps.columns)
	for i, s := range d.Steps {
		values = append(values, int64(d.ID), i, string(s.State), string(s.Outcome), s.Note)
		values = append(values, actValues(s.Act)...)
	}
	return insertDisputeSteps.run(ctx, t, values, nil)
}
