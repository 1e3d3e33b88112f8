// Package storetest gives tests real books to work on: SQLite always, PostgreSQL where
// one is installed.
//
// Files: storetest.go (books of a test), books.go (pages and runs in few words).
package storetest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"arbot/internal/postgrestest"
	"arbot/store"
)

// Books are the books of one test.
type Books struct {
	*store.Store
	// DSN opens them a second time.
	DSN string
	// Clock is what the store reads the time from.
	Clock *Clock
}

// Each runs f as a subtest for each engine, on empty books. The subtests are parallel.
func Each(t *testing.T, f func(t *testing.T, b *Books)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t))
	})
}

// SQLite returns empty books in a file of the test's own.
func SQLite(t testing.TB) *Books {
	t.Helper()
	path := filepath.Join(t.TempDir(), "arbot.db")
	EmptyFile(t, path)
	return Open(t, path)
}

// EmptyFile makes a SQLite file that has the schema and nothing else, for a test that opens it
// in its own way.
func EmptyFile(t testing.TB, path string) {
	t.Helper()
	empty, err := emptyFile()
	if err != nil {
		t.Fatalf("storetest: make an empty file: %v", err)
	}
	if err := os.WriteFile(path, empty, 0o600); err != nil {
		t.Fatalf("storetest: %v", err)
	}
}

// Postgres returns empty books in a database of the test's own; the test is skipped
// where no PostgreSQL is installed.
func Postgres(t testing.TB) *Books {
	t.Helper()
	return Open(t, postgrestest.StartWith(t, "arbot", makeSchema))
}

// emptyFile is a SQLite file with the schema and nothing else: each test gets a copy, which
// is there a hundred times sooner.
var emptyFile = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "arbot-books-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "arbot.db")
	if err := makeSchema(context.Background(), path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // G304: it was just made
})

func makeSchema(ctx context.Context, dsn string) error {
	s, err := store.Open(ctx, store.Options{DSN: dsn, Now: newClock().Now, Logger: Quiet(), AutoMigrate: true})
	if err != nil {
		return err
	}
	return s.Close()
}

// Open opens books, new or not, and closes them when the test ends.
func Open(t testing.TB, dsn string) *Books {
	t.Helper()
	clock := newClock()
	s, err := store.Open(t.Context(), store.Options{DSN: dsn, Now: clock.Now, Logger: Quiet(), AutoMigrate: true})
	if err != nil {
		t.Fatalf("storetest: open %s: %v", dsn, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	return &Books{Store: s, DSN: dsn, Clock: clock}
}

// Quiet is a logger that says nothing.
func Quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Clock is a clock that stands still until it is moved. It starts at 2026-11-25 08:00
// UTC.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *Clock { return &Clock{now: time.Date(2026, time.November, 25, 8, 0, 0, 0, time.UTC)} }

// Now returns the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
