package ar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Suggestion is how a dispute may have been resolved, by what the ledger
// brought. It is shown to the assignee with a button and never assumed.
type Suggestion struct {
	Dispute DisputeID
	Outcome DisputeOutcome
	// Document is the credit memo or the payment that speaks for it.
	Document DocumentID
	Amount   Money
	// Why is a sentence for people.
	Why string
}

// SuggestResolution looks for what may have resolved a dispute since it was
// opened: the invoice is gone; a credit was applied to it; nothing of it is open
// any more; or a credit memo of the customer is set against nothing and fits by
// its amount or names the invoice. It reports false where nothing speaks for
// one. What speaks most comes first.
func SuggestResolution(d Dispute, h History, asOf Date) (Suggestion, bool, error) {
	at := slices.IndexFunc(h.Documents, func(doc Document) bool { return doc.ID == d.Document })
	if !d.Stands() {
		return Suggestion{}, false, nil
	}
	if at < 0 || h.Documents[at].Status != Posted {
		return Suggestion{Dispute: d.ID, Outcome: OutcomeInvoiceGone, Amount: d.Amount, Why: "The invoice was voided or deleted in the ledger."}, true, nil
	}
	items, err := OpenItems(h.Documents, h.Applications, asOf)
	if err != nil {
		return Suggestion{}, false, fmt.Errorf("suggest how dispute %d ends: %w", d.ID, err)
	}
	settled, err := h.settlements(asOf)
	if err != nil {
		return Suggestion{}, false, fmt.Errorf("suggest how dispute %d ends: %w", d.ID, err)
	}
	for _, look := range []func() (Suggestion, bool){
		func() (Suggestion, bool) { return d.appliedCredit(settled) },
		func() (Suggestion, bool) { return d.paid(h.Documents[at], items) },
		func() (Suggestion, bool) { return d.floatingCredit(h.Documents[at], items) },
	} {
		if s, ok := look(); ok {
			s.Dispute = d.ID
			return s, true, nil
		}
	}
	return Suggestion{}, false, nil
}

// appliedCredit finds the latest credit that was applied since.
func (d Dispute) appliedCredit(settled []settlement) (Suggestion, bool) {
	for _, s := range slices.Backward(settled) {
		if s.to.ID != d.Document || s.source.Kind != ByCredit || s.on.Before(d.Opened.On) {
			continue
		}
		return Suggestion{
			Outcome: creditOutcome(s.amount, d.Amount), Document: s.source.From, Amount: s.amount,
			Why: fmt.Sprintf("A credit of %s was applied to the invoice on %s.", s.amount, s.on.Long()),
		}, true
	}
	return Suggestion{}, false
}

func creditOutcome(credit, disputed Money) DisputeOutcome {
	if credit.Cmp(disputed) < 0 {
		return OutcomePartlyCredited
	}
	return OutcomeCredited
}

// paid finds that nothing is open of the invoice any more.
func (d Dispute) paid(invoice Document, items []OpenItem) (Suggestion, bool) {
	if slices.ContainsFunc(items, func(i OpenItem) bool { return i.ID == d.Document && i.Owed() }) {
		return Suggestion{}, false
	}
	return Suggestion{
		Outcome: OutcomePaidInFull, Document: d.Document, Amount: d.Amount,
		Why: fmt.Sprintf("Nothing is open on %s any more.", invoice.Label()),
	}, true
}

// floatingCredit finds a credit memo that nobody has applied yet.
func (d Dispute) floatingCredit(invoice Document, items []OpenItem) (Suggestion, bool) {
	for _, i := range items {
		if i.Kind != CreditMemo || i.Owed() || i.Customer != invoice.Customer || i.Date.Before(d.Opened.On) {
			continue
		}
		credit := i.Open.Neg()
		named := invoice.Number != "" && slices.Contains(strings.Fields(i.Memo), invoice.Number)
		if named || credit == d.Amount {
			return Suggestion{
				Outcome: creditOutcome(credit, d.Amount), Document: i.ID, Amount: credit,
				Why: fmt.Sprintf("The credit memo %s of %s over %s is applied to nothing yet, and fits.", i.Label(), i.Date.Long(), credit),
			}, true
		}
	}
	return Suggestion{}, false
}

// RootCause is what the disputes of one reason come to, in one currency.
type RootCause struct {
	Reason   Reason
	Currency Currency
	// Opened counts the disputes opened in the span, Amount what they were
	// about; Standing are those of them that are not resolved.
	Opened, Standing int
	Amount           Money
	// Credited counts those that were credited, whole or in part: where we were
	// wrong.
	Credited int
}

// RootCauses sums up the disputes opened from one date to another, both
// included: by reason and currency, the most often first.
func RootCauses(disputes []Dispute, from, to Date) ([]RootCause, error) {
	var causes []RootCause
	for _, d := range disputes {
		if d.Opened.On.Before(from) || d.Opened.On.After(to) {
			continue
		}
		c := d.Amount.Currency()
		at := slices.IndexFunc(causes, func(r RootCause) bool { return r.Reason == d.Reason && r.Currency == c })
		if at < 0 {
			at = len(causes)
			causes = append(causes, RootCause{Reason: d.Reason, Currency: c, Amount: NewMoney(0, c)})
		}
		if err := causes[at].add(d); err != nil {
			return nil, fmt.Errorf("root causes, dispute %d: %w", d.ID, err)
		}
	}
	slices.SortStableFunc(causes, func(a, b RootCause) int {
		return cmp.Or(cmp.Compare(b.Opened, a.Opened), b.Amount.Cmp(a.Amount), cmp.Compare(a.Reason, b.Reason))
	})
	return causes, nil
}

func (r *RootCause) add(d Dispute) error {
	r.Opened++
	if d.Stands() {
		r.Standing++
	}
	if d.Outcome == OutcomeCredited || d.Outcome == OutcomePartlyCredited {
		r.Credited++
	}
	return addTo(&r.Amount, d.Amount)
}
