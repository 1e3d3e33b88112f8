package desk

import (
	"cmp"
	"context"
	"slices"

	"arbot/ar"
)

// WeeklyPromises are the parts of promises that were due in a week.
type WeeklyPromises struct {
	// Parts were due, Kept of them were kept, Open are not decided.
	Parts, Kept, Open int
	// Amounts are what was promised and paid, one per currency.
	Amounts []ar.KeptAmount
	// Rate is how well promises were kept in a year.
	Rate ar.KeptRate
}

// addWeekPromises adds what was promised for the week, and what was paid of it.
func (d *Desk) addWeekPromises(ctx context.Context, r ar.Reader, _ weeklyFigures, w *Weekly) error {
	first := w.Since.AddDays(1)
	due, err := r.Promises(ctx, ar.PromiseFilter{Standing: true, DueFrom: first, DueTo: w.AsOf})
	if err != nil {
		return err
	}
	all, err := d.judge(ctx, r, accountsOf(due), w.Day)
	if err != nil {
		return err
	}
	for _, j := range all {
		for _, o := range j.verdict.Parts {
			if o.Due.Before(first) || o.Due.After(w.AsOf) || !counts(o.State) {
				continue
			}
			if err := w.Promises.add(o); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(w.Promises.Amounts, func(a, b ar.KeptAmount) int { return cmp.Compare(a.Promised.Currency(), b.Promised.Currency()) })
	homeFirst(d, w.Promises.Amounts, func(a ar.KeptAmount) ar.Currency { return a.Promised.Currency() })
	w.Promises.Rate, err = d.keptRate(ctx, r, ar.PromiseFilter{})
	return err
}

// counts reports whether a part that was due says something of the customer's word.
func counts(s ar.PromiseState) bool {
	return s == ar.PromiseOpen || s == ar.PromiseKept || s == ar.PromisePartlyKept || s == ar.PromiseBroken
}

func (p *WeeklyPromises) add(o ar.Outcome) error {
	p.Parts++
	switch o.State {
	case ar.PromiseKept:
		p.Kept++
	case ar.PromiseOpen:
		p.Open++
	default:
	}
	c := o.Amount.Currency()
	at := slices.IndexFunc(p.Amounts, func(a ar.KeptAmount) bool { return a.Promised.Currency() == c })
	if at < 0 {
		at = len(p.Amounts)
		p.Amounts = append(p.Amounts, ar.KeptAmount{Promised: ar.NewMoney(0, c), Paid: ar.NewMoney(0, c)})
	}
	sum := &p.Amounts[at]
	var err error
	if sum.Promised, err = sum.Promised.Add(o.Amount); err != nil {
		return err
	}
	if o.Paid.IsZero() {
		return nil
	}
	sum.Paid, err = sum.Paid.Add(o.Paid)
	return err
}

// addWeekDisputes adds what is disputed and for how long, and why it was.
func (d *Desk) addWeekDisputes(ctx context.Context, r ar.Reader, _ weeklyFigures, w *Weekly) error {
	standing, err := r.Disputes(ctx, ar.DisputeFilter{Standing: true})
	if err != nil {
		return err
	}
	if w.Disputes, err = ar.DisputeBurdens(slices.DeleteFunc(standing, Undone), w.AsOf); err != nil {
		return err
	}
	homeFirst(d, w.Disputes, func(b ar.DisputeBurden) ar.Currency { return b.Currency })
	w.Causes, err = rootCauses(ctx, r, ar.Everything(), w.AsOf.AddDays(1-weeklyWindow), w.AsOf)
	return err
}

// addMovers adds the accounts that moved most, and what somebody has to decide.
func (d *Desk) addMovers(ctx context.Context, r ar.Reader, _ weeklyFigures, w *Weekly) error {
	changes, err := r.OverdueChanges(ctx, w.Since, w.AsOf, ar.Everything())
	if err != nil {
		return err
	}
	if w.Movers, err = ar.TopMovers(changes, topMovers); err != nil {
		return err
	}
	homeFirst(d, w.Movers, func(c ar.OverdueChange) ar.Currency { return c.Currency })
	holding, err := d.holding(ctx, r, nil, w.Day)
	if err != nil {
		return err
	}
	w.Held = holding
	return d.addDecisions(changes, holding, w)
}

// DecisionKind is something that waits for a decision.
type DecisionKind string

// The decisions.
const (
	// DecideDisputes: disputes are past the day by which they were to be resolved.
	DecideDisputes DecisionKind = "late disputes"
	// DecideOld: accounts are more than 90 days past due, and nobody promised or disputes
	// anything of theirs.
	DecideOld DecisionKind = "old without a word"
	// DecideUnowned: accounts are past due, and have no sales owner.
	DecideUnowned DecisionKind = "without an owner"
	// DecideUnapplied: credit is set against nothing.
	DecideUnapplied DecisionKind = "unapplied"
)

// Decision is what is to be decided: of so many accounts or disputes (0 where they are not
// counted), about these amounts; Names are accounts, the biggest first.
type Decision struct {
	Kind    DecisionKind
	Count   int
	Amounts []ar.Money
	Names   []string
}

func (d *Desk) addDecisions(changes []ar.OverdueChange, holding held, w *Weekly) error {
	late := Decision{Kind: DecideDisputes}
	for _, b := range w.Disputes {
		if b.Late > 0 {
			late.Count += b.Late
		}
	}
	old, err := d.decide(DecideOld, changes, func(c ar.OverdueChange) ar.Money {
		if len(holding[c.Customer]) > 0 {
			return ar.Money{}
		}
		return c.Old
	})
	if err != nil {
		return err
	}
	unowned, err := d.decide(DecideUnowned, changes, func(c ar.OverdueChange) ar.Money {
		if c.Owner != "" {
			return ar.Money{}
		}
		return c.After
	})
	if err != nil {
		return err
	}
	unapplied := Decision{Kind: DecideUnapplied}
	for _, c := range w.Currencies {
		if credit := c.Now().Unapplied; credit.Sign() > 0 {
			unapplied.Amounts = append(unapplied.Amounts, credit)
		}
	}
	for _, one := range []Decision{late, old, unowned, unapplied} {
		if one.Count > 0 || len(one.Amounts) > 0 {
			w.Decide = append(w.Decide, one)
		}
	}
	return nil
}

// decide adds up what an amount of each account comes to, the biggest first within a
// currency.
func (d *Desk) decide(kind DecisionKind, changes []ar.OverdueChange, amount func(ar.OverdueChange) ar.Money) (Decision, error) {
	one := Decision{Kind: kind}
	var list []ar.OverdueChange
	for _, c := range changes {
		if m := amount(c); m.Sign() > 0 {
			c.After = m
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b ar.OverdueChange) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(b.After.Minor(), a.After.Minor()), cmp.Compare(a.Name, b.Name))
	})
	homeFirst(d, list, func(c ar.OverdueChange) ar.Currency { return c.Currency })
	sums, seen := map[ar.Currency]int{}, map[ar.CustomerID]bool{}
	for _, c := range list {
		at, known := sums[c.Currency]
		if !known {
			at = len(one.Amounts)
			sums[c.Currency] = at
			one.Amounts = append(one.Amounts, ar.NewMoney(0, c.Currency))
		}
		var err error
		if one.Amounts[at], err = one.Amounts[at].Add(c.After); err != nil {
			return one, err
		}
		if !seen[c.Customer] {
			seen[c.Customer], one.Names = true, append(one.Names, c.Name)
		}
	}
	one.Count = len(one.Names)
	return one, nil
}
