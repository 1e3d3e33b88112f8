package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// PastDigestInput asks for a digest that was posted.
type PastDigestInput struct {
	// Name is that of a route of the config; "" is the digest that is meant for the actor.
	Name string
	// On is the day: of several the latest up to it. The zero date is today.
	On ar.Date
}

// PastDigest returns the latest post of a digest that was put in its place on a day or
// before it. AR, managers and admins may see those of all channels and the weekly ones,
// beside the own; reps the own.
func (d *Desk) PastDigest(ctx context.Context, a ar.Actor, routes []Route, in PastDigestInput) (post ar.Post, err error) {
	if _, err := d.sees(a); err != nil {
		return ar.Post{}, err
	}
	if in.On.IsZero() {
		in.On = d.Today()
	}
	keys, err := pastKeys(a, routes, in.Name)
	if err != nil {
		return ar.Post{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		post = ar.Post{}
		for _, key := range keys {
			found, ok, err := r.LastPost(ctx, key.Kind, key.Route, in.On.AddDays(1))
			if err != nil {
				return err
			}
			if ok && (post.ID == 0 || found.Day.After(post.Day)) {
				post = found
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return ar.Post{}, fmt.Errorf("digest of %s: %w", in.On, err)
	case post.ID == 0:
		return ar.Post{}, &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("No such digest was posted on %s or before.", in.On.Long())}
	}
	return post, nil
}

// pastKeys are the posts that a name stands for, seen by an actor; of several the latest
// counts.
func pastKeys(a ar.Actor, routes []Route, name string) ([]ar.PostKey, error) {
	own := ar.PostKey{Kind: ar.RepDigest, Route: repRoute + ar.NormalOwner(a.Email)}
	office := a.Is(ar.ARClerk, ar.Manager, ar.Admin)
	if !office {
		if name != "" && !strings.EqualFold(name, "mine") && !slices.ContainsFunc(routes, func(r Route) bool { return r.Kind == ar.RepDigest && strings.EqualFold(r.Name, name) }) {
			return nil, ar.Forbid("You can see your own digests here: leave the name out. Those of channels are for AR and managers.")
		}
		return []ar.PostKey{own}, nil
	}
	if strings.EqualFold(name, "mine") {
		return []ar.PostKey{own}, nil
	}
	var keys []ar.PostKey
	var known []string
	for _, r := range routes {
		known = append(known, r.Name)
		switch {
		case name == "" && !meantFor(a, r.Kind), name != "" && !strings.EqualFold(r.Name, name) && !strings.EqualFold(string(r.Kind), "digest-"+name):
		case r.Kind == ar.RepDigest:
			keys = append(keys, own)
		default:
			keys = append(keys, channelKeys(r, ar.Date{})...)
		}
	}
	if len(keys) == 0 {
		if name == "" {
			return []ar.PostKey{own}, nil
		}
		if len(known) == 0 {
			return nil, &ar.Error{Kind: ar.NotFound, Say: "The config has no digest. An admin adds one under digests:."}
		}
		return nil, &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("I know no digest “%s”. I know %s.", name, strings.Join(known, ", "))}
	}
	return keys, nil
}

// meantFor reports whether digests of a kind are what somebody means who names none.
func meantFor(a ar.Actor, k ar.PostKind) bool {
	if a.Is(ar.Manager) {
		return k == ar.WeeklyDigest
	}
	return k == ar.ARDigest
}
