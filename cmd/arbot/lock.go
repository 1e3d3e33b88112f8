package main

import (
	"errors"
	"fmt"
	"strings"

	"arbot/store"
)

var errServed = errors.New("another arbot serves from this database already. Stop it first, or use PostgreSQL for several replicas")

// lockBooks makes this the one process that works the queue of a SQLite file:
// only one may, since it puts back the jobs of the one before it. PostgreSQL
// takes several and needs no lock. The lock goes when the process does.
func lockBooks(dsn string) (release func(), err error) {
	if isPostgres(dsn) {
		return func() {}, nil
	}
	release, ok, err := store.LockFile(bookFile(dsn) + ".lock")
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock the database: %w", err)
	case !ok:
		return nil, errServed
	}
	return release, nil
}

// bookFile is the path of a SQLite database.
func bookFile(dsn string) string { return strings.TrimPrefix(dsn, "sqlite:") }

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}
