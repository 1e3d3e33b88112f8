package fakeslack

import (
	"slices"
	"time"
)

const (
	// warnAhead is how long before its end a connection is warned (docs: about 10 s).
	warnAhead = 10 * time.Second
	// cutAfter is how long a connection stays usable once it was asked to leave. Docs
	// give no figure; the client is expected to go at once.
	cutAfter = 10 * time.Second
)

// Rotate begins to retire every open connection, as Slack does when it renews its
// servers: a warning now and, by the ticks of the next 10 s and 20 s, the request to
// refresh and the end. See Options.SocketLife for what happens to each in its time.
func (s *Server) Rotate() {
	s.mu.Lock()
	now := s.opt.Now()
	for _, k := range s.link.conns {
		k.leaveAt = now.Add(warnAhead)
	}
	s.mu.Unlock()
	s.retireSockets()
}

// next is when the next step of a connection's end is due, and the step; zero for a
// connection that may stay. The caller holds the server's lock.
func (k *socket) next(life time.Duration) (time.Time, retirement) {
	leave := k.leaveAt
	if leave.IsZero() && life > 0 {
		leave = k.born.Add(life)
	}
	switch {
	case leave.IsZero():
		return time.Time{}, staying
	case k.stage == staying:
		return leave.Add(-warnAhead), warned
	case k.stage == warned:
		return leave, asked
	}
	return leave.Add(cutAfter), ended
}

// retirement is how far a connection's end has come.
type retirement int

const (
	staying retirement = iota
	warned
	asked
	ended
)

// retireSockets takes each connection the steps that are due.
func (s *Server) retireSockets() {
	for {
		k, step := s.takeRetirement()
		switch step {
		case staying:
			return
		case warned:
			_ = k.write(s.disconnectFrame(ReasonWarning)) // a connection that is gone needs no frame
		case asked:
			_ = k.write(s.disconnectFrame(ReasonRefresh)) // a connection that is gone needs no frame
		case ended:
			_ = k.conn.Close() // ending it is the point
		}
	}
}

func (s *Server) takeRetirement() (*socket, retirement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	i := slices.IndexFunc(s.link.conns, func(k *socket) bool {
		due, _ := k.next(s.opt.SocketLife)
		return k.stage != ended && !due.IsZero() && !due.After(now)
	})
	if i < 0 {
		return nil, staying
	}
	k := s.link.conns[i]
	_, k.stage = k.next(s.opt.SocketLife)
	return k, k.stage
}
