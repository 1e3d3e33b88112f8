package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeslack"
)

// promise types a promise and saves it, or not, or takes it back.
func (m *month) promise(t *testing.T, p *colleague) {
	t.Helper()
	w := &word{by: p, made: m.today}
	if m.chance(65) {
		if w.about, _ = m.openBill(p); w.about == nil {
			return
		}
		w.of = w.about.of
	} else {
		w.of = m.account(p)
	}
	open := m.owes(w.of, w.about)
	if open < 100 {
		return
	}
	text := m.promiseText(w, open)
	old, known := m.same(w)
	if known && !old.waiting() {
		return // said again after it was kept: that is another test's
	}
	total := w.total()
	fits := total <= open && total <= open-m.taken(w.of, w.about, nil)
	wanted := "Save it?"
	switch {
	case known:
		wanted = "recorded already"
	case !fits:
		wanted = "is too much"
	}
	reading, said, ok := m.say(t, p, "promise "+text, wanted)
	switch {
	case !ok || strings.Contains(reading.Text, notSure):
		return
	case known:
		m.mustSay(t, text, reading, wanted)
		return
	case !fits:
		m.mustSay(t, text, reading, wanted)
		m.did["refused"]++
		return
	}
	for _, one := range w.parts {
		m.mustSay(t, text, reading, fmt.Sprintf("%s by %s", usd(one.amount), one.due.Long()))
	}
	if !m.mustSay(t, text, reading, wanted) {
		return
	}
	if said.ts != "" {
		w.channel, w.thread = said.channel, said.ts
	}
	if m.chance(10) {
		m.press(t, p, reading, "Cancel", "")
		m.did["not saved"]++
		return
	}
	m.save(t, w, reading, text)
}

// owes is what is open of an invoice, or of an account and those below it.
func (m *month) owes(of *buyer, about *bill) (sum int64) {
	for _, item := range m.books.OpenItems(m.today.String()) {
		b := m.bills[item.ID]
		if item.Entity == "Invoice" && (about == b || about == nil && b.of.under(of)) {
			sum += item.Open
		}
	}
	return sum
}

// taken is what promises that wait take of it.
func (m *month) taken(of *buyer, about *bill, but *word) (sum int64) {
	for _, w := range m.words {
		if w == but || !w.waiting() || about != nil && w.about != about || about == nil && !w.of.under(of) {
			continue
		}
		for _, r := range w.now {
			if !r.state.Final() {
				sum += r.missing
			}
		}
	}
	return sum
}

func (w *word) total() (sum int64) {
	for _, one := range w.parts {
		sum += one.amount
	}
	return sum
}

// same is a promise that stands and says the same.
func (m *month) same(w *word) (*word, bool) {
	i := slices.IndexFunc(m.words, func(o *word) bool {
		return o.stands() && o.by == w.by && o.of == w.of && o.about == w.about && slices.Equal(o.parts, w.parts)
	})
	if i < 0 {
		return nil, false
	}
	return m.words[i], true
}

// record notes a promise that was saved.
func (m *month) record(t *testing.T, w *word) {
	t.Helper()
	w.no = len(m.words) + 1
	for _, s := range m.settled(t, m.today) {
		if s.money && s.on == m.today && w.covers(s.to) {
			w.already += s.amount
		}
	}
	m.words = append(m.words, w)
	m.did["saved"]++
}

// save presses Save and what may follow that.
func (m *month) save(t *testing.T, w *word, reading fakeslack.Message, text string) {
	t.Helper()
	before := m.changes(t)
	card, ok := m.press(t, w.by, reading, "Save", w.parts[0].due.Long())
	if !m.happened(t, before, card, ok) {
		return
	}
	m.record(t, w)
	if !ok {
		return
	}
	m.mustSay(t, text, card, w.parts[0].due.Long())
	w.card = &card
	switch {
	case m.chance(12):
		before, w.card = m.changes(t), nil
		undone, ok := m.press(t, w.by, card, "Undo", "ndone")
		if !m.happened(t, before, undone, ok) {
			return
		}
		if ok {
			m.mustSay(t, "Undo of "+text, undone, "ndone")
		}
		w.end = ar.PromiseCancelled
		m.did["undone"]++
	case m.chance(13):
		m.judge(t, m.known)
		if again, _, ok := m.say(t, w.by, "promise "+text, "recorded already"); ok && w.waiting() && !strings.Contains(again.Text, notSure) {
			m.mustSay(t, text, again, "recorded already")
			m.did["said twice"]++
		}
	}
}

// cancel presses [Cancel the promise] of a card, and sometimes [Undo] after it.
func (m *month) cancel(t *testing.T) {
	t.Helper()
	w := m.carded(func(w *word) bool { return w.undecided() })
	if w == nil {
		return
	}
	before := m.changes(t)
	answer, ok := m.press(t, w.by, *w.card, "Cancel the promise", "ancelled")
	w.card = nil
	if !m.happened(t, before, answer, ok) {
		return
	}
	w.end = ar.PromiseCancelled
	m.did["cancelled"]++
	if !ok {
		return
	}
	m.mustSay(t, "Cancel", answer, "ancelled")
	if _, twin := m.same(&word{by: w.by, of: w.of, about: w.about, parts: w.parts}); m.chance(30) && !twin && strings.Contains(string(answer.Blocks), "Undo") {
		before = m.changes(t)
		card, ok := m.press(t, w.by, answer, "Undo", "stands again")
		if !m.happened(t, before, card, ok) {
			return
		}
		if ok && m.mustSay(t, "Undo of cancel", card, "stands again") {
			w.card = &card
		}
		w.end = ""
		m.did["cancel undone"]++
	}
}

// carded is a promise whose card with its buttons is in Slack.
func (m *month) carded(fits func(*word) bool) *word {
	for range 30 {
		if len(m.words) == 0 {
			return nil
		}
		if w := m.words[m.r.IntN(len(m.words))]; w.card != nil && w.stands() && fits(w) && strings.Contains(string(w.card.Blocks), "Cancel the promise") {
			return w
		}
	}
	return nil
}

// change opens the form of a card and sends it with another amount and day.
func (m *month) change(t *testing.T) {
	t.Helper()
	old := m.carded(func(w *word) bool { return w.undecided() && len(w.parts) == 1 })
	if old == nil {
		return
	}
	w := &word{by: old.by, of: old.of, about: old.about, made: m.today, channel: old.channel, thread: old.thread}
	open := m.owes(w.of, w.about)
	free := open - m.taken(w.of, w.about, old)
	if free < 200 {
		return
	}
	w.parts = []part{{100 + m.r.Int64N(free-100), m.today.AddDays(1 + m.r.IntN(9))}}
	if _, twin := m.same(w); twin {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if _, err := m.slack.Click(ctx, fakeslack.Click{User: w.by.user, Channel: old.card.Channel, TS: old.card.TS, Element: "Change…"}); err != nil {
		t.Fatal(err)
	}
	opened := func(st *fakeslack.State) bool {
		views := st.Modals(w.by.user)
		return len(views) > 0 && strings.Contains(string(views[len(views)-1].Blocks), "amount1")
	}
	short, stop := context.WithTimeout(t.Context(), answerWait)
	defer stop()
	if err := m.slack.Await(short, opened); err != nil { // Slack did not open it
		m.did["no form"]++
		_, _ = m.slack.CloseView(ctx, w.by.user)
		return
	}
	before := m.changes(t)
	d, err := m.slack.SubmitView(ctx, fakeslack.Submission{User: w.by.user, Values: map[string]string{
		"amount1": usd(w.parts[0].amount).Decimal(), "day1": w.parts[0].due.String(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if ack, _ := d.Ack(); strings.Contains(string(ack.Payload), "errors") {
		t.Errorf("%s: the form answers %s", m.today, ack.Payload)
		return
	}
	answer, ok := m.answer(t, w.by, utterance{began: d.SentAt, delivery: d}, answerWait)
	if old.card = nil; !m.happened(t, before, answer, ok) {
		return
	}
	m.record(t, w)
	old.end = ar.PromiseSuperseded
	m.did["changed"]++
}

// promiseText chooses the parts of a promise and how they are typed.
func (m *month) promiseText(w *word, open int64) string {
	var subject string
	if w.about != nil {
		subject = []string{w.about.number, strings.ToLower(w.about.number)}[m.r.IntN(2)]
	} else {
		subject = []string{w.of.name, strings.ToLower(w.of.name), "“" + w.of.name + "”"}[m.r.IntN(3)]
	}
	first := m.today.AddDays(m.r.IntN(m.reach))
	later := first.AddDays(1 + m.r.IntN(5))
	some := 1 + m.r.Int64N(open)
	if m.chance(5) {
		some = open + 1 + m.r.Int64N(1000)
	}
	half := (open + 1) / 2
	d1, d2 := m.dateText(first), m.dateText(later)
	switch m.r.IntN(8) {
	case 0:
		w.parts = []part{{open, first}}
		return subject + " all by " + d1
	case 1:
		w.parts = []part{{half, first}}
		return subject + " half on " + d1 + ", said Kim"
	case 2:
		w.parts = []part{{half, first}, {open - half, later}}
		return subject + " half on " + d1 + ", rest on " + d2
	case 3:
		w.parts = []part{{max(1, some/3), first}, {max(1, some/2), later}, {max(1, some/7), later.AddDays(3)}}
		return fmt.Sprintf("%s %s by %s, %s by %s, %s by %s", subject, m.moneyText(w.parts[0].amount), d1, m.moneyText(w.parts[1].amount), d2,
			m.moneyText(w.parts[2].amount), m.dateText(later.AddDays(3)))
	case 4:
		w.parts = []part{{some, first}}
		return fmt.Sprintf("%s will pay %s on %s", subject, usd(some), d1)
	case 5:
		w.parts = []part{{some, first}}
		return fmt.Sprintf("%s %s\u00a0by\u00a0%s “Kim said so”", subject, m.moneyText(some), d1)
	}
	w.parts = []part{{some, first}}
	return fmt.Sprintf("%s %s by %s", subject, m.moneyText(some), d1)
}

func (m *month) moneyText(cents int64) string {
	return []string{usd(cents).String(), usd(cents).Decimal(), "USD " + usd(cents).Decimal(), "$" + usd(cents).Decimal()}[m.r.IntN(4)]
}

func (m *month) dateText(d ar.Date) string {
	year, month, day := d.Civil()
	forms := []string{d.String(), fmt.Sprintf("%d/%d/%d", month, day, year), fmt.Sprintf("%d %s %d", day, month, year), fmt.Sprintf("%s %d", month.String()[:3], day)}
	switch ahead := d.Sub(m.today); {
	case ahead == 0:
		forms = append(forms, "today")
	case ahead == 1:
		forms = append(forms, "tomorrow", d.Weekday().String())
	case ahead < 7:
		forms = append(forms, d.Weekday().String(), strings.ToLower(d.Weekday().String()[:3]))
	}
	return forms[m.r.IntN(len(forms))]
}
