package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

type promiseRow struct {
	ID           ar.PromiseID
	CustomerID   ar.CustomerID `db:"customer_id"`
	DocumentID   ar.DocumentID `db:"document_id"`
	Currency     string
	GraceDays    int `db:"grace_days"`
	Note         string
	Already      sql.NullInt64
	Made         actRow
	End          ar.PromiseState `db:"end_state"`
	Ended        actRow
	SupersededBy ar.PromiseID `db:"superseded_by"`
}

var promiseColumns = `p.id, p.customer_id, COALESCE(p.document_id, 0) AS document_id, p.currency, p.grace_days, p.note, p.already,
	p.ended AS end_state, COALESCE(p.superseded_by, 0) AS superseded_by` + actColumns("p", "made") + actColumns("p", "ended")

func (r promiseRow) promise() ar.Promise {
	p := ar.Promise{
		ID: r.ID, Customer: r.CustomerID, Document: r.DocumentID, GraceDays: r.GraceDays, Note: r.Note,
		Made: r.Made.act(), End: r.End, Ended: r.Ended.act(), By: r.SupersededBy,
	}
	if r.Already.Valid {
		p.Already = money(r.Already.Int64, r.Currency)
	}
	return p
}

type promisePartRow struct {
	PromiseID   ar.PromiseID `db:"promise_id"`
	Amount, Due int64
}

// Promise returns one, or ar.ErrNoPromise.
func (r *reader) Promise(ctx context.Context, id ar.PromiseID) (ar.Promise, error) {
	w := where{}
	w.and("p.id = ?", id)
	found, err := r.promises(ctx, w, "")
	if err != nil {
		return ar.Promise{}, fmt.Errorf("store: read promise %d: %w", id, err)
	}
	if len(found) == 0 {
		return ar.Promise{}, fmt.Errorf("store: promise %d: %w", id, ar.ErrNoPromise)
	}
	return found[0], nil
}

// Promises lists promises that fit, by the due date of their last part, then by id.
func (r *reader) Promises(ctx context.Context, f ar.PromiseFilter) ([]ar.Promise, error) {
	w := where{}
	w.about(r.dialect, "p", f.Customers, f.Documents, f.Scope)
	if f.MadeBy != "" {
		w.and("p.made_by = ?", f.MadeBy)
	}
	if f.Standing || f.Undecided {
		w.and("p.ended = ''")
	}
	if f.Undecided {
		w.and("p.decided = 0")
	}
	if !f.MadeAfter.IsZero() {
		w.and("p.made_at > ?", f.MadeAfter.UnixMilli())
	}
	if due := dueWithin(f.DueFrom, f.DueTo); len(due.conditions) > 0 {
		w.and("p.id IN (SELECT n.promise_id FROM promise_parts n WHERE "+due.String()+")", due.args...)
	}
	list, err := r.promises(ctx, w, `ORDER BY p.last_due, p.id`+limit(f.Limit))
	if err != nil {
		return nil, fmt.Errorf("store: list promises: %w", err)
	}
	return list, nil
}

func dueWithin(from, to ar.Date) (w where) {
	if !from.IsZero() {
		w.and("n.due >= ?", from.EpochDays())
	}
	if !to.IsZero() {
		w.and("n.due <= ?", to.EpochDays())
	}
	return w
}

// about adds what the filters of acts have in common: the account and the document that
// an act in a table is about, and in whose scope the account is.
func (w *where) about(d dialect, table string, customers []ar.CustomerID, documents []ar.DocumentID, s *ar.Scope) {
	if customers != nil {
		w.in(d, table+".customer_id", ids(customers))
	}
	if documents != nil {
		w.in(d, table+".document_id", ids(documents))
	}
	if s == nil || s.All {
		return
	}
	owned := where{}
	owned.scope(d, *s)
	w.err = owned.err
	w.and("EXISTS (SELECT 1 FROM customers c WHERE c.id = "+table+".customer_id AND "+owned.String()+")", owned.args...)
}

// promises reads promises with their parts.
func (r *reader) promises(ctx context.Context, w where, more string) ([]ar.Promise, error) {
	rows, err := findWhere[promiseRow](ctx, r, `SELECT `+promiseColumns+` FROM promises p`, w, more)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	at := make(map[ar.PromiseID]int, len(rows))
	list := make([]ar.Promise, len(rows))
	found := make([]ar.PromiseID, len(rows))
	for i, row := range rows {
		list[i], found[i], at[row.ID] = row.promise(), row.ID, i
	}
	of := where{}
	of.in(r.dialect, "n.promise_id", ids(found))
	parts, err := findWhere[promisePartRow](ctx, r,
		`SELECT n.promise_id, n.amount, n.due FROM promise_parts n`, of, `ORDER BY n.promise_id, n.no`)
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		i := at[part.PromiseID]
		list[i].Parts = append(list[i].Parts, ar.Instalment{
			Amount: money(part.Amount, rows[i].Currency), Due: ar.DateFromEpochDays(part.Due),
		})
	}
	return list, nil
}

// AddPromise writes a promise, or returns the standing one that has the same key;
// created tells which. Its customer is whose account it is about, see account.
func (t *tx) AddPromise(ctx context.Context, p ar.Promise) (kept ar.Promise, created bool, err error) {
	if p.Customer, err = t.account(ctx, p.Customer, p.Document); err != nil {
		return ar.Promise{}, false, fmt.Errorf("store: add promise: %w", err)
	}
	id, created, err := first[ar.PromiseID](ctx, &t.reader, insertPromise, promiseValues(p)...)
	if err != nil {
		return ar.Promise{}, false, fmt.Errorf("store: add promise for customer %d: %w", p.Customer, err)
	}
	if !created {
		kept, err = t.standing(ctx, p.Key())
		return kept, false, err
	}
	p.ID = id
	values := make([]any, 0, 4*len(p.Parts))
	for i, part := range p.Parts {
		values = append(values, int64(id), i, part.Amount.Minor(), part.Due.EpochDays())
	}
	if err := insertPromiseParts.run(ctx, t, values, nil); err != nil {
		return ar.Promise{}, false, fmt.Errorf("store: add the parts of promise %d: %w", id, err)
	}
	return p, true, nil
}

const insertPromise = `
	INSERT INTO promises (customer_id, document_id, key, currency, grace_days, note, already, made_by, made_at, made_on, made_where,
		ended, ended_by, ended_at, ended_on, ended_where, superseded_by, last_due)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT (key) WHERE ended = '' DO NOTHING
	RETURNING id`

var insertPromiseParts = newBulk(`INSERT INTO promise_parts (promise_id, no, amount, due) VALUES`, make([]string, 4), ``)

func promiseValues(p ar.Promise) []any {
	already := sql.NullInt64{Int64: p.Already.Minor(), Valid: p.Already != ar.Money{}}
	var last ar.Date
	for _, part := range p.Parts {
		last = ar.Latest(last, part.Due)
	}
	values := append([]any{int64(p.Customer), toRef(p.Document), p.Key(), string(p.Currency()), p.GraceDays, p.Note, already}, actValues(p.Made)...)
	values = append(append(values, string(p.End)), actValues(p.Ended)...)
	return append(values, toRef(p.By), last.EpochDays())
}

// standing returns the standing promise of a key.
func (r *reader) standing(ctx context.Context, key string) (ar.Promise, error) {
	w := where{}
	w.and("p.key = ? AND p.ended = ''", key)
	found, err := r.promises(ctx, w, "")
	switch {
	case err != nil:
		return ar.Promise{}, fmt.Errorf("store: read the promise that stands: %w", err)
	case len(found) == 0:
		return ar.Promise{}, fmt.Errorf("store: read the promise that stands: %w", ar.ErrNoPromise)
	}
	return found[0], nil
}

// LetRepeat takes the key of a promise for itself alone, so that the same is a new promise.
func (t *tx) LetRepeat(ctx context.Context, id ar.PromiseID) error {
	if _, err := t.exec(ctx, `UPDATE promises SET key = ? || key WHERE id = ?`, fmt.Sprintf("over %d ", id), int64(id)); err != nil {
		return fmt.Errorf("store: let promise %d be repeated: %w", id, err)
	}
	return nil
}

// PutPromise writes how one ended, or that it stands again. Where the same promise was
// made anew meanwhile, only one of them can stand: ar.ErrPromiseTwice.
func (t *tx) PutPromise(ctx context.Context, p ar.Promise) error {
	row, ok, err := first[struct {
		Key      string
		Customer ar.CustomerID
		Document ar.DocumentID
	}](ctx, &t.reader, `SELECT key, customer_id AS customer, COALESCE(document_id, 0) AS document FROM promises WHERE id = ?`, p.ID)
	if err == nil && !ok {
		err = ar.ErrNoPromise
	}
	if err == nil {
		_, err = t.account(ctx, row.Customer, row.Document)
	}
	if err == nil && p.End == "" {
		err = t.mayStand(ctx, p.ID, row.Key)
	}
	if err == nil {
		values := append(append([]any{string(p.End)}, actValues(p.Ended)...), toRef(p.By), int64(p.ID))
		_, err = t.exec(ctx, `
			UPDATE promises SET ended = ?, ended_by = ?, ended_at = ?, ended_on = ?, ended_where = ?, superseded_by = ?
			WHERE id = ?`, values...)
	}
	if err != nil {
		return fmt.Errorf("store: put promise %d: %w", p.ID, err)
	}
	return nil
}

func (r *reader) mayStand(ctx context.Context, id ar.PromiseID, key string) error {
	_, taken, err := first[int64](ctx, r, `SELECT id FROM promises WHERE key = ? AND ended = '' AND id <> ?`, key, id)
	if err == nil && taken {
		err = ar.ErrPromiseTwice
	}
	return err
}

// movePromises gives promises to the account that their document belongs to, or to
// another account as a whole. Their keys follow, so that the same said again is still
// known; where two accounts had the same promise and become one, both stand, and the one
// that moved keeps its old key.
func (t *tx) movePromises(ctx context.Context, w where, to ar.CustomerID) error {
	list, err := t.promises(ctx, w, "ORDER BY p.id")
	if err != nil {
		return err
	}
	for _, p := range list {
		p.Customer = to
		if to == 0 {
			d, err := t.Document(ctx, p.Document)
			if err != nil {
				return err
			}
			p.Customer = d.Customer
		}
		if _, err := t.exec(ctx, `UPDATE promises SET customer_id = ? WHERE id = ?`, p.Customer, p.ID); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `
			UPDATE promises SET key = ?
			WHERE id = ? AND (ended <> '' OR NOT EXISTS (SELECT 1 FROM promises o WHERE o.key = ? AND o.ended = ''))`,
			p.Key(), p.ID, p.Key()); err != nil {
			return err
		}
	}
	return nil
}
