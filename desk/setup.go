package desk

import (
	"context"
	"fmt"

	"arbot/ar"
)

// Setup is how far a new company has come.
type Setup struct {
	// Connected are the ledgers that were read, or tried.
	Connected []string
	// Imported: a ledger was read to its end.
	Imported bool
	// Accounts are the customers, Owned those with a sales owner.
	Accounts, Owned int
	// Posted: a digest stands in its place.
	Posted bool
}

// Setup looks how far the company has come with its routes.
func (d *Desk) Setup(ctx context.Context, routes []Route) (s Setup, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		s = Setup{}
		sources, err := r.Sources(ctx)
		if err != nil {
			return err
		}
		for _, source := range sources {
			s.Connected = append(s.Connected, source.Name)
			s.Imported = s.Imported || !source.Synced.IsZero()
		}
		customers, err := r.Customers(ctx, ar.CustomerFilter{})
		if err != nil {
			return err
		}
		s.Accounts = len(customers)
		for _, c := range customers {
			if c.Owner != "" {
				s.Owned++
			}
		}
		s.Posted, err = d.posted(ctx, r, routes)
		return err
	})
	if err != nil {
		return Setup{}, fmt.Errorf("look at the set-up: %w", err)
	}
	return s, nil
}

// posted reports whether a digest of the routes was ever put in its place.
func (d *Desk) posted(ctx context.Context, r ar.Reader, routes []Route) (bool, error) {
	for _, route := range routes {
		keys, err := d.digestKeys(ctx, r, route, d.Today())
		if err != nil {
			return false, err
		}
		for _, key := range keys {
			if _, ok, err := r.LastPost(ctx, key.Kind, key.Route, d.Today().AddDays(1)); err != nil || ok {
				return ok, err
			}
		}
	}
	return false, nil
}

// onceForAll is the day in the key of a post that there is one of, whatever the day.
var onceForAll = ar.NewDate(1970, 1, 1)

// Welcome plans the checklist for an admin (by the chat system's id), or has the one
// that stands brought up to date.
func (d *Desk) Welcome(ctx context.Context, user string) error {
	return d.postOnce(ctx, ar.PostKey{Kind: ar.Checklist, Route: "user:" + user, Day: onceForAll}, true)
}

// Greet plans what is said in a channel (by the chat system's id) to which arbot was
// invited. A second invitation is not answered.
func (d *Desk) Greet(ctx context.Context, channel string) error {
	return d.postOnce(ctx, ar.PostKey{Kind: ar.Greeting, Route: "channel:" + channel, Day: onceForAll}, false)
}

func (d *Desk) postOnce(ctx context.Context, key ar.PostKey, again bool) error {
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		post, created, err := tx.PlanPost(ctx, key, "")
		if err != nil || !created && !again {
			return err
		}
		return tx.Enqueue(ctx, ar.Notice{Post: post.ID})
	})
	if err != nil {
		return fmt.Errorf("plan %s for %s: %w", key.Kind, key.Route, err)
	}
	return nil
}
