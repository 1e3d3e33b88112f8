package bot

import (
	"context"
	"sync"
	"time"
)

// Wait returns after a time, or with the error of ctx when that ends first.
// Where a Wait is nil, a timer is used; tests pass one that moves their clock.
type Wait func(ctx context.Context, d time.Duration) error

func (w Wait) orTimer() Wait {
	if w != nil {
		return w
	}
	return waitTimer
}

func waitTimer(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pace lets a burst of events through and one each interval after it. It keeps
// one instant only: when the next event would be due if there were no bursts
// (the generic cell rate algorithm, ITU-T I.371).
type pace struct {
	interval time.Duration
	burst    int
	due      time.Time
}

// reserve takes the next place and returns how long to wait for it.
func (p *pace) reserve(now time.Time) time.Duration {
	wait := p.ahead(now)
	if p.due.Before(now) {
		p.due = now
	}
	p.due = p.due.Add(p.interval)
	return wait
}

// ahead is how long the next event would have to wait.
func (p *pace) ahead(now time.Time) time.Duration {
	if !p.due.After(now) { // also the zero time, which is too far back to subtract
		return 0
	}
	return max(0, p.due.Sub(now)-p.interval*time.Duration(p.burst-1))
}

// limiter keeps a pace for each key.
type limiter struct {
	interval time.Duration
	burst    int
	mu       sync.Mutex
	paces    map[string]*pace
}

// limiterKeys is how many keys are kept before idle ones are dropped.
const limiterKeys = 1024

func newLimiter(burst int, interval time.Duration) *limiter {
	return &limiter{interval: interval, burst: burst, paces: map[string]*pace{}}
}

// reserve takes the key's next place and returns how long to wait for it.
func (l *limiter) reserve(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pace(key, now).reserve(now)
}

// allow takes the key's next place if it is free now.
func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.pace(key, now)
	if p.ahead(now) > 0 {
		return false
	}
	p.reserve(now)
	return true
}

func (l *limiter) pace(key string, now time.Time) *pace {
	if p := l.paces[key]; p != nil {
		return p
	}
	if len(l.paces) >= limiterKeys {
		for k, p := range l.paces {
			if !p.due.After(now) {
				delete(l.paces, k)
			}
		}
	}
	p := &pace{interval: l.interval, burst: l.burst}
	l.paces[key] = p
	return p
}
