package cells

import "strings"

// Decimal finds out which decimal mark a column has, cell by cell.
type Decimal struct {
	// Point and Comma are the first cells that prove one mark, Unsure the first whose
	// mark can be either: "1,234".
	Point, Comma, Unsure Proof
}

// Proof is a cell that decides.
type Proof struct {
	Row  int // 0 for none
	Cell string
}

// See looks at a cell. whole says that the currency has no decimals, so that every mark
// is a grouping mark.
func (d *Decimal) See(row int, cell string, whole bool) {
	if cell == "" || d.Point.Row > 0 && d.Comma.Row > 0 {
		return
	}
	p, err := strip(cell)
	if err != nil {
		return // it is no amount, which is told where it is read
	}
	decimal, unsure := provenBy(p.digits)
	if unsure && whole {
		decimal, unsure = otherMark(p.digits), false
	}
	proof := Proof{Row: row, Cell: cell}
	switch {
	case unsure && d.Unsure.Row == 0:
		d.Unsure = proof
	case decimal == '.' && d.Point.Row == 0:
		d.Point = proof
	case decimal == ',' && d.Comma.Row == 0:
		d.Comma = proof
	}
}

// Mark is the decimal mark: the one that was proved first, 0 where none was. sure is
// false where a cell can be read both ways and nothing proves one of them.
func (d *Decimal) Mark() (mark rune, sure bool) {
	switch {
	case d.Point.Row > 0 && (d.Comma.Row == 0 || d.Point.Row <= d.Comma.Row):
		return '.', true
	case d.Comma.Row > 0:
		return ',', true
	}
	return 0, d.Unsure.Row == 0
}

// provenBy says which decimal mark the digits of a cell prove: that of the last of two
// marks, the other one where a mark repeats, the mark itself where no three digits
// follow it or no grouping can stand before it.
func provenBy(s string) (decimal rune, unsure bool) {
	point, comma := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case point == 0 && comma == 0:
		return 0, false
	case point > 0 && comma > 0:
		if strings.LastIndexByte(s, '.') > strings.LastIndexByte(s, ',') {
			return '.', false
		}
		return ',', false
	case point > 1:
		return ',', false
	case comma > 1:
		return '.', false
	}
	mark := '.'
	if comma == 1 {
		mark = ','
	}
	before, after, _ := strings.Cut(s, string(mark))
	grouping := len(after) == 3 && len(before) >= 1 && len(before) <= 3 && !strings.HasPrefix(before, "0") && onlyDigits(before)
	if !grouping {
		return mark, false
	}
	return 0, true
}

// otherMark is the decimal mark where the one that a cell has is grouping.
func otherMark(s string) rune {
	if strings.ContainsRune(s, ',') {
		return '.'
	}
	return ','
}
