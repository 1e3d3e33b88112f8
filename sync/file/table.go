package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file/cells"
)

// TableKind is the kind of source that mapped tables are.
const TableKind = "table"

const tableVersion = "table-1"

// Table is the source of one table: a list of documents with what is open of
// them. Its rows are added and changed; what is not in it stays as it is, since
// a list may be one month's.
type Table struct {
	// Path is the CSV file.
	Path    string
	Mapping Mapping
	// AsOf is the date that the balances are of: given by the person, or the
	// file's date of modification in the company's zone.
	AsOf ar.Date
	// Modified is when the file was written, which is how fresh the data is.
	Modified time.Time
}

var _ arsync.Source = (*Table)(nil)

// NewTable returns the table in a CSV file; loc is the company's zone, in which
// the file's time of modification is a date. Both can be set to others.
func NewTable(path string, m Mapping, loc *time.Location) (*Table, error) {
	modified, err := ModTime(path)
	if err != nil {
		return nil, err
	}
	return &Table{Path: path, Mapping: m, AsOf: ar.DateOf(modified, loc), Modified: modified}, nil
}

// Identity is the mapping's.
func (t *Table) Identity(context.Context) (ar.SourceIdentity, error) {
	id := cmp.Or(t.Mapping.Name, mainBooks)
	return ar.SourceIdentity{Kind: TableKind, External: id, Name: cmp.Or(t.Mapping.Company, cmp.Or(t.Mapping.Name, filepath.Base(t.Path)))}, nil
}

// Full checks the whole table and begins the reading of it.
func (t *Table) Full(ctx context.Context) (*arsync.Reading, error) {
	rules, err := t.Mapping.rules()
	if err != nil {
		return nil, err
	}
	if t.AsOf.IsZero() && t.needsAsOf() {
		return nil, ar.Refuse("%s: say of which date its balances are, since it has no dates of payments for all of them.", t.Path)
	}
	r := &tableReader{path: t.Path, layout: layout{delimiter: rules.delimiter, columns: rules.columns}, rules: rules, asOf: t.AsOf}
	c, err := r.check(ctx)
	if err != nil {
		return nil, err
	}
	cursor := t.cursor(c.sum)
	reading := &arsync.Reading{
		Total: c.records, Pages: r.pages(ctx, c), DataAsOf: t.Modified,
		Cursor:   func() string { return cursor },
		Warnings: c.warnings.list(),
	}
	if t.Mapping.Columns.Amount != "" && t.Mapping.Columns.Balance != "" {
		reading.Balances = r.balances(ctx, c)
	}
	return reading, nil
}

func (t *Table) needsAsOf() bool {
	c := t.Mapping.Columns
	return c.Date == "" || c.Balance != "" && c.Amount != ""
}

// Changes compares the file's fingerprint, and the way in which it is read,
// with that of the last reading.
func (t *Table) Changes(_ context.Context, cursor string) (*arsync.Reading, error) {
	sum, err := digestOf(os.DirFS(filepath.Dir(t.Path)), filepath.Base(t.Path))
	if err != nil {
		return nil, noSuchFile(t.Path, err)
	}
	if t.cursor(sum) == cursor {
		return nil, arsync.ErrNothingNew
	}
	return nil, arsync.ErrFullOnly
}

func (t *Table) cursor(sum string) string {
	return fingerprint(tableVersion, sum, fmt.Sprintf("%+v", t.Mapping), t.AsOf.String())
}

// tableReader reads a table by the rules of a mapping.
type tableReader struct {
	path   string
	layout layout
	rules  rules
	asOf   ar.Date
	format cells.Format // as the last pass found it
}

// read calls each for every row until it says false, and returns the sum of the
// content.
func (t *tableReader) read(f *faults, each func(*sheet) bool) (sum string, err error) {
	name := filepath.Base(t.path)
	err = t.readRows(name, f, each)
	if text, ok := errors.AsType[*cells.TextError](err); ok {
		f.add(Fault{File: name, Row: text.Row, Wrong: text.Wrong, Mend: text.Mend})
		return "", errStop
	}
	if err == nil {
		sum, err = digestOf(os.DirFS(filepath.Dir(t.path)), name)
	}
	if err != nil {
		return "", noSuchFile(t.path, err)
	}
	return sum, nil
}

// readRows reads a table in any encoding, or the first sheet of a workbook. Text has the
// delimiter that the mapping says.
func (t *tableReader) readRows(name string, f *faults, each func(*sheet) bool) error {
	var err error
	if t.format, err = cells.Sniff(t.path); err != nil {
		return err
	}
	t.format.Delimiter = t.layout.delimiter
	rows, err := t.format.Open(t.path)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // it was only read
	s, err := newSheet(name, rows, t.layout, f)
	if err != nil {
		return err
	}
	s.ragged = t.format.Workbook
	if book, ok := rows.(interface{ Show(places []int) error }); ok {
		if err := book.Show(s.identities()); err != nil {
			return err
		}
	}
	return s.each(func(s *sheet) bool { return t.rules.leftOut(s) || each(s) })
}

// identities are the columns by whose texts something is known: numbers there are as a
// workbook shows them, 000123 and not 123.
func (s *sheet) identities() (places []int) {
	for _, c := range []int{tableID, tableNumber, tableCustomer, tableCustomerID, tablePO} {
		if s.has(c) {
			places = append(places, s.at[c])
		}
	}
	return places
}

// again reads the table a second time. The sum must be that of the check, or
// the last pair is an error.
func again[T any](ctx context.Context, t *tableReader, c *tableCheck, pick func(entry) (T, bool)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var f faults
		var none T
		stopped := false
		stop := stopper(ctx)
		sum, err := t.read(&f, func(s *sheet) bool {
			item, ok := pick(t.entry(s))
			if f.count() > 0 || stop() {
				return false
			}
			stopped = ok && !yield(item, nil)
			return !stopped
		})
		switch {
		case stopped:
		case ctx.Err() != nil:
			yield(none, ctx.Err())
		case f.count() > 0 || err == nil && sum != c.sum:
			yield(none, changed(t.path))
		case err != nil:
			yield(none, err)
		}
	}
}

// pages yields the customers, then documents and what settled them.
func (t *tableReader) pages(ctx context.Context, c *tableCheck) iter.Seq2[ar.Page, error] {
	return func(yield func(ar.Page, error) bool) {
		for customers := range slices.Chunk(c.customers, pageRecords) {
			if !yield(ar.Page{Customers: customers}, nil) {
				return
			}
		}
		var page ar.Page
		for e, err := range again(ctx, t, c, func(e entry) (entry, bool) { return e, true }) {
			if err != nil {
				yield(ar.Page{}, err)
				return
			}
			page.Documents = append(page.Documents, e.document)
			if e.paid != nil {
				page.Applications = append(page.Applications, *e.paid)
			}
			if page.Len() >= pageRecords-1 { // a row is two records at most
				if !yield(page, nil) {
					return
				}
				page = ar.Page{}
			}
		}
		if page.Len() > 0 {
			yield(page, nil)
		}
	}
}

// balances yields what the rows say is open.
func (t *tableReader) balances(ctx context.Context, c *tableCheck) iter.Seq2[arsync.Balance, error] {
	return again(ctx, t, c, func(e entry) (arsync.Balance, bool) {
		if e.balance == nil {
			return arsync.Balance{}, false
		}
		return *e.balance, true
	})
}
