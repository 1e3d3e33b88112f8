package metric

import (
	"errors"
	"fmt"

	"arbot/ar"
)

// ErrNoPeriod is wrapped where a book doesn't have the periods that are asked for.
var ErrNoPeriod = errors.New("the sums don't reach back so far")

// Window is some successive periods of a book taken as one.
type Window struct {
	ar.Slice
	After, To ar.Date
	Opening   ar.Aging
	ar.Flow
	Closing    ar.Aging
	Translated bool
}

// Window takes the last of the book's periods as one.
func (b Book) Window(periods int) (Window, error) {
	first := len(b.Periods) - periods
	if periods < 1 || first < 0 {
		return Window{}, fmt.Errorf("metric: the last %d of %d periods: %w", periods, len(b.Periods), ErrNoPeriod)
	}
	w := Window{
		Slice: b.Slice, After: b.Periods[first].After, To: b.AsOf(), Opening: b.Opening,
		Flow: ar.NewFlow(b.Currency), Closing: b.Closing(), Translated: b.Translated,
	}
	if first > 0 {
		w.Opening = b.Periods[first-1].Closing
	}
	for _, p := range b.Periods[first:] {
		if err := w.AddSum(p.Flow); err != nil {
			return Window{}, err
		}
	}
	return w, nil
}

// WholeMonths takes the last whole calendar months as one: 90, 91 or 92 days for
// three. The month to date is left out.
func (b Book) WholeMonths(months int) (Window, error) {
	if len(b.Periods) > 0 && !b.Periods[len(b.Periods)-1].WholeMonth() {
		b = b.Until(len(b.Periods) - 1)
	}
	for _, p := range b.Periods[max(0, len(b.Periods)-months):] {
		if !p.WholeMonth() {
			return Window{}, fmt.Errorf("metric: %s to %s is no calendar month: %w", p.After.AddDays(1), p.To, ErrNoPeriod)
		}
	}
	return b.Window(months)
}

// Days returns how long the window is.
func (w Window) Days() int { return w.To.Sub(w.After) }

func (w Window) sales() (Sales, error) {
	net, err := w.Sales()
	return Sales{Net: net, Days: w.Days()}, err
}

// SimpleDSO is A/R at the end / sales x days.
func (w Window) SimpleDSO() Figure {
	return w.withSales(SimpleDSO)
}

// BestPossibleDSO is what SimpleDSO would be with nothing overdue.
func (w Window) BestPossibleDSO() Figure {
	return w.withSales(func(end ar.Money, s Sales) Figure { return BestPossibleDSO(end, w.Closing.Current(), s) })
}

// DelinquentDays (ADD) is simple less best possible DSO.
func (w Window) DelinquentDays() Figure { return DelinquentDays(w.SimpleDSO(), w.BestPossibleDSO()) }

// CEI is the collection effectiveness index, by the sales of the window.
func (w Window) CEI() Figure {
	return w.withBoth(func(begin, end ar.Money, s Sales) Figure {
		current := w.Closing.Current()
		if current.Minor() > end.Minor() {
			current = end // credit is set against what's overdue, and then against current
		}
		return CEI(begin, s.Net, end, current)
	})
}

// Turnover is sales / mean A/R.
func (w Window) Turnover() Figure {
	return w.withBoth(func(begin, end ar.Money, s Sales) Figure { return Turnover(s.Net, begin, end) })
}

// BadDebtRatio is what was written off as a part of sales, in percent.
func (w Window) BadDebtRatio() Figure {
	return w.withSales(func(_ ar.Money, s Sales) Figure { return BadDebtRatio(w.WrittenOff, s) })
}

// GrantedTerms is how many days were given on what was invoiced, weighted by amount.
func (w Window) GrantedTerms() Figure { return days(w.Granted, w.Invoiced, NoSales) }

// withSales hands A/R at the end and the sales to a formula.
func (w Window) withSales(formula func(ar.Money, Sales) Figure) Figure {
	end, err := w.Closing.Net()
	if err != nil {
		return None(TooLarge)
	}
	sales, err := w.sales()
	if err != nil {
		return None(TooLarge)
	}
	return formula(end, sales)
}

// withBoth hands A/R at both ends and the sales to a formula.
func (w Window) withBoth(formula func(begin, end ar.Money, s Sales) Figure) Figure {
	return w.withSales(func(end ar.Money, s Sales) Figure {
		begin, err := w.Opening.Net()
		if err != nil {
			return None(TooLarge)
		}
		return formula(begin, end, s)
	})
}
