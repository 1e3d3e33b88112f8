package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"arbot/ar"
)

type auditRow struct {
	ID                             ar.AuditID
	At                             int64
	Actor, Origin, Action, Subject string
	Before, After                  string
	Sum                            string
	No                             sql.NullInt64
}

const auditColumns = `id, at, actor, origin, action, subject, before, after, sum, no`

func (r auditRow) record() ar.AuditRecord {
	return ar.AuditRecord{
		ID: r.ID, At: time.UnixMicro(r.At).UTC(), Actor: r.Actor, From: r.Origin, Action: r.Action, Subject: r.Subject,
		Before: json.RawMessage(r.Before), After: json.RawMessage(r.After), Sum: r.Sum, No: r.No.Int64,
	}
}

// Audit adds a record in the transaction of the change that it is about. It gives it its
// id and, where At is zero, the transaction's time.
func (t *tx) Audit(ctx context.Context, r ar.AuditRecord) error {
	if err := t.audit(ctx, r); err != nil {
		return fmt.Errorf("store: audit %s of %s: %w", r.Action, r.Subject, err)
	}
	return nil
}

func (t *tx) audit(ctx context.Context, r ar.AuditRecord) (err error) {
	if r.At.IsZero() {
		r.At = t.now
	}
	r.At = r.At.UTC().Truncate(time.Microsecond)
	if r.ID, _, err = first[ar.AuditID](ctx, &t.reader, t.dialect.nextAudit); err != nil {
		return fmt.Errorf("take an id: %w", err)
	}
	for _, raw := range []*json.RawMessage{&r.Before, &r.After} {
		if *raw, err = ar.CanonicalJSON(*raw); err != nil {
			return err
		}
	}
	if r, err = r.Summed(); err != nil {
		return err
	}
	_, err = t.exec(ctx, `
		INSERT INTO audit_records (id, at, actor, origin, action, subject, before, after, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.At.UnixMicro(), r.Actor, r.From, r.Action, r.Subject, string(r.Before), string(r.After), r.Sum)
	return err
}

// Unsealed lists records without a place, by id.
func (r *reader) Unsealed(ctx context.Context, most int) ([]ar.AuditRecord, error) {
	records, err := r.auditRecords(ctx, `WHERE no IS NULL ORDER BY id`+limit(most))
	if err != nil {
		return nil, fmt.Errorf("store: list audit records that are not sealed: %w", err)
	}
	return records, nil
}

// AuditRecords lists sealed records by place, both ends included.
func (r *reader) AuditRecords(ctx context.Context, from, to int64) ([]ar.AuditRecord, error) {
	records, err := r.auditRecords(ctx, `WHERE no >= ? AND no <= ? ORDER BY no`, from, to)
	if err != nil {
		return nil, fmt.Errorf("store: list audit records %d to %d: %w", from, to, err)
	}
	return records, nil
}

func (r *reader) auditRecords(ctx context.Context, which string, args ...any) ([]ar.AuditRecord, error) {
	rows, err := find[auditRow](ctx, r, `SELECT `+auditColumns+` FROM audit_records `+which, args...)
	if err != nil {
		return nil, err
	}
	records := make([]ar.AuditRecord, len(rows))
	for i, row := range rows {
		records[i] = row.record()
	}
	return records, nil
}
