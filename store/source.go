package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

type sourceRow struct {
	ID          ar.SourceID
	Kind        string
	External    string
	Name        string
	Home        string
	Cursor      string
	FirstSynced sql.NullInt64 `db:"first_synced"`
	Synced      sql.NullInt64
	DataAsOf    sql.NullInt64 `db:"data_as_of"`
	OpenAsOf    sql.NullInt64 `db:"open_as_of"`
	healthRow
}

func (r sourceRow) source() ar.Source {
	s := ar.Source{
		ID: r.ID,
		SourceIdentity: ar.SourceIdentity{
			Kind: r.Kind, External: r.External, Name: r.Name, Home: ar.Currency(r.Home),
		},
		Cursor:      r.Cursor,
		FirstSynced: fromMillis(r.FirstSynced),
		Synced:      fromMillis(r.Synced),
		DataAsOf:    fromMillis(r.DataAsOf),
		Health:      r.health(),
	}
	if r.OpenAsOf.Valid {
		s.OpenAsOf = ar.DateFromEpochDays(r.OpenAsOf.Int64)
	}
	return s
}

const sourceColumns = `id, kind, external, name, home, cursor, first_synced, synced, data_as_of, open_as_of, ` + healthColumns

// Sources lists the connected ledgers with their latest runs and tie-outs, by id.
func (r *reader) Sources(ctx context.Context) ([]ar.Source, error) {
	rows, err := find[sourceRow](ctx, r, `SELECT `+sourceColumns+` FROM sources WHERE joined_into IS NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("store: list sources: %w", err)
	}
	runs, err := r.latestRuns(ctx)
	if err != nil {
		return nil, err
	}
	ties, err := r.tieOuts(ctx)
	if err != nil {
		return nil, err
	}
	leftOut, err := r.leftOut(ctx)
	if err != nil {
		return nil, err
	}
	sources := make([]ar.Source, len(rows))
	for i, row := range rows {
		sources[i] = row.source()
		sources[i].LeftOut = leftOut[row.ID]
		sources[i].Run = runs[row.ID]
		sources[i].TieOuts = ties[row.ID]
	}
	return sources, nil
}

// PutSource registers a ledger, or finds it again by kind and external id and takes
// over its name and home currency. One that was joined into another is refused.
func (t *tx) PutSource(ctx context.Context, s ar.SourceIdentity) (ar.Source, error) {
	into, joined, err := first[string](ctx, &t.reader, `
		SELECT o.name FROM sources s JOIN sources o ON o.id = s.joined_into WHERE s.kind = ? AND s.external = ?`, s.Kind, s.External)
	switch {
	case err != nil:
		return ar.Source{}, fmt.Errorf("store: look for source %s %s: %w", s.Kind, s.External, err)
	case joined:
		return ar.Source{}, ar.Refuse("The books of %s were joined into %s. Take this ledger out of the config.", s.Name, into)
	}
	id, _, err := first[ar.SourceID](ctx, &t.reader, `
		INSERT INTO sources (kind, external, name, home) VALUES (?, ?, ?, ?)
		ON CONFLICT (kind, external) DO UPDATE SET name = excluded.name, home = excluded.home
		RETURNING id`, s.Kind, s.External, s.Name, string(s.Home))
	if err != nil {
		return ar.Source{}, fmt.Errorf("store: put source %s %s: %w", s.Kind, s.External, err)
	}
	sources, err := t.Sources(ctx)
	if err != nil {
		return ar.Source{}, err
	}
	for _, source := range sources {
		if source.ID == id {
			return source, nil
		}
	}
	return ar.Source{}, fmt.Errorf("store: source %d vanished", id)
}

type tieOutRow struct {
	SourceID     ar.SourceID `db:"source_id"`
	AsOf         int64       `db:"as_of"`
	Currency     string
	Ledger, Ours int64
	At           sql.NullInt64
	Because      string
}

func (r *reader) tieOuts(ctx context.Context) (map[ar.SourceID][]ar.TieOut, error) {
	rows, err := find[tieOutRow](ctx, r, `
		SELECT source_id, as_of, currency, ledger, ours, at, because FROM tie_outs ORDER BY source_id, no`)
	if err != nil {
		return nil, fmt.Errorf("store: list tie-outs: %w", err)
	}
	ties := map[ar.SourceID][]ar.TieOut{}
	for _, row := range rows {
		ties[row.SourceID] = append(ties[row.SourceID], ar.TieOut{
			AsOf:    ar.DateFromEpochDays(row.AsOf),
			Ledger:  money(row.Ledger, row.Currency),
			Ours:    money(row.Ours, row.Currency),
			At:      fromMillis(row.At),
			Because: row.Because,
		})
	}
	return ties, nil
}

// setTieOuts replaces a source's tie-outs.
func (t *tx) setTieOuts(ctx context.Context, source ar.SourceID, ties []ar.TieOut) error {
	if _, err := t.exec(ctx, `DELETE FROM tie_outs WHERE source_id = ?`, source); err != nil {
		return fmt.Errorf("store: drop tie-outs of source %d: %w", source, err)
	}
	for no, tie := range ties {
		if _, err := tie.Difference(); err != nil {
			return fmt.Errorf("store: tie-out of source %d as of %s: %w", source, tie.AsOf, err)
		}
		at := tie.At
		if at.IsZero() {
			at = t.now
		}
		currency := tie.Ledger.Currency()
		if currency == "" {
			currency = tie.Ours.Currency()
		}
		if _, err := t.exec(ctx, `
			INSERT INTO tie_outs (source_id, no, as_of, currency, ledger, ours, at, because)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			source, no, tie.AsOf.EpochDays(), string(currency), tie.Ledger.Minor(), tie.Ours.Minor(),
			at.UnixMilli(), tie.Because); err != nil {
			return fmt.Errorf("store: put tie-out of source %d as of %s: %w", source, tie.AsOf, err)
		}
	}
	return nil
}
