package store

import (
	"context"
	"database/sql"
	"fmt"

	"arbot/ar"
)

type sealRow struct {
	First      int64 `db:"first_no"`
	Last       int64 `db:"last_no"`
	Previous   string
	Root, Hash string
}

const sealColumns = `first_no, last_no, previous, root, hash`

// LastSeal returns the latest, the zero Seal where there is none.
func (r *reader) LastSeal(ctx context.Context) (ar.Seal, error) {
	row, _, err := first[sealRow](ctx, r, `SELECT `+sealColumns+` FROM audit_seals ORDER BY last_no DESC LIMIT 1`)
	if err != nil {
		return ar.Seal{}, fmt.Errorf("store: read the last seal: %w", err)
	}
	return ar.Seal(row), nil
}

// Seals lists seals in order, from the one that covers a place on.
func (r *reader) Seals(ctx context.Context, from int64, most int) ([]ar.Seal, error) {
	rows, err := find[sealRow](ctx, r, `SELECT `+sealColumns+` FROM audit_seals WHERE last_no >= ? ORDER BY last_no`+limit(most), from)
	if err != nil {
		return nil, fmt.Errorf("store: list seals from %d on: %w", from, err)
	}
	seals := make([]ar.Seal, len(rows))
	for i, row := range rows {
		seals[i] = ar.Seal(row)
	}
	return seals, nil
}

// PutSeal writes a seal over records, whose places follow each other from the seal's
// first; ar.ErrSealed where another process was faster: the seal does not follow the last
// one any more, or one of the records has a place.
func (t *tx) PutSeal(ctx context.Context, s ar.Seal, records []ar.AuditID) error {
	if err := t.putSeal(ctx, s, records); err != nil {
		return fmt.Errorf("store: seal %d audit records from %d on: %w", len(records), s.First, err)
	}
	return nil
}

func (t *tx) putSeal(ctx context.Context, s ar.Seal, records []ar.AuditID) error {
	last, err := t.LastSeal(ctx)
	if err != nil {
		return err
	}
	if s.First != last.Last+1 || s.Previous != last.Hash {
		return ar.ErrSealed
	}
	if covers := s.Last - s.First + 1; covers != int64(len(records)) {
		return fmt.Errorf("the seal is over %d records", covers)
	}
	// DO NOTHING: a seal that another replica wrote meanwhile is then a conflict of two
	// transactions, and this one runs again.
	n, err := t.exec(ctx, `
		INSERT INTO audit_seals (first_no, last_no, previous, root, hash) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, s.First, s.Last, s.Previous, s.Root, s.Hash)
	if err != nil {
		return err
	}
	values := make([]any, 0, 2*len(records))
	for i, id := range records {
		values = append(values, int64(id), s.First+int64(i))
	}
	placed := 0
	if err := placeRecords.run(ctx, t, values, func(*sql.Rows) error { placed++; return nil }); err != nil {
		return fmt.Errorf("give them their places: %w", err)
	}
	if n == 0 || placed != len(records) {
		return ar.ErrSealed
	}
	return nil
}

var placeRecords = newBulk(`WITH given (id, no) AS (VALUES`, []string{"BIGINT", "BIGINT"}, `)
	UPDATE audit_records SET no = given.no FROM given
	WHERE audit_records.id = given.id AND audit_records.no IS NULL
	RETURNING audit_records.id`)
