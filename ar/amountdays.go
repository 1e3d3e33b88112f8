package ar

import (
	"math/big"
	"math/bits"
)

// AmountDays is a sum of amounts times days, in minor units times days: 128 bits, since
// a large book's doesn't fit in 64. The zero value is 0.
type AmountDays struct {
	hi int64
	lo uint64
}

// NewAmountDays returns a sum that fits in 64 bits, as a database makes it.
func NewAmountDays(n int64) AmountDays {
	return AmountDays{hi: n >> 63, lo: uint64(n)}
}

// Add adds an amount times days.
func (a *AmountDays) Add(m Money, days int) {
	hi, lo := bits.Mul64(magnitude(m.Minor()), magnitude(int64(days)))
	if (m.Minor() < 0) != (days < 0) {
		var carry uint64
		lo, carry = bits.Add64(^lo, 1, 0)
		hi = ^hi + carry
	}
	a.AddSum(AmountDays{hi: int64(hi), lo: lo})
}

// AddSum adds another sum.
func (a *AmountDays) AddSum(o AmountDays) {
	lo, carry := bits.Add64(a.lo, o.lo, 0)
	a.lo = lo
	a.hi += o.hi + int64(carry)
}

// Int returns the sum.
func (a AmountDays) Int() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(a.hi), 64)
	return n.Add(n, new(big.Int).SetUint64(a.lo))
}
