package fakeslack

import (
	"context"
	"time"
)

// Tick does what has come due by the workspace's clock: it sends events again that
// were not taken (after 0, 1 and 5 minutes) and retires sockets that have lived their
// time. The server does neither by itself, since it has no clock of its own: move the
// clock, then tick. It waits for the acknowledgements of what it sends and gives
// the deliveries; that one failed again is no error.
func (s *Server) Tick(ctx context.Context, options ...SendOption) ([]*Delivery, error) {
	s.retireSockets()
	return s.sendRetries(ctx, options)
}

// NextTick is when there will be something for Tick to do, as things stand.
func (s *Server) NextTick() (due time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	earlier := func(t time.Time) {
		if !ok || t.Before(due) {
			due, ok = t, true
		}
	}
	// An unanswered event fails when its time is up, which may be later than now.
	for _, r := range s.retries(s.opt.Now().Add(AckLimit + time.Nanosecond)) {
		earlier(r.due)
	}
	for _, k := range s.link.conns {
		if t, _ := k.next(s.opt.SocketLife); !t.IsZero() {
			earlier(t)
		}
	}
	return due, ok
}
