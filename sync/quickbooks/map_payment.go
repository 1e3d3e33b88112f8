package quickbooks

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
	arsync "arbot/sync"
)

// payment maps a payment with what it settles; false for one that is left out.
// The error is one of asking QuickBooks for what the payment refers to.
func (m *mapper) payment(ctx context.Context, pay *payment) (ar.EntryRecord, bool, error) {
	document, err := m.document(ar.Payment, &pay.txn, pay.CustomerRef.Value)
	document.Number = pay.PaymentRefNum
	record := ar.EntryRecord{External: string(document.Key()), Documents: []ar.DocumentRecord{document}}
	if err == nil && document.Status == ar.Posted {
		var s sides
		if s, err = m.sides(ctx, pay, document); err == nil {
			record.Documents = append(record.Documents, s.unknown...)
			record.Applications = s.applications(document)
		}
	}
	if field, ok := errors.AsType[*fieldError](err); ok {
		m.skip(payments, pay.head, pay.PaymentRefNum, field)
		return record, false, nil
	}
	return record, err == nil, err
}

// side is an amount of a document that a payment links.
type side struct {
	ar.Ref
	kind ar.ApplicationKind
	left ar.Money
}

// sides are what a payment brings together: what raises A/R, and the credits
// that pay for a part of it.
type sides struct {
	raise, lower []side
	unknown      []ar.DocumentRecord
}

func (m *mapper) sides(ctx context.Context, pay *payment, document ar.DocumentRecord) (sides, error) {
	var s sides
	for _, line := range pay.Line {
		if len(line.LinkedTxn) == 0 {
			continue
		}
		amount, err := m.amount("Line.Amount", line.Amount, &pay.txn)
		if err != nil {
			return s, err
		}
		if amount.IsZero() {
			continue
		}
		if len(line.LinkedTxn) > 1 || amount.Sign() < 0 {
			return s, &fieldError{"Line", fmt.Sprintf("of %s with %d links", amount.Decimal(), len(line.LinkedTxn)), "an amount of one transaction"}
		}
		if err := m.link(ctx, &s, pay, document, line.LinkedTxn[0], amount); err != nil {
			return s, err
		}
	}
	return s, nil
}

// link puts the transaction of a line on its side.
func (m *mapper) link(ctx context.Context, s *sides, pay *payment, document ar.DocumentRecord, to linkedTxn, amount ar.Money) error {
	switch to.TxnType {
	case "Invoice":
		s.raise = append(s.raise, side{ar.Ref{Kind: ar.Invoice, External: to.TxnID}, ar.ByPayment, amount})
	case "Payment":
		if to.TxnID != pay.ID {
			s.lower = append(s.lower, side{ar.Ref{Kind: ar.Payment, External: to.TxnID}, ar.ByPayment, amount})
		}
	case "CreditMemo":
		kind, err := m.creditKind(ctx, to.TxnID)
		if err != nil {
			return err
		}
		s.lower = append(s.lower, side{ar.Ref{Kind: ar.CreditMemo, External: to.TxnID}, kind, amount})
	default:
		return m.linkEntry(ctx, s, document, to, amount)
	}
	return nil
}

// entryOf tells which entity a link to an entry means.
var entryOf = map[string]entity{
	"JournalEntry": journalEntries, "Deposit": deposits, "RefundReceipt": refundReceipts,
	"Purchase": purchases, "Check": purchases, "Expense": purchases, "CreditCardCredit": purchases, "CreditCardCharge": purchases,
}

func (m *mapper) linkEntry(ctx context.Context, s *sides, document ar.DocumentRecord, to linkedTxn, amount ar.Money) error {
	of, known := entryOf[to.TxnType]
	var line arLine
	found := false
	if known {
		lines, err := m.linesOf(ctx, of, to.TxnID)
		if err != nil {
			return err
		}
		line, found = pick(lines, to.TxnLineID, document.Customer, amount)
	}
	switch {
	case !found:
		s.standIn(document, to, amount)
	case line.amount.Sign() >= 0:
		s.raise = append(s.raise, side{line.Ref, ar.ByPayment, amount})
	case line.writeOff:
		s.lower = append(s.lower, side{line.Ref, ar.ByWriteOff, amount})
	default:
		s.lower = append(s.lower, side{line.Ref, ar.ByCredit, amount})
	}
	return nil
}

// standIn adds a document for what a payment settles and the API does not give (a
// statement charge): as much of it as the payment tells, so that the money does
// not seem to be unapplied. It comes and goes with the payment.
func (s *sides) standIn(pay ar.DocumentRecord, to linkedTxn, amount ar.Money) {
	d := pay
	d.Ref = ar.Ref{Kind: ar.Journal, External: fmt.Sprintf("payment-%s/%s-%s-%d", pay.External, to.TxnType, to.TxnID, len(s.unknown)+1)}
	d.Number, d.Memo, d.Labels = "", to.TxnType+" "+to.TxnID, nil
	d.Amount, d.Due = amount, pay.Date
	s.unknown = append(s.unknown, d)
	s.raise = append(s.raise, side{d.Ref, ar.ByPayment, amount})
}

// pick finds the line of an entry that a payment means: the one that it names,
// else the first of the payment's customer that is large enough, else the first
// of the customer, else the first.
func pick(lines []arLine, id, customer string, amount ar.Money) (arLine, bool) {
	fits := []func(arLine) bool{
		func(l arLine) bool { return id != "" && l.line == id },
		func(l arLine) bool { return l.customer == customer && l.amount.Abs().Cmp(amount) >= 0 },
		func(l arLine) bool { return l.customer == customer },
		func(arLine) bool { return true },
	}
	for _, fit := range fits {
		for _, l := range lines {
			if fit(l) {
				return l, true
			}
		}
	}
	return arLine{}, false
}

// linesOf returns the lines on A/R of an entry, which is read where the reading
// has not brought it. One that does not exist has none.
func (m *mapper) linesOf(ctx context.Context, of entity, id string) ([]arLine, error) {
	key := entryKey(of, id)
	if lines, ok := m.lines[key]; ok {
		return lines, nil
	}
	got, err := m.source.read(ctx, of, id)
	if err != nil && !isGone(err) {
		return nil, err
	}
	if err == nil {
		for i := range got.RefundReceipt {
			record, lines, err := m.refund(&got.RefundReceipt[i])
			m.noteEntry(of, &got.RefundReceipt[i].txn, record, lines, err)
		}
		for _, list := range [][]entry{got.JournalEntry, got.Deposit, got.Purchase} {
			for i := range list {
				record, lines, err := m.entry(of, &list[i])
				m.noteEntry(of, &list[i].txn, record, lines, err)
			}
		}
	}
	if _, ok := m.lines[key]; !ok {
		m.lines[key] = nil
	}
	return m.lines[key], nil
}

// noteEntry remembers the lines of an entry that was read for a payment.
func (m *mapper) noteEntry(of entity, t *txn, record ar.EntryRecord, lines []arLine, err error) {
	if err != nil {
		m.skip(of, t.head, t.DocNumber, err)
		return
	}
	m.lines[record.External] = lines
	if of == purchases && !m.source.settings.Expenses && len(lines) > 0 {
		m.found = append(m.found, record)
	}
}

// creditKind tells whether a credit memo gives credit or writes off.
func (m *mapper) creditKind(ctx context.Context, id string) (ar.ApplicationKind, error) {
	bad, known := m.writeOffs[id]
	if !known && !m.complete && m.source.settings.writesOff() {
		got, err := m.source.read(ctx, creditMemos, id)
		if err != nil && !isGone(err) {
			return "", err
		}
		if err == nil && len(got.CreditMemo) > 0 {
			m.noteWriteOff(&got.CreditMemo[0])
			bad = m.writeOffs[id]
		}
	}
	if bad {
		return ar.ByWriteOff, nil
	}
	return ar.ByCredit, nil
}

func isGone(err error) bool { return errors.Is(err, arsync.ErrGone) }

// applications allocates the credits to what they pay for, both in the order of
// the payment's lines; the rest is the payment's own money. QuickBooks does not
// say which credit paid for which invoice, only how much of each was used.
func (s sides) applications(pay ar.DocumentRecord) []ar.ApplicationRecord {
	var list []ar.ApplicationRecord
	own := side{Ref: pay.Ref, kind: ar.ByPayment}
	for _, to := range s.raise {
		for i := range s.lower {
			from := &s.lower[i]
			amount := smaller(from.left, to.left)
			list = apply(list, pay, *from, to, amount)
			from.left, to.left = less(from.left, amount), less(to.left, amount)
		}
		list = apply(list, pay, own, to, to.left)
	}
	return list
}

func smaller(a, b ar.Money) ar.Money {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// less is a-b of amounts of one currency with 0 <= b <= a, which always fits.
func less(a, b ar.Money) ar.Money { return ar.NewMoney(a.Minor()-b.Minor(), a.Currency()) }

// apply adds an application, or adds to that between the same documents.
func apply(list []ar.ApplicationRecord, pay ar.DocumentRecord, from, to side, amount ar.Money) []ar.ApplicationRecord {
	if amount.Sign() <= 0 {
		return list
	}
	id := fmt.Sprintf("payment/%s/%s-%s/%s-%s", pay.External, from.Kind, from.External, to.Kind, to.External)
	for i := range list {
		if list[i].External == id {
			if sum, err := list[i].Amount.Add(amount); err == nil {
				list[i].Amount = sum
			}
			return list
		}
	}
	return append(list, ar.ApplicationRecord{External: id, From: from.Ref, To: to.Ref, Kind: from.kind, Amount: amount, Date: pay.Date})
}
