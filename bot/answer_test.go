package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/bot/plain"
	"arbot/desk"
)

// update writes the golden files anew; card tests of this package share it.
var update = flag.Bool("update", false, "write the golden files anew")

const (
	openChannel   = "C0OPEN"   // answers may be shared here
	closedChannel = "C0CLOSED" // and not here
)

// staff is who can be mentioned.
type staff map[string]string

// Person finds somebody by the id of a mention.
func (s staff) Person(_ context.Context, user string) (bot.Person, error) {
	email, ok := s[user]
	if !ok {
		return bot.Person{}, fmt.Errorf("user %s: %w", user, os.ErrNotExist)
	}
	return bot.Person{ID: user, Email: email}, nil
}

func newRouter(d *desk.Desk) *bot.Router {
	return bot.NewRouter(bot.RouterConfig{
		Desk: d, Slash: "/ar", Share: []string{openChannel}, Private: nowhere{},
		People: staff{"U123ABC": "dana@example.com", "W99ZZZ": "eli@example.com", "U0NOMAIL": ""},
	})
}

// typed is a command that somebody types in a channel that shares nothing.
func typed(text string) bot.Call {
	return bot.Call{ID: "7F3K", Kind: bot.Command, Channel: closedChannel, Text: text}
}

func pressed(value string) bot.Call {
	return bot.Call{ID: "7F3K", Kind: bot.Action, Channel: closedChannel, Action: "pick", Value: value}
}

// ask returns the answer to what somebody types; an error fails the test.
func ask(t testing.TB, r *bot.Router, actor ar.Actor, text string) card.Card {
	t.Helper()
	answer, err := r.Handle(t.Context(), actor, typed(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return answer.Card
}

// refused returns the error that people read; another error, or none, fails
// the test.
func refused(t testing.TB, r *bot.Router, actor ar.Actor, c bot.Call) *ar.Error {
	t.Helper()
	answer, err := r.Handle(t.Context(), actor, c)
	known, ok := errors.AsType[*ar.Error](err)
	if !ok {
		t.Fatalf("%s%s: got error %v and answer %q, want an error that people can read", c.Text, c.Value, err, answer.Card.Text)
	}
	return known
}

// drawn is a card as a terminal shows it.
func drawn(t testing.TB, c card.Card, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := plain.Render(&b, c, plain.Options{Width: width}); err != nil {
		t.Fatalf("draw: %v", err)
	}
	return b.String()
}

// all is everything of a card that anybody reads.
func all(t testing.TB, cards ...card.Card) string {
	t.Helper()
	var b strings.Builder
	for _, c := range cards {
		b.WriteString(c.Text + "\n" + drawn(t, c, 200) + "\n")
	}
	return b.String()
}

func contains(t testing.TB, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}

func lacks(t testing.TB, text string, unwanted ...string) {
	t.Helper()
	for _, no := range unwanted {
		if strings.Contains(text, no) {
			t.Errorf("%q should not be in:\n%s", no, text)
		}
	}
}

// golden compares cards with testdata/answers/NAME.txt (the notification, then
// as drawn on a screen and on a phone) and NAME.json (the Slack messages).
func golden(t *testing.T, name string, cards ...card.Card) {
	t.Helper()
	var text bytes.Buffer
	var messages []blockkit.Message
	for _, width := range []int{100, 40} {
		fmt.Fprintf(&text, "════ %d columns\n\n", width)
		for i, c := range cards {
			if i > 0 {
				fmt.Fprintf(&text, "──── in the thread\n\n")
			}
			fmt.Fprintf(&text, "🔔 %s\n\n%s\n", c.Text, drawn(t, c, width))
		}
	}
	for _, c := range cards {
		rendered, err := blockkit.Render(c, blockkit.Options{Tables: true})
		if err != nil {
			t.Fatalf("render %s: %v", name, err)
		}
		messages = append(messages, rendered...)
	}
	compare(t, name+".txt", text.Bytes())
	compare(t, name+".json", blocks(t, messages))
}

func blocks(t *testing.T, messages []blockkit.Message) []byte {
	t.Helper()
	type message struct {
		Text   string        `json:"text"`
		Blocks []slack.Block `json:"blocks"`
	}
	var b bytes.Buffer
	for _, m := range messages {
		line, err := json.Marshal(message(m))
		if err != nil {
			t.Fatalf("marshal: %v", err)
		}
		if err := json.Indent(&b, line, "", " "); err != nil {
			t.Fatalf("indent: %v", err)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "answers", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// squeezed is text with single spaces, so that a test does not depend on how
// wide a column is.
func squeezed(text string) string { return strings.Join(strings.Fields(text), " ") }
