package metric

import (
	"encoding/json"
	"fmt"
	"math/big"

	"arbot/ar"
)

// Reason says why a figure has no value, or what to know about it.
type Reason string

// The reasons.
const (
	NoSales       Reason = "no sales"
	NegativeSales Reason = "net sales negative"
	NothingPaid   Reason = "nothing was paid in full"
	NothingOpen   Reason = "nothing is open"
	NothingToGet  Reason = "nothing was there to collect"
	NoHistory     Reason = "too little history"
	TwoCurrencies Reason = "two currencies"
	TooLarge      Reason = "the amounts are too large"
	// NetCredit goes with a value of 0: more credit is unapplied than is owed.
	NetCredit Reason = "net credit balance"
)

// Figure is a figure in days, percent or times a year: an exact value, the least that
// it can be, or the reason why there's none. The zero Figure has no value.
type Figure struct {
	value  *big.Rat // never changed
	floor  bool
	reason Reason
	rest   ar.Money
}

// Of returns the figure of an exact value.
func Of(value *big.Rat) Figure { return Figure{value: new(big.Rat).Set(value)} }

// None returns a figure without a value.
func None(why Reason) Figure { return Figure{reason: why} }

// Value returns the exact value; false where there's none. The caller owns it.
func (f Figure) Value() (*big.Rat, bool) {
	if f.value == nil {
		return nil, false
	}
	return new(big.Rat).Set(f.value), true
}

// Floor reports whether the true value is the figure's or more, and what amount of
// A/R is older than the sales that were counted.
func (f Figure) Floor() (rest ar.Money, ok bool) { return f.rest, f.floor }

// Reason returns why there's no value, or what is to be said beside it; "" for
// nothing.
func (f Figure) Reason() Reason { return f.reason }

// Fixed returns the value with so many decimals, rounded half away from zero, or
// "n/a".
func (f Figure) Fixed(places int) string {
	if f.value == nil {
		return "n/a"
	}
	return f.value.FloatString(places)
}

// Text returns the figure as people read it: "27.6", "at least 153.0 ($400.00 is
// older)", "n/a (no sales)", "0.0 (net credit balance)".
func (f Figure) Text(places int) string {
	text := f.Fixed(places)
	if f.floor {
		text = fmt.Sprintf("at least %s (%s is older)", text, f.rest)
	}
	if f.reason != "" {
		text += fmt.Sprintf(" (%s)", f.reason)
	}
	return text
}

// String is Text with one decimal.
func (f Figure) String() string { return f.Text(1) }

// Percent returns a part of one as percent.
func (f Figure) Percent() Figure {
	if f.value == nil {
		return f
	}
	f.value = new(big.Rat).Mul(f.value, big.NewRat(100, 1))
	return f
}

// Minus returns the difference of two figures; it has no value where one of them has
// none, and isn't known where one is but a floor.
func (f Figure) Minus(o Figure) Figure {
	switch {
	case f.value == nil:
		return None(f.reason)
	case o.value == nil:
		return None(o.reason)
	case f.floor || o.floor:
		return None(NoHistory)
	}
	return Of(new(big.Rat).Sub(f.value, o.value))
}

// Equal reports whether two figures say the same.
func (f Figure) Equal(o Figure) bool {
	same := f.value == nil && o.value == nil || f.value != nil && o.value != nil && f.value.Cmp(o.value) == 0
	return same && f.floor == o.floor && f.reason == o.reason && f.rest == o.rest
}

// figureJSON is how a figure is kept with what was said, exact.
type figureJSON struct {
	Value  string   `json:"value,omitempty"` // "295187/10712"
	Floor  bool     `json:"floor,omitempty"`
	Reason Reason   `json:"reason,omitempty"`
	Rest   ar.Money `json:"rest,omitzero"`
}

// MarshalJSON writes the exact value and all that goes with it.
func (f Figure) MarshalJSON() ([]byte, error) {
	j := figureJSON{Floor: f.floor, Reason: f.reason, Rest: f.rest}
	if f.value != nil {
		j.Value = f.value.RatString()
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *Figure) UnmarshalJSON(text []byte) error {
	var j figureJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("metric: read a figure: %w", err)
	}
	read := Figure{floor: j.Floor, reason: j.Reason, rest: j.Rest}
	if j.Value != "" {
		value, ok := new(big.Rat).SetString(j.Value)
		if !ok {
			return fmt.Errorf("metric: %q is not the value of a figure", j.Value)
		}
		read.value = value
	}
	*f = read
	return nil
}

// ratio is part / whole x times, of amounts in one currency. Where there's no whole, why
// says so.
func ratio(part, whole ar.Money, times int64, why Reason) Figure {
	if !oneCurrency(part, whole) {
		return None(TwoCurrencies)
	}
	if whole.Sign() <= 0 {
		return None(why)
	}
	r := new(big.Rat).SetInt64(part.Minor())
	r.Mul(r, big.NewRat(times, 1))
	return Of(r.Quo(r, new(big.Rat).SetInt64(whole.Minor())))
}

// unsummed says why amounts couldn't be added up.
func unsummed(amounts ...ar.Money) Figure {
	if oneCurrency(amounts...) {
		return None(TooLarge)
	}
	return None(TwoCurrencies)
}

// oneCurrency reports whether amounts can be set against each other; the zero Money
// fits any.
func oneCurrency(amounts ...ar.Money) bool {
	var c ar.Currency
	for _, m := range amounts {
		if c == "" {
			c = m.Currency()
		}
		if m.Currency() != c && (m.Currency() != "" || !m.IsZero()) {
			return false
		}
	}
	return true
}
