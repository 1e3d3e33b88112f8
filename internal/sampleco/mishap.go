package sampleco

import (
	"math"

	"arbot/ar"
)

// mishap rolls for what can happen to an invoice beside being paid, and reports
// whether it will not be paid at all.
func (c *Company) mishap(invoice int) (voided bool) {
	issued := c.books.documents[invoice].Date
	switch roll := c.dice.below(1000); {
	case roll < 4:
		c.on(businessDaysAfter(issued, c.dice.between(1, 4)), func(ar.Date) { c.void(invoice) })
		return true
	case roll < 7:
		c.on(businessDaysAfter(issued, c.dice.between(1, 3)), func(ar.Date) { c.correct(invoice) })
	case roll < 40:
		percent := int64(c.dice.between(5, 35))
		c.on(issued.AddDays(c.dice.between(6, 25)), func(day ar.Date) { c.takeBack(invoice, percent, day) })
	}
	return false
}

// void cancels an invoice that was a mistake; a right one takes its place where
// the goods went out.
func (c *Company) void(invoice int) {
	if !c.books.untouched(invoice) {
		return
	}
	c.books.void(invoice)
	if c.dice.chance(600) {
		right := c.bill(c.owner[invoice], c.books.documents[invoice].Amount.Minor(), c.today, ar.Posted)
		c.books.documents[right].Memo = "Replaces " + c.books.documents[invoice].Number
		c.follow(right)
	}
}

// correct changes the amount of an invoice after it went out.
func (c *Company) correct(invoice int) {
	if c.books.untouched(invoice) {
		minor := c.books.documents[invoice].Amount.Minor()
		c.books.correct(invoice, minor*int64(c.dice.between(900, 1080))/1000)
	}
}

// takeBack gives credit for goods that came back. Mostly the clerk applies it to
// the invoice at once.
func (c *Company) takeBack(invoice int, percent int64, day ar.Date) {
	of := c.books.documents[invoice]
	minor := of.Amount.Minor() * percent / 100
	if of.Status != ar.Posted || minor == 0 {
		return
	}
	memo := c.enter(ar.CreditMemo, c.owner[invoice], ar.DocumentRecord{
		Amount: ar.NewMoney(minor, of.Amount.Currency()), Date: day, Memo: "Returned goods, " + of.Number,
	})
	if c.books.open(invoice) && c.dice.chance(550) {
		c.books.apply(memo, invoice, ar.ByCredit, math.MaxInt64, day)
	}
	if c.books.open(memo) {
		c.keepCredit(c.payerOf(invoice), memo)
	}
}

// draft writes an invoice that counts only some days later, then from the date
// that it bears.
func (c *Company) draft(a int, minor int64, day ar.Date) {
	invoice := c.bill(a, minor, day, ar.Draft)
	c.on(businessDaysAfter(day, c.dice.between(2, 5)), func(ar.Date) {
		c.books.post(invoice)
		c.follow(invoice)
	})
}

// takeDeposit takes money for goods that are invoiced when they go out. The
// ledger dates the application by the payment, before the invoice exists.
func (c *Company) takeDeposit(a int, minor int64, day ar.Date) {
	p := payer{c.accounts[a].payer, c.accounts[a].currency}
	payment := c.receive(p, minor, day)
	paid := day
	c.on(businessDaysAfter(day, c.dice.between(2, 6)), func(day ar.Date) {
		invoice := c.bill(a, minor, day, ar.Posted)
		if c.payerOf(invoice) != p { // billed in the other currency
			c.keepCredit(p, payment)
			c.follow(invoice)
			return
		}
		c.allot(p, payment, []int{invoice}, paid)
	})
}
