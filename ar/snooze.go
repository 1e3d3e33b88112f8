package ar

import "strings"

// SnoozeID names a snooze.
type SnoozeID int64

// Snooze puts an account or an invoice off: it is not on the worklist and not escalated
// before a day. It stays overdue and in every figure.
type Snooze struct {
	ID       SnoozeID
	Customer CustomerID
	// Document is the invoice; 0 is the account as a whole.
	Document DocumentID
	// Until is the day on which it is back.
	Until  Date
	Reason string
	Made   Act
	// End is how it ended before its day; "" for one that did not.
	End   SnoozeEnd
	Ended Act
}

// SnoozeEnd is how a snooze ended before its day.
type SnoozeEnd string

// The ends of a snooze.
const (
	// SnoozeWoken: somebody ended it.
	SnoozeWoken SnoozeEnd = "ended early"
	// SnoozeReplaced: another snooze of the same took its place.
	SnoozeReplaced SnoozeEnd = "replaced"
)

// SnoozeDays is the default of how many calendar days ahead something can be put off.
const SnoozeDays = 14

// Holds reports whether it puts off what is done on a day.
func (s Snooze) Holds(today Date) bool {
	return s.End == "" && !s.Made.On.After(today) && today.Before(s.Until)
}

// Covers reports whether it puts off an invoice of an account; document 0 asks for the
// account as a whole.
func (s Snooze) Covers(customer CustomerID, document DocumentID) bool {
	return s.Customer == customer && (s.Document == 0 || s.Document == document)
}

// Check refuses a snooze that cannot be meant; most is the most calendar days ahead.
func (s Snooze) Check(today Date, most int) error {
	switch {
	case s.Until.IsZero():
		return Refuse("Until when? Give a date, like Friday or 12/5, and the reason behind it.")
	case !s.Until.After(today):
		return Refuse("%s is not ahead. Give a day after today.", s.Until.Long())
	case s.Until.Sub(today) > most:
		return Refuse("%s is more than %d days ahead, which is the most here. Give a day up to %s.", s.Until.Long(), most, today.AddDays(most).Long())
	case strings.TrimSpace(s.Reason) == "":
		return Refuse("Why is it put off? Write the reason behind the date, such as: customer asks for a copy.")
	case len([]rune(s.Reason)) > LongestNote:
		return Refuse("The reason is longer than %d characters. Shorten it.", LongestNote)
	}
	return nil
}

// Finish ends a snooze that stands.
func (s Snooze) Finish(end SnoozeEnd, by Act) (Snooze, error) {
	if s.End != "" {
		return s, Refuse("This snooze ended already on %s. Nothing is put off by it.", s.Ended.On.Long())
	}
	s.End, s.Ended = end, by
	return s, nil
}
