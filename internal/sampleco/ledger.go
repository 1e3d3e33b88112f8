package sampleco

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"arbot/ar"
)

// ledger is the company's books. Documents and applications are only added to
// and changed in place, so that an index into them stays good.
type ledger struct {
	customers    []ar.CustomerRecord
	documents    []ar.DocumentRecord
	applications []ar.ApplicationRecord
	// left is what is not settled of each document, in minor units and never
	// below 0; of a credit, what is not used.
	left []int64
	// control is the A/R account of the general ledger, kept entry by entry
	// beside the open items as double-entry books do: the two must agree.
	control []entry
	issued  map[ar.DocumentKind]int
}

// entry is a line on the control account; above 0 raises A/R.
type entry struct {
	date     ar.Date
	currency ar.Currency
	minor    int64
}

// add enters a document as posted and returns its index. The caller fills in
// customer, amount, date and what else it knows.
func (l *ledger) add(kind ar.DocumentKind, d ar.DocumentRecord) int {
	if l.issued == nil {
		l.issued = map[ar.DocumentKind]int{}
	}
	l.issued[kind]++
	n := l.issued[kind]
	d.Ref = ar.Ref{Kind: kind, External: strconv.Itoa(n)}
	switch kind {
	case ar.Invoice:
		d.Number = fmt.Sprintf("INV-%d", 10_000+n)
		d.URL = fmt.Sprintf("https://books.example.com/invoice/%d", n)
	case ar.CreditMemo:
		d.Number = fmt.Sprintf("CM-%d", 2_000+n)
	case ar.Refund:
		d.Number = fmt.Sprintf("RF-%d", 300+n)
	case ar.Journal:
		d.Number = fmt.Sprintf("JE-%d", 10+n)
	case ar.Payment: // keeps the reference that the bank gave
	}
	if d.Status == "" {
		d.Status = ar.Posted
	}
	l.documents = append(l.documents, d)
	l.left = append(l.left, d.Amount.Minor())
	if d.Status == ar.Posted {
		l.enter(d, ar.Effect(kind, d.Amount).Minor())
	}
	return len(l.documents) - 1
}

// enter writes a line to the control account, at the document's date.
func (l *ledger) enter(d ar.DocumentRecord, minor int64) {
	l.control = append(l.control, entry{date: d.Date, currency: d.Amount.Currency(), minor: minor})
}

// post makes a draft count.
func (l *ledger) post(i int) {
	d := &l.documents[i]
	d.Status = ar.Posted
	l.enter(*d, ar.Effect(d.Kind, d.Amount).Minor())
}

// void takes a document out of the books, as if it had never been, with what
// was applied from it.
func (l *ledger) void(i int) {
	d := &l.documents[i]
	d.Status = ar.Void
	l.enter(*d, -ar.Effect(d.Kind, d.Amount).Minor())
	l.left[i] = 0
}

// correct gives an untouched document another amount, from its date on.
func (l *ledger) correct(i int, minor int64) {
	d := &l.documents[i]
	l.enter(*d, minor-d.Amount.Minor())
	d.Amount = ar.NewMoney(minor, d.Amount.Currency())
	l.left[i] = minor
}

// apply sets up to limit of a payment or credit against a document that raises
// A/R, as of day.
func (l *ledger) apply(from, to int, kind ar.ApplicationKind, limit int64, day ar.Date) {
	minor := min(l.left[from], l.left[to], limit)
	if minor <= 0 {
		return
	}
	l.left[from] -= minor
	l.left[to] -= minor
	l.settle(l.documents[from].Ref, to, kind, minor, day)
}

// writeOff gives up what is left of a document.
func (l *ledger) writeOff(to int, day ar.Date) {
	minor := l.left[to]
	l.left[to] = 0
	l.settle(ar.Ref{}, to, ar.ByWriteOff, minor, day)
	l.control = append(l.control, entry{date: day, currency: l.documents[to].Amount.Currency(), minor: -minor})
}

func (l *ledger) settle(from ar.Ref, to int, kind ar.ApplicationKind, minor int64, day ar.Date) {
	l.applications = append(l.applications, ar.ApplicationRecord{
		External: strconv.Itoa(len(l.applications) + 1),
		From:     from,
		To:       l.documents[to].Ref,
		Kind:     kind,
		Amount:   ar.NewMoney(minor, l.documents[to].Amount.Currency()),
		Date:     day,
	})
}

// unapply takes back the nth application of a payment that bounced, to the
// document that it paid.
func (l *ledger) unapply(n, to int) {
	a := &l.applications[n]
	a.Deleted = true
	l.left[to] += a.Amount.Minor()
}

// untouched reports whether a document counts and nothing is set against it.
func (l *ledger) untouched(i int) bool {
	d := l.documents[i]
	return d.Status == ar.Posted && l.left[i] == d.Amount.Minor()
}

// open reports whether something of a document that counts is left.
func (l *ledger) open(i int) bool { return l.documents[i].Status == ar.Posted && l.left[i] > 0 }

// receivables adds up the control account, one amount per currency, by code.
func (l *ledger) receivables(asOf ar.Date) []ar.Money {
	sums := map[ar.Currency]int64{}
	for _, e := range l.control {
		if !e.date.After(asOf) {
			sums[e.currency] += e.minor
		}
	}
	net := make([]ar.Money, 0, len(sums))
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		net = append(net, ar.NewMoney(sums[c], c))
	}
	return net
}
