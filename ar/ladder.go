package ar

import (
	"fmt"
	"slices"
	"strings"
)

// Rung is one step of a ladder: when it is due, who is asked then, and for what. All
// that it asks for must hold at once: Days or Broken, and AtLeast.
type Rung struct {
	// Days is how long the oldest amount to chase must be overdue, on the ladder's clock:
	// calendar days, those left out on which somebody had the account.
	Days int
	// AtLeast is what must be left to chase, in whole units of the account's own currency.
	AtLeast int64
	// Broken is from how many broken promises on the rung is due whatever the days; 0
	// does not look at them.
	Broken int
	// Channel is where it is posted; with none it goes to a person: To.
	Channel string
	To      Addressee
	// Ask says what is asked for; "" is a sentence of arbot's own.
	Ask string
	// Within is how many business days there are for an answer; 0 is the usual number.
	Within int
	// Hold: a credit hold is proposed.
	Hold bool
}

// Addressee is the person to whom a rung goes.
type Addressee string

// Addressees that follow from the account; any other is an e-mail address.
const (
	ToOwner     Addressee = "owner"
	ToCollector Addressee = "collector"
)

// Ladder is what is done about the accounts of a segment that nobody takes on, rung by
// rung. It is not the dunning of customers: they get nothing of it.
type Ladder struct {
	// Segment names it; steps that were taken keep the name.
	Segment string
	Rungs   []Rung
	// Pause is how many business days lie between two rungs at least.
	Pause int
}

// Check refuses a ladder whose rungs do not rise: then none could be skipped.
func (l Ladder) Check() error {
	if len(l.Rungs) == 0 {
		return Refuse("A ladder needs a rung: from how many days on, who is asked.")
	}
	for i, r := range l.Rungs {
		switch {
		case r.Days < 1 || r.AtLeast < 0 || r.Broken < 0 || r.Within < 0:
			return Refuse("Rung %d: days begin at 1, and no other number is below 0.", i+1)
		case r.Channel == "" && r.To == "", r.Channel != "" && r.To != "":
			return Refuse("Rung %d goes either to a channel or to a person: give one of the two.", i+1)
		case r.To != "" && r.To != ToOwner && r.To != ToCollector && !strings.Contains(string(r.To), "@"):
			return Refuse("Rung %d: %q is neither owner, collector nor an e-mail address.", i+1, string(r.To))
		case i > 0 && (r.Days < l.Rungs[i-1].Days || r.AtLeast < l.Rungs[i-1].AtLeast):
			return Refuse("Rung %d asks for less than the rung before it. Days and amounts must not fall.", i+1)
		}
	}
	return nil
}

// LadderStep is one step on a ladder: up to a rung, or down to 0 when nothing is overdue
// any more. Steps are kept, and are all that the ladder remembers.
type LadderStep struct {
	Customer CustomerID
	Segment  string
	// Rung is where the account stands after it, from 1; 0 is beside the ladder.
	Rung int
	On   Date
	// Shadow: nothing was posted, since the ladder was not turned on.
	Shadow bool
	// Why answers "why did I get this?".
	Why string
	// Chase is what was left to chase then.
	Chase []Money
}

// LadderAnswer is what a ladder says of an account on a day.
type LadderAnswer struct {
	Step LadderStep
	// Moves: there is a step; else Step.Why says why there is none.
	Moves bool
}

// Look says whether an account goes a step on a day. Said are the steps before, in
// order. It goes one rung at a time, so a part payment skips none; what a claim, a
// promise, a dispute or a snooze holds, and what is known by old data only, stays where
// it is; a promise that broke since the last step takes it one rung up at once.
func (l Ladder) Look(d LadderDay, said []LadderStep, w Workdays) LadderAnswer {
	last := LadderStep{}
	if len(said) > 0 {
		last = said[len(said)-1]
	}
	stay := func(format string, args ...any) LadderAnswer {
		return LadderAnswer{Step: LadderStep{Customer: d.Customer, Segment: l.Segment, Rung: last.Rung, On: d.Day, Why: fmt.Sprintf(format, args...), Chase: d.Chase}}
	}
	step := func(rung int, why string) LadderAnswer {
		a := stay("%s", why)
		a.Moves, a.Step.Rung = true, rung
		return a
	}
	switch {
	case !w.Works(d.Day):
		return stay("The ladder moves on business days only.")
	case !d.Fresh:
		return stay("The data of the ledger is too old: nobody is asked about what may be paid.")
	case !d.Overdue && last.Rung > 0:
		return step(0, "Nothing is overdue any more.")
	case !d.Overdue:
		return stay("Nothing is overdue.")
	case len(d.Chase) == 0:
		return stay("%s", d.heldWhy())
	case d.Holder != "":
		return stay("Somebody has the account: its clock stands still until the claim ends.")
	case last.Rung >= len(l.Rungs):
		return stay("It stands on the last rung.")
	}
	rung := l.Rungs[last.Rung]
	why := l.due(rung, d, last, w)
	if why == "" {
		return stay("%s", l.notYet(rung, d, last, w))
	}
	return step(last.Rung+1, fmt.Sprintf("Rung %d of %d (%s). %s", last.Rung+1, len(l.Rungs), l.Segment, why))
}

// due says why a rung is due; "" where it is not.
func (l Ladder) due(r Rung, d LadderDay, last LadderStep, w Workdays) string {
	rested := last.Rung == 0 || w.Between(last.On, d.Day) >= l.Pause
	switch {
	case !reaches(d.Chase, r.AtLeast):
		return ""
	case d.BrokenOn.After(last.On) && !d.BrokenOn.IsZero():
		return fmt.Sprintf("%s is to chase, and a promise was broken on %s: that takes it one rung up at once.", joinMoney(d.Chase), d.BrokenOn.Long())
	case rested && d.Clock() >= r.Days:
		return fmt.Sprintf("%s is to chase, the oldest due on %s: %s. This rung is from %s on%s.",
			joinMoney(d.Chase), d.Due.Long(), d.clockWords(), countDays(r.Days), atLeastWords(r.AtLeast, d.Chase))
	case rested && r.Broken > 0 && d.Broken >= r.Broken:
		return fmt.Sprintf("%s is to chase, and %d promises were broken: this rung is from %d on%s.", joinMoney(d.Chase), d.Broken, r.Broken, atLeastWords(r.AtLeast, d.Chase))
	}
	return ""
}

// notYet says what a rung waits for.
func (l Ladder) notYet(r Rung, d LadderDay, last LadderStep, w Workdays) string {
	switch {
	case !reaches(d.Chase, r.AtLeast):
		least, _ := whole(r.AtLeast, d.Chase[0].Currency())
		return fmt.Sprintf("%s is to chase, and the next rung begins at %s.", joinMoney(d.Chase), least)
	case d.Clock() < r.Days:
		return fmt.Sprintf("It is %s, and the next rung begins at %s.", d.clockWords(), countDays(r.Days))
	}
	return fmt.Sprintf("There are %d business days between two rungs; the last step was on %s.", l.Pause, w.Add(last.On, 0).Long())
}

// whole are so many whole units of a currency; false where they are too many.
func whole(units int64, c Currency) (Money, bool) {
	m, err := NewMoney(1, c).Mul(units)
	for range c.Exponent() {
		if err == nil {
			m, err = m.Mul(10)
		}
	}
	return m, err == nil
}

// reaches reports whether an amount of one currency is at least so many whole units.
func reaches(chase []Money, units int64) bool {
	return slices.ContainsFunc(chase, func(m Money) bool {
		least, ok := whole(units, m.Currency())
		return ok && m.Cmp(least) >= 0
	})
}

func atLeastWords(units int64, chase []Money) string {
	if units == 0 || len(chase) == 0 {
		return ""
	}
	least, _ := whole(units, chase[0].Currency())
	return fmt.Sprintf(", with at least %s to chase", least)
}

func joinMoney(list []Money) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return strings.Join(texts, " and ")
}

func countDays(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// Replay returns the steps of an account over the days of a history, in order: what the
// ladder did, or would have done. It is nothing but Look on each day, so a run on each
// day gives the same.
func (l Ladder) Replay(h LadderHistory, days []LadderMoment, w Workdays) ([]LadderStep, error) {
	var said []LadderStep
	for _, at := range days {
		d, err := h.On(at, w)
		if err != nil {
			return nil, err
		}
		if a := l.Look(d, said, w); a.Moves {
			said = append(said, a.Step)
		}
	}
	return said, nil
}
