package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"arbot/internal/fakeslack"
	"arbot/internal/fakeslack/web"
)

const (
	nora = "U0NORA"
	dana = "U0DANA"
	desk = "C0DESK"
	team = "C0TEAM"
)

// seen is what the page draws from.
type seen struct {
	Rev      string        `json:"rev"`
	Open     string        `json:"open"`
	Channels []seenChannel `json:"channels"`
	Messages []seenMessage `json:"messages"`
}

type seenChannel struct {
	ID     string `json:"id"`
	Unread int    `json:"unread"`
	Direct bool   `json:"direct"`
}

type seenMessage struct {
	Text string `json:"text"`
	Day  string `json:"day"`
	Time string `json:"time"`
}

type browser struct {
	*testing.T
	page  *web.Page
	slack *fakeslack.Server
	me    string
}

// open makes a workspace in which Dana is in #team and Nora in both channels.
func open(t *testing.T) *browser {
	t.Helper()
	now := time.Date(2026, 11, 25, 13, 30, 0, 0, time.UTC)
	slack, err := fakeslack.New(fakeslack.Options{
		Now: func() time.Time { return now },
		Workspace: fakeslack.Workspace{
			Users: []fakeslack.User{{ID: nora, Name: "nora", RealName: "Nora Feldt"}, {ID: dana, Name: "dana", RealName: "Dana Reyes"}},
			Channels: []fakeslack.Channel{
				{ID: desk, Name: "desk", Private: true, Members: []string{nora, "U0ARBOT"}},
				{ID: team, Name: "team", Members: []string{nora, dana, "U0ARBOT"}},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(slack.Close)
	page := web.New(web.Options{
		Slack: slack, Zone: time.FixedZone("", -5*3600),
		People: []web.Person{{ID: nora, Role: "AR"}, {ID: dana, Role: "rep"}},
	})
	return &browser{T: t, page: page, slack: slack, me: nora}
}

func (b *browser) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.page.ServeHTTP(w, r)
	return w
}

func (b *browser) look(channel string) seen {
	b.Helper()
	w := b.do(httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1/look?me="+b.me+"&open="+channel, nil))
	var s seen
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		b.Fatalf("look: %d %s: %v", w.Code, w.Body, err)
	}
	return s
}

func (b *browser) act(name, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "http://127.0.0.1/act/"+name, strings.NewReader(body))
	r.Header.Set("X-Arbot-Demo", "1")
	return b.do(r)
}

func TestEachSeesTheirOwn(t *testing.T) {
	t.Parallel()
	b := open(t)
	if w := b.act("say", `{"me":"U0NORA","channel":"C0TEAM","text":"hi @dana & <all>"}`); w.Code != http.StatusOK {
		t.Fatalf("say: %d %s", w.Code, w.Body)
	}
	b.me = dana
	s := b.look("")
	if len(s.Channels) != 2 || s.Channels[0].ID != team || !s.Channels[1].Direct {
		t.Fatalf("Dana sees %+v, want #team and the direct message", s.Channels)
	}
	if len(s.Messages) != 1 || s.Messages[0].Text != "hi <@U0DANA> &amp; &lt;all&gt;" {
		t.Errorf("messages %+v", s.Messages)
	}
	if got := s.Messages[0]; got.Day != "Wednesday, November 25" || got.Time != "8:30 AM" {
		t.Errorf("shown as of %s %s, want the company's zone", got.Day, got.Time)
	}
	if s := b.look(desk); s.Open == desk {
		t.Error("Dana opened a channel that she is not in")
	}
}

func TestUnreadMarks(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.act("say", `{"me":"U0DANA","channel":"C0TEAM","text":"one"}`)
	b.act("say", `{"me":"U0DANA","channel":"C0TEAM","text":"two"}`)
	if s := b.look(desk); s.Channels[1].Unread != 2 {
		t.Errorf("unread %d, want 2", s.Channels[1].Unread)
	}
	b.look(team)
	if s := b.look(desk); s.Channels[1].Unread != 0 {
		t.Errorf("unread %d after a look, want 0", s.Channels[1].Unread)
	}
}

// A command without an app behind it says so, as Slack would.
func TestProblemsAreShown(t *testing.T) {
	t.Parallel()
	b := open(t)
	w := b.act("slash", `{"me":"U0NORA","channel":"C0DESK","text":"/ar status acme"}`)
	if !strings.Contains(w.Body.String(), "The app is not there.") {
		t.Errorf("answer %s", w.Body)
	}
	if w := b.act("slash", `{`); w.Code != http.StatusBadRequest {
		t.Errorf("broken act: %d", w.Code)
	}
	if w := b.act("day", `{}`); w.Code != http.StatusNotFound {
		t.Errorf("a day passed where none can: %d", w.Code)
	}
}

// The page is this machine's: other names of it and acts from elsewhere are refused.
func TestOnlyFromHere(t *testing.T) {
	t.Parallel()
	b := open(t)
	for host, want := range map[string]int{
		"127.0.0.1:8090": 200, "localhost:8090": 200, "[::1]:8090": 200, "evil.example:8090": 403, "10.0.0.1": 403,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://x/look", nil)
		r.Host = host
		if w := b.do(r); w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1/act/say", strings.NewReader(`{"me":"U0NORA","channel":"C0TEAM","text":"x"}`))
	if w := b.do(r); w.Code != http.StatusForbidden {
		t.Errorf("an act without the page's header: %d, want 403", w.Code)
	}
}

// The page's own files are there, and nothing is fetched from elsewhere.
func TestPageIsWhole(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, name := range []string{"", "app.js", "blocks.js", "dom.js", "text.js", "style.css"} {
		w := b.do(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/"+name, nil))
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "https://") {
			t.Errorf("%q: %d, or it fetches from elsewhere", name, w.Code)
		}
	}
}
