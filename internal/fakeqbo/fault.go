package fakeqbo

import (
	"net/http"
	"regexp"
	"slices"
	"time"
)

// Fault is trouble on demand. The fields of the first group choose the calls; those of
// the second say what becomes of one. With several of the second set, the call first
// acts if it is to, then waits, then is answered or cut.
//
// Go's own HTTP client repeats a GET by itself whose kept connection broke before the
// first byte of the answer: a Reset with Times 1 passes such a call unnoticed.
type Fault struct {
	// On is matched with Call.What, such as "GET /query select * from Invoice startposition 1",
	// "POST /invoice?operation=void" or "POST /oauth2/v1/tokens/bearer refresh_token".
	// Nil is every call.
	On     *regexp.Regexp
	Realm  string  // only this company's calls; "" is any
	After  int     // let this many matching calls through first
	Times  int     // how many calls it hits; 0 means one, a negative number all
	Chance float64 // hit each matching call so probably, 0 to 1; 0 is always

	// ActFirst lets the call do its work, of which the client then doesn't hear.
	ActFirst bool
	Hold     <-chan struct{} // wait until it is closed
	Delay    time.Duration   // answer so late by the clock; Tick looks at it
	Hang     bool            // wait until the client gives up
	Reply    Reply           // answer with it
	Cut      bool            // act, send half of the answer, and cut the connection
	Reset    bool            // reset the connection
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

// Storm is every kind of trouble that passes, each hitting any call with the given
// chance: for Inject, one by one, over a long run.
func Storm(chance float64) []Fault {
	out := []Fault{
		{Reply: Gateway(http.StatusBadGateway, ShapeHTML)},
		{Reply: Gateway(http.StatusServiceUnavailable, ShapeEmpty)},
		{Reply: SystemFault},
		{Reply: Throttled(ThrottleXML)},
		{Reply: Throttled(ThrottleXML403)},
		{Cut: true},
		{Reset: true},
		{ActFirst: true, Reset: true},
		{ActFirst: true, Reply: Gateway(http.StatusGatewayTimeout, ShapeHTML)},
	}
	for i := range out {
		out[i].Chance, out[i].Times = chance, -1
	}
	return out
}

// takeFault finds the fault for a call and counts it.
func (s *Server) takeFault(c *Call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Times == 0 || (f.Realm != "" && f.Realm != c.Realm) || (f.On != nil && !f.On.MatchString(c.What)) {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		if f.Chance > 0 && s.dice.Float64() >= f.Chance {
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

// suffer does to a call that came at a time what the fault says; next is what the
// call would do.
func (s *Server) suffer(f *Fault, came time.Time, w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	acted := &heldAnswer{head: http.Header{}}
	if f.ActFirst || f.Cut {
		next(acted, r)
	}
	if !s.waitOut(r.Context(), f, came) {
		panic(http.ErrAbortHandler) // the client has gone, or the server closes
	}
	switch {
	case f.Reset:
		resetConnection(w)
	case f.Cut:
		acted.sendHalf(w)
	case f.Reply.Refusal.Status != 0:
		f.Reply.write(w, s.opt.Now())
	case f.ActFirst:
		acted.send(w)
	default:
		next(w, r)
	}
}
