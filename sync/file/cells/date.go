package cells

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"arbot/ar"
)

// Order is the order of day and month in a date of numbers.
type Order int

// The orders. A date that begins with its year has only one.
const (
	NoOrder Order = iota
	DayFirst
	MonthFirst
)

// String is the order as a layout.
func (o Order) String() string {
	return [...]string{"dates with the month's name or the year first", "DD/MM/YYYY", "MM/DD/YYYY"}[o]
}

// ParseOrder reads a layout for its order: DD/MM/YYYY, MM-DD-YY; "" is none.
func ParseOrder(layout string) (Order, error) {
	day, month := strings.IndexByte(layout, 'D'), strings.IndexByte(layout, 'M')
	switch {
	case layout == "" || strings.HasPrefix(layout, "YYYY"):
		return NoOrder, nil
	case day < 0 || month < 0:
		return NoOrder, fmt.Errorf("%q is not an order such as DD/MM/YYYY or MM/DD/YYYY", layout)
	case day < month:
		return DayFirst, nil
	}
	return MonthFirst, nil
}

// Dates is the way in which a column writes dates.
type Dates struct {
	Order Order
	// Serial says that a number is a day of a workbook, counted from 1904 with
	// Epoch1904 and from 1900 without.
	Serial, Epoch1904 bool
}

// Days finds out which order a column of dates has, cell by cell.
type Days struct {
	// DayFirst and MonthFirst are the first cells that prove an order, Unsure the first
	// that can be read both ways.
	DayFirst, MonthFirst, Unsure Proof
}

// See looks at a cell.
func (d *Days) See(row int, cell string) {
	parts := dateParts(cell)
	if len(parts) != 3 || len(parts[0]) > 2 || !onlyDigits(parts[0]) || !onlyDigits(parts[1]) || len(parts[1]) > 2 {
		return
	}
	first, second := number(parts[0]), number(parts[1])
	proof := Proof{Row: row, Cell: cell}
	switch {
	case first > 12 && second > 12:
	case first > 12 && d.DayFirst.Row == 0:
		d.DayFirst = proof
	case second > 12 && d.MonthFirst.Row == 0:
		d.MonthFirst = proof
	case first <= 12 && second <= 12 && first != second && d.Unsure.Row == 0:
		d.Unsure = proof
	}
}

// Order is the one that was proved first. sure is false where a cell can be read both
// ways and nothing proves one of them.
func (d *Days) Order() (order Order, sure bool) {
	switch {
	case d.DayFirst.Row > 0 && (d.MonthFirst.Row == 0 || d.DayFirst.Row <= d.MonthFirst.Row):
		return DayFirst, true
	case d.MonthFirst.Row > 0:
		return MonthFirst, true
	}
	return NoOrder, d.Unsure.Row == 0
}

// Parse reads a date: 2026-11-05, 05/11/2026 by the order, 5. November 2026, Nov 5,
// 2026, or a day of a workbook; a time of day behind it does not count. A date that does
// not exist is an *Error.
func (d Dates) Parse(cell string) (ar.Date, error) {
	if date, ok := d.Day(cell); ok {
		return date, nil
	}
	parts := dateParts(cell)
	if len(parts) != 3 {
		return ar.Date{}, noDate()
	}
	for i, part := range parts {
		if m, ok := month(part); ok {
			return named(parts, i, m)
		}
	}
	for _, part := range parts {
		if !onlyDigits(part) {
			return ar.Date{}, noDate()
		}
	}
	if len(parts[0]) == 4 {
		return civil(number(parts[0]), number(parts[1]), number(parts[2]))
	}
	day, month := parts[0], parts[1]
	if d.Order == MonthFirst {
		day, month = month, day
	}
	if d.Order == NoOrder && day != month {
		return ar.Date{}, &Error{"nothing says whether the day or the month comes first", "Say it with dates: DD/MM/YYYY or dates: MM/DD/YYYY"}
	}
	date, err := civil(year(parts[2]), number(month), number(day))
	if err != nil {
		return ar.Date{}, &Error{fmt.Sprintf("there is no such date, read as %s", d.Order), "Write a date that exists, in the order of the other rows"}
	}
	return date, nil
}

func noDate() error {
	return &Error{"it is not a date", "Write a date that exists, in the way of the other rows"}
}

// dateParts are the three parts of a date, without a time of day and a weekday.
func dateParts(cell string) []string {
	cell = strings.TrimSpace(cell)
	if day, clock, ok := strings.Cut(cell, "T"); ok && len(day) >= 8 && clock != "" && clock[0] >= '0' && clock[0] <= '9' {
		cell = day
	}
	fields := strings.FieldsFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("/.-,", r) })
	var parts []string
	for _, f := range fields {
		if strings.ContainsRune(f, ':') {
			break
		}
		switch strings.ToLower(f) {
		case "de", "del", "of", "le", "den", "the":
			continue
		}
		parts = append(parts, f)
	}
	if len(parts) == 4 && !startsWithDigit(parts[0]) {
		if _, ok := month(parts[0]); !ok {
			parts = parts[1:] // the weekday
		}
	}
	return parts
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// named reads a date whose month has its name at one of the places.
func named(parts []string, at int, m time.Month) (ar.Date, error) {
	var rest []string
	for i, p := range parts {
		if i != at {
			rest = append(rest, p)
		}
	}
	day, y := ordinal(rest[0]), rest[1]
	if len(rest[0]) == 4 {
		day, y = ordinal(rest[1]), rest[0]
	}
	if !onlyDigits(day) || !onlyDigits(y) || day == "" || y == "" {
		return ar.Date{}, noDate()
	}
	return civil(year(y), int(m), number(day))
}

// ordinal takes the letters off 1st, 2nd, 3rd, 4th and 1er.
func ordinal(s string) string {
	for _, suffix := range []string{"st", "nd", "rd", "th", "er"} {
		if cut, ok := strings.CutSuffix(strings.ToLower(s), suffix); ok {
			return cut
		}
	}
	return s
}

// year reads a year of two or four digits; 70 to 99 are those of the last century.
func year(s string) int {
	y := number(s)
	switch {
	case len(s) != 2:
		return y
	case y < 70:
		return 2000 + y
	}
	return 1900 + y
}

// civil makes a date that exists, in a year that a ledger can have.
func civil(y, m, d int) (ar.Date, error) {
	date := ar.NewDate(y, time.Month(m), d)
	if gotY, gotM, gotD := date.Civil(); gotY != y || int(gotM) != m || gotD != d {
		return ar.Date{}, &Error{"there is no such date", "Write a date that exists"}
	}
	if y < 1900 || y > 2199 {
		return ar.Date{}, &Error{fmt.Sprintf("the year %d cannot be right", y), "Write the year with four digits"}
	}
	return date, nil
}

// Day reads the day of a workbook; ok is false where the cell is none. It is a count of
// days and has no zone: from 1904-01-01, which is day 0, or so that day 1 is 1900-01-01.
// Since that one takes 1900 for a leap year, its days from 61 on count from 1899-12-30; no
// ledger has earlier ones.
func (d Dates) Day(cell string) (day ar.Date, ok bool) {
	if !d.Serial || !isNumber(cell) {
		return ar.Date{}, false
	}
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil || f < 1 || !d.Epoch1904 && f < 61 || f > 109_574 { // 2199-12-31
		return ar.Date{}, false
	}
	epoch := ar.NewDate(1899, 12, 30)
	if d.Epoch1904 {
		epoch = ar.NewDate(1904, 1, 1)
	}
	return epoch.AddDays(int(math.Floor(f))), true
}

func isNumber(s string) bool {
	whole, fraction, _ := strings.Cut(s, ".")
	return whole != "" && onlyDigits(whole) && onlyDigits(fraction)
}

// number reads digits; what is too long for a date is 0.
func number(digits string) int {
	if len(digits) > 4 {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
