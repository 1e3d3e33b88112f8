package fakeqbo

import (
	"strconv"
	"time"
)

// The entities that are transactions.
const (
	Invoice       = "Invoice"
	CreditMemo    = "CreditMemo"
	Payment       = "Payment"
	RefundReceipt = "RefundReceipt"
	JournalEntry  = "JournalEntry"
	Deposit       = "Deposit"
	Purchase      = "Purchase" // a check or an expense: with a line on A/R it pays a customer back
)

func isTxn(entity string) bool {
	switch entity {
	case Invoice, CreditMemo, Payment, RefundReceipt, JournalEntry, Deposit, Purchase:
		return true
	}
	return false
}

// txn is a transaction of any kind.
type txn struct {
	head
	entity    string
	number    string
	date, due string // YYYY-MM-DD
	customer  int64
	currency  string
	rate      string // into the home currency, decimal text; "" is 1
	total     int64  // in minor units of the currency
	paidDown  int64  // the Deposit that an invoice was issued with
	payType   string // of a purchase: Check, Cash, CreditCard
	credit    bool   // of a purchase: money back
	lines     []line
	links     []link // to other transactions, as a whole
	note      string
	term      int64
	class     int64
	location  int64
	email     string
	mailed    string // EmailStatus
	mailedAt  time.Time
	custom    []customField
	account   int64  // DepositToAccountRef
	reference string // PaymentRefNum
	payLink   string // InvoiceLink
	pieces    []*piece
	settles   []*application // of a payment
	stated    *int64         // the open amount that came with the document
}

// line is a line of a transaction.
type line struct {
	id       string
	amount   int64
	detail   string // DetailType
	text     string
	item     int64
	qty      int64 // hundredths
	debit    bool  // of a journal entry
	account  int64 // of a journal entry or deposit
	customer int64 // the entity of a journal entry's or deposit's line
	links    []link
	raw      []byte // the line as it came, while nothing in it has changed
}

// link names another transaction.
type link struct{ id, kind, line string }

func (t *txn) kind() string { return t.entity }

func (t *txn) isSale() bool {
	return t.entity == Invoice || t.entity == CreditMemo || t.entity == RefundReceipt
}

func (t *txn) key() link { return link{id: strconv.FormatInt(t.id, 10), kind: t.entity} }

// open is what is unsettled of the transaction as a whole, without sign.
func (t *txn) open() int64 {
	var sum int64
	for _, p := range t.pieces {
		sum += p.open
	}
	return sum
}

func (t *txn) render(c *Company, o *out) {
	exp := exponent(t.currency)
	o.open()
	t.renderBefore(c, o, exp)
	t.renderHead(c, o)
	if t.isSale() {
		o.list("CustomField") // there even if it's empty
		for _, f := range t.custom {
			f.render(o, !c.set.UnnamedFields)
		}
		o.end()
	}
	o.some("DocNumber", t.number)
	o.str("TxnDate", t.date)
	t.renderLabels(c, o)
	o.ref("CurrencyRef", t.currency, currencyName(t.currency))
	if c.set.MultiCurrency {
		o.num("ExchangeRate", t.rateText())
	}
	o.some("PrivateNote", t.note)
	t.renderLinks(c, o)
	o.list("Line")
	for i := range t.lines {
		t.lines[i].render(c, o, i, exp)
	}
	if t.isSale() {
		renderSubtotal(o, t.sumLines(), exp)
	}
	o.end()
	o.members(t.extra)
	t.renderAfter(c, o, exp)
	o.close()
}

func (t *txn) rateText() string {
	if t.rate == "" {
		return "1"
	}
	return t.rate
}

// renderBefore writes what stands before the head: of payments, almost everything.
func (t *txn) renderBefore(c *Company, o *out, exp int) {
	switch t.entity {
	case Invoice:
		o.bool("AllowIPNPayment", false)
		o.bool("AllowOnlinePayment", false)
	case CreditMemo:
		o.num("RemainingCredit", decimal(t.open(), exp))
	case JournalEntry:
		o.bool("Adjustment", false)
	case Payment:
		o.ref("CustomerRef", idText(t.customer), c.customerName(t.customer))
		o.num("UnappliedAmt", decimal(t.open(), exp))
		o.some("PaymentRefNum", t.reference)
		o.bool("ProcessPayment", false)
	}
	if t.entity == Purchase {
		t.renderPurchase(c, o)
	} else if !t.isSale() {
		o.ref("DepositToAccountRef", idText(t.account), c.nameOf("Account", t.account))
	}
	if !t.isSale() {
		o.num("TotalAmt", decimal(t.total, exp))
	}
}

func (t *txn) renderPurchase(c *Company, o *out) {
	o.ref("AccountRef", idText(t.account), c.nameOf("Account", t.account))
	o.str("PaymentType", t.payType)
	if t.customer != 0 {
		o.object("EntityRef")
		o.str("value", idText(t.customer))
		o.str("name", c.customerName(t.customer))
		o.str("type", "Customer")
		o.close()
	}
	o.bool("Credit", t.credit)
}

func (t *txn) renderLabels(c *Company, o *out) {
	o.ref("DepartmentRef", idText(t.location), c.nameOf("Department", t.location))
	o.ref("ClassRef", idText(t.class), c.nameOf("Class", t.class))
}

func (t *txn) renderLinks(c *Company, o *out) {
	if len(t.links) == 0 && t.entity != Invoice {
		return
	}
	o.list("LinkedTxn")
	for _, l := range t.links {
		l.render(c, o)
	}
	o.end()
}

func (l link) render(c *Company, o *out) {
	o.open()
	o.str("TxnId", l.id)
	o.str("TxnType", c.linkType(l))
	o.some("TxnLineId", l.line)
	o.close()
}

// linkType is how a link calls a transaction: purchases by what they are.
func (c *Company) linkType(l link) string {
	if doc := c.txn(l.kind, number(l.id)); doc != nil {
		return doc.species()
	}
	return l.kind
}

// species is the entity, but of purchases whether they are a check or an expense.
func (t *txn) species() string {
	switch {
	case t.entity != Purchase:
		return t.entity
	case t.payType == check:
		return check
	}
	return expense
}

const (
	check   = "Check"
	expense = "Expense"
)

// renderAfter writes the end of a sales form: totals and balances.
func (t *txn) renderAfter(c *Company, o *out, exp int) {
	if !t.isSale() {
		return
	}
	o.ref("CustomerRef", idText(t.customer), c.customerName(t.customer))
	o.ref("SalesTermRef", idText(t.term), c.nameOf("Term", t.term))
	if t.entity == Invoice {
		o.some("DueDate", t.due)
	}
	if t.entity == RefundReceipt {
		o.ref("DepositToAccountRef", idText(t.account), c.nameOf("Account", t.account))
	}
	if t.paidDown != 0 {
		o.num("Deposit", decimal(t.paidDown, exp))
	}
	o.num("TotalAmt", decimal(t.total, exp))
	homeExp := exponent(c.set.HomeCurrency)
	if c.set.MultiCurrency {
		o.num("HomeTotalAmt", decimal(c.home(t.total, t.currency, t.rate), homeExp))
	}
	o.str("EmailStatus", t.mailedText())
	if t.email != "" {
		o.object("BillEmail")
		o.str("Address", t.email)
		o.close()
	}
	if t.entity == RefundReceipt {
		return
	}
	o.num("Balance", decimal(t.open(), exp))
	if c.set.MultiCurrency {
		o.num("HomeBalance", decimal(c.home(t.open(), t.currency, t.rate), homeExp))
	}
	if !t.mailedAt.IsZero() {
		o.object("DeliveryInfo")
		o.str("DeliveryType", "Email")
		o.str("DeliveryTime", c.stamp(t.mailedAt))
		o.close()
	}
}

func (t *txn) mailedText() string {
	if t.mailed == "" {
		return "NotSet"
	}
	return t.mailed
}

func (c *Company) customerName(id int64) string {
	if cu := c.customer(id); cu != nil {
		return cu.shown()
	}
	return ""
}

const (
	salesLine    = "SalesItemLineDetail"
	journalLine  = "JournalEntryLineDetail"
	depositLine  = "DepositLineDetail"
	expenseLine  = "AccountBasedExpenseLineDetail"
	subtotalLine = "SubTotalLineDetail"
)

func renderSubtotal(o *out, total int64, exp int) {
	o.open()
	o.num("Amount", decimal(total, exp))
	o.str("DetailType", subtotalLine)
	o.object(subtotalLine)
	o.close()
	o.close()
}

func (l *line) render(c *Company, o *out, i, exp int) {
	if l.raw != nil {
		o.comma()
		o.b = append(o.b, l.raw...)
		return
	}
	o.open()
	o.some("Id", l.id)
	if l.detail == salesLine || l.detail == depositLine {
		o.int("LineNum", i+1)
	}
	o.some("Description", l.text)
	o.num("Amount", decimal(l.amount, exp))
	if len(l.links) > 0 {
		o.list("LinkedTxn")
		for _, k := range l.links {
			k.render(c, o)
		}
		o.end()
	}
	if l.detail != "" {
		o.str("DetailType", l.detail)
		o.object(l.detail)
		l.renderDetail(c, o, exp)
		o.close()
	}
	o.close()
}

func (l *line) renderDetail(c *Company, o *out, exp int) {
	switch l.detail {
	case salesLine:
		o.ref("ItemRef", idText(l.item), c.nameOf("Item", l.item))
		if l.qty == 100 {
			o.num("UnitPrice", decimal(l.amount, exp))
		}
		o.num("Qty", decimal(l.qty, 2))
		if it := c.list("Item", l.item); it != nil {
			o.ref("ItemAccountRef", idText(it.income), c.nameOf("Account", it.income))
		}
		o.ref("TaxCodeRef", "NON", "")
	case journalLine:
		posting := "Credit"
		if l.debit {
			posting = "Debit"
		}
		o.str("PostingType", posting)
		if l.customer != 0 {
			o.object("Entity")
			o.str("Type", "Customer")
			o.ref("EntityRef", idText(l.customer), c.customerName(l.customer))
			o.close()
		}
		o.ref("AccountRef", idText(l.account), c.nameOf("Account", l.account))
	case expenseLine:
		o.ref("CustomerRef", idText(l.customer), c.customerName(l.customer))
		o.ref("AccountRef", idText(l.account), c.nameOf("Account", l.account))
		o.str("BillableStatus", "NotBillable")
	case depositLine:
		if l.customer != 0 {
			o.object("Entity")
			o.str("value", idText(l.customer))
			o.str("name", c.customerName(l.customer))
			o.str("type", "CUSTOMER")
			o.close()
		}
		o.ref("AccountRef", idText(l.account), c.nameOf("Account", l.account))
	}
}
