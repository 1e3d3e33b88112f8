package jobs

import (
	"context"
	"slices"
	"time"

	"arbot/ar"
)

// Daily is something that runs once on a business day at a wall-clock time.
type Daily struct {
	Name string
	// Hour and Minute are of the zone, whatever its offset that day.
	Hour, Minute int
	// Zone is whose clock counts; nil is the timetable's, the company's. The day
	// that it runs for is the company's all the same.
	Zone *time.Location
	// Weekdays are the days on which it runs; on those that are Off (holidays) it
	// does not all the same. A nil Off has none.
	Weekdays []time.Weekday
	Off      func(ar.Date) bool
	// Run does it for a day. It must bear being called twice for one day: a
	// tick may come double, late, and from several replicas.
	Run func(ctx context.Context, day ar.Date) error
}

// OnDay reports whether it runs on that date.
func (d Daily) OnDay(day ar.Date) bool {
	return slices.Contains(d.Weekdays, day.Weekday()) && (d.Off == nil || !d.Off(day))
}

// at is the instant at which it runs for a date of the company. A time that the
// clocks skip is taken as time.Date takes it, an hour off.
func (d Daily) at(day ar.Date, company *time.Location) time.Time {
	if d.Zone == nil || d.Zone == company {
		return d.clock(day, company)
	}
	// The same date on another clock can lie on the company's day before or after.
	for _, there := range []ar.Date{day.AddDays(-1), day, day.AddDays(1)} {
		if at := d.clock(there, d.Zone); ar.DateOf(at, company) == day {
			return at
		}
	}
	return d.clock(day, d.Zone) // the day on which one of the clocks was changed over it
}

func (d Daily) clock(day ar.Date, zone *time.Location) time.Time {
	y, m, n := day.Civil()
	return time.Date(y, m, n, d.Hour, d.Minute, 0, 0, zone)
}

// horizon is how far ahead Next looks: more than a year of holidays is a fault of
// the config.
const horizon = 400

// Next is the first instant after another at which it runs; false where there is
// none within a year.
func (d Daily) Next(after time.Time, company *time.Location) (time.Time, bool) {
	for day, n := ar.DateOf(after, company), 0; n < horizon; day, n = day.AddDays(1), n+1 {
		if at := d.at(day, company); d.OnDay(day) && at.After(after) {
			return at, true
		}
	}
	return time.Time{}, false
}
