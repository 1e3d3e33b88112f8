package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

func TestX03SecondTickEditsInPlace(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(arChannel, "3 invoices overdue.", "By owner.", "Due this week."))
	o.queue(t, 1)
	o.wantTexts(t, arChannel, "3 invoices overdue.", "  By owner.", "  Due this week.")
	if got := string(o.book.posts[1].Figures); !strings.HasPrefix(got, `{"of":"3 invoices overdue.","said":`) {
		t.Errorf("figures: %s", got)
	}

	o.clock.advance(53 * time.Minute)
	writes := len(o.Calls("chat.postMessage", "chat.update"))
	o.queue(t, 1)
	if n := len(o.Calls("chat.postMessage", "chat.update")); n != writes {
		t.Errorf("a tick without news made %d calls", n-writes)
	}

	o.composed[1] = saying(arChannel, "2 invoices overdue.", "By owner.")
	o.queue(t, 1)
	o.wantTexts(t, arChannel, "2 invoices overdue.", "  By owner.")
	if n := len(o.Calls("chat.update")); n != 1 {
		t.Errorf("%d edits, want one of the head", n)
	}
	if o.state(1) != ar.PostDone || len(o.book.posts[1].Parts) != 2 {
		t.Errorf("post: %+v", o.book.posts[1])
	}
}

func TestX21LostAnswer(t *testing.T) {
	t.Parallel()
	t.Run("is looked for", func(t *testing.T) {
		t.Parallel()
		for lost := range 3 { // the head's answer, or that of a reply
			o := newOffice(t)
			o.plan(1, saying(arChannel, "Head.", "One.", "Two."))
			o.Inject(fakeslack.Fault{Method: "chat.postMessage", After: lost, LoseAnswer: true})
			o.queue(t, 1)
			o.wantTexts(t, arChannel, "Head.", "  One.", "  Two.")
			if o.state(1) != ar.PostDone {
				t.Errorf("state: %s", o.state(1))
			}
		}
	})
	t.Run("of a message that never arrived is sent again", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		o.plan(1, saying(arChannel, "Head."))
		o.Inject(fakeslack.Fault{Method: "chat.postMessage", Status: 502})
		o.queue(t, 1)
		o.wantTexts(t, arChannel, "Head.")
	})
	t.Run("without a history scope is for a person to settle", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, change{slack: func(s *fakeslack.Options) {
			s.Scopes = slices.DeleteFunc(fakeslack.DefaultScopes(), func(scope string) bool { return strings.HasSuffix(scope, ":history") })
		}})
		o.plan(1, saying(arChannel, "Head.", "One."))
		o.Inject(fakeslack.Fault{Method: "chat.postMessage", LoseAnswer: true})
		o.queue(t, 1)
		o.queue(t, 1) // another tick does not send it either
		o.wantTexts(t, arChannel, "Head.")
		if o.state(1) != ar.PostUnconfirmed {
			t.Errorf("state: %s", o.state(1))
		}
		if len(o.alerts.said) != 1 {
			t.Errorf("alerts: %v", o.alerts.said)
		}
	})
}

// Whatever write the program dies at, before or after it, the next one brings
// the post to its place once, in order; also when it edits and posts anew.
func TestDeathAtAnyWrite(t *testing.T) {
	t.Parallel()
	scenes := []struct {
		name  string
		then  func(*office) error
		after []string
	}{
		{"first time", func(*office) error { return nil }, []string{"Head.", "  One.", "  Two."}},
		{"edited", func(o *office) error {
			o.composed[1] = saying(arChannel, "New head.", "One.", "New two.", "Three.")
			return nil
		}, []string{"New head.", "  One.", "  New two.", "  Three."}},
		{"shortened", func(o *office) error {
			o.composed[1] = saying(arChannel, "Head.")
			return nil
		}, []string{"Head."}},
		{"head deleted", func(o *office) error {
			o.composed[1] = saying(arChannel, "New head.", "One.", "Two.")
			return o.remove(0)
		}, []string{"New head.", "  One.", "  Two."}},
		{"head deleted and a reply more", func(o *office) error {
			o.composed[1] = saying(arChannel, "Head.", "One.", "Two.", "Three.")
			return o.remove(0)
		}, []string{"Head.", "  One.", "  Two.", "  Three."}},
	}
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			t.Parallel()
			for _, written := range []bool{false, true} {
				for dieAt := 1; ; dieAt++ {
					o := newOffice(t, change{slack: func(s *fakeslack.Options) { s.PostBurst = -1 }})
					o.plan(1, saying(arChannel, "Head.", "One.", "Two."))
					if scene.name != "first time" {
						o.queue(t, 1)
						if err := scene.then(o); err != nil {
							t.Fatal(err)
						}
					}
					o.book.writes, o.book.dieAt, o.book.written = 0, dieAt, written
					o.queue(t, 1)
					if o.wantTexts(t, arChannel, scene.after...); t.Failed() {
						t.Fatalf("died at write %d, written %t", dieAt, written)
					}
					if o.state(1) != ar.PostDone {
						t.Fatalf("state %s after a death at write %d, written %t", o.state(1), dieAt, written)
					}
					if o.book.writes < dieAt {
						break // it did not get that far
					}
				}
			}
		})
	}
}

func TestDeletedReplyIsPostedAnew(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(arChannel, "Head.", "One.", "Two."))
	o.queue(t, 1)
	if err := o.remove(1); err != nil {
		t.Fatal(err)
	}
	o.composed[1] = saying(arChannel, "Head.", "New one.", "Two.")
	o.queue(t, 1)
	o.wantTexts(t, arChannel, "Head.", "  Two.", "  New one.")
}

// What Slack lets nobody edit is posted anew, and what stood there is taken away.
func TestRefusedEditIsPostedAnew(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"edit_window_closed", "cant_update_message", "message_not_found"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.plan(1, saying(arChannel, "Head.", "One."))
			o.queue(t, 1)
			o.composed[1] = saying(arChannel, "New head.", "One.")
			o.Inject(fakeslack.Fault{Method: "chat.update", Error: code})
			o.queue(t, 1)
			o.wantTexts(t, arChannel, "New head.", "  One.")
			if o.state(1) != ar.PostDone {
				t.Errorf("state %s", o.state(1))
			}
		})
	}
}

// SL-07: a digest of 120 invoices, of customers with 60 characters, passes Slack's limits:
// the head has the totals of the data, the thread each of them once.
func TestSL07DigestOf120Invoices(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	var books ar.Page
	name := func(i int) string { return fmt.Sprintf("Customer %03d %s", i, strings.Repeat("x", 47)) }
	for i := range 120 {
		books.Customers = append(books.Customers, desktest.Customer(name(i), "dana@example.com"))
		books.Documents = append(books.Documents, storetest.Doc(ar.Invoice, fmt.Sprint("INV-", i), name(i), "2026-09-01", "2026-10-01", "10.00"))
	}
	c.Import(t, books)
	for _, tables := range []bool{true, false} {
		o := newOffice(t) // which holds messages to the limits of blocks, fields and text
		planned := c.Plan(t, ar.ARDigest, "ar")
		composed, err := newDigests(c.Desk).Compose(t.Context(), planned)
		if err != nil {
			t.Fatal(err)
		}
		o.plan(1, composed)
		d := bot.NewDelivery(bot.DeliveryConfig{
			Gate: o.gate, People: o.people, Book: o.book, Compose: o.composed, Alert: o.alerts, Logger: o.log, Render: blockkit.Options{Tables: tables},
		})
		if err := d.Deliver(t.Context(), 1); err != nil || o.state(1) != ar.PostDone {
			t.Fatalf("tables %t: %v, state %s, %q", tables, err, o.state(1), o.book.posts[1].Fault)
		}
		said := o.Messages(arChannel)
		if want := "$1,200.00 overdue in 120 accounts on Wed 25 Nov 2026."; said[0].Text != want || !strings.Contains(string(said[0].Blocks), "and 112 accounts more, in the thread") {
			t.Errorf("tables %t: the head says %q, want %q", tables, said[0].Text, want)
		}
		var thread strings.Builder
		for _, m := range said[1:] {
			if m.ThreadTS != said[0].TS {
				t.Errorf("tables %t: %q is not in the thread", tables, m.Text)
			}
			thread.Write(m.Blocks)
		}
		for i := range 120 {
			if n := strings.Count(thread.String(), name(i)); n != 1 {
				t.Errorf("tables %t: %s is shown %d times in the thread", tables, name(i), n)
			}
		}
	}
}

func TestSL10ArchivedChannelKeepsNobodyElseWaiting(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(oldChannel, "For the archived."))
	o.plan(2, saying(arChannel, "For AR."))
	o.plan(3, saying(salesChannel, "For sales."))
	start := o.clock.Now()
	o.queue(t, 1, 2, 3)
	o.wantTexts(t, arChannel, "For AR.")
	o.wantTexts(t, salesChannel, "For sales.")
	if waited := o.clock.Now().Sub(start); waited != 0 {
		t.Errorf("the others waited %s", waited)
	}
	if o.state(1) != ar.PostFailed || !strings.Contains(o.book.posts[1].Fault, "is archived") {
		t.Errorf("the archived one: %s, %q", o.state(1), o.book.posts[1].Fault)
	}
	o.queue(t, 1)
	if len(o.alerts.said) != 1 {
		t.Errorf("alerts: %v, want one", o.alerts.said)
	}
	if n := len(o.Calls("chat.postMessage")); n != 2 {
		t.Errorf("%d posts, want none to the archived channel", n)
	}
}

func TestSL12RateLimitIsADelay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	start := o.clock.Now()
	o.Inject(fakeslack.Fault{Method: "chat.postMessage", After: 2, RetryAfter: 30 * time.Second})
	var ids []ar.PostID
	for i := range 5 {
		id, channel := ar.PostID(i+1), fmt.Sprintf("C0ROUTE%d", i)
		o.PutChannel(fakeslack.Channel{ID: channel, Members: []string{botUser}})
		o.plan(id, saying(channel, "Head.", "One.", "Two."))
		ids = append(ids, id)
	}
	o.queue(t, ids...)
	late := 0
	for i := range 5 {
		channel := fmt.Sprintf("C0ROUTE%d", i)
		o.wantTexts(t, channel, "Head.", "  One.", "  Two.")
		if all := o.Messages(channel); all[len(all)-1].At.Sub(start) >= 30*time.Second {
			late++
		}
	}
	if late != 5 { // two messages got through before the limit: nobody's third
		t.Errorf("%d digests were complete only after 30 s, want all 5", late)
	}
}

func TestX27RefusedBlocksCountAsFailed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(arChannel, "Head."))
	o.Inject(fakeslack.Fault{Method: "chat.postMessage", Error: "invalid_blocks"})
	o.queue(t, 1)
	o.wantTexts(t, arChannel, "Head.")
	if o.Messages(arChannel)[0].Blocks != nil {
		t.Error("the message has blocks after all")
	}
	if o.state(1) != ar.PostFailed || len(o.alerts.said) != 1 {
		t.Errorf("state %s, alerts %v", o.state(1), o.alerts.said)
	}
	o.queue(t, 1) // the next run tries the blocks again, in place
	if got := o.Messages(arChannel); len(got) != 1 || got[0].Blocks == nil || o.state(1) != ar.PostDone {
		t.Errorf("after another run: %+v, state %s", got, o.state(1))
	}
}

func TestX07DigestOfSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		to    bot.Destination
		state ar.PostState
		texts []string // in the fallback channel
	}{
		{"by address, with a fallback", bot.Destination{Email: "gone@acme.example", Instead: arChannel}, ar.PostDone, []string{"Your accounts."}},
		{"by id, with a fallback", bot.Destination{User: gone, Instead: arChannel}, ar.PostDone, []string{"Your accounts."}},
		{"a guest by now", bot.Destination{User: guest, Instead: arChannel}, ar.PostDone, []string{"Your accounts."}},
		{"without a fallback", bot.Destination{User: gone}, ar.PostFailed, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c := saying("", "Your accounts.")
			c.To = tt.to
			o.plan(1, c)
			o.queue(t, 1)
			if o.state(1) != tt.state {
				t.Errorf("state %s, want %s", o.state(1), tt.state)
			}
			o.wantTexts(t, arChannel, tt.texts...)
			if tt.texts != nil && !strings.Contains(string(o.Messages(arChannel)[0].Blocks), "who cannot be reached in Slack") {
				t.Errorf("no note for whom it was: %s", o.Messages(arChannel)[0].Blocks)
			}
			if n := len(o.DMs(gone)) + len(o.DMs(guest)); n != 0 {
				t.Errorf("%d messages to somebody who left", n)
			}
		})
	}
}

func TestDigestForAPerson(t *testing.T) {
	t.Parallel()
	for _, to := range []bot.Destination{{Email: "BEN@acme.example"}, {User: ben}, {Email: "b.brown@ledger.example"}} {
		o := newOffice(t, change{roles: func(c *bot.DirectoryConfig) {
			c.Aliases = map[string][]string{"ben@acme.example": {"b.brown@ledger.example"}}
		}})
		c := saying("", "Your accounts.", "All of them.")
		c.To = to
		o.plan(1, c)
		o.queue(t, 1)
		if got := o.DMs(ben); len(got) != 2 || got[0].Text != "Your accounts." || got[1].ThreadTS != got[0].TS {
			t.Errorf("to %+v: %+v", to, got)
		}
	}
}

func TestEmptyPostIsLeftOut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	empty := bot.Composed{To: bot.Destination{Channel: arChannel}, Empty: true}
	o.plan(1, empty)
	o.queue(t, 1)
	if o.state(1) != ar.PostEmpty || len(o.Calls("chat.postMessage")) != 0 {
		t.Errorf("state %s, %d posts", o.state(1), len(o.Calls("chat.postMessage")))
	}

	o.plan(2, saying(salesChannel, "One invoice.", "Details."))
	o.queue(t, 2)
	o.composed[2] = empty
	o.queue(t, 2)
	o.wantTexts(t, salesChannel, "There is nothing to report any more.")
	if o.state(2) != ar.PostDone {
		t.Errorf("state %s", o.state(2))
	}
}

// A post that stands somewhere stays there, though the config names another
// channel since.
func TestMovedRouteKeepsTodaysPost(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(arChannel, "Head."))
	o.queue(t, 1)
	o.composed[1] = saying(salesChannel, "New head.", "One.")
	o.queue(t, 1)
	o.wantTexts(t, arChannel, "New head.", "  One.")
	o.wantTexts(t, salesChannel)
}

func TestFailedAlertMakesNoAlert(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(oldChannel, "Something is wrong."))
	o.book.posts[1].Kind = ar.Alert
	o.queue(t, 1)
	if o.state(1) != ar.PostFailed || len(o.alerts.said) != 0 {
		t.Errorf("state %s, alerts %v", o.state(1), o.alerts.said)
	}
}

func TestLongHeadGoesOnInItsThread(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	c := saying(arChannel, "")
	c.Head, c.Thread = longCard(3), []card.Card{card.New("Below.")}
	pages, err := bot.Pages(c.Head, blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o.plan(1, c)
	o.queue(t, 1)
	got := o.texts(arChannel)
	if len(got) != len(pages)+1 || got[0] != "All of it." || got[len(got)-1] != "  Below." {
		t.Errorf("messages: %q", got)
	}
}

func TestOneDeliveryOfAPostAtATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.plan(1, saying(arChannel, "Head."))
	release := make(chan struct{})
	o.Inject(fakeslack.Fault{Method: "chat.postMessage", Hold: release})
	d := bot.NewDelivery(bot.DeliveryConfig{
		Gate: o.gate, People: o.people, Book: o.book, Compose: o.composed, Alert: o.alerts, Logger: o.log,
	})
	first := make(chan error, 1)
	go func() { first <- d.Deliver(context.Background(), 1) }()
	if err := o.Await(t.Context(), func(s *fakeslack.State) bool { return len(s.Calls("conversations.info")) == 1 }); err != nil {
		t.Fatal(err)
	}
	if _, ok := errors.AsType[*bot.RetryLaterError](d.Deliver(t.Context(), 1)); !ok {
		t.Error("the same post is delivered twice at once")
	}
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
}
