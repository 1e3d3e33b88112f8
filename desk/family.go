package desk

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
)

// Family is an account with the accounts below it (jobs, branches) whose
// figures are counted with its own.
type Family struct {
	ar.Customer
	// Children are the accounts below, at any depth, that the actor may see.
	Children []ar.Customer
	// Hidden counts those that the actor may not see; nothing of them is in
	// the figures.
	Hidden int
}

func (f Family) ids() []ar.CustomerID {
	ids := []ar.CustomerID{f.ID}
	for _, c := range f.Children {
		ids = append(ids, c.ID)
	}
	return ids
}

// family reads an account that the scope covers; an id is a name, never a right.
func family(ctx context.Context, r ar.Reader, scope ar.Scope, id ar.CustomerID) (Family, error) {
	c, err := r.Customer(ctx, id)
	switch {
	case errors.Is(err, ar.ErrNoCustomer):
		return Family{}, gone(err)
	case err != nil:
		return Family{}, fmt.Errorf("account %d: %w", id, err)
	case !scope.Covers(c.Owner):
		return Family{}, ar.Forbid("This is not one of your accounts. Ask AR, or the owner of the account.")
	}
	f := Family{Customer: c}
	below, err := descendants(ctx, r, id)
	for _, c := range below {
		if scope.Covers(c.Owner) {
			f.Children = append(f.Children, c)
		} else {
			f.Hidden++
		}
	}
	return f, err
}

func gone(err error) error {
	return &ar.Error{Kind: ar.NotFound, Say: "This is not in the books any more. Ask again by name or number.", Err: err}
}

// descendants lists the accounts below a customer at any depth. A circle of
// parents, which no ledger should have, ends the walk.
func descendants(ctx context.Context, r ar.Reader, top ar.CustomerID) ([]ar.Customer, error) {
	var all []ar.Customer
	seen := map[ar.CustomerID]bool{top: true}
	for parents := []ar.CustomerID{top}; len(parents) > 0; {
		children, err := r.Customers(ctx, ar.CustomerFilter{Parents: parents})
		if err != nil {
			return nil, fmt.Errorf("accounts below customer %d: %w", top, err)
		}
		parents = nil
		for _, c := range children {
			if !seen[c.ID] {
				seen[c.ID] = true
				all, parents = append(all, c), append(parents, c.ID)
			}
		}
	}
	return all, nil
}
