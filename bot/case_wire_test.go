package bot_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

// asking asks the books over one of the two ways in, by the slash command and by a
// mention in a thread, and returns both answers as Slack has them.
func asking(t *testing.T, via string, page ar.Page) func(text string) []fakeslack.Message {
	t.Helper()
	c := desktest.New(t)
	c.Import(t, page)
	w := newWorld(t)
	for id, email := range map[string]string{"U123ABC": "dana@example.com", "W99ZZZ": "eli@example.com"} {
		w.PutUser(fakeslack.User{ID: id, Email: email})
	}
	router := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", People: w.people})
	w.listen(t, via, router.Handle)
	mention := byWords(arChannel)
	return func(text string) []fakeslack.Message {
		t.Helper()
		w.clock.advance(10 * time.Second)
		return []fakeslack.Message{w.await(t, w.slash(t, ana, arChannel, text), 1)[0], mention(t, w, ana, text)}
	}
}

// SL-03: people and channels come as ids, with or without a label, escaped or not.
func TestSL03EscapedMentionsOverBothWays(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		ask := asking(t, via, acme(doc("INV", "2026-09-01", "2026-10-01", "500.00")))
		for text, want := range map[string]string{
			"overdue owner <@U123ABC|eli>": "of Dana Diaz: $500.00", "overdue owner <@U123ABC>": "of Dana Diaz: $500.00",
			"overdue owner <@W99ZZZ>": "of Eli Stone: nothing is overdue",
		} {
			for _, got := range ask(text) {
				if !strings.Contains(got.Text, want) {
					t.Errorf("%s by %s: %q, want %q", text, got.Via, got.Text, want)
				}
			}
		}
	})
}

// named is the books of a customer with a name that is markup to Slack.
func named(name string) ar.Page {
	return ar.Page{Customers: []ar.CustomerRecord{desktest.Customer(name, "dana@example.com")}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "INV_2026_001", name, "2026-09-01", "2026-10-01", "500.00"),
		storetest.Doc(ar.Invoice, "INV_2026_002", name, "2026-09-02", "2026-10-02", "50.00"),
	}}
}

// ourMarkup is the markup that the bot writes itself: labels of its own, and instants.
var ourMarkup = regexp.MustCompile(`^(\*(Not due yet|\d+-\d+ days|To chase|Terms|Sales owner)\*|<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>*_~]*>)$`)

// SL-09 and X22: a customer's name is letters in what Slack gets, whichever way the
// question came.
func TestSL09AndX22NamesOverBothWays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ id, name, typed, text string }{
		{"SL-09 a mention", "<!channel> Traders", "traders", "&lt;!channel&gt; Traders"},
		{"SL-09 an ampersand", "AT&T", "at&amp;t", "AT&amp;T"},
		{"SL-09 a link", "<https://evil.example|Pay here> & <!here>", "pay here", "&lt;https://evil.example|Pay here&gt; &amp; &lt;!here&gt;"},
		{"X22 formatting marks", "*Star* _Supply_ ~Co~", "star", "*Star* _Supply_ ~Co~"},
	} {
		t.Run(tt.id, func(t *testing.T) {
			t.Parallel()
			overBoth(t, func(t *testing.T, via string) {
				for _, got := range asking(t, via, named(tt.name))("status " + tt.typed) {
					if !strings.HasPrefix(got.Text, tt.text+" owes $550.00") || strings.Contains(got.Text, "amp;amp;") {
						t.Errorf("by %s: %q", got.Via, got.Text)
					}
					var blocks any
					if err := json.Unmarshal(got.Blocks, &blocks); err != nil {
						t.Fatal(err)
					}
					letters, markup := texts(blocks)
					if all := strings.Join(letters, "\n"); !strings.Contains(all, tt.name) || !strings.Contains(all, "INV_2026_001") {
						t.Errorf("by %s: the name is not shown letter for letter: %q", got.Via, letters)
					}
					for _, m := range markup {
						if !ourMarkup.MatchString(m) {
							t.Errorf("by %s: markup %q", got.Via, m)
						}
					}
				}
			})
		})
	}
}

// texts are the pieces of text in blocks: those that Slack shows as they are, and
// those that it parses.
func texts(v any) (letters, markup []string) {
	join := func(v any) {
		l, m := texts(v)
		letters, markup = append(letters, l...), append(markup, m...)
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			join(e)
		}
	case map[string]any:
		if text, ok := v["text"].(string); ok {
			if v["type"] == "mrkdwn" {
				markup = append(markup, text)
			} else {
				letters = append(letters, text)
			}
		}
		for _, e := range v {
			join(e)
		}
	}
	return letters, markup
}
