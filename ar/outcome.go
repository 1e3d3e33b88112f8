package ar

import (
	"fmt"
	"slices"
)

// rollUp makes one outcome of those of the parts. A promise is open while one
// of its parts is; then it is kept if none failed, settled by credit where that
// helped, else partly kept if anything was paid in time, else broken.
func rollUp(parts []Outcome) (Outcome, error) {
	if len(parts) == 0 {
		return Outcome{State: PromiseClosed, Reason: NothingOwed}, nil
	}
	var whole Outcome
	for _, p := range parts {
		for _, sum := range []struct {
			total *Money
			add   Money
		}{
			{&whole.Amount, p.Amount},
			{&whole.Paid, p.Paid},
			{&whole.ByCredit, p.ByCredit},
			{&whole.Missing, p.Missing},
			{&whole.Late, p.Late},
		} {
			if err := addTo(sum.total, sum.add); err != nil {
				return Outcome{}, err
			}
		}
		whole.Due, whole.Deadline, whole.Decided = Latest(whole.Due, p.Due), Latest(whole.Deadline, p.Deadline), Latest(whole.Decided, p.Decided)
		// The same money can be seen from several parts: it is not added up.
		if p.Unapplied.Cmp(whole.Unapplied) > 0 {
			whole.Unapplied = p.Unapplied
		}
		if p.Reason != "" {
			whole.Reason = p.Reason
		}
		whole.Inferred = whole.Inferred || p.Inferred
	}
	whole.State = rolledState(parts, whole.Paid.Sign() > 0)
	if whole.State != PromiseClosed {
		whole.Reason = ""
	}
	if !whole.State.Final() {
		whole.Decided = Date{}
	}
	return whole, nil
}

func rolledState(parts []Outcome, paid bool) PromiseState {
	has := func(s PromiseState) bool {
		return slices.ContainsFunc(parts, func(o Outcome) bool { return o.State == s })
	}
	failed := has(PromiseBroken) || has(PromisePartlyKept)
	switch {
	case parts[0].State == PromiseCancelled, parts[0].State == PromiseSuperseded:
		return parts[0].State
	case has(PromiseOpen):
		return PromiseOpen
	case failed && paid:
		return PromisePartlyKept
	case failed:
		return PromiseBroken
	case has(PromiseSettled):
		return PromiseSettled
	case has(PromiseKept):
		return PromiseKept
	}
	return PromiseClosed
}

// Sentence says what became of it, for people: "Partly kept: $12,400.00 of
// $20,000.00 was paid by Fri 4 Dec 2026, $7,600.00 is missing."
func (o Outcome) Sentence() string {
	switch o.State {
	case PromiseOpen:
		return o.openSentence()
	case PromiseKept:
		if o.Paid.Cmp(o.Amount) < 0 {
			return fmt.Sprintf("Kept: %s was %s by %s, which is all that was owed.", o.Paid, o.came(), o.Decided.Long())
		}
		return fmt.Sprintf("Kept: %s was %s by %s.", o.Paid, o.came(), o.Decided.Long())
	case PromisePartlyKept:
		return fmt.Sprintf("Partly kept: %s of %s was %s by %s, %s is missing.%s", o.Paid, o.Amount, o.came(), o.Deadline.Long(), o.Missing, o.since())
	case PromiseBroken:
		return fmt.Sprintf("Broken: nothing of %s was paid by %s.%s", o.Amount, o.Deadline.Long(), o.since())
	case PromiseSettled:
		if o.Paid.Sign() > 0 {
			return fmt.Sprintf("Settled by credit: %s was %s and %s credited, so nothing is missing.", o.Paid, o.came(), o.ByCredit)
		}
		return fmt.Sprintf("Settled by credit: %s was credited, so nothing is missing.", o.ByCredit)
	case PromiseClosed:
		return fmt.Sprintf("Closed: %s.", o.Reason)
	case PromiseCancelled, PromiseSuperseded:
	}
	return fmt.Sprintf("The promise was %s on %s.", o.State, o.Decided.Long())
}

func (o Outcome) openSentence() string {
	s := fmt.Sprintf("Open: %s is promised by %s", o.Amount, o.Due.Long())
	if o.Paid.Sign() > 0 {
		s += fmt.Sprintf(", %s of it was %s so far", o.Paid, o.came())
	}
	return s + "."
}

// came says how what was counted came in, as far as the ledger tells.
func (o Outcome) came() string {
	if o.Inferred {
		return "paid or credited"
	}
	return "paid"
}

// since says what has come in after all.
func (o Outcome) since() (s string) {
	if o.Late.Sign() > 0 {
		s = fmt.Sprintf(" %s came later.", o.Late)
	}
	if o.Unapplied.Sign() > 0 {
		s += fmt.Sprintf(" %s came in but is applied to no invoice yet: apply it, and this is judged again.", o.Unapplied)
	}
	return s
}

// Correction is a verdict that changed after it was given: a payment with an
// earlier date came in late, a payment was voided, an invoice was deleted.
type Correction struct {
	Promise  PromiseID
	From, To Outcome
}

// Correct compares the verdict that was given with the one that holds now. It
// reports false where there is nothing to correct: none was given, or it stands.
func Correct(given, now Verdict) (Correction, bool) {
	if !given.State.Final() || given.State == now.State && given.Paid == now.Paid && given.Missing == now.Missing {
		return Correction{}, false
	}
	return Correction{Promise: now.Promise, From: given.Outcome, To: now.Outcome}, true
}

// Sentence says what was corrected, and to what.
func (c Correction) Sentence() string {
	if c.From.State == c.To.State {
		return fmt.Sprintf("Corrected, by what the ledger brought since. %s", c.To.Sentence())
	}
	return fmt.Sprintf("Corrected from %s to %s, by what the ledger brought since. %s", c.From.State, c.To.State, c.To.Sentence())
}
