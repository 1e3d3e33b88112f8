package fakeslack_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"arbot/internal/fakeslack"
)

// app is an app that listens over HTTP: it verifies each request with
// slack-go and answers by handle.
type app struct {
	mu     sync.Mutex
	bodies []string
	heads  []http.Header
	handle func(w http.ResponseWriter, r *http.Request, body []byte)
}

func (a *app) serve(t *testing.T, f *fixture) http.Handler {
	t.Helper()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		// slack-go's verifier goes by the real time, from which a test may move away.
		if time.Since(f.clock.Now()).Abs() < 4*time.Minute {
			verify(t, r.Header, body, f.SigningSecret(), true)
			verify(t, r.Header, body, "another secret", false)
		}
		a.mu.Lock()
		a.bodies, a.heads = append(a.bodies, string(body)), append(a.heads, r.Header)
		a.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		a.handle(w, r, body)
	})
}

// verify checks a signature as an app does. The workspace's clock is not the
// verifier's, so only what does not depend on the time is asked of it.
func verify(t *testing.T, h http.Header, body []byte, secret string, want bool) {
	t.Helper()
	v, err := slack.NewSecretsVerifier(h, secret)
	if err != nil {
		t.Errorf("the headers are not usable: %v", err)
		return
	}
	if _, err := v.Write(body); err != nil {
		t.Error(err)
	}
	if err := v.Ensure(); (err == nil) != want {
		t.Errorf("with secret %q: %v", secret, err)
	}
}

// startHTTP is a workspace whose app listens over HTTP. Its clock stands at
// the real time: slack-go's verifier refuses old requests.
func startHTTP(t *testing.T, handle func(w http.ResponseWriter, r *http.Request, body []byte)) (*fixture, *app) {
	t.Helper()
	f := start(t)
	f.clock.mu.Lock()
	f.clock.now = time.Now()
	f.clock.mu.Unlock()
	a := &app{handle: handle}
	server := httptest.NewServer(a.serve(t, f))
	t.Cleanup(server.Close)
	f.SetEndpoints(fakeslack.Endpoints{Commands: server.URL + "/commands", Interactivity: server.URL + "/actions", Events: server.URL + "/events"})
	return f, a
}

func TestSignedSlash(t *testing.T) {
	t.Parallel()
	f, _ := startHTTP(t, func(w http.ResponseWriter, r *http.Request, _ []byte) {
		cmd, err := slack.SlashCommandParse(r)
		if err != nil || r.URL.Path != "/commands" || cmd.Command != "/ar" || cmd.ChannelID != arChannel {
			t.Errorf("parsed %+v, %v", cmd, err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"response_type":"in_channel","text":"`+cmd.Text+`"}`)
	})
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: "a=b&c “d”"})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Messages(); len(got) != 1 || got[0].Text != "a=b&c “d”" || got[0].EphemeralTo != "" {
		t.Errorf("messages %+v", got)
	}
}

func TestSignedPlainAnswerAndFailure(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	f, _ := startHTTP(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "Working on it")
	})
	slash := func() *fakeslack.Delivery {
		d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if got := slash().Messages(); len(got) != 1 || got[0].Text != "Working on it" || got[0].EphemeralTo != ana {
		t.Errorf("messages %+v", got)
	}
	status = http.StatusInternalServerError
	d := slash()
	if ack, _ := d.Ack(); ack.Status != status || !ack.InTime {
		t.Errorf("ack %+v", ack)
	}
	if got := d.Messages(); len(got) != 1 || !strings.Contains(got[0].Text, "500") || got[0].User != "USLACKBOT" {
		t.Errorf("the person saw %+v", got)
	}
}

func TestSignedClick(t *testing.T) {
	t.Parallel()
	f, a := startHTTP(t, func(http.ResponseWriter, *http.Request, []byte) {})
	_, ts, err := f.api.PostMessageContext(within(t), arChannel, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(
		slack.NewActionBlock("", slack.NewButtonBlockElement("go", "v", text("Go")))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Click(within(t), fakeslack.Click{User: ana, Channel: arChannel, TS: ts, Element: "go"}); err != nil {
		t.Fatal(err)
	}
	values, err := url.ParseQuery(a.bodies[0])
	if err != nil {
		t.Fatal(err)
	}
	var in slack.InteractionCallback
	if err := json.Unmarshal([]byte(values.Get("payload")), &in); err != nil || in.ActionCallback.BlockActions[0].ActionID != "go" {
		t.Errorf("got %+v, %v", in, err)
	}
}

func TestSignedEventAndRetry(t *testing.T) {
	t.Parallel()
	f, a := startHTTP(t, func(w http.ResponseWriter, _ *http.Request, body []byte) {
		e, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
		if err != nil || (e.InnerEvent.Type != "app_mention" && e.InnerEvent.Type != "message") {
			t.Errorf("parsed %+v, %v", e, err)
		}
		w.Header().Set("X-Slack-No-Retry", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	_, d, err := f.Say(within(t), fakeslack.Words{User: ana, Text: "status acme"})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); !ack.NoRetry || ack.Status != http.StatusServiceUnavailable {
		t.Errorf("ack %+v", ack)
	}
	if _, err := f.Redeliver(within(t), d); err != nil {
		t.Fatal(err)
	}
	if a.bodies[0] != a.bodies[1] || a.heads[0].Get("X-Slack-Retry-Num") != "" ||
		a.heads[1].Get("X-Slack-Retry-Num") != "1" || a.heads[1].Get("X-Slack-Retry-Reason") != "http_timeout" {
		t.Errorf("headers %v", a.heads)
	}
	if m, d, err := f.Say(within(t), fakeslack.Words{User: ana, Channel: arChannel, Text: "not for the bot"}); err != nil || d != nil || m.TS == "" {
		t.Errorf("talk of others went to the app: %v, %v", d, err)
	}
}

func TestVerifyURL(t *testing.T) {
	t.Parallel()
	echo := true
	f, _ := startHTTP(t, func(w http.ResponseWriter, _ *http.Request, body []byte) {
		var in struct {
			Challenge string `json:"challenge"`
		}
		if err := json.Unmarshal(body, &in); err != nil {
			t.Error(err)
		}
		if echo {
			_, _ = io.WriteString(w, in.Challenge)
		}
	})
	if err := f.VerifyURL(within(t)); err != nil {
		t.Error(err)
	}
	echo = false
	if err := f.VerifyURL(within(t)); err == nil {
		t.Error("an answer without the challenge passed")
	}
}

func TestLateHTTPAnswer(t *testing.T) {
	t.Parallel()
	var f *fixture
	f, _ = startHTTP(t, func(http.ResponseWriter, *http.Request, []byte) { f.clock.advance(4 * time.Second) })
	d, err := f.Slash(within(t), fakeslack.Command{User: ana, Command: "/ar"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); ack.InTime || ack.Latency != 4*time.Second {
		t.Errorf("ack %+v", ack)
	}
}
