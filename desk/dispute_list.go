package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// DisputesInput filters a list of disputes; zero fields do not.
type DisputesInput struct {
	// Mine leaves those that the actor opened or has to resolve.
	Mine bool
	// Late leaves those that should have been resolved by now.
	Late   bool
	Reason ar.Reason
	// Of is a customer or an invoice as a person typed it; Customer and Document
	// are ones that were chosen. After the call Of is how the account is called.
	Of       string
	Customer ar.CustomerID
	Document ar.DocumentID
	// Resolved lists also those that are over.
	Resolved bool
	Limit    int // the most to show; 0 is all
}

// DisputeList is a list of disputes, those to be resolved first at the top.
type DisputeList struct {
	DisputesInput
	Day   ar.Date
	Lines []Dispute
	// More counts those that the limit cut off.
	More int
	// Sums are what the standing ones dispute, by currency, Behind how many of them
	// are late, both with those cut off.
	Sums   []ar.Money
	Behind int
	Fresh  Fresh
}

// Disputes lists the disputes that the actor may see.
func (d *Desk) Disputes(ctx context.Context, actor ar.Actor, in DisputesInput) (list DisputeList, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return DisputeList{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		list = DisputeList{DisputesInput: in, Day: d.Today()}
		all, err := d.findDisputes(ctx, r, scope, actor, &list.DisputesInput)
		if err != nil {
			return err
		}
		if list.Fresh, err = d.fresh(ctx, r, scope); err != nil {
			return err
		}
		return d.fillDisputes(ctx, r, actor, all, &list)
	})
	return list, err
}

// findDisputes reads the disputes that an input selects.
func (d *Desk) findDisputes(ctx context.Context, r ar.Reader, scope ar.Scope, actor ar.Actor, in *DisputesInput) ([]ar.Dispute, error) {
	f := ar.DisputeFilter{Scope: &scope, Reason: in.Reason, Standing: !in.Resolved}
	if err := d.aimDisputes(ctx, r, scope, in, &f); err != nil {
		return nil, err
	}
	all, err := r.Disputes(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list disputes: %w", err)
	}
	// Those to be resolved by the actor are of other people's accounts, too.
	f.Scope = nil
	if f.Assignee = ar.NormalOwner(actor.Email); f.Assignee != "" && !scope.All {
		own, err := r.Disputes(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("list disputes of %s: %w", f.Assignee, err)
		}
		all = append(all, own...)
	}
	slices.SortStableFunc(all, func(a, b ar.Dispute) int { return cmp.Compare(a.ID, b.ID) })
	all = slices.CompactFunc(all, func(a, b ar.Dispute) bool { return a.ID == b.ID })
	return slices.DeleteFunc(all, func(one ar.Dispute) bool {
		mine := one.Opened.By == actor.User || d.assigned(actor, one)
		return in.Mine && !mine || in.Late && !one.Overdue(d.Today()) || Undone(one)
	}), nil
}

// aimDisputes points a filter at the account or the invoice that was asked for.
func (d *Desk) aimDisputes(ctx context.Context, r ar.Reader, scope ar.Scope, in *DisputesInput, f *ar.DisputeFilter) error {
	found := Found{Customer: in.Customer, Document: in.Document}
	if found == (Found{}) && strings.TrimSpace(in.Of) == "" {
		return nil
	}
	if found == (Found{}) {
		var err error
		if found, err = d.find(ctx, r, scope, in.Of); err != nil {
			return err
		}
	}
	if found.Document != 0 {
		_, item, err := d.invoice(ctx, r, scope, found.Document)
		f.Documents, in.Of = []ar.DocumentID{found.Document}, item.Label()
		return err
	}
	below, err := family(ctx, r, scope, found.Customer)
	f.Customers, in.Of = below.ids(), below.Name
	return err
}

// fillDisputes sums up what was found, and makes lines of as many as are shown.
func (d *Desk) fillDisputes(ctx context.Context, r ar.Reader, actor ar.Actor, all []ar.Dispute, list *DisputeList) error {
	slices.SortStableFunc(all, func(a, b ar.Dispute) int {
		return cmp.Or(compareStanding(a, b), a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	sums := map[ar.Currency]ar.Money{}
	for _, one := range all {
		if !one.Stands() {
			continue
		}
		if one.Overdue(list.Day) {
			list.Behind++
		}
		c := one.Amount.Currency()
		sum, err := cmp.Or(sums[c], ar.NewMoney(0, c)).Add(one.Amount)
		if err != nil {
			return fmt.Errorf("sum of disputes: %w", err)
		}
		sums[c] = sum
	}
	for _, sum := range sums {
		list.Sums = append(list.Sums, sum)
	}
	d.arrangeMoney(list.Sums)
	if list.Limit > 0 {
		all, list.More = cut(all, list.Limit)
	}
	for _, one := range all {
		view := Dispute{Dispute: one}
		var err error
		if view.Account, view.Invoice, err = d.invoice(ctx, r, ar.Everything(), one.Document); err != nil {
			return err
		}
		if view, err = d.seen(ctx, r, actor, view); err != nil {
			return err
		}
		list.Lines = append(list.Lines, view)
	}
	return nil
}

// compareStanding puts those that stand before those that are over.
func compareStanding(a, b ar.Dispute) int {
	rank := map[bool]int{false: 1}
	return cmp.Compare(rank[a.Stands()], rank[b.Stands()])
}

// RootCauses is why customers did not accept invoices in a span of time.
type RootCauses struct {
	// From and To are the span, both included.
	From, To ar.Date
	Causes   []ar.RootCause
	// Fresh is of an answer of its own only: a digest says it for all that it has.
	Fresh Fresh
}

// causesSpan is how many days the causes of disputes are looked at.
const causesSpan = 28

// DisputeCauses sums up the disputes of the last four weeks by reason, of the
// accounts that the actor may see: what is disputed most often is what we do
// wrong most often.
func (d *Desk) DisputeCauses(ctx context.Context, actor ar.Actor) (causes RootCauses, err error) {
	scope, err := d.sees(actor)
	if err != nil {
		return RootCauses{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		if causes, err = rootCauses(ctx, r, scope, d.Today().AddDays(1-causesSpan), d.Today()); err != nil {
			return err
		}
		causes.Fresh, err = d.fresh(ctx, r, scope)
		return err
	})
	return causes, err
}

func rootCauses(ctx context.Context, r ar.ActReader, scope ar.Scope, from, to ar.Date) (RootCauses, error) {
	all, err := r.Disputes(ctx, ar.DisputeFilter{Scope: &scope, OpenedFrom: from, OpenedTo: to})
	if err != nil {
		return RootCauses{}, fmt.Errorf("causes of disputes from %s to %s: %w", from, to, err)
	}
	causes, err := ar.RootCauses(slices.DeleteFunc(all, Undone), from, to)
	return RootCauses{From: from, To: to, Causes: causes}, err
}
