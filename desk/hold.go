package desk

import (
	"context"

	"arbot/ar"
)

// HoldInput proposes a credit hold.
type HoldInput struct {
	Customer ar.CustomerID
	// Why is what the other person has to know to agree.
	Why     string
	Channel string
	Where   string
}

// ProposeHold proposes that a customer gets nothing more on credit: AR, managers and
// admins may. Another person has to approve it; whoever keeps the ledger enforces it.
func (d *Desk) ProposeHold(ctx context.Context, actor ar.Actor, in HoldInput) (view Escalation, err error) {
	if err := d.holdsCredit(actor); err != nil {
		return Escalation{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		facts, err := d.escalationFacts(ctx, tx, in.Customer, 0)
		if err != nil {
			return err
		}
		e := ar.Escalation{
			Kind: ar.ProposeHold, Customer: facts.Account.ID, Ask: in.Why, Due: d.settings.Workdays.Add(facts.Day, d.settings.Escalations.Within),
			Within: d.settings.Escalations.Within, Channel: in.Channel, Owed: facts.Overdue, State: ar.EscalationOpen, Opened: d.act(actor, in.Where),
		}
		if e.Channel == "" {
			e.Channel = d.settings.Ladder.Channel
		}
		if err := e.Check(facts.Day); err != nil {
			return err
		}
		standing, err := d.standingEscalation(ctx, tx, ar.ProposeHold, e.Customer, 0)
		if err != nil {
			return err
		}
		if standing != nil {
			return ar.Refuse("A credit hold of %s was proposed on %s, and stands. Approve or reject that one.", facts.Account.Name, standing.Opened.On.Long())
		}
		view, err = d.open(ctx, tx, actor, e, nil)
		return err
	})
	return view, err
}

// holdsCredit refuses a say about credit holds to who has none.
func (d *Desk) holdsCredit(actor ar.Actor) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if !actor.Is(ar.ARClerk, ar.Manager, ar.Admin) {
		return ar.Forbid("Credit holds are decided by two people of AR, managers and admins. Ask one of them.")
	}
	return nil
}

// MayHold refuses a form about credit holds to who could not send it.
func (d *Desk) MayHold(actor ar.Actor) error { return d.holdsCredit(actor) }

// AgreeToHold is the agreement of one person with a proposal; who proposed it cannot
// approve it.
func (d *Desk) AgreeToHold(ctx context.Context, actor ar.Actor, id ar.EscalationID) (Escalation, error) {
	return d.decideHold(ctx, actor, id, "hold.agree", func(e ar.Escalation) (ar.Escalation, error) { return e.Agree(d.act(actor, "")) })
}

// RejectHold ends a proposal: one person is enough.
func (d *Desk) RejectHold(ctx context.Context, actor ar.Actor, id ar.EscalationID) (Escalation, error) {
	return d.decideHold(ctx, actor, id, "hold.reject", func(e ar.Escalation) (ar.Escalation, error) {
		return e.Move(ar.EscalationStep{Act: d.act(actor, ""), State: ar.EscalationRejected})
	})
}

func (d *Desk) decideHold(ctx context.Context, actor ar.Actor, id ar.EscalationID, action string, decide func(ar.Escalation) (ar.Escalation, error)) (view Escalation, err error) {
	if err := d.holdsCredit(actor); err != nil {
		return Escalation{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		if view, err = d.loadEscalation(ctx, tx, actor, "", id); err != nil {
			return err
		}
		next, err := decide(view.Escalation)
		if err != nil {
			return err
		}
		if err := d.putEscalation(ctx, tx, actor, action, view.Escalation, next); err != nil {
			return err
		}
		if next.State == ar.EscalationApproved {
			if err := planNews(ctx, tx, next, string(ar.EscalationApproved), true); err != nil {
				return err
			}
		}
		view, err = d.seenEscalation(ctx, tx, actor, next)
		return err
	})
	return view, err
}
