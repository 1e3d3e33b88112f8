package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/card"
	"arbot/internal/fakeslack"
)

// quietEnd is when ana's quiet hours end.
const quietEnd = "2026-03-02T10:00:00Z"

// quietly is a delivery to people of whom ana wants nothing before quietEnd.
func (o *office) quietly(t *testing.T) *bot.Delivery {
	t.Helper()
	end, err := time.Parse(time.RFC3339, quietEnd)
	if err != nil {
		t.Fatal(err)
	}
	return bot.NewDelivery(bot.DeliveryConfig{
		Gate: o.gate, People: o.people, Book: o.book, Compose: o.composed, Alert: o.alerts, Logger: o.log,
		Hold: func(_ context.Context, _ ar.Post, reader bot.Person) (time.Duration, error) {
			if reader.ID != ana {
				return 0, nil
			}
			return end.Sub(o.clock.Now()), nil
		},
	})
}

// A direct message waits for the end of its reader's quiet hours, by whatever way it came
// to be one, and is there once then. What others read does not wait.
func TestQuietHoursOfAPerson(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		to func(t *testing.T, o *office) bot.Destination
		at string // where it stands in the end
	}{
		"by id":      {func(*testing.T, *office) bot.Destination { return bot.Destination{User: ana} }, ana},
		"by address": {func(*testing.T, *office) bot.Destination { return bot.Destination{Email: "ana@acme.example"} }, ana},
		"as a deputy": {func(*testing.T, *office) bot.Destination {
			return bot.Destination{User: gone, Deputies: []string{"ana@acme.example"}}
		}, ana},
		"in place of a thread that is gone": {func(*testing.T, *office) bot.Destination {
			return bot.Destination{Channel: arChannel, Thread: "1772440000.000100", User: ana}
		}, ana},
		"in a thread of the direct message": {func(t *testing.T, o *office) bot.Destination {
			root := o.tell(t, ana, "12k by Friday.")
			return bot.Destination{Channel: root.Channel, Thread: root.TS, User: ben}
		}, ana},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			c := saying("", "Kept.")
			c.To = tt.to(t, o)
			o.plan(1, c)
			before := len(o.ours(tt.at))
			later, held := errors.AsType[*bot.RetryLaterError](o.quietly(t).Deliver(t.Context(), 1))
			if end := o.clock.Now().Add(later.RetryAfter()).Format(time.RFC3339); !held || end != quietEnd {
				t.Fatalf("it waits until %s, want %s", end, quietEnd)
			}
			if n := len(o.ours(tt.at)) - before; n != 0 || o.state(1) != ar.PostPlanned {
				t.Fatalf("%d messages came in the quiet hours, and the post is %s", n, o.state(1))
			}
			o.clock.advance(later.After)
			for range 2 { // by two programs, one after the other
				if err := o.quietly(t).Deliver(t.Context(), 1); err != nil {
					t.Fatal(err)
				}
			}
			if n := len(o.ours(tt.at)) - before; n != 1 || o.state(1) != ar.PostDone {
				t.Errorf("%d messages came after them, and the post is %s", n, o.state(1))
			}
		})
	}
}

// What is no direct message of that person, what somebody waits for, and what stands there
// already, waits for nothing.
func TestQuietHoursHoldNothingElse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		to  bot.Destination
		now bool
		set func(o *office)
		in  string
	}{
		"a channel":                      {to: bot.Destination{Channel: arChannel}, in: arChannel},
		"another's direct message":       {to: bot.Destination{User: ben}, in: ben},
		"what somebody waits for":        {to: bot.Destination{User: ana}, now: true, in: ana},
		"the fallback of who is gone":    {to: bot.Destination{User: gone, Instead: arChannel}, in: arChannel},
		"where Slack says nobody's name": {to: bot.Destination{User: ana}, set: func(o *office) { o.Inject(fakeslack.Fault{Method: "users.info", Error: "user_not_visible", Times: -1}) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			if tt.set != nil {
				tt.set(o)
			}
			c := saying("", "Kept.")
			c.To = tt.to
			o.plan(1, c)
			deliver := o.quietly(t).Deliver
			if tt.now {
				deliver = o.quietly(t).DeliverNow
			}
			if err := deliver(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if tt.in != "" && len(o.ours(tt.in)) != 1 {
				t.Errorf("%d messages, want one at once", len(o.ours(tt.in)))
			}
		})
	}
	t.Run("an edit", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		c := saying("", "Broken.")
		c.To = bot.Destination{User: ana}
		o.plan(1, c)
		o.queue(t, 1)
		c = saying("", "Kept.")
		c.To = bot.Destination{User: ana}
		o.composed[1] = c
		if err := o.quietly(t).Deliver(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if got := o.ours(ana); len(got) != 1 || got[0] != "Kept." {
			t.Errorf("it reads %q", got)
		}
	})
	t.Run("what means nothing any more", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		c := saying("", "Resolved by now.")
		c.To, c.Empty = bot.Destination{User: ana}, true
		o.plan(1, c)
		if err := o.quietly(t).Deliver(t.Context(), 1); err != nil || o.state(1) != ar.PostEmpty {
			t.Errorf("the post is %s: %v", o.state(1), err)
		}
	})
}

// tell posts something to a person, by a program that ends after it.
func (o *office) tell(t *testing.T, user, text string) bot.Placed {
	t.Helper()
	dm, err := o.gate.OpenDM(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := bot.Pages(card.New(text), blockkit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := o.gate.Post(t.Context(), dm, "", pages[0], "")
	if err != nil {
		t.Fatal(err)
	}
	o.people, o.gate = o.outgoing(nil)
	return at
}

// ours are the words of the bot's messages to a person or in a channel.
func (o *office) ours(where string) (texts []string) {
	all := o.Messages(where)
	if where[0] == 'U' {
		all = o.DMs(where)
	}
	for _, m := range all {
		if m.User == botUser && !m.Deleted {
			texts = append(texts, m.Text)
		}
	}
	return texts
}
