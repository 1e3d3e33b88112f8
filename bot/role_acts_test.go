package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

// opensForged opens a form by a button that was drawn for somebody else, and waits until
// the person reads a text: in the form, or as an answer.
func (p *teller) opensForged(t *testing.T, user, form, value, want string) {
	t.Helper()
	p.clock.advance(10 * time.Second)
	pages, err := bot.Pages(card.New("A button.", card.Buttons{{Label: "Press", Action: form, Value: value}}), blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pages[0].Open = true
	at, err := p.gate.Post(t.Context(), mixedChannel, "", pages[0], "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Click(t.Context(), fakeslack.Click{User: user, Channel: mixedChannel, TS: at.TS, Element: "Press"}); err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var read []string
	if err := p.Await(soon, func(s *fakeslack.State) bool {
		read = nil
		for _, v := range s.Modals(user) {
			read = append(read, string(v.Blocks))
		}
		for _, m := range s.Messages(mixedChannel) {
			if m.EphemeralTo == user {
				read = append(read, m.Text)
			}
		}
		return strings.Contains(strings.Join(read, "\n"), want)
	}); err != nil {
		t.Errorf("%s opens %s %s and reads %q, want %q", user, form, value, read, want)
	}
}

// Who may log a call, tell who pays, and reassign, review and reopen a dispute: by role,
// over both ways in, through buttons that were drawn for somebody else.
func TestWhoMayActOnAccountsAndDisputes(t *testing.T) {
	t.Parallel()
	const (
		notTheirs = "This is not one of your accounts."
		onlyThem  = "Only who opened a dispute"
		ok        = ""
	)
	for _, row := range []struct{ user, call, contact, change, move string }{
		{dana, ok, ok, ok, onlyThem}, // a form opens for whoever reads; sending it is refused
		{eli, notTheirs, notTheirs, notTheirs, notTheirs},
		{nora, ok, ok, ok, ok},
		{boss, ok, ok, ok, onlyThem},
		{admin, ok, ok, ok, ok},
		{newly, noRole, noRole, noRole, noRole},
		{guest, outsider, outsider, outsider, outsider},
		{stranger, outsider, outsider, outsider, outsider},
	} {
		overBoth(t, func(t *testing.T, via string) {
			t.Run(row.user, func(t *testing.T) {
				t.Parallel()
				p := newTeller(t, via)
				p.types(t, nora, "dispute INV-7 $100 price")
				danaway := fmt.Sprintf("c%d", p.c.ID(t, "Danaway"))
				for _, move := range []struct{ action, done string }{{"dispute_review", "In review: "}, {"dispute_reopen", "Opened again: "}} {
					want := row.move
					if want == ok {
						want = move.done
					}
					if got := p.pressesForged(t, row.user, move.action, "1"); !strings.Contains(got.Text, want) {
						t.Errorf("%s: %q, want %q", move.action, got.Text, want)
					}
				}
				for _, form := range []struct{ name, value, want, shows string }{
					{"call", danaway, row.call, "How did it end?"},
					{"contact", danaway, row.contact, "Who pays the bills there?"},
					{"dispute_change", "1", row.change, "Who resolves it"},
				} {
					want := form.want
					if want == ok {
						want = form.shows
					}
					p.opensForged(t, row.user, form.name, form.value, want)
					if form.want != ok {
						continue
					}
					p.sendsForm(t, row.user, form.name, row.move)
				}
			})
		})
	}
}

// Who could not send the form of an escalation or of a credit hold is refused before it is
// filled in.
func TestWhoMayEscalateAndHold(t *testing.T) {
	t.Parallel()
	const (
		noEscalation = "Escalations are posted by AR and admins."
		noHold       = "Credit holds are decided by two people of AR, managers and admins."
		askedWhat    = "What is asked, and of whom?"
		askedWhy     = "Why?"
	)
	for _, row := range []struct{ user, escalate, hold string }{
		{dana, noEscalation, noHold},
		{nora, askedWhat, askedWhy},
		{boss, noEscalation, askedWhy},
		{newly, noRole, noRole},
		{stranger, outsider, outsider},
	} {
		overBoth(t, func(t *testing.T, via string) {
			t.Run(row.user, func(t *testing.T) {
				t.Parallel()
				for form, want := range map[string]string{"escalate": row.escalate, "hold": row.hold} {
					p := newTeller(t, via)
					p.opensForged(t, row.user, form, fmt.Sprintf("c%d", p.c.ID(t, "Danaway")), want)
				}
			})
		})
	}
}

// sendsForm sends a form that is open, and looks at what comes of it.
func (p *teller) sendsForm(t *testing.T, user, form, move string) {
	t.Helper()
	p.clock.advance(10 * time.Second)
	d, err := p.SubmitView(t.Context(), fakeslack.Submission{User: user, Values: map[string]map[string]string{
		"call": {"call": "reached", "note": "said soon"}, "contact": {"contact": "Kim Park"}, "dispute_change": {"assignee": "eli@example.com"},
	}[form]})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"call": "Call to Danaway logged: reached.", "contact": "Who pays for Danaway is saved.", "dispute_change": "Changed: "}[form]
	if form == "dispute_change" && move != "" {
		want = move
	}
	if ack, _ := d.Ack(); strings.Contains(string(ack.Payload), `"errors"`) {
		t.Fatalf("%s sends %s: %s", user, form, ack.Payload)
	}
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var read []string
	if err := p.Await(soon, func(s *fakeslack.State) bool {
		read = nil
		for _, m := range append(s.DMs(user), s.Messages(mixedChannel)...) {
			read = append(read, m.Text)
		}
		return strings.Contains(strings.Join(read, "\n"), want)
	}); err != nil {
		t.Errorf("%s sends %s and reads %q, want %q", user, form, read, want)
	}
}
