package bot_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

func newBody(raw []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(raw)) }

// page is the one page of a small card.
func page(t *testing.T, text string) bot.Page {
	t.Helper()
	pages, err := bot.Pages(card.New(text), blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return pages[0]
}

// inMemory is a gate whose calls are answered by a function, for tests within
// a synctest bubble, which a real connection would hold up.
func inMemory(answer roundTrips) *bot.Gate {
	carrier := &http.Client{Transport: answer}
	client := bot.NewClient(bot.ClientConfig{BotToken: "xoxb-1", HTTP: carrier, Now: time.Now})
	return bot.NewGate(bot.GateConfig{Client: client, HTTP: carrier, Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
}

func TestChannelsHaveAPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		gate := inMemory(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "conversations.info") {
				return respond(200, nil, map[string]any{"ok": true, "channel": map[string]any{"id": "C1"}}), nil
			}
			at = append(at, time.Since(start))
			return respond(200, nil, map[string]any{"ok": true, "ts": "1.2", "channel": "C1"}), nil
		})
		post := func(channel string) {
			t.Helper()
			if _, err := gate.Post(t.Context(), channel, "", page(t, "hello"), ""); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			post("C1")
		}
		post("C2") // has a pace of its own
		time.Sleep(10 * time.Second)
		post("C1")
		s := time.Second
		if diff := cmp.Diff([]time.Duration{0, 0, 0, s, 2 * s, 2 * s, 12 * s}, at); diff != "" {
			t.Errorf("posts (-want +got):\n%s", diff)
		}
	})
}

func TestRateLimitsAreWaitedForOrHandedBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limit := "3"
		limits := 1
		posts := 0
		gate := inMemory(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "chat.postMessage") {
				posts++
				if limits > 0 {
					limits--
					return respond(429, http.Header{"Retry-After": {limit}}, map[string]any{"ok": false, "error": "ratelimited"}), nil
				}
			}
			return respond(200, nil, map[string]any{"ok": true, "ts": "1.2", "channel": "D1", "permalink": "https://x.example"}), nil
		})
		start := time.Now()
		if _, err := gate.Post(t.Context(), "D1", "", page(t, "hello"), ""); err != nil || time.Since(start) != 3*time.Second {
			t.Errorf("a short limit: %v after %s, want a post after 3s", err, time.Since(start))
		}

		limit, limits = "30", 1
		_, err := gate.Post(t.Context(), "D1", "", page(t, "hello"), "")
		later, ok := errors.AsType[*bot.RetryLaterError](err)
		if !ok || later.RetryAfter() != 30*time.Second {
			t.Fatalf("a long limit: %v", err)
		}
		time.Sleep(10 * time.Second)
		posts = 0
		_, err = gate.Post(t.Context(), "D2", "", page(t, "hello"), "")
		if later, ok = errors.AsType[*bot.RetryLaterError](err); !ok || later.After != 20*time.Second || posts != 0 {
			t.Errorf("within the limit: %v, %d calls; want to be told to wait for the 20s that are left, without a call", err, posts)
		}
		if _, err := gate.Permalink(t.Context(), "C1", "1.2"); err != nil {
			t.Errorf("another method: %v", err)
		}
		time.Sleep(20 * time.Second)
		if _, err := gate.Post(t.Context(), "D2", "", page(t, "hello"), ""); err != nil {
			t.Errorf("after the limit: %v", err)
		}
	})
}

func TestWhatBecameOfAPost(t *testing.T) {
	t.Parallel()
	isAmbiguous := func(err error) bool { _, ok := errors.AsType[*bot.AmbiguousError](err); return ok }
	isRefused := func(code string) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*bot.RefusedError](err)
			return ok && e.Code == code && e.Say != "" && !strings.Contains(e.Say, "%")
		}
	}
	tests := []struct {
		name    string
		channel string
		fault   *fakeslack.Fault
		prepare func(*world)
		want    func(error) bool
	}{
		{"lost answer", arChannel, &fakeslack.Fault{Method: "chat.postMessage", LoseAnswer: true}, nil, isAmbiguous},
		{"server error", arChannel, &fakeslack.Fault{Method: "chat.postMessage", Status: 503}, nil, isAmbiguous},
		{"internal error", arChannel, &fakeslack.Fault{Method: "chat.postMessage", Error: "internal_error"}, nil, isAmbiguous},
		{"archived", oldChannel, nil, nil, isRefused("is_archived")},
		{"archived since it was looked at", arChannel, &fakeslack.Fault{Method: "chat.postMessage", Error: "is_archived"}, nil, isRefused("is_archived")},
		{"shared", sharedChannel, nil, nil, isRefused("ext_shared_channel")},
		{"not there", "C0NOWHERE", nil, nil, isRefused("channel_not_found")},
		{"not to be seen", secretChannel, nil, nil, isRefused("channel_not_found")},
		{"not a member", arChannel, nil, func(w *world) { mustDo(w.Leave(arChannel, botUser)) }, isRefused("not_in_channel")},
		{"token revoked", arChannel, nil, func(w *world) { w.RevokeTokens() }, isRefused("token_revoked")},
		{"a scope is missing", arChannel, nil, func(w *world) { w.SetScopes("channels:read") }, isRefused("missing_scope")},
		{"a word that nobody knows", arChannel, &fakeslack.Fault{Method: "chat.postMessage", Error: "word_of_2031"}, nil, isRefused("word_of_2031")},
		{"nobody answers", arChannel, nil, func(w *world) {
			if _, err := w.gate.Channel(t.Context(), arChannel); err != nil {
				panic(err)
			}
			w.Close()
			w.http.CloseIdleConnections() // on an open one the request may have left
		}, func(err error) bool { return err != nil && !isAmbiguous(err) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if tt.prepare != nil {
				tt.prepare(w)
			}
			if tt.fault != nil {
				w.Inject(*tt.fault)
			}
			if _, err := w.gate.Post(t.Context(), tt.channel, "", page(t, "hello"), "n1"); !tt.want(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func mustDo(err error) {
	if err != nil {
		panic(err)
	}
}

func TestAllowedSharedChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, change{gate: func(c *bot.GateConfig) { c.AllowShared = []string{sharedChannel} }})
	if _, err := w.gate.Post(t.Context(), sharedChannel, "", page(t, "hello"), ""); err != nil {
		t.Error(err)
	}
}

// A channel is looked at again after a minute: what was private may be shared.
func TestChannelIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := func() error {
		_, err := w.gate.Post(t.Context(), arChannel, "", page(t, "hello"), "")
		return err
	}
	if err := errors.Join(post(), post()); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Calls("conversations.info")); n != 1 {
		t.Errorf("looked %d times at the channel within a minute", n)
	}
	if err := w.ShareExternally(arChannel, "T0OTHER"); err != nil {
		t.Fatal(err)
	}
	w.clock.advance(time.Minute)
	if e, ok := errors.AsType[*bot.RefusedError](post()); !ok || e.Code != "ext_shared_channel" {
		t.Errorf("after it was shared: %v", e)
	}
}

func TestX06RenamedChannelIsFoundByItsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Rename(arChannel, "ar-old"); err != nil {
		t.Fatal(err)
	}
	w.PutChannel(fakeslack.Channel{ID: "C0NEW", Name: "ar", Members: []string{botUser}})
	if _, err := w.gate.Post(t.Context(), arChannel, "", page(t, "hello"), ""); err != nil {
		t.Fatal(err)
	}
	if old, fresh := len(w.Messages(arChannel)), len(w.Messages("C0NEW")); old != 1 || fresh != 0 {
		t.Errorf("%d messages in the renamed channel, %d in the one with its name; want 1 and 0", old, fresh)
	}
	if c, err := w.gate.Channel(t.Context(), arChannel); err != nil || c.Name != "ar-old" {
		t.Errorf("name shown: %q, %v", c.Name, err)
	}
}

func TestX27PlainTextAfterInvalidBlocks(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"invalid_blocks", "msg_blocks_too_long"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Inject(fakeslack.Fault{Method: "chat.postMessage", Error: code})
			pages, err := bot.Pages(card.New("Two invoices.", card.List{{card.T("INV-1")}, {card.T("AT&T <!channel>")}}), blockkit.Options{})
			if err != nil {
				t.Fatal(err)
			}
			at, err := w.gate.Post(t.Context(), arChannel, "", pages[0], "n1")
			if err != nil || at.Plain == nil || at.Plain.Code != code {
				t.Fatalf("placed %+v, %v; want the text alone and why", at, err)
			}
			got := w.Messages(arChannel)
			if len(got) != 1 || got[0].Text != "Two invoices.\n• INV-1\n• AT&amp;T &lt;!channel&gt;" || got[0].Blocks != nil {
				t.Errorf("messages: %+v", got)
			}
			if n := len(w.Calls("chat.postMessage")); n != 2 {
				t.Errorf("%d tries, want the blocks and then the text, once each", n)
			}
		})
	}
}

func TestPostsAreFoundByTheirNonce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, change{slack: func(o *fakeslack.Options) { o.PostBurst = -1 }})
	ctx := t.Context()
	head, err := w.gate.Post(ctx, arChannel, "", page(t, "head"), "nonce-head")
	if err != nil {
		t.Fatal(err)
	}
	reply, err := w.gate.Post(ctx, arChannel, head.TS, page(t, "reply"), "nonce-reply")
	if err != nil {
		t.Fatal(err)
	}
	for range 250 { // more than two pages of the history
		if _, err := w.gate.Post(ctx, arChannel, "", page(t, "noise"), ""); err != nil {
			t.Fatal(err)
		}
	}
	since := w.clock.Now().Add(-time.Hour)
	if ts, found, err := w.gate.FindNonce(ctx, arChannel, "", "nonce-head", since); err != nil || !found || ts != head.TS {
		t.Errorf("the head: %q, %t, %v; want %q", ts, found, err, head.TS)
	}
	if ts, found, err := w.gate.FindNonce(ctx, arChannel, head.TS, "nonce-reply", since); err != nil || !found || ts != reply.TS {
		t.Errorf("the reply: %q, %t, %v; want %q", ts, found, err, reply.TS)
	}
	if _, found, err := w.gate.FindNonce(ctx, arChannel, "", "never sent", since); err != nil || found {
		t.Errorf("what was never sent: %t, %v", found, err)
	}
	w.SetScopes("chat:write", "channels:read")
	_, _, err = w.gate.FindNonce(ctx, arChannel, "", "nonce-head", since)
	if e, ok := errors.AsType[*bot.RefusedError](err); !ok || e.Code != "missing_scope" {
		t.Errorf("without a history scope: %v", err)
	}
}

// A response URL is a right to answer, and has no place in an error or a log.
func TestResponseURLStaysOutOfErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := inMemory(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") })
		err := gate.Respond(context.Background(), "https://hooks.slack.example/commands/SECRET", page(t, "hello"), false, false)
		if err == nil || strings.Contains(err.Error(), "SECRET") || !strings.Contains(err.Error(), "no route to host") {
			t.Errorf("got %v", err)
		}
	})
}

func TestSharedCardGoesOnInItsThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.gate.Share(t.Context(), arChannel, longCard(2), blockkit.Options{}); err != nil {
		t.Fatal(err)
	}
	all := w.Messages(arChannel)
	if len(all) < 2 || all[0].ThreadTS != "" {
		t.Fatalf("messages: %+v", all)
	}
	if got := w.Thread(arChannel, all[0].TS); len(got) != len(all)-1 {
		t.Errorf("%d of %d messages are in the thread of the first", len(got), len(all))
	}
	if all[0].UnfurlLinks || all[0].UnfurlMedia {
		t.Error("links are unfurled")
	}
}
