package ar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is a whole calendar month, quarter or year.
type Period struct {
	From, To Date
	// Months is how long it is: 1, 3 or 12.
	Months int
}

// NewPeriod returns the period of so many months that begins with a month.
func NewPeriod(year int, first time.Month, months int) Period {
	from := NewDate(year, first, 1)
	y, m, _ := from.Civil()
	return Period{From: from, To: NewDate(y, m+time.Month(months), 1).AddDays(-1), Months: months}
}

// String names the period: "September 2026", "Q3 2026", "2026".
func (p Period) String() string {
	year, month, _ := p.From.Civil()
	switch p.Months {
	case 1:
		return fmt.Sprintf("%s %d", month, year)
	case 3:
		return fmt.Sprintf("Q%d %d", (month+2)/3, year)
	}
	return strconv.Itoa(year)
}

// AsOf returns the date from which a period is looked at: its end, or today while it is
// under way.
func (p Period) AsOf(today Date) Date {
	if p.To.After(today) {
		return today
	}
	return p.To
}

var (
	isoMonth   = regexp.MustCompile(`^(\d{4})[-/](\d{1,2})$`)
	isoQuarter = regexp.MustCompile(`^(\d{4})[- ]?q([1-4])$`)
	quarterOf  = regexp.MustCompile(`^q([1-4])(?:[- /]?(\d{4}))?$`)
	bareYear   = regexp.MustCompile(`^(20\d{2})$`)
	monthOf    = regexp.MustCompile(`^([a-z]+)\.?(?: (\d{4}))?$`)
)

// ReadPeriod reads a month, quarter or year that has begun, as a person types it: "last
// quarter", "this month", "2026-Q3", "Q3", "Q3 2025", "2026-09", "september", "Sep 2025",
// "2025". Without a year it is the latest that has begun. It reports false for anything
// else, and for what is still ahead.
func ReadPeriod(text string, today Date) (Period, bool) {
	s := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, read := range []func(string, Date) (Period, bool){readRelative, readQuarter, readMonth, readYear} {
		if p, ok := read(s, today); ok {
			return p, !p.From.After(today)
		}
	}
	return Period{}, false
}

func readRelative(s string, today Date) (Period, bool) {
	which, unit, _ := strings.Cut(s, " ")
	back := map[string]int{"this": 0, "current": 0, "last": 1, "previous": 1}
	n, known := back[which]
	year, month, _ := today.Civil()
	switch {
	case !known:
		return Period{}, false
	case unit == "month":
		return NewPeriod(year, month-time.Month(n), 1), true
	case unit == "quarter":
		return NewPeriod(year, month-(month-1)%3-time.Month(3*n), 3), true
	case unit == "year":
		return NewPeriod(year-n, time.January, 12), true
	}
	return Period{}, false
}

func readQuarter(s string, today Date) (Period, bool) {
	var year, quarter string
	if m := isoQuarter.FindStringSubmatch(s); m != nil {
		year, quarter = m[1], m[2]
	} else if m := quarterOf.FindStringSubmatch(s); m != nil {
		year, quarter = m[2], m[1]
	} else {
		return Period{}, false
	}
	n, _ := strconv.Atoi(quarter) // the expression lets only digits pass
	return latest(year, today, func(y int) Period { return NewPeriod(y, time.Month(3*n-2), 3) }), true
}

func readMonth(s string, today Date) (Period, bool) {
	if m := isoMonth.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[2]) // the expression lets only digits pass
		if n < 1 || n > 12 {
			return Period{}, false
		}
		return latest(m[1], today, func(y int) Period { return NewPeriod(y, time.Month(n), 1) }), true
	}
	m := monthOf.FindStringSubmatch(s)
	if m == nil || len(m[1]) < 3 {
		return Period{}, false
	}
	for n := time.January; n <= time.December; n++ {
		full := strings.ToLower(n.String())
		if m[1] == full || m[1] == full[:3] || m[1] == "sept" && n == time.September {
			return latest(m[2], today, func(y int) Period { return NewPeriod(y, n, 1) }), true
		}
	}
	return Period{}, false
}

func readYear(s string, _ Date) (Period, bool) {
	m := bareYear.FindStringSubmatch(s)
	if m == nil {
		return Period{}, false
	}
	year, _ := strconv.Atoi(m[1]) // the expression lets only digits pass
	return NewPeriod(year, time.January, 12), true
}

// latest is the period in the year that was typed; in the last year in which it has begun
// where none was.
func latest(year string, today Date, in func(int) Period) Period {
	if year != "" {
		y, _ := strconv.Atoi(year) // the expressions let only digits pass
		return in(y)
	}
	y, _, _ := today.Civil()
	if p := in(y); !p.From.After(today) {
		return p
	}
	return in(y - 1)
}
