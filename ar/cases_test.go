package ar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// TestNL01TypedAmounts: grouping is regular, and three decimals are not guessed.
func TestNL01TypedAmounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ tag, currency, text, want string }{
		{"en-US", "USD", "$1,234.56", "USD 1234.56"},
		{"en-US", "USD", "$1,000,000.00", "USD 1000000.00"},
		{"en-US", "USD", "1200", "USD 1200.00"},
		{"en-US", "USD", "5k", "USD 5000.00"},
		{"en-US", "USD", "1.5K", "USD 1500.00"},
		{"en-US", "USD", "$1,400,00.00", ""},
		{"en-US", "USD", "3.000", "USD 3.00 | USD 3000.00"},
		{"de-DE", "EUR", "1.234,56", "EUR 1234.56"},
		{"de-DE", "EUR", "3.000", "EUR 3000.00"},
	} {
		r, err := typing(t, tt.tag, "2026-11-25", tt.currency).Amount(tt.text)
		if got := writeAmounts(r, " | "); got != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("%s: %q is %q, %v; want %q", tt.tag, tt.text, got, err, tt.want)
		}
		if tt.text == "3.000" && tt.tag == "en-US" && r.Ask != `Is "3.000" $3.00 or $3,000.00?` {
			t.Errorf("it asks %q", r.Ask)
		}
	}
}

// TestNL03EndOfMonth: the last calendar day; of a month that is past, next year's.
func TestNL03EndOfMonth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ today, text, want string }{
		{"2026-11-25", "EOM", "2026-11-30"},
		{"2026-11-25", "end of month", "2026-11-30"},
		{"2026-11-25", "end of next month", "2026-12-31"},
		{"2026-11-25", "end of february", "2027-02-28"},
		{"2026-11-30", "EOM", "2026-11-30"},
	} {
		checkDate(t, "en-US", tt.today, tt.text, tt.want)
	}
}

func checkDate(t *testing.T, tag, today, text, want string) {
	t.Helper()
	r, err := typing(t, tag, today, "USD").Date(text)
	if got, ok := r.Clear(); ok != (want != "") || got.String() != want || (err != nil) != (want == "") {
		t.Errorf("%s on %s: %q is %+v, %v; want %q", tag, today, text, r, err, want)
	}
}

// TestNL04SlashDates: the order is the company's, no year is the next such date,
// and the answer spells the month.
func TestNL04SlashDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"12/5": {"2026-12-05", "2027-05-12"},
		"3/4":  {"2027-03-04", "2027-04-03"},
		"13/5": {"", "2027-05-13"},
	} {
		checkDate(t, "en-US", "2026-11-25", text, want[0])
		checkDate(t, "en-GB", "2026-11-25", text, want[1])
	}
	p, err := ar.ParsePromise("promise INV-88 $1,200.50 by 3/4", promiseContext(t, []string{"en-US", "2026-11-25", "USD"}))
	if err != nil {
		t.Fatal(err)
	}
	parts, err := p.Instalments(usd(t, "5000"))
	if err != nil || len(parts) != 1 || parts[0].Amount != usd(t, "1200.50") || parts[0].Due.Long() != "Thu 4 Mar 2027" {
		t.Errorf("%+v is %+v, %v", p, parts, err)
	}
}

// TestSL09TypedNote: what Slack or a person put into a note is text; it holds no
// mark that would ping somebody or hide a link once it is escaped.
func TestSL09TypedNote(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"&lt;!channel&gt; Traders":                      "<!channel> Traders",
		"<https://evil.example|Pay here> &amp; <!here>": "Pay here & @here",
		"AT&amp;T":                   "AT&T",
		"ask <@U1|dana> in <#C1|ar>": "ask @dana in #ar",
		"<!subteam^S1|@finance> <!date^1^{date}|Friday>": "@finance Friday",
	} {
		if got := ar.CleanTyped(typed); got != want {
			t.Errorf("%q is %q; want %q", typed, got, want)
		}
	}
}

// TestX16NumbersAreText: 000123 and 123 are two invoices.
func TestX16NumbersAreText(t *testing.T) {
	t.Parallel()
	c := promiseContext(t, []string{"en-US", "2026-11-25", "USD"})
	for text, want := range map[string]string{"000123 10 Friday": "000123", "123 10 Friday": "123"} {
		p, err := ar.ParsePromise(text, c)
		if err != nil || len(p.Documents) != 1 || c.Items[p.Documents[0]-1].Number != want {
			t.Errorf("%q is about %v, %v", text, p.Documents, err)
		}
	}
}

// TestSY09NumberThatIsThereTwice: it is asked which of the two.
func TestSY09NumberThatIsThereTwice(t *testing.T) {
	t.Parallel()
	p, err := ar.ParsePromise("2021011355 500 Friday", promiseContext(t, []string{"en-US", "2026-11-25", "USD"}))
	if err != nil || len(p.Documents) != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	_, err = p.Instalments(usd(t, "500"))
	if ar.KindOf(err) != ar.Ambiguous || err.Error() != "There are 2 open invoices with the number 2021011355. Which one is it?" {
		t.Errorf("it says %v", err)
	}
}

// TestInstalmentsOfShares: shares are of what is open, the rest is what they
// leave, and nothing is lost to rounding.
func TestInstalmentsOfShares(t *testing.T) {
	t.Parallel()
	c := promiseContext(t, []string{"reply", "en-US", "2026-11-25", "USD"})
	for _, tt := range []struct {
		text, open string
		want       []string // "" where it is refused
	}{
		{"half on Friday, rest EOM", "100.01", []string{"50.01", "50.00"}},
		{"half on Friday, half EOM", "100", []string{"50.00", "50.00"}},
		{"a third Friday, a third Monday, rest Dec 15", "100", []string{"33.33", "33.33", "33.34"}},
		{"30% Friday and the rest Monday", "0.01", []string{"0.00", "0.01"}},
		{"rest EOM, half Friday", "100", []string{"50.00", "50.00"}},
		{"rest Friday, rest EOM", "100", nil},
		{"all Friday, rest EOM", "100", nil},
		{"$60 Friday, rest EOM", "50", nil},
		{"all Friday", "0", nil},
		{"500 next Friday", "1000", nil},
	} {
		p, err := ar.ParsePromise(tt.text, c)
		if err != nil {
			t.Fatalf("%q: %v", tt.text, err)
		}
		parts, err := p.Instalments(usd(t, tt.open))
		if (err != nil) != (tt.want == nil) || len(parts) != len(tt.want) {
			t.Errorf("%q of %s: %v, %v", tt.text, tt.open, parts, err)
			continue
		}
		for i, part := range parts {
			if part.Amount.Decimal() != tt.want[i] {
				t.Errorf("%q of %s: part %d is %s; want %s", tt.text, tt.open, i, part.Amount, tt.want[i])
			}
		}
	}
}

// TestReadings: each way to answer what a text asks is a promise of its own.
func TestReadings(t *testing.T) {
	t.Parallel()
	c := promiseContext(t, []string{"en-US", "2026-11-25", "USD"})
	for text, want := range map[string][]string{
		"INV-7 500 Friday":              {"INV-7: USD 500.00 2026-11-27"},
		"INV-7 500 next Friday":         {"INV-7: USD 500.00 2026-11-27", "INV-7: USD 500.00 2026-12-04"},
		"INV-7 Friday":                  {"INV-7: all 2026-11-27"},
		"2021011355 3.000 Friday":       {"2021011355: USD 3.00 2026-11-27", "2021011355: USD 3000.00 2026-11-27", "2021011355: USD 3.00 2026-11-27"},
		"INV-7 half Friday, rest 11/20": {"INV-7: 1/2 2026-11-27; rest 2027-11-20"},
	} {
		p, err := ar.ParsePromise(text, c)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		var got []string
		for _, r := range p.Readings(3) {
			if ask := r.Ask(); ask != "" {
				t.Errorf("%q: a reading asks %q", text, ask)
			}
			got = append(got, writePromise(r))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestWhatIsEchoedCanBeTyped: a date and an amount as an answer spells them are
// read as that, in every language.
func TestWhatIsEchoedCanBeTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := typing(t, rapid.SampledFrom(fuzzLocales).Draw(t, "locale"), "2026-11-25", "USD")
		d := in.Today.AddDays(rapid.IntRange(0, 700).Draw(t, "days"))
		for _, text := range []string{d.Long(), "by " + d.Long(), d.String()} {
			r, err := in.Date(text)
			if got, ok := r.Clear(); !ok || got != d {
				t.Fatalf("%q is %+v, %v", text, r, err)
			}
		}
		in.Locale.DecimalComma, in.Locale.Unset = false, false
		m := ar.NewMoney(rapid.Int64Range(1, 1<<50).Draw(t, "amount"), rapid.SampledFrom([]ar.Currency{"USD", "EUR", "KWD", "JPY", "CHF"}).Draw(t, "currency"))
		r, err := in.Amount(m.String())
		if got, ok := r.Clear(); !ok || got.Money != m {
			t.Fatalf("%q is %+v, %v", m.String(), r, err)
		}
	})
}
