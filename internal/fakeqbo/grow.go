package fakeqbo

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// Grow adds n invoices of the last year and a half, with the customers, payments,
// credits, journal entries, deposits, refunds, voids and deletions that go with them.
// The same seed gives the same books. Nobody is told of it.
func (c *Company) Grow(r *rand.Rand, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := &grower{c: c, r: r, today: c.today(), owed: map[int64][]*txn{}}
	for i := range max(6, n/25) {
		g.customer(i)
	}
	for i := range n {
		g.invoice(i, n)
	}
}

// grown is how many days back the books begin.
const grown = 540

type grower struct {
	c         *Company
	r         *rand.Rand
	today     string
	customers []*customer
	owed      map[int64][]*txn // open invoices by customer
	second    int
}

// do makes one change dated as of a day, in its working hours but not in the future.
func (g *grower) do(date string, change func(*tx) error) {
	day, err := time.ParseInLocation(time.DateOnly, min(date, g.today), g.c.zone)
	if err != nil {
		return
	}
	g.second++
	at := day.Add(9*time.Hour + time.Duration(g.second%30000)*time.Second)
	if now := g.c.clock(); at.After(now) {
		at = now
	}
	t := &tx{c: g.c, at: at, touched: map[object]string{}}
	_ = change(t) // what the rules refuse isn't in the books
	t.commit()
}

func (g *grower) chance(percent int) bool { return g.r.IntN(100) < percent }

func (g *grower) customer(i int) {
	cu := &customer{name: companyNames[i%len(companyNames)], active: true}
	if i >= len(companyNames) {
		cu.name += " " + strconv.Itoa(i/len(companyNames)+1)
	}
	cu.email = "ap" + strconv.Itoa(i) + "@customer.example"
	cu.term = int64(1 + g.r.IntN(4))
	var parent int64
	if i > 5 && g.chance(15) {
		up := g.customers[g.r.IntN(len(g.customers))]
		parent, cu.project = up.id, g.chance(50)
	} else if list := g.c.currencies(); g.c.set.MultiCurrency && g.chance(30) {
		cu.currency = list[g.r.IntN(len(list))]
	}
	values := map[string]string{}
	for _, name := range g.c.set.CustomFields {
		values[name] = salesNames[g.r.IntN(len(salesNames))]
	}
	cu.custom = g.c.customFields(values)
	g.do(addDays(g.today, -grown), func(t *tx) error { return t.insertCustomer(cu, parent) })
	g.customers = append(g.customers, cu)
}

// companyNames and salesNames are made up.
var (
	companyNames = []string{
		"Aldergate Timber", "Brightwater Bakery", "Corvane Logistics", "Dunmore & Sons", "Eastfield Clinic", "Fenwick's Garage",
		"Granby Printing", "Hollow Oak Furniture", "Ironbridge Tools", "Juniper Dental", "Kestrel Courier", "Larkspur Florists",
		"Marlow O'Hara Law", "Northgate Roofing", "Orchard Lane School", "Pemberton Foods", "Quarry Road Cafe", "Redcliff Marine",
		"Silverthorn Hotel", "Tanager Textiles", "Upland Dairy", "Vantage Optics", "Westerly Surf", "Yarrow Books",
	}
	salesNames = []string{"Ada", "Bo", "Cleo", "Dev"}
)

func (g *grower) invoice(i, n int) {
	cu := g.customers[g.r.IntN(len(g.customers))]
	date := addDays(g.today, min(0, -grown+grown*i/n+g.r.IntN(4)))
	values := map[string]string{}
	for _, f := range cu.custom {
		values[f.name] = f.value
	}
	doc := g.c.sale(Invoice, Sale{Customer: idText(cu.id), Date: date, Amount: g.amount(), Fields: values})
	doc.currency = cu.currency
	g.do(date, func(t *tx) error { return t.insert(doc) })
	if doc.id == 0 {
		return
	}
	g.owed[cu.id] = append(g.owed[cu.id], doc)
	if g.chance(2) {
		doc.number = "" // as where numbers are typed by hand
	} else if g.chance(1) {
		doc.number = strconv.Itoa(1001 + g.r.IntN(max(1, g.c.lastNum-1001)))
	}
	g.fate(doc, cu)
}

func (g *grower) amount() int64 { return 1000 + g.r.Int64N(499_000) }

// later is a day some days after a date, not after today.
func (g *grower) later(date string, days int) string {
	return min(g.today, addDays(date, g.r.IntN(days)+1))
}

// fate lets happen to an invoice, and to its customer, what happens.
func (g *grower) fate(doc *txn, cu *customer) {
	old := doc.date < addDays(g.today, -60)
	switch dice := g.r.IntN(200); {
	case dice < 8:
		g.credit(doc, cu, ServiceItem)
	case dice < 10:
		g.credit(doc, cu, BadDebtItem)
	case dice < 13:
		g.do(g.later(doc.date, 20), func(t *tx) error { t.void(doc); return nil })
	case dice < 15:
		g.do(g.later(doc.date, 20), func(t *tx) error { t.remove(doc); return nil })
	case dice < 19:
		g.journal(doc, cu)
	case dice < 22:
		g.deposit(doc, cu)
	case dice < 24:
		g.refund(doc, cu)
	case dice < 28:
		g.pay(g.c.receipt(Receipt{Customer: idText(cu.id), Date: g.later(doc.date, 30), Amount: g.amount()}))
	}
	if g.chance(30) || old && g.chance(80) {
		g.payOwed(cu, g.later(doc.date, 75))
	}
}

// payOwed pays up to three open invoices of a customer, one of them now and then in
// part.
func (g *grower) payOwed(cu *customer, date string) {
	var on []Part
	var sum int64
	owed := g.owed[cu.id]
	for len(owed) > 0 && len(on) < 3 {
		doc := owed[0]
		open := doc.open()
		if doc.date > date {
			break
		}
		owed = owed[1:]
		if open <= 0 || g.c.txn(Invoice, doc.id) != doc {
			continue
		}
		if g.chance(8) {
			open = 1 + g.r.Int64N(open)
		}
		sum += open
		on = append(on, Part{Entity: Invoice, ID: idText(doc.id), Amount: open})
	}
	g.owed[cu.id] = owed
	if sum == 0 {
		return
	}
	if g.chance(3) {
		sum += g.amount() // paid too much
	}
	g.pay(g.c.receipt(Receipt{
		Customer: idText(cu.id), Date: date, Amount: sum, On: on, Reference: strconv.Itoa(10_000 + g.r.IntN(90_000)),
	}))
}

func (g *grower) pay(doc *txn) {
	g.do(doc.date, func(t *tx) error { return t.insert(doc) })
}

// credit writes a credit memo and, mostly, sets it against the invoice.
func (g *grower) credit(doc *txn, cu *customer, item int64) {
	date := g.later(doc.date, 40)
	amount := 1 + g.r.Int64N(doc.total)
	memo := g.c.sale(CreditMemo, Sale{Customer: idText(cu.id), Date: date, Amount: amount, Item: item})
	g.do(date, func(t *tx) error { return t.insert(memo) })
	if memo.id == 0 || item == ServiceItem && g.chance(40) {
		return
	}
	amount = min(amount, doc.open())
	g.pay(g.c.receipt(Receipt{Customer: idText(cu.id), Date: date, Note: creditNote, On: []Part{
		{Entity: Invoice, ID: idText(doc.id), Amount: amount}, {Entity: CreditMemo, ID: idText(memo.id), Amount: amount},
	}}))
}

// journal charges or credits a customer by hand.
func (g *grower) journal(doc *txn, cu *customer) {
	amount, debit := g.amount()/10+1, g.chance(50)
	entry := &txn{entity: JournalEntry, date: g.later(doc.date, 30), currency: cu.currency, note: "Correction", lines: []line{
		{amount: amount, detail: journalLine, debit: debit, account: Receivable, customer: cu.id},
		{amount: amount, detail: journalLine, debit: !debit, account: Income},
	}}
	g.do(entry.date, func(t *tx) error { return t.insert(entry) })
}

// deposit banks money of a customer straight to A/R.
func (g *grower) deposit(doc *txn, cu *customer) {
	amount := g.amount()/10 + 1
	slip := &txn{entity: Deposit, date: g.later(doc.date, 30), currency: cu.currency, account: Checking, total: amount, lines: []line{
		{amount: amount, detail: depositLine, account: Receivable, customer: cu.id},
	}}
	g.do(slip.date, func(t *tx) error { return t.insert(slip) })
}

// refund pays back out of a customer's credit.
func (g *grower) refund(doc *txn, cu *customer) {
	s := Sale{Customer: idText(cu.id), Date: g.later(doc.date, 30), Amount: g.amount()/20 + 1, Item: RefundItem}
	slip := g.c.sale(RefundReceipt, s)
	slip.currency = cu.currency
	g.do(slip.date, func(t *tx) error { return t.insert(slip) })
}
