package bot_test

import (
	"context"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

// passing is the fill of a form that passes its calls on.
func passing(calls chan<- bot.Call) bot.Handler {
	return func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
		calls <- c
		return bot.Answer{Modal: pledgeForm()}, nil
	}
}

// A typed command opens its form at once, with what was typed as its value.
func TestCommandOpensAForm(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		calls := make(chan bot.Call, 1)
		p := newPledges(t, via, pledges{fill: passing(calls)})
		d := p.slash(t, ana, arChannel, "pledge “Acme”  half on Friday")
		p.modal(t, holds("INV-7"))
		if ack, _ := d.Ack(); ack.Problem != "" || !ack.InTime || len(d.Messages()) != 0 {
			t.Errorf("acknowledgement %+v, said %+v", ack, d.Messages())
		}
		if c := <-calls; c.Kind != bot.Command || c.Action != "pledge" || c.Value != `"Acme" half on Friday` || c.Channel != arChannel {
			t.Errorf("call: %+v", c)
		}
		d = p.slash(t, ana, arChannel, "pledge")
		if got := p.await(t, d, 1); got[0].Text != "Type a name as well." {
			t.Errorf("with nothing to fill in: %+v", got)
		}
	})
}

// The form is open before anything is asked of the books, also for a command.
func TestCommandOpensAFormBeforeItIsFilled(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		release := make(chan struct{})
		p := newPledges(t, via, pledges{fill: held(release, bot.Answer{Modal: pledgeForm()})})
		p.slash(t, ana, arChannel, "pledge acme")
		p.modal(t, holds("One moment"))
		close(release)
		p.modal(t, holds("INV-7"))
	})
}

// Words in a thread and in a direct message open nothing: they get a button that does.
func TestWordsGetAButtonForAForm(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		for name, words := range map[string]fakeslack.Words{
			"mention": {User: ana, Channel: arChannel, Text: "<@" + botUser + "> pledge acme"},
			"message": {User: ana, Text: "pledge acme"},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				calls := make(chan bot.Call, 1)
				p := newPledges(t, via, pledges{fill: passing(calls)})
				m, _, err := p.Say(t.Context(), words)
				if err != nil {
					t.Fatal(err)
				}
				var said fakeslack.Message
				if err := p.Await(t.Context(), func(s *fakeslack.State) bool {
					all := s.Messages(m.Channel)
					said = all[len(all)-1]
					return said.User == botUser
				}); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(said.Text, "Press the button to open it.") {
					t.Errorf("said %q", said.Text)
				}
				if _, err := p.Click(t.Context(), fakeslack.Click{User: ana, Channel: m.Channel, TS: said.TS, Element: "Log a pledge"}); err != nil {
					t.Fatal(err)
				}
				p.modal(t, holds("INV-7"))
				if c := <-calls; c.Value != "acme" {
					t.Errorf("call: %+v", c)
				}
			})
		}
	})
}

// A button that stands for a command opens its form as well.
func TestPickedCommandOpensAForm(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		calls := make(chan bot.Call, 1)
		p := newPledges(t, via, pledges{fill: passing(calls)})
		d := p.slash(t, ana, arChannel, "plegde acme")
		guess := p.await(t, d, 1)[0]
		if _, err := p.Click(t.Context(), fakeslack.Click{User: ana, Channel: arChannel, TS: guess.TS, Element: "/ar pledge acme"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("INV-7"))
		if c := <-calls; c.Value != "acme" {
			t.Errorf("call: %+v", c)
		}
	})
}

func TestFormWithTooMuchInItsCommand(t *testing.T) {
	t.Parallel()
	p := newPledges(t, viaHTTP, pledges{fill: unreached(t)})
	if _, _, err := p.Say(t.Context(), fakeslack.Words{User: ana, Text: "pledge " + strings.Repeat("x", 2001)}); err != nil {
		t.Fatal(err)
	}
	if dm := p.awaitDM(t, ana, 1); !strings.Contains(dm[0].Text, "too long to go into a form") {
		t.Errorf("said %q", dm[0].Text)
	}
}

// Where the bot does not answer, and to whom it does not, no form opens either.
func TestNoFormWhereNothingIsAnswered(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		tests := map[string]struct{ user, channel, want string }{
			"shared channel": {ana, sharedChannel, "This channel is shared with another company"},
			"guest":          {guest, mixedChannel, "This is for people of this company only."},
			"stranger":       {stranger, mixedChannel, "This is for people of this company only."},
		}
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := newPledges(t, via, pledges{fill: unreached(t)})
				m, _, err := p.Say(t.Context(), fakeslack.Words{User: tt.user, Channel: tt.channel, Text: "They pay on Friday."})
				if err != nil {
					t.Fatal(err)
				}
				d, err := p.Shortcut(t.Context(), fakeslack.Shortcut{User: tt.user, CallbackID: "pledge", Channel: tt.channel, TS: m.TS})
				if err != nil {
					t.Fatal(err)
				}
				typed := p.slash(t, tt.user, tt.channel, "pledge acme")
				for _, d := range []*fakeslack.Delivery{d, typed} {
					if got := p.await(t, d, 1); !strings.Contains(got[0].Text, tt.want) || got[0].EphemeralTo != tt.user {
						t.Errorf("said %+v", got)
					}
				}
				if n := len(p.Calls("views.open")); n != 0 {
					t.Errorf("%d forms were opened", n)
				}
			})
		}
	})
}

// Where it takes too long to see who asks, the form opens, and says that it was refused.
func TestFormOpensWhileItIsSeenWhoAsks(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := newWorld(t)
		release := make(chan struct{})
		w.Inject(fakeslack.Fault{Method: "users.info", Hold: release})
		opens := func(c *bot.Config) {
			quickGuard(c)
			c.Opens = func(c bot.Call) (string, bool) { return "Log a pledge", c.Action == "pledge" }
		}
		w.listen(t, via, unreached(t), opens)
		p := &pledges{world: w}
		if err := w.ChangeUser(ana, func(u *fakeslack.User) { u.IsRestricted = true }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "pledge"}); err != nil {
			t.Fatal(err)
		}
		p.modal(t, holds("One moment"))
		close(release)
		p.modal(t, holds("This is for people of this company only."))
	})
}

// A message that a channel sees never becomes what one person may see.
func TestWhatAChannelSeesIsNotReplacedByAPrivateAnswer(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		for name, tt := range map[string]struct {
			answer   card.Card
			replaced bool
		}{
			"private": {card.New("Only for you."), false},
			"for all": {card.Card{Text: "For all.", Visibility: card.InChannel}, true},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.listen(t, via, func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
					return bot.Answer{Card: tt.answer, Replace: true}, nil
				})
				head := card.New("Digest.", card.Buttons{{Label: "Show", Action: "show"}})
				if err := w.gate.Share(t.Context(), arChannel, head, bot.Config{}.Render); err != nil {
					t.Fatal(err)
				}
				shared := w.Messages(arChannel)[0]
				d, err := w.Click(t.Context(), fakeslack.Click{User: ana, Channel: arChannel, TS: shared.TS, Element: "Show"})
				if err != nil {
					t.Fatal(err)
				}
				got := w.await(t, d, 1)[0]
				if (got.TS == shared.TS) != tt.replaced || got.EphemeralTo == "" != tt.replaced || got.Text != tt.answer.Text {
					t.Errorf("the answer is %+v", got)
				}
				if now := w.Messages(arChannel)[0].Text; (now == "Digest.") == tt.replaced {
					t.Errorf("the channel sees %q", now)
				}
			})
		}
	})
}
