package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
)

// Noise is how much was posted lately, and how much was done about it.
type Noise struct {
	From, To ar.Date
	// Channels are those that were posted to, the loudest first.
	Channels []ChannelNoise
	// Direct counts posts to one person.
	Direct int
	// Acts counts what people changed in that time, OnPosts how much of that upon a post: by
	// a button or a form of it, or in its thread.
	Acts, OnPosts int
	// Muted counts people who want no news, Quiet those with quiet hours of their own.
	Muted, Quiet int
	// Budget is the most posts of a channel a day; 0 is no bound.
	Budget int
}

// ChannelNoise is how much was posted in a channel, in days that had posts.
type ChannelNoise struct {
	Channel string
	// Posts are all of them, also those in the thread of another.
	Posts int
	// Most is the most posts of one day that stood by themselves, as the budget counts them.
	Most int
}

// PerPost is how many acts came upon each post, in tenths; 0 without posts. Acts from
// commands, from the home tab and from answers are none of a post.
func (n Noise) PerPost() int {
	posts := n.Direct
	for _, c := range n.Channels {
		posts += c.Posts
	}
	if posts == 0 {
		return 0
	}
	return 10 * n.OnPosts / posts
}

// noiseDays is how many days a report of noise looks back.
const noiseDays = 7

// Noise returns how loud the last week was: for admins.
func (d *Desk) Noise(ctx context.Context, actor ar.Actor) (Noise, error) {
	if _, err := d.sees(actor); err != nil {
		return Noise{}, err
	}
	if !actor.Is(ar.Admin) {
		return Noise{}, ar.Forbid("Only admins see how much is posted. Ask one of them.")
	}
	return d.noise(ctx)
}

func (d *Desk) noise(ctx context.Context) (n Noise, err error) {
	today := d.Today()
	n = Noise{From: today.AddDays(1 - noiseDays), To: today, Budget: d.settings.MessageBudget}
	from := d.midnight(n.From)
	err = d.books.View(ctx, func(r ar.Reader) error {
		heads, err := r.PostHeads(ctx, from)
		if err != nil {
			return err
		}
		n.Channels, n.Direct = d.byChannel(heads)
		acts, err := r.ActsFrom(ctx, from)
		if err != nil {
			return err
		}
		n.Acts, n.OnPosts = 0, 0
		for origin, count := range acts {
			n.Acts += count
			if strings.Contains(origin, OnPost) {
				n.OnPosts += count
			}
		}
		wants, err := r.Preferences(ctx)
		n.Muted, n.Quiet = 0, 0
		for _, p := range wants {
			if p.NoNews {
				n.Muted++
			}
			if p.QuietFrom != "" {
				n.Quiet++
			}
		}
		return err
	})
	if err != nil {
		return Noise{}, fmt.Errorf("noise: %w", err)
	}
	return n, nil
}

// midnight is the instant at which a day begins in the company's zone.
func (d *Desk) midnight(day ar.Date) time.Time { return day.In(d.settings.Zone) }

func (d *Desk) byChannel(heads []ar.PostHead) (list []ChannelNoise, direct int) {
	posts, most := map[string]int{}, map[string]map[ar.Date]int{}
	for _, h := range heads {
		if strings.HasPrefix(h.Channel, "D") {
			direct++
			continue
		}
		if h.Kind.Threaded() {
			continue
		}
		posts[h.Channel]++
		if most[h.Channel] == nil {
			most[h.Channel] = map[ar.Date]int{}
		}
		if h.Thread == "" {
			most[h.Channel][ar.DateOf(h.Posted, d.settings.Zone)]++
		}
	}
	for channel, n := range posts {
		one := ChannelNoise{Channel: channel, Posts: n}
		for _, count := range most[channel] {
			one.Most = max(one.Most, count)
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b ChannelNoise) int {
		if a.Posts != b.Posts {
			return b.Posts - a.Posts
		}
		return strings.Compare(a.Channel, b.Channel)
	})
	return list, direct
}

// Gather says how a post stands in a channel: by itself, or in a thread since the channel
// has had as many posts as its budget allows on the day, under the first of them. The
// place is kept, so that no replica gives it to another post and the post finds it again.
// ok is false where the channel has had enough and none of its posts is there yet: then it
// is to be asked again. Posts of a digest are what a company asked for: they always stand
// alone, and count.
func (d *Desk) Gather(ctx context.Context, p ar.Post, channel string) (thread string, ok bool, err error) {
	if p.Kind.Threaded() {
		return "", true, nil
	}
	place := ar.PostPlace{}
	err = d.books.View(ctx, func(r ar.Reader) error {
		place, _, err = r.PostPlace(ctx, p.ID)
		return err
	})
	if err == nil && (p.Begun() || place.Channel == channel && place.Day == d.Today()) {
		return place.Thread, true, nil
	}
	if err == nil {
		err = d.books.Update(ctx, func(tx ar.Tx) error {
			thread, ok, err = d.takePlace(ctx, tx, p, ar.PostPlace{Post: p.ID, Channel: channel, Day: d.Today()})
			return err
		})
	}
	if err != nil {
		return "", false, fmt.Errorf("count the posts of the day: %w", err)
	}
	return thread, ok, nil
}

// takePlace gives a post a place that it has not begun to stand in.
func (d *Desk) takePlace(ctx context.Context, tx ar.Tx, p ar.Post, place ar.PostPlace) (thread string, ok bool, err error) {
	most := d.settings.MessageBudget
	if p.Kind.Digest() {
		most = 0
	}
	if ok, err = tx.TakeSlot(ctx, place, most); err != nil || ok {
		return "", ok, err
	}
	heads, err := tx.PostHeads(ctx, d.midnight(place.Day))
	if err != nil {
		return "", false, err
	}
	i := slices.IndexFunc(heads, func(h ar.PostHead) bool {
		return h.Channel == place.Channel && h.TS != "" && h.Thread == "" && !h.Kind.Threaded()
	})
	if i < 0 {
		return "", false, nil
	}
	place.Thread = heads[i].TS
	return place.Thread, true, tx.PutInThread(ctx, place)
}

// PlanNoiseReport plans the week's report for an admin (by the chat system's id).
func (d *Desk) PlanNoiseReport(ctx context.Context, user string, day ar.Date) error {
	return d.books.Update(ctx, func(tx ar.Tx) error {
		return planOnce(ctx, tx, ar.PostKey{Kind: ar.NoiseReport, Route: "user:" + user, Day: day})
	})
}

// NoiseReport returns what a post of the kind ar.NoiseReport says, and to whom.
func (d *Desk) NoiseReport(ctx context.Context, p ar.Post) (n Noise, user string, err error) {
	n, err = d.noise(ctx)
	return n, strings.TrimPrefix(p.Route, "user:"), err
}
