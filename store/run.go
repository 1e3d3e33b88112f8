package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

type runRow struct {
	ID                                 ar.RunID
	SourceID                           ar.SourceID `db:"source_id"`
	FullRead                           int64       `db:"full_read"`
	Started                            sql.NullInt64
	Finished                           sql.NullInt64
	Done, Total                        int
	Added, Changed, Removed, Unchanged int
	Fault                              string
}

func (r runRow) run() ar.Run {
	return ar.Run{
		ID: r.ID, Source: r.SourceID, Full: r.FullRead != 0,
		Started: fromMillis(r.Started), Finished: fromMillis(r.Finished),
		Done: r.Done, Total: r.Total,
		RunCounts: ar.RunCounts{Added: r.Added, Changed: r.Changed, Removed: r.Removed, Unchanged: r.Unchanged},
		Fault:     r.Fault,
	}
}

const runColumns = `id, source_id, full_read, started, finished, done, total, added, changed, removed, unchanged, fault`

func (r *reader) latestRuns(ctx context.Context) (map[ar.SourceID]ar.Run, error) {
	rows, err := find[runRow](ctx, r, `
		SELECT `+runColumns+` FROM runs
		WHERE id IN (SELECT (SELECT max(r.id) FROM runs r WHERE r.source_id = s.id) FROM sources s)`)
	if err != nil {
		return nil, fmt.Errorf("store: list runs: %w", err)
	}
	runs := make(map[ar.SourceID]ar.Run, len(rows))
	for _, row := range rows {
		runs[row.SourceID] = row.run()
	}
	return runs, nil
}

type leftOutRow struct {
	SourceID ar.SourceID `db:"source_id"`
	LeftOut  string      `db:"left_out"`
}

// leftOut is what the last whole reading of each source and those since left out. There is
// a run every few minutes for years: indexes hold those alone that left out anything, and
// those that read everything (CROSS JOIN has SQLite begin with the sources).
func (r *reader) leftOut(ctx context.Context) (map[ar.SourceID][]string, error) {
	rows, err := find[leftOutRow](ctx, r, `
		SELECT o.source_id, o.left_out
		FROM sources s CROSS JOIN runs o
		WHERE o.source_id = s.id AND o.left_out <> '' AND o.id >= COALESCE((
			SELECT max(w.id) FROM runs w
			WHERE w.source_id = s.id AND w.full_read = 1 AND w.finished IS NOT NULL AND w.fault = ''), 0)
		ORDER BY o.id`)
	if err != nil {
		return nil, fmt.Errorf("store: list what runs left out: %w", err)
	}
	said := map[ar.SourceID][]string{}
	for _, row := range rows {
		for line := range strings.SplitSeq(row.LeftOut, "\n") {
			if !slices.Contains(said[row.SourceID], line) {
				said[row.SourceID] = append(said[row.SourceID], line)
			}
		}
	}
	return said, nil
}

// interrupted is the fault of a run that never came to its end.
const interrupted = "The import was interrupted before it was finished."

// StartRun begins a run; an unfinished earlier run of the source is closed.
func (t *tx) StartRun(ctx context.Context, r ar.Run) (ar.RunID, error) {
	now := t.now.UnixMilli()
	if _, err := t.exec(ctx, `UPDATE runs SET finished = ?, fault = ? WHERE source_id = ? AND finished IS NULL`,
		now, interrupted, r.Source); err != nil {
		return 0, fmt.Errorf("store: close earlier runs of source %d: %w", r.Source, err)
	}
	if !r.Started.IsZero() {
		now = r.Started.UnixMilli()
	}
	id, _, err := first[ar.RunID](ctx, &t.reader, `
		INSERT INTO runs (source_id, full_read, started, total) VALUES (?, ?, ?, ?) RETURNING id`,
		r.Source, toFlag(r.Full), now, r.Total)
	if err != nil {
		return 0, fmt.Errorf("store: start a run of source %d: %w", r.Source, err)
	}
	return id, nil
}

// openRun returns a run that can still be written to.
func (t *tx) openRun(ctx context.Context, id ar.RunID) (ar.Run, error) {
	row, ok, err := first[runRow](ctx, &t.reader,
		`SELECT `+runColumns+` FROM runs WHERE id = ? AND finished IS NULL`, id)
	if err != nil {
		return ar.Run{}, fmt.Errorf("store: read run %d: %w", id, err)
	}
	if !ok {
		return ar.Run{}, fmt.Errorf("store: run %d: %w", id, ErrRunOver)
	}
	return row.run(), nil
}

// advance moves a run on.
func (t *tx) advance(ctx context.Context, id ar.RunID, done int, c ar.RunCounts) error {
	_, err := t.exec(ctx, `
		UPDATE runs SET done = done + ?, added = added + ?, changed = changed + ?,
			removed = removed + ?, unchanged = unchanged + ?
		WHERE id = ?`, done, c.Added, c.Changed, c.Removed, c.Unchanged, id)
	if err != nil {
		return fmt.Errorf("store: move run %d on: %w", id, err)
	}
	return nil
}

// FinishRun ends a run. Without a fault the source takes over the mark and the
// tie-outs, and the first whole read is noted.
func (t *tx) FinishRun(ctx context.Context, id ar.RunID, m ar.SyncMark, fault string) error {
	run, err := t.openRun(ctx, id)
	if err != nil {
		return err
	}
	now := t.now.UnixMilli()
	leftOut := strings.Join(m.LeftOut, "\n")
	if _, err := t.exec(ctx, `UPDATE runs SET finished = ?, fault = ?, left_out = ? WHERE id = ?`, now, fault, leftOut, id); err != nil {
		return fmt.Errorf("store: finish run %d: %w", id, err)
	}
	if fault != "" {
		return nil
	}
	if err := t.mark(ctx, run, m); err != nil || len(m.TieOuts) == 0 {
		return err
	}
	return t.setTieOuts(ctx, run.Source, m.TieOuts)
}

// mark writes down how far the source was read by a run that ended well.
func (t *tx) mark(ctx context.Context, run ar.Run, m ar.SyncMark) error {
	if m.Partial {
		return nil
	}
	now := t.now.UnixMilli()
	dataAsOf := run.Started
	if !m.DataAsOf.IsZero() {
		dataAsOf = m.DataAsOf
	}
	if _, err := t.exec(ctx, `UPDATE sources SET cursor = COALESCE(NULLIF(?, ''), cursor), synced = ?, data_as_of = ? WHERE id = ?`,
		m.Cursor, now, dataAsOf.UnixMilli(), run.Source); err != nil {
		return fmt.Errorf("store: mark source %d: %w", run.Source, err)
	}
	if !m.OpenAsOf.IsZero() {
		if _, err := t.exec(ctx, `UPDATE sources SET open_as_of = ? WHERE id = ?`, m.OpenAsOf.EpochDays(), run.Source); err != nil {
			return fmt.Errorf("store: note what source %d had open: %w", run.Source, err)
		}
	}
	if err := t.settleIn(ctx, run.Source); err != nil || !run.Full {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE sources SET first_run = ?, first_synced = ? WHERE id = ? AND first_run IS NULL`,
		run.ID, now, run.Source); err != nil {
		return fmt.Errorf("store: note the first whole read of source %d: %w", run.Source, err)
	}
	return nil
}
