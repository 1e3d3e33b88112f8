package ar_test

import (
	"testing"

	"pgregory.net/rapid"

	"arbot/ar"
)

func TestParseRate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]ar.Rate{"1": "", "1.000": "", "1.2500": "1.25", "0.0081": "0.0081", "120": "120"} {
		if got, err := ar.ParseRate(text); err != nil || got != want {
			t.Errorf("ParseRate(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "0.00", "-1", "1e9", "1/2", "x", "1,25", "NaN"} {
		if got, err := ar.ParseRate(text); err == nil {
			t.Errorf("ParseRate(%q) = %q, want an error", text, got)
		}
	}
}

func TestConvert(t *testing.T) {
	t.Parallel()
	tests := []struct {
		minor int64
		from  ar.Currency
		rate  ar.Rate
		into  ar.Currency
		want  int64
	}{
		{10000, "EUR", "1.25", "USD", 12500},
		{1, "EUR", "1.5", "USD", 2}, // half away from zero
		{-1, "EUR", "1.5", "USD", -2},
		{1, "EUR", "1.4999", "USD", 1},
		{10000, "JPY", "0.0081", "USD", 8100},
		{12345, "KWD", "3.25", "USD", 4012}, // 12.345 x 3.25 = 40.12125
		{100, "USD", "", "USD", 100},
	}
	for _, tt := range tests {
		got, err := ar.NewMoney(tt.minor, tt.from).Convert(tt.rate, tt.into)
		if err != nil || got != ar.NewMoney(tt.want, tt.into) {
			t.Errorf("%d %s at %q = %v, %v; want %d", tt.minor, tt.from, tt.rate, got, err, tt.want)
		}
	}
	if _, err := ar.NewMoney(1<<62, "EUR").Convert("1000", "USD"); err == nil {
		t.Error("an overflow was not refused")
	}
}

func TestConvertKeepsTheSign(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := ar.NewMoney(rapid.Int64Range(-1e12, 1e12).Draw(t, "minor"), "EUR")
		rate := ar.Rate(rapid.StringMatching(`[1-9][0-9]{0,3}(\.[0-9]{1,6})?`).Draw(t, "rate"))
		there, err := m.Convert(rate, "USD")
		if err != nil {
			t.Fatal(err)
		}
		back, err := m.Neg().Convert(rate, "USD")
		if err != nil || back != there.Neg() {
			t.Errorf("%v converts to %v, its opposite to %v (%v)", m, there, back, err)
		}
	})
}
