package fakeslack_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"arbot/internal/fakeslack"
)

func (f *fixture) tick(t *testing.T) {
	t.Helper()
	if _, err := f.Tick(within(t)); err != nil {
		t.Fatal(err)
	}
}

func wantReason(t *testing.T, conn *websocket.Conn, reason string) {
	t.Helper()
	if frame := readFrame(t, conn); frame["type"] != "disconnect" || frame["reason"] != reason {
		t.Fatalf("got %v, want a disconnect with reason %s", frame, reason)
	}
}

func TestSocketLife(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) { o.SocketLife = time.Hour })
	conn := dial(t, f)
	began := f.clock.Now()
	for _, step := range []struct {
		at     time.Duration
		reason string
	}{{time.Hour - 10*time.Second, fakeslack.ReasonWarning}, {time.Hour, fakeslack.ReasonRefresh}} {
		if due, ok := f.NextTick(); !ok || due.Sub(began) != step.at {
			t.Fatalf("the next step is due after %v, want %v", due.Sub(began), step.at)
		}
		f.clock.advance(step.at - time.Nanosecond - f.clock.Now().Sub(began))
		f.tick(t) // nothing yet: the frame that is read below is the next tick's
		f.clock.advance(time.Nanosecond)
		f.tick(t)
		wantReason(t, conn, step.reason)
	}
	// It stays usable until it is cut.
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	acknowledge(t, conn, readFrame(t, conn))
	if err := d.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(10 * time.Second)
	f.tick(t)
	awaitSockets(t, f, 0)
	if due, ok := f.NextTick(); ok {
		t.Errorf("with no connection left something is due at %v", due)
	}
}

// TestRotateWhileAtWork: an app on slack-go goes through rotations and answers
// each command once.
func TestRotateWhileAtWork(t *testing.T) {
	t.Parallel()
	f := start(t)
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		cmd, _ := e.Data.(slack.SlashCommand)
		_ = c.Ack(*e.Request, map[string]any{"text": cmd.Text})
	})
	for i := range 10 {
		f.Rotate()
		err := f.Await(within(t), func(st *fakeslack.State) bool { return st.Connections() == i+2 && st.Sockets() == 1 })
		if err != nil {
			t.Fatal(err)
		}
		f.clock.advance(20 * time.Second)
		f.tick(t)
		d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar", Text: "status"})
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Messages(); len(got) != 1 || got[0].Text != "status" {
			t.Errorf("answers %+v", got)
		}
	}
}

// TestFrozenSocket: nothing comes over a half-open connection, and it is not closed.
func TestFrozenSocket(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) { o.PingInterval = time.Millisecond })
	conn := dial(t, f)
	f.FreezeSockets()
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatalf("who sends into a half-open connection must not notice: %v", err)
	}
	acknowledge(t, conn, map[string]any{"envelope_id": d.EnvelopeID})
	// A living server would answer the ping and the closing frame, in this order.
	if err := conn.WriteMessage(websocket.PingMessage, nil); err != nil {
		t.Fatal(err)
	}
	if err := conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")); err != nil {
		t.Fatal(err)
	}
	second := dial(t, f)
	other, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	acknowledge(t, second, readFrame(t, second))
	if err := other.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	if _, acked := d.Ack(); acked {
		t.Error("the frozen connection took an acknowledgement")
	}
	awaitSockets(t, f, 2)
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	awaitSockets(t, f, 1)
}

// TestSlackGoLeavesAFrozenSocket: its watchdog misses the pings.
func TestSlackGoLeavesAFrozenSocket(t *testing.T) {
	t.Parallel()
	f := start(t, func(o *fakeslack.Options) { o.PingInterval = 50 * time.Millisecond })
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) { _ = c.Ack(*e.Request) }, socketmode.OptionPingInterval(time.Second))
	f.FreezeSockets()
	err := f.Await(within(t), func(st *fakeslack.State) bool { return st.Connections() > 1 && st.Sockets() == 1 })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}); err != nil {
		t.Fatal(err)
	}
}
