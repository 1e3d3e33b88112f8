package blockkit_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"arbot/bot/blockkit"
)

// object is a JSON object as Slack gets it.
type object = map[string]any

// decode gives the blocks of a message as Slack gets them.
func decode(t rapid.TB, m blockkit.Message) []object {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatalf("marshal blocks: %v", err)
	}
	var blocks []object
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatalf("unmarshal blocks: %v", err)
	}
	return blocks
}

// each calls visit for v and for all that is in it, in the order in which it is
// shown.
func each(v any, visit func(object)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			each(e, visit)
		}
	case object:
		visit(v)
		for _, key := range []string{"text", "fields", "elements", "rows", "confirm", "title", "deny"} {
			each(v[key], visit)
		}
	}
}

// visible is the text that the blocks show, with no spaces, since text may be
// cut at any of them. Dialogs behind a button do not count.
func visible(blocks []object) string {
	var b strings.Builder
	for _, block := range blocks {
		each(any(block), func(o object) {
			delete(o, "confirm")
			for _, key := range []string{"text", "fallback"} {
				if s, ok := o[key].(string); ok {
					b.WriteString(s)
				}
			}
		})
	}
	return strings.Join(strings.Fields(b.String()), "")
}

func length(s string) int { return len(utf16.Encode([]rune(s))) }

func array(o object, key string) []any {
	a, _ := o[key].([]any)
	return a
}

func str(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// limits are the greatest lengths of strings, by type of the object that holds
// them and by key.
var limits = map[string]map[string]int{
	"plain_text": {"text": 3000},
	"mrkdwn":     {"text": 3000},
	"link":       {"url": 3000},
	"button":     {"action_id": 255, "value": 2000, "url": 3000, "accessibility_label": 75},
}

// counts are the greatest numbers of children, by type and key.
var counts = map[string]map[string]int{
	"section":  {"fields": 10},
	"context":  {"elements": 10},
	"actions":  {"elements": 25},
	"table":    {"rows": 100, "column_settings": 20},
	"overflow": {"options": 5},
}

// checkLimits holds a message against Slack's limits, written down here a second
// time on purpose.
func checkLimits(t rapid.TB, m blockkit.Message) {
	t.Helper()
	if n := length(m.Text); n == 0 || n > 4000 {
		t.Errorf("top-level text has %d characters", n)
	}
	blocks := decode(t, m)
	if n := len(blocks); n == 0 || n > 50 {
		t.Errorf("message has %d blocks", n)
	}
	tables, ids := 0, map[string]bool{}
	for _, block := range blocks {
		if str(block, "type") == "table" {
			checkTable(t, block)
			tables++
		}
		if text, ok := block["text"].(object); ok && str(block, "type") == "header" && length(str(text, "text")) > 150 {
			t.Errorf("header of %d characters", length(str(text, "text")))
		}
		each(any(block), func(o object) { checkObject(t, o, ids) })
	}
	if tables > 1 {
		t.Errorf("message has %d tables", tables)
	}
	checkSize(t, blocks)
}

func checkObject(t rapid.TB, o object, ids map[string]bool) {
	t.Helper()
	kind := str(o, "type")
	for key, most := range limits[kind] {
		if n := length(str(o, key)); n > most {
			t.Errorf("%s of %s has %d characters", key, kind, n)
		}
	}
	for key, most := range counts[kind] {
		if n := len(array(o, key)); n > most {
			t.Errorf("%s has %d %s", kind, n, key)
		}
	}
	switch kind {
	case "text", "raw_text", "plain_text", "mrkdwn":
		if str(o, "text") == "" {
			t.Errorf("empty %s", kind)
		}
	case "section", "context", "actions", "rich_text", "rich_text_section", "rich_text_list":
		_, says := o["text"].(object) // a section may be just that
		if len(array(o, "elements")) == 0 && len(array(o, "fields")) == 0 && !says {
			t.Errorf("empty %s", kind)
		}
	case "button":
		checkButton(t, o, ids)
	case "overflow":
		checkMenu(t, o, ids)
	}
}

func checkMenu(t rapid.TB, o object, ids map[string]bool) {
	t.Helper()
	id := str(o, "action_id")
	if id == "" || ids[id] || len(array(o, "options")) == 0 {
		t.Errorf("action id %q is empty or comes twice, or the menu has no options", id)
	}
	ids[id] = true
	for _, option := range array(o, "options") {
		option, _ := option.(object)
		text, _ := option["text"].(object)
		if length(str(text, "text")) > 75 || length(str(option, "value")) > 75 {
			t.Errorf("option of %d and %d characters", length(str(text, "text")), length(str(option, "value")))
		}
	}
}

func checkButton(t rapid.TB, o object, ids map[string]bool) {
	t.Helper()
	id := str(o, "action_id")
	if id == "" || ids[id] {
		t.Errorf("action id %q is empty or comes twice", id)
	}
	ids[id] = true
	if text, _ := o["text"].(object); length(str(text, "text")) > 75 {
		t.Errorf("button text of %d characters", length(str(text, "text")))
	}
	confirm, ok := o["confirm"].(object)
	if !ok {
		return
	}
	for key, most := range map[string]int{"title": 100, "text": 300, "confirm": 30, "deny": 30} {
		if text, _ := confirm[key].(object); length(str(text, "text")) > most {
			t.Errorf("%s of a dialog has %d characters", key, length(str(text, "text")))
		}
	}
}

func checkTable(t rapid.TB, table object) {
	t.Helper()
	columns, text := len(array(table, "column_settings")), 0
	for _, c := range array(table, "column_settings") {
		if s, _ := c.(object); str(s, "align") != "left" && str(s, "align") != "right" {
			t.Errorf("column with align %q", str(s, "align"))
		}
	}
	for _, row := range array(table, "rows") {
		cells, _ := row.([]any)
		if len(cells) != columns {
			t.Errorf("row of %d cells in a table of %d columns", len(cells), columns)
		}
		each(row, func(o object) { text += length(str(o, "text")) })
	}
	if text > 10_000 {
		t.Errorf("table of %d characters", text)
	}
}

// checkSize holds the message against the undocumented limit on the whole.
func checkSize(t rapid.TB, blocks []object) {
	t.Helper()
	size := 0
	for _, block := range blocks {
		if str(block, "type") == "table" {
			each(any(block), func(o object) { size += length(str(o, "text")) })
			continue
		}
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(block); err != nil {
			t.Fatalf("marshal block: %v", err)
		}
		size += length(b.String())
	}
	if size > 13_000 {
		t.Errorf("message of %d characters", size)
	}
}

var (
	// live is all the mrkdwn there may be: a label of ours in bold, an instant.
	live = regexp.MustCompile(`^(\*[^*_~` + "`" + `:<>&]+\*|<!date\^-?\d+\^\{date_short_pretty\} at \{time\}\|([^<>&]|&amp;|&lt;|&gt;)+>)$`)
	// inert is top-level text in which nothing is a mention, a link or half an
	// entity.
	inert = regexp.MustCompile(`^([^<>&]|&amp;|&lt;|&gt;)*$`)
)

// checkInert fails if outside text of a message could be parsed.
func checkInert(t rapid.TB, m blockkit.Message) {
	t.Helper()
	if !inert.MatchString(m.Text) {
		t.Errorf("top-level text is live: %q", m.Text)
	}
	for _, block := range decode(t, m) {
		each(any(block), func(o object) {
			switch str(o, "type") {
			case slack.MarkdownType:
				if !live.MatchString(str(o, "text")) {
					t.Errorf("mrkdwn is live: %q", str(o, "text"))
				}
			case slack.PlainTextType:
				if o["emoji"] != false {
					t.Errorf("plain text with emoji: %q", str(o, "text"))
				}
			case "markdown", "broadcast", "usergroup", "emoji", "channel":
				t.Errorf("%s from outside text: %v", str(o, "type"), o)
			case "user":
				if !regexp.MustCompile(`^[UW][A-Z0-9]+$`).MatchString(str(o, "user_id")) {
					t.Errorf("mention of %q", str(o, "user_id"))
				}
			case "link", "button":
				if url := str(o, "url"); url != "" && !strings.HasPrefix(url, "https://ledger.example/") {
					t.Errorf("link to %q", url)
				}
			}
		})
	}
}
