package ar

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	gomoney "github.com/Rhymond/go-money"
)

// Currency is an ISO 4217 code such as "USD". Its zero value is no currency.
type Currency string

// ErrUnknownCurrency is wrapped by every error about a code that ISO 4217
// does not list.
var ErrUnknownCurrency = errors.New("unknown currency")

// ErrMoney is wrapped by every error of money arithmetic: two currencies in
// one sum, or a result that does not fit.
var ErrMoney = errors.New("money")

// exponents holds the codes that go-money's table lacks (ISO 4217 amendments
// 169 to 177); everything else is looked up there.
var exponents = map[Currency]int{"UYW": 4, "VED": 2, "ZWG": 2}

// notMoney are codes in go-money's table that ISO 4217 does not list (the
// pounds of Guernsey, Man and Jersey) or lists without minor units (gold,
// silver, special drawing rights).
var notMoney = []Currency{"GGP", "IMP", "JEP", "XAG", "XAU", "XDR"}

// ParseCurrency reads an ISO 4217 code in any case. An unknown code is an
// error, never two decimals.
func ParseCurrency(s string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if _, ok := c.exponent(); !ok {
		return "", fmt.Errorf("%w: %q is not an ISO 4217 code such as USD or EUR", ErrUnknownCurrency, s)
	}
	return c, nil
}

// Exponent returns how many decimals the currency has: 2 for USD, 0 for JPY,
// 3 for KWD (ISO 4217, also codes that were withdrawn, for old documents). It
// is 0 for an unknown code.
func (c Currency) Exponent() int {
	e, _ := c.exponent()
	return e
}

// Known reports whether ISO 4217 lists the code, which is in capitals: "usd"
// is not known, so that no sum holds it beside "USD".
func (c Currency) Known() bool {
	_, ok := c.exponent()
	return ok
}

func (c Currency) exponent() (int, bool) {
	if e, ok := exponents[c]; ok {
		return e, true
	}
	known := gomoney.GetCurrency(string(c))
	if known == nil || known.Code != string(c) || slices.Contains(notMoney, c) {
		return 0, false
	}
	return known.Fraction, true
}

// Money is an amount in integer minor units (cents, yen, fils) of one
// currency. Its zero value is no money and adds to any currency. Two Money
// values are equal when == says so.
//
// The range is the same on both sides of zero: math.MinInt64 is no amount, no
// operation and no parser returns it, and sums refuse it. So Neg and Abs need
// no error.
type Money struct {
	minor    int64
	currency Currency
}

// NewMoney returns minor units of a currency: NewMoney(1250, "USD") is $12.50.
func NewMoney(minor int64, c Currency) Money { return Money{minor: minor, currency: c} }

// Minor returns the amount in minor units.
func (m Money) Minor() int64 { return m.minor }

// Currency returns the currency's code.
func (m Money) Currency() Currency { return m.currency }

// IsZero reports whether the amount is zero.
func (m Money) IsZero() bool { return m.minor == 0 }

// Sign returns -1, 0 or 1.
func (m Money) Sign() int {
	switch {
	case m.minor < 0:
		return -1
	case m.minor > 0:
		return 1
	}
	return 0
}

// Neg returns the amount with the other sign.
func (m Money) Neg() Money { return Money{minor: -m.minor, currency: m.currency} }

// Abs returns the amount without its sign.
func (m Money) Abs() Money {
	if m.minor < 0 {
		return m.Neg()
	}
	return m
}

// Add returns m + o. Two currencies in one sum and an overflow are errors.
func (m Money) Add(o Money) (Money, error) {
	c, err := sameCurrency(m, o)
	if err != nil {
		return Money{}, err
	}
	sum := m.minor + o.minor
	wrapped := (m.minor < 0) == (o.minor < 0) && (m.minor < 0) != (sum < 0)
	if wrapped || slices.Contains([]int64{m.minor, o.minor, sum}, math.MinInt64) {
		return Money{}, fmt.Errorf("%w: %s + %s does not fit in 64 bits", ErrMoney, m, o)
	}
	return Money{minor: sum, currency: c}, nil
}

// Sub returns m - o. Two currencies in one sum and an overflow are errors.
func (m Money) Sub(o Money) (Money, error) { return m.Add(o.Neg()) }

// Mul returns the amount n times. An overflow is an error.
func (m Money) Mul(n int64) (Money, error) {
	hi, lo := bits.Mul64(magnitude(m.minor), magnitude(n))
	negative := (m.minor < 0) != (n < 0)
	if hi != 0 || lo > math.MaxInt64 {
		return Money{}, fmt.Errorf("%w: %s times %d does not fit in 64 bits", ErrMoney, m, n)
	}
	product := int64(lo)
	if negative {
		product = -product
	}
	return Money{minor: product, currency: m.currency}, nil
}

// Split shares the amount by weights so that the parts add up to it exactly;
// what rounding leaves goes to the largest remainders, first ones first. A
// part of weight 0 gets nothing. Weights must be at least 0, one above it.
func (m Money) Split(weights ...int64) ([]Money, error) {
	var total int64
	for _, w := range weights {
		if w < 0 || total > math.MaxInt64-w {
			return nil, fmt.Errorf("%w: split %s by weights %v", ErrMoney, m, weights)
		}
		total += w
	}
	if total == 0 || m.minor == math.MinInt64 {
		return nil, fmt.Errorf("%w: split %s by weights %v", ErrMoney, m, weights)
	}
	return m.share(weights, uint64(total)), nil
}

func (m Money) share(weights []int64, total uint64) []Money {
	amount := magnitude(m.minor)
	parts := make([]uint64, len(weights))
	remainders := make([]uint64, len(weights))
	left := amount
	for i, w := range weights {
		hi, lo := bits.Mul64(amount, uint64(w))
		parts[i], remainders[i] = bits.Div64(hi, lo, total)
		left -= parts[i]
	}
	for ; left > 0; left-- {
		largest := 0
		for i, r := range remainders {
			if r > remainders[largest] {
				largest = i
			}
		}
		parts[largest]++
		remainders[largest] = 0
	}
	out := make([]Money, len(parts))
	for i, p := range parts {
		out[i] = Money{minor: int64(p), currency: m.currency}
		if m.minor < 0 {
			out[i].minor = -out[i].minor
		}
	}
	return out
}

// Cmp compares two amounts of one currency: -1, 0 or 1. The zero value counts
// as 0 of the other's currency. Amounts of different currencies cannot be
// compared: they are ordered by code, so that a sort comes out the same.
func (m Money) Cmp(o Money) int {
	if m.currency != o.currency && m.currency != "" && o.currency != "" {
		return strings.Compare(string(m.currency), string(o.currency))
	}
	switch {
	case m.minor < o.minor:
		return -1
	case m.minor > o.minor:
		return 1
	}
	return 0
}

// Sum adds amounts of one currency; no amounts give the zero Money.
func Sum(amounts ...Money) (Money, error) {
	var total Money
	for _, m := range amounts {
		var err error
		if total, err = total.Add(m); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}

// ParseMoney reads decimal text as ledgers write it, "1234.5" or "-0.01":
// an optional sign, digits, and a point with digits. Grouping marks, exponents
// and more decimals than the currency has (other than zeros) are errors.
func ParseMoney(s string, c Currency) (Money, error) {
	exp, ok := c.exponent()
	if !ok {
		return Money{}, fmt.Errorf("%w: %q", ErrUnknownCurrency, string(c))
	}
	digits, negative := s, false
	if rest, found := strings.CutPrefix(digits, "-"); found {
		digits, negative = rest, true
	} else {
		digits = strings.TrimPrefix(digits, "+")
	}
	whole, fraction, point := strings.Cut(digits, ".")
	if whole == "" && fraction == "" || point && fraction == "" || !allDigits(whole) || !allDigits(fraction) {
		return Money{}, fmt.Errorf("%w: %q is not an amount such as 1234.50", ErrMoney, s)
	}
	if len(fraction) > exp {
		if strings.Trim(fraction[exp:], "0") != "" {
			return Money{}, fmt.Errorf("%w: %q has more than the %d decimals of %s", ErrMoney, s, exp, c)
		}
		fraction = fraction[:exp]
	}
	minor, err := strconv.ParseInt("0"+whole+fraction+strings.Repeat("0", exp-len(fraction)), 10, 64)
	if err != nil {
		return Money{}, fmt.Errorf("%w: %q is larger than any amount that can be kept", ErrMoney, s)
	}
	if negative {
		minor = -minor
	}
	return Money{minor: minor, currency: c}, nil
}

// Decimal returns plain decimal text that ParseMoney reads back: "-1234.50".
func (m Money) Decimal() string {
	exp := m.currency.Exponent()
	digits := strconv.FormatUint(magnitude(m.minor), 10)
	if pad := exp + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	text := digits
	if exp > 0 {
		text = digits[:len(digits)-exp] + "." + digits[len(digits)-exp:]
	}
	if m.minor < 0 {
		return "-" + text
	}
	return text
}

// symbols are the currency signs that mean one currency to every reader; a
// dollar of Canada is written CAD 12.00.
var symbols = map[Currency]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

// String returns the amount as people read it: $1,234.50, -€0.01, ¥10,000,
// KWD 12.345.
func (m Money) String() string {
	text := strings.TrimPrefix(m.Decimal(), "-")
	whole, fraction, point := strings.Cut(text, ".")
	text = group(whole)
	if point {
		text += "." + fraction
	}
	if symbol, ok := symbols[m.currency]; ok {
		text = symbol + text
	} else if m.currency != "" {
		text = string(m.currency) + " " + text
	}
	if m.minor < 0 {
		return "-" + text
	}
	return text
}

func group(digits string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func sameCurrency(a, b Money) (Currency, error) {
	switch {
	case a.currency == b.currency, b.currency == "" && b.minor == 0:
		return a.currency, nil
	case a.currency == "" && a.minor == 0:
		return b.currency, nil
	}
	return "", fmt.Errorf("%w: %s and %s cannot be added without a rate", ErrMoney, a, b)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}

func allDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// MarshalText writes the currency and plain decimals: "USD 1234.50". The zero
// value is written as "".
func (m Money) MarshalText() ([]byte, error) {
	if m.currency == "" {
		return nil, nil
	}
	return []byte(string(m.currency) + " " + m.Decimal()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (m *Money) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Money{}
		return nil
	}
	code, amount, _ := strings.Cut(string(text), " ")
	parsed, err := ParseMoney(amount, Currency(code))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
