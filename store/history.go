package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type applicationRow struct {
	ID       int64
	SourceID ar.SourceID `db:"source_id"`
	External string
	FromID   ar.DocumentID `db:"from_id"`
	ToID     ar.DocumentID `db:"to_id"`
	Kind     ar.ApplicationKind
	Currency string
	Amount   int64
	Date     int64
	Inferred int64
}

const applicationColumns = `a.id, a.source_id, a.external, COALESCE(a.from_id, 0) AS from_id, a.to_id, a.kind, a.currency, a.amount, a.date, a.inferred`

func (r applicationRow) application() ar.Application {
	return ar.Application{
		Source: r.SourceID, External: r.External, From: r.FromID, To: r.ToID, Kind: r.Kind,
		Amount: money(r.Amount, r.Currency), Date: ar.DateFromEpochDays(r.Date), Inferred: r.Inferred != 0,
	}
}

// History returns what ar.Judge and ar.Timeline need of customers and of those below
// them: documents in every state with their applications, also those whose other side
// belongs to somebody else, with that side. It takes four queries and one for each generation below, however
// many customers there are.
func (r *reader) History(ctx context.Context, customers []ar.CustomerID) (ar.History, error) {
	h, err := r.history(ctx, customers, documentColumns, where{}, nil)
	if err != nil {
		return ar.History{}, fmt.Errorf("store: read the history of %d customers: %w", len(customers), err)
	}
	h.Documents, h.Beside = append(h.Documents, h.Beside...), nil
	return h, nil
}

// RecentHistory is History without the documents on which nothing was open or applied
// from a date on, those that are named excepted. Where one of them has an application
// to one that is there, it is in Beside. Documents have what sums are made of, and no names.
func (r *reader) RecentHistory(ctx context.Context, customers []ar.CustomerID, since ar.Date, named []ar.DocumentID) (ar.History, error) {
	w := where{}
	w.and("d.status = 'posted' AND d.closed_on >= ?", since.EpochDays())
	h, err := r.history(ctx, customers, sumColumns, w, ids(named))
	if err != nil {
		return ar.History{}, fmt.Errorf("store: read the history of %d customers since %s: %w", len(customers), since, err)
	}
	return h, nil
}

func (r *reader) history(ctx context.Context, customers []ar.CustomerID, columns string, only where, named []int64) (h ar.History, err error) {
	members, err := r.below(ctx, customers)
	if err != nil {
		return h, fmt.Errorf("customers: %w", err)
	}
	h.Family = ar.Family{}
	owned := make([]int64, len(members))
	for i, m := range members {
		owned[i] = int64(m.ID)
		if m.ParentID != 0 {
			h.Family[m.ID] = m.ParentID
		}
	}
	if h.Documents, err = r.documentsIn(ctx, columns, "d.customer_id", owned, only); err != nil {
		return h, fmt.Errorf("documents: %w", err)
	}
	more, err := r.documentsIn(ctx, columns, "d.id", notIn(h.Documents, named), where{})
	if err != nil {
		return h, fmt.Errorf("named documents: %w", err)
	}
	h.Documents = append(h.Documents, more...)
	if h.Applications, err = r.applicationsOf(ctx, h.Documents); err != nil {
		return h, fmt.Errorf("applications: %w", err)
	}
	if h.Beside, err = r.documentsIn(ctx, columns, "d.id", otherSides(h), where{}); err != nil {
		return h, fmt.Errorf("documents of others: %w", err)
	}
	return h, nil
}

// documentsIn lists the documents with one of some values in a column, for which other
// conditions hold too.
func (r *reader) documentsIn(ctx context.Context, columns, column string, list []int64, only where) ([]ar.Document, error) {
	if len(list) == 0 {
		return nil, nil
	}
	w := where{}
	w.in(r.dialect, column, list)
	w.and(only.String(), only.args...)
	rows, err := findWhere[documentRow](ctx, r, `SELECT `+columns+` FROM documents d`, w, `ORDER BY d.id`)
	if err != nil {
		return nil, err
	}
	documents := make([]ar.Document, len(rows))
	for i, row := range rows {
		documents[i] = row.document()
	}
	return documents, nil
}

// applicationsOf lists the applications from and to documents, each once.
func (r *reader) applicationsOf(ctx context.Context, documents []ar.Document) ([]ar.Application, error) {
	if len(documents) == 0 {
		return nil, nil
	}
	found := make([]int64, len(documents))
	for i, d := range documents {
		found[i] = int64(d.ID)
	}
	list, err := r.dialect.list(found)
	if err != nil {
		return nil, err
	}
	// UNION and not OR: each half has an index.
	rows, err := find[applicationRow](ctx, r, `
		SELECT `+applicationColumns+` FROM applications a WHERE a.to_id {in} AND a.deleted = 0
		UNION
		SELECT `+applicationColumns+` FROM applications a WHERE a.from_id {in} AND a.deleted = 0
		ORDER BY 1`, list, list)
	if err != nil {
		return nil, err
	}
	applications := make([]ar.Application, len(rows))
	for i, row := range rows {
		applications[i] = row.application()
	}
	return applications, nil
}

// otherSides lists the documents of applications that are not there yet.
func otherSides(h ar.History) []int64 {
	sides := make([]int64, 0, 2*len(h.Applications))
	for _, a := range h.Applications {
		for _, id := range []ar.DocumentID{a.From, a.To} {
			sides = append(sides, int64(id))
		}
	}
	return notIn(h.Documents, sides)
}

// notIn leaves those ids that are of none of the documents, each once.
func notIn(documents []ar.Document, list []int64) (left []int64) {
	there := map[int64]bool{0: true}
	for _, d := range documents {
		there[int64(d.ID)] = true
	}
	for _, id := range list {
		if !there[id] {
			there[id] = true
			left = append(left, id)
		}
	}
	return left
}
