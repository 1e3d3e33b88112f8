package sampleco

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"arbot/ar"
)

// WriteBundle writes the books as they stand as an arbot bundle (see
// docs/bundle.md) into a folder, which is made if need be: bundle.csv,
// customers.csv, documents.csv, applications.csv, and totals.csv with the
// balance of the control account as of a date. Files of an earlier bundle are
// overwritten. exported is the time that the bundle states for its data; where
// it is zero, it states none, and a reader takes the time of the files.
func (c *Company) WriteBundle(dir string, asOf ar.Date, exported time.Time) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("sampleco: write bundle: %w", err)
	}
	for _, f := range []struct {
		name  string
		write func(*table)
	}{
		{"bundle.csv", func(t *table) { c.writeAbout(t, exported) }},
		{"customers.csv", c.writeCustomers},
		{"documents.csv", c.writeDocuments},
		{"applications.csv", c.writeApplications},
		{"totals.csv", func(t *table) { c.writeTotals(t, asOf) }},
	} {
		if err := writeFile(filepath.Join(dir, f.name), f.write); err != nil {
			return fmt.Errorf("sampleco: write bundle: %w", err)
		}
	}
	return nil
}

func writeFile(path string, write func(*table)) (err error) {
	f, err := os.Create(path) //nolint:gosec // the caller says where the bundle goes
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	buffer := bufio.NewWriterSize(f, 1<<16)
	t := newTable(buffer)
	write(t)
	if err := t.close(); err != nil {
		return err
	}
	return buffer.Flush()
}

// table is a CSV file in the making. The writer keeps the first error.
type table struct{ rows *csv.Writer }

func newTable(w io.Writer) *table { return &table{csv.NewWriter(w)} }

// row writes one row; its error comes back from close.
func (t *table) row(fields ...string) {
	_ = t.rows.Write(fields)
}

func (t *table) close() error {
	t.rows.Flush()
	return t.rows.Error()
}

func (c *Company) writeAbout(t *table, exported time.Time) {
	stated := ""
	if !exported.IsZero() {
		stated = exported.Format(time.RFC3339)
	}
	t.row("external", "name", "home", "exported")
	t.row("harbor-and-pine", c.Name(), string(c.Home()), stated)
}

// fieldNames are the custom fields that some customer has, in order: each is a
// column of its own.
func (c *Company) fieldNames() []string {
	names := map[string]bool{}
	for _, r := range c.books.customers {
		for name := range r.Fields {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func (c *Company) writeCustomers(t *table) {
	names := c.fieldNames()
	header := []string{
		"external", "name", "number", "parent", "aliases", "terms",
		"class", "region", "segment", "owner", "collector", "inactive",
	}
	for _, name := range names {
		header = append(header, "field:"+name)
	}
	t.row(header...)
	for _, r := range c.books.customers {
		row := []string{
			r.External, r.Name, r.Number, r.Parent, strings.Join(r.Aliases, ";"), r.Terms,
			r.Class, r.Region, r.Segment, r.Owner, r.Collector, flag(r.Inactive),
		}
		for _, name := range names {
			row = append(row, r.Fields[name])
		}
		t.row(row...)
	}
}

func (c *Company) writeDocuments(t *table) {
	t.row("kind", "external", "number", "customer", "amount", "currency", "date", "due", "terms", "status", "po", "memo", "url")
	for _, d := range c.books.documents {
		t.row(
			string(d.Kind), d.External, d.Number, d.Customer, d.Amount.Decimal(), string(d.Amount.Currency()),
			d.Date.String(), d.Due.String(), d.Terms, string(d.Status), d.PO, d.Memo, d.URL,
		)
	}
}

func (c *Company) writeApplications(t *table) {
	t.row("external", "from_kind", "from", "to_kind", "to", "kind", "amount", "currency", "date", "inferred")
	for _, a := range c.books.applications {
		if a.Deleted { // what a bundle does not hold is gone from the ledger
			continue
		}
		t.row(
			a.External, string(a.From.Kind), a.From.External, string(a.To.Kind), a.To.External, string(a.Kind),
			a.Amount.Decimal(), string(a.Amount.Currency()), a.Date.String(), flag(a.Inferred),
		)
	}
}

func (c *Company) writeTotals(t *table, asOf ar.Date) {
	t.row("as_of", "currency", "total")
	for _, m := range c.Receivables(asOf) {
		t.row(asOf.String(), string(m.Currency()), m.Decimal())
	}
}

func flag(b bool) string {
	if b {
		return "true"
	}
	return ""
}
