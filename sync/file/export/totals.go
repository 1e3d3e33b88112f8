package export

import (
	"fmt"
	"strings"

	"arbot/ar"
)

// totals hold the sums of what the rows show, for the whole file and for each group that
// is open, and the totals that the file states.
type totals struct {
	levels []level
	list   []Total
	differ bool // a total differs, so that the file is refused
}

// level is the sums of one group.
type level struct {
	name string
	sums map[int]map[ar.Currency]int64 // by place of the column
}

// open makes the levels those of the groups that a row is in.
func (t *totals) open(groups []string) {
	if len(t.levels) == 0 {
		t.levels = []level{{sums: map[int]map[ar.Currency]int64{}}}
	}
	same := 0
	for same < len(groups) && same+1 < len(t.levels) && t.levels[same+1].name == groups[same] {
		same++
	}
	t.levels = t.levels[:same+1]
	for _, g := range groups[same:] {
		t.levels = append(t.levels, level{name: strings.Clone(g), sums: map[int]map[ar.Currency]int64{}})
	}
}

// add adds what a row shows to the groups that it is in.
func (t *totals) add(l *line, amounts []printed) {
	t.open(l.groups)
	for _, level := range t.levels {
		for _, p := range amounts {
			if p.amount.Currency() == "" {
				continue
			}
			sums := level.sums[p.place]
			if sums == nil {
				sums = map[ar.Currency]int64{}
				level.sums[p.place] = sums
			}
			sums[p.amount.Currency()] += p.amount.Minor()
		}
	}
}

// checkTotal holds a total of the file against the rows.
func (r *reader) checkTotal(l *line) {
	m := r.match
	if m.transactions {
		return // its totals mix invoices with what paid them
	}
	r.totals.open(l.groups)
	at := 0
	if l.label != "" {
		if at = r.totals.find(l.label); at == 0 {
			if !m.partial() {
				r.warn("row %d: the total of %q was not checked, since no group has this name.", l.row, l.label)
			}
			return
		}
	}
	places := []int{m.at[roleOpen]}
	for _, a := range m.aging {
		places = append(places, a.place)
	}
	for _, place := range places {
		r.compare(l, place, r.totals.levels[at])
	}
	if at > 0 {
		r.totals.levels = r.totals.levels[:at]
	}
}

// find is the level of a group by its name, 0 for none.
func (t *totals) find(name string) int {
	for i := len(t.levels) - 1; i > 0; i-- {
		if plain(t.levels[i].name) == plain(name) {
			return i
		}
	}
	return 0
}

// compare holds one total against the sum of its column.
func (r *reader) compare(l *line, place int, level level) {
	if place < 0 || l.cell(place) == "" {
		return
	}
	sums := level.sums[place]
	if len(sums) > 1 {
		r.warn("row %d: the total was not checked, since the rows are in several currencies.", l.row)
		return
	}
	currency := r.settings.Currency
	for c := range sums {
		currency = c
	}
	stated, ok := r.money(l, place, currency)
	if !ok {
		for _, f := range r.line {
			r.faults.add(f)
		}
		if len(r.line) > 0 {
			r.bad[l.row] = r.line[0].Wrong
		}
		r.line = nil
		return
	}
	if r.format.Workbook && stated.IsZero() && sums[currency] != 0 {
		r.warn("row %d: the total was not calculated when the workbook was written. Open it in your spreadsheet program and save it, and it can be checked.", l.row)
		return
	}
	t := Total{Row: l.row, Label: strings.Clone(l.label), Column: r.match.header[place], Stated: stated, Read: ar.NewMoney(sums[currency], stated.Currency())}
	if len(r.totals.list) < maxTotals || t.Label == "" {
		r.totals.list = append(r.totals.list, t)
	}
	if t.Ties() {
		return
	}
	switch {
	case r.match.partial():
		r.warn("row %d: the total says %s, the rows above it add up to %s; this layout leaves out what is not due.", l.row, t.Stated, t.Read)
	case len(r.bad) > 0:
		r.warn("row %d: the total says %s, the rows that were read add up to %s.", l.row, t.Stated, t.Read)
	default:
		r.wrong(l, place, fmt.Sprintf("the total is %s, but the rows above it add up to %s", t.Stated, t.Read), "Export it anew; if it stays so, a row is missing or was changed by hand")
		r.faults.add(r.line[0])
		r.line = nil
		r.totals.differ = true
	}
}

// maxTotals is how many totals of groups are kept for showing.
const maxTotals = 10_000
