package desk

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// historyPage is how many events are shown at once: a phone's screen.
const historyPage = 12

// HistoryInput asks what happened on an account, or about one invoice.
type HistoryInput struct {
	// Of is a customer or an invoice as a person typed it; Customer and Document
	// are ones that were chosen.
	Of       string
	Customer ar.CustomerID
	Document ar.DocumentID
	// Skip is how many of the latest events are left out: those that were shown
	// before.
	Skip int
}

// History is a page of what happened on an account, the earliest first.
type History struct {
	HistoryInput
	Account ar.Customer
	// Invoice is the label of the invoice that it is about; "" for the account.
	Invoice string
	Day     ar.Date
	Events  []ar.Event
	// Earlier counts the events before these.
	Earlier int
	// Labels name documents for the sentences about them, Calls are how calls ended, by
	// the note that was made of each.
	Labels map[ar.DocumentID]string
	Calls  map[ar.NoteID]ar.CallOutcome
	Fresh  Fresh
}

// History returns the timeline of an account with those below it, or of an
// invoice: what the ledger says and what people did, in one order. What belongs
// to accounts that the actor may not see is left out.
func (d *Desk) History(ctx context.Context, actor ar.Actor, in HistoryInput) (view History, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return History{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		found := Found{Customer: in.Customer, Document: in.Document}
		if found == (Found{}) {
			if found, err = d.find(ctx, r, scope, in.Of); err != nil {
				return err
			}
		}
		view = History{HistoryInput: in, Day: d.Today(), Labels: map[ar.DocumentID]string{}, Calls: map[ar.NoteID]ar.CallOutcome{}}
		events, err := d.happened(ctx, r, scope, found, &view)
		if err != nil {
			return fmt.Errorf("history of customer %d: %w", view.Customer, err)
		}
		view.page(events)
		view.Fresh, err = d.fresh(ctx, r, scope)
		return err
	})
	return view, err
}

// page keeps the events of one page.
func (h *History) page(events []ar.Event) {
	end := max(0, len(events)-max(0, h.Skip))
	h.Earlier = max(0, end-historyPage)
	h.Events = events[h.Earlier:end]
}

// happened gathers the events of what was found.
func (d *Desk) happened(ctx context.Context, r ar.Reader, scope ar.Scope, found Found, view *History) ([]ar.Event, error) {
	if found.Document != 0 {
		account, item, err := d.invoice(ctx, r, scope, found.Document)
		if err != nil {
			return nil, err
		}
		found.Customer, view.Invoice = account.ID, item.Label()
	}
	f, err := family(ctx, r, scope, found.Customer)
	if err != nil {
		return nil, err
	}
	view.Account, view.Customer, view.Document = f.Customer, f.ID, found.Document
	if found.Document != 0 {
		f.Children = nil
	}
	ledger, err := d.ledgerEvents(ctx, r, f, view)
	if err != nil {
		return nil, err
	}
	acts, err := d.actEvents(ctx, r, f.ids(), view)
	if err != nil {
		return nil, err
	}
	events := ar.Timeline(ledger, acts)
	if found.Document != 0 {
		events = slices.DeleteFunc(events, func(e ar.Event) bool { return e.Doc.ID != found.Document })
	}
	return events, nil
}

// ledgerEvents are what the ledger says of the accounts of a family.
func (d *Desk) ledgerEvents(ctx context.Context, r ar.Reader, f Family, view *History) ([]ar.Event, error) {
	ids := f.ids()
	history, err := r.History(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := history.Documents
	history.Documents = nil
	for _, doc := range all {
		if !slices.Contains(ids, doc.Customer) {
			history.Beside = append(history.Beside, doc)
			continue
		}
		history.Documents = append(history.Documents, doc)
		view.Labels[doc.ID] = doc.Label()
	}
	events, err := ar.LedgerEvents(history, view.Day)
	return slices.DeleteFunc(events, func(e ar.Event) bool { return !slices.Contains(ids, e.Doc.Customer) }), err
}

// actEvents are what people did on accounts.
func (d *Desk) actEvents(ctx context.Context, r ar.ActReader, ids []ar.CustomerID, view *History) ([]ar.Event, error) {
	promises, err := r.Promises(ctx, ar.PromiseFilter{Customers: ids})
	if err != nil {
		return nil, err
	}
	of := make([]ar.PromiseID, len(promises))
	about := map[ar.PromiseID]ar.DocumentID{}
	for i, p := range promises {
		of[i], about[p.ID] = p.ID, p.Document
	}
	given, err := r.Verdicts(ctx, of)
	if err != nil {
		return nil, err
	}
	var verdicts []ar.Verdict
	for _, id := range of {
		if v, ok := given[id]; ok {
			verdicts = append(verdicts, v.Verdict)
		}
	}
	disputes, err := r.Disputes(ctx, ar.DisputeFilter{Customers: ids})
	if err != nil {
		return nil, err
	}
	notes, err := r.Notes(ctx, ar.NoteFilter{Customers: ids})
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		if n.Call != "" {
			view.Calls[n.ID] = n.Call
		}
	}
	kept := ar.PromiseEvents(promises, verdicts)
	for i := range kept { // a verdict does not say what the promise is about
		kept[i].Doc.ID = about[kept[i].Promise]
	}
	return slices.Concat(kept, ar.DisputeEvents(slices.DeleteFunc(disputes, Undone)), ar.NoteEvents(notes)), nil
}
