package fakeslack

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// retryDelays are the times until an event that was not taken is sent again: at once,
// after a minute, after five (docs). Commands and interactions are sent once.
var retryDelays = []time.Duration{0, time.Minute, 5 * time.Minute}

// Reasons of a repeated event (docs, x-slack-retry-reason). Over Socket Mode the
// prefix "http_" is left out.
const (
	RetryTimeout   = "http_timeout"
	RetryError     = "http_error"
	RetryConnect   = "connection_failed"
	RetryRedirects = "too_many_redirects"
)

var errRedirects = errors.New("more than two redirects")

// followTwo is how far Slack follows redirects (docs).
func followTwo(_ *http.Request, via []*http.Request) error {
	if len(via) > 2 {
		return errRedirects
	}
	return nil
}

// failure is when and why a delivery was not taken.
type failure struct {
	at     time.Time
	reason string
}

// failed judges a delivery by the time; the caller holds the lock.
func (d *Delivery) failed(now time.Time) (failure, bool) {
	timeout := failure{d.SentAt.Add(AckLimit), RetryTimeout}
	ack, acked := d.Ack()
	switch {
	case d.broken != nil:
		return *d.broken, true
	case !acked:
		return timeout, now.Sub(d.SentAt) > AckLimit
	case !ack.InTime:
		return timeout, true
	case ack.Status/100 != 2:
		return failure{ack.At, RetryError}, !ack.NoRetry
	}
	return failure{}, false
}

// breakOff notes that a delivery did not reach the app.
func (s *Server) breakOff(d *Delivery, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.broken = &failure{s.opt.Now(), RetryConnect}
	if errors.Is(err, errRedirects) {
		d.broken.reason = RetryRedirects
	}
	s.touch()
}

// retry is an event that is to be sent again, and when.
type retry struct {
	of     *Delivery
	reason string
	due    time.Time
}

// retries lists what is to be sent again, as things stand; the caller holds the lock.
func (s *Server) retries(now time.Time) []retry {
	var out []retry
	for _, d := range s.state.deliveries {
		if d.Kind != KindEvent || d.repeated || d.RetryAttempt >= len(retryDelays) {
			continue
		}
		if why, failed := d.failed(now); failed {
			out = append(out, retry{d, why.reason, why.at.Add(retryDelays[d.RetryAttempt])})
		}
	}
	return out
}

// sendRetries sends the events again whose time has come.
func (s *Server) sendRetries(ctx context.Context, options []SendOption) ([]*Delivery, error) {
	var sent []*Delivery
	for _, again := range s.takeRetries() {
		err := s.dispatch(ctx, again, sendingOf(options))
		if ctx.Err() != nil {
			return sent, err
		}
		if err != nil { // it failed once more and has been noted so
			s.log.Debug("fakeslack could not repeat an event", "id", again.ID, "error", err)
		}
		sent = append(sent, again)
	}
	return sent, nil
}

func (s *Server) takeRetries() []*Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	var out []*Delivery
	for _, r := range s.retries(now) {
		if !r.due.After(now) {
			out = append(out, r.of.again(r.reason))
		}
	}
	return out
}

// again is the next attempt of an event: the same event_id and payload.
func (d *Delivery) again(reason string) *Delivery {
	d.repeated = true
	return &Delivery{
		Kind: d.Kind, User: d.User, Channel: d.Channel, OriginTS: d.OriginTS, ViewID: d.ViewID, EventID: d.EventID,
		TriggerID: d.TriggerID, ResponseURL: d.ResponseURL, RetryAttempt: d.RetryAttempt + 1, RetryReason: reason,
		Payload: d.Payload, server: d.server, done: make(chan struct{}), originEph: d.originEph, submits: d.submits,
	}
}
