package bot

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each method of the Web API that the code names has its permissions in the table, and
// each in the table is named by the code: so that the manifest asks for what is needed.
func TestNeedsMatchTheCalls(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	method := regexp.MustCompile(`"((?:auth|bots|chat|conversations|files|pins|reactions|team|usergroups|users|views)\.[a-zA-Z.]+)"`)
	called := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "needs.go" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range method.FindAllStringSubmatch(string(text), -1) {
			called[found[1]] = true
		}
	}
	delete(called, "users.read") // no method
	for m := range called {
		if _, ok := scopesOf[m]; !ok {
			t.Errorf("%s is called and has no entry in scopesOf", m)
		}
	}
	for m := range scopesOf {
		if !called[m] {
			t.Errorf("%s has permissions in scopesOf and is not called", m)
		}
	}
}

// Each event of the manifest is one that the code acts on.
func TestEventsAreHeard(t *testing.T) {
	t.Parallel()
	for _, event := range Events(true) {
		kind, _, _ := strings.Cut(event, ".")
		payload := fmt.Sprintf(`{"type":"event_callback","event_id":"Ev1","event":{"type":%q,"user":"U0ARBOT","channel":"C1","tokens":{"bot":["U0ARBOT"]}}}`, kind)
		if kind == "app_mention" || kind == "message" {
			payload = strings.Replace(payload, `"user":"U0ARBOT","channel":"C1"`, `"user":"U1","channel":"C1","channel_type":"im"`, 1)
		}
		if _, err := eventCall([]byte(payload), "U0ARBOT"); errors.Is(err, errIgnored) && !changes[event] {
			t.Errorf("the bot does nothing with %s", event)
		}
	}
	if slices.Contains(Events(false), "message.im") || slices.Contains(Scopes(false), "im:history") {
		t.Error("without reading it asks for direct messages")
	}
}
