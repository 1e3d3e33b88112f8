package desk

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// AgingInput asks for an aging. Account and Owner exclude each other.
type AgingInput struct {
	// Account is a customer as a person typed it; Customer one that was
	// chosen. Without either it is the whole book that the actor sees.
	Account  string
	Customer ar.CustomerID
	Owner    string
	// AsOf is the zero date for today.
	AsOf     ar.Date
	Basis    ar.Basis
	Edges    ar.Edges
	Currency ar.Currency
}

// Validate names what is wrong with the input. A date ahead is refused: nobody
// knows yet what will be paid until then.
func (in AgingInput) Validate(today ar.Date) error {
	switch {
	case (in.Account != "" || in.Customer != 0) && in.Owner != "":
		return ar.Refuse("Ask for an account or for an owner, not for both.")
	case in.AsOf.After(today):
		return ar.Refuse("%s is still ahead. An aging looks back: type today or an earlier date.", in.AsOf.Long())
	}
	return nil
}

// AgingReport is what is owed by age, as of a date.
type AgingReport struct {
	AgingInput
	// Of is what the report is about: an account's name, an owner's, or "" for
	// the whole book (or all that the actor sees of it).
	Of string
	// Partial: the actor sees a part of the book only.
	Partial bool
	// Hidden counts accounts below the one that was asked for which the actor
	// may not see; nothing of them is in the figures.
	Hidden int
	Money  []ar.Standing
	// Held is what of it was disputed or promised, by currency; none where nothing was.
	Held  []ar.Breakdown
	Fresh Fresh
}

// Aging returns the aging of the book, of an account or of a sales owner as of
// a date.
func (d *Desk) Aging(ctx context.Context, actor ar.Actor, in AgingInput) (AgingReport, error) {
	if err := in.Validate(d.Today()); err != nil {
		return AgingReport{}, err
	}
	sees, err := d.sees(actor)
	if err != nil {
		return AgingReport{}, err
	}
	report := AgingReport{AgingInput: d.withDefaults(in)}
	err = d.books.View(ctx, func(r ar.Reader) error { return d.fillAging(ctx, r, sees, &report) })
	return report, err
}

func (d *Desk) withDefaults(in AgingInput) AgingInput {
	if in.AsOf.IsZero() {
		in.AsOf = d.Today()
	}
	if in.Basis == "" {
		in.Basis = ar.ByDueDate
	}
	if in.Edges == nil {
		in.Edges = ar.DefaultEdges(in.Basis)
	}
	return in
}

func (d *Desk) fillAging(ctx context.Context, r ar.Reader, sees ar.Scope, report *AgingReport) error {
	q := ar.AgingQuery{
		Rule:  ar.AgingRule{AsOf: report.AsOf, Basis: report.Basis, Edges: report.Edges},
		Group: ar.WholeBook, Currency: report.Currency,
	}
	if err := d.aim(ctx, r, sees, &q, report); err != nil {
		return err
	}
	rows, err := r.Aging(ctx, q)
	if err != nil {
		return fmt.Errorf("aging as of %s: %w", report.AsOf, err)
	}
	if report.Money, err = ar.Standings(rows); err != nil {
		return err
	}
	d.arrangeStandings(report.Money)
	if report.Held, err = d.agingHeld(ctx, r, q); err != nil {
		return err
	}
	report.Fresh, err = d.fresh(ctx, r, sees)
	return err
}

// aim points the query at what was asked for: an account with those below it,
// an owner's accounts, or all that the actor sees.
func (d *Desk) aim(ctx context.Context, r ar.Reader, sees ar.Scope, q *ar.AgingQuery, report *AgingReport) (err error) {
	q.Scope = sees
	switch {
	case report.Owner != "":
		q.Scope, report.Owner, err = d.scopeOf(ctx, r, sees, report.Owner)
		if report.Owner != "none" {
			report.Of = d.PersonName(report.Owner)
		}
		return err
	case report.Customer == 0 && report.Account == "":
		report.Partial = !sees.All
		return nil
	case report.Customer == 0:
		found, err := d.find(ctx, r, sees, report.Account)
		if err != nil {
			return err
		}
		report.Customer = found.Customer
	}
	f, err := family(ctx, r, sees, report.Customer)
	report.Of, report.Hidden, q.Customers = f.Name, f.Hidden, f.ids()
	return err
}

// agingHeld sums what was disputed or promised of what an aging is about.
func (d *Desk) agingHeld(ctx context.Context, r ar.Reader, q ar.AgingQuery) ([]ar.Breakdown, error) {
	all, err := d.holding(ctx, r, q.Customers, q.Rule.AsOf)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	q.Group = ar.ByCustomer
	rows, err := r.Aging(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("aging as of %s by customer: %w", q.Rule.AsOf, err)
	}
	sums, err := all.of(rows).sums()
	homeFirst(d, sums, func(b ar.Breakdown) ar.Currency { return b.Currency })
	return slices.DeleteFunc(sums, func(b ar.Breakdown) bool { return q.Currency != "" && b.Currency != q.Currency }), err
}
