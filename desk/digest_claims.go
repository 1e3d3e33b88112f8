package desk

import (
	"context"

	"arbot/ar"
)

// DigestClaims are what a digest says of who has what.
type DigestClaims struct {
	// By are the claims that stand, by account.
	By map[ar.CustomerID]ar.Claim
	// Unclaimed are the accounts to chase that nobody has and that are not put off.
	Unclaimed ar.AccountList
}

// loadClaims fills in who has the accounts of a digest.
func (d *Desk) loadClaims(ctx context.Context, r ar.Reader, scope ar.Scope, digest *Digest) (err error) {
	if digest.Claims.By, err = claimsBy(ctx, r); err != nil {
		return err
	}
	off, err := d.putOff(ctx, r, scope, digest.Day)
	if err != nil {
		return err
	}
	var free []ar.AccountLine
	for _, l := range digest.Chase.Lines {
		if digest.Claims.By[l.Customer].ID == 0 && !off[l.Customer].whole {
			free = append(free, l)
		}
	}
	digest.Claims.Unclaimed, err = ar.NewAccountList(free)
	return err
}
