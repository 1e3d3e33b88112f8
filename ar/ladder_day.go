package ar

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// LadderMoment is a run of the ladder: its day, when it ran, and whether the books were
// up to date then.
type LadderMoment struct {
	Day Date
	// At is the instant: what people did later that day does not count for it. Zero is
	// the end of the day.
	At    time.Time
	Fresh bool
}

// LadderDay is all that a ladder looks at of an account on a day.
type LadderDay struct {
	Customer CustomerID
	Day      Date
	Fresh    bool
	// Overdue: something is past due, whether it is chased or not.
	Overdue bool
	// Chase is what is left to chase, by currency: overdue less disputed, promised,
	// snoozed and unapplied. Due is the oldest due date in it, Taken how many calendar
	// days since then somebody had the account.
	Chase []Money
	Due   Date
	Taken int
	// Holder is who has the account; "" for nobody.
	Holder string
	// Broken counts the parts of promises that failed since Due; BrokenOn is the day on
	// which the latest was known to be broken.
	Broken   int
	BrokenOn Date
	// Why nothing is left to chase.
	Snoozed, Promised, Disputed bool
}

// Clock is how long the oldest amount has been overdue, without the days on which
// somebody had the account.
func (d LadderDay) Clock() int {
	if d.Due.IsZero() {
		return 0
	}
	return max(0, d.Day.Sub(d.Due)-d.Taken)
}

func (d LadderDay) clockWords() string {
	words := countDays(d.Day.Sub(d.Due)) + " overdue"
	if d.Taken > 0 {
		words += fmt.Sprintf(", on %d of which somebody had it", d.Taken)
	}
	return words
}

// heldWhy says why nothing is left to chase though something is overdue.
func (d LadderDay) heldWhy() string {
	switch {
	case d.Snoozed:
		return "It is put off."
	case d.Promised:
		return "What is overdue is promised, and the day has not passed."
	case d.Disputed:
		return "What is overdue is disputed."
	}
	return "As much as is overdue came in and is not applied yet."
}

// LadderHistory is what the books know of an account, for its ladder. The documents and
// holds are those of the whole family, since a parent pays and promises for its children.
type LadderHistory struct {
	History

	Customer CustomerID
	Promises []Promise
	Disputes []Dispute
	Claims   []Claim
	Snoozes  []Snooze
}

// On is what the ladder looks at on a day, by what had been done and paid by then.
func (h LadderHistory) On(at LadderMoment, w Workdays) (LadderDay, error) {
	d := LadderDay{Customer: h.Customer, Day: at.Day, Fresh: at.Fresh}
	if !at.Fresh || !w.Works(at.Day) {
		return d, nil
	}
	open, err := OpenItems(h.Documents, h.Applications, at.Day)
	if err != nil {
		return d, fmt.Errorf("ladder of customer %d on %s: %w", h.Customer, at.Day, err)
	}
	d.Overdue = slices.ContainsFunc(open, func(i OpenItem) bool { return h.late(i, at.Day) })
	if !d.Overdue {
		return d, nil
	}
	promises := h.promisesBy(at)
	verdicts, err := Judge(promises, h.History, at.Day, w)
	if err == nil {
		err = h.chase(&d, open, at, promises, verdicts)
	}
	if err != nil {
		return d, fmt.Errorf("ladder of customer %d on %s: %w", h.Customer, at.Day, err)
	}
	h.taken(&d, at)
	h.broken(&d, promises, verdicts)
	return d, nil
}

func (h LadderHistory) late(i OpenItem, day Date) bool {
	return i.Customer == h.Customer && i.Owed() && i.Due.Before(day)
}

// by reports whether an act had been done by a moment.
func (at LadderMoment) by(a Act) bool {
	if at.At.IsZero() || a.At.IsZero() || a.On.IsZero() {
		return !a.On.After(at.Day)
	}
	return !a.At.After(at.At)
}

// promisesBy are the promises as they stood at a moment.
func (h LadderHistory) promisesBy(at LadderMoment) []Promise {
	var then []Promise
	for _, p := range h.Promises {
		if !at.by(p.Made) {
			continue
		}
		if p.End != "" && !at.by(p.Ended) {
			p.End, p.Ended = "", Act{}
		}
		then = append(then, p)
	}
	return then
}

// chase fills in what is left to chase and since when.
func (h LadderHistory) chase(d *LadderDay, open []OpenItem, at LadderMoment, promises []Promise, verdicts []Verdict) error {
	var holds []Hold
	for _, one := range h.Disputes {
		if !at.by(one.Opened) {
			continue
		}
		if hold, stands := one.By(at.by).Hold(); stands {
			holds = append(holds, hold)
		}
	}
	for i, p := range promises {
		holds = append(holds, p.waitedFor(verdicts[i])...)
	}
	slices.SortStableFunc(holds, Hold.compare)
	c := newCutter(open, h.Family, at.Day)
	var errs error
	for _, hold := range holds {
		errs = errors.Join(errs, c.take(hold))
	}
	if errs != nil {
		return errs
	}
	for _, b := range c.of {
		if b.Customer == h.Customer {
			d.Promised = d.Promised || b.OverduePromised.Sign() > 0
			d.Disputed = d.Disputed || b.OverdueDisputed.Sign() > 0
		}
	}
	return h.left(d, c.items, at)
}

// waitedFor is what a promise holds on the ladder: what is missing of each part that is
// not decided, the days of grace with it.
func (p Promise) waitedFor(v Verdict) []Hold {
	var holds []Hold
	for _, part := range v.Parts {
		if part.State == PromiseOpen && part.Missing.Sign() > 0 {
			holds = append(holds, Hold{Kind: HoldPromised, Customer: p.Customer, Document: p.Document, Amount: part.Missing, Due: part.Due})
		}
	}
	return holds
}

// left fills in what no hold took: credit is set against the oldest of it.
func (h LadderHistory) left(d *LadderDay, items []OpenItem, at LadderMoment) error {
	credit, chase := map[Currency]Money{}, map[Currency]Money{}
	add := func(to map[Currency]Money, m Money) error {
		sum := to[m.Currency()]
		err := addTo(&sum, m)
		to[m.Currency()] = sum
		return err
	}
	for _, i := range items {
		if i.Customer == h.Customer && !i.Owed() {
			if err := add(credit, i.Open.Neg()); err != nil {
				return err
			}
		}
	}
	for _, i := range items {
		if !h.late(i, at.Day) {
			continue
		}
		if slices.ContainsFunc(h.Snoozes, func(s Snooze) bool { return s.Covers(h.Customer, i.ID) && s.heldAt(at) }) {
			d.Snoozed = true
			continue
		}
		left, c := i.Open, i.Open.Currency()
		if free := credit[c]; free.Sign() > 0 {
			used := lesser(free, left)
			if err := errors.Join(addTo(&left, used.Neg()), add(credit, used.Neg())); err != nil {
				return err
			}
		}
		if left.Sign() <= 0 {
			continue
		}
		if err := add(chase, left); err != nil {
			return err
		}
		if d.Due.IsZero() || i.Due.Before(d.Due) {
			d.Due = i.Due
		}
	}
	for _, m := range chase {
		d.Chase = append(d.Chase, m)
	}
	slices.SortFunc(d.Chase, func(a, b Money) int { return cmp.Compare(a.Currency(), b.Currency()) })
	return nil
}

// heldAt reports whether a snooze held at a moment.
func (s Snooze) heldAt(at LadderMoment) bool {
	if s.End != "" && !at.by(s.Ended) {
		s.End = ""
	}
	return at.by(s.Made) && s.Holds(at.Day)
}

// taken fills in who has the account, and for how long it was had since it is due.
func (h LadderHistory) taken(d *LadderDay, at LadderMoment) {
	for _, c := range h.Claims {
		if c.Customer != h.Customer || !at.by(c.Made) {
			continue
		}
		from, to := Latest(c.Made.On, d.Due), at.Day
		if c.End == "" || !at.by(c.Ended) {
			d.Holder = c.Holder()
		} else {
			to = c.Ended.On
		}
		if !d.Due.IsZero() && to.After(from) {
			d.Taken += to.Sub(from)
		}
	}
}

// broken fills in the promises about what is to be chased that failed.
func (h LadderHistory) broken(d *LadderDay, promises []Promise, verdicts []Verdict) {
	if d.Due.IsZero() {
		return
	}
	for i, v := range verdicts {
		if !h.Family.Under(h.Customer, promises[i].Customer) {
			continue
		}
		for _, part := range v.Parts {
			if known := part.Deadline.AddDays(1); part.State.Failed() && !part.Deadline.Before(d.Due) {
				d.Broken++
				d.BrokenOn = Latest(d.BrokenOn, known)
			}
		}
	}
}
