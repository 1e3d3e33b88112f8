package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"arbot/ar"
)

// find reads all rows of a query into a slice of row structs. Rows are never left
// open: a second query over them would work on SQLite and break on PostgreSQL.
func find[T any](ctx context.Context, r *reader, query string, args ...any) ([]T, error) {
	var rows []T
	if err := r.conn.SelectContext(ctx, &rows, r.dialect.sql(query), args...); err != nil {
		return nil, err
	}
	return rows, nil
}

// eachRow reads a query row by row, for what is kept in another form: all rows of a large
// answer are never held beside what they become. f gets the same struct each time.
func eachRow[T any](ctx context.Context, r *reader, query string, f func(*T), args ...any) (err error) {
	rows, err := r.conn.QueryxContext(ctx, r.dialect.sql(query), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for row := new(T); rows.Next(); f(row) {
		if err := rows.StructScan(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// first reads one row; false where there is none.
func first[T any](ctx context.Context, r *reader, query string, args ...any) (row T, ok bool, err error) {
	err = r.conn.GetContext(ctx, &row, r.dialect.sql(query), args...)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int, error) {
	done, err := t.conn.ExecContext(ctx, t.dialect.sql(query), args...)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// where collects conditions and their arguments.
type where struct {
	conditions []string
	args       []any
	err        error
}

func (w *where) and(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

// in adds "column is one of values". A nil list is no condition.
func (w *where) in(d dialect, column string, values any) {
	list, err := d.list(values)
	w.err = errors.Join(w.err, err)
	w.and(column+" {in}", list)
}

// scope adds "the account of customer c is in the scope".
func (w *where) scope(d dialect, s ar.Scope) {
	const owner = "c.owner"
	switch {
	case s.All:
	case len(s.Owners) == 0 && !s.Unowned:
		w.and("1 = 0")
	case len(s.Owners) == 0:
		w.and(owner + " = ''")
	case s.Unowned:
		w.in(d, owner, append([]string{""}, s.Owners...))
	default:
		w.in(d, owner, s.Owners)
	}
}

// String returns the conditions for a WHERE clause.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return "1 = 1"
	}
	return strings.Join(w.conditions, " AND ")
}

// ids turns our ids into the numbers that a list is made of.
func ids[T ~int64](in []T) []int64 {
	out := make([]int64, len(in))
	for i, id := range in {
		out[i] = int64(id)
	}
	return out
}

func fromMillis(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

// toMillis is NULL for no time.
func toMillis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func toFlag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func money(minor int64, currency string) ar.Money {
	return ar.NewMoney(minor, ar.Currency(currency))
}

// findWhere is find with collected conditions; more follows them.
func findWhere[T any](ctx context.Context, r *reader, query string, w where, more string) ([]T, error) {
	if w.err != nil {
		return nil, w.err
	}
	return find[T](ctx, r, query+" WHERE "+w.String()+" "+more, w.args...)
}

// limit is the clause for the most rows to return; 0 is all.
func limit(n int) string {
	if n <= 0 {
		return ""
	}
	return " LIMIT " + strconv.Itoa(n)
}
