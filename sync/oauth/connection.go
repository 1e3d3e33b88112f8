package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"arbot/ar"
)

// Connect stores the tokens that a person has just given for a company: for a
// new ledger, or again for one that is connected to the same company. A ledger
// stays with its company, and a company has one ledger: anything else would mix
// the books of two, and is refused in words for people.
func (k *Keeper) Connect(ctx context.Context, ledger, kind, company string, t Token) (ar.Connection, error) {
	var c ar.Connection
	err := k.retry(ctx, func(tx ar.Tx) (err error) {
		if c, err = room(ctx, tx, ledger, kind, company); err != nil {
			return err
		}
		c.Name, c.Kind, c.Company, c.HardExpires = ledger, kind, company, time.Time{}
		if err := k.put(&c, t); err != nil {
			return err
		}
		c, err = tx.PutConnection(ctx, c)
		return err
	})
	if err != nil {
		return ar.Connection{}, fmt.Errorf("oauth: connect %s: %w", ledger, err)
	}
	return c, nil
}

// room finds the connection of a ledger, or the place for a new one.
func room(ctx context.Context, tx ar.Tx, ledger, kind, company string) (ar.Connection, error) {
	all, err := tx.Connections(ctx)
	if err != nil {
		return ar.Connection{}, err
	}
	var found ar.Connection
	for _, c := range all {
		switch {
		case c.Name == ledger && (c.Company != company || c.Kind != kind):
			return found, ar.Refuse("The ledger %s is connected to another company (%s). Disconnect it first, or give this company a ledger of its own in the config.", ledger, cmp.Or(c.Title, c.Company))
		case c.Name == ledger:
			found = c
		case c.Company == company && c.Kind == kind:
			return found, ar.Refuse("This company is connected already, as the ledger %s.", c.Name)
		}
	}
	return found, nil
}

// put writes tokens into a connection, which is healthy with them.
func (k *Keeper) put(c *ar.Connection, t Token) error {
	sealed, err := SealToken(k.Sealer, c.Name, t)
	if err != nil {
		return err
	}
	c.Sealed, c.Expires, c.Health = sealed, t.Expires, ar.Health{}
	if !t.HardExpires.IsZero() {
		c.HardExpires = t.HardExpires
	}
	return nil
}

// Change reads a connection, lets f change it and writes it, in one transaction
// and again if somebody came between.
func (k *Keeper) Change(ctx context.Context, ledger string, f func(ar.Tx, *ar.Connection) error) error {
	return k.retry(ctx, func(tx ar.Tx) error {
		c, err := tx.Connection(ctx, ledger)
		if err != nil {
			return err
		}
		if err := f(tx, &c); err != nil {
			return err
		}
		_, err = tx.PutConnection(ctx, c)
		return err
	})
}

func (k *Keeper) retry(ctx context.Context, f func(ar.Tx) error) (err error) {
	for range casTries {
		if err = k.Books.Update(ctx, f); !errors.Is(err, ar.ErrConnectionMoved) {
			break
		}
	}
	return err
}

// Disconnect gives the tokens of a ledger back and forgets them. They are
// forgotten in any case: revoked is false where the ledger did not hear of it,
// so that somebody should disconnect the app on its side too.
func (k *Keeper) Disconnect(ctx context.Context, ledger string) (revoked bool, err error) {
	h, err := k.look(ctx, ledger)
	if errors.Is(err, ar.ErrNoConnection) {
		return false, err
	}
	if err == nil {
		failed := k.Endpoint.Revoke(ctx, h.Refresh)
		if revoked = failed == nil; !revoked {
			k.Logger.WarnContext(ctx, "tokens not revoked", "ledger", ledger, "error", failed)
		}
	}
	err = k.Books.Update(ctx, func(tx ar.Tx) error { return tx.DropConnection(ctx, ledger) })
	if err != nil {
		return revoked, fmt.Errorf("oauth: disconnect %s: %w", ledger, err)
	}
	return revoked, nil
}

// Reseal seals the tokens of all ledgers of a kind anew by the newest key, after
// which the older keys can go. It returns how many were not sealed by it.
func (k *Keeper) Reseal(ctx context.Context, kind string) (n int, err error) {
	var all []ar.Connection
	err = k.Books.View(ctx, func(r ar.Reader) (err error) {
		all, err = r.Connections(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("oauth: list the connections: %w", err)
	}
	for _, c := range all {
		if c.Kind != kind {
			continue
		}
		changed, err := k.resealOne(ctx, c.Name)
		if err != nil {
			return n, fmt.Errorf("oauth: seal the tokens of %s anew: %w", c.Name, err)
		}
		if changed {
			n++
		}
	}
	return n, nil
}

func (k *Keeper) resealOne(ctx context.Context, ledger string) (changed bool, _ error) {
	err := k.Change(ctx, ledger, func(_ ar.Tx, c *ar.Connection) (err error) {
		c.Sealed, changed, err = k.Sealer.Reseal(c.Sealed, purpose(ledger))
		return err
	})
	return changed, err
}

// HardExpiryNotice is how long before the end of all access people are told.
const HardExpiryNotice = 30 * 24 * time.Hour

// HardExpiry returns how long a connection can still be renewed, and whether
// it is time to tell that it has to be connected anew before then. Where the
// ledger states no end it is never.
func HardExpiry(c ar.Connection, now time.Time) (left time.Duration, tell bool) {
	if c.HardExpires.IsZero() {
		return 0, false
	}
	left = max(0, c.HardExpires.Sub(now))
	return left, left <= HardExpiryNotice
}
