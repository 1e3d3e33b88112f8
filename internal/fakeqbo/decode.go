package fakeqbo

import (
	"encoding/json"
	"slices"
)

// decodeTxn reads a transaction as a client or a recording writes it.
func (c *Company) decodeTxn(entity string, f fields) (*txn, error) {
	t := &txn{entity: entity, head: f.head(c)}
	t.number, t.date, t.due = f.text("DocNumber"), f.text("TxnDate"), f.text("DueDate")
	t.customer = f.refID("CustomerRef")
	t.currency = f.ref("CurrencyRef")
	t.rate = f.text("ExchangeRate")
	t.note = f.text("PrivateNote")
	t.term, t.class, t.location = f.refID("SalesTermRef"), f.refID("ClassRef"), f.refID("DepartmentRef")
	t.email, t.mailed = nested(f.take("BillEmail"), "Address"), f.text("EmailStatus")
	t.custom = f.custom()
	t.account, t.reference = f.refID("DepositToAccountRef"), f.text("PaymentRefNum")
	t.payLink = f.text("InvoiceLink")
	t.links = decodeLinks(f.take("LinkedTxn"))
	if entity == Purchase {
		t.readPurchase(f)
	}
	c.defaults(t)
	if err := t.readAmounts(f); err != nil {
		return nil, err
	}
	for _, derived := range []string{
		"Adjustment", "HomeTotalAmt", "HomeBalance", "AllowIPNPayment", "AllowOnlinePayment", "ProcessPayment", "DeliveryInfo",
	} {
		delete(f, derived)
	}
	t.extra = f.rest()
	return t, nil
}

func (t *txn) readPurchase(f fields) {
	t.account, t.payType, t.credit = f.refID("AccountRef"), f.text("PaymentType"), f.flag("Credit")
	t.customer = entityCustomer(f.take("EntityRef"))
}

// defaults fills in what QuickBooks fills in: currency and rate.
func (c *Company) defaults(t *txn) {
	if t.currency == "" {
		t.currency = c.set.HomeCurrency
		if cu := c.customer(t.customer); cu != nil {
			t.currency = cu.currency
		}
	}
	if t.rate == "" && t.currency != c.set.HomeCurrency {
		t.rate = c.rates[t.currency]
	}
}

func (t *txn) readAmounts(f fields) error {
	exp := exponent(t.currency)
	total := f.text("TotalAmt")
	if down := f.text("Deposit"); down != "" {
		n, err := minor(down, exp)
		if err != nil {
			return badValue("Deposit", down)
		}
		t.paidDown = n
	}
	for _, open := range []string{"Balance", "RemainingCredit", "UnappliedAmt"} {
		if n, err := minor(f.text(open), exp); err == nil {
			t.stated = &n
		}
	}
	if err := t.readLines(f.take("Line"), exp); err != nil {
		return err
	}
	if total == "" {
		t.total = t.sumLines()
		return nil
	}
	var err error
	if t.total, err = minor(total, exp); err != nil {
		return badValue("TotalAmt", total)
	}
	return nil
}

// sumLines is the total that follows from the lines.
func (t *txn) sumLines() int64 {
	if t.entity == JournalEntry {
		return 0
	}
	var sum int64
	for _, l := range t.lines {
		sum += l.amount
	}
	return sum
}

func (t *txn) readLines(raw json.RawMessage, exp int) error {
	var list []json.RawMessage
	if len(raw) > 0 && json.Unmarshal(raw, &list) != nil {
		return badValue("Line", string(raw))
	}
	for _, r := range list {
		l, err := readLine(r, exp)
		if err != nil {
			return err
		}
		if l.detail != subtotalLine {
			t.lines = append(t.lines, l)
		}
	}
	return nil
}

func readLine(raw json.RawMessage, exp int) (line, error) {
	var f fields
	if json.Unmarshal(raw, &f) != nil {
		return line{}, badValue("Line", string(raw))
	}
	l := line{raw: slices.Clone(raw), id: f.text("Id"), detail: f.text("DetailType"), text: f.text("Description"), qty: 100}
	l.links = decodeLinks(f.take("LinkedTxn"))
	text := f.text("Amount")
	if text == "" {
		text = "0"
	}
	var err error
	if l.amount, err = minor(text, exp); err != nil {
		return line{}, badValue("Line.Amount", text)
	}
	var d fields
	if json.Unmarshal(f.take(l.detail), &d) == nil && d != nil {
		l.readDetail(d)
	}
	return l, nil
}

func (l *line) readDetail(d fields) {
	l.item = d.refID("ItemRef")
	if q, err := minor(d.text("Qty"), 2); err == nil {
		l.qty = q
	}
	l.debit = d.text("PostingType") == "Debit"
	l.account = d.refID("AccountRef")
	if l.account == 0 {
		l.account = d.refID("ItemAccountRef")
	}
	l.customer = entityCustomer(d.take("Entity"))
	if l.customer == 0 {
		l.customer = d.refID("CustomerRef")
	}
}

// entityCustomer reads the customer of a line: journal entries and deposits spell it
// differently.
func entityCustomer(raw json.RawMessage) int64 {
	var e struct {
		Type      string `json:"Type"`
		Value     string `json:"value"`
		EntityRef struct {
			Value string `json:"value"`
		} `json:"EntityRef"`
	}
	if json.Unmarshal(raw, &e) != nil || (e.Type != "Customer" && e.Type != "CUSTOMER") {
		return 0
	}
	return number(e.Value + e.EntityRef.Value)
}

func decodeLinks(raw json.RawMessage) []link {
	var list []struct {
		ID   string `json:"TxnId"`
		Type string `json:"TxnType"`
		Line string `json:"TxnLineId"`
	}
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	var links []link
	for _, l := range list {
		links = append(links, link{id: l.ID, kind: linkedEntity(l.Type), line: l.Line})
	}
	return links
}

// linkedEntity is the entity of what a link names.
func linkedEntity(species string) string {
	switch species {
	case check, expense, "CreditCardCredit", "CreditCardCharge":
		return Purchase
	}
	return species
}
