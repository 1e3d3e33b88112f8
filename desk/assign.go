package desk

import (
	"context"
	"fmt"

	"arbot/ar"
)

// AssignInput says who is to work on an account.
type AssignInput struct {
	Of       string
	Customer ar.CustomerID
	// User is the person in the chat system, Email the address; nobody takes the
	// assignment away.
	User, Email string
}

// Assigned is an account with who works on it.
type Assigned struct {
	ar.Assignment
	Account ar.Customer
	// Before is who did before; the zero value for nobody.
	Before ar.Assignment
	// Cover is who does it today, as an e-mail address: a deputy while the person is
	// away.
	Cover string
}

// Assign gives an account to a person: for AR and admins. It stays so whatever the
// ledger says, until it is assigned anew.
func (d *Desk) Assign(ctx context.Context, actor ar.Actor, in AssignInput) (view Assigned, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Assigned{}, err
	}
	if !actor.Is(ar.ARClerk, ar.Admin) {
		return Assigned{}, ar.Forbid("Only AR and admins assign accounts. Ask one of them, or claim the account yourself.")
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		account, _, err := d.meant(ctx, tx, scope, in.Of, Found{Customer: in.Customer})
		if err != nil {
			return err
		}
		before, err := tx.Assignments(ctx, []ar.CustomerID{account.ID})
		if err != nil {
			return err
		}
		view = Assigned{Account: account}
		if len(before) > 0 {
			view.Before = before[0]
		}
		view.Assignment = ar.Assignment{Customer: account.ID, User: in.User, Email: ar.NormalOwner(in.Email), Made: d.act(actor, "")}
		view.Cover = d.covering(view.Email, d.Today())
		if err := tx.PutAssignment(ctx, view.Assignment); err != nil {
			return fmt.Errorf("assign customer %d: %w", account.ID, err)
		}
		return audit(ctx, tx, actor, "account.assign", fmt.Sprintf("customer/%d", account.ID), someAssignment(view.Before), someAssignment(view.Assignment))
	})
	return view, err
}

func someAssignment(a ar.Assignment) any {
	if a.User == "" && a.Email == "" {
		return nil
	}
	return a
}

// covering is who does the work of a person on a day: the person, or a deputy.
func (d *Desk) covering(email string, day ar.Date) string {
	if email == "" {
		return ""
	}
	_, away := d.away(email, day)
	return ar.Covering(ar.NormalOwner(email), away, d.Deputies(email, day))
}
