package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/fakeslack"
)

// promisesAreRight compares the promises and their verdicts with the books.
func (m *month) promisesAreRight(t *testing.T) {
	t.Helper()
	var stored []ar.Promise
	var given map[ar.PromiseID]ar.GivenVerdict
	if err := m.app.books.View(t.Context(), func(r ar.Reader) (err error) {
		if stored, err = r.Promises(t.Context(), ar.PromiseFilter{}); err != nil {
			return err
		}
		ids := make([]ar.PromiseID, len(stored))
		for i, p := range stored {
			ids[i] = p.ID
		}
		given, err = r.Verdicts(t.Context(), ids)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(stored, func(a, b ar.Promise) int { return int(a.ID - b.ID) })
	var got, want []string
	for _, p := range stored {
		line := fmt.Sprintf("%d by %s of %d: ", p.ID, p.Made.By, p.Customer)
		for i, one := range p.Parts {
			line += fmt.Sprintf("%s by %s", one.Amount.Decimal(), one.Due) //nolint:perfsprint // a few parts
			if v := given[p.ID].Verdict; p.End == "" && i < len(v.Parts) && v.Parts[i].State.Final() {
				line += fmt.Sprintf(" (%s, %s paid, %s missing%s)", v.Parts[i].State, v.Parts[i].Paid.Decimal(), v.Parts[i].Missing.Decimal(), v.Parts[i].Reason)
			}
			line += ", "
		}
		got = append(got, line+string(p.End)+fmt.Sprintf(" already %d", p.Already.Minor()))
	}
	for _, w := range m.words {
		line := fmt.Sprintf("%d by %s of %d: ", w.no, w.by.user, w.of.ours)
		for i, one := range w.parts {
			line += fmt.Sprintf("%s by %s", usd(one.amount).Decimal(), one.due) //nolint:perfsprint // a few parts
			if w.stands() && w.now[i].state.Final() {
				line += fmt.Sprintf(" (%s, %s paid, %s missing%s)", w.now[i].state, usd(w.now[i].paid).Decimal(), usd(w.now[i].missing).Decimal(), w.now[i].reason)
			}
			line += ", "
		}
		want = append(want, line+string(w.end)+fmt.Sprintf(" already %d", w.already))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: promises (-right +stored):\n%s", m.today, diff)
	}
}

func usd(cents int64) ar.Money { return ar.NewMoney(cents, "USD") }

// postsAreRight compares the verdicts that stand in Slack with those to be told: one
// message each, in the thread where the promise was recorded or to who recorded it.
func (m *month) postsAreRight(t *testing.T) {
	t.Helper()
	got := map[string]string{}
	for _, line := range column(t, m.looks, `SELECT p.route || '|' || date(p.day * 86400, 'unixepoch') || '|' || COALESCE(x.channel, p.state) || '|' || COALESCE(x.ts, p.fault)
		FROM posts p LEFT JOIN post_parts x ON x.post_id = p.id WHERE p.kind = 'verdict'`) {
		f := strings.Split(line, "|")
		got[f[0]+" "+f[1]] = f[2] + "|" + f[3]
	}
	inSlack := m.verdictMessages()
	for key, state := range m.posts {
		place, told := got[key]
		delete(got, key)
		message, there := inSlack[place]
		delete(inSlack, place)
		if !told || !there {
			t.Errorf("%s: the verdict %s (%s) is planned: %t, in Slack: %t", m.today, key, state, told, there)
			continue
		}
		m.checkMessage(t, key, state, message)
	}
	for key, place := range got {
		t.Errorf("%s: a verdict %s was told, and should not: %q", m.today, key, inSlack[place].Text)
		delete(inSlack, place)
	}
	for place, message := range inSlack {
		t.Errorf("%s: a verdict stands twice, at %s: %s", m.today, place, message.Text)
	}
}

func (m *month) checkMessage(t *testing.T, key, state string, message fakeslack.Message) {
	t.Helper()
	fields := strings.Split(strings.Fields(key)[0], ":")
	w := m.words[number(fields[1])-1]
	text := strings.ToLower(message.Text)
	if corrects := strings.Contains(text, "corrected"); corrects != (len(fields) > 3) || !strings.Contains(text, state) {
		t.Errorf("%s: the verdict %s (%s) says %q", m.today, key, state, message.Text)
	}
	if w.thread != "" && (message.Channel != w.channel || message.ThreadTS != w.thread) {
		t.Errorf("%s: the verdict %s stands in %s %s, want the thread %s %s", m.today, key, message.Channel, message.ThreadTS, w.channel, w.thread)
	}
	if w.thread == "" && !slices.ContainsFunc(m.slack.DMs(w.by.user), func(o fakeslack.Message) bool { return o.Channel == message.Channel && o.TS == message.TS }) {
		t.Errorf("%s: the verdict %s stands in %s and not with %s", m.today, key, message.Channel, w.by.user)
	}
}

// verdictMessages are all messages that tell a verdict, by their place.
func (m *month) verdictMessages() map[string]fakeslack.Message {
	all := slices.Concat(m.slack.Messages(arChannel), m.slack.Messages(salesChannel))
	for _, p := range m.people {
		all = append(all, m.slack.DMs(p.user)...)
	}
	found := map[string]fakeslack.Message{}
	for _, one := range all {
		if strings.HasPrefix(one.Text, "Promise of ") && one.Via == "chat.postMessage" && !one.Deleted {
			found[one.Channel+"|"+one.TS] = one
		}
	}
	return found
}

// sumsAreRight compares each account with the test's own arithmetic.
func (m *month) sumsAreRight(t *testing.T) {
	t.Helper()
	right := m.figure(t)
	admin := ar.Actor{User: "U0011", Roles: []ar.Role{ar.Admin}}
	for _, b := range m.names {
		view, err := m.app.desk.Status(t.Context(), admin, desk.StatusInput{Customer: b.ours})
		if err != nil {
			t.Fatal(err)
		}
		var want figures
		for other, f := range right {
			if other.under(b) {
				want = want.plus(f)
			}
		}
		m.compareSums(t, b, view, want)
	}
	m.did["sums"] += len(m.names)
}

func (m *month) compareSums(t *testing.T, b *buyer, view desk.Account, want figures) {
	t.Helper()
	var got figures
	for _, s := range view.Money {
		for _, bucket := range s.Buckets {
			got.open += bucket.Minor()
		}
		got.overdue, got.toChase, got.unapplied = s.Overdue.Minor(), s.ToChase.Minor(), s.Unapplied.Minor()
	}
	got.notDue = got.open - got.overdue
	for _, h := range view.Held {
		got.disputed, got.promised = h.Disputed.Minor(), h.Promised.Minor()
		got.notDue -= h.Disputed.Minor() - h.OverdueDisputed.Minor() + h.Promised.Minor() - h.OverduePromised.Minor()
		parts := h.Disputed.Minor() + h.Promised.Minor() + h.NotDue.Minor() + h.ToChase.Minor()
		if whole := h.Open.Minor() - (h.Unapplied.Minor() - h.Spare.Minor()); parts != whole || !h.Balanced() {
			t.Errorf("%s: of %s the parts are %d and the whole %d: %+v", m.today, b.name, parts, whole, h)
		}
	}
	if got != want {
		t.Errorf("%s: %s stands at %+v, want %+v", m.today, b.name, got, want)
	}
}

// sealed proves the audit to its end.
func (m *month) sealed(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	for {
		out := m.mustRun(t, "audit", "verify")
		if strings.Contains(out, "are as they were written") && !strings.Contains(out, "not sealed yet") {
			m.did["audit records"] = number(strings.TrimSuffix(strings.Fields(out)[3], ","))
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("the audit: %s", out)
		}
	}
}
