package bot_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
)

// A connection that leads nowhere, without being closed, is given up when no ping has
// come for a while; what was sent meanwhile comes again. slack-go's debug mode, which
// has each connection end after minutes, is off.
func TestHalfOpenConnectionsAreGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, handled := newLine(1, 10*time.Second), &tally{seen: map[string]int{}}
		b := lifeBot(t, l, handled)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.RunSocket(ctx) }()
		time.Sleep(time.Minute)
		l.mu.Lock()
		first := len(l.conns)
		for _, w := range l.conns {
			w.frozen = true
		}
		l.mu.Unlock()
		l.running.Go(func() { l.mention(1) })
		time.Sleep(2 * time.Minute)
		l.running.Go(func() { l.command(2) })
		time.Sleep(3 * time.Hour) // some that were acknowledged come once more
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		l.running.Wait()
		for no, q := range l.asked {
			if !q.acked || q.answers != 1 {
				t.Errorf("%d: acknowledged %t, %d answers", no, q.acked, q.answers)
			}
		}
		if first != 2 || len(l.opened) > 6 {
			t.Errorf("%d connections at first, %d in all", first, len(l.opened))
		}
		if queries := strings.Join(l.dialed, " "); strings.Contains(queries, "debug") {
			t.Errorf("connections: %s", queries)
		}
	})
}

// No call waits for ever, also where whoever builds the program has set no limit.
func TestNothingWaitsForEver(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(context.Context, *bot.Gate) error{
		"the Web API": func(ctx context.Context, g *bot.Gate) error { _, err := g.Permalink(ctx, arChannel, "1.0"); return err },
		"a response URL": func(ctx context.Context, g *bot.Gate) error {
			return g.Respond(ctx, "https://hooks.slack.example/r", bot.Page{}, false, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				gate := inMemory(func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				})
				start := time.Now()
				if err := do(t.Context(), gate); err == nil || time.Since(start) != 15*time.Second {
					t.Errorf("after %s: %v", time.Since(start), err)
				}
			})
		})
	}
}

// A button that opens a page is told, too, and has nothing to be answered.
func TestPressOfALinkIsAcknowledged(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := newWorld(t)
		router := bot.NewRouter(bot.RouterConfig{Desk: desktest.New(t).Desk, Slash: "/ar"})
		w.listen(t, via, router.Handle)
		pages, err := bot.Pages(card.New("INV-7.", card.Buttons{{Label: "Open in the ledger", URL: "https://ledger.example/7"}}), blockkit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		at, err := w.gate.Post(t.Context(), arChannel, "", pages[0], "")
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.Click(t.Context(), fakeslack.Click{User: ana, Channel: arChannel, TS: at.TS, Element: "Open in the ledger"})
		if err != nil {
			t.Fatal(err)
		}
		await(t, func() bool { return strings.Contains(w.logs.String(), `"kind":"action"`) })
		if ack, ok := d.Ack(); !ok || ack.Problem != "" || len(d.Messages()) != 0 || len(w.DMs(ana)) != 0 {
			t.Errorf("acknowledgement %+v, answers %+v", ack, d.Messages())
		}
	})
}

// The answer to a press in a message that has replies stands beside the message: Slack
// names such a message as a thread of its own.
func TestAnswerStaysOutOfTheThread(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := newWorld(t)
		w.listen(t, via, says("Here."))
		pages, err := bot.Pages(card.New("Digest.", card.Buttons{{Label: "Show", Action: "show"}}), blockkit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		head, err := w.gate.Post(t.Context(), arChannel, "", pages[0], "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.gate.Post(t.Context(), arChannel, head.TS, pages[0], ""); err != nil {
			t.Fatal(err)
		}
		d, err := w.Click(t.Context(), fakeslack.Click{User: ana, Channel: arChannel, TS: head.TS, Element: "Show"})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.await(t, d, 1)[0]; got.ThreadTS != "" || got.EphemeralTo != ana || got.Text != "Here." {
			t.Errorf("answer: %+v", got)
		}
	})
}

// Addresses of ours in a message are told, whoever shows them.
func TestLinksAreHeard(t *testing.T) {
	t.Parallel()
	overBoth(t, func(t *testing.T, via string) {
		w := newWorld(t)
		calls := make(chan bot.Call, 1)
		router := bot.NewRouter(bot.RouterConfig{Slash: "/ar", Share: []string{arChannel}, Routes: bot.Routes{Links: heard(calls)}})
		w.listen(t, via, router.Handle)
		if _, err := w.Event(t.Context(), fakeslack.Event{Type: "link_shared", User: ana, Channel: arChannel, Fields: map[string]any{
			"message_ts": "1.2", "unfurl_id": "C0AR.1.2", "source": "conversations_history", "links": []map[string]any{{"domain": "ledger.example", "url": "https://ledger.example/7"}},
		}}); err != nil {
			t.Fatal(err)
		}
		c := <-calls
		if c.Kind != bot.LinkShared || len(c.Links) != 1 || c.Links[0] != "https://ledger.example/7" || c.MessageTS != "1.2" || c.Unfurl != (bot.Unfurl{ID: "C0AR.1.2", Source: "conversations_history"}) {
			t.Errorf("call: %+v", c)
		}
	})
}

// heard is a handler that passes its calls on and says nothing.
func heard(calls chan<- bot.Call) bot.Handler {
	return func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
		calls <- c
		return bot.Answer{}, nil
	}
}

// Whatever comes twice is handled once, also after a restart: commands, presses,
// shortcuts and forms as well as events.
func TestWhatComesTwiceIsHandledOnce(t *testing.T) {
	t.Parallel()
	type deed func(*testing.T, *world) *fakeslack.Delivery
	deeds := map[string]deed{
		"command": func(t *testing.T, w *world) *fakeslack.Delivery {
			t.Helper()
			return w.slash(t, ana, arChannel, "help")
		},
		"press": func(t *testing.T, w *world) *fakeslack.Delivery {
			t.Helper()
			pages, err := bot.Pages(card.New("Digest.", card.Buttons{{Label: "Show", Action: "show"}}), blockkit.Options{})
			if err != nil {
				t.Fatal(err)
			}
			at, err := w.gate.Post(t.Context(), arChannel, "", pages[0], "")
			if err != nil {
				t.Fatal(err)
			}
			return done(w.Click(t.Context(), fakeslack.Click{User: ana, Channel: arChannel, TS: at.TS, Element: "Show"}))(t)
		},
		"shortcut that opens a form": func(t *testing.T, w *world) *fakeslack.Delivery {
			t.Helper()
			return done(w.Shortcut(t.Context(), fakeslack.Shortcut{User: ana, CallbackID: "form"}))(t)
		},
		"form": func(t *testing.T, w *world) *fakeslack.Delivery {
			t.Helper()
			openByHand(t, w)
			return done(w.SubmitView(t.Context(), fakeslack.Submission{User: ana, Values: filled()}))(t)
		},
	}
	for name, do := range deeds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			overBoth(t, func(t *testing.T, via string) {
				w := newWorld(t)
				calls := make(chan bot.Call, 10)
				opens := func(c *bot.Config) {
					c.Opens = func(c bot.Call) (string, bool) { return "Form", c.Action == "form" }
				}
				first := w.listen(t, via, heard(calls), opens)
				d := do(t, w)
				again, err := w.Redeliver(t.Context(), d)
				if err != nil {
					t.Fatal(err)
				}
				if err := first.stop(); err != nil {
					t.Fatal(err)
				}
				second := w.listen(t, via, heard(calls), opens)
				last, err := w.Redeliver(t.Context(), again)
				if err != nil {
					t.Fatal(err)
				}
				if err := second.stop(); err != nil {
					t.Fatal(err)
				}
				asked := 0
				for range len(calls) {
					if c := <-calls; c.Delivery == "command:"+d.TriggerID || c.Delivery == "interaction:"+d.TriggerID {
						asked++
					}
				}
				if asked != 1 {
					t.Errorf("handled %d times", asked)
				}
				for _, d := range []*fakeslack.Delivery{d, again, last} {
					if ack, ok := d.Ack(); !ok || ack.Status != http.StatusOK || !ack.InTime {
						t.Errorf("acknowledgement %+v, %t", ack, ok)
					}
				}
				if n := len(w.DMs(ana)); name != "form" && n != 0 {
					t.Errorf("%d direct messages", n)
				}
			})
		})
	}
}

// done fails a test whose deed did not arrive.
func done(d *fakeslack.Delivery, err error) func(*testing.T) *fakeslack.Delivery {
	return func(t *testing.T) *fakeslack.Delivery {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
}

// What slack-go cannot read in Socket Mode is read all the same, if it holds what is
// needed.
func TestPressThatSlackGoCannotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, handled := newLine(1, 10*time.Second), &tally{seen: map[string]int{}}
		b := lifeBot(t, l, handled)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.RunSocket(ctx) }()
		time.Sleep(time.Second)
		l.ask(1, false)
		acked, _ := l.deliver(frame{"type": "interactive", "payload": frame{
			"type": "block_actions", "user": frame{"id": ana}, "team": frame{"id": "T0ACME"}, "trigger_id": "1.2", "response_url": "https://hooks.slack.example/r/1",
			"actions": []frame{{"type": "rich_text_input", "action_id": "note", "block_id": "b", "rich_text_value": "of a kind that is not known"}},
		}})
		time.Sleep(time.Second)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		l.running.Wait()
		if !acked || len(handled.seen) != 1 {
			t.Errorf("acknowledged %t, handled %v", acked, handled.seen)
		}
	})
}

// What is received, by which way it can come, and the test that holds it:
//
//	over Socket Mode alone, since over HTTP no connection is ours
//	  hello, ping, its absence      TestHalfOpenConnectionsAreGivenUp, TestTenThousandHoursOfSocketMode
//	  refresh, too_many_websockets  TestSocketComesBack, TestConnectionsAreOpenedSlowly
//	  refused tokens                TestSocketEndsWhenTheTokensAreRefused
//	  an answer across connections  TestAnswerOutlivesItsConnection
//	over HTTP alone, since a socket is opened by us and needs neither
//	  signature, age, size, address TestRequestsThatSlackDidNotSign
//	  verification of the address   TestURLIsVerified
//	over both
//	  each kind of call             TestCommandIsAnsweredWithItsAcknowledgement and those beside it
//	  the same again, after a restart  TestSL04DuplicatesAreHandledOnce, TestWhatComesTwiceIsHandledOnce
//	  a retry alone                 TestSL04RetryWithoutAFirstDeliveryIsHandled
//	  what is slow                  TestSL05SlowAnswerComesByResponseURL, TestGuardHoldsSlacksTime
//	  what is unknown, late, or out of order  TestReceivingOverBoth
func TestReceivingOverBoth(t *testing.T) {
	t.Parallel()
	mention := func(ts string) fakeslack.Event {
		return fakeslack.Event{Type: "app_mention", User: ana, Channel: arChannel, Fields: map[string]any{"text": "<@" + botUser + "> " + ts, "ts": ts, "team": "T0ACME"}}
	}
	tests := map[string]struct {
		events  []fakeslack.Event
		after   time.Duration // between them
		handled []string
	}{
		"an event of no interest": {[]fakeslack.Event{{Type: "reaction_added", User: ana, Channel: arChannel}}, 0, nil},
		"an event without a form": {[]fakeslack.Event{{Type: "user_change", Fields: map[string]any{"user": 7, "channel": []int{1}}}}, 0, nil},
		"hours late":              {[]fakeslack.Event{mention("1772000000.000100")}, 0, []string{"1772000000.000100"}},
		"the later one first":     {[]fakeslack.Event{mention("1772440002.000100"), mention("1772440001.000100")}, 0, []string{"1772440002.000100", "1772440001.000100"}},
		"a day apart":             {[]fakeslack.Event{mention("1772440001.000100"), mention("1772440002.000100")}, 24 * time.Hour, []string{"1772440001.000100", "1772440002.000100"}},
	}
	overBoth(t, func(t *testing.T, via string) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				calls := make(chan bot.Call, 4)
				b := w.listen(t, via, heard(calls))
				for i, e := range tt.events {
					if i > 0 {
						w.clock.advance(tt.after)
					}
					d, err := w.Event(t.Context(), e)
					if err != nil {
						t.Fatal(err)
					}
					if ack, ok := d.Ack(); !ok || !ack.InTime || ack.Problem != "" {
						t.Errorf("acknowledgement %+v, %t", ack, ok)
					}
					if i < len(tt.handled) {
						if c := <-calls; c.Text != tt.handled[i] {
							t.Errorf("handled %q, want %q", c.Text, tt.handled[i])
						}
					}
				}
				if err := b.stop(); err != nil {
					t.Fatal(err)
				}
				if len(calls) != 0 {
					t.Errorf("%d more calls were handled", len(calls))
				}
			})
		}
	})
}
