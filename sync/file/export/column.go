package export

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/sync/file/cells"
)

// columnFormat is how one column writes dates or amounts.
type columnFormat struct {
	header  string
	amount  bool
	days    cells.Days
	decimal cells.Decimal
	dates   cells.Dates
	numbers cells.Numbers
	basis   string // why, for people
	// known are dates that were read before: a list has the same few over and over.
	known map[string]ar.Date
}

// knownDates is how many dates are kept: those of some years.
const knownDates = 4096

// date reads a date.
func (c *columnFormat) date(cell string) (ar.Date, error) {
	if d, ok := c.known[cell]; ok {
		return d, nil
	}
	d, err := c.dates.Parse(cell)
	if err == nil && len(c.known) < knownDates {
		if c.known == nil {
			c.known = map[string]ar.Date{}
		}
		c.known[strings.Clone(cell)] = d
	}
	return d, err
}

// settled reports whether a cell has proved the format.
func (c *columnFormat) settled() bool {
	if c.amount {
		mark, _ := c.decimal.Mark()
		return mark != 0
	}
	order, _ := c.days.Order()
	return order != cells.NoOrder
}

// formats finds out how each column writes dates and amounts.
func (r *reader) formats(ctx context.Context) error {
	r.columns = make(map[int]*columnFormat)
	watch := func(place int, amount bool) {
		if place >= 0 {
			r.columns[place] = &columnFormat{header: r.match.header[place], amount: amount}
		}
	}
	for i := range roles {
		if i.isDate() || i.isAmount() {
			watch(r.match.at[i], i.isAmount())
		}
	}
	for _, a := range r.match.aging {
		watch(a.place, true)
	}
	if err := r.look(ctx); err != nil {
		return err
	}
	return r.decide()
}

// look feeds the columns with their cells. A list is read until all columns are known, a
// report to its end, since the names that its totals have are looked for as well.
func (r *reader) look(ctx context.Context) error {
	found := seen{closed: map[string]bool{}, nests: map[string]bool{}}
	w := newWalker(r.match, &seen{})
	label := "" // of the row before, where it was one
	whole := r.settings.Currency != "" && r.settings.Currency.Exponent() == 0
	n := 0
	err := r.scan(ctx, func(row int, texts []string) bool {
		l := w.next(row, texts)
		if label != "" && l.kind == labelLine {
			found.nests[label] = true
		}
		label = ""
		switch l.kind {
		case totalLine:
			found.closed[l.label] = true
		case labelLine:
			label = l.label
			return true
		case noLine:
			found.pages = found.pages || w.again(&l)
			return true
		case dataLine:
		}
		for place, c := range r.columns {
			cell := l.cell(place)
			switch {
			case c.amount:
				c.decimal.See(row, cell, whole)
			case l.kind == dataLine:
				c.days.See(row, cell)
				r.seeByAge(c, &l, place)
			}
		}
		n++
		return r.match.report || n%64 != 0 || !r.allSettled()
	})
	r.seen = found
	return err
}

// seeByAge lets a due date prove its order by the group that it stands in: of its two
// readings only one has that age.
func (r *reader) seeByAge(c *columnFormat, l *line, place int) {
	if r.match.shape != byBucket || place != r.match.at[roleDue] || len(l.groups) == 0 || c.settled() {
		return
	}
	asOf, err := cells.Dates{}.Parse(r.match.preamble.asOf)
	from, to, ok := agesOf(l.groups[len(l.groups)-1])
	if err != nil || !ok {
		return
	}
	fits := func(order cells.Order) bool {
		due, err := cells.Dates{Order: order}.Parse(l.cell(place))
		return err == nil && asOf.Sub(due) >= from && asOf.Sub(due) <= to
	}
	byDay, byMonth := fits(cells.DayFirst), fits(cells.MonthFirst)
	proof := cells.Proof{Row: l.row, Cell: l.cell(place) + " in " + strconv.Quote(l.groups[len(l.groups)-1])}
	switch {
	case byDay && !byMonth:
		c.days.DayFirst = proof
	case byMonth && !byDay:
		c.days.MonthFirst = proof
	}
}

func (r *reader) allSettled() bool {
	for _, c := range r.columns {
		if !c.settled() {
			return false
		}
	}
	return true
}

// decide sets the formats: what is stated, else what the column proves, else what the
// other columns of the file prove with one voice. What can be read both ways is asked for.
func (r *reader) decide() error {
	var undecided UndecidedError
	order, mark := r.voice()
	for _, place := range sortedKeys(r.columns) {
		c := r.columns[place]
		if c.amount {
			r.decideMark(c, mark, &undecided)
		} else {
			r.decideOrder(c, order, &undecided)
		}
	}
	if len(undecided.Columns) > 0 {
		undecided.Path = r.path
		return &undecided
	}
	return nil
}

// voice is what all columns that prove anything agree in.
func (r *reader) voice() (order cells.Order, mark rune) {
	var orders []cells.Order
	var marks []rune
	for _, c := range r.columns {
		if o, _ := c.days.Order(); o != cells.NoOrder && !slices.Contains(orders, o) {
			orders = append(orders, o)
		}
		if m, _ := c.decimal.Mark(); m != 0 && !slices.Contains(marks, m) {
			marks = append(marks, m)
		}
	}
	if len(orders) == 1 {
		order = orders[0]
	}
	if len(marks) == 1 {
		mark = marks[0]
	}
	return order, mark
}

func (r *reader) decideMark(c *columnFormat, voice rune, undecided *UndecidedError) {
	mark, sure := c.decimal.Mark()
	proof := c.decimal.Point
	if mark == ',' {
		proof = c.decimal.Comma
	}
	switch {
	case r.stated.mark != 0:
		mark, c.basis = r.stated.mark, "as the settings say"
	case mark != 0:
		c.basis = fmt.Sprintf("row %d proves it: %s", proof.Row, proof.Cell)
	case !sure && voice != 0:
		mark, c.basis = voice, "as in the other columns"
	case !sure:
		undecided.add(c.header, c.decimal.Unsure, "decimal mark", `decimal: "." or decimal: "," in the config, or once by --decimal`)
	default:
		mark, c.basis = cmp.Or(voice, '.'), "no cell has a mark"
	}
	c.numbers = cells.Numbers{Decimal: mark}
}

func (r *reader) decideOrder(c *columnFormat, voice cells.Order, undecided *UndecidedError) {
	order, sure := c.days.Order()
	proof := c.days.DayFirst
	if order == cells.MonthFirst {
		proof = c.days.MonthFirst
	}
	switch {
	case r.stated.order != cells.NoOrder:
		order, c.basis = r.stated.order, "as the settings say"
	case order != cells.NoOrder:
		c.basis = fmt.Sprintf("row %d proves it: %s", proof.Row, proof.Cell)
	case !sure && voice != cells.NoOrder:
		order, c.basis = voice, "as in the other columns"
	case !sure:
		undecided.add(c.header, c.days.Unsure, "order of day and month", "dates: DD/MM/YYYY or dates: MM/DD/YYYY in the config, or once by --dates")
	default:
		order, c.basis = voice, "no cell can be read two ways"
	}
	c.dates = cells.Dates{Order: order, Serial: r.format.Workbook, Epoch1904: r.format.Epoch1904}
}
