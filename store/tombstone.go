package store

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
)

// Keys lists the keys of a source's live records after a key, in the order of bytes.
func (t *tx) Keys(ctx context.Context, s ar.SourceID, kind ar.RecordKind, after ar.Key, most int) ([]ar.Key, error) {
	var query string
	args := []any{s, string(after)}
	switch kind {
	case ar.CustomerRecords:
		query = `SELECT external FROM customers WHERE source_id = ? AND deleted = 0 AND external > ? ORDER BY external`
	case ar.ApplicationRecords:
		query = `SELECT external FROM applications WHERE source_id = ? AND deleted = 0 AND external > ? ORDER BY external`
	case ar.DocumentRecords:
		ref := refOf(after)
		query = `SELECT kind || '/' || external FROM documents
			WHERE source_id = ? AND (kind, external) > (?, ?) AND status <> 'deleted' ORDER BY kind, external`
		args = []any{s, string(ref.Kind), ref.External}
	default:
		return nil, fmt.Errorf("store: keys of %q: no such kind of record", kind)
	}
	keys, err := find[ar.Key](ctx, &t.reader, query+limit(most), args...)
	if err != nil {
		return nil, fmt.Errorf("store: list keys of %s of source %d: %w", kind, s, err)
	}
	return keys, nil
}

// refOf reads the key of a document back.
func refOf(k ar.Key) ar.Ref {
	kind, external, _ := strings.Cut(string(k), "/")
	return ar.Ref{Kind: ar.DocumentKind(kind), External: external}
}

// Tombstone marks records as gone from the ledger and settles what they touched. A
// key that is not in the books, or is gone already, counts as unchanged.
func (t *tx) Tombstone(ctx context.Context, id ar.RunID, kind ar.RecordKind, keys []ar.Key) (ar.RunCounts, error) {
	run, err := t.openRun(ctx, id)
	if err != nil {
		return ar.RunCounts{}, err
	}
	w := &pageWriter{tx: t, run: run, terms: ar.TermsBook{}}
	if err := w.gone(ctx, kind, keys); err != nil {
		return ar.RunCounts{}, fmt.Errorf("store: tombstones of %s of source %d: %w", kind, run.Source, err)
	}
	if err := w.settleTouched(ctx); err != nil {
		return ar.RunCounts{}, fmt.Errorf("store: settle after tombstones of %s of source %d: %w", kind, run.Source, err)
	}
	return w.counts, t.advance(ctx, id, 0, w.counts)
}

// gone marks records as gone. An entry is gone with all that came with it.
func (w *pageWriter) gone(ctx context.Context, kind ar.RecordKind, keys []ar.Key) error {
	page := ar.Page{}
	for _, k := range keys {
		switch kind {
		case ar.CustomerRecords:
			page.Customers = append(page.Customers, ar.CustomerRecord{External: string(k), Deleted: true})
		case ar.DocumentRecords:
			page.Documents = append(page.Documents, ar.DocumentRecord{Ref: refOf(k), Status: ar.Deleted})
		case ar.ApplicationRecords:
			page.Applications = append(page.Applications, ar.ApplicationRecord{External: string(k), Deleted: true})
		case ar.EntryRecords:
			page.Entries = append(page.Entries, ar.EntryRecord{External: string(k)})
		default:
			return fmt.Errorf("%q: no such kind of record", kind)
		}
	}
	for _, put := range []func(context.Context, ar.Page) error{w.putCustomers, w.putDocuments, w.putApplications, w.dropFromEntries} {
		if err := put(ctx, page); err != nil {
			return err
		}
	}
	return nil
}

// putGone takes away what a page says is gone, what refers before what is referred to.
func (w *pageWriter) putGone(ctx context.Context, p ar.Page) error {
	keys := map[ar.RecordKind][]ar.Key{}
	for _, g := range p.Gone {
		if g.Into == "" {
			keys[g.Kind] = append(keys[g.Kind], g.Key)
		}
	}
	for _, kind := range []ar.RecordKind{ar.ApplicationRecords, ar.EntryRecords, ar.DocumentRecords, ar.CustomerRecords} {
		if err := w.gone(ctx, kind, keys[kind]); err != nil {
			return err
		}
		delete(keys, kind)
	}
	for kind := range keys {
		return fmt.Errorf("gone %q: no such kind of record", kind)
	}
	for _, g := range p.Gone {
		if g.Into == "" {
			continue
		}
		if err := w.merge(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// What is gone keeps its row, since facts of ours may point at it. Fingerprint 0 makes
// a record news again if the ledger brings it back.

func (w *pageWriter) deleteCustomers(ctx context.Context, gone []int64) error {
	return w.markGone(ctx, `UPDATE customers SET deleted = 1, fingerprint = 0 WHERE id {in}`, gone)
}

func (w *pageWriter) deleteDocuments(ctx context.Context, gone []int64) error {
	w.moved = append(w.moved, gone...)
	return w.markGone(ctx, `UPDATE documents SET status = 'deleted', fingerprint = 0 WHERE id {in}`, gone)
}

func (w *pageWriter) deleteApplications(ctx context.Context, gone []int64) error {
	return w.markGone(ctx, `UPDATE applications SET deleted = 1, effective = NULL, fingerprint = 0 WHERE id {in}`, gone)
}

func (w *pageWriter) markGone(ctx context.Context, update string, gone []int64) error {
	if len(gone) == 0 {
		return nil
	}
	list, err := w.dialect.list(gone)
	if err != nil {
		return err
	}
	if _, err := w.exec(ctx, update, list); err != nil {
		return fmt.Errorf("mark %d records as gone: %w", len(gone), err)
	}
	return nil
}
