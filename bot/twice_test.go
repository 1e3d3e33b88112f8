package bot_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

// wireButton is a button as Slack has it.
type wireButton struct {
	Text struct {
		Text string `json:"text"`
	} `json:"text"`
	Action string `json:"action_id"`
	Value  string `json:"value"`
}

// buttons are the buttons of a message.
func buttons(t *testing.T, m fakeslack.Message) (all []wireButton) {
	t.Helper()
	var blocks []struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		for _, raw := range b.Elements {
			var one wireButton
			if json.Unmarshal(raw, &one) == nil && one.Action != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

func labels(t *testing.T, m fakeslack.Message) (all []string) {
	t.Helper()
	for _, b := range buttons(t, m) {
		all = append(all, b.Text.Text)
	}
	return all
}

// pressesTwice has Dana press a button and press it a second time, as who clicks twice
// does: the second answer says and offers what the first did.
func (p *teller) pressesTwice(t *testing.T, m fakeslack.Message, label string) fakeslack.Message {
	t.Helper()
	var pressed wireButton
	for _, b := range buttons(t, m) {
		if b.Text.Text == label {
			pressed = b
		}
	}
	first := p.presses(t, dana, m, label)
	action, _, _ := strings.Cut(pressed.Action, "#")
	second := p.pressesForged(t, dana, action, pressed.Value)
	if first.Text != second.Text || fmt.Sprint(labels(t, first)) != fmt.Sprint(labels(t, second)) {
		t.Errorf("%s: first %q with %q, then %q with %q", label, first.Text, labels(t, first), second.Text, labels(t, second))
	}
	return first
}

// A press that comes twice has one answer, with the same buttons, and does one thing.
func TestPressedTwice(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		saved := p.pressesTwice(t, p.types(t, dana, "promise INV-88 500 12/4"), "Save")
		contains(t, fmt.Sprint(labels(t, saved)), "Undo")
		undone := p.pressesTwice(t, saved, "Undo")
		contains(t, undone.Text, "Undone: it is not recorded that Danaway promised $500.00")
		p.wantPromises(t)

		saved = p.presses(t, dana, p.types(t, dana, "promise INV-88 700 12/4"), "Save")
		cancelled := p.pressesTwice(t, saved, "Cancel the promise")
		contains(t, fmt.Sprint(labels(t, cancelled)), "Undo")
		contains(t, p.pressesTwice(t, cancelled, "Undo").Text, "It stands again: Danaway promised $700.00")
		p.wantPromises(t, "Danaway, INV-88: $700.00 2026-12-04")

		contains(t, p.pressesTwice(t, p.types(t, dana, "note danaway pays by check"), "Undo").Text, "Undone: the note on Danaway was taken back.")
		disputed := p.types(t, dana, "dispute INV-7 $200 two boxes arrived crushed")
		contains(t, p.pressesTwice(t, disputed, "Undo").Text, "Undone: $200.00 of INV-7 (Danaway), damaged is not disputed.")
		disputed = p.types(t, dana, "dispute INV-7 $200 two boxes arrived crushed")
		review := p.pressesTwice(t, disputed, "In review")
		contains(t, review.Text, "In review: ")
		contains(t, fmt.Sprint(labels(t, review)), "Undo")
	})
}

// became waits until a message says something else in its place.
func (p *teller) became(t *testing.T, m fakeslack.Message, text string) (now fakeslack.Message) {
	t.Helper()
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.Await(soon, func(s *fakeslack.State) bool {
		for _, one := range append(s.Messages(m.Channel), s.DMs(m.EphemeralTo)...) {
			if one.TS == m.TS {
				now = one
			}
		}
		return strings.Contains(now.Text, text)
	}); err != nil {
		t.Fatalf("it says %q, and not %q: %v", now.Text, text, err)
	}
	return now
}

// What answers a form stands in the place of the card whose button opened it, so that the
// card does not go on offering what was done; a list stays as it is.
func TestFormAnswersInPlaceOfItsCard(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		sends := func(m fakeslack.Message, button, waits string, values map[string]string) {
			t.Helper()
			p.clock.advance(10 * time.Second)
			if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: m.Channel, TS: m.TS, Element: button}); err != nil {
				t.Fatal(err)
			}
			p.modal(t, dana, waits)
			p.clock.advance(10 * time.Second)
			if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: values}); err != nil {
				t.Fatal(err)
			}
		}
		read := p.types(t, dana, "promise INV-88 half 12/4, rest 12/11")
		sends(read, "Change…", "Invoice or customer", map[string]string{"amount1": "100", "day1": "2026-12-01"})
		saved := p.became(t, read, "Danaway promised $100.00 by Tue 1 Dec 2026")
		contains(t, fmt.Sprint(labels(t, saved)), "Undo")
		lacks(t, fmt.Sprint(labels(t, saved)), "Save")
		sends(saved, "Change…", "takes the place", map[string]string{"amount1": "200", "day1": "2026-12-02"})
		p.became(t, saved, "This takes the place of $100.00 by Tue 1 Dec 2026")

		disputed := p.types(t, dana, "dispute INV-7 $200 two boxes arrived crushed")
		sends(disputed, "Change…", "Disputed amount", map[string]string{"amount": "100"})
		p.became(t, disputed, "Changed: $100.00 of INV-7 (Danaway), damaged.")
		sends(disputed, "Resolve…", "How did it end?", map[string]string{"outcome": "rejected"})
		p.became(t, disputed, "Resolved, rejected: $100.00 of INV-7 (Danaway), damaged.")
	})
}

// A promise of many parts is changed in a form that has room for them.
func TestPromiseOfManyPartsIsChanged(t *testing.T) {
	t.Parallel()
	p := newTeller(t, viaHTTP)
	saved := p.presses(t, dana, p.types(t, dana, "promise INV-88 100 12/1, 100 12/8, 100 12/15, 100 12/22, rest 12/29"), "Save")
	p.clock.advance(10 * time.Second)
	if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: saved.Channel, TS: saved.TS, Element: "Change…"}); err != nil {
		t.Fatal(err)
	}
	contains(t, string(p.modal(t, dana, "takes the place").Blocks), "Amount of part 5", "2026-12-29")
	p.clock.advance(10 * time.Second)
	if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: map[string]string{"day5": "2026-12-30"}}); err != nil {
		t.Fatal(err)
	}
	p.became(t, saved, "$9,600.00 by Wed 30 Dec 2026")
	p.wantPromises(t, "Danaway, INV-88: $100.00 2026-12-01 $100.00 2026-12-08 $100.00 2026-12-15 $100.00 2026-12-22 $9,600.00 2026-12-30")
}

// What was done is told, however long Slack takes nothing: the answer is kept in the books
// and comes as a direct message.
func TestAnswerThatSlackDidNotTake(t *testing.T) {
	t.Parallel()
	p := newTeller(t, viaHTTP)
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	router := bot.NewRouter(bot.RouterConfig{Desk: p.c.Desk, Slash: "/ar", People: p.people})
	kept := make(chan string, 10)
	p.listen(t, p.via, router.Handle, func(c *bot.Config) {
		c.Opens = router.Opens
		c.Keep = func(ctx context.Context, user, id, say string) error {
			err := p.c.Desk.TellLater(ctx, user, id, say)
			kept <- user + ": " + say
			return err
		}
	})
	m := p.types(t, dana, "promise INV-88 500 12/4")
	lift := p.Inject(fakeslack.Fault{Status: http.StatusServiceUnavailable, Times: -1})
	p.clock.advance(10 * time.Second)
	if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: m.Channel, TS: m.TS, Element: "Save"}); err != nil {
		t.Fatal(err)
	}
	contains(t, <-kept, dana+": Danaway promised $500.00 by Fri 4 Dec 2026 for INV-88.")
	lift()
	p.brings(t, "2026-11-25", ar.Page{})
	contains(t, p.awaitDM(t, dana, 1)[0].Text, "Slack did not take this answer when you did it: Danaway promised $500.00 by Fri 4 Dec 2026 for INV-88.")
}

// Who is away is reminded by way of the deputy, who gets no right by it.
func TestDeputyIsRemindedOfDisputes(t *testing.T) {
	t.Parallel()
	c := desktest.New(t, func(s *desk.Settings) {
		for i := range s.People {
			if s.People[i].Email == "dana@example.com" {
				s.People[i].Deputy = "eli@example.com"
				s.People[i].Away = []desk.Absence{{From: day("2026-12-01"), To: day("2026-12-04")}}
			}
		}
	})
	c.Import(t, ar.Page{Customers: []ar.CustomerRecord{desktest.Customer("Danaway", "dana@example.com")}, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "INV-1", "Danaway", "2026-09-01", "2026-10-01", "500.00"),
	}})
	d, err := c.Desk.OpenDispute(t.Context(), desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Reason: ar.ReasonFreight, Note: "freight"})
	if err != nil {
		t.Fatal(err)
	}
	danas := "dana@example.com"
	if _, err := c.Desk.ChangeDispute(t.Context(), desktest.Nora, d.ID, desk.DisputeChange{Assignee: &danas}); err != nil {
		t.Fatal(err)
	}
	for on, to := range map[string]string{"2026-12-02": "eli@example.com", "2026-12-08": "dana@example.com"} {
		composed, err := newDigests(c.Desk).Compose(t.Context(), ar.Post{PostKey: ar.PostKey{Kind: ar.DisputeReminder, Route: "to:dana@example.com", Day: day(on)}})
		if err != nil || composed.Empty || composed.To.Email != to {
			t.Errorf("on %s it goes to %+v (%q), %v", on, composed.To, composed.Head.Text, err)
		}
	}
	_, err = c.Desk.MoveDispute(t.Context(), desktest.Eli, d.ID, desk.DisputeMove{State: ar.DisputeInReview})
	if ar.KindOf(err) != ar.Forbidden {
		t.Errorf("the deputy changes it: %v", err)
	}
}

// acts counts the records of an action in the audit.
func (p *teller) acts(t *testing.T, action string) (n int) {
	t.Helper()
	p.c.Read(t, func(r ar.Reader) error {
		all, err := r.Unsealed(t.Context(), 1000)
		for _, one := range all {
			if one.Action == action {
				n++
			}
		}
		return err
	})
	return n
}

// A form that is sent twice, as by who clicks twice before it closes, is one call, note or
// dispute; both are answered.
func TestFormSentTwice(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		typed, waits, action, says string
		values                     map[string]string
	}{
		"call":    {"call danaway", "How did it end?", "note.write", "Call to Danaway logged: no answer.", map[string]string{"call": "no answer"}},
		"note":    {"note danaway", "Everybody who sees", "note.write", "Noted on Danaway.", map[string]string{"note": "pays by check"}},
		"dispute": {"dispute INV-7", "What did the customer say?", "dispute.open", "Disputed: $100.00 of INV-7 (Danaway), damaged.", map[string]string{"amount": "100", "note": "crushed boxes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, func(t *testing.T, via string) {
				p := newTeller(t, via)
				p.clock.advance(10 * time.Second)
				p.slash(t, dana, arChannel, tt.typed)
				p.modal(t, dana, tt.waits)
				p.clock.advance(10 * time.Second)
				for range 2 {
					if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: tt.values}, fakeslack.NoWait()); err != nil {
						t.Fatal(err)
					}
				}
				for _, dm := range p.awaitDM(t, dana, 2) {
					contains(t, dm.Text, tt.says)
				}
				if n := p.acts(t, tt.action); n != 1 {
					t.Errorf("%d acts came of it, want one", n)
				}
			})
		})
	}
}

// A menu whose entry is chosen twice changes a dispute once, and both answers take it back.
func TestReasonChosenTwice(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "dispute INV-7 $200 pricing two boxes")
		p.clock.advance(10 * time.Second)
		var both []*fakeslack.Delivery
		for range 2 {
			d, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: m.Channel, TS: m.TS, Element: "dispute_reason", Value: "Freight"}, fakeslack.NoWait())
			if err != nil {
				t.Fatal(err)
			}
			both = append(both, d)
		}
		for _, d := range both {
			if err := d.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		changed := p.became(t, m, "Changed: $200.00 of INV-7 (Danaway), freight.")
		if err := p.stop(); err != nil { // both are answered then
			t.Fatal(err)
		}
		p.start(t)
		if n := p.acts(t, "dispute.change"); n != 1 {
			t.Errorf("%d changes came of it, want one", n)
		}
		contains(t, fmt.Sprint(labels(t, changed)), "Undo")
		contains(t, p.presses(t, dana, p.became(t, m, "Changed: "), "Undo").Text, "Undone: it is as it was, $200.00 of INV-7 (Danaway), pricing.")
		if n := p.acts(t, "dispute.undo"); n != 1 {
			t.Errorf("%d were taken back, want one", n)
		}
	})
}
