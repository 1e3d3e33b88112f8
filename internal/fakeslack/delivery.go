package fakeslack

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Kinds of deliveries, in the words of Socket Mode.
const (
	KindSlash       = "slash_commands"
	KindInteractive = "interactive"
	KindEvent       = "events_api"
)

// Delivery is one thing that was sent to the app: a slash command, an
// interaction or an event. A repeated event is a Delivery of its own.
type Delivery struct {
	ID           string
	Kind         string
	User         string // who acted
	Channel      string // where, "" for modals and the home tab
	OriginTS     string // the message whose button was pressed
	ViewID       string // the view that was sent or clicked in
	EventID      string // events only; the same on each repetition
	EnvelopeID   string // Socket Mode only; new on each repetition
	TriggerID    string
	ResponseURL  string
	RetryAttempt int
	RetryReason  string
	Payload      json.RawMessage
	SentAt       time.Time

	server    *Server
	done      chan struct{} // closed by the acknowledgement
	ack       Ack
	broken    *failure // it did not reach the app
	repeated  bool     // it was sent again, as another delivery
	originEph bool
	submits   bool // a sent modal: also an empty answer says something
}

// Ack is the app's answer to a delivery.
type Ack struct {
	At      time.Time
	Latency time.Duration // by the workspace's clock
	InTime  bool          // within AckLimit
	Payload json.RawMessage
	Status  int  // HTTP status; 200 over Socket Mode
	NoRetry bool // the answer carried X-Slack-No-Retry
	// Problem is why Slack could not use the payload ("invalid_blocks: ...");
	// the person saw an error instead.
	Problem string
}

// SendOption changes how a delivery is sent.
type SendOption func(*sending)

type sending struct{ noWait bool }

func sendingOf(options []SendOption) sending {
	var how sending
	for _, option := range options {
		option(&how)
	}
	return how
}

// NoWait returns as soon as the delivery is on its way; see Delivery.Wait.
func NoWait() SendOption { return func(o *sending) { o.noWait = true } }

// Ack gives the acknowledgement, once there is one.
func (d *Delivery) Ack() (Ack, bool) {
	select {
	case <-d.done:
		return d.ack, true
	default:
		return Ack{}, false
	}
}

// Wait returns when the app has acknowledged.
func (d *Delivery) Wait(ctx context.Context) error {
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("fakeslack: no acknowledgement of %s %s: %w", d.Kind, d.ID, ctx.Err())
	}
}

// Messages are the live messages that came in answer to the delivery: by the
// acknowledgement's payload and through the response URL. A message that the
// answer replaced is the new delivery's.
func (d *Delivery) Messages() []Message {
	return look(d.server, func(st *State) []Message { return st.Answers(d) })
}

// Answers are the live messages that came in answer to a delivery.
func (st *State) Answers(d *Delivery) []Message {
	var out []Message
	for _, id := range st.chanOrder {
		for _, m := range st.messages[id] {
			if m.DeliveryID == d.ID && !m.Deleted {
				out = append(out, *m)
			}
		}
	}
	return out
}

// send hands a delivery to the app over whichever way it listens.
func (s *Server) send(ctx context.Context, d *Delivery, payload object, options []SendOption) (*Delivery, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("fakeslack: build the payload of a %s: %w", d.Kind, err)
	}
	d.Payload, d.server, d.done = data, s, make(chan struct{})
	return d, s.dispatch(ctx, d, sendingOf(options))
}

func (s *Server) dispatch(ctx context.Context, d *Delivery, how sending) error {
	url := s.register(d)
	s.log.Debug("fakeslack delivery", "kind", d.Kind, "id", d.ID)
	if url != "" {
		return s.dispatchSigned(ctx, d, url, how)
	}
	if err := s.sendEnvelope(d); err != nil {
		return err
	}
	if how.noWait {
		return nil
	}
	return d.Wait(ctx)
}

// register numbers the delivery and gives the request URL for it, if any.
func (s *Server) register(d *Delivery) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.ID, d.SentAt = s.state.next("delivery-"), s.opt.Now()
	s.state.deliveries = append(s.state.deliveries, d)
	s.touch()
	switch d.Kind {
	case KindSlash:
		return s.endpoints.Commands
	case KindInteractive:
		return s.endpoints.Interactivity
	default:
		return s.endpoints.Events
	}
}

// acknowledge takes the app's answer: measures it and acts on its payload. A
// second answer to the same delivery is ignored.
func (s *Server) acknowledge(d *Delivery, ack Ack) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-d.done:
		return
	default:
	}
	ack.At = s.opt.Now()
	ack.Latency = ack.At.Sub(d.SentAt)
	ack.InTime = ack.Latency <= AckLimit
	if failed := !ack.InTime || ack.Status/100 != 2; failed {
		s.tellFailure(d, ack)
	} else if err := s.applyAck(d, ack.Payload); err != nil {
		ack.Problem = err.Error()
	}
	d.ack = ack
	close(d.done)
	s.touch()
}

// applyAck acts on the payload of an acknowledgement: a slash command's is a
// message, a modal's says what becomes of the modal; others carry none.
func (s *Server) applyAck(d *Delivery, payload json.RawMessage) error {
	switch {
	case d.submits:
		return s.applyViewResponse(d, payload)
	case d.Kind == KindSlash && len(payload) > 0:
		return s.answerByAck(d, payload)
	}
	return nil
}

// tellFailure shows what a person sees when a command was not answered in
// time. Nobody is told about events.
func (s *Server) tellFailure(d *Delivery, ack Ack) {
	if d.Kind != KindSlash {
		return
	}
	why := "operation_timeout"
	switch {
	case ack.InTime && ack.Status/100 == 4:
		why = fmt.Sprintf("http_client_error (%d)", ack.Status)
	case ack.InTime:
		why = fmt.Sprintf("http_service_error (%d)", ack.Status)
	}
	s.state.add(&Message{
		Channel: d.Channel, User: "USLACKBOT", EphemeralTo: d.User, Via: "slack", DeliveryID: d.ID,
		Text: "The command failed because of the error \"" + why + "\".",
	}, s.opt.Now())
}

// Redeliver sends an event again at once, whether or not it was acknowledged: the
// same event_id, a new envelope, the next attempt's number. Tick does so by Slack's
// schedule.
func (s *Server) Redeliver(ctx context.Context, d *Delivery, options ...SendOption) (*Delivery, error) {
	s.mu.Lock()
	again := d.again(RetryTimeout)
	s.mu.Unlock()
	return again, s.dispatch(ctx, again, sendingOf(options))
}
