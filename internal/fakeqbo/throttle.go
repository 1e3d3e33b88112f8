package fakeqbo

import (
	"net/http"
	"slices"
	"time"
)

// Limits are what a company takes from one app. In each field 0 means Intuit's figure
// and a negative number lifts the limit.
type Limits struct {
	Second   int // calls within any second; 10 (docs)
	Minute   int // calls within any minute; 500 (docs)
	Batches  int // batches within any minute; 40 (docs)
	Reports  int // reports within any minute; 200 (older docs)
	InFlight int // calls at once; 10 (older docs)
	// Month is how many reads, queries, reports, batches and change captures the app
	// may make in a calendar month over all companies; then it is refused until the next
	// one (docs: 500,000 in the free tier). 0 is any number.
	Month int

	// Answer is what a refusal looks like. RetryAfter, which Intuit doesn't send (seen),
	// goes out as a header if it is set.
	Answer     ThrottleAnswer
	RetryAfter time.Duration
}

// ThrottleAnswer is a shape in which Intuit says "too many requests".
type ThrottleAnswer int

// The shapes that were seen.
const (
	ThrottleJSON   ThrottleAnswer = iota // 429 with a fault in lower-case JSON
	ThrottleXML                          // 429 in XML, though JSON was asked for
	ThrottleXML403                       // 403 with the code 3001 in XML
)

// Unlimited are limits that let everything through.
func Unlimited() Limits {
	return Limits{Second: -1, Minute: -1, Batches: -1, Reports: -1, InFlight: -1}
}

func (l Limits) withDefaults() Limits {
	orElse := func(n *int, value int) {
		if *n == 0 {
			*n = value
		}
	}
	orElse(&l.Second, 10)
	orElse(&l.Minute, 500)
	orElse(&l.Batches, 40)
	orElse(&l.Reports, 200)
	orElse(&l.InFlight, 10)
	return l
}

// Excess is a call that was over a limit, and was refused for it.
type Excess struct {
	At    time.Time
	Realm string
	Limit string // "second", "minute", "batches", "reports", "in flight", "month"
	What  string // as in Call
}

// Exceeded are all calls that went over a limit of the service. Refusals that were
// injected as a Fault aren't among them.
func (s *Server) Exceeded() []Excess {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.exceeded)
}

// SetLimits changes the limits from now on. What was called so far still counts.
func (s *Server) SetLimits(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opt.Limits = l.withDefaults()
}

// window is the calls of the last second or minute. It slides: no stretch of that
// length holds more calls than the limit, however it begins.
type window struct{ times []time.Time }

// full says whether one more call would be too many.
func (w *window) full(now time.Time, span time.Duration, limit int) bool {
	gone := 0
	for gone < len(w.times) && !w.times[gone].After(now.Add(-span)) {
		gone++
	}
	w.times = w.times[gone:]
	return limit >= 0 && len(w.times) >= limit
}

func (w *window) add(now time.Time) { w.times = append(w.times, now) }

// meter counts the calls of one company.
type meter struct {
	second, minute, batches, reports window
	inFlight                         int
}

// monthMeter counts the metered calls of a calendar month in UTC.
type monthMeter struct {
	month string
	count int
}

func (m *monthMeter) full(now time.Time, limit int) bool {
	if month := now.UTC().Format("2006-01"); month != m.month {
		*m = monthMeter{month: month}
	}
	return limit > 0 && m.count >= limit
}

// admit lets a call in, to be followed by leave, or names the limit that it is over.
// A call that is refused doesn't count against the limits.
func (s *Server) admit(c *Call) (limit string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.meters[c.Realm]
	if m == nil {
		m = &meter{}
		s.meters[c.Realm] = m
	}
	now := s.opt.Now()
	if limit = s.overLimit(m, c, now); limit != "" {
		s.exceeded = append(s.exceeded, Excess{At: now, Realm: c.Realm, Limit: limit, What: c.What})
		return limit
	}
	m.inFlight++
	m.second.add(now)
	m.minute.add(now)
	if c.Kind == KindBatch {
		m.batches.add(now)
	}
	if c.Kind == KindReport {
		m.reports.add(now)
	}
	if c.metered() {
		s.month.count++
	}
	return ""
}

// overLimit names the limit that one more call would break; the caller holds the lock.
func (s *Server) overLimit(m *meter, c *Call, now time.Time) string {
	l := s.opt.Limits
	second, minute := m.second.full(now, time.Second, l.Second), m.minute.full(now, time.Minute, l.Minute)
	batches, reports := m.batches.full(now, time.Minute, l.Batches), m.reports.full(now, time.Minute, l.Reports)
	switch month := s.month.full(now, l.Month); {
	case month && c.metered():
		return "month"
	case l.InFlight >= 0 && m.inFlight >= l.InFlight:
		return "in flight"
	case second:
		return "second"
	case minute:
		return "minute"
	case batches && c.Kind == KindBatch:
		return "batches"
	case reports && c.Kind == KindReport:
		return "reports"
	}
	return ""
}

func (s *Server) leave(c *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meters[c.Realm].inFlight--
}

// metered says whether Intuit counts the call against the month: what reads (docs).
func (c *Call) metered() bool { return c.Kind != KindWrite }

// throttled is the refusal, in the shape that is set.
func (s *Server) throttled() Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply := Throttled(s.opt.Limits.Answer)
	reply.RetryAfter = s.opt.Limits.RetryAfter
	return reply
}

// Throttled is a refusal for too many requests, for a Fault.
func Throttled(shape ThrottleAnswer) Reply {
	reply := platform(http.StatusTooManyRequests, "SERVICE", "ThrottleExceeded", 3001, "The request limit was reached.  Try again later")
	switch shape {
	case ThrottleJSON:
	case ThrottleXML:
		reply.Shape = ShapeXML
	case ThrottleXML403:
		reply = platform(http.StatusForbidden, "SERVICE", "ThrottleExceeded", 3001, reply.Refusal.Detail)
		reply.Shape = ShapeXML
	}
	return reply
}
