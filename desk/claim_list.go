package desk

import (
	"context"

	"arbot/ar"
)

// HomeLimit bounds each list of a home tab: a home tab has 100 blocks.
const HomeLimit = 5

// OwnClaims are what the actor has taken on, the latest first; more counts those that the
// limit cut off.
func (d *Desk) OwnClaims(ctx context.Context, actor ar.Actor, limit int) (list []Claim, more int, err error) {
	scope, err := d.claims(actor)
	if err != nil {
		return nil, 0, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		list = nil
		mine, err := r.Claims(ctx, ar.ClaimFilter{Holder: actor.User, Scope: &scope, Standing: true})
		if err != nil {
			return err
		}
		mine, more = cut(mine, limit)
		for _, c := range mine {
			view, err := d.seenClaim(ctx, r, actor, c)
			if err != nil {
				return err
			}
			list = append(list, view)
		}
		return nil
	})
	return list, more, err
}
