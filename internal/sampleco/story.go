package sampleco

import (
	"math"
	"slices"

	"arbot/ar"
)

// storyDays is how long before the presented day the story begins: what Acme
// bought before was paid when it ends.
const storyDays = 104

// scene is an invoice of the story, dated by days before the presented day.
type scene struct {
	daysAgo int
	minor   int64
	memo    string
	// paid is when it is paid in full, in days from the presented day; 0 is by
	// habit.
	paid int
}

// scenes are Acme's last invoices: after a year of paying some ten days late,
// three of them are overdue in three buckets.
var scenes = []scene{
	{daysAgo: 99, minor: 18_240_00, memo: "Warehouse racking, bay 3", paid: +2},
	{daysAgo: 72, minor: 7_415_50, memo: "Deck screws, joist hangers", paid: +6},
	{daysAgo: 64, minor: 6_310_80, memo: "Standing order", paid: -12},
	{daysAgo: 60, minor: 4_205_00, memo: "Paint, 40 tins", paid: -12},
	{daysAgo: 50, minor: 12_960_75, memo: "Showroom stock", paid: +13},
	{daysAgo: 41, minor: 3_188_20, memo: "Fence panels", paid: +13},
	{daysAgo: 16, minor: 9_872_40, memo: "Standing order"},
	{daysAgo: 5, minor: 5_540_00, memo: "Lamps and cable"},
}

const (
	acmePart   = 10_000_00 // paid 40 days ago on the oldest
	acmeCredit = 1_150_00  // for goods returned 9 days ago
)

// story keeps what the scenes refer to.
type story struct {
	oldest, credit int // documents
}

// planStory puts the scenes on the agenda: Acme up to the presented day and
// after it, then the news of the first days.
func (c *Company) planStory() {
	a := c.accountNamed(acme)
	c.accounts[a].quiet = span{c.presented.AddDays(-storyDays), c.presented}
	for i, s := range scenes {
		c.before(s.daysAgo, func(day ar.Date) {
			invoice := c.bill(a, s.minor, day, ar.Posted)
			record := &c.books.documents[invoice]
			record.Memo, record.Due = s.memo, c.accounts[a].terms.Due(day)
			if i == 0 {
				c.story.oldest = invoice
			}
			c.expectScene(invoice, s.paid)
		})
	}
	c.before(40, func(day ar.Date) {
		p := payer{a, usd}
		c.allot(p, c.receive(p, acmePart, day), []int{c.story.oldest}, day)
	})
	c.before(9, func(day ar.Date) {
		c.story.credit = c.enter(ar.CreditMemo, a, ar.DocumentRecord{
			Amount: ar.NewMoney(acmeCredit, usd), Date: day, Memo: "Returned goods, racking bay 3",
		})
	})
	c.planNews()
}

func (c *Company) expectScene(invoice, paid int) {
	switch {
	case paid == 0:
		c.follow(invoice)
	case paid < 0:
		c.expect(invoice, onOrBefore(c.presented.AddDays(paid)))
	default:
		c.expect(invoice, c.presented.AddDays(paid))
	}
}

// before plans a task for some days before the presented day.
func (c *Company) before(daysAgo int, task func(ar.Date)) {
	c.on(onOrBefore(c.presented.AddDays(-daysAgo)), task)
}

// planNews makes the first week after the presented day worth walking through:
// a draft posted, a payment that the bank had days ago, an invoice voided, a credit on an
// overdue invoice, a new customer, and Acme's oldest invoice settled with its
// credit.
func (c *Company) planNews() {
	c.before(1, func(day ar.Date) { c.draft(c.accountNamed(fennimore), 1_240_00, day) })
	c.on(businessDaysAfter(c.presented, 1), func(ar.Date) {
		if invoice, found := c.latest(c.overdue); found {
			p, bank := c.payerOf(invoice), onOrBefore(c.presented.AddDays(-2))
			c.payInFull(p, []int{invoice}, bank)
		}
	})
	c.on(businessDaysAfter(c.presented, 2), func(ar.Date) {
		if invoice, found := c.latest(c.fresh); found {
			c.void(invoice)
		}
	})
	c.on(c.presented.AddDays(2), func(day ar.Date) {
		c.books.apply(c.story.credit, c.story.oldest, ar.ByCredit, math.MaxInt64, day)
	})
	c.on(businessDaysAfter(c.presented, 3), func(day ar.Date) {
		if invoice, found := c.latest(c.overdue); found {
			c.takeBack(invoice, 20, day)
		}
		a := len(c.accounts)
		c.openAccount(profile{
			name: "Marigold & Sons Conservatories", class: "Garden", region: northeast, segment: "Small",
			terms: "Net 30", habit: prompt, size: 1400, weight: 12, orphan: true,
		})
		c.follow(c.bill(a, 1_864_25, day, ar.Posted))
	})
}

// latest finds the last invoice that fits, none of the story's.
func (c *Company) latest(fits func(document int) bool) (document int, found bool) {
	for i, a := range slices.Backward(c.owner) {
		if c.books.documents[i].Kind == ar.Invoice && !c.accounts[a].steady && fits(i) {
			return i, true
		}
	}
	return 0, false
}

// fresh reports whether a document is untouched and was there on the presented
// day.
func (c *Company) fresh(document int) bool {
	return c.books.untouched(document) && !c.books.documents[document].Date.After(c.presented)
}

// overdue reports whether a document is untouched and was due some days before
// the presented day.
func (c *Company) overdue(document int) bool {
	due := c.books.documents[document].Due
	return c.books.untouched(document) && !due.IsZero() && due.Before(c.presented.AddDays(-4))
}
