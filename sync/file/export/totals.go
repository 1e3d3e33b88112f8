package export

import (
	"cmp"
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
	// blocks are the currencies that have a block of their own, and whether that has a
	// total; outside says that a row is in none.
	blocks  map[string]bool
	outside bool
}

// begin notes the block of a currency.
func (t *totals) begin(l *line) {
	if l.blocks == 0 || len(l.groups) > 1 || l.label != l.groups[0] {
		return
	}
	if t.blocks == nil {
		t.blocks = map[string]bool{}
	}
	if !t.blocks[l.label] {
		t.blocks[strings.Clone(l.label)] = false
	}
}

// ofBlocks reports whether every row is in a block that has a total.
func (t *totals) ofBlocks() bool {
	if len(t.blocks) == 0 || t.outside {
		return false
	}
	for _, has := range t.blocks {
		if !has {
			return false
		}
	}
	return true
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
	t.outside = t.outside || l.blocks == 0
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
	currency := cmp.Or(l.currency, r.settings.Currency)
	for c := range sums {
		currency = c
	}
	if r.otherCurrency(l, place, currency) {
		return
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
	if _, block := r.totals.blocks[l.label]; block && place == r.match.at[roleOpen] {
		r.totals.blocks[t.Label] = true
	}
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

// otherCurrency reports whether a total is in another currency than its rows, and says what
// that means: that it cannot be held against them or, where nothing but the settings says
// the currency of the rows, that these are wrong.
func (r *reader) otherCurrency(l *line, place int, currency ar.Currency) bool {
	own := ar.Currency("")
	if r.match.has(roleCurrency) && l.cell(r.match.at[roleCurrency]) != "" {
		own = r.currency(l)
		r.line = nil // what is no currency there is nothing of a document
	}
	if own == "" {
		numbers := r.columns[place].numbers
		m, err := numbers.ParseMarked(l.cell(place), currency)
		if err != nil { // $ is that of the settings
			m, err = numbers.ParseMarked(l.cell(place), r.settings.Currency)
		}
		if err != nil {
			return false // which is told where it is read
		}
		own = m.Currency()
	}
	if own == currency {
		return false
	}
	if r.match.has(roleCurrency) || l.currency != "" || currency != r.settings.Currency {
		r.warn("row %d: the total was not checked, since it is in %s and the rows above it are in %s.", l.row, own, currency)
		return true
	}
	r.wrong(l, place, fmt.Sprintf("the total is in %s, but the rows above it name no currency and count as %s, as the settings say", own, currency),
		fmt.Sprintf("Say currency: %s in the config, or once --currency %s, if that is right; else correct the cell", own, own))
	r.faults.add(r.line[0])
	r.line, r.totals.differ = nil, true
	return true
}

// maxTotals is how many totals of groups are kept for showing.
const maxTotals = 10_000
