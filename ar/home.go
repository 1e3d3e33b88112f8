package ar

import "fmt"

// RateMode says at which rates amounts are converted, as a message names it.
type RateMode string

// The modes. A/R and sales are always converted in the same one.
const (
	// DocumentRates converts each document at its own rate: what the ledger's A/R
	// account holds.
	DocumentRates RateMode = "at the documents' own rates"
	// ClosingRates converts everything at the rates of the as-of date: what it's
	// worth today.
	ClosingRates RateMode = "at closing rates"
)

// Home converts amounts into one currency. Each open amount is rounded once, document
// by document, so that detail adds up to the total.
type Home struct {
	Currency Currency
	Mode     RateMode
	// closing are the rates of ClosingRates.
	closing map[Currency]Rate
}

// AtDocumentRates converts by the rates of the documents.
func AtDocumentRates(home Currency) *Home { return &Home{Currency: home, Mode: DocumentRates} }

// AtClosingRates converts by one rate for each currency: units of home for one of it.
func AtClosingRates(home Currency, rates map[Currency]Rate) *Home {
	return &Home{Currency: home, Mode: ClosingRates, closing: rates}
}

// CurrencyOf returns the currency in which a document is summed; its own without a
// home.
func (h *Home) CurrencyOf(d Document) Currency {
	if h == nil {
		return d.Amount.Currency()
	}
	return h.Currency
}

// Rate returns the rate at which a document in another currency is converted.
func (h *Home) Rate(d Document) (Rate, error) {
	rate, known := d.Rate, d.Rate != ""
	if h.Mode == ClosingRates {
		rate, known = h.closing[d.Amount.Currency()]
	}
	if !known {
		return "", &NoRateError{From: d.Amount.Currency(), To: h.Currency, Mode: h.Mode}
	}
	return rate, nil
}

// NoRateError says that an amount can't be converted, since its ledger gives no rate.
type NoRateError struct {
	From, To Currency
	Mode     RateMode
}

// Error names both currencies and the mode.
func (e *NoRateError) Error() string {
	return fmt.Sprintf("no rate from %s to %s (%s)", e.From, e.To, e.Mode)
}
