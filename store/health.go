package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Health is how the books are, for whoever looks after them.
type Health struct {
	// Schema is the version of the schema.
	Schema int64
	// Faults are what a quick look found to be damaged; SQLite only, PostgreSQL
	// looks after itself.
	Faults []string
	// Waiting jobs are to be done, now or later, Running ones are under way, Dead
	// ones were given up and are kept for a day.
	Waiting, Running, Dead int
	// Unsealed are audit records without a seal, the oldest of them since
	// UnsealedSince; zero where all are sealed.
	Unsealed      int
	UnsealedSince time.Time
	// Path is the file, "" on PostgreSQL.
	Path string
}

// Health looks at the books. It changes nothing, and on a big file it takes as long
// as reading it.
func (s *Store) Health(ctx context.Context) (Health, error) {
	h := Health{Path: s.path}
	if err := s.read.GetContext(ctx, &h.Schema, `SELECT max(version_id) FROM goose_db_version`); err != nil {
		return Health{}, fmt.Errorf("store: read the schema version: %w", err)
	}
	if s.path != "" {
		var said []string
		if err := s.read.SelectContext(ctx, &said, `PRAGMA quick_check`); err != nil {
			return Health{}, fmt.Errorf("store: look for damage: %w", err)
		}
		if len(said) != 1 || said[0] != "ok" {
			h.Faults = said
		}
	}
	var states []struct {
		State string `db:"state"`
		Jobs  int    `db:"jobs"`
	}
	// CAST: on PostgreSQL the state is an enumeration.
	if err := s.read.SelectContext(ctx, &states, `SELECT CAST(state AS TEXT) AS state, count(*) AS jobs FROM river_job GROUP BY state`); err != nil {
		return Health{}, fmt.Errorf("store: count the jobs: %w", err)
	}
	for _, row := range states {
		switch row.State {
		case "available", "pending", "retryable", "scheduled":
			h.Waiting += row.Jobs
		case "running":
			h.Running += row.Jobs
		case "cancelled", "discarded":
			h.Dead += row.Jobs
		}
	}
	var unsealed struct {
		Records int           `db:"records"`
		Since   sql.NullInt64 `db:"since"`
	}
	if err := s.read.GetContext(ctx, &unsealed, `SELECT count(*) AS records, min(at) AS since FROM audit_records WHERE no IS NULL`); err != nil {
		return Health{}, fmt.Errorf("store: count the audit records without a seal: %w", err)
	}
	h.Unsealed = unsealed.Records
	if unsealed.Since.Valid {
		h.UnsealedSince = time.UnixMicro(unsealed.Since.Int64).UTC()
	}
	return h, nil
}
