package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"arbot/ar"
)

const claimPrefix = "claim:"

// claimRoute is the route of the post about the end of a claim: "claim:12".
func claimRoute(id ar.ClaimID) string { return claimPrefix + strconv.FormatInt(int64(id), 10) }

// ReviewClaims ends the claims that have come to their end by themselves: of accounts of
// which nothing is overdue any more, and of those whose holder did nothing for
// ar.ClaimDays business days. It is called in the morning of each business day, and
// returns how many ended.
func (d *Desk) ReviewClaims(ctx context.Context) (ended int, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		ended = 0
		standing, err := tx.Claims(ctx, ar.ClaimFilter{Standing: true})
		if err != nil {
			return err
		}
		for _, c := range standing {
			end, err := d.claimEnds(ctx, tx, c)
			if err != nil {
				return err
			}
			if end == "" {
				continue
			}
			if _, err := d.endClaim(ctx, tx, ar.Actor{From: "calendar"}, c, end); err != nil {
				return err
			}
			ended++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("review claims: %w", err)
	}
	return ended, nil
}

// claimEnds says how a claim ends today; "" where it stands on.
func (d *Desk) claimEnds(ctx context.Context, r ar.Reader, c ar.Claim) (ar.ClaimEnd, error) {
	overdue, _, err := d.overdueOf(ctx, r, c.Customer)
	if err != nil {
		return "", err
	}
	if len(overdue) == 0 {
		return ar.ClaimPaid, nil
	}
	acts, err := r.AccountActs(ctx, []ar.CustomerID{c.Customer}, c.Made.On)
	if err != nil || !ar.Lapsed(c, acts, d.settings.Workdays, d.Today()) {
		return "", err
	}
	return ar.ClaimLapsed, nil
}

// EndedClaim is a claim that ended, with who came after.
type EndedClaim struct {
	Claim
	// Now is the claim that stands on the account; the zero Claim for none.
	Now ar.Claim
	// By is how to call who ended it.
	By string
}

// EndedClaim returns what a post of the kind ar.ClaimEnded says.
func (d *Desk) EndedClaim(ctx context.Context, p ar.Post) (view EndedClaim, err error) {
	number, err := strconv.ParseInt(strings.TrimPrefix(p.Route, claimPrefix), 10, 64)
	if err != nil {
		return EndedClaim{}, fmt.Errorf("the route %q is not of a claim: %w", p.Route, err)
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		c, err := r.Claim(ctx, ar.ClaimID(number))
		if err != nil {
			return err
		}
		view = EndedClaim{By: c.Ended.By}
		all, err := r.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{c.Customer}})
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Stands() {
				view.Now = one
			}
			if one.Holder() == c.Ended.By {
				view.By = d.Holder(one)
			}
		}
		view.Claim, err = d.seenClaim(ctx, r, ar.Actor{}, c)
		return err
	})
	if err != nil {
		return EndedClaim{}, fmt.Errorf("end of claim %d: %w", number, err)
	}
	return view, nil
}
