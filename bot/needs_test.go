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

	"github.com/google/go-cmp/cmp"
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
	everything := Routes{Home: linkButton, Links: linkButton}
	needs := Needs{Reading: true, Domains: []string{"ledger.example"}}
	for _, event := range needs.events(everything) {
		kind, _, _ := strings.Cut(event, ".")
		payload := fmt.Sprintf(`{"type":"event_callback","event_id":"Ev1","event":{"type":%q,"user":"U0ARBOT","channel":"C1","tokens":{"bot":["U0ARBOT"]}}}`, kind)
		if kind == "app_mention" || kind == "message" || kind == "link_shared" {
			payload = strings.Replace(payload, `"user":"U0ARBOT","channel":"C1"`, `"user":"U1","channel":"C1","channel_type":"im"`, 1)
		}
		if _, err := eventCall([]byte(payload), "U0ARBOT"); errors.Is(err, errIgnored) && !changes[event] {
			t.Errorf("the bot does nothing with %s", event)
		}
	}
	if slices.Contains(Needs{}.Events(), "message.im") || slices.Contains(Needs{}.Scopes(), "im:history") {
		t.Error("without reading it asks for direct messages")
	}
}

// What the company makes no use of is not asked for.
func TestNeedsOfWhatIsUsed(t *testing.T) {
	t.Parallel()
	all := []string{"a.example", "b.example", "c.example", "d.example", "e.example", "f.example"}
	for name, tt := range map[string]struct {
		needs   Needs
		used    Routes
		links   bool
		home    bool
		domains int
	}{
		"nothing":                {},
		"domains, and no links":  {needs: Needs{Domains: all}},
		"links, and no domains":  {used: Routes{Links: linkButton}},
		"links of a domain":      {needs: Needs{Domains: all[:1]}, used: Routes{Links: linkButton}, links: true, domains: 1},
		"more than Slack allows": {needs: Needs{Domains: all}, used: Routes{Links: linkButton}, links: true, domains: 5},
		"a home tab":             {used: Routes{Home: linkButton}, home: true},
	} {
		scopes, events := tt.needs.scopes(tt.used), tt.needs.events(tt.used)
		if slices.Contains(scopes, "links:read") != tt.links || slices.Contains(scopes, "links:write") != tt.links || slices.Contains(events, "link_shared") != tt.links {
			t.Errorf("%s: scopes %q, events %q", name, scopes, events)
		}
		if slices.Contains(events, "app_home_opened") != tt.home || len(tt.needs.domains(tt.used)) != tt.domains {
			t.Errorf("%s: events %q, domains %q", name, events, tt.needs.domains(tt.used))
		}
	}
}

// The shortcuts of the manifest are those that the routes have, within Slack's limits
// (docs.slack.dev, "App manifest"): ten of them, and the length of their texts.
func TestShortcutsFitTheManifest(t *testing.T) {
	t.Parallel()
	all := Shortcuts()
	if diff := cmp.Diff(NewRouter(RouterConfig{}).Shortcuts, all); diff != "" {
		t.Errorf("routes and manifest (-routes +manifest):\n%s", diff)
	}
	if len(all) > 10 {
		t.Errorf("%d shortcuts", len(all))
	}
	for _, s := range all {
		if n := len([]rune(s.Name)); n == 0 || n > 24 {
			t.Errorf("the name %q has %d characters", s.Name, n)
		}
		if n := len([]rune(s.Description)); n == 0 || n > 150 {
			t.Errorf("the description of %q has %d characters", s.Name, n)
		}
	}
}
