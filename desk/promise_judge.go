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

// familiesAtOnce is how many families are judged together: it bounds what of the books
// is in memory.
const familiesAtOnce = 200

// judge judges the promises that stand of customers and of all others of their
// families, as of a date; but by payments up to the day of the data that their ledger
// brought only, for what came in since is not known. Payments count once, so a family's
// promises are judged together.
func (d *Desk) judge(ctx context.Context, r ar.Reader, customers []ar.CustomerID, asOf ar.Date) ([]judged, error) {
	kin, err := r.Relatives(ctx, customers)
	if err != nil {
		return nil, err
	}
	byDay, err := d.byDataDay(ctx, r, kin, asOf)
	if err != nil {
		return nil, err
	}
	var all []judged
	for _, g := range byDay {
		promises, err := r.Promises(ctx, ar.PromiseFilter{Customers: membersOf(g.kin), Standing: !asOf.Before(d.Today())})
		if err != nil {
			return nil, err
		}
		for some := range slices.Chunk(byFamily(promises, g.kin), familiesAtOnce) {
			more, err := d.judgeFamilies(ctx, r, slices.Concat(some...), g.day)
			if err != nil {
				return nil, fmt.Errorf("judge promises as of %s: %w", g.day, err)
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

// judgeFamilies judges all promises of some families, by what the ledger knows from the
// first of them on.
func (d *Desk) judgeFamilies(ctx context.Context, r ar.Reader, promises []ar.Promise, asOf ar.Date) ([]judged, error) {
	since := asOf
	var named []ar.DocumentID
	for _, p := range promises {
		since = earliest(since, made(p))
		if p.Document != 0 {
			named = append(named, p.Document)
		}
	}
	history, err := r.RecentHistory(ctx, accountsOf(promises), since, named)
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

// made is the first day that matters for a promise.
func made(p ar.Promise) ar.Date {
	first := p.Made.On
	for _, part := range p.Parts {
		first = earliest(first, part.Due)
	}
	return first
}

func earliest(a, b ar.Date) ar.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// byFamily parts promises by families, those with the latest beginnings first: who is
// judged together has about as much of a past.
func byFamily(promises []ar.Promise, kin []ar.Relative) [][]ar.Promise {
	top := make(map[ar.CustomerID]ar.CustomerID, len(kin))
	for _, k := range kin {
		top[k.ID] = k.Top
	}
	var families [][]ar.Promise
	at := map[ar.CustomerID]int{}
	var first []ar.Date
	for _, p := range promises {
		i, ok := at[top[p.Customer]]
		if !ok {
			i = len(families)
			at[top[p.Customer]], families, first = i, append(families, nil), append(first, made(p))
		}
		families[i], first[i] = append(families[i], p), earliest(first[i], made(p))
	}
	order := make([]int, len(families))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return first[b].Compare(first[a]) })
	sorted := make([][]ar.Promise, len(families))
	for n, i := range order {
		sorted[n] = families[i]
	}
	return sorted
}

func membersOf(kin []ar.Relative) []ar.CustomerID {
	ids := make([]ar.CustomerID, len(kin))
	for i, k := range kin {
		ids[i] = k.ID
	}
	return ids
}

// halfRead reports whether the ledger of an account is being read, or was left in the
// middle of a reading: its payments may be there and what they pay not yet, and nothing is
// decided on that.
func halfRead(ctx context.Context, r ar.Reader, account ar.CustomerID) (bool, error) {
	c, err := r.Customer(ctx, account)
	if err != nil {
		return false, fmt.Errorf("account %d: %w", account, err)
	}
	sources, err := r.Sources(ctx)
	return slices.ContainsFunc(sources, func(s ar.Source) bool { return s.ID == c.Source && s.Run.HalfDone() }), err
}

// dayGroup are families whose ledgers are known up to the same day.
type dayGroup struct {
	day ar.Date
	kin []ar.Relative
}

// byDataDay groups families by the day as of which they can be judged.
func (d *Desk) byDataDay(ctx context.Context, r ar.Reader, kin []ar.Relative, asOf ar.Date) ([]dayGroup, error) {
	if len(kin) == 0 {
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
	for _, k := range kin {
		i := slices.IndexFunc(groups, func(g dayGroup) bool { return g.day == days[k.Source] })
		if i < 0 {
			i = len(groups)
			groups = append(groups, dayGroup{day: days[k.Source]})
		}
		groups[i].kin = append(groups[i].kin, k)
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
