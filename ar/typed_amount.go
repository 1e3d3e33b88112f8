package ar

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// AmountSpec is an amount as it was typed: money, or a share of what is open.
type AmountSpec struct {
	// Money is set where the amount was given.
	Money Money
	// Num and Den are the share of what is open: 1 and 2 for half, 1 and 1 for
	// all of it; 0 where it is not a share.
	Num, Den int64
	// Rest is what the other parts leave.
	Rest bool
}

// All is the whole of what is open.
func All() AmountSpec { return AmountSpec{Num: 1, Den: 1} }

// String writes it for people: $1,200.50, half, 30 %, the rest, all.
func (s AmountSpec) String() string {
	switch {
	case s.Rest:
		return "the rest"
	case s.Den == 0:
		return s.Money.String()
	case s.Num == s.Den:
		return "all"
	case s.Den == 2 && s.Num == 1:
		return "half"
	case s.Den == 100:
		return fmt.Sprintf("%d %%", s.Num)
	}
	return fmt.Sprintf("%d/%d", s.Num, s.Den)
}

// Of returns the amount of what is open, where before was taken already by other
// parts of the promise. A share is rounded half up to the cent.
func (s AmountSpec) Of(open, before Money) (Money, error) {
	switch {
	case s.Rest:
		left, err := open.Sub(before)
		if err == nil && left.Sign() <= 0 {
			return Money{}, Refuse("Nothing is left of %s after the other parts. Leave the rest out, or make them smaller.", open)
		}
		return left, err
	case s.Den == 0:
		return s.Money, nil
	case open.Sign() <= 0:
		return Money{}, Refuse("Nothing is open, so %s of it is nothing. Type an amount.", s)
	}
	parts, err := open.Split(s.Num, s.Den-s.Num)
	if err != nil {
		return Money{}, fmt.Errorf("%s of %s: %w", s, open, err)
	}
	return parts[0], nil
}

// AmountReading is what a typed amount can mean. One choice without a question is
// clear.
type AmountReading struct {
	Choices []AmountSpec
	Ask     string
}

// Clear returns the amount where there is no question.
func (r AmountReading) Clear() (AmountSpec, bool) {
	if len(r.Choices) == 1 && r.Ask == "" {
		return r.Choices[0], true
	}
	return AmountSpec{}, false
}

// Amount reads an amount as a person types it: "$1,200.50", "12k", "1.2m", "12
// 400", "1.234,56 €", "50%", "half", "the rest", "all". Where two amounts are
// possible both are returned.
func (t Typing) Amount(text string) (AmountReading, error) {
	clean := strings.Trim(CleanTyped(text), `"`)
	r := amountReader{Typing: t, marks: scan(clean, t.Locale)}
	found := r.at(0)
	if found.n > 0 && found.err != nil {
		return AmountReading{}, found.err
	}
	if found.n == 0 || found.n < len(r.marks) {
		return AmountReading{}, Refuse("I cannot read %q as an amount. Type it like %s.", clean, exampleAmount(t.Locale, t.Currency))
	}
	return found.reading(clean), nil
}

// amounts is what was found at a place of a text.
type amounts struct {
	list []AmountSpec
	n    int
	err  error
	ask  string
}

func (a amounts) reading(text string) AmountReading {
	r := AmountReading{Choices: a.list, Ask: a.ask}
	if len(r.Choices) > 1 {
		names := make([]string, len(r.Choices))
		for i, c := range r.Choices {
			names[i] = c.String()
		}
		r.Ask = fmt.Sprintf("Is %q %s?", strings.TrimSpace(text), strings.Join(names, " or "))
	}
	return r
}

// amountReader finds amounts among marks.
type amountReader struct {
	Typing

	marks []mark
}

func (r amountReader) mark(i int) mark {
	if i < 0 || i >= len(r.marks) {
		return mark{}
	}
	return r.marks[i]
}

// skip passes over words like "the".
func (r amountReader) skip(i int) int {
	for end := i + mostLeads; i < min(end, len(r.marks)-1) && r.marks[i].is(wordFill); {
		i++
	}
	return i
}

// at finds the amount that begins at a place.
func (r amountReader) at(i int) amounts {
	k := r.skip(i)
	if k >= len(r.marks) || r.marks[k].quoted {
		return amounts{}
	}
	found := r.share(k)
	if found.n == 0 {
		found = r.money(k)
	}
	if found.n > 0 {
		found.n += k - i
	}
	return found
}

func (r amountReader) share(i int) amounts {
	m := r.mark(i)
	count, counted := m.count()
	unit := r.mark(i + 1)
	of := func(num, den int64, n int) amounts {
		// "half of the balance", "half of it"
		if k := r.skip(i + n); k > i+n && (r.mark(k).is(wordRest, wordAll) || r.mark(k).text == "it") {
			n = k + 1 - i
		}
		return amounts{list: []AmountSpec{{Num: num, Den: den}}, n: n}
	}
	switch text := strings.TrimSuffix(m.text, "%"); {
	case m.is(wordRest) && r.money(i+1).n > 0: // "the remaining 7k"
		found := r.money(i + 1)
		found.n++
		return found
	case m.is(wordRest):
		return amounts{list: []AmountSpec{{Rest: true}}, n: 1}
	case m.is(wordAll):
		return of(1, 1, 1)
	case m.is(wordHalf):
		return of(1, 2, 1)
	case m.is(wordThird):
		return of(1, 3, 1)
	case m.is(wordQuarter):
		return of(1, 4, 1)
	case counted && count < 3 && unit.is(wordThird):
		return of(int64(count), 3, 2)
	case counted && count < 4 && unit.is(wordQuarter):
		return of(int64(count), 4, 2)
	case text != m.text && allDigits(text):
		return percent(text, of, 1)
	case allDigits(text) && (unit.text == "%" || unit.is(wordPercent)):
		return percent(text, of, 2)
	}
	return amounts{}
}

func percent(text string, of func(num, den int64, n int) amounts, n int) amounts {
	p := atoi(text)
	if p < 1 || p > 100 || len(text) > 3 {
		return amounts{n: n, err: Refuse("%s%% is no part of what is open. Give 1%% to 100%%.", text)}
	}
	if p == 100 {
		return of(1, 1, n)
	}
	return of(int64(p), 100, n)
}

// moneyText takes an amount apart: a currency, digits with their marks, a k or an
// m, a currency.
var moneyText = regexp.MustCompile(`^([a-z]{0,3}[$€£¥]|[a-z]{3})?(\d[\d.,']*?)(k|mm|m|mio|tsd)?([$€£¥]|[a-z]{3,7})?$`)

// money reads an amount of money, whose pieces can stand apart: "EUR 12 400,50",
// "12 thousand dollars".
func (r amountReader) money(i int) amounts {
	k := i
	sign, before := r.currency(k)
	if before {
		k++
	}
	m := moneyText.FindStringSubmatch(strings.TrimRight(r.mark(k).text, "-"))
	if n, ok := r.mark(k).count(); ok && m == nil && r.mark(k+1).is(wordThousand, wordMillion) { // "five thousand"
		m = []string{"", "", strconv.Itoa(n), "", ""}
	}
	if m == nil || r.mark(k).quoted || numericDate.MatchString(r.mark(k).text) && strings.Contains(r.mark(k).text, "/") {
		return amounts{}
	}
	digits, factor := m[2], m[3]
	k++
	if factor == "" && m[4] == "" {
		digits, k = r.groups(digits, k)
		factor, k = r.factor(k)
	}
	signs := []string{sign, currencyOf(m[1]), currencyOf(m[4])}
	if m[1] != "" && signs[1] == "" || m[4] != "" && signs[2] == "" {
		return amounts{} // letters that are no currency: a name, a number of a document
	}
	if after, ok := r.currency(k); ok {
		signs = append(signs, after)
		k++
	}
	signs = oneCurrency(signs)
	if len(signs) > 1 {
		return amounts{n: k - i, err: Refuse("%q names two currencies. Type the amount like %s.", r.text(i, k), exampleAmount(r.Locale, r.Currency))}
	}
	return r.value(strings.Join(append(signs[:min(1, len(signs))], digits+factor), " "), i, k)
}

// oneCurrency returns the currencies that are named, once each. A sign beside the
// code of a currency that is written with it adds nothing: "$500 CAD".
func oneCurrency(signs []string) []string {
	signs = slices.Compact(slices.Sorted(slices.Values(slices.DeleteFunc(signs, func(s string) bool { return s == "" }))))
	return slices.DeleteFunc(signs, func(sign string) bool {
		for code, symbol := range symbols {
			if sign == symbol && slices.ContainsFunc(signs, func(s string) bool {
				return s == string(code) || slices.Contains(sharedSigns[code], s)
			}) {
				return true
			}
		}
		return false
	})
}

// groups joins digits that a space stands between: "12 400,50".
func (r amountReader) groups(digits string, k int) (joined string, next int) {
	if len(digits) > 3 || !allDigits(digits) {
		return digits, k
	}
	groups := []string{digits}
	goesOn := func(m mark) bool { return allDigits(m.text) && !strings.HasSuffix(m.raw, ",") && !m.dot }
	for goesOn(r.mark(k-1)) && thousands.MatchString(r.mark(k).text) && !r.mark(k).quoted {
		groups = append(groups, r.mark(k).text)
		k++
	}
	return strings.Join(groups, "'"), k
}

// thousands is a group of three digits, the last of a number with its decimals.
var thousands = regexp.MustCompile(`^\d{3}(?:[.,]\d+)?$`)

// factor reads "thousand" or a k that stands apart.
func (r amountReader) factor(k int) (string, int) {
	switch m := r.mark(k); {
	case m.is(wordThousand), m.text == "k":
		return "k", k + 1
	case m.is(wordMillion), m.text == "mm":
		return "m", k + 1
	}
	return "", k
}

func (r amountReader) currency(k int) (string, bool) {
	m := r.mark(k)
	if m.quoted {
		return "", false
	}
	code := currencyOf(m.text)
	return code, code != ""
}

// currencyOf returns the ISO code or the shared sign that a word stands for, ""
// for none. A code that is also a word of ours ("ALL" of Albania) is no currency.
func currencyOf(s string) string {
	if code, ok := currencyWords[s]; ok {
		return code
	}
	if len(s) != 3 || slices.Contains([]string{"all", "top", "try", "cup"}, s) {
		return ""
	}
	if c, err := ParseCurrency(s); err == nil {
		return string(c)
	}
	return ""
}

func (r amountReader) text(i, k int) string {
	raw := make([]string, 0, k-i)
	for _, m := range r.marks[i:k] {
		raw = append(raw, m.raw)
	}
	return strings.Join(raw, " ")
}

// value reads the pieces by the locale, both ways where none is set. A number
// that the locale does not write is read the other way if its marks leave no
// doubt: "1.234,56".
func (r amountReader) value(text string, i, k int) amounts {
	for long, short := range map[string]string{"mio": "m", "mm": "m", "tsd": "k"} {
		text = strings.Replace(text, long, short, 1)
	}
	text = strings.TrimRight(text, ".,")
	found := r.byLocale(text, r.Locale)
	other := r.Locale
	other.DecimalComma = !other.DecimalComma
	twoMarks := strings.ContainsAny(text, ",'") && strings.ContainsAny(text, ".'") && strings.ContainsAny(text, ".,")
	switch {
	case r.Locale.Unset, found.err != nil && twoMarks && KindOf(found.err) == Invalid:
		if more := r.byLocale(text, other); more.err == nil {
			found.list, found.err = append(found.list, more.list...), nil
		}
	}
	slices.SortFunc(found.list, func(a, b AmountSpec) int { return a.Money.Cmp(b.Money) })
	found.list = slices.Compact(found.list)
	found.n = k - i
	if len(found.list) == 1 && found.list[0].Money.Sign() <= 0 {
		found.err = Refuse("%s is no amount to pay. Type it like %s.", found.list[0].Money, exampleAmount(r.Locale, r.Currency))
	}
	return found
}

func (r amountReader) byLocale(text string, l Locale) amounts {
	n, err := readNumber(text, l, r.Currency)
	if err != nil {
		return amounts{err: err}
	}
	if !n.twoReadings() {
		m, err := n.money(text, l)
		if err != nil {
			return amounts{err: err}
		}
		return amounts{list: []AmountSpec{{Money: m}}}
	}
	var list []AmountSpec
	grouped := n
	grouped.whole, grouped.fraction = n.whole+n.fraction, ""
	for _, reading := range []number{n, grouped} {
		if m, err := reading.money(text, l); err == nil {
			list = append(list, AmountSpec{Money: m})
		}
	}
	found := amounts{list: list}
	if len(list) == 1 {
		found.ask = fmt.Sprintf("%s has no three decimals. Is %s meant?", n.currency, list[0])
	}
	return found
}
