// Package postgrestest gives a test a database of its own on a real PostgreSQL.
//
// The first Start of a test process makes a throw-away server, later ones share it;
// each gets a fresh, empty database. The server ends and its files are removed when
// the process ends, however it ends. ARBOT_TEST_POSTGRES=postgres://... names a
// running server to use instead; its user must be allowed to create databases.
//
// Files: postgrestest.go (databases), server.go (the throw-away server),
// watchdog.sh (starts the server, and ends it with the process).
package postgrestest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"arbot/internal/needs"
)

// shared is the one server of this process.
var shared struct {
	once sync.Once
	server
	err error

	templates sync.Map // name to *template
}

// template is a database that others are copies of.
type template struct {
	once sync.Once
	err  error
}

// Start returns the address (a postgres:// URL that pgx and database/sql take) of an
// empty database that belongs to this test alone; it's dropped when the test ends.
// Where no PostgreSQL is installed the test is skipped, or fails with
// ARBOT_FORBID_SKIP=1.
func Start(t testing.TB) (dsn string) {
	t.Helper()
	return create(t, admin(t), "template0")
}

// StartWith is Start with something in the database: fill is called once for a name in
// this process, and each test gets a copy of what it made. It must close its connections.
func StartWith(t testing.TB, name string, fill func(ctx context.Context, dsn string) error) (dsn string) {
	t.Helper()
	admin := admin(t)
	if os.Getenv("ARBOT_TEST_POSTGRES") != "" { // where a template would be left behind
		dsn = create(t, admin, "template0")
		if err := fill(t.Context(), dsn); err != nil {
			t.Fatalf("postgrestest: fill a database: %v", err)
		}
		return dsn
	}
	found, _ := shared.templates.LoadOrStore(name, &template{})
	from, _ := found.(*template) // nothing else is put there
	from.once.Do(func() { from.err = from.make(admin, "template_"+name, fill) })
	if from.err != nil {
		t.Fatalf("postgrestest: make the database that is copied: %v", from.err)
	}
	return create(t, admin, "template_"+name)
}

// make does not end with the test that happens to be first.
func (*template) make(admin, name string, fill func(context.Context, string) error) error {
	dsn, err := databaseURL(admin, name)
	if err != nil {
		return err
	}
	if err := execute(context.Background(), admin, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return err
	}
	return fill(context.Background(), dsn)
}

// admin is the address of the server's administrative database.
func admin(t testing.TB) string {
	t.Helper()
	if running := os.Getenv("ARBOT_TEST_POSTGRES"); running != "" {
		return running
	}
	bindir := needs.Postgres(t)
	shared.once.Do(func() { shared.server, shared.err = startServer(bindir) })
	if shared.err != nil {
		t.Fatalf("postgrestest: start a PostgreSQL server: %v", shared.err)
	}
	return shared.url
}

// create makes a database as a copy of another one.
func create(t testing.TB, admin, from string) (dsn string) {
	t.Helper()
	// The random part keeps processes that share a running server apart.
	name := "arbot_test_" + strings.ToLower(rand.Text())
	dsn, err := databaseURL(admin, name)
	if err != nil {
		t.Fatalf("postgrestest: ARBOT_TEST_POSTGRES: %v", err)
	}
	if err := execute(t.Context(), admin, "CREATE DATABASE "+name+" TEMPLATE "+from); err != nil {
		t.Fatalf("postgrestest: create a database: %v", err)
	}
	t.Cleanup(func() {
		// FORCE, since a test that kills its subject leaves connections behind; the
		// test's own context has ended by now.
		if err := execute(context.Background(), admin, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("postgrestest: drop the database: %v", err)
		}
	})
	return dsn
}

// databaseURL is the server's address with another database in it. Errors don't
// repeat the address, which may hold a password.
func databaseURL(server, database string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("want an address like postgres://user@host:5432/postgres")
	}
	u.Path = "/" + database
	return u.String(), nil
}

// execute runs one statement on a connection of its own.
func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
