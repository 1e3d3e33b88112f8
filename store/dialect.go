package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
)

// dialect is all in which the engines differ, besides the migrations.
type dialect struct {
	name string
	bind int // sqlx's number for how placeholders are written
	// view and update are how the two kinds of transaction begin.
	view, update *sql.TxOptions
	// greatest names the function that returns its greatest argument.
	greatest string
	// in is the fragment for "is one of the list"; list makes its argument. One
	// argument for the whole list keeps the text of a statement, and with it its
	// plan, the same for all lengths.
	in   string
	list func(values any) (any, error)
	// nextAudit is the query for the id of the next audit record.
	nextAudit string
	// conflict reports whether a transaction failed only since another one was
	// faster, so that it may run again.
	conflict func(error) bool
}

var sqliteDialect = dialect{
	name: "sqlite", bind: sqlx.QUESTION,
	greatest: "max", in: "IN (SELECT value FROM json_each(?))", list: jsonList,
	// One writer, and BEGIN IMMEDIATE: nobody overtakes.
	nextAudit: `SELECT COALESCE(max(id), 0) + 1 FROM audit_records`,
	conflict:  func(error) bool { return false },
}

var postgresDialect = dialect{
	name: "postgres", bind: sqlx.DOLLAR,
	view:     &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	update:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead},
	greatest: "greatest", in: "= ANY (?)", list: func(values any) (any, error) { return values, nil },
	nextAudit: `SELECT nextval('audit_ids')`, conflict: serializationFailure,
}

func jsonList(values any) (any, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("store: list: %w", err)
	}
	return string(text), nil
}

// serializationFailure knows serialization_failure and deadlock_detected
// (PostgreSQL, appendix A: error codes).
func serializationFailure(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// sql writes a statement in the dialect: placeholders, and the words in braces.
func (d dialect) sql(text string) string {
	if strings.Contains(text, "{") {
		text = strings.NewReplacer("{in}", d.in, "{greatest}", d.greatest).Replace(text)
	}
	return sqlx.Rebind(d.bind, text)
}
