package desk

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
)

// Note is a note, or a call, with what is needed to tell of it.
type Note struct {
	ar.Note
	Account ar.Customer
	// Invoice is the label of the invoice that it is about; "" for the account.
	Invoice string
}

// NoteInput is a note to be written.
type NoteInput struct {
	// Of is a customer or an invoice as a person typed it; Customer and Document
	// are ones that were chosen.
	Of       string
	Customer ar.CustomerID
	Document ar.DocumentID
	Text     string
	// Call is how a call ended; "" where there was none.
	Call ar.CallOutcome
	// Where is the address of the message that it was made of; "" for none.
	Where string
	// Form names the form that was sent, "" for none: one that is sent twice is one note.
	Form string
}

// WriteNote keeps a note, or a call that was made. Whoever sees the account may
// write one.
func (d *Desk) WriteNote(ctx context.Context, actor ar.Actor, in NoteInput) (view Note, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Note{}, err
	}
	note := ar.Note{Text: in.Text, Call: in.Call}
	if err := note.Check(); err != nil {
		return Note{}, err
	}
	note.Made = d.act(actor, in.Where)
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		found := Found{Customer: in.Customer, Document: in.Document}
		if found == (Found{}) {
			if found, err = d.find(ctx, tx, scope, in.Of); err != nil {
				return err
			}
		}
		if view, err = d.aimNote(ctx, tx, scope, found, note); err != nil {
			return err
		}
		again, err := sentBefore(ctx, tx, in.Form)
		if err != nil {
			return err
		}
		if again {
			view.Note, err = sentNote(ctx, tx, actor, view.Note)
			return err
		}
		if view.Note, err = tx.AddNote(ctx, view.Note); err != nil {
			return fmt.Errorf("write a note: %w", err)
		}
		return audit(ctx, tx, actor, "note.write", noteSubject(view.ID), nil, view.Note)
	})
	return view, err
}

func noteSubject(id ar.NoteID) string { return fmt.Sprintf("note/%d", id) }

// aimNote puts a note on the account or the invoice that was found.
func (d *Desk) aimNote(ctx context.Context, r ar.Reader, scope ar.Scope, found Found, note ar.Note) (Note, error) {
	view := Note{Note: note}
	if found.Document != 0 {
		account, item, err := d.invoice(ctx, r, scope, found.Document)
		if err != nil {
			return Note{}, err
		}
		view.Account, view.Invoice, view.Customer, view.Document = account, item.Label(), account.ID, item.ID
		return view, nil
	}
	f, err := family(ctx, r, scope, found.Customer)
	view.Account, view.Customer = f.Customer, f.ID
	return view, err
}

// RemoveNote takes a note back: who wrote it may, AR and admins. The audit keeps
// it. about is what it was about, so that one that is gone already has the same answer;
// the zero value is not known.
func (d *Desk) RemoveNote(ctx context.Context, actor ar.Actor, id ar.NoteID, about Found) (view Note, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Note{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		note, err := tx.Note(ctx, id)
		if errors.Is(err, ar.ErrNoNote) && about != (Found{}) {
			view, err = d.aimNote(ctx, tx, scope, about, ar.Note{})
			return err
		}
		if errors.Is(err, ar.ErrNoNote) {
			return &ar.Error{Kind: ar.NotFound, Say: "This note was taken back already.", Err: err}
		}
		if err != nil {
			return fmt.Errorf("note %d: %w", id, err)
		}
		if view, err = d.aimNote(ctx, tx, scope, Found{Customer: note.Customer, Document: note.Document}, note); err != nil {
			return err
		}
		if !owns(actor, note.Made) {
			return ar.Forbid("Only who wrote a note, AR and admins can take it back.")
		}
		if err := tx.RemoveNote(ctx, id); err != nil {
			return fmt.Errorf("take back note %d: %w", id, err)
		}
		return audit(ctx, tx, actor, "note.remove", noteSubject(id), note, nil)
	})
	return view, err
}
