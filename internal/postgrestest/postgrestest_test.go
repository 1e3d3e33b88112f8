package postgrestest

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestEachTestGetsAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := pgx.Connect(t.Context(), Start(t))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			// The same table in both: it would exist already if they shared a database.
			if _, err := conn.Exec(t.Context(), "CREATE TABLE invoice (number text)"); err != nil {
				t.Fatal(err)
			}
			var version int
			if err := conn.QueryRow(t.Context(), "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
				t.Fatal(err)
			}
			if version < 15_00_00 {
				t.Errorf("server version %d; arbot supports PostgreSQL 15 and later", version)
			}
		})
	}
}

func TestDatabaseIsDroppedAtTheEndOfTheTest(t *testing.T) {
	t.Parallel()
	// A parallel subtest goes on when this function returns, and ends before Cleanup.
	var dsn string
	var leaked *pgx.Conn // a connection left open must not keep the database alive
	t.Cleanup(func() {
		if leaked == nil {
			return // skipped, or already failed
		}
		defer leaked.Close(context.Background())
		if conn, err := pgx.Connect(context.Background(), dsn); err == nil {
			_ = conn.Close(context.Background())
			t.Error("the database is still there after its test")
		}
	})
	t.Run("subject", func(t *testing.T) {
		t.Parallel()
		dsn = Start(t)
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		leaked = conn
	})
}

// TestServerDiesWithAKilledProcess runs a test process that starts a server, kills it
// with SIGKILL, and waits until the server's folder is gone.
func TestServerDiesWithAKilledProcess(t *testing.T) {
	t.Parallel()
	if os.Getenv("ARBOT_TEST_POSTGRES") != "" {
		t.Skip("a running server is used; there is none to end")
	}
	Start(t) // skips where no server is installed

	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHoldServer$", "-test.v")
	child.Env = append(os.Environ(), "ARBOT_HOLD_SERVER=1")
	hold, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	dir := scanFor(t, bufio.NewScanner(output), "server in ")
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // "signal: killed" is what was asked for

	awaitGone(t, dir)
}

// TestHoldServer is the killed process of the test above.
func TestHoldServer(t *testing.T) { //nolint:paralleltest // it's alone in its process
	if os.Getenv("ARBOT_HOLD_SERVER") == "" {
		t.Skip("runs only inside TestServerDiesWithAKilledProcess")
	}
	Start(t)
	_, _ = os.Stdout.WriteString("server in " + shared.dir + "\n")
	_, _ = os.Stdin.Read(make([]byte, 1)) // until killed
}

func scanFor(t *testing.T, lines *bufio.Scanner, prefix string) string {
	t.Helper()
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), prefix); ok {
			return rest
		}
	}
	t.Fatalf("no line %q in the output: %v", prefix, lines.Err())
	return ""
}

// awaitGone waits for another process to remove a folder. A folder that stays ends in
// go test's own -timeout, whose stack names this function and the folder's test.
func awaitGone(t *testing.T, dir string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
	}
}

func TestDatabaseURL(t *testing.T) {
	t.Parallel()
	tests := []struct{ server, want string }{
		{"postgres://ann@db:5433/postgres?sslmode=require", "postgres://ann@db:5433/x?sslmode=require"},
		{"postgresql://ann:s3cret@db", "postgresql://ann:s3cret@db/x"},
		{socketURL("/tmp/s"), "postgres://arbot@/x?host=%2Ftmp%2Fs&sslmode=disable"},
	}
	for _, tt := range tests {
		got, err := databaseURL(tt.server, "x")
		if err != nil || got != tt.want {
			t.Errorf("databaseURL(%q) = %q, %v; want %q", tt.server, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "host=db password=s3cret", "mysql://s3cret@db/x", "postgres://[s3cret"} {
		_, err := databaseURL(bad, "x")
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("databaseURL(%q): error %v; want one that doesn't repeat the address", bad, err)
		}
	}
}

func TestBrokenServerSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := startServer(t.TempDir()) // which holds no programs
	if err == nil || !strings.Contains(err.Error(), "initdb") {
		t.Errorf("startServer without programs: %v; want the shell's own words about initdb", err)
	}
}
