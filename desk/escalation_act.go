package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// EscalationInput is an escalation to be posted.
type EscalationInput struct {
	Customer ar.CustomerID
	Document ar.DocumentID // 0 for all that is overdue of the account
	// Ask says what is asked of whom; Due is by when it is to be taken.
	Ask string
	Due ar.Date
	// Channel is one that the config allows; "" is the owner of the account.
	Channel string
	// Instead is the one that stands and whose place it takes, as it was seen; 0 for
	// none. Where another one stands by now nothing is posted.
	Instead ar.EscalationID
	Where   string
}

// Escalate posts an escalation: AR and admins may.
func (d *Desk) Escalate(ctx context.Context, actor ar.Actor, in EscalationInput) (view Escalation, err error) {
	if err := d.escalates(actor); err != nil {
		return Escalation{}, err
	}
	if in.Channel != "" && !slices.Contains(d.settings.Escalations.Channels, in.Channel) {
		return Escalation{}, ar.Refuse("Escalations cannot be posted there. Choose one of the channels under escalations: in the config, or have an admin add it.")
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		view, err = d.escalate(ctx, tx, actor, in)
		return err
	})
	return view, err
}

func (d *Desk) escalate(ctx context.Context, tx ar.Tx, actor ar.Actor, in EscalationInput) (Escalation, error) {
	facts, err := d.escalationFacts(ctx, tx, in.Customer, in.Document)
	if err != nil {
		return Escalation{}, err
	}
	e := ar.Escalation{
		Kind: ar.AskSomebody, Customer: facts.Account.ID, Document: in.Document, Ask: strings.TrimSpace(in.Ask), Due: in.Due,
		Within: d.settings.Escalations.Within, Channel: in.Channel, Owed: facts.Overdue, State: ar.EscalationOpen, Opened: d.act(actor, in.Where),
	}
	if e.Channel == "" {
		if !strings.Contains(facts.Account.Owner, "@") {
			return Escalation{}, ar.Refuse("%s has no sales owner who can be told. Choose a channel.", facts.Account.Name)
		}
		e.To = facts.Account.Owner
	}
	if err := e.Check(facts.Day); err != nil {
		return Escalation{}, err
	}
	standing, err := d.standingEscalation(ctx, tx, ar.AskSomebody, e.Customer, e.Document)
	if err != nil {
		return Escalation{}, err
	}
	if standing != nil && standing.ID != in.Instead {
		return Escalation{}, ar.Refuse("An escalation of %s was posted on %s, and stands. Look at it first; withdraw it, or open this form again to put another in its place.", facts.About(), standing.Opened.On.Long())
	}
	return d.open(ctx, tx, actor, e, standing)
}

// open writes an escalation in the place of one that stands, and plans its post.
func (d *Desk) open(ctx context.Context, tx ar.Tx, actor ar.Actor, e ar.Escalation, standing *ar.Escalation) (Escalation, error) {
	if standing != nil {
		step := ar.EscalationStep{Act: d.act(actor, ""), State: ar.EscalationReplaced}
		if _, err := d.stepEscalation(ctx, tx, actor, "escalation.replace", *standing, step); err != nil {
			return Escalation{}, err
		}
	}
	e, err := tx.AddEscalation(ctx, e)
	if err != nil {
		return Escalation{}, fmt.Errorf("escalate customer %d: %w", e.Customer, err)
	}
	if err := audit(ctx, tx, actor, "escalation.open", escalationSubject(e.ID), nil, e); err != nil {
		return Escalation{}, err
	}
	if err := planEscalation(ctx, tx, e, e.Opened.By != ""); err != nil {
		return Escalation{}, err
	}
	return d.seenEscalation(ctx, tx, actor, e)
}

// stepEscalation brings an escalation a step on, and has its post edited.
func (d *Desk) stepEscalation(ctx context.Context, tx ar.Tx, actor ar.Actor, action string, e ar.Escalation, step ar.EscalationStep) (ar.Escalation, error) {
	next, err := e.Move(step)
	if err != nil {
		return e, err
	}
	return next, d.putEscalation(ctx, tx, actor, action, e, next)
}

// putEscalation writes an escalation that changed, and has its post edited in its place.
func (d *Desk) putEscalation(ctx context.Context, tx ar.Tx, actor ar.Actor, action string, was, next ar.Escalation) error {
	if err := tx.PutEscalation(ctx, next); err != nil {
		return fmt.Errorf("change escalation %d: %w", next.ID, err)
	}
	if err := audit(ctx, tx, actor, action, escalationSubject(next.ID), was, next); err != nil {
		return err
	}
	return planEscalation(ctx, tx, next, actor.User != "")
}

// TakenEscalation is what became of a wish to take an escalation.
type TakenEscalation struct {
	Escalation
	// Won is false where somebody else has the account: Claim is theirs then.
	Won bool
	// Again: the actor had it already.
	Again bool
}

// TakeEscalation puts the actor's name on the account of an escalation. Of two who do so
// at once one wins, and the other is told who. Channel is where the actor acts, where the
// address of the message.
func (d *Desk) TakeEscalation(ctx context.Context, actor ar.Actor, id ar.EscalationID, channel, where string) (taken TakenEscalation, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		taken = TakenEscalation{}
		view, err := d.loadEscalation(ctx, tx, actor, channel, id)
		if err != nil {
			return err
		}
		if !view.Stands() || view.Kind != ar.AskSomebody {
			return ar.Refuse("This escalation is over: it was %s. There is nothing to take.", view.State)
		}
		claim, won, err := tx.AddClaim(ctx, ar.Claim{Customer: view.Customer, Email: ar.NormalOwner(actor.Email), Made: d.act(actor, where)})
		if err != nil {
			return fmt.Errorf("take escalation %d: %w", id, err)
		}
		taken.Again = !won && claim.Holder() == actor.User && view.Holder() == actor.User
		taken.Won = won || claim.Holder() == actor.User
		if won {
			if err := audit(ctx, tx, actor, "claim.take", claimSubject(claim.ID), nil, claim); err != nil {
				return err
			}
		}
		next := view.Escalation
		if next.Holder() != claim.Holder() {
			by := claim.Made
			by.Where = ""
			if next, err = d.stepEscalation(ctx, tx, actor, "escalation.take", next, ar.EscalationStep{Act: by, State: ar.EscalationTaken}); err != nil {
				return err
			}
		}
		taken.Escalation, err = d.seenEscalation(ctx, tx, actor, next)
		return err
	})
	return taken, err
}

// EscalationChange is what is changed of an escalation that stands.
type EscalationChange struct {
	Ask string
	Due ar.Date
}

// ChangeEscalation changes the words of an escalation and its date; its post is edited in
// its place.
func (d *Desk) ChangeEscalation(ctx context.Context, actor ar.Actor, id ar.EscalationID, c EscalationChange) (Escalation, error) {
	return d.changeEscalation(ctx, actor, id, "escalation.change", func(e ar.Escalation) (ar.Escalation, error) {
		due := e.Due
		e.Ask, e.Due = strings.TrimSpace(c.Ask), c.Due
		if c.Due == due { // a date that has passed may stay
			check := e
			check.Due = d.Today()
			return e, check.Check(d.Today())
		}
		return e, e.Check(d.Today())
	})
}

// WithdrawEscalation takes an escalation back: AR, admins and who posted it may.
func (d *Desk) WithdrawEscalation(ctx context.Context, actor ar.Actor, id ar.EscalationID) (Escalation, error) {
	return d.changeEscalation(ctx, actor, id, "escalation.withdraw", func(e ar.Escalation) (ar.Escalation, error) {
		return e.Move(ar.EscalationStep{Act: d.act(actor, ""), State: ar.EscalationWithdrawn})
	})
}

// changeEscalation is the transaction of a change by AR; of a proposal by who has a say in
// it.
func (d *Desk) changeEscalation(ctx context.Context, actor ar.Actor, id ar.EscalationID, action string, change func(ar.Escalation) (ar.Escalation, error)) (view Escalation, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		if view, err = d.loadEscalation(ctx, tx, actor, "", id); err != nil {
			return err
		}
		may := d.escalates
		if view.Kind == ar.ProposeHold {
			may = d.holdsCredit
		}
		if err := may(actor); err != nil {
			return err
		}
		if !view.Stands() {
			return ar.Refuse("This escalation is over: it was %s.", view.State)
		}
		next, err := change(view.Escalation)
		if err != nil {
			return err
		}
		if err := d.putEscalation(ctx, tx, actor, action, view.Escalation, next); err != nil {
			return err
		}
		view, err = d.seenEscalation(ctx, tx, actor, next)
		return err
	})
	return view, err
}
