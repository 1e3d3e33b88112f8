package quickbooks

import (
	"slices"
	"strings"
)

// entity is QuickBooks' name for a kind of object, as queries and webhooks spell
// it.
type entity string

// The entities that make up the books, and those that say how to read them.
const (
	customers      entity = "Customer"
	invoices       entity = "Invoice"
	creditMemos    entity = "CreditMemo"
	refundReceipts entity = "RefundReceipt"
	journalEntries entity = "JournalEntry"
	deposits       entity = "Deposit"
	purchases      entity = "Purchase" // checks and expenses
	payments       entity = "Payment"
	terms          entity = "Term"
	accounts       entity = "Account"
	preferences    entity = "Preferences"
)

// ledger is the order in which a full reading takes the entities: what refers
// comes after what it refers to.
var ledger = []entity{customers, invoices, creditMemos, refundReceipts, journalEntries, deposits, payments}

// books are all entities that can touch A/R.
var books = append(slices.Clone(ledger), purchases)

// path is the entity's place in the API: "creditmemo".
func (e entity) path() string { return strings.ToLower(string(e)) }

// where restricts a listing of the entity. Lists of names hold only active ones
// unless they are asked for all.
func (e entity) where() string {
	if e == customers || e == terms || e == accounts {
		return "Active in (true,false)"
	}
	return ""
}

// words are what people call objects, where the entity's name is not a word.
var words = map[entity]string{
	creditMemos: "credit memo", refundReceipts: "refund receipt", journalEntries: "journal entry", purchases: "check or expense",
}

// word names a kind of object in a sentence.
func (e entity) word() string {
	if word := words[e]; word != "" {
		return word
	}
	return strings.ToLower(string(e))
}

// number is a number's decimal text, or that of a number in quotes. It takes
// whatever stands there: what cannot be an amount is found when it is used, so
// that one record does not spoil its page.
type number string

// UnmarshalJSON keeps the text.
func (n *number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if len(text) >= 2 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	*n = number(text)
	return nil
}

// reference names another object, or a value of a list.
type reference struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

// head is what every object has.
type head struct {
	ID string `json:"Id"`
	// SyncToken counts the object's versions.
	SyncToken string `json:"SyncToken"`
	// Status is "Deleted" in what change data capture says of an object that
	// is gone; then there is nothing but the id.
	Status string `json:"status"`
}

func (h head) deleted() bool { return strings.EqualFold(h.Status, "Deleted") }

type customField struct {
	// DefinitionID is the field's number among those of sales forms, or of customers.
	DefinitionID string `json:"DefinitionId"`
	Name         string `json:"Name"`
	StringValue  string `json:"StringValue"`
}

type customer struct {
	head
	DisplayName        string        `json:"DisplayName"`
	FullyQualifiedName string        `json:"FullyQualifiedName"`
	CompanyName        string        `json:"CompanyName"`
	AcctNum            string        `json:"AcctNum"`
	Active             *bool         `json:"Active"`
	ParentRef          reference     `json:"ParentRef"`
	SalesTermRef       reference     `json:"SalesTermRef"`
	CustomField        []customField `json:"CustomField"`
}

// txn is what every transaction has.
type txn struct {
	head
	DocNumber     string    `json:"DocNumber"`
	TxnDate       string    `json:"TxnDate"`
	PrivateNote   string    `json:"PrivateNote"`
	CurrencyRef   reference `json:"CurrencyRef"`
	ExchangeRate  number    `json:"ExchangeRate"`
	TotalAmt      number    `json:"TotalAmt"`
	DepartmentRef reference `json:"DepartmentRef"`
}

// form is an invoice, a credit memo or a refund receipt.
type form struct {
	txn
	DueDate             string        `json:"DueDate"`
	PONumber            string        `json:"PONumber"`
	CustomerRef         reference     `json:"CustomerRef"`
	SalesTermRef        reference     `json:"SalesTermRef"`
	ClassRef            reference     `json:"ClassRef"`
	DepositToAccountRef reference     `json:"DepositToAccountRef"`
	Deposit             number        `json:"Deposit"`
	CustomField         []customField `json:"CustomField"`
	Line                []formLine    `json:"Line"`
}

type formLine struct {
	Amount number    `json:"Amount"`
	Item   *itemLine `json:"SalesItemLineDetail"`
}

type itemLine struct {
	ItemRef        reference `json:"ItemRef"`
	ItemAccountRef reference `json:"ItemAccountRef"`
	ClassRef       reference `json:"ClassRef"`
}

type payment struct {
	txn
	PaymentRefNum string        `json:"PaymentRefNum"`
	CustomerRef   reference     `json:"CustomerRef"`
	Line          []paymentLine `json:"Line"`
}

type paymentLine struct {
	Amount    number      `json:"Amount"`
	LinkedTxn []linkedTxn `json:"LinkedTxn"`
}

type linkedTxn struct {
	TxnID     string `json:"TxnId"`
	TxnType   string `json:"TxnType"`
	TxnLineID string `json:"TxnLineId"`
}

// entry is a journal entry, a deposit, or a check or expense: what touches A/R
// by some of its lines, or not at all.
type entry struct {
	txn
	EntityRef party       `json:"EntityRef"`
	Credit    bool        `json:"Credit"`
	Line      []entryLine `json:"Line"`
}

type entryLine struct {
	ID          string   `json:"Id"`
	LineNum     number   `json:"LineNum"`
	Description string   `json:"Description"`
	Amount      number   `json:"Amount"`
	Journal     *posting `json:"JournalEntryLineDetail"`
	Deposit     *posting `json:"DepositLineDetail"`
	Expense     *posting `json:"AccountBasedExpenseLineDetail"`
}

// posting is the detail of a line that names an account.
type posting struct {
	PostingType   string    `json:"PostingType"`
	AccountRef    reference `json:"AccountRef"`
	Entity        party     `json:"Entity"`
	CustomerRef   reference `json:"CustomerRef"`
	ClassRef      reference `json:"ClassRef"`
	DepartmentRef reference `json:"DepartmentRef"`
}

// party is whom a line is about. Journal entries have the reference in an object
// of its own, deposits and purchases in this one.
type party struct {
	Type      string    `json:"Type"`
	EntityRef reference `json:"EntityRef"`
	Value     string    `json:"value"`
}

// customer returns the customer's id; "" for somebody else.
func (p party) customer() string {
	if p.Type != "" && !strings.EqualFold(p.Type, "customer") {
		return ""
	}
	if p.EntityRef.Value != "" {
		return p.EntityRef.Value
	}
	return p.Value
}

// term is a set of payment terms: days after the invoice, or a day of the month.
type term struct {
	head
	Name             string `json:"Name"`
	Type             string `json:"Type"`
	DueDays          number `json:"DueDays"`
	DayOfMonthDue    number `json:"DayOfMonthDue"`
	DueNextMonthDays number `json:"DueNextMonthDays"`
}

type account struct {
	head
	Name               string `json:"Name"`
	FullyQualifiedName string `json:"FullyQualifiedName"`
	AcctNum            string `json:"AcctNum"`
	AccountType        string `json:"AccountType"`
}

type companyPreferences struct {
	head
	CurrencyPrefs struct {
		MultiCurrencyEnabled bool      `json:"MultiCurrencyEnabled"`
		HomeCurrency         reference `json:"HomeCurrency"`
	} `json:"CurrencyPrefs"`
	SalesFormsPrefs struct {
		AllowDeposit bool `json:"AllowDeposit"`
		// CustomField are groups: which fields are in use, and how they are called.
		CustomField []struct {
			CustomField []customField `json:"CustomField"`
		} `json:"CustomField"`
	} `json:"SalesFormsPrefs"`
}

// rows are objects by their kind: what a query brings (of one kind), and what
// change data capture does (of several).
type rows struct {
	Customer      []customer           `json:"Customer"`
	Invoice       []form               `json:"Invoice"`
	CreditMemo    []form               `json:"CreditMemo"`
	RefundReceipt []form               `json:"RefundReceipt"`
	JournalEntry  []entry              `json:"JournalEntry"`
	Deposit       []entry              `json:"Deposit"`
	Purchase      []entry              `json:"Purchase"`
	Payment       []payment            `json:"Payment"`
	Term          []term               `json:"Term"`
	Account       []account            `json:"Account"`
	Preferences   []companyPreferences `json:"Preferences"`
}

// object is one object, as a read by its id brings it.
type object struct {
	Customer      *customer `json:"Customer"`
	Invoice       *form     `json:"Invoice"`
	CreditMemo    *form     `json:"CreditMemo"`
	RefundReceipt *form     `json:"RefundReceipt"`
	JournalEntry  *entry    `json:"JournalEntry"`
	Deposit       *entry    `json:"Deposit"`
	Purchase      *entry    `json:"Purchase"`
	Payment       *payment  `json:"Payment"`
}

func (o object) rows() *rows {
	return &rows{
		Customer: one(o.Customer), Invoice: one(o.Invoice), CreditMemo: one(o.CreditMemo), RefundReceipt: one(o.RefundReceipt),
		JournalEntry: one(o.JournalEntry), Deposit: one(o.Deposit), Purchase: one(o.Purchase), Payment: one(o.Payment),
	}
}

func one[T any](v *T) []T {
	if v == nil {
		return nil
	}
	return []T{*v}
}

// heads returns id and state of all objects, by entity, in the order in which
// they came.
func (r *rows) heads() map[entity][]head {
	heads := map[entity][]head{}
	for e, list := range map[entity][]head{
		customers: headsOf(r.Customer), invoices: headsOf(r.Invoice), creditMemos: headsOf(r.CreditMemo),
		refundReceipts: headsOf(r.RefundReceipt), journalEntries: headsOf(r.JournalEntry), deposits: headsOf(r.Deposit),
		purchases: headsOf(r.Purchase), payments: headsOf(r.Payment), terms: headsOf(r.Term), accounts: headsOf(r.Account),
	} {
		if len(list) > 0 {
			heads[e] = list
		}
	}
	return heads
}

func headsOf[T interface{ header() head }](list []T) []head {
	heads := make([]head, len(list))
	for i := range list {
		heads[i] = list[i].header()
	}
	return heads
}

func (h head) header() head { return h }

// keep leaves only the objects that are wanted.
func (r *rows) keep(want func(entity, head) bool) {
	r.Customer = keep(r.Customer, customers, want)
	r.Invoice = keep(r.Invoice, invoices, want)
	r.CreditMemo = keep(r.CreditMemo, creditMemos, want)
	r.RefundReceipt = keep(r.RefundReceipt, refundReceipts, want)
	r.JournalEntry = keep(r.JournalEntry, journalEntries, want)
	r.Deposit = keep(r.Deposit, deposits, want)
	r.Purchase = keep(r.Purchase, purchases, want)
	r.Payment = keep(r.Payment, payments, want)
}

func keep[T interface{ header() head }](list []T, e entity, want func(entity, head) bool) []T {
	kept := list[:0]
	for i := range list {
		if want(e, list[i].header()) {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// add takes in the objects of another answer.
func (r *rows) add(o *rows) {
	r.Customer = append(r.Customer, o.Customer...)
	r.Invoice = append(r.Invoice, o.Invoice...)
	r.CreditMemo = append(r.CreditMemo, o.CreditMemo...)
	r.RefundReceipt = append(r.RefundReceipt, o.RefundReceipt...)
	r.JournalEntry = append(r.JournalEntry, o.JournalEntry...)
	r.Deposit = append(r.Deposit, o.Deposit...)
	r.Purchase = append(r.Purchase, o.Purchase...)
	r.Payment = append(r.Payment, o.Payment...)
	r.Term = append(r.Term, o.Term...)
	r.Account = append(r.Account, o.Account...)
	r.Preferences = append(r.Preferences, o.Preferences...)
}

// len counts the objects.
func (r *rows) len() int {
	return len(r.Customer) + len(r.Invoice) + len(r.CreditMemo) + len(r.RefundReceipt) + len(r.JournalEntry) +
		len(r.Deposit) + len(r.Purchase) + len(r.Payment) + len(r.Term) + len(r.Account) + len(r.Preferences)
}
