package forecast

import (
	"cmp"
	"math"
	"slices"

	"arbot/ar"
)

const (
	// level is how often a range is to hold.
	level = 0.8
	// FewestPast is how many past weeks a range is calibrated on at least.
	FewestPast = 12
	// MostPast is how many past weeks a range is calibrated on at most: half a year.
	MostPast = 26
	// halfLife is the age in weeks at which a past week has half the weight of the
	// last one: customers change, and what went wrong lately says more.
	halfLife = 13
)

// Past is a forecast that was made for a past week, and what came.
type Past struct{ Forecast, Came ar.Money }

// Width says how wide a range must be to hold in 80 % of the weeks, by how wrong past
// forecasts were: split conformal on relative residuals, newer ones weighing more, as
// Barber et al., Annals of Statistics 51:2 (2023) do it for what drifts. It's for one
// horizon, since the fourth week is less sure than the first. The zero Width is none.
type Width struct {
	// Share is half of the range, as a share of the forecast.
	Share float64 `json:"share"`
	// Weeks is how many past weeks it comes from.
	Weeks int `json:"weeks"`
}

// NewWidth calibrates a range on past weeks, oldest first, of which the last 26
// count. Weeks for which nothing was foretold say nothing.
func NewWidth(past []Past) Width {
	past = past[max(0, len(past)-MostPast):]
	var wrong []residual
	for n, p := range past {
		if p.Forecast.Sign() > 0 {
			f := float64(p.Forecast.Minor())
			wrong = append(wrong, residual{
				share:  math.Abs(float64(p.Came.Minor())-f) / f,
				weight: math.Exp2(float64(n+1-len(past)) / halfLife),
			})
		}
	}
	w := Width{Weeks: len(wrong)}
	if w.known() {
		w.Share = quantile(wrong, level)
	}
	return w
}

// residual is how wrong a forecast was, as a share of it.
type residual struct{ share, weight float64 }

// quantile returns the residual that isn't exceeded with a chance. The week to come
// weighs 1 and counts as worse than any before, which makes the chance hold for it,
// too.
func quantile(r []residual, chance float64) float64 {
	slices.SortFunc(r, func(a, b residual) int { return cmp.Compare(a.share, b.share) })
	all := 1.0
	for _, one := range r {
		all += one.weight
	}
	var weight float64
	for _, one := range r {
		if weight += one.weight; weight >= chance*all {
			return one.share
		}
	}
	return r[len(r)-1].share
}

func (w Width) known() bool { return w.Weeks >= FewestPast }

// Vague reports whether past forecasts were wrong by all of their amount more often than
// in a fifth of the weeks. The range then begins at 0 and says nothing of how little may
// come.
func (w Width) Vague() bool { return w.known() && w.Share >= 1 }

// Range returns the range around a forecast, not below 0. It reports false below
// twelve past weeks: say "no calibrated range yet" then.
func (w Width) Range(forecast ar.Money) (low, high ar.Money, ok bool) {
	if !w.known() {
		return ar.Money{}, ar.Money{}, false
	}
	half := w.Share * float64(forecast.Minor())
	low = rounded(max(0, float64(forecast.Minor())-half), forecast.Currency())
	high = rounded(float64(forecast.Minor())+half, forecast.Currency())
	return low, high, true
}

// Said is a range that was given for a week, and what came.
type Said struct{ Low, High, Came ar.Money }

// Held counts the ranges that held: how right those of the last weeks were.
func Held(said []Said) (held, of int) {
	for _, s := range said {
		if s.Came.Cmp(s.Low) >= 0 && s.Came.Cmp(s.High) <= 0 {
			held++
		}
	}
	return held, len(said)
}
