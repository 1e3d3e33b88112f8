package forecast

import (
	"slices"

	"arbot/ar"
)

const (
	weekDays  = 7
	monthDays = 31
	// habitKappa is the weight of the book's habit beside a customer's, in payments.
	habitKappa = 30
)

// What chi-squared with six and with thirty degrees of freedom exceeds by chance once in a
// hundred: below it there's no habit.
const (
	chanceInWeek  = 16.81
	chanceInMonth = 50.89
)

// A customer pays by runs if so many payments, of at least so many, fell on its six
// favourite days of the month.
const (
	fewestForRuns = 24
	favourites    = 6
	shareInRuns   = 0.7
)

// payments counts payments by day of the week and of the month.
type payments struct {
	n     int32
	week  [weekDays]int32
	month [monthDays]int32
}

func (p *payments) add(on ar.Date) {
	d := dayOf(on)
	p.n++
	p.week[d.week]++
	p.month[d.month]++
}

// day is a date as habits see it: the month's last day is number 30, however long it is.
type day struct{ week, month uint8 }

func dayOf(d ar.Date) day {
	_, _, month := d.Civil()
	if d == d.MonthEnd() {
		month = monthDays
	}
	return day{week: uint8(d.Weekday()), month: uint8(month - 1)}
}

// habit says how much likelier a payment is on such a day than on any: 1 is as likely.
// Many payers have a weekday for it, hardly any pays on a Sunday, and some pay by runs on
// fixed days of the month: with those the weekday says nothing.
type habit struct {
	week  [weekDays]float64
	runs  bool
	month [monthDays]float64
}

func (h *habit) likelier(on day) float64 {
	if h.runs {
		return h.month[on.month]
	}
	return h.week[on.week]
}

// noHabit pays on any day alike.
func noHabit() habit {
	var h habit
	for n := range h.week {
		h.week[n] = 1
	}
	for n := range h.month {
		h.month[n] = 1
	}
	return h
}

// habit is what the payments show beyond what's usual.
func (p *payments) habit(usual habit, weight float64) habit {
	own := usual
	shrink(own.week[:], p.week[:], weekShare[:], chanceInWeek, weight)
	shrink(own.month[:], p.month[:], monthShare[:], chanceInMonth, weight)
	own.runs = p.byRuns()
	return own
}

// byRuns reports whether most payments fell on a few days of the month.
func (p *payments) byRuns() bool {
	if p.n < fewestForRuns {
		return false
	}
	most := p.month
	slices.Sort(most[:])
	var inRuns int32
	for _, n := range most[monthDays-favourites:] {
		inRuns += n
	}
	return float64(inRuns) >= shareInRuns*float64(p.n)
}

// shrink turns what's usual into what's usual for these payments. A difference that
// chance would make is none; a larger one is shrunk by the part of it that chance still
// explains (positive-part James-Stein), and by the weight of what's usual. Share is what
// part of all days such a day is.
func shrink(usual []float64, paid []int32, share []float64, chance, weight float64) {
	var n, chiSquared float64
	for _, p := range paid {
		n += float64(p)
	}
	for day, p := range paid {
		if expected := n * usual[day] * share[day]; expected > 0 {
			off := float64(p) - expected
			chiSquared += off * off / expected
		}
	}
	if chiSquared < chance {
		return
	}
	own := (1 - float64(len(paid)-1)/chiSquared) * n / (n + weight)
	for day, p := range paid {
		usual[day] = (1-own)*usual[day] + own*float64(p)/(n*share[day])
	}
}

var weekShare = [weekDays]float64{1. / 7, 1. / 7, 1. / 7, 1. / 7, 1. / 7, 1. / 7, 1. / 7}

// monthShare is what part of all days each day of the month is.
var monthShare = func() (share [monthDays]float64) {
	for n := range share {
		share[n] = 12 / 365.25
	}
	// The 28th to 30th that aren't the last of their month.
	share[27], share[28], share[29] = 11.25/365.25, 11/365.25, 7/365.25
	return share
}()
