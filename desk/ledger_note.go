package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
)

// documentRoute begins the route of a post that goes to an invoice in its ledger.
const documentRoute = "document:"

// LedgerNote is a line for the private note that a ledger keeps of an invoice.
type LedgerNote struct {
	Source ar.SourceIdentity
	// External is the ledger's id of the invoice, Label how people call it.
	External, Label string
	Text            string
}

// noteInLedger has a line written into the invoice's private note in its ledger, where
// the config allows it: by a post, so that it comes after the commit, survives whatever
// happens, and is told of where it fails. subject and action are those of the audit.
func (d *Desk) noteInLedger(ctx context.Context, tx ar.Tx, id ar.DocumentID, actor ar.Actor, action, subject, say string) error {
	if id == 0 || !slices.ContainsFunc(d.settings.Ledgers, func(l Ledger) bool { return l.WriteNotes }) {
		return nil
	}
	doc, err := tx.Document(ctx, id)
	if err != nil {
		return fmt.Errorf("note of %s in the ledger: %w", subject, err)
	}
	if may, err := d.mayNote(ctx, tx, doc); err != nil || !may {
		return err
	}
	now, who := d.now(), actor.Email
	if who == "" {
		who = byItself
	}
	key := ar.PostKey{Kind: ar.LedgerNote, Route: fmt.Sprintf("%s%d/%s/%s/%d", documentRoute, id, subject, action, now.UnixMilli()), Day: d.Today()}
	line := fmt.Sprintf("arbot: %s (%s, by %s, %s)", say, strings.ReplaceAll(subject, "/", " "), who, now.In(d.settings.Zone).Format("2006-01-02 15:04"))
	post, created, err := tx.PlanPost(ctx, key, line)
	if err != nil || !created {
		return err
	}
	return tx.Enqueue(ctx, ar.Notice{Post: post.ID, ByHand: true})
}

// mayNote reports whether the config lets arbot write into the ledger of an invoice.
func (d *Desk) mayNote(ctx context.Context, r ar.Reader, doc ar.Document) (bool, error) {
	if doc.Kind != ar.Invoice {
		return false, nil
	}
	source, err := sourceOf(ctx, r, doc.Source)
	if err != nil {
		return false, fmt.Errorf("ledger of document %d: %w", doc.ID, err)
	}
	connections, err := r.Connections(ctx)
	if err != nil {
		return false, fmt.Errorf("ledger of document %d: %w", doc.ID, err)
	}
	return slices.ContainsFunc(connections, func(c ar.Connection) bool {
		return c.Kind == source.Kind && c.Company == source.External &&
			slices.ContainsFunc(d.settings.Ledgers, func(l Ledger) bool { return l.Name == c.Name && l.WriteNotes })
	}), nil
}

// LedgerNote is what a post of that kind has to write, and where; false where the config
// does not allow it any more.
func (d *Desk) LedgerNote(ctx context.Context, p ar.Post) (note LedgerNote, may bool, err error) {
	number, _, _ := strings.Cut(strings.TrimPrefix(p.Route, documentRoute), "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || p.Kind != ar.LedgerNote {
		return note, false, fmt.Errorf("post %d goes to no invoice: %s %q", p.ID, p.Kind, p.Route) //nolint:err113 // nobody decides on it
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		doc, err := r.Document(ctx, ar.DocumentID(id))
		if err != nil {
			return err
		}
		note = LedgerNote{External: doc.External, Label: doc.Label(), Text: p.Body}
		if may, err = d.mayNote(ctx, r, doc); err != nil {
			return err
		}
		note.Source, err = sourceOf(ctx, r, doc.Source)
		return err
	})
	if err != nil {
		return note, false, fmt.Errorf("note of post %d in the ledger: %w", p.ID, err)
	}
	return note, may, nil
}

// notePromise tells the ledger of a promise that was made, or that has ended or stands
// again.
func (d *Desk) notePromise(ctx context.Context, tx ar.Tx, actor ar.Actor, action string, p ar.Promise) error {
	parts := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		parts[i] = fmt.Sprintf("%s for %s", part.Amount, part.Due.Long())
	}
	say := "promised: " + strings.Join(parts, ", ")
	if p.End != "" {
		say = fmt.Sprintf("promise %s: %s", p.End, strings.Join(parts, ", "))
	}
	return d.noteInLedger(ctx, tx, p.Document, actor, action, promiseSubject(p.ID), say)
}

// noteDispute tells the ledger of a dispute that was opened or resolved.
func (d *Desk) noteDispute(ctx context.Context, tx ar.Tx, actor ar.Actor, action string, of ar.Dispute) error {
	say := fmt.Sprintf("disputed: %s, %s", of.Amount, of.Reason)
	if !of.Stands() {
		say = fmt.Sprintf("dispute resolved, %s: %s, %s", of.Outcome, of.Amount, of.Reason)
	}
	return d.noteInLedger(ctx, tx, of.Document, actor, action, disputeSubject(of.ID), say)
}
