package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbot/ar"
)

// Invoices is what only a ledger can do with an invoice.
type Invoices interface {
	// PayLink returns where the customer can pay it online; "" where nobody can.
	PayLink(ctx context.Context, source ar.SourceIdentity, external string) (string, error)
	// CanRemind reports whether the config lets a customer of a ledger be reminded.
	CanRemind(ctx context.Context, source ar.SourceIdentity) bool
	// Remind has the ledger mail an invoice to its customer and returns the
	// address. An *ar.Error says what to do where it did not.
	Remind(ctx context.Context, o ReminderOrder) (to string, err error)
}

// ReminderOrder is an invoice to be mailed to its customer.
type ReminderOrder struct {
	Source   ar.SourceIdentity
	External string
	// Once is a name under which it is mailed once, however often it is ordered.
	Once string
}

// Invoice is one invoice, beside the status of its account.
type Invoice struct {
	// Applied is what was set against it, by date.
	Applied []ar.Settlement
	// PayLink is where the customer can pay it online; "" where that is not known.
	PayLink string
	// CanRemind: the actor may have the ledger mail it to the customer.
	CanRemind bool
}

// payLinkLimit is how long an answer waits for a link to pay by.
const payLinkLimit = 1500 * time.Millisecond

// openInvoice adds to a status what is known of the invoice that was asked for; nil
// where it is no invoice.
func (d *Desk) openInvoice(ctx context.Context, r ar.Reader, actor ar.Actor, view *Account) (err error) {
	if view.Asked == nil || view.Asked.Kind != ar.Invoice {
		return nil
	}
	invoice := &Invoice{}
	if invoice.Applied, err = r.Settlements(ctx, view.Asked.ID, view.Day); err != nil {
		return err
	}
	view.Invoice = invoice
	if d.settings.Invoices == nil || !view.Asked.Owed() {
		return nil
	}
	source, err := sourceOf(ctx, r, view.Asked.Source)
	invoice.CanRemind = actor.Is(ar.ARClerk) && d.settings.Invoices.CanRemind(ctx, source)
	view.source = source
	return err
}

// findPayLink asks the ledger where the invoice can be paid. It is asked outside of
// the transaction, and not for long: an answer without the link is still one.
func (d *Desk) findPayLink(ctx context.Context, view *Account) {
	if view.Invoice == nil || view.source.Kind == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, payLinkLimit)
	defer cancel()
	if link, err := d.settings.Invoices.PayLink(ctx, view.source, view.Asked.External); err == nil {
		view.Invoice.PayLink = link
	}
}

func sourceOf(ctx context.Context, r ar.Reader, id ar.SourceID) (ar.SourceIdentity, error) {
	sources, err := r.Sources(ctx)
	for _, s := range sources {
		if s.ID == id {
			return s.SourceIdentity, err
		}
	}
	return ar.SourceIdentity{}, err
}

// RemindInput asks for a reminder: which invoice, and a name under which it is sent
// only once, however often the wish is delivered.
type RemindInput struct {
	Document ar.DocumentID
	Once     string
}

// Reminder is one that was sent.
type Reminder struct {
	Document ar.Document
	Customer ar.Customer
	// To is the address that the ledger names.
	To string
}

// Remind has the ledger mail an invoice to its customer: for AR, where the config
// allows it, and only for one that is still open. That it was ordered is in the audit
// before the mail can be out, and what came of it afterwards: of an order without an
// outcome nobody knows.
func (d *Desk) Remind(ctx context.Context, actor ar.Actor, in RemindInput) (Reminder, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Reminder{}, err
	}
	if !actor.Is(ar.ARClerk) {
		return Reminder{}, ar.Forbid("Only AR can remind customers. Ask somebody there.")
	}
	var sent Reminder
	var source ar.SourceIdentity
	err = d.books.Update(ctx, func(tx ar.Tx) (err error) {
		if sent, source, err = d.remindable(ctx, tx, scope, in.Document); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "reminder.order", reminderSubject(in.Document), nil, reminderAudit{Once: in.Once})
	})
	if err != nil {
		return Reminder{}, err
	}
	to, fault := d.settings.Invoices.Remind(ctx, ReminderOrder{Source: source, External: sent.Document.External, Once: in.Once})
	sent.To = to
	return sent, errors.Join(fault, d.auditReminder(ctx, actor, in, to, fault))
}

// reminderAudit is what the audit keeps of a reminder. Its order and its outcome have the
// same Once.
type reminderAudit struct {
	Once string `json:"once"`
	// To is the address that the ledger names.
	To    string `json:"to,omitempty"`
	Fault string `json:"fault,omitempty"`
}

func reminderSubject(id ar.DocumentID) string { return fmt.Sprintf("document/%d", id) }

// auditReminder notes what came of an order, also where who gave it has gone meanwhile.
func (d *Desk) auditReminder(ctx context.Context, actor ar.Actor, in RemindInput, to string, fault error) error {
	action, after := "reminder.sent", reminderAudit{Once: in.Once, To: to}
	if fault != nil {
		action, after.Fault = "reminder.fail", fault.Error()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditLimit)
	defer cancel()
	err := d.books.Update(ctx, func(tx ar.Tx) error {
		return audit(ctx, tx, actor, action, reminderSubject(in.Document), nil, after)
	})
	if err != nil {
		return fmt.Errorf("note what came of the reminder of document %d: %w", in.Document, err)
	}
	return nil
}

// auditLimit bounds the writing of an outcome.
const auditLimit = 10 * time.Second

// remindable is an invoice of which the customer can be reminded, or why not.
func (d *Desk) remindable(ctx context.Context, r ar.Reader, scope ar.Scope, id ar.DocumentID) (Reminder, ar.SourceIdentity, error) {
	view, err := d.account(ctx, r, scope, Found{Document: id})
	if err != nil {
		return Reminder{}, ar.SourceIdentity{}, err
	}
	source, err := sourceOf(ctx, r, view.Asked.Source)
	switch {
	case err != nil:
		return Reminder{}, source, fmt.Errorf("remind of document %d: %w", id, err)
	case d.settings.Invoices == nil || !d.settings.Invoices.CanRemind(ctx, source):
		return Reminder{}, source, ar.Refuse("Reminders are switched off. An admin can allow them for a ledger of QuickBooks with remind: true in the config.")
	case view.Asked.Kind != ar.Invoice || !view.Asked.Owed():
		return Reminder{}, source, ar.Refuse("%s has nothing open any more, so nobody was reminded.", view.Asked.Label())
	case view.Fresh.Stale:
		return Reminder{}, source, ar.Refuse("The data is of %s, and %s may have been paid since, so nobody was reminded. Press again when the ledger was read.",
			view.Fresh.DataAsOf.In(d.settings.Zone).Format("2 Jan 15:04"), view.Asked.Label())
	}
	return Reminder{Document: view.Asked.Document, Customer: view.Customer}, source, nil
}
