package fakeqbo

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestOneValueLives: of all values that a connection ever had, the last one works and
// no other, until it has not been used for its life or the connection is too old.
func TestOneValueLives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		opt, err := Options{Now: time.Now, RotateAfter: rapid.SampledFrom([]time.Duration{0, -1, time.Hour}).Draw(t, "rotate after")}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		g := newSignIn(opt)
		began := time.Date(2026, time.November, 25, 9, 0, 0, 0, time.UTC)
		now, issued := began, began
		values := []string{g.connect("1", now).Refresh}
		for range rapid.IntRange(1, 40).Draw(t, "refreshes") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40*24*60).Draw(t, "minutes")) * time.Minute)
			i := rapid.IntRange(0, len(values)-1).Draw(t, "value")
			last := len(values) - 1
			alive := i == last && now.Before(issued.Add(RefreshLife)) && now.Before(began.Add(hardLife))
			out, rotated, dead := g.use(values[i], now)
			if alive != (dead == "") {
				t.Fatalf("value %d of %d, %v old, was refused with %q", i+1, last+1, now.Sub(issued), dead)
			}
			if !alive {
				continue
			}
			if due := now.Sub(issued) >= opt.RotateAfter; rotated != due || rotated != (out.Refresh != values[i]) {
				t.Fatalf("rotated is %t for a value %v old", rotated, now.Sub(issued))
			}
			if rotated {
				values, issued = append(values, out.Refresh), now
			}
		}
	})
}
