package sampleco

import (
	"fmt"
	"slices"

	"arbot/ar"
)

// agenda is what is planned for the days to come.
type agenda struct {
	// collections are documents that their customers mean to pay on a day.
	collections map[ar.Date][]int
	// tasks are what the office will do, and what will happen to it.
	tasks map[ar.Date][]func(day ar.Date)
}

func newAgenda() agenda {
	return agenda{collections: map[ar.Date][]int{}, tasks: map[ar.Date][]func(ar.Date){}}
}

// on plans a task for the first business day from day on, though never for a
// day that is over.
func (c *Company) on(day ar.Date, task func(day ar.Date)) {
	day = onOrAfter(ar.Latest(day, c.today.AddDays(1)))
	c.agenda.tasks[day] = append(c.agenda.tasks[day], task)
}

// expect plans that a document is paid on a day.
func (c *Company) expect(document int, day ar.Date) {
	day = onOrAfter(ar.Latest(day, c.today.AddDays(1)))
	c.agenda.collections[day] = append(c.agenda.collections[day], document)
}

// work is one business day: what was planned, then new invoices, then money.
func (c *Company) work(day ar.Date) {
	for _, task := range c.agenda.tasks[day] {
		task(day)
	}
	delete(c.agenda.tasks, day)
	for range c.pace.next(c.dice, day) {
		if a, found := c.buyer(day); found {
			c.sell(a, day)
		}
	}
	c.collect(day)
}

// next returns how many invoices a day has, so that the history has about as
// many as asked for.
func (p *pace) next(d dice, day ar.Date) int {
	share := p.invoices * 1000 * seasonOf(day) / p.weight
	p.carry += share * d.between(500, 1500) / 1000
	n := p.carry / 1000
	p.carry %= 1000
	return n
}

// buyer draws an account by weight; false where a few draws found none that
// buys these days.
func (c *Company) buyer(day ar.Date) (account int, found bool) {
	for range 8 {
		at := c.dice.below(c.reach[len(c.reach)-1])
		i, exact := slices.BinarySearch(c.reach, at)
		if exact {
			i++
		}
		if !c.accounts[i].quiet.holds(day) {
			return i, true
		}
	}
	return 0, false
}

var goods = []string{
	"Spring order", "Deck screws, joist hangers", "Cedar shingles", "Garden furniture", "Kitchen fittings",
	"Rope and tackle", "Paint, 40 tins", "Standing order", "Tiles \"Harbor Grey\"", "Showroom stock", "Fence panels",
	"Lamps and cable",
}

// sell does one sale: mostly an invoice, at times a draft first or a deposit.
func (c *Company) sell(a int, day ar.Date) {
	amount := c.dice.lognormal(c.accounts[a].median)
	steady := c.accounts[a].steady
	switch roll := c.dice.below(1000); {
	case roll < 8 && !steady:
		c.takeDeposit(a, amount, day)
	case roll < 14 && !steady:
		c.draft(a, amount, day)
	default:
		c.follow(c.bill(a, amount, day, ar.Posted))
	}
}

// bill writes an invoice.
func (c *Company) bill(a int, minor int64, day ar.Date, status ar.Status) int {
	buyer := c.accounts[a]
	d := ar.DocumentRecord{
		Amount: ar.NewMoney(minor, buyer.currency), Date: day,
		Terms: buyer.terms.Name, Status: status,
	}
	if buyer.second != "" && c.dice.chance(250) {
		d.Amount = ar.NewMoney(minor, buyer.second)
	}
	if d.Terms != "" && !c.dice.chance(10) { // a few clerks leave it to the terms
		d.Due = buyer.terms.Due(day)
	}
	if c.dice.chance(550) {
		d.PO = fmt.Sprintf("PO-%d", c.dice.between(10_000, 99_999))
	}
	if c.dice.chance(400) {
		d.Memo = c.dice.oneOf(goods)
	}
	return c.enter(ar.Invoice, a, d)
}

// enter adds a document of an account to the books.
func (c *Company) enter(kind ar.DocumentKind, a int, d ar.DocumentRecord) int {
	d.Customer = c.books.customers[c.accounts[a].customer].External
	c.owner = append(c.owner, a)
	return c.books.add(kind, d)
}

// follow plans what becomes of an invoice: payment as a rule.
func (c *Company) follow(invoice int) {
	a := c.accounts[c.owner[invoice]]
	if !a.steady && c.mishap(invoice) {
		return
	}
	issued := c.books.documents[invoice].Date
	if day := c.payDay(a, issued, a.terms.Due(issued)); !day.IsZero() {
		c.expect(invoice, day)
	}
}

// openBalances brings in what two accounts owed when the books began.
func (c *Company) openBalances(first ar.Date) {
	c.on(first, func(day ar.Date) {
		for _, name := range []string{tidewater, lindqvist} {
			a := c.accountNamed(name)
			balance := c.enter(ar.Journal, a, ar.DocumentRecord{
				Amount: ar.NewMoney(c.dice.lognormal(c.accounts[a].median), c.accounts[a].currency),
				Date:   day, Memo: "Opening balance",
			})
			c.expect(balance, day.AddDays(c.dice.between(15, 40)))
		}
	})
}
