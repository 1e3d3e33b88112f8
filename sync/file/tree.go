package file

import (
	"cmp"
	"slices"

	"arbot/ar"
)

// tree orders customers so that parents come first.
type tree struct {
	customers []ar.CustomerRecord
	// rows are the customers' rows in their file.
	rows []int
	// index finds a customer by its external id.
	index map[string]int
}

// depths of customers that were not looked at yet, and of those under way: who
// meets one under way walks in a circle.
const (
	unknownDepth = -1
	underWay     = -2
)

// order sorts the customers by their depth, those of the file's order first. A
// customer whose parent is missing, or who is above itself, is told to bad.
func (t *tree) order(bad func(customer int, what string)) {
	depth := make([]int, len(t.customers))
	for i := range depth {
		depth[i] = unknownDepth
	}
	for i := range t.customers {
		t.depthOf(i, depth, bad)
	}
	place := make([]int, len(depth))
	for i := range place {
		place[i] = i
	}
	slices.SortStableFunc(place, func(a, b int) int { return cmp.Compare(depth[a], depth[b]) })
	sorted := make([]ar.CustomerRecord, len(place))
	for to, from := range place {
		sorted[to] = t.customers[from]
	}
	t.customers = sorted
}

// depthOf is how many customers are above one, noted in depth for each of them.
func (t *tree) depthOf(i int, depth []int, bad func(int, string)) int {
	switch depth[i] {
	case unknownDepth:
	case underWay:
		bad(i, "the customer is above itself")
		return 0
	default:
		return depth[i]
	}
	depth[i] = underWay
	d := 0
	if parent := t.customers[i].Parent; parent != "" {
		above, ok := t.index[parent]
		if ok {
			d = t.depthOf(above, depth, bad) + 1
		} else {
			bad(i, "there is no such customer in "+customersFile)
		}
	}
	depth[i] = d
	return d
}
