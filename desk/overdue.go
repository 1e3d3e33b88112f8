package desk

import (
	"cmp"
	"context"
	"fmt"

	"arbot/ar"
)

// OverdueInput filters a list of overdue accounts; zero fields do not.
type OverdueInput struct {
	// Mine leaves only accounts that the actor owns.
	Mine bool
	// Owner leaves only accounts of that sales owner: an e-mail address, a
	// name or the beginning of one, or "none" for accounts without an owner.
	// In an OverdueList it is the owner that was found.
	Owner string
	// MinDays leaves amounts whose oldest item is at least so many days late.
	MinDays int
	// Over leaves amounts above this one, in its currency; amounts in others
	// cannot be compared with it and are left out.
	Over     ar.Money
	Currency ar.Currency
	// Limit is the most lines to show; 0 is all.
	Limit int
}

// Validate names what is wrong with the input.
func (in OverdueInput) Validate() error {
	switch {
	case in.MinDays < 0 || in.Limit < 0:
		return ar.Refuse("Days and numbers of lines cannot be below 0.")
	case in.Mine && in.Owner != "":
		return ar.Refuse("Ask for your own accounts or for those of an owner, not for both.")
	case in.Currency != "" && in.Over.Sign() != 0 && in.Over.Currency() != in.Currency:
		return ar.Refuse("The amount is in %s, the list in %s. Type both in one currency.", in.Over.Currency(), in.Currency)
	}
	return nil
}

// Narrowed reports whether a filter takes lines out of the list.
func (in OverdueInput) Narrowed() bool {
	return in.MinDays > 0 || in.Over.Sign() > 0 || in.Currency != ""
}

// OverdueList is a list of overdue accounts, biggest amount by age first.
type OverdueList struct {
	OverdueInput
	Day ar.Date
	// Partial: the actor sees a part of the book only.
	Partial bool
	Lines   []ar.AccountLine
	// More counts the accounts that the limit cut off.
	More int
	// Money is how the accounts of the list stand as a whole, those that are
	// not overdue included, by currency.
	Money []ar.Standing
	// Overdue are the sums of the lines, also of those cut off.
	Overdue []ar.Money
	// Covered are the lines, also of those cut off, with nothing left to
	// chase: the customer has paid as much, and it is not applied yet.
	Covered []ar.AccountLine
	// Held is what of the accounts is disputed or promised, HeldSums the same by
	// currency, and Waiting the lines, also of those cut off, with nothing left to chase
	// for it.
	Held     map[ar.CustomerID][]Held
	HeldSums []ar.Breakdown
	Waiting  []ar.AccountLine
	// MayRecord: the actor may record promises of accounts that he sees.
	MayRecord bool
	// MayEscalate: the actor may tell more people of an account.
	MayEscalate bool
	Fresh       Fresh
}

// Overdue lists overdue accounts that the actor may see.
func (d *Desk) Overdue(ctx context.Context, actor ar.Actor, in OverdueInput) (OverdueList, error) {
	if err := in.Validate(); err != nil {
		return OverdueList{}, err
	}
	sees, err := d.sees(actor)
	if err != nil {
		return OverdueList{}, err
	}
	_, barred := d.writes(actor)
	view := OverdueList{OverdueInput: in, Day: d.Today(), MayRecord: barred == nil, MayEscalate: d.escalates(actor) == nil}
	err = d.books.View(ctx, func(r ar.Reader) error {
		scope, owner, err := d.narrow(ctx, r, actor, sees, in)
		if err != nil {
			return err
		}
		view.Owner, view.Partial = owner, !scope.All && !in.Mine && owner == ""
		rows, err := r.Aging(ctx, ar.AgingQuery{
			Rule: ar.NewAgingRule(view.Day, ar.ByDueDate), Group: ar.ByCustomer, Scope: scope, Currency: in.currency(),
		})
		if err != nil {
			return fmt.Errorf("overdue accounts: %w", err)
		}
		holding, err := d.holdingIn(ctx, r, scope, rows, view.Day)
		if err != nil {
			return err
		}
		if err := view.fill(rows, holding); err != nil {
			return err
		}
		d.arrangeStandings(view.Money)
		d.arrangeMoney(view.Overdue)
		d.arrangeLines(view.Lines)
		view.Fresh, err = d.fresh(ctx, r, sees)
		return err
	})
	return view, err
}

func (in OverdueInput) currency() ar.Currency {
	return cmp.Or(in.Currency, in.Over.Currency())
}

// narrow makes the scope of the question: what is asked for, and no more than
// the actor may see.
func (d *Desk) narrow(ctx context.Context, r ar.Reader, actor ar.Actor, sees ar.Scope, in OverdueInput) (ar.Scope, string, error) {
	if in.Mine {
		return d.named(actor).Own(), "", nil
	}
	return d.scopeOf(ctx, r, sees, in.Owner)
}

func (l *OverdueList) fill(rows []ar.AgingRow, h held) (err error) {
	l.Held = h
	if l.HeldSums, err = h.sums(); err != nil {
		return err
	}
	if l.Money, err = ar.StandingsLess(rows, h.overdue); err != nil {
		return err
	}
	kept, err := l.keep(rows, l.Day)
	if err != nil {
		return err
	}
	if l.Lines, err = ar.OverdueLines(kept, l.Day); err != nil {
		return err
	}
	parted, err := chase(kept, h)
	if err != nil {
		return err
	}
	if l.Covered, err = ar.OverdueLines(parted.covered, l.Day); err != nil {
		return err
	}
	if l.Waiting, err = ar.OverdueLines(parted.waiting, l.Day); err != nil {
		return err
	}
	sums, err := ar.Standings(kept)
	if err != nil {
		return err
	}
	for _, m := range sums {
		if !m.Overdue.IsZero() {
			l.Overdue = append(l.Overdue, m.Overdue)
		}
	}
	if l.Limit > 0 {
		l.Lines, l.More = cut(l.Lines, l.Limit)
	}
	return nil
}

// keep leaves the rows that pass the filters of the input.
func (in OverdueInput) keep(rows []ar.AgingRow, day ar.Date) ([]ar.AgingRow, error) {
	var kept []ar.AgingRow
	for _, r := range rows {
		overdue, err := r.Overdue()
		if err != nil {
			return nil, fmt.Errorf("overdue of customer %d: %w", r.Customer, err)
		}
		tooYoung := overdue.IsZero() || day.Sub(r.OldestDue) < in.MinDays
		tooSmall := in.Over.Sign() > 0 && overdue.Cmp(in.Over) <= 0
		if !tooYoung && !tooSmall {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// chased are the overdue rows of an aging by customer, parted.
type chased struct {
	// ask leave something to ask for.
	ask []ar.AgingRow
	// covered are overdue on paper only: the customer has paid as much, and it is
	// not applied yet.
	covered []ar.AgingRow
	// waiting have nothing left to ask for, since it is promised or disputed.
	waiting []ar.AgingRow
}

// chase parts the overdue rows of an aging by customer. Rows without overdue are in
// none of its lists.
func chase(rows []ar.AgingRow, h held) (parted chased, err error) {
	for _, row := range rows {
		disputed, promised := h.overdue(row.Customer, row.Currency)
		s, err := ar.NewStanding(row, disputed, promised)
		switch {
		case err != nil:
			return chased{}, fmt.Errorf("to chase of customer %d: %w", row.Customer, err)
		case !s.ToChase.IsZero():
			parted.ask = append(parted.ask, row)
		case s.Overdue.IsZero():
		case disputed.Sign() > 0 || promised.Sign() > 0:
			parted.waiting = append(parted.waiting, row)
		default:
			parted.covered = append(parted.covered, row)
		}
	}
	return parted, nil
}
