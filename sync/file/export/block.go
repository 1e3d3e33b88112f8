package export

import (
	"regexp"
	"strings"

	"arbot/ar"
)

// A report can have a block for each currency: "EUR", its customers, "Total EUR". What
// stands above a header, as in "Currency: EUR", holds for all that is below it.

var (
	currencyLine = regexp.MustCompile(`(?i)^(?:currency|währung|devise|monnaie|moneda|divisa|(?:all )?amounts(?: are)?(?: shown| stated| expressed)? in)\s*:?\s+(\S.*)$`)
	currencyCode = regexp.MustCompile(`\b[A-Z]{3}\b`)
	currencyName = regexp.MustCompile(`^([A-Z]{3})(?: ?[-:\x{2013}] ?\pL.*)?$`)
)

// statedCurrency reads a line that says a currency and nothing else.
func statedCurrency(text string) (ar.Currency, bool) {
	m := currencyLine.FindStringSubmatch(strings.ReplaceAll(text, ":", ": "))
	if m == nil {
		return "", false
	}
	var found ar.Currency
	for _, code := range currencyCode.FindAllString(m[1], -1) {
		if c := ar.Currency(code); c.Known() {
			if found != "" && found != c {
				return "", false
			}
			found = c
		}
	}
	if found == "" && strings.EqualFold(strings.TrimSpace(m[1]), "euro") {
		found = "EUR"
	}
	return found, found != ""
}

// namedCurrency reads a label that is a currency's code, as in EUR or "EUR - Euro". It can
// be the name of a customer all the same.
func namedCurrency(text string) (ar.Currency, bool) {
	m := currencyName.FindStringSubmatch(text)
	if m == nil || !ar.Currency(m[1]).Known() {
		return "", false
	}
	return ar.Currency(m[1]), true
}

// begins reports whether a label begins the block of a currency. A bare code does in a list,
// where no label is a customer, behind a total of all before it, and in a report in which
// other labels follow at once, unless that can be a customer with those below it.
func (w *walker) begins(text string) (ar.Currency, bool) {
	if c, ok := statedCurrency(text); ok {
		return c, true
	}
	c, ok := namedCurrency(text)
	named := w.shape == flat || w.shape == byBucket || w.ended || w.seen.nests[text] && !w.colons
	return c, ok && named
}

// block begins the block of a currency.
func (w *walker) block(c ar.Currency) {
	w.groups, w.blocks, w.currency, w.filled, w.ended = []string{string(c)}, 1, c, false, false
}
