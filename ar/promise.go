package ar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// PromiseID names a promise.
type PromiseID int64

// Act is who did something, when and where.
type Act struct {
	// By is the user in the chat system; "" is arbot itself.
	By string
	// At is the instant, On the civil date of it in the company's zone.
	At time.Time
	On Date
	// Where is the permalink of the message, opaque; "" where there is none.
	Where string
}

// Instalment is an amount by a date.
type Instalment struct {
	Amount Money
	Due    Date
}

// Promise is what a customer said will be paid, and when.
type Promise struct {
	ID       PromiseID
	Customer CustomerID
	// Document is the invoice that it is about; 0 is the customer as a whole,
	// the oldest due date first.
	Document DocumentID
	// Parts are the instalments, by rising due date, all of one currency.
	Parts []Instalment
	// GraceDays are the business days after a due date during which a payment
	// still keeps it, as they were when the promise was made.
	GraceDays int
	Note      string
	Made      Act
	// Already is what had been paid on the day of the promise before it was
	// made (History.PaidOn): it keeps nothing.
	Already Money
	// End is PromiseCancelled, PromiseSuperseded, or "" for one that stands.
	End   PromiseState
	Ended Act
	// By is the promise that superseded it, 0 for none.
	By PromiseID
}

// PromiseState is what became of a promise.
type PromiseState string

// The states of a promise. All but PromiseOpen are final, until the ledger's
// history changes.
const (
	PromiseOpen       PromiseState = "open"
	PromiseKept       PromiseState = "kept"
	PromisePartlyKept PromiseState = "partly kept"
	PromiseBroken     PromiseState = "broken"
	// PromiseSettled: nothing is owed any more, but not by payments alone.
	PromiseSettled PromiseState = "settled by credit"
	// PromiseClosed: it fell away, see CloseReason.
	PromiseClosed     PromiseState = "closed"
	PromiseCancelled  PromiseState = "cancelled"
	PromiseSuperseded PromiseState = "superseded"
)

// Final reports whether the state says how the promise ended.
func (s PromiseState) Final() bool { return s != PromiseOpen }

// Failed reports whether money that was promised did not come in time.
func (s PromiseState) Failed() bool { return s == PromiseBroken || s == PromisePartlyKept }

// Currency returns the currency of the promise.
func (p Promise) Currency() Currency {
	if len(p.Parts) == 0 {
		return ""
	}
	return p.Parts[0].Amount.Currency()
}

// Amount returns the sum of the parts.
func (p Promise) Amount() (Money, error) {
	var total Money
	for _, part := range p.Parts {
		if err := addTo(&total, part.Amount); err != nil {
			return Money{}, fmt.Errorf("amount of promise %d: %w", p.ID, err)
		}
	}
	return total, nil
}

// Key is equal for two promises that are one and the same said twice: same
// person, subject, amounts and dates (case SL-05).
func (p Promise) Key() string {
	var key strings.Builder
	fmt.Fprintf(&key, "%s c%d d%d", p.Made.By, p.Customer, p.Document)
	for _, part := range p.Parts {
		fmt.Fprintf(&key, " %s%s@%s", part.Amount.Currency(), part.Amount.Decimal(), part.Due)
	}
	return key.String()
}

// Subject is what a promise or a dispute can be about, as a check needs it.
type Subject struct {
	// Label is how a sentence names it: the invoice's number or the
	// customer's name.
	Label string
	// Open is what is owed of it.
	Open Money
	// Taken is what other promises (or disputes) that stand take of it.
	Taken Money
}

// farthest is how many days ahead a promise is believed; more is a typing
// error in the year.
const farthest = 2 * 366

// Check refuses a promise that cannot be meant, with a sentence that says what
// to type instead.
func (p Promise) Check(s Subject, today Date) error {
	if len(p.Parts) == 0 {
		return Refuse("Say how much is promised and for when, like 500 by Friday.")
	}
	for i, part := range p.Parts {
		if err := part.check(today); err != nil {
			return err
		}
		if i > 0 && !part.Due.After(p.Parts[i-1].Due) {
			return Refuse("%s does not come after %s. Give the parts of a promise by date, one a day.", part.Due.Long(), p.Parts[i-1].Due.Long())
		}
	}
	if p.GraceDays < 0 {
		return Refuse("%d days of grace are below 0. Give 0 or more.", p.GraceDays)
	}
	return p.checkAmount(s)
}

func (i Instalment) check(today Date) error {
	switch {
	case i.Amount.Sign() <= 0:
		return Refuse("%s cannot be promised. Give an amount above 0.", i.Amount)
	case i.Due.IsZero():
		return Refuse("When will %s be paid? Give a date, like Friday or EOM.", i.Amount)
	case i.Due.Before(today):
		return Refuse("%s is past. Give a date from today on.", i.Due.Long())
	case i.Due.Sub(today) > farthest:
		return Refuse("%s is more than two years ahead. Check the year.", i.Due.Long())
	}
	return nil
}

func (p Promise) checkAmount(s Subject) error {
	if s.Open.Sign() <= 0 {
		return Refuse("Nothing is owed on %s, so nothing can be promised for it.", s.Label)
	}
	if slices.ContainsFunc(p.Parts, func(i Instalment) bool { return i.Amount.Currency() != s.Open.Currency() }) {
		return Refuse("%s is in %s. Give the promise in %s.", s.Label, s.Open.Currency(), s.Open.Currency())
	}
	total, err := p.Amount()
	if err != nil {
		return Refuse("That is too large for an amount.")
	}
	free, err := s.Open.Sub(s.Taken)
	if err != nil {
		return fmt.Errorf("check promise for %s: %w", s.Label, err)
	}
	switch {
	case total.Cmp(s.Open) > 0:
		return Refuse("Only %s is owed on %s, so %s is too much. Type \"all\" for the whole of it.", s.Open, s.Label, total)
	case total.Cmp(free) > 0:
		return Refuse("%s of the %s owed on %s is promised already, so %s more is too much. Change the promise that stands, or cancel it.", s.Taken, s.Open, s.Label, total)
	}
	return nil
}

// Cancel ends a promise that is not judged yet.
func (p Promise) Cancel(v Verdict, a Act) (Promise, error) { return p.end(v, PromiseCancelled, a, 0) }

// Supersede ends a promise that is not judged yet by another that takes its
// place.
func (p Promise) Supersede(v Verdict, a Act, by PromiseID) (Promise, error) {
	return p.end(v, PromiseSuperseded, a, by)
}

func (p Promise) end(v Verdict, state PromiseState, a Act, by PromiseID) (Promise, error) {
	switch {
	case p.End != "":
		return p, Refuse("This promise was %s already, on %s.", p.End, p.Ended.On.Long())
	case v.State.Final():
		return p, Refuse("This promise is judged already: %s Record a new one for what comes next.", v.Sentence())
	}
	p.End, p.Ended, p.By = state, a, by
	return p, nil
}
