package desk

import (
	"context"
	"fmt"

	"arbot/ar"
)

// Subscription is a subscription with the name of its account.
type Subscription struct {
	ar.Subscription
	// Account is the name of the account; "" where it is of several.
	Account string
}

// SubscribeInput says of what a person wants to be told.
type SubscribeInput struct {
	// Of is a customer as a person typed it; Customer one that was chosen.
	Of       string
	Customer ar.CustomerID
	// Filter is set in their place.
	Filter ar.SubscriptionFilter
	Above  ar.Money
}

// Subscribe has the actor told of payments: of an account, of the own ones, or of all that
// the actor sees. The same a second time is the first.
func (d *Desk) Subscribe(ctx context.Context, actor ar.Actor, in SubscribeInput) (view Subscription, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Subscription{}, err
	}
	if in.Filter == ar.SubscribedMine && ar.NormalOwner(actor.Email) == "" {
		return Subscription{}, ar.Refuse("I do not know your e-mail address, so I cannot tell which accounts are yours. Name a customer instead.")
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		view = Subscription{}
		wish := ar.Subscription{User: actor.User, Email: ar.NormalOwner(actor.Email), Filter: in.Filter, Above: in.Above, Made: d.act(actor, "")}
		if in.Filter == ar.SubscribedAccount {
			account, _, err := d.meant(ctx, tx, scope, in.Of, Found{Customer: in.Customer})
			if err != nil {
				return err
			}
			wish.Customer, view.Account = account.ID, account.Name
		}
		if view.Subscription, err = tx.AddSubscription(ctx, wish); err != nil {
			return fmt.Errorf("subscribe: %w", err)
		}
		return audit(ctx, tx, actor, "news.subscribe", subscriptionSubject(view.ID), nil, view.Subscription)
	})
	return view, err
}

func subscriptionSubject(id ar.SubscriptionID) string { return fmt.Sprintf("subscription/%d", id) }

// Subscriptions lists those of the actor.
func (d *Desk) Subscriptions(ctx context.Context, actor ar.Actor) (list []Subscription, err error) {
	if _, err := d.sees(actor); err != nil {
		return nil, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		list = nil
		all, err := r.Subscriptions(ctx, actor.User)
		if err != nil {
			return err
		}
		for _, s := range all {
			view := Subscription{Subscription: s}
			if s.Customer != 0 {
				account, err := r.Customer(ctx, s.Customer)
				if err != nil {
					return err
				}
				view.Account = account.Name
			}
			list = append(list, view)
		}
		return nil
	})
	return list, err
}

// Unsubscribe ends a subscription of the actor; false where there is none.
func (d *Desk) Unsubscribe(ctx context.Context, actor ar.Actor, id ar.SubscriptionID) (ended bool, err error) {
	if _, err := d.sees(actor); err != nil {
		return false, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		if ended, err = tx.RemoveSubscription(ctx, actor.User, id); err != nil || !ended {
			return err
		}
		return audit(ctx, tx, actor, "news.unsubscribe", subscriptionSubject(id), id, nil)
	})
	return ended, err
}

// Preferences are what the actor wants to be told, and when.
func (d *Desk) Preferences(ctx context.Context, actor ar.Actor) (ar.Preferences, error) {
	if _, err := d.sees(actor); err != nil {
		return ar.Preferences{}, err
	}
	return d.PreferencesOf(ctx, actor.User)
}

// PreferencesOf are those of a person, by the chat system's id.
func (d *Desk) PreferencesOf(ctx context.Context, user string) (p ar.Preferences, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		all, err := r.Preferences(ctx)
		p = all[user]
		return err
	})
	return p, err
}

// SetPreferences writes what the actor wants.
func (d *Desk) SetPreferences(ctx context.Context, actor ar.Actor, p ar.Preferences) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	return d.books.Update(ctx, func(tx ar.Tx) error {
		all, err := tx.Preferences(ctx)
		if err != nil {
			return err
		}
		if err := tx.PutPreferences(ctx, actor.User, p); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "preferences.set", "user/"+actor.User, all[actor.User], p)
	})
}
