package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// actRow is who did something, when and where.
type actRow struct {
	By    string
	At    sql.NullInt64
	On    sql.NullInt64
	Where string
}

// actColumns are the columns of an act, named as the field that takes them.
func actColumns(table, name string) string {
	return strings.NewReplacer("t.", table+".", "name", name).
		Replace(`, t.name_by AS "name.by", t.name_at AS "name.at", t.name_on AS "name.on", t.name_where AS "name.where"`)
}

// actAs are the columns of an act in a table under the name "made".
func actAs(table, name string) string {
	return strings.NewReplacer("t.", table+".", "name", name).
		Replace(`, t.name_by AS "made.by", t.name_at AS "made.at", t.name_on AS "made.on", t.name_where AS "made.where"`)
}

// sortedActs puts acts of accounts into the order of their times.
func sortedActs(rows []accountActRow) []ar.AccountAct {
	acts := make([]ar.AccountAct, len(rows))
	for i, row := range rows {
		acts[i] = ar.AccountAct{Customer: row.CustomerID, Act: row.Made.act()}
	}
	slices.SortFunc(acts, func(a, b ar.AccountAct) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.By, b.By))
	})
	return acts
}

func (r actRow) act() ar.Act {
	return ar.Act{By: r.By, At: fromMillis(r.At), On: fromDays(r.On), Where: r.Where}
}

// actValues are the values of an act, in the order of its columns.
func actValues(a ar.Act) []any { return []any{a.By, toMillis(a.At), toDays(a.On), a.Where} }

func fromDays(days sql.NullInt64) ar.Date {
	if !days.Valid {
		return ar.Date{}
	}
	return ar.DateFromEpochDays(days.Int64)
}

// toDays is NULL for no date.
func toDays(d ar.Date) sql.NullInt64 {
	return sql.NullInt64{Int64: d.EpochDays(), Valid: !d.IsZero()}
}

// toRef is NULL for no record.
func toRef[T ~int64](id T) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(id), Valid: id != 0}
}

// account returns the customer whose account an act is about: the document's, where it
// is about one, and else the one given, or who took it in where the ledger merged it.
//
// It writes to that customer's row, though nothing new: so two replicas that act on one
// account at once follow each other, and the second sees what the first did (no more may
// be promised than is owed), or that the account was merged.
func (t *tx) account(ctx context.Context, id ar.CustomerID, document ar.DocumentID) (ar.CustomerID, error) {
	if document != 0 {
		d, err := t.Document(ctx, document)
		if err != nil {
			return 0, err
		}
		id = d.Customer
	}
	account, ok, err := first[ar.CustomerID](ctx, &t.reader, `
		UPDATE customers SET collector = collector
		WHERE id = (SELECT COALESCE(c.merged_into, c.id) FROM customers c WHERE c.id = ?) RETURNING id`, id)
	if err != nil {
		return 0, fmt.Errorf("take the account of customer %d: %w", id, err)
	}
	if !ok {
		return 0, fmt.Errorf("customer %d: %w", id, ar.ErrNoCustomer)
	}
	return account, nil
}

// moveActs brings what people added to one customer to another that took it in.
func (t *tx) moveActs(ctx context.Context, from, to ar.CustomerID) error {
	w := where{}
	w.and("p.customer_id = ?", from)
	if err := t.movePromises(ctx, w, to); err != nil {
		return fmt.Errorf("promises: %w", err)
	}
	for _, table := range []string{"disputes", "notes", "snoozes", "subscriptions", "escalations"} {
		if _, err := t.exec(ctx, `UPDATE `+table+` SET customer_id = ? WHERE customer_id = ?`, to, from); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	if err := t.moveClaims(ctx, from, to); err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	if err := t.moveAssignment(ctx, from, to); err != nil {
		return fmt.Errorf("assignments: %w", err)
	}
	if err := t.moveLadder(ctx, from, to); err != nil {
		return fmt.Errorf("steps on the ladder: %w", err)
	}
	return t.mergeContacts(ctx, from, to)
}

// carryActs brings what people added to documents to the customers that the documents
// belong to now.
func (t *tx) carryActs(ctx context.Context, documents []int64) error {
	if len(documents) == 0 {
		return nil
	}
	w := where{}
	w.in(t.dialect, "p.document_id", documents)
	w.and("p.customer_id <> (SELECT d.customer_id FROM documents d WHERE d.id = p.document_id)")
	list, err := t.dialect.list(documents)
	if err != nil {
		return err
	}
	if err := t.movePromises(ctx, w, 0); err != nil {
		return fmt.Errorf("carry promises: %w", err)
	}
	for _, table := range []string{"disputes", "notes", "snoozes", "escalations"} {
		if _, err := t.exec(ctx, `
			UPDATE `+table+` SET customer_id = (SELECT d.customer_id FROM documents d WHERE d.id = `+table+`.document_id)
			WHERE document_id {in} AND customer_id <> (SELECT d.customer_id FROM documents d WHERE d.id = `+table+`.document_id)`,
			list); err != nil {
			return fmt.Errorf("carry %s: %w", table, err)
		}
	}
	return nil
}
