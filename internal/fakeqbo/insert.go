package fakeqbo

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// insert checks a new transaction, completes it and posts it.
func (t *tx) insert(doc *txn) error {
	t.c.complete(doc)
	if err := t.c.check(doc); err != nil {
		return err
	}
	if doc.entity == Payment {
		if err := t.c.checkPayment(doc); err != nil {
			return err
		}
	}
	doc.id, doc.token = t.c.nextTxn(), 0
	doc.created = t.at
	if doc.number == "" && doc.isSale() {
		t.c.lastNum++
		doc.number = strconv.Itoa(t.c.lastNum)
	}
	t.touch(doc, "Create")
	t.c.table(doc.entity).put(doc)
	t.post(doc)
	switch doc.entity {
	case Payment:
		t.settle(doc)
	case Deposit:
		t.c.bank(doc, true)
	}
	return nil
}

// bank notes a deposit on the payments that it takes to the bank, or takes the note
// away. It doesn't count as a change of theirs (seen).
func (c *Company) bank(doc *txn, banked bool) {
	key := doc.key()
	for _, l := range doc.lines {
		for _, k := range l.links {
			pay := c.txn(k.kind, number(k.id))
			if pay == nil {
				continue
			}
			pay.links = slices.DeleteFunc(pay.links, func(other link) bool { return other == key })
			if banked {
				pay.links = append(pay.links, key)
			}
		}
	}
}

// complete fills in what QuickBooks fills in: today, terms, due date, line ids.
func (c *Company) complete(doc *txn) {
	if doc.date == "" {
		doc.date = c.today()
	}
	c.defaults(doc)
	if doc.entity == Invoice {
		c.completeDue(doc)
	}
	if doc.entity == Payment && doc.account == 0 {
		doc.account = Undeposited
	}
	first := 1
	if doc.entity == JournalEntry {
		first = 0 // seen: journal lines are numbered from 0
	}
	for i := range doc.lines {
		if l := &doc.lines[i]; l.id == "" && doc.entity != Payment {
			l.id = strconv.Itoa(first + i)
			l.raw = nil
		}
	}
}

func (c *Company) completeDue(doc *txn) {
	cu := c.customer(doc.customer)
	if doc.term == 0 && cu != nil && doc.due == "" {
		doc.term = cu.term
	}
	if doc.email == "" && cu != nil {
		doc.email = cu.email
	}
	if doc.due != "" {
		return
	}
	doc.due = doc.date
	if term := c.list("Term", doc.term); term != nil {
		doc.due = addDays(doc.date, term.dueDays)
	}
}

func addDays(date string, n int) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return d.AddDate(0, 0, n).Format(time.DateOnly)
}

// check refuses what QuickBooks refuses, before anything is changed.
func (c *Company) check(doc *txn) error {
	for what, date := range map[string]string{"TxnDate": doc.date, "DueDate": doc.due} {
		if _, err := time.Parse(time.DateOnly, date); err != nil && date != "" {
			return badValue(what, date)
		}
	}
	switch doc.entity {
	case JournalEntry:
		return c.checkJournal(doc)
	case Deposit, Purchase:
		return c.checkLines(doc)
	}
	cu := c.customer(doc.customer)
	switch {
	case doc.customer == 0:
		return missing("CustomerRef")
	case cu == nil || (!cu.active && doc.id == 0):
		return notFound("Customer", idText(doc.customer))
	case cu.currency != doc.currency:
		return ruleBroken("the document must have the currency of the customer, " + cu.currency)
	case doc.total < 0 || doc.paidDown < 0 || doc.paidDown > doc.total:
		return ruleBroken("the amount must be 0 or more, and not less than the deposit")
	case doc.isSale() && len(doc.lines) == 0 && doc.id == 0:
		return missing("Line")
	}
	return c.checkNumber(doc)
}

func (c *Company) checkNumber(doc *txn) error {
	if !c.set.UniqueNumbers || doc.number == "" {
		return nil
	}
	for _, o := range c.table(doc.entity).rows {
		if other, ok := o.(*txn); ok && other.number == doc.number && other.id != doc.id {
			return invalid("6140", "Duplicate Document Number Error",
				"Duplicate Document Number Error : the number "+doc.number+" is taken by TxnId="+idText(other.id))
		}
	}
	return nil
}

func (c *Company) checkJournal(doc *txn) error {
	var debits, credits int64
	for _, l := range doc.lines {
		if l.debit {
			debits += l.amount
		} else {
			credits += l.amount
		}
	}
	if debits != credits {
		return ruleBroken("debits and credits of a journal entry must be equal")
	}
	return c.checkLines(doc)
}

// checkLines refuses lines on A/R without a customer, or in another currency.
func (c *Company) checkLines(doc *txn) error {
	for _, l := range doc.lines {
		id := l.customer
		if doc.entity == Purchase && id == 0 {
			id = doc.customer
		}
		cu := c.customer(id)
		switch {
		case !c.isReceivable(l.account):
		case cu == nil:
			return ruleBroken("a line on accounts receivable needs a customer in the Name field")
		case cu.currency != doc.currency:
			return ruleBroken("the entry must have the currency of the customer, " + cu.currency)
		}
	}
	return nil
}

// find gives a transaction to change, or what QuickBooks says where there is none.
func (c *Company) find(entity, id string) (*txn, error) {
	doc := c.txn(entity, number(id))
	if doc == nil {
		return nil, notFound(entity, id)
	}
	return doc, nil
}

func (c *Company) findCustomer(id string) (*customer, error) {
	cu := c.customer(number(id))
	if cu == nil {
		return nil, notFound("Customer", id)
	}
	return cu, nil
}

// remove deletes a transaction; what it had settled is open again.
func (t *tx) remove(doc *txn) {
	if doc.entity == Payment {
		t.unsettle(doc)
	}
	if doc.entity == Deposit {
		t.c.bank(doc, false)
	}
	t.release(doc)
	t.unpost(doc)
	t.forget(doc, "Delete", "")
}

// void sets a transaction to nothing and keeps it: amounts 0, and a note that says so
// (seen: there is no other sign of it).
func (t *tx) void(doc *txn) {
	if doc.entity == Payment {
		t.unsettle(doc)
		doc.lines = nil
	}
	t.release(doc)
	t.unpost(doc)
	doc.total, doc.paidDown = 0, 0
	for i := range doc.lines {
		l := &doc.lines[i]
		l.amount, l.qty, l.raw = 0, 0, nil
	}
	doc.dropExtra("TxnTaxDetail")
	if !strings.HasPrefix(doc.note, voided) {
		doc.note = strings.TrimSuffix(voided+" - "+doc.note, " - ")
	}
	t.post(doc)
	t.touch(doc, "Void")
}

const voided = "Voided"

func (t *txn) isVoid() bool { return t.total == 0 && strings.HasPrefix(t.note, voided) }

func (t *txn) dropExtra(key string) {
	kept := t.extra[:0]
	for _, m := range t.extra {
		if m.key != key {
			kept = append(kept, m)
		}
	}
	t.extra = kept
}
