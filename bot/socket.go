package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
)

// hopeless are codes of apps.connections.open that no further try will change.
// slack-go gives up on some of them, and tries the others for ever.
var hopeless = []string{
	"invalid_auth", "account_inactive", "not_authed", "token_revoked", "token_expired",
	"not_allowed_token_type", codeMissingScope, "no_permission",
}

const openConnection = "apps.connections.open"

// socket is one run of Socket Mode.
type socket struct {
	bot    *Bot
	client *socketmode.Client
	// connects counts the connections that were begun: an acknowledgement that
	// was due on an older one may not reach Slack.
	connects atomic.Int64
}

// RunSocket receives by Socket Mode until ctx ends; then it lets running calls
// finish and returns nil. A *RefusedError says that Slack does not want the
// tokens. Everything else is reconnected.
func (b *Bot) RunSocket(ctx context.Context) error {
	s := &socket{bot: b, client: socketmode.New(b.Client, socketmode.OptionReadLimit(maxFrame))}
	open, hangUp := context.WithCancel(context.WithoutCancel(ctx))
	defer hangUp()
	defer b.connected.Store(false)
	var end error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		end = s.client.RunContext(open)
	}()

	stop, drained := ctx.Done(), make(chan struct{})
	for {
		select {
		case e := <-s.client.Events:
			if err := s.take(open, e); err != nil {
				hangUp()
				<-ended
				return err
			}
		case <-ended:
			return endOfSocket(open, end)
		case <-stop:
			stop = nil
			go s.drain(open, drained)
		case <-drained:
			hangUp()
			<-ended
			return nil
		}
	}
}

// drain waits for what runs; new calls are turned away meanwhile by the open
// connection.
func (s *socket) drain(ctx context.Context, drained chan<- struct{}) {
	defer close(drained)
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	if err := s.bot.Drain(ctx); err != nil {
		s.bot.Logger.WarnContext(ctx, "calls were cut off", "error", err)
	}
	_ = waitTimer(ctx, flushTime) // with no time left there is no wait either
}

func endOfSocket(ctx context.Context, err error) error {
	if over(ctx) {
		return nil
	}
	return fmt.Errorf("bot: Socket Mode: %w", classify(openConnection, "", err))
}

// take handles one of slack-go's events; an error means that it is over.
func (s *socket) take(ctx context.Context, e socketmode.Event) error {
	log := s.bot.Logger
	switch e.Type {
	case socketmode.EventTypeConnecting:
		s.connects.Add(1)
		s.bot.connected.Store(false)
	case socketmode.EventTypeConnected:
		s.bot.connected.Store(true)
		log.InfoContext(ctx, "connected to slack", "connection", s.connects.Load())
	case socketmode.EventTypeConnectionError:
		return s.connectionError(ctx, e)
	case socketmode.EventTypeErrorBadMessage:
		s.badMessage(ctx, e)
	case socketmode.EventTypeErrorWriteFailed, socketmode.EventTypeIncomingError:
		log.WarnContext(ctx, "trouble with the connection to slack", "event", e.Type)
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive, socketmode.EventTypeEventsAPI:
		s.deliver(ctx, e)
	default:
		log.DebugContext(ctx, "socket event", "event", e.Type)
	}
	return nil
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
// all: Slack would send it again and again.
func (s *socket) badMessage(ctx context.Context, e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	s.bot.Logger.DebugContext(ctx, "delivery of an unknown kind", "error", bad.Cause)
	var envelope struct {
		ID string `json:"envelope_id"`
	}
	if err := json.Unmarshal(bad.Message, &envelope); err == nil && envelope.ID != "" {
		s.acknowledge(ctx, envelope.ID)
	}
}

// deliver reads a delivery and hands it to the dispatcher.
func (s *socket) deliver(ctx context.Context, e socketmode.Event) {
	c, err := s.call(e)
	if err != nil {
		level := s.bot.Logger.WarnContext
		if errors.Is(err, errIgnored) {
			level = s.bot.Logger.DebugContext
		}
		level(ctx, "delivery not handled", "reason", err)
		s.acknowledge(ctx, e.Request.EnvelopeID)
		return
	}
	c.Received = s.bot.Now()
	connection := s.connects.Load()
	//nolint:contextcheck // an answer may take longer than the delivery's context lives
	s.bot.receive(c, func(payload json.RawMessage) error {
		if payload != nil && s.connects.Load() != connection {
			s.acknowledge(ctx, e.Request.EnvelopeID)
			return errors.New("bot: the connection was replaced before the acknowledgement")
		}
		return s.send(ctx, e.Request.EnvelopeID, payload)
	})
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
		return eventCall(e.Request.Payload, s.bot.BotUser)
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
