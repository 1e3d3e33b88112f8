package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience ends a wait for what will not come.
const patience = 2 * time.Minute

// clock is the time of a world; waiting moves it on at once.
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

func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	c.advance(max(0, d))
	return ctx.Err()
}

const (
	botUser  = "U0ARBOT"
	ana      = "U0ANA" // AR clerk
	ben      = "U0BEN" // rep
	cleo     = "U0CLEO"
	guest    = "U0GUEST"
	stranger = "U0OTHER"
	gone     = "U0GONE"

	arChannel     = "C0AR"
	salesChannel  = "C0SALES"
	repsChannel   = "C0REPS"
	oldChannel    = "C0OLD"    // archived
	sharedChannel = "C0SHARED" // with another organisation
	mixedChannel  = "C0MIXED"  // with guests
	secretChannel = "G0BOARD"  // private, without the bot
)

func workspace() fakeslack.Workspace {
	ours := []string{ana, ben, cleo, botUser}
	everyone := append([]string{guest, stranger}, ours...)
	return fakeslack.Workspace{
		Users: []fakeslack.User{
			{ID: ana, Name: "ana", RealName: "Ana Alvarez", Email: "ana@acme.example", TZ: "America/New_York"},
			{ID: ben, Name: "ben", RealName: "Ben Brown", Email: "ben@acme.example"},
			{ID: cleo, Name: "cleo", Email: "cleo@acme.example"},
			{ID: guest, Name: "guest", Email: "guest@elsewhere.example", IsUltraRestricted: true},
			{ID: stranger, Name: "other", IsStranger: true, TeamID: "T0OTHER"},
			{ID: gone, Name: "gone", Email: "gone@acme.example", Deleted: true},
		},
		Channels: []fakeslack.Channel{
			{ID: arChannel, Name: "ar", Members: ours},
			{ID: salesChannel, Name: "sales", Members: ours},
			{ID: repsChannel, Name: "reps", Private: true, Members: ours},
			{ID: oldChannel, Name: "old", Archived: true, Members: ours},
			{ID: mixedChannel, Name: "everybody", Members: everyone},
			{ID: sharedChannel, Name: "partners", ExtShared: true, SharedTeamIDs: []string{"T0OTHER"}, Members: everyone},
			{ID: secretChannel, Name: "board", Private: true, Members: []string{ana}},
		},
		UserGroups: []fakeslack.UserGroup{{ID: "S0REPS", Handle: "reps", Members: []string{ben, gone}}},
	}
}

// world is a workspace with the parts of the bot that need no receiver.
type world struct {
	*fakeslack.Server
	clock  *clock
	http   *http.Client
	client *slack.Client
	gate   *bot.Gate
	people *bot.Directory
	seen   *deliveries
	logs   *logBuffer
	log    *slog.Logger
}

// change alters a world before it is made.
type change struct {
	slack func(*fakeslack.Options)
	gate  func(*bot.GateConfig)
	roles func(*bot.DirectoryConfig)
}

func newWorld(t *testing.T, changes ...change) *world {
	t.Helper()
	w := &world{clock: newClock(), logs: &logBuffer{}, seen: &deliveries{known: map[string]bool{}}}
	w.log = slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options := fakeslack.Options{Now: w.clock.Now, Workspace: workspace()}
	for _, c := range changes {
		if c.slack != nil {
			c.slack(&options)
		}
	}
	server, err := fakeslack.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	w.Server = server
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	w.http = &http.Client{Transport: transport, Timeout: patience}
	w.client = bot.NewClient(bot.ClientConfig{
		BotToken: server.BotToken(), AppToken: server.AppToken(), URL: server.URL(), HTTP: w.http, Now: w.clock.Now, Wait: w.clock.Wait,
	})
	w.people, w.gate = w.outgoing(changes)
	return w
}

func (w *world) outgoing(changes []change) (*bot.Directory, *bot.Gate) {
	gate := bot.GateConfig{Client: w.client, HTTP: w.http, Now: w.clock.Now, Wait: w.clock.Wait, Logger: w.log}
	for _, c := range changes {
		if c.gate != nil {
			c.gate(&gate)
		}
	}
	g := bot.NewGate(gate)
	people := bot.DirectoryConfig{
		Client: w.client, Gate: g, Now: w.clock.Now, Team: "T0ACME", Logger: w.log,
		Roles:   bot.Roles{Reps: []string{"@reps"}, AR: []string{"ana@acme.example"}, Admins: []string{cleo}},
		Aliases: map[string][]string{"ben@acme.example": {"B. Brown", "benjamin@acme.example"}},
	}
	for _, c := range changes {
		if c.roles != nil {
			c.roles(&people)
		}
	}
	return bot.NewDirectory(people), g
}

// The two ways in.
const (
	viaSocket = "socket"
	viaHTTP   = "http"
)

// receivers are both of them, for tests that hold over either.
var receivers = []string{viaSocket, viaHTTP}

// running is a bot that receives.
type running struct {
	*bot.Bot
	stop func() error // ends the receiver and waits for it
}

// listen starts a bot on one of the two ways in; it is stopped with the test.
func (w *world) listen(t *testing.T, via string, handle bot.Handler, changes ...func(*bot.Config)) *running {
	t.Helper()
	config := bot.Config{
		Client: w.client, Gate: w.gate, People: w.people, Seen: w.seen, Handle: handle, Logger: w.log, Now: w.clock.Now,
		BotUser: w.BotUser(), SigningSecret: w.SigningSecret(), Guard: time.Minute, // far off, unless a test wants it
	}
	for _, change := range changes {
		change(&config)
	}
	b, err := bot.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Bot: b}
	if via == viaHTTP {
		r.stop = w.serveHTTP(b)
	} else {
		r.stop = w.runSocket(t, b)
	}
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return r
}

func (w *world) serveHTTP(b *bot.Bot) (stop func() error) {
	server := httptest.NewServer(b.HTTP())
	w.SetEndpoints(fakeslack.Endpoints{
		Commands: server.URL + "/slack/commands", Interactivity: server.URL + "/slack/interactivity", Events: server.URL + "/slack/events",
	})
	return sync.OnceValue(func() error {
		err := b.Drain(context.Background())
		server.Close()
		return err
	})
}

func (w *world) runSocket(t *testing.T, b *bot.Bot) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.RunSocket(ctx) }()
	if err := w.Await(t.Context(), func(s *fakeslack.State) bool { return s.Sockets() > 0 }); err != nil {
		t.Fatal(err)
	}
	return sync.OnceValue(func() error {
		cancel()
		err := <-ended
		return errors.Join(err, w.Await(context.Background(), func(s *fakeslack.State) bool { return s.Sockets() == 0 }))
	})
}

// slash types a command and returns the delivery, acknowledged.
func (w *world) slash(t *testing.T, user, channel, text string) *fakeslack.Delivery {
	t.Helper()
	d, err := w.Slash(t.Context(), fakeslack.Command{User: user, Channel: channel, Command: "/ar", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// await waits until a delivery has n answers.
func (w *world) await(t *testing.T, d *fakeslack.Delivery, n int) []fakeslack.Message {
	t.Helper()
	if err := w.Await(t.Context(), func(s *fakeslack.State) bool { return len(s.Answers(d)) >= n }); err != nil {
		t.Fatal(err)
	}
	return d.Messages()
}

// awaitDM waits until a person has n direct messages from the bot.
func (w *world) awaitDM(t *testing.T, user string, n int) []fakeslack.Message {
	t.Helper()
	fromBot := func(all []fakeslack.Message) (out []fakeslack.Message) {
		for _, m := range all {
			if m.User == botUser && m.Via == "chat.postMessage" {
				out = append(out, m)
			}
		}
		return out
	}
	if err := w.Await(t.Context(), func(s *fakeslack.State) bool { return len(fromBot(s.DMs(user))) >= n }); err != nil {
		t.Fatal(err)
	}
	return fromBot(w.DMs(user))
}

// says is a handler that always answers the same.
func says(text string) bot.Handler {
	return func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
		return bot.Answer{Card: card.New(text)}, nil
	}
}

// unreached fails a test whose handler must not be reached.
func unreached(t *testing.T) bot.Handler {
	t.Helper()
	return func(_ context.Context, actor ar.Actor, c bot.Call) (bot.Answer, error) {
		t.Errorf("the handler was reached by %s with %q", actor.User, c.Text)
		return bot.Answer{}, errors.New("not to be reached")
	}
}

// deliveries is a memory that outlives the bots of a test.
type deliveries struct {
	mu    sync.Mutex
	known map[string]bool
	err   error
}

func (d *deliveries) Seen(_ context.Context, id string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	first := !d.known[id]
	d.known[id] = true
	return first, d.err
}

// logBuffer keeps the log.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
