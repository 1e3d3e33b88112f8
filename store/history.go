package store

import (
	"context"
	"fmt"

	"arbot/ar"
)

type familyRow struct {
	ID       ar.CustomerID
	ParentID ar.CustomerID `db:"parent_id"`
}

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
	h, err := r.history(ctx, customers)
	if err != nil {
		return ar.History{}, fmt.Errorf("store: read the history of %d customers: %w", len(customers), err)
	}
	return h, nil
}

func (r *reader) history(ctx context.Context, customers []ar.CustomerID) (h ar.History, err error) {
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
	if h.Documents, err = r.documentsIn(ctx, "d.customer_id", owned); err != nil {
		return h, fmt.Errorf("documents: %w", err)
	}
	if h.Applications, err = r.applicationsOf(ctx, h.Documents); err != nil {
		return h, fmt.Errorf("applications: %w", err)
	}
	others, err := r.documentsIn(ctx, "d.id", otherSides(h))
	if err != nil {
		return h, fmt.Errorf("documents of others: %w", err)
	}
	h.Documents = append(h.Documents, others...)
	return h, nil
}

// below lists customers and those below them, generation by generation: a recursive query
// reads all customers on PostgreSQL. Who was there already is not looked at again, so that
// a circle ends.
func (r *reader) below(ctx context.Context, customers []ar.CustomerID) (all []familyRow, err error) {
	there := map[ar.CustomerID]bool{}
	column, next := "c.id", ids(customers)
	for len(next) > 0 {
		w := where{}
		w.in(r.dialect, column, next)
		rows, err := findWhere[familyRow](ctx, r, `SELECT c.id, COALESCE(c.parent_id, 0) AS parent_id FROM customers c`, w, `ORDER BY c.id`)
		if err != nil {
			return nil, err
		}
		column, next = "c.parent_id", nil
		for _, row := range rows {
			if !there[row.ID] {
				there[row.ID] = true
				all, next = append(all, row), append(next, int64(row.ID))
			}
		}
	}
	return all, nil
}

func (r *reader) documentsIn(ctx context.Context, column string, list []int64) ([]ar.Document, error) {
	if len(list) == 0 {
		return nil, nil
	}
	w := where{}
	w.in(r.dialect, column, list)
	rows, err := findWhere[documentRow](ctx, r, `SELECT `+documentColumns+` FROM documents d`, w, `ORDER BY d.id`)
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
func otherSides(h ar.History) (list []int64) {
	there := map[ar.DocumentID]bool{0: true}
	for _, d := range h.Documents {
		there[d.ID] = true
	}
	for _, a := range h.Applications {
		for _, id := range []ar.DocumentID{a.From, a.To} {
			if !there[id] {
				there[id] = true
				list = append(list, int64(id))
			}
		}
	}
	return list
}
