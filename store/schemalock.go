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
// schema. It takes a second at most, and happens once in the life of a file.
const schemaLockPoll = 20 * time.Millisecond

// lockSchema makes this the one process that opens a SQLite file to bring its schema up
// to date: two that find a new file at the same time would both make the tables, and both
// switch the file to WAL. PostgreSQL has goose's session lock for it; for SQLite goose has
// none, and the writer's connection is goose's own meanwhile. The lock is on a file of its
// own, since closing one more handle of the books would drop SQLite's own locks on them
// (sqlite.org, "How To Corrupt An SQLite Database File", 2.2). It goes when the process
// does.
func lockSchema(ctx context.Context, dsn string) (release func(), err error) {
	path := strings.TrimPrefix(dsn, "sqlite:")
	if isPostgres(dsn) || path == "" || path == ":memory:" {
		return func() {}, nil
	}
	f, err := os.OpenFile(filepath.Clean(path)+".schema-lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: lock the schema: %w", err)
	}
	if err := waitFlock(ctx, f); err != nil {
		return nil, errors.Join(fmt.Errorf("store: lock the schema: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // closing gives the lock back; nothing was written
}

func waitFlock(ctx context.Context, f *os.File) error {
	tick := time.NewTicker(schemaLockPoll)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
