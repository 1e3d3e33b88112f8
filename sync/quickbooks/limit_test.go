package quickbooks

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// line answers calls after some time, without a network, and notes them.
type line struct {
	took    time.Duration
	refused int // the first answers: too many calls

	mu       sync.Mutex
	out      []time.Time
	batches  []time.Time
	now, top int // under way
}

// RoundTrip answers.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.out = append(l.out, time.Now())
	if strings.HasSuffix(r.URL.Path, "/batch") {
		l.batches = append(l.batches, time.Now())
	}
	l.now++
	l.top = max(l.top, l.now)
	l.mu.Unlock()
	time.Sleep(l.took)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now--
	status := http.StatusOK
	if l.refused > 0 {
		l.refused--
		status = http.StatusTooManyRequests
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(`{}`)), Header: http.Header{}}, nil
}

// most returns the largest number of instants in any span.
func most(instants []time.Time, span time.Duration) int {
	n := 0
	for i := range instants {
		j := i
		for j < len(instants) && instants[j].Sub(instants[i]) < span {
			j++
		}
		n = max(n, j-i)
	}
	return n
}

func waitTimer(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *line) client() *Client {
	return NewClient(ClientConfig{
		Realm: "9130", URL: "http://api.invalid", Tokens: &wallet{}, HTTP: &http.Client{Transport: l},
		Now: time.Now, Wait: waitTimer, Rand: rand.Reader,
	})
}

// However many ask, QuickBooks sees at most 8 calls in any second, 400 in any
// minute, 4 at a time, and 30 batches in any minute; and not much less.
func TestTheLimitsAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &line{took: 300 * time.Millisecond}
		c := l.client()
		start := time.Now()
		var group sync.WaitGroup
		for range 12 {
			group.Go(func() {
				for range 75 {
					if err := c.get(t.Context(), "invoice/1", nil, nil); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 4 {
			group.Go(func() {
				for range 25 {
					if err := c.post(t.Context(), "batch", nil, map[string]string{}, nil); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if got := most(l.out, time.Second); got != callsPerSecond {
			t.Errorf("%d calls in a second", got)
		}
		if got := most(l.out, time.Minute); got != callsPerMinute {
			t.Errorf("%d calls in a minute", got)
		}
		if got := most(l.batches, time.Minute); got != batchesPerMinute {
			t.Errorf("%d batches in a minute", got)
		}
		if l.top != callsInFlight {
			t.Errorf("%d calls at a time", l.top)
		}
		if took := time.Since(start); took > 4*time.Minute+30*time.Second {
			t.Errorf("1000 calls, 100 batches among them, took %s", took)
		}
	})
}

// A process that is started right after one was killed does not know what that
// has used up; both together stay below what QuickBooks takes.
func TestTheLimitsAreKeptOverARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &line{}
		for _, calls := range []int{45, 30, 100} {
			c := l.client()
			for n := range calls {
				if err := c.get(t.Context(), "invoice/1", nil, nil); err != nil {
					t.Fatal(err)
				}
				if n%3 > 0 {
					continue
				}
				if err := c.post(t.Context(), "batch", nil, map[string]string{}, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		if second, batches := most(l.out, time.Second), most(l.batches, time.Minute); second > 10 || batches > 40 {
			t.Errorf("%d calls in a second, %d batches in a minute", second, batches)
		}
	})
}

// Those who waited for the end of a throttle do not all go out at once.
func TestAThrottleEndsInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &line{took: 100 * time.Millisecond, refused: 4}
		c := l.client()
		var group sync.WaitGroup
		for range 40 {
			group.Go(func() {
				if err := c.get(t.Context(), "invoice/1", nil, nil); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := most(l.out, time.Second); got > callsPerSecond || len(l.out) != 44 {
			t.Errorf("%d calls, %d of them in a second", len(l.out), got)
		}
	})
}
