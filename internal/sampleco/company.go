package sampleco

import (
	"slices"
	"time"

	"arbot/ar"
)

// Options says which company to make up. The zero value is the demo's: a year
// of some sixty customers and fifteen hundred invoices.
type Options struct {
	// Seed picks one of the possible histories.
	Seed uint64
	// Today is the last day of the history; Wed 25 Nov 2026 if it is zero.
	Today ar.Date
	// Before is how many days before Today New stops; Advance goes on from there to the same
	// books.
	Before int
	// Months is how long the history is; 12 if it is 0, and at least 6, which
	// is what the account in the story needs.
	Months int
	// Customers is how many there are; 60 if it is 0. The named ones are there
	// in any case.
	Customers int
	// Invoices is about how many the history has; 1500 if it is 0.
	Invoices int
}

func (o Options) withDefaults() Options {
	if o.Today.IsZero() {
		o.Today = ar.NewDate(2026, time.November, 25)
	}
	if o.Months == 0 {
		o.Months = 12
	}
	o.Months = max(o.Months, 6)
	if o.Customers == 0 {
		o.Customers = 60
	}
	if o.Invoices == 0 {
		o.Invoices = 1500
	}
	return o
}

// Company is the made-up wholesaler at the evening of a day. It is for one
// goroutine at a time.
type Company struct {
	dice   dice
	books  ledger
	agenda agenda
	today  ar.Date
	// presented is the day that Options named: the story turns on it.
	presented ar.Date

	accounts []account
	// owner is the account of each document's customer, beside the documents.
	owner []int
	// reach are the sums of the accounts' weights up to each, to draw from.
	reach []int
	pace  pace
	story story
}

// pace is how many invoices a day has.
type pace struct {
	// invoices are spread over the history by days of this weight in all.
	invoices, weight int
	// carry is the part of an invoice that was not issued yet, in thousandths.
	carry int
}

// New makes up a company and lets it live until Options.Today, or so many days before it.
func New(o Options) *Company {
	o = o.withDefaults()
	year, month, day := o.Today.Civil()
	first := ar.NewDate(year, month-time.Month(o.Months), day).AddDays(1)
	c := &Company{
		dice: newDice(o.Seed), agenda: newAgenda(),
		today: first.AddDays(-1), presented: o.Today,
		pace: pace{invoices: o.Invoices},
	}
	for d := first; !d.After(o.Today); d = d.AddDays(1) {
		if businessDay(d) {
			c.pace.weight += seasonOf(d)
		}
	}
	c.openAccounts(o.Customers)
	c.openBalances(onOrAfter(first))
	c.planStory()
	c.Advance(o.Today.Sub(c.today) - o.Before)
	return c
}

// Name is what the company calls itself.
func (c *Company) Name() string { return "Harbor & Pine Supply Co." }

// Home is the currency of the company's own reports.
func (c *Company) Home() ar.Currency { return usd }

// Today is the day whose evening the books show. Nothing in them is dated
// later.
func (c *Company) Today() ar.Date { return c.today }

// Customers lists the customers, parents before their children.
func (c *Company) Customers() []ar.CustomerRecord { return slices.Clone(c.books.customers) }

// Documents lists the documents in the order in which they were entered.
func (c *Company) Documents() []ar.DocumentRecord { return slices.Clone(c.books.documents) }

// Applications lists what was applied, in the order in which it was entered;
// what a bounced payment had settled is marked as deleted.
func (c *Company) Applications() []ar.ApplicationRecord { return slices.Clone(c.books.applications) }

// Receivables returns the balance of the A/R account in the company's general
// ledger as of a date, one amount per currency, by code. It comes from the
// entries of the account, not from what is open of the documents.
func (c *Company) Receivables(asOf ar.Date) []ar.Money { return c.books.receivables(asOf) }

// Advance lets days pass: invoices, payments and what else happens to books.
// Mostly news is dated by the day it comes in; now and then an entry bears an
// earlier date, or an invoice is voided. Days one by one or at once come to the
// same.
func (c *Company) Advance(days int) {
	for range days {
		c.today = c.today.AddDays(1)
		if businessDay(c.today) {
			c.work(c.today)
		}
	}
}
