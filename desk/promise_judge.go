package desk

import (
	"context"
	"fmt"
	"slices"

	"arbot/ar"
)

// judged is a promise with what became of it by the books.
type judged struct {
	ar.Promise

	verdict ar.Verdict
}

// accountsAtOnce is how many accounts are judged together.
const accountsAtOnce = 50

// judge judges the promises that stand of customers and of all others of their
// families, as of a date; but no later than the day of the data that their ledger
// brought, for what came in since is not known. Payments count once, so an account's
// promises are judged together.
func (d *Desk) judge(ctx context.Context, r ar.Reader, customers []ar.CustomerID, asOf ar.Date) ([]judged, error) {
	roots, err := d.rootsOf(ctx, r, customers)
	if err != nil {
		return nil, err
	}
	byDay, err := d.byDataDay(ctx, r, roots, asOf)
	if err != nil {
		return nil, err
	}
	var all []judged
	for _, g := range byDay {
		for some := range slices.Chunk(g.roots, accountsAtOnce) {
			more, err := d.judgeRoots(ctx, r, some, g.day)
			if err != nil {
				return nil, fmt.Errorf("judge promises as of %s: %w", g.day, err)
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

// judgeRoots judges the promises of accounts and of those below them.
func (d *Desk) judgeRoots(ctx context.Context, r ar.Reader, roots []ar.CustomerID, asOf ar.Date) ([]judged, error) {
	ids := slices.Clone(roots)
	for _, root := range roots {
		below, err := descendants(ctx, r, root)
		if err != nil {
			return nil, err
		}
		for _, c := range below {
			ids = append(ids, c.ID)
		}
	}
	promises, err := r.Promises(ctx, ar.PromiseFilter{Customers: ids, Standing: !asOf.Before(d.Today())})
	if err != nil || len(promises) == 0 {
		return nil, err
	}
	history, err := r.History(ctx, roots)
	if err != nil {
		return nil, err
	}
	verdicts, err := ar.Judge(promises, history, asOf, d.settings.Workdays)
	if err != nil {
		return nil, err
	}
	all := make([]judged, len(promises))
	for i, p := range promises {
		all[i] = judged{p, verdicts[i]}
	}
	return all, nil
}

// rootsOf are the accounts at the top of the families of customers, each once.
func (d *Desk) rootsOf(ctx context.Context, r ar.Reader, customers []ar.CustomerID) ([]ar.Customer, error) {
	known := map[ar.CustomerID]bool{}
	var roots []ar.Customer
	for _, id := range customers {
		path := map[ar.CustomerID]bool{} // a circle of parents ends the climb
		for {
			c, err := r.Customer(ctx, id)
			if err != nil {
				return nil, fmt.Errorf("account above customer %d: %w", id, err)
			}
			if path[id] = true; c.Parent != 0 && !path[c.Parent] {
				id = c.Parent
				continue
			}
			if !known[c.ID] {
				known[c.ID] = true
				roots = append(roots, c)
			}
			break
		}
	}
	return roots, nil
}

// dayGroup are accounts whose ledgers are known up to the same day.
type dayGroup struct {
	day   ar.Date
	roots []ar.CustomerID
}

// byDataDay groups accounts by the day as of which they can be judged.
func (d *Desk) byDataDay(ctx context.Context, r ar.Reader, roots []ar.Customer, asOf ar.Date) ([]dayGroup, error) {
	if len(roots) == 0 {
		return nil, nil
	}
	sources, err := r.Sources(ctx)
	if err != nil {
		return nil, err
	}
	days := map[ar.SourceID]ar.Date{}
	for _, s := range sources {
		days[s.ID] = asOf
		if at := ar.DateOf(s.DataAsOf, d.settings.Zone); !s.DataAsOf.IsZero() && at.Before(asOf) {
			days[s.ID] = at
		}
	}
	var groups []dayGroup
	for _, root := range roots {
		i := slices.IndexFunc(groups, func(g dayGroup) bool { return g.day == days[root.Source] })
		if i < 0 {
			i = len(groups)
			groups = append(groups, dayGroup{day: days[root.Source]})
		}
		groups[i].roots = append(groups[i].roots, root.ID)
	}
	return groups, nil
}

// customersOf are the accounts of promises, each once.
func accountsOf(lists ...[]ar.Promise) []ar.CustomerID {
	var ids []ar.CustomerID
	seen := map[ar.CustomerID]bool{}
	for _, p := range slices.Concat(lists...) {
		if !seen[p.Customer] {
			seen[p.Customer] = true
			ids = append(ids, p.Customer)
		}
	}
	return ids
}

// promiseHolds is what promises take out of "to chase" as of a date.
func (d *Desk) promiseHolds(ctx context.Context, r ar.Reader, customers []ar.CustomerID, asOf ar.Date) ([]ar.Hold, error) {
	due, err := r.Promises(ctx, ar.PromiseFilter{Customers: customers, DueFrom: asOf, Standing: !asOf.Before(d.Today())})
	if err != nil || len(due) == 0 {
		return nil, err
	}
	all, err := d.judge(ctx, r, accountsOf(due), asOf)
	if err != nil {
		return nil, err
	}
	var holds []ar.Hold
	for _, j := range all {
		holds = append(holds, j.Holds(j.verdict, asOf)...)
	}
	return holds, nil
}
