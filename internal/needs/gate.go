package needs

import (
	"os"
	"testing"
)

// gate decides what becomes of a test that lacks something.
type gate struct {
	forbidSkip bool   // a missing program fails the test
	noteFile   string // takes a line for each skip; "" keeps none
}

func fromEnvironment() gate {
	return gate{
		forbidSkip: os.Getenv("ARBOT_FORBID_SKIP") == "1",
		noteFile:   os.Getenv("ARBOT_SKIPPED"),
	}
}

// missing ends a test that lacks a program: a skip, or a failure where skipping is
// forbidden.
func (g gate) missing(t testing.TB, lost string) {
	t.Helper()
	if g.forbidSkip {
		t.Fatalf("%s (ARBOT_FORBID_SKIP=1 makes this a failure)", lost)
	}
	g.optional(t, lost)
}

// optional ends a test that lacks what it may lack anywhere.
func (g gate) optional(t testing.TB, lost string) {
	t.Helper()
	if err := g.note(lost); err != nil {
		t.Fatalf("needs: note a skipped test in %s: %v", g.noteFile, err)
	}
	t.Skip("SKIPPED: " + lost)
}

// note adds one line in one write, which O_APPEND keeps whole among the test
// processes that share the file.
func (g gate) note(lost string) error {
	if g.noteFile == "" {
		return nil
	}
	f, err := os.OpenFile(g.noteFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteString("SKIPPED: " + lost + "\n"); err != nil {
		_ = f.Close() // the first error is the one to tell
		return err
	}
	return f.Close()
}
