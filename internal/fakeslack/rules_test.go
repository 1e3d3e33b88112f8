package fakeslack_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"arbot/internal/fakeslack"
)

// rules are the scopes of which a method needs one, and the calls that it takes in a row
// before it asks for a pause, as docs have them; 0 is no tier.
var rules = map[string]struct {
	scopes string
	calls  int
}{
	"auth.test":                    {"", 0},
	"chat.postMessage":             {"chat:write", 0}, // has a pace of its own
	"chat.update":                  {"chat:write", 50},
	"chat.delete":                  {"chat:write", 50},
	"chat.postEphemeral":           {"chat:write", 100},
	"chat.getPermalink":            {"", 0},
	"chat.unfurl":                  {"links:write", 50},
	"conversations.info":           {"channels:read,groups:read,im:read,mpim:read", 50},
	"conversations.list":           {"channels:read,groups:read,im:read,mpim:read", 20},
	"conversations.members":        {"channels:read,groups:read,im:read,mpim:read", 100},
	"conversations.open":           {"im:write,mpim:write", 50},
	"conversations.history":        {"channels:history,groups:history,im:history,mpim:history", 50},
	"conversations.replies":        {"channels:history,groups:history,im:history,mpim:history", 50},
	"users.info":                   {"users:read", 100},
	"users.list":                   {"users:read", 20},
	"users.lookupByEmail":          {"users:read.email", 50},
	"usergroups.list":              {"usergroups:read", 20},
	"usergroups.users.list":        {"usergroups:read", 20},
	"views.open":                   {"", 100},
	"views.push":                   {"", 100},
	"views.update":                 {"", 100},
	"views.publish":                {"", 100},
	"files.getUploadURLExternal":   {"files:write", 100},
	"files.completeUploadExternal": {"files:write", 100},
}

// raw calls a method without arguments, and returns the status, the code of the refusal
// and which scopes it says are needed.
func (f *fixture) raw(t *testing.T, method string) (status int, header http.Header, code, needed string) {
	t.Helper()
	req, err := http.NewRequestWithContext(within(t), http.MethodPost, f.URL()+method, strings.NewReader(url.Values{"token": {f.BotToken()}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var said struct {
		Error  string `json:"error"`
		Needed string `json:"needed"`
	}
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, said.Error, said.Needed
}

// Each method asks for its scope, and for a pause after the calls of its tier.
func TestMethodsHaveScopesAndTiers(t *testing.T) {
	t.Parallel()
	for method, rule := range rules {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			f.SetScopes()
			if _, _, code, needed := f.raw(t, method); needed != rule.scopes || (code == "missing_scope") != (rule.scopes != "") {
				t.Errorf("without a scope: %s, needed %q, want %q", code, needed, rule.scopes)
			}
			f = start(t, func(o *fakeslack.Options) { o.EnforceTiers = true })
			for range rule.calls {
				if status, _, code, _ := f.raw(t, method); status == http.StatusTooManyRequests || code == "missing_scope" {
					t.Fatalf("within its tier: %d, %s", status, code)
				}
			}
			status, header, code, _ := f.raw(t, method)
			if limited := status == http.StatusTooManyRequests; limited != (rule.calls > 0) {
				t.Errorf("after %d calls: %d, %s", rule.calls, status, code)
			}
			if rule.calls > 0 && (header.Get("Retry-After") == "" || header.Get("Retry-After") == "0" || code != "ratelimited") {
				t.Errorf("the pause is %q, the code %s", header.Get("Retry-After"), code)
			}
		})
	}
}

func TestUploadRefusals(t *testing.T) {
	t.Parallel()
	const content = "customer,open\n"
	upload := func(f *fixture, channel string, announced int) error {
		_, err := f.api.UploadFileContext(within(t), slack.UploadFileParameters{
			Filename: "aging.csv", FileSize: announced, Reader: strings.NewReader(content), Channel: channel,
		})
		return err
	}
	tests := map[string]struct {
		channel   string
		announced int
		prepare   func(*fixture)
		want      string
	}{
		"as announced":       {arChannel, len(content), nil, ""},
		"longer":             {arChannel, len(content) - 1, nil, "400"},
		"shorter":            {arChannel, len(content) + 1, nil, "400"},
		"not in the channel": {elsewhere, len(content), nil, "not_in_channel"},
		"archived":           {"C0OLD", len(content), nil, "is_archived"},
		"to a person":        {ana, len(content), nil, "channel_not_found"}, // only conversations take files
		"not to be seen":     {secret, len(content), nil, "channel_not_found"},
		"without the scope":  {arChannel, len(content), func(f *fixture) { f.SetScopes("chat:write") }, "missing_scope"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			if tt.prepare != nil {
				tt.prepare(f)
			}
			err := upload(f, tt.channel, tt.announced)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(fmt.Sprint(err), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if n := len(f.Messages(tt.channel)); (n == 1) != (tt.want == "") {
				t.Errorf("the file is shown %d times", n)
			}
		})
	}
	f := start(t)
	_, err := f.api.CompleteUploadExternalContext(within(t), slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{{ID: "F0NONE"}}, Channel: arChannel,
	})
	wantError(t, err, "file_not_found")
}

// Who was deactivated does nothing any more and is in no role of Slack's, and a message to
// them succeeds: nobody reads it (seen).
func TestDeactivated(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	if err := f.Deactivate(ben); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Slash(within(t), fakeslack.Command{User: ben, Channel: arChannel, Command: "/ar"}, fakeslack.NoWait()); err == nil {
		t.Error("a deactivated user types a command")
	}
	if _, _, err := f.Say(within(t), fakeslack.Words{User: ben, Channel: arChannel, Text: "hello"}, fakeslack.NoWait()); err == nil {
		t.Error("a deactivated user writes a message")
	}
	if err := f.post(within(t), ben, "hello"); err != nil || len(f.DMs(ben)) != 1 {
		t.Errorf("a message to them: %v, %d there", err, len(f.DMs(ben)))
	}
	_, err := f.api.GetUserByEmailContext(within(t), "ben@acme.example")
	wantError(t, err, "users_not_found")
	_, _, _, err = f.api.OpenConversationContext(within(t), &slack.OpenConversationParameters{Users: []string{ben}})
	wantError(t, err, "user_disabled")
}
