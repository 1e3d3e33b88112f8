package export

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"arbot/ar"
)

// documents are the keys of what was seen. A list has a hash for each of them, to hold
// millions; a file with a row for each line also knows which rows belong together.
type documents struct {
	joined bool
	keys   []uint64
	twice  map[uint64]bool
	lines  map[uint64]joinedLines
}

// joinedLines is a document of several rows.
type joinedLines struct {
	row  int
	sum  int64  // of the lines' amounts, in minor units
	head uint64 // what all rows must say alike
}

// see notes the document of a row. It reports false where the row contradicts another one
// of the same document.
func (d *documents) see(r *reader, l *line, row Row, amount ar.Money) bool {
	key := hashOf(row.Document.Key())
	if !d.joined || row.Document.Number == "" {
		d.keys = append(d.keys, key)
		return true
	}
	if d.lines == nil {
		d.lines = map[uint64]joinedLines{}
	}
	head := headOf(row, r.match.has(roleLine))
	known, ok := d.lines[key]
	switch {
	case !ok:
		d.lines[key] = joinedLines{row: l.row, sum: amount.Minor(), head: head}
		d.keys = append(d.keys, key)
		return true
	case known.head != head:
		r.wrong(l, r.match.at[roleNumber], fmt.Sprintf("it has the number of the invoice in row %d, but another date, amount or state", known.row), "Give each invoice its own number, and all its lines the same dates and totals")
		return false
	}
	sum, err := ar.NewMoney(known.sum, row.Document.Amount.Currency()).Add(ar.NewMoney(amount.Minor(), row.Document.Amount.Currency()))
	if err != nil {
		r.wrong(l, r.match.at[roleLine], err.Error(), "Correct the cell")
		return false
	}
	known.sum = sum.Minor()
	d.lines[key] = known
	return true
}

// headOf sums up what all rows of a document must say alike.
func headOf(row Row, summed bool) uint64 {
	d := row.Document
	parts := []string{string(d.Kind), d.Customer, d.Number, d.Date.String(), d.Due.String(), string(d.Status), string(d.Amount.Currency())}
	if !summed {
		parts = append(parts, d.Amount.Decimal())
	}
	if !summed || !row.open {
		parts = append(parts, row.Open.Decimal())
	}
	return maphash.String(keySeed, strings.Join(parts, "\x1f"))
}

// findTwice looks for documents that are there twice. With ids of the program's own that
// is a fault; else they are two documents of one number and date, which happens.
func (r *reader) findTwice(ctx context.Context) error {
	d := &r.documents
	slices.Sort(d.keys)
	d.twice = map[uint64]bool{}
	for i := 1; i < len(d.keys); i++ {
		if d.keys[i] == d.keys[i-1] {
			d.twice[d.keys[i]] = true
		}
	}
	if len(d.twice) == 0 || !r.match.has(roleID) {
		return nil
	}
	first := map[uint64]int{}
	return r.lines(ctx, func(l *line) bool {
		if l.kind != dataLine || r.bad[l.row] != "" {
			return true
		}
		e := r.entry(l)
		for _, row := range e.rows {
			key := hashOf(row.Document.Key())
			if !d.twice[key] {
				continue
			}
			if first[key] == 0 {
				first[key] = l.row
				continue
			}
			r.wrong(l, r.match.at[roleID], fmt.Sprintf("row %d has the same id", first[key]), "Give every document one row")
			for _, f := range r.line {
				r.faults.add(f)
				r.bad[l.row] = f.Wrong
			}
		}
		r.line = nil
		return true
	})
}
