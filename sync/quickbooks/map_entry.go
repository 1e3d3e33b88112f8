package quickbooks

import (
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

// arLine is a line on A/R of an entry: a document of its own.
type arLine struct {
	ar.Ref
	line     string // the line's id in its entry
	customer string
	amount   ar.Money // with the sign of its effect on A/R
	writeOff bool
}

// entryKind says how the lines of an entity become documents.
type entryKind struct {
	key    string // of the entry: "journal" in "journal/9"
	prefix string // of its documents' ids: "deposit-" in "deposit-5/1"
	kind   ar.DocumentKind
}

var entryKinds = map[entity]entryKind{
	journalEntries: {"journal", "", ar.Journal},
	deposits:       {"deposit", "deposit-", ar.Journal},
	purchases:      {"purchase", "purchase-", ar.Journal},
}

// entryKey names the entry that an object is.
func entryKey(of entity, id string) string {
	if of == refundReceipts {
		return refundKey(id)
	}
	return entryKinds[of].key + "/" + id
}

// addEntry adds the lines on A/R of a journal entry, a deposit or a purchase.
func (m *mapper) addEntry(p *ar.Page, of entity, e *entry) {
	record, lines, err := m.entry(of, e)
	if err != nil {
		m.skip(of, e.head, e.DocNumber, err)
		return
	}
	if len(lines) > 0 || !m.complete {
		m.lines[record.External] = lines
	}
	m.addOrDrop(p, record, true)
}

func (m *mapper) entry(of entity, e *entry) (ar.EntryRecord, []arLine, error) {
	record := ar.EntryRecord{External: entryKey(of, e.ID)}
	if e.ID == "" {
		return record, nil, &fieldError{field: "Id"}
	}
	var lines []arLine
	for i := range e.Line {
		l := &e.Line[i]
		if p := l.posting(); p == nil || !m.receivable[p.AccountRef.Value] {
			continue
		}
		line, document, err := m.entryLine(of, e, i)
		if err != nil {
			return record, nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		lines = append(lines, line)
		record.Documents = append(record.Documents, document)
	}
	return record, lines, nil
}

func (l *entryLine) posting() *posting {
	for _, p := range []*posting{l.Journal, l.Deposit, l.Expense} {
		if p != nil {
			return p
		}
	}
	return nil
}

// entryLine maps one line on A/R.
func (m *mapper) entryLine(of entity, e *entry, i int) (arLine, ar.DocumentRecord, error) {
	l, kind := &e.Line[i], entryKinds[of]
	p := l.posting()
	t := e.txn
	t.TotalAmt = l.Amount
	document, err := m.document(kind.kind, &t, e.customer(p))
	if err != nil {
		return arLine{}, document, err
	}
	if document.Amount, err = signed(of, e, p, document.Amount); err != nil {
		return arLine{}, document, err
	}
	line := lineID(l, i)
	document.External = kind.prefix + e.ID + "/" + line
	// An entry is due when it is made; it has no terms.
	document.Due = document.Date
	if l.Description != "" {
		document.Memo = l.Description
	}
	document.Labels = labelled(document.Labels, ar.LabelClass, p.ClassRef.Name)
	document.Labels = labelled(document.Labels, ar.LabelLocation, p.DepartmentRef.Name)
	writeOff := of == journalEntries && document.Amount.Sign() < 0 && m.booksBadDebt(e)
	return arLine{document.Ref, line, document.Customer, document.Amount, writeOff}, document, nil
}

// customer returns whose line it is.
func (e *entry) customer(p *posting) string {
	for _, id := range []string{p.Entity.customer(), p.CustomerRef.Value, e.EntityRef.customer()} {
		if id != "" {
			return id
		}
	}
	return ""
}

// signed gives an amount the sign of what it does to A/R: a debit raises it, a
// deposit from a customer lowers it, money paid to one raises it.
func signed(of entity, e *entry, p *posting, amount ar.Money) (ar.Money, error) {
	lowers := of == deposits || of == purchases && e.Credit
	if of == journalEntries {
		switch strings.ToLower(p.PostingType) {
		case "debit":
		case "credit":
			lowers = true
		default:
			return ar.Money{}, &fieldError{"PostingType", p.PostingType, "Debit or Credit"}
		}
	}
	if lowers {
		return amount.Neg(), nil
	}
	return amount, nil
}

// lineID is what payments call a line by: its id, else its number or place.
func lineID(l *entryLine, i int) string {
	switch {
	case l.ID != "":
		return l.ID
	case l.LineNum != "":
		return string(l.LineNum)
	}
	return strconv.Itoa(i + 1)
}

// booksBadDebt reports whether all debits of a journal entry go to bad-debt
// accounts: what it credits customers is written off.
func (m *mapper) booksBadDebt(e *entry) bool {
	bad := false
	for i := range e.Line {
		p := e.Line[i].posting()
		if p == nil || !strings.EqualFold(p.PostingType, "debit") {
			continue
		}
		if bad = m.badDebt[p.AccountRef.Value]; !bad {
			return false
		}
	}
	return bad
}
