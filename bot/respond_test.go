package bot_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"arbot/bot"
)

// Response URLs answer with "ok", with JSON, or with a status and a word.
func TestAnswersOfResponseURLs(t *testing.T) {
	t.Parallel()
	type answer struct {
		status     int
		body       string
		retryAfter string
	}
	ok := answer{200, "ok", ""}
	tests := []struct {
		name    string
		answers []answer
		code    string // of the refusal
		fails   bool
		took    time.Duration
	}{
		{"ok", []answer{ok}, "", false, 0},
		{"ok in JSON", []answer{{200, `{"ok":true}`, ""}}, "", false, 0},
		{"used up", []answer{{404, "used_url", ""}}, "used_url", true, 0},
		{"refused in JSON", []answer{{404, `{"ok":false,"error":"expired_url"}`, ""}}, "expired_url", true, 0},
		{"refused with 200", []answer{{200, `{"ok":false,"error":"no_text"}`, ""}}, "no_text", true, 0},
		{"server error", []answer{{500, "", ""}}, "", true, 0},
		{"a pause", []answer{{429, "", "2"}, ok}, "", false, 2 * time.Second},
		{"blocks refused", []answer{{400, "invalid_blocks", ""}, ok}, "", false, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var sent []string
				gate := inMemory(func(r *http.Request) (*http.Response, error) {
					body, err := io.ReadAll(r.Body)
					sent = append(sent, string(body))
					a := tt.answers[len(sent)-1]
					return &http.Response{
						StatusCode: a.status, Status: http.StatusText(a.status), Body: newBody([]byte(a.body)),
						Header: http.Header{"Retry-After": {a.retryAfter}},
					}, err
				})
				start := time.Now()
				err := gate.Respond(t.Context(), "https://hooks.slack.example/r", page(t, "hello"), true, true)
				if (err != nil) != tt.fails || time.Since(start) != tt.took || len(sent) != len(tt.answers) {
					t.Errorf("got %v after %s, %d sent", err, time.Since(start), len(sent))
				}
				if e, ok := errors.AsType[*bot.RefusedError](err); ok != (tt.code != "") || ok && e.Code != tt.code {
					t.Errorf("got %v, want %q", err, tt.code)
				}
				for _, want := range []string{`"response_type":"in_channel"`, `"replace_original":true`, `"unfurl_links":false`} {
					if !strings.Contains(sent[0], want) {
						t.Errorf("sent %s, want %s in it", sent[0], want)
					}
				}
			})
		})
	}
}

// Where the parent of a reply was deleted Slack can put the reply into the
// channel, for all to see.
func TestReplyThatMissedItsThreadIsTakenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls []string
		gate := inMemory(func(r *http.Request) (*http.Response, error) {
			method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
			calls = append(calls, method)
			return respond(200, nil, map[string]any{"ok": true, "channel": "D1", "ts": "2.0", "message": map[string]any{"ts": "2.0"}}), nil
		})
		_, err := gate.Post(t.Context(), "D1", "1.0", page(t, "details"), "")
		if e, ok := errors.AsType[*bot.RefusedError](err); !ok || e.Code != "thread_not_found" {
			t.Errorf("got %v", err)
		}
		if got := strings.Join(calls, " "); got != "chat.postMessage chat.delete" {
			t.Errorf("calls: %s", got)
		}
	})
}
