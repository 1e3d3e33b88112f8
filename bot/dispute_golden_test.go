package bot_test

import (
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

const saidLink = "https://acme.slack.com/archives/C0AR/p1700000000000100"

// posts are the heads of all posts of a kind.
func (c *counterOf) posts(t *testing.T, kind ar.PostKind) (cards []card.Card) {
	t.Helper()
	digests := newDigests(c.Desk)
	for id := ar.PostID(1); ; id++ {
		post, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return cards
		}
		if post.Kind != kind {
			continue
		}
		composed, err := digests.Compose(t.Context(), post)
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, composed.Head)
	}
}

// TestDisputesGolden draws every message and form about a dispute, from its opening to
// its end.
func TestDisputesGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	golden(t, "dispute_opened", ask(t, c.r, desktest.Dana, "dispute INV-7 $200 two boxes arrived crushed, says Kim"))
	golden(t, "dispute_unsure", ask(t, c.r, desktest.Nora, "dispute INV-9 they do not like it"))
	golden(t, "dispute_chosen", ask(t, c.r, desktest.Nora, "dispute INV-10 $150 pricing: 9.50 was agreed"))
	golden(t, "dispute_too_much", answered(t, c.r, desktest.Dana, "dispute INV-7 $400 price"))
	golden(t, "dispute_which", answered(t, c.r, desktest.Dana, "dispute danaway damaged"))
	golden(t, "dispute_manager", answered(t, c.r, desktest.Boss, "dispute INV-7 price"))
	golden(t, "disputes", ask(t, c.r, desktest.Nora, "disputes"))
	golden(t, "disputes_mine", ask(t, c.r, desktest.Dana, "disputes mine"))
	golden(t, "disputes_none", ask(t, c.r, desktest.Eli, "disputes late"))
	golden(t, "disputes_manager", ask(t, c.r, desktest.Boss, "disputes danaway"))
	golden(t, "disputes_causes", ask(t, c.r, desktest.Boss, "disputes causes"))
	golden(t, "dispute_status", ask(t, c.r, desktest.Dana, "status danaway"))
	golden(t, "dispute_status_invoice", ask(t, c.r, desktest.Dana, "status INV-7"))
	golden(t, "dispute_aging", ask(t, c.r, desktest.Nora, "aging"))
	golden(t, "dispute_aging_before", ask(t, c.r, desktest.Nora, "aging as of 2026-11-24"))
	golden(t, "dispute_shown", c.presses(t, desktest.Boss, "dispute_show", "1"))
	golden(t, "dispute_changed", c.presses(t, desktest.Nora, "dispute_reason", "2 tax"), c.presses(t, desktest.Nora, "dispute_review", "2"))

	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "dispute"}, "dispute_empty")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "dispute danaway"}, "dispute_of_customer")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Shortcut, Action: "dispute", Message: bot.Words{Text: "INV-88 came &lt;late&gt;, *again*", Link: saidLink}}, "dispute_from_message")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Action, Action: "dispute_change", Value: "1"}, "dispute_change")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Action, Action: "resolve", Value: "1"}, "dispute_resolve")
	ask(t, c.r, desktest.Dana, "dispute INV-7 $50 freight")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "resolve INV-7"}, "dispute_resolve_which")
	golden(t, "dispute_resolve_which", ask(t, c.r, desktest.Dana, "resolve INV-7 rejected"))

	golden(t, "dispute_resolved", ask(t, c.r, desktest.Nora, "resolve INV-10 partly credited 50 off"))
	golden(t, "dispute_reopened", c.presses(t, desktest.Nora, "dispute_reopen", "3"))
	golden(t, "dispute_undone", c.presses(t, desktest.Dana, "undo", desktest.Dana.User+" 0 dispute/4/opening//open"))
}

// TestDisputePostsGolden draws what comes by itself: reminders, and questions about what
// the ledger brought.
func TestDisputePostsGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	ask(t, c.r, desktest.Dana, "dispute INV-7 $200 no po")
	ask(t, c.r, desktest.Dana, "dispute INV-88 $1k duplicate of the one in May")
	c.Change(t, ar.Page{
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.CreditMemo, "CM-1", "Danaway", "2026-11-27", "", "120.00"),
			storetest.Doc(ar.CreditMemo, "CM-2", "Danaway", "2026-11-30", "", "1000.00"),
		},
		Applications: []ar.ApplicationRecord{{
			External: "x", From: ar.Ref{Kind: ar.CreditMemo, External: "CM-1"}, To: ar.Ref{Kind: ar.Invoice, External: "INV-7"},
			Kind: ar.ByCredit, Amount: usd("120.00"), Date: day("2026-11-27"),
		}},
	})
	at(c.Company, "2026-12-01")
	if err := c.Desk.SuggestResolutions(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Desk.PlanDisputeReminders(t.Context(), day("2026-12-01")); err != nil {
		t.Fatal(err)
	}
	golden(t, "dispute_questions", c.posts(t, ar.DisputeQuestion)...)
	golden(t, "dispute_reminder", c.posts(t, ar.DisputeReminder)...)
	golden(t, "dispute_not_this", c.presses(t, desktest.Dana, "dispute_not_this", "2"))
	golden(t, "dispute_credited", c.presses(t, desktest.Dana, "dispute_suggested", "1 partly credited"))
	golden(t, "disputes_late", ask(t, c.r, desktest.Dana, "disputes late"))
}

// TestNotesGolden draws notes, calls, who pays, and the history of an account.
func TestNotesGolden(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	golden(t, "note_kept", ask(t, c.r, desktest.Dana, "note danaway pays by check on Fridays, <@U123ABC|kim> says"))
	golden(t, "note_empty", answered(t, c.r, desktest.Dana, `note danaway ""`))
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "note"}, "note_form")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Shortcut, Action: "note", Message: bot.Words{Text: "new PO for INV-7", Link: saidLink}}, "note_from_message")
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Command, Text: "call danaway"}, "call_form")
	of := bot.PickID(ar.Choice{Customer: c.ID(t, "Danaway")})
	c.Clock.Add(time.Hour)
	sent := func(form string, fields map[string]string, value string) card.Card {
		call := bot.Call{Kind: bot.Submission, Action: form, Value: value, Fields: bot.Fields{}}
		for id, text := range fields {
			call.Fields[id] = map[string]bot.Field{id: {Values: []string{text}}}
		}
		return c.does(t, desktest.Dana, call).Card
	}
	golden(t, "call_logged", sent("call", map[string]string{"of": of, "call": "wrong contact", "note": "ask for Kim"}, ""))
	golden(t, "contact_saved", sent("contact", map[string]string{"contact": "Kim Park, 555-0101", "po": "none"}, of))
	c.form(t, desktest.Dana, bot.Call{Kind: bot.Action, Action: "contact", Value: of}, "contact_form")
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-50", "Elixir", "2026-11-01", "2026-11-30", "10.00")}})
	if err := c.Desk.PlanContactQuestions(t.Context(), day("2026-11-25")); err != nil {
		t.Fatal(err)
	}
	golden(t, "contact_question", c.posts(t, ar.ContactQuestion)...)

	ask(t, c.r, desktest.Dana, "dispute INV-7 $200 no po")
	c.saves(t, desktest.Dana, "promise INV-7 300 11/27")
	c.Clock.Add(24 * time.Hour)
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "PAY-1", "Danaway", "2026-11-26", "", "300.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("x", "PAY-1", "INV-7", "2026-11-26", "300.00")},
	})
	if _, err := c.Desk.JudgePromises(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask(t, c.r, desktest.Nora, "resolve INV-7 rejected")
	golden(t, "history", ask(t, c.r, desktest.Nora, "history danaway"))
	golden(t, "history_earlier", c.presses(t, desktest.Nora, "history_earlier", of+" 12"))
	golden(t, "history_invoice", ask(t, c.r, desktest.Dana, "history INV-7"))
	golden(t, "history_none", answered(t, c.r, desktest.Dana, "history"))
	golden(t, "status_with_notes", ask(t, c.r, desktest.Dana, "status danaway"))
}
