package forecast

import "slices"

// curve counts, for each day of lateness, how many invoices could have been paid on
// it and how many were: what a hazard is made of.
type curve struct {
	lo     int     // the day of the first count
	paid   []int32 // by day
	atRisk []int32 // while counting: the change from the day before
}

// add counts an invoice that could be paid from the day first on and was last seen
// on the day last: paid on it, or still open.
func (c *curve) add(first, last int, paid bool) {
	c.grow(first, last)
	c.atRisk[first-c.lo]++
	c.atRisk[last+1-c.lo]--
	if paid {
		c.paid[last-c.lo]++
	}
}

// grow makes room for the days from first to last, and for the change after it.
func (c *curve) grow(first, last int) {
	if len(c.paid) == 0 {
		c.lo = first
	}
	if before := c.lo - first; before > 0 {
		before = max(before, len(c.paid)/2) // going down day by day isn't quadratic so
		c.paid = slices.Insert(c.paid, 0, make([]int32, before)...)
		c.atRisk = slices.Insert(c.atRisk, 0, make([]int32, before)...)
		c.lo -= before
	}
	if after := last + 2 - c.lo - len(c.paid); after > 0 {
		c.paid = append(c.paid, make([]int32, after)...)
		c.atRisk = append(c.atRisk, make([]int32, after)...)
	}
}

// sum turns the changes into counts. Nothing can be added afterwards.
func (c *curve) sum() {
	for i := 1; i < len(c.atRisk); i++ {
		c.atRisk[i] += c.atRisk[i-1]
	}
}

// at returns the counts of a day: none outside of what was seen.
func (c *curve) at(day int) (paid, atRisk float64) {
	i := day - c.lo
	if c.paid == nil || i < 0 || i >= len(c.paid) {
		return 0, 0
	}
	return float64(c.paid[i]), float64(c.atRisk[i])
}
