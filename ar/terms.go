package ar

import (
	"regexp"
	"strconv"
	"strings"
)

// Terms are payment terms: when an invoice is due, seen from its date.
type Terms struct {
	// Name is what the ledger calls them, kept as given ("2/10 Net 30").
	Name string
	// NetDays are the days from the invoice date, or from the end of its
	// month where EndOfMonth is set.
	NetDays int
	// EndOfMonth moves the start to the last day of the invoice's month.
	EndOfMonth bool
	// DayOfMonth, where above 0, makes the invoice due on that day of the
	// month after the invoice's; a short month's last day where it has none.
	DayOfMonth int
}

var (
	// "2/10" and "2% 10" are a discount: 2 % off within 10 days. They say
	// nothing about the due date.
	discountTerms = regexp.MustCompile(`(?i)\b\d+(\.\d+)?\s*(%\s*/?|/)\s*\d+(\s*d(ays?)?)?\b`)
	netTerms      = regexp.MustCompile(`(?i)\b(?:net|n)[\s/-]*(\d{1,3})\b`)
	dayTerms      = regexp.MustCompile(`(?i)\b(\d{1,3})\s*d(ays?)?\b`)
	endOfMonth    = regexp.MustCompile(`(?i)\beom\b|\b(month end|end of (the )?(invoice )?month)\b`)
	pastEOM       = regexp.MustCompile(`(?i)\b(\d{1,3})\s*eom\b|\beom\s*\+?\s*(\d{1,3})\b`)
	nthOfMonth    = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:day\s+)?(?:of\s+(?:the\s+)?(?:(?:next|following)\s+month|month\s+following)|prox)\b`)
	onReceipt     = regexp.MustCompile(`(?i)\b(up)?on receipt\b|\bimmediate(ly)?\b|\bdue now\b|\b(cash|payment) (on delivery|in advance)\b|^(cod|cia|pia|prepaid|prepayment)$`)
)

// ParseTerms reads the names that ledgers give to terms: "Net 30", "2/10 Net
// 30", "Due on receipt", "Net 15 EOM", "EOM", "15th of next month", "30
// days". Of several numbers of days the largest counts, the others earn a
// discount. It reports false for a name from which no due date follows.
func ParseTerms(name string) (Terms, bool) {
	t := Terms{Name: strings.TrimSpace(name)}
	text := strings.Join(strings.Fields(discountTerms.ReplaceAllString(name, " ")), " ")
	if days, ok := mostDays(nthOfMonth, text); ok {
		t.DayOfMonth = days
		return t, days >= 1 && days <= 31
	}
	t.EndOfMonth = endOfMonth.MatchString(text)
	for _, terms := range []*regexp.Regexp{netTerms, pastEOM, dayTerms} {
		if days, ok := mostDays(terms, text); ok {
			t.NetDays = days
			return t, true
		}
	}
	return t, t.EndOfMonth || onReceipt.MatchString(text)
}

// mostDays returns the largest number that a pattern caught.
func mostDays(pattern *regexp.Regexp, text string) (most int, ok bool) {
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		for _, number := range match[1:] {
			most = max(most, atoi(number))
		}
		ok = true
	}
	return most, ok
}

// Due returns when an invoice of that date is due under the terms.
func (t Terms) Due(invoice Date) Date {
	switch {
	case t.DayOfMonth > 0:
		next := invoice.MonthEnd().AddDays(1)
		due := next.AddDays(t.DayOfMonth - 1)
		if due.After(next.MonthEnd()) {
			return next.MonthEnd()
		}
		return due
	case t.EndOfMonth:
		return invoice.MonthEnd().AddDays(t.NetDays)
	}
	return invoice.AddDays(t.NetDays)
}

// DueBasis says where a due date comes from.
type DueBasis string

// The bases of a due date, best first.
const (
	// DueStated is a due date that the ledger gives.
	DueStated DueBasis = "stated"
	// DueByTerms follows from the terms of the document or the customer.
	DueByTerms DueBasis = "terms"
	// DueMissing is the invoice date itself, for want of anything better;
	// every answer that shows it says "no due date".
	DueMissing DueBasis = "none"
)

// DueDate returns when a document is due and how that is known: the stated
// date, else by the document's terms, else by the customer's, else the
// document's own date (domain rule for a missing due date: the total must not
// depend on it).
func DueDate(date, stated Date, documentTerms, customerTerms string) (Date, DueBasis) {
	return TermsBook{}.DueDate(date, stated, documentTerms, customerTerms)
}

// TermsBook keeps what the names of terms mean, for many documents with the same ones: to
// read a name takes longer than all else about a due date.
type TermsBook map[string]namedTerms

type namedTerms struct {
	Terms
	ok bool
}

// DueDate is the function of that name.
func (b TermsBook) DueDate(date, stated Date, documentTerms, customerTerms string) (Date, DueBasis) {
	if !stated.IsZero() {
		return stated, DueStated
	}
	for _, name := range []string{documentTerms, customerTerms} {
		if t := b.named(name); t.ok {
			return t.Due(date), DueByTerms
		}
	}
	return date, DueMissing
}

func (b TermsBook) named(name string) namedTerms {
	t, known := b[name]
	if !known {
		t.Terms, t.ok = ParseTerms(name)
		b[name] = t
	}
	return t
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
