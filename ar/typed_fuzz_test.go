package ar_test

import (
	"strings"
	"testing"

	"arbot/ar"
)

var fuzzLocales = []string{"en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "none"}

// FuzzTypedDate: a date that is read is not past, comes in order, asks where
// there are two, and is read again from its plain form.
func FuzzTypedDate(f *testing.F) {
	for _, line := range corpus(f, "typed_dates.txt") {
		f.Add(line.text, 0, 0)
	}
	f.Fuzz(func(t *testing.T, text string, tag, ahead int) {
		in := typing(t, fuzzLocales[uint(tag)%uint(len(fuzzLocales))], "2026-11-25", "USD")
		in.Today = in.Today.AddDays(ahead % 1500)
		r, err := in.Date(text)
		if err != nil {
			if ar.KindOf(err) != ar.Invalid {
				t.Fatalf("%q: %v is not for people", text, err)
			}
			return
		}
		if len(r.Dates) == 0 || len(r.Dates) > 1 && r.Ask == "" {
			t.Fatalf("%q is %v and asks %q", text, r.Dates, r.Ask)
		}
		for i, d := range r.Dates {
			if d.Before(in.Today) || i > 0 && !d.After(r.Dates[i-1]) {
				t.Fatalf("%q on %s is %v", text, in.Today, r.Dates)
			}
			again, err := in.Date(d.String())
			if got, ok := again.Clear(); err != nil || !ok || got != d {
				t.Fatalf("%q is %s, which is %+v, %v", text, d, again, err)
			}
		}
	})
}

// FuzzTypedAmount: an amount that is read is above 0 and of a known currency, or
// a share from a hundredth to all.
func FuzzTypedAmount(f *testing.F) {
	for _, line := range corpus(f, "typed_amounts.txt") {
		f.Add(line.text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, tag int) {
		in := typing(t, fuzzLocales[uint(tag)%uint(len(fuzzLocales))], "2026-11-25", "USD")
		r, err := in.Amount(text)
		if err != nil {
			if ar.KindOf(err) != ar.Invalid {
				t.Fatalf("%q: %v is not for people", text, err)
			}
			return
		}
		if len(r.Choices) == 0 || len(r.Choices) > 1 && r.Ask == "" {
			t.Fatalf("%q is %v and asks %q", text, r.Choices, r.Ask)
		}
		for _, c := range r.Choices {
			checkSpec(t, text, c)
		}
	})
}

func checkSpec(t *testing.T, text string, c ar.AmountSpec) {
	t.Helper()
	open := ar.NewMoney(99_999, "USD")
	switch {
	case c.Rest:
	case c.Den > 0 && (c.Num < 1 || c.Num > c.Den):
		t.Fatalf("%q is %d/%d", text, c.Num, c.Den)
	case c.Den == 0 && (c.Money.Sign() <= 0 && c.Money.Currency().Known() || !c.Money.Currency().Known()):
		t.Fatalf("%q is %s", text, c.Money)
	case c.Den > 0:
		if m, err := c.Of(open, ar.Money{}); err != nil || m.Sign() <= 0 || m.Cmp(open) > 0 {
			t.Fatalf("%q of %s is %s, %v", text, open, m, err)
		}
	}
}

// FuzzParsePromise: what is read is whole, or refused with a sentence; the note
// is a piece of the cleaned text; the same text gives the same reading.
func FuzzParsePromise(f *testing.F) {
	for _, line := range corpus(f, "typed_promises.txt") {
		f.Add(line.text, 0, true)
		f.Add(line.text, 2, false)
	}
	f.Fuzz(func(t *testing.T, text string, tag int, subject bool) {
		c := promiseContext(t, []string{fuzzLocales[uint(tag)%uint(len(fuzzLocales))], "2026-11-25", "USD"})
		c.Subject = subject
		p, err := ar.ParsePromise(text, c)
		again, err2 := ar.ParsePromise(text, c)
		if (err == nil) != (err2 == nil) || writePromise(p) != writePromise(again) {
			t.Fatalf("%q is %s, then %s", text, writePromise(p), writePromise(again))
		}
		if err != nil {
			if ar.KindOf(err) != ar.Invalid {
				t.Fatalf("%q: %v is not for people", text, err)
			}
			return
		}
		if len(p.Parts) == 0 || p.About == "" && !subject || !strings.Contains(ar.CleanTyped(text), p.Note) {
			t.Fatalf("%q is %+v", text, p)
		}
		for _, part := range p.Parts {
			if len(part.Amount.Choices) == 0 || len(part.Date.Dates) == 0 {
				t.Fatalf("%q lacks something: %+v", text, part)
			}
			for _, choice := range part.Amount.Choices {
				checkSpec(t, text, choice)
			}
		}
		if _, err := p.Instalments(ar.NewMoney(100_000, "USD")); err != nil && ar.KindOf(err) == "" {
			t.Fatalf("%q: %v is not for people", text, err)
		}
	})
}

// FuzzCleanTyped: cleaning twice changes nothing that reading would see, and
// leaves no mark of Slack's.
func FuzzCleanTyped(f *testing.F) {
	for _, s := range []string{"<@U1|dana> 500", "<tel:+1200|1200>", "<mailto:a@b.c|a@b.c>", "<!here> &amp; <#C1|ar>", "*5*\u00a0000\u202f000", "<!date^1^x|soon>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := ar.CleanTyped(text)
		if strings.ContainsAny(clean, "\u00a0\u202f\u2019\u201c\u200b\n\t") || clean != strings.TrimSpace(clean) {
			t.Fatalf("%q is %q", text, clean)
		}
	})
}
