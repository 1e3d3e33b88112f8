package bot

import (
	"context"
	"errors"
	"time"

	"arbot/ar"
)

const (
	// A person may ask ten times in a row and then once every two seconds.
	userBurst    = 10
	userInterval = 2 * time.Second
)

// errAgain is given for a delivery that was handled before.
var errAgain = errors.New("delivered before")

// admit lets a call in: one that is new, by somebody of ours, in a place where
// it can be answered, and not one too many. The actor is made anew for each
// call, so that a role counts at the click and not when the button was drawn.
func (b *Bot) admit(ctx context.Context, c Call) (ar.Actor, error) {
	if err := b.first(ctx, c); err != nil {
		return ar.Actor{}, err
	}
	actor, err := b.People.ActorOf(ctx, c.User, c.UserTeam)
	if err != nil {
		return ar.Actor{}, unchecked(err, "I could not check who you are just now. Try again in a minute.")
	}
	if actor.Outside {
		_, err := actor.Sees(ar.RepsSeeOwn)
		return ar.Actor{}, err
	}
	if c.Kind != Lookup && !b.limit.allow(c.User, b.Now()) { // a lookup comes with each letter
		return ar.Actor{}, &ar.Error{Kind: ar.Unavailable, Say: "That is faster than I can answer. Wait a few seconds and try again."}
	}
	return actor, b.admitPlace(ctx, c)
}

// first lets a delivery pass the first time. One without a name passes always: a Lookup may be
// answered again.
func (b *Bot) first(ctx context.Context, c Call) error {
	if c.Delivery == "" {
		return nil
	}
	first, err := b.Seen.Seen(ctx, c.Delivery)
	if err == nil && !first {
		err = errAgain
	}
	return err
}

// admitPlace refuses channels that are shared with another organisation, and
// those of which that cannot be known. The home tab and modals are nobody
// else's.
func (b *Bot) admitPlace(ctx context.Context, c Call) error {
	if c.Channel == "" || c.Kind == HomeOpened {
		return nil
	}
	err := b.Gate.Check(ctx, c.Channel)
	switch {
	case err == nil, refused(err, codeArchived):
		return nil
	case refused(err, codeShared):
		return forbid(err, "This channel is shared with another company, so I do not answer here. Ask me in a direct message.")
	case refused(err):
		return forbid(err, "I cannot see who is in this channel, so I do not answer here. Ask me in a direct message, or invite me with /invite.")
	}
	return unchecked(err, "I could not check this channel just now. Try again in a minute.")
}

func forbid(err error, say string) error {
	return &ar.Error{Kind: ar.Forbidden, Say: say, Err: err}
}

func unchecked(err error, say string) error {
	return &ar.Error{Kind: ar.Unavailable, Say: say, Err: err}
}
