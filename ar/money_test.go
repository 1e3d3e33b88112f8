package ar_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// iso4217 lists the currencies of ISO 4217 that are in use, by minor units.
var iso4217 = map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
	2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP " +
		"CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS " +
		"INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN " +
		"MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE " +
		"SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
	3: "BHD IQD JOD KWD LYD OMR TND",
	4: "CLF UYW",
}

func TestExponentsAreThoseOfISO4217(t *testing.T) {
	t.Parallel()
	for exponent, codes := range iso4217 {
		for code := range strings.FieldsSeq(codes) {
			c, err := ar.ParseCurrency(code)
			if err != nil || c.Exponent() != exponent || !c.Known() {
				t.Errorf("%s: exponent %d, known %v, err %v; want %d", code, c.Exponent(), c.Known(), err, exponent)
			}
		}
	}
}

func TestParseCurrency(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"usd", " USD ", "Usd"} {
		if c, err := ar.ParseCurrency(in); c != "USD" || err != nil {
			t.Errorf("ParseCurrency(%q) = %q, %v; want USD", in, c, err)
		}
	}
	for _, in := range []string{"", "US", "USDT", "ZZZ", "$", "U$D", "GGP", "XAU", "BTC", "ÜSD", "\xff\xff\xff"} {
		if c, err := ar.ParseCurrency(in); !errors.Is(err, ar.ErrUnknownCurrency) {
			t.Errorf("ParseCurrency(%q) = %q, %v; want ErrUnknownCurrency", in, c, err)
		}
	}
	if c := ar.Currency("usd"); c.Known() {
		t.Error("usd is known: a sum could hold it beside USD")
	}
}

func TestParseMoney(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in       string
		currency ar.Currency
		minor    int64
		decimal  string // what Decimal writes; in, if ""
		text     string // what String writes
	}{
		{"1234.50", "USD", 123_450, "", "$1,234.50"},
		{"1234.5", "USD", 123_450, "1234.50", "$1,234.50"},
		{"+7", "USD", 700, "7.00", "$7.00"},
		{"-0.01", "EUR", -1, "", "-€0.01"},
		{".5", "GBP", 50, "0.50", "£0.50"},
		{"0", "USD", 0, "0.00", "$0.00"},
		{"-0", "USD", 0, "0.00", "$0.00"},
		{"000012.340000", "USD", 1234, "12.34", "$12.34"},
		{"10000", "JPY", 10_000, "", "¥10,000"},
		{"10000.00", "JPY", 10_000, "10000", "¥10,000"},
		{"12.345", "KWD", 12_345, "", "KWD 12.345"},
		{"1.2345", "CLF", 12_345, "", "CLF 1.2345"},
		{"-1000", "ISK", -1000, "", "-ISK 1,000"},
		{"1", "UYW", 10_000, "1.0000", "UYW 1.0000"},
		{"999.99", "CAD", 99_999, "", "CAD 999.99"},
		{"92233720368547758.07", "USD", math.MaxInt64, "", "$92,233,720,368,547,758.07"},
		{"-92233720368547758.07", "USD", -math.MaxInt64, "", "-$92,233,720,368,547,758.07"},
		{"9223372036854775807", "JPY", math.MaxInt64, "", "¥9,223,372,036,854,775,807"},
		// go-money reads these through a float, to 1998, 114 and 434.
		{"19.99", "USD", 1999, "", "$19.99"},
		{"1.15", "USD", 115, "", "$1.15"},
		{"4.35", "USD", 435, "", "$4.35"},
	}
	for _, tt := range tests {
		t.Run(tt.in+" "+string(tt.currency), func(t *testing.T) {
			t.Parallel()
			m, err := ar.ParseMoney(tt.in, tt.currency)
			if err != nil {
				t.Fatal(err)
			}
			if want := ar.NewMoney(tt.minor, tt.currency); m != want {
				t.Errorf("parsed %d %s, want %d", m.Minor(), m.Currency(), tt.minor)
			}
			if tt.decimal == "" {
				tt.decimal = tt.in
			}
			if m.Decimal() != tt.decimal || m.String() != tt.text {
				t.Errorf("written %q and %q, want %q and %q", m.Decimal(), m, tt.decimal, tt.text)
			}
		})
	}
}

func TestParseMoneyRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in       string
		currency ar.Currency
		want     error
	}{
		{"", "USD", ar.ErrMoney},
		{".", "USD", ar.ErrMoney},
		{"-", "USD", ar.ErrMoney},
		{"+-5", "USD", ar.ErrMoney},
		{"--5", "USD", ar.ErrMoney},
		{"5.", "USD", ar.ErrMoney},
		{"1,234.50", "USD", ar.ErrMoney},
		{"1 234", "USD", ar.ErrMoney},
		{" 5", "USD", ar.ErrMoney},
		{"1e3", "USD", ar.ErrMoney},
		{"0x10", "USD", ar.ErrMoney},
		{"1_000", "USD", ar.ErrMoney},
		{"NaN", "USD", ar.ErrMoney},
		{"Inf", "USD", ar.ErrMoney},
		{"١٢", "USD", ar.ErrMoney}, // digits, but not ours
		{"1.2.3", "USD", ar.ErrMoney},
		{"$5", "USD", ar.ErrMoney},
		{"0.001", "USD", ar.ErrMoney},
		{"0.5", "JPY", ar.ErrMoney},
		{"0.0001", "KWD", ar.ErrMoney},
		{"92233720368547758.08", "USD", ar.ErrMoney},
		{"-92233720368547758.08", "USD", ar.ErrMoney}, // math.MinInt64 is no amount
		{"99999999999999999999999", "JPY", ar.ErrMoney},
		{"12.34", "ZZZ", ar.ErrUnknownCurrency},
		{"12.34", "usd", ar.ErrUnknownCurrency},
		{"12.34", "", ar.ErrUnknownCurrency},
	}
	for _, tt := range tests {
		t.Run(tt.in+" "+string(tt.currency), func(t *testing.T) {
			t.Parallel()
			if m, err := ar.ParseMoney(tt.in, tt.currency); !errors.Is(err, tt.want) {
				t.Errorf("got %v, %v; want %v", m, err, tt.want)
			}
		})
	}
}

// TestMinorUnits is case SY-08: no yen is multiplied by a hundred.
func TestMinorUnits(t *testing.T) {
	t.Parallel()
	if got := ar.NewMoney(10_000, "JPY").String(); got != "¥10,000" {
		t.Errorf("SY-08 (a): %s, want ¥10,000", got)
	}
	if got, err := ar.ReadAmount("¥1,250,000", ar.Locale{}, "USD"); err != nil || got != ar.NewMoney(1_250_000, "JPY") {
		t.Errorf("SY-08 (b): %s, %v; want ¥1,250,000", got, err)
	}
	if got := ar.NewMoney(12_345, "KWD").String(); got != "KWD 12.345" {
		t.Errorf("SY-08 (c): %s, want KWD 12.345", got)
	}
	if got := ar.NewMoney(10_000, "USD").String(); got != "$100.00" {
		t.Errorf("SY-08 (d): %s, want $100.00", got)
	}
}

// edges are amounts at which 64-bit arithmetic goes wrong first.
var edges = []int64{0, 1, -1, 2, -2, 99, -100, math.MaxInt64, -math.MaxInt64, math.MaxInt64 - 1, -math.MaxInt64 + 1, math.MaxInt64/2 + 1, 1 << 32, -1 << 32}

func minor() *rapid.Generator[int64] {
	return rapid.OneOf(rapid.SampledFrom(edges), rapid.Int64Range(-math.MaxInt64, math.MaxInt64), rapid.Int64Range(-1_000_00, 1_000_00))
}

// TestArithmeticIsExact holds sums and products against big integers: either
// the same, or an error where the result leaves the range.
func TestArithmeticIsExact(t *testing.T) {
	t.Parallel()
	operations := map[string]struct {
		ours  func(a, b int64) (ar.Money, error)
		exact func(a, b *big.Int) *big.Int
	}{
		"Add": {
			func(a, b int64) (ar.Money, error) { return ar.NewMoney(a, "USD").Add(ar.NewMoney(b, "USD")) },
			func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) },
		},
		"Sub": {
			func(a, b int64) (ar.Money, error) { return ar.NewMoney(a, "USD").Sub(ar.NewMoney(b, "USD")) },
			func(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) },
		},
		"Mul": {
			func(a, b int64) (ar.Money, error) { return ar.NewMoney(a, "USD").Mul(b) },
			func(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) },
		},
	}
	fits := big.NewInt(math.MaxInt64)
	for name, op := range operations {
		check := func(t interface{ Fatalf(string, ...any) }, a, b int64) {
			got, err := op.ours(a, b)
			want := op.exact(big.NewInt(a), big.NewInt(b))
			switch {
			case want.CmpAbs(fits) > 0:
				if !errors.Is(err, ar.ErrMoney) {
					t.Fatalf("%s(%d, %d) = %d, %v; want ErrMoney, the result is %s", name, a, b, got.Minor(), err, want)
				}
			case err != nil || got != ar.NewMoney(want.Int64(), "USD"):
				t.Fatalf("%s(%d, %d) = %d, %v; want %s", name, a, b, got.Minor(), err, want)
			}
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, a := range edges {
				for _, b := range edges {
					check(t, a, b)
				}
			}
			rapid.Check(t, func(t *rapid.T) { check(t, minor().Draw(t, "a"), minor().Draw(t, "b")) })
		})
	}
}

func TestTheSmallestInt64IsNoAmount(t *testing.T) {
	t.Parallel()
	smallest, zero := ar.NewMoney(math.MinInt64, "USD"), ar.NewMoney(0, "USD")
	for name, f := range map[string]func() (ar.Money, error){
		"Add":      func() (ar.Money, error) { return smallest.Add(zero) },
		"Add to":   func() (ar.Money, error) { return zero.Add(smallest) },
		"Sub":      func() (ar.Money, error) { return smallest.Sub(zero) },
		"Sub from": func() (ar.Money, error) { return zero.Sub(smallest) },
		"Mul":      func() (ar.Money, error) { return smallest.Mul(1) },
		"Mul by":   func() (ar.Money, error) { return ar.NewMoney(1, "USD").Mul(math.MinInt64) },
		"Split": func() (ar.Money, error) {
			_, err := smallest.Split(1, 1)
			return ar.Money{}, err
		},
	} {
		if m, err := f(); !errors.Is(err, ar.ErrMoney) {
			t.Errorf("%s: %d, %v; want ErrMoney", name, m.Minor(), err)
		}
	}
	if got := smallest.Decimal(); got != "-92233720368547758.08" {
		t.Errorf("an error would show it as %s", got)
	}
}

func TestCurrenciesAreNotMixed(t *testing.T) {
	t.Parallel()
	dollar, euro, none := ar.NewMoney(100, "USD"), ar.NewMoney(100, "EUR"), ar.Money{}
	if m, err := dollar.Add(euro); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("USD + EUR = %s, %v", m, err)
	}
	if m, err := dollar.Sub(euro); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("USD - EUR = %s, %v", m, err)
	}
	if m, err := ar.Sum(dollar, none, euro); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("sum of USD, nothing and EUR = %s, %v", m, err)
	}
	if m, err := ar.NewMoney(5, "").Add(dollar); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("5 of no currency + USD = %s, %v", m, err)
	}
	for _, pair := range [][2]ar.Money{{dollar, none}, {none, dollar}} {
		if m, err := pair[0].Add(pair[1]); err != nil || m != dollar {
			t.Errorf("%s + %s = %s, %v; want %s", pair[0], pair[1], m, err, dollar)
		}
	}
	if m, err := ar.Sum(); err != nil || m != none {
		t.Errorf("sum of nothing = %s, %v", m, err)
	}
}

func TestSignsAndOrder(t *testing.T) {
	t.Parallel()
	minus, zero, plus := ar.NewMoney(-5, "USD"), ar.NewMoney(0, "USD"), ar.NewMoney(5, "USD")
	if minus.Sign() != -1 || zero.Sign() != 0 || plus.Sign() != 1 || !zero.IsZero() || plus.IsZero() {
		t.Error("signs are wrong")
	}
	if minus.Neg() != plus || plus.Neg() != minus || minus.Abs() != plus || plus.Abs() != plus {
		t.Error("Neg or Abs is wrong")
	}
	order := []ar.Money{ar.NewMoney(9, "EUR"), minus, zero, plus}
	for i, a := range order {
		for j, b := range order {
			if got, want := a.Cmp(b), max(-1, min(1, i-j)); got != want {
				t.Errorf("%s.Cmp(%s) = %d, want %d", a, b, got, want)
			}
		}
	}
	if (ar.Money{}).Cmp(zero) != 0 || (ar.Money{}).Cmp(plus) != -1 || minus.Cmp(ar.Money{}) != -1 {
		t.Error("the zero value isn't compared as 0")
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		amount  int64
		weights []int64
		want    []int64
	}{
		{100, []int64{1, 1, 1}, []int64{34, 33, 33}},
		{-100, []int64{1, 1, 1}, []int64{-34, -33, -33}},
		{100, []int64{0, 1, 1, 1}, []int64{0, 34, 33, 33}}, // go-money: 1, 33, 33, 33
		{1, []int64{1, 2}, []int64{0, 1}},                  // the larger remainder
		{5, []int64{1}, []int64{5}},
		{0, []int64{3, 4}, []int64{0, 0}},
		{7, []int64{0, 7, 0}, []int64{0, 7, 0}},
		{100_000_000_000_000, []int64{999_999, 1}, []int64{99_999_900_000_000, 100_000_000}}, // go-money panics
		{math.MaxInt64, []int64{1, 1}, []int64{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
		{math.MaxInt64, []int64{math.MaxInt64}, []int64{math.MaxInt64}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.amount, tt.weights), func(t *testing.T) {
			t.Parallel()
			parts, err := ar.NewMoney(tt.amount, "USD").Split(tt.weights...)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]ar.Money, len(tt.want))
			for i, w := range tt.want {
				want[i] = ar.NewMoney(w, "USD")
			}
			if diff := cmp.Diff(want, parts, exactly); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
	for _, weights := range [][]int64{nil, {0}, {0, 0}, {-1, 2}, {math.MaxInt64, 1}} {
		if parts, err := ar.NewMoney(100, "USD").Split(weights...); !errors.Is(err, ar.ErrMoney) {
			t.Errorf("split by %v = %v, %v; want ErrMoney", weights, parts, err)
		}
	}
}

func TestSplitAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		whole := ar.NewMoney(minor().Draw(t, "amount"), "USD")
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/40), 1, 40).Draw(t, "weights")
		total := new(big.Int)
		for _, w := range weights {
			total.Add(total, big.NewInt(w))
		}
		parts, err := whole.Split(weights...)
		if total.Sign() == 0 {
			if err == nil {
				t.Fatal("split by nothing but zeros")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		added := new(big.Int)
		for i, p := range parts {
			added.Add(added, big.NewInt(p.Minor()))
			if weights[i] == 0 && !p.IsZero() {
				t.Fatalf("part %d has weight 0 and gets %s", i, p)
			}
			// No part is a minor unit or more away from its share:
			// |part x total - whole x weight| < total.
			off := new(big.Int).Mul(big.NewInt(p.Minor()), total)
			off.Sub(off, new(big.Int).Mul(big.NewInt(whole.Minor()), big.NewInt(weights[i])))
			if off.CmpAbs(total) >= 0 {
				t.Fatalf("part %d of %s by %v is %s", i, whole, weights, p)
			}
		}
		if added.Cmp(big.NewInt(whole.Minor())) != 0 {
			t.Fatalf("parts of %s add up to %s", whole, added)
		}
	})
}

// TestFloatsAreNotTheWay is what go-money 1.0.15 gets wrong in silence, with
// the right answers.
func TestFloatsAreNotTheWay(t *testing.T) {
	t.Parallel()
	if m, err := ar.NewMoney(math.MaxInt64, "USD").Add(ar.NewMoney(1, "USD")); err == nil {
		t.Errorf("an overflow gave %s", m)
	}
	var exact ar.Money
	encoded, err := json.Marshal(ar.NewMoney(1<<53+1, "USD"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &exact); err != nil || exact.Minor() != 1<<53+1 {
		t.Errorf("2^53+1 came back as %d, %v", exact.Minor(), err)
	}
	if got := ar.NewMoney(-5, "USD").Neg(); got.Minor() != 5 {
		t.Errorf("the negative of -5 is %d", got.Minor())
	}
	if m, err := (ar.Money{}).Add(ar.Money{}); err != nil || !m.IsZero() {
		t.Errorf("nothing and nothing is %s, %v", m, err)
	}
}

func TestMoneyAsText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]ar.Currency{"USD", "JPY", "KWD", "CLF", "ISK"}).Draw(t, "currency")
		want := ar.NewMoney(minor().Draw(t, "minor"), c)
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got ar.Money
		if err := got.UnmarshalText(text); err != nil || got != want {
			t.Fatalf("%q came back as %s, %v", text, got, err)
		}
	})
	for want, m := range map[string]ar.Money{`""`: {}, `"USD -1234.50"`: ar.NewMoney(-123_450, "USD"), `"JPY 5"`: ar.NewMoney(5, "JPY")} {
		if got, err := json.Marshal(m); string(got) != want || err != nil {
			t.Errorf("%s as JSON is %s, %v; want %s", m, got, err, want)
		}
		var back ar.Money
		if err := json.Unmarshal([]byte(want), &back); err != nil || back != m {
			t.Errorf("%s came back as %s, %v", want, back, err)
		}
	}
	for _, text := range []string{"USD", "12.00", "USD 1,0", "ZZZ 1", "usd 1", " ", "USD  1"} {
		m := ar.NewMoney(7, "USD")
		if err := m.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %s", text, m)
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"1234.50", "-0.01", ".5", "5.", "1e3", "92233720368547758.08", "00000000000000000000000000001", "0.10000000000000000000000001"} {
		for _, c := range []string{"USD", "JPY", "KWD", "CLF", "zzz"} {
			f.Add(s, c)
		}
	}
	f.Fuzz(func(t *testing.T, s, code string) {
		c := ar.Currency(code)
		m, err := ar.ParseMoney(s, c)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatalf("%q was read as %s and is no number", s, m)
		}
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(c.Exponent())), nil)
		if got := new(big.Rat).SetFrac(big.NewInt(m.Minor()), scale); got.Cmp(want) != 0 {
			t.Fatalf("%q was read as %s", s, m)
		}
		if again, err := ar.ParseMoney(m.Decimal(), c); err != nil || again != m {
			t.Fatalf("%q: %s came back as %s, %v", s, m.Decimal(), again, err)
		}
	})
}
