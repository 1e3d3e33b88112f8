package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

func TestUnknownDeliveriesAreAcknowledged(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.listen(t, via, unreached(t))
			for _, e := range []fakeslack.Event{
				{Type: "an_event_of_2031", User: ana},
				{Type: "message", User: ana, Channel: arChannel, Fields: map[string]any{"channel_type": "channel", "text": "not for the bot"}},
				{Type: "message", User: botUser, Channel: "D0ANA", Fields: map[string]any{"channel_type": "im", "text": "its own words"}},
				{Type: "message", User: ana, Channel: "D0ANA", Fields: map[string]any{"channel_type": "im", "subtype": "message_changed"}},
			} {
				d, err := w.Event(t.Context(), e)
				if err != nil {
					t.Fatal(err)
				}
				if ack, ok := d.Ack(); !ok || ack.Status != http.StatusOK {
					t.Errorf("%s: acknowledgement %+v, %t", e.Type, ack, ok)
				}
			}
		})
	}
}

func TestSocketComesBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		cut  func(*world)
	}{
		{"refreshed", func(w *world) { w.Disconnect(fakeslack.ReasonRefresh) }},
		{"warned", func(w *world) { w.Disconnect(fakeslack.ReasonWarning) }},
		{"cut", func(w *world) { w.CutSockets() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.listen(t, viaSocket, says("Still here."))
			await(t, b.Connected)
			tt.cut(w)
			await(t, func() bool { return strings.Count(w.logs.String(), "connected to slack") == 2 })
			if err := w.Await(t.Context(), func(s *fakeslack.State) bool { return s.Sockets() == 1 }); err != nil {
				t.Fatal(err)
			}
			if got := w.slash(t, ana, arChannel, "help").Messages(); len(got) != 1 || got[0].Text != "Still here." {
				t.Errorf("answer: %+v", got)
			}
		})
	}
}

// await polls a condition that nothing tells of.
func await(t *testing.T, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
	}
}

func TestSocketEndsWhenTheTokensAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, code string
		prepare    func(*world)
	}{
		{"revoked", "token_revoked", func(w *world) { w.RevokeTokens() }},
		{"of the wrong kind", "not_allowed_token_type", func(w *world) {
			w.Inject(fakeslack.Fault{Method: "apps.connections.open", Times: -1, Error: "not_allowed_token_type"})
		}},
		{"without permission", "missing_scope", func(w *world) {
			w.Inject(fakeslack.Fault{Method: "apps.connections.open", Times: -1, Error: "missing_scope"})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.prepare(w)
			b, err := bot.New(bot.Config{
				Client: w.client, Gate: w.gate, People: w.people, Seen: w.seen, Handle: unreached(t), Logger: w.log, Now: w.clock.Now,
			})
			if err != nil {
				t.Fatal(err)
			}
			err = b.RunSocket(t.Context())
			if e, ok := errors.AsType[*bot.RefusedError](err); !ok || e.Code != tt.code || e.Say == "" {
				t.Errorf("got %v, want a refusal with %s", err, tt.code)
			}
			if b.Connected() {
				t.Error("says that it is connected")
			}
		})
	}
}

// roundTrips answers requests in memory.
type roundTrips func(*http.Request) (*http.Response, error)

func (f roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// slack-go asks for a new connection at once when one is closed, however often
// that happens.
func TestConnectionsAreOpenedSlowly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var opened []time.Duration
		start := time.Now()
		client := bot.NewClient(bot.ClientConfig{BotToken: "xoxb-1", AppToken: "xapp-1", Now: time.Now, HTTP: &http.Client{
			Transport: roundTrips(func(*http.Request) (*http.Response, error) {
				opened = append(opened, time.Since(start))
				return respond(http.StatusOK, nil, map[string]any{"ok": true, "url": "wss://slack.example/link"}), nil
			}),
		}})
		for len(opened) < 9 {
			_, _, err := client.StartSocketModeContext(t.Context())
			if later, ok := errors.AsType[*slack.RateLimitedError](err); ok {
				time.Sleep(later.RetryAfter) // as slack-go's Socket Mode does
			} else if err != nil {
				t.Fatal(err)
			}
		}
		for i, seconds := range []int{0, 0, 0, 5, 15, 35, 75, 135, 195} {
			if want := time.Duration(seconds) * time.Second; opened[i] != want {
				t.Errorf("connection %d was asked for after %s, want %s", i+1, opened[i], want)
			}
		}
		time.Sleep(2 * time.Minute) // a quiet time makes it quick again
		calm := time.Since(start)
		if _, _, err := client.StartSocketModeContext(t.Context()); err != nil || opened[9] != calm {
			t.Errorf("after a quiet time: %s, %v", opened[9]-calm, err)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := client.StartSocketModeContext(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("the wait does not end with its context: %v", err)
		}
	})
}

// respond makes an answer of the Web API.
func respond(status int, header http.Header, body map[string]any) *http.Response {
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	return &http.Response{StatusCode: status, Header: header, Body: newBody(raw)}
}

// What was received on a connection that is gone is answered by another way:
// Slack may not take an acknowledgement on the next one.
func TestAnswerOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	release, started := make(chan struct{}), make(chan struct{})
	w.listen(t, viaSocket, func(ctx context.Context, actor ar.Actor, c bot.Call) (bot.Answer, error) {
		close(started)
		return held(release, bot.Answer{Card: card.New("Here it is.")})(ctx, actor, c)
	})
	d, err := w.Slash(t.Context(), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: "aging"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	<-started
	w.CutSockets()
	await(t, func() bool { return strings.Count(w.logs.String(), "connected to slack") == 2 })
	close(release)
	if got := w.await(t, d, 1); len(got) != 1 || got[0].Via != "response_url" || got[0].Text != "Here it is." {
		t.Errorf("answers: %+v", got)
	}
}
