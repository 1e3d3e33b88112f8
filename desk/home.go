package desk

import (
	"cmp"
	"slices"

	"arbot/ar"
)

// homeFirst sorts what there is one of per currency: the company's own first,
// since that is what most of the book is in, then by code.
func homeFirst[T any](d *Desk, list []T, currency func(T) ar.Currency) {
	rank := func(c ar.Currency) int {
		if c == d.settings.Home {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b T) int {
		x, y := currency(a), currency(b)
		return cmp.Or(cmp.Compare(rank(x), rank(y)), cmp.Compare(x, y))
	})
}

func (d *Desk) arrangeMoney(list []ar.Money) { homeFirst(d, list, ar.Money.Currency) }

func (d *Desk) arrangeStandings(list []ar.Standing) {
	homeFirst(d, list, func(s ar.Standing) ar.Currency { return s.Currency })
}

func (d *Desk) arrangeLines(lines []ar.AccountLine) {
	for i := range lines {
		d.arrangeMoney(lines[i].Amounts)
	}
}

func (d *Desk) arrangeDigest(g *Digest) {
	d.arrangeStandings(g.Totals)
	homeFirst(d, g.Bridges, func(b ar.Bridge) ar.Currency { return b.Currency })
	for _, l := range []ar.AccountList{g.Overdue, g.Chase, g.Covered, g.Newly, g.Unapplied, g.DueSoon, g.Orphans} {
		d.arrangeMoney(l.Sums)
		d.arrangeLines(l.Lines)
	}
	for _, o := range g.Owners {
		d.arrangeMoney(o.Amounts)
		d.arrangeLines(o.Accounts)
	}
	d.arrangeMoney(g.ReceivedSums)
}
