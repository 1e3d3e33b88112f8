package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"arbot/ar"
)

// Claim is a claim with what is needed to tell of it.
type Claim struct {
	ar.Claim
	Account ar.Customer
	// Overdue is what is past due of the account, by currency; OldestDays how late the
	// oldest of it is.
	Overdue    []ar.Money
	OldestDays int
	// Lapses is the business day on which it ends unless the holder does something.
	Lapses ar.Date
	// Mine: the actor holds it. MayEnd: the actor may give it back, MayTake take it over.
	Mine, MayEnd, MayTake bool
	Fresh                 Fresh
}

// Holder is how to call who has it.
func (d *Desk) Holder(c ar.Claim) string {
	if c.Email != "" {
		return d.PersonName(c.Email)
	}
	return c.Holder()
}

// ClaimInput says what is to be claimed.
type ClaimInput struct {
	// Of is a customer or an invoice as a person typed it; Customer and Document are
	// ones that were chosen.
	Of       string
	Customer ar.CustomerID
	Document ar.DocumentID
	// Where is the address of the message on which it was done: news of payments come
	// there. "" for none.
	Where string
	// TakeOver takes it from whoever has it: for AR and admins.
	TakeOver bool
}

// Claimed is what became of a wish to have an account.
type Claimed struct {
	Claim
	// Won is false where somebody has it: Claim is theirs then.
	Won bool
	// From is whose claim was taken over; nil for none.
	From *ar.Claim
}

// claims returns the accounts that the actor may take on: those that reps see as reps,
// and all for AR, managers and admins.
func (d *Desk) claims(a ar.Actor) (ar.Scope, error) { return d.sees(a) }

// ClaimAccount puts the actor's name on an account. Of two who do so at once one wins,
// and the other gets the claim that stands.
func (d *Desk) ClaimAccount(ctx context.Context, actor ar.Actor, in ClaimInput) (view Claimed, err error) {
	scope, err := d.claims(actor)
	if err != nil {
		return Claimed{}, err
	}
	if in.TakeOver && !actor.Is(ar.ARClerk, ar.Admin) {
		return Claimed{}, ar.Forbid("Only AR and admins can take an account over. Ask one of them, or who has it.")
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		view, err = d.claimAccount(ctx, tx, actor, scope, in)
		return err
	})
	return view, err
}

func (d *Desk) claimAccount(ctx context.Context, tx ar.Tx, actor ar.Actor, scope ar.Scope, in ClaimInput) (Claimed, error) {
	account, err := d.claimable(ctx, tx, scope, in)
	if err != nil {
		return Claimed{}, err
	}
	view := Claimed{}
	if in.TakeOver {
		if view.From, err = d.takeFrom(ctx, tx, actor, account.ID); err != nil {
			return Claimed{}, err
		}
	}
	wish := ar.Claim{Customer: account.ID, Email: ar.NormalOwner(actor.Email), Made: d.act(actor, in.Where)}
	standing, won, err := tx.AddClaim(ctx, wish)
	if err != nil {
		return Claimed{}, fmt.Errorf("claim customer %d: %w", account.ID, err)
	}
	if view.Won = won; won {
		if err := audit(ctx, tx, actor, "claim.take", claimSubject(standing.ID), nil, standing); err != nil {
			return Claimed{}, err
		}
		if err := d.followClaim(ctx, tx, actor, account.ID); err != nil {
			return Claimed{}, err
		}
	}
	view.Claim, err = d.seenClaim(ctx, tx, actor, standing)
	return view, err
}

func claimSubject(id ar.ClaimID) string { return fmt.Sprintf("claim/%d", id) }

// claimable is the account that is meant, if something of it is overdue.
func (d *Desk) claimable(ctx context.Context, r ar.Reader, scope ar.Scope, in ClaimInput) (ar.Customer, error) {
	account, _, err := d.meant(ctx, r, scope, in.Of, Found{Customer: in.Customer, Document: in.Document})
	if err != nil {
		return ar.Customer{}, err
	}
	overdue, _, err := d.overdueOf(ctx, r, account.ID)
	if err == nil && len(overdue) == 0 {
		err = ar.Refuse("Nothing of %s is overdue, so there is nothing to take on.", account.Name)
	}
	return account, err
}

// meant finds the account, or the invoice of it, that is meant and that the scope covers.
func (d *Desk) meant(ctx context.Context, r ar.Reader, scope ar.Scope, text string, found Found) (ar.Customer, *ar.Document, error) {
	var err error
	if found == (Found{}) {
		if found, err = d.find(ctx, r, scope, text); err != nil {
			return ar.Customer{}, nil, err
		}
	}
	if found.Document != 0 {
		account, item, err := d.invoice(ctx, r, scope, found.Document)
		return account, &item.Document, err
	}
	f, err := family(ctx, r, scope, found.Customer)
	return f.Customer, nil, err
}

// overdueOf is what is past due of one account, and how late the oldest of it is.
func (d *Desk) overdueOf(ctx context.Context, r ar.Reader, id ar.CustomerID) (sums []ar.Money, oldest int, err error) {
	rows, err := r.Aging(ctx, ar.AgingQuery{
		Rule: ar.NewAgingRule(d.Today(), ar.ByDueDate), Group: ar.ByCustomer, Customers: []ar.CustomerID{id}, Scope: ar.Everything(),
	})
	if err != nil {
		return nil, 0, fmt.Errorf("overdue of customer %d: %w", id, err)
	}
	for _, row := range rows {
		overdue, err := row.Overdue()
		if err != nil {
			return nil, 0, err
		}
		if overdue.IsZero() {
			continue
		}
		oldest = max(oldest, d.Today().Sub(row.OldestDue))
		if sums, err = plus(sums, overdue); err != nil {
			return nil, 0, err
		}
	}
	d.arrangeMoney(sums)
	return sums, oldest, nil
}

// takeFrom ends the claim of somebody else.
func (d *Desk) takeFrom(ctx context.Context, tx ar.Tx, actor ar.Actor, id ar.CustomerID) (*ar.Claim, error) {
	standing, err := tx.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{id}, Standing: true})
	if err != nil || len(standing) == 0 || standing[0].Holder() == actor.User {
		return nil, err
	}
	ended, err := d.endClaim(ctx, tx, actor, standing[0], ar.ClaimTakenOver)
	return &ended, err
}

// endClaim ends a claim that stands, and tells the holder unless the holder did it.
func (d *Desk) endClaim(ctx context.Context, tx ar.Tx, actor ar.Actor, c ar.Claim, end ar.ClaimEnd) (ar.Claim, error) {
	ended, err := c.Finish(end, d.act(actor, ""))
	if err != nil {
		return c, err
	}
	if err := tx.PutClaim(ctx, ended); err != nil {
		return c, fmt.Errorf("end claim %d: %w", c.ID, err)
	}
	action := "claim." + strings.ReplaceAll(string(end), " ", "-")
	if err := audit(ctx, tx, actor, action, claimSubject(c.ID), c, ended); err != nil || actor.User == c.Holder() {
		return ended, err
	}
	return ended, planOnce(ctx, tx, ar.PostKey{Kind: ar.ClaimEnded, Route: claimRoute(c.ID), Day: onceForAll})
}

// ReleaseClaim gives an account back: its holder, AR and admins may. changed is false
// where it ended before.
func (d *Desk) ReleaseClaim(ctx context.Context, actor ar.Actor, id ar.ClaimID) (view Claim, changed bool, err error) {
	scope, err := d.claims(actor)
	if err != nil {
		return Claim{}, false, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		changed = false
		if view, err = d.loadClaim(ctx, tx, actor, scope, id); err != nil || !view.Stands() {
			return err
		}
		if !view.MayEnd {
			return ar.Forbid("Only who has an account, AR and admins can give it back. Ask one of them.")
		}
		ended, err := d.endClaim(ctx, tx, actor, view.Claim, ar.ClaimReleased)
		if err != nil {
			return err
		}
		changed = true
		if err := d.followClaim(ctx, tx, actor, ended.Customer); err != nil {
			return err
		}
		view, err = d.seenClaim(ctx, tx, actor, ended)
		return err
	})
	return view, changed, err
}

func (d *Desk) loadClaim(ctx context.Context, r ar.Reader, actor ar.Actor, scope ar.Scope, id ar.ClaimID) (Claim, error) {
	c, err := r.Claim(ctx, id)
	if errors.Is(err, ar.ErrNoClaim) {
		return Claim{}, gone(err)
	}
	if err != nil {
		return Claim{}, fmt.Errorf("claim %d: %w", id, err)
	}
	if _, err := family(ctx, r, scope, c.Customer); err != nil {
		return Claim{}, err
	}
	return d.seenClaim(ctx, r, actor, c)
}

// seenClaim fills in what is told of a claim beside it.
func (d *Desk) seenClaim(ctx context.Context, r ar.Reader, actor ar.Actor, c ar.Claim) (Claim, error) {
	view := Claim{Claim: c, Mine: c.Holder() == actor.User}
	var err error
	if view.Account, err = r.Customer(ctx, c.Customer); err != nil {
		return Claim{}, fmt.Errorf("account of claim %d: %w", c.ID, err)
	}
	if view.Overdue, view.OldestDays, err = d.overdueOf(ctx, r, c.Customer); err != nil {
		return Claim{}, err
	}
	if view.Fresh, err = d.fresh(ctx, r, ar.Scope{}); err != nil { // its holder may not know all customers
		return Claim{}, err
	}
	acts, err := r.AccountActs(ctx, []ar.CustomerID{c.Customer}, c.Made.On)
	if err != nil {
		return Claim{}, err
	}
	view.Lapses = ar.LapsesOn(c, acts, d.settings.Workdays)
	view.MayEnd = c.Stands() && owns(actor, c.Made)
	view.MayTake = c.Stands() && !view.Mine && actor.Is(ar.ARClerk, ar.Admin)
	return view, nil
}

// claimsBy are the claims that stand, by account.
func claimsBy(ctx context.Context, r ar.Reader) (map[ar.CustomerID]ar.Claim, error) {
	standing, err := r.Claims(ctx, ar.ClaimFilter{Standing: true})
	if err != nil {
		return nil, fmt.Errorf("who has what: %w", err)
	}
	by := make(map[ar.CustomerID]ar.Claim, len(standing))
	for _, c := range standing {
		by[c.Customer] = c
	}
	return by, nil
}

// ClaimOn returns the claim that stands on an account that the actor may see.
func (d *Desk) ClaimOn(ctx context.Context, actor ar.Actor, in ClaimInput) (view Claim, err error) {
	scope, err := d.claims(actor)
	if err != nil {
		return Claim{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		account, _, err := d.meant(ctx, r, scope, in.Of, Found{Customer: in.Customer, Document: in.Document})
		if err != nil {
			return err
		}
		standing, err := r.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{account.ID}, Standing: true})
		if err != nil {
			return err
		}
		if len(standing) == 0 {
			return ar.Refuse("Nobody has %s, so there is nothing to give back.", account.Name)
		}
		view, err = d.seenClaim(ctx, r, actor, standing[0])
		return err
	})
	return view, err
}
