package bot_test

import (
	"context"
	"log/slog"
	"net/http"
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

// Somebody is of ours if both say so: users.info and what Slack sends with the act. An
// id can be of a company that shares a channel with us.
func TestWorkspaceOfWhoActs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, user, team string
		outside          bool
	}{
		{"ours by both", ana, "T0ACME", false},
		{"nothing is said", ana, "", false},
		{"another one is said", ana, "T0OTHER", true},
		{"another one is known", stranger, "T0ACME", true},
		{"another one by both", stranger, "T0OTHER", true},
	}
	for _, tt := range tests {
		for _, via := range receivers {
			t.Run(tt.name+" "+via, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.listen(t, via, says("Answer."))
				m, _, err := w.Say(t.Context(), fakeslack.Words{User: tt.user, Channel: mixedChannel, Text: "A thread."})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.Event(t.Context(), fakeslack.Event{Type: "app_mention", User: tt.user, Channel: mixedChannel, Fields: map[string]any{
					"text": "<@U0ARBOT> help", "ts": m.TS, "thread_ts": m.TS, "user_team": tt.team,
				}}); err != nil {
					t.Fatal(err)
				}
				got := awaitThread(t, w, m, 1)[0]
				if refused := strings.HasPrefix(got.Text, "This is for people of this company only."); refused != tt.outside {
					t.Errorf("answer: %q", got.Text)
				}
			})
		}
	}
}

// In an Enterprise Grid organisation somebody may act in a workspace other than the
// one of the app.
func TestWorkspacesOfAnOrganisation(t *testing.T) {
	t.Parallel()
	carrier := &http.Client{Transport: roundTrips(func(*http.Request) (*http.Response, error) {
		return respond(200, nil, map[string]any{"ok": true, "user": map[string]any{
			"id": "W1", "team_id": "E1", "enterprise_user": map[string]any{"id": "W1", "enterprise_id": "E1", "teams": []string{"T0ACME", "T0SISTER"}},
		}}), nil
	})}
	log := slog.New(slog.DiscardHandler)
	client := bot.NewClient(bot.ClientConfig{BotToken: "xoxb-1", HTTP: carrier, Now: time.Now})
	gate := bot.NewGate(bot.GateConfig{Client: client, HTTP: carrier, Now: time.Now, Logger: log})
	people := bot.NewDirectory(bot.DirectoryConfig{Client: client, Gate: gate, Now: time.Now, Team: "T0ACME", Logger: log})
	for team, outside := range map[string]bool{"": false, "T0ACME": false, "T0SISTER": false, "E1": false, "T0OTHER": true, "E2": true} {
		if actor, err := people.ActorOf(t.Context(), "W1", team); err != nil || actor.Outside != outside {
			t.Errorf("of %q: outside is %t, %v", team, actor.Outside, err)
		}
	}
}
