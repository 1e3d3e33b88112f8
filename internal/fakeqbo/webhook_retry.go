package fakeqbo

import (
	"context"
	"time"
)

// retryDelays are the times from a failed attempt to the next one (docs); after the
// last of them it goes on in its step.
var retryDelays = []time.Duration{
	0, 10 * time.Second, 20 * time.Second, 30 * time.Second, 5 * time.Minute, 20 * time.Minute,
	2 * time.Hour, 4 * time.Hour, 6 * time.Hour,
}

// Tick does what has come due by the clock: it wakes the calls that a Fault delays,
// sends webhooks again that were not taken, and tells of the changes that have been
// collected long enough. The server does none of it by itself, since it has no clock of
// its own: move the clock, then tick. It gives the deliveries that it sent.
func (s *Server) Tick(ctx context.Context) ([]*Delivery, error) {
	s.mu.Lock()
	s.touch()
	s.mu.Unlock()
	var sent []*Delivery
	for _, d := range s.takeDue() {
		if err := s.attempt(ctx, d); err != nil {
			return sent, err
		}
		sent = append(sent, s.show(d))
	}
	if !s.collected() {
		return sent, nil
	}
	d, err := s.Notify(ctx, Mishap{})
	if d != nil {
		sent = append(sent, d)
	}
	return sent, err
}

// NextTick is when there will be a webhook for Tick to send, as things stand.
func (s *Server) NextTick() (due time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	earlier := func(t time.Time) {
		if !ok || t.Before(due) {
			due, ok = t, true
		}
	}
	waiting := false
	for _, d := range s.teller.deliveries {
		if at, again := s.teller.again(d); again {
			earlier(at)
			waiting = true
		}
	}
	if t := s.teller; len(t.pending) > 0 && t.to.URL != "" && (!waiting || !t.to.HoldBack) {
		earlier(t.pending[0].At.Add(t.to.Aggregate))
	}
	return due, ok
}

// again is when a delivery is to be sent again, if it is; the caller holds the lock.
func (t *teller) again(d *Delivery) (at time.Time, ok bool) {
	if t.to.URL == "" || t.dropped[d.Number] || len(d.Attempts) == 0 || d.Taken() {
		return time.Time{}, false
	}
	n := len(d.Attempts) - 1
	last := d.Attempts[n]
	return last.At.Add(last.Took).Add(retryDelays[min(n, len(retryDelays)-1)]), true
}

// takeDue lists what is to be sent again now.
func (s *Server) takeDue() []*Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	var due []*Delivery
	for _, d := range s.teller.deliveries {
		if at, ok := s.teller.again(d); ok && !at.After(now) {
			due = append(due, d)
		}
	}
	return due
}

// collected says whether it is time to tell of the changes.
func (s *Server) collected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &s.teller
	if len(t.pending) == 0 || t.to.URL == "" || s.opt.Now().Before(t.pending[0].At.Add(t.to.Aggregate)) {
		return false
	}
	if !t.to.HoldBack {
		return true
	}
	for _, d := range t.deliveries {
		if _, waits := t.again(d); waits {
			return false
		}
	}
	return true
}
