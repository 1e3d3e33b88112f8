package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
)

// WorkInput narrows a worklist; zero fields do not.
type WorkInput struct {
	// Mine leaves what the actor has: claimed, assigned (also as a deputy), and, where
	// nobody else has it, owned.
	Mine bool
	// Limit is the most lines to show; 0 is all.
	Limit int
}

// Work is what to do now, the most pressing first: see ar.Worklist.
type Work struct {
	WorkInput
	Day   ar.Date
	Lines []ar.WorkLine
	// More counts the accounts that the limit cut off.
	More int
	// Unclaimed is what is to be chased and nobody has, by currency; UnclaimedAccounts
	// counts the accounts.
	Unclaimed         []ar.Money
	UnclaimedAccounts int
	// PutOff counts accounts that are put off, as a whole or in part.
	PutOff int
	// MayRecord: the actor may record promises, and put off.
	MayRecord bool
	// Partial: the actor sees a part of the book only.
	Partial bool
	Fresh   Fresh
}

// Next returns the worklist of the accounts that the actor may see.
func (d *Desk) Next(ctx context.Context, actor ar.Actor, in WorkInput) (view Work, err error) {
	scope, err := d.claims(actor)
	if err != nil {
		return Work{}, err
	}
	_, barred := d.writes(actor)
	err = d.books.View(ctx, func(r ar.Reader) error {
		view = Work{WorkInput: in, Day: d.Today(), MayRecord: barred == nil, Partial: !scope.All}
		lines, putOff, err := d.work(ctx, r, scope, view.Day)
		if err != nil {
			return err
		}
		view.PutOff = putOff
		free, sums, err := ar.Unclaimed(lines)
		if err != nil {
			return err
		}
		d.arrangeMoney(sums)
		view.Unclaimed, view.UnclaimedAccounts = sums, len(free)
		if in.Mine {
			lines = slices.DeleteFunc(lines, func(l ar.WorkLine) bool { return !d.hasWork(actor, l, view.Day) })
		}
		if view.Lines = lines; in.Limit > 0 {
			view.Lines, view.More = cut(lines, in.Limit)
		}
		view.Fresh, err = d.fresh(ctx, r, scope)
		return err
	})
	if err != nil {
		return Work{}, fmt.Errorf("worklist: %w", err)
	}
	return view, nil
}

// hasWork reports whether a line is the actor's to do.
func (d *Desk) hasWork(actor ar.Actor, l ar.WorkLine, day ar.Date) bool {
	email := ar.NormalOwner(actor.Email)
	switch {
	case l.Claim.ID != 0:
		return l.Claim.Holder() == actor.User || email != "" && d.covering(l.Claim.Email, day) == email
	case l.Assigned.User != "" || l.Assigned.Email != "":
		return l.Assigned.User == actor.User || email != "" && d.covering(l.Assigned.Email, day) == email
	}
	return d.named(actor).Own().Covers(l.Owner) || email != "" && l.Owner != "" && d.covering(l.Owner, day) == email
}

// work orders what is to be done in a scope; putOff counts the accounts of which
// something is put off.
func (d *Desk) work(ctx context.Context, r ar.Reader, scope ar.Scope, day ar.Date) (lines []ar.WorkLine, putOff int, err error) {
	rows, err := r.Aging(ctx, ar.AgingQuery{Rule: ar.NewAgingRule(day, ar.ByDueDate), Group: ar.ByCustomer, Scope: scope})
	if err != nil {
		return nil, 0, fmt.Errorf("what is overdue: %w", err)
	}
	facts, putOff, err := d.workFacts(ctx, r, rows, scope, day)
	if err != nil {
		return nil, 0, err
	}
	if lines, err = ar.Worklist(facts); err != nil {
		return nil, 0, err
	}
	return lines, putOff, d.whoHas(ctx, r, lines)
}

// whoHas fills in who has the accounts of a worklist.
func (d *Desk) whoHas(ctx context.Context, r ar.Reader, lines []ar.WorkLine) error {
	claims, err := claimsBy(ctx, r)
	if err != nil {
		return err
	}
	assigned, err := r.Assignments(ctx, nil)
	if err != nil {
		return err
	}
	to := map[ar.CustomerID]ar.Assignment{}
	for _, a := range assigned {
		to[a.Customer] = a
	}
	for i := range lines {
		lines[i].Claim, lines[i].Assigned = claims[lines[i].Customer], to[lines[i].Customer]
	}
	return nil
}

func (d *Desk) workFacts(ctx context.Context, r ar.Reader, rows []ar.AgingRow, scope ar.Scope, day ar.Date) ([]ar.WorkFacts, int, error) {
	holding, err := d.holdingIn(ctx, r, scope, rows, day)
	if err != nil {
		return nil, 0, err
	}
	off, err := d.putOff(ctx, r, scope, day)
	if err != nil {
		return nil, 0, err
	}
	broken, err := d.brokenBy(ctx, r, scope, day)
	if err != nil {
		return nil, 0, err
	}
	acted, err := d.actedSince(ctx, r, rows)
	if err != nil {
		return nil, 0, err
	}
	var facts []ar.WorkFacts
	for _, row := range rows {
		disputed, promised := holding.overdue(row.Customer, row.Currency)
		s, err := ar.NewStanding(row, disputed, promised)
		if err != nil {
			return nil, 0, fmt.Errorf("to chase of customer %d: %w", row.Customer, err)
		}
		left, err := off.less(row.Customer, s.ToChase)
		if err != nil {
			return nil, 0, err
		}
		f := ar.WorkFacts{
			Customer: row.Customer, Name: row.Name, Owner: row.Owner, ToChase: left,
			OldestDays: max(0, day.Sub(row.OldestDue)), Acted: acted[row.Customer],
		}
		f.Broken, f.BrokenOpen, f.BrokenDue = broken.of(row.Customer, row.Currency)
		facts = append(facts, f)
	}
	return facts, len(off), nil
}

// putOffs are the snoozes that hold, by account: the whole of it, or amounts of
// invoices.
type putOffs map[ar.CustomerID]putOff

type putOff struct {
	whole   bool
	overdue []ar.Money
}

func (d *Desk) putOff(ctx context.Context, r ar.Reader, scope ar.Scope, day ar.Date) (putOffs, error) {
	snoozes, err := r.Snoozes(ctx, ar.SnoozeFilter{Scope: &scope, On: day})
	if err != nil || len(snoozes) == 0 {
		return nil, err
	}
	all := putOffs{}
	invoices := map[ar.DocumentID]bool{}
	var customers []ar.CustomerID
	for _, s := range snoozes {
		one := all[s.Customer]
		one.whole = one.whole || s.Document == 0
		all[s.Customer] = one
		if s.Document != 0 {
			invoices[s.Document] = true
			customers = append(customers, s.Customer)
		}
	}
	if len(invoices) == 0 {
		return all, nil
	}
	items, err := r.OpenItems(ctx, ar.ItemQuery{AsOf: day, Customers: customers, Scope: ar.Everything(), Owed: true})
	if err != nil {
		return nil, fmt.Errorf("what is open of what is put off: %w", err)
	}
	for _, i := range items {
		if !invoices[i.ID] || i.DaysOverdue(day) == 0 {
			continue
		}
		one := all[i.Customer]
		if one.overdue, err = plus(one.overdue, i.Open); err != nil {
			return nil, err
		}
		all[i.Customer] = one
	}
	return all, nil
}

// less takes what is put off out of what is to be chased, never below zero.
func (p putOffs) less(id ar.CustomerID, toChase ar.Money) (ar.Money, error) {
	one := p[id]
	if one.whole {
		return ar.NewMoney(0, toChase.Currency()), nil
	}
	for _, m := range one.overdue {
		if m.Currency() != toChase.Currency() {
			continue
		}
		left, err := toChase.Sub(m)
		if err != nil {
			return ar.Money{}, err
		}
		toChase = ar.NewMoney(max(0, left.Minor()), left.Currency())
	}
	return toChase, nil
}

// brokenPromises are the parts of promises that failed lately, by account.
type brokenPromises map[ar.CustomerID][]ar.Outcome

func (d *Desk) brokenBy(ctx context.Context, r ar.Reader, scope ar.Scope, day ar.Date) (brokenPromises, error) {
	promises, err := r.Promises(ctx, ar.PromiseFilter{Scope: &scope, Standing: true, DueFrom: day.AddDays(-ar.BrokenWindow), DueTo: day})
	if err != nil || len(promises) == 0 {
		return nil, err
	}
	all, err := d.judge(ctx, r, accountsOf(promises), day)
	if err != nil {
		return nil, err
	}
	by := brokenPromises{}
	for _, j := range all {
		for _, part := range j.verdict.Parts {
			if part.State.Failed() && day.Sub(part.Due) <= ar.BrokenWindow {
				by[j.Customer] = append(by[j.Customer], part)
			}
		}
	}
	return by, nil
}

// of counts the failed parts of an account, and returns what is still missing of the
// latest of them in a currency.
func (b brokenPromises) of(id ar.CustomerID, c ar.Currency) (count int, open ar.Money, due ar.Date) {
	for _, part := range b[id] {
		count++
		left, err := stillMissing(part)
		if err != nil || left.Currency() != c || left.Sign() <= 0 || part.Due.Before(due) {
			continue
		}
		open, due = left, part.Due
	}
	return count, open, due
}

// actedSince are the accounts about which somebody did something since their oldest item
// fell overdue.
func (d *Desk) actedSince(ctx context.Context, r ar.Reader, rows []ar.AgingRow) (map[ar.CustomerID]bool, error) {
	oldest := map[ar.CustomerID]ar.Date{}
	var first ar.Date
	for _, row := range rows {
		if row.OldestDue.IsZero() {
			continue
		}
		if first.IsZero() || row.OldestDue.Before(first) {
			first = row.OldestDue
		}
		if known := oldest[row.Customer]; known.IsZero() || row.OldestDue.Before(known) {
			oldest[row.Customer] = row.OldestDue
		}
	}
	if first.IsZero() {
		return nil, nil //nolint:nilnil // nothing is overdue, and nobody had to act
	}
	acts, err := r.AccountActs(ctx, nil, first)
	if err != nil {
		return nil, err
	}
	acted := map[ar.CustomerID]bool{}
	for _, a := range acts {
		if due, ok := oldest[a.Customer]; ok && a.On.After(due) {
			acted[a.Customer] = true
		}
	}
	return acted, nil
}

// WhoWorks says who has a line: who claimed it, is assigned or owns it; "" for nobody. A
// deputy is named with whom the deputy stands in for.
func (d *Desk) WhoWorks(l ar.WorkLine, day ar.Date) string {
	email := l.Owner
	switch {
	case l.Claim.ID != 0 && l.Claim.Email == "":
		return l.Claim.Holder()
	case l.Claim.ID != 0:
		email = l.Claim.Email
	case l.Assigned.Email != "":
		email = l.Assigned.Email
	case l.Assigned.User != "":
		return l.Assigned.User
	}
	cover := d.covering(email, day)
	if cover != "" && !strings.EqualFold(cover, email) {
		return d.PersonName(cover) + " for " + d.PersonName(email)
	}
	return d.PersonName(email)
}
