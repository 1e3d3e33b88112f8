package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
)

// pledges is a workspace whose bot has a form, "pledge", with an input of each kind
// that matters, and what goes with it.
type pledges struct {
	*world
	calls chan bot.Call // to the handler of what was sent
	fill  bot.Handler
	sent  bot.Handler
}

func pledgeForm() *card.Modal {
	return &card.Modal{
		Action: "pledge", Value: "d7", Title: "Log a pledge", Submit: "Log pledge",
		Parts: []card.Part{card.Paragraph{card.T("Of INV-7 <!channel>.")}},
		Inputs: []card.Input{
			{ID: "who", Kind: card.Lookup, Label: "Customer", Source: "customers", Placeholder: "Type a name"},
			{ID: "amount", Kind: card.Decimal, Label: "Amount", Least: "0.01"},
			{ID: "day", Kind: card.Day, Label: "By", Initial: []string{"2026-12-05"}},
			{ID: "how", Kind: card.Radio, Label: "How", Options: []card.Option{{Value: "card", Label: "Card"}, {Value: "wire", Label: "Wire", Description: "two days"}}, Initial: []string{"wire"}},
			{ID: "why", Kind: card.Menus, Label: "Why", Optional: true, Options: []card.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
			{ID: "tell", Kind: card.Someone, Label: "Tell", Optional: true},
			{ID: "note", Kind: card.Lines, Label: "Note", Hint: "Reps read it.", Optional: true, Most: 500},
		},
	}
}

// newPledges listens with the form; a handler that is nil does what is usual.
func newPledges(t *testing.T, via string, p pledges) *pledges {
	t.Helper()
	p.world, p.calls = newWorld(t), make(chan bot.Call, 10)
	if p.fill == nil {
		p.fill = func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
			return bot.Answer{Modal: pledgeForm()}, nil
		}
	}
	sent := p.sent
	if sent == nil {
		sent = says("Logged.")
	}
	router := bot.NewRouter(bot.RouterConfig{Desk: desktest.New(t).Desk, Slash: "/ar", People: p.people, Routes: bot.Routes{
		Forms: map[string]bot.Form{"pledge": {Title: "Log a pledge", Fill: p.fill, Sent: func(ctx context.Context, a ar.Actor, c bot.Call) (bot.Answer, error) {
			p.calls <- c
			return sent(ctx, a, c)
		}}},
		Buttons: map[string]bot.Handler{
			"drop": func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
				return bot.Answer{Card: card.New("Dropped."), Replace: true}, nil
			},
		},
		Lookups: map[string]bot.Handler{"customers": func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
			if c.Text == "boom" {
				return bot.Answer{}, errors.New("the books are away")
			}
			return bot.Answer{Options: []card.Option{{Value: "c12", Label: "Acme " + c.Text}, {Value: "c13", Label: strings.Repeat("x", 90)}}}, nil
		}},
		Shortcuts: []bot.MenuEntry{{Form: "pledge", Name: "Log a pledge", OfMessage: true}},
		Home: func(_ context.Context, a ar.Actor, _ bot.Call) (bot.Answer, error) {
			home := card.New("Home.", card.Heading("Hello "+a.Email), card.Buttons{{Label: "Log a pledge", Action: "pledge", Value: "d7"}})
			return bot.Answer{Home: &home}, nil
		},
	}})
	router.AddFormCommand("pledge")
	p.listen(t, via, router.Handle, func(c *bot.Config) { c.Opens = router.Opens })
	return &p
}

// modal waits until the top modal of ana passes a test.
func (p *pledges) modal(t *testing.T, is func(fakeslack.View) bool) fakeslack.View {
	t.Helper()
	soon, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var top fakeslack.View
	if err := p.Await(soon, func(s *fakeslack.State) bool {
		stack := s.Modals(ana)
		if len(stack) == 0 {
			return false
		}
		top = stack[len(stack)-1]
		return is(top)
	}); err != nil {
		t.Fatalf("the modal is %q with %s: %v", top.Title, top.Blocks, err)
	}
	return top
}

func holds(text string) func(fakeslack.View) bool {
	return func(v fakeslack.View) bool { return strings.Contains(string(v.Blocks), text) }
}

// open uses the shortcut and waits for the filled form.
func (p *pledges) open(t *testing.T) fakeslack.View {
	t.Helper()
	if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge"}); err != nil {
		t.Fatal(err)
	}
	return p.modal(t, holds("INV-7"))
}

func filled() map[string]string {
	return map[string]string{"who": "c12", "amount": "500", "how": "card", "why": "a,b", "tell": ben, "note": "They said <so>."}
}

func overBoth(t *testing.T, run func(*testing.T, string)) {
	t.Helper()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			run(t, via)
		})
	}
}

func TestFormIsOpenedFilledAndSent(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newPledges(t, via, pledges{})
		form := p.open(t)
		if form.Title != "Log a pledge" || form.Submit != "Log pledge" || form.Close != "Cancel" || form.CallbackID != "pledge" || form.PrivateMetadata != "d7" {
			t.Errorf("form: %+v", form)
		}
		d, err := p.SubmitView(t.Context(), fakeslack.Submission{User: ana, Values: filled()})
		if err != nil {
			t.Fatal(err)
		}
		if ack, _ := d.Ack(); ack.Problem != "" || len(p.Modals(ana)) != 0 {
			t.Errorf("after it was sent: %+v, %d modals are open", ack, len(p.Modals(ana)))
		}
		c := <-p.calls
		want := bot.Fields{
			"who":    {"customers": {Type: "external_select", Values: []string{"c12"}}},
			"amount": {"amount": {Type: "number_input", Values: []string{"500"}}},
			"day":    {"day": {Type: "datepicker", Values: []string{"2026-12-05"}}},
			"how":    {"how": {Type: "radio_buttons", Values: []string{"card"}}},
			"why":    {"why": {Type: "multi_static_select", Values: []string{"a", "b"}}},
			"tell":   {"tell": {Type: "users_select", Values: []string{ben}}},
			"note":   {"note": {Type: "plain_text_input", Values: []string{"They said <so>."}}},
		}
		if diff := cmp.Diff(want, c.Fields); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		if c.Action != "pledge" || c.Value != "d7" || c.View.ID != form.ID || c.User != ana {
			t.Errorf("call: %+v", c)
		}
		if dm := p.awaitDM(t, ana, 1); dm[0].Text != "Logged." {
			t.Errorf("direct message: %+v", dm)
		}
	})
}

// The form is open before anything is asked of the books, and is filled when that is
// there, however long it takes.
func TestFormIsOpenBeforeItIsFilled(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		release := make(chan struct{})
		p := newPledges(t, via, pledges{fill: held(release, bot.Answer{Modal: pledgeForm()})})
		d, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge"})
		if err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("One moment"))
		if ack, ok := d.Ack(); !ok || !ack.InTime {
			t.Errorf("acknowledgement: %+v, %t", ack, ok)
		}
		p.clock.advance(30 * time.Second) // the trigger is long dead
		close(release)
		p.modal(t, holds("INV-7"))
	})
}

func TestWhatBecomesOfAFormThatIsSent(t *testing.T) {
	t.Parallel()
	receipt := &card.Modal{Title: "Logged", Parts: []card.Part{card.Paragraph{card.T("It is logged.")}}}
	tests := []struct {
		name   string
		answer bot.Answer
		// titles of the open modals, and what is said beside them
		titles []string
		wrong  map[string]string
		said   string
	}{
		{"errors", bot.Answer{Invalid: map[string]string{"amount": "That is more than is open."}}, []string{"Log a pledge"}, map[string]string{"amount": "That is more than is open."}, ""},
		{"update", bot.Answer{Modal: receipt}, []string{"Logged"}, nil, ""},
		{"push", bot.Answer{Modal: receipt, OnTop: true, Card: card.New("By the way.")}, []string{"Log a pledge", "Logged"}, nil, "By the way."},
		{"clear", bot.Answer{CloseAll: true, Card: card.New("Logged.")}, nil, nil, "Logged."},
		{"close", bot.Answer{}, nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, func(t *testing.T, via string) {
				p := newPledges(t, via, pledges{sent: func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) { return tt.answer, nil }})
				p.open(t)
				d, err := p.SubmitView(t.Context(), fakeslack.Submission{User: ana, Values: filled()})
				if err != nil {
					t.Fatal(err)
				}
				if ack, _ := d.Ack(); ack.Problem != "" || !ack.InTime {
					t.Errorf("acknowledgement: %+v", ack)
				}
				var titles []string
				var wrong map[string]string
				for _, v := range p.Modals(ana) {
					titles, wrong = append(titles, v.Title), v.Errors
				}
				if !slices.Equal(titles, tt.titles) || !cmp.Equal(wrong, tt.wrong) {
					t.Errorf("modals %q with errors %v, want %q with %v", titles, wrong, tt.titles, tt.wrong)
				}
				if tt.said != "" {
					if dm := p.awaitDM(t, ana, 1); dm[0].Text != tt.said {
						t.Errorf("said: %+v", dm)
					}
				}
			})
		})
	}
}

// What comes too late for the modal is said in a direct message: it has closed.
func TestLateAnswersOfForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer bot.Answer
		want   string
	}{
		{"errors", bot.Answer{Invalid: map[string]string{"amount": "That is more than is open."}}, "That was not saved. Open the form again and mend this:"},
		{"a receipt", bot.Answer{Modal: &card.Modal{Title: "Logged", Parts: []card.Part{card.Paragraph{card.T("It is logged.")}}}}, "Logged."},
		{"another form", bot.Answer{Modal: pledgeForm()}, "That took longer than the form stays open. Open it again to go on."},
		{"a sentence", bot.Answer{Card: card.New("Logged.")}, "Logged."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, func(t *testing.T, via string) {
				w := newWorld(t)
				release := make(chan struct{})
				w.listen(t, via, held(release, tt.answer), quickGuard)
				openByHand(t, w)
				d, err := w.SubmitView(t.Context(), fakeslack.Submission{User: ana, Values: filled()})
				if err != nil {
					t.Fatal(err)
				}
				if ack, _ := d.Ack(); ack.Problem != "" || len(w.Modals(ana)) != 0 {
					t.Errorf("at once: %+v, %d modals", ack, len(w.Modals(ana)))
				}
				close(release)
				if dm := w.awaitDM(t, ana, 1); dm[0].Text != tt.want {
					t.Errorf("then: %q, want %q", dm[0].Text, tt.want)
				}
			})
		})
	}
}

// openByHand opens the form without the bot's help: by the trigger of a command that
// nobody has used.
func openByHand(t *testing.T, w *world) {
	t.Helper()
	d, err := w.Slash(t.Context(), fakeslack.Command{User: ana, Channel: "", Command: "/ar", Text: "help"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.gate.OpenModal(t.Context(), d.TriggerID, *pledgeForm(), bot.Config{}.Render, false); err != nil {
		t.Fatal(err)
	}
}

// A form is never left at "one moment".
func TestFormWithNothingInIt(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newPledges(t, via, pledges{fill: func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) { return bot.Answer{}, nil }})
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("There is nothing to fill in."))
	})
}

func TestFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newPledges(t, via, pledges{fill: func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
			return bot.Answer{}, ar.Forbid("This is not your account.")
		}})
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("This is not your account.")) // in the place of the form
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "from_an_older_version"}); err != nil {
			t.Fatal(err)
		}
		if dm := p.awaitDM(t, ana, 1); !strings.Contains(dm[0].Text, "older version") {
			t.Errorf("a shortcut that is gone: %+v", dm)
		}
	})
}

// Slack opens no modal with a trigger that is too old.
func TestFormThatSlackDidNotOpen(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newPledges(t, via, pledges{fill: unreached(t)})
		p.Inject(fakeslack.Fault{Method: "views.open", Error: "expired_trigger_id"})
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ben, CallbackID: "pledge"}); err != nil {
			t.Fatal(err)
		}
		if dm := p.awaitDM(t, ben, 1); dm[0].Text != "Slack did not open the form in time. Try again." {
			t.Errorf("said: %+v", dm)
		}
	})
}

// A form that was closed, or changed, while it was filled is left alone.
func TestFormThatHasMovedOn(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*testing.T, *pledges, fakeslack.View){
		"closed": func(t *testing.T, p *pledges, _ fakeslack.View) {
			t.Helper()
			if _, err := p.CloseView(t.Context(), ana); err != nil {
				t.Fatal(err)
			}
		},
		"changed": func(t *testing.T, p *pledges, v fakeslack.View) {
			t.Helper()
			newer := card.Modal{Title: "Newer", Parts: []card.Part{card.Paragraph{card.T("Newer.")}}}
			if _, err := p.gate.UpdateModal(t.Context(), bot.View{ID: v.ID, Hash: v.Hash}, newer, bot.Config{}.Render); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, func(t *testing.T, via string) {
				release := make(chan struct{})
				p := newPledges(t, via, pledges{fill: held(release, bot.Answer{Modal: pledgeForm()})})
				if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge"}); err != nil {
					t.Fatal(err)
				}
				meanwhile(t, p, p.modal(t, holds("One moment")))
				close(release)
				await(t, func() bool { return strings.Contains(p.logs.String(), `"outcome":"answered"`) })
				for _, v := range p.Modals(ana) {
					if v.Title != "Newer" {
						t.Errorf("the modal is %q", v.Title)
					}
				}
				if dms := p.DMs(ana); len(dms) != 0 {
					t.Errorf("said: %+v", dms)
				}
			})
		})
	}
}

func TestLookups(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newPledges(t, via, pledges{})
		p.open(t)
		for range 15 { // each letter that is typed asks: there is no limit to run into
			_, labels, err := p.Suggest(t.Context(), fakeslack.Typing{User: ana, Element: "customers", Text: "ac"})
			if err != nil || len(labels) != 2 || labels[0] != "Acme ac" || len([]rune(labels[1])) != 75 {
				t.Fatalf("options %q, %v", labels, err)
			}
		}
		_, labels, err := p.Suggest(t.Context(), fakeslack.Typing{User: ana, Element: "customers", Text: "boom"})
		if err != nil || len(labels) != 0 || !strings.Contains(p.logs.String(), "the books are away") {
			t.Errorf("in trouble: %q, %v", labels, err)
		}
	})
}

// A lookup that takes too long, or that is asked by somebody from outside, finds
// nothing, in Slack's time.
func TestLookupsThatFindNothing(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := newWorld(t)
		release := make(chan struct{})
		w.listen(t, via, held(release, bot.Answer{Options: []card.Option{{Value: "c1", Label: "Acme"}}}), quickGuard)
		openByHand(t, w)
		d, labels, err := w.Suggest(t.Context(), fakeslack.Typing{User: ana, Element: "customers", Text: "ac"})
		if ack, _ := d.Ack(); err != nil || len(labels) != 0 || !ack.InTime {
			t.Errorf("too slow: %q, %v", labels, err)
		}
		close(release)
		w.clock.advance(2 * time.Minute)
		if err := w.ChangeUser(ana, func(u *fakeslack.User) { u.IsRestricted = true }); err != nil {
			t.Fatal(err)
		}
		if _, labels, err := w.Suggest(t.Context(), fakeslack.Typing{User: ana, Element: "customers", Text: "ac"}); err != nil || len(labels) != 0 {
			t.Errorf("a guest is told of %q, %v", labels, err)
		}
	})
}

func TestShortcutOfAMessage(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		seen := make(chan bot.Call, 1)
		p := newPledges(t, via, pledges{fill: func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
			seen <- c
			return bot.Answer{Modal: pledgeForm()}, nil
		}})
		m, _, err := p.Say(t.Context(), fakeslack.Words{User: ben, Channel: arChannel, Text: "They pay on Friday."})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Say(t.Context(), fakeslack.Words{User: cleo, Channel: arChannel, ThreadTS: m.TS, Text: "Good."}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge", Channel: arChannel, TS: m.TS}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("INV-7"))
		c := <-seen
		if c.Channel != arChannel || c.MessageTS != m.TS || c.ThreadTS != "" || c.Message.User != ben || c.Message.Text != "They pay on Friday." {
			t.Errorf("call: %+v", c)
		}
		if link, err := p.gate.Permalink(t.Context(), c.Channel, c.MessageTS); err != nil || link != c.Message.Link || !strings.Contains(link, arChannel) {
			t.Errorf("address: %q and %q, %v", c.Message.Link, link, err)
		}
	})
}

// The home tab is made when it is looked at; its buttons open forms. Nobody from outside
// sees more than the refusal.
func TestHomeTab(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		p := newPledges(t, via, pledges{})
		look := func(user, want string) fakeslack.View {
			t.Helper()
			if _, err := p.OpenHome(t.Context(), user); err != nil {
				t.Fatal(err)
			}
			soon, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var home fakeslack.View
			if err := p.Await(soon, func(s *fakeslack.State) (ok bool) {
				home, ok = s.Home(user)
				return ok && strings.Contains(string(home.Blocks), want)
			}); err != nil {
				t.Fatalf("%s sees %s: %v\n%s", user, home.Blocks, err, p.logs)
			}
			return home
		}
		home := look(ana, "Hello ana@acme.example")
		look(guest, "This is for people of this company only.")
		if len(p.DMs(guest)) != 0 {
			t.Error("a guest who looks gets a message")
		}
		if _, err := p.Click(t.Context(), fakeslack.Click{User: ana, ViewID: home.ID, Element: "Log a pledge"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("INV-7"))
	})
}

func TestRoutesThatCannotWork(t *testing.T) {
	t.Parallel()
	fill := says("x")
	for name, routes := range map[string]bot.Routes{
		"no title":         {Forms: map[string]bot.Form{"f": {Fill: fill}}},
		"no handler":       {Forms: map[string]bot.Form{"f": {Title: "F"}}},
		"button and form":  {Forms: map[string]bot.Form{"f": {Title: "F", Fill: fill}}, Buttons: map[string]bot.Handler{"f": fill}},
		"shortcut to none": {Shortcuts: []bot.MenuEntry{{Form: "f"}}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			bot.NewRouter(bot.RouterConfig{Routes: routes})
		}()
	}
}

// everyInput is a modal with an input of each kind, empty or with something in it.
func everyInput(filled bool) card.Modal {
	two := []card.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Description: "the other"}}
	initial := map[card.InputKind][]string{
		card.Line: {"x"}, card.Lines: {"x\ny"}, card.Whole: {"3"}, card.Decimal: {"3.50"}, card.Day: {"2026-12-05"},
		card.Radio: {"a"}, card.Checks: {"a", "b"}, card.Menu: {"b"}, card.Menus: {"a", "b"}, card.Lookup: {"a"}, card.Lookups: {"a", "b"},
		card.Someone: {ana}, card.People: {ana, ben}, card.Place: {arChannel}, card.Places: {arChannel, salesChannel},
	}
	m := card.Modal{Action: "x", Value: "d7", Title: "All of them", Submit: "Send", Parts: []card.Part{card.Paragraph{card.T("Of INV-7 <!channel>.")}}}
	for kind := card.Line; kind <= card.Files; kind++ {
		in := card.Input{ID: fmt.Sprint("in", kind), Kind: kind, Label: "Input", Hint: "Hint", Placeholder: "Placeholder", Options: two, Source: "source", Most: 3, Least: "1", Limit: "9", Optional: kind%2 == 1}
		if filled {
			in.Initial = initial[kind]
		}
		if kind == card.Lookup || kind == card.Lookups {
			in.Source += in.ID
		}
		m.Inputs = append(m.Inputs, in)
	}
	return m
}

// Slack takes an input of each kind, empty and with something in it. The golden files
// are held to Slack's own types by internal/fakeslack/outside.
func TestEveryKindOfInputIsTaken(t *testing.T) {
	t.Parallel()
	for name, filled := range map[string]bool{"inputs": false, "inputs_filled": true} {
		m := everyInput(filled)
		w := newWorld(t)
		w.listen(t, viaHTTP, says("Done."))
		d := w.slash(t, ana, arChannel, "help")
		if _, err := w.gate.OpenModal(t.Context(), d.TriggerID, m, bot.Config{}.Render, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		view, err := blockkit.Modal(m, blockkit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "../views/"+name+".json", indented(t, view))
	}
}

// indented is a value as JSON that people can read.
func indented(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(raw, '\n')
}
