package sampleco

import (
	"math/bits"
	"math/rand/v2"
)

// dice is the company's chance. It draws from PCG alone, whose sequence is
// specified, and reckons in integers: a float would round differently on
// another processor and send the whole history another way.
type dice struct{ pcg *rand.PCG }

func newDice(seed uint64) dice {
	return dice{pcg: rand.NewPCG(seed, 0x48617262_6f725069)}
}

// below returns 0 to n-1, all alike.
func (d dice) below(n int) int {
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance is true perMille times in a thousand.
func (d dice) chance(perMille int) bool { return d.below(1000) < perMille }

// oneOf returns one of the words.
func (d dice) oneOf(words []string) string { return words[d.below(len(words))] }

// octave holds 2^(k/16) in units of 1/65536.
var octave = [16]int64{
	65536, 68438, 71468, 74632, 77936, 81386, 84990, 88752,
	92682, 96785, 101070, 105545, 110218, 115098, 120194, 125515,
}

// lognormal returns a positive amount whose logarithm is bell-shaped around
// the median's: two thirds of the draws lie between half the median and twice
// it, some are ten times it.
func (d dice) lognormal(median int64) int64 {
	sum := -6 * 1000 // of twelve even draws: near enough to a bell of sigma 1000
	for range 12 {
		sum += d.below(1001)
	}
	steps := sum * 17 / 1000 // sixteenths of a doubling: a sigma of a little over one
	whole := steps >> 4      // rounds down, so that the rest is never below 0
	amount := median * octave[steps&15] >> 16
	if whole >= 0 {
		amount <<= whole
	} else {
		amount >>= -whole
	}
	return amount*int64(d.between(97_000, 103_000))/100_000 + 1
}
