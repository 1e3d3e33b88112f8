package sampleco

import (
	"fmt"
	"strconv"
	"time"

	"arbot/ar"
)

const (
	usd ar.Currency = "USD"
	eur ar.Currency = "EUR"
)

// account is a customer with its habits, which no ledger knows.
type account struct {
	customer int // in ledger.customers
	// payer is the account that pays: the parent's, or its own.
	payer    int
	habit    habit
	terms    ar.Terms
	currency ar.Currency
	// second is a currency in which every fourth invoice is; "" for none.
	second ar.Currency
	median int64 // of an invoice, in minor units
	weight int   // how often it buys
	// steady accounts have no mishaps, and pay every invoice in full.
	steady bool
	// quiet is a span of days without new invoices; both days included.
	quiet span
	// stops is from when an account of that habit pays nothing.
	stops ar.Date
	// credits are documents of which something may be unused.
	credits []int
}

// span is some days, both ends included; the zero span holds none.
type span struct{ from, to ar.Date }

// lastDay ends a span without an end.
var lastDay = ar.NewDate(9999, time.December, 31)

func (s span) holds(d ar.Date) bool {
	return !s.from.IsZero() && !d.Before(s.from) && !d.After(s.to)
}

// profile is an account as written down by hand.
type profile struct {
	name, parent, aliases  string
	class, region, segment string
	terms                  string
	habit                  habit
	currency               ar.Currency
	size                   int64 // the median invoice, in whole units
	weight                 int
	orphan                 bool // no sales owner

	// second is a currency in which some invoices are, beside the first.
	second ar.Currency
	// stopsAgo and leftAgo are how many days before the presented day the
	// account paid and bought for the last time; 0 is not at all.
	stopsAgo, leftAgo int
	inactive          bool
}

// The names of accounts that others refer to.
const (
	acme      = "Acme Corporation"
	builder   = "Cedar Ridge Builders"
	fennimore = "Fennimore & Daughters"
	hotels    = "Grand Meridian Hotels"
	lindqvist = "Lindqvist & Söhne GmbH"
	tidewater = "Tidewater Marine Outfitters"
)

// named are the accounts that are always there: each shows something that real
// books hold.
var named = []profile{
	{name: acme, aliases: "Acme", class: "Industrial", region: midwest, segment: "Key account", terms: "Net 30", habit: lateByTen, size: 5200, weight: 26},
	{name: builder, class: "Builder", region: northeast, segment: "Key account", terms: "Net 45", habit: monthEnd, size: 6800, weight: 10},
	{name: "Lot 14, Maple Court", parent: builder, class: "Builder", region: northeast, terms: "Net 45", size: 3900, weight: 12},
	{name: "Harbor View, Phase 2", parent: builder, class: "Builder", region: northeast, terms: "Net 45", size: 7400, weight: 14},
	{name: "Town Library Roof", parent: builder, class: "Builder", region: northeast, terms: "Net 45", size: 2600, weight: 8},
	{name: hotels, aliases: "GMH", class: "Hospitality", region: south, segment: "Key account", terms: "Net 60", habit: fortnightly, size: 3100, weight: 8},
	{name: "Grand Meridian Savannah", parent: hotels, class: "Hospitality", region: south, terms: "Net 60", size: 2700, weight: 14},
	{name: "Grand Meridian Key Largo", parent: hotels, class: "Hospitality", region: south, terms: "Net 60", size: 2400, weight: 12},
	{name: "Copperline Diner Group", class: "Restaurant", region: midwest, segment: "Mid-market", terms: "Net 30", habit: stopped, size: 1900, weight: 16, stopsAgo: 95, leftAgo: 40},
	{name: "Bell & Whistle Novelties", class: "Retail", region: south, segment: "Small", terms: "Net 30", habit: stopped, size: 640, weight: 8, stopsAgo: 150, leftAgo: 130, inactive: true},
	{name: fennimore, class: "Retail", region: northeast, segment: "Mid-market", terms: "Net 30", habit: prompt, size: 1500, weight: 30},
	{name: "O'Brannigan's Boatyard", class: "Marine", region: northeast, segment: "Mid-market", terms: "Net 15", habit: lateByTen, size: 1250, weight: 24},
	{name: "Northgate Supply", class: "Industrial", region: midwest, segment: "Mid-market", terms: "Net 30", habit: prompt, size: 2200, weight: 26},
	{name: "Northgate Supplies", class: "Industrial", region: west, segment: "Small", terms: "Net 30", habit: lateByTwentyFive, size: 900, weight: 18},
	{name: lindqvist, aliases: "Lindqvist und Soehne", class: "Industrial", region: europe, segment: "Key account", terms: "Net 30", habit: prompt, currency: eur, size: 4800, weight: 30},
	{name: "Bäckerei Müllerstadt", class: "Restaurant", region: europe, segment: "Small", terms: "Due on receipt", habit: lateByTen, currency: eur, size: 420, weight: 22},
	{name: "Zürcher Gartenwelt AG", class: "Garden", region: europe, segment: "Mid-market", terms: "Net 60", habit: monthEnd, currency: eur, size: 2900, weight: 18},
	{name: "Rotterdam Dock Traders B.V.", aliases: "RDT", class: "Marine", region: europe, segment: "Key account", terms: "Net 45", habit: lateByTwentyFive, currency: eur, second: usd, size: 5600, weight: 26},
	{name: "Café Été", class: "Restaurant", region: europe, segment: "Small", terms: "Net 15", habit: partly, currency: eur, size: 380, weight: 14},
	{name: tidewater, class: "Marine", region: south, segment: "Key account", terms: "Net 45", habit: lateByTwentyFive, size: 4100, weight: 28},
	{name: "Quayle, Stroud & Partners", class: "Builder", region: west, segment: "Mid-market", terms: "Net 30", habit: partly, size: 3300, weight: 20},
	{name: "Saltbox Kitchen \"The Annex\"", aliases: "The Annex", class: "Restaurant", region: northeast, segment: "Small", terms: "Due on receipt", habit: prompt, size: 310, weight: 26},
	{name: "Two Rivers Co-op", class: "Garden", region: west, segment: "Mid-market", terms: "Net 30", habit: fortnightly, size: 1750, weight: 30},
	{name: "Juniper Flats School District", class: "Institution", region: west, segment: "Mid-market", terms: "Net 60", habit: monthEnd, size: 2500, weight: 16, orphan: true},
	{name: "Walk-in Trade Counter", class: "Retail", region: midwest, segment: "Small", habit: prompt, size: 160, weight: 22, orphan: true},
	{name: "Prairie Wind Stables", class: "Garden", region: midwest, segment: "Small", terms: "Net 30", habit: lateByTen, size: 520, weight: 12, orphan: true},
}

// openAccounts sets up the named accounts and as many more as asked for.
func (c *Company) openAccounts(count int) {
	for _, p := range named {
		c.openAccount(p)
	}
	for n := range max(0, count-len(named)) {
		c.openAccount(c.makeUp(n))
	}
}

// makeUp draws an account that stands for nothing in particular.
func (c *Company) makeUp(n int) profile {
	p := profile{
		name:    madeUpName(n),
		class:   c.dice.oneOf([]string{"Builder", "Garden", "Hospitality", "Industrial", "Marine", "Restaurant", "Retail"}),
		region:  c.dice.oneOf([]string{northeast, midwest, south, west}),
		segment: c.dice.oneOf([]string{"Small", "Small", "Mid-market"}),
		terms:   c.dice.oneOf([]string{"Net 15", "Net 30", "Net 30", "Net 30", "Net 45", "Due on receipt"}),
		habit:   commonHabits[c.dice.below(len(commonHabits))],
		size:    min(c.dice.lognormal(1150), 4000),
		weight:  c.dice.between(4, 34),
		orphan:  c.dice.chance(35),
	}
	if c.dice.chance(80) {
		p.region, p.currency = europe, eur
	}
	return p
}

// openAccount enters a customer into the books.
func (c *Company) openAccount(p profile) {
	i := len(c.accounts)
	a := account{
		customer: len(c.books.customers), payer: i, habit: p.habit,
		currency: p.currency, second: p.second, median: p.size * 100, weight: p.weight, steady: p.name == acme,
	}
	if a.currency == "" {
		a.currency = usd
	}
	a.terms, _ = ar.ParseTerms(p.terms)
	record := c.record(i, p)
	if p.parent != "" {
		a.payer = c.accountNamed(p.parent)
		parent := c.accounts[a.payer]
		a.habit, record.Parent = parent.habit, c.books.customers[parent.customer].External
	}
	if p.stopsAgo > 0 {
		a.stops = c.presented.AddDays(-p.stopsAgo)
	}
	if p.leftAgo > 0 {
		a.quiet = span{c.presented.AddDays(-p.leftAgo), lastDay}
	}
	c.accounts = append(c.accounts, a)
	c.books.customers = append(c.books.customers, record)
	c.reach = append(c.reach, a.weight)
	if i > 0 {
		c.reach[i] += c.reach[i-1]
	}
}

func (c *Company) record(i int, p profile) ar.CustomerRecord {
	r := ar.CustomerRecord{
		External: strconv.Itoa(i + 1),
		Number:   fmt.Sprintf("C-%d", 1001+i),
		Name:     p.name, Terms: p.terms,
		Class: p.class, Region: p.region, Segment: p.segment, Inactive: p.inactive,
		Collector: collectors()[i%len(collectors())],
	}
	if p.aliases != "" {
		r.Aliases = []string{p.aliases}
	}
	if reps := repsOf(p.region); !p.orphan {
		r.Owner = reps[i%len(reps)]
	}
	if p.segment == "Key account" {
		r.Fields = map[string]string{"Price list": "A"}
	}
	return r
}

// accountNamed finds an account of the roster, which must be there.
func (c *Company) accountNamed(name string) int {
	for i, a := range c.accounts {
		if c.books.customers[a.customer].Name == name {
			return i
		}
	}
	panic("sampleco: no account named " + name)
}
