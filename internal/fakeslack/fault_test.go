package fakeslack_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"arbot/internal/fakeslack"
)

func (f *fixture) post(ctx context.Context, channel, text string) error {
	_, _, err := f.api.PostMessageContext(ctx, channel, slack.MsgOptionText(text, false))
	return err
}

func TestFaults(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := within(t)
	f.Inject(fakeslack.Fault{Method: "chat.postMessage", Status: http.StatusServiceUnavailable, Times: 2})
	for range 2 {
		var status slack.StatusCodeError
		if err := f.post(ctx, arChannel, "x"); !errors.As(err, &status) || status.Code != http.StatusServiceUnavailable {
			t.Errorf("got %v", err)
		}
	}
	f.Inject(fakeslack.Fault{Method: "chat.postMessage", RetryAfter: 30 * time.Second, After: 2})
	for i := range 4 {
		var limited *slack.RateLimitedError
		err := f.post(ctx, arChannel, "x")
		if hit := errors.As(err, &limited); hit != (i == 2) || (hit && limited.RetryAfter != 30*time.Second) {
			t.Errorf("post %d: %v", i+1, err)
		}
	}
	f.Inject(fakeslack.Fault{Error: "fatal_error", Channel: salesChannel})
	if err := f.post(ctx, arChannel, "x"); err != nil {
		t.Errorf("the fault is another channel's: %v", err)
	}
	wantError(t, f.post(ctx, salesChannel, "x"), "fatal_error")
	lift := f.Inject(fakeslack.Fault{Error: "fatal_error", Times: -1})
	for range 3 {
		wantError(t, f.post(ctx, arChannel, "x"), "fatal_error")
	}
	lift()
	if err := f.post(ctx, arChannel, "x"); err != nil {
		t.Errorf("after it was lifted: %v", err)
	}
	if n := len(f.Messages(arChannel)); n != 5 {
		t.Errorf("%d messages came through, want 5", n)
	}
}

// TestLostAnswer: the message is there, the client cannot know it; its
// metadata in the history tells.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Inject(fakeslack.Fault{Method: "chat.postMessage", LoseAnswer: true})
	if err := f.post(within(t), arChannel, "once"); err == nil {
		t.Fatal("the answer was to be lost")
	}
	if got := f.Messages(arChannel); len(got) != 1 || got[0].Text != "once" {
		t.Errorf("messages %+v", got)
	}
	if calls := f.Calls("chat.postMessage"); len(calls) != 1 || calls[0].Status != 0 {
		t.Errorf("calls %+v", calls)
	}
}

func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	f := start(t)
	release := make(chan struct{})
	f.Inject(fakeslack.Fault{Method: "chat.postMessage", Channel: arChannel, Hold: release})
	done := make(chan error, 1)
	ctx := within(t)
	go func() { done <- f.post(ctx, arChannel, "slow") }()
	if err := f.post(ctx, salesChannel, "quick"); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Messages(arChannel)); n != 0 {
		t.Errorf("%d messages were posted by a call that is held", n)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := len(f.Messages(arChannel)); n != 1 {
		t.Errorf("%d messages after the release", n)
	}
}

func TestAwaitSaysWhatHappened(t *testing.T) {
	t.Parallel()
	f := start(t)
	_ = f.post(within(t), "C0NONE", "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := f.Await(ctx, func(st *fakeslack.State) bool { return len(st.Messages(arChannel)) > 0 })
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "chat.postMessage: channel_not_found") {
		t.Errorf("got %v", err)
	}
}

func TestAwaitWakes(t *testing.T) {
	t.Parallel()
	f := start(t)
	ctx := within(t)
	done := make(chan error, 1)
	go func() {
		done <- f.Await(ctx, func(st *fakeslack.State) bool { return len(st.Messages(arChannel)) == 2 })
	}()
	for range 2 {
		if err := f.post(ctx, arChannel, "x"); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestCloseLetsGoOfWhatIsHeld(t *testing.T) {
	t.Parallel()
	f := start(t)
	dial(t, f)
	f.Inject(fakeslack.Fault{Hold: make(chan struct{})})
	done := make(chan error, 1)
	ctx := within(t)
	go func() { done <- f.post(ctx, arChannel, "x") }()
	f.Close()
	if err := <-done; err == nil {
		t.Error("a held call was answered as if nothing had been")
	}
}
