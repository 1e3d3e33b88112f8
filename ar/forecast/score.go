package forecast

import (
	"fmt"
	"math"
)

// Method is a way to foretell.
type Method string

// The methods that a backtest compares.
const (
	// Hazard is the forecast of this package.
	Hazard Method = "hazard"
	// DueDate takes each invoice to be paid on its due date, and what's overdue at
	// once.
	DueDate Method = "due date"
	// MeanLag adds the customer's mean lateness to the due date.
	MeanLag Method = "due date + mean lag"
	// Last4 takes each week to bring the mean of the last four: the naive line.
	Last4 Method = "naive"
)

// Share is a part of a whole; it's n/a where the whole is nothing.
type Share struct {
	Part  float64 `json:"part"`
	Whole float64 `json:"whole"`
}

// Percent returns the share in percent, false where there's none.
func (s Share) Percent() (float64, bool) {
	if s.Whole == 0 {
		return 0, false
	}
	return 100 * s.Part / s.Whole, true
}

// String returns the share as a report prints it: "19.5 %" or "n/a".
func (s Share) String() string {
	percent, ok := s.Percent()
	if !ok {
		return "n/a"
	}
	return fmt.Sprintf("%.1f %%", percent)
}

func (s *Share) add(part, whole float64) { s.Part, s.Whole = s.Part+part, s.Whole+whole }

// Mean is the mean of what was added; n/a of nothing.
type Mean struct {
	Sum   float64 `json:"sum"`
	Count int     `json:"count"`
}

// Value returns the mean, false where there's none.
func (m Mean) Value() (float64, bool) { return m.Sum / float64(max(1, m.Count)), m.Count > 0 }

// String returns the mean as a report prints it: "5.76" or "n/a".
func (m Mean) String() string {
	v, ok := m.Value()
	if !ok {
		return "n/a"
	}
	return fmt.Sprintf("%.2f", v)
}

func (m *Mean) add(v float64) { m.Sum, m.Count = m.Sum+v, m.Count+1 }

// Rows scores what was foretold of single invoices that were open, in days.
type Rows struct {
	Hazard, DueDate, MeanLag Mean // absolute errors: MAE
	// Pinball is the hazard's loss at the chances 0.1, 0.5 and 0.9.
	Pinball Mean
	// Held is how often the 80 % range from Early to Late held.
	Held Share
}

// Line scores what a method foretold of the money of weeks.
type Line struct {
	Method Method
	// Weeks is the WAPE of each horizon, All that of all of them together:
	// sum |forecast - came| / sum came.
	Weeks []Share
	All   Share
	// Bias is sum (forecast - came) / sum came: above 0 too much was foretold.
	Bias Share
	// Total is the WAPE of the weeks' total.
	Total Share
}

func (l *Line) add(foretold, came []int64) {
	if l.Weeks == nil {
		l.Weeks = make([]Share, len(came))
	}
	for w := range came {
		wrong := math.Abs(float64(foretold[w] - came[w]))
		l.Weeks[w].add(wrong, float64(came[w]))
		l.All.add(wrong, float64(came[w]))
	}
	off := float64(total(foretold) - total(came))
	l.Bias.add(off, float64(total(came)))
	l.Total.add(math.Abs(off), float64(total(came)))
}

// pinball is the loss of a quantile: it's lowest, on the mean, where as many outcomes lie
// below it as its chance says.
func pinball(chance, quantile, came float64) float64 {
	if came >= quantile {
		return chance * (came - quantile)
	}
	return (1 - chance) * (quantile - came)
}

func nearest(days float64) int { return int(math.Round(days)) }
