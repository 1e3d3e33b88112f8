package card_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/bot/card"
	"arbot/bot/card/cardtest"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "Harbor Lane Bakery", "Harbor Lane Bakery"},
		{"spaces at the ends", "  x ", "x"},
		{"line breaks cannot forge a line", "Paid\r\nTotal: 0.00", "Paid  Total: 0.00"},
		{"unicode line breaks", "a\u2028b\u2029c\u0085d", "a b c d"},
		{"terminal escape", "\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"},
		{"NUL and DEL", "a\x00b\x7fc\u009fd", "abcd"},
		{"bidi override", "INV\u202e001\u202c", "INV001"},
		{"bidi isolates and marks", "\u2066a\u2069\u200eb\u200fc\u061cd", "abcd"},
		{"invisible", "a\u200bb\ufeffc\u00add\u2060e", "abcde"},
		{"tag characters", "a\U000e0041b", "ab"},
		{"joiners stay", "👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"},
		{"visible Arabic sign stays", "\u0600123", "\u0600123"},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
		{"markup is text", "<!channel> *x* &amp;", "<!channel> *x* &amp;"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, card.Clean(tc.in)); diff != "" {
				t.Errorf("Clean(%q) (-want +got):\n%s", tc.in, diff)
			}
		})
	}
}

func TestCleanLeavesOneHarmlessLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "in")
		got := card.Clean(in)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) || strings.ContainsAny(got, "\u2028\u2029\u202e") {
			t.Errorf("Clean(%q) = %q", in, got)
		}
		if again := card.Clean(got); again != got {
			t.Errorf("Clean(Clean(%q)) = %q, want %q", in, again, got)
		}
	})
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in    string
		limit int
		want  string
	}{
		{"Harbor", 6, "Harbor"},
		{"Harbor", 5, "Harb…"},
		{"Harbor Lane", 8, "Harbor…"},
		{"大阪工具", 3, "大阪…"},
		{"abc", 1, "…"},
		{"abc", 0, ""},
		{"", 0, ""},
	} {
		if got := card.Truncate(tc.in, tc.limit); got != tc.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", tc.in, tc.limit, got, tc.want)
		}
	}
}

func TestSafeURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://ledger.example/1?a=b&c=d": "https://ledger.example/1?a=b&c=d",
		"http://ledger.example":            "http://ledger.example",
		"HTTPS://ledger.example/x":         "https://ledger.example/x",
		"javascript:alert(1)":              "",
		"data:text/html,x":                 "",
		"//ledger.example":                 "",
		"https:///x":                       "",
		"/relative":                        "",
		"https://bank.example@evil.test/":  "",
		"https://ledger.example/\u202ex":   "",
		"":                                 "",
	} {
		if got := card.SafeURL(in); got != want {
			t.Errorf("SafeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 12, 1, 7, 0, 0, 0, time.FixedZone("EST", -5*3600))
	for _, tc := range []struct {
		name                 string
		span                 card.Span
		plain, href, mention string
	}{
		{"text", card.T("x\ty"), "x y", "", ""},
		{"link", card.Link("INV-1", "https://l.example/1"), "INV-1", "https://l.example/1", ""},
		{"link without text", card.Link("", "https://l.example/1"), "https://l.example/1", "https://l.example/1", ""},
		{"link to nowhere good", card.Link("INV-1", "javascript:x"), "INV-1", "", ""},
		{"user", card.User("U04RIVERA"), "@U04RIVERA", "", "U04RIVERA"},
		{"grid user", card.User("W04RIVERA"), "@W04RIVERA", "", "W04RIVERA"},
		{"no user", card.User("!channel"), "@!channel", "", ""},
		{"instant", card.When(noon, "07:00 EST"), "07:00 EST", "", ""},
		{"instant without fallback", card.When(noon, ""), "1 Dec 2026 12:00 UTC", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := [3]string{tc.span.Plain(), tc.span.Href(), tc.span.Mention()}
			if diff := cmp.Diff([3]string{tc.plain, tc.href, tc.mention}, got); diff != "" {
				t.Errorf("plain, href, mention (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCardsCompare(t *testing.T) {
	t.Parallel()
	for _, s := range cardtest.Samples() {
		again := s.Card
		again.Parts = append([]card.Part(nil), s.Card.Parts...)
		if !cmp.Equal(s.Card, again) {
			t.Errorf("%s differs from its copy", s.Name)
		}
		if again.Add(card.Divider{}); cmp.Equal(s.Card, again) {
			t.Errorf("%s equals a card with one part more", s.Name)
		}
	}
}
