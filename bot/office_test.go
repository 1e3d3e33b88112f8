package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
)

// errKilled ends a delivery as the death of the program would.
var errKilled = errors.New("killed")

// book keeps posts in memory. It can die at a chosen write, before or after
// the write has taken place.
type book struct {
	mu      sync.Mutex
	posts   map[ar.PostID]*ar.Post
	writes  int
	dieAt   int // the number of the write; 0 is never
	written bool
}

func (b *book) write(id ar.PostID, do func(*ar.Post)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.writes++
	dies := b.writes == b.dieAt
	if !dies || b.written {
		do(b.posts[id])
	}
	if dies {
		return errKilled
	}
	return nil
}

func (b *book) Post(_ context.Context, id ar.PostID) (ar.Post, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p, ok := b.posts[id]
	if !ok {
		return ar.Post{}, ar.ErrNoPost
	}
	out := *p
	out.Parts = slices.Clone(p.Parts)
	return out, nil
}

func (b *book) SetPart(_ context.Context, id ar.PostID, part ar.PostPart) error {
	return b.write(id, func(p *ar.Post) {
		p.Parts = slices.DeleteFunc(p.Parts, func(o ar.PostPart) bool { return o.No == part.No })
		p.Parts = append(p.Parts, part)
	})
}

func (b *book) RemovePart(_ context.Context, id ar.PostID, no int) error {
	return b.write(id, func(p *ar.Post) {
		p.Parts = slices.DeleteFunc(p.Parts, func(o ar.PostPart) bool { return o.No == no })
	})
}

func (b *book) SetPostState(_ context.Context, id ar.PostID, s ar.PostState, fault string) error {
	return b.write(id, func(p *ar.Post) { p.State, p.Fault = s, fault })
}

func (b *book) KeepFigures(_ context.Context, id ar.PostID, figures json.RawMessage) error {
	return b.write(id, func(p *ar.Post) { p.Figures = figures })
}

// composer says of each post what the test set.
type composer map[ar.PostID]bot.Composed

func (c composer) Compose(_ context.Context, p ar.Post) (bot.Composed, error) { return c[p.ID], nil }

// alerts keeps what the admins were told, by key.
type alerts struct {
	mu   sync.Mutex
	said map[string]string
}

func (a *alerts) Alert(_ context.Context, key, say string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said[key] = say
	return nil
}

// office is a world with posts to deliver.
type office struct {
	*world
	book     *book
	composed composer
	alerts   *alerts
}

func newOffice(t *testing.T, changes ...change) *office {
	t.Helper()
	return &office{
		world: newWorld(t, changes...), book: &book{posts: map[ar.PostID]*ar.Post{}},
		composed: composer{}, alerts: &alerts{said: map[string]string{}},
	}
}

// plan puts a post into the book.
func (o *office) plan(id ar.PostID, c bot.Composed) {
	key := ar.PostKey{Kind: ar.ARDigest, Route: fmt.Sprintf("route-%d", id), Day: ar.NewDate(2026, time.March, 2)}
	o.book.posts[id] = &ar.Post{ID: id, PostKey: key, State: ar.PostPlanned, Created: o.clock.Now()}
	o.composed[id] = c
}

// deliver is one try, by a program that has just started.
func (o *office) deliver(t *testing.T, id ar.PostID) error {
	t.Helper()
	return bot.NewDelivery(bot.DeliveryConfig{
		Gate: o.gate, People: o.people, Book: o.book, Compose: o.composed, Alert: o.alerts, Logger: o.log,
	}).Deliver(t.Context(), id)
}

// queue tries until there is nothing left to do, as the job queue would.
func (o *office) queue(t *testing.T, ids ...ar.PostID) {
	t.Helper()
	for tries := 0; len(ids) > 0; tries++ {
		if tries > 50 {
			t.Fatalf("posts %v are tried for ever", ids)
		}
		id := ids[0]
		ids = ids[1:]
		err := o.deliver(t, id)
		if later, ok := errors.AsType[*bot.RetryLaterError](err); ok {
			ids = append(ids, id)
			if len(ids) == 1 || tries%5 == 4 { // the others are tried meanwhile
				o.clock.advance(later.After)
			}
		} else if err != nil {
			ids = append([]ar.PostID{id}, ids...)
			o.clock.advance(time.Second)
		}
	}
}

// texts are the live messages of the bot in a channel: the head and, indented,
// its thread.
func (o *office) texts(channel string) []string {
	var out []string
	for _, m := range o.Messages(channel) {
		if m.Deleted || m.ThreadTS != "" || m.User != botUser {
			continue
		}
		out = append(out, m.Text)
		for _, r := range o.Thread(channel, m.TS) {
			out = append(out, "  "+r.Text)
		}
	}
	return out
}

func (o *office) state(id ar.PostID) ar.PostState { return o.book.posts[id].State }

func (o *office) wantTexts(t *testing.T, channel string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, o.texts(channel)); diff != "" {
		t.Errorf("messages in %s (-want +got):\n%s", channel, diff)
	}
}

// saying is a post of a head and a thread.
func saying(channel, head string, thread ...string) bot.Composed {
	c := bot.Composed{To: bot.Destination{Channel: channel}, Head: card.New(head), Figures: json.RawMessage(`{"of":"` + head + `"}`)}
	for _, text := range thread {
		c.Thread = append(c.Thread, card.New(text))
	}
	return c
}

// remove deletes a part of post 1 behind the bot's back.
func (o *office) remove(no int) error {
	for _, p := range o.book.posts[1].Parts {
		if p.No == no {
			return o.RemoveMessage(p.Channel, p.TS)
		}
	}
	return fmt.Errorf("post 1 has no part %d", no)
}
