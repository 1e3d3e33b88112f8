package metric

import (
	"errors"
	"fmt"
	"math/big"

	"arbot/ar"
)

// RollRates are the parts of each aging bucket that were in the next one a month
// later, one for each bucket but the last: over several months, the sum of what
// arrived by the sum of what was there. Agings are a month apart, oldest first, with
// the same buckets.
func RollRates(months []ar.Aging) []Figure {
	if len(months) == 0 {
		return nil
	}
	rates := make([]Figure, max(0, len(months[0].Buckets)-1))
	for b := range rates {
		rates[b] = rollRate(months, b)
	}
	return rates
}

func rollRate(months []ar.Aging, bucket int) Figure {
	var there, arrived ar.Money
	for n := 1; n < len(months); n++ {
		from, to := months[n-1].Buckets[bucket], months[n].Buckets[bucket+1]
		if errors.Join(addTo(&there, from), addTo(&arrived, to)) != nil {
			return unsummed(there, from, arrived, to)
		}
	}
	return ratio(arrived, there, 1, NothingOpen)
}

// LossRates are the chances that what stands in a bucket is lost: the product of its
// roll rate and all later ones, at most 1, and what is lost of the last bucket. Where a roll
// rate has no value, the buckets up to it have none.
func LossRates(rolls []Figure, last *big.Rat) []Figure {
	rates := make([]Figure, len(rolls)+1)
	rates[len(rolls)] = Of(last)
	for b := len(rolls) - 1; b >= 0; b-- {
		roll, later := rolls[b].value, rates[b+1].value
		switch {
		case roll == nil:
			rates[b] = None(rolls[b].reason)
		case later == nil:
			rates[b] = rates[b+1]
		default:
			rates[b] = Of(atMostOne(new(big.Rat).Mul(roll, later)))
		}
	}
	return rates
}

func atMostOne(r *big.Rat) *big.Rat {
	if one := big.NewRat(1, 1); r.Cmp(one) > 0 {
		return one
	}
	return r
}

// MatrixRates are the loss rates of a provision matrix (IFRS 9, simplified): of each
// amount that reached a bucket, sales first, the part that was never paid.
func MatrixRates(reached []ar.Money, neverPaid ar.Money) []Figure {
	rates := make([]Figure, len(reached))
	for b, amount := range reached {
		rates[b] = ratio(neverPaid, amount, 1, NothingOpen)
	}
	return rates
}

// Provision is the loss that's expected of what is open.
type Provision struct {
	Lines []ProvisionLine
	Total ar.Money
}

// ProvisionLine is the part of one bucket.
type ProvisionLine struct {
	Amount ar.Money
	Rate   Figure // from 0 to 1
	Loss   ar.Money
}

// NewProvision multiplies what stands in each bucket by its loss rate, unrounded; each
// line is rounded once, half away from zero, and the total is their sum. A bucket that
// holds money needs a rate.
func NewProvision(buckets []ar.Money, rates []Figure) (Provision, error) {
	if len(buckets) != len(rates) {
		return Provision{}, fmt.Errorf("metric: a provision of %d buckets needs as many loss rates, not %d", len(buckets), len(rates))
	}
	var p Provision
	for b, amount := range buckets {
		line := ProvisionLine{Amount: amount, Rate: rates[b], Loss: ar.NewMoney(0, amount.Currency())}
		if !amount.IsZero() {
			if rates[b].value == nil {
				return Provision{}, fmt.Errorf("metric: bucket %d holds %s and has no loss rate (%s)", b+1, amount, rates[b].reason)
			}
			line.Loss = portion(amount, rates[b].value)
		}
		if err := addTo(&p.Total, line.Loss); err != nil {
			return Provision{}, fmt.Errorf("metric: provision: %w", err)
		}
		p.Lines = append(p.Lines, line)
	}
	return p, nil
}

// portion is an amount times a rate from 0 to 1, rounded half away from zero.
func portion(m ar.Money, rate *big.Rat) ar.Money {
	exact := new(big.Rat).Mul(rate, new(big.Rat).SetInt64(m.Minor()))
	whole, _ := new(big.Int).SetString(exact.FloatString(0), 10)
	return ar.NewMoney(whole.Int64(), m.Currency())
}

func addTo(total *ar.Money, m ar.Money) (err error) {
	*total, err = total.Add(m)
	return err
}
