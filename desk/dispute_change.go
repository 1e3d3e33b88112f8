package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// DisputeChange is what is to be changed of a dispute; nil fields stay.
type DisputeChange struct {
	Reason *ar.Reason
	// Amount is as a person types it.
	Amount *string
	// Assignee is an e-mail address, or a name of the config; "" is nobody.
	Assignee *string
}

// ChangedDispute is a dispute after a change, and as it was before.
type ChangedDispute struct {
	Dispute
	Was ar.Dispute
}

// ChangeDispute changes what somebody noted: another reason (which brings its
// own department, assignee and due date), another amount, another assignee.
func (d *Desk) ChangeDispute(ctx context.Context, actor ar.Actor, id ar.DisputeID, c DisputeChange) (ChangedDispute, error) {
	return d.changeDispute(ctx, actor, id, "dispute.change", func(tx ar.Tx, view Dispute) (ar.Dispute, error) {
		if !view.Stands() {
			return view.Dispute, ar.Refuse("This dispute is resolved. Open it again first.")
		}
		next, err := d.rerouted(view.Dispute, c)
		if err != nil || c.Amount == nil {
			return next, ifChanged(view.Dispute, next, err)
		}
		taken, err := disputed(ctx, tx, view.Invoice, id)
		if err != nil {
			return next, err
		}
		if next.Amount, err = d.disputedAmount(*c.Amount, view.Invoice, taken); err != nil || next.Amount == view.Amount {
			return next, ifChanged(view.Dispute, next, err) // one that was paid meanwhile may still get another reason
		}
		return next, next.Check(ar.Subject{Label: view.Invoice.Label(), Open: view.Invoice.Open, Taken: taken})
	})
}

// ifChanged is errSame where a change changes nothing: what was pressed twice is one act.
func ifChanged(was, next ar.Dispute, err error) error {
	same := was.Reason == next.Reason && was.Amount == next.Amount && was.Assignee == next.Assignee && was.Department == next.Department && was.Due == next.Due
	if err == nil && same {
		return errSame
	}
	return err
}

// rerouted is a dispute with a change. Who was assigned by hand stays so when the
// reason changes.
func (d *Desk) rerouted(next ar.Dispute, c DisputeChange) (ar.Dispute, error) {
	if c.Reason != nil && *c.Reason != next.Reason {
		if !slices.Contains(ar.Reasons(), *c.Reason) {
			return next, ar.Refuse("%q is not a reason for a dispute.", *c.Reason)
		}
		assignee, byHand := next.Assignee, next.Assignee != d.settings.DisputeRoutes.Route(next.Reason).Assignee
		next.Reason = *c.Reason
		if next = next.Routed(d.settings.DisputeRoutes, d.settings.Workdays); byHand {
			next.Assignee = assignee
		}
	}
	if c.Assignee == nil {
		return next, nil
	}
	var err error
	next.Assignee, err = d.assignee(*c.Assignee)
	return next, err
}

// assignee reads who is to resolve a dispute.
func (d *Desk) assignee(text string) (string, error) {
	text = strings.TrimSpace(text)
	if p, ok := d.person(text); ok && p.Email != "" {
		return ar.NormalOwner(p.Email), nil
	}
	if text != "" && !strings.Contains(text, "@") {
		return "", ar.Refuse("I know no e-mail address of “%s”. Type the address, or have an admin add the person under people in the config.", text)
	}
	return ar.NormalOwner(text), nil
}

// DisputeMove brings a dispute to another state.
type DisputeMove struct {
	State   ar.DisputeState
	Outcome ar.DisputeOutcome // of one that is resolved
	Note    string
	Where   string
}

// errSame says that a change was made before: there is nothing to write.
var errSame = errors.New("it is so already")

// MoveDispute takes a dispute into review, ends it with an outcome, or opens it
// again. What the actor did just now and does again is one move.
func (d *Desk) MoveDispute(ctx context.Context, actor ar.Actor, id ar.DisputeID, m DisputeMove) (ChangedDispute, error) {
	if err := (ar.Note{Text: m.Note, Call: ar.CallDisputed}).Check(); err != nil {
		return ChangedDispute{}, err
	}
	action := "dispute.move"
	if m.State == ar.DisputeResolved {
		action = "dispute.resolve"
	}
	was := ar.DisputeState("")
	changed, err := d.changeDispute(ctx, actor, id, action, func(tx ar.Tx, view Dispute) (ar.Dispute, error) {
		var same bool
		if was, same = d.justMoved(actor, view.Dispute, m); same {
			return view.Dispute, errSame
		}
		next, err := view.Move(ar.DisputeStep{Act: d.act(actor, m.Where), State: m.State, Outcome: m.Outcome, Note: m.Note})
		if err != nil || view.Stands() || !next.Stands() {
			return next, err
		}
		// Opened again: meanwhile others may have disputed the rest.
		taken, err := disputed(ctx, tx, view.Invoice, id)
		if err != nil {
			return next, err
		}
		return next, next.Check(ar.Subject{Label: view.Invoice.Label(), Open: view.Invoice.Open, Taken: taken})
	})
	if was != "" {
		changed.Was.State = was
	}
	return changed, err
}

// justMoved reports whether the actor has made a move just now, and what the dispute was
// before it.
func (d *Desk) justMoved(actor ar.Actor, dispute ar.Dispute, m DisputeMove) (was ar.DisputeState, same bool) {
	last := len(dispute.Steps) - 1
	if last < 0 || dispute.State != m.State || dispute.Outcome != m.Outcome {
		return "", false
	}
	if step := dispute.Steps[last]; step.By != actor.User || step.Note != m.Note || d.undoable(step.Act) != nil {
		return "", false
	}
	if was = ar.DisputeOpen; last > 0 {
		was = dispute.Steps[last-1].State
	}
	return was, true
}

// changeDispute is the transaction of every change: look whether the actor may,
// decide, write, and note it in the audit.
func (d *Desk) changeDispute(
	ctx context.Context, actor ar.Actor, id ar.DisputeID, action string, decide func(ar.Tx, Dispute) (ar.Dispute, error),
) (changed ChangedDispute, err error) {
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		view, err := d.loadDispute(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := d.mayChange(actor, view.Dispute); err != nil {
			return err
		}
		changed.Was = view.Dispute
		view.Dispute, err = decide(tx, view)
		if errors.Is(err, errSame) {
			changed.Dispute, err = d.seen(ctx, tx, actor, view)
			return err
		}
		if err != nil {
			return err
		}
		if err := tx.PutDispute(ctx, view.Dispute); err != nil {
			return fmt.Errorf("change dispute %d: %w", id, err)
		}
		if err := audit(ctx, tx, actor, action, disputeSubject(id), changed.Was, view.Dispute); err != nil {
			return err
		}
		if changed.Was.Stands() != view.Stands() {
			if err := d.noteDispute(ctx, tx, actor, action, view.Dispute); err != nil {
				return err
			}
		}
		changed.Dispute, err = d.seen(ctx, tx, actor, view)
		return err
	})
	return changed, err
}

// undoneNote marks the step by which an entry made in error was taken back.
const undoneNote = "Undone: it was entered in error."

// Undone reports whether a dispute was taken back right after it was opened: it
// counts as never said.
func Undone(d ar.Dispute) bool {
	return slices.ContainsFunc(d.Steps, func(s ar.DisputeStep) bool { return s.Outcome == ar.OutcomeWithdrawn && s.Note == undoneNote })
}

// UndoDispute takes back what was just done to a dispute: its opening, or the
// change from one state of it to another. Where somebody changed it since, that
// is refused; where it was taken back already, nothing is done.
func (d *Desk) UndoDispute(ctx context.Context, actor ar.Actor, id ar.DisputeID, was DisputeUndo) (ChangedDispute, error) {
	return d.changeDispute(ctx, actor, id, "dispute.undo", func(_ ar.Tx, view Dispute) (ar.Dispute, error) {
		return d.undone(view.Dispute, d.act(actor, ""), was)
	})
}

// DisputeUndo is what is to be taken back. What is set is what it is to be again, and
// Now what it was made: one that is not so any more was changed by somebody since.
type DisputeUndo struct {
	// What is one of the Undo constants.
	What     string
	Was, Now string
}

// What of a dispute can be undone.
const (
	UndoOpening  = "opening"
	UndoReason   = "reason"
	UndoAmount   = "amount"
	UndoAssignee = "assignee"
	UndoState    = "state"
)

func (d *Desk) undone(next ar.Dispute, act ar.Act, u DisputeUndo) (ar.Dispute, error) {
	now := map[string]string{
		UndoOpening: string(next.State), UndoReason: string(next.Reason), UndoAmount: next.Amount.Decimal(),
		UndoAssignee: next.Assignee, UndoState: string(next.State),
	}
	if was := now[u.What] == u.Was; u.What != UndoOpening && was || u.What == UndoOpening && Undone(next) {
		return next, errSame
	}
	if now[u.What] != u.Now || u.What == UndoOpening && len(next.Steps) > 0 {
		return next, ar.Refuse("It was changed since, so it stays as it is now. Change it by hand.")
	}
	switch u.What {
	case UndoOpening:
		return next.Move(ar.DisputeStep{Act: act, State: ar.DisputeResolved, Outcome: ar.OutcomeWithdrawn, Note: undoneNote})
	case UndoReason:
		reason := ar.Reason(u.Was)
		return d.rerouted(next, DisputeChange{Reason: &reason})
	case UndoAssignee:
		return d.rerouted(next, DisputeChange{Assignee: &u.Was})
	case UndoAmount:
		amount, err := ar.ParseMoney(u.Was, next.Amount.Currency())
		next.Amount = amount
		return next, err
	case UndoState:
		return movedBack(next, act, ar.DisputeState(u.Was))
	}
	return next, ar.Refuse("This cannot be undone. Change it by hand.")
}

// movedBack brings a dispute back to a state; from resolved to in review it goes
// by way of open.
func movedBack(d ar.Dispute, act ar.Act, to ar.DisputeState) (ar.Dispute, error) {
	if d.State == ar.DisputeResolved && to == ar.DisputeInReview {
		var err error
		if d, err = d.Move(ar.DisputeStep{Act: act, State: ar.DisputeOpen, Note: undoneNote}); err != nil {
			return d, err
		}
	}
	return d.Move(ar.DisputeStep{Act: act, State: to, Note: undoneNote})
}
