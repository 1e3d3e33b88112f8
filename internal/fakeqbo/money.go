package fakeqbo

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// exponent is how many decimals a currency has (ISO 4217).
func exponent(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// decimal writes minor units as QuickBooks does in documents: 47.5, 100.
func decimal(minor int64, exp int) string {
	text := fixed(minor, exp)
	if exp == 0 {
		return text
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// fixed writes minor units with all decimals, as reports do: 47.50.
func fixed(minor int64, exp int) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	text := strconv.FormatInt(minor, 10)
	if exp == 0 {
		return sign + text
	}
	if len(text) <= exp {
		text = strings.Repeat("0", exp+1-len(text)) + text
	}
	return sign + text[:len(text)-exp] + "." + text[len(text)-exp:]
}

// minor reads decimal text into minor units, rounded half away from zero.
func minor(text string, exp int) (int64, error) {
	r, ok := new(big.Rat).SetString(strings.TrimSpace(text))
	if !ok || len(text) > 40 {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return roundRat(r.Mul(r, pow10(exp)))
}

func pow10(n int) *big.Rat {
	p := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil)
	if n < 0 {
		return new(big.Rat).SetFrac(big.NewInt(1), p)
	}
	return new(big.Rat).SetInt(p)
}

func roundRat(r *big.Rat) (int64, error) {
	twice := new(big.Int).Lsh(new(big.Int).Abs(r.Num()), 1)
	whole := twice.Add(twice, r.Denom())
	whole.Quo(whole, new(big.Int).Lsh(r.Denom(), 1))
	if r.Sign() < 0 {
		whole.Neg(whole)
	}
	if !whole.IsInt64() {
		return 0, fmt.Errorf("%s is too large", r.FloatString(2))
	}
	return whole.Int64(), nil
}

// home converts minor units of a currency at a rate ("" is 1) into those of the
// home currency, rounded half away from zero. A rate was checked when it came in.
func (c *Company) home(amount int64, currency, rate string) int64 {
	shift := exponent(c.set.HomeCurrency) - exponent(currency)
	if shift == 0 && (rate == "" || rate == "1") {
		return amount
	}
	r, ok := new(big.Rat).SetString(rate)
	if !ok {
		r = big.NewRat(1, 1)
	}
	r.Mul(r, new(big.Rat).SetInt64(amount))
	whole, err := roundRat(r.Mul(r, pow10(shift)))
	if err != nil {
		return 0
	}
	return whole
}
