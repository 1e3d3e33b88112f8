package ar

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a civil date: a year, a month and a day without a time or a zone.
// Document, due, promise and as-of dates are civil dates. The zero value is
// no date; it sorts before every date from the year 0 on.
type Date struct {
	days int32 // since the last day before the year 0, which stands for no date
}

const (
	secondsPerDay = 24 * 60 * 60
	// epoch is 1970-01-01 as days of a Date.
	epoch = 719_529
)

// NewDate returns a civil date; a day past the end of its month is carried
// into the next, as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return DateFromEpochDays(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DateOf returns the civil date that the clock on the wall of loc shows at t.
// This is the one place where an instant becomes a date.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return NewDate(y, m, d)
}

// DateFromEpochDays is the inverse of EpochDays.
func DateFromEpochDays(days int64) Date { return Date{days: int32(days + epoch)} } // years up to 5.8 million

// EpochDays returns the days since 1970-01-01, the form in which dates are
// stored; it is below 0 before. It is meaningless for the zero Date.
func (d Date) EpochDays() int64 { return int64(d.days) - epoch }

// ParseDate reads YYYY-MM-DD. A date that does not exist (2026-02-30) is an
// error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2026-11-25", s)
	}
	return DateOf(t, time.UTC), nil
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.days == 0 }

// In returns the instant at which the date begins in loc: midnight, or the
// moment after it where the clocks jump over midnight (Santiago, Beirut).
func (d Date) In(loc *time.Location) time.Time {
	y, m, day := d.Civil()
	midnight := time.Date(y, m, day, 0, 0, 0, 0, loc)
	if DateOf(midnight, loc).Before(d) {
		_, midnight = midnight.ZoneBounds() // the moment of the jump
	}
	return midnight
}

// Civil returns year, month and day.
func (d Date) Civil() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// AddDays returns the date n days later, or earlier where n is below 0.
func (d Date) AddDays(n int) Date { return Date{days: d.days + int32(n)} }

// Sub returns the days from o to d: 1 for tomorrow.Sub(today). Civil dates
// have no hours, so the day on which the clocks change counts as one.
func (d Date) Sub(o Date) int { return int(d.days) - int(o.days) }

// Before reports whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.days < o.days }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d.days > o.days }

// Compare returns -1, 0 or 1.
func (d Date) Compare(o Date) int { return cmp.Compare(d.days, o.days) }

// MonthStart returns the first day of the date's month.
func (d Date) MonthStart() Date {
	y, m, _ := d.Civil()
	return NewDate(y, m, 1)
}

// MonthEnd returns the last day of the date's month.
func (d Date) MonthEnd() Date {
	y, m, _ := d.Civil()
	return NewDate(y, m+1, 0)
}

// Latest returns the latest of dates; no date where there is none.
func Latest(dates ...Date) Date {
	var latest Date
	for _, d := range dates {
		if d.After(latest) {
			latest = d
		}
	}
	return latest
}

// String returns YYYY-MM-DD, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Long spells the date for people, so that day and month cannot be mixed up:
// Wed 25 Nov 2026.
func (d Date) Long() string {
	if d.IsZero() {
		return "no date"
	}
	return d.utc().Format("Mon 2 Jan 2006")
}

// Short is Long without weekday and year: 25 Nov.
func (d Date) Short() string {
	if d.IsZero() {
		return "no date"
	}
	return d.utc().Format("2 Jan")
}

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD, or nothing as no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

func (d Date) utc() time.Time { return time.Unix(d.EpochDays()*secondsPerDay, 0).UTC() }
