package ar_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"arbot/ar"
)

func TestAmountDaysAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var sum ar.AmountDays
		want := new(big.Int)
		for range rapid.IntRange(0, 8).Draw(t, "items") {
			minor := rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "minor")
			days := rapid.IntRange(-4000, 4000).Draw(t, "days")
			sum.Add(ar.NewMoney(minor, "USD"), days)
			want.Add(want, new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(days))))
		}
		small := rapid.Int64().Draw(t, "sum of a database")
		sum.AddSum(ar.NewAmountDays(small))
		want.Add(want, big.NewInt(small))
		if sum.Int().Cmp(want) != 0 {
			t.Fatalf("sum %s, want %s", sum.Int(), want)
		}
	})
}
