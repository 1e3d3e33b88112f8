package export

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"arbot/ar"
)

// Row is a document of an export with what is open of it.
type Row struct {
	// At is its row in the file; the first one where it has several.
	At       int
	Document ar.DocumentRecord
	// Open is what the file says is open, with the sign of its effect on A/R; HasOpen is
	// false where the file does not say it.
	Open    ar.Money
	HasOpen bool
	// AmountKnown is false where the file has no original amount: Document.Amount is
	// then what is open, and marked as AmountUnknown.
	AmountKnown bool
	// DateKnown is false where the file has no document dates: Document.Date is then its
	// due date or the as-of date, whichever is earlier.
	DateKnown bool
	// Settled is when the document was paid in full, where the file says so.
	Settled ar.Date

	paid  bool // its state says that nothing is open
	lost  bool // since it was given up
	part  bool // its state says that something was paid, and nothing how much
	open  bool // what is open follows from its state alone
	again bool // another document has its customer, number and date
}

// Net is what the document adds to A/R by what the file says: what is open, else all of it.
func (r Row) Net() ar.Money {
	switch {
	case r.HasOpen:
		return r.Open
	case r.Document.Status != ar.Posted:
		return ar.NewMoney(0, r.Document.Amount.Currency())
	}
	return ar.Effect(r.Document.Kind, r.Document.Amount)
}

// Rows reads the file once more and yields its documents, each of them once. An error is
// the last pair: the disk, the context, or a file that was changed since the check.
func (e *Export) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		r := e.reader
		seen := map[uint64]int{}
		stopped := false
		err := e.changed()
		if err == nil {
			err = r.lines(ctx, func(l *line) bool {
				if l.kind != dataLine || r.bad[l.row] != "" {
					return true
				}
				entry := r.entry(l)
				if len(r.line) > 0 {
					r.line = nil
					return true
				}
				for _, row := range entry.rows {
					if r.final(&row, seen) && !yield(row, nil) {
						stopped = true
						return false
					}
				}
				return true
			})
		}
		if err == nil && !stopped {
			err = e.changed()
		}
		if err != nil && !stopped {
			yield(Row{}, err)
		}
	}
}

// final makes a row the document that it is a part of. It reports false for a line of a
// document that was given already, or that cannot be taken in.
func (r *reader) final(row *Row, seen map[uint64]int) bool {
	d := &row.Document
	key := hashOf(d.Key())
	if r.badKeys[key] {
		return false
	}
	if !r.documents.joined || d.Number == "" {
		if r.documents.twice[key] {
			if seen[key]++; seen[key] > 1 {
				d.External = fmt.Sprintf("%s/%d", d.External, seen[key])
				row.again = true
			}
		}
		return true
	}
	joined := r.documents.lines[key]
	if joined.row != row.At {
		return false
	}
	if r.match.has(roleLine) {
		total := ar.NewMoney(joined.sum, d.Amount.Currency())
		open := total
		switch {
		case row.paid:
			open = ar.NewMoney(0, total.Currency())
		case !row.open && row.HasOpen:
			open = row.Open
		}
		row.put(total, open, row.HasOpen)
	}
	return true
}

// count reads the documents and sums up what is open of them.
func (e *Export) count(ctx context.Context) error {
	sums := map[ar.Currency]*counted{}
	edges := ar.DefaultEdges(ar.ByDueDate)
	var repeated []uint64
	for row, err := range e.Rows(ctx) {
		if err != nil {
			return err
		}
		e.Documents++
		if row.again {
			repeated = append(repeated, hashOf(row.Document.Key()))
		}
		if net := row.Net(); !net.IsZero() {
			c := sums[net.Currency()]
			if c == nil {
				c = newCounted(net.Currency(), edges)
				sums[net.Currency()] = c
			}
			c.add(row, e.AsOf, edges)
		}
	}
	// The keys of millions of documents are not held twice.
	keys := append(e.reader.documents.keys, repeated...) //nolint:gocritic // appendAssign: the first slice is given up
	keys = slices.DeleteFunc(keys, func(key uint64) bool { return e.reader.badKeys[key] })
	slices.Sort(keys)
	e.keys, e.reader.documents.keys = keys, nil
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		e.Sums = append(e.Sums, sums[c].Sum)
	}
	return nil
}

// counted is a sum under way.
type counted struct{ Sum }

func newCounted(c ar.Currency, edges ar.Edges) *counted {
	zero := ar.NewMoney(0, c)
	return &counted{Sum{
		Currency: c, Owed: slices.Repeat([]ar.Money{zero}, edges.Count()), Ledger: slices.Repeat([]ar.Money{zero}, edges.Count()),
		Unapplied: zero, Net: zero,
	}}
}

// add puts a document into the bucket of its age: by its due date, a credit by its own.
func (c *counted) add(row Row, asOf ar.Date, edges ar.Edges) {
	open := row.Net()
	c.Documents++
	c.Net = plus(c.Net, open)
	from := row.Document.Due
	if from.IsZero() || open.Sign() < 0 {
		from = row.Document.Date
	}
	bucket := edges.Bucket(asOf.Sub(from))
	c.Ledger[bucket] = plus(c.Ledger[bucket], open)
	if open.Sign() < 0 {
		c.Unapplied = plus(c.Unapplied, open.Neg())
		return
	}
	c.Owed[bucket] = plus(c.Owed[bucket], open)
}
