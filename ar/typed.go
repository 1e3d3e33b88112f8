package ar

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Locale is how the company writes numbers and dates.
type Locale struct {
	// DecimalComma: 1.234,56 instead of 1,234.56.
	DecimalComma bool
	// DayFirst: 3/4 is the third of April.
	DayFirst bool
	// Language is the one whose words are read beside English: "de", "fr", "es";
	// "" for none.
	Language string
	// Unset: nobody has said how the company writes. Promises are read both ways
	// then, and what comes out differently is asked.
	Unset bool
}

// ParseLocale reads the names that a config may use: "en-US", "en-GB",
// "de-DE", and any other language tag by its language and region.
func ParseLocale(tag string) (Locale, error) {
	parts := strings.Split(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	language, region := parts[0], ""
	for _, part := range parts[1:] {
		if region == "" && len(part) == 2 {
			region = part
		}
	}
	if len(language) != 2 {
		return Locale{}, fmt.Errorf("%q is not a locale such as en-US, en-GB or de-DE", tag)
	}
	monthFirst := slices.Contains(monthFirstLanguages, language) ||
		language == "en" && slices.Contains([]string{"", "us", "ph"}, region)
	return Locale{
		DecimalComma: !slices.Contains(pointLanguages, language) && !slices.Contains(pointRegions, region),
		DayFirst:     !monthFirst,
		Language:     language,
	}, nil
}

// Who writes 1,234.56 whatever the region or the language, and who writes the
// month before the day (Unicode CLDR).
var (
	pointLanguages      = strings.Fields("en ja zh ko he th hi bn ta te mr gu pa ur ms ga cy mt sw")
	pointRegions        = strings.Fields("ch li us mx gt hn ni pa pe pr do sv")
	monthFirstLanguages = strings.Fields("ja zh ko hu")
)

// ReadAmount reads an amount as a person types it: "$1,234.56", "1200", "5k",
// "1.5K", "EUR 20"; "1.234,56" in a company that writes so. Grouping must be
// regular, and what has two readings is refused with a question, never
// guessed. currency is used where the text names none.
func ReadAmount(text string, l Locale, currency Currency) (Money, error) {
	n, err := readNumber(text, l, currency)
	if err != nil {
		return Money{}, err
	}
	if n.twoReadings() {
		return Money{}, Refuse("Is %q %s or %s? Type it without the mark.", text, strings.TrimRight(strings.TrimRight(n.typed, "0"), ".,"), n.whole+n.fraction)
	}
	return n.money(text, l)
}

// number is an amount as it was typed, taken apart.
type number struct {
	typed, whole, fraction string
	// zeros is what a k or an m stands for.
	zeros    int
	currency Currency
}

func readNumber(text string, l Locale, currency Currency) (number, error) {
	bare, currency, err := cutCurrency(typedMarks.Replace(strings.TrimSpace(text)), currency)
	if err != nil {
		return number{}, err
	}
	n := number{currency: currency}
	n.typed, n.zeros = cutFactor(bare)
	var ok bool
	if n.whole, n.fraction, ok = plainNumber(n.typed, l); !ok {
		return number{}, Refuse("I cannot read %q as an amount. Type it like %s.", text, exampleAmount(l, currency))
	}
	return n, nil
}

// twoReadings reports whether the decimal mark may also be a thousands mark, of
// another country.
func (n number) twoReadings() bool {
	return n.zeros == 0 && n.currency.Exponent() < 3 && len(n.fraction) == 3 && len(n.whole) < 4 && n.whole[0] != '0'
}

func (n number) money(text string, l Locale) (Money, error) {
	if len(strings.TrimRight(n.fraction, "0"))-n.zeros > n.currency.Exponent() {
		return Money{}, Refuse("%q has more decimals than %s, which has %d. Type it like %s.", text, n.currency, n.currency.Exponent(), exampleAmount(l, n.currency))
	}
	amount, err := ParseMoney(shifted(n.whole, n.fraction, n.zeros), n.currency)
	if err != nil {
		return Money{}, Refuse("%q is too large for an amount. Type it like %s.", text, exampleAmount(l, n.currency))
	}
	return amount, nil
}

// typedMarks brings what keyboards and documents write for a space and an
// apostrophe to one form.
var typedMarks = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2019", "'")

// sharedSigns are currencies that write themselves with the sign of another:
// in their company the sign has two readings.
var sharedSigns = map[Currency][]string{
	"USD": strings.Fields("ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD UYU XCD"),
	"GBP": strings.Fields("EGP FKP GIP LBP SDG SHP SSP SYP"),
	"JPY": {"CNY"},
}

func cutCurrency(s string, fallback Currency) (string, Currency, error) {
	for _, code := range slices.Sorted(maps.Keys(symbols)) {
		bare, found := cutEither(s, symbols[code])
		if found && slices.Contains(sharedSigns[code], string(fallback)) {
			return "", "", Refuse("Is %q in %s or in %s? Type %s or %s instead of the sign.", s, code, fallback, code, fallback)
		}
		if found {
			return bare, code, nil
		}
	}
	if len(s) > 3 {
		for _, name := range []string{s[:3], s[len(s)-3:]} {
			if code, err := ParseCurrency(name); err == nil {
				bare, _ := cutEither(s, name)
				return bare, code, nil
			}
		}
	}
	if !fallback.Known() {
		return "", "", Refuse("Which currency is %q? Type it like USD 100.", s)
	}
	return s, fallback, nil
}

// cutEither takes a sign or a code off the beginning or the end of an amount.
func cutEither(s, sign string) (string, bool) {
	bare, found := strings.CutPrefix(s, sign)
	if !found {
		bare, found = strings.CutSuffix(s, sign)
	}
	return strings.TrimSpace(bare), found
}

// cutFactor takes a k or an m off an amount and returns how many zeros it
// stands for.
func cutFactor(s string) (string, int) {
	for zeros, mark := range map[int]string{3: "k", 6: "m"} {
		if number, found := strings.CutSuffix(strings.ToLower(s), mark); found {
			return strings.TrimSpace(number), zeros
		}
	}
	return s, 0
}

// plainNumber takes a number apart into the digits before and after the
// decimal mark. Groups are of three digits, with one kind of mark between them,
// and do not begin with 0.
func plainNumber(s string, l Locale) (whole, fraction string, ok bool) {
	point, marks := ".", ",'"
	if l.DecimalComma {
		point, marks = ",", ".' "
	}
	whole, fraction, found := strings.Cut(s, point)
	if found && fraction == "" {
		return "", "", false
	}
	if at := strings.IndexAny(whole, marks); at >= 0 {
		groups := strings.Split(whole, whole[at:at+1])
		if len(groups[0]) > 3 || slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 }) {
			return "", "", false
		}
		whole = strings.Join(groups, "")
		if at == 0 || whole[0] == '0' {
			return "", "", false
		}
	}
	return whole, fraction, whole != "" && allDigits(whole) && allDigits(fraction)
}

// shifted moves the decimal point of a number to the right.
func shifted(whole, fraction string, zeros int) string {
	fraction += strings.Repeat("0", max(0, zeros-len(fraction)))
	return strings.TrimSuffix(whole+fraction[:zeros]+"."+fraction[zeros:], ".")
}

func exampleAmount(l Locale, c Currency) string {
	switch {
	case c.Exponent() == 0:
		return "1200 or 5k"
	case l.DecimalComma:
		return "1.200,50 or 5k"
	}
	return "1,200.50 or 5k"
}

// Lean says which of the dates that fit a text without a year is meant.
type Lean int

// The leans of a date.
const (
	// Ahead takes the next such date, for promises; today is one, but "Friday"
	// said on a Friday is the one in a week.
	Ahead Lean = iota
	// Back takes the latest such date that is not ahead, for as-of dates.
	Back
)

var (
	isoDate   = regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`)
	slashDate = regexp.MustCompile(`^(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?\.?$`)
	namedDate = regexp.MustCompile(`^(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([a-z]{3,9})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?,?(?:\s+(\d{4}))?$`)
	monthEnd  = regexp.MustCompile(`^end of (?:the )?(last month|next month|this month|month|[a-z]{3,9}(?:\s+(\d{4}))?)$`)
)

// ReadDate reads a date as a person types it: "2026-12-05", "12/5" by the
// locale, "25 Nov", "Nov 25 2026", "today", "yesterday", "tomorrow", "Friday",
// "next Friday", "EOM", "end of february", "end of last month". A date that
// does not exist is refused.
func ReadDate(text string, today Date, l Locale, lean Lean) (Date, error) {
	s := strings.ToLower(strings.Join(strings.Fields(text), " "))
	s = strings.TrimPrefix(s, "by ")
	for _, read := range []func(string, Date, Locale, Lean) (Date, bool){readWord, readMonthEnd, readISO, readSlashes, readNamed} {
		if d, ok := read(s, today, l, lean); ok {
			return d, nil
		}
	}
	example := "12/31, 31 Dec, Friday, EOM or 2026-12-31"
	if l.DayFirst {
		example = "31/12, 31 Dec, Friday, EOM or 2026-12-31"
	}
	return Date{}, Refuse("I cannot read %q as a date. Type it like %s.", text, example)
}

func readWord(s string, today Date, _ Locale, lean Lean) (Date, bool) {
	switch s {
	case "today", "now":
		return today, true
	case "yesterday":
		return today.AddDays(-1), true
	case "tomorrow":
		return today.AddDays(1), true
	}
	which, name, found := strings.Cut(s, " ")
	if !found || which != "next" && which != "last" {
		which, name = "", s
	}
	for day := range time.Saturday + 1 {
		full := strings.ToLower(day.String())
		if name != full && name != full[:3] && (name != "tues" && name != "thur" && name != "thurs" || !strings.HasPrefix(full, name)) {
			continue
		}
		ahead := int(day-today.Weekday()+6)%7 + 1 // 1 to 7
		switch {
		case which == "last":
			return today.AddDays(ahead%7 - 7), true
		case which == "" && lean == Back:
			return today.AddDays(ahead - 7), true
		}
		return today.AddDays(ahead), true
	}
	return Date{}, false
}

func readMonthEnd(s string, today Date, _ Locale, lean Lean) (Date, bool) {
	if s == "eom" || s == "month end" {
		s = "end of month"
	}
	m := monthEnd.FindStringSubmatch(s)
	if m == nil {
		return Date{}, false
	}
	lastMonth := today.MonthStart().AddDays(-1)
	switch m[1] {
	case "month":
		if lean == Back && today != today.MonthEnd() {
			return lastMonth, true
		}
		return today.MonthEnd(), true
	case "this month":
		return today.MonthEnd(), true
	case "last month":
		return lastMonth, true
	case "next month":
		return today.MonthEnd().AddDays(1).MonthEnd(), true
	}
	name, _, _ := strings.Cut(m[1], " ")
	month, ok := monthNamed(name)
	if !ok {
		return Date{}, false
	}
	return leaning(today, m[2], lean, func(year int) (Date, bool) { return NewDate(year, month, 1).MonthEnd(), true })
}

func readISO(s string, _ Date, _ Locale, _ Lean) (Date, bool) {
	if !isoDate.MatchString(s) {
		return Date{}, false
	}
	part := strings.Split(s, "-")
	return existing(atoi(part[0]), time.Month(atoi(part[1])), atoi(part[2]))
}

func readSlashes(s string, today Date, l Locale, lean Lean) (Date, bool) {
	m := slashDate.FindStringSubmatch(s)
	if m == nil {
		return Date{}, false
	}
	month, day := atoi(m[1]), atoi(m[2])
	if l.DayFirst {
		month, day = day, month
	}
	return leaning(today, m[3], lean, func(year int) (Date, bool) { return existing(year, time.Month(month), day) })
}

func readNamed(s string, today Date, _ Locale, lean Lean) (Date, bool) {
	m := namedDate.FindStringSubmatch(s)
	if m == nil || (m[1] == "") == (m[3] == "") {
		return Date{}, false
	}
	month, ok := monthNamed(m[2])
	if !ok {
		return Date{}, false
	}
	return leaning(today, m[4], lean, func(year int) (Date, bool) { return existing(year, month, atoi(m[1]+m[3])) })
}

// leaning reads a year, or finds the one that the lean asks for.
func leaning(today Date, year string, lean Lean, at func(int) (Date, bool)) (Date, bool) {
	if year != "" {
		y := atoi(year)
		if y < 100 {
			y += 2000
		}
		return at(y)
	}
	thisYear, _, _ := today.Civil()
	step, tooFar := 1, Date.Before
	if lean == Back {
		step, tooFar = -1, Date.After
	}
	for y := thisYear; y != thisYear+9*step; y += step {
		if d, ok := at(y); ok && !tooFar(d, today) {
			return d, true
		}
	}
	return Date{}, false
}

func existing(year int, month time.Month, day int) (Date, bool) {
	if month < time.January || month > time.December || day < 1 || day > daysIn(year, month) {
		return Date{}, false
	}
	return NewDate(year, month, day), true
}

// monthNamed reads the name of a month or three letters and more of it.
func monthNamed(s string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if full := strings.ToLower(m.String()); strings.HasPrefix(full, s) || s == "sept" && m == time.September {
			return m, true
		}
	}
	return 0, false
}
