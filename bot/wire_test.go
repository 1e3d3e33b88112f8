package bot_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"arbot/bot"
)

// slack-go sends its token in the body of a form, which Slack takes as well as a header:
// so that it stands in no address, and thus in no log of a proxy.
func TestTokenIsInNoAddress(t *testing.T) {
	t.Parallel()
	calls := 0
	gate := inMemory(func(r *http.Request) (*http.Response, error) {
		calls++
		var body []byte
		if r.Body != nil {
			var err error
			if body, err = io.ReadAll(r.Body); err != nil {
				return nil, err
			}
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		if form.Get("token") != "xoxb-1" && r.Header.Get("Authorization") != "Bearer xoxb-1" {
			t.Errorf("%s: no token where Slack looks for it: %s", r.URL.Path, body)
		}
		if strings.Contains(r.URL.String(), "xoxb") {
			t.Errorf("the token is in the address %s", r.URL)
		}
		said := map[string]any{"ok": true, "permalink": "https://acme.slack.example/p1", "ts": "1.1", "view": map[string]any{"id": "V1"}}
		if strings.HasSuffix(r.URL.Path, "conversations.info") {
			said["channel"] = map[string]any{"id": "C1"}
		}
		return respond(200, nil, said), nil
	})
	if _, err := gate.Permalink(t.Context(), "C1", "1.0"); err != nil {
		t.Error(err)
	}
	if err := gate.Delete(t.Context(), "D1", "1.0"); err != nil {
		t.Error(err)
	}
	if _, err := gate.OpenModal(t.Context(), "1.2.3", *pledgeForm(), bot.Config{}.Render, false); err != nil { // as JSON
		t.Error(err)
	}
	if _, err := gate.Channel(t.Context(), "C1"); err != nil {
		t.Error(err)
	}
	if calls != 4 {
		t.Errorf("%d calls", calls)
	}
}

// A file goes out as it is, and not in slack-go's form, which ends twice; and to whatever
// host Slack names, which slack-go refuses where it is not the Web API's own.
func TestFileGoesOutAsItIs(t *testing.T) {
	t.Parallel()
	var took []string
	gate := inMemory(func(r *http.Request) (*http.Response, error) {
		switch {
		case r.URL.Host == "files.elsewhere.example":
			body, err := io.ReadAll(r.Body)
			took = append(took, r.Method, r.Header.Get("Content-Type"), string(body))
			if r.Header.Get("Authorization") != "" {
				t.Error("the token goes to the host of the upload")
			}
			return respond(200, nil, nil), err
		case strings.HasSuffix(r.URL.Path, "files.getUploadURLExternal"):
			return respond(200, nil, map[string]any{"ok": true, "upload_url": "https://files.elsewhere.example/upload/1", "file_id": "F1"}), nil
		}
		return respond(200, nil, map[string]any{"ok": true, "files": []any{}}), nil
	})
	if err := gate.Upload(t.Context(), "D1", "", aging); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(took, "|"); got != "POST|application/octet-stream|"+string(aging.Content) {
		t.Errorf("the host of the upload took %q", got)
	}
}
