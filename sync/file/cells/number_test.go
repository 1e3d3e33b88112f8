package cells

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"arbot/ar"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	point, comma, minor := Numbers{Decimal: '.'}, Numbers{Decimal: ','}, Numbers{Decimal: '.', Minor: true}
	tests := []struct {
		Numbers
		cell     string
		currency ar.Currency
		want     string // "" for a fault
	}{
		{point, "1234.5", "USD", "1234.50"},
		{point, "1,234.50", "USD", "1234.50"},
		{point, "12,345,678.90", "USD", "12345678.90"},
		{point, "1 234.50", "USD", "1234.50"},
		{point, "1\u00a0234.50", "USD", "1234.50"},
		{point, "1'234.50", "CHF", "1234.50"},
		{point, "Fr. 1’234.50", "CHF", "1234.50"},
		{point, ".5", "USD", "0.50"},
		{point, "$.50", "USD", "0.50"},
		{point, "0", "USD", "0.00"},
		{point, "$1,234.50", "CAD", "1234.50"},
		{point, "1,234.50 USD", "USD", "1234.50"},
		{point, "usd 7", "USD", "7.00"},
		{point, "-7.00", "USD", "-7.00"},
		{point, "\u22127.00", "USD", "-7.00"},
		{point, "7.00-", "USD", "-7.00"},
		{point, "-$7.00", "USD", "-7.00"},
		{point, "$-7.00", "USD", "-7.00"},
		{point, "(7.00)", "USD", "-7.00"},
		// The cells of CS-05.
		{point, "$+1500", "USD", "1500.00"},
		{point, "($900.23)", "USD", "-900.23"},
		{point, "GBP (53,180.08)", "GBP", "-53180.08"},
		{point, "€(63.12)", "EUR", "-63.12"},
		{point, "7.00 CR", "USD", "-7.00"},
		{point, "7.00cr", "USD", "-7.00"},
		{point, "CR 7.00", "USD", "-7.00"},
		{point, "7.00 Dr.", "USD", "7.00"},
		{point, "12,34,567.50", "INR", "1234567.50"},
		{point, "1,23,456 Cr", "INR", "-123456.00"},
		{point, "1234,56,789", "INR", ""},
		{point, "-7.00 CR", "USD", ""},
		// The cells of CS-03.
		{comma, "9,00", "EUR", "9.00"},
		{comma, "-583,28", "EUR", "-583.28"},
		{comma, "1.234,56", "EUR", "1234.56"},
		{comma, "1.234,56 €", "EUR", "1234.56"},
		{comma, "1 234,56-", "EUR", "-1234.56"},
		// SY-08 (b): no decimals, grouping is grouping.
		{point, "¥1,250,000", "JPY", "1250000"},
		{comma, "¥1.250.000", "JPY", "1250000"},
		{point, "1250000.00", "JPY", "1250000"},
		// SY-08 (c): three decimals; minor units where the mapping says so.
		{minor, "12345", "KWD", "12.345"},
		{minor, "-10000", "JPY", "-10000"},
		{point, "12.345", "KWD", "12.345"},
		{comma, "12,345", "KWD", "12.345"},
		{point, "12,345", "KWD", "12345.000"},
		{point, "KWD 1,234.567", "KWD", "1234.567"},

		{point, "", "USD", ""},
		{point, "-", "USD", ""},
		{point, "1,23", "USD", ""},     // a decimal comma, or broken grouping
		{point, "1234,567", "USD", ""}, // too long before the first mark
		{point, "1,2345.00", "USD", ""},
		{point, "1,234 567", "USD", ""}, // two kinds of marks
		{point, "1.234,56", "USD", ""},
		{point, ",123", "USD", ""},
		{comma, "1,234.56", "EUR", ""},
		{comma, "1.23", "EUR", ""},
		{point, "1.", "USD", ""},
		{point, "1.5.2", "USD", ""},
		{point, "1e3", "USD", ""},
		{point, "12%", "USD", ""},
		{point, "(-5)", "USD", ""},
		{point, "--5", "USD", ""},
		{point, "5-5", "USD", ""},
		{point, "(5", "USD", ""},
		{point, "€5", "USD", ""},
		{point, "$5 CAD", "USD", ""},
		{point, "$5$", "USD", ""},
		{point, "5.001", "USD", ""},
		{point, "0.5", "JPY", ""},
		{point, "99999999999999999999", "USD", ""},
		{point, "१२", "INR", ""},
		{minor, "1.5", "USD", ""},
		{minor, "99999999999999999999", "USD", ""},
	}
	for _, tt := range tests {
		got, err := tt.Parse(tt.cell, tt.currency)
		switch {
		case err != nil && tt.want != "":
			t.Errorf("%q in %s: %v, want %s", tt.cell, tt.currency, err, tt.want)
		case err == nil && got != mustMoney(t, tt.want, tt.currency):
			t.Errorf("%q in %s: %s, want %q", tt.cell, tt.currency, got.Decimal(), tt.want)
		}
	}
}

// mustMoney is money, but no text is no money at all.
func mustMoney(t *testing.T, s string, c ar.Currency) ar.Money {
	t.Helper()
	if s == "" {
		return ar.Money{}
	}
	return money(t, s, c)
}

// TestNumbersReadBack writes random amounts in every way and reads them back.
func TestNumbersReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]ar.Currency{"USD", "JPY", "KWD", "EUR"}).Draw(t, "currency")
		want := ar.NewMoney(rapid.Int64Range(-1e15, 1e15).Draw(t, "minor"), c)
		n := Numbers{Decimal: rapid.SampledFrom([]rune{'.', ','}).Draw(t, "decimal")}
		mark := rapid.SampledFrom(append([]string{""}, strings.Split(n.groupMarks(), "")...)).Draw(t, "grouping")
		cell := spreadsheet(want, n.Decimal, mark, rapid.SampledFrom([]string{"before", "behind", "brackets"}).Draw(t, "sign"))
		switch rapid.SampledFrom([]string{"", "before", "behind"}).Draw(t, "code") {
		case "before":
			cell = string(c) + " " + cell
		case "behind":
			cell += " " + string(c)
		}
		got, err := n.Parse(cell, c)
		if err != nil || got != want {
			t.Fatalf("%q: %s, %v, want %s", cell, got, err, want)
		}
	})
}

// spreadsheet writes an amount as a spreadsheet would.
func spreadsheet(m ar.Money, decimal rune, mark, sign string) string {
	whole, fraction, point := strings.Cut(m.Abs().Decimal(), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + mark + whole[i:]
	}
	text := whole
	if point {
		text += string(decimal) + fraction
	}
	switch {
	case m.Sign() >= 0:
		return text
	case sign == "before":
		return "-" + text
	case sign == "behind":
		return text + "-"
	}
	return "(" + text + ")"
}

// FuzzNumbers holds that an amount that is read is the digits that were
// written: nothing is dropped but marks.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"1,234.50", "($900.23)", "€(63.12)", "1.234,56-", "¥1,250,000", "12%", "$.5"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, cell string, point bool) {
		n := Numbers{Decimal: ','}
		if point {
			n.Decimal = '.'
		}
		got, err := n.Parse(cell, "KWD")
		if err != nil {
			return
		}
		digits := func(s string) string {
			return strings.Trim(strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, s), "0")
		}
		if digits(cell) != digits(got.Decimal()) {
			t.Errorf("%q was read as %s", cell, got.Decimal())
		}
	})
}

func TestDateLayouts(t *testing.T) {
	t.Parallel()
	tests := []struct{ layout, cell, want string }{
		{"YYYY-MM-DD", "2026-11-05", "2026-11-05"},
		{"MM/DD/YYYY", "11/05/2026", "2026-11-05"},
		{"M/D/YYYY", "11/5/2026", "2026-11-05"},
		{"MM/DD/YYYY", "1/2/2013", "2013-01-02"},
		{"DD/MM/YYYY", "11/05/2026", "2026-05-11"},
		{"DD.MM.YYYY", "05.11.2026", "2026-11-05"},
		{"DD.MM.YY", "05.11.26", "2026-11-05"},
		{"D MMM YYYY", "5 Nov 2026", "2026-11-05"},
		{"MMMM D, YYYY", "November 5, 2026", "2026-11-05"},
		{"MM/DD/YYYY", "31/12/2026", ""}, // never read the other way round
		{"MM/DD/YYYY", "02/30/2026", ""},
		{"MM/DD/YYYY", "2026-11-05", ""},
		{"MM/DD/YYYY", "11/05/26", ""},
		{"YYYY-MM-DD", "2026-11-05 10:00", ""},
	}
	for _, tt := range tests {
		l, err := ParseLayout(tt.layout)
		if err != nil {
			t.Errorf("%s: %v", tt.layout, err)
			continue
		}
		got, err := l.Parse(tt.cell)
		if (err != nil) != (tt.want == "") || got.String() != tt.want {
			t.Errorf("%q by %s: %s, %v, want %q", tt.cell, tt.layout, got, err, tt.want)
		}
	}
	for _, layout := range []string{"", "YYYY", "YYYY-MM", "YYYY-MM-MM", "YYYY-DD-DD", "2006-01-02", "DDMMYYYY", "YYY-MM-DD", "YYYY-MM-DDThh", "foo"} {
		if _, err := ParseLayout(layout); err == nil {
			t.Errorf("layout %q was accepted", layout)
		}
	}
}

func money(t testing.TB, s string, c ar.Currency) ar.Money {
	t.Helper()
	m, err := ar.ParseMoney(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
