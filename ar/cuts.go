package ar

import (
	"fmt"
	"slices"
)

// Cuts are the dates at whose end the books are looked at, rising: the first is where
// the first period opens, each other one ends a period, and the last is the as-of
// date.
type Cuts []Date

// MonthCuts cuts at the ends of so many whole calendar months, and at the as-of date where
// that's within a month. Figures by countback need months.
func MonthCuts(asOf Date, whole int) Cuts {
	cuts := Cuts{asOf}
	end := asOf.MonthStart().AddDays(-1)
	if asOf == asOf.MonthEnd() {
		whole--
	}
	for range whole + 1 {
		cuts = append(Cuts{end}, cuts...)
		end = end.MonthStart().AddDays(-1)
	}
	return cuts
}

// WeekCuts cuts every seven days, so many weeks back from the as-of date.
func WeekCuts(asOf Date, weeks int) Cuts {
	cuts := make(Cuts, 0, weeks+1)
	for n := weeks; n >= 0; n-- {
		cuts = append(cuts, asOf.AddDays(-7*n))
	}
	return cuts
}

// AsOf returns the last cut.
func (c Cuts) AsOf() Date { return c[len(c)-1] }

// Period returns the number of the first cut that isn't before a date: 0 is what came
// before the first period, 1 the first period; len(c) is after the as-of date.
func (c Cuts) Period(d Date) int {
	for n, cut := range c {
		if !cut.Before(d) {
			return n
		}
	}
	return len(c)
}

// SumRule says which sums to make of the book.
type SumRule struct {
	// Cuts has at least two dates.
	Cuts Cuts
	// Edges are the aging buckets by due date; none are the default's.
	Edges Edges
	// By are the dimensions to slice the book by; none is the whole of it.
	By []Dimension
	// Home converts all amounts into one currency; nil keeps the documents'.
	Home *Home
}

// Complete returns the rule with what it leaves open filled in.
func (r SumRule) Complete() (SumRule, error) {
	if len(r.Cuts) < 2 || !slices.IsSortedFunc(r.Cuts, Date.Compare) {
		return SumRule{}, fmt.Errorf("sums need two rising dates or more, not %v", r.Cuts)
	}
	if r.Edges == nil {
		r.Edges = DefaultEdges(ByDueDate)
	}
	if len(r.By) == 0 {
		r.By = []Dimension{PerBook}
	}
	return r, nil
}
