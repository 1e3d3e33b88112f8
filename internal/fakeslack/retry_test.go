package fakeslack_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"arbot/internal/fakeslack"
)

// mention has Ana mention the bot, whatever becomes of it.
func mention(t *testing.T, f *fixture, options ...fakeslack.SendOption) *fakeslack.Delivery {
	t.Helper()
	_, d, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "<@U0ARBOT> status"}, options...)
	if d == nil {
		t.Fatal(err)
	}
	return d
}

// passing moves the clock in steps of ten seconds and ticks at each; it gives the
// times since the beginning at which something was sent again, with the headers.
func passing(t *testing.T, f *fixture, a *app, total time.Duration) (got []string) {
	t.Helper()
	for at := time.Duration(0); at <= total; at += 10 * time.Second {
		sent, err := f.Tick(within(t))
		if err != nil {
			t.Fatal(err)
		}
		for range sent {
			a.mu.Lock()
			head := a.heads[len(a.heads)-1]
			a.mu.Unlock()
			got = append(got, at.String()+" num "+head.Get("X-Slack-Retry-Num")+" "+head.Get("X-Slack-Retry-Reason"))
		}
		f.clock.advance(10 * time.Second)
	}
	return got
}

func TestRetrySchedule(t *testing.T) {
	t.Parallel()
	answer := http.StatusInternalServerError
	f, a := startHTTP(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.WriteHeader(answer) })
	mention(t, f)
	want := []string{"0s num 1 http_error", "1m0s num 2 http_error", "6m0s num 3 http_error"}
	if diff := cmp.Diff(want, passing(t, f, a, time.Hour)); diff != "" {
		t.Errorf("sent again (-want +got):\n%s", diff)
	}
	if len(slices.Compact(slices.Clone(a.bodies))) != 1 || len(a.bodies) != 4 {
		t.Errorf("the app got %d bodies, want the same one 4 times", len(a.bodies))
	}
	if due, ok := f.NextTick(); ok {
		t.Errorf("after the last attempt something is due at %v", due)
	}
}

func TestRetryEnds(t *testing.T) {
	t.Parallel()
	for name, last := range map[string]func(w http.ResponseWriter){
		"taken":       func(http.ResponseWriter) {},
		"not wanted":  func(w http.ResponseWriter) { w.Header().Set("X-Slack-No-Retry", "1"); w.WriteHeader(http.StatusTeapot) },
		"taken later": func(w http.ResponseWriter) { w.WriteHeader(http.StatusAccepted) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tries := 0
			f, a := startHTTP(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) {
				if tries++; tries < 3 {
					w.WriteHeader(http.StatusBadGateway)
					return
				}
				last(w)
			})
			mention(t, f)
			if got := passing(t, f, a, time.Hour); len(got) != 2 {
				t.Errorf("sent again %q, want twice", got)
			}
		})
	}
}

func TestRetryReasons(t *testing.T) {
	t.Parallel()
	t.Run("late", func(t *testing.T) {
		t.Parallel()
		var f *fixture
		f, a := startHTTP(t, func(http.ResponseWriter, *http.Request, []byte) { f.clock.advance(4 * time.Second) })
		mention(t, f)
		if got := passing(t, f, a, 0); len(got) != 1 || got[0] != "0s num 1 http_timeout" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("redirected without end", func(t *testing.T) {
		t.Parallel()
		n := 0
		f, a := startHTTP(t, func(w http.ResponseWriter, r *http.Request, _ []byte) {
			n++
			http.Redirect(w, r, "/events?"+strconv.Itoa(n), http.StatusTemporaryRedirect)
		})
		mention(t, f)
		if got := passing(t, f, a, 0); len(got) != 1 || got[0] != "0s num 1 too_many_redirects" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		f, a := startHTTP(t, func(http.ResponseWriter, *http.Request, []byte) {})
		f.SetEndpoints(fakeslack.Endpoints{Events: "http://127.0.0.1:1/events"})
		d := mention(t, f)
		sent, err := f.Tick(within(t))
		if err != nil || len(sent) != 1 || sent[0].RetryReason != fakeslack.RetryConnect || sent[0].EventID != d.EventID {
			t.Errorf("sent %+v, %v", sent, err)
		}
		if len(a.bodies) != 0 {
			t.Errorf("the app got %q", a.bodies)
		}
	})
}

// TestCommandsAreSentOnce: only events are repeated.
func TestCommandsAreSentOnce(t *testing.T) {
	t.Parallel()
	f, a := startHTTP(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.WriteHeader(http.StatusInternalServerError) })
	if _, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}); err != nil {
		t.Fatal(err)
	}
	if got := passing(t, f, a, time.Hour); len(got) != 0 {
		t.Errorf("sent again: %q", got)
	}
}

func TestRetryOverSocketMode(t *testing.T) {
	t.Parallel()
	f := start(t)
	conn := dial(t, f)
	d := mention(t, f, fakeslack.NoWait())
	first := readFrame(t, conn)
	due, ok := f.NextTick()
	if want := f.clock.Now().Add(3 * time.Second); !ok || !due.Equal(want) {
		t.Errorf("due at %v %t, want %v", due, ok, want)
	}
	f.clock.advance(3*time.Second + time.Millisecond)
	sent, err := f.Tick(within(t), fakeslack.NoWait())
	if err != nil || len(sent) != 1 {
		t.Fatalf("sent %d, %v", len(sent), err)
	}
	second := readFrame(t, conn)
	if second["retry_attempt"] != 1.0 || second["retry_reason"] != "timeout" || second["envelope_id"] == first["envelope_id"] {
		t.Errorf("the envelope is %v", second)
	}
	acknowledge(t, conn, second)
	if err := sent[0].Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(time.Hour)
	if more, err := f.Tick(within(t)); err != nil || len(more) != 0 {
		t.Errorf("%s was taken and is sent again: %v, %v", d.EventID, more, err)
	}
}

func acknowledge(t *testing.T, conn *websocket.Conn, frame map[string]any) {
	t.Helper()
	if err := conn.WriteJSON(map[string]any{"envelope_id": frame["envelope_id"]}); err != nil {
		t.Fatal(err)
	}
}
