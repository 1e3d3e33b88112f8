package quickbooks

import (
	"sync"
	"time"
)

// QuickBooks takes 10 calls a second and 500 a minute of one app for one
// company, 40 batches a minute and 10 calls at a time (developer.intuit.com,
// "Limits and throttles", and older pages for the last). It tells nobody how
// much is left, so that a client has to count for itself; we stay below.
const (
	callsPerSecond   = 8
	callsPerMinute   = 400
	batchesPerMinute = 30
	callsInFlight    = 4

	// What QuickBooks takes beyond that is left to a process that begins: what the
	// one before it has used, which may have been killed a moment ago, it doesn't know.
	callsAtStart   = 2
	batchesAtStart = 10
)

// A throttle by the minute is over after a minute; one that goes on means that
// the app's calls of the month are used up.
const (
	throttleRest  = time.Minute
	quotaAfter    = 10 * time.Minute
	quotaRest     = time.Hour
	throttleFades = 15 * time.Minute
)

// window lets a number of calls through in any span of time.
type window struct {
	span time.Duration
	last []time.Time // when the latest calls were due, as a ring
	next int         // in last: the oldest
}

func newWindow(limit int, span time.Duration) *window {
	return &window{span: span, last: make([]time.Time, limit)}
}

// free returns when there is room for the next call.
func (w *window) free() time.Time {
	if w.last[w.next].IsZero() {
		return time.Time{}
	}
	return w.last[w.next].Add(w.span)
}

func (w *window) take(at time.Time) {
	w.last[w.next] = at
	w.next = (w.next + 1) % len(w.last)
}

// pace holds back the calls for one company.
type pace struct {
	flight chan struct{} // a token for each call under way
	batch  chan struct{} // one for the batch under way

	mu             sync.Mutex
	second, minute *window
	batches        *window
	until          time.Time // no call before
	quota          bool      // until is about the month's quota
	since, latest  time.Time // throttled since, and the latest throttle
}

func newPace(now time.Time) *pace {
	p := &pace{
		flight:  make(chan struct{}, callsInFlight),
		batch:   make(chan struct{}, 1),
		second:  newWindow(callsPerSecond, time.Second),
		minute:  newWindow(callsPerMinute, time.Minute),
		batches: newWindow(batchesPerMinute, time.Minute),
	}
	for range callsPerSecond - callsAtStart {
		p.second.take(now)
	}
	for range batchesPerMinute - batchesAtStart {
		p.batches.take(now)
	}
	return p
}

// place takes the next free place for a call and returns how long it is until
// then. A batch that would have to wait for another reason than any call gets
// none: it has to ask again after that time.
func (p *pace) place(now time.Time, batch bool) (d time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if free := p.batches.free(); batch && free.After(now) {
		return free.Sub(now), false
	}
	at := now
	for _, free := range []time.Time{p.second.free(), p.minute.free()} {
		if free.After(at) {
			at = free
		}
	}
	p.second.take(at)
	p.minute.take(at)
	if batch {
		p.batches.take(at)
	}
	return at.Sub(now), true
}

// batchIn returns how long it is until there is room for a batch.
func (p *pace) batchIn(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.batches.free().Sub(now))
}

// hold returns how long no call may go out, and whether that is because of the
// month's quota.
func (p *pace) hold(now time.Time) (d time.Duration, quota bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.until.Sub(now)), p.quota
}

// throttled notes that QuickBooks refused a call for their number. rest is how
// long it asks us to wait, 0 where it does not say. It returns when to go on,
// and whether the month's quota is used up.
func (p *pace) throttled(now time.Time, rest time.Duration) (until time.Time, quota bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.since.IsZero() || (!p.quota && now.Sub(p.latest) > throttleFades) {
		p.since = now
	}
	p.latest = now
	p.quota = p.quota || rest > quotaAfter || now.Sub(p.since) > quotaAfter
	switch {
	case p.quota:
		rest = max(rest, quotaRest)
	case rest <= 0:
		rest = throttleRest
	}
	p.until = now.Add(rest)
	return p.until, p.quota
}

// calm notes that a call that went out at an instant went through. One that was
// under way before the latest throttle says nothing about it.
func (p *pace) calm(out time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if out.After(p.latest) {
		p.until, p.quota, p.since = time.Time{}, false, time.Time{}
	}
}

// lift lets the next call out though the month's quota seemed used up.
func (p *pace) lift() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.quota {
		p.until = time.Time{}
	}
}
