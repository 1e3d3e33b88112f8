package fakeslack_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"arbot/internal/fakeslack"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a workspace's time, moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, time.March, 2, 8, 30, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const (
	arChannel    = "C0AR"
	salesChannel = "C0SALES"
	secret       = "G0BOARD"
	elsewhere    = "C0RANDOM"
	ana          = "U0ANA"
	ben          = "U0BEN"
)

func workspace() fakeslack.Workspace {
	const bot = "U0ARBOT"
	return fakeslack.Workspace{
		Users: []fakeslack.User{
			{ID: ana, Name: "ana", RealName: "Ana Alvarez", Email: "ana@acme.example", TZ: "America/New_York"},
			{ID: ben, Name: "ben", RealName: "Ben Brown", Email: "ben@acme.example"},
			{ID: "U0GUEST", Name: "guest", IsRestricted: true},
			{ID: "U0GONE", Name: "gone", Email: "gone@acme.example", Deleted: true},
		},
		Channels: []fakeslack.Channel{
			{ID: arChannel, Name: "ar", Members: []string{ana, ben, bot}},
			{ID: salesChannel, Name: "sales", Members: []string{ana, bot}},
			{ID: elsewhere, Name: "random", Members: []string{ana}},
			{ID: secret, Name: "board", Private: true, Members: []string{ana}},
			{ID: "C0OLD", Name: "old", Archived: true, Members: []string{ana, bot}},
		},
		UserGroups: []fakeslack.UserGroup{
			{ID: "S0AR", Handle: "ar-team", Name: "AR", Members: []string{ana}},
			{ID: "S0OFF", Handle: "off", Disabled: true},
		},
	}
}

// fixture is a workspace with its clock and an outside client.
type fixture struct {
	*fakeslack.Server
	clock *clock
	api   *slack.Client
}

func start(t *testing.T, change ...func(*fakeslack.Options)) *fixture {
	t.Helper()
	clk := newClock()
	opt := fakeslack.Options{Now: clk.Now, Workspace: workspace(), PostBurst: -1}
	for _, fn := range change {
		fn(&opt)
	}
	server, err := fakeslack.New(opt)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() { server.Close(); transport.CloseIdleConnections() })
	api := slack.New(server.BotToken(), slack.OptionAPIURL(server.URL()), slack.OptionAppLevelToken(server.AppToken()),
		slack.OptionHTTPClient(&http.Client{Transport: transport}))
	return &fixture{Server: server, clock: clk, api: api}
}

// within is a context for one test: long enough for a slow machine, so that
// it ends only what hangs.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func wantError(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || err.Error() != code {
		t.Fatalf("got error %v, want %q", err, code)
	}
}
