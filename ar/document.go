package ar

import "fmt"

// DocumentKind is what a document is in the ledger.
type DocumentKind string

// The kinds of document that touch accounts receivable.
const (
	Invoice    DocumentKind = "invoice"
	CreditMemo DocumentKind = "credit_memo"
	Payment    DocumentKind = "payment"
	// Refund is money paid back to a customer out of a credit.
	Refund DocumentKind = "refund"
	// Journal is a line of a journal entry on the A/R account, positive where
	// it raises what is owed.
	Journal DocumentKind = "journal"
)

// ParseDocumentKind reads one of the kinds, as the arbot bundle writes them.
func ParseDocumentKind(s string) (DocumentKind, error) {
	switch k := DocumentKind(s); k {
	case Invoice, CreditMemo, Payment, Refund, Journal:
		return k, nil
	}
	return "", fmt.Errorf("%q is not a kind of document (invoice, credit_memo, payment, refund or journal)", s)
}

// Status is the state of a document in its ledger.
type Status string

// The states of a document. Only posted ones count; the others have no
// balance in either direction, at any date.
const (
	Posted  Status = "posted"
	Draft   Status = "draft"
	Void    Status = "void"
	Deleted Status = "deleted"
)

// ParseStatus reads one of the states; nothing means posted.
func ParseStatus(s string) (Status, error) {
	switch st := Status(s); st {
	case "":
		return Posted, nil
	case Posted, Draft, Void, Deleted:
		return st, nil
	}
	return "", fmt.Errorf("%q is not a status of a document (posted, draft, void or deleted)", s)
}

// Document is an invoice, credit memo, payment, refund or journal line.
type Document struct {
	ID       DocumentID
	Source   SourceID
	External string // the ledger's id, unique with Source and Kind
	Kind     DocumentKind
	// Number is what people call it. It is text, can repeat and can be empty.
	Number   string
	Customer CustomerID
	// Amount is the total as the ledger states it, tax included.
	Amount Money
	Date   Date
	// Due is always set: see DueBasis for how it is known.
	Due      Date
	DueBasis DueBasis
	Terms    string
	Status   Status
	PO, Memo string
	URL      string
	// Rate converts it into the source's home currency; "" where it is in that.
	Rate Rate
}

// Counts reports whether the document exists as of a date: posted, and not
// dated later.
func (d Document) Counts(asOf Date) bool {
	return d.Status == Posted && !d.Date.After(asOf)
}

// Effect returns what the document does to A/R, with its sign: an invoice and
// a refund raise it, a credit memo and a payment lower it whatever sign the
// ledger gives them; a journal line and a negative invoice keep their sign.
func (d Document) Effect() Money { return Effect(d.Kind, d.Amount) }

// Effect returns the amount of a document of that kind with the sign of what
// it does to A/R.
func Effect(kind DocumentKind, amount Money) Money {
	switch kind {
	case CreditMemo, Payment:
		return amount.Abs().Neg()
	case Refund:
		return amount.Abs()
	case Invoice, Journal:
	}
	return amount
}

// Label is how a message names the document: its number, else its kind and
// the ledger's id.
func (d Document) Label() string {
	if d.Number != "" {
		return d.Number
	}
	return string(d.Kind) + " " + d.External
}

// ApplicationKind says what settles.
type ApplicationKind string

// The kinds of application.
const (
	ByPayment  ApplicationKind = "payment"
	ByCredit   ApplicationKind = "credit"
	ByWriteOff ApplicationKind = "write_off"
)

// ParseApplicationKind reads one of the kinds, as the arbot bundle writes them.
func ParseApplicationKind(s string) (ApplicationKind, error) {
	switch k := ApplicationKind(s); k {
	case ByPayment, ByCredit, ByWriteOff:
		return k, nil
	}
	return "", fmt.Errorf("%q is not a kind of application (payment, credit or write_off)", s)
}

// Application is an amount set against a document that raises A/R (To), by a
// payment or credit (From) or by nothing but an entry (a write-off: From 0).
type Application struct {
	Source   SourceID
	External string // unique with Source
	From, To DocumentID
	Kind     ApplicationKind
	// Amount is above 0; taking an application back is a tombstone, or a
	// negative amount where the ledger books it so.
	Amount Money
	// Date is when the ledger applied it. It takes effect no sooner than both
	// documents exist: see Effective.
	Date Date
	// Inferred marks an application that was concluded from two snapshots of
	// balances, since the file holds no payments.
	Inferred bool
}

// Effective returns when an application counts: the latest of its own date and
// the dates of the documents on both sides (a payment made before its invoice
// is a credit until the invoice exists).
func (a Application) Effective(from, to Date) Date {
	if from.IsZero() {
		return Latest(a.Date, to)
	}
	return Latest(a.Date, from, to)
}
