package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"arbot/bot/blockkit"
	"arbot/bot/card"
)

const (
	// Slack takes about one message a second in a channel and lets short bursts
	// pass (docs.slack.dev, "Rate limits", chat.postMessage).
	channelInterval = time.Second
	channelBurst    = 3
	// patience is the longest pause for a rate limit that is waited for here; a
	// longer one goes back to the queue.
	patience = 5 * time.Second
	// persistence is how often a call is repeated after such a pause.
	persistence = 3
)

// A post carries its nonce as metadata, where only the app and those who read
// by the API see it.
const (
	postEvent  = "arbot_post"
	nonceField = "nonce"
)

// Page is one message, and the words to send in its stead where Slack refuses
// its blocks.
type Page struct {
	Message, Plain blockkit.Message
	// Open: it holds nothing about customers and may be read by people from
	// outside.
	Open bool
}

// Pages renders a card: the message, and its continuations for the thread.
func Pages(c card.Card, o blockkit.Options) ([]Page, error) {
	messages, err := blockkit.Render(c, o)
	if err != nil {
		return nil, fmt.Errorf("bot: render a card: %w", err)
	}
	pages := make([]Page, len(messages))
	for i, m := range messages {
		pages[i] = Page{Message: m, Plain: blockkit.Message{Text: m.Text}}
	}
	pages[0].Plain = blockkit.PlainText(c)
	return pages, nil
}

// Placed is where a message is now.
type Placed struct {
	Channel, TS string
	// Plain is why the message is there without its blocks; nil where it is whole.
	Plain *RefusedError
}

// GateConfig is what a Gate needs. Client, Now and Logger are required.
type GateConfig struct {
	Client *slack.Client
	// HTTP sends to response URLs and upload addresses. Nil, or no Timeout in it,
	// gets one of 15 seconds.
	HTTP   *http.Client
	Now    func() time.Time
	Wait   Wait
	Logger *slog.Logger
	// AllowShared are the ids of channels that may be posted to though they are
	// shared with another organisation.
	AllowShared []string
	// Lost is told that Slack refused the token itself; nil ignores it. It must
	// not block.
	Lost func(error)
}

// Gate is the one way out to Slack. It keeps Slack's pace, looks at a channel
// before it posts there, and says in its errors what became of a message:
// *RefusedError and *RetryLaterError mean that it is not there,
// *AmbiguousError that it may be.
type Gate struct {
	client      *slack.Client
	http        *http.Client
	now         func() time.Time
	wait        Wait
	log         *slog.Logger
	allowShared map[string]bool
	channelPace *limiter
	lost        func(error)

	mu       sync.Mutex
	blocked  map[string]time.Time // method -> until when Slack wants no call of it
	windows  map[string]*window   // method -> its calls of the last minute
	channels map[string]knownChannel
	// audiences are channels and whether people from outside read them; guests
	// finds that out.
	audiences map[string]audience
	guests    func(ctx context.Context, channel string) (bool, error)
	dms       map[string]string // user -> direct message
	readers   map[string]string // direct message -> user
}

// NewGate returns a gate.
func NewGate(c GateConfig) *Gate {
	g := &Gate{
		client: c.Client, http: c.HTTP, now: c.Now, lost: c.Lost, wait: c.Wait.orTimer(), log: c.Logger,
		allowShared: map[string]bool{}, channelPace: newLimiter(channelBurst, channelInterval),
		blocked: map[string]time.Time{}, windows: newWindows(), channels: map[string]knownChannel{}, audiences: map[string]audience{}, dms: map[string]string{}, readers: map[string]string{},
	}
	g.http = withLimit(g.http)
	for _, id := range c.AllowShared {
		g.allowShared[id] = true
	}
	return g
}

// Post puts a message into a channel, or into a thread of it. The nonce, if
// there is one, goes with the message so that FindNonce finds it.
func (g *Gate) Post(ctx context.Context, channel, thread string, p Page, nonce string) (Placed, error) {
	if err := g.admitPage(ctx, channel, p); err != nil {
		return Placed{}, err
	}
	return g.wholeOrPlain(p, func(m blockkit.Message) (string, error) {
		if err := g.wait(ctx, g.channelPace.reserve(channel, g.now())); err != nil {
			return "", fmt.Errorf("bot: wait for the pace of %s: %w", channel, err)
		}
		return g.post(ctx, channel, thread, m, nonce)
	}, channel)
}

func (g *Gate) post(ctx context.Context, channel, thread string, m blockkit.Message, nonce string) (string, error) {
	options := []slack.MsgOption{m.Send()}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	if nonce != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: postEvent, EventPayload: map[string]any{nonceField: nonce},
		}))
	}
	const method = "chat.postMessage"
	var ts, landed string
	err := g.call(ctx, method, channel, mayBeThere(method, channel, func(ctx context.Context) error {
		_, at, echo, err := g.client.PostMessageWithResponseContext(ctx, channel, options...)
		if err == nil && at == "" {
			err = errors.New("slack's answer holds no message")
		}
		ts, landed = at, echo.ThreadTimestamp
		return err
	}))
	if err != nil {
		return "", fmt.Errorf("bot: post to %s: %w", channel, err)
	}
	if landed != thread { // the parent is gone, and the reply stands in the channel for all to see
		return "", g.takeBack(ctx, channel, ts)
	}
	return ts, nil
}

// mayBeThere is a call that posts something: where a connection took it and no answer says
// what became of it, the error is an *AmbiguousError.
func mayBeThere(method, channel string, do func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		sent := atomic.Bool{}
		err := do(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { sent.Store(true) }}))
		if err != nil && sent.Load() && !answered(classify(method, channel, err)) {
			return &AmbiguousError{Err: fmt.Errorf("%s: %w", method, withoutURL(err))}
		}
		return err
	}
}

// takeBack removes a reply that missed its thread and says that the thread is
// gone.
func (g *Gate) takeBack(ctx context.Context, channel, ts string) error {
	gone := refusal("chat.postMessage", channel, "thread_not_found", nil)
	if err := g.Delete(ctx, channel, ts); err != nil {
		return errors.Join(gone, err)
	}
	return gone
}

// Update puts a message in the place of one that the bot posted.
func (g *Gate) Update(ctx context.Context, channel, ts string, p Page) (Placed, error) {
	if err := g.admitPage(ctx, channel, p); err != nil {
		return Placed{}, err
	}
	return g.wholeOrPlain(p, func(m blockkit.Message) (string, error) {
		err := g.call(ctx, "chat.update", channel, func(ctx context.Context) error {
			_, _, _, err := g.client.UpdateMessageContext(ctx, channel, ts, m.Send())
			return err
		})
		if err != nil {
			return "", fmt.Errorf("bot: edit message %s in %s: %w", ts, channel, err)
		}
		return ts, nil
	}, channel)
}

// Ephemeral shows a message to one person in a channel. Slack does not promise
// that it arrives.
func (g *Gate) Ephemeral(ctx context.Context, channel, thread, user string, p Page) error {
	if err := g.Check(ctx, channel); err != nil {
		return err
	}
	_, err := g.wholeOrPlain(p, func(m blockkit.Message) (string, error) {
		options := []slack.MsgOption{m.Send()}
		if thread != "" {
			options = append(options, slack.MsgOptionTS(thread))
		}
		err := g.call(ctx, "chat.postEphemeral", channel, func(ctx context.Context) error {
			_, err := g.client.PostEphemeralContext(ctx, channel, user, options...)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("bot: show %s a message in %s: %w", user, channel, err)
		}
		return "", nil
	}, channel)
	return err
}

// Delete takes a message of the bot away. It is no error if it is gone already.
func (g *Gate) Delete(ctx context.Context, channel, ts string) error {
	err := g.call(ctx, "chat.delete", channel, func(ctx context.Context) error {
		_, _, err := g.client.DeleteMessageContext(ctx, channel, ts)
		return err
	})
	if err != nil && !refused(err, "message_not_found") {
		return fmt.Errorf("bot: delete message %s in %s: %w", ts, channel, err)
	}
	return nil
}

// Share posts a card into a channel, what does not fit one message in its
// thread.
func (g *Gate) Share(ctx context.Context, channel string, c card.Card, o blockkit.Options) error {
	pages, err := Pages(c, o)
	if err != nil {
		return err
	}
	thread := ""
	for _, p := range pages {
		placed, err := g.Post(ctx, channel, thread, p, "")
		if err != nil {
			return err
		}
		if thread == "" {
			thread = placed.TS
		}
	}
	return nil
}
