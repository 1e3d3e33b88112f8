package file

import (
	"cmp"
	"errors"
	"fmt"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file/cells"
)

// entry is what one row of a table says.
type entry struct {
	customer ar.CustomerRecord
	document ar.DocumentRecord
	// paid is the application of a row that was settled in full on a date.
	paid *ar.ApplicationRecord
	// balance is what the row says is open, where it says how much it was.
	balance *arsync.Balance
}

// entry reads a row. What is wrong with it is in the sheet's faults.
func (t *tableReader) entry(s *sheet) entry {
	var e entry
	e.customer = t.customer(s)
	e.document = t.document(s, e.customer.External)
	t.settle(s, &e)
	return e
}

func (t *tableReader) customer(s *sheet) ar.CustomerRecord {
	identity := tableCustomer
	if s.has(tableCustomerID) {
		identity = tableCustomerID
	}
	id := s.needed(identity)
	return ar.CustomerRecord{
		External: id, Name: cmp.Or(s.text(tableCustomer), id), Owner: s.text(tableOwner), Class: s.text(tableClass), Region: s.text(tableRegion),
	}
}

func (t *tableReader) document(s *sheet, customer string) ar.DocumentRecord {
	currency := t.rules.currency
	if s.has(tableCurrency) {
		currency = s.currency(tableCurrency)
	}
	d := ar.DocumentRecord{
		Number: s.text(tableNumber), Customer: customer, Terms: s.text(tableTerms), Due: t.date(s, tableDue),
		PO: s.text(tablePO), Memo: s.text(tableMemo), Status: t.status(s),
	}
	d.Kind = t.kind(s)
	if s.has(tableID) {
		d.External = s.needed(tableID)
	} else if number := s.needed(tableNumber); number != "" {
		d.External = customer + "/" + number
	}
	d.Date = t.documentDate(s, d.Due)
	amount := tableAmount
	if !s.has(tableAmount) {
		amount = tableBalance
	}
	d.Amount = t.money(s, amount, currency)
	return d
}

// documentDate is the date column's. A table without one tells only since when
// a document exists at the latest: since it is in the table, and not after it
// fell due.
func (t *tableReader) documentDate(s *sheet, due ar.Date) ar.Date {
	if s.has(tableDate) {
		s.needed(tableDate)
		return t.date(s, tableDate)
	}
	s.needed(tableDue)
	if due.After(t.asOf) {
		return t.asOf
	}
	return due
}

func (t *tableReader) kind(s *sheet) ar.DocumentKind {
	if !s.has(tableKind) {
		return ar.Invoice
	}
	if len(t.rules.kinds) == 0 {
		return s.documentKind(tableKind, "")
	}
	kind, ok := t.rules.kinds[sameHeader(s.text(tableKind))]
	if !ok {
		s.wrong(tableKind, "the mapping does not say what this is", "Add it to kinds in the mapping")
	}
	return kind
}

func (t *tableReader) status(s *sheet) ar.Status {
	v := sameHeader(s.text(tableStatus))
	if len(t.rules.statuses) > 0 && s.has(tableStatus) {
		status, ok := t.rules.statuses[v]
		if !ok {
			s.wrong(tableStatus, "the mapping does not say what this is", "Add it to statuses in the mapping")
		}
		return status
	}
	status, err := ar.ParseStatus(v)
	if err != nil {
		s.wrong(tableStatus, reason(err, v), "Write one of these, or take the status column out of the mapping")
	}
	return status
}

// settle says how much of the document is settled. A table with amounts and
// balances states what is open, and the engine finds the difference to what the
// books know; one with amounts and paid dates settles the whole amount on that
// date; a row with neither says nothing, so that it is open until it does.
func (t *tableReader) settle(s *sheet, e *entry) {
	d := e.document
	paid := t.date(s, tablePaid)
	if d.Status != ar.Posted || d.Amount.Currency() == "" || !s.has(tableAmount) {
		return
	}
	if s.has(tableBalance) {
		e.balance = t.balance(s, d, paid)
		return
	}
	if s.has(tablePaid) {
		e.paid = &ar.ApplicationRecord{
			External: "paid/" + string(d.Key()), To: d.Ref, Kind: ar.ByPayment,
			Amount: ar.Effect(d.Kind, d.Amount), Date: paid, Inferred: true, Deleted: paid.IsZero(),
		}
	}
}

func (t *tableReader) balance(s *sheet, d ar.DocumentRecord, paid ar.Date) *arsync.Balance {
	b := &arsync.Balance{Of: d.Ref, Open: ar.NewMoney(0, d.Amount.Currency()), Date: paid}
	if b.Date.IsZero() {
		b.Date = t.asOf
	}
	if s.text(tableBalance) != "" {
		b.Open = ar.Effect(d.Kind, t.money(s, tableBalance, d.Amount.Currency()))
	} else if paid.IsZero() {
		return nil
	}
	return b
}

// money reads an amount as the mapping says.
func (t *tableReader) money(s *sheet, c int, currency ar.Currency) ar.Money {
	v := s.needed(c)
	if v == "" || currency == "" {
		return ar.Money{}
	}
	m, err := t.rules.numbers.Parse(v, currency)
	if err != nil && t.format.Workbook && !t.rules.numbers.Minor { // a number of a workbook has a point, whatever its column shows
		m, err = cells.Numbers{Decimal: '.'}.Parse(v, currency)
	}
	if err != nil {
		t.wrong(s, c, err)
		return ar.Money{}
	}
	return m
}

// date reads a date as the mapping says, no date where the cell is empty.
func (t *tableReader) date(s *sheet, c int) ar.Date {
	v := s.text(c)
	if v == "" {
		return ar.Date{}
	}
	d, err := t.rules.dates.Parse(v)
	if err != nil && t.format.Workbook { // a day of a workbook is a number
		if serial, ok := (cells.Dates{Serial: true, Epoch1904: t.format.Epoch1904}).Day(v); ok {
			return s.sane(c, serial)
		}
	}
	if err != nil {
		t.wrong(s, c, err)
		return ar.Date{}
	}
	return s.sane(c, d)
}

func (*tableReader) wrong(s *sheet, c int, err error) {
	if cell, ok := errors.AsType[*cells.Error](err); ok {
		s.wrong(c, cell.Wrong, cell.Mend)
		return
	}
	s.wrong(c, fmt.Sprint(err), "Correct the cell")
}
