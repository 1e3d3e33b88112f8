package sampleco

import (
	"time"

	"arbot/ar"
)

// businessDay reports whether the office posts anything on a date: not at
// weekends, nor on three holidays.
func businessDay(d ar.Date) bool {
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	case time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday:
	}
	_, month, day := d.Civil()
	holiday := month == time.January && day == 1 || month == time.July && day == 4 || month == time.December && day == 25
	return !holiday
}

// onOrAfter returns the first business day from d on.
func onOrAfter(d ar.Date) ar.Date {
	for !businessDay(d) {
		d = d.AddDays(1)
	}
	return d
}

// onOrBefore returns the last business day up to d.
func onOrBefore(d ar.Date) ar.Date {
	for !businessDay(d) {
		d = d.AddDays(-1)
	}
	return d
}

// businessDaysAfter returns the nth business day after d.
func businessDaysAfter(d ar.Date, n int) ar.Date {
	for range n {
		d = onOrAfter(d.AddDays(1))
	}
	return d
}

// payRun returns the first biweekly Friday from d on, or the business day after
// it where that is a holiday.
func payRun(d ar.Date) ar.Date {
	const friday = 1 // 1970-01-02
	for {
		if (d.EpochDays()-friday)%14 == 0 {
			return onOrAfter(d)
		}
		d = d.AddDays(1)
	}
}

// season is how busy a month is, January first; 1000 is an average month. A
// wholesaler of building and garden goods sells most before summer and before
// the year's end.
var season = [12]int{750, 800, 950, 1120, 1220, 1150, 950, 880, 1050, 1150, 1110, 870}

func seasonOf(d ar.Date) int {
	_, month, _ := d.Civil()
	return season[month-1]
}
