package ar

import "time"

// week reads "next week", "de la semaine prochaine", and returns how many weeks
// ahead that is.
func (r dateReader) week(j int) (ahead, n int) {
	unit, ahead, named, n := r.period(r.skip(j, wordFill, wordLead, wordIn))
	if unit != wordWeeks || !named {
		return 0, 0
	}
	return ahead, r.skip(j, wordFill, wordLead, wordIn) - j + n
}

// period reads a unit of time with the word that says which: "next month", "mois
// prochain", "the month". Named is false where no word says which.
func (r dateReader) period(j int) (unit word, ahead int, named bool, n int) {
	by := func(m mark) (int, bool) {
		switch {
		case m.is(wordNext, wordComing):
			return 1, true
		case m.is(wordLast):
			return -1, true
		}
		return 0, m.is(wordThis)
	}
	k := j
	if ahead, named = by(r.mark(j)); named {
		k = r.skip(j+1, wordFill)
	}
	for _, u := range []word{wordWeeks, wordMonths, wordQuarter, wordYear, wordDays} {
		if r.mark(k).is(u) {
			unit = u
		}
	}
	if unit == "" {
		return "", 0, false, 0
	}
	if a, ok := by(r.mark(k + 1)); ok && !named {
		return unit, a, true, k - j + 2
	}
	return unit, ahead, named, k - j + 1
}

// periodEnd reads "EOM", "end of next month", "fin décembre", "last business day
// of the month".
func (r dateReader) periodEnd(j int, _ bool) dates {
	m := r.mark(j)
	k := r.skip(j+1, wordFill)
	unit, ahead, _, n := r.period(k)
	for w, u := range map[word]word{wordMonthEnd: wordMonths, wordWeekEnd: wordWeeks, wordQuarterEnd: wordQuarter, wordYearEnd: wordYear} {
		if !m.is(w) {
			continue
		}
		if unit != u {
			unit, ahead, n, k = u, 0, 0, j+1
			if r.mark(j+1).is(wordNext, wordComing) {
				ahead, n = 1, 1
			}
		}
		if found := r.monthEnd(j+1, j); u == wordMonths && found.n > 0 {
			return found
		}
		return r.endOf(unit, ahead, k+n-j)
	}
	if !m.is(wordEnd, wordLastWorkday) {
		return dates{}
	}
	found := r.monthEnd(k, j)
	if found.n == 0 && unit != "" {
		found = r.endOf(unit, ahead, k+n-j)
	}
	if m.is(wordLastWorkday) {
		for i, d := range found.list {
			if !r.Workdays.Works(d) {
				found.list[i] = r.Workdays.Add(d, -1)
			}
		}
	}
	return found
}

// monthEnd reads the month, and perhaps the year, of which the end is meant.
func (r dateReader) monthEnd(k, from int) dates {
	k = r.skip(k, wordFill)
	month := time.Month(r.mark(k).index(monthWords) + 1)
	if month < time.January {
		return dates{}
	}
	year, n := r.year(k + 1)
	return r.inYear(year, k+1+n-from, func(y int) (Date, bool) { return NewDate(y, month, 1).MonthEnd(), true })
}

func (r dateReader) endOf(unit word, ahead, n int) dates {
	y, m, _ := r.Today.Civil()
	switch unit {
	case wordDays:
		return one(n, r.Today.AddDays(ahead))
	case wordWeeks:
		return r.weekEnd(ahead, n)
	case wordMonths:
		return one(n, NewDate(y, m+time.Month(ahead), 1).MonthEnd())
	case wordQuarter:
		return one(n, NewDate(y, (m-1)/3*3+3+time.Month(3*ahead), 1).MonthEnd())
	case wordYear:
		return one(n, NewDate(y+ahead, time.December, 31))
	default: // no unit that has an end
		return dates{}
	}
}

// weekEnd returns the last business day of a week; of the next where this
// week's is over.
func (r dateReader) weekEnd(ahead, n int) dates {
	last := func(ahead int) Date {
		sunday := weekStart(r.Today).AddDays(7*ahead + 6)
		return r.Workdays.Add(sunday.AddDays(1), -1)
	}
	if d := last(ahead); !d.Before(r.Today) || ahead != 0 {
		return one(n, d)
	}
	return one(n, last(1))
}

// span reads "in 2 weeks", "3 business days", "dans 10 jours", "2 weeks from
// Friday".
func (r dateReader) span(j int, led bool) dates {
	k := r.skip(j, wordIn)
	count, ok := r.mark(k).count()
	switch {
	case ok:
		k++
	case r.mark(k).is(wordFill) && (k > j || led || r.mark(k+2).is(wordFrom)): // "in a week"
		count = 1
		k++
	case r.mark(k).is(wordFortnight):
		count = 1
	default:
		return dates{}
	}
	add := r.adder(r.mark(k), count)
	if add == nil {
		return dates{}
	}
	if !r.mark(k + 1).is(wordFrom) {
		found := one(k+1-j, add(r.Today))
		if r.countsToday(r.mark(k-1), r.mark(k), count) {
			found.list = append(found.list, found.list[0].AddDays(-1))
		}
		return found
	}
	base := r.counted(k + 2)
	if base.n == 0 || base.err != nil {
		return one(k+2-j, add(r.Today))
	}
	base.n += k + 2 - j
	for i, d := range base.list {
		base.list[i] = add(d)
	}
	return base
}

// countsToday reports whether a span may be one day shorter: "acht Tage" and
// "quinze jours", in words, are a week and two weeks that count today.
func (r dateReader) countsToday(number, unit mark, count int) bool {
	english := r.Locale.Language == "en" || r.Locale.Language == ""
	return !english && unit.is(wordDays) && (count == 8 || count == 15) && !allDigits(number.text)
}

// counted reads what a span is counted from.
func (r dateReader) counted(j int) dates {
	if j >= len(r.marks) {
		return dates{}
	}
	return r.longestOf(j, r.dayWord, r.weekday, r.numeric, r.dayOfMonth, r.monthAndDay)
}

// adder returns what a count of a unit does to a date.
func (r dateReader) adder(unit mark, n int) func(Date) Date {
	switch {
	case unit.is(wordWorkdays):
		return func(d Date) Date { return r.Workdays.Add(d, n) }
	case unit.is(wordDays):
		return func(d Date) Date { return d.AddDays(n) }
	case unit.is(wordWeeks):
		return func(d Date) Date { return d.AddDays(7 * n) }
	case unit.is(wordFortnight):
		return func(d Date) Date { return d.AddDays(14 * n) }
	case unit.is(wordMonths):
		return func(d Date) Date {
			y, m, day := d.Civil()
			return NewDate(y, m+time.Month(n), min(day, daysIn(y, m+time.Month(n))))
		}
	}
	return nil
}

// nextWorkday reads "next business day".
func (r dateReader) nextWorkday(j int, _ bool) dates {
	next := r.mark(j).is(wordNext, wordComing)
	if next && r.mark(j+1).is(wordWorkdays) || r.mark(j).is(wordWorkdays) && r.mark(j+1).is(wordNext, wordComing) {
		return one(2, r.Workdays.Add(r.Today, 1))
	}
	return dates{}
}

// vague reads "next week", of which every business day may be meant, and refuses
// what is vaguer.
func (r dateReader) vague(j int, _ bool) dates {
	if r.mark(j).is(wordWeekend) {
		return dates{n: 1, err: Refuse("Which day of the weekend? Type it like Friday or Monday.")}
	}
	unit, ahead, named, n := r.period(j)
	if !named || unit == wordDays {
		return dates{}
	}
	if unit != wordWeeks {
		return dates{n: n, err: Refuse("Which day? Type it like 15 Dec, EOM or \"end of next month\".")}
	}
	return r.workdaysOf(r.Today.AddDays(7*ahead), n)
}

// weekOf reads "the week of Dec 7", of which every business day may be meant.
func (r dateReader) weekOf(j int, _ bool) dates {
	at := r.skip(j+1, wordFill, wordLead)
	if !r.mark(j).is(wordWeeks) || at == j+1 {
		return dates{}
	}
	day := r.longestOf(at, r.numeric, r.dayOfMonth, r.monthAndDay)
	if day.n == 0 || day.err != nil {
		return dates{}
	}
	return r.workdaysOf(day.list[0], at-j+day.n)
}

// workdaysOf returns the business days of a date's week that are not past.
func (r dateReader) workdaysOf(d Date, n int) dates {
	found := dates{n: n}
	for d = weekStart(d); d.Weekday() != time.Sunday; d = d.AddDays(1) {
		if r.Workdays.Works(d) && !d.Before(r.Today) {
			found.list = append(found.list, d)
		}
	}
	if len(found.list) == 0 {
		found.err = Refuse("That week has no business day left. Type a date, like Monday.")
	}
	return found
}
