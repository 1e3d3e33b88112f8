package bot_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

const form = "application/x-www-form-urlencoded"

// request is a request as somebody might send it.
type request struct {
	path, query, kind, body, secret string
	at                              time.Time
}

// post sends it and returns the status of the answer.
func (w *world) post(t *testing.T, b *bot.Bot, q request) int {
	t.Helper()
	target := q.path
	if q.query != "" {
		target += "?" + q.query
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader(q.body))
	r.Header.Set("Content-Type", q.kind)
	if q.secret != "" {
		fakeslack.Sign(r, q.secret, q.at, []byte(q.body))
	}
	answer := httptest.NewRecorder()
	b.HTTP().ServeHTTP(answer, r)
	return answer.Code
}

func TestRequestsThatSlackDidNotSign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var handled atomic.Int32
	b := w.listen(t, viaHTTP, func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
		handled.Add(1)
		return bot.Answer{Card: card.New("Answer.")}, nil
	})
	command := url.Values{
		"command": {"/ar"}, "text": {"help"}, "user_id": {ana}, "team_id": {"T0ACME"}, "channel_id": {arChannel}, "trigger_id": {"1.2.3"},
	}.Encode()
	good := request{path: "/slack/commands", kind: form, body: command, secret: w.SigningSecret(), at: w.clock.Now()}
	with := func(change func(*request)) request {
		q := good
		change(&q)
		return q
	}
	tests := []struct {
		name    string
		request request
		status  int
		handled int32
	}{
		{"signed", good, 200, 1},
		{"the same again", good, 200, 0},
		{"wrong secret", with(func(q *request) { q.secret = "another" }), 401, 0},
		{"not signed", with(func(q *request) { q.secret = "" }), 401, 0},
		{"more than 5 minutes old", with(func(q *request) { q.at = q.at.Add(-5*time.Minute - time.Second) }), 401, 0},
		{"from the future", with(func(q *request) { q.at = q.at.Add(6 * time.Minute) }), 401, 0},
		{"just within the window", with(func(q *request) {
			q.at, q.body = q.at.Add(-5*time.Minute), strings.Replace(q.body, "1.2.3", "1.2.4", 1)
		}), 200, 1},
		{"a body without end", with(func(q *request) { q.body = strings.Repeat("x", 2<<20) }), 413, 0},
		{"no command", with(func(q *request) { q.body = "text=help" }), 400, 0},
		{"a look at the certificate", request{path: "/slack/commands", kind: form, body: "ssl_check=1&token=x"}, 200, 0},
		{"a payload in the address", with(func(q *request) {
			q.path, q.body = "/slack/interactivity", ""
			q.query = url.Values{"payload": {`{"type":"block_actions","user":{"id":"U0ANA"},"actions":[{"action_id":"x","block_id":"b"}]}`}}.Encode()
		}), 400, 0},
		{"broken JSON", with(func(q *request) { q.path, q.body = "/slack/events", "{" }), 400, 0},
		{"an event of no interest", with(func(q *request) {
			q.path, q.body = "/slack/events", `{"type":"event_callback","event_id":"Ev1","event":{"type":"reaction_added","user":"U0ANA"}}`
		}), 200, 0},
	}
	for _, tt := range tests { // one after the other: they share the count
		before := handled.Load()
		status := w.post(t, b.Bot, tt.request)
		if status != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, status, tt.status)
		}
		if got := handled.Load() - before; got != tt.handled {
			t.Errorf("%s: handled %d times, want %d", tt.name, got, tt.handled)
		}
	}
}

func TestURLIsVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.listen(t, viaHTTP, unreached(t))
	if err := w.VerifyURL(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNoSecretMeansNoRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.listen(t, viaHTTP, unreached(t), func(c *bot.Config) { c.SigningSecret = "" })
	if status := w.post(t, b.Bot, request{path: "/slack/events", body: "{}", secret: "x", at: w.clock.Now()}); status != 401 {
		t.Errorf("status %d", status)
	}
}
