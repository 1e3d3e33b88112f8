package needs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// recorder is a testing.TB that remembers how a test was ended. Like the real one it
// ends the goroutine.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Skip(args ...any) {
	r.skipped = fmt.Sprint(args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// ended runs f as a test of its own and returns how it ended.
func ended(f func(testing.TB)) *recorder {
	r := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r
}

func TestMissingProgramSkipsAndLeavesANote(t *testing.T) {
	t.Parallel()
	notes := filepath.Join(t.TempDir(), "skipped")
	g := gate{noteFile: notes}

	for range 2 {
		r := ended(func(tb testing.TB) { g.missing(tb, "hledger: apt-get install hledger") })
		if r.skipped != "SKIPPED: hledger: apt-get install hledger" || r.failed != "" {
			t.Fatalf("got skip %q, failure %q; want a skip that says how to install", r.skipped, r.failed)
		}
	}

	got, err := os.ReadFile(notes)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("SKIPPED: hledger: apt-get install hledger\n", 2)
	if string(got) != want {
		t.Errorf("notes:\n%swant:\n%s", got, want)
	}
}

func TestMissingProgramFailsWhereSkippingIsForbidden(t *testing.T) {
	t.Parallel()
	r := ended(func(tb testing.TB) { gate{forbidSkip: true}.missing(tb, "hledger: apt-get install hledger") })
	if r.skipped != "" || !strings.Contains(r.failed, "apt-get install hledger") {
		t.Errorf("got skip %q, failure %q; want a failure that says how to install", r.skipped, r.failed)
	}
}

func TestMissingDataIsNeverAFailure(t *testing.T) {
	t.Parallel()
	r := ended(func(tb testing.TB) { gate{forbidSkip: true}.optional(tb, "data") })
	if r.skipped != "SKIPPED: data" || r.failed != "" {
		t.Errorf("got skip %q, failure %q; want a skip", r.skipped, r.failed)
	}
}

func TestNoteThatCannotBeWrittenFails(t *testing.T) {
	t.Parallel()
	g := gate{noteFile: filepath.Join(t.TempDir(), "no such folder", "skipped")}
	r := ended(func(tb testing.TB) { g.missing(tb, "hledger") })
	if r.skipped != "" || !strings.Contains(r.failed, "note a skipped test") {
		t.Errorf("got skip %q, failure %q; want a failure", r.skipped, r.failed)
	}
}

func TestPresentProgramIsReturned(t *testing.T) {
	t.Parallel()
	path := Program(t, "go", "everything: install Go")
	if _, err := os.Stat(path); err != nil {
		t.Errorf("Program(go) = %q: %v", path, err)
	}
}

func TestSharedDataAbsent(t *testing.T) {
	t.Setenv("ARBOT_FORBID_SKIP", "1") // must not turn absent data into a failure
	t.Setenv("ARBOT_SKIPPED", "")
	r := ended(func(tb testing.TB) { SharedData(tb, "data/no-such-file.csv") })
	if !strings.Contains(r.skipped, "../shared/data/no-such-file.csv") {
		t.Errorf("got skip %q, failure %q; want a skip that names the file", r.skipped, r.failed)
	}
}

func TestModuleRootIsTheFolderOfGoMod(t *testing.T) {
	t.Parallel()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "internal", "needs", "needs.go")); err != nil {
		t.Errorf("moduleRoot() = %q, which doesn't hold this package: %v", root, err)
	}
}

func TestPostgresDir(t *testing.T) {
	t.Parallel()
	inPath := t.TempDir()
	initdb := filepath.Join(inPath, "initdb")
	if err := os.WriteFile(initdb, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "initdb")
	if err := os.Symlink(initdb, link); err != nil {
		t.Fatal(err)
	}
	realDir, err := filepath.EvalSymlinks(inPath)
	if err != nil {
		t.Fatal(err)
	}
	debian := []string{"/usr/lib/postgresql/15/bin/initdb", "/usr/lib/postgresql/17/bin/initdb"}

	tests := []struct {
		name   string
		inPath string
		debian []string
		want   string
		found  bool
	}{
		{"in PATH", initdb, debian, realDir, true},
		{"a link in PATH", link, nil, realDir, true},
		{"newest of Debian's", "", debian, "/usr/lib/postgresql/17/bin", true},
		{"nowhere", "", nil, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lookPath := func(string) (string, error) {
				if tt.inPath == "" {
					return "", exec.ErrNotFound
				}
				return tt.inPath, nil
			}
			glob := func(string) ([]string, error) { return tt.debian, nil }
			got, ok := postgresDir(lookPath, glob)
			if got != tt.want || ok != tt.found {
				t.Errorf("postgresDir() = %q, %v; want %q, %v", got, ok, tt.want, tt.found)
			}
		})
	}

	t.Run("a broken search", func(t *testing.T) {
		t.Parallel()
		nothing := func(string) (string, error) { return "", exec.ErrNotFound }
		broken := func(string) ([]string, error) { return debian, errors.New("broken") }
		if got, ok := postgresDir(nothing, broken); ok {
			t.Errorf("postgresDir() = %q, true; want nothing", got)
		}
	})
}

func TestRecentNode(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{
		"v20.18.1": true, "v24.0.0": true, "v100.1.0": true, "v18.20.4": false, "v9.11.2": false, "": false, "vNext": false,
	} {
		if got := recentNode(version); got != want {
			t.Errorf("recentNode(%q) = %t, want %t", version, got, want)
		}
	}
}
