package ar_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"arbot/ar"
)

func locale(t rapid.TB, tag string) ar.Locale {
	t.Helper()
	l, err := ar.ParseLocale(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestParseLocale(t *testing.T) {
	t.Parallel()
	comma, dayFirst := true, true
	for tag, want := range map[string]ar.Locale{
		"en-US":       {},
		"en":          {},
		"en_us":       {},
		"en-US-posix": {},
		"en-PH":       {},
		"en-GB":       {DayFirst: dayFirst},
		"en-CA":       {DayFirst: dayFirst},
		"EN-au":       {DayFirst: dayFirst},
		"de-DE":       {DecimalComma: comma, DayFirst: dayFirst},
		"de":          {DecimalComma: comma, DayFirst: dayFirst},
		"de-CH":       {DayFirst: dayFirst},
		"fr-FR":       {DecimalComma: comma, DayFirst: dayFirst},
		"es-ES":       {DecimalComma: comma, DayFirst: dayFirst},
		"es-MX":       {DayFirst: dayFirst},
		"sr-Latn-RS":  {DecimalComma: comma, DayFirst: dayFirst},
		"zh-Hant-TW":  {},
		"ja-JP":       {},
		"hi-IN":       {DayFirst: dayFirst},
		"he-IL":       {DayFirst: dayFirst},
		"hu-HU":       {DecimalComma: comma},
	} {
		want.Language = strings.ToLower(tag[:2])
		if got := locale(t, tag); got != want {
			t.Errorf("%s: %+v, want %+v", tag, got, want)
		}
	}
	for _, tag := range []string{"", "english", "C", "POSIX", "-US"} {
		if l, err := ar.ParseLocale(tag); err == nil {
			t.Errorf("%q was read as %+v", tag, l)
		}
	}
}

// TestReadAmount begins with the inputs of case NL-01.
func TestReadAmount(t *testing.T) {
	t.Parallel()
	tests := []struct {
		locale, text string
		currency     ar.Currency // of the company or of the invoice
		want         string      // "" where it is refused
		says         string      // in the refusal
	}{
		{"en-US", "$1,234.56", "USD", "$1,234.56", ""},
		{"en-US", "$1,000,000.00", "USD", "$1,000,000.00", ""},
		{"en-US", "1200", "USD", "$1,200.00", ""},
		{"en-US", "5k", "USD", "$5,000.00", ""},
		{"en-US", "1.5K", "USD", "$1,500.00", ""},
		{"en-US", "$1,400,00.00", "USD", "", "cannot read"},
		{"en-US", "3.000", "USD", "", `Is "3.000" 3 or 3000?`},
		{"de-DE", "1.234,56", "EUR", "€1,234.56", ""},
		{"de-DE", "3.000", "EUR", "€3,000.00", ""},

		{"en-US", "3,000", "USD", "$3,000.00", ""},
		{"en-US", "$3.005", "USD", "", "3.005 or 3005?"},
		{"en-US", "120.000", "USD", "", "120 or 120000?"},
		{"en-US", "0.125", "USD", "", "more decimals than USD, which has 2"},
		{"en-US", "1,234.567", "USD", "", "more decimals"},
		{"en-US", "1234.567", "USD", "", "more decimals"},
		{"en-US", "3.0000", "USD", "$3.00", ""}, // no thousands mark stands before four digits
		{"en-US", "1,234.000", "USD", "$1,234.00", ""},
		{"en-US", "12.5", "JPY", "", "JPY, which has 0. Type it like 1200 or 5k"},
		{"en-US", "12.00", "JPY", "¥12", ""},
		{"en-US", "1.234", "KWD", "KWD 1.234", ""}, // three decimals exist here
		{"en-US", "1.2345", "CLF", "CLF 1.2345", ""},
		{"en-US", "1.234k", "USD", "$1,234.00", ""},
		{"en-US", "1.23456k", "USD", "$1,234.56", ""},
		{"en-US", "1.234567k", "USD", "", "more decimals"},
		{"en-US", "0.5m", "USD", "$500,000.00", ""},
		{"en-US", "2 M", "USD", "$2,000,000.00", ""},
		{"en-US", "1.2345k", "JPY", "", "more decimals"},
		{"en-US", "5kk", "USD", "", "cannot read"},
		{"en-US", "12,34", "USD", "", "cannot read"},
		{"en-US", "1,23", "USD", "", "cannot read"},
		{"en-US", "0,123", "USD", "", "cannot read"},
		{"en-US", "012,345", "USD", "", "cannot read"},
		{"en-US", "1,234,56", "USD", "", "cannot read"},
		{"en-US", "1,234'567", "USD", "", "cannot read"}, // two kinds of mark
		{"en-US", "1234,567", "USD", "", "cannot read"},
		{"en-US", ",123", "USD", "", "cannot read"},
		{"en-US", "12.", "USD", "", "cannot read"},
		{"en-US", ".50", "USD", "", "cannot read"},
		{"en-US", "1.234,56", "USD", "", "cannot read"},
		{"en-US", "-5", "USD", "", "cannot read"},
		{"en-US", "$-5", "USD", "", "cannot read"},
		{"en-US", "", "USD", "", "cannot read"},
		{"en-US", "$", "USD", "", "cannot read"},
		{"en-US", "k", "USD", "", "cannot read"},
		{"en-US", "five", "USD", "", "cannot read"},
		{"en-US", "$5€", "USD", "", "cannot read"},
		{"en-US", "٥", "USD", "", "cannot read"},
		{"en-US", "99999999999999999", "USD", "", "too large"},
		{"en-US", "99999999999999m", "USD", "", "too large"},

		{"en-US", " $ 1,200.50 ", "USD", "$1,200.50", ""},
		{"en-US", "EUR 20", "USD", "€20.00", ""},
		{"en-US", "eur20", "USD", "€20.00", ""},
		{"en-US", "20 EUR", "USD", "€20.00", ""},
		{"en-US", "20€", "USD", "€20.00", ""},
		{"en-US", "£5k", "USD", "£5,000.00", ""},
		{"en-US", "cad 100", "USD", "CAD 100.00", ""},
		{"en-US", "100 EUR USD", "USD", "", "cannot read"},
		{"en-US", "ZZZ 100", "USD", "", "cannot read"},
		{"en-US", "100", "", "", "Which currency"},
		{"en-US", "$100", "", "$100.00", ""},
		{"en-US", "1\u00a0EUR", "USD", "€1.00", ""},

		// The dollar sign has two readings where the company's dollar is another.
		{"en-CA", "$100", "CAD", "", "USD or in CAD? Type USD or CAD instead"},
		{"en-CA", "100", "CAD", "CAD 100.00", ""},
		{"en-CA", "USD 100", "CAD", "$100.00", ""},
		{"zh-CN", "¥100", "CNY", "", "JPY or in CNY?"},
		{"en-GB", "$100", "GBP", "$100.00", ""},

		{"de-DE", "1.000.000", "EUR", "€1,000,000.00", ""},
		{"de-DE", "1.000.00", "EUR", "", "cannot read"},
		{"de-DE", "3,5k", "EUR", "€3,500.00", ""},
		{"de-DE", "3.5", "EUR", "", "1.200,50"},
		{"de-DE", "3,000", "EUR", "", `Is "3,000" 3 or 3000?`},
		{"de-DE", "12,5 €", "EUR", "€12.50", ""},
		{"fr-FR", "1\u202f234,50", "EUR", "€1,234.50", ""},
		{"fr-FR", "1 234 567", "EUR", "€1,234,567.00", ""},
		{"de-CH", "1’234.50", "CHF", "CHF 1,234.50", ""},
		{"de-CH", "1'234'567", "CHF", "CHF 1,234,567.00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.locale+" "+tt.text+" "+string(tt.currency), func(t *testing.T) {
			t.Parallel()
			got, err := ar.ReadAmount(tt.text, locale(t, tt.locale), tt.currency)
			switch {
			case tt.want == "":
				if ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %s, %v; want a refusal that says %q", got, err, tt.says)
				}
			case err != nil || got.String() != tt.want:
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

// FuzzReadAmount: what is read has one reading, is not below 0, comes back when
// it is typed plainly, and reads the same in the other locale or is refused
// there, unless it holds a mark, which is what locales differ in.
func FuzzReadAmount(f *testing.F) {
	for _, s := range []string{"$1,234.56", "1.234,56", "5k", "1.5K", "3.000", "EUR 20", "20 kwd", "¥1,250,000", "1'234.50", "0,5m", "$5€", "1 234"} {
		f.Add(s, false, "USD")
		f.Add(s, true, "JPY")
	}
	f.Fuzz(func(t *testing.T, s string, comma bool, code string) {
		l := ar.Locale{DecimalComma: comma}
		m, err := ar.ReadAmount(s, l, ar.Currency(code))
		if err != nil {
			if ar.KindOf(err) != ar.Invalid {
				t.Fatalf("%q: %v is not for people", s, err)
			}
			return
		}
		if m.Sign() < 0 || !m.Currency().Known() {
			t.Fatalf("%q was read as %s", s, m)
		}
		plain := m.Decimal()
		if comma {
			plain = strings.Replace(plain, ".", ",", 1)
		}
		if again, err := ar.ReadAmount(string(m.Currency())+" "+plain, l, ""); err != nil || again != m {
			t.Fatalf("%q is %s, but %q is %s, %v", s, m, plain, again, err)
		}
		other, err := ar.ReadAmount(s, ar.Locale{DecimalComma: !comma}, ar.Currency(code))
		if err == nil && other != m && !strings.ContainsAny(s, ".,") {
			t.Fatalf("%q is %s or %s", s, m, other)
		}
	})
}

func TestReadDate(t *testing.T) {
	t.Parallel()
	us, gb := locale(t, "en-US"), locale(t, "en-GB")
	const wednesday = "2026-11-25"
	tests := []struct {
		text, today string
		locale      ar.Locale
		lean        ar.Lean
		want        string // "" where it is refused
	}{
		// NL-03
		{"EOM", wednesday, us, ar.Ahead, "2026-11-30"},
		{"end of month", wednesday, us, ar.Ahead, "2026-11-30"},
		{"end of next month", wednesday, us, ar.Ahead, "2026-12-31"},
		{"end of february", wednesday, us, ar.Ahead, "2027-02-28"},
		{"EOM", "2026-11-30", us, ar.Ahead, "2026-11-30"},
		// NL-04
		{"12/5", wednesday, us, ar.Ahead, "2026-12-05"},
		{"3/4", wednesday, us, ar.Ahead, "2027-03-04"},
		{"13/5", wednesday, us, ar.Ahead, ""},
		{"12/5", wednesday, gb, ar.Ahead, "2027-05-12"},
		{"3/4", wednesday, gb, ar.Ahead, "2027-04-03"},
		{"13/5", wednesday, gb, ar.Ahead, "2027-05-13"},
		{"by 3/4", wednesday, us, ar.Ahead, "2027-03-04"},

		{"end of the month", wednesday, us, ar.Ahead, "2026-11-30"},
		{"month end", wednesday, us, ar.Ahead, "2026-11-30"},
		{"end of this month", wednesday, us, ar.Back, "2026-11-30"},
		{"EOM", wednesday, us, ar.Back, "2026-10-31"}, // the latest that is not ahead
		{"EOM", "2026-11-30", us, ar.Back, "2026-11-30"},
		{"end of last month", wednesday, us, ar.Back, "2026-10-31"},
		{"end of last month", "2026-03-31", us, ar.Ahead, "2026-02-28"},
		{"end of february", wednesday, us, ar.Back, "2026-02-28"},
		{"end of february 2028", wednesday, us, ar.Ahead, "2028-02-29"},
		{"end of Nov", "2026-11-30", us, ar.Ahead, "2026-11-30"},
		{"end of next month", "2027-01-31", us, ar.Ahead, "2027-02-28"},
		{"end of month 2027", wednesday, us, ar.Ahead, ""},
		{"end of smarch", wednesday, us, ar.Ahead, ""},

		{"today", wednesday, us, ar.Ahead, "2026-11-25"},
		{"Now", wednesday, us, ar.Back, "2026-11-25"},
		{"yesterday", wednesday, us, ar.Ahead, "2026-11-24"},
		{"tomorrow", wednesday, us, ar.Back, "2026-11-26"},
		{"friday", wednesday, us, ar.Ahead, "2026-11-27"},
		{"by Fri", wednesday, us, ar.Ahead, "2026-11-27"},
		{"next Friday", wednesday, us, ar.Ahead, "2026-11-27"},
		{"next friday", wednesday, us, ar.Back, "2026-11-27"},
		{"friday", wednesday, us, ar.Back, "2026-11-20"},
		{"last friday", wednesday, us, ar.Ahead, "2026-11-20"},
		{"last friday", wednesday, us, ar.Back, "2026-11-20"},
		{"Wednesday", wednesday, us, ar.Ahead, "2026-12-02"},
		{"Wednesday", wednesday, us, ar.Back, "2026-11-25"},
		{"last wed", wednesday, us, ar.Back, "2026-11-18"},
		{"sunday", wednesday, us, ar.Ahead, "2026-11-29"},
		{"sunday", wednesday, us, ar.Back, "2026-11-22"},
		{"tues", wednesday, us, ar.Ahead, "2026-12-01"},
		{"thurs", wednesday, us, ar.Ahead, "2026-11-26"},
		{"thur", wednesday, us, ar.Ahead, "2026-11-26"},
		{"saturday", "2026-11-29", us, ar.Ahead, "2026-12-05"}, // from a Sunday
		{"sunday", "2026-11-29", us, ar.Back, "2026-11-29"},

		{"2026-12-05", wednesday, us, ar.Ahead, "2026-12-05"},
		{"2020-1-2", wednesday, gb, ar.Ahead, "2020-01-02"},
		{"2026-02-30", wednesday, us, ar.Ahead, ""},
		{"2026-00-10", wednesday, us, ar.Ahead, ""},
		{"11/25", wednesday, us, ar.Ahead, "2026-11-25"},
		{"11/24", wednesday, us, ar.Ahead, "2027-11-24"},
		{"11/25", wednesday, us, ar.Back, "2026-11-25"},
		{"11/26", wednesday, us, ar.Back, "2025-11-26"},
		{"2/29", wednesday, us, ar.Ahead, "2028-02-29"},
		{"2/29", wednesday, us, ar.Back, "2024-02-29"},
		{"2/29", "2096-03-01", us, ar.Ahead, "2104-02-29"},
		{"2/30", wednesday, us, ar.Ahead, ""},
		{"2/29/2027", wednesday, us, ar.Ahead, ""},
		{"12/5/26", wednesday, us, ar.Ahead, "2026-12-05"},
		{"12/5/2020", wednesday, us, ar.Ahead, "2020-12-05"},
		{"5.12.2026", wednesday, gb, ar.Ahead, "2026-12-05"},
		{"5.12.", wednesday, gb, ar.Ahead, "2026-12-05"},
		{"0/5", wednesday, us, ar.Ahead, ""},
		{"12/0", wednesday, us, ar.Ahead, ""},
		{"25 Nov", wednesday, us, ar.Ahead, "2026-11-25"},
		{"24 nov", wednesday, us, ar.Ahead, "2027-11-24"},
		{"26 November", wednesday, us, ar.Back, "2025-11-26"},
		{"Nov 26", wednesday, gb, ar.Ahead, "2026-11-26"},
		{"Nov 25 2026", wednesday, us, ar.Ahead, "2026-11-25"},
		{"nov 3rd, 2027", wednesday, us, ar.Ahead, "2027-11-03"},
		{"1st sept", wednesday, us, ar.Ahead, "2027-09-01"},
		{"31. dec 2026", wednesday, us, ar.Ahead, "2026-12-31"},
		{"  31   Dec ", wednesday, us, ar.Ahead, "2026-12-31"},
		{"31 feb", wednesday, us, ar.Ahead, ""},
		{"nov 2026", wednesday, us, ar.Ahead, ""}, // no day
		{"25 nov 26", wednesday, us, ar.Ahead, ""},
		{"25", wednesday, us, ar.Ahead, ""},
		{"25 ju", wednesday, us, ar.Ahead, ""},
		{"25 smarch", wednesday, us, ar.Ahead, ""},
		{"", wednesday, us, ar.Ahead, ""},
		{"soon", wednesday, us, ar.Ahead, ""},
		{"next", wednesday, us, ar.Ahead, ""},
		{"last month", wednesday, us, ar.Ahead, ""},
		{"3/4/5/6", wednesday, us, ar.Ahead, ""},
	}
	for _, tt := range tests {
		name := tt.text + " " + tt.today
		if tt.locale.DayFirst {
			name += " day first"
		}
		if tt.lean == ar.Back {
			name += " back"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ar.ReadDate(tt.text, day(t, tt.today), tt.locale, tt.lean)
			switch {
			case tt.want == "":
				if ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), "2026-12-31") {
					t.Errorf("got %s, %v; want a refusal with an example", got, err)
				}
			case err != nil || got.String() != tt.want:
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

// TestTheExampleOfARefusalCanBeTyped: what a refusal says to type is read.
func TestTheExampleOfARefusalCanBeTyped(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-11-25")
	for _, tag := range []string{"en-US", "en-GB", "de-DE"} {
		for _, c := range []ar.Currency{"USD", "JPY", "KWD"} {
			for _, text := range examples(t, tag, func(l ar.Locale) error {
				_, err := ar.ReadAmount("?", l, c)
				return err
			}) {
				if m, err := ar.ReadAmount(text, locale(t, tag), c); err != nil {
					t.Errorf("%s %s: %q is read as %s, %v", tag, c, text, m, err)
				}
			}
		}
		for _, text := range examples(t, tag, func(l ar.Locale) error {
			_, err := ar.ReadDate("?", today, l, ar.Ahead)
			return err
		}) {
			if d, err := ar.ReadDate(text, today, locale(t, tag), ar.Ahead); err != nil {
				t.Errorf("%s: %q is read as %s, %v", tag, text, d, err)
			}
		}
	}
}

func examples(t *testing.T, tag string, refused func(ar.Locale) error) []string {
	t.Helper()
	err := refused(locale(t, tag))
	_, list, found := strings.Cut(err.Error(), "Type it like ")
	if !found {
		t.Fatalf("no example in %q", err)
	}
	return strings.Split(strings.ReplaceAll(strings.TrimSuffix(list, "."), " or ", ", "), ", ")
}

func FuzzReadDate(f *testing.F) {
	for _, s := range []string{"12/5", "eom", "end of february 2028", "next friday", "2026-12-05", "nov 3rd, 2027", "31. dec", "29 feb"} {
		f.Add(s, true, true)
		f.Add(s, false, false)
	}
	today := ar.NewDate(2026, 11, 25)
	f.Fuzz(func(t *testing.T, s string, dayFirst, back bool) {
		lean := ar.Ahead
		if back {
			lean = ar.Back
		}
		l := ar.Locale{DayFirst: dayFirst}
		d, err := ar.ReadDate(s, today, l, lean)
		if err != nil {
			if ar.KindOf(err) != ar.Invalid {
				t.Fatalf("%q: %v is not for people", s, err)
			}
			return
		}
		if again, err := ar.ReadDate(d.String(), today, l, lean); err != nil || again != d {
			t.Fatalf("%q is %s, which is %s, %v", s, d, again, err)
		}
	})
}
