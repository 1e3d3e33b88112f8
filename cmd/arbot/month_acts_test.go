package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeslack"
)

// answerWait is how long an answer is waited for; with some faults of Slack there is none.
const answerWait = 2 * time.Second

// act lets somebody do something.
func (m *month) act(t *testing.T) {
	t.Helper()
	m.judge(t, m.known)
	m.moved.Add(int64(time.Duration(5+m.r.IntN(55)) * time.Second))
	p := m.people[m.r.IntN(len(m.people))]
	switch n := m.r.IntN(100); {
	case p.role == ar.Manager:
		m.manage(t, p)
	case n < 52:
		m.promise(t, p)
	case n < 62:
		m.cancel(t)
	case n < 70:
		m.change(t)
	case n < 84:
		m.dispute(t, p)
	case n < 90:
		m.resolve(t, p)
	case n < 96:
		m.note(t, p)
	default:
		m.say(t, p, []string{"promises", "promises mine", "promises late", "disputes", "overdue", "mine"}[m.r.IntN(6)])
	}
}

// utterance is what somebody typed, and where.
type utterance struct {
	channel, ts string // of a mention
	began       time.Time
	delivery    *fakeslack.Delivery
	on          string // the message whose button was pressed
}

// say types a command in a direct message or a channel, or mentions the bot in one, and
// returns the answer; false where none came.
func (m *month) say(t *testing.T, p *colleague, text string) (fakeslack.Message, utterance, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := m.slack.AwaitApp(ctx); err != nil {
		t.Fatal(err)
	}
	said := utterance{began: m.clock()}
	var err error
	if how := m.r.IntN(3); how > 0 || p.channel == "" {
		where := ""
		if how == 1 {
			where = p.channel
		}
		said.delivery, err = m.slack.Slash(ctx, fakeslack.Command{User: p.user, Channel: where, Command: "/ar", Text: text})
	} else {
		var words fakeslack.Message
		words, said.delivery, err = m.slack.Say(ctx, fakeslack.Words{User: p.user, Channel: p.channel, Text: "<@" + demoBot + "> " + text})
		said.channel, said.ts = p.channel, words.TS
		if err == nil && m.chance(25) {
			_, err = m.slack.Redeliver(ctx, said.delivery)
			m.did["delivered twice"]++
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	answer, ok := m.answer(t, p, said, answerWait)
	if !ok {
		m.did["answer lost"]++
	}
	return answer, said, ok
}

// answer waits for what came back, wherever it came.
func (m *month) answer(t *testing.T, p *colleague, said utterance, most time.Duration) (found fakeslack.Message, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	_ = m.slack.Await(ctx, func(st *fakeslack.State) bool {
		if direct := st.Answers(said.delivery); len(direct) > 0 {
			found, ok = direct[0], true
			return true
		}
		list := slices.DeleteFunc(st.DMs(p.user), func(one fakeslack.Message) bool { return one.ThreadTS != "" && one.Via == "chat.postMessage" })
		if said.channel != "" {
			list = append(list, st.Messages(said.channel)...)
		}
		for _, one := range list {
			mine := one.EphemeralTo == p.user || one.EphemeralTo == "" && strings.HasPrefix(one.Channel, "D") || said.ts != "" && one.ThreadTS == said.ts
			if mine && one.User == demoBot && !one.Deleted && one.Text != said.on && one.At.After(said.began) {
				found, ok = one, true
				return true
			}
		}
		return false
	})
	return found, ok
}

// press presses a button of a message, sometimes twice at once, and returns the answer.
func (m *month) press(t *testing.T, p *colleague, on fakeslack.Message, label string) (fakeslack.Message, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := m.slack.AwaitApp(ctx); err != nil {
		t.Fatal(err)
	}
	click := fakeslack.Click{User: p.user, Channel: on.Channel, TS: on.TS, Element: label}
	said := utterance{began: m.clock(), on: on.Text}
	twice := m.chance(20)
	m.twice = false
	var err error
	if said.delivery, err = m.slack.Click(ctx, click, fakeslack.NoWait()); err != nil {
		t.Fatalf("%s of %q: %v", label, on.Text, err)
	}
	if twice {
		if again, err := m.slack.Click(ctx, click, fakeslack.NoWait()); err == nil { // else the first was answered already
			m.did["pressed twice"]++
			m.twice = true
			defer m.answer(t, p, utterance{began: said.began, delivery: again}, 300*time.Millisecond)
		}
	}
	if err := said.delivery.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if m.twice { // of two answers either may stand there
		m.answer(t, p, said, 300*time.Millisecond)
		return fakeslack.Message{}, false
	}
	answer, ok := m.answer(t, p, said, answerWait)
	if !ok {
		m.did["answer lost"]++
	}
	return answer, ok
}

// changes counts what was changed so far, by the audit.
func (m *month) changes(t *testing.T) int {
	t.Helper()
	return number(column(t, m.looks, `SELECT CAST(count(*) AS TEXT) FROM audit_records`)[0])
}

// happened reports whether something was done, where the person does not know: there was
// no answer, or Slack did not say who they are.
func (m *month) happened(t *testing.T, before int, answer fakeslack.Message, answered bool) bool {
	t.Helper()
	if answered && !strings.Contains(answer.Text, "could not check") {
		return true
	}
	m.did["unsure"]++
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 50 {
		if m.changes(t) > before {
			return true
		}
		<-tick.C
	}
	return false
}

// mayWrite reports whether an account is one about which somebody records things.
func mayWrite(p *colleague, b *buyer) bool {
	owner := b.owner
	if owner < 0 && b.parent != nil {
		owner = b.parent.owner
	}
	return p.role != ar.Rep || owner == p.no || owner < 0
}

// account chooses an account of somebody, with all below it.
func (m *month) account(p *colleague) *buyer {
	for {
		b := m.names[m.r.IntN(len(m.names))]
		if !slices.ContainsFunc(m.names, func(o *buyer) bool { return o.under(b) && !mayWrite(p, o) }) {
			return b
		}
	}
}

// openBill chooses an open invoice of somebody's accounts; nil for none.
func (m *month) openBill(p *colleague) (*bill, int64) {
	items := m.books.OpenItems(m.today.String())
	for range 50 {
		item := items[m.r.IntN(len(items))]
		if b := m.bills[item.ID]; item.Entity == "Invoice" && b.gone == "" && mayWrite(p, b.of) {
			return b, item.Open
		}
	}
	return nil, 0
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
	reading, said, ok := m.say(t, p, "promise "+text)
	switch {
	case !ok || strings.Contains(reading.Text, "could not check"):
		return
	case known:
		m.mustSay(t, text, reading, "recorded already")
		return
	case !fits:
		m.mustSay(t, text, reading, "is too much")
		m.did["refused"]++
		return
	}
	for _, one := range w.parts {
		m.mustSay(t, text, reading, fmt.Sprintf("%s by %s", usd(one.amount), one.due.Long()))
	}
	if !m.mustSay(t, text, reading, "Save it?") {
		return
	}
	if said.ts != "" {
		w.channel, w.thread = said.channel, said.ts
	}
	if m.chance(10) {
		m.press(t, p, reading, "Cancel")
		m.did["not saved"]++
		return
	}
	m.save(t, w, reading, text)
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

func (m *month) mustSay(t *testing.T, typed string, answer fakeslack.Message, want string) bool {
	t.Helper()
	if !strings.Contains(answer.Text+string(answer.Blocks), want) {
		t.Errorf("%s: %q is answered by %q, which lacks %q", m.today, typed, answer.Text, want)
		return false
	}
	return true
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
	card, ok := m.press(t, w.by, reading, "Save")
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
		undone, ok := m.press(t, w.by, card, "Undo")
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
		if again, _, ok := m.say(t, w.by, "promise "+text); ok && w.waiting() && !strings.Contains(again.Text, "could not check") {
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
	answer, ok := m.press(t, w.by, *w.card, "Cancel the promise")
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
		card, ok := m.press(t, w.by, answer, "Undo")
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
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := m.slack.Click(ctx, fakeslack.Click{User: w.by.user, Channel: old.card.Channel, TS: old.card.TS, Element: "Change…"}); err != nil {
		t.Fatal(err)
	}
	opened := func(st *fakeslack.State) bool {
		views := st.Modals(w.by.user)
		return len(views) > 0 && strings.Contains(string(views[len(views)-1].Blocks), "amount1")
	}
	short, stop := context.WithTimeout(t.Context(), 3*time.Second)
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
	answer, _, ok := m.say(t, p, "dispute "+text)
	if !m.happened(t, before, answer, ok) {
		return
	}
	if q.amount > free {
		if ok {
			m.mustSay(t, text, answer, "disputed already")
		}
		return
	}
	m.quarrels = append(m.quarrels, q)
	m.did["disputed"]++
	if !ok || !m.mustSay(t, text, answer, "Disputed: "+usd(q.amount).String()) {
		return
	}
	switch {
	case m.chance(15):
		before = m.changes(t)
		undone, ok := m.press(t, p, answer, "Undo")
		if q.resolved = m.happened(t, before, undone, ok); q.resolved && ok {
			m.mustSay(t, "Undo of "+text, undone, "ndone")
		}
	case m.chance(20):
		m.press(t, p, answer, "In review")
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
	answer, _, ok := m.say(t, p, "resolve "+text)
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
	answer, _, ok := m.say(t, p, "note "+text)
	if !m.happened(t, before, answer, ok) {
		return
	}
	m.did["noted"]++
	if !ok || !m.mustSay(t, text, answer, "Noted on "+b.name) || !m.chance(25) {
		return
	}
	before = m.changes(t)
	if undone, ok := m.press(t, p, answer, "Undo"); m.happened(t, before, undone, ok) {
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
	if answer, _, ok := m.say(t, p, "promise "+text); ok && !strings.Contains(answer.Text, "could not check") {
		m.mustSay(t, text, answer, "Managers read everything")
	}
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
