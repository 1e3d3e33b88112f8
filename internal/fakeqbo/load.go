package fakeqbo

import (
	"encoding/json"
	"fmt"
)

// Load takes recorded records as they are: one, a list of them, or a whole answer to
// a query. Ids, tokens, stamps and stated balances are believed; nobody is told.
// Payments may come before the documents that they settle.
func (c *Company) Load(entity string, raw []byte) error {
	list, err := records(entity, raw)
	if err != nil {
		return fmt.Errorf("fakeqbo: load %s: %w", entity, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range list {
		if err := c.loadOne(entity, f); err != nil {
			return fmt.Errorf("fakeqbo: load %s: %w", entity, err)
		}
	}
	c.settlePending()
	c.version++
	return nil
}

func records(entity string, raw []byte) ([]fields, error) {
	var list []fields
	if json.Unmarshal(raw, &list) == nil {
		return list, nil
	}
	var answer struct {
		QueryResponse map[string]json.RawMessage `json:"QueryResponse"`
	}
	if json.Unmarshal(raw, &answer) == nil && answer.QueryResponse != nil {
		if answer.QueryResponse[entity] == nil {
			return nil, nil
		}
		err := json.Unmarshal(answer.QueryResponse[entity], &list)
		return list, err
	}
	var one fields
	err := json.Unmarshal(raw, &one)
	return []fields{one}, err
}

func (c *Company) loadOne(entity string, f fields) error {
	switch {
	case entity == "Customer":
		cu := c.decodeCustomer(f)
		parent := cu.parent
		cu.parent = 0
		c.table(entity).put(cu)
		c.names[cu.name] = cu.id
		c.lastID[entity] = max(c.lastID[entity], cu.id)
		c.adoptLoaded(cu, parent)
	case isTxn(entity):
		doc, err := c.decodeTxn(entity, f)
		if err != nil {
			return err
		}
		c.loadTxn(doc)
	default:
		l := c.decodeListing(entity, f)
		c.table(entity).put(l)
		c.lastID[entity] = max(c.lastID[entity], l.id)
	}
	return nil
}

// adoptLoaded puts a customer below its parent, whichever of the two came first.
func (c *Company) adoptLoaded(cu *customer, parent int64) {
	c.adopt(cu, parent)
	for _, o := range c.table("Customer").rows {
		if k, ok := o.(*customer); ok && k.parent == cu.id && k != cu {
			c.adopt(k, cu.id)
		}
	}
}

func (c *Company) loadTxn(doc *txn) {
	c.lastTxn = max(c.lastTxn, doc.id)
	c.lastNum = max(c.lastNum, int(number(doc.number)))
	c.table(doc.entity).put(doc)
	doc.pieces = c.split(doc)
	if doc.stated != nil && len(doc.pieces) == 1 {
		doc.pieces[0].open, doc.pieces[0].given = *doc.stated, true
	}
	if doc.entity == Payment {
		c.pending = append(c.pending, doc)
	}
}

// settlePending links loaded payments whose documents are all there by now. Stated
// balances stay as they are.
func (c *Company) settlePending() {
	waiting := c.pending
	c.pending = nil
	for _, pay := range waiting {
		owed, credits, ok := c.parts(pay)
		if !ok {
			c.pending = append(c.pending, pay)
			continue
		}
		pay.settles = allocate(pay, owed, credits)
		for _, a := range pay.settles {
			for _, p := range []*piece{a.from, a.to} {
				p.apps = append(p.apps, a)
				if !p.given {
					p.open -= a.amount
				}
			}
		}
	}
}

// Recount sets the balances of all customers to what follows from the documents: for
// books that were loaded, whose customers were recorded at another time.
func (c *Company) Recount() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.table("Customer").rows {
		if cu, ok := o.(*customer); ok {
			cu.balance = 0
		}
	}
	c.eachPiece(func(p *piece) {
		if cu := c.customer(p.customer); cu != nil {
			cu.balance += p.sign * p.open
		}
	})
	c.version++
}

// ledgerEntities are the entities that can touch A/R, in the order of reports.
var ledgerEntities = []string{Invoice, CreditMemo, Payment, RefundReceipt, JournalEntry, Deposit, Purchase}

func (c *Company) eachPiece(do func(*piece)) {
	for _, entity := range ledgerEntities {
		t := c.tables[entity]
		if t == nil {
			continue
		}
		for _, o := range t.rows {
			if doc, ok := o.(*txn); ok {
				for _, p := range doc.pieces {
					do(p)
				}
			}
		}
	}
}
