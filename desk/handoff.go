package desk

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// Handoff is all that a collection agency has to know of an account.
type Handoff struct {
	Account ar.Customer
	// Below are the accounts below it, whose invoices are among these.
	Below   []ar.Customer
	Day     ar.Date
	Contact ar.ContactFacts
	// Invoices are those that are overdue, oldest first; Sums what is open of them and
	// Credits what was received or credited and is set against nothing, by currency.
	Invoices      []ar.OpenItem
	Sums, Credits []ar.Money
	// Statement is all that the ledger has of the account, the earliest first.
	Statement []StatementLine
	// Promises are with what became of each part.
	Promises []HandoffPromise
	Disputes []Dispute
	// Log is what people did, the earliest first: it names documents and calls.
	Log   History
	Fresh Fresh
}

// StatementLine is a document of the ledger.
type StatementLine struct {
	ar.Document
	// Open is what is left of it, with the sign of its effect on what is owed.
	Open ar.Money
}

// HandoffPromise is one part of a promise with what became of it.
type HandoffPromise struct {
	Made ar.Act
	// Invoice is the number of what it is about; "" for the account.
	Invoice string
	ar.Instalment
	Became string
}

// PrepareHandoff says what a hand-off would hold, before anything is exported. AR and
// admins may; nothing is ever handed off by itself.
func (d *Desk) PrepareHandoff(ctx context.Context, actor ar.Actor, id ar.CustomerID) (view Handoff, err error) {
	if err := d.handsOff(actor); err != nil {
		return Handoff{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		view, err = d.handoff(ctx, r, id)
		return err
	})
	return view, err
}

// Handoff returns what is handed off, and writes into the audit that it was exported.
func (d *Desk) Handoff(ctx context.Context, actor ar.Actor, id ar.CustomerID) (view Handoff, err error) {
	if err := d.handsOff(actor); err != nil {
		return Handoff{}, err
	}
	err = d.books.Update(ctx, func(tx ar.Tx) error {
		if view, err = d.handoff(ctx, tx, id); err != nil {
			return err
		}
		return audit(ctx, tx, actor, "handoff.export", fmt.Sprintf("customer/%d", view.Account.ID), nil, map[string]any{
			"invoices": len(view.Invoices), "overdue": view.Sums, "documents": len(view.Statement), "log": len(view.Log.Events),
		})
	})
	return view, err
}

func (d *Desk) handsOff(actor ar.Actor) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if !actor.Is(ar.ARClerk, ar.Admin) {
		return ar.Forbid("Accounts are handed to an agency by AR and admins. Ask one of them.")
	}
	return nil
}

func (d *Desk) handoff(ctx context.Context, r ar.Reader, id ar.CustomerID) (Handoff, error) {
	f, err := family(ctx, r, ar.Everything(), id)
	if err != nil {
		return Handoff{}, err
	}
	view := Handoff{Account: f.Customer, Below: f.Children, Day: d.Today()}
	if view.Fresh, err = d.fresh(ctx, r, ar.Everything()); err != nil {
		return view, err
	}
	for _, load := range []func(context.Context, ar.Reader, Family, *Handoff) error{d.loadStatement, d.loadHandoffPromises, d.loadLog} {
		if err := load(ctx, r, f, &view); err != nil {
			return view, fmt.Errorf("hand off customer %d: %w", id, err)
		}
	}
	if len(view.Invoices) == 0 {
		return view, ar.Refuse("Nothing of %s is overdue, so there is nothing to hand off.", f.Name)
	}
	return view, nil
}

// loadStatement fills in what the ledger says.
func (d *Desk) loadStatement(ctx context.Context, r ar.Reader, f Family, view *Handoff) error {
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: view.Day, Customers: f.ids(), Scope: ar.Everything()})
	if err != nil {
		return err
	}
	open := map[ar.DocumentID]ar.Money{}
	for _, i := range items {
		open[i.ID] = i.Open
		switch {
		case !i.Owed():
			view.Credits, err = plus(view.Credits, i.Open.Neg())
		case i.Due.Before(view.Day):
			view.Invoices = append(view.Invoices, i)
			view.Sums, err = plus(view.Sums, i.Open)
		}
		if err != nil {
			return err
		}
	}
	d.arrangeMoney(view.Sums)
	d.arrangeMoney(view.Credits)
	history, err := r.History(ctx, f.ids())
	if err != nil {
		return err
	}
	for _, doc := range history.Documents {
		if !doc.Counts(view.Day) || !slices.Contains(f.ids(), doc.Customer) {
			continue
		}
		left, ok := open[doc.ID]
		if !ok {
			left = ar.NewMoney(0, doc.Amount.Currency())
		}
		view.Statement = append(view.Statement, StatementLine{doc, left})
	}
	slices.SortStableFunc(view.Statement, func(a, b StatementLine) int { return a.Date.Compare(b.Date) })
	return nil
}

// loadHandoffPromises fills in promises and disputes, and who pays.
func (d *Desk) loadHandoffPromises(ctx context.Context, r ar.Reader, f Family, view *Handoff) error {
	promises, err := r.Promises(ctx, ar.PromiseFilter{Customers: f.ids()})
	if err != nil {
		return err
	}
	of := make([]ar.PromiseID, len(promises))
	for i, p := range promises {
		of[i] = p.ID
	}
	given, err := r.Verdicts(ctx, of)
	if err != nil {
		return err
	}
	for _, p := range promises {
		label := ""
		if p.Document != 0 {
			doc, err := r.Document(ctx, p.Document)
			if err != nil {
				return err
			}
			label = doc.Label()
		}
		for i, part := range p.Parts {
			became := string(p.End)
			if parts := given[p.ID].Parts; i < len(parts) && became == "" {
				became = parts[i].Sentence()
			}
			view.Promises = append(view.Promises, HandoffPromise{Made: p.Made, Invoice: label, Instalment: part, Became: became})
		}
	}
	disputes, err := r.Disputes(ctx, ar.DisputeFilter{Customers: f.ids()})
	if err != nil {
		return err
	}
	for _, one := range slices.DeleteFunc(disputes, Undone) {
		line, err := d.plainDispute(ctx, r, one)
		if err != nil {
			return err
		}
		view.Disputes = append(view.Disputes, line)
	}
	view.Contact, err = r.ContactFacts(ctx, f.ID)
	return err
}

// loadLog fills in what people did.
func (d *Desk) loadLog(ctx context.Context, r ar.Reader, f Family, view *Handoff) error {
	view.Log = History{Account: f.Customer, Day: view.Day, Labels: map[ar.DocumentID]string{}, Calls: map[ar.NoteID]ar.CallOutcome{}}
	if _, err := d.ledgerEvents(ctx, r, f, &view.Log); err != nil { // it names the documents
		return err
	}
	acts, err := d.actEvents(ctx, r, f.ids(), &view.Log)
	view.Log.Events = ar.Timeline(acts)
	return err
}
