package bot_test

import (
	"fmt"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// counterOf is a company of which promises are recorded, without Slack.
type counterOf struct {
	*desktest.Company
	r *bot.Router
}

func newCounter(t *testing.T) *counterOf {
	t.Helper()
	c := desktest.New(t, func(s *desk.Settings) { s.GraceDays = 1 })
	c.Import(t, tellerBooks())
	return &counterOf{c, newRouter(c.Desk)}
}

// does is the answer to a press of a button, or to a form.
func (c *counterOf) does(t *testing.T, actor ar.Actor, call bot.Call) bot.Answer {
	t.Helper()
	call.ID, call.User, call.Ephemeral = "7F3K", actor.User, true
	answer, err := c.r.Handle(t.Context(), actor, call)
	if err != nil {
		t.Fatalf("%s %s: %v", call.Action, call.Value, err)
	}
	return answer
}

func (c *counterOf) presses(t *testing.T, actor ar.Actor, action, value string) card.Card {
	t.Helper()
	return c.does(t, actor, bot.Call{Kind: bot.Action, Action: action, Value: value, Trigger: "T"}).Card
}

// form is the view that a button opens.
func (c *counterOf) form(t *testing.T, actor ar.Actor, call bot.Call, name string) {
	t.Helper()
	call.Trigger = "T"
	answer := c.does(t, actor, call)
	if answer.Modal == nil {
		t.Fatalf("%s opens no form: %+v", name, answer)
	}
	view, err := blockkit.Modal(*answer.Modal, blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "../views/"+name+".json", indented(t, view))
}

// button is the value of a card's button.
func button(t *testing.T, c card.Card, label string) string {
	t.Helper()
	for _, part := range c.Parts {
		if buttons, ok := part.(card.Buttons); ok {
			for _, b := range buttons {
				if b.Label == label {
					return b.Value
				}
			}
		}
	}
	t.Fatalf("no button %q in %+v", label, c)
	return ""
}

// saves types a promise and saves it.
func (c *counterOf) saves(t *testing.T, actor ar.Actor, text string) card.Card {
	t.Helper()
	return c.presses(t, actor, "promise_save", button(t, ask(t, c.r, actor, text), "Save"))
}

// TestPromisesGolden draws every message about a promise from its typing to its end.
func TestPromisesGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	golden(t, "promise_echo", ask(t, c.r, desktest.Dana, "promise INV-7 half on friday, rest EOM said <@U123ABC|kim> on the phone"))
	golden(t, "promise_two_readings", ask(t, c.r, desktest.Dana, "promise INV-88 3.000 by 12/4"))
	golden(t, "promise_unknown", answered(t, c.r, desktest.Nora, "promise inv 500 Friday"))
	golden(t, "promise_too_much", answered(t, c.r, desktest.Dana, "promise INV-88 12k next Tue"))
	saved := c.saves(t, desktest.Dana, "promise INV-7 half on friday, rest EOM said <@U123ABC|kim> on the phone")
	golden(t, "promise_saved", saved)
	golden(t, "promise_same", ask(t, c.r, desktest.Dana, "promise INV-7 half on friday, rest EOM"))
	c.saves(t, desktest.Nora, "promise INV-10 400 12/4")
	c.saves(t, desktest.Dana, "promise danaway 2000 today")
	golden(t, "promises", ask(t, c.r, desktest.Nora, "promises"))
	golden(t, "promises_mine", ask(t, c.r, desktest.Dana, "promises mine this week"))
	golden(t, "promises_of_account", ask(t, c.r, desktest.Boss, "promises danaway"))
	golden(t, "promises_none", ask(t, c.r, desktest.Dana, "promises late"))
	golden(t, "promise_status", ask(t, c.r, desktest.Dana, "status danaway"))
	golden(t, "promise_status_invoice", ask(t, c.r, desktest.Dana, "status INV-7"))
	golden(t, "promise_overdue", ask(t, c.r, desktest.Nora, "overdue"))
	golden(t, "promise_mine", ask(t, c.r, desktest.Dana, "mine"))
	golden(t, "promise_digest_ar", digestOf(t, c.Company, ar.ARDigest, "ar")...)
	golden(t, "promise_digest_rep", digestOf(t, c.Company, ar.RepDigest, "rep:dana@example.com")...)

	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "promise"}, "promise_empty")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Shortcut, Action: "promise", Message: bot.Words{Text: "Danaway pays 1k of INV-88 next Friday &amp; more later", Link: "https://acme.slack.com/archives/C0AR/p1700000000000100"}}, "promise_from_message")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Action, Action: "promise_change", Value: "1"}, "promise_change")

	golden(t, "promise_cancel_ask", c.presses(t, desktest.Dana, "promise_cancel", "1"))
	golden(t, "promise_cancelled", c.presses(t, desktest.Dana, "promise_cancel_now", "1"))
	golden(t, "promise_cancelled_again", c.presses(t, desktest.Dana, "promise_cancel_now", "1"))
	golden(t, "promise_dropped", c.presses(t, desktest.Dana, "promise_drop", ""))
	golden(t, "promise_undone", c.presses(t, desktest.Dana, "undo", fmt.Sprintf("%s 0 promise/3", desktest.Dana.User)), c.presses(t, desktest.Dana, "undo", desktest.Dana.User+" 0 promise-cancel/1"))
}

// TestVerdictsGolden draws the posts that say what became of promises.
func TestVerdictsGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.saves(t, desktest.Dana, "promise INV-7 300 11/27, 200 12/4 by wire")
	c.saves(t, desktest.Nora, "promise INV-9 200 11/27")
	c.saves(t, desktest.Nora, "promise INV-10 400 11/27")
	bring := func(date string, page ar.Page) {
		at(c.Company, date)
		c.Change(t, page)
		if _, err := c.Desk.JudgePromises(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	pays := func(id, of, customer, date, amount string) ar.Page {
		return ar.Page{
			Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, id, customer, date, "", amount)},
			Applications: []ar.ApplicationRecord{storetest.Pays("of "+id, id, of, date, amount)},
		}
	}
	bring("2026-11-26", pays("P1", "INV-7", "Danaway", "2026-11-26", "300.00"))
	digestOf(t, c.Company, ar.ARDigest, "ar")
	bring("2026-12-01", pays("P2", "INV-9", "Elixir", "2026-12-01", "50.00"))
	golden(t, "verdict_digest_ar", digestOf(t, c.Company, ar.ARDigest, "ar")...)
	golden(t, "verdict_late", ask(t, c.r, desktest.Nora, "promises late"))
	bring("2026-12-02", pays("P3", "INV-9", "Elixir", "2026-11-27", "150.00"))
	bring("2026-12-03", pays("P4", "INV-10", "Foundling", "2026-12-02", "400.00"))
	bring("2026-12-08", ar.Page{})
	golden(t, "verdict_status", ask(t, c.r, desktest.Dana, "status danaway"))
	golden(t, "verdicts", c.verdicts(t)...)
}

// verdicts are the posts of all verdicts.
func (c *counterOf) verdicts(t *testing.T) (cards []card.Card) {
	t.Helper()
	digests := newDigests(c.Desk)
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return cards
		}
		if post.Kind != ar.VerdictPost {
			continue
		}
		composed, err := digests.Compose(t.Context(), post)
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, composed.Head)
	}
}
