package metric

import (
	"iter"

	"arbot/ar"
)

// Row is a document of the open-item ledger with everything that was applied to or
// from it, and what it's sliced by. A store streams rows one by one, so that the book
// is never in memory as a whole.
type Row struct {
	Document ar.Document
	// Company names the document's source, Owner and Segment its customer's sales
	// owner and segment: "" is nobody and none.
	Company, Owner, Segment string
	// Applied are the applications on both sides of the document, between documents
	// that are posted, in any order.
	Applied []Applied
}

// Applied is one side of an application.
type Applied struct {
	Kind ar.ApplicationKind
	// Amount is the application's. It lowers what is open of an invoice, and uses up
	// the credit that it was taken from.
	Amount ar.Money
	// On is when it takes effect: see ar.Application.Effective.
	On ar.Date
	// Side is which of the application's documents the row is about.
	Side Side
}

// Side is a side of an application.
type Side int

// The sides.
const (
	// To is a document that's settled by another.
	To Side = iota
	// ToEntry is a document that's settled by nothing but an entry: a write-off, or what
	// was concluded from two balances. It lowers A/R by itself.
	ToEntry
	// From is a credit or payment that's used up.
	From
)

// change is what the application does to what's open of the row's document.
func (a Applied) change() ar.Money {
	if a.Side == From {
		return a.Amount
	}
	return a.Amount.Neg()
}

// Rows puts a history that's at hand into rows, without company, owner and segment.
func Rows(documents []ar.Document, applications []ar.Application) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		posted := map[ar.DocumentID]ar.Document{}
		for _, d := range documents {
			if d.Status == ar.Posted {
				posted[d.ID] = d
			}
		}
		applied := map[ar.DocumentID][]Applied{}
		for _, a := range applications {
			sides(posted, a, func(id ar.DocumentID, one Applied) { applied[id] = append(applied[id], one) })
		}
		for _, d := range documents {
			if d.Status == ar.Posted && !yield(Row{Document: d, Applied: applied[d.ID]}) {
				return
			}
		}
	}
}

// sides gives out both sides of an application, if both of its documents are posted.
func sides(posted map[ar.DocumentID]ar.Document, a ar.Application, give func(ar.DocumentID, Applied)) {
	to, known := posted[a.To]
	if !known {
		return
	}
	one := Applied{Kind: a.Kind, Amount: a.Amount, Side: ToEntry, On: a.Effective(ar.Date{}, to.Date)}
	if a.From != 0 {
		from, known := posted[a.From]
		if !known {
			return
		}
		one.Side, one.On = To, a.Effective(from.Date, to.Date)
		other := one
		other.Side = From
		give(a.From, other)
	}
	give(a.To, one)
}

// name returns which slice of a dimension the row is in.
func (r Row) name(by ar.Dimension) string {
	switch by {
	case ar.PerCompany:
		return r.Company
	case ar.PerOwner:
		return r.Owner
	case ar.PerSegment:
		return r.Segment
	case ar.PerTerms:
		return r.Document.Terms
	case ar.PerBook:
	}
	return ""
}
