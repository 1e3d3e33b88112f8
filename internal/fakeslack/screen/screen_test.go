package screen_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"arbot/internal/fakeslack"
	"arbot/internal/fakeslack/screen"
)

var update = flag.Bool("update", false, "write the golden files anew")

func names(id string) string {
	if name, ok := map[string]string{"U0ARBOT": "@arbot", "U0ANA": "@ana", "C0AR": "#ar"}[id]; ok {
		return name
	}
	return id
}

func load(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func message(blocks []byte) fakeslack.Message {
	return fakeslack.Message{
		User: "U0ARBOT", BotID: "B0ARBOT", Blocks: blocks, Text: "the text that stands alone",
		At: time.Date(2026, time.March, 2, 8, 30, 0, 0, time.UTC),
	}
}

func draw(t *testing.T, m fakeslack.Message, width int, color bool) string {
	t.Helper()
	var out bytes.Buffer
	zone := time.FixedZone("EST", -5*60*60)
	if err := screen.Draw(&out, m, screen.Options{Width: width, Color: color, Name: names, Location: zone}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// fits checks that no row is wider than the screen.
func fits(t *testing.T, drawing string, width int) {
	t.Helper()
	measure := &runewidth.Condition{StrictEmojiNeutral: true}
	for row := range strings.SplitSeq(drawing, "\n") {
		if n := measure.StringWidth(row); n > width {
			t.Errorf("%d columns, only %d there: %s", n, width, row)
		}
	}
}

func TestDraw(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"digest", "rich", "wide"} {
		for _, width := range []int{40, 100} {
			t.Run(fmt.Sprintf("%s at %d", name, width), func(t *testing.T) {
				t.Parallel()
				got := draw(t, message(load(t, name)), width, false)
				golden(t, fmt.Sprintf("%s-%d", name, width), got)
				fits(t, got, width)
			})
		}
	}
}

func TestDrawInColor(t *testing.T) {
	t.Parallel()
	golden(t, "digest-color", draw(t, message(load(t, "digest")), 100, true))
}

func TestEphemeralEditedReply(t *testing.T) {
	t.Parallel()
	m := message(nil)
	m.Text, m.EphemeralTo, m.ThreadTS, m.Edited = "Did you mean *Acme*?\n1. Acme &amp; Sons, who have been with us for a long time\n2. Acme Ltd", "U0ANA", "1.0", true
	golden(t, "reply", draw(t, m, 40, false))
}

func TestModal(t *testing.T) {
	t.Parallel()
	v := fakeslack.View{
		Type: "modal", Title: "Log promise", Submit: "Save", Close: "Cancel", Errors: map[string]string{"amount": "Type an amount like 1,200.50"},
		Blocks: []byte(`[
			{"type":"input","block_id":"amount","label":{"type":"plain_text","text":"Amount"},"hint":{"type":"plain_text","text":"In the invoice's currency"},
			 "element":{"type":"plain_text_input","action_id":"a","initial_value":"12x"}},
			{"type":"input","block_id":"by","optional":true,"label":{"type":"plain_text","text":"By"},"element":{"type":"datepicker","action_id":"d","initial_date":"2026-03-06"}},
			{"type":"input","block_id":"how","label":{"type":"plain_text","text":"How"},"element":{"type":"radio_buttons","action_id":"r",
			 "options":[{"text":{"type":"plain_text","text":"Wire"},"value":"w"},{"text":{"type":"plain_text","text":"Card"},"value":"c"}],
			 "initial_option":{"text":{"type":"plain_text","text":"Card"},"value":"c"}}}
		]`),
	}
	var out bytes.Buffer
	if err := screen.DrawView(&out, v, screen.Options{Width: 40, Name: names}); err != nil {
		t.Fatal(err)
	}
	golden(t, "modal", out.String())
}

func TestNames(t *testing.T) {
	t.Parallel()
	s, err := fakeslack.New(fakeslack.Options{Now: time.Now, Workspace: fakeslack.Workspace{
		Users:      []fakeslack.User{{ID: "U0ANA", Name: "ana"}},
		Channels:   []fakeslack.Channel{{ID: "C0AR", Name: "ar"}},
		UserGroups: []fakeslack.UserGroup{{ID: "S0AR", Handle: "ar-team"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	called := screen.Names(s)
	for id, want := range map[string]string{"U0ANA": "@ana", "U0ARBOT": "@arbot", "C0AR": "#ar", "S0AR": "@ar-team", "U0NONE": "U0NONE"} {
		if got := called(id); got != want {
			t.Errorf("%s is called %s, want %s", id, got, want)
		}
	}
}

// TestNothingReachesTheTerminal: names and notes come from outside.
func TestNothingReachesTheTerminal(t *testing.T) {
	t.Parallel()
	evil := "a\x1b[2Jb\u202ec\x07d"
	blocks := fmt.Sprintf(`[{"type":"section","text":{"type":"mrkdwn","text":%[1]q}},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":%[1]q}]}]},
		{"type":"table","rows":[[{"type":"raw_text","text":%[1]q}]]},{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":%[1]q}}]},{"type":%[1]q}]`, "a\\u001b")
	blocks = strings.ReplaceAll(blocks, `a\\u001b`, `a\u001b[2Jb\u202ec\u0007d`)
	m := message([]byte(blocks))
	plain := m
	plain.Blocks, plain.Text = nil, evil
	got := draw(t, m, 100, false) + draw(t, plain, 100, false)
	if strings.ContainsAny(got, "\x1b\x07\u202e") {
		t.Errorf("control characters got through: %q", got)
	}
	if n := strings.Count(got, "a[2Jbcd"); n != 6 {
		t.Errorf("%d of 6 texts are there: %q", n, got)
	}
}

func TestMarkup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"*bold* and _it_ ~gone~", "bold and it gone"},
		{"2*3*4 stays, snake_case_name too", "2*3*4 stays, snake_case_name too"},
		{"a ` lone tick and * star", "a ` lone tick and * star"},
		{"`*not bold*`", "`*not bold*`"},
		{"*<https://x.example|INV-7>*", "INV-7"},
		{"<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"},
		{"<mailto:a@b.example|a@b.example>", "a@b.example"},
		{"<@U0ANA|x> in <#C0AR|> to <!here> <!subteam^S1>", "@ana in #ar to @here S1"},
		{"&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"},
		{"<!date^1772438280^{date_num} {time}|x>", "2026-03-02 2:58 AM"},
		{"<!date^00000000x^{_}|*>", "*"},
		{"an open < bracket", "an open < bracket"},
		{":warning: :unknown:", "⚠ :unknown:"},
		{"äöü *ß* é", "äöü ß é"},
	} {
		m := message(nil)
		m.Text = c.in
		_, got, _ := strings.Cut(draw(t, m, 100, false), "\n")
		if got != c.want+"\n" {
			t.Errorf("%q is drawn as %q, want %q", c.in, got, c.want)
		}
	}
}
