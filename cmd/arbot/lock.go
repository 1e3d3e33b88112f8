package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

var errServed = errors.New("another arbot serves from this database already. Stop it first, or use PostgreSQL for several replicas")

// lockBooks makes this the one process that works the queue of a SQLite file:
// only one may, since it puts back the jobs of the one before it. PostgreSQL
// takes several and needs no lock. The lock goes when the process does.
func lockBooks(dsn string) (release func(), err error) {
	if isPostgres(dsn) {
		return func() {}, nil
	}
	path := bookFile(dsn) + ".lock"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // beside the database that the config names
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		closed := f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errors.Join(errServed, closed)
		}
		return nil, errors.Join(fmt.Errorf("lock the database: %w", err), closed)
	}
	return func() { _ = f.Close() }, nil // closing gives the lock back; nothing was written
}

// bookFile is the path of a SQLite database.
func bookFile(dsn string) string { return strings.TrimPrefix(dsn, "sqlite:") }

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}
