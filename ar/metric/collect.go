package metric

import "arbot/ar"

// CEI (collection effectiveness index, in percent) is the part of what could be
// collected in a period that was:
//
//	(begin + sales - end) / (begin + sales - current) x 100
//
// with the A/R at both ends, the sales of the period whatever its length, and what is
// current at its end. Some divide a quarter's sales by its months, which gives other
// figures: show it as "CEI (period sales)".
func CEI(begin, sales, end, current ar.Money) Figure {
	all, err := begin.Add(sales)
	if err != nil {
		return unsummed(begin, sales, end, current)
	}
	collected, err := all.Sub(end)
	if err != nil {
		return unsummed(begin, sales, end, current)
	}
	collectable, err := all.Sub(current)
	if err != nil {
		return unsummed(begin, sales, end, current)
	}
	return ratio(collected, collectable, 100, NothingToGet)
}

// PercentCurrent is the part of what is owed, gross, that isn't past due, in percent.
func PercentCurrent(current, gross ar.Money) Figure { return ratio(current, gross, 100, NothingOpen) }

// BadDebtRatio is what was written off, less what was recovered, as a part of sales,
// in percent.
func BadDebtRatio(writtenOff ar.Money, s Sales) Figure {
	return ratio(writtenOff, s.Net, 100, s.reason())
}
