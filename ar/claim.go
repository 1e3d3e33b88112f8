package ar

import "time"

// ClaimID names a claim.
type ClaimID int64

// Claim says that somebody has taken an account on: the name stays on its lines until
// the claim ends. At most one stands per account.
type Claim struct {
	ID       ClaimID
	Customer CustomerID
	// Made is who holds it, and since when.
	Made Act
	// Email is the address by which the config knows the holder, with name, deputy and
	// absences; "" where it is not known.
	Email string
	// End is how it ended; "" for one that stands.
	End   ClaimEnd
	Ended Act
}

// ClaimEnd is how a claim ended.
type ClaimEnd string

// The ends of a claim.
const (
	// ClaimReleased: the holder, AR or an admin gave it back.
	ClaimReleased ClaimEnd = "released"
	// ClaimTakenOver: another person holds the account now.
	ClaimTakenOver ClaimEnd = "taken over"
	// ClaimLapsed: nothing was done within ClaimDays.
	ClaimLapsed ClaimEnd = "lapsed"
	// ClaimPaid: nothing of the account is overdue any more.
	ClaimPaid ClaimEnd = "paid"
	// ClaimMerged: the ledger made one account of two, and the other's claim stands.
	ClaimMerged ClaimEnd = "merged"
)

// ClaimDays is how many business days a claim stands without an act of its holder.
const ClaimDays = 3

// Holder is the user in the chat system who has the account.
func (c Claim) Holder() string { return c.Made.By }

// Stands reports whether the claim has not ended.
func (c Claim) Stands() bool { return c.End == "" }

// Finish ends a claim that stands.
func (c Claim) Finish(end ClaimEnd, by Act) (Claim, error) {
	if !c.Stands() {
		return c, Refuse("This claim ended already on %s: it was %s. Look at the account to see who has it now.", c.Ended.On.Long(), c.End)
	}
	c.End, c.Ended = end, by
	return c, nil
}

// AccountAct is something that somebody did about an account: recorded, changed or
// ended a promise, opened or moved a dispute, wrote a note or a call, put it off.
type AccountAct struct {
	Customer CustomerID
	Act
}

// LastAct is the latest civil date on which the holder did something about the
// account; the date of the claim itself where nothing was done since.
func LastAct(c Claim, acts []AccountAct) Date {
	last := c.Made.On
	for _, a := range acts {
		if a.Customer == c.Customer && a.By == c.Holder() && !earlier(a.At, c.Made.At) {
			last = Latest(last, a.On)
		}
	}
	return last
}

// earlier compares instants to the millisecond, which is what the books keep.
func earlier(a, b time.Time) bool {
	return a.Truncate(time.Millisecond).Before(b.Truncate(time.Millisecond))
}

// LapsesOn is the business day on which a claim lapses unless its holder does something
// before: the one after ClaimDays business days that pass without an act.
func LapsesOn(c Claim, acts []AccountAct, calendar Workdays) Date {
	return calendar.Add(LastAct(c, acts), ClaimDays+1)
}

// Lapsed reports whether a standing claim is to end on a day since its holder did
// nothing for ClaimDays whole business days.
func Lapsed(c Claim, acts []AccountAct, calendar Workdays, today Date) bool {
	return c.Stands() && !today.Before(LapsesOn(c, acts, calendar))
}
