package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/bot"
)

var updateReadme = flag.Bool("update-readme", false, "write the picture and the list of commands into the README")

// The README's picture is what the demo draws, and its list of commands is the
// table of commands.
func TestReadme(t *testing.T) {
	t.Parallel()
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile("testdata/demo.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := block(t, block(t, string(text), "picture", embedded(t, string(drawn))), "commands", commandTable())
	if *updateReadme {
		if err := os.WriteFile(path, []byte(want), 0o600); err != nil { //nolint:gosec // the README of this repository
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s is not what the program says (-want +got); `go test ./cmd/arbot -run Readme -update-readme` mends it:\n%s", path, diff)
	}
}

// block replaces what stands between the two marks of a name.
func block(t *testing.T, text, name, content string) string {
	t.Helper()
	begin, end := "<!-- "+name+":begin -->\n", "<!-- "+name+":end -->"
	before, rest, found := strings.Cut(text, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("there is no block between %q and %q", begin, end)
	}
	return before + begin + content + end + after
}

// embedded takes the first digest out of what the demo draws.
func embedded(t *testing.T, drawn string) string {
	t.Helper()
	_, rest, found := strings.Cut(drawn, "════ #ar-team")
	_, rest, opened := strings.Cut(rest, "\n\n")
	digest, _, ended := strings.Cut(rest, "\n\n")
	if !found || !opened || !ended {
		t.Fatal("testdata/demo.txt holds no digest")
	}
	return "```\n" + digest + "\n```\n"
}

func commandTable() string {
	var b strings.Builder
	b.WriteString("| command | what it says | for example |\n|---|---|---|\n")
	for _, c := range bot.Commands() {
		usage := strings.TrimSpace("/ar " + c.Name + " " + c.Usage)
		fmt.Fprintf(&b, "| `%s` | %s | `/ar %s` |\n", strings.ReplaceAll(usage, "|", `\|`), c.Summary, c.Examples[len(c.Examples)-1])
	}
	return b.String()
}
