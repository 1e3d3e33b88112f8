package blockkit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/bot/card/cardtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	for _, s := range cardtest.Samples() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			messages := render(t, s.Card, blockkit.Options{Tables: true})
			compare(t, s.Name+".json", pretty(t, messages))
		})
	}
}

func TestRenderGoldenWithoutTables(t *testing.T) {
	t.Parallel()
	for _, s := range []cardtest.Sample{
		{Name: "aging_lines", Card: cardtest.Aging()},
		{Name: "hostile_lines", Card: cardtest.Hostile()},
	} {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			messages := render(t, s.Card, blockkit.Options{})
			compare(t, s.Name+".json", pretty(t, messages))
		})
	}
}

func TestPlainTextGolden(t *testing.T) {
	t.Parallel()
	for _, s := range cardtest.Samples() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			compare(t, s.Name+".txt", []byte(blockkit.PlainText(s.Card).Text+"\n"))
		})
	}
}

// render renders a card that must render, and checks each message.
func render(t rapid.TB, c card.Card, o blockkit.Options) []blockkit.Message {
	t.Helper()
	messages, err := blockkit.Render(c, o)
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	for _, m := range messages {
		checkLimits(t, m)
		checkInert(t, m)
	}
	return messages
}

// leaf is a JSON object without further objects in it, spread over lines.
var leaf = regexp.MustCompile(`\{\n[^{}\[\]]*\n\s*\}`)

// pretty is the messages as JSON that people can review: what holds nothing else
// stands on one line.
func pretty(t rapid.TB, messages []blockkit.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	type message struct {
		Text   string        `json:"text"`
		Blocks []slack.Block `json:"blocks"`
	}
	out := make([]message, len(messages))
	for i, m := range messages {
		out[i] = message(m)
	}
	if err := enc.Encode(out); err != nil {
		t.Fatalf("marshal messages: %v", err)
	}
	return leaf.ReplaceAllFunc(b.Bytes(), func(o []byte) []byte {
		return regexp.MustCompile(`\n\s*`).ReplaceAll(o, nil)
	})
}

func compare(t rapid.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
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
