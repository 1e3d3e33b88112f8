package ar

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Typing is where and when a person types: what dates and amounts are read by.
type Typing struct {
	Today    Date
	Locale   Locale
	Workdays Workdays
	// Currency is used where the text names none: the invoice's, or the
	// company's.
	Currency Currency
}

// DateReading is what a typed date can mean. One date without a question is
// clear; else the question is asked, with the dates as its choices.
type DateReading struct {
	Dates []Date
	Ask   string
}

// Clear returns the date where there is no question.
func (r DateReading) Clear() (Date, bool) {
	if len(r.Dates) == 1 && r.Ask == "" {
		return r.Dates[0], true
	}
	return Date{}, false
}

// Date reads a date to come, as a person types it: "Friday", "EOM", "by the
// 15th", "in 2 weeks", "12/5", "15. Dezember", "fin du mois", "el viernes", "in 3
// business days". Where two dates are possible both are returned. A date that is
// past, or that does not exist, is refused by name.
func (t Typing) Date(text string) (DateReading, error) {
	clean := strings.Trim(CleanTyped(text), `"`)
	r := dateReader{Typing: t, marks: scan(clean, t.Locale), alone: true}
	found := r.at(0)
	// Only what stops a sentence may be left over.
	if found.n > 0 && found.err != nil {
		return DateReading{}, found.err
	}
	if found.n == 0 || found.n < len(r.marks) {
		example := "12/31, 31 Dec, Friday, EOM or 2026-12-31"
		if t.Locale.DayFirst {
			example = "31/12, 31 Dec, Friday, EOM or 2026-12-31"
		}
		return DateReading{}, Refuse("I cannot read %q as a date. Type it like %s.", clean, example)
	}
	return found.reading(clean), nil
}

// dates is what was found at a place of a text: the dates that it can mean, and
// how many marks it takes; 0 where there is no date.
type dates struct {
	list []Date
	n    int
	// ask is a question that even a single date raises.
	ask string
	err error
}

func (d dates) reading(text string) DateReading {
	r := DateReading{Dates: d.list, Ask: d.ask}
	if r.Ask == "" && len(r.Dates) > 1 {
		names := make([]string, len(r.Dates))
		for i, date := range r.Dates {
			names[i] = date.Long()
		}
		r.Ask = fmt.Sprintf("Is %q %s?", strings.TrimSpace(text), strings.Join(names, " or "))
	}
	return r
}

// dateReader finds dates among marks.
type dateReader struct {
	Typing

	marks []mark
	// alone: the text is a date and nothing else, so that 5.12 is no amount.
	alone bool
}

// mark returns the mark at a place, or one that means nothing past the end.
func (r dateReader) mark(i int) mark {
	if i < 0 || i >= len(r.marks) {
		return mark{}
	}
	return r.marks[i]
}

// skip returns the next place from i on that is none of the words; it does not
// look far.
func (r dateReader) skip(i int, w ...word) int {
	for end := i + mostLeads; i < min(end, len(r.marks)) && r.marks[i].is(w...); {
		i++
	}
	return i
}

// mostLeads is how many words like "by the" may stand before a date.
const mostLeads = 4

// at finds the date that begins at a place, with the words that lead to it.
func (r dateReader) at(i int) dates {
	for j := i; j < len(r.marks) && j-i <= mostLeads; j++ {
		if found := r.longest(j, j > i); found.n > 0 {
			found.n += j - i
			end := r.skip(i+found.n, wordDayEnd)
			found.n = end - i
			if next := r.mark(end); found.err == nil && (next.is(wordAfter) || next.text == "later") {
				found.err = Refuse("I cannot tell which day %q is. Type the date, like %s.", strings.TrimSpace(r.mark(end-1).raw+" "+next.raw), r.example())
			}
			return r.bounded(found, r.marks[i:j], j)
		}
		if !r.marks[j].is(wordLead, wordFill, wordBefore, wordAfter, wordDayEnd) {
			break
		}
	}
	if at := r.skip(i, wordLead, wordFill); r.mark(at).is(wordDayEnd) {
		return one(at-i+1, r.Today)
	}
	return dates{}
}

func (r dateReader) longest(j int, led bool) dates {
	if r.marks[j].quoted {
		return dates{}
	}
	var best dates
	for _, rule := range []func(int, bool) dates{
		r.dayWord, r.weekday, r.periodEnd, r.span, r.numeric, r.dayOfMonth, r.monthAndDay, r.nextWorkday, r.vague, r.weekOf,
	} {
		if found := rule(j, led); found.n > best.n {
			best = found
		}
	}
	return best
}

// bounded takes "before" and "after" into account, and refuses what is past.
func (r dateReader) bounded(found dates, leads []mark, at int) dates {
	if found.err != nil {
		return found
	}
	has := func(w word) bool { return slices.ContainsFunc(leads, func(m mark) bool { return m.is(w) }) }
	end := r.mark(at).is(wordEnd, wordMonthEnd, wordWeekEnd, wordQuarterEnd, wordYearEnd, wordLastWorkday)
	if has(wordAfter) {
		found.err = Refuse("After %s is no date to hold on to. By which day will it be paid?", found.list[0].Long())
		return found
	}
	if has(wordBefore) && !end {
		for _, d := range slices.Clone(found.list) {
			found.list = append(found.list, d.AddDays(-1))
		}
	}
	ahead := slices.DeleteFunc(slices.Clone(found.list), func(d Date) bool { return d.Before(r.Today) })
	if len(ahead) == 0 {
		found.err = Refuse("%s is past. Give a date from today on.", found.list[0].Long())
		return found
	}
	slices.SortFunc(ahead, Date.Compare)
	found.list = slices.Compact(ahead)
	return found
}

func one(n int, d ...Date) dates { return dates{list: d, n: n} }

func (r dateReader) dayWord(j int, _ bool) dates {
	for ahead, w := range []word{wordToday, wordTomorrow, wordOvermorrow} {
		if r.mark(j).is(w) {
			return one(1, r.Today.AddDays(ahead))
		}
	}
	if r.mark(j).is(wordYesterday) {
		return one(1, r.Today.AddDays(-1))
	}
	return dates{}
}

// weekday reads "Friday", "next Friday", "viernes que viene", "Friday next
// week", "next week Friday", "Friday 4 Dec".
func (r dateReader) weekday(j int, _ bool) dates {
	if weeks, n := r.week(j); n > 0 {
		if day := r.mark(j + n).index(weekdayWords); day >= 0 {
			return one(n+1, r.inWeek(weeks, time.Weekday(day)))
		}
	}
	before := r.mark(j)
	k := j
	if before.is(wordNext, wordThis, wordComing, wordLast) {
		k = r.skip(j+1, wordFill)
	}
	day := time.Weekday(r.mark(k).index(weekdayWords))
	if day < time.Sunday || r.mark(k).quoted {
		return dates{}
	}
	after := r.mark(k + 1)
	switch weeks, n := r.week(k + 1); {
	case k > j:
		return dates{list: r.weekdayBy(before, day), n: k - j + 1}
	case n > 0:
		return one(n+1, r.inWeek(weeks, day))
	case after.is(wordNext, wordComing, wordThis):
		return dates{list: r.weekdayBy(after, day), n: 2}
	case after.text == "week":
		return one(2, r.coming(day).AddDays(7))
	}
	return r.weekdayWithDate(k, day)
}

// weekdayBy reads a weekday with a word beside it. "Next Friday" said on a
// Wednesday is the one in two days or the one after it.
func (r dateReader) weekdayBy(by mark, day time.Weekday) []Date {
	next := r.coming(day)
	switch {
	case by.is(wordLast):
		return []Date{next.AddDays(-7)}
	case by.is(wordThis) && r.Today.Weekday() == day:
		return []Date{r.Today}
	case by.is(wordThis, wordComing), next.Sub(r.Today) == 7:
		return []Date{next}
	case weekStart(next) == weekStart(r.Today), r.Today.Weekday() == time.Sunday:
		return []Date{next, next.AddDays(7)}
	}
	return []Date{next}
}

// weekdayWithDate reads a weekday alone, or with the date that it is. Said on
// that day itself it is today or in a week.
func (r dateReader) weekdayWithDate(k int, day time.Weekday) dates {
	next := r.skip(k+1, wordFill)
	if slices.Contains([]string{"den", "am", "le", "el"}, r.mark(next).text) {
		next++
	}
	if _, ordinal, isDay := r.mark(next).day(); next < len(r.marks) {
		found := r.longestOf(next, r.numeric, r.dayOfMonth, r.monthAndDay)
		bare := isDay && !ordinal && !r.mark(next).dot && found.n <= 1
		fits := found.n > 0 && found.err == nil && slices.ContainsFunc(found.list, func(d Date) bool { return d.Weekday() == day })
		switch {
		case !fits && r.maybeAmount(next) && (found.err != nil || r.at(next+1).n > 0): // "by Sunday, 88.51 by the 20th"
		case found.n > 0 && (fits || found.err != nil) && !bare:
			found.list = slices.DeleteFunc(found.list, func(d Date) bool { return d.Weekday() != day })
			found.n += next - k
			return found
		case fits: // "viernes 4"
			found.n += next - k
			return found
		case found.n > 0 && !bare:
			found.err = Refuse("%s is a %s, not a %s. Type the date again.", found.list[0].Long(), found.list[0].Weekday(), day)
			found.n += next - k
			return found
		}
	}
	if r.Today.Weekday() == day {
		return one(1, r.Today, r.Today.AddDays(7))
	}
	return one(1, r.coming(day))
}

func (r dateReader) longestOf(j int, rules ...func(int, bool) dates) (best dates) {
	for _, rule := range rules {
		if found := rule(j, true); found.n > best.n {
			best = found
		}
	}
	return best
}

// coming returns the next such weekday after today.
func (r dateReader) coming(day time.Weekday) Date {
	return r.Today.AddDays(int(day-r.Today.Weekday()+6)%7 + 1)
}

// inWeek returns a weekday of the week that is so many ahead.
func (r dateReader) inWeek(ahead int, day time.Weekday) Date {
	return weekStart(r.Today).AddDays(7*ahead + (int(day)+6)%7)
}

// weekStart returns the Monday of the date's week.
func weekStart(d Date) Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }

var (
	yearFirst   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	numericDate = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})(?:[-/.](\d{2}|\d{4}))?$`)
)

// numeric reads "2026-12-05", "12/5", "5.12.", "05-12-2026".
func (r dateReader) numeric(j int, led bool) dates {
	m := r.mark(j)
	if y := yearFirst.FindStringSubmatch(m.text); y != nil {
		return r.exact(1, atoi(y[1]), atoi(y[2]), atoi(y[3]), m.raw)
	}
	d := numericDate.FindStringSubmatch(m.text)
	if d == nil || d[2] == "-" && d[4] == "" {
		return dates{}
	}
	if !led && r.maybeAmount(j) {
		return dates{} // an amount
	}
	a, b := atoi(d[1]), atoi(d[3])
	var found dates
	for _, dayFirst := range r.orders(d[2]) {
		month, day := a, b
		if dayFirst {
			month, day = b, a
		}
		one := r.exact(1, year(d[4]), month, day, m.raw)
		if one.err == nil {
			found.list = append(found.list, one.list...)
			found.ask = one.ask
		} else if found.err == nil {
			found.err = one.err
		}
	}
	found.n = 1
	if len(found.list) > 0 {
		found.err = nil
	}
	if len(found.list) > 1 {
		slices.SortFunc(found.list, Date.Compare)
		found.list, found.ask = slices.Compact(found.list), ""
	}
	return found
}

// maybeAmount reports whether what looks like a date with a point can be an amount.
func (r dateReader) maybeAmount(j int) bool {
	d := numericDate.FindStringSubmatch(r.mark(j).text)
	return d != nil && d[2] == "." && d[4] == "" && !r.mark(j).dot && !r.alone && !r.Locale.DecimalComma
}

// orders are the orders of day and month in which a date may be meant; true is
// the day first. Dates with points are written so in no country that has the
// month first, so they are read both ways there.
func (r dateReader) orders(separator string) []bool {
	switch {
	case r.Locale.Unset, separator == "." && !r.Locale.DayFirst:
		return []bool{r.Locale.DayFirst, !r.Locale.DayFirst}
	}
	return []bool{r.Locale.DayFirst}
}

// year reads two or four digits; 0 is none.
func year(s string) int {
	y := atoi(s)
	if s != "" && len(s) == 2 {
		y += 2000
	}
	return y
}

// exact returns the date of a year, or of the next year in which it is ahead.
// What does not exist is refused by its name.
func (r dateReader) exact(n, y, month, day int, raw string) dates {
	if month < 1 || month > 12 {
		return dates{n: n, err: Refuse("There is no month %d in %q. Dates here are written like %s.", month, raw, r.example())}
	}
	if most := daysIn(2028, time.Month(month)); day < 1 || day > most {
		return dates{n: n, err: Refuse("There is no %d %s: it has %d days.", day, time.Month(month), most)}
	}
	if y > 0 {
		d, ok := existing(y, time.Month(month), day)
		if !ok {
			return dates{n: n, err: Refuse("There is no %d %s %d: it has %d days.", day, time.Month(month), y, daysIn(y, time.Month(month)))}
		}
		return one(n, d)
	}
	return r.inYear(0, n, func(y int) (Date, bool) { return existing(y, time.Month(month), day) })
}

func (r dateReader) example() string {
	if r.Locale.DayFirst {
		return "31/12"
	}
	return "12/31"
}

// suspicious is how many days ahead a date without a year is asked about: it was
// some weeks ago, and may have been meant so.
const suspicious = 305

// inYear reads a date in a year, or in the first year in which it is not past.
func (r dateReader) inYear(y, n int, at func(int) (Date, bool)) dates {
	if y > 0 {
		d, _ := at(y)
		return one(n, d)
	}
	thisYear, _, _ := r.Today.Civil()
	for y := thisYear; y < thisYear+9; y++ {
		d, ok := at(y)
		if !ok || d.Before(r.Today) {
			continue
		}
		found := one(n, d)
		if d.Sub(r.Today) > suspicious {
			found.ask = fmt.Sprintf("The next %s is %s. Is that meant?", d.Short(), d.Long())
		}
		return found
	}
	return dates{}
}

// year reads a year of four digits that a promise can be in, behind "of" or a
// comma.
func (r dateReader) year(j int) (y, n int) {
	k := r.skip(j, wordFill)
	m := r.mark(k)
	thisYear, _, _ := r.Today.Civil()
	if y := atoi(m.text); len(m.text) == 4 && y >= thisYear-2 && y <= thisYear+5 {
		return y, k - j + 1
	}
	return 0, 0
}

// amountLeads are the words after which a bare number is rather an amount.
var amountLeads = []string{"for", "due", "at", "pour", "para", "fur", "auf"}

// dayOfMonth reads "15 Dec", "the 15th", "15. Dezember 2026", "le 15", "15th of
// next month".
func (r dateReader) dayOfMonth(j int, led bool) dates {
	day, ordinal, ok := r.mark(j).day()
	if !ok {
		return dates{}
	}
	k := r.skip(j+1, wordFill)
	if month := r.mark(k).index(monthWords) + 1; month > 0 && !r.mark(k).quoted {
		y, n := r.year(k + 1)
		return r.exact(k+1+n-j, y, month, day, r.mark(j).raw)
	}
	if unit, ahead, named, n := r.period(k); unit == wordMonths && (named || k > j+1) {
		if !named && r.dayIn(0, day, 1).err == nil && r.dayIn(0, day, 1).list[0].Before(r.Today) {
			ahead = 1 // "the 1st of the month"
		}
		return r.dayIn(ahead, day, k+n-j)
	}
	if !ordinal && !r.mark(j).dot && (!led || slices.Contains(amountLeads, r.mark(j-1).text)) {
		return dates{}
	}
	if day < 1 || day > 31 {
		if !ordinal {
			return dates{} // "by 45" is no date
		}
		return dates{n: 1, err: Refuse("No month has a day %d. Type the date like %s.", day, r.example())}
	}
	for ahead := range 3 {
		if found := r.dayIn(ahead, day, 1); found.err == nil && !found.list[0].Before(r.Today) {
			return found
		}
	}
	return dates{}
}

// dayIn returns a day of the month that is so many months ahead.
func (r dateReader) dayIn(ahead, day, n int) dates {
	start := NewDate(firstOf(r.Today, ahead))
	y, m, _ := start.Civil()
	d, ok := existing(y, m, day)
	if !ok {
		return dates{n: n, err: Refuse("There is no %d %s: it has %d days.", day, m, daysIn(y, m))}
	}
	return one(n, d)
}

func firstOf(today Date, ahead int) (y int, m time.Month, d int) {
	y, m, _ = today.Civil()
	return y, m + time.Month(ahead), 1
}

// monthAndDay reads "Dec 15", "December 15th, 2026".
func (r dateReader) monthAndDay(j int, _ bool) dates {
	month := r.mark(j).index(monthWords) + 1
	if month == 0 || r.mark(j).index(weekdayWords) >= 0 {
		return dates{}
	}
	k := r.skip(j+1, wordFill)
	day, _, ok := r.mark(k).day()
	if !ok {
		if r.alone && len(r.marks) == j+1 {
			return dates{n: 1, err: Refuse("Which day of %s? Type it like %d %s, or \"end of %s\".", time.Month(month), 15, time.Month(month).String()[:3], time.Month(month))}
		}
		return dates{}
	}
	y, n := r.year(k + 1)
	return r.exact(k+1+n-j, y, month, day, r.mark(j).raw)
}
