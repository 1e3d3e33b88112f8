package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	if os.Getenv(childClock) != "" {
		os.Exit(runChild())
	}
	goleak.VerifyTestMain(m)
}

// shell is a place to run the program in: a folder with its config, an environment, and
// a clock that goes on from a fixed time.
type shell struct {
	dir   string
	env   map[string]string
	clock func() time.Time
	moved atomic.Int64 // by what the clock was moved
}

func newShell(t *testing.T, now string) *shell {
	t.Helper()
	start, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s := &shell{dir: t.TempDir(), env: map[string]string{}}
	s.clock = func() time.Time { return start.Add(time.Since(began) + time.Duration(s.moved.Load())) }
	s.env["ARBOT_CONFIG"] = filepath.Join(s.dir, "arbot.yaml")
	return s
}

// moveTo sets the clock, for all who look at it.
func (s *shell) moveTo(t *testing.T, now string) {
	t.Helper()
	to, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	s.moved.Add(int64(to.Sub(s.clock())))
}

// tooLong ends a wait for what will not come. It is long, since nothing is proved by how
// soon something comes on a machine that has other work.
const tooLong = 2 * time.Minute

const wednesday = "2026-11-25T09:30:00-05:00"

// write writes a file of the folder.
func (s *shell) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ran is how a run ended.
type ran struct {
	code     int
	out, err string
}

// program is the program as main makes it, in this shell.
func (s *shell) program(in string, out, err *output) *program {
	return &program{
		getenv: func(name string) string { return s.env[name] }, in: strings.NewReader(in), out: out, err: err, now: s.clock,
		wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, poll: 100 * time.Millisecond,
	}
}

func (s *shell) run(t *testing.T, args ...string) ran {
	t.Helper()
	return s.typed(t, "", args...)
}

// typed runs with what is typed at its prompts.
func (s *shell) typed(t *testing.T, in string, args ...string) ran {
	t.Helper()
	var out, err output
	code := s.program(in, &out, &err).run(t.Context(), args)
	return ran{code, out.String(), err.String()}
}

// mustRun fails the test unless it went well.
func (s *shell) mustRun(t *testing.T, args ...string) string {
	t.Helper()
	r := s.run(t, args...)
	if r.code != 0 {
		t.Fatalf("arbot %s: exit code %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

// output may be written by several goroutines.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
	}
}
