package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

// openPostgres makes a pool of connections. Plans are made anew for each call: a plan
// that is kept from a time when a table was empty reads all of it later, which makes a
// first import thirty times slower.
func (s *Store) openPostgres(ctx context.Context, o Options) error {
	config, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		return fmt.Errorf("store: address of PostgreSQL: %w", err) // pgx leaves the password out
	}
	config.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("store: connect to PostgreSQL: %w", errors.Join(err, db.Close()))
	}
	conns := o.Readers
	if conns == 0 {
		conns = defaultConns
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	s.dialect, s.write, s.read = postgresDialect, db, db
	s.claims = stdlib.OpenDB(*config) // without a limit: each job and each ledger holds one at most
	return nil
}

// defaultConns leaves room for several replicas under PostgreSQL's usual limit
// of 100 connections.
const defaultConns = 12
