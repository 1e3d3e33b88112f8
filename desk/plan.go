package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
)

// Route says where a digest goes. Its name is part of the key that makes each
// day's post the only one.
type Route struct {
	Name string
	Kind ar.PostKind
	// Channel is a chat system's id; for a rep's digest it is "" and each rep
	// gets a direct message.
	Channel string
	// Show are the columns that the channel gets to read; nil is what Shows says.
	Show []Column
	// EvenEmpty posts also when there is nothing to say.
	EvenEmpty bool
	// For narrows the digest of reps to some of them, by e-mail address; nil is
	// all.
	For func(email string) bool
	// To are the e-mail addresses of those who get a weekly digest as a direct message,
	// beside Channel or without one.
	To []string
	// Days are the days of the week on which a weekly digest is due.
	Days []time.Weekday
}

// On returns the day of the digest that is due on a day: the day itself, or of a weekly
// digest the last of its days. It's the day that makes its post the only one.
func (r Route) On(day ar.Date) ar.Date {
	if r.Kind != ar.WeeklyDigest || len(r.Days) == 0 {
		return day
	}
	for !slices.Contains(r.Days, day.Weekday()) {
		day = day.AddDays(-1)
	}
	return day
}

// Has reports whether a post is one of the route's.
func (r Route) Has(key ar.PostKey) bool {
	if r.Kind != key.Kind {
		return false
	}
	if r.Kind == ar.RepDigest {
		return strings.HasPrefix(key.Route, repRoute)
	}
	name, _ := ReaderOf(key)
	return r.Name == key.Route || r.Kind == ar.WeeklyDigest && r.Name == name
}

// toReader stands in the key of a weekly digest between the route and its reader.
const toReader = " to "

// ReaderOf returns the route of a digest, and whose direct message it is by an e-mail
// address; "" for one that goes to a channel.
func ReaderOf(key ar.PostKey) (route, email string) {
	if i := strings.LastIndex(key.Route, toReader); i >= 0 && strings.Contains(key.Route[i:], "@") {
		return key.Route[:i], key.Route[i+len(toReader):]
	}
	return key.Route, ""
}

const repRoute = "rep:"

// RepOf returns the e-mail address of the rep whose direct message a post is.
func RepOf(key ar.PostKey) string { return strings.TrimPrefix(key.Route, repRoute) }

// PlanDigests puts a day's posts of a route into the books and the queue, and
// returns those that it put into the queue. A post that was planned before is
// left alone, unless again is set: then it goes into the queue once more, where
// it finds its place taken and edits what stands there.
func (d *Desk) PlanDigests(ctx context.Context, route Route, day ar.Date, again bool) ([]ar.PostID, error) {
	var planned []ar.PostID
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		planned = nil
		keys, err := d.digestKeys(ctx, tx, route, day)
		if err != nil {
			return err
		}
		for _, key := range keys {
			post, created, err := tx.PlanPost(ctx, key, "")
			if err != nil {
				return err
			}
			if !created && !again {
				continue
			}
			if err := tx.SetPost(ctx, post.ID, ar.PostPlanned, ""); err != nil {
				return err
			}
			if err := tx.Enqueue(ctx, ar.Notice{Post: post.ID, ByHand: again}); err != nil {
				return err
			}
			planned = append(planned, post.ID)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("plan digest %s of %s: %w", route.Name, day, err)
	}
	return planned, nil
}

// DigestKeys returns the posts that a route has on a day, without planning them.
func (d *Desk) DigestKeys(ctx context.Context, route Route, day ar.Date) (keys []ar.PostKey, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		keys, err = d.digestKeys(ctx, r, route, day)
		return err
	})
	return keys, err
}

// digestKeys is one key for a channel, and one for each rep with accounts for
// the direct messages, also where nothing is open any more: a rep whose last
// customer paid is told so.
func (d *Desk) digestKeys(ctx context.Context, r ar.Reader, route Route, day ar.Date) ([]ar.PostKey, error) {
	if route.Kind != ar.RepDigest {
		return channelKeys(route, route.On(day)), nil
	}
	owners, err := r.Owners(ctx)
	if err != nil {
		return nil, err
	}
	var keys []ar.PostKey
	seen := map[string]bool{}
	for _, owner := range owners {
		email := d.emailOf(owner)
		if email != "" && !seen[email] && (route.For == nil || route.For(email)) {
			seen[email] = true
			keys = append(keys, ar.PostKey{Kind: ar.RepDigest, Route: repRoute + email, Day: day})
		}
	}
	return keys, nil
}

// channelKeys are the keys of a digest to a channel, and to the readers of its own.
func channelKeys(route Route, day ar.Date) (keys []ar.PostKey) {
	if route.Channel != "" || len(route.To) == 0 {
		keys = append(keys, ar.PostKey{Kind: route.Kind, Route: route.Name, Day: day})
	}
	for _, email := range route.To {
		keys = append(keys, ar.PostKey{Kind: route.Kind, Route: route.Name + toReader + ar.NormalOwner(email), Day: day})
	}
	return keys
}

// emailOf returns the address of a sales owner: from the config, else the
// owner itself where it is one; "" where nobody knows it.
func (d *Desk) emailOf(owner string) string {
	if p, ok := d.person(owner); ok && p.Email != "" {
		return ar.NormalOwner(p.Email)
	}
	if strings.Contains(owner, "@") {
		return owner
	}
	return ""
}
