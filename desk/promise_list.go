package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
)

// PromisesOf says which promises a list has.
type PromisesOf string

// What lists of promises there are.
const (
	// PromisesOpen are those that are waited for.
	PromisesOpen PromisesOf = ""
	// PromisesLate are those whose day is past, with money still missing: open ones within
	// their days of grace, broken and partly kept ones of the last year.
	PromisesLate PromisesOf = "late"
	// PromisesToday and PromisesThisWeek are open ones that are due then; a week ends
	// on Sunday.
	PromisesToday    PromisesOf = "today"
	PromisesThisWeek PromisesOf = "this week"
)

// PromisesInput asks for a list of promises; zero fields do not narrow it.
type PromisesInput struct {
	Of PromisesOf
	// Mine leaves those that the actor recorded, and those of the actor's accounts.
	Mine bool
	// About is a customer or an invoice as a person typed it; Customer and Document
	// are ones that were chosen.
	About    string
	Customer ar.CustomerID
	Document ar.DocumentID
	// Limit is the most lines to show; 0 is all.
	Limit int
}

// PromiseList is a list of promises, by the day on which money is to come next.
type PromiseList struct {
	PromisesInput
	Day ar.Date
	// Name is the account or invoice that was asked for; "" for none.
	Name  string
	Lines []Promise
	// More counts those that the limit cut off.
	More int
	// Missing is what is still to come of them, with those cut off, by currency.
	Missing []ar.Money
	// Kept is how well the promises that the list is chosen from were kept in the last
	// year.
	Kept  ar.KeptRate
	Fresh Fresh
}

// Promises lists promises of the accounts that the actor may see.
func (d *Desk) Promises(ctx context.Context, actor ar.Actor, in PromisesInput) (list PromiseList, err error) {
	sees, err := d.sees(actor)
	if err != nil {
		return PromiseList{}, err
	}
	err = d.books.View(ctx, func(r ar.Reader) error {
		list = PromiseList{PromisesInput: in, Day: d.Today()}
		f := ar.PromiseFilter{Scope: &sees, Standing: true, DueFrom: list.Day.AddDays(-keptFor)}
		if err := d.aimPromises(ctx, r, sees, &list, &f); err != nil {
			return err
		}
		found, err := d.findPromises(ctx, r, actor, in.Mine, f)
		if err != nil {
			return fmt.Errorf("list promises: %w", err)
		}
		if list.Kept, err = keptOf(ctx, r, found); err != nil {
			return err
		}
		if err := d.fillPromises(ctx, r, actor, found, &list); err != nil {
			return err
		}
		list.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return list, err
}

// aimPromises points a filter at the account or the invoice that was asked for.
func (d *Desk) aimPromises(ctx context.Context, r ar.Reader, scope ar.Scope, list *PromiseList, f *ar.PromiseFilter) error {
	found := Found{Customer: list.Customer, Document: list.Document}
	if found == (Found{}) && list.About == "" {
		return nil
	}
	if found == (Found{}) {
		var err error
		if found, err = d.find(ctx, r, scope, list.About); err != nil {
			return err
		}
	}
	if found.Document != 0 {
		_, item, err := d.invoice(ctx, r, scope, found.Document)
		f.Documents, list.Name = []ar.DocumentID{found.Document}, item.Label()
		return err
	}
	below, err := family(ctx, r, scope, found.Customer)
	f.Customers, list.Name = below.ids(), below.Name
	return err
}

func (d *Desk) findPromises(ctx context.Context, r ar.Reader, actor ar.Actor, mine bool, f ar.PromiseFilter) ([]ar.Promise, error) {
	if !mine {
		return r.Promises(ctx, f)
	}
	recorded, owned := f, f
	recorded.MadeBy = actor.User
	own := d.named(actor).Own()
	owned.Scope = &own
	all, err := r.Promises(ctx, recorded)
	if err != nil {
		return nil, err
	}
	more, err := r.Promises(ctx, owned)
	all = append(all, more...)
	slices.SortFunc(all, func(a, b ar.Promise) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b ar.Promise) bool { return a.ID == b.ID }), err
}

// fillPromises judges what was found and makes lines of what the list is of.
func (d *Desk) fillPromises(ctx context.Context, r ar.Reader, actor ar.Actor, found []ar.Promise, list *PromiseList) error {
	wanted := map[ar.PromiseID]bool{}
	for _, p := range found {
		wanted[p.ID] = true
	}
	all, err := d.judge(ctx, r, accountsOf(found), list.Day)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(j judged) bool { return !wanted[j.ID] || !list.Of.has(j, list.Day) })
	slices.SortStableFunc(all, func(a, b judged) int {
		return cmp.Or(nextDue(a).Compare(nextDue(b)), cmp.Compare(a.ID, b.ID))
	})
	for _, j := range all {
		still, err := stillMissing(j.verdict.Outcome)
		if err != nil {
			return err
		}
		if list.Missing, err = plus(list.Missing, still); err != nil {
			return err
		}
	}
	d.arrangeMoney(list.Missing)
	if list.Limit > 0 {
		all, list.More = cut(all, list.Limit)
	}
	for _, j := range all {
		view, err := d.seenPromise(ctx, r, actor, j)
		if err != nil {
			return err
		}
		list.Lines = append(list.Lines, view)
	}
	return nil
}

// has reports whether a promise belongs into a list.
func (of PromisesOf) has(j judged, day ar.Date) bool {
	end := day
	switch of {
	case PromisesLate:
		return slices.ContainsFunc(j.verdict.Parts, func(o ar.Outcome) bool {
			return o.State.Failed() && o.Late.Cmp(o.Missing) < 0 || o.State == ar.PromiseOpen && o.Due.Before(day)
		})
	case PromisesThisWeek:
		end = day.AddDays((int(time.Saturday) + 1 - int(day.Weekday())) % 7)
	case PromisesToday:
	case PromisesOpen:
		return !j.verdict.State.Final()
	}
	return slices.ContainsFunc(j.verdict.Parts, func(o ar.Outcome) bool {
		return o.State == ar.PromiseOpen && !o.Due.Before(day) && !o.Due.After(end)
	})
}

// stillMissing is what is to come of a promise: late money is no less there.
func stillMissing(o ar.Outcome) (ar.Money, error) { return o.Missing.Sub(o.Late) }

// nextDue is the day of the first part that is waited for; of a promise that is
// decided, that of its last one.
func nextDue(j judged) ar.Date {
	for _, part := range j.verdict.Parts {
		if !part.State.Final() {
			return part.Due
		}
	}
	return j.verdict.Due
}

// plus adds an amount to the one of its currency.
func plus(sums []ar.Money, m ar.Money) ([]ar.Money, error) {
	for i := range sums {
		if sums[i].Currency() == m.Currency() {
			sum, err := sums[i].Add(m)
			sums[i] = sum
			return sums, err
		}
	}
	return append(sums, m), nil
}

// keptOf is how well some promises were kept, by the verdicts that were given.
func keptOf(ctx context.Context, r ar.Reader, promises []ar.Promise) (ar.KeptRate, error) {
	if len(promises) == 0 {
		return ar.KeptRate{}, nil
	}
	given, err := r.Verdicts(ctx, promiseIDs(promises))
	if err != nil {
		return ar.KeptRate{}, err
	}
	var verdicts []ar.Verdict
	for _, p := range promises {
		if v, ok := given[p.ID]; ok {
			verdicts = append(verdicts, v.Verdict)
		}
	}
	return ar.NewKeptRate(verdicts)
}

// keptFor is how many days back promises count in a kept rate.
const keptFor = 365

// keptRate is how well the promises of a filter were kept that were due in the last
// year.
func (d *Desk) keptRate(ctx context.Context, r ar.Reader, f ar.PromiseFilter) (ar.KeptRate, error) {
	f.Standing, f.DueFrom = true, d.Today().AddDays(-keptFor)
	promises, err := r.Promises(ctx, f)
	if err != nil {
		return ar.KeptRate{}, fmt.Errorf("kept rate: %w", err)
	}
	return keptOf(ctx, r, promises)
}

// loadAccountPromises fills in what is promised of an account, and how well it keeps its word.
func (d *Desk) loadAccountPromises(ctx context.Context, r ar.Reader, actor ar.Actor, view *Account) error {
	writes, err := d.writes(actor)
	view.MayRecord = err == nil && writes.Covers(view.Owner)
	if view.Kept, err = d.keptRate(ctx, r, ar.PromiseFilter{Customers: view.ids()}); err != nil {
		return err
	}
	standing, err := r.Promises(ctx, ar.PromiseFilter{Customers: view.ids(), Undecided: true})
	if err != nil || len(standing) == 0 {
		return err
	}
	list := PromiseList{Day: view.Day, PromisesInput: PromisesInput{Limit: statusItems}}
	if err := d.fillPromises(ctx, r, actor, standing, &list); err != nil {
		return err
	}
	view.Promises, view.MorePromises = list.Lines, list.More
	return nil
}
