// Package needs says what a test needs from outside the repository: a program
// that must be installed, or data that lies beside the checkout.
//
// A test that lacks its program is skipped with a sentence that says how to get
// it. With ARBOT_FORBID_SKIP=1, which .ci/run sets, it fails instead, so that a
// check can't quietly disappear from CI. ARBOT_SKIPPED names a file to which each
// skip adds a line; `make check` prints it at its end.
//
// Files: needs.go (the needs, a browser among them), node.go (node and its packages), gate.go (skip, fail,
// and the note for make).
package needs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Postgres returns the directory that holds the programs of a PostgreSQL server
// (initdb, pg_ctl, postgres). They're looked for in PATH and then where Debian puts
// them. Most tests want postgrestest.Start, which calls this.
func Postgres(t testing.TB) (bindir string) {
	t.Helper()
	bindir, ok := postgresDir(exec.LookPath, filepath.Glob)
	if !ok {
		fromEnvironment().missing(t, "PostgreSQL tests: no server is installed: apt-get install postgresql")
	}
	return bindir
}

// Hledger returns the path of hledger, the independent accounting program that our
// aging is compared with.
func Hledger(t testing.TB) (path string) {
	t.Helper()
	return Program(t, "hledger", "comparison with hledger: apt-get install hledger")
}

// Program returns the path of an installed program. Lost says, for people, which
// checks are lost without it and how to install it: "<checks>: apt-get install <package>".
func Program(t testing.TB, name, lost string) (path string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		fromEnvironment().missing(t, lost)
	}
	return path
}

// SharedData returns the absolute path of a file or directory in ../shared, beside
// the checkout: public data sets and recorded ledgers that are not part of the
// repository. Name is relative to that folder ("data/invoices.csv"). A test is
// skipped where the file is not present, also in CI, since nobody can be told to
// install it.
func SharedData(t testing.TB, name string) (path string) {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatalf("needs: find ../shared: %v", err)
	}
	path = filepath.Join(filepath.Dir(root), "shared", filepath.FromSlash(name))
	_, err = os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		fromEnvironment().optional(t, fmt.Sprintf(
			"tests on ../shared/%s: the file isn't part of the repository; put it beside the checkout to run them", name))
		return path
	}
	if err != nil {
		t.Fatalf("needs: look for ../shared/%s: %v", name, err)
	}
	return path
}

// postgresDir finds the server's programs. Debian keeps them out of PATH, one
// directory for each major version; the newest one is taken.
func postgresDir(
	lookPath func(string) (string, error),
	glob func(string) ([]string, error),
) (bindir string, ok bool) {
	if initdb, err := lookPath("initdb"); err == nil {
		// A link in PATH may point to one program only; its neighbours lie where
		// the link leads.
		if target, err := filepath.EvalSymlinks(initdb); err == nil {
			initdb = target
		}
		return filepath.Dir(initdb), true
	}
	found, err := glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", false
	}
	return filepath.Dir(found[len(found)-1]), true
}

// moduleRoot walks up from the working directory, which is the package's own when
// `go test` runs it, to the folder of go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("working directory: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in the working directory or above it")
		}
		dir = parent
	}
}

// Chromium returns the path of a browser that can be driven without a screen.
func Chromium(t testing.TB) (path string) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	fromEnvironment().missing(t, "browser tests of `arbot demo --web`: apt-get install chromium fonts-lato fonts-noto-color-emoji")
	return ""
}
