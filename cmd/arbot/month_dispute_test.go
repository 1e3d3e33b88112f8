package main

import (
	"strings"
	"testing"

	"arbot/ar"
)

// dispute disputes an invoice, or a part of it, and sometimes takes that back.
func (m *month) dispute(t *testing.T, p *colleague) {
	t.Helper()
	b, open := m.openBill(p)
	if b == nil {
		return
	}
	free := open
	for _, q := range m.quarrels {
		if q.about == b && !q.resolved {
			free -= q.amount
		}
	}
	q := &quarrel{about: b, amount: free}
	if free <= 0 {
		q.amount = open
	}
	text := b.number + " "
	if m.chance(50) {
		q.amount = 1 + m.r.Int64N(open)
		text += usd(q.amount).String() + " "
	}
	text += []string{"two boxes arrived crushed", "short shipment, one pallet is missing", "price is wrong, agreed was less", "they say they paid it"}[m.r.IntN(4)]
	before := m.changes(t)
	wanted := "Disputed: " + usd(q.amount).String()
	if q.amount > free {
		wanted = "disputed already"
	}
	answer, _, ok := m.say(t, p, "dispute "+text, wanted)
	if !m.happened(t, before, answer, ok) {
		return
	}
	if q.amount > free {
		if ok {
			m.mustSay(t, text, answer, wanted)
		}
		return
	}
	m.quarrels = append(m.quarrels, q)
	m.did["disputed"]++
	if !ok || !m.mustSay(t, text, answer, wanted) {
		return
	}
	switch {
	case m.chance(15):
		before = m.changes(t)
		undone, ok := m.press(t, p, answer, "Undo", "ndone")
		if q.resolved = m.happened(t, before, undone, ok); q.resolved && ok {
			m.mustSay(t, "Undo of "+text, undone, "ndone")
		}
	case m.chance(20):
		m.press(t, p, answer, "In review", "")
	}
}

// resolve ends a dispute.
func (m *month) resolve(t *testing.T, p *colleague) {
	t.Helper()
	if len(m.quarrels) == 0 || p.role == ar.Rep {
		return
	}
	q := m.quarrels[m.r.IntN(len(m.quarrels))]
	others := 0
	for _, o := range m.quarrels {
		if o.about == q.about && !o.resolved {
			others++
		}
	}
	if q.resolved || others != 1 || q.about.gone != "" {
		return
	}
	outcome := []string{"credited", "partly credited", "paid in full", "withdrawn", "rejected"}[m.r.IntN(5)]
	text := q.about.number + " " + outcome + " as agreed by phone"
	before := m.changes(t)
	answer, _, ok := m.say(t, p, "resolve "+text, "Resolved, "+outcome)
	if q.resolved = m.happened(t, before, answer, ok); !q.resolved {
		return
	}
	m.did["resolved"]++
	if ok {
		m.mustSay(t, text, answer, "Resolved, "+outcome)
	}
}

// note writes a note, and sometimes takes it back.
func (m *month) note(t *testing.T, p *colleague) {
	t.Helper()
	b := m.account(p)
	text := b.name + " pays by check on Fridays"
	before := m.changes(t)
	answer, _, ok := m.say(t, p, "note "+text, "Noted on "+b.name)
	if !m.happened(t, before, answer, ok) {
		return
	}
	m.did["noted"]++
	if !ok || !m.mustSay(t, text, answer, "Noted on "+b.name) || !m.chance(25) {
		return
	}
	before = m.changes(t)
	if undone, ok := m.press(t, p, answer, "Undo", ""); m.happened(t, before, undone, ok) {
		m.did["noted"]--
	}
}

// manage is what a manager does: notes, and a try that is refused.
func (m *month) manage(t *testing.T, p *colleague) {
	t.Helper()
	if m.chance(50) {
		m.note(t, p)
		return
	}
	b, _ := m.openBill(p)
	text := b.number + " $1.00 by tomorrow"
	if answer, _, ok := m.say(t, p, "promise "+text, "Managers read everything"); ok && !strings.Contains(answer.Text, notSure) {
		m.mustSay(t, text, answer, "Managers read everything")
	}
}
