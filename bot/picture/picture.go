// Package picture draws the pictures of digests as PNG: lines over time, and bars stacked
// by part. What is drawn is a plain Chart; the library that draws (go-analyze/charts, MIT)
// is seen by this package alone.
//
//   - picture.go: Chart, what a picture shows
//   - draw.go: Painter, which draws it
//
// A picture is never the only place of a figure: it goes with a text that has the numbers.
package picture

import (
	"errors"
	"fmt"
	"math"
)

// Kind is how a chart shows its series.
type Kind int

// The kinds of chart.
const (
	// Lines has a line for each series, with a gap where a value is Missing.
	Lines Kind = iota
	// Stack piles the series up at each label. Values below 0 pile up downwards.
	Stack
)

// Chart is what a picture shows.
type Chart struct {
	Kind Kind
	// Title says what it is, in what unit or currency, and how it is made.
	Title string
	// Labels are along the time, oldest first; each series has a value for each of them.
	Labels []string
	Series []Series
}

// Series is a line, or a layer of the bars.
type Series struct {
	Name   string
	Values []float64
	Tone   Tone
}

// Tone is what a series means, from which its colour follows.
type Tone int

// The tones.
const (
	// Main is what the picture is about, Goal what it is compared with.
	Main Tone = iota
	Goal
	// Good to Bad are the parts of something from green to red; Credit is below 0.
	Good
	Fair
	Poor
	Worse
	Bad
	Credit
)

// Missing is the value where there is none. It is a gap, never 0.
func Missing() float64 { return math.NaN() }

// ErrNothing says that a chart has nothing to show.
var ErrNothing = errors.New("there is nothing to draw")

// check refuses a chart that would be drawn empty or wrong: the library draws whatever it
// gets.
func (c Chart) check() error {
	some := false
	for _, s := range c.Series {
		if len(s.Values) != len(c.Labels) {
			return fmt.Errorf("picture: %q has %d values for %d labels", s.Name, len(s.Values), len(c.Labels))
		}
		for _, v := range s.Values {
			if math.IsInf(v, 0) {
				return fmt.Errorf("picture: %q has a value that is infinite", s.Name)
			}
			some = some || !math.IsNaN(v)
		}
	}
	if !some || len(c.Labels) < 2 {
		return fmt.Errorf("picture: %q: %w", c.Title, ErrNothing)
	}
	return nil
}
