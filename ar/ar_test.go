package ar_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// exactly compares money and dates by ==.
var exactly = cmp.Options{
	cmp.Comparer(func(a, b ar.Money) bool { return a == b }),
	cmp.Comparer(func(a, b ar.Date) bool { return a == b }),
}

func money(t rapid.TB, amount string, c ar.Currency) ar.Money {
	t.Helper()
	m, err := ar.ParseMoney(amount, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func usd(t rapid.TB, amount string) ar.Money {
	t.Helper()
	return money(t, amount, "USD")
}

func day(t rapid.TB, s string) ar.Date {
	t.Helper()
	d, err := ar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sum adds amounts of which the test knows that they fit.
func sum(t rapid.TB, amounts ...ar.Money) ar.Money {
	t.Helper()
	total, err := ar.Sum(amounts...)
	if err != nil {
		t.Fatal(err)
	}
	return total
}

// checkRefusal wants an error for people that says something, or none where
// says is "".
func checkRefusal(t testing.TB, name string, err error, says string) {
	t.Helper()
	if says == "" && err != nil || says != "" && (ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), says)) {
		t.Errorf("%s: %v; want %q", name, err, says)
	}
}
