package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// Coverage tells which accounts have a sales owner. It counts the accounts on which
// something is open.
type Coverage struct {
	Accounts int
	// None have no owner; Unowned is what these owe, a sum for each currency: their open
	// invoices, from which unapplied credit is not taken.
	None    int
	Unowned []ar.Money
	// Owners are the others, most accounts first.
	Owners []OwnerCount
}

// OwnerCount is how many accounts a sales owner has.
type OwnerCount struct {
	Owner string
	// Email is the owner's address; "" for a name that nobody in the config has.
	// Whether somebody has the address is for the chat system to say.
	Email    string
	Accounts int
}

// Coverage looks at the accounts on which something is open today.
func (d *Desk) Coverage(ctx context.Context) (c Coverage, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		rows, err := r.Aging(ctx, ar.AgingQuery{
			Rule: ar.NewAgingRule(d.Today(), ar.ByDueDate), Group: ar.ByCustomer, Scope: ar.Everything(),
		})
		if err != nil {
			return err
		}
		c, err = d.coverage(rows)
		return err
	})
	if err != nil {
		return Coverage{}, fmt.Errorf("owner coverage: %w", err)
	}
	return c, nil
}

// coverage counts rows that are one for each account and currency.
func (d *Desk) coverage(rows []ar.AgingRow) (c Coverage, err error) {
	seen := map[ar.CustomerID]bool{}
	owners := map[string]*OwnerCount{}
	for _, row := range rows {
		if row.Owner == "" {
			if c.Unowned, err = plusOpen(c.Unowned, row); err != nil {
				return c, err
			}
		}
		if seen[row.Customer] {
			continue
		}
		seen[row.Customer] = true
		c.Accounts++
		if row.Owner == "" {
			c.None++
			continue
		}
		email := d.emailOf(row.Owner)
		key := cmp.Or(email, row.Owner) // one person under several spellings
		if owners[key] == nil {
			owners[key] = &OwnerCount{Owner: row.Owner, Email: email}
		}
		owners[key].Accounts++
	}
	for _, o := range owners {
		c.Owners = append(c.Owners, *o)
	}
	slices.SortFunc(c.Owners, func(a, b OwnerCount) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), cmp.Compare(a.Owner, b.Owner))
	})
	d.arrangeMoney(c.Unowned)
	return c, nil
}

// plusOpen adds what a row has open, where it is something.
func plusOpen(sums []ar.Money, row ar.AgingRow) ([]ar.Money, error) {
	open, err := row.Gross()
	if err != nil || open.IsZero() {
		return sums, err
	}
	return plus(sums, open)
}

// Emails are the addresses of the owners that have one.
func (c Coverage) Emails() []string {
	var emails []string
	for _, o := range c.Owners {
		if o.Email != "" {
			emails = append(emails, o.Email)
		}
	}
	return emails
}

// Unknown returns the owners who are nobody: those without an address, and those
// whose address the chat system knows nobody by.
func (c Coverage) Unknown(strangers []string) []OwnerCount {
	return slices.DeleteFunc(slices.Clone(c.Owners), func(o OwnerCount) bool {
		return o.Email != "" && !slices.Contains(strangers, o.Email)
	})
}
