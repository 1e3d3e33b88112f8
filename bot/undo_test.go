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
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
)

// ledger is a workspace whose bot writes something down that can be taken back.
type ledger struct {
	*world
	undone atomic.Int32
}

// newLedger listens with a button "Write", whose answer can be undone.
func newLedger(t *testing.T, via string, visible card.Visibility) *ledger {
	t.Helper()
	l := &ledger{world: newWorld(t)}
	router := bot.NewRouter(bot.RouterConfig{Desk: desktest.New(t).Desk, Slash: "/ar", People: l.people, Routes: bot.Routes{
		Buttons: map[string]bot.Handler{"write": func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
			return bot.Answer{Card: card.Card{Text: "Written down.", Visibility: visible}, Undo: "note/12"}, nil
		}},
		Undo: func(_ context.Context, _ ar.Actor, id string) (bot.Answer, error) {
			if id != "note/12" {
				t.Errorf("undo of %q", id)
			}
			if l.undone.Add(1) > 1 {
				return bot.Answer{}, ar.Refuse("That was undone already.")
			}
			return bot.Answer{Card: card.New("Undone: it is as it was.")}, nil
		},
	}})
	l.listen(t, via, router.Handle)
	return l
}

// write has ben press the button, and returns the answer with its Undo.
func (l *ledger) write(t *testing.T) fakeslack.Message {
	t.Helper()
	if err := l.gate.Share(t.Context(), arChannel, card.New("Account.", card.Buttons{{Label: "Write", Action: "write"}}), bot.Config{}.Render); err != nil {
		t.Fatal(err)
	}
	all := l.Messages(arChannel)
	d, err := l.Click(t.Context(), fakeslack.Click{User: ben, Channel: arChannel, TS: all[len(all)-1].TS, Element: "Write"})
	if err != nil {
		t.Fatal(err)
	}
	return l.await(t, d, 1)[0]
}

// press has a person press Undo, and returns the answer.
func (l *ledger) press(t *testing.T, user string, m fakeslack.Message) fakeslack.Message {
	t.Helper()
	d, err := l.Click(t.Context(), fakeslack.Click{User: user, Channel: arChannel, TS: m.TS, Element: "Undo"})
	if err != nil {
		t.Fatal(err)
	}
	return l.await(t, d, 1)[0]
}

// What was done is undone by who did it, and the button is gone; in a message that only
// the person sees as in one that all see.
func TestUndo(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		for name, visible := range map[string]card.Visibility{"ephemeral": card.Private, "in the channel": card.InChannel} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l := newLedger(t, via, visible)
				m := l.write(t)
				if m.Text != "Written down." || (m.EphemeralTo == ben) != (visible == card.Private) {
					t.Fatalf("the answer is %+v", m)
				}
				compare(t, "undo.json", asWire(t, m))
				l.clock.advance(9 * time.Minute)
				got := l.press(t, ben, m)
				if got.TS != m.TS || got.Text != "Undone: it is as it was." || strings.Contains(string(got.Blocks), "Undo\"") || l.undone.Load() != 1 {
					t.Errorf("undone %d times, in its place stands %+v", l.undone.Load(), got)
				}
			})
		}
	})
}

// Others cannot undo it, but for an admin; and nobody can when it is too late.
func TestUndoIsRefused(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		l := newLedger(t, via, card.InChannel)
		m := l.write(t)
		if got := l.press(t, ana, m); got.TS == m.TS || got.EphemeralTo != ana || !strings.Contains(got.Text, "Only who did this can undo it") {
			t.Errorf("by somebody else: %+v", got)
		}
		l.clock.advance(10*time.Minute + time.Second)
		if got := l.press(t, ben, m); got.TS == m.TS || !strings.Contains(got.Text, "too late") {
			t.Errorf("too late: %+v", got)
		}
		if l.undone.Load() != 0 {
			t.Error("it was undone")
		}
		m = l.write(t)
		if got := l.press(t, cleo, m); got.TS != m.TS || got.Text != "Undone: it is as it was." {
			t.Errorf("by an admin: %+v", got)
		}
		m = l.write(t)
		if got := l.press(t, ben, m); got.TS == m.TS || got.Text != "That was undone already." {
			t.Errorf("a second time: %+v", got)
		}
	})
}

// A value that nobody of us has made undoes nothing.
func TestUndoOfNothing(t *testing.T) {
	t.Parallel()
	r := newRouter(desktest.New(t).Desk)
	for _, value := range []string{"", "U0ANA", "U0ANA 12", "U0ANA x note/12", "U0ANA 12 "} {
		if got := refused(t, r, desktest.Nora, bot.Call{Kind: bot.Action, Action: "undo", Value: value}); !strings.Contains(got.Say, "older version") {
			t.Errorf("%q: %q", value, got.Say)
		}
	}
}
