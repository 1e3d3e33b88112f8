// Package bot talks to Slack: it takes in what people type and press, asks who
// they are, lets a Handler answer, and brings posts to their places. Nothing
// else in the program knows Slack.
//
// In, in the order in which a delivery passes through:
//
//   - socket.go, http.go: the two receivers, Socket Mode and signed requests
//   - call.go, event.go, interaction.go: a Call, read alike from both; fields.go: what
//     was filled in
//   - dispatch.go: one dispatcher behind both, with the guard that acknowledges
//     in time; guard.go: who may come in, and how often
//   - reply.go: the answer's way back; modal.go: that of forms; explain.go: what an
//     error says
//   - command.go, cmd_*.go: the commands and the Handler that runs them; invoice.go: an
//     invoice's part of them; routes.go: what
//     is pressed, sent, looked up and opened; undo.go, again.go: buttons of the router's own
//   - form_*.go, card_*.go: the forms and cards of what people record; held.go: what of an
//     account is promised or disputed, and what can be done on a line about it
//   - lifecycle.go: what befalls the bot itself: invited, uninstalled, locked out
//
// Out:
//
//   - gate.go, view.go, respond.go, unfurl.go: every message and view that leaves, by the
//     Web API and by response URL, and what is shown under links; calling.go, pace.go: one call, and at what speed; lookup.go:
//     what is asked of Slack before and after; refusal.go: what can go wrong
//   - deliver.go, place.go: a post brought to its place once, and edited there
//   - digest.go, digest_*.go: what the digests say; standin.go: who reads them for whom;
//     verdict.go: what became of a promise
//   - progress.go: a message that is edited while something goes on
//   - home.go: the home tab; post_claim.go, cmd_noise.go: what holders of accounts, and
//     admins, are told without asking
//   - welcome.go: what an admin, and a channel that the bot is new in, are told at
//     first
//   - directory.go, roles.go: the people and their roles
//
// client.go makes the Slack client; needs.go lists the permissions and events that
// it takes; inspect.go looks how all stands, for arbot doctor. bot/card is the
// neutral message, and bot/blockkit and bot/plain show it.
package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"arbot/ar"
	"arbot/bot/blockkit"
	"arbot/bot/card"
)

const (
	// ackGuard leaves half a second of the 3 s that Slack gives for an
	// acknowledgement (docs.slack.dev, "Acknowledging a request").
	ackGuard = 2500 * time.Millisecond
	// handlerLimit ends a handler that does not end by itself. It lies well
	// within the 30 minutes that a response URL lives.
	handlerLimit = 2 * time.Minute
	// silence is three of the pings that Slack sends every ten seconds.
	silence = 30 * time.Second
	// replyLimit ends the sending of one answer.
	replyLimit = 30 * time.Second
	// workers is how many handlers run at once, queue how many calls wait.
	workers = 16
	queue   = 256
)

// Handler answers a call. An error that is an *ar.Error is shown to the person;
// any other is shown as an internal fault with the call's id and goes to the log.
type Handler func(ctx context.Context, actor ar.Actor, c Call) (Answer, error)

// Answer is what a Handler says.
type Answer struct {
	// Card is the answer. With no Text nothing is said.
	Card card.Card
	// Replace puts the card in the place of the message whose button was
	// pressed, so that the button is used up. A message that a whole channel sees
	// is replaced by a card with card.InChannel only, and one that its reader alone
	// sees by a private one. It means nothing for other kinds of call.
	Replace bool
	// Undo names what the answer has done, for Routes.Undo: the card gets a button
	// that takes it back. It is an id, and never a right.
	Undo string
	// Invalid says what is wrong with the inputs of a modal, by their ids: the modal
	// stays open and shows it. It means nothing for other kinds of call than Submission.
	Invalid map[string]string
	// Modal is shown in the modal that the call opened (see Config.Opens), in which it
	// was made, or that was sent; with OnTop, of one that was sent, on top of it.
	Modal *card.Modal
	OnTop bool
	// CloseAll closes all modals with the one that was sent; without it the one below
	// is seen again.
	CloseAll bool
	// Options answers a Lookup.
	Options []card.Option
	// Home becomes the home tab of who called.
	Home *card.Card
	// Unfurls answer a LinkShared: what is shown under an address, by address. A card
	// has room for what fits one message.
	Unfurls map[string]card.Card
	// Again goes with an error that has choices: the command to run with the
	// one that is picked, "%s" standing for it ("aging %s as of 2013-06-30").
	// If it is empty, the first word of the call's text and the choice.
	Again string
}

// Deliveries remembers what Slack has delivered.
type Deliveries interface {
	// Seen notes the id of a delivery and reports whether it is the first time,
	// also across restarts.
	Seen(ctx context.Context, delivery string) (first bool, err error)
}

// Config is what a Bot needs. All fields up to Now are required.
type Config struct {
	Client *slack.Client
	Gate   *Gate
	People *Directory
	Seen   Deliveries
	Handle Handler
	Logger *slog.Logger
	Now    func() time.Time

	// Keep has a person told something as soon as Slack takes it: the answer to what was
	// done, where it could not be brought home. id is that of the call. Nil drops it.
	Keep func(ctx context.Context, user, id, say string) error
	// BotUser is the bot's own user id: see Identity.User.
	BotUser string
	// Opens reports whether a call opens a modal, and the title of it: the modal is
	// opened at once and shows the answer when that is there. It must not take time. Nil
	// opens none.
	Opens func(c Call) (title string, ok bool)
	// Happened is told what befell the bot itself: Joined and Removed. nil ignores
	// it.
	Happened func(ctx context.Context, c Call) error
	// SigningSecret is the key of the signed requests; Socket Mode needs none.
	SigningSecret string
	Render        blockkit.Options
	// Random gives request ids; nil is crypto/rand.
	Random io.Reader
	// Guard is the time after which a call is acknowledged without its answer;
	// 0 is 2.5 s. Slack allows 3 s.
	Guard time.Duration
	// Connections is how many connections Socket Mode keeps, so that one is there
	// while another is renewed; 0 is 2. An app may have ten, of all its replicas.
	Connections int
	// Silence is the time without a ping of Slack's after which a connection is
	// taken to lead nowhere and is made anew; 0 is 30 s.
	Silence time.Duration
	// Dialer makes the connections of Socket Mode. Nil is slack-go's, which heeds
	// the proxy of the environment and gives up after 45 s.
	Dialer *websocket.Dialer
}

// Bot receives calls and answers them.
type Bot struct {
	Config
	limit *limiter
	slots chan struct{} // one token for each handler that runs
	links atomic.Int32  // connections of Socket Mode that are up

	ctx    context.Context // of the handlers; ends when Drain gives up
	cancel context.CancelFunc

	mu       sync.Mutex
	draining bool
	pending  int
	running  sync.WaitGroup
}

// New returns a bot. It does nothing before RunSocket or a request to HTTP.
func New(c Config) (*Bot, error) {
	if c.Client == nil || c.Gate == nil || c.People == nil || c.Seen == nil || c.Handle == nil || c.Logger == nil || c.Now == nil {
		return nil, errors.New("bot: config lacks one of Client, Gate, People, Seen, Handle, Logger, Now")
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Guard == 0 {
		c.Guard = ackGuard
	}
	if c.Connections == 0 {
		c.Connections = 2
	}
	if c.Silence == 0 {
		c.Silence = silence
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Bot{
		Config: c, ctx: ctx, cancel: cancel,
		limit: newLimiter(userBurst, userInterval),
		slots: make(chan struct{}, workers),
	}, nil
}

// Connected reports whether Socket Mode has a connection now.
func (b *Bot) Connected() bool { return b.links.Load() > 0 }

// Drain lets what runs come to its end and turns away what comes in meanwhile.
// When ctx ends first, the handlers are cancelled and its error is returned.
func (b *Bot) Drain(ctx context.Context) error {
	b.mu.Lock()
	b.draining = true
	b.mu.Unlock()
	defer b.cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.running.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		b.cancel()
		<-done
		return fmt.Errorf("bot: drain: %w", ctx.Err())
	}
}
