package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

// teller is a workspace where people record promises of four accounts: Danaway is
// Dana's and owes INV-7 with $500 and INV-88 with $10,000, Elixir is Eli's and owes
// INV-9 with $200, and Foundling, who owes INV-10 with $400, is nobody's.
type teller struct {
	*world
	c    *desktest.Company
	via  string
	stop func() error
}

func newTeller(t *testing.T, via string) *teller {
	t.Helper()
	return newTellerWith(t, via)
}

func newTellerWith(t *testing.T, via string, changes ...change) *teller {
	t.Helper()
	c := desktest.New(t, func(s *desk.Settings) {
		s.GraceDays = 1
		s.Escalations = desk.EscalationSettings{Channels: []string{arChannel, mixedChannel, sharedChannel}, Within: 2, Again: ar.AskAgain{Every: 2, Most: 2}}
	})
	c.Import(t, tellerBooks())
	p := &teller{c: c, via: via, world: newWorld(t, append(changes, change{
		gate: func(g *bot.GateConfig) { g.AllowShared = []string{partnersChannel} },
		roles: func(d *bot.DirectoryConfig) {
			d.Roles = bot.Roles{Reps: []string{dana, eli}, AR: []string{nora}, Managers: []string{boss}, Admins: []string{admin}}
		},
		slack: func(s *fakeslack.Options) { s.PostBurst = -1 },
	})...)}
	for id, email := range map[string]string{
		dana: "dana@example.com", eli: "eli@example.com", nora: "nora@example.com", boss: "boss@example.com", admin: "admin@example.com", newly: "new@example.com",
	} {
		p.PutUser(fakeslack.User{ID: id, Email: email})
	}
	ours := []string{dana, eli, nora, boss, admin, newly, botUser}
	everyone := append([]string{guest, stranger}, ours...)
	p.PutChannel(fakeslack.Channel{ID: arChannel, Name: "ar", Members: ours})
	p.PutChannel(fakeslack.Channel{ID: mixedChannel, Name: "everybody", Members: everyone})
	p.PutChannel(fakeslack.Channel{ID: sharedChannel, Name: "shared", ExtShared: true, SharedTeamIDs: []string{"T0OTHER"}, Members: everyone})
	p.start(t)
	return p
}

func tellerBooks() ar.Page {
	return ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("Danaway", "dana@example.com"), desktest.Customer("Elixir", "eli@example.com"), desktest.Customer("Foundling", ""),
		},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-7", "Danaway", "2026-09-01", "2026-10-01", "500.00"),
			storetest.Doc(ar.Invoice, "INV-88", "Danaway", "2026-09-01", "2026-10-01", "10000.00"),
			storetest.Doc(ar.Invoice, "INV-9", "Elixir", "2026-09-01", "2026-10-01", "200.00"),
			storetest.Doc(ar.Invoice, "INV-10", "Foundling", "2026-09-01", "2026-10-01", "400.00"),
		},
	}
}

// start starts the program, as after a restart.
func (p *teller) start(t *testing.T) {
	t.Helper()
	router := bot.NewRouter(bot.RouterConfig{Desk: p.c.Desk, Slash: "/ar", People: p.people, Permalinks: p.gate, Places: p.gate, Share: []string{arChannel}})
	p.stop = p.listen(t, p.via, router.Handle, func(c *bot.Config) { c.Opens = router.Opens }).stop
}

// restart ends the program and starts it anew.
func (p *teller) restart(t *testing.T) {
	t.Helper()
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	p.start(t)
}

// types types a command and returns its answer.
func (p *teller) types(t *testing.T, user, text string) fakeslack.Message {
	t.Helper()
	p.clock.advance(10 * time.Second)
	return p.await(t, p.slash(t, user, arChannel, text), 1)[0]
}

// presses presses a button of a message and returns the answer.
func (p *teller) presses(t *testing.T, user string, m fakeslack.Message, button string, value ...string) fakeslack.Message {
	t.Helper()
	p.clock.advance(10 * time.Second)
	d, err := p.Click(t.Context(), fakeslack.Click{User: user, Channel: m.Channel, TS: m.TS, Element: button, Value: strings.Join(value, "")})
	if err != nil {
		t.Fatal(err)
	}
	return p.await(t, d, 1)[0]
}

// modal waits until the top modal of somebody holds a text.
func (p *teller) modal(t *testing.T, user, text string) fakeslack.View {
	t.Helper()
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var top fakeslack.View
	if err := p.Await(soon, func(s *fakeslack.State) bool {
		stack := s.Modals(user)
		if len(stack) == 0 {
			return false
		}
		top = stack[len(stack)-1]
		return strings.Contains(string(top.Blocks), text)
	}); err != nil {
		t.Fatalf("the modal is %q with %s: %v", top.Title, top.Blocks, err)
	}
	return top
}

// promises are those that stand, in words.
func (p *teller) promises(t *testing.T) []string {
	t.Helper()
	list, err := p.c.Desk.Promises(t.Context(), desktest.Admin, desk.PromisesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, one := range list.Lines {
		words := []string{one.About() + ":"}
		for _, part := range one.Parts {
			words = append(words, part.Amount.String(), part.Due.String())
		}
		all = append(all, strings.TrimSpace(strings.Join(append(words, one.Note), " ")))
	}
	return all
}

func (p *teller) wantPromises(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.Join(p.promises(t), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("promises:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// brings has the ledger bring something on a day, and the promises judged and the posts
// delivered.
func (p *teller) brings(t *testing.T, date string, page ar.Page) {
	t.Helper()
	at(p.c, date)
	p.c.Change(t, page)
	if _, err := p.c.Desk.JudgePromises(t.Context()); err != nil {
		t.Fatal(err)
	}
	delivery := bot.NewDelivery(bot.DeliveryConfig{
		Gate: p.gate, People: p.people, Book: p.c.Desk, Compose: newDigests(p.c.Desk), Alert: &alerts{said: map[string]string{}}, Logger: p.log,
	})
	for id := ar.PostID(1); ; id++ {
		post, err := p.c.Desk.Post(t.Context(), id)
		if err != nil {
			return
		}
		if post.State != ar.PostPlanned {
			continue
		}
		if err := delivery.Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
}

// A typed promise is shown with its weekdays before it is saved; the button works after a
// restart, once; it is changed, undone and cancelled.
func TestPromiseIsShownSavedAndUndone(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "promise 7 half on friday, rest EOM Kim said so")
		if m.EphemeralTo != dana || !strings.Contains(m.Text, "INV-7") {
			t.Fatalf("no choice of INV-7: %+v", m)
		}
		m = p.types(t, dana, "promise INV-7 half on friday, rest EOM Kim said so")
		contains(t, m.Text, "Danaway promised $250.00 by Fri 27 Nov 2026 and $250.00 by Mon 30 Nov 2026 for INV-7. Save it?")
		p.wantPromises(t)
		p.restart(t)
		saved := p.presses(t, dana, m, "Save")
		if saved.TS != m.TS {
			t.Errorf("the answer does not stand in the place of the question")
		}
		contains(t, saved.Text, "Danaway promised $250.00 by Fri 27 Nov 2026 and $250.00 by Mon 30 Nov 2026 for INV-7.")
		p.wantPromises(t, "Danaway, INV-7: $250.00 2026-11-27 $250.00 2026-11-30 Kim said so")
		undone := p.presses(t, dana, saved, "Undo")
		contains(t, undone.Text, "Undone: it is not recorded that Danaway promised")
		p.wantPromises(t)
	})
}

// NL-01, NL-03 and NL-04: amounts and dates as the company writes them, spelled out
// before anything is saved.
func TestNL01NL03NL04TypedPromises(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		mention := byWords(arChannel)
		for text, want := range map[string]string{
			"promise INV-88 $1,200.50 by 3/4":            "Danaway promised $1,200.50 by Thu 4 Mar 2027 for INV-88. Save it?", // NL-04
			"promise INV-88 $1,234.56 12/5":              "$1,234.56 by Sat 5 Dec 2026 for",
			"promise INV-88 1.5K EOM":                    "$1,500.00 by Mon 30 Nov 2026 for INV-88", // NL-01, NL-03
			"promise INV-88 5k end of next month":        "$5,000.00 by Thu 31 Dec 2026 for INV-88",
			"promise INV-88 1200 end of february":        "$1,200.00 by Sun 28 Feb 2027 for INV-88",
			"promise INV-88 $1,400,00.00 by 3/4":         "I cannot read",
			"promise INV-88 500 by 13/5":                 "13/5",
			"promise INV-88 12k next Tue":                "Only $10,000.00 is owed on INV-88",
			"promise INV-88 all by the 15th":             "$10,000.00 by Tue 15 Dec 2026 for INV",
			"promise INV-88 “short shipment” 500 Friday": "$500.00",
		} {
			for _, got := range []fakeslack.Message{p.types(t, dana, text), mention(t, p.world, dana, text)} {
				p.clock.advance(10 * time.Second)
				if !strings.Contains(got.Text, want) {
					t.Errorf("%s by %s: %q, want %q", text, got.Via, got.Text, want)
				}
			}
		}
		p.wantPromises(t)
	})
}

// NL-01: "3.000" may be 3 or 3,000: it is asked, and each answer is a button that saves.
func TestNL01TwoReadings(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "promise INV-88 3.000 by 12/4")
		contains(t, m.Text, "Danaway, INV-88: ", "3.000")
		p.presses(t, dana, m, "$3,000.00 by Fri 4 Dec 2026")
		p.wantPromises(t, "Danaway, INV-88: $3,000.00 2026-12-04")
	})
}

// SL-01: curly quotes and dashes are how keyboards write; the note has none of them.
func TestSL01PromiseNote(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.presses(t, dana, p.types(t, dana, "promise INV-7 500 12/4 “Kim’s word”"), "Save")
		p.wantPromises(t, "Danaway, INV-7: $500.00 2026-12-04 Kim's word")
	})
}

// SL-03: a mention is kept by its id, with or without a label.
func TestSL03PromiseMentions(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		for _, tt := range []struct{ typed, note string }{
			{"<@U123ABC|dana>", "@U123ABC"}, {"<@U123ABC>", "@U123ABC"}, {"<@W99ZZZ>", "@W99ZZZ"}, {"<#C024BE7LR|ar-team>", "#C024BE7LR"}, {"<#C024BE7LR|>", "#C024BE7LR"},
		} {
			m := p.types(t, dana, "promise INV-7 500 2026-12-05 "+tt.typed)
			contains(t, m.Text, "$500.00 by Sat 5 Dec 2026 for INV")
			saved := p.presses(t, dana, m, "Save")
			p.wantPromises(t, "Danaway, INV-7: $500.00 2026-12-05 "+tt.note)
			p.presses(t, dana, saved, "Undo")
		}
	})
}

// SL-05: the same promise typed twice is one, whichever button is pressed.
func TestSL05PromiseTypedTwice(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		first := p.types(t, dana, "promise INV-7 500 2026-12-05")
		second := p.types(t, dana, "promise INV-7 500 2026-12-05") // before anything is saved
		p.presses(t, dana, first, "Save")
		again := p.presses(t, dana, second, "Save") // as if it were the first
		contains(t, again.Text, "Danaway promised $500.00 by Sat 5 Dec 2026 for INV-7.")
		contains(t, string(again.Blocks), `"Undo"`)
		p.clock.advance(20 * time.Second)
		contains(t, p.types(t, dana, "promise INV-7 500 2026-12-05").Text, "This is recorded already")
		p.wantPromises(t, "Danaway, INV-7: $500.00 2026-12-05")
	})
}

// SL-09: what somebody typed is letters in what Slack gets: no mention, no link.
func TestSL09PromiseNoteIsText(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		m := p.types(t, dana, "promise INV-7 500 2026-12-05 &lt;https://evil.example|Pay here&gt; &amp; &lt;!here&gt;")
		for _, got := range []fakeslack.Message{m, p.presses(t, dana, m, "Save")} {
			blocks := string(got.Blocks)
			contains(t, unescaped(blocks), "<https://evil.example|Pay here> & <!here>")
			lacks(t, blocks, `"type":"link"`, `"type":"broadcast"`, `"url"`)
			lacks(t, got.Text, "<http", "<!here")
		}
	})
}

// unescaped undoes what encoding/json writes for the angle brackets.
func unescaped(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}

// X16: numbers are text.
func TestX16PromiseByNumber(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		ask := asking(t, via, acme(doc("000123", "2026-09-01", "2026-10-01", "10.00"), doc("123", "2026-09-01", "2026-10-01", "20.00")))
		for text, want := range map[string]string{
			"promise 000123 all 12/4": "Acme promised $10.00 by Fri 4 Dec 2026 for 000123", "promise 123 all 12/4": "Acme promised $20.00 by Fri 4 Dec 2026 for 123",
		} {
			for _, got := range ask(text) {
				contains(t, got.Text, want)
			}
		}
	})
}

// SY-09: a number that two invoices have is asked, and the choice goes on from there; the
// note is still letters.
func TestSY09PromiseWhichInvoice(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.c.Change(t, ar.Page{Documents: []ar.DocumentRecord{
			numbered("a", "Danaway", "55"), numbered("b", "Foundling", "55"),
		}})
		m := p.types(t, dana, "promise 55 half 12/4 A&amp;B &lt;x|y&gt;")
		contains(t, m.Text, "“55” fits 2 invoices. Which one?")
		echo := p.presses(t, dana, m, "55 · Foundling")
		contains(t, echo.Text, "Foundling promised $50.00 by Fri 4 Dec 2026 for 55. Save it?")
		p.presses(t, dana, echo, "Save")
		p.wantPromises(t, "Foundling, 55: $50.00 2026-12-04 A&B <x|y>")
	})
}

// numbered is an invoice of $100 whose number others may have, too.
func numbered(external, customer, number string) ar.DocumentRecord {
	d := storetest.Doc(ar.Invoice, external, customer, "2026-09-01", "2026-10-01", "100.00")
	d.Number = number
	return d
}

// X25: a credit in place of the payment is told in the thread where the promise was made,
// once.
func TestX25VerdictInTheThread(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		root := p.promiseInThread(t, "promise INV-7 500 2026-12-04")
		settled := ar.Page{
			Documents: []ar.DocumentRecord{storetest.Doc(ar.CreditMemo, "CM", "Danaway", "2026-12-02", "", "500.00")},
			Applications: []ar.ApplicationRecord{{
				External: "x", From: ar.Ref{Kind: ar.CreditMemo, External: "CM"}, To: ar.Ref{Kind: ar.Invoice, External: "INV-7"},
				Kind: ar.ByCredit, Amount: usd("500.00"), Date: day("2026-12-02"),
			}},
		}
		p.brings(t, "2026-12-02", settled)
		p.brings(t, "2026-12-03", ar.Page{})
		said := p.told(root)
		if len(said) != 1 || !strings.Contains(said[0], "Promise of Danaway, INV-7: settled by credit: $500.00 was credited, so nothing is missing.") {
			t.Errorf("in the thread: %q", said)
		}
	})
}

// promiseInThread has Dana record a promise by a mention in a thread of the AR channel,
// and returns its head.
func (p *teller) promiseInThread(t *testing.T, text string) string {
	t.Helper()
	root, _, err := p.Say(t.Context(), fakeslack.Words{User: dana, Channel: arChannel, Text: "Danaway called."})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Say(t.Context(), fakeslack.Words{User: dana, Channel: arChannel, Text: "<@" + botUser + "> " + text, ThreadTS: root.TS}); err != nil {
		t.Fatal(err)
	}
	var m fakeslack.Message
	if err := p.Await(t.Context(), func(s *fakeslack.State) bool {
		for _, one := range s.Thread(arChannel, root.TS) {
			if one.User == botUser {
				m = one
			}
		}
		return m.TS != ""
	}); err != nil {
		t.Fatal(err)
	}
	contains(t, p.presses(t, dana, m, "Save").Text, "promised")
	return root.TS
}

// told are the texts of the bot that all read in a thread of the channel of AR.
func (p *teller) told(thread string) (texts []string) {
	for _, m := range p.Thread(arChannel, thread) {
		if m.User == botUser && m.EphemeralTo == "" && !m.Deleted {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// A broken promise is told, then corrected by a payment with an earlier date; where the
// thread is gone, or there was none, who recorded it is told.
func TestVerdictsFindTheirReader(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		root := p.promiseInThread(t, "promise INV-7 500 2026-12-04")
		p.presses(t, dana, p.types(t, dana, "promise INV-88 1000 2026-12-04"), "Save")
		p.brings(t, "2026-12-08", ar.Page{})
		if said := p.told(root); len(said) != 1 || !strings.Contains(said[0], "broken: nothing of $500.00 was paid by Mon 7 Dec 2026.") {
			t.Errorf("in the thread: %q", said)
		}
		dms := p.awaitDM(t, dana, 1)
		contains(t, dms[0].Text, "Promise of Danaway, INV-88: broken: nothing of $1,000.00 was paid")
		if err := p.RemoveMessage(arChannel, root); err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Thread(arChannel, root) {
			_ = p.RemoveMessage(arChannel, m.TS) // those that are there
		}
		p.brings(t, "2026-12-09", ar.Page{
			Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "P", "Danaway", "2026-12-04", "", "500.00")},
			Applications: []ar.ApplicationRecord{storetest.Pays("x", "P", "INV-7", "2026-12-04", "500.00")},
		})
		dms = p.awaitDM(t, dana, 2)
		contains(t, dms[1].Text, "Promise of Danaway, INV-7: corrected from broken to kept, by what the ledger brought since.")
	})
}

// The form: opened by a shortcut with the words of the message, faults at their fields,
// saved; changed through the list.
func TestPromiseForm(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		said, _, err := p.Say(t.Context(), fakeslack.Words{User: nora, Channel: arChannel, Text: "Danaway pays 500 of INV-7 on 12/4"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: dana, CallbackID: "promise", Channel: arChannel, TS: said.TS}); err != nil {
			t.Fatal(err)
		}
		form := p.modal(t, dana, "INV-7")
		contains(t, string(form.Blocks), "2026-12-04", "Danaway pays 500 of INV-7 on 12/4")
		id := fmt.Sprintf("d%d", p.c.Document(t, "INV-7"))
		for _, tt := range []struct {
			values       map[string]string
			field, fault string
		}{
			{map[string]string{"of": id, "amount1": "lots", "day1": "2026-12-04"}, "amount1", "lots"},
			{map[string]string{"of": id, "amount1": "600", "day1": "2026-12-04"}, "amount1", "Only $500.00 is owed on INV-7"},
			{map[string]string{"of": id, "amount1": "500", "day1": "2026-11-24"}, "day1", "Tue 24 Nov 2026 is past"},
			{map[string]string{"of": id, "amount1": "100", "day1": "2026-12-04", "day2": "2026-12-05"}, "amount2", "Type how much is paid"},
			{map[string]string{"of": id, "amount1": "100", "day1": "2026-12-04", "amount2": "rest", "day2": "2026-12-04"}, "day2", "Choose a day after Fri 4 Dec 2026"},
		} {
			p.clock.advance(10 * time.Second)
			d, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: tt.values})
			if err != nil {
				t.Fatal(err)
			}
			ack, _ := d.Ack()
			contains(t, string(ack.Payload), tt.field, tt.fault)
		}
		p.clock.advance(10 * time.Second)
		if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: map[string]string{
			"of": id, "amount1": "half", "day1": "2026-12-04", "amount2": "the rest", "day2": "2026-12-11", "note": "Kim called.",
		}}); err != nil {
			t.Fatal(err)
		}
		contains(t, p.awaitDM(t, dana, 1)[0].Text, "Danaway promised $250.00 by Fri 4 Dec 2026 and $250.00 by Fri 11 Dec 2026 for INV-7.")
		p.wantPromises(t, "Danaway, INV-7: $250.00 2026-12-04 $250.00 2026-12-11 Kim called.")

		list := p.types(t, dana, "promises mine")
		contains(t, list.Text, "Your promises: $500.00 to come in 1 promise.")
		p.clock.advance(10 * time.Second)
		if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: arChannel, TS: list.TS, Element: "menu", Value: "Change…"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, dana, "takes the place of the one before")
		p.clock.advance(10 * time.Second)
		if _, err := p.SubmitView(t.Context(), fakeslack.Submission{User: dana, Values: map[string]string{"amount1": "100", "day1": "2026-12-01"}}); err != nil {
			t.Fatal(err)
		}
		contains(t, p.awaitDM(t, dana, 2)[1].Text, "Danaway promised $100.00 by Tue 1 Dec 2026 and $250.00 by Fri 11 Dec 2026 for INV-7. This takes the place of $250.00 by Fri 4 Dec 2026 and $250.00 by Fri 11 Dec 2026.")
		p.wantPromises(t, "Danaway, INV-7: $100.00 2026-12-01 $250.00 2026-12-11 Kim called.")
	})
}

// The form opens from the menu of a list, and from the card of an account.
func TestPromiseFormOpensFromLists(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		for _, from := range []struct{ typed, element, value string }{
			{"overdue", "promise", "Danaway"}, {"mine", "menu", "Record a promise…"}, {"status danaway", "Record a promise…", ""}, {"status INV-7", "Record a promise…", ""},
		} {
			m := p.types(t, dana, from.typed)
			p.clock.advance(10 * time.Second)
			if _, err := p.Click(t.Context(), fakeslack.Click{User: dana, Channel: arChannel, TS: m.TS, Element: from.element, Value: from.value}); err != nil {
				t.Fatalf("%s: %v", from.typed, err)
			}
			contains(t, string(p.modal(t, dana, "Invoice or customer").Blocks), "Danaway")
			if _, err := p.CloseView(t.Context(), dana); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// PP-01, the promise's part: what is promised is not chased, and still owed.
func TestPP01PromisedIsNotChased(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newTeller(t, via)
		p.presses(t, dana, p.types(t, dana, "promise INV-7 all 12/4"), "Save")
		m := p.types(t, dana, "status danaway")
		contains(t, m.Text, "$10,500.00 is overdue", "$500.00 of it is promised")
		blocks := string(m.Blocks)
		contains(t, blocks, `"*Promised*"`, `"$500.00"`, `"*To chase*"`, `"$10,000.00"`, "INV-7 · $500.00 by Fri 4 Dec 2026")
	})
}

// Who may do what with promises, over both ways in; guests and shared channels get
// nothing.
func TestWhoMayPromise(t *testing.T) {
	t.Parallel()
	const (
		saves, managers, noAccount, notTheirs = "Save it?", "Managers read everything and write notes.", "“INV-", "This is not one of your accounts."
		onlyMaker                             = "Only who recorded a promise, AR and admins can change it."
		cancelled                             = "Cancelled: "
	)
	table := []struct {
		user                          string
		dana, eli, orphan, list       string
		cancelDanas, cancelNoras, see string
	}{
		{dana, saves, noAccount, saves, "$700.00 to come in 2 promises", cancelled, onlyMaker, ""},
		{eli, noAccount, saves, saves, "$400.00 to come in 1 promise", notTheirs, onlyMaker, ""},
		{nora, saves, saves, saves, "$700.00 to come in 2 promises", cancelled, cancelled, ""},
		{boss, managers, managers, managers, "$700.00 to come in 2 promises", onlyMaker, onlyMaker, ""},
		{admin, saves, saves, saves, "$700.00 to come in 2 promises", cancelled, cancelled, ""},
		{newly, noRole, noRole, noRole, noRole, noRole, noRole, ""},
		{guest, outsider, outsider, outsider, outsider, outsider, outsider, ""},
		{stranger, outsider, outsider, outsider, outsider, outsider, outsider, ""},
	}
	overBoth(t, func(t *testing.T, via string) {
		for _, row := range table {
			t.Run(row.user, func(t *testing.T) {
				t.Parallel()
				p := newTeller(t, via)
				p.presses(t, dana, p.types(t, dana, "promise INV-7 300 12/4"), "Save")
				p.presses(t, nora, p.types(t, nora, "promise INV-10 400 12/4"), "Save")
				channel := mixedChannel
				say := func(text string) fakeslack.Message {
					p.clock.advance(10 * time.Second)
					return p.await(t, p.slash(t, row.user, channel, text), 1)[0]
				}
				for text, want := range map[string]string{
					"promise INV-88 20 12/5": row.dana, "promise INV-9 20 12/5": row.eli, "promises": row.list,
				} {
					if got := say(text); !strings.Contains(got.Text, want) || got.EphemeralTo != row.user {
						t.Errorf("%s: %q, want %q", text, got.Text, want)
					}
				}
				channel = sharedChannel
				if got := say("promise INV-88 20 12/5"); !strings.Contains(got.Text, "This channel is shared with another company") && !strings.Contains(got.Text, outsider) {
					t.Errorf("in a shared channel: %q", got.Text)
				}
				// A button is no right: whoever presses it is looked at again.
				for _, press := range []struct {
					promise ar.PromiseID
					want    string
				}{{1, row.cancelDanas}, {2, row.cancelNoras}} {
					if got := p.pressesForged(t, row.user, "promise_cancel_now", fmt.Sprint(press.promise)); !strings.Contains(got.Text, press.want) {
						t.Errorf("cancels promise %d: %q, want %q", press.promise, got.Text, press.want)
					}
				}
				draft := fmt.Sprintf(`{"c":%d,"d":%d,"p":[{"a":"USD 20.00","t":"2026-12-05"}]}`, p.c.ID(t, "Elixir"), p.c.Document(t, "INV-9"))
				want := map[string]string{saves: "Elixir promised $20.00", noAccount: notTheirs}[row.eli]
				if want == "" {
					want = row.eli
				}
				if got := p.pressesForged(t, row.user, "promise_save", draft); !strings.Contains(got.Text, want) {
					t.Errorf("saves: %q, want %q", got.Text, want)
				}
			})
		}
	})
}

// pressesForged presses a button that was drawn for somebody else, in a channel that
// all are in.
func (p *teller) pressesForged(t *testing.T, user, action, value string) fakeslack.Message {
	t.Helper()
	p.clock.advance(10 * time.Second)
	pages, err := bot.Pages(card.New("A button.", card.Buttons{{Label: "Press", Action: action, Value: value}}), blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pages[0].Open = true
	at, err := p.gate.Post(t.Context(), mixedChannel, "", pages[0], "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Click(t.Context(), fakeslack.Click{User: user, Channel: mixedChannel, TS: at.TS, Element: "Press"})
	if err != nil {
		t.Fatal(err)
	}
	return p.await(t, d, 1)[0]
}
