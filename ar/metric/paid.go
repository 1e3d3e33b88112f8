package metric

import (
	"math/big"

	"arbot/ar"
)

// DaysToPay (WADTP) is sum(amount x (paid - invoice date)) / sum(amount).
func DaysToPay(p ar.PaidSums) Figure { return days(p.ToPay, p.Amount, NothingPaid) }

// WeightedTerms (WAT) is sum(amount x (due - invoice date)) / sum(amount), of the same
// invoices.
func WeightedTerms(p ar.PaidSums) Figure { return days(p.Terms, p.Amount, NothingPaid) }

// DaysBeyondTerms (DBT) is sum(amount x (paid - due)) / sum(amount), signed: paying
// early counts below 0. It's days to pay less weighted terms.
func DaysBeyondTerms(p ar.PaidSums) Figure { return DaysToPay(p).Minus(WeightedTerms(p)) }

// AverageLateness is DaysBeyondTerms with early payments counted as 0.
func AverageLateness(p ar.PaidSums) Figure { return days(p.Late, p.Amount, NothingPaid) }

// days is a sum of amounts times days, divided by an amount: days, weighted. Of
// nothing there are none, and why says so.
func days(sum ar.AmountDays, amount ar.Money, why Reason) Figure {
	if amount.Sign() <= 0 {
		return None(why)
	}
	return Of(new(big.Rat).SetFrac(sum.Int(), big.NewInt(amount.Minor())))
}
