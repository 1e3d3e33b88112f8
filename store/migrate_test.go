package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"arbot/ar"
	"arbot/internal/postgrestest"
	"arbot/store"
	"arbot/store/storetest"
)

// eachDSN gives the address of a database that nothing was ever written to.
func eachDSN(t *testing.T, f func(t *testing.T, driver, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, "sqlite3", filepath.Join(t.TempDir(), "arbot.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, "pgx", postgrestest.Start(t))
	})
}

func TestSchemaIsCheckedAtOpen(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, driver, dsn string) {
		o := store.Options{DSN: dsn, Now: time.Now, Logger: storetest.Quiet()}
		_, err := store.Open(t.Context(), o)
		older, ok := errors.AsType[*store.OlderSchemaError](err)
		if !ok || older.Found != 0 || !strings.Contains(err.Error(), "arbot migrate") {
			t.Fatalf("an empty database: %v, want an OlderSchemaError that says what to do", err)
		}
		from, to, err := store.Migrate(t.Context(), o)
		if err != nil || from != 0 || to != older.Known {
			t.Fatalf("migrated from %d to %d, %v; want 0 to %d", from, to, err, older.Known)
		}
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatalf("after migrating: %v", err)
		}
		if err := errors.Join(s.Ping(t.Context()), s.Close()); err != nil {
			t.Error(err)
		}

		db, err := sqlx.ConnectContext(t.Context(), driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`); err != nil {
			t.Fatal(err)
		}
		for _, auto := range []bool{false, true} {
			o.AutoMigrate = auto
			_, err = store.Open(t.Context(), o)
			if newer, ok := errors.AsType[*store.NewerSchemaError](err); !ok || newer.Found != 9999 || newer.Known != older.Known {
				t.Errorf("a newer schema: %v, want a NewerSchemaError", err)
			}
		}
	})
}

// TestDialectsHaveOneSchema compares the columns and indexes that the migrations of the
// two dialects make.
func TestDialectsHaveOneSchema(t *testing.T) {
	t.Parallel()
	lite, pg := storetest.SQLite(t), storetest.Postgres(t)
	shape := func(driver, dsn, columns, indexes string) (names []string) {
		db, err := sqlx.ConnectContext(t.Context(), driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, query := range []string{columns, indexes} {
			var part []string
			if err := db.SelectContext(t.Context(), &part, query); err != nil {
				t.Fatal(err)
			}
			slices.Sort(part)
			names = append(names, part...)
		}
		return names
	}
	const ours = ` NOT LIKE 'river%' AND %t NOT LIKE 'goose%' AND %t NOT LIKE 'sqlite%' `
	not := func(column string) string { return column + strings.ReplaceAll(ours, "%t", column) }
	got := shape("sqlite3", lite.DSN,
		`SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" OR c.pk THEN ' not null' ELSE '' END
			FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND `+not("m.name")+``,
		`SELECT name FROM sqlite_master WHERE type = 'index' AND `+not("name")+``)
	want := shape("pgx", pg.DSN,
		`SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'bytea' THEN 'blob' ELSE data_type END
				|| CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public' AND `+not("table_name")+``,
		`SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_key' AND indexname NOT LIKE '%_pkey'
			AND `+not("indexname")+``)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schema (-postgres +sqlite):\n%s", diff)
	}
}

// versionOne are books of the first version of the schema: an invoice, partly paid, with
// the fingerprints that were written then.
const versionOne = `
	INSERT INTO sources (kind, external, name, home) VALUES ('bundle', 'a', 'a', 'USD');
	INSERT INTO customers (source_id, external, name, number, aliases, terms, class, region, segment, fields, ledger_owner,
		collector, inactive, deleted, fingerprint)
	VALUES (1, 'c', 'Acme Corp', '', 'null', '', '', '', '', 'null', '', '', 0, 0, 4923514945901510550);
	INSERT INTO documents (source_id, kind, external, number, customer_id, currency, amount, effect, date, due, due_basis, terms,
		status, po, memo, url, closed_on, first_run, first_seen, fingerprint)
	VALUES
		(1, 'invoice', '1', '1', 1, 'USD', 500, 500, 20727, 20757, 'stated', '', 'posted', '', '', '', 2147483647, 1, 0, -4984426634057809774),
		(1, 'payment', '9', '9', 1, 'USD', 200, -200, 20759, 20759, 'none', '', 'posted', '', '', '', 20759, 1, 0, 4562687198810655499);
	INSERT INTO applications (source_id, external, from_id, to_id, kind, currency, amount, date, effective, inferred, deleted, fingerprint)
	VALUES (1, 'A1', 2, 1, 'payment', 'USD', 200, 20759, 20759, 0, 0, 559492764983803636);`

// TestBooksOfVersionOne are brought up to date, and a ledger that is what it was then
// changes nothing in them.
func TestBooksOfVersionOne(t *testing.T) {
	t.Parallel()
	eachDSN(t, func(t *testing.T, driver, dsn string) {
		db, err := sqlx.ConnectContext(t.Context(), driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		folder, dialect := "sqlite", goose.DialectSQLite3
		if driver == "pgx" {
			folder, dialect = "postgres", goose.DialectPostgres
		}
		schema, err := goose.NewProvider(dialect, db.DB, os.DirFS(filepath.Join("migrations", folder)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := schema.UpTo(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), versionOne); err != nil {
			t.Fatal(err)
		}

		b := storetest.Open(t, dsn)
		open := map[string]string{"invoice/1": "3.00"}
		wantOpen(t, b, "2026-11-25", open)
		got := b.Ledger(t, "a").Import(t, ar.Page{
			Customers: customer(),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "5.00"),
				storetest.Doc(ar.Payment, "9", "c", "2026-11-02", "", "2.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("A1", "9", "1", "2026-11-02", "2.00")},
		})
		if want := (ar.RunCounts{Unchanged: 4}); got != want {
			t.Errorf("the same ledger again: %+v, want %+v", got, want)
		}
		wantOpen(t, b, "2026-11-25", open)
		if s := source(t, b); s.Health != (ar.Health{}) {
			t.Errorf("health %+v, want none said", s.Health)
		}
	})
}
