package outside_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
	"arbot/internal/needs"
)

const programs = "testdata"

// run runs a program of testdata on a company and gives what it printed. The file is
// read so that `go test` knows that a kept result hangs on it.
func run(t *testing.T, s *fakeqbo.Server, program string, arg ...string) string {
	t.Helper()
	node := needs.NodePackages(t, programs)
	if _, err := os.ReadFile(filepath.Join(programs, program)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(within(t), node, append(arg, program)...)
	cmd.Dir = programs
	cmd.WaitDelay = time.Second
	app := s.App()
	tokens := s.Grant(realm)
	cmd.Env = append(os.Environ(),
		"QBO_URL="+s.URL(), "QBO_REALM="+realm, "QBO_CLIENT_ID="+app.ClientID, "QBO_CLIENT_SECRET="+app.ClientSecret,
		"QBO_ACCESS="+tokens.Access, "QBO_REFRESH="+tokens.Refresh, "QBO_REDIRECT="+redirect)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// within is a context for one test: it ends only what hangs.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
