package bot_test

import (
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

// head waits for the one message of the bot in a channel that holds a text.
func (p *teller) head(t *testing.T, channel, text string) fakeslack.Message {
	t.Helper()
	var found []fakeslack.Message
	for _, m := range p.Messages(channel) {
		if m.User == botUser && !m.Deleted && m.ThreadTS == "" && m.EphemeralTo == "" && strings.Contains(m.Text, text) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d messages with %q in %s", len(found), text, channel)
	}
	return found[0]
}

// fillsIn sends the modal that somebody has open, and returns what Slack was acknowledged.
func (p *teller) fillsIn(t *testing.T, user string, values map[string]string) string {
	t.Helper()
	p.clock.advance(10 * time.Second)
	d, err := p.SubmitView(t.Context(), fakeslack.Submission{User: user, Values: values})
	if err != nil {
		t.Fatal(err)
	}
	ack, _ := d.Ack()
	return string(ack.Payload)
}

// escalates posts an escalation of INV-7 to the AR channel, and has it delivered.
func (p *teller) escalates(t *testing.T) fakeslack.Message {
	t.Helper()
	p.clock.advance(10 * time.Second)
	p.slash(t, nora, arChannel, "escalate INV-7 <#"+arChannel+"|ar> please call Kim")
	p.modal(t, nora, "please call Kim")
	p.fillsIn(t, nora, nil)
	p.awaitDM(t, nora, 1)
	p.brings(t, "2026-11-25", ar.Page{})
	return p.head(t, arChannel, "INV-7 (Danaway): $500.00 overdue")
}

// The message stands once, is edited in its place when somebody takes it, and the thread
// says thank you when it is paid.
func TestEscalationLivesInItsChannel(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.escalates(t)
		p.brings(t, "2026-11-25", ar.Page{})
		contains(t, p.presses(t, eli, m, "Mine").Text, "Danaway is yours: $500.00 overdue")
		contains(t, p.presses(t, dana, m, "Mine").Text, "Eli Stone has Danaway since Wed 25 Nov 2026.")
		contains(t, p.presses(t, dana, m, "Why did I get this?").Text, "It was posted by hand on Wed 25 Nov 2026.")
		p.brings(t, "2026-11-25", ar.Page{})
		if now := p.head(t, arChannel, "Somebody has taken it."); now.TS != m.TS {
			t.Errorf("it stands anew: %s, was %s", now.TS, m.TS)
		}
		p.c.Change(t, ar.Page{
			Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "PAY-1", "Danaway", "2026-11-25", "", "500.00")},
			Applications: []ar.ApplicationRecord{storetest.Pays("x", "PAY-1", "INV-7", "2026-11-25", "500.00")},
		})
		for range 2 {
			if err := p.c.Desk.FollowEscalations(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.brings(t, "2026-11-25", ar.Page{})
		}
		if said := strings.Join(p.told(m.TS), "\n"); strings.Count(said, "Paid: $500.00. Thank you!") != 1 {
			t.Errorf("the thread says:\n%s", said)
		}
		if now := p.head(t, arChannel, "what was escalated is settled"); now.TS != m.TS {
			t.Errorf("it stands anew")
		}
	})
}

// A channel that people from outside read gets nothing, neither when the form is sent nor
// when it became one since.
func TestEscalationStaysInside(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.slash(t, nora, arChannel, "escalate INV-7")
		p.modal(t, nora, "What is asked")
		for _, channel := range []string{mixedChannel, sharedChannel} {
			contains(t, p.fillsIn(t, nora, map[string]string{"to": channel}), "People from outside read that channel")
		}
		p.fillsIn(t, nora, map[string]string{"to": arChannel})
		p.awaitDM(t, nora, 1)
		p.PutChannel(fakeslack.Channel{ID: arChannel, Name: "ar", ExtShared: true, SharedTeamIDs: []string{"T0OTHER"}, Members: []string{nora, botUser, stranger}})
		p.clock.advance(time.Hour)
		p.brings(t, "2026-11-25", ar.Page{})
		for _, m := range p.Messages(arChannel) {
			if m.User == botUser && !m.Deleted && m.EphemeralTo == "" {
				t.Errorf("it stands there: %s", m.Text)
			}
		}
	})
}

// An answer in the thread becomes a note of what was escalated, when it is marked.
func TestAnswersInTheThreadBecomeNotes(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.escalates(t)
		said, _, err := p.Say(t.Context(), fakeslack.Words{User: dana, Channel: arChannel, Text: "They pay on Friday, says Kim", ThreadTS: m.TS})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: dana, CallbackID: "note", Channel: arChannel, TS: said.TS}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "They pay on Friday, says Kim")
		p.fillsIn(t, dana, nil)
		contains(t, p.awaitDM(t, dana, 1)[0].Text, "Noted on INV-7 (Danaway).")
		p.wantNotes(t, "inv-7", "They pay on Friday, says Kim")
	})
}
