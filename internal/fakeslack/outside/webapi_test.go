package outside_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"arbot/internal/fakeslack"
)

// TestWebAPI runs the checks of webapi.test.mjs, each a call of Slack's own client,
// and then looks at what they have left in the workspace.
func TestWebAPI(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	s.Inject(fakeslack.Fault{Method: "users.info", RetryAfter: time.Second})
	s.Inject(fakeslack.Fault{Method: "chat.getPermalink", Status: http.StatusServiceUnavailable, Times: 2})
	s.PutChannel(fakeslack.Channel{ID: "C0BUSY", Name: "busy", Members: []string{bot}})
	s.Inject(fakeslack.Fault{Method: "chat.postMessage", Channel: "C0BUSY", RetryAfter: time.Second})
	cmd := node(within(t), t, "webapi.test.mjs", "--test")
	cmd.Env = environment(s)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)

	posted := s.Messages(arChannel)
	if len(posted) == 0 || posted[0].Text != "Changed" || !posted[0].Edited || posted[0].BotID == "" {
		t.Errorf("the channel holds %+v", posted)
	}
	if n := len(s.Calls("users.info")); n < 2 {
		t.Errorf("%d calls of users.info: the one that met a 429 was not repeated", n)
	}
	if busy := s.Messages("C0BUSY"); len(busy) != 1 {
		t.Errorf("after a 429 the channel holds %d messages, want 1", len(busy))
	}
	if files := s.Files(); len(files) != 3 || string(files[0].Content) != "customer,open\nAcme,100.00\n" || files[0].Title != "Aging" {
		t.Errorf("files %+v", files)
	}
}

// TestWebAPIPacedByClock lets the client run into the pace of one message a second
// and wait as it is told to. The workspace's clock is the real one here: it is the
// client that waits.
func TestWebAPIPacedByClock(t *testing.T) {
	t.Parallel()
	s, _ := start(t, func(o *fakeslack.Options) { o.Now, o.PostBurst = time.Now, 2 })
	cmd := node(within(t), t, "paced.mjs")
	cmd.Env = environment(s)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	refused := 0
	var texts strings.Builder
	for _, c := range s.Calls("chat.postMessage") {
		if c.Error == "ratelimited" {
			refused++
		}
	}
	for _, m := range s.Messages(arChannel) {
		texts.WriteString(m.Text)
	}
	if refused == 0 || texts.String() != "123" {
		t.Errorf("%d refusals, messages %q; want some, and 1 2 3 in this order", refused, texts.String())
	}
}
