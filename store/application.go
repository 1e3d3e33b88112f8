package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

// knownApplication is what is stored of an application that a page brings.
type knownApplication struct {
	id, fingerprint int64
	from            sql.NullInt64
	to              int64
	deleted         bool
}

// touches adds the documents of both sides to a list.
func (k knownApplication) touches(list []int64) []int64 {
	if k.from.Valid {
		list = append(list, k.from.Int64)
	}
	return append(list, k.to)
}

func (w *pageWriter) applicationsBy(ctx context.Context, externals []string) (map[string]knownApplication, error) {
	list, err := w.dialect.list(externals)
	if err != nil {
		return nil, err
	}
	rows, err := w.conn.QueryContext(ctx, w.dialect.sql(`
		SELECT id, external, fingerprint, from_id, to_id, deleted <> 0 FROM applications
		WHERE source_id = ? AND external {in}`), w.run.Source, list)
	if err != nil {
		return nil, fmt.Errorf("look applications up: %w", err)
	}
	known := map[string]knownApplication{}
	err = each(rows, func() error {
		var k knownApplication
		var external string
		err := rows.Scan(&k.id, &external, &k.fingerprint, &k.from, &k.to, &k.deleted)
		known[external] = k
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look applications up: %w", err)
	}
	return known, nil
}

func (w *pageWriter) putApplications(ctx context.Context, p ar.Page) error {
	records := latest(applicationsOf(p), func(a applicationNews) string { return a.External },
		func(a, b applicationNews) { w.again(a.fingerprint == b.fingerprint) })
	if len(records) == 0 {
		return nil
	}
	externals := make([]string, len(records))
	for i, a := range records {
		externals[i] = a.External
	}
	known, err := w.applicationsBy(ctx, externals)
	if err != nil {
		return err
	}
	news := make([]applicationNews, 0, len(records))
	var gone []int64
	for _, a := range records {
		k, found := known[a.External]
		switch {
		case a.Deleted && (!found || k.deleted), !a.Deleted && found && k.fingerprint == a.fingerprint:
			w.counts.Unchanged++
		case a.Deleted:
			w.counts.Removed++
			gone = append(gone, k.id)
			w.touched = k.touches(w.touched)
		case found:
			w.counts.Changed++
			w.touched = k.touches(w.touched)
			news = append(news, a)
		default:
			w.counts.Added++
			news = append(news, a)
		}
	}
	if err := w.deleteApplications(ctx, gone); err != nil {
		return err
	}
	return w.upsertApplications(ctx, news)
}

// applicationNews is an application that a page brings.
type applicationNews struct {
	*ar.ApplicationRecord
	entry       string // that it came with, "" for none
	fingerprint int64
}

// applicationsOf lists the applications of a page, those of its entries last.
func applicationsOf(p ar.Page) []applicationNews {
	n := len(p.Applications)
	for _, e := range p.Entries {
		n += len(e.Applications)
	}
	all := make([]applicationNews, 0, n)
	add := func(entry string, applications []ar.ApplicationRecord) {
		for i := range applications {
			all = append(all, applicationNews{&applications[i], entry, applicationFingerprint(&applications[i], entry)})
		}
	}
	add("", p.Applications)
	for _, e := range p.Entries {
		add(e.External, e.Applications)
	}
	return all
}

func (w *pageWriter) upsertApplications(ctx context.Context, news []applicationNews) error {
	values := make([]any, 0, len(news)*upsertApplication.columns)
	for _, a := range news {
		values = append(values, int64(w.run.Source), a.External, string(a.From.Kind), a.From.External,
			string(a.To.Kind), a.To.External, string(a.Kind), string(a.Amount.Currency()), a.Amount.Minor(),
			a.Date.EpochDays(), toFlag(a.Inferred), a.entry, a.fingerprint)
	}
	written := 0
	err := upsertApplication.run(ctx, w.tx, values, func(rows *sql.Rows) error {
		var k knownApplication
		err := rows.Scan(&k.to, &k.from)
		w.touched = k.touches(w.touched)
		written++
		return err
	})
	if err != nil {
		return fmt.Errorf("upsert applications: %w", err)
	}
	if written < len(news) {
		return w.explainApplications(ctx, news)
	}
	return nil
}

// upsertApplication finds the documents of both sides in SQL. One whose document is
// missing, or is in another currency, is left out, which shows in the number of rows.
// effective is that of ar.Application.Effective. CROSS JOIN makes SQLite look each
// document up; else it reads the whole table for each statement.
var upsertApplication = newBulk(`
	WITH page (source_id, external, from_kind, from_external, to_kind, to_external, kind, currency, amount,
		date, inferred, entry, fingerprint) AS (VALUES`,
	[]string{"BIGINT", "TEXT", "TEXT", "TEXT", "TEXT", "TEXT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "BIGINT"}, `)
	INSERT INTO applications (source_id, external, from_id, to_id, kind, currency, amount, date,
		effective, inferred, entry, deleted, fingerprint)
	SELECT p.source_id, p.external, f.id, t.id, p.kind, p.currency, p.amount, p.date,
		CASE WHEN t.status = 'posted' AND COALESCE(f.status, 'posted') = 'posted'
			THEN {greatest}(p.date, t.date, COALESCE(f.date, t.date)) END,
		p.inferred, p.entry, 0, p.fingerprint
	FROM page p
	CROSS JOIN documents t
	LEFT JOIN documents f ON f.source_id = p.source_id AND f.kind = p.from_kind AND f.external = p.from_external
		AND f.currency = p.currency
	WHERE t.source_id = p.source_id AND t.kind = p.to_kind AND t.external = p.to_external
		AND t.currency = p.currency AND (f.id IS NOT NULL OR p.from_kind = '')
	ON CONFLICT (source_id, external) DO UPDATE SET
		from_id = excluded.from_id, to_id = excluded.to_id, kind = excluded.kind, currency = excluded.currency,
		amount = excluded.amount, date = excluded.date, effective = excluded.effective,
		inferred = excluded.inferred, entry = excluded.entry, deleted = 0, fingerprint = excluded.fingerprint
	RETURNING to_id, from_id`)

// explainApplications finds the application that could not be written and says why.
func (w *pageWriter) explainApplications(ctx context.Context, news []applicationNews) error {
	for _, a := range news {
		for _, side := range []struct {
			field string
			ref   ar.Ref
		}{{"from", a.From}, {"to", a.To}} {
			if side.ref == (ar.Ref{}) && side.field == "from" {
				continue
			}
			currency, found, err := first[string](ctx, &w.reader, `
				SELECT currency FROM documents WHERE source_id = ? AND kind = ? AND external = ?`,
				w.run.Source, string(side.ref.Kind), side.ref.External)
			if err != nil {
				return fmt.Errorf("look the documents of application %s up: %w", a.External, err)
			}
			if !found {
				return &ar.MissingRefError{
					Record: ar.ApplicationRecords, Key: ar.Key(a.External), Field: side.field, Ref: side.ref.Key(),
				}
			}
			if currency != string(a.Amount.Currency()) {
				return ar.Refuse("Application %s is in %s, but %s is in %s: give the amount in the currency of the document.",
					a.External, a.Amount.Currency(), side.ref.Key(), currency)
			}
		}
	}
	return fmt.Errorf("%d applications: not all were written", len(news))
}
