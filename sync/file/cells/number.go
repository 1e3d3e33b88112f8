package cells

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"arbot/ar"
)

// Numbers is the way in which a column writes amounts. It is a property of the
// whole column, never guessed from one cell.
type Numbers struct {
	// Decimal is the decimal mark, a point or a comma.
	Decimal rune
	// Minor says that the column holds whole minor units (cents, fils) instead.
	Minor bool
}

// groupMarks returns what may stand between groups of three digits.
func (n Numbers) groupMarks() string {
	spaces := " \u00a0\u202f'\u2019"
	if n.Decimal == ',' {
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

// Parse reads an amount of a currency: brackets, a minus or plus before or after it, CR
// or DR, a currency sign or code that agrees, and regular groups of digits. What is wrong
// is an *Error.
func (n Numbers) Parse(cell string, c ar.Currency) (ar.Money, error) {
	if n.Minor {
		return parseMinor(cell, c)
	}
	p, err := strip(cell)
	if err != nil {
		return ar.Money{}, err
	}
	if p.mark != "" && !means(p.mark, c) {
		return ar.Money{}, &Error{fmt.Sprintf("it is marked %s, but the currency is %s", p.mark, c), "Correct the cell or its currency"}
	}
	return n.money(p, c)
}

// ParseMarked reads an amount whose sign or code says the currency; assumed is that of a
// cell that has none, or one that can mean it, as $ can.
func (n Numbers) ParseMarked(cell string, assumed ar.Currency) (ar.Money, error) {
	p, err := strip(cell)
	if err != nil {
		return ar.Money{}, err
	}
	c, err := currencyOf(p.mark, assumed)
	if err != nil {
		return ar.Money{}, err
	}
	return n.money(p, c)
}

// currencyOf is what a mark means.
func currencyOf(mark string, assumed ar.Currency) (ar.Currency, error) {
	if mark == "" || assumed != "" && means(mark, assumed) {
		if assumed == "" {
			return "", &Error{"nothing says its currency", "Say which currency the file is in"}
		}
		return assumed, nil
	}
	if can := signs[mark]; len(can) == 1 || mark == "¥" || mark == "£" {
		return can[0], nil
	}
	if len(signs[mark]) > 1 {
		return "", &Error{mark + " can mean several currencies", "Say which currency the file is in"}
	}
	c, err := ar.ParseCurrency(strings.ToUpper(mark))
	if err != nil {
		return "", &Error{fmt.Sprintf("%q is not a currency", mark), "Write an amount, with a currency's sign or code at most"}
	}
	return c, nil
}

// money reads what is left of a cell without its sign and mark.
func (n Numbers) money(p stripped, c ar.Currency) (ar.Money, error) {
	plain, ok := n.plain(p.digits)
	if !ok {
		return ar.Money{}, &Error{
			Wrong: fmt.Sprintf("it is not an amount with a decimal %s", n.markName()),
			Mend:  "Correct the cell, or the decimal mark in the mapping if the whole column writes it so",
		}
	}
	m, err := ar.ParseMoney(plain, c)
	if err != nil {
		return ar.Money{}, &Error{Wrong: reason(err, plain), Mend: "Correct the amount, or the currency"}
	}
	if p.negative {
		m = m.Neg()
	}
	return m, nil
}

// reason is what an error of ar says about a value, without the value.
func reason(err error, value string) string {
	if _, says, ok := strings.Cut(err.Error(), strconv.Quote(value)+" "); ok {
		return "it " + says
	}
	return err.Error()
}

func (n Numbers) markName() string {
	if n.Decimal == ',' {
		return "comma"
	}
	return "point"
}

// plain turns digits with grouping and the column's decimal mark into what
// ar.ParseMoney reads.
func (n Numbers) plain(s string) (string, bool) {
	whole, fraction, mark := strings.Cut(s, string(n.Decimal))
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
func (n Numbers) ungroup(s string) (string, bool) {
	i := strings.IndexAny(s, n.groupMarks())
	if i < 0 {
		return s, onlyDigits(s)
	}
	mark, _ := utf8.DecodeRuneInString(s[i:])
	groups := strings.Split(s, string(mark))
	if len(groups[0]) < 1 || len(groups[0]) > 3 || !onlyDigits(groups[0]) {
		return "", false
	}
	lakh := mark == ',' && len(groups) > 2 && len(groups[1]) == 2 // 12,34,567 as India writes it
	for i, g := range groups[1:] {
		size := 3
		if lakh && i < len(groups)-2 {
			size = 2
		}
		if len(g) != size || !onlyDigits(g) {
			return "", false
		}
	}
	if lakh && len(groups[0]) > 2 {
		return "", false
	}
	return strings.Join(groups, ""), true
}

// stripped is an amount without its sign and currency.
type stripped struct {
	digits, mark string
	negative     bool
}

// strip takes sign, brackets and currency off an amount, each at most once.
func strip(cell string) (stripped, error) {
	p := stripped{digits: strings.ReplaceAll(strings.TrimSpace(cell), "\u2212", "-")} // the minus of typography
	signed := false
	for {
		rest, minus, found := cutSign(p.digits)
		if found {
			if signed {
				return p, &Error{"it has two signs", "Write one sign, or one pair of brackets"}
			}
			signed, p.negative, p.digits = true, minus, rest
			continue
		}
		rest, mark := cutMark(p.digits)
		if mark == "" {
			return p, nil
		}
		if p.mark != "" {
			return p, &Error{"it names a currency twice", "Write the currency once"}
		}
		p.mark, p.digits = mark, rest
	}
}

// accounting are the words for a side of an account: what is credit lowers A/R.
var accounting = []struct {
	word  string
	minus bool
}{{"CR", true}, {"DR", false}, {"CR.", true}, {"DR.", false}}

// cutSide takes CR or DR off.
func cutSide(s string) (rest string, minus, found bool) {
	for _, side := range accounting {
		if n := len(s) - len(side.word); n > 0 && strings.EqualFold(s[n:], side.word) {
			if !unicode.IsLetter(rune(s[n-1])) && strings.TrimSpace(s[:n]) != "" {
				return strings.TrimSpace(s[:n]), side.minus, true
			}
		}
		if n := len(side.word); len(s) > n && strings.EqualFold(s[:n], side.word) && !unicode.IsLetter(rune(s[n])) {
			return strings.TrimSpace(s[n:]), side.minus, true
		}
	}
	return s, false, false
}

// cutSign takes one sign off: a pair of brackets, a minus or a plus, CR or DR.
func cutSign(s string) (rest string, minus, found bool) {
	switch {
	case strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && len(s) > 1:
		return strings.TrimSpace(s[1 : len(s)-1]), true, true
	case strings.HasPrefix(s, "-"), strings.HasPrefix(s, "+"):
		return strings.TrimSpace(s[1:]), s[0] == '-', true
	case strings.HasSuffix(s, "-"), strings.HasSuffix(s, "+"):
		return strings.TrimSpace(s[:len(s)-1]), s[len(s)-1] == '-', true
	}
	return cutSide(s)
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
		return ar.Money{}, &Error{"it is not a whole number of minor units", "Write digits only, or take minor_units out of the mapping"}
	}
	return ar.NewMoney(minor, c), nil
}

func onlyDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
