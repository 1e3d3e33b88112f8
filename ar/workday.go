package ar

import (
	"slices"
	"time"
)

// Workdays are the business days of the company. They count the grace of a
// promise and the time for a dispute; days overdue stay calendar days. The zero
// value is Monday to Friday without holidays.
type Workdays struct {
	// Weekdays are the days of the work week; none means Monday to Friday.
	Weekdays []time.Weekday
	// Off reports the holidays; nil has none.
	Off func(Date) bool
}

// longestRest is how many days without a business day are believed; more is a
// fault of the calendar, and every day counts after it.
const longestRest = 60

// Works reports whether a date is a business day.
func (w Workdays) Works(d Date) bool {
	day := d.Weekday()
	inWeek := slices.Contains(w.Weekdays, day)
	if len(w.Weekdays) == 0 {
		inWeek = day != time.Saturday && day != time.Sunday
	}
	return inWeek && (w.Off == nil || !w.Off(d))
}

// Add returns the n-th business day after a date, or before it where n is below
// 0. Add(d, 0) is d, also on a Sunday.
func (w Workdays) Add(d Date, n int) Date {
	step := 1
	if n < 0 {
		step = -1
	}
	for ; n != 0; n -= step {
		d = d.AddDays(step)
		for rest := 0; !w.Works(d) && rest < longestRest; rest++ {
			d = d.AddDays(step)
		}
	}
	return d
}

// Between counts the business days after from up to and including to; below 0
// where to is earlier. It is how late or how early something is on the
// company's clock.
func (w Workdays) Between(from, to Date) int {
	if to.Before(from) {
		return -w.Between(to, from)
	}
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if w.Works(d) {
			n++
		}
	}
	return n
}
