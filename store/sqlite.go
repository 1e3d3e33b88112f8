package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// openSQLite opens a file with one connection that writes and several that read.
// Only one transaction can write at a time anyway; waiting for the one connection
// in the pool is orderly, where a second connection would get SQLITE_BUSY. River
// shares that connection.
//
// What the settings in the address are for (a PRAGMA by Exec would reach one
// connection only):
//
//   - WAL: readers see one state and don't wait for the writer.
//   - synchronous FULL: each commit is on the disk when it returns. NORMAL would be
//     enough against kill -9, but after a power loss it may forget the last commits:
//     a post that was marked as sent, a promise that was confirmed to a person.
//   - busy_timeout: another process (arbot import beside arbot serve) may hold the
//     write lock for a page.
//   - txlock immediate: a transaction that will write takes the lock first, so that
//     it can't fail half-way with SQLITE_BUSY.
//   - stmt_cache_size: the statements of a page are compiled once.
//   - cache_size: KiB, where negative. The writer's is small: with 64 MB an import took as
//     long, since the system keeps the file in memory, too. Answers took twice as long
//     with a smaller one for the readers.
//   - wal_autocheckpoint: pages. An import writes the same pages of the indexes again and
//     again; the fewer times they are carried over from the log, the better, and a log of
//     16 MB is small. The driver has no name for it: see connector.
//   - temp_store MEMORY: what a statement of many rows would need to take itself back is kept
//     in memory. In a file, where it goes beyond 64 KB, it was two thirds of all that an
//     import wrote, though none is ever read.
func (s *Store) openSQLite(ctx context.Context, path string, readers int) error {
	if path == "" || path == ":memory:" {
		return errors.New("store: the books need a file: give a path such as arbot.db")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("store: path of the books: %w", err)
	}
	s.dialect, s.path = sqliteDialect, abs
	if s.write, err = openFile(ctx, abs, url.Values{"_txlock": {"immediate"}, "_cache_size": {"-4000"}}); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = openFile(ctx, abs, url.Values{"_query_only": {"on"}, "_cache_size": {"-16000"}}); err != nil {
		return errors.Join(err, s.write.Close())
	}
	if readers == 0 {
		readers = defaultReaders
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

const defaultReaders = 4

// openFile makes a pool of connections to a file.
func openFile(ctx context.Context, path string, settings url.Values) (*sqlx.DB, error) {
	settings.Set("_journal_mode", "WAL")
	settings.Set("_synchronous", "FULL")
	settings.Set("_busy_timeout", "10000") // milliseconds
	settings.Set("_foreign_keys", "on")
	settings.Set("_stmt_cache_size", "100")
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: settings.Encode()}
	db, err := connectSQLite(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("store: open %s: %w", path, err)
	}
	return db, nil
}

// connector makes each connection of a pool as it should be.
type connector struct{ dsn string }

// Connect opens a connection.
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(c.dsn) }

// Driver returns SQLite's, with what has no name in its addresses.
func (connector) Driver() driver.Driver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		_, err := conn.Exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY", nil)
		return err
	}}
}

// connectSQLite makes a pool and tries it. (sqlx.Connect leaves the pool open where it
// fails.)
func connectSQLite(ctx context.Context, dsn url.URL) (*sqlx.DB, error) {
	db := sqlx.NewDb(sql.OpenDB(connector{dsn.String()}), "sqlite3")
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
