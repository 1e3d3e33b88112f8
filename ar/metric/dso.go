package metric

import (
	"math/big"

	"arbot/ar"
)

// Sales are the net sales of a span of days: a month, or several.
type Sales struct {
	// Net is what was invoiced less what was credited.
	Net  ar.Money
	Days int
}

func (s Sales) reason() Reason {
	if s.Net.Sign() < 0 {
		return NegativeSales
	}
	return NoSales
}

// SimpleDSO is A/R at the end of a span / its sales x its days: the period method. It
// has no value without sales, and is 0 with a note where A/R is a net credit.
// Formula: JD Edwards EnterpriseOne, "Current Balance Divided by Sales".
func SimpleDSO(receivable ar.Money, s Sales) Figure {
	if receivable.Sign() < 0 && oneCurrency(receivable, s.Net) {
		return Figure{value: new(big.Rat), reason: NetCredit}
	}
	return ratio(receivable, s.Net, int64(s.Days), s.reason())
}

// AverageDSO is SimpleDSO with the mean of the A/R at both ends.
func AverageDSO(begin, end ar.Money, s Sales) Figure {
	sum, err := begin.Add(end)
	if err != nil {
		return unsummed(begin, end)
	}
	f := SimpleDSO(sum, s)
	if f.value != nil {
		f.value = new(big.Rat).Quo(f.value, big.NewRat(2, 1))
	}
	return f
}

// BestPossibleDSO is what SimpleDSO would be if nothing were overdue: current / sales
// x days. Unapplied credit is set against what's overdue first, so that current is
// at most A/R.
func BestPossibleDSO(receivable, current ar.Money, s Sales) Figure {
	if !oneCurrency(receivable, current) {
		return None(TwoCurrencies)
	}
	if current.Minor() > receivable.Minor() {
		current = receivable
	}
	return SimpleDSO(current, s)
}

// DelinquentDays (ADD, average days delinquent) is simple less best possible DSO: the
// days that come from paying late.
func DelinquentDays(simple, best Figure) Figure { return simple.Minus(best) }

// CountbackDSO counts back through the sales, newest first, until they make up A/R:
// whole spans give their days, the last one the share of its days that's needed. A
// season doesn't distort it. (Also called exhaustion method.)
//
// It stops at a span without sales, as Oracle's does, and where the history ends:
// then it's a floor, with the A/R that's left. Before any sales it has no value.
func CountbackDSO(receivable ar.Money, newestFirst []Sales) Figure {
	if receivable.Sign() <= 0 {
		return SimpleDSO(receivable, Sales{Net: ar.NewMoney(1, receivable.Currency())})
	}
	days := new(big.Rat)
	left := receivable
	for n, s := range newestFirst {
		if !oneCurrency(left, s.Net) {
			return None(TwoCurrencies)
		}
		if s.Net.Sign() <= 0 {
			return stopped(days, left, n, s.reason())
		}
		if s.Net.Minor() >= left.Minor() {
			part := big.NewRat(int64(s.Days), 1)
			part.Mul(part, new(big.Rat).SetInt64(left.Minor()))
			return Of(days.Add(days, part.Quo(part, new(big.Rat).SetInt64(s.Net.Minor()))))
		}
		days.Add(days, big.NewRat(int64(s.Days), 1))
		left = ar.NewMoney(left.Minor()-s.Net.Minor(), left.Currency()) // above 0
	}
	return stopped(days, left, len(newestFirst), NoSales)
}

// stopped is a countback that found sales for a part of A/R only, in so many spans.
func stopped(days *big.Rat, left ar.Money, spans int, why Reason) Figure {
	if spans == 0 {
		return None(why)
	}
	return Figure{value: days, floor: true, rest: left}
}

// Turnover is sales / mean A/R: how often A/R is turned over in the time of the
// sales, usually a year.
func Turnover(sales, begin, end ar.Money) Figure {
	sum, err := begin.Add(end)
	if err != nil {
		return unsummed(begin, end)
	}
	return ratio(sales, sum, 2, NothingOpen)
}
