package desk

import (
	"context"

	"arbot/ar"
)

// Acts are what people wrote down about an account, beside promises.
type Acts struct {
	// Disputes are those that stand, MoreDisputes how many there are besides.
	Disputes     []Dispute
	MoreDisputes int
	// Contact is what is known of who pays.
	Contact ar.ContactFacts
	// Notes counts notes and calls; Noted is the day of the latest.
	Notes int
	Noted ar.Date
	// Claim is who has the account; the zero Claim for nobody. Assigned is who works on
	// it, Snoozes what of it is put off.
	Claim    ar.Claim
	Assigned ar.Assignment
	Snoozes  []ar.Snooze
}

// loadActs adds to a status what people wrote down.
func (d *Desk) loadActs(ctx context.Context, r ar.Reader, actor ar.Actor, view *Account) error {
	f := ar.DisputeFilter{Customers: view.ids(), Standing: true}
	if view.Asked != nil {
		f.Documents = []ar.DocumentID{view.Asked.ID}
	}
	standing, err := r.Disputes(ctx, f)
	if err != nil {
		return err
	}
	list := DisputeList{Day: view.Day, DisputesInput: DisputesInput{Limit: statusItems}}
	if err := d.fillDisputes(ctx, r, actor, standing, &list); err != nil {
		return err
	}
	view.Disputes, view.MoreDisputes = list.Lines, list.More
	if view.Contact, err = r.ContactFacts(ctx, view.ID); err != nil {
		return err
	}
	notes, err := r.Notes(ctx, ar.NoteFilter{Customers: view.ids()})
	if view.Notes = len(notes); len(notes) > 0 {
		view.Noted = notes[0].Made.On
	}
	if err != nil {
		return err
	}
	return d.loadHolder(ctx, r, view)
}

// loadHolder adds who has an account, and what of it is put off.
func (d *Desk) loadHolder(ctx context.Context, r ar.Reader, view *Account) (err error) {
	standing, err := r.Claims(ctx, ar.ClaimFilter{Customers: []ar.CustomerID{view.ID}, Standing: true})
	if err != nil {
		return err
	}
	if len(standing) > 0 {
		view.Claim = standing[0]
	}
	assigned, err := r.Assignments(ctx, []ar.CustomerID{view.ID})
	if err != nil {
		return err
	}
	if len(assigned) > 0 {
		view.Assigned = assigned[0]
	}
	view.Snoozes, err = r.Snoozes(ctx, ar.SnoozeFilter{Customers: view.ids(), On: view.Day})
	return err
}

// DisputableInvoices are the open invoices of a customer, to be chosen from.
func (d *Desk) DisputableInvoices(ctx context.Context, actor ar.Actor, id ar.CustomerID, most int) (list []ar.Choice, err error) {
	scope, err := d.writes(actor)
	if err != nil {
		return nil, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		if _, err := family(ctx, r, scope, id); err != nil {
			return err
		}
		items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: d.Today(), Customers: []ar.CustomerID{id}, Scope: scope, Owed: true, Limit: most})
		list = nil
		for _, i := range items {
			list = append(list, ar.Choice{Label: i.Label() + " · " + i.Open.String() + " · due " + i.Due.Short(), Document: i.ID})
		}
		return err
	})
	return list, err
}
