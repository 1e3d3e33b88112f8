package bot_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/fakeslack"
)

// Posts that come at once are counted one by one: no more of them stand by themselves
// than a channel is to have.
func TestPostsAtOnceAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	heads := func() []fakeslack.Message {
		return slices.DeleteFunc(o.Messages(arChannel), func(m fakeslack.Message) bool { return m.ThreadTS != "" })
	}
	d := bot.NewDelivery(bot.DeliveryConfig{
		Gate: o.gate, People: o.people, Book: o.book, Compose: o.composed, Alert: o.alerts, Logger: o.log,
		Gather: func(context.Context, ar.Post, string) (string, bool, error) {
			if there := heads(); len(there) > 0 {
				return there[0].TS, true, nil
			}
			return "", true, nil
		},
	})
	const posts = 3
	for id := range ar.PostID(posts) {
		o.plan(id+1, saying(arChannel, "One of several."))
	}
	var all sync.WaitGroup
	for id := range ar.PostID(posts) {
		all.Go(func() {
			if err := d.Deliver(context.Background(), id+1); err != nil {
				t.Errorf("post %d: %v", id+1, err)
			}
		})
	}
	all.Wait()
	if n := len(heads()); n != 1 || len(o.Messages(arChannel)) != posts {
		t.Errorf("%d of %d messages stand by themselves, want 1 of %d", n, len(o.Messages(arChannel)), posts)
	}
}

// A post that went into the thread of another is found there again after a death at any
// write, and edited there: it never stands in the channel as well.
func TestAGatheredPostIsThereOnce(t *testing.T) {
	t.Parallel()
	for dieAt := range 7 {
		o := newOffice(t)
		o.plan(2, saying(arChannel, "The first of the day."))
		o.queue(t, 2)
		root := o.book.posts[2].Parts[0].TS
		deliver := func() error {
			return bot.NewDelivery(bot.DeliveryConfig{
				Gate: o.gate, People: o.people, Book: o.book, Compose: o.composed, Alert: o.alerts, Logger: o.log,
				Gather: func(context.Context, ar.Post, string) (string, bool, error) { return root, true, nil },
			}).Deliver(t.Context(), 1)
		}
		o.book.writes, o.book.dieAt, o.book.written = 0, dieAt, dieAt%2 == 0
		o.plan(1, saying(arChannel, "One too many.", "With more."))
		for range 3 {
			if err := deliver(); err != nil && !errors.Is(err, errKilled) {
				t.Fatalf("death at %d: %v", dieAt, err)
			}
		}
		o.composed[1] = saying(arChannel, "One too many, edited.", "With more.", "And more.")
		if err := deliver(); err != nil {
			t.Fatal(err)
		}
		o.wantTexts(t, arChannel, "The first of the day.", "  One too many, edited.", "  With more.", "  And more.")
	}
}
