package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/fakeslack"
)

// standing is who has which account by the books, and what is put off on a day.
type standing struct {
	claims  map[ar.CustomerID][]ar.Claim
	snoozed map[ar.CustomerID]bool
}

func (m *month) standing(t *testing.T) standing {
	t.Helper()
	s := standing{map[ar.CustomerID][]ar.Claim{}, map[ar.CustomerID]bool{}}
	if err := m.app.books.View(t.Context(), func(r ar.Reader) error {
		claims, err := r.Claims(t.Context(), ar.ClaimFilter{Standing: true})
		if err != nil {
			return err
		}
		for _, c := range claims {
			s.claims[c.Customer] = append(s.claims[c.Customer], c)
		}
		snoozes, err := r.Snoozes(t.Context(), ar.SnoozeFilter{On: m.today})
		for _, one := range snoozes {
			s.snoozed[one.Customer] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// chased chooses an account with something to chase, and two people who may have it.
func (m *month) chased(t *testing.T) (b *buyer, two []*colleague) {
	t.Helper()
	all := m.figure(t)
	for range 50 {
		b = m.names[m.r.IntN(len(m.names))]
		if all[b].toChase > 0 {
			break
		}
	}
	if all[b].toChase <= 0 {
		return nil, nil
	}
	for len(two) < 2 {
		p := m.people[m.r.IntN(len(m.people))]
		if p.role != ar.Manager && mayWrite(p, b) && !slices.Contains(two, p) {
			two = append(two, p)
		}
	}
	return b, two
}

// race lets two people claim an account at once: one of them gets it, and both are told.
func (m *month) race(t *testing.T) {
	t.Helper()
	b, two := m.chased(t)
	if b == nil {
		return
	}
	before := m.standing(t).claims[b.ours]
	began := m.clock()
	deliveries := m.atOnce(t, two, func(p *colleague) (*fakeslack.Delivery, error) {
		return m.slack.Slash(t.Context(), fakeslack.Command{User: p.user, Command: "/ar", Text: "claim " + b.name})
	})
	won, lost := 0, 0
	for i, p := range two {
		answer, ok := m.answer(t, p, utterance{began: began, delivery: deliveries[i], wanted: b.name}, answerWait)
		switch {
		case !ok || strings.Contains(answer.Text, notSure):
		case strings.Contains(answer.Text, b.name+" is yours:"):
			won++
		case strings.Contains(answer.Text, b.name+" is yours already"), strings.Contains(answer.Text, " has "+b.name+" since "):
			lost++
		default:
			t.Errorf("%s: %s claims %s and is told %q", m.today, p.user, b.name, answer.Text)
		}
	}
	now := m.standing(t).claims[b.ours]
	if won > 1 || len(before) == 0 && lost > 0 && len(now) == 0 || won+len(before) > 1 || len(now) > 1 {
		t.Errorf("%s: of two who claim %s at once %d win and %d do not; %d claims stood and %d stand", m.today, b.name, won, lost, len(before), len(now))
	}
	if len(before) == 0 && len(now) == 1 {
		m.did["claimed"]++
	}
}

// atOnce lets people do something at the same moment.
func (m *month) atOnce(t *testing.T, people []*colleague, do func(*colleague) (*fakeslack.Delivery, error)) []*fakeslack.Delivery {
	t.Helper()
	deliveries, errs := make([]*fakeslack.Delivery, len(people)), make([]error, len(people))
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() { deliveries[i], errs[i] = do(p) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return deliveries
}

// snooze puts an account off for some days.
func (m *month) snooze(t *testing.T, p *colleague) {
	t.Helper()
	b, _ := m.chased(t)
	if b == nil || !mayWrite(p, b) {
		return
	}
	before := m.changes(t)
	until := m.today.AddDays(1 + m.r.IntN(4))
	answer, _, ok := m.say(t, p, fmt.Sprintf("snooze %s until %s waits for a copy of the invoice", b.name, until), b.name)
	if m.happened(t, before, answer, ok) {
		m.did["snoozed"]++
	}
}

// mine lets two people press [Mine] of an escalation in a channel at once.
func (m *month) mine(t *testing.T) {
	t.Helper()
	var on *fakeslack.Message
	for _, one := range m.slack.Messages(arChannel) {
		if one.User == demoBot && !one.Deleted && strings.Contains(string(one.Blocks), `"escalation_mine"`) {
			on = &one
		}
	}
	if on == nil {
		return
	}
	var two []*colleague
	for _, p := range m.people {
		if p.role == ar.ARClerk && len(two) < 2 {
			two = append(two, p)
		}
	}
	m.atOnce(t, two, func(p *colleague) (*fakeslack.Delivery, error) {
		d, err := m.slack.Click(t.Context(), fakeslack.Click{User: p.user, Channel: on.Channel, TS: on.TS, Element: "Mine"}, fakeslack.NoWait())
		if err != nil { // somebody was faster, and the button is gone
			return nil, nil //nolint:nilerr,nilnil // that is what is wanted
		}
		return d, nil
	})
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		if m.held(t) {
			m.did["taken"]++
			return
		}
		<-tick.C
	}
}

// held compares who took the escalations with who has their accounts: each has one
// holder at most, and it is the same. It reports whether any is taken.
func (m *month) held(t *testing.T) (taken bool) {
	t.Helper()
	for id, claims := range m.standing(t).claims {
		if len(claims) > 1 {
			t.Errorf("%s: %d people have the account %d", m.today, len(claims), id)
		}
	}
	for _, e := range m.escalations(t) {
		taken = taken || e.State == ar.EscalationTaken
	}
	return taken
}

// worklistIsRight compares the worklist with the test's own arithmetic: nothing that is
// to be chased is without a line, and what has no name is said to have none.
func (m *month) worklistIsRight(t *testing.T) {
	t.Helper()
	got := map[ar.CustomerID]int64{}
	var unclaimed int64
	view, err := m.app.desk.Next(t.Context(), monthAdmin, desk.WorkInput{})
	if err != nil {
		t.Fatal(err)
	}
	stand := m.standing(t)
	for _, l := range view.Lines {
		for _, a := range l.Amounts {
			got[l.Customer] += a.Minor()
		}
		named := m.app.desk.WhoWorks(l, m.today) != ""
		owned := l.Owner != "" || len(stand.claims[l.Customer]) > 0
		if named != owned {
			t.Errorf("%s: %s has somebody: %t, and names one: %t", m.today, l.Name, owned, named)
		}
	}
	for b, f := range m.figure(t) {
		want := f.toChase
		if stand.snoozed[b.ours] {
			want = 0
		}
		if got[b.ours] != want {
			t.Errorf("%s: %d is to chase of %s by the worklist, want %d", m.today, got[b.ours], b.name, want)
		}
		if len(stand.claims[b.ours]) == 0 {
			unclaimed += want
		}
	}
	var said int64
	for _, one := range view.Unclaimed {
		said += one.Minor()
	}
	if said != unclaimed {
		t.Errorf("%s: %d is unclaimed by the worklist, want %d", m.today, said, unclaimed)
	}
}

// budgetIsKept counts what stands by itself in the channels on a day.
func (m *month) budgetIsKept(t *testing.T) {
	t.Helper()
	for _, channel := range []string{arChannel, salesChannel} {
		var posts []string
		for _, one := range m.slack.Messages(channel) {
			if one.User == demoBot && one.ThreadTS == "" && one.EphemeralTo == "" && !one.Deleted && ar.DateOf(one.At, m.zone) == m.today {
				posts = append(posts, one.Text)
			}
		}
		if len(posts) > monthBudget {
			t.Errorf("%s: %d messages stand in %s, and %d a day may: %q", m.today, len(posts), channel, monthBudget, posts)
		}
		m.did["fullest channel"] = max(m.did["fullest channel"], len(posts))
	}
}
