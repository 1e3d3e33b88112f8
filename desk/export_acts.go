package desk

import (
	"cmp"
	"context"
	"slices"

	"arbot/ar"
)

// promises writes the promises that were made by the date, with what had become of them
// then: a line for each part.
func (e *exporter) promises(ctx context.Context, r ar.Reader) error {
	e.columns = []string{
		"Promise", "Customer", "Sales owner", "Invoice", "Made", "Made by", "Part", "Due", "Currency", "Promised",
		"Paid in time", "Missing", "Paid late", "State", "Decided", "Note",
	}
	found, err := r.Promises(ctx, ar.PromiseFilter{Customers: e.customers, Scope: &e.scope, Standing: true})
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(p ar.Promise) bool { return p.Made.On.After(e.AsOf) })
	wanted := map[ar.PromiseID]bool{}
	for _, p := range found {
		wanted[p.ID] = true
	}
	all, err := e.judge(ctx, r, accountsOf(found), e.AsOf)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b judged) int { return cmp.Compare(a.ID, b.ID) })
	for _, j := range all {
		if !wanted[j.ID] {
			continue
		}
		view, err := e.seenPromise(ctx, r, e.actor, j)
		if err != nil {
			return err
		}
		if err := e.promise(view); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) promise(p Promise) error {
	invoice := ""
	if p.Invoice != nil {
		invoice = p.Invoice.Label()
	}
	for n, part := range p.Verdict.Parts {
		if err := e.row(
			int(p.ID), p.Account.Name, ownerOf(e.Desk, p.Account.Owner), invoice, p.Made.On, p.Made.By, n+1, part.Due, string(part.Amount.Currency()), part.Amount,
			part.Paid, part.Missing, part.Late, string(part.State), part.Decided, p.Note,
		); err != nil {
			return err
		}
	}
	return nil
}

// disputes writes the disputes that were opened by the date, as they stood then.
func (e *exporter) disputes(ctx context.Context, r ar.Reader) error {
	e.columns = []string{
		"Dispute", "Customer", "Sales owner", "Invoice", "Reason", "Currency", "Disputed", "Opened", "Opened by",
		"To resolve by", "Department", "Assignee", "State", "Outcome", "Days open", "Note",
	}
	all, err := r.Disputes(ctx, ar.DisputeFilter{Customers: e.customers, Scope: &e.scope, OpenedTo: e.AsOf})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b ar.Dispute) int { return cmp.Compare(a.ID, b.ID) })
	for _, one := range all {
		if Undone(one) {
			continue
		}
		if err := e.dispute(ctx, r, disputeOn(one, e.AsOf)); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) dispute(ctx context.Context, r ar.Reader, d ar.Dispute) error {
	account, err := r.Customer(ctx, d.Customer)
	if err != nil {
		return err
	}
	invoice, err := r.Document(ctx, d.Document)
	if err != nil {
		return err
	}
	end := e.AsOf
	if steps := len(d.Steps); !d.Stands() && steps > 0 {
		end = d.Steps[steps-1].On
	}
	return e.row(
		int(d.ID), account.Name, ownerOf(e.Desk, account.Owner), invoice.Label(), d.Reason.Words(), string(d.Amount.Currency()), d.Amount, d.Opened.On, d.Opened.By,
		d.Due, string(d.Department), ownerOf(e.Desk, d.Assignee), string(d.State), string(d.Outcome), end.Sub(d.Opened.On), d.Note,
	)
}

// timeline writes what happened on an account by the date, the earliest first.
func (e *exporter) timeline(ctx context.Context, r ar.Reader) error {
	e.columns = []string{"Date", "Time", "What", "Document", "From", "Currency", "Amount", "By", "Text"}
	view := History{Day: e.AsOf, Labels: map[ar.DocumentID]string{}, Calls: map[ar.NoteID]ar.CallOutcome{}}
	events, err := e.happened(ctx, r, e.scope, Found{Customer: e.Customer}, &view)
	if err != nil {
		return err
	}
	for _, event := range events {
		if event.On.After(e.AsOf) {
			continue
		}
		clock := ""
		if !event.At.IsZero() {
			clock = event.At.In(e.settings.Zone).Format("15:04")
		}
		if err := e.row(
			event.On, clock, string(event.Kind), labelOf(event.Doc, view.Labels), view.Labels[event.From.ID],
			string(event.Amount.Currency()), some(event.Amount), event.By, event.Say,
		); err != nil {
			return err
		}
	}
	return nil
}

// labelOf names a document of which an event may have the id alone.
func labelOf(d ar.Document, known map[ar.DocumentID]string) string {
	switch {
	case known[d.ID] != "":
		return known[d.ID]
	case d.ID == 0:
		return ""
	}
	return d.Label()
}
