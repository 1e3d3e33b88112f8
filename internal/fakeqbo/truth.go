package fakeqbo

import (
	"cmp"
	"slices"
)

// OpenItem is a document, or a line of one, that is not settled.
type OpenItem struct {
	Entity, ID, Line string // Line of a journal entry or a deposit
	Customer         string
	Date, Due        string // YYYY-MM-DD
	Currency, Rate   string
	Amount, Open     int64 // minor units of Currency, below 0 for credits
	HomeOpen         int64 // Open at the document's rate, minor units of the home currency
}

// OpenItems lists what is open at the end of a day, "" for as the books stand (which
// is not the same as today where something is dated ahead).
func (c *Company) OpenItems(asOf string) []OpenItem {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.openItems(asOf)
}

// ahead is after every date.
const ahead = "9999-12-31"

func (c *Company) openItems(asOf string) []OpenItem {
	if asOf == "" {
		asOf = ahead
	}
	var items []OpenItem
	c.eachPiece(func(p *piece) {
		open := p.sign * p.openAsOf(asOf)
		if open == 0 {
			return
		}
		d := p.owner
		items = append(items, OpenItem{
			Entity: d.entity, ID: idText(d.id), Line: p.line, Customer: idText(p.customer),
			Date: d.date, Due: p.dueDate(), Currency: d.currency, Rate: d.rateText(),
			Amount: p.sign * p.amount, Open: open, HomeOpen: c.home(open, d.currency, d.rate),
		})
	})
	return items
}

// Truth is what the books come to, for a comparison with what was read from them.
type Truth struct {
	Items []OpenItem // sorted by entity, id and line
	// Net is the net A/R by currency, Home all of it at the rates of the documents;
	// minor units.
	Net  map[string]int64
	Home int64
	// Balances are the customers' own, by id, in their currencies.
	Balances map[string]int64
	// Counts are how many records of each entity there are.
	Counts map[string]int
}

// Truth sums the books up at the end of a day; see OpenItems for asOf. Balances and
// Counts are always of now.
func (c *Company) Truth(asOf string) Truth {
	c.mu.RLock()
	defer c.mu.RUnlock()
	t := Truth{Items: c.openItems(asOf), Net: map[string]int64{}, Balances: map[string]int64{}, Counts: map[string]int{}}
	slices.SortFunc(t.Items, func(a, b OpenItem) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(number(a.ID), number(b.ID)), cmp.Compare(a.Line, b.Line))
	})
	for _, it := range t.Items {
		t.Net[it.Currency] += it.Open
		t.Home += it.HomeOpen
	}
	for _, o := range c.table("Customer").rows {
		if cu, ok := o.(*customer); ok {
			t.Balances[idText(cu.id)] = cu.balance
		}
	}
	for entity, tab := range c.tables {
		t.Counts[entity] = len(tab.rows)
	}
	return t
}

// IDs lists the ids of an entity's records, in order.
func (c *Company) IDs(entity string) []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	t := c.tables[entity]
	if t == nil {
		return nil
	}
	ids := make([]string, 0, len(t.rows))
	for _, o := range t.rows {
		ids = append(ids, idText(o.base().id))
	}
	return ids
}

// Settled is an amount that a payment sets from one document against another, as
// QuickBooks reads the lines of a payment: credits first, in the order of the lines.
type Settled struct {
	Payment              string
	FromEntity, From     string // the payment's own where its money pays
	FromLine             string
	ToEntity, To, ToLine string
	Amount               int64
	Date                 string // of the payment
}

// Settlements lists what all payments settle, in the order of their ids.
func (c *Company) Settlements() []Settled {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var list []Settled
	for _, o := range c.table(Payment).rows {
		pay, ok := o.(*txn)
		if !ok {
			continue
		}
		for _, a := range pay.settles {
			from, to := a.from, a.to
			list = append(list, Settled{
				Payment: idText(pay.id), FromEntity: from.owner.entity, From: idText(from.owner.id), FromLine: from.line,
				ToEntity: to.owner.entity, To: idText(to.owner.id), ToLine: to.line, Amount: a.amount, Date: pay.date,
			})
		}
	}
	return list
}

// Document gives a record as QuickBooks would answer it, as JSON; nil for none.
func (c *Company) Document(entity, id string) []byte {
	c.mu.RLock()
	defer c.mu.RUnlock()
	obj := c.lookup(entity, number(id))
	if obj == nil {
		return nil
	}
	var o out
	obj.render(c, &o)
	return o.b
}
