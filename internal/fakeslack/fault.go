package fakeslack

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// Fault is trouble on demand for calls of the Web API and of response URLs.
// With several fields set, the call first waits for Hold, then fails.
type Fault struct {
	Method  string // "chat.postMessage", "response_url", "apps.connections.open"; "" is any
	Channel string // only calls that name this channel; "" is any
	After   int    // let this many matching calls through first
	Times   int    // how many calls it hits; 0 means one, a negative number all

	Status     int             // answer with this HTTP status, without acting
	RetryAfter time.Duration   // answer 429 with Retry-After, without acting
	Error      string          // answer ok:false with this error, without acting
	LoseAnswer bool            // act, then cut the connection
	Hold       <-chan struct{} // wait until it is closed, then go on
}

// Inject arms a fault. The first armed fault that matches a call hits it. The
// returned function lifts it.
func (s *Server) Inject(f Fault) (lift func()) {
	if f.Times == 0 {
		f.Times = 1
	}
	armed := &f
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, armed)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(x *Fault) bool { return x == armed })
	}
}

// takeFault finds the fault for a call and counts it.
func (s *Server) takeFault(method, channel string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Times == 0 || (f.Method != "" && f.Method != method) || (f.Channel != "" && f.Channel != channel) {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		hit := *f
		return &hit
	}
	return nil
}

// before is what a fault does ahead of the call: it waits, or refuses.
func (f *Fault) before(ctx context.Context) error {
	if f == nil {
		return nil
	}
	if f.Hold != nil {
		select {
		case <-f.Hold:
		case <-ctx.Done():
			return &apiError{code: "request_timeout", status: http.StatusServiceUnavailable}
		}
	}
	switch {
	case f.RetryAfter > 0:
		return rateLimited(f.RetryAfter)
	case f.Status != 0:
		return &apiError{code: "internal_error", status: f.Status}
	case f.Error != "":
		return refuse(f.Error)
	}
	return nil
}
