package file

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"arbot/ar"
)

// numbers is the way in which a column writes amounts. It is a property of the
// whole column, never guessed from one cell.
type numbers struct {
	// decimal is the decimal mark, a point or a comma.
	decimal rune
	// minor: the column holds whole minor units (cents, fils) instead.
	minor bool
}

// groupMarks returns what may stand between groups of three digits.
func (n numbers) groupMarks() string {
	spaces := " \u00a0\u202f'\u2019"
	if n.decimal == ',' {
		return "." + spaces
	}
	return "," + spaces
}

// signs are the currency signs that are accepted beside an amount, with the
// currencies that they can mean. A sign is only compared with the currency that
// is known from elsewhere.
var signs = map[string][]ar.Currency{
	"$":   {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD", "BBD", "BSD", "BZD", "FJD", "JMD", "TTD"},
	"US$": {"USD"}, "C$": {"CAD"}, "CA$": {"CAD"}, "A$": {"AUD"}, "NZ$": {"NZD"}, "S$": {"SGD"}, "HK$": {"HKD"}, "R$": {"BRL"},
	"€": {"EUR"}, "£": {"GBP", "EGP", "GIP", "FKP", "SHP"}, "¥": {"JPY", "CNY"}, "₹": {"INR"}, "₩": {"KRW"}, "₪": {"ILS"},
	"₺": {"TRY"}, "₽": {"RUB"}, "₴": {"UAH"}, "₫": {"VND"}, "₱": {"PHP"}, "₦": {"NGN"}, "฿": {"THB"}, "zł": {"PLN"},
	"Kč": {"CZK"}, "kr": {"SEK", "NOK", "DKK", "ISK"}, "kr.": {"DKK", "SEK", "NOK"}, "Fr.": {"CHF"}, "R": {"ZAR"}, "Ft": {"HUF"},
}

// cellError is what is wrong with a cell, and the mend.
type cellError struct{ wrong, mend string }

func (e *cellError) Error() string { return e.wrong }

// parse reads an amount: brackets, a minus or plus before or after it, a
// currency sign or code, and regular groups of three digits.
func (n numbers) parse(cell string, c ar.Currency) (ar.Money, error) {
	if n.minor {
		return parseMinor(cell, c)
	}
	digits, negative, err := strip(cell, c)
	if err != nil {
		return ar.Money{}, err
	}
	plain, ok := n.plain(digits)
	if !ok {
		return ar.Money{}, &cellError{
			wrong: fmt.Sprintf("it is not an amount with a decimal %s", n.markName()),
			mend:  "Correct the cell, or the decimal mark in the mapping if the whole column writes it so",
		}
	}
	m, err := ar.ParseMoney(plain, c)
	if err != nil {
		return ar.Money{}, &cellError{wrong: reason(err, plain), mend: "Correct the amount, or the currency"}
	}
	if negative {
		m = m.Neg()
	}
	return m, nil
}

func (n numbers) markName() string {
	if n.decimal == ',' {
		return "comma"
	}
	return "point"
}

// plain turns digits with grouping and the column's decimal mark into what
// ar.ParseMoney reads.
func (n numbers) plain(s string) (string, bool) {
	whole, fraction, mark := strings.Cut(s, string(n.decimal))
	if mark && fraction == "" || !onlyDigits(fraction) {
		return "", false
	}
	whole, ok := n.ungroup(whole)
	if !ok || whole == "" && fraction == "" {
		return "", false
	}
	if mark {
		return whole + "." + fraction, true
	}
	return whole, true
}

// ungroup takes the grouping marks out: all of one kind, and behind each of
// them three digits, or it was not grouping.
func (n numbers) ungroup(s string) (string, bool) {
	i := strings.IndexAny(s, n.groupMarks())
	if i < 0 {
		return s, onlyDigits(s)
	}
	mark, _ := utf8.DecodeRuneInString(s[i:])
	groups := strings.Split(s, string(mark))
	if len(groups[0]) < 1 || len(groups[0]) > 3 || !onlyDigits(groups[0]) {
		return "", false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 || !onlyDigits(g) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// strip takes sign, brackets and currency off an amount, each at most once.
func strip(cell string, c ar.Currency) (digits string, negative bool, err error) {
	s := strings.ReplaceAll(strings.TrimSpace(cell), "\u2212", "-") // the minus of typography
	var signed, marked bool
	for {
		rest, minus, found := cutSign(s)
		if found {
			if signed {
				return "", false, &cellError{"it has two signs", "Write one sign, or one pair of brackets"}
			}
			signed, negative, s = true, minus, rest
			continue
		}
		rest, mark := cutMark(s)
		if mark == "" {
			return s, negative, nil
		}
		if marked {
			return "", false, &cellError{"it names a currency twice", "Write the currency once"}
		}
		if !means(mark, c) {
			return "", false, &cellError{fmt.Sprintf("it is marked %s, but the currency is %s", mark, c), "Correct the cell or its currency"}
		}
		marked, s = true, rest
	}
}

// cutSign takes one sign off: a pair of brackets, a minus or a plus.
func cutSign(s string) (rest string, minus, found bool) {
	switch {
	case strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && len(s) > 1:
		return strings.TrimSpace(s[1 : len(s)-1]), true, true
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "+"):
		return strings.TrimSpace(s[1:]), s[0] == '-', true
	case strings.HasSuffix(s, "-"), strings.HasSuffix(s, "+"):
		return strings.TrimSpace(s[:len(s)-1]), s[len(s)-1] == '-', true
	}
	return s, false, false
}

// cutMark takes what is not a number off the beginning or the end.
func cutMark(s string) (rest, mark string) {
	numeric := func(r rune) bool { return r >= '0' && r <= '9' || r == '(' || r == ')' || r == '-' || r == '+' }
	start := strings.IndexFunc(s, numeric)
	if start < 0 {
		return s, ""
	}
	if before := s[:start]; strings.HasSuffix(before, "$.") || strings.HasSuffix(before, "€,") {
		start-- // the decimal mark of $.50
	}
	if mark = strings.TrimSpace(s[:start]); hasLetterOrSign(mark) {
		return s[start:], mark
	}
	end := strings.LastIndexFunc(s, numeric) + 1
	if mark = strings.TrimSpace(s[end:]); hasLetterOrSign(mark) {
		return s[:end], mark
	}
	return s, ""
}

func hasLetterOrSign(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) })
}

// means reports whether a mark can stand for a currency.
func means(mark string, c ar.Currency) bool {
	return strings.EqualFold(mark, string(c)) || slices.Contains(signs[mark], c)
}

// parseMinor reads whole minor units: 12345 is KWD 12.345.
func parseMinor(cell string, c ar.Currency) (ar.Money, error) {
	minor, err := strconv.ParseInt(cell, 10, 64)
	if err != nil {
		return ar.Money{}, &cellError{"it is not a whole number of minor units", "Write digits only, or take minor_units out of the mapping"}
	}
	return ar.NewMoney(minor, c), nil
}

func onlyDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
