package fakeqbo

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestWindow: whichever way calls come, no stretch as long as the window holds more
// than the limit, and none is refused that would fit.
func TestWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const span = time.Second
		limit := rapid.IntRange(0, 6).Draw(t, "limit")
		now := time.Date(2026, time.November, 25, 9, 0, 0, 0, time.UTC)
		var w window
		var taken []time.Time
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			now = now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "pause")) * time.Millisecond)
			within := 0
			for _, at := range taken {
				if now.Sub(at) < span {
					within++
				}
			}
			if full := w.full(now, span, limit); full != (within >= limit) {
				t.Fatalf("full is %t with %d of %d calls within the second before %v", full, within, limit, now)
			}
			if within < limit {
				w.add(now)
				taken = append(taken, now)
			}
		}
	})
}
