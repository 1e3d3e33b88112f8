package forecast

import "arbot/ar"

// trailing is how many weeks of issued invoices stand for those of the weeks to come.
const trailing = 8

// RecentFrom returns the first day of the weeks whose invoices stand for those that
// are yet to be issued; they end the day before the as-of date.
func RecentFrom(asOf ar.Date) ar.Date { return asOf.AddDays(-7 * trailing) }

// yet adds to sums, by week and in minor units, what is expected in of invoices that
// are yet to be issued: each invoice of the last eight weeks is issued again in each
// of the coming weeks, on its weekday, an eighth of it.
func (m *Model) yet(sums []float64, recent Invoice) {
	since := recent.Issued.Sub(RecentFrom(m.asOf))
	if since < 0 || !recent.KnownOn(m.asOf) {
		return
	}
	paid := make([]float64, 7*len(sums)) // by days since its issue
	runs := m.of(recent.Customer).habit.runs
	for issued := since % 7; issued < 7*len(sums); issued += 7 {
		if runs || issued < 7 { // else the next one is paid as the one before: weeks are alike
			next := recent
			next.Issued = m.asOf.AddDays(issued)
			next.Due = next.Issued.AddDays(recent.TermDays())
			m.paidBy(paid, next, next.Issued)
		}
		addPaid(sums, float64(recent.Amount.Minor())/trailing, paid, issued)
	}
}

// addPaid adds an amount that's issued on a day to the weeks in which it's paid.
func addPaid(sums []float64, amount float64, paid []float64, issued int) {
	before := 0.0
	for week := issued / 7; week < len(sums); week++ {
		by := paid[7*week+6-issued]
		sums[week] += amount * (by - before)
		before = by
	}
}
