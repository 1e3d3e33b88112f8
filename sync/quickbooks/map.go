package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// mapper turns objects of QuickBooks into records. It remembers of a reading
// what later records of it refer to.
type mapper struct {
	source *Source
	*frame
	// complete: what was not seen in the reading is not in the ledger.
	complete bool
	// lines are the lines on A/R of entries, by the entry's key ("journal/9").
	lines map[string][]arLine
	// writeOffs are the credit memos that write off; others are there as false
	// where they were looked at.
	writeOffs map[string]bool
	// found are entries that the reading does not list and a payment names.
	found   []ar.EntryRecord
	skipped []string
	unread  []unread
	owner   fieldSearch
}

func (s *Source) newMapper(f *frame, complete bool) *mapper {
	return &mapper{source: s, frame: f, complete: complete, lines: map[string][]arLine{}, writeOffs: map[string]bool{}}
}

// page maps objects, in the order in which they refer to each other. A record
// that cannot be understood is reported and left out.
func (m *mapper) page(ctx context.Context, r *rows) (ar.Page, error) {
	p := ar.Page{}
	m.customers(&p, r.Customer)
	for i := range r.Invoice {
		m.addInvoice(&p, &r.Invoice[i])
	}
	for i := range r.CreditMemo {
		m.addCreditMemo(&p, &r.CreditMemo[i])
	}
	for i := range r.RefundReceipt {
		m.addRefund(&p, &r.RefundReceipt[i])
	}
	for _, entries := range []struct {
		of   entity
		list []entry
	}{{journalEntries, r.JournalEntry}, {deposits, r.Deposit}, {purchases, r.Purchase}} {
		for i := range entries.list {
			m.addEntry(&p, entries.of, &entries.list[i])
		}
	}
	for i := range r.Payment {
		record, ok, err := m.payment(ctx, &r.Payment[i])
		if err != nil {
			return ar.Page{}, err
		}
		p.Entries = append(p.Entries, m.found...)
		m.found = nil
		if ok {
			p.Entries = append(p.Entries, record)
		}
	}
	return p, nil
}

// fieldError says what of a record cannot be understood.
type fieldError struct{ field, text, want string }

func (e *fieldError) Error() string {
	if e.text == "" {
		return "it has no " + e.field
	}
	return fmt.Sprintf("its %s %q is not %s", e.field, e.text, e.want)
}

// skip reports a record that is left out.
func (m *mapper) skip(e entity, h head, number string, why error) {
	m.passOver(unread{of: e, id: h.ID}, fmt.Sprintf("%s could not be read and is left out: %v.", label(e, h.ID, number), why))
}

// passOver notes an object that could not be read, with the sentence about it.
func (m *mapper) passOver(u unread, why string) {
	m.unread = append(m.unread, u)
	m.skipped = append(m.skipped, why)
}

// label names an object for people: "Invoice 1042 (id 12)".
func label(e entity, id, number string) string {
	word := e.word()
	word = strings.ToUpper(word[:1]) + word[1:]
	switch {
	case id == "":
		return word + " without an id"
	case number == "":
		return word + " with the id " + id
	}
	return fmt.Sprintf("%s %s (id %s)", word, number, id)
}

// customers adds customers, parents before their children.
func (m *mapper) customers(p *ar.Page, list []customer) {
	for i := range list {
		record, err := m.customer(&list[i])
		if err != nil {
			m.skip(customers, list[i].head, "", err)
			continue
		}
		p.Customers = append(p.Customers, record)
	}
	p.Customers = parentsFirst(p.Customers)
}

// deletedSuffix is what QuickBooks adds to the name of a customer that was made inactive,
// in the language of the company. Anything else in brackets is the name's own.
var deletedSuffix = regexp.MustCompile(`(?i)\s*\((?:deleted|gelöscht|supprimée?|eliminad[oa]|exclu[ií]d[oa]|eliminat[oa]|verwijderd|已删除|已刪除|削除済み)(?:[ -]?\d+)?\)$`)

func (m *mapper) customer(c *customer) (ar.CustomerRecord, error) {
	inactive := c.Active != nil && !*c.Active
	clean := func(name string) string {
		if inactive {
			name = deletedSuffix.ReplaceAllString(name, "")
		}
		return strings.TrimSpace(name)
	}
	record := ar.CustomerRecord{
		External: c.ID, Name: clean(c.DisplayName), Number: c.AcctNum, Parent: c.ParentRef.Value,
		Terms: m.termsName(c.SalesTermRef), Fields: m.fields(c.CustomField, nil), Inactive: inactive,
	}
	if record.Name == "" {
		record.Name = clean(c.FullyQualifiedName)
	}
	if c.ID == "" {
		return ar.CustomerRecord{}, &fieldError{field: "Id"}
	}
	if record.Name == "" {
		return ar.CustomerRecord{}, &fieldError{field: "DisplayName"}
	}
	for _, alias := range []string{clean(c.FullyQualifiedName), clean(c.CompanyName)} {
		if alias != "" && alias != record.Name && !slices.Contains(record.Aliases, alias) {
			record.Aliases = append(record.Aliases, alias)
		}
	}
	record.Owner = ownField(record.Fields, m.source.settings.OwnerField)
	return record, nil
}

// parentsFirst moves each customer after its parent where both are in the list.
func parentsFirst(list []ar.CustomerRecord) []ar.CustomerRecord {
	at := make(map[string]int, len(list))
	for i := range list {
		at[list[i].External] = i
	}
	sorted := make([]ar.CustomerRecord, 0, len(list))
	done := make([]bool, len(list))
	var add func(i int)
	add = func(i int) {
		if done[i] {
			return
		}
		done[i] = true // before its parent, so that a circle ends
		if parent, ok := at[list[i].Parent]; ok {
			add(parent)
		}
		sorted = append(sorted, list[i])
	}
	for i := range list {
		add(i)
	}
	return sorted
}

func (m *mapper) termsName(ref reference) string {
	if t, ok := m.terms[ref.Value]; ok {
		return t.name
	}
	return ref.Name
}

// fields are custom fields by name; nil where none has a value. One without a name has
// that of its number.
func (m *mapper) fields(list []customField, names map[string]string) map[string]string {
	var byName map[string]string
	for i := range list {
		name, value := list[i].Name, list[i].StringValue
		if name == "" {
			name = names[list[i].DefinitionID]
		}
		if name == "" {
			continue
		}
		m.owner.met(name)
		if value == "" {
			continue
		}
		if byName == nil {
			byName = make(map[string]string, len(list))
		}
		byName[name] = value
	}
	return byName
}

// document maps what all documents have in common.
func (m *mapper) document(kind ar.DocumentKind, t *txn, of string) (ar.DocumentRecord, error) {
	record := ar.DocumentRecord{
		Ref: ar.Ref{Kind: kind, External: t.ID}, Number: t.DocNumber, Customer: of, Status: ar.Posted, Memo: t.PrivateNote,
	}
	if t.ID == "" {
		return record, &fieldError{field: "Id"}
	}
	if of == "" {
		return record, &fieldError{field: "CustomerRef"}
	}
	var err error
	if record.Date, err = date("TxnDate", t.TxnDate); err != nil {
		return record, err
	}
	if record.Amount, err = m.amount("TotalAmt", t.TotalAmt, t); err != nil {
		return record, err
	}
	if record.Rate, err = m.rate(t); err != nil {
		return record, err
	}
	if voided(t, record.Amount) {
		record.Status = ar.Void
	}
	record.Labels = labelled(nil, ar.LabelLocation, t.DepartmentRef.Name)
	return record, nil
}

// voided reports whether a document was made void: QuickBooks keeps it with
// nothing on it and says so in the note. It has no other mark, and a document of
// nothing without that note was only ever one.
func voided(t *txn, amount ar.Money) bool {
	const mark = "voided"
	return amount.IsZero() && len(t.PrivateNote) >= len(mark) && strings.EqualFold(t.PrivateNote[:len(mark)], mark)
}

func date(field, text string) (ar.Date, error) {
	if text == "" {
		return ar.Date{}, &fieldError{field: field}
	}
	// A civil date; a time behind it would be midnight in some zone, and says
	// nothing.
	day, err := ar.ParseDate(text[:min(len(text), len("2006-01-02"))])
	if err != nil {
		return ar.Date{}, &fieldError{field, text, "a date such as 2026-11-25"}
	}
	return day, nil
}

// currency of a transaction; the home currency where it names none.
func (m *mapper) currency(t *txn) (ar.Currency, error) {
	if t.CurrencyRef.Value == "" {
		return m.home, nil
	}
	c := ar.Currency(t.CurrencyRef.Value)
	if !c.Known() {
		return "", &fieldError{"CurrencyRef", t.CurrencyRef.Value, "an ISO 4217 code such as USD"}
	}
	return c, nil
}

// amount reads a number of a transaction in its currency.
func (m *mapper) amount(field string, n number, t *txn) (ar.Money, error) {
	c, err := m.currency(t)
	if err != nil {
		return ar.Money{}, err
	}
	return money(field, n, c)
}

func money(field string, n number, c ar.Currency) (ar.Money, error) {
	if n == "" {
		return ar.Money{}, &fieldError{field: field}
	}
	text, ok := plain(string(n))
	if !ok {
		return ar.Money{}, &fieldError{field, string(n), "a number"}
	}
	amount, err := ar.ParseMoney(text, c)
	if err != nil {
		return ar.Money{}, &fieldError{field, string(n), "an amount of " + string(c)}
	}
	return amount, nil
}

// plain writes a JSON number without an exponent; amounts and rates have few
// digits, so that one with many is no number for us.
func plain(text string) (string, bool) {
	at := strings.IndexAny(text, "eE")
	if at < 0 {
		return text, text != ""
	}
	power, err := strconv.Atoi(text[at+1:])
	if err != nil || power < -20 || power > 20 {
		return "", false
	}
	sign, digits := "", text[:at]
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	wholePart, fraction, _ := strings.Cut(digits, ".")
	point := len(wholePart) + power
	all := wholePart + fraction
	if point < 0 {
		all, point = strings.Repeat("0", -point)+all, 0
	}
	if point > len(all) {
		all += strings.Repeat("0", point-len(all))
	}
	if all[point:] == "" {
		return sign + all, true
	}
	return sign + "0" + all[:point] + "." + all[point:], true
}

// rate is how a transaction is converted into the home currency.
func (m *mapper) rate(t *txn) (ar.Rate, error) {
	c, err := m.currency(t)
	if err != nil || c == m.home {
		return "", err
	}
	if t.ExchangeRate == "" {
		return "", &fieldError{field: "ExchangeRate"}
	}
	text, ok := plain(string(t.ExchangeRate))
	if ok {
		var rate ar.Rate
		if rate, err = ar.ParseRate(text); err == nil {
			return rate, nil
		}
	}
	return "", errors.Join(&fieldError{"ExchangeRate", string(t.ExchangeRate), "a number above 0"}, err)
}
