package fakeslack_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"arbot/internal/fakeslack"
)

// listen runs an app over Socket Mode: each event but the connection's own
// goes to handle, until the test ends.
func listen(t *testing.T, f *fixture, handle func(*socketmode.Client, socketmode.Event), options ...socketmode.Option) {
	t.Helper()
	client := socketmode.New(f.api, append(options, socketmode.OptionLog(log.New(io.Discard, "", 0)))...)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = client.RunContext(ctx) })
	running.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-client.Events:
				if e.Request != nil && e.Request.EnvelopeID != "" {
					handle(client, e)
				}
			}
		}
	})
	t.Cleanup(func() { cancel(); f.CutSockets(); running.Wait() })
	if err := f.AwaitApp(within(t)); err != nil {
		t.Fatal(err)
	}
}

func awaitSockets(t *testing.T, f *fixture, n int) {
	t.Helper()
	if err := f.Await(within(t), func(st *fakeslack.State) bool { return st.Sockets() == n }); err != nil {
		t.Fatal(err)
	}
}

func TestSlashOverSocketMode(t *testing.T) {
	t.Parallel()
	f := start(t)
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		cmd, ok := e.Data.(slack.SlashCommand)
		if !ok {
			t.Errorf("got %T", e.Data)
			return
		}
		f.clock.advance(time.Second)
		if err := c.Ack(*e.Request, map[string]any{"text": "Looking for " + cmd.Text}); err != nil {
			t.Error(err)
		}
	})
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: "status acme"})
	if err != nil {
		t.Fatal(err)
	}
	ack, _ := d.Ack()
	if !ack.InTime || ack.Latency != time.Second || ack.Problem != "" {
		t.Errorf("ack %+v", ack)
	}
	got := d.Messages()
	if len(got) != 1 || got[0].Text != "Looking for status acme" || got[0].EphemeralTo != ana || got[0].Via != "ack" {
		t.Errorf("messages %+v", got)
	}
}

func TestLateAckIsATimeout(t *testing.T) {
	t.Parallel()
	f := start(t)
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		f.clock.advance(3*time.Second + time.Millisecond)
		_ = c.Ack(*e.Request, map[string]any{"text": "too late"})
	})
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar"})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); ack.InTime {
		t.Errorf("an answer after 3.001 s passed as in time: %+v", ack)
	}
	got := d.Messages()
	if len(got) != 1 || !strings.Contains(got[0].Text, "operation_timeout") || got[0].EphemeralTo != ana {
		t.Errorf("the person saw %+v", got)
	}
}

func TestUnansweredDelivery(t *testing.T) {
	t.Parallel()
	f := start(t)
	listen(t, f, func(*socketmode.Client, socketmode.Event) {})
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
	if _, acked := d.Ack(); acked {
		t.Error("nobody answered, yet there is an acknowledgement")
	}
}

func TestOversizedAckIsDropped(t *testing.T) {
	t.Parallel()
	f := start(t)
	conn := dial(t, f)
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	answer := func(text string) {
		err := conn.WriteJSON(map[string]any{"envelope_id": d.EnvelopeID, "payload": map[string]any{"text": text}})
		if err != nil {
			t.Fatal(err)
		}
	}
	answer(strings.Repeat("x", 20*1024))
	answer("short")
	if err := d.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	if got := d.Messages(); len(got) != 1 || got[0].Text != "short" {
		t.Errorf("messages %+v", got)
	}
}

// dial opens one connection by hand and reads its greeting.
func dial(t *testing.T, f *fixture) *websocket.Conn {
	t.Helper()
	conn := dialURL(t, socketURL(t, f))
	if hello := readFrame(t, conn); hello["type"] != "hello" {
		t.Fatalf("greeting %v", hello)
	}
	return conn
}

func socketURL(t *testing.T, f *fixture) string {
	t.Helper()
	_, url, err := f.api.StartSocketModeContext(within(t))
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func dialURL(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	conn, resp, err := websocket.DefaultDialer.DialContext(within(t), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func readFrame(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	var frame map[string]any
	if err := conn.ReadJSON(&frame); err != nil {
		t.Fatal(err)
	}
	return frame
}

func TestSocketURLWorksOnce(t *testing.T) {
	t.Parallel()
	f := start(t)
	url := socketURL(t, f)
	dialURL(t, url)
	_, resp, err := websocket.DefaultDialer.DialContext(within(t), url, nil)
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Fatalf("the second use of the URL gave %v, %v", resp, err)
	}
	_ = resp.Body.Close()
}

func TestTenSocketsAndNoMore(t *testing.T) {
	t.Parallel()
	f := start(t)
	for range 10 {
		dial(t, f)
	}
	frame := readFrame(t, dialURL(t, socketURL(t, f)))
	if frame["type"] != "disconnect" || frame["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh got %v", frame)
	}
	awaitSockets(t, f, 10)
}

func TestDeliveriesGoToAnyOneSocket(t *testing.T) {
	t.Parallel()
	f := start(t)
	conns := []*websocket.Conn{dial(t, f), dial(t, f)}
	for range conns {
		if _, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait()); err != nil {
			t.Fatal(err)
		}
	}
	for i, conn := range conns {
		if frame := readFrame(t, conn); frame["type"] != "slash_commands" {
			t.Errorf("socket %d got %v", i, frame)
		}
	}
}

func TestDisconnectFrames(t *testing.T) {
	t.Parallel()
	f := start(t)
	conn := dial(t, f)
	for _, reason := range []string{fakeslack.ReasonWarning, fakeslack.ReasonRefresh, fakeslack.ReasonLinkDisabled} {
		f.Disconnect(reason)
		if frame := readFrame(t, conn); frame["type"] != "disconnect" || frame["reason"] != reason {
			t.Errorf("%s: got %v", reason, frame)
		}
	}
	awaitSockets(t, f, 0)
	if frame := readFrame(t, dialURL(t, socketURL(t, f))); frame["reason"] != fakeslack.ReasonLinkDisabled {
		t.Errorf("a disabled app got %v", frame)
	}
	f.EnableSocketMode()
	dial(t, f)
}

// TestAckOnTheNextSocket: after a refresh slack-go sends a late answer over
// the new connection, and Slack takes it.
func TestAckOnTheNextSocket(t *testing.T) {
	t.Parallel()
	f := start(t)
	first := dial(t, f)
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	readFrame(t, first)
	_ = first.Close()
	if err := dial(t, f).WriteJSON(map[string]any{"envelope_id": d.EnvelopeID}); err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
}

func TestReconnectAfterACut(t *testing.T) {
	t.Parallel()
	f := start(t)
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) { _ = c.Ack(*e.Request) })
	f.CutSockets()
	err := f.Await(within(t), func(st *fakeslack.State) bool {
		return st.Sockets() == 1 && len(st.Calls("apps.connections.open")) == 2
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	f := start(t)
	_, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"})
	if !errors.Is(err, fakeslack.ErrNotConnected) {
		t.Errorf("got %v", err)
	}
}

func TestEventTwice(t *testing.T) {
	t.Parallel()
	f := start(t)
	type seen struct {
		eventID, text string
		attempt       int
		envelope      string
	}
	var got []seen
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) {
		event, ok := e.Data.(slackevents.EventsAPIEvent)
		if !ok {
			t.Errorf("got %T", e.Data)
			return
		}
		mention, _ := event.InnerEvent.Data.(*slackevents.AppMentionEvent)
		var outer struct {
			EventID string `json:"event_id"`
		}
		if err := json.Unmarshal(e.Request.Payload, &outer); err != nil {
			t.Error(err)
		}
		got = append(got, seen{outer.EventID, mention.Text, e.Request.RetryAttempt, e.Request.EnvelopeID})
		_ = c.Ack(*e.Request)
	})
	_, d, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "<@U0ARBOT> status acme"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Redeliver(within(t), d); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].eventID != got[1].eventID || got[0].envelope == got[1].envelope ||
		got[0].attempt != 0 || got[1].attempt != 1 || got[1].text != "<@U0ARBOT> status acme" {
		t.Errorf("the app saw %+v", got)
	}
}
