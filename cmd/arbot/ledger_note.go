package main

import (
	"context"
	"errors"
	"fmt"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	arsync "arbot/sync"
	"arbot/sync/quickbooks"
)

// writeNote brings a post to its place in the ledger: a line in the private note of an
// invoice. Done twice it is as done once, since a line that is there is not added again;
// so that a process may be killed between the write and the note of it.
func (a *app) writeNote(ctx context.Context, post ar.Post) error {
	if post.State != ar.PostPlanned {
		return nil
	}
	note, may, err := a.desk.LedgerNote(ctx, post)
	if err != nil {
		return err
	}
	if !may || a.intuit == nil {
		return a.desk.SetPostState(ctx, post.ID, ar.PostMissed, "The config does not allow notes in the ledger any more.")
	}
	err = a.intuit.Annotate(ctx, note)
	if err == nil {
		return a.desk.SetPostState(ctx, post.ID, ar.PostDone, "")
	}
	if trouble, ok := errors.AsType[*arsync.TroubleError](err); ok {
		if wait := trouble.Health.Until.Sub(a.now()); trouble.Health.State == ar.Delayed && wait > 0 {
			return &bot.RetryLaterError{After: wait, Err: err}
		}
		return err
	}
	if why, final := finalFault(err); final {
		return a.noteFailed(ctx, post, note, why)
	}
	return err
}

// finalFault says why a note can never be written as it is; false where that may pass.
func finalFault(err error) (why string, final bool) {
	if said, ok := errors.AsType[*ar.Error](err); ok {
		return said.Say, said.Kind == ar.Invalid
	}
	f, ok := errors.AsType[*quickbooks.Fault](err)
	if !ok || !f.Final() {
		return "", false
	}
	return "QuickBooks says: " + f.Message + ".", true
}

// noteFailed gives a note up and tells the admins.
func (a *app) noteFailed(ctx context.Context, post ar.Post, note desk.LedgerNote, why string) error {
	if err := a.desk.SetPostState(ctx, post.ID, ar.PostFailed, why); err != nil {
		return err
	}
	say := fmt.Sprintf("I could not write into the private note of invoice %s in QuickBooks: %s\nThe line was: %s\nWrite it there by hand, or leave it: here it is recorded.", note.Label, why, note.Text)
	return a.Alert(ctx, "ledger-note/"+post.Route, say)
}

// noteGivenUp is for a note that was tried in vain for hours.
func (a *app) noteGivenUp(ctx context.Context, post ar.Post) error {
	note, _, err := a.desk.LedgerNote(ctx, post)
	if err != nil {
		return err
	}
	return a.noteFailed(ctx, post, note, "it was tried again and again in vain. The log says why (\"notice failed\").")
}

// Annotate has QuickBooks add a line to the private note of an invoice.
func (c *companies) Annotate(ctx context.Context, note desk.LedgerNote) error {
	client, _, err := c.client(ctx, note.Source)
	if err != nil {
		return err
	}
	return client.Annotate(ctx, note.External, note.Text)
}
