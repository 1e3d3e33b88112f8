package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type noteRow struct {
	ID         ar.NoteID
	CustomerID ar.CustomerID `db:"customer_id"`
	DocumentID ar.DocumentID `db:"document_id"`
	Text       string
	Call       ar.CallOutcome `db:"call_ended"`
	Made       actRow
}

var noteColumns = `n.id, n.customer_id, COALESCE(n.document_id, 0) AS document_id, n.text, n.call_ended` + actColumns("n", "made")

func (r noteRow) note() ar.Note {
	return ar.Note{ID: r.ID, Customer: r.CustomerID, Document: r.DocumentID, Text: r.Text, Call: r.Call, Made: r.Made.act()}
}

// Note returns one, or ar.ErrNoNote.
func (r *reader) Note(ctx context.Context, id ar.NoteID) (ar.Note, error) {
	row, ok, err := first[noteRow](ctx, r, `SELECT `+noteColumns+` FROM notes n WHERE n.id = ?`, id)
	if err == nil && !ok {
		err = ar.ErrNoNote
	}
	if err != nil {
		return ar.Note{}, fmt.Errorf("store: read note %d: %w", id, err)
	}
	return row.note(), nil
}

// Notes lists notes that fit, the latest first.
func (r *reader) Notes(ctx context.Context, f ar.NoteFilter) ([]ar.Note, error) {
	w := where{}
	w.about(r.dialect, "n", f.Customers, f.Documents, nil)
	if f.By != "" {
		w.and("n.made_by = ?", f.By)
	}
	rows, err := findWhere[noteRow](ctx, r, `SELECT `+noteColumns+` FROM notes n`, w, `ORDER BY n.made_at DESC NULLS LAST, n.id DESC`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list notes: %w", err)
	}
	notes := make([]ar.Note, len(rows))
	for i, row := range rows {
		notes[i] = row.note()
	}
	return notes, nil
}

// AddNote writes a note and gives it its id. Its customer is whose account it is about,
// see account.
func (t *tx) AddNote(ctx context.Context, n ar.Note) (ar.Note, error) {
	var err error
	if n.Customer, err = t.account(ctx, n.Customer, n.Document); err != nil {
		return ar.Note{}, fmt.Errorf("store: add note: %w", err)
	}
	values := append([]any{int64(n.Customer), toRef(n.Document), n.Text, string(n.Call)}, actValues(n.Made)...)
	n.ID, _, err = first[ar.NoteID](ctx, &t.reader, `
		INSERT INTO notes (customer_id, document_id, text, call_ended, made_by, made_at, made_on, made_where)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		RETURNING id`, values...)
	if err != nil {
		return ar.Note{}, fmt.Errorf("store: add note on customer %d: %w", n.Customer, err)
	}
	return n, nil
}

// RemoveNote takes a note back, text and all; the audit keeps it.
func (t *tx) RemoveNote(ctx context.Context, id ar.NoteID) error {
	n, err := t.exec(ctx, `DELETE FROM notes WHERE id = ?`, id)
	if err == nil && n == 0 {
		err = ar.ErrNoNote
	}
	if err != nil {
		return fmt.Errorf("store: remove note %d: %w", id, err)
	}
	return nil
}
