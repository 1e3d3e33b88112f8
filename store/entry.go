package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

// dropFromEntries marks as gone what the books hold from the entries of a page and
// these do not hold any more. It comes after the records were written, so that one
// that went over to another entry is that one's.
func (w *pageWriter) dropFromEntries(ctx context.Context, p ar.Page) error {
	if len(p.Entries) == 0 {
		return nil
	}
	// An entry that a page holds twice is what it is the last time.
	entries := latest(pointers(p.Entries), func(e *ar.EntryRecord) string { return e.External }, func(_, _ *ar.EntryRecord) {})
	names := make([]string, len(entries))
	documents, applications := map[ar.Ref]bool{}, map[string]bool{}
	for i, e := range entries {
		names[i] = e.External
		for _, d := range e.Documents {
			if d.Status != ar.Deleted {
				documents[d.Ref] = true
			}
		}
		for _, a := range e.Applications {
			if !a.Deleted {
				applications[a.External] = true
			}
		}
	}
	list, err := w.dialect.list(names)
	if err != nil {
		return err
	}
	if same, err := w.asManyIn(ctx, list, len(documents)+len(applications)); err != nil || same {
		return err
	}
	goneApplications, err := w.applicationsIn(ctx, list, applications)
	if err != nil {
		return fmt.Errorf("list the applications of entries: %w", err)
	}
	goneDocuments, err := w.documentsIn(ctx, list, documents)
	if err != nil {
		return fmt.Errorf("list the documents of entries: %w", err)
	}
	w.counts.Removed += len(goneApplications) + len(goneDocuments)
	if err := w.deleteApplications(ctx, goneApplications); err != nil {
		return err
	}
	return w.deleteDocuments(ctx, goneDocuments)
}

// The conditions on the entry repeat those of the partial indexes, which else are not
// used.

// asManyIn reports whether the books hold as many live records from entries as these do
// themselves, which are written by now: then nothing of them is gone, as mostly, and no
// list of them is needed.
func (w *pageWriter) asManyIn(ctx context.Context, entries any, live int) (bool, error) {
	n, _, err := first[int](ctx, &w.reader, `
		SELECT (SELECT count(*) FROM applications WHERE source_id = ? AND entry {in} AND entry <> '' AND deleted = 0)
			+ (SELECT count(*) FROM documents WHERE source_id = ? AND entry {in} AND entry <> '' AND status <> 'deleted')`,
		w.run.Source, entries, w.run.Source, entries)
	if err != nil {
		return false, fmt.Errorf("count the records of entries: %w", err)
	}
	return n == live, nil
}

func (w *pageWriter) applicationsIn(ctx context.Context, entries any, kept map[string]bool) (gone []int64, err error) {
	rows, err := w.conn.QueryContext(ctx, w.dialect.sql(`
		SELECT id, external, from_id, to_id FROM applications
		WHERE source_id = ? AND entry {in} AND entry <> '' AND deleted = 0`), w.run.Source, entries)
	if err != nil {
		return nil, err
	}
	err = each(rows, func() error {
		var k knownApplication
		var external sql.RawBytes
		err := rows.Scan(&k.id, &external, &k.from, &k.to)
		if err == nil && !kept[string(external)] {
			gone = append(gone, k.id)
			w.touched = k.touches(w.touched)
		}
		return err
	})
	return gone, err
}

func (w *pageWriter) documentsIn(ctx context.Context, entries any, kept map[ar.Ref]bool) (gone []int64, err error) {
	rows, err := w.conn.QueryContext(ctx, w.dialect.sql(`
		SELECT id, kind, external FROM documents
		WHERE source_id = ? AND entry {in} AND entry <> '' AND status <> 'deleted'`), w.run.Source, entries)
	if err != nil {
		return nil, err
	}
	err = each(rows, func() error {
		var id int64
		var ref ar.Ref
		err := rows.Scan(&id, &ref.Kind, &ref.External)
		if err == nil && !kept[ref] {
			gone = append(gone, id)
		}
		return err
	})
	return gone, err
}
