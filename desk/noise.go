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
	// Acts counts what people changed in that time, Pressed how much of that by buttons
	// and forms of messages.
	Acts, Pressed int
	// Muted counts people who want no news, Quiet those with quiet hours of their own.
	Muted, Quiet int
	// Budget is the most posts of a channel a day; 0 is no bound.
	Budget int
}

// ChannelNoise is how much was posted in a channel, in days that had posts.
type ChannelNoise struct {
	Channel string
	Posts   int
	// Most is the most posts of one day.
	Most int
}

// PerPost is how many acts came upon each post, in tenths; 0 without posts.
func (n Noise) PerPost() int {
	posts := n.Direct
	for _, c := range n.Channels {
		posts += c.Posts
	}
	if posts == 0 {
		return 0
	}
	return 10 * n.Acts / posts
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
		n.Acts, n.Pressed = 0, 0
		for origin, count := range acts {
			n.Acts += count
			if !strings.HasPrefix(origin, "command") && origin != "cli" {
				n.Pressed += count
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
		most[h.Channel][ar.DateOf(h.Posted, d.settings.Zone)]++
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

// Gather says in which thread a post belongs since the channel has had as many posts as
// its budget allows on the day: under the first post of the day. "" is a message of its
// own. Posts of a digest are what a company asked for: they always stand alone, and count.
func (d *Desk) Gather(ctx context.Context, p ar.Post, channel string) (thread string, err error) {
	budget := d.settings.MessageBudget
	if budget <= 0 || p.Kind.Digest() || p.Kind.Threaded() {
		return "", nil
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		heads, err := r.PostHeads(ctx, d.midnight(d.Today()))
		if err != nil {
			return err
		}
		var before []ar.PostHead
		for _, h := range heads {
			if h.Channel == channel && h.Post != p.ID && !h.Kind.Threaded() {
				before = append(before, h)
			}
		}
		thread = ""
		if i := slices.IndexFunc(before, func(h ar.PostHead) bool { return h.TS != "" }); i >= 0 && len(before) >= budget {
			thread = before[i].TS
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("count the posts of the day: %w", err)
	}
	return thread, nil
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
