package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

type escalationRow struct {
	ID         ar.EscalationID
	Kind       ar.EscalationKind
	CustomerID ar.CustomerID `db:"customer_id"`
	DocumentID sql.NullInt64 `db:"document_id"`
	Ask        string
	Due        sql.NullInt64
	Within     int
	Channel    string
	Addressee  string
	Segment    string
	Rung       int
	Why        string
	Owed       string
	State      ar.EscalationState
	Opened     actRow
}

var escalationColumns = `e.id, e.kind, e.customer_id, e.document_id, e.ask, e.due, e.within, e.channel, e.addressee,
	e.segment, e.rung, e.why, e.owed, e.state` + actColumns("e", "opened")

func (r escalationRow) escalation() (ar.Escalation, error) {
	owed, err := readAmounts(r.Owed)
	return ar.Escalation{
		ID: r.ID, Kind: r.Kind, Customer: r.CustomerID, Document: ar.DocumentID(r.DocumentID.Int64), Ask: r.Ask, Due: fromDays(r.Due),
		Within: r.Within, Channel: r.Channel, To: r.Addressee, Segment: r.Segment, Rung: r.Rung, Why: r.Why, Owed: owed,
		State: r.State, Opened: r.Opened.act(),
	}, err
}

// amountRow is an amount in a JSON array.
type amountRow struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
}

func readAmounts(text string) ([]ar.Money, error) {
	var rows []amountRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("read amounts: %w", err)
	}
	var list []ar.Money
	for _, row := range rows {
		list = append(list, money(row.Minor, row.Currency))
	}
	return list, nil
}

func writeAmounts(list []ar.Money) (string, error) {
	rows := make([]amountRow, len(list))
	for i, m := range list {
		rows[i] = amountRow{m.Minor(), string(m.Currency())}
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

type escalationStepRow struct {
	EscalationID ar.EscalationID `db:"escalation_id"`
	State        ar.EscalationState
	Note         string
	Made         actRow
}

// Escalation returns one, or ar.ErrNoEscalation.
func (r *reader) Escalation(ctx context.Context, id ar.EscalationID) (ar.Escalation, error) {
	w := where{}
	w.and("e.id = ?", id)
	found, err := r.escalations(ctx, w, "")
	if err == nil && len(found) == 0 {
		err = ar.ErrNoEscalation
	}
	if err != nil {
		return ar.Escalation{}, fmt.Errorf("store: read escalation %d: %w", id, err)
	}
	return found[0], nil
}

// Escalations lists escalations that fit, the latest first.
func (r *reader) Escalations(ctx context.Context, f ar.EscalationFilter) ([]ar.Escalation, error) {
	w := where{}
	w.about(r.dialect, "e", f.Customers, f.Documents, f.Scope)
	if f.Kind != "" {
		w.and("e.kind = ?", string(f.Kind))
	}
	if f.Standing {
		w.and("e.state NOT IN ('paid', 'withdrawn', 'replaced', 'rejected')")
	}
	list, err := r.escalations(ctx, w, `ORDER BY e.id DESC`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list escalations: %w", err)
	}
	return list, nil
}

// escalations reads escalations with their steps.
func (r *reader) escalations(ctx context.Context, w where, more string) ([]ar.Escalation, error) {
	rows, err := findWhere[escalationRow](ctx, r, `SELECT `+escalationColumns+` FROM escalations e`, w, more)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := make(map[ar.EscalationID]int, len(rows))
	list := make([]ar.Escalation, len(rows))
	found := make([]ar.EscalationID, len(rows))
	for i, row := range rows {
		if list[i], err = row.escalation(); err != nil {
			return nil, err
		}
		found[i], at[row.ID] = row.ID, i
	}
	of := where{}
	of.in(r.dialect, "s.escalation_id", ids(found))
	steps, err := findWhere[escalationStepRow](ctx, r,
		`SELECT s.escalation_id, s.state, s.note`+actColumns("s", "made")+` FROM escalation_steps s`, of, `ORDER BY s.escalation_id, s.no`)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		e := &list[at[s.EscalationID]]
		e.Steps = append(e.Steps, ar.EscalationStep{Act: s.Made.act(), State: s.State, Note: s.Note})
	}
	return list, nil
}

// AddEscalation writes one and gives it its id.
func (t *tx) AddEscalation(ctx context.Context, e ar.Escalation) (ar.Escalation, error) {
	var err error
	if e.Customer, err = t.account(ctx, e.Customer, e.Document); err != nil {
		return ar.Escalation{}, fmt.Errorf("store: add escalation: %w", err)
	}
	owed, err := writeAmounts(e.Owed)
	if err != nil {
		return ar.Escalation{}, fmt.Errorf("store: add escalation: %w", err)
	}
	values := append([]any{string(e.Kind), int64(e.Customer), toRef(e.Document)}, actValues(e.Opened)...)
	values = append(values, escalationValues(e)...)
	e.ID, _, err = first[ar.EscalationID](ctx, &t.reader, `
		INSERT INTO escalations (kind, customer_id, document_id, opened_by, opened_at, opened_on, opened_where,
			ask, due, within, channel, addressee, state, segment, rung, why, owed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`, append(values, e.Segment, e.Rung, e.Why, owed)...)
	if err == nil {
		err = t.addEscalationSteps(ctx, e)
	}
	if err != nil {
		return ar.Escalation{}, fmt.Errorf("store: add escalation of customer %d: %w", e.Customer, err)
	}
	return e, nil
}

// escalationValues are the values of an escalation that can change.
func escalationValues(e ar.Escalation) []any {
	return []any{e.Ask, toDays(e.Due), e.Within, e.Channel, e.To, string(e.State)}
}

// PutEscalation writes all that can change of an escalation.
func (t *tx) PutEscalation(ctx context.Context, e ar.Escalation) error {
	if err := t.putEscalation(ctx, e); err != nil {
		return fmt.Errorf("store: put escalation %d: %w", e.ID, err)
	}
	return nil
}

func (t *tx) putEscalation(ctx context.Context, e ar.Escalation) error {
	customer, ok, err := first[ar.CustomerID](ctx, &t.reader, `SELECT customer_id FROM escalations WHERE id = ?`, e.ID)
	if err == nil && !ok {
		err = ar.ErrNoEscalation
	}
	if err != nil {
		return err
	}
	if _, err := t.account(ctx, customer, 0); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `
		UPDATE escalations SET ask = ?, due = ?, within = ?, channel = ?, addressee = ?, state = ? WHERE id = ?`,
		append(escalationValues(e), int64(e.ID))...); err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM escalation_steps WHERE escalation_id = ?`, e.ID); err != nil {
		return err
	}
	return t.addEscalationSteps(ctx, e)
}

var insertEscalationSteps = newBulk(`
	INSERT INTO escalation_steps (escalation_id, no, state, note, made_by, made_at, made_on, made_where)
	VALUES`, make([]string, 8), ``)

func (t *tx) addEscalationSteps(ctx context.Context, e ar.Escalation) error {
	values := make([]any, 0, len(e.Steps)*insertEscalationSteps.columns)
	for i, s := range e.Steps {
		values = append(values, int64(e.ID), i, string(s.State), s.Note)
		values = append(values, actValues(s.Act)...)
	}
	return insertEscalationSteps.run(ctx, t, values, nil)
}
