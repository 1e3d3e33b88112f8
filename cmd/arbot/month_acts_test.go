package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeslack"
)

// answerWait is how long an answer is waited for; with some faults of Slack there is none.
const answerWait = 20 * time.Second

// act lets somebody do something.
func (m *month) act(t *testing.T) {
	t.Helper()
	m.judge(t, m.known)
	m.moved.Add(int64(time.Duration(5+m.r.IntN(55)) * time.Second))
	p := m.people[m.r.IntN(len(m.people))]
	switch n := m.r.IntN(100); {
	case p.role == ar.Manager:
		m.manage(t, p)
	case n < 43:
		m.promise(t, p)
	case n < 46:
		m.race(t)
	case n < 48:
		m.snooze(t, p)
	case n < 52:
		m.mine(t)
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
		m.say(t, p, []string{"promises", "promises mine", "promises late", "disputes", "overdue", "mine"}[m.r.IntN(6)], "")
	}
}

// utterance is what somebody typed, and where.
type utterance struct {
	channel, ts string // of a mention
	began       time.Time
	delivery    *fakeslack.Delivery
	on          string // the message whose button was pressed
	// wanted is what the answer is to hold; another one may be that of something before,
	// which came late.
	wanted string
}

// say types a command in a direct message or a channel, or mentions the bot in one, and
// returns the answer, rather one that holds what is wanted; false where none came.
func (m *month) say(t *testing.T, p *colleague, text, wanted string) (fakeslack.Message, utterance, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if err := m.slack.AwaitApp(ctx); err != nil {
		t.Fatal(err)
	}
	said := utterance{began: m.clock(), wanted: wanted}
	m.twice = false
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
		ok = false
		list := slices.DeleteFunc(st.DMs(p.user), func(one fakeslack.Message) bool { return one.ThreadTS != "" && one.Via == "chat.postMessage" })
		if said.channel != "" {
			list = append(list, st.Messages(said.channel)...)
		}
		list = slices.DeleteFunc(list, func(one fakeslack.Message) bool {
			mine := one.EphemeralTo == p.user || one.EphemeralTo == "" && strings.HasPrefix(one.Channel, "D") || said.ts != "" && one.ThreadTS == said.ts
			return !mine || one.User != demoBot || one.Deleted || one.Text == said.on || !one.At.After(said.began)
		})
		for _, one := range slices.Concat(list, st.Answers(said.delivery)) {
			if one.Text == stillWorking {
				continue
			}
			found, ok = one, true
			if said.answeredBy(one) {
				return true
			}
		}
		return false
	})
	return found, ok
}

// answeredBy reports whether a message is surely the answer.
func (u utterance) answeredBy(one fakeslack.Message) bool {
	said := one.Text + string(one.Blocks)
	return strings.Contains(said, u.wanted) || strings.Contains(said, notSure)
}

// notSure is in the answer to somebody of whom Slack did not say who it is.
const notSure = "could not check"

// stillWorking stands where an answer will, or would, if it takes long.
const stillWorking = "Working on it…"

// press presses a button of a message, sometimes twice at once, and returns the answer: see say.
func (m *month) press(t *testing.T, p *colleague, on fakeslack.Message, label, wanted string) (fakeslack.Message, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if err := m.slack.AwaitApp(ctx); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(on.Blocks), label) { // it came another way, as a text
		m.did["no button"]++
		return fakeslack.Message{}, false
	}
	click := fakeslack.Click{User: p.user, Channel: on.Channel, TS: on.TS, Element: label}
	said := utterance{began: m.clock(), on: on.Text, wanted: wanted}
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
	if answered && !strings.Contains(answer.Text, notSure) {
		return true
	}
	if m.did["unsure"]++; answered && !m.twice {
		return false // it was asked once, and refused
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 250 {
		if m.changes(t) > before {
			return true
		}
		<-tick.C
	}
	return false
}

func (m *month) mustSay(t *testing.T, typed string, answer fakeslack.Message, want string) bool {
	t.Helper()
	if !strings.Contains(answer.Text+string(answer.Blocks), want) {
		t.Errorf("%s: %q is answered by %q, which lacks %q", m.today, typed, answer.Text, want)
		return false
	}
	return true
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
