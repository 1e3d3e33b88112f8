package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// schemaLockPoll is how often it is looked whether another process is done with the
// schema. It takes a second at most, and happens once in the life of the books.
const schemaLockPoll = 20 * time.Millisecond

// lockSchema makes this the one process that opens a SQLite file to bring its schema up
// to date: two that find a new file at the same time would both make the tables, and both
// switch the file to WAL. PostgreSQL has lockMigrations for it. The lock is on a file of its
// own, since closing one more handle of the books would drop SQLite's own locks on them
// (sqlite.org, "How To Corrupt An SQLite Database File", 2.2). It goes when the process
// does.
func lockSchema(ctx context.Context, dsn string) (release func(), err error) {
	path := strings.TrimPrefix(dsn, "sqlite:")
	if isPostgres(dsn) || path == "" || path == ":memory:" {
		return func() {}, nil
	}
	release, err = waitFor(ctx, func() (func(), bool, error) { return LockFile(filepath.Clean(path) + ".schema-lock") })
	if err != nil {
		return nil, fmt.Errorf("store: lock the schema: %w", err)
	}
	return release, nil
}

// waitFor tries to lock until that succeeds, or the caller's patience ends.
func waitFor(ctx context.Context, lock func() (release func(), ok bool, err error)) (release func(), err error) {
	tick := time.NewTicker(schemaLockPoll)
	defer tick.Stop()
	for {
		release, ok, err := lock()
		if ok || err != nil {
			return release, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

// LockFile takes a lock on a file of its own that goes when the process does; ok is false
// while somebody else has it, also one of this process. The file stays: who removed it
// could take away what another one just locked.
func LockFile(path string) (release func(), ok bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // beside the books, which the config names
	if err != nil {
		return nil, false, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		closed := f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, false, closed
		}
		return nil, false, errors.Join(err, closed)
	}
	return func() { _ = f.Close() }, true, nil // closing gives the lock back; nothing was written
}
