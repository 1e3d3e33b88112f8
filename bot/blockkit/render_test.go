package blockkit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/bot/card/cardtest"
)

// Any card keeps every limit, stays inert and shows each of its texts, and each
// row of its tables, exactly once over the message and its continuations.
func TestRenderAnyCard(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		drawn := cardtest.Draw(t)
		o := blockkit.Options{Tables: rapid.Bool().Draw(t, "tables")}
		messages, err := blockkit.Render(drawn.Card, o)
		if err != nil {
			t.Fatalf("Render: %v", err)
		}
		var shown strings.Builder
		for _, m := range messages {
			checkLimits(t, m)
			checkInert(t, m)
			shown.WriteString(visible(decode(t, m)))
		}
		drawn.Check(t, shown.String())
		if m := blockkit.PlainText(drawn.Card); !inert.MatchString(m.Text) || length(m.Text) > 4000 || m.Blocks != nil {
			t.Errorf("PlainText is live or too long: %q", m.Text)
		}
	})
}

// The text of a span comes out letter for letter, apart from what Clean takes.
func TestRenderKeepsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		c := card.New("Sentence.", card.Paragraph{card.T("x"), card.T(text), card.T("x")})
		got := visible(decode(t, render(t, c, blockkit.Options{})[0]))
		want := strings.Join(strings.Fields("x"+card.CleanSpan(text)+"x"), "")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("shown text (-want +got):\n%s", diff)
		}
	})
}

// SL-07: 120 invoices of 10.00 with names of 60 characters: each once across
// message and thread, the header says 120 and 1,200.00.
func TestSL07EveryInvoiceOnce(t *testing.T) {
	t.Parallel()
	for _, tables := range []bool{true, false} {
		t.Run(fmt.Sprintf("tables=%t", tables), func(t *testing.T) {
			t.Parallel()
			messages := render(t, cardtest.Digest(120), blockkit.Options{Tables: tables})
			if len(messages) < 2 {
				t.Errorf("120 rows came in %d message", len(messages))
			}
			if want := "120 invoices are overdue, 1,200.00 USD in all."; messages[0].Text != want {
				t.Errorf("text = %q, want %q", messages[0].Text, want)
			}
			var shown strings.Builder
			for _, m := range messages {
				shown.WriteString(visible(decode(t, m)))
			}
			for i := range 120 {
				name := fmt.Sprintf("Customer%03d", i+1)
				invoice := fmt.Sprintf("INV-%04d", i+1)
				if strings.Count(shown.String(), name) != 1 || strings.Count(shown.String(), invoice) != 1 {
					t.Errorf("%s of %s is not shown exactly once", invoice, name)
				}
			}
			if n := strings.Count(shown.String(), "10.00"); n != 120 {
				t.Errorf("10.00 is shown %d times", n)
			}
		})
	}
}

// SL-09: a name cannot ping or plant a link, and AT&T is escaped once.
func TestSL09MentionInjection(t *testing.T) {
	t.Parallel()
	const (
		name = "<!channel> Traders"
		memo = "<https://evil.example|Pay here> & <!here>"
	)
	c := card.New(name+", AT&T: "+memo, card.Heading(name), card.Paragraph{card.T("AT&T " + memo)})
	m := render(t, c, blockkit.Options{})[0]
	want := "&lt;!channel&gt; Traders, AT&amp;T: &lt;https://evil.example|Pay here&gt; &amp; &lt;!here&gt;"
	if diff := cmp.Diff(want, m.Text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want+"\n&lt;!channel&gt; Traders\nAT&amp;T &lt;https://evil.example|Pay here&gt; &amp; &lt;!here&gt;", blockkit.PlainText(c).Text); diff != "" {
		t.Errorf("plain text (-want +got):\n%s", diff)
	}
	shown := visible(decode(t, m))
	if diff := cmp.Diff(strings.ReplaceAll(name+"AT&T "+memo, " ", ""), shown); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}

// X22: formatting marks in a name are shown letter for letter, wherever it
// stands.
func TestX22FormattingMarks(t *testing.T) {
	t.Parallel()
	const name = "*Star* _Supply_ ~Co~"
	span := []card.Span{card.T(name + " INV_2026_001 INV_2026_002")}
	for kind, part := range map[string]card.Part{
		"no parts":  nil,
		"heading":   card.Heading(name),
		"paragraph": card.Paragraph(span),
		"note":      card.Note(span),
		"list":      card.List{span},
		"field":     card.Fields{{Label: name, Value: name}},
		"table":     card.Table{Caption: name, Columns: []card.Column{{Title: name}}, Rows: [][]string{{name}}},
		"button":    card.Buttons{{Label: name, Action: "a"}},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := card.New(name)
			if part != nil {
				c.Add(part)
			}
			for _, o := range []blockkit.Options{{Tables: true}, {}} {
				if shown := visible(decode(t, render(t, c, o)[0])); !strings.Contains(shown, "*Star*_Supply_~Co~") {
					t.Errorf("shown: %q", shown)
				}
			}
		})
	}
}

func TestRenderErrors(t *testing.T) {
	t.Parallel()
	button := func(b card.Button) card.Card { return card.New("Text.", card.Buttons{b}) }
	for _, tc := range []struct {
		name string
		card card.Card
		want string
	}{
		{"no text", card.New(" \u202e"), "no text"},
		{"nil part", card.New("Text.", nil), "unknown part"},
		{"no label", button(card.Button{Action: "a"}), "no label"},
		{"no action", button(card.Button{Label: "Go"}), "neither an action nor a URL"},
		{"hash in action", button(card.Button{Label: "Go", Action: "a#1"}), "must not contain"},
		{"long action", button(card.Button{Label: "Go", Action: strings.Repeat("a", 256)}), "too long"},
		{"long value", button(card.Button{Label: "Go", Action: "a", Value: strings.Repeat("v", 2001)}), "2001 characters"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := blockkit.Render(tc.card, blockkit.Options{})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want one with %q", err, tc.want)
			}
		})
	}
}

func TestAction(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"pick": "pick", "pick#2": "pick", "pick#17": "pick", "link": "link", "": ""} {
		if got := blockkit.Action(id); got != want {
			t.Errorf("Action(%q) = %q, want %q", id, got, want)
		}
	}
}

// A heading or caption never ends a message whose table starts in the next one.
func TestLeadsStayWithTheirTable(t *testing.T) {
	t.Parallel()
	table := card.Table{Caption: "Second", Columns: []card.Column{{Title: "A"}}, Rows: [][]string{{"row 2"}}}
	first := table
	first.Caption, first.Rows = "First", [][]string{{"row 1"}}
	messages := render(t, card.New("Text.", first, card.Heading("Euro"), table), blockkit.Options{Tables: true})
	var got []string
	for _, m := range messages {
		got = append(got, visible(decode(t, m)))
	}
	if diff := cmp.Diff([]string{"FirstArow1", "EuroSecondArow2"}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if want := "Text. (part 2 of 2)"; messages[1].Text != want {
		t.Errorf("text = %q, want %q", messages[1].Text, want)
	}
}

// The text of a message is cut before it is escaped, never within an entity.
func TestLongSentence(t *testing.T) {
	t.Parallel()
	m := render(t, card.New(strings.Repeat("&", 5000)), blockkit.Options{})[0]
	if want := strings.Repeat("&amp;", 799) + "…"; m.Text != want {
		t.Errorf("text of %d characters ends with %q", length(m.Text), m.Text[len(m.Text)-20:])
	}
}

func TestPlainTextSaysWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	text := blockkit.PlainText(cardtest.Digest(120)).Text
	shown := strings.Count(text, "INV-")
	if want := fmt.Sprintf("\n… and %d more lines", 120-shown+1); shown == 0 || !strings.HasSuffix(text, want) {
		t.Errorf("with %d rows shown the text ends with %q, want %q", shown, text[len(text)-30:], want)
	}
}
