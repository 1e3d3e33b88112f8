package forecast

import "arbot/ar"

// naiveWeeks is how many weeks the naive line is the mean of.
const naiveWeeks = 4

// Naive is the line that each forecast is shown beside: the mean of what came in in
// each of the last four weeks, rounded down to the minor unit. It reports false
// where there aren't four weeks yet. Received is by week, oldest first, in one
// currency.
func Naive(received []ar.Money) (ar.Money, bool, error) {
	if len(received) < naiveWeeks {
		return ar.Money{}, false, nil
	}
	sum, err := ar.Sum(received[len(received)-naiveWeeks:]...)
	if err != nil {
		return ar.Money{}, false, err
	}
	return ar.NewMoney(sum.Minor()/naiveWeeks, sum.Currency()), true, nil
}

// lags are the mean lateness of each customer, and of the whole book: what one would
// add to due dates by hand.
type lags struct {
	of  map[ar.CustomerID]lag
	all lag
}

type lag struct{ days, invoices int }

func (l lag) plus(days int) lag { return lag{l.days + days, l.invoices + 1} }

func (l lag) mean() float64 { return float64(l.days) / float64(max(1, l.invoices)) }

func newLags(history []Invoice, asOf ar.Date) lags {
	l := lags{of: map[ar.CustomerID]lag{}}
	for _, i := range history {
		if i.SettledBefore(asOf) {
			l.of[i.Customer] = l.of[i.Customer].plus(i.Lateness())
			l.all = l.all.plus(i.Lateness())
		}
	}
	return l
}

// daysTo is when an invoice is paid if its customer is as late as ever, in days from
// the as-of date; at once where that has passed.
func (l lags) daysTo(i Invoice, asOf ar.Date) int {
	own, known := l.of[i.Customer]
	if !known {
		own = l.all
	}
	return max(0, i.Due.Sub(asOf)+nearest(own.mean()))
}

// daysToDue is when an invoice is paid if that's on its due date; at once where it's
// overdue.
func daysToDue(i Invoice, asOf ar.Date) int { return max(0, i.Due.Sub(asOf)) }
