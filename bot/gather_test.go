package bot_test

import (
	"context"
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
		Gather: func(context.Context, ar.Post, string) (string, error) {
			if there := heads(); len(there) > 0 {
				return there[0].TS, nil
			}
			return "", nil
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
