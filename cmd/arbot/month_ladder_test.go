package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
)

const (
	// monthBudget is how many messages a day may stand in a channel.
	monthBudget = 4
	// monthAsks is how often it is asked again, each business day, when nobody takes an
	// escalation.
	monthAsks = 2
)

var monthAdmin = ar.Actor{User: "U0011", Roles: []ar.Role{ar.Admin}}

// ladderConfig puts some customers on a ladder, which the test runs by itself.
func (m *month) ladderConfig() string {
	var b strings.Builder
	fmt.Fprintf(&b, "worklist: {messages_a_day: %d}\n", monthBudget)
	fmt.Fprintf(&b, "escalations: {answer_within: 1, ask_again: {every_days: 1, times: %d}}\n", monthAsks)
	b.WriteString("limits: {stale_after: 12h}\nladder:\n  at: \"23:30\"\n  shadow_days: 0\n  segments:\n")
	for n, c := range m.names[:len(m.names)/8] {
		to := "to: owner"
		if n%2 == 0 {
			to = "channel: " + arChannel
		}
		fmt.Fprintf(&b, "    - segment: s%d\n      customer: %s\n      rungs:\n        - {days: 2, %s}\n        - {days: 8, at_least: 50, channel: %s}\n", n, c.name, to, arChannel)
	}
	return b.String()
}

func (m *month) escalations(t *testing.T) (all []ar.Escalation) {
	t.Helper()
	if err := m.app.books.View(t.Context(), func(r ar.Reader) (err error) {
		all, err = r.Escalations(t.Context(), ar.EscalationFilter{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// climb is the morning of claims and escalations, by two replicas at once, with a look at
// what is escalated and what is asked again.
func (m *month) climb(t *testing.T) {
	t.Helper()
	m.moved.Add(int64(30 * time.Minute))
	m.judge(t, m.known)
	if err := m.app.reviewClaims(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, stand := m.escalations(t), m.standing(t)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := m.app.escalate(t.Context(), m.today); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	known := map[ar.EscalationID]bool{}
	for _, e := range before {
		known[e.ID] = true
	}
	fresh := m.clock().Sub(m.read) <= 12*time.Hour
	chase := m.figureUntil(t, func(p part) ar.Date { return m.deadline(p.due) })
	for _, e := range m.escalations(t) {
		b := m.byOurs(e.Customer)
		held := stand.snoozed[b.ours] || len(stand.claims[b.ours]) > 0
		if !known[e.ID] {
			m.did["escalated"]++
			if !fresh || held || chase[b].toChase <= 0 {
				t.Errorf("%s: %s is escalated: the data is fresh: %t, somebody has it or put it off: %t, to chase: %d", m.today, b.name, fresh, held, chase[b].toChase)
			}
			if e.Due != m.deadline(m.today) {
				t.Errorf("%s: the escalation of %s is to be taken by %s", m.today, b.name, e.Due)
			}
		}
		if fresh && !held && chase[b].toChase > 0 {
			m.ask(e)
		}
	}
	m.quiet(t)
}

// ask notes what is asked again of an escalation: on each business day after the one by
// which it was to be taken, up to the most times, and anew after it was open again.
func (m *month) ask(e ar.Escalation) {
	late, rounds := 0, 0
	for d := e.Due.AddDays(1); !d.After(m.today); d = d.AddDays(1) {
		if m.works(d) {
			late++
		}
	}
	for _, s := range e.Steps {
		if s.State == ar.EscalationOpen {
			rounds++
		}
	}
	if e.Kind == ar.AskSomebody && e.State == ar.EscalationOpen && late > 0 {
		m.asked = append(m.asked, fmt.Sprintf("escalation:%d/ask/%d", e.ID, rounds*100+min(late, monthAsks)))
		m.did["asked again"]++
	}
}

// asksAreRight compares what was asked again with what was to be asked.
func (m *month) asksAreRight(t *testing.T) {
	t.Helper()
	got := column(t, m.looks, `SELECT route FROM posts WHERE kind = '`+string(ar.EscalationNews)+`' AND route LIKE '%/ask/%'`)
	want := map[string]bool{}
	for _, route := range m.asked {
		want[route] = true
	}
	asked := map[string]bool{}
	for _, route := range got {
		asked[route] = true
	}
	if diff := cmp.Diff(want, asked, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: asked again (-right +planned):\n%s", m.today, diff)
	}
}

func (m *month) byOurs(id ar.CustomerID) *buyer {
	for _, b := range m.names {
		if b.ours == id {
			return b
		}
	}
	return nil
}
