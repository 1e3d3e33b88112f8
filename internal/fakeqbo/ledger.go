package fakeqbo

import "slices"

// piece is a part of a transaction that stands in A/R by itself: an invoice, a
// credit memo, a payment, a line of a journal entry or a deposit.
type piece struct {
	owner    *txn
	line     string // "" where the transaction is one piece
	customer int64
	sign     int64 // 1 raises A/R, -1 lowers it
	amount   int64
	open     int64 // what of amount is not settled
	apps     []*application
	given    bool // open came with the document
}

// application is an amount that a payment sets from one piece against another.
// from may be the payment's own.
type application struct {
	by       *txn
	from, to *piece
	amount   int64
}

// effective is the date from which an application counts: no part of it exists
// before its payment and both documents do.
func (a *application) effective() string {
	return max(a.by.date, a.from.owner.date, a.to.owner.date)
}

// openAsOf is the open amount at the end of a day.
func (p *piece) openAsOf(date string) int64 {
	if p.owner.date > date {
		return 0
	}
	open := p.open
	for _, a := range p.apps {
		if a.effective() > date {
			open += a.amount
		}
	}
	return open
}

// dueDate is by what date the piece is aged: credits and journal lines by their own.
func (p *piece) dueDate() string {
	if p.owner.entity == Invoice && p.owner.due != "" {
		return p.owner.due
	}
	return p.owner.date
}

// split makes the pieces that follow from a transaction's lines.
func (c *Company) split(t *txn) []*piece {
	whole := func(sign, amount int64) []*piece {
		return []*piece{{owner: t, customer: t.customer, sign: sign, amount: amount, open: amount}}
	}
	switch t.entity {
	case Invoice:
		return whole(1, t.total-t.paidDown)
	case CreditMemo, Payment:
		return whole(-1, t.total)
	case RefundReceipt:
		if net := c.refundEffect(t); net > 0 {
			return whole(1, net)
		} else if net < 0 {
			return whole(-1, -net)
		}
		return nil
	}
	return c.splitLines(t)
}

// refundEffect is what a refund receipt does to A/R: lines of items that post to it
// raise it, and one that is paid out of it lowers it.
func (c *Company) refundEffect(t *txn) int64 {
	var net int64
	for _, l := range t.lines {
		account := l.account
		if it := c.list("Item", l.item); it != nil {
			account = it.income
		}
		if c.isReceivable(account) {
			net += l.amount
		}
	}
	if c.isReceivable(t.account) {
		net -= t.total
	}
	return net
}

func (c *Company) splitLines(t *txn) []*piece {
	var ps []*piece
	for i := range t.lines {
		l := &t.lines[i]
		customer := l.customer
		if customer == 0 && t.entity == Purchase {
			customer = t.customer
		}
		if customer == 0 || !c.isReceivable(l.account) {
			continue
		}
		p := &piece{owner: t, line: l.id, customer: customer, sign: -1, amount: l.amount}
		if l.debit || t.entity == Purchase && !t.credit {
			p.sign = 1
		}
		if p.amount < 0 {
			p.sign, p.amount = -p.sign, -p.amount
		}
		p.open = p.amount
		ps = append(ps, p)
	}
	return ps
}

// piece finds what a payment's line links to.
func (c *Company) piece(l link) *piece {
	t := c.txn(l.kind, number(l.id))
	if t == nil {
		return nil
	}
	for _, p := range t.pieces {
		if p.line == l.line || len(t.pieces) == 1 || l.line == "" {
			return p
		}
	}
	return nil
}

func (c *Company) txn(entity string, id int64) *txn {
	if t := c.tables[entity]; t != nil {
		found, _ := t.byID[id].(*txn)
		return found
	}
	return nil
}

// shift changes what is open of a piece, and with it the customer's balance.
func (t *tx) shift(p *piece, by int64) {
	p.open += by
	if cu := t.c.customer(p.customer); cu != nil && by != 0 {
		cu.balance += p.sign * by
		t.touch(cu, "")
	}
}

// post puts the pieces of a transaction into the books.
func (t *tx) post(doc *txn) {
	doc.pieces = t.c.split(doc)
	for _, p := range doc.pieces {
		open := p.open
		p.open = 0
		t.shift(p, open)
	}
}

// unpost takes them out. Nothing may be applied to them any more.
func (t *tx) unpost(doc *txn) {
	for _, p := range doc.pieces {
		t.shift(p, -p.open)
	}
	doc.pieces = nil
}

// part is one side of a settlement: how much of which piece.
type part struct {
	piece  *piece
	amount int64
}

// parts reads the lines of a payment: what it pays, and the credits that help.
// ok is false where a document is not there.
func (c *Company) parts(pay *txn) (owed, credits []part, ok bool) {
	ok = true
	for _, l := range pay.lines {
		for _, k := range l.links {
			if !isTxn(k.kind) {
				continue
			}
			p := c.piece(k)
			switch {
			case p == nil:
				ok = false
			case p.sign > 0:
				owed = append(owed, part{p, l.amount})
			default:
				credits = append(credits, part{p, l.amount})
			}
		}
	}
	return owed, credits, ok
}

// allocate sets credits against what is owed, both in the order of the lines; the
// rest is by the payment's own money.
func allocate(pay *txn, owed, credits []part) []*application {
	var apps []*application
	for _, o := range owed {
		for o.amount > 0 && len(credits) > 0 {
			n := min(o.amount, credits[0].amount)
			apps = append(apps, &application{by: pay, from: credits[0].piece, to: o.piece, amount: n})
			o.amount -= n
			if credits[0].amount -= n; credits[0].amount == 0 {
				credits = credits[1:]
			}
		}
		if o.amount > 0 {
			apps = append(apps, &application{by: pay, from: pay.pieces[0], to: o.piece, amount: o.amount})
		}
	}
	return apps
}

// settle puts what a payment settles into the books.
func (t *tx) settle(pay *txn) {
	owed, credits, _ := t.c.parts(pay)
	pay.settles = allocate(pay, owed, slices.Clone(credits))
	for _, a := range pay.settles {
		for _, p := range []*piece{a.from, a.to} {
			t.shift(p, -a.amount)
			p.apps = append(p.apps, a)
			if p.owner != pay {
				t.touch(p.owner, "Update")
			}
		}
		a.to.owner.linkTo(pay)
	}
}

// unsettle takes it out again.
func (t *tx) unsettle(pay *txn) {
	for _, a := range pay.settles {
		for _, p := range []*piece{a.from, a.to} {
			t.shift(p, a.amount)
			p.apps = slices.DeleteFunc(p.apps, func(other *application) bool { return other == a })
			if p.owner != pay {
				t.touch(p.owner, "Update")
			}
		}
		a.to.owner.unlink(pay)
	}
	pay.settles = nil
}

// linkTo notes on an invoice which payments it has; other documents show none.
func (t *txn) linkTo(pay *txn) {
	if k := pay.key(); t.entity == Invoice && !slices.Contains(t.links, k) {
		t.links = append(t.links, k)
	}
}

func (t *txn) unlink(pay *txn) {
	k := pay.key()
	t.links = slices.DeleteFunc(t.links, func(l link) bool { return l == k })
}

// settlers are the payments that settle a transaction, or set it against another;
// not the transaction itself.
func (t *txn) settlers() []*txn {
	var list []*txn
	for _, p := range t.pieces {
		for _, a := range p.apps {
			if a.by != t && !slices.Contains(list, a.by) {
				list = append(list, a.by)
			}
		}
	}
	return list
}

// checkPayment refuses a payment that settles more than is there.
func (c *Company) checkPayment(pay *txn) error {
	owed, credits, ok := c.parts(pay)
	if !ok {
		return notFound("transaction", "linked to the payment")
	}
	var sum, used int64
	for _, o := range owed {
		sum += o.amount
	}
	for _, k := range credits {
		used += k.amount
	}
	if used > sum || sum-used > pay.total {
		return ruleBroken("the amounts of the lines do not add up to the payment")
	}
	seen := map[*piece]int64{}
	for _, p := range slices.Concat(owed, credits) {
		seen[p.piece] += p.amount
		switch {
		case p.amount <= 0 || seen[p.piece] > p.piece.open:
			return ruleBroken("more is applied to " + p.piece.owner.entity + " " + idText(p.piece.owner.id) + " than is open")
		case p.piece.owner.currency != pay.currency:
			return ruleBroken("a payment has the currency of what it pays")
		}
	}
	return nil
}

// reshape changes the lines of a payment and puts right what follows: credits never
// exceed what they pay, and no more is paid than there is. A payment that only
// linked credits and links none any more goes away with them.
func (t *tx) reshape(pay *txn, change func()) {
	t.unsettle(pay)
	change()
	t.balanceLines(pay)
	if pay.total == 0 && len(pay.lines) == 0 {
		t.unpost(pay)
		t.forget(pay, "Delete", "")
		return
	}
	t.settle(pay)
	t.touch(pay, "Update")
}

func (t *tx) balanceLines(pay *txn) {
	owed, credits, _ := t.c.parts(pay)
	var sum, used int64
	for _, o := range owed {
		sum += o.amount
	}
	for _, k := range credits {
		used += k.amount
	}
	if used > sum {
		t.c.lessen(pay, -1, used-sum)
		used = sum
	}
	if over := sum - used - pay.total; over > 0 {
		t.c.lessen(pay, 1, over)
	}
}

// lessen takes an amount off a payment's lines of one sign, the last first.
func (c *Company) lessen(pay *txn, sign, by int64) {
	for i := len(pay.lines) - 1; i >= 0 && by > 0; i-- {
		l := &pay.lines[i]
		if len(l.links) == 0 {
			continue
		}
		if p := c.piece(l.links[0]); p == nil || p.sign != sign {
			continue
		}
		by -= l.reduce(by)
	}
	pay.dropEmpty()
}

// reduce takes up to an amount off a line and says how much it was.
func (l *line) reduce(by int64) int64 {
	n := min(by, l.amount)
	l.amount -= n
	l.raw = nil
	return n
}

func (t *txn) dropEmpty() {
	t.lines = slices.DeleteFunc(t.lines, func(l line) bool { return l.amount == 0 })
}

// release takes a transaction out of all payments.
func (t *tx) release(doc *txn) {
	key := doc.key()
	for _, pay := range doc.settlers() {
		t.reshape(pay, func() {
			pay.lines = slices.DeleteFunc(pay.lines, func(l line) bool {
				return slices.ContainsFunc(l.links, func(k link) bool { return k.id == key.id && k.kind == key.kind })
			})
		})
	}
}

// shrink makes what is applied to a piece at most an amount.
func (t *tx) shrink(p *piece, to int64) {
	key := p.owner.key()
	for _, pay := range p.owner.settlers() {
		over := p.amount - p.open - to
		if over <= 0 {
			return
		}
		t.reshape(pay, func() {
			for i := len(pay.lines) - 1; i >= 0; i-- {
				l := &pay.lines[i]
				if slices.ContainsFunc(l.links, func(k link) bool { return k.id == key.id && k.kind == key.kind }) {
					over -= l.reduce(over)
				}
			}
			pay.dropEmpty()
		})
	}
}
