package store

import (
	"context"
	"fmt"
	"math"

	"arbot/ar"
)

// stillOpen is the closed_on of a document that has something open.
const stillOpen = math.MaxInt32

type documentRow struct {
	ID         ar.DocumentID
	SourceID   ar.SourceID `db:"source_id"`
	Kind       ar.DocumentKind
	External   string
	Number     string
	CustomerID ar.CustomerID `db:"customer_id"`
	Currency   string
	Amount     int64
	Date, Due  int64
	DueBasis   ar.DueBasis `db:"due_basis"`
	Terms      string
	Status     ar.Status
	PO, Memo   string
	URL        string
	Rate       ar.Rate
}

const documentColumns = `d.id, d.source_id, d.kind, d.external, d.number, d.customer_id, d.currency, d.amount,
	d.date, d.due, d.due_basis, d.terms, d.status, d.po, d.memo, d.url, d.rate`

// sumColumns are those that sums are made of.
const sumColumns = `d.id, d.kind, d.customer_id, d.currency, d.amount, d.date, d.due, d.status`

func (r documentRow) document() ar.Document {
	return ar.Document{
		ID: r.ID, Source: r.SourceID, External: r.External, Kind: r.Kind, Number: r.Number, Customer: r.CustomerID,
		Amount: money(r.Amount, r.Currency),
		Date:   ar.DateFromEpochDays(r.Date), Due: ar.DateFromEpochDays(r.Due), DueBasis: r.DueBasis,
		Terms: r.Terms, Status: r.Status, PO: r.PO, Memo: r.Memo, URL: r.URL, Rate: r.Rate,
	}
}

// words are texts of which there are few: each is kept once.
type words map[string]string

// share makes a row refer to the words that others have, too.
func (w words) share(r *documentRow) {
	r.Kind, r.Currency, r.DueBasis = ar.DocumentKind(w.one(string(r.Kind))), w.one(r.Currency), ar.DueBasis(w.one(string(r.DueBasis)))
	r.Terms, r.Status, r.Rate = w.one(r.Terms), ar.Status(w.one(string(r.Status))), ar.Rate(w.one(string(r.Rate)))
}

func (w words) one(text string) string {
	same, ok := w[text]
	if !ok {
		same = text
		w[text] = text
	}
	return same
}

// Document returns one document of any status, or ar.ErrNoDocument.
func (r *reader) Document(ctx context.Context, id ar.DocumentID) (ar.Document, error) {
	row, ok, err := first[documentRow](ctx, r, `SELECT `+documentColumns+` FROM documents d WHERE d.id = ?`, id)
	if err != nil {
		return ar.Document{}, fmt.Errorf("store: read document %d: %w", id, err)
	}
	if !ok {
		return ar.Document{}, fmt.Errorf("store: document %d: %w", id, ar.ErrNoDocument)
	}
	return row.document(), nil
}

// Amounts returns the amounts of those of a source's documents that are in the books.
func (t *tx) Amounts(ctx context.Context, s ar.SourceID, documents []ar.Ref) (map[ar.Ref]ar.Money, error) {
	externals := make([]string, len(documents))
	for i, d := range documents {
		externals[i] = d.External
	}
	w := where{}
	w.and("d.source_id = ?", s)
	w.in(t.dialect, "d.external", externals)
	rows, err := findWhere[documentRow](ctx, &t.reader, `SELECT `+documentColumns+` FROM documents d`, w, "")
	if err != nil {
		return nil, fmt.Errorf("store: amounts of %d documents of source %d: %w", len(documents), s, err)
	}
	amounts := make(map[ar.Ref]ar.Money, len(rows))
	for _, r := range rows { // of an external id that two kinds share, both are there
		amounts[ar.Ref{Kind: r.Kind, External: r.External}] = money(r.Amount, r.Currency)
	}
	return amounts, nil
}
