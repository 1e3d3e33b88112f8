package sampleco

import (
	"fmt"
	"math"

	"arbot/ar"
)

// payer is who pays a bill, in which currency: a parent pays for its jobs.
type payer struct {
	account  int
	currency ar.Currency
}

func (c *Company) payerOf(document int) payer {
	return payer{c.accounts[c.owner[document]].payer, c.books.documents[document].Amount.Currency()}
}

// collect takes in the money of a day, one payment per payer.
func (c *Company) collect(day ar.Date) {
	bills := map[payer][]int{}
	var order []payer
	for _, document := range c.agenda.collections[day] {
		if !c.books.open(document) {
			continue
		}
		p := c.payerOf(document)
		if bills[p] == nil {
			order = append(order, p)
		}
		bills[p] = append(bills[p], document)
	}
	delete(c.agenda.collections, day)
	for _, p := range order {
		c.remit(p, bills[p], day)
	}
}

// remit is one payment for some documents.
func (c *Company) remit(p payer, bill []int, day ar.Date) {
	a := c.accounts[p.account]
	if !a.steady && c.dice.chance(450) {
		c.useCredits(p, bill, day)
	}
	owed := c.owed(bill)
	roll := c.dice.below(1000)
	switch {
	case owed == 0:
	case a.steady:
		c.payInFull(p, bill, day)
	case a.habit == partly && c.books.untouched(bill[0]) && roll < 800:
		c.payPart(p, bill, day)
	case roll < 30:
		c.payShort(p, bill, day)
	case roll < 60:
		c.payWithoutAdvice(p, bill, day)
	case roll < 66:
		c.payTwice(p, bill, day)
	case roll < 78:
		c.payUnnoticed(p, bill, day)
	case roll < 81:
		c.payByBadCheck(p, bill, day)
	default:
		c.payInFull(p, bill, day)
	}
}

func (c *Company) owed(bill []int) int64 {
	var sum int64
	for _, document := range bill {
		if c.books.open(document) {
			sum += c.books.left[document]
		}
	}
	return sum
}

// receive enters a payment that is not applied to anything yet.
func (c *Company) receive(p payer, minor int64, day ar.Date) int {
	reference := fmt.Sprintf("ACH %d", c.dice.between(100_000, 999_999))
	switch {
	case p.currency == eur:
		reference = fmt.Sprintf("SEPA %d", c.dice.between(100_000, 999_999))
	case c.dice.chance(350):
		reference = fmt.Sprintf("Check %d", c.dice.between(1_000, 9_999))
	}
	return c.enter(ar.Payment, p.account, ar.DocumentRecord{
		Number: reference, Amount: ar.NewMoney(minor, p.currency), Date: day,
	})
}

// allot applies a payment to a bill, in order, and keeps what is over as a
// credit of the payer.
func (c *Company) allot(p payer, payment int, bill []int, day ar.Date) {
	for _, document := range bill {
		if c.books.open(document) {
			c.books.apply(payment, document, ar.ByPayment, math.MaxInt64, day)
		}
	}
	if c.books.left[payment] > 0 {
		c.keepCredit(p, payment)
	}
}

func (c *Company) payInFull(p payer, bill []int, day ar.Date) int {
	payment := c.receive(p, c.owed(bill), day)
	c.allot(p, payment, bill, day)
	return payment
}

// payPart pays more than half of each document now, and the rest much later.
func (c *Company) payPart(p payer, bill []int, day ar.Date) {
	percent := int64(c.dice.between(50, 75))
	payment := c.receive(p, c.owed(bill)*percent/100+1, day)
	for _, document := range bill {
		c.books.apply(payment, document, ar.ByPayment, c.books.left[document]*percent/100, day)
		c.expect(document, day.AddDays(c.dice.between(30, 65)))
	}
	c.books.apply(payment, bill[0], ar.ByPayment, math.MaxInt64, day) // what rounding left
}

// payShort leaves a few cents or dollars open: a bank's fee, a discount taken
// too late. The office gives that up after some weeks.
func (c *Company) payShort(p payer, bill []int, day ar.Date) {
	owed := c.owed(bill)
	short := min(int64(c.dice.between(5, 2_500)), owed/20)
	c.allot(p, c.receive(p, owed-short, day), bill, day)
	c.on(day.AddDays(c.dice.between(12, 30)), func(day ar.Date) {
		for _, document := range bill {
			if c.books.open(document) && c.books.left[document] <= short {
				c.books.writeOff(document, day)
			}
		}
	})
}

// payWithoutAdvice sends money and does not say what for: it stays unapplied
// until somebody has asked.
func (c *Company) payWithoutAdvice(p payer, bill []int, day ar.Date) {
	payment := c.receive(p, c.owed(bill), day)
	c.on(businessDaysAfter(day, c.dice.between(3, 8)), func(day ar.Date) { c.allot(p, payment, bill, day) })
}

// payTwice pays the same bill again a day later. Some want the money back, with
// others it is used up by later invoices.
func (c *Company) payTwice(p payer, bill []int, day ar.Date) {
	minor := c.owed(bill)
	c.payInFull(p, bill, day)
	wantsBack := c.dice.chance(500)
	c.on(day.AddDays(1), func(day ar.Date) {
		again := c.receive(p, minor, day)
		if !wantsBack {
			c.keepCredit(p, again)
			return
		}
		c.on(day.AddDays(c.dice.between(15, 40)), func(day ar.Date) { c.refund(p, again, day) })
	})
}

// refund pays back what is left of a payment.
func (c *Company) refund(p payer, payment int, day ar.Date) {
	refund := c.enter(ar.Refund, p.account, ar.DocumentRecord{
		Amount: ar.NewMoney(c.books.left[payment], p.currency), Date: day, Memo: "Paid twice",
	})
	c.books.apply(payment, refund, ar.ByPayment, math.MaxInt64, day)
}

// payUnnoticed is a payment that the office enters some days later, under the
// date of the bank: what was said of the days between was wrong.
func (c *Company) payUnnoticed(p payer, bill []int, day ar.Date) {
	received := day
	c.on(businessDaysAfter(day, c.dice.between(2, 5)), func(ar.Date) {
		if c.owed(bill) > 0 {
			c.payInFull(p, bill, received)
		}
	})
}

// payByBadCheck is a payment that the bank sends back: it is voided, with what
// it had settled, and the customer pays again.
func (c *Company) payByBadCheck(p payer, bill []int, day ar.Date) {
	first := len(c.books.applications)
	payment := c.payInFull(p, bill, day)
	settled := c.books.applications[first:]
	paid := make(map[ar.Ref]int, len(settled))
	for _, document := range bill {
		paid[c.books.documents[document].Ref] = document
	}
	count := len(settled)
	c.on(businessDaysAfter(day, c.dice.between(3, 6)), func(day ar.Date) {
		c.books.void(payment)
		for n := first; n < first+count; n++ {
			document := paid[c.books.applications[n].To]
			c.books.unapply(n, document)
			c.expect(document, day.AddDays(c.dice.between(5, 20)))
		}
	})
}

// keepCredit remembers a credit that the payer may use.
func (c *Company) keepCredit(p payer, credit int) {
	a := &c.accounts[p.account]
	a.credits = append(a.credits, credit)
}

// useCredits sets what the payer has in credit against a bill.
func (c *Company) useCredits(p payer, bill []int, day ar.Date) {
	a := &c.accounts[p.account]
	unused := a.credits[:0]
	for _, credit := range a.credits {
		if c.books.documents[credit].Amount.Currency() == p.currency {
			c.useCredit(credit, bill, day)
		}
		if c.books.open(credit) {
			unused = append(unused, credit)
		}
	}
	a.credits = unused
}

func (c *Company) useCredit(credit int, bill []int, day ar.Date) {
	kind := ar.ByPayment
	if c.books.documents[credit].Kind == ar.CreditMemo {
		kind = ar.ByCredit
	}
	for _, document := range bill {
		if c.books.open(document) {
			c.books.apply(credit, document, kind, math.MaxInt64, day)
		}
	}
}
