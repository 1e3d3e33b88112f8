package plain_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"
	"pgregory.net/rapid"

	"arbot/bot/card"
	"arbot/bot/card/cardtest"
	"arbot/bot/plain"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	for _, s := range cardtest.Samples() {
		if s.Name == "digest" {
			s.Card = cardtest.Digest(3) // the full one is a matter of Slack's limits
		}
		for _, o := range []plain.Options{{Width: 40}, {Width: 100}, {Width: 100, Color: true}} {
			name := fmt.Sprintf("%s_%d", s.Name, o.Width)
			if o.Color {
				name += "_color"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				compare(t, name+".txt", draw(t, s.Card, o))
			})
		}
	}
}

func compare(t rapid.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func draw(t rapid.TB, c card.Card, o plain.Options) string {
	t.Helper()
	var b strings.Builder
	if err := plain.Render(&b, c, o); err != nil {
		t.Fatalf("Render: %v", err)
	}
	return b.String()
}

var sgr = regexp.MustCompile("\x1b\\[[0-9;]+m")

// Any card fits the width, shows each of its texts exactly once and sends no
// control character but those of its own.
func TestRenderAnyCard(t *testing.T) {
	t.Parallel()
	cells := runewidth.Condition{StrictEmojiNeutral: true}
	rapid.Check(t, func(t *rapid.T) {
		drawn := cardtest.Draw(t)
		o := plain.Options{Width: rapid.IntRange(20, 140).Draw(t, "width"), Color: rapid.Bool().Draw(t, "color")}
		out := sgr.ReplaceAllString(draw(t, drawn.Card, o), "")
		for line := range strings.Lines(out) {
			line = strings.TrimSuffix(line, "\n")
			if n := cells.StringWidth(line); n > o.Width {
				t.Errorf("line of %d columns, width %d: %q", n, o.Width, line)
			}
			if strings.ContainsFunc(line, unicode.IsControl) || strings.Contains(line, "\u202e") {
				t.Errorf("control character in %q", line)
			}
		}
	})
}

// Nothing is cut: on a terminal wide enough that no word breaks, all texts are
// there.
func TestRenderLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		drawn := cardtest.Draw(t)
		drawn.Check(t, draw(t, drawn.Card, plain.Options{Width: 200_000}))
	})
}

// X22: formatting marks are shown letter for letter.
func TestX22FormattingMarks(t *testing.T) {
	t.Parallel()
	const name = "*Star* _Supply_ ~Co~"
	if got := draw(t, card.New(name), plain.Options{}); got != name+"\n" {
		t.Errorf("drawn: %q", got)
	}
}

// A name cannot move the cursor, and colour never appears when it is off.
func TestEscapeSequencesAreTakenOut(t *testing.T) {
	t.Parallel()
	c := card.New("Text.", card.Paragraph{card.B("\x1b[2J\x1b]0;owned\x07Acme")})
	if got := draw(t, c, plain.Options{}); got != "[2J]0;ownedAcme\n" {
		t.Errorf("drawn: %q", got)
	}
	if got := draw(t, c, plain.Options{Color: true}); got != "\x1b[1m[2J]0;ownedAcme\x1b[0m\n" {
		t.Errorf("drawn in colour: %q", got)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	c := card.New("Text.", card.Paragraph{card.T("Ask "), card.User("U04RIVERA"), card.T(" or "), card.User("U00NOBODY"), card.T(".")})
	name := func(id string) string { return map[string]string{"U04RIVERA": "Ana Rivera"}[id] }
	if got, want := draw(t, c, plain.Options{Name: name}), "Ask @Ana Rivera or @U00NOBODY.\n"; got != want {
		t.Errorf("drawn: %q, want %q", got, want)
	}
}

type broken struct{}

var errBroken = errors.New("broken pipe")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestRenderErrors(t *testing.T) {
	t.Parallel()
	if err := plain.Render(broken{}, card.New("Text."), plain.Options{}); !errors.Is(err, errBroken) {
		t.Errorf("error = %v, want %v", err, errBroken)
	}
	if err := plain.Render(broken{}, card.New(""), plain.Options{}); err == nil || errors.Is(err, errBroken) {
		t.Errorf("error = %v, want one about the missing text", err)
	}
}

// A table that is too wide for the terminal becomes lines, with every figure.
func TestNarrowTableLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		figure := rapid.StringMatching(`-?[1-9][0-9]{0,2}(,[0-9]{3}){0,4}\.[0-9]{2}`)
		c := card.Table{Columns: []card.Column{{Title: "Customer"}}}
		for i := range rapid.IntRange(5, 9).Draw(t, "columns") {
			c.Columns = append(c.Columns, card.Column{Title: fmt.Sprintf("Bucket %d", i), Align: card.Right})
		}
		var want []string
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := []string{fmt.Sprintf("Customer %d", i)}
			want = append(want, fmt.Sprintf("Customer%d", i))
			for j, column := range c.Columns[1:] {
				row = append(row, figure.Draw(t, "figure"))
				want = append(want, strings.ReplaceAll(column.Title, " ", "")+":"+row[j+1])
			}
			c.Rows = append(c.Rows, row)
		}
		out := draw(t, card.New("Text.", c), plain.Options{Width: rapid.IntRange(20, 40).Draw(t, "width")})
		got := strings.FieldsFunc(strings.Join(strings.Fields(out), ""), func(r rune) bool { return r == '•' || r == '·' })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("drawn (-want +got):\n%s\n%s", diff, out)
		}
	})
}
