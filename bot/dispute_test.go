package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

// disputed are the disputes that stand, in words.
func (p *teller) disputed(t *testing.T) (all []string) {
	t.Helper()
	list, err := p.c.Desk.Disputes(t.Context(), desktest.Admin, desk.DisputesInput{Resolved: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list.Lines {
		state := string(d.State)
		if d.Outcome != "" {
			state += ": " + string(d.Outcome)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s (%s) %s", d.Invoice.Label(), d.Amount, d.Reason, state, d.Note)))
	}
	return all
}

func (p *teller) wantDisputes(t *testing.T, want ...string) {
	t.Helper()
	if got := p.disputed(t); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the disputes are %q, want %q", got, want)
	}
}

// A dispute is recorded by its words, changed by one tap, and undone.
func TestDisputeIsTypedChangedAndUndone(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "dispute INV-7 $200 two boxes arrived crushed")
		contains(t, m.Text, "Disputed: $200.00 of INV-7 (Danaway), damaged. To be resolved by Wed 2 Dec 2026.")
		contains(t, string(m.Blocks), "I read the reason out of the words", "$300.00", "two boxes arrived crushed", "Undo")
		p.wantDisputes(t, "INV-7 $200.00 damaged (open) two boxes arrived crushed")

		changed := p.presses(t, dana, m, "dispute_reason", "Short shipment")
		contains(t, changed.Text, "Changed: $200.00 of INV-7 (Danaway), short shipment.")
		if changed.TS != m.TS {
			t.Error("the card was not changed in its place")
		}
		p.wantDisputes(t, "INV-7 $200.00 short_shipment (open) two boxes arrived crushed")
		contains(t, p.presses(t, dana, changed, "Undo").Text, "Undone: it is as it was, $200.00 of INV-7 (Danaway), damaged.")

		m = p.types(t, dana, "dispute INV-88 pricing agreed price was 9.50")
		contains(t, m.Text, "Disputed: $10,000.00 of INV-88 (Danaway), pricing.")
		contains(t, p.presses(t, dana, m, "Undo").Text, "Undone: $10,000.00 of INV-88 (Danaway), pricing is not disputed.")
		p.wantDisputes(t, "INV-7 $200.00 damaged (open) two boxes arrived crushed")
	})
}

// What is typed is an amount only where nothing else can be meant; the note stays whole.
func TestDisputeTyped(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"dispute INV-7 2 boxes are missing", "INV-7 $500.00 other (open) 2 boxes are missing"},
		{"dispute INV-7 half damaged", "INV-7 $500.00 damaged (open) half damaged"},
		{"dispute INV-7 50% damaged", "INV-7 $250.00 damaged (open) damaged"},
		{"dispute INV-7 120.50 wrong vat", "INV-7 $120.50 tax (open) wrong vat"},
		{"dispute inv-7 missing po: they want 4711 on it", "INV-7 $500.00 missing_po (open) missing po: they want 4711 on it"},
		{"dispute Elixir already paid in May", "INV-9 $200.00 already_paid (open) already paid in May"},
		{"dispute “INV-7” ‘never arrived’", "INV-7 $500.00 not_received (open) never arrived"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			p := newTeller(t, viaHTTP)
			p.types(t, nora, tt.text)
			p.wantDisputes(t, tt.want)
		})
	}
}

// SY-09: of two invoices of one number the choice is offered, and nothing is recorded
// before it is made. The words go with the choice.
func TestSY09DisputeCommand(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		double := func(external, customer string) ar.DocumentRecord {
			d := storetest.Doc(ar.Invoice, external, customer, "2026-09-01", "2026-10-01", "50.00")
			d.Number = "7001"
			return d
		}
		p.c.Change(t, ar.Page{Documents: []ar.DocumentRecord{double("A", "Danaway"), double("B", "Foundling")}})
		m := p.types(t, dana, "dispute 7001 $20 freight was not agreed")
		contains(t, m.Text, "“7001” fits 2 invoices. Which one?")
		p.wantDisputes(t)
		long := p.types(t, dana, "dispute 7001 "+strings.Repeat("freight was not agreed. ", 100)) // too long for a button
		contains(t, long.Text, "“7001” fits 2 invoices. Which one?")
		if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: arChannel, TS: long.TS, Element: "7001 · Foundling"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "7001 · Foundling")
		contains(t, p.presses(t, dana, m, "7001 · Foundling").Text, "Disputed: $20.00 of 7001 (Foundling), freight.")
		p.wantDisputes(t, "7001 $20.00 freight (open) freight was not agreed")
	})
}

// The form is opened by a shortcut with the words of the message, or by the command; its
// faults stand at the field.
func TestDisputeForm(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		said, _, err := p.Say(t.Context(), fakeslack.Words{User: nora, Channel: arChannel, Text: "Kim says INV-7 came <broken> & late"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: dana, CallbackID: "dispute", Channel: arChannel, TS: said.TS}); err != nil {
			t.Fatal(err)
		}
		form := p.modal(t, dana, "INV-7 · Danaway")
		contains(t, form.Title, "Dispute an invoice")
		submit := func(values map[string]string) string {
			p.clock.advance(10 * time.Second)
			d, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: values})
			if err != nil {
				t.Fatal(err)
			}
			ack, _ := d.Ack()
			return string(ack.Payload)
		}
		contains(t, submit(map[string]string{"amount": "900"}), `"amount":"Only $500.00 is owed on INV-7`)
		submit(map[string]string{"amount": "100"})
		dm := p.awaitDM(t, dana, 1)[0]
		contains(t, dm.Text, "Disputed: $100.00 of INV-7 (Danaway), damaged.")
		p.wantDisputes(t, "INV-7 $100.00 damaged (open) Kim says INV-7 came <broken> & late")
		list, err := p.c.Desk.Disputes(t.Context(), desktest.Dana, desk.DisputesInput{})
		if err != nil || !strings.Contains(list.Lines[0].Opened.Where, said.TS[:10]) {
			t.Errorf("it is not known where it was said: %+v, %v", list.Lines[0].Opened, err)
		}

		// By the command: a customer with several invoices offers them.
		p.clock.advance(10 * time.Second)
		p.slash(t, dana, arChannel, "dispute danaway")
		form = p.modal(t, dana, "Invoice of Danaway")
		contains(t, string(form.Blocks), "INV-7 · $500.00 · due 1 Oct", "INV-88 · $10,000.00")
		submit(map[string]string{"of": fmt.Sprintf("d%d", p.c.Document(t, "INV-88")), "reason": "tax", "note": "exempt since May"})
		contains(t, p.awaitDM(t, dana, 2)[1].Text, "Disputed: $10,000.00 of INV-88 (Danaway), tax.")

		// Changed and resolved by forms.
		if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: dm.Channel, TS: dm.TS, Element: "Change…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "Who resolves it")
		contains(t, submit(map[string]string{"assignee": "Kim"}), `"assignee":"I know no e-mail address of “Kim”.`)
		submit(map[string]string{"assignee": "eli stone", "amount": "150", "reason": "freight"})
		p.became(t, dm, "Changed: $150.00 of INV-7 (Danaway), freight.")
		p.clock.advance(10 * time.Second)
		p.slash(t, dana, arChannel, "resolve INV-7")
		p.modal(t, dana, "How did it end?")
		submit(map[string]string{"outcome": "rejected", "note": "agreed in writing"})
		contains(t, p.awaitDM(t, dana, 3)[2].Text, "Resolved, rejected: $150.00 of INV-7 (Danaway), freight. What is open of it is chased again.")
	})
}

func TestResolveCommand(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.types(t, nora, "dispute INV-7 $100 price")
		p.types(t, nora, "dispute INV-7 $50 tax")
		p.types(t, nora, "dispute INV-9 never arrived")
		contains(t, p.types(t, nora, "resolve INV-9 partly credited 30 off").Text,
			"Resolved, partly credited: $200.00 of INV-9 (Elixir), not received. The ledger shows $200.00 open, and that is chased: apply the credit if it is not applied yet.")
		contains(t, p.types(t, nora, "resolve #9 credited").Text, "not in the books any more")
		contains(t, p.types(t, nora, "resolve INV-88 credited").Text, "Nothing of INV-88 is disputed.")
		contains(t, p.types(t, nora, "resolve #1 sometime").Text, "is not how a dispute ends. Choose credited")
		m := p.types(t, nora, "resolve INV-7 rejected agreed in writing")
		contains(t, m.Text, "There are 2 disputes here. Which one?")
		m = p.presses(t, nora, m, "INV-7 · $50.00 · tax")
		contains(t, m.Text, "Resolved, rejected: $50.00 of INV-7 (Danaway), tax.")
		contains(t, p.types(t, nora, "disputes").Text, "$100.00 disputed in 1 dispute.")
		contains(t, p.presses(t, nora, m, "Undo").Text, "Undone: it is as it was, $50.00 of INV-7 (Danaway), tax.")
		contains(t, p.types(t, nora, "disputes danaway").Text, "$150.00 disputed in 2 disputes.")
		contains(t, p.types(t, nora, "disputes causes").Text, "3 disputes opened from 29 Oct to Wed 25 Nov 2026")
	})
}

// From the menu of a list: shown, taken into review, resolved in the form.
func TestDisputesMenu(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.types(t, dana, "dispute INV-7 wrong item")
		list := p.types(t, dana, "disputes mine")
		contains(t, string(list.Blocks), "Danaway · INV-7 · $500.00 · wrong item · logistics, nobody yet · by 2 Dec")
		contains(t, p.presses(t, dana, list, "menu", "In review").Text, "In review: $500.00 of INV-7 (Danaway), wrong item.")
		list = p.types(t, dana, "disputes mine")
		contains(t, p.presses(t, dana, list, "menu", "Show").Text, "$500.00 of INV-7 (Danaway), wrong item.")
		p.clock.advance(10 * time.Second)
		list = p.types(t, dana, "disputes mine")
		if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: arChannel, TS: list.TS, Element: "menu", Value: "Resolve…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "How did it end?")
	})
}

// What the ledger brings is asked about in the thread where the dispute was recorded,
// and once; nothing is assumed.
func TestResolutionIsSuggestedInTheThread(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		root, _, err := p.Say(t.Context(), fakeslack.Words{User: dana, Channel: arChannel, Text: "Danaway called."})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Say(t.Context(), fakeslack.Words{User: dana, Channel: arChannel, Text: "<@" + botUser + "> dispute INV-7 $200 short shipped", ThreadTS: root.TS}); err != nil {
			t.Fatal(err)
		}
		p.awaitThread(t, root.TS, "Disputed: $200.00 of INV-7")
		credited := ar.Page{
			Documents: []ar.DocumentRecord{storetest.Doc(ar.CreditMemo, "CM", "Danaway", "2026-12-01", "", "200.00")},
			Applications: []ar.ApplicationRecord{{
				External: "x", From: ar.Ref{Kind: ar.CreditMemo, External: "CM"}, To: ar.Ref{Kind: ar.Invoice, External: "INV-7"},
				Kind: ar.ByCredit, Amount: usd("200.00"), Date: day("2026-12-01"),
			}},
		}
		for range 2 {
			p.c.Change(t, credited)
			at(p.c, "2026-12-01")
			if err := p.c.Desk.SuggestResolutions(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.brings(t, "2026-12-01", ar.Page{})
		}
		m := p.awaitThread(t, root.TS, "Was the dispute of INV-7 resolved? A credit of $200.00 was applied to the invoice on Tue 1 Dec 2026.")
		if said := p.told(root.TS); len(said) != 1 {
			t.Errorf("it is asked so often: %q", said)
		}
		p.wantDisputes(t, "INV-7 $200.00 short_shipment (open) short shipped")
		if got := p.presses(t, eli, m, "Resolve: credited"); !strings.Contains(got.Text, "This is not one of your accounts.") {
			t.Errorf("somebody else may: %q", got.Text)
		}
		got := p.presses(t, dana, m, "Resolve: credited")
		if got.TS != m.TS {
			t.Errorf("the question still stands: %+v", got)
		}
		contains(t, got.Text, "Resolved, credited: $200.00 of INV-7 (Danaway), short shipment.")
		p.wantDisputes(t, "INV-7 $200.00 short_shipment (resolved: credited) short shipped")
	})
}

// awaitThread waits until the bot has said something in a thread of the AR channel.
func (p *teller) awaitThread(t *testing.T, root, text string) (m fakeslack.Message) {
	t.Helper()
	if err := p.Await(t.Context(), func(s *fakeslack.State) bool {
		for _, one := range s.Thread(arChannel, root) {
			if one.User == botUser && strings.Contains(one.Text, text) {
				m = one
			}
		}
		return m.TS != ""
	}); err != nil {
		t.Fatalf("%q was not said: %v", text, err)
	}
	return m
}

// [Not this] leaves the dispute as it is.
func TestSuggestionIsDeclined(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.types(t, dana, "dispute INV-7 $200 short shipped")
		p.c.Change(t, ar.Page{Documents: []ar.DocumentRecord{storetest.Doc(ar.CreditMemo, "CM", "Danaway", "2026-12-01", "", "200.00")}})
		at(p.c, "2026-12-01")
		if err := p.c.Desk.SuggestResolutions(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.brings(t, "2026-12-01", ar.Page{})
		m := p.awaitDM(t, dana, 1)[0]
		contains(t, m.Text, "The credit memo CM of Tue 1 Dec 2026 over $200.00 is applied to nothing yet, and fits.")
		contains(t, p.presses(t, dana, m, "Not this").Text, "Left as it is: $200.00 of INV-7 (Danaway), short shipment is still disputed.")
		p.wantDisputes(t, "INV-7 $200.00 short_shipment (open) short shipped")
	})
}

// A reminder is one direct message, with what to press.
func TestDisputeReminderIsSent(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.types(t, nora, "dispute INV-7 $200 no po")
		p.types(t, nora, "dispute INV-9 no po")
		eliStone := "eli@example.com"
		for id := ar.DisputeID(1); id <= 2; id++ {
			if _, err := p.c.Desk.ChangeDispute(t.Context(), desktest.Nora, id, desk.DisputeChange{Assignee: &eliStone}); err != nil {
				t.Fatal(err)
			}
		}
		at(p.c, "2026-11-27")
		if err := p.c.Desk.PlanDisputeReminders(t.Context(), day("2026-11-27")); err != nil {
			t.Fatal(err)
		}
		p.brings(t, "2026-11-27", ar.Page{})
		dm := p.awaitDM(t, eli, 1)[0]
		contains(t, dm.Text, "2 disputes to be resolved.")
		if _, err := p.Click(t.Context(), fakeslack.Click{User: eli, Channel: dm.Channel, TS: dm.TS, Element: "Resolve…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, eli, "How did it end?")
	})
}

// Who may do what with disputes and notes, over both ways in: of accounts of their own, of
// another rep's, and of nobody's; with a dispute that Nora opened of INV-7, and a note
// that Dana wrote on Danaway. Buttons give no right.
func TestWhoMayDispute(t *testing.T) {
	t.Parallel()
	const (
		recorded, managers = "Disputed: ", "Managers read everything and write notes."
		noAccount          = "No account of yours matches"
		notTheirs          = "This is not one of your accounts."
		onlyThem           = "Only who opened a dispute"
		onlyWriter         = "Only who wrote a note"
		noted, undone      = "Noted on ", "Undone: "
		shows              = "$100.00 of INV-7 (Danaway), pricing."
		resolved           = "Resolved, rejected"
	)
	table := []struct {
		user                         string
		dana, eli, orphan            string // opens a dispute
		sees, changes, resolves      string
		notes, takesBack, reads, all string
	}{
		{dana, recorded, "I know no “INV-9”.", recorded, shows, onlyThem, onlyThem, noted, undone, "What happened on Danaway", "$100.00 disputed"},
		{eli, noAccount, recorded, recorded, notTheirs, notTheirs, notTheirs, noAccount, notTheirs, noAccount, "Nothing is disputed"},
		{nora, recorded, recorded, recorded, shows, "Changed: ", resolved, noted, undone, "What happened on Danaway", "$100.00 disputed"},
		{boss, managers, managers, managers, shows, onlyThem, onlyThem, noted, onlyWriter, "What happened on Danaway", "$100.00 disputed"},
		{admin, recorded, recorded, recorded, shows, "Changed: ", resolved, noted, undone, "What happened on Danaway", "$100.00 disputed"},
		{newly, noRole, noRole, noRole, noRole, noRole, noRole, noRole, noRole, noRole, noRole},
		{guest, outsider, outsider, outsider, outsider, outsider, outsider, outsider, outsider, outsider, outsider},
		{stranger, outsider, outsider, outsider, outsider, outsider, outsider, outsider, outsider, outsider, outsider},
	}
	overBoth(t, func(t *testing.T, via string) {
		for _, row := range table {
			t.Run(row.user, func(t *testing.T) {
				t.Parallel()
				p := newTeller(t, via)
				p.types(t, nora, "dispute INV-7 $100 price")
				p.types(t, dana, "note danaway pays by check")
				channel := mixedChannel
				say := func(text, want string) {
					t.Helper()
					p.clock.advance(10 * time.Second)
					got := p.await(t, p.slash(t, row.user, channel, text), 1)[0]
					if !strings.Contains(got.Text, want) || got.EphemeralTo != row.user {
						t.Errorf("%s: %q, want %q", text, got.Text, want)
					}
				}
				press := func(action, value, want string) {
					t.Helper()
					if got := p.pressesForged(t, row.user, action, value); !strings.Contains(got.Text, want) {
						t.Errorf("%s %s: %q, want %q", action, value, got.Text, want)
					}
				}
				say("disputes", row.all)
				press("dispute_show", "1", row.sees)
				say("history danaway", row.reads)
				say("dispute INV-88 $20 damaged", row.dana)
				say("dispute INV-9 $20 damaged", row.eli)
				say("dispute INV-10 $20 damaged", row.orphan)
				say("note danaway so do I", row.notes)
				press("undo", fmt.Sprintf("%s %d note/1", row.user, p.clock.Now().Unix()), row.takesBack)
				press("dispute_reason", "1 tax", row.changes)
				if row.changes != onlyThem {
					press("dispute_reason", "1 pricing", row.changes)
				}
				press("dispute_suggested", "1 rejected", row.resolves)
				channel = sharedChannel
				p.clock.advance(10 * time.Second)
				got := p.await(t, p.slash(t, row.user, channel, "dispute INV-88 $20 damaged"), 1)[0]
				if !strings.Contains(got.Text, "This channel is shared with another company") && !strings.Contains(got.Text, outsider) {
					t.Errorf("in a shared channel: %q", got.Text)
				}
			})
		}
	})
}

// A link to an invoice shows its card to whom it may be shown, with nothing to press.
func TestLedgerLinksAreShown(t *testing.T) {
	t.Parallel()
	const link = "https://app.ledger.example/app/invoice?txnId=7"
	overBoth(t, func(t *testing.T, via string) {
		for _, tt := range []struct {
			user, said string
			shown      bool
		}{
			{dana, link, true},
			{nora, link + "&companyId=913", true},
			{eli, link, false}, // not his account
			{dana, "https://app.ledger.example/app/invoice?txnId=8", false},
		} {
			t.Run(tt.user+" "+tt.said, func(t *testing.T) {
				t.Parallel()
				p := newTellerWith(t, via, change{slack: func(o *fakeslack.Options) { o.UnfurlDomains = []string{"ledger.example"} }})
				d := storetest.Doc(ar.Invoice, "INV-7", "Danaway", "2026-09-01", "2026-10-01", "500.00")
				d.URL = link
				p.c.Change(t, ar.Page{Documents: []ar.DocumentRecord{d}})
				m, _, err := p.Say(t.Context(), fakeslack.Words{User: tt.user, Channel: arChannel, Text: "See " + tt.said})
				if err != nil {
					t.Fatal(err)
				}
				// A command that is answered after it: by then the link was, too.
				p.types(t, tt.user, "help")
				if !tt.shown {
					if got := p.Unfurled(arChannel + "." + m.TS); len(got) != 0 {
						t.Errorf("shown: %s", got)
					}
					return
				}
				var shown string
				if err := p.Await(t.Context(), func(s *fakeslack.State) bool {
					shown = string(s.Unfurled(m.Channel + "." + m.TS)[tt.said])
					return shown != ""
				}); err != nil {
					t.Fatal(err)
				}
				contains(t, shown, "INV-7", "$500.00")
				lacks(t, shown, `"button"`, `"overflow"`)
			})
		}
	})
}
