package fakeslack_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack/socketmode"

	"arbot/internal/fakeslack"
)

type fields = map[string]any

// command types one command into a channel, where an app acks and says nothing.
func command(t *testing.T, f *fixture, channel string) *fakeslack.Delivery {
	t.Helper()
	listen(t, f, func(c *socketmode.Client, e socketmode.Event) { _ = c.Ack(*e.Request) })
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Channel: channel, Command: "/ar"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// respond uses a response URL and gives the status and the error.
func respond(t *testing.T, url string, body fields) (int, string) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(within(t), http.MethodPost, url, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, out.Error
}

func wantAnswer(t *testing.T, url string, body fields, status int, code string) {
	t.Helper()
	if gotStatus, gotCode := respond(t, url, body); gotStatus != status || gotCode != code {
		t.Errorf("%v gave %d %q, want %d %q", body, gotStatus, gotCode, status, code)
	}
}

// TestResponseURL: ephemeral unless asked otherwise, also where the bot is no member.
func TestResponseURL(t *testing.T) {
	t.Parallel()
	f := start(t)
	d := command(t, f, elsewhere)
	wantAnswer(t, d.ResponseURL, fields{"text": "only you"}, 200, "")
	wantAnswer(t, d.ResponseURL, fields{"text": "everybody", "response_type": "in_channel"}, 200, "")
	got := d.Messages()
	if len(got) != 2 || got[0].EphemeralTo != ana || got[1].EphemeralTo != "" || got[0].Via != "response_url" || got[1].Channel != elsewhere {
		t.Errorf("messages %+v", got)
	}
}

func TestResponseURLFiveUses(t *testing.T) {
	t.Parallel()
	f := start(t)
	d := command(t, f, arChannel)
	wantAnswer(t, d.ResponseURL, fields{"text": ""}, 400, "no_text")
	for range 5 {
		wantAnswer(t, d.ResponseURL, fields{"text": "x"}, 200, "")
	}
	wantAnswer(t, d.ResponseURL, fields{"text": "x"}, 404, "used_url")
	if n := len(d.Messages()); n != 5 {
		t.Errorf("%d messages", n)
	}
}

func TestResponseURLThirtyMinutes(t *testing.T) {
	t.Parallel()
	f := start(t)
	d := command(t, f, arChannel)
	f.clock.advance(30 * time.Minute)
	wantAnswer(t, d.ResponseURL, fields{"text": "just in time"}, 200, "")
	f.clock.advance(time.Millisecond)
	wantAnswer(t, d.ResponseURL, fields{"text": "too late"}, 404, "expired_url")
	wantAnswer(t, d.ResponseURL+"-none", fields{"text": "x"}, 404, "invalid_url")
}

func TestResponseURLChecksContent(t *testing.T) {
	t.Parallel()
	f := start(t)
	d := command(t, f, arChannel)
	wantAnswer(t, d.ResponseURL, fields{"blocks": []fields{{"type": "banner"}}}, 400, "invalid_blocks")
	wantAnswer(t, d.ResponseURL, fields{"text": "x", "response_type": "loud"}, 400, "invalid_payload")
	wantAnswer(t, d.ResponseURL, fields{"text": "x", "thread_ts": "1.000000"}, 400, "invalid_payload")
	wantAnswer(t, d.ResponseURL, fields{"text": "x", "thread_ts": "1.000000", "response_type": "in_channel"}, 400, "cannot_reply_to_message")
	wantAnswer(t, d.ResponseURL, fields{"text": "x", "delete_original": true}, 400, "invalid_payload")
	wantAnswer(t, d.ResponseURL, fields{"delete_original": true}, 400, "message_not_found")
	// A command has no original: the reply is a new message.
	wantAnswer(t, d.ResponseURL, fields{"text": "new", "replace_original": true}, 200, "")
	if got := d.Messages(); len(got) != 1 || got[0].Text != "new" || got[0].Edited {
		t.Errorf("messages %+v", got)
	}
}

func TestReplaceAndDeleteOriginal(t *testing.T) {
	t.Parallel()
	f := start(t)
	d := command(t, f, arChannel)
	button := fields{"type": "actions", "elements": []fields{{"type": "button", "action_id": "pick:1", "text": fields{"type": "plain_text", "text": "Acme & Sons"}}}}
	wantAnswer(t, d.ResponseURL, fields{"text": "Which one?", "blocks": []fields{button}}, 200, "")
	asked := d.Messages()[0]
	click := func(user string) (*fakeslack.Delivery, error) {
		return f.Click(within(t), fakeslack.Click{User: user, Channel: arChannel, TS: asked.TS, Element: "Acme & Sons"})
	}
	if _, err := click(ben); err == nil {
		t.Error("another person pressed a button of an ephemeral message")
	}
	pressed, err := click(ana)
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, pressed.ResponseURL, fields{"text": "Acme owes nothing", "replace_original": true}, 200, "")
	got := pressed.Messages()
	if len(got) != 1 || got[0].TS != asked.TS || got[0].Text != "Acme owes nothing" || got[0].Blocks != nil || got[0].EphemeralTo != ana {
		t.Errorf("replaced: %+v", got)
	}
	wantAnswer(t, pressed.ResponseURL, fields{"delete_original": true}, 200, "")
	if got := pressed.Messages(); len(got) != 0 {
		t.Errorf("deleted, yet there is %+v", got)
	}
}

func TestResponseURLFaults(t *testing.T) {
	t.Parallel()
	f := start(t)
	d := command(t, f, arChannel)
	f.Inject(fakeslack.Fault{Method: "response_url", Status: 500})
	wantAnswer(t, d.ResponseURL, fields{"text": "x"}, 500, "internal_error")
	wantAnswer(t, d.ResponseURL, fields{"text": strings.Repeat("x", 10)}, 200, "")
	if calls := f.Calls("response_url"); len(calls) != 2 || calls[0].Status != 500 || calls[1].Error != "" {
		t.Errorf("calls %+v", calls)
	}
}
