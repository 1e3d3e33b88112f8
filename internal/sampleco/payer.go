package sampleco

import "arbot/ar"

// habit is how an account pays.
type habit int

const (
	prompt           habit = iota // about the due date
	monthEnd                      // on the last business day of the month in which it falls due
	lateByTen                     // ten days late, give or take
	lateByTwentyFive              // twenty-five
	fortnightly                   // everything that is due, every other Friday
	partly                        // more than half when due, the rest much later
	stopped                       // ten days late, and from account.stops on no more
)

// commonHabits are the habits of accounts that are made up by rule, as often
// as they are met.
var commonHabits = []habit{
	prompt, prompt, prompt, prompt, monthEnd, monthEnd, lateByTen, lateByTen, lateByTen, lateByTwentyFive,
	lateByTwentyFive, fortnightly, fortnightly, partly,
}

// payDay returns when an account pays a document; the zero date is never.
func (c *Company) payDay(a account, issued, due ar.Date) ar.Date {
	lost := !a.steady && c.dice.chance(14) // the invoice lies in the wrong tray
	day := due
	switch a.habit {
	case prompt:
		day = due.AddDays(c.dice.between(-4, 2))
	case monthEnd:
		day = onOrBefore(due.MonthEnd())
	case lateByTen:
		day = due.AddDays(c.dice.between(6, 14))
	case lateByTwentyFive:
		day = due.AddDays(c.dice.between(17, 33))
	case fortnightly:
		day = payRun(due.AddDays(1))
	case partly:
		day = due.AddDays(c.dice.between(3, 10))
	case stopped:
		day = due.AddDays(c.dice.between(6, 14))
		if !day.Before(a.stops) {
			return ar.Date{}
		}
	}
	if lost {
		day = due.AddDays(c.dice.between(50, 95))
	}
	return onOrAfter(ar.Latest(day, issued.AddDays(1)))
}
