package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// Dispute is a dispute with what is needed to tell of it.
type Dispute struct {
	ar.Dispute
	Account ar.Customer
	// Invoice is what it is about, Invoice.Open what is owed of it today; Rest is
	// what of that nobody disputes, and stays to be collected.
	Invoice ar.OpenItem
	Rest    ar.Money
	// Day is today, DaysLeft the business days until it is to be resolved; below
	// 0 it is late.
	Day      ar.Date
	DaysLeft int
	// Confidence is how sure the reason is that was read out of the note; "" for
	// one that somebody chose.
	Confidence ar.Confidence
	// MayChange: the actor may change and resolve it.
	MayChange bool
	// Fresh is of one by itself only: a list says it for all of its lines.
	Fresh Fresh
}

// Late reports whether it stands and should have been resolved by now.
func (d Dispute) Late() bool { return d.Overdue(d.Day) }

// DisputeInput opens a dispute of an invoice.
type DisputeInput struct {
	// Invoice is the invoice as a person typed it; Document one that was chosen,
	// or Customer one whose invoice is meant.
	Invoice  string
	Document ar.DocumentID
	Customer ar.CustomerID
	// Amount is what is disputed, as a person types it ("400", "half"); "" is all
	// that is open and not disputed yet.
	Amount string
	// Reason is one that was chosen; "" has it read out of the note.
	Reason ar.Reason
	// Note is what the customer said, whole.
	Note string
	// Where is the address of the message in which it was said; "" for none.
	Where string
	// Form names the form that was sent, "" for none: one that is sent twice is one dispute.
	Form string
}

// OpenDispute records that a customer does not accept an invoice, or a part of
// it. Where the number fits two invoices nothing is recorded: the error holds
// the choices (case SY-09).
func (d *Desk) OpenDispute(ctx context.Context, actor ar.Actor, in DisputeInput) (view Dispute, err error) {
	scope, err := d.writes(actor)
	if err != nil {
		return Dispute{}, err
	}
	if err := (ar.Note{Text: in.Note, Call: ar.CallDisputed}).Check(); err != nil {
		return Dispute{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		found, err := d.findInvoice(ctx, tx, scope, in)
		if err != nil {
			return err
		}
		if view, err = d.openDispute(ctx, tx, actor, scope, found, in); err != nil {
			return err
		}
		view.Fresh, err = d.fresh(ctx, tx, scope)
		return err
	})
	return view, err
}

func (d *Desk) openDispute(ctx context.Context, tx ar.Tx, actor ar.Actor, scope ar.Scope, id ar.DocumentID, in DisputeInput) (Dispute, error) {
	account, item, err := d.invoice(ctx, tx, scope, id)
	if err != nil {
		return Dispute{}, err
	}
	again, err := sentBefore(ctx, tx, in.Form)
	if err != nil {
		return Dispute{}, err
	}
	if again {
		view := Dispute{Account: account, Invoice: item}
		if view.Dispute, err = sentDispute(ctx, tx, actor, id, in.Note); err != nil {
			return Dispute{}, err
		}
		return d.seen(ctx, tx, actor, view)
	}
	taken, err := disputed(ctx, tx, item, 0)
	if err != nil {
		return Dispute{}, err
	}
	reason, sure := in.Reason, ar.Confidence("")
	if reason == "" {
		reason, sure = ar.InferReason(in.Note)
	}
	amount, err := d.disputedAmount(in.Amount, item, taken)
	if err != nil {
		return Dispute{}, err
	}
	dispute := ar.NewDispute(item, amount, reason, in.Note, d.act(actor, in.Where), d.settings.DisputeRoutes, d.settings.Workdays)
	if err := dispute.Check(ar.Subject{Label: item.Label(), Open: item.Open, Taken: taken}); err != nil {
		return Dispute{}, err
	}
	if dispute, err = tx.AddDispute(ctx, dispute); err != nil {
		return Dispute{}, fmt.Errorf("open dispute of document %d: %w", id, err)
	}
	if err := audit(ctx, tx, actor, "dispute.open", disputeSubject(dispute.ID), nil, dispute); err != nil {
		return Dispute{}, err
	}
	if err := d.noteDispute(ctx, tx, actor, "dispute.open", dispute); err != nil {
		return Dispute{}, err
	}
	view := Dispute{Dispute: dispute, Account: account, Invoice: item, Confidence: sure}
	return d.seen(ctx, tx, actor, view)
}

// disputedAmount reads how much of an invoice is disputed, of which others take
// some already.
func (d *Desk) disputedAmount(text string, item ar.OpenItem, taken ar.Money) (ar.Money, error) {
	free, err := item.Open.Sub(taken)
	if err != nil {
		return ar.Money{}, fmt.Errorf("what is free of document %d: %w", item.ID, err)
	}
	if free.Sign() <= 0 { // Check says then what is wrong
		free = item.Open
	}
	if strings.TrimSpace(text) == "" {
		return free, nil
	}
	typing := ar.Typing{Today: d.Today(), Locale: d.settings.Locale, Workdays: d.settings.Workdays, Currency: item.Amount.Currency()}
	reading, err := typing.Amount(text)
	if err != nil {
		return ar.Money{}, err
	}
	spec, certain := reading.Clear()
	if !certain {
		return ar.Money{}, ar.Refuse("%s", reading.Ask)
	}
	return spec.Of(item.Open, taken)
}

func disputeSubject(id ar.DisputeID) string { return fmt.Sprintf("dispute/%d", id) }

// findInvoice finds the one invoice that is meant. A customer with one open
// invoice means that; of several it offers the choice.
func (d *Desk) findInvoice(ctx context.Context, r ar.Reader, scope ar.Scope, in DisputeInput) (ar.DocumentID, error) {
	found := Found{Customer: in.Customer, Document: in.Document}
	if found == (Found{}) {
		var err error
		if found, err = d.find(ctx, r, scope, in.Invoice); err != nil {
			return 0, err
		}
	}
	if found.Document != 0 {
		return found.Document, nil
	}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: d.Today(), Customers: []ar.CustomerID{found.Customer}, Scope: scope, Owed: true})
	if err != nil {
		return 0, fmt.Errorf("open invoices of customer %d: %w", found.Customer, err)
	}
	switch len(items) {
	case 0:
		return 0, ar.Refuse("Nothing is open on this account, so there is nothing to dispute. Write a note instead.")
	case 1:
		return items[0].ID, nil
	}
	head, _ := cut(items, mostChoices)
	which := &ar.Error{Kind: ar.Ambiguous, Say: fmt.Sprintf("A dispute is about an invoice, and this account has %d open. Which one?", len(items))}
	for _, i := range head {
		which.Choices = append(which.Choices, ar.Choice{Label: fmt.Sprintf("%s · %s · due %s", i.Label(), i.Open, i.Due.Short()), Document: i.ID})
	}
	return 0, which
}

// invoice reads a document that the scope covers, with what is open of it.
func (d *Desk) invoice(ctx context.Context, r ar.Reader, scope ar.Scope, id ar.DocumentID) (ar.Customer, ar.OpenItem, error) {
	doc, err := r.Document(ctx, id)
	if errors.Is(err, ar.ErrNoDocument) {
		return ar.Customer{}, ar.OpenItem{}, gone(err)
	}
	if err != nil {
		return ar.Customer{}, ar.OpenItem{}, fmt.Errorf("document %d: %w", id, err)
	}
	f, err := family(ctx, r, scope, doc.Customer)
	if err != nil {
		return ar.Customer{}, ar.OpenItem{}, err
	}
	item := ar.OpenItem{Document: doc, Open: ar.NewMoney(0, doc.Amount.Currency())}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: d.Today(), Customers: []ar.CustomerID{doc.Customer}, Scope: ar.Everything()})
	if err != nil {
		return ar.Customer{}, ar.OpenItem{}, fmt.Errorf("what is open of document %d: %w", id, err)
	}
	if i := slices.IndexFunc(items, func(i ar.OpenItem) bool { return i.ID == id }); i >= 0 {
		item = items[i]
	}
	return f.Customer, item, nil
}

// disputed is what the standing disputes of an invoice take of it, one of them
// left out.
func disputed(ctx context.Context, r ar.ActReader, item ar.OpenItem, but ar.DisputeID) (ar.Money, error) {
	total := ar.NewMoney(0, item.Amount.Currency())
	all, err := r.Disputes(ctx, ar.DisputeFilter{Documents: []ar.DocumentID{item.ID}, Standing: true})
	if err != nil {
		return ar.Money{}, fmt.Errorf("disputes of document %d: %w", item.ID, err)
	}
	for _, other := range all {
		if other.ID == but {
			continue
		}
		if total, err = total.Add(other.Amount); err != nil {
			return ar.Money{}, fmt.Errorf("disputes of document %d: %w", item.ID, err)
		}
	}
	return total, nil
}

// seen fills in what follows from the day and from who looks.
func (d *Desk) seen(ctx context.Context, r ar.ActReader, actor ar.Actor, view Dispute) (Dispute, error) {
	view.Day, view.DaysLeft = d.Today(), view.Dispute.DaysLeft(d.Today(), d.settings.Workdays)
	view.MayChange = d.mayChange(actor, view.Dispute) == nil
	taken, err := disputed(ctx, r, view.Invoice, 0)
	if err != nil {
		return Dispute{}, err
	}
	if view.Rest, err = view.Invoice.Open.Sub(taken); err == nil && view.Rest.Sign() < 0 {
		view.Rest = ar.NewMoney(0, view.Rest.Currency())
	}
	return view, err
}

// assigned reports whether a dispute is for the actor to resolve.
func (d *Desk) assigned(actor ar.Actor, dispute ar.Dispute) bool {
	return dispute.Assignee != "" && d.named(actor).Own().Covers(ar.NormalOwner(dispute.Assignee))
}

// mayChange refuses a change to who did not open the dispute, does not have to
// resolve it, and is neither in AR nor an admin.
func (d *Desk) mayChange(actor ar.Actor, dispute ar.Dispute) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if owns(actor, dispute.Opened) || d.assigned(actor, dispute) {
		return nil
	}
	return ar.Forbid("Only who opened a dispute, who is to resolve it, AR and admins can change it. Ask one of them, or write a note.")
}

// loadDispute reads a dispute that the actor may see: of an account of theirs,
// or one that they have to resolve.
func (d *Desk) loadDispute(ctx context.Context, r ar.Reader, actor ar.Actor, id ar.DisputeID) (Dispute, error) {
	scope, err := d.sees(actor)
	if err != nil {
		return Dispute{}, err
	}
	dispute, err := r.Dispute(ctx, id)
	if errors.Is(err, ar.ErrNoDispute) {
		return Dispute{}, gone(err)
	}
	if err != nil {
		return Dispute{}, fmt.Errorf("dispute %d: %w", id, err)
	}
	view := Dispute{Dispute: dispute}
	if view.Fresh, err = d.fresh(ctx, r, scope); err != nil {
		return Dispute{}, err
	}
	if d.assigned(actor, dispute) {
		scope = ar.Everything()
	}
	if view.Account, view.Invoice, err = d.invoice(ctx, r, scope, dispute.Document); err != nil {
		return Dispute{}, err
	}
	return d.seen(ctx, r, actor, view)
}

// Dispute returns a dispute.
func (d *Desk) Dispute(ctx context.Context, actor ar.Actor, id ar.DisputeID) (view Dispute, err error) {
	err = d.books.View(ctx, func(r ar.Reader) error {
		view, err = d.loadDispute(ctx, r, actor, id)
		return err
	})
	return view, err
}
