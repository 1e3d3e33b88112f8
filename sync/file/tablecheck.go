package file

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"arbot/ar"
)

// tableCheck is what the first pass over a table leaves.
type tableCheck struct {
	customers []ar.CustomerRecord
	index     map[string]int
	documents map[ar.Ref]int // the row
	records   int
	sum       string
	warnings  warnings
	faults    faults
}

func (t *tableReader) check(ctx context.Context) (*tableCheck, error) {
	c := &tableCheck{index: map[string]int{}, documents: map[ar.Ref]int{}}
	rows := 0
	stop := stopper(ctx)
	sum, err := t.read(&c.faults, func(s *sheet) bool {
		rows++
		c.entry(s, t.entry(s))
		return !stop()
	})
	if err != nil && !errors.Is(err, errStop) {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if rows == 0 && c.faults.count() == 0 {
		c.faults.add(Fault{File: filepath.Base(t.path), Wrong: "it is empty: there is no row below the header", Mend: "Export it anew"})
	}
	c.sum = sum
	c.records += len(c.customers)
	return c, c.faults.err(t.path)
}

func (c *tableCheck) entry(s *sheet, e entry) {
	c.customer(s, e.customer)
	if e.document.External == "" {
		return
	}
	ref := ar.Ref{Kind: e.document.Kind, External: strings.Clone(e.document.External)}
	if first, twice := c.documents[ref]; twice {
		c.repeated(s, first)
		return
	}
	c.documents[ref] = s.row
	c.records++
	if e.paid != nil {
		c.records++
	}
}

func (c *tableCheck) repeated(s *sheet, first int) {
	if s.has(tableID) {
		s.wrong(tableID, fmt.Sprintf("row %d has the same id", first), "Give every document one row")
		return
	}
	s.wrong(tableNumber, fmt.Sprintf("row %d has the same number of the same customer", first),
		"Name a column that tells them apart as id in the mapping, or give every document one row")
}

// customer takes the first row's words for a customer, and what it lacks from
// later ones.
func (c *tableCheck) customer(s *sheet, record ar.CustomerRecord) {
	if record.External == "" {
		return
	}
	i, known := c.index[record.External]
	if !known {
		c.index[record.External] = len(c.customers)
		c.customers = append(c.customers, record)
		return
	}
	FillCustomer(&c.customers[i], record, func(what, first, later string) {
		c.warnings.add("%s row %d: the %s of customer %s is %s here and %s further up; the first one was taken.",
			s.file, s.row, what, record.External, quote(later), quote(first))
	})
}
