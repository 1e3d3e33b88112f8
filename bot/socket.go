package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const (
	// ackLimit ends the wait for room in slack-go's buffer of acknowledgements,
	// which nobody empties while there is no connection.
	ackLimit = 2 * time.Second
	// drainLimit is the time that running calls get when Socket Mode ends.
	drainLimit = 20 * time.Second
	// flushTime is given to the last acknowledgements before the connection is
	// closed: slack-go does not tell when they have left.
	flushTime = 250 * time.Millisecond
	// maxFrame is more than Slack sends in one piece.
	maxFrame = 4 << 20
	// linkStagger parts the connections in time, so that Slack does not renew them
	// at once.
	linkStagger = 30 * time.Second
	// A connection that ends within briefTime is no use; so many of them in a row
	// are told.
	briefTime = 10 * time.Second
	briefMany = 5
	// sentKept is how many answers are kept in case that their acknowledgement did
	// not leave.
	sentKept = 32
)

// hopeless are codes of apps.connections.open that no further try will change.
// slack-go gives up on some of them, and tries the others for ever.
var hopeless = []string{
	"invalid_auth", "account_inactive", "not_authed", "token_revoked", "token_expired",
	"not_allowed_token_type", codeMissingScope, "no_permission",
}

const openConnection = "apps.connections.open"

// RunSocket receives by Socket Mode until ctx ends; then it lets running calls
// finish and returns nil. A *RefusedError says that Slack does not want the
// tokens. Everything else is reconnected. Slack hands a delivery to any of the
// connections, so that while one is renewed the others carry on.
func (b *Bot) RunSocket(ctx context.Context) error {
	open, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	links := make(chan error, b.Connections)
	for i := range b.Connections {
		go func() { links <- b.newSocket().run(open, time.Duration(i)*linkStagger) }()
	}
	var end error
	stop, drained := ctx.Done(), make(chan struct{})
	for left := b.Connections; left > 0; {
		select {
		case err := <-links:
			left--
			if err != nil && end == nil {
				end = err
			}
			hangUp()
		case <-stop:
			stop = nil
			go b.drainSocket(open, drained)
		case <-drained:
			drained = nil
			hangUp()
		}
	}
	return end
}

// drainSocket waits for what runs; new calls are turned away meanwhile by the open
// connections.
func (b *Bot) drainSocket(ctx context.Context, drained chan<- struct{}) {
	defer close(drained)
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	if err := b.Drain(ctx); err != nil {
		b.Logger.WarnContext(ctx, "calls were cut off", "error", err)
	}
	_ = waitTimer(ctx, flushTime) // with no time left there is no wait either
}

// socket is one connection of Socket Mode, renewed without end.
type socket struct {
	bot    *Bot
	client *socketmode.Client
	// connects counts the connections that were begun: an acknowledgement that
	// was due on an older one may not reach Slack.
	connects atomic.Int64
	// up: there is a connection now; since is when it was made, and brief how many
	// in a row did not last.
	up    bool
	since time.Time
	brief int

	mu    sync.Mutex
	sent  []sentAnswer // the latest answers that went with an acknowledgement
	again sync.WaitGroup
}

// sentAnswer is an answer that went with an acknowledgement, as it was sent.
type sentAnswer struct {
	envelope string
	call     Call
	payload  json.RawMessage
}

func (b *Bot) newSocket() *socket {
	options := []socketmode.Option{socketmode.OptionReadLimit(maxFrame), socketmode.OptionPingInterval(b.Silence)}
	if b.Dialer != nil {
		options = append(options, socketmode.OptionDialer(b.Dialer))
	}
	return &socket{bot: b, client: socketmode.New(b.Client, options...)}
}

// run keeps the connection until ctx ends, or no further try can succeed.
func (s *socket) run(ctx context.Context, after time.Duration) error {
	if waitTimer(ctx, after) != nil {
		return nil
	}
	defer s.again.Wait()
	defer s.down()
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	ended := make(chan error, 1)
	go func() { ended <- s.client.RunContext(ctx) }()
	for {
		select {
		case e := <-s.client.Events:
			if err := s.take(ctx, e); err != nil {
				hangUp()
				if other := <-ended; !errors.Is(other, context.Canceled) {
					err = errors.Join(err, other)
				}
				return err
			}
		case err := <-ended:
			if over(ctx) {
				return nil
			}
			return fmt.Errorf("bot: Socket Mode: %w", classify(openConnection, "", err))
		}
	}
}

// take handles one of slack-go's events; an error means that it is over.
func (s *socket) take(ctx context.Context, e socketmode.Event) error {
	log := s.bot.Logger
	if over(ctx) && (e.Type == socketmode.EventTypeConnectionError || e.Type == socketmode.EventTypeIncomingError) {
		return nil // it hangs up: that the connection ends is no news
	}
	switch e.Type {
	case socketmode.EventTypeConnecting:
		s.connects.Add(1)
		s.down()
	case socketmode.EventTypeConnected:
		s.bot.links.Add(1)
		s.up, s.since = true, s.bot.Now()
		log.InfoContext(ctx, "connected to slack", "connection", s.connects.Load())
	case socketmode.EventTypeConnectionError:
		return s.connectionError(ctx, e)
	case socketmode.EventTypeErrorBadMessage:
		s.badMessage(ctx, e)
	case socketmode.EventTypeErrorWriteFailed:
		s.unwritten(ctx, e)
	case socketmode.EventTypeIncomingError:
		log.WarnContext(ctx, "trouble with the connection to slack", "event", e.Type)
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
		s.deliver(ctx, e)
	default:
		log.DebugContext(ctx, "socket event", "event", e.Type)
	}
	return nil
}

// down notes that the connection is gone. Slack does not say why it closes one right
// after it was made, and slack-go hides what it does say: the log names what it can be.
func (s *socket) down() {
	if !s.up {
		return
	}
	s.up = false
	s.bot.links.Add(-1)
	if s.bot.Now().Sub(s.since) >= briefTime {
		s.brief = 0
		return
	}
	if s.brief++; s.brief%briefMany == 0 {
		s.bot.Logger.Error("slack closes each connection right away: Socket Mode may be turned off for the app, or more than ten connections are open. "+
			"Look under Socket Mode in the app's settings, and for another arbot with the same tokens", "times", s.brief)
	}
}

// connectionError logs a failed try, and ends the run where no other can succeed.
func (s *socket) connectionError(ctx context.Context, e socketmode.Event) error {
	failed, ok := e.Data.(*slack.ConnectionErrorEvent)
	if !ok {
		return nil
	}
	if said, ok := errors.AsType[slack.SlackErrorResponse](failed.ErrorObj); ok && slices.Contains(hopeless, said.Err) {
		return fmt.Errorf("bot: Socket Mode: %w", classify(openConnection, "", failed.ErrorObj))
	}
	s.bot.Logger.WarnContext(ctx, "no connection to slack", "attempt", failed.Attempt, "next_in", failed.Backoff, "error", withoutURL(failed.ErrorObj))
	return nil
}

// badMessage acknowledges what slack-go cannot parse, new kinds of event above
// all: Slack would send it again and again. It may be of use all the same: our reading
// asks for less.
func (s *socket) badMessage(ctx context.Context, e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	s.bot.Logger.DebugContext(ctx, "delivery of an unknown kind", "error", bad.Cause)
	var envelope struct {
		ID      string          `json:"envelope_id"`
		Type    string          `json:"type"`
		Payload json.RawMessage `json:"payload"`
	}
	err := json.Unmarshal(bad.Message, &envelope)
	switch {
	case err != nil || envelope.ID == "":
	case envelope.Type == socketmode.RequestTypeEventsAPI:
		c, err := s.bot.heard(envelope.Payload)
		s.pass(ctx, envelope.ID, c, err)
	case envelope.Type == socketmode.RequestTypeInteractive:
		c, err := interactionCall(envelope.Payload)
		s.pass(ctx, envelope.ID, c, err)
	default:
		s.acknowledge(ctx, envelope.ID)
	}
}

// deliver reads a delivery and hands it to the dispatcher.
func (s *socket) deliver(ctx context.Context, e socketmode.Event) {
	c, err := s.call(e)
	s.pass(ctx, e.Request.EnvelopeID, c, err)
}

// pass hands a call to the dispatcher; what is none is acknowledged only.
func (s *socket) pass(ctx context.Context, envelope string, c Call, err error) {
	if err != nil {
		level := s.bot.Logger.WarnContext
		if errors.Is(err, errIgnored) {
			level = s.bot.Logger.DebugContext
		}
		level(ctx, "delivery not handled", "reason", err)
		s.acknowledge(ctx, envelope)
		return
	}
	c.Received = s.bot.Now()
	connection := s.connects.Load()
	//nolint:contextcheck // an answer may take longer than the delivery's context lives
	s.bot.receive(c, func(payload json.RawMessage) error {
		if payload == nil {
			return s.send(ctx, envelope, nil)
		}
		if s.connects.Load() != connection {
			s.acknowledge(ctx, envelope)
			return errors.New("bot: the connection was replaced before the acknowledgement")
		}
		s.remember(sentAnswer{envelope: envelope, call: c, payload: payload})
		return s.send(ctx, envelope, payload)
	})
}

// remember keeps an answer until it must have left.
func (s *socket) remember(a sentAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sent) == sentKept {
		s.sent = s.sent[1:]
	}
	s.sent = append(s.sent, a)
}

// unwritten brings an answer home by its response URL that was to go with an
// acknowledgement and did not leave: slack-go tells of that only afterwards.
func (s *socket) unwritten(ctx context.Context, e socketmode.Event) {
	failed, ok := e.Data.(*socketmode.ErrorWriteFailed)
	if !ok || failed.Response == nil {
		return
	}
	s.bot.Logger.WarnContext(ctx, "acknowledgement lost", "error", failed.Cause)
	s.mu.Lock()
	i := slices.IndexFunc(s.sent, func(a sentAnswer) bool { return a.envelope == failed.Response.EnvelopeID })
	var lost sentAnswer
	if i >= 0 {
		lost = s.sent[i]
		s.sent = slices.Delete(s.sent, i, i+1)
	}
	s.mu.Unlock()
	if i >= 0 && lost.call.ResponseURL != "" {
		//nolint:contextcheck // the answer outlives the connection
		s.again.Go(func() { s.bot.answerAgain(lost) })
	}
}

// answerAgain sends an answer by its response URL.
func (b *Bot) answerAgain(a sentAnswer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), replyLimit)
	defer cancel()
	if err := b.Gate.respondRaw(ctx, a.call.ResponseURL, a.payload); err != nil {
		b.Logger.ErrorContext(ctx, "answer lost", "id", a.call.ID, "kind", a.call.Kind, "user", a.call.User, "error", err)
	}
}

func (s *socket) call(e socketmode.Event) (Call, error) {
	switch e.Type {
	case socketmode.EventTypeSlashCommand:
		command, ok := e.Data.(slack.SlashCommand)
		if !ok || command.UserID == "" {
			return Call{}, errors.New("bot: this is no slash command")
		}
		return commandCall(command), nil
	case socketmode.EventTypeInteractive:
		return interactionCall(e.Request.Payload)
	default:
		return s.bot.heard(e.Request.Payload)
	}
}

// acknowledge acknowledges an envelope without a message.
func (s *socket) acknowledge(ctx context.Context, envelope string) {
	if err := s.send(ctx, envelope, nil); err != nil {
		s.bot.Logger.WarnContext(ctx, "acknowledgement lost", "error", err)
	}
}

func (s *socket) send(ctx context.Context, envelope string, payload json.RawMessage) error {
	ctx, cancel := context.WithTimeout(ctx, ackLimit)
	defer cancel()
	var body any // a nil RawMessage in an interface would become "null"
	if payload != nil {
		body = payload
	}
	if err := s.client.AckCtx(ctx, envelope, body); err != nil {
		return fmt.Errorf("bot: acknowledge: %w", err)
	}
	return nil
}
