package fakeqbo

import (
	"encoding/json"
	"strconv"
)

// listing is a record of a name list that the books hardly interpret: an account,
// a term, an item, a class.
type listing struct {
	head
	entity    string
	name      string
	active    bool
	dueDays   int    // of a term
	income    int64  // of an item: the account
	accountOf string // of an account: AccountType
}

func (l *listing) kind() string   { return l.entity }
func (l *listing) isActive() bool { return l.active }
func (l *listing) label() string  { return l.name }

func (l *listing) render(c *Company, o *out) {
	o.open()
	o.str("Name", l.name)
	o.bool("Active", l.active)
	if l.accountOf != "" {
		o.str("AccountType", l.accountOf)
	}
	if l.entity == "Term" {
		o.int("DueDays", l.dueDays)
	}
	o.ref("IncomeAccountRef", idText(l.income), c.nameOf("Account", l.income))
	o.members(l.extra)
	l.renderHead(c, o)
	o.close()
}

func (c *Company) decodeListing(entity string, f fields) *listing {
	l := &listing{entity: entity, head: f.head(c)}
	l.name = f.text("Name")
	l.active = string(f.take("Active")) != "false"
	l.accountOf = f.text("AccountType")
	l.income = f.refID("IncomeAccountRef")
	if entity == "Term" {
		l.dueDays = int(number(f.text("DueDays")))
	}
	l.extra = f.rest()
	return l
}

// Ids that a new company's lists begin with.
const (
	Receivable  int64 = 84 // the A/R account
	Undeposited int64 = 4
	Checking    int64 = 35
	Income      int64 = 79
	BadDebt     int64 = 85 // the account of what is written off
	ServiceItem int64 = 1
	BadDebtItem int64 = 2
	// RefundItem is an item that posts to the A/R account: a refund receipt with it
	// pays money back out of a customer's credit.
	RefundItem int64 = 3
)

const receivableType = "Accounts Receivable"

func (c *Company) addLists() {
	account := func(id int64, name, kind string) {
		c.addListing(&listing{entity: "Account", head: head{id: id}, name: name, accountOf: kind})
	}
	account(Receivable, "Accounts Receivable (A/R)", receivableType)
	account(Undeposited, "Undeposited Funds", "Other Current Asset")
	account(Checking, "Checking", "Bank")
	account(Income, "Sales of Product Income", "Income")
	account(BadDebt, "Bad Debt", "Expense")
	item := func(id int64, name string, account int64) {
		c.addListing(&listing{
			entity: "Item", head: head{id: id, extra: []member{{"Type", json.RawMessage(`"Service"`)}}}, name: name, income: account,
		})
	}
	item(ServiceItem, "Services", Income)
	item(BadDebtItem, "Bad debt", BadDebt)
	item(RefundItem, "Refund of credit", Receivable)
	for i, days := range []int{0, 15, 30, 60} {
		name := "Net " + strconv.Itoa(days)
		if days == 0 {
			name = "Due on receipt"
		}
		c.addListing(&listing{entity: "Term", head: head{id: int64(i + 1)}, name: name, dueDays: days})
	}
}

func (c *Company) addListing(l *listing) *listing {
	if l.id == 0 {
		l.id = c.nextID(l.entity)
	}
	c.lastID[l.entity] = max(c.lastID[l.entity], l.id)
	l.created, l.updated, l.active = c.clock(), c.clock(), true
	c.table(l.entity).put(l)
	c.version++
	return l
}

// AddListing adds a record to a name list: "Class", "Department" (which is a
// location), "Account", "Item". It returns the id.
func (c *Company) AddListing(entity, name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return idText(c.addListing(&listing{entity: entity, name: name}).id)
}

// AddAccount adds an account of a type ("Accounts Receivable"). It returns the id.
func (c *Company) AddAccount(name, accountType string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return idText(c.addListing(&listing{entity: "Account", name: name, accountOf: accountType}).id)
}

// AddTerm adds terms of payment. It returns the id.
func (c *Company) AddTerm(name string, dueDays int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return idText(c.addListing(&listing{entity: "Term", name: name, dueDays: dueDays}).id)
}

// list gives a record of a name list; nil for none.
func (c *Company) list(entity string, id int64) *listing {
	if t := c.tables[entity]; t != nil {
		l, _ := t.byID[id].(*listing)
		return l
	}
	return nil
}

func (c *Company) nameOf(entity string, id int64) string {
	if l := c.list(entity, id); l != nil {
		return l.name
	}
	return ""
}

func (c *Company) isReceivable(account int64) bool {
	l := c.list("Account", account)
	return l != nil && l.accountOf == receivableType
}
