package desk

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
)

// Snooze is a snooze with what is needed to tell of it.
type Snooze struct {
	ar.Snooze
	Account ar.Customer
	// Invoice is the label of the invoice that is put off; "" for the whole account.
	Invoice string
}

// SnoozeInput says what is put off, until when and why.
type SnoozeInput struct {
	// Of is a customer or an invoice as a person typed it; Customer and Document are
	// ones that were chosen.
	Of       string
	Customer ar.CustomerID
	Document ar.DocumentID
	Until    ar.Date
	Reason   string
	Where    string
}

// SnoozeCap is the most calendar days ahead that something can be put off.
func (d *Desk) SnoozeCap() int {
	if d.settings.SnoozeDays > 0 {
		return d.settings.SnoozeDays
	}
	return ar.SnoozeDays
}

// SnoozeAccount puts an account or an invoice off. A snooze of the same that stands is
// replaced by it.
func (d *Desk) SnoozeAccount(ctx context.Context, actor ar.Actor, in SnoozeInput) (view Snooze, err error) {
	scope, err := d.writes(actor)
	if err != nil {
		return Snooze{}, err
	}
	snooze := ar.Snooze{Until: in.Until, Reason: in.Reason, Made: d.act(actor, in.Where)}
	if err := snooze.Check(d.Today(), d.SnoozeCap()); err != nil {
		return Snooze{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		account, invoice, err := d.meant(ctx, tx, scope, in.Of, Found{Customer: in.Customer, Document: in.Document})
		if err != nil {
			return err
		}
		snooze.Customer, snooze.Document = account.ID, 0
		if invoice != nil {
			snooze.Document = invoice.ID
		}
		kept, err := tx.AddSnooze(ctx, snooze)
		if err != nil {
			return fmt.Errorf("snooze: %w", err)
		}
		if view, err = d.seenSnooze(ctx, tx, kept); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "snooze.set", snoozeSubject(kept.ID), nil, kept)
	})
	return view, err
}

func snoozeSubject(id ar.SnoozeID) string { return fmt.Sprintf("snooze/%d", id) }

func (d *Desk) seenSnooze(ctx context.Context, r ar.Reader, s ar.Snooze) (Snooze, error) {
	view := Snooze{Snooze: s}
	var err error
	if view.Account, err = r.Customer(ctx, s.Customer); err != nil || s.Document == 0 {
		return view, err
	}
	doc, err := r.Document(ctx, s.Document)
	view.Invoice = doc.Label()
	return view, err
}

// Wake ends a snooze before its day: who set it, AR and admins may. changed is false
// where it ended before.
func (d *Desk) Wake(ctx context.Context, actor ar.Actor, id ar.SnoozeID) (view Snooze, changed bool, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Snooze{}, false, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		changed = false
		s, err := tx.Snooze(ctx, id)
		if errors.Is(err, ar.ErrNoSnooze) {
			return gone(err)
		}
		if err != nil {
			return fmt.Errorf("snooze %d: %w", id, err)
		}
		if _, err := family(ctx, tx, scope, s.Customer); err != nil {
			return err
		}
		if view, err = d.seenSnooze(ctx, tx, s); err != nil || s.End != "" {
			return err
		}
		if !owns(actor, s.Made) {
			return ar.Forbid("Only who put it off, AR and admins can end that. Ask one of them.")
		}
		if view.Snooze, err = s.Finish(ar.SnoozeWoken, d.act(actor, "")); err != nil {
			return err
		}
		changed = true
		if err := tx.PutSnooze(ctx, view.Snooze); err != nil {
			return fmt.Errorf("end snooze %d: %w", id, err)
		}
		return audit(ctx, tx, actor, "snooze.end", snoozeSubject(id), s, view.Snooze)
	})
	return view, changed, err
}

// Snoozes lists what is put off today of the accounts that the actor may see.
func (d *Desk) Snoozes(ctx context.Context, actor ar.Actor) (list []Snooze, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return nil, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		list = nil
		all, err := r.Snoozes(ctx, ar.SnoozeFilter{Scope: &scope, On: d.Today()})
		if err != nil {
			return err
		}
		for _, s := range all {
			view, err := d.seenSnooze(ctx, r, s)
			if err != nil {
				return err
			}
			list = append(list, view)
		}
		return nil
	})
	return list, err
}
