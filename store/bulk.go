package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
)

// bulk is a statement over many rows of values: head, as many rows of placeholders
// as there are records, tail.
type bulk struct {
	head, row, tail string
	columns         int
	texts           sync.Map // bulkKey to the text of the statement
}

type bulkKey struct {
	dialect string
	rows    int
}

// newBulk takes the types of the columns, which PostgreSQL needs to know where the
// values don't go straight into a table; "" leaves a value as it is.
func newBulk(head string, types []string, tail string) *bulk {
	marks := make([]string, len(types))
	for i, t := range types {
		marks[i] = "?"
		if t != "" {
			marks[i] = "CAST(? AS " + t + ")"
		}
	}
	return &bulk{head: head, row: "(" + strings.Join(marks, ", ") + ")", tail: tail, columns: len(types)}
}

// bulkSizes are the numbers of rows that one statement takes. Few different texts
// are compiled once and stay in the statement cache; the largest stays well under
// SQLite's 32,766 placeholders.
var bulkSizes = []int{64, 16, 4, 1}

// run executes the statement for values, row after row in one slice. scan gets the
// rows that it returns; it may be nil.
func (b *bulk) run(ctx context.Context, t *tx, values []any, scan func(*sql.Rows) error) error {
	for _, n := range bulkSizes {
		for size := n * b.columns; len(values) >= size; values = values[size:] {
			if err := b.runOnce(ctx, t, n, values[:size], scan); err != nil {
				return err
			}
		}
	}
	return nil
}

// runOnce queries even where nothing comes back: the driver of SQLite then hands all
// values over to C in one call, where Exec makes a call for each.
func (b *bulk) runOnce(ctx context.Context, t *tx, n int, values []any, scan func(*sql.Rows) error) (err error) {
	rows, err := t.conn.QueryContext(ctx, b.text(t.dialect, n), values...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if scan == nil {
			continue
		}
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (b *bulk) text(d dialect, n int) string {
	key := bulkKey{dialect: d.name, rows: n}
	if text, ok := b.texts.Load(key); ok {
		return text.(string) //nolint:errcheck,forcetypeassert // nothing else is stored
	}
	rows := strings.TrimSuffix(strings.Repeat(b.row+", ", n), ", ")
	text := d.sql(b.head + " " + rows + " " + b.tail)
	b.texts.Store(key, text)
	return text
}
