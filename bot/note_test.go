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

// notes are what the history of an account says of notes, the earliest first.
func (p *teller) notes(t *testing.T, of string) (all []string) {
	t.Helper()
	h, err := p.c.Desk.History(t.Context(), desktest.Admin, desk.HistoryInput{Of: of})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range h.Events {
		if e.Kind == ar.EventNote {
			all = append(all, e.Say)
		}
	}
	return all
}

func (p *teller) wantNotes(t *testing.T, of string, want ...string) {
	t.Helper()
	if got := p.notes(t, of); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the notes on %s are %q, want %q", of, got, want)
	}
}

func TestNoteIsTypedAndUndone(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "note danaway pays by check on Fridays")
		contains(t, m.Text, "Noted on Danaway.")
		p.wantNotes(t, "danaway", "pays by check on Fridays")
		contains(t, p.presses(t, dana, m, "Undo").Text, "Undone: the note on Danaway was taken back.")
		p.wantNotes(t, "danaway")
		contains(t, p.types(t, dana, "note INV-7 waits for a new PO").Text, "Noted on INV-7 (Danaway).")
		p.wantNotes(t, "inv-7", "waits for a new PO")
	})
}

// SL-09: what somebody noted is letters in what Slack gets.
func TestSL09NoteIsText(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "note danaway &lt;!channel&gt; &lt;https://evil.example|pay here&gt; *now*")
		contains(t, unescaped(string(m.Blocks)), "<!channel> <https://evil.example|pay here> *now*")
		lacks(t, string(m.Blocks), `"type":"link"`, `"type":"broadcast"`)
	})
}

// A message becomes a note with its address by the shortcut, and a call is logged in a
// form with how it ended.
func TestNoteAndCallForms(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		said, _, err := p.Say(t.Context(), fakeslack.Words{User: nora, Channel: arChannel, Text: "they want INV-7 split"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: dana, CallbackID: "note", Channel: arChannel, TS: said.TS}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "INV-7 · Danaway")
		if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana}); err != nil {
			t.Fatal(err)
		}
		contains(t, p.awaitDM(t, dana, 1)[0].Text, "Noted on INV-7 (Danaway).")
		h, err := p.c.Desk.History(t.Context(), desktest.Dana, desk.HistoryInput{Of: "inv-7"})
		if last := h.Events[len(h.Events)-1]; err != nil || !strings.Contains(last.Where, said.TS[:10]) {
			t.Errorf("the note stands without its address: %+v, %v", last, err)
		}

		p.clock.advance(10 * time.Second)
		p.c.Clock.Add(time.Minute)
		p.slash(t, dana, arChannel, "call danaway")
		p.modal(t, dana, "How did it end?")
		p.clock.advance(10 * time.Second)
		if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: map[string]string{"call": "disputed", "note": "says it was dented"}}); err != nil {
			t.Fatal(err)
		}
		dm := p.awaitDM(t, dana, 2)[1]
		contains(t, dm.Text, "Call to Danaway logged: disputed.")
		p.wantNotes(t, "danaway", "they want INV-7 split", "says it was dented")
		if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: dm.Channel, TS: dm.TS, Element: "Record the dispute…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "Invoice of Danaway")
	})
}

// A history is read on by a button, in its place.
func TestHistoryEarlier(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		for i := range 15 {
			if _, err := p.c.Desk.WriteNote(t.Context(), desktest.Nora, desk.NoteInput{Of: "danaway", Text: fmt.Sprintf("note no. %d.", i)}); err != nil {
				t.Fatal(err)
			}
		}
		m := p.types(t, dana, "history danaway")
		contains(t, string(m.Blocks), "note no. 14.", "note no. 3.", "Earlier (7)")
		lacks(t, string(m.Blocks), "note no. 2.")
		earlier := p.presses(t, dana, m, "Earlier (7)")
		contains(t, string(earlier.Blocks), "note no. 2.", "note no. 0.", "Invoice INV-7 over $500.00", "INV-7 fell due, $500.00 open", "Latest")
		if earlier.TS != m.TS {
			t.Error("it does not stand in its place")
		}
		contains(t, string(p.presses(t, dana, earlier, "Latest").Blocks), "note no. 14.")
	})
}

// Who pays is asked by direct message before an invoice falls due, answered in a form, and
// shown with the account.
func TestWhoPaysIsAskedAndShown(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.c.Change(t, ar.Page{Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-50", "Danaway", "2026-11-01", "2026-11-30", "10.00")}})
		if err := p.c.Desk.PlanContactQuestions(t.Context(), day("2026-11-25")); err != nil {
			t.Fatal(err)
		}
		p.brings(t, "2026-11-25", ar.Page{})
		dm := p.awaitDM(t, dana, 1)[0]
		contains(t, dm.Text, "Who really pays for Danaway? INV-50 over $10.00 falls due Mon 30 Nov 2026.")
		if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: dm.Channel, TS: dm.TS, Element: "Tell…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "Must invoices go through a portal?")
		p.clock.advance(10 * time.Second)
		if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: map[string]string{"contact": "Kim Park, 555-0101", "portal": "none"}}); err != nil {
			t.Fatal(err)
		}
		saved := p.became(t, dm, "Who pays for Danaway is saved.")
		contains(t, string(p.types(t, nora, "status danaway").Blocks), "AP contact", "Kim Park, 555-0101")
		d, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: saved.Channel, TS: saved.TS, Element: "Undo"})
		if err != nil {
			t.Fatal(err)
		}
		contains(t, p.await(t, d, 1)[0].Text, "Undone: who pays for Danaway is as it was.")
		lacks(t, string(p.types(t, nora, "status danaway").Blocks), "Kim Park")
	})
}
