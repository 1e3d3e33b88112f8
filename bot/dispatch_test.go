package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

func TestCommandIsAnsweredWithItsAcknowledgement(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			calls := make(chan bot.Call, 1)
			actors := make(chan ar.Actor, 1)
			w.listen(t, via, func(_ context.Context, actor ar.Actor, c bot.Call) (bot.Answer, error) {
				calls <- c
				actors <- actor
				return bot.Answer{Card: card.New("Acme owes USD 1,200.00.")}, nil
			})
			d := w.slash(t, ben, arChannel, "status “acme”")

			got := d.Messages()
			if len(got) != 1 || got[0].Via != "ack" || got[0].Text != "Acme owes USD 1,200.00." || got[0].EphemeralTo != ben {
				t.Errorf("answer: got %+v, want one ephemeral message to ben, by the acknowledgement", got)
			}
			if ack, ok := d.Ack(); !ok || !ack.InTime || ack.Problem != "" {
				t.Errorf("ack: %+v, %t", ack, ok)
			}
			c := <-calls
			want := bot.Call{
				ID: c.ID, Delivery: "command:" + d.TriggerID, Kind: bot.Command, User: ben, Team: "T0ACME", UserTeam: "T0ACME", Channel: arChannel, ChannelName: "ar",
				Command: "/ar", Text: "status “acme”", Trigger: d.TriggerID, ResponseURL: d.ResponseURL, Received: w.clock.Now(),
			}
			if diff := cmp.Diff(want, c); diff != "" {
				t.Errorf("call (-want +got):\n%s", diff)
			}
			wantActor := ar.Actor{User: ben, Email: "ben@acme.example", Names: []string{"B. Brown", "benjamin@acme.example"}, Roles: []ar.Role{ar.Rep}}
			if diff := cmp.Diff(wantActor, <-actors); diff != "" {
				t.Errorf("actor (-want +got):\n%s", diff)
			}
		})
	}
}

// held is a handler that waits until the test lets it go.
func held(release <-chan struct{}, answer bot.Answer) bot.Handler {
	return func(ctx context.Context, _ ar.Actor, _ bot.Call) (bot.Answer, error) {
		select {
		case <-release:
			return answer, nil
		case <-ctx.Done():
			return bot.Answer{}, ctx.Err()
		}
	}
}

// quickGuard makes every handler that waits for the test too slow for Slack.
func quickGuard(c *bot.Config) { c.Guard = time.Millisecond }

func TestSL05SlowAnswerComesByResponseURL(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			release := make(chan struct{})
			w.listen(t, via, held(release, bot.Answer{Card: card.New("Here it is.")}), quickGuard)
			d := w.slash(t, ana, arChannel, "aging")
			if got := d.Messages(); len(got) != 1 || got[0].Via != "ack" || got[0].Text != "Working on it…" {
				t.Fatalf("at once: %+v", got)
			}
			close(release)
			got := w.await(t, d, 2)[1]
			if got.Via != "response_url" || got.Text != "Here it is." || got.EphemeralTo != ana {
				t.Errorf("then: %+v", got)
			}
		})
	}
}

func TestX29UsedUpResponseURLGivesWayToADM(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			t.Run("after 31 minutes", func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				release := make(chan struct{})
				w.listen(t, via, held(release, bot.Answer{Card: card.New("At last.")}), quickGuard)
				d := w.slash(t, ana, arChannel, "aging")
				w.clock.advance(31 * time.Minute)
				close(release)
				if got := w.awaitDM(t, ana, 1); got[0].Text != "At last." {
					t.Errorf("direct message: %+v", got)
				}
				if got := d.Messages(); len(got) != 1 {
					t.Errorf("answers in the channel: %+v, want only that it is being worked on", got)
				}
			})
			t.Run("a sixth message", func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				long := longCard(6)
				pages, err := bot.Pages(long, bot.Config{}.Render)
				if err != nil {
					t.Fatal(err)
				}
				if len(pages) < 6 {
					t.Fatalf("%d pages, want more than the five uses can carry", len(pages))
				}
				w.listen(t, via, func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) { return bot.Answer{Card: long}, nil })
				d := w.slash(t, ana, arChannel, "overdue")
				dms := w.awaitDM(t, ana, len(pages)-4) // the fifth use says where the rest is
				if err := d.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				here := d.Messages()
				if len(here) != 5 || here[4].Text != "The rest is in our direct message." {
					t.Fatalf("%d messages in the channel, want four pages and where the rest is", len(here))
				}
				got := slices.Concat(here[:4], dms)
				if len(got) != len(pages) {
					t.Fatalf("%d messages arrived of %d", len(got), len(pages))
				}
				for i, m := range got {
					if m.Text != pages[i].Message.Text {
						t.Errorf("message %d is %q, want %q", i, m.Text, pages[i].Message.Text)
					}
				}
			})
		})
	}
}

// longCard is a card that takes at least that many messages.
func longCard(messages int) card.Card {
	c := card.New("All of it.")
	for i := range messages {
		for range 4 { // of some 3,000 characters each
			c.Add(card.Paragraph{card.T(strings.Repeat(fmt.Sprintf("line %d of many ", i), 180))})
		}
	}
	return c
}

func TestSL04DuplicatesAreHandledOnce(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var handled atomic.Int32
			handle := func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
				handled.Add(1)
				return bot.Answer{Card: card.Card{Text: "Done.", Visibility: card.InChannel}}, nil
			}
			first := w.listen(t, via, handle)
			m, d, err := w.Say(t.Context(), fakeslack.Words{User: ana, Channel: arChannel, Text: "<@U0ARBOT> help"})
			if err != nil {
				t.Fatal(err)
			}
			awaitThread(t, w, m, 1)
			again, err := w.Redeliver(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			w.clock.advance(6 * time.Minute)
			if err := first.stop(); err != nil {
				t.Fatal(err)
			}
			second := w.listen(t, via, handle) // a restart does not forget
			last, err := w.Redeliver(t.Context(), again)
			if err != nil {
				t.Fatal(err)
			}
			if err := second.stop(); err != nil {
				t.Fatal(err)
			}
			if n := handled.Load(); n != 1 {
				t.Errorf("handled %d times", n)
			}
			awaitThread(t, w, m, 1)
			for _, d := range []*fakeslack.Delivery{d, again, last} {
				if ack, ok := d.Ack(); !ok || ack.Status != 200 {
					t.Errorf("acknowledgement of attempt %d: %+v, %t", d.RetryAttempt, ack, ok)
				}
			}
		})
	}
}

func TestSL04RetryWithoutAFirstDeliveryIsHandled(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			m, lost, err := w.Say(t.Context(), fakeslack.Words{User: ana, Channel: arChannel, Text: "<@U0ARBOT> help"})
			if !errors.Is(err, fakeslack.ErrNotConnected) {
				t.Fatalf("say while nobody listens: %v", err)
			}
			w.listen(t, via, says("Here."))
			if _, err := w.Redeliver(t.Context(), lost); err != nil {
				t.Fatal(err)
			}
			if err := w.Await(t.Context(), func(s *fakeslack.State) bool { return ephemeralIn(s, m.Channel) == 1 }); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func ephemeralIn(s *fakeslack.State, channel string) (n int) {
	for _, m := range s.Messages(channel) {
		if m.EphemeralTo != "" {
			n++
		}
	}
	return n
}

// awaitThread waits for exactly n replies under a message.
func awaitThread(t *testing.T, w *world, m fakeslack.Message, n int) []fakeslack.Message {
	t.Helper()
	if err := w.Await(t.Context(), func(s *fakeslack.State) bool { return len(s.Thread(m.Channel, m.TS)) == n }); err != nil {
		t.Fatal(err)
	}
	return w.Thread(m.Channel, m.TS)
}

func TestMentionsAndDirectMessages(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			texts := make(chan string, 1)
			w.listen(t, via, func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
				texts <- fmt.Sprintf("%s %q", c.Kind, c.Text)
				answer := card.New("Answer to " + c.Text)
				if strings.HasSuffix(c.Text, "share") {
					answer.Visibility = card.InChannel
				}
				return bot.Answer{Card: answer}, nil
			})
			say := func(channel, thread, text string) (fakeslack.Message, string) {
				t.Helper()
				m, d, err := w.Say(t.Context(), fakeslack.Words{User: ana, Channel: channel, ThreadTS: thread, Text: text})
				if err != nil || d == nil {
					t.Fatalf("say: %v, delivery %v", err, d)
				}
				return m, <-texts
			}

			opened, got := say(arChannel, "", "<@U0ARBOT> status acme share")
			if got != `mention "status acme share"` {
				t.Errorf("call: %s", got)
			}
			if reply := awaitThread(t, w, opened, 1)[0]; reply.EphemeralTo != "" || reply.Text != "Answer to status acme share" {
				t.Errorf("shared answer: %+v", reply)
			}

			_, got = say(arChannel, opened.TS, "please <@U0ARBOT|arbot>:  status acme")
			if got != `mention "status acme"` {
				t.Errorf("call: %s", got)
			}
			private := awaitThread(t, w, opened, 3)[2]
			if private.EphemeralTo != ana || private.ThreadTS != opened.TS || private.Via != "chat.postEphemeral" {
				t.Errorf("private answer in a thread: %+v", private)
			}

			if _, got = say("", "", "status acme"); got != `message "status acme"` {
				t.Errorf("call: %s", got)
			}
			if dm := w.awaitDM(t, ana, 1)[0]; dm.Text != "Answer to status acme" || dm.ThreadTS != "" {
				t.Errorf("direct message: %+v", dm)
			}
		})
	}
}

func TestPanicIsAnsweredAndSurvived(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.listen(t, via, func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
				if c.Text == "boom" {
					panic("a fault of ours")
				}
				return bot.Answer{Card: card.New("Alive.")}, nil
			})
			got := w.slash(t, ana, arChannel, "boom").Messages()
			found := regexp.MustCompile(`^Something went wrong \(id ([0-9A-Z]{4})\)\. Try again; if it happens again, give the id to your admin\.$`).
				FindStringSubmatch(got[0].Text)
			if found == nil {
				t.Fatalf("answer: %q", got[0].Text)
			}
			log := w.logs.String()
			for _, want := range []string{`"level":"ERROR"`, `"id":"` + found[1] + `"`, "a fault of ours", "dispatch_test.go"} {
				if !strings.Contains(log, want) {
					t.Errorf("the log lacks %s", want)
				}
			}
			if got := w.slash(t, ana, arChannel, "again").Messages(); got[0].Text != "Alive." {
				t.Errorf("after the panic: %+v", got)
			}
		})
	}
}

func TestChoicesAreButtons(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.listen(t, via, func(_ context.Context, _ ar.Actor, c bot.Call) (bot.Answer, error) {
				if c.Kind == bot.Action {
					return bot.Answer{Card: card.New("Picked " + c.Action + " " + c.Value), Replace: true}, nil
				}
				return bot.Answer{Again: "aging %s as of 2013-06-30"}, &ar.Error{
					Kind: ar.Ambiguous, Say: "Two customers fit. Which one?",
					Choices: []ar.Choice{{Label: "Acme Inc", Customer: 12}, {Label: "INV-7", Document: 345, Customer: 12}},
				}
			})
			d := w.slash(t, ana, arChannel, "aging acme as of 2013-06-30")
			shown := d.Messages()[0]
			if shown.Text != "Two customers fit. Which one?" {
				t.Errorf("question: %q", shown.Text)
			}
			if _, err := w.Click(t.Context(), fakeslack.Click{User: ana, Channel: arChannel, TS: shown.TS, Element: "INV-7"}); err != nil {
				t.Fatal(err)
			}
			var replaced fakeslack.Message
			if err := w.Await(t.Context(), func(s *fakeslack.State) bool {
				replaced = s.Messages(arChannel)[0]
				return replaced.Edited
			}); err != nil {
				t.Fatal(err)
			}
			if want := "Picked pick aging d345 as of 2013-06-30"; replaced.Text != want {
				t.Errorf("after the click: %q, want %q", replaced.Text, want)
			}
		})
	}
}

// An answer that is too large for an acknowledgement in Socket Mode: Slack
// would drop it without a word.
func TestLargeAnswerGoesByResponseURL(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			large := card.New("Large.")
			for range 4 {
				large.Add(card.Paragraph{card.T(strings.Repeat("金額", 1200))}) // three bytes a character
			}
			w.listen(t, via, func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) { return bot.Answer{Card: large}, nil })
			d := w.slash(t, ana, arChannel, "aging")
			if got := w.await(t, d, 1); got[0].Via != "response_url" || got[0].Text != "Large." {
				t.Errorf("answer: via %s, %q", got[0].Via, got[0].Text)
			}
		})
	}
}

func TestDrainFinishesWhatRuns(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			release, started := make(chan struct{}), make(chan struct{})
			b := w.listen(t, via, func(ctx context.Context, actor ar.Actor, c bot.Call) (bot.Answer, error) {
				if c.Text != "slow" {
					return says("At once.")(ctx, actor, c)
				}
				close(started)
				return held(release, bot.Answer{Card: card.New("Finished.")})(ctx, actor, c)
			})
			d, err := w.Slash(t.Context(), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: "slow"}, fakeslack.NoWait())
			if err != nil {
				t.Fatal(err)
			}
			<-started
			stopped := make(chan error, 1)
			go func() { stopped <- b.stop() }()
			for got := "At once."; got != "I am restarting. Try again in a minute."; {
				if got != "At once." {
					t.Fatalf("while it stops: %q", got)
				}
				w.clock.advance(2 * time.Second) // the limit of one person is not the subject
				got = w.slash(t, ben, arChannel, "help").Messages()[0].Text
			}
			close(release)
			if err := <-stopped; err != nil {
				t.Fatal(err)
			}
			// The clock may have gone past the 3 s meanwhile, and the fake may have said so.
			if err := w.Await(t.Context(), func(s *fakeslack.State) bool {
				return slices.ContainsFunc(s.Answers(d), func(m fakeslack.Message) bool { return m.Text == "Finished." })
			}); err != nil {
				t.Errorf("answer of what was running: %v", err)
			}
		})
	}
}

func TestBrokenMemoryOfDeliveriesIsAFault(t *testing.T) {
	t.Parallel()
	for _, via := range receivers {
		t.Run(via, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.seen.err = errors.New("the database is away")
			w.listen(t, via, unreached(t))
			got := w.slash(t, ana, arChannel, "help").Messages()
			if !strings.HasPrefix(got[0].Text, "Something went wrong (id ") {
				t.Errorf("answer: %+v", got)
			}
			if !strings.Contains(w.logs.String(), "the database is away") {
				t.Error("the log does not say why")
			}
		})
	}
}

// In a bubble of fake time: the request is answered 2.5 s after it came, and
// the answer itself follows when the handler is done.
func TestGuardHoldsSlacksTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		replies := make(chan string, 5)
		carrier := &http.Client{Transport: roundTrips(func(r *http.Request) (*http.Response, error) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/users.info"):
				return respond(200, nil, map[string]any{"ok": true, "user": map[string]any{"id": ana, "team_id": "T0ACME"}}), nil
			case strings.HasSuffix(r.URL.Path, "/conversations.info"):
				return respond(200, nil, map[string]any{"ok": true, "channel": map[string]any{"id": arChannel}}), nil
			}
			body, err := io.ReadAll(r.Body)
			replies <- fmt.Sprintf("%s %s %s", time.Since(start), r.URL.Path, body)
			return respond(200, nil, map[string]any{"ok": true}), err
		})}
		log := slog.New(slog.DiscardHandler)
		client := bot.NewClient(bot.ClientConfig{BotToken: "xoxb-1", HTTP: carrier, Now: time.Now})
		gate := bot.NewGate(bot.GateConfig{Client: client, HTTP: carrier, Now: time.Now, Logger: log})
		b, err := bot.New(bot.Config{
			Client: client, Gate: gate, People: bot.NewDirectory(bot.DirectoryConfig{Client: client, Gate: gate, Now: time.Now, Team: "T0ACME", Logger: log}),
			Seen: &deliveries{known: map[string]bool{}}, Logger: log, Now: time.Now, SigningSecret: "secret",
			Handle: func(context.Context, ar.Actor, bot.Call) (bot.Answer, error) {
				time.Sleep(4 * time.Second)
				return bot.Answer{Card: card.New("At last.")}, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		body := url.Values{
			"user_id": {ana}, "channel_id": {arChannel}, "trigger_id": {"1"}, "command": {"/ar"}, "response_url": {"https://hooks.slack.example/r"},
		}.Encode()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/commands", strings.NewReader(body))
		r.Header.Set("Content-Type", form)
		fakeslack.Sign(r, "secret", time.Now(), []byte(body))
		answer := httptest.NewRecorder()
		b.HTTP().ServeHTTP(answer, r)
		if took := time.Since(start); took != 2500*time.Millisecond || !strings.Contains(answer.Body.String(), "Working on it…") {
			t.Errorf("after %s: %s", took, answer.Body)
		}
		if got := <-replies; !strings.HasPrefix(got, "4s /r ") || !strings.Contains(got, "At last.") {
			t.Errorf("reply: %s", got)
		}
		if err := b.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestDrainGivesUpInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	started := make(chan struct{})
	b := w.listen(t, viaHTTP, func(ctx context.Context, _ ar.Actor, _ bot.Call) (bot.Answer, error) {
		close(started)
		<-ctx.Done()
		return bot.Answer{}, ctx.Err()
	})
	d, err := w.Slash(t.Context(), fakeslack.Command{User: ana, Channel: arChannel, Command: "/ar", Text: "aging"}, fakeslack.NoWait())
	if err != nil {
		t.Fatal(err)
	}
	<-started
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Drain(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("drain: %v", err)
	}
	if got := w.await(t, d, 1); !strings.HasPrefix(got[0].Text, "Something went wrong (id ") {
		t.Errorf("answer of what was cut off: %+v", got)
	}
}
