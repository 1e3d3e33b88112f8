package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// took is how long something took, in a transcript.
var took = regexp.MustCompile(`in \d+\.\d s:`)

// demo runs the demo with lines that are typed, and returns what it shows.
func demoOf(t *testing.T, typed string, args ...string) string {
	t.Helper()
	got := newShell(t, "2026-11-25T09:30:00-05:00").typed(t, typed, append([]string{"demo"}, args...)...)
	if got.code != 0 || got.err != "" {
		t.Fatalf("the demo ends with %d and says %s\n%s", got.code, got.err, got.out)
	}
	return took.ReplaceAllString(got.out, "in 0.0 s:")
}

// The whole of what a newcomer sees, on a fixed day.
func TestDemo(t *testing.T) {
	t.Parallel()
	typed := []string{
		"/ar status acme", "as ben", "mine", "show me", "statis acme", "press /ar status acme",
		"as nora", "/ar status northgate", "/ar overdue over 5k 60+ days", "/ar aging as of 2026-10-31", "show thread", "show sales", "quit",
	}
	golden(t, "demo.txt", demoOf(t, strings.Join(typed, "\n")+"\n"))
}

func TestDemoShowsTheMainThingsFirst(t *testing.T) {
	t.Parallel()
	screenful := strings.SplitAfter(demoOf(t, ""), "\n")
	first := strings.Join(screenful[:min(45, len(screenful))], "")
	for _, want := range []string{"made-up company", "Ties with the ledger", "#ar-team", "overdue in", "Acme Corporation $31,804.45", "agrees with the ledger to the cent"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first screen lacks %q:\n%s", want, first)
		}
	}
}

func TestDemoWalksDays(t *testing.T) {
	t.Parallel()
	got := demoOf(t, "show me\n", "--days", "5")
	for _, day := range []string{"Wed 25 Nov 2026", "Thu 26 Nov 2026", "Fri 27 Nov 2026", "Mon 30 Nov 2026"} {
		if n := strings.Count(got, "════ #ar-team, "+day); n != 1 {
			t.Errorf("%s has %d digests, want one", day, n)
		}
	}
	if strings.Contains(got, "#ar-team, Sat ") || strings.Contains(got, "Does not tie") {
		t.Errorf("a digest on a Saturday, or books that do not tie:\n%s", got)
	}
}

// A walk that ends on a Saturday, and a demo on one, show the digest of the Friday.
func TestDemoRestsOnWeekends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at   string
		args []string
	}{
		"walk to it":  {"2026-11-25T09:30:00-05:00", []string{"--days", "3"}},
		"start on it": {"2026-11-28T09:30:00-05:00", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newShell(t, test.at).typed(t, "quit\n", append([]string{"demo"}, test.args...)...)
			if got.code != 0 || strings.Contains(got.out, "#ar-team, Sat ") || strings.Count(got.out, "════ #ar-team, Fri 27 Nov 2026") != 1 {
				t.Errorf("exit code %d %s\n%s", got.code, got.err, got.out)
			}
		})
	}
}

// Whatever is typed, the demo goes on until its end.
func TestDemoBearsWhatIsTyped(t *testing.T) {
	t.Parallel()
	lines := []string{
		"", "   ", "as", "as nobody", "show", "show everything", "press", "press nothing", "/ar", "ar", "help", "?",
		"as jonas", "aging", "as grace", "aging", "show me", "show sales", "/ar \x00\x1b[31m<!channel> <@U0001|x> &amp;",
		"status " + strings.Repeat("x", 9000), strings.Repeat("y", 200_000), "/AR HELP", "as @maya", "status 1", "press [", "last",
	}
	got := demoOf(t, strings.Join(lines, "\n"))
	if n := strings.Count(got, "> "); n < len(lines) {
		t.Errorf("only %d prompts for %d lines", n, len(lines))
	}
	if strings.Contains(got, "\x1b") || strings.Contains(got, "\x00") {
		t.Error("control characters reach the terminal")
	}
	if strings.Contains(got, "No answer came") || strings.Contains(got, "Something went wrong") {
		t.Errorf("the bot failed at something:\n%.3000s", got)
	}
}

func TestDemoOnAPhone(t *testing.T) {
	t.Parallel()
	got := demoOf(t, "/ar status acme\n", "--width", "40")
	_, digest, _ := strings.Cut(got, "════ #ar-team")
	_, digest, _ = strings.Cut(digest, "\n")
	digest, _, _ = strings.Cut(digest, " replies are in its thread")
	for line := range strings.Lines(digest) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 40 {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

// Ctrl-C leaves the prompt at once, though nothing more is typed.
func TestDemoEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	var out, fault output
	p := s.program("", &out, &fault)
	ctx, cancel := context.WithCancel(t.Context())
	never := make(blocked)
	defer close(never)
	p.in = never
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, []string{"demo"}) }()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !strings.HasSuffix(out.String(), "> ") {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("no prompt:\n%s", out.String())
		}
	}
	cancel()
	if code := <-ended; code != 0 || fault.String() != "" {
		t.Errorf("it ends with %d and says %s", code, fault.String())
	}
}

// blocked is an input on which nothing is typed until it is closed.
type blocked chan struct{}

func (b blocked) Read([]byte) (int, error) {
	<-b
	return 0, context.Canceled
}
