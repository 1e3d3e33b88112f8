package fakeqbo

import "strconv"

// Person describes a new customer. Ids are texts, as they are in answers.
type Person struct {
	Name, Email string
	Parent      string // "" for a top customer
	Project     bool
	Currency    string // "" for the home currency, or the parent's
	Term        string // the id of terms
	Fields      map[string]string
}

// Sale describes an invoice, a credit memo or a refund receipt of one line. Dates
// are YYYY-MM-DD; the amount is in minor units of the customer's currency.
type Sale struct {
	Customer  string
	Number    string // "" for the next one
	Date, Due string // "" for today; for what follows from the terms
	Term      string
	Amount    int64
	Item      int64  // 0 for ServiceItem
	Rate      string // "" for the company's
	Fields    map[string]string
	Class     string
	Location  string
	Email     string
	Deposit   int64 // of an invoice: paid when it was issued, no more owed
	Note      string
}

// Part is an amount of a document that a payment settles, or of a credit that it uses.
type Part struct {
	Entity, ID string // "Invoice", "130"
	Line       string // of a journal entry or a deposit
	Amount     int64  // minor units
}

// Receipt describes a payment: money, what it pays, and the credits that help.
type Receipt struct {
	Customer  string
	Date      string // "" for today
	Amount    int64  // minor units of the customer's currency
	Rate      string
	Reference string
	Note      string
	On        []Part
}

// AddCustomer adds a customer and returns its id.
func (c *Company) AddCustomer(p Person) (id string, err error) {
	err = c.change(func(t *tx) error {
		cu := &customer{name: p.Name, email: p.Email, active: true, project: p.Project, currency: p.Currency}
		cu.term = number(p.Term)
		cu.custom = c.customFields(p.Fields)
		if err := t.insertCustomer(cu, number(p.Parent)); err != nil {
			return err
		}
		id = idText(cu.id)
		return nil
	})
	return id, err
}

func (t *tx) insertCustomer(cu *customer, parent int64) error {
	c := t.c
	up := c.customer(parent)
	switch {
	case cu.name == "":
		return missing("DisplayName")
	case parent != 0 && up == nil:
		return notFound("Customer", idText(parent))
	case c.nameTaken(cu.name, 0):
		return duplicateName()
	}
	if cu.currency == "" {
		cu.currency = c.set.HomeCurrency
		if up != nil {
			cu.currency = up.currency
		}
	}
	cu.id, cu.token, cu.created, cu.balance = c.nextID("Customer"), 0, t.at, 0
	t.touch(cu, "Create")
	c.table("Customer").put(cu)
	c.adopt(cu, parent)
	c.names[cu.name] = cu.id
	return nil
}

func duplicateName() *Refusal {
	return invalid("6240", "Duplicate Name Exists Error", "The name supplied already exists. : Another customer is already using this name")
}

func (c *Company) nameTaken(name string, by int64) bool {
	id, taken := c.names[name]
	return taken && id != by
}

// customFields gives values the ids of the company's fields; others are numbered on.
func (c *Company) customFields(values map[string]string) []customField {
	var list []customField
	for i, name := range c.set.CustomFields {
		list = append(list, customField{id: strconv.Itoa(i + 1), name: name, value: values[name]})
	}
	return list
}

// AddInvoice adds an invoice and returns its id.
func (c *Company) AddInvoice(s Sale) (string, error) { return c.addSale(Invoice, s) }

// AddCreditMemo adds a credit memo and returns its id.
func (c *Company) AddCreditMemo(s Sale) (string, error) { return c.addSale(CreditMemo, s) }

// AddRefundReceipt adds a refund receipt and returns its id. It touches A/R only with
// the RefundItem.
func (c *Company) AddRefundReceipt(s Sale) (string, error) { return c.addSale(RefundReceipt, s) }

func (c *Company) addSale(entity string, s Sale) (id string, err error) {
	err = c.change(func(t *tx) error {
		doc := c.sale(entity, s)
		if err := t.insert(doc); err != nil {
			return err
		}
		id = idText(doc.id)
		return nil
	})
	return id, err
}

func (c *Company) sale(entity string, s Sale) *txn {
	if s.Item == 0 {
		s.Item = ServiceItem
	}
	doc := &txn{
		entity: entity, number: s.Number, date: s.Date, due: s.Due, customer: number(s.Customer), total: s.Amount,
		rate: s.Rate, note: s.Note, term: number(s.Term), class: number(s.Class), paidDown: s.Deposit, location: number(s.Location), email: s.Email,
		custom: c.customFields(s.Fields),
		lines:  []line{{amount: s.Amount, detail: salesLine, item: s.Item, qty: 100}},
	}
	if entity == RefundReceipt {
		doc.account = Checking
	}
	return doc
}

// Pay adds a payment and returns its id. An amount of 0 only links credits to what
// they pay.
func (c *Company) Pay(r Receipt) (id string, err error) {
	err = c.change(func(t *tx) error {
		doc := c.receipt(r)
		if err := t.insert(doc); err != nil {
			return err
		}
		id = idText(doc.id)
		return nil
	})
	return id, err
}

func (c *Company) receipt(r Receipt) *txn {
	doc := &txn{
		entity: Payment, customer: number(r.Customer), date: r.Date, total: r.Amount, rate: r.Rate,
		reference: r.Reference, note: r.Note,
	}
	for _, p := range r.On {
		doc.lines = append(doc.lines, line{amount: p.Amount, links: []link{{id: p.ID, kind: p.Entity, line: p.Line}}})
	}
	return doc
}

// creditNote is what QuickBooks writes on the payment that it makes itself to link a
// credit (seen).
const creditNote = "Created by QB Online to link credits to charges." //nolint:gosec // G101: a note

// ApplyCredit links an amount of a credit to an invoice, by a payment of 0 whose id it
// returns. date is "" for today.
func (c *Company) ApplyCredit(credit Part, invoice, date string) (string, error) {
	c.mu.RLock()
	var customer int64
	if doc := c.txn(Invoice, number(invoice)); doc != nil {
		customer = doc.customer
	}
	c.mu.RUnlock()
	return c.Pay(Receipt{
		Customer: idText(customer), Date: date, Note: creditNote,
		On: []Part{{Entity: Invoice, ID: invoice, Amount: credit.Amount}, credit},
	})
}

// WriteOff writes an amount of an invoice off by a credit memo of the BadDebtItem; it
// returns the ids of the credit memo and of the payment that links it.
func (c *Company) WriteOff(invoice string, amount int64, date string) (memo, link string, err error) {
	c.mu.RLock()
	doc := c.txn(Invoice, number(invoice))
	if doc == nil {
		c.mu.RUnlock()
		return "", "", notFound(Invoice, invoice)
	}
	s := Sale{Customer: idText(doc.customer), Date: date, Amount: amount, Item: BadDebtItem, Rate: doc.rate}
	c.mu.RUnlock()
	if memo, err = c.AddCreditMemo(s); err != nil {
		return "", "", err
	}
	link, err = c.ApplyCredit(Part{Entity: CreditMemo, ID: memo, Amount: amount}, invoice, date)
	return memo, link, err
}

// Posting is a line of a journal entry.
type Posting struct {
	Account  int64
	Debit    bool
	Amount   int64
	Customer string // needed on an A/R account
}

// Entry describes a journal entry; its debits and credits must be equal.
type Entry struct {
	Date, Number, Note string
	Currency, Rate     string
	Lines              []Posting
}

// Journal adds a journal entry and returns its id. Its lines have the ids "0", "1", ...
func (c *Company) Journal(e Entry) (string, error) {
	doc := &txn{entity: JournalEntry, date: e.Date, number: e.Number, note: e.Note, currency: e.Currency, rate: e.Rate}
	for _, p := range e.Lines {
		doc.lines = append(doc.lines, line{
			amount: p.Amount, detail: journalLine, debit: p.Debit, account: p.Account, customer: number(p.Customer),
		})
	}
	return c.add(doc)
}

func (c *Company) add(doc *txn) (id string, err error) {
	err = c.change(func(t *tx) error {
		if err := t.insert(doc); err != nil {
			return err
		}
		id = idText(doc.id)
		return nil
	})
	return id, err
}

// Slip describes a bank deposit.
type Slip struct {
	Date, Note     string
	Currency, Rate string
	Lines          []SlipLine
}

// SlipLine is money of a deposit: of a payment in Undeposited Funds, or straight on an
// account; on an A/R account with a customer it lowers what that customer owes.
type SlipLine struct {
	Amount   int64
	Account  int64
	Customer string
	Payment  string // the id of a payment
}

// AddDeposit adds a deposit and returns its id. Its lines have the ids "1", "2", ...
func (c *Company) AddDeposit(s Slip) (string, error) {
	doc := &txn{entity: Deposit, date: s.Date, note: s.Note, currency: s.Currency, rate: s.Rate, account: Checking}
	for _, p := range s.Lines {
		l := line{amount: p.Amount, detail: depositLine, account: p.Account, customer: number(p.Customer)}
		if p.Payment != "" {
			l.detail, l.links = "", []link{{id: p.Payment, kind: Payment, line: "0"}}
		}
		doc.total += p.Amount
		doc.lines = append(doc.lines, l)
	}
	return c.add(doc)
}

// Expense describes a check or an expense, of one line.
type Expense struct {
	Customer string // who is paid
	Date     string
	Amount   int64
	Account  int64 // 0 for Receivable: pays the customer back
	Check    bool
	Currency string // "" for the customer's
	Rate     string
}

// AddExpense adds a check or an expense and returns its id. On the A/R account it
// raises what the customer owes; its line has the id "1".
func (c *Company) AddExpense(e Expense) (string, error) {
	if e.Account == 0 {
		e.Account = Receivable
	}
	doc := &txn{
		entity: Purchase, customer: number(e.Customer), date: e.Date, total: e.Amount, currency: e.Currency, rate: e.Rate,
		account: Checking, payType: "Cash",
		lines: []line{{amount: e.Amount, detail: expenseLine, account: e.Account}},
	}
	if e.Check {
		doc.payType = check
	}
	return c.add(doc)
}
