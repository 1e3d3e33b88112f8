package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"arbot/ar"
)

// knownDocument is what is stored of a document that a page brings.
type knownDocument struct {
	id, fingerprint int64
	deleted         bool
}

// documentsBy looks documents of the run's source up by kind and external id.
func (w *pageWriter) documentsBy(ctx context.Context, externals map[ar.DocumentKind][]string) (map[ar.Ref]knownDocument, error) {
	known := map[ar.Ref]knownDocument{}
	for kind, list := range externals {
		arg, err := w.dialect.list(list)
		if err != nil {
			return nil, err
		}
		rows, err := w.conn.QueryContext(ctx, w.dialect.sql(`
			SELECT id, external, fingerprint, status FROM documents
			WHERE source_id = ? AND kind = ? AND external {in}`), w.run.Source, string(kind), arg)
		if err != nil {
			return nil, fmt.Errorf("look documents up: %w", err)
		}
		err = each(rows, func() error {
			var k knownDocument
			ref := ar.Ref{Kind: kind}
			var status ar.Status
			err := rows.Scan(&k.id, &ref.External, &k.fingerprint, &status)
			k.deleted = status == ar.Deleted
			known[ref] = k
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("look documents up: %w", err)
		}
	}
	return known, nil
}

func (w *pageWriter) putDocuments(ctx context.Context, p ar.Page) error {
	records := latest(documentsOf(p), func(d documentNews) ar.Ref { return d.Ref },
		func(a, b documentNews) { w.again(a.fingerprint == b.fingerprint) })
	if len(records) == 0 {
		return nil
	}
	externals := map[ar.DocumentKind][]string{}
	for _, d := range records {
		externals[d.Kind] = append(externals[d.Kind], d.External)
	}
	known, err := w.documentsBy(ctx, externals)
	if err != nil {
		return err
	}
	news := make([]documentNews, 0, len(records))
	var gone []int64
	for _, d := range records {
		k, found := known[d.Ref]
		removed := d.Status == ar.Deleted
		switch {
		case removed && (!found || k.deleted), !removed && found && k.fingerprint == d.fingerprint:
			w.counts.Unchanged++
		case removed:
			w.counts.Removed++
			gone = append(gone, k.id)
		case found:
			w.counts.Changed++
			w.moved = append(w.moved, k.id)
			news = append(news, d)
		default:
			w.counts.Added++
			news = append(news, d)
		}
	}
	if err := w.deleteDocuments(ctx, gone); err != nil {
		return err
	}
	return w.upsertDocuments(ctx, news)
}

// documentNews is a document that a page brings.
type documentNews struct {
	*ar.DocumentRecord
	entry       string // that it came with, "" for none
	fingerprint int64
}

// documentsOf lists the documents of a page, those of its entries last.
func documentsOf(p ar.Page) []documentNews {
	n := len(p.Documents)
	for _, e := range p.Entries {
		n += len(e.Documents)
	}
	all := make([]documentNews, 0, n)
	add := func(entry string, documents []ar.DocumentRecord) {
		for i := range documents {
			all = append(all, documentNews{&documents[i], entry, documentFingerprint(&documents[i], entry)})
		}
	}
	add("", p.Documents)
	for _, e := range p.Entries {
		add(e.External, e.Documents)
	}
	return all
}

func (w *pageWriter) upsertDocuments(ctx context.Context, news []documentNews) error {
	if len(news) == 0 {
		return nil
	}
	customers, err := w.customersOf(ctx, news)
	if err != nil {
		return err
	}
	values := make([]any, 0, len(news)*upsertDocument.columns)
	for _, d := range news {
		customer, ok := customers[d.Customer]
		if !ok {
			return &ar.MissingRefError{
				Record: ar.DocumentRecords, Key: d.Key(), Field: "customer", Ref: ar.Key(d.Customer),
			}
		}
		if values, err = w.appendDocument(values, d, customer); err != nil {
			return err
		}
	}
	err = upsertDocument.run(ctx, w.tx, values, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		w.touch(id)
		return err
	})
	if err != nil {
		return fmt.Errorf("upsert documents: %w", err)
	}
	return nil
}

func (w *pageWriter) customersOf(ctx context.Context, news []documentNews) (map[string]knownCustomer, error) {
	seen := make(map[string]bool, len(news))
	externals := make([]string, 0, len(news))
	for _, d := range news {
		if !seen[d.Customer] {
			seen[d.Customer] = true
			externals = append(externals, d.Customer)
		}
	}
	return w.customersBy(ctx, externals)
}

var upsertDocument = newBulk(`
	INSERT INTO documents (source_id, kind, external, number, number_key, number_tail, customer_id,
		currency, amount, effect, date, due, due_basis, terms, status, po, memo, url,
		rate, labels, entry, closed_on, first_run, first_seen, fingerprint)
	VALUES`, make([]string, 25), `
	ON CONFLICT (source_id, kind, external) DO UPDATE SET
		number = excluded.number, number_key = excluded.number_key, number_tail = excluded.number_tail,
		customer_id = excluded.customer_id, currency = excluded.currency, amount = excluded.amount,
		effect = excluded.effect, date = excluded.date, due = excluded.due, due_basis = excluded.due_basis,
		terms = excluded.terms, status = excluded.status, po = excluded.po, memo = excluded.memo,
		url = excluded.url, rate = excluded.rate, labels = excluded.labels, entry = excluded.entry,
		fingerprint = excluded.fingerprint,
		came_from = CASE WHEN documents.customer_id = excluded.customer_id THEN documents.came_from
			ELSE COALESCE(documents.came_from, documents.customer_id) END
	RETURNING id`)

func (w *pageWriter) appendDocument(values []any, d documentNews, customer knownCustomer) ([]any, error) {
	labels, err := labelsText(d.Labels)
	if err != nil {
		return nil, fmt.Errorf("labels of document %s: %w", d.Key(), err)
	}
	customerID, terms := customer.refersTo()
	due, basis := w.terms.DueDate(d.Date, d.Due, d.Terms, terms)
	effect := ar.Effect(d.Kind, d.Amount).Minor()
	closedOn := int64(stillOpen)
	if effect == 0 {
		closedOn = d.Date.EpochDays()
	}
	var key, tail any
	if d.Kind == ar.Invoice {
		key, tail = numberKeys(d.Number)
	}
	return append(values,
		int64(w.run.Source), string(d.Kind), d.External, d.Number, key, tail, customerID,
		string(d.Amount.Currency()), d.Amount.Minor(), effect, d.Date.EpochDays(), due.EpochDays(), string(basis),
		d.Terms, string(d.Status), d.PO, d.Memo, d.URL, string(d.Rate), labels, d.entry,
		closedOn, int64(w.run.ID), w.now.UnixMilli(), d.fingerprint), nil
}

// labelsText is a JSON object, "" for no labels.
func labelsText(labels map[string]string) (string, error) {
	if len(labels) == 0 {
		return "", nil
	}
	text, err := json.Marshal(labels)
	return string(text), err
}

// dueAgain computes due dates anew that were not stated, for customers by their new
// terms.
func (w *pageWriter) dueAgain(ctx context.Context, terms map[int64]string) error {
	if len(terms) == 0 {
		return nil
	}
	customers := make([]int64, 0, len(terms))
	for id := range terms {
		customers = append(customers, id)
	}
	cond := where{}
	cond.and("d.due_basis <> ?", string(ar.DueStated))
	cond.in(w.dialect, "d.customer_id", customers)
	rows, err := findWhere[documentRow](ctx, &w.reader, `SELECT `+documentColumns+` FROM documents d`, cond, "")
	if err != nil {
		return fmt.Errorf("list documents without a stated due date: %w", err)
	}
	values := make([]any, 0, 3*len(rows))
	for _, row := range rows {
		due, basis := w.terms.DueDate(ar.DateFromEpochDays(row.Date), ar.Date{}, row.Terms, terms[int64(row.CustomerID)])
		values = append(values, int64(row.ID), due.EpochDays(), string(basis))
		w.touch(int64(row.ID))
	}
	if err := updateDue.run(ctx, w.tx, values, nil); err != nil {
		return fmt.Errorf("update due dates: %w", err)
	}
	return nil
}

var updateDue = newBulk(`WITH given (id, due, due_basis) AS (VALUES`, []string{"BIGINT", "BIGINT", "TEXT"}, `)
	UPDATE documents SET due = given.due, due_basis = given.due_basis FROM given
	WHERE documents.id = given.id AND (documents.due <> given.due OR documents.due_basis <> given.due_basis)`)
