package ar

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Rate is how many units of the home currency one unit of a currency is worth,
// as the ledger's decimal text; "" is 1.
type Rate string

// rateText bounds what is read: a power of ten would make numbers without end.
var rateText = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,18})?$`)

// ParseRate reads a decimal above 0. A rate of exactly 1 is "".
func ParseRate(text string) (Rate, error) {
	r, ok := Rate(text).rational()
	if text == "" || !ok || r.Sign() <= 0 {
		return "", fmt.Errorf("%q is not an exchange rate (a number above 0)", text)
	}
	if r.Cmp(big.NewRat(1, 1)) == 0 {
		return "", nil
	}
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return Rate(text), nil
}

func (r Rate) rational() (*big.Rat, bool) {
	if r == "" {
		return big.NewRat(1, 1), true
	}
	if !rateText.MatchString(string(r)) {
		return nil, false
	}
	return new(big.Rat).SetString(string(r))
}

// Convert returns m in another currency at a rate, rounded half away from zero
// to the minor unit: document by document, as ledgers do.
func (m Money) Convert(r Rate, into Currency) (Money, error) {
	rate, ok := r.rational()
	if !ok {
		return Money{}, fmt.Errorf("%q is not an exchange rate", string(r))
	}
	exact := new(big.Rat).Mul(new(big.Rat).SetInt64(m.minor), rate)
	shift := into.Exponent() - m.currency.Exponent()
	power := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(shift, -shift))), nil))
	if shift < 0 {
		power.Inv(power)
	}
	minor, ok := roundRational(exact.Mul(exact, power))
	if !ok {
		return Money{}, fmt.Errorf("%s at the rate %s is too large", m, r)
	}
	return NewMoney(minor, into), nil
}

// roundRational rounds half away from zero.
func roundRational(r *big.Rat) (int64, bool) {
	double := new(big.Int).Mul(new(big.Int).Abs(r.Num()), big.NewInt(2))
	double.Add(double, r.Denom())
	whole := double.Quo(double, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	if r.Sign() < 0 {
		whole.Neg(whole)
	}
	return whole.Int64(), whole.IsInt64()
}
