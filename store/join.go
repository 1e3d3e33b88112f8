package store

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// JoinSource ends a ledger whose company another one has now. Ids of customers and
// documents that are not of the first ledger do nothing.
func (t *tx) JoinSource(ctx context.Context, from, into ar.SourceID, customers map[ar.CustomerID]ar.CustomerID,
	documents map[ar.DocumentID]ar.DocumentID,
) error {
	steps := []struct {
		what string
		do   func() error
	}{
		{"move what people added to documents", func() error { return t.joinDocuments(ctx, from, documents) }},
		{"move what people added to customers", func() error { return t.joinCustomers(ctx, from, customers) }},
		{"end it", func() error { return t.endSource(ctx, from, into) }},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return fmt.Errorf("store: join source %d into %d: %s: %w", from, into, s.what, err)
		}
	}
	return nil
}

// aboutDocuments are those whose rows can be about one document.
var aboutDocuments = []string{"promises", "disputes", "notes", "snoozes", "escalations"}

// joinDocuments points what people added to documents at the same ones of another ledger.
func (t *tx) joinDocuments(ctx context.Context, from ar.SourceID, documents map[ar.DocumentID]ar.DocumentID) error {
	var touched []int64
	for _, table := range aboutDocuments {
		about, err := find[ar.DocumentID](ctx, &t.reader, `
			SELECT DISTINCT document_id FROM `+table+` WHERE document_id IN (SELECT id FROM documents WHERE source_id = ?)
			ORDER BY document_id`, from)
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		for _, old := range about {
			now, ok := documents[old]
			if !ok {
				continue // it stands on a document that is gone, and says so
			}
			if _, err := t.exec(ctx, `UPDATE `+table+` SET document_id = ? WHERE document_id = ?`, now, old); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			touched = append(touched, int64(now))
		}
	}
	slices.Sort(touched)
	return t.carryActs(ctx, slices.Compact(touched))
}

// joinCustomers moves what people added to customers, and their names, to the same ones of
// another ledger.
func (t *tx) joinCustomers(ctx context.Context, from ar.SourceID, customers map[ar.CustomerID]ar.CustomerID) error {
	own, err := find[ar.CustomerID](ctx, &t.reader, `SELECT id FROM customers WHERE source_id = ? ORDER BY id`, from)
	if err != nil {
		return err
	}
	for _, old := range slices.DeleteFunc(own, func(id ar.CustomerID) bool { return customers[id] == 0 }) {
		now := customers[old]
		for _, update := range []string{
			`UPDATE customers SET merged_into = ? WHERE merged_into = ?`,
			`UPDATE customers SET merged_into = ? WHERE id = ?`,
			`UPDATE search_terms SET customer_id = ?, matched = CASE WHEN matched = 'name' THEN 'alias' ELSE matched END
			WHERE customer_id = ?`,
		} {
			if _, err := t.exec(ctx, update, now, old); err != nil {
				return fmt.Errorf("customer %d: %w", old, err)
			}
		}
		if err := t.moveActs(ctx, old, now); err != nil {
			return fmt.Errorf("customer %d: %w", old, err)
		}
	}
	return nil
}

// endSource makes tombstones of all that a source brought.
func (t *tx) endSource(ctx context.Context, from, into ar.SourceID) error {
	for _, update := range []string{
		`UPDATE applications SET deleted = 1, effective = NULL, fingerprint = 0 WHERE source_id = ?`,
		`UPDATE documents SET status = 'deleted', closed_on = 2147483647, fingerprint = 0 WHERE source_id = ?`,
		`UPDATE customers SET deleted = 1, fingerprint = 0 WHERE source_id = ?`,
	} {
		if _, err := t.exec(ctx, update, from); err != nil {
			return err
		}
	}
	one, err := find[int64](ctx, &t.reader, `SELECT min(id) FROM documents WHERE source_id = ? GROUP BY id / ?`, from, folioSize)
	if err != nil {
		return err
	}
	t.touch(one...) // of each folio
	if err := t.dropFolios(ctx, from); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE sources SET joined_into = ? WHERE id = ?`, into, from)
	return err
}

// SourceDocuments lists the documents of a source in every state, by id.
func (r *reader) SourceDocuments(ctx context.Context, s ar.SourceID, after ar.DocumentID, most int) ([]ar.Document, error) {
	rows, err := find[documentRow](ctx, r, `
		SELECT `+documentColumns+` FROM documents d WHERE d.source_id = ? AND d.id > ? ORDER BY d.id`+limit(most), s, after)
	if err != nil {
		return nil, fmt.Errorf("store: list documents of source %d: %w", s, err)
	}
	list := make([]ar.Document, len(rows))
	for i, row := range rows {
		list[i] = row.document()
	}
	return list, nil
}
