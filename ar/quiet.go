package ar

import (
	"fmt"
	"time"
)

// Clock is a time of the day.
type Clock struct{ Hour, Minute int }

// Before reports whether it comes first in a day.
func (c Clock) Before(o Clock) bool {
	return c.Hour < o.Hour || c.Hour == o.Hour && c.Minute < o.Minute
}

// parseClock reads a time like "09:30" or "9:30".
func parseClock(text string) (c Clock, ok bool) {
	if n, err := fmt.Sscanf(text, "%d:%d", &c.Hour, &c.Minute); n != 2 || err != nil {
		return Clock{}, false
	}
	if fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) != text && fmt.Sprintf("%d:%02d", c.Hour, c.Minute) != text {
		return Clock{}, false
	}
	return c, c.Hour >= 0 && c.Hour < 24 && c.Minute >= 0 && c.Minute < 60
}

// on is the instant at which the clocks of a zone show the time on a day.
func (c Clock) on(day Date, zone *time.Location) time.Time {
	y, m, n := day.Civil()
	return time.Date(y, m, n, c.Hour, c.Minute, 0, 0, zone)
}

// Quiet are hours in which nothing is posted that nobody asked for. They may go
// over midnight. The zero Quiet is none.
type Quiet struct {
	// From is the first minute of them, To the first after them.
	From, To Clock
	Zone     *time.Location
}

// Covers reports whether a time of the day lies in them.
func (q Quiet) Covers(c Clock) bool {
	switch {
	case q.From == q.To:
		return false
	case q.From.Before(q.To):
		return !c.Before(q.From) && c.Before(q.To)
	}
	return !c.Before(q.From) || c.Before(q.To)
}

// Until returns when the quiet hours end in which an instant lies; false where it
// lies in none.
func (q Quiet) Until(now time.Time) (end time.Time, quiet bool) {
	if q.Zone == nil {
		return time.Time{}, false
	}
	here := now.In(q.Zone)
	if !q.Covers(Clock{here.Hour(), here.Minute()}) {
		return time.Time{}, false
	}
	day := DateOf(now, q.Zone)
	for end = q.To.on(day, q.Zone); !end.After(now); end = q.To.on(day, q.Zone) {
		day = day.AddDays(1)
	}
	return end, true
}
