package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"

	"arbot/ar"
)

// Options say where the books are and what the store works with.
type Options struct {
	// DSN is a path, "sqlite:" and a path, or a postgres:// URL.
	DSN string
	// Now is the clock. Each transaction reads it once.
	Now func() time.Time
	// Logger takes what happens; never content of the books.
	Logger *slog.Logger
	// AutoMigrate brings an older or an empty schema up to date at Open. Without
	// it Open refuses them, which is what several replicas want.
	AutoMigrate bool
	// Readers bounds the connections that read (SQLite) or all connections
	// (PostgreSQL); 0 is a sensible number.
	Readers int
}

// Store holds the books. It is safe for use by many goroutines.
type Store struct {
	dialect dialect
	// write and read are two pools on SQLite, where only one connection may
	// write, and the same pool on PostgreSQL.
	write, read *sqlx.DB
	claims      *sql.DB                // see claim; nil on SQLite
	queue       *river.Client[*sql.Tx] // it only inserts
	now         func() time.Time
	log         *slog.Logger
	path        string // of the file; "" on PostgreSQL
}

var _ ar.Books = (*Store)(nil)

// Open opens the books and checks, or brings up to date, their schema. A schema
// that is newer than the program is a *NewerSchemaError, an older one without
// AutoMigrate an *OlderSchemaError.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.AutoMigrate {
		release, err := lockSchema(ctx, o.DSN)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	s, err := connect(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, o.AutoMigrate); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func connect(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil || o.Logger == nil {
		return nil, errors.New("store: Options need a clock and a logger")
	}
	s := &Store{now: o.Now, log: o.Logger}
	var err error
	switch {
	case isPostgres(o.DSN):
		err = s.openPostgres(ctx, o)
	default:
		err = s.openSQLite(ctx, strings.TrimPrefix(o.DSN, "sqlite:"), o.Readers)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

func (s *Store) prepare(ctx context.Context, auto bool) error {
	if _, _, err := s.migrate(ctx, auto); err != nil {
		return err
	}
	return s.openQueue()
}

// Close closes all connections. Transactions under way fail.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(s.read.Close(), err)
	}
	if s.claims != nil {
		err = errors.Join(s.claims.Close(), err)
	}
	if err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// Dialect names the engine: "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect.name }

// Ping checks that the books can be read and that the writer answers.
func (s *Store) Ping(ctx context.Context) error {
	for _, db := range []*sqlx.DB{s.read, s.write} {
		if err := db.PingContext(ctx); err != nil {
			return fmt.Errorf("store: ping: %w", err)
		}
	}
	return nil
}

// View runs f on one state of the books: what is committed while f runs stays
// out of its sight.
func (s *Store) View(ctx context.Context, f func(ar.Reader) error) error {
	var made []folioRow
	err := s.inTx(ctx, s.read, s.dialect.view, func(tx *sqlx.Tx, now time.Time) error {
		return f(&reader{conn: tx, dialect: s.dialect, now: now, made: &made})
	})
	if err == nil {
		s.keepFolios(ctx, made)
	}
	return err
}

// Update runs f in one transaction. On PostgreSQL f runs again after a conflict
// with another writer.
func (s *Store) Update(ctx context.Context, f func(ar.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := s.inTx(ctx, s.write, s.dialect.update, func(sqlTx *sqlx.Tx, now time.Time) error {
			return f(&tx{reader: reader{conn: sqlTx, dialect: s.dialect, now: now}, queue: s.queue})
		})
		if attempt == maxAttempts || !s.dialect.conflict(err) {
			return err
		}
		s.log.DebugContext(ctx, "transaction runs again after a conflict", "attempt", attempt)
		if over := pause(ctx, attempt); over != nil {
			return errors.Join(err, over)
		}
	}
}

// maxAttempts bounds how often a transaction runs. Conflicts are between a
// person and a sync, or two replicas: the second attempt nearly always passes.
const maxAttempts = 12

// pause waits before a transaction runs again: by chance, so that those who were in each
// other's way part, and up to twice as long each time, so that one that keeps losing lets
// a crowd of faster ones pass. All pauses of a transaction stay under two seconds.
func pause(ctx context.Context, attempt int) error {
	most := min(time.Millisecond<<attempt, 256*time.Millisecond)
	timer := time.NewTimer(rand.N(most)) //nolint:gosec // G404: nobody gains from guessing it
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (s *Store) inTx(ctx context.Context, db *sqlx.DB, o *sql.TxOptions, f func(*sqlx.Tx, time.Time) error) error {
	sqlTx, err := db.BeginTxx(ctx, o)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(sqlTx, s.now()); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	return nil
}

// reader reads in one transaction.
type reader struct {
	conn    *sqlx.Tx
	dialect dialect
	now     time.Time
	made    *[]folioRow // folios to be kept after a View; nil in an Update
}

// tx reads and writes in one transaction.
type tx struct {
	reader
	queue *river.Client[*sql.Tx]
	// touchedFolios are the numbers of those that dropFolios is to drop.
	touchedFolios map[int64]bool
}

var (
	_ ar.Reader = (*reader)(nil)
	_ ar.Tx     = (*tx)(nil)
)
