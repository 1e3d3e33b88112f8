package main

import (
	"cmp"
	"slices"
	"strconv"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeqbo"
	"arbot/internal/fakeslack"
)

// buyer is a customer of the month.
type buyer struct {
	id, name string
	parent   *buyer
	owner    int // of the people; -1 is nobody
	ours     ar.CustomerID
}

// under reports whether a customer is another one or below it.
func (b *buyer) under(top *buyer) bool {
	for ; b != nil; b = b.parent {
		if b == top {
			return true
		}
	}
	return false
}

// bill is an invoice of the month.
type bill struct {
	id, number string
	of         *buyer
	date, due  ar.Date
	gone       ar.CloseReason
}

// part is an amount that was promised by a day, in cents.
type part struct {
	amount int64
	due    ar.Date
}

// result is what became of a part, by the test's own judgement.
type result struct {
	state                   ar.PromiseState
	reason                  ar.CloseReason
	paid, byCredit, missing int64
}

// word is a promise as it was typed.
type word struct {
	no    int // in the order of saving, from 1
	by    *colleague
	of    *buyer
	about *bill // nil for the account as a whole
	parts []part
	made  ar.Date
	// already is what was paid on its day by what was known when it was made.
	already int64
	end     ar.PromiseState
	// thread is the message under which the verdict is told; "" for a direct message.
	channel, thread string
	card            *fakeslack.Message // with its buttons; nil where it is not known
	now, told       []result
}

func (w *word) stands() bool { return w.end == "" }

// waiting reports whether a part of it is not decided.
func (w *word) waiting() bool {
	return w.stands() && slices.ContainsFunc(w.now, func(r result) bool { return !r.state.Final() })
}

// undecided reports whether none of it is decided.
func (w *word) undecided() bool {
	return w.stands() && !slices.ContainsFunc(w.now, func(r result) bool { return r.state.Final() })
}

func (w *word) covers(b *bill) bool {
	if w.about != nil {
		return w.about == b
	}
	return b.of.under(w.of)
}

// quarrel is a dispute as it was typed.
type quarrel struct {
	about    *bill
	amount   int64
	resolved bool
}

// paid is what was set against an invoice, in cents, and when that took effect.
type paid struct {
	to     *bill
	on     ar.Date
	amount int64
	money  bool // and no credit
}

// settled lists what took effect up to a day, by the day.
func (m *month) settled(t *testing.T, asOf ar.Date) []paid {
	t.Helper()
	var list []paid
	for _, s := range m.books.Settlements() {
		to := m.bills[s.To]
		if s.ToEntity != fakeqbo.Invoice || to == nil {
			t.Fatalf("payment %s settles %s %s, which the test did not make", s.Payment, s.ToEntity, s.To)
		}
		on := ar.Latest(m.day(t, s.Date), to.date)
		if s.FromEntity == fakeqbo.CreditMemo {
			on = ar.Latest(on, m.memos[s.From])
		}
		if !on.After(asOf) {
			list = append(list, paid{to, on, s.Amount, s.FromEntity == fakeqbo.Payment})
		}
	}
	slices.SortStableFunc(list, func(a, b paid) int { return a.on.Compare(b.on) })
	return list
}

// deadline is the last day on which a payment keeps a part: one business day of grace.
func (m *month) deadline(due ar.Date) ar.Date {
	for due = due.AddDays(1); due.Weekday() == 0 || due.Weekday() == 6 || due == m.holiday; {
		due = due.AddDays(1)
	}
	return due
}

// claimed is a part that money can keep.
type claimed struct {
	*word
	part

	got *result
}

// judge decides all promises as of a day by what the ledger says now.
func (m *month) judge(t *testing.T, asOf ar.Date) {
	t.Helper()
	var claims []claimed
	for _, w := range m.words {
		if !w.stands() {
			continue
		}
		w.now = make([]result, len(w.parts))
		for i, p := range w.parts {
			w.now[i] = result{state: ar.PromiseOpen, missing: p.amount}
			if w.about != nil && w.about.gone != "" {
				w.now[i].state, w.now[i].reason, w.now[i].missing = ar.PromiseClosed, w.about.gone, 0
				continue
			}
			claims = append(claims, claimed{w, p, &w.now[i]})
		}
	}
	slices.SortStableFunc(claims, func(a, b claimed) int {
		whole := func(c claimed) int {
			if c.about == nil {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(whole(a), whole(b)), a.due.Compare(b.due), cmp.Compare(a.no, b.no))
	})
	settled := m.settled(t, asOf)
	m.countPaid(settled, claims)
	open := map[ar.Date][]fakeqbo.OpenItem{}
	for _, c := range claims {
		at := m.deadline(c.due)
		if asOf.Before(at) {
			at = asOf
		}
		if _, ok := open[at]; !ok {
			open[at] = m.books.OpenItems(at.String())
		}
		m.decide(c, settled, open[at], asOf, at)
	}
}

// countPaid gives each cent that came in time to the first part that it can keep.
// What a promise's own day had brought before it
// was made keeps no part of it.
func (m *month) countPaid(settled []paid, claims []claimed) {
	before := map[*word]int64{}
	for _, c := range claims {
		before[c.word] = c.already
	}
	for i := range settled {
		s := &settled[i]
		full := s.amount
		mine := map[*word]int64{} // what of this settlement may keep a promise
		for _, c := range claims {
			if !s.money || s.on.Before(c.made) || s.on.After(m.deadline(c.due)) || !c.covers(s.to) {
				continue
			}
			if _, seen := mine[c.word]; !seen {
				mine[c.word] = full
				if s.on == c.made {
					known := min(before[c.word], full)
					before[c.word] -= known
					mine[c.word] -= known
				}
			}
			counted := min(mine[c.word], s.amount, c.got.missing)
			mine[c.word] -= counted
			s.amount -= counted
			c.got.paid += counted
			c.got.missing -= counted
		}
	}
}

// decide brings a part from what was paid to its state.
func (m *month) decide(c claimed, settled []paid, open []fakeqbo.OpenItem, asOf, at ar.Date) {
	newest := c.made
	if c.about != nil {
		newest = ar.Latest(newest, c.about.date)
	}
	var owed, credited int64
	for _, item := range open {
		if b := m.bills[item.ID]; item.Entity == fakeqbo.Invoice && c.covers(b) && !b.date.After(newest) {
			owed += item.Open
		}
	}
	for _, s := range settled {
		if !s.money && c.covers(s.to) && !s.on.Before(c.made) && !s.on.After(at) {
			credited += s.amount
		}
	}
	needed := c.got.missing
	c.got.missing = min(needed, owed)
	c.got.byCredit = min(needed-c.got.missing, credited)
	switch {
	case c.got.missing == 0 && c.got.byCredit > 0:
		c.got.state = ar.PromiseSettled
	case c.got.missing == 0 && c.got.paid > 0:
		c.got.state = ar.PromiseKept
	case c.got.missing == 0:
		c.got.state, c.got.reason = ar.PromiseClosed, ar.NothingOwed
	case !asOf.After(m.deadline(c.due)):
	case c.got.paid > 0:
		c.got.state = ar.PromisePartlyKept
	default:
		c.got.state = ar.PromiseBroken
	}
}

// figures are what an account owes, in cents, by the test's own arithmetic.
type figures struct {
	open, unapplied, disputed, promised, notDue, overdue, toChase int64
}

func (f figures) plus(o figures) figures {
	return figures{
		f.open + o.open, f.unapplied + o.unapplied, f.disputed + o.disputed, f.promised + o.promised,
		f.notDue + o.notDue, f.overdue + o.overdue, f.toChase + o.toChase,
	}
}

// figure cuts what is open into what is disputed, promised, not due and to be chased: by
// account, and without those below it.
func (m *month) figure(t *testing.T) map[*buyer]figures {
	t.Helper()
	return m.figureUntil(t, func(p part) ar.Date { return p.due })
}

// figureUntil is figure where a part that is open is held back up to some day.
func (m *month) figureUntil(t *testing.T, until func(part) ar.Date) map[*buyer]figures {
	t.Helper()
	all := map[*buyer]figures{}
	items := m.books.OpenItems(m.today.String())
	slices.SortFunc(items, func(a, b fakeqbo.OpenItem) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(number(a.ID), number(b.ID)))
	})
	left := map[*bill]int64{}
	var bills []*bill
	for _, item := range items {
		b := m.buyers[item.Customer]
		f := all[b]
		if one := m.bills[item.ID]; item.Entity == fakeqbo.Invoice {
			f.open += item.Open
			left[one] = item.Open
			bills = append(bills, one)
			if one.due.Before(m.today) {
				f.overdue += item.Open
			}
		} else {
			f.unapplied -= item.Open
		}
		all[b] = f
	}
	for _, q := range m.quarrels {
		if taken := min(q.amount, left[q.about]); !q.resolved && taken > 0 {
			f := all[q.about.of]
			f.disputed += taken
			all[q.about.of] = f
			left[q.about] -= taken
		}
	}
	m.holdPromised(all, bills, left, until)
	for _, b := range bills {
		f := all[b.of]
		if b.due.Before(m.today) {
			f.toChase += left[b]
		} else {
			f.notDue += left[b]
		}
		all[b.of] = f
	}
	for b, f := range all {
		spare := max(0, f.unapplied-f.toChase)
		f.toChase = max(0, f.toChase-f.unapplied)
		if f.disputed+f.promised+f.notDue+f.toChase != f.open-(f.unapplied-spare) {
			t.Fatalf("the test adds up wrongly: %+v", f)
		}
		all[b] = f
	}
	return all
}

// holdPromised takes out what is promised and not due yet: for invoices first, then for
// accounts, by the day.
func (m *month) holdPromised(all map[*buyer]figures, bills []*bill, left map[*bill]int64, until func(part) ar.Date) {
	type hold struct {
		*word
		due    ar.Date
		amount int64
	}
	var holds []hold
	for _, w := range m.words {
		for i := 0; w.stands() && i < len(w.parts); i++ {
			if w.now[i].state == ar.PromiseOpen && !until(w.parts[i]).Before(m.today) {
				holds = append(holds, hold{w, w.parts[i].due, w.now[i].missing})
			}
		}
	}
	slices.SortStableFunc(holds, func(a, b hold) int {
		switch {
		case a.about != nil && b.about == nil:
			return -1
		case a.about == nil && b.about != nil:
			return 1
		}
		return a.due.Compare(b.due)
	})
	for _, h := range holds {
		for _, b := range bills {
			if taken := min(h.amount, left[b]); taken > 0 && h.covers(b) {
				f := all[b.of]
				f.promised += taken
				all[b.of] = f
				left[b] -= taken
				h.amount -= taken
			}
		}
	}
}

func number(id string) int {
	n, _ := strconv.Atoi(id)
	return n
}
