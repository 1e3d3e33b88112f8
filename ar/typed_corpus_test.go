package ar_test

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"arbot/ar"
)

// typedLine is one line of a corpus, with the words of its section.
type typedLine struct {
	section    []string
	text, want string
	no         int
}

var escaped = regexp.MustCompile(`\\u[0-9a-f]{4}`)

// corpus reads testdata/typed_*.txt.
func corpus(t testing.TB, name string) (lines []typedLine) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var section []string
	for scanner, no := bufio.NewScanner(file), 1; scanner.Scan(); no++ {
		line := scanner.Text()
		switch {
		case line == "", strings.HasPrefix(line, "# "):
			continue
		case strings.HasPrefix(line, "["):
			section = strings.Fields(strings.Trim(line, "[]"))
			continue
		}
		text, want, found := strings.Cut(line, " => ")
		if !found {
			t.Fatalf("%s:%d: no arrow in %q", name, no, line)
		}
		text = escaped.ReplaceAllStringFunc(text, func(s string) string {
			code, err := strconv.ParseUint(s[2:], 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			return string(rune(code))
		})
		lines = append(lines, typedLine{section, strings.TrimSpace(text), want, no})
	}
	return lines
}

// typing makes what a text is read by, from the words of a section.
func typing(t rapid.TB, tag, today, currency string) ar.Typing {
	t.Helper()
	typing := ar.Typing{Locale: ar.Locale{Unset: true}, Currency: ar.Currency(currency)}
	if tag != "none" {
		typing.Locale = locale(t, tag)
	}
	if today != "" {
		typing.Today = day(t, today)
	}
	return typing
}

func writeDates(r ar.DateReading, bar string) string {
	list := make([]string, len(r.Dates))
	for i, d := range r.Dates {
		list[i] = d.String()
	}
	return writeChoices(list, r.Ask, bar)
}

func writeAmounts(r ar.AmountReading, bar string) string {
	list := make([]string, len(r.Choices))
	for i, c := range r.Choices {
		switch {
		case c.Rest:
			list[i] = "rest"
		case c == ar.All():
			list[i] = "all"
		case c.Den > 0:
			list[i] = fmt.Sprintf("%d/%d", c.Num, c.Den)
		default:
			list[i] = string(c.Money.Currency()) + " " + c.Money.Decimal()
		}
	}
	return writeChoices(list, r.Ask, bar)
}

func writeChoices(list []string, ask, bar string) string {
	if len(list) == 1 && ask != "" {
		return strings.TrimLeft(strings.Replace(bar, "|", "?", 1), " ") + list[0]
	}
	return strings.Join(list, bar)
}

// check compares a reading, or its refusal, with what the corpus says.
func (l typedLine) check(t *testing.T, got string, err error) {
	t.Helper()
	refusal, refused := strings.CutPrefix(l.want, "! ")
	switch {
	case refused && (err == nil || ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), refusal)):
		t.Errorf("line %d: %q is %s, %v; want a refusal that says %q", l.no, l.text, got, err, refusal)
	case !refused && (err != nil || got != l.want):
		t.Errorf("line %d: %q is\n%s, %v; want\n%s", l.no, l.text, got, err, l.want)
	}
}

func TestTypedDates(t *testing.T) {
	t.Parallel()
	for _, line := range corpus(t, "typed_dates.txt") {
		r, err := typing(t, line.section[0], line.section[1], "USD").Date(line.text)
		line.check(t, writeDates(r, " | "), err)
		asksWhenItMust(t, line, len(r.Dates), r.Ask, err)
	}
}

func TestTypedAmounts(t *testing.T) {
	t.Parallel()
	for _, line := range corpus(t, "typed_amounts.txt") {
		r, err := typing(t, line.section[0], "", line.section[1]).Amount(line.text)
		line.check(t, writeAmounts(r, " | "), err)
		asksWhenItMust(t, line, len(r.Choices), r.Ask, err)
	}
}

func asksWhenItMust(t *testing.T, line typedLine, choices int, ask string, err error) {
	t.Helper()
	if err == nil && choices > 1 && !strings.HasSuffix(ask, "?") {
		t.Errorf("line %d: %q has %d readings and asks %q", line.no, line.text, choices, ask)
	}
}

func openItems(numbers ...string) (items []ar.OpenItem) {
	for i, number := range numbers {
		items = append(items, ar.OpenItem{Document: ar.Document{ID: ar.DocumentID(i + 1), Number: number}, Open: ar.NewMoney(100_000, "USD")})
	}
	return items
}

func promiseContext(t testing.TB, section []string) ar.PromiseContext {
	t.Helper()
	subject := section[0] == "reply"
	if subject {
		section = section[1:]
	}
	return ar.PromiseContext{
		Typing: typing(t, section[0], section[1], section[2]), Subject: subject,
		Items: openItems("INV-7", "INV-88", "1042", "000123", "123", "INV_2026_001", "2021011355", "2021011355"),
		Names: []string{"Acme Corp", "May Industries", "Friday Foods", "4 Seasons", "Red May", "O'Brien & Sons"},
	}
}

func writePromise(p ar.TypedPromise) string {
	var parts []string
	for _, part := range p.Parts {
		parts = append(parts, writeAmounts(part.Amount, "|")+" "+writeDates(part.Date, "|"))
	}
	s := strings.Join(parts, "; ")
	if len(p.Documents) > 1 {
		p.About += fmt.Sprintf(" (%d)", len(p.Documents))
	}
	if p.About != "" {
		s = p.About + ": " + s
	}
	if p.Note != "" {
		s += fmt.Sprintf(" %q", p.Note)
	}
	return s
}

func TestTypedPromises(t *testing.T) {
	t.Parallel()
	for _, line := range corpus(t, "typed_promises.txt") {
		p, err := ar.ParsePromise(line.text, promiseContext(t, line.section))
		line.check(t, writePromise(p), err)
	}
}

// TestTheCorpusIsLarge: the typed texts with known answers are at least 500.
func TestTheCorpusIsLarge(t *testing.T) {
	t.Parallel()
	lines := len(corpus(t, "typed_dates.txt")) + len(corpus(t, "typed_amounts.txt")) + len(corpus(t, "typed_promises.txt"))
	if lines < 500 {
		t.Errorf("the corpus has %d lines", lines)
	}
	t.Logf("%d lines", lines)
}
