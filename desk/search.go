package desk

import (
	"context"
	"fmt"
	"strings"

	"arbot/ar"
)

// Search lists the accounts and invoices of the actor's that fit a text, best
// first, to be chosen from while somebody types.
func (d *Desk) Search(ctx context.Context, actor ar.Actor, text string, limit int) (found []ar.Choice, err error) {
	scope, err := d.sees(actor)
	if err != nil || strings.TrimSpace(text) == "" {
		return nil, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		matches, err := covered(ctx, r, scope, text)
		if err != nil {
			return fmt.Errorf("search %q: %w", text, err)
		}
		hits, _ := cut(distinct(matches, func(ar.Match) bool { return true }), limit)
		found, err = d.choices(ctx, r, scope, hits)
		return err
	})
	return found, err
}

// Named labels an account or an invoice that was chosen by its id, if the actor
// may see it.
func (d *Desk) Named(ctx context.Context, actor ar.Actor, c ar.Choice) (ar.Choice, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return ar.Choice{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		if c.Document != 0 {
			account, item, err := d.invoice(ctx, r, scope, c.Document)
			c.Label = item.Label() + " · " + account.Name
			return err
		}
		f, err := family(ctx, r, scope, c.Customer)
		c.Label = f.Name
		return err
	})
	return c, err
}
