package fakeqbo

import (
	"cmp"
	"slices"
)

// renderSummary writes AgedReceivables: a row for each customer that owes, in the
// order of names, sub-customers within the section of their parent.
func (c *Company) renderSummary(o *out, a aging, items []aged) {
	w := words(c.set.Locale)
	c.renderReportHead(o, a, len(items) == 0)
	columns := []column{{"", "Customer"}, {w.current, "Money"}}
	for _, title := range a.ranges(w.andOver) {
		columns = append(columns, column{title, "Money"})
	}
	renderColumns(o, append(columns, column{w.total, "Money"}))
	s := c.sumUp(a, items)
	o.object("Rows")
	if len(items) > 0 {
		o.list("Row")
		for _, cu := range c.byName(c.tops()) {
			s.renderCustomer(o, cu)
		}
		o.open()
		o.object("Summary")
		renderCells(o, append([]cell{{w.grandTotal, ""}}, s.cells(s.grand, true)...))
		o.close()
		o.str("type", "Section")
		o.str("group", "GrandTotal")
		o.close()
		o.end()
	}
	o.close()
}

// summary holds the amounts of the report: by customer, own and with those below.
type summary struct {
	c      *Company
	w      wording
	width  int
	own    map[int64][]int64
	family map[int64][]int64
	grand  []int64
}

func (c *Company) sumUp(a aging, items []aged) *summary {
	s := &summary{
		c: c, w: words(c.set.Locale), width: a.periods + 1,
		own: map[int64][]int64{}, family: map[int64][]int64{}, grand: make([]int64, a.periods+1),
	}
	for _, it := range items {
		id := number(it.Customer)
		s.add(s.own, id, it)
		s.grand[it.bucket] += it.HomeOpen
		for up := c.customer(id); up != nil; up = c.customer(up.parent) {
			s.add(s.family, up.id, it)
		}
	}
	return s
}

func (s *summary) add(to map[int64][]int64, id int64, it aged) {
	if to[id] == nil {
		to[id] = make([]int64, s.width)
	}
	to[id][it.bucket] += it.HomeOpen
}

// cells writes amounts and their total. The grand total shows its zeros.
func (s *summary) cells(amounts []int64, zeros bool) []cell {
	if amounts == nil {
		amounts = make([]int64, s.width)
	}
	var cells []cell
	var sum int64
	for _, n := range amounts {
		sum += n
		cells = append(cells, cell{text: s.text(n, zeros)})
	}
	return append(cells, cell{text: s.text(sum, zeros)})
}

func (s *summary) text(n int64, zeros bool) string {
	if n == 0 && zeros {
		return fixed(0, exponent(s.c.set.HomeCurrency))
	}
	return s.c.amountText(n)
}

func (s *summary) renderCustomer(o *out, cu *customer) {
	if s.family[cu.id] == nil {
		return
	}
	named := []cell{{cu.shown(), idText(cu.id)}}
	o.open()
	if !s.anyBelow(cu) {
		renderCells(o, append(named, s.cells(s.own[cu.id], false)...))
		o.close()
		return
	}
	o.object("Header")
	renderCells(o, append(named, s.cells(s.own[cu.id], false)...))
	o.close()
	o.object("Rows")
	o.list("Row")
	for _, k := range s.c.byName(cu.kids) {
		s.renderCustomer(o, k)
	}
	o.end()
	o.close()
	o.object("Summary")
	renderCells(o, append([]cell{{s.w.totalFor + cu.shown(), ""}}, s.cells(s.family[cu.id], false)...))
	o.close()
	o.str("type", "Section")
	o.close()
}

func (s *summary) anyBelow(cu *customer) bool {
	return slices.ContainsFunc(cu.kids, func(k *customer) bool { return s.family[k.id] != nil })
}

// tops are the customers without a parent.
func (c *Company) tops() []*customer {
	var list []*customer
	for _, o := range c.rows("Customer") {
		if cu, ok := o.(*customer); ok && c.customer(cu.parent) == nil {
			list = append(list, cu)
		}
	}
	return list
}

func (c *Company) byName(list []*customer) []*customer {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b *customer) int {
		return cmp.Or(cmp.Compare(a.shown(), b.shown()), cmp.Compare(a.id, b.id))
	})
	return sorted
}
