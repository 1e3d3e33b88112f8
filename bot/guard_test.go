package bot_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

func TestWhoIsRefused(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.listen(t, via, unreached(t))
			const outside = "This is for people of this company only."
			tests := []struct{ name, user, channel, want string }{
				{"a guest", guest, mixedChannel, outside},
				{"a stranger", stranger, mixedChannel, outside},
				{"in a shared channel", ana, sharedChannel, "This channel is shared with another company"},
				{"where the bot cannot look", ana, secretChannel, "I cannot see who is in this channel"},
			}
			for _, tt := range tests {
				got := w.slash(t, tt.user, tt.channel, "status acme").Messages()
				if len(got) != 1 || !strings.HasPrefix(got[0].Text, tt.want) || got[0].EphemeralTo != tt.user {
					t.Errorf("%s: got %+v, want %q", tt.name, got, tt.want)
				}
			}
		})
	}
}

func TestRightsCountAtTheClick(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var roles atomic.Value
			w.listen(t, via, func(_ context.Context, actor ar.Actor, c bot.Call) (bot.Answer, error) {
				roles.Store(actor.Roles)
				answer := card.New("Acme.", card.Buttons{{Label: "Show", Action: "show", Value: "c12"}})
				return bot.Answer{Card: answer, Replace: c.Kind == bot.Action}, nil
			})
			shown := w.slash(t, ben, arChannel, "status acme").Messages()[0]
			w.PutUserGroup(fakeslack.UserGroup{ID: "S0REPS", Handle: "reps", Members: []string{ana}})
			w.clock.advance(2 * time.Minute)
			if _, err := w.Click(t.Context(), fakeslack.Click{User: ben, Channel: arChannel, TS: shown.TS, Element: "Show"}); err != nil {
				t.Fatal(err)
			}
			if err := w.Await(t.Context(), func(s *fakeslack.State) bool {
				m := s.Messages(arChannel)
				return len(m) > 0 && m[0].Edited
			}); err != nil {
				t.Fatal(err)
			}
			if got, _ := roles.Load().([]ar.Role); len(got) != 0 {
				t.Errorf("roles at the click: %v, want none any more", got)
			}
			if err := w.ChangeUser(ben, func(u *fakeslack.User) { u.IsRestricted = true }); err != nil {
				t.Fatal(err)
			}
			w.clock.advance(2 * time.Minute)
			d, err := w.Click(t.Context(), fakeslack.Click{User: ben, Channel: arChannel, TS: shown.TS, Element: "Show"})
			if err != nil {
				t.Fatal(err)
			}
			refusal := w.await(t, d, 1)
			if got := refusal[len(refusal)-1].Text; !strings.HasPrefix(got, "This is for people of this company only.") {
				t.Errorf("a guest by now: %q", got)
			}
		})
	}
}

func TestTooManyCallsOfOnePerson(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.listen(t, via, says("Answer."))
			last := func(user string) string { return w.slash(t, user, arChannel, "help").Messages()[0].Text }
			for range 10 {
				if got := last(ana); got != "Answer." {
					t.Fatalf("within the limit: %q", got)
				}
			}
			if got := last(ana); !strings.HasPrefix(got, "That is faster than I can answer.") {
				t.Errorf("one more: %q", got)
			}
			if got := last(ben); got != "Answer." {
				t.Errorf("somebody else: %q", got)
			}
			w.clock.advance(2 * time.Second)
			if got := last(ana); got != "Answer." {
				t.Errorf("two seconds later: %q", got)
			}
		})
	}
}

// While Slack cannot say who somebody is, nothing is shown; the sentence says
// what to do, and the log why.
func TestWhoIsUnknownGetsNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ method, want string }{
		{"users.info", "I could not check who you are just now. Try again in a minute."},
		{"conversations.info", "I could not check this channel just now. Try again in a minute."},
	} {
		for _, via := range receivers {
			t.Run(tt.method+" "+via, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.Inject(fakeslack.Fault{Method: tt.method, Status: 503})
				w.listen(t, via, unreached(t))
				if got := w.slash(t, ana, arChannel, "status acme").Messages(); len(got) != 1 || got[0].Text != tt.want {
					t.Errorf("answer: %+v", got)
				}
				if !strings.Contains(w.logs.String(), "503") {
					t.Error("the log does not say why")
				}
			})
		}
	}
}
