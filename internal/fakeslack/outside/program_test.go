package outside_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"arbot/internal/fakeslack"
	"arbot/internal/needs"
)

const programs = "testdata"

// node gives a command that runs a program of testdata. The file is read so that
// `go test` knows that a kept result hangs on it.
func node(ctx context.Context, t *testing.T, program string, arg ...string) *exec.Cmd {
	t.Helper()
	path := needs.NodePackages(t, programs)
	if _, err := os.ReadFile(filepath.Join(programs, program)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, path, append(arg, program)...)
	cmd.Dir = programs
	cmd.WaitDelay = time.Second
	return cmd
}

// environment tells a program where the workspace is.
func environment(s *fakeslack.Server, more ...string) []string {
	return append(os.Environ(), append(more,
		"SLACK_API_URL="+s.URL(), "SLACK_BOT_TOKEN="+s.BotToken(), "SLACK_APP_TOKEN="+s.AppToken(),
		"SLACK_SIGNING_SECRET="+s.SigningSecret())...)
}

// runApp starts an app that lives until the test ends and gives the first line that
// it prints. What it says otherwise is shown when the test fails.
func runApp(t *testing.T, s *fakeslack.Server, program string, env ...string) (firstLine string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := node(ctx, t, program)
	cmd.Env = environment(s, env...)
	var said journal
	cmd.Stderr = &said
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	firstLine, err = lines.ReadString('\n')
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(&said, lines) // until the program ends
	}()
	t.Cleanup(func() {
		cancel()
		<-drained
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("%s said:\n%s", program, said.String())
		}
	})
	if err != nil {
		t.Fatalf("%s ended before it was ready: %v", program, err)
	}
	return firstLine
}

// journal is a buffer that is written and read by several goroutines.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// within is a context for one test: it ends only what hangs.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
