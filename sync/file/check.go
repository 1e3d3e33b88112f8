package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// checked is what the first pass over a bundle leaves: everything that the
// second one and the engine need, and of documents and applications no more
// than their keys and amounts.
type checked struct {
	tree
	documents    map[ar.Ref]int
	states       []documentState
	applications map[string]int // by external id: the row
	totals       []arsync.Total
	warnings     warnings
	sums         map[string]string
	cursor       string
	dataAsOf     time.Time
}

// documentState is what is known of a document in the first pass.
type documentState struct {
	amount ar.Money // zero without currency where the row was faulty
	// applied is what applications take, in minor units.
	applied int64
	row     int
	posted  bool
}

// checker is the first pass over a bundle.
type checker struct {
	checked
	faults faults
	// unread are the files that could not be read to their end: what refers to
	// them is not judged.
	unread map[string]bool
}

// check reads everything once. Its error is a *CheckError where the bundle is
// at fault.
func (b *Bundle) check(ctx context.Context, dir fs.FS) (*checked, error) {
	about, err := b.about(dir)
	if err != nil {
		return nil, err
	}
	c := &checker{checked: checked{
		tree: tree{index: map[string]int{}}, documents: map[ar.Ref]int{}, applications: map[string]int{}, sums: map[string]string{},
	}}
	c.unread = map[string]bool{}
	steps := []struct {
		file    string
		columns []column
		each    func(*sheet)
		after   func()
		may     bool // may be missing
	}{
		{customersFile, customerColumns, c.customer, c.afterCustomers, false},
		{documentsFile, documentColumns, c.document, c.afterDocuments, false},
		{applicationsFile, applicationColumns, c.application, c.afterApplications, false},
		{totalsFile, totalColumns, c.totalRow, func() {}, true},
	}
	for _, step := range steps {
		stop := stopper(ctx)
		sum, err := readFile(dir, step.file, bundleLayout(step.columns), &c.faults, func(s *sheet) bool {
			step.each(s)
			return !stop()
		})
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, fs.ErrNotExist) && step.may:
		case errors.Is(err, errStop):
			c.unread[step.file] = true
		case errors.Is(err, fs.ErrNotExist):
			c.unread[step.file] = true
			c.faults.add(Fault{File: step.file, Wrong: "the file is missing", Mend: "A bundle has " + customersFile + ", " + documentsFile + " and " + applicationsFile})
		case err != nil:
			return nil, err
		default:
			c.sums[step.file] = sum
			step.after()
		}
	}
	if err := c.faults.err(b.Path); err != nil {
		return nil, err
	}
	return c.result(dir, about)
}

// stopper returns a func that looks at ctx now and then, since looking costs
// more than a row.
func stopper(ctx context.Context) func() bool {
	n, stopped := 0, false
	return func() bool {
		if n++; n%1024 == 0 {
			stopped = ctx.Err() != nil
		}
		return stopped
	}
}

func (c *checker) result(dir fs.FS, about about) (*checked, error) {
	c.sums[aboutFile] = about.sum
	c.cursor = fingerprint(bundleVersion, about.sum, c.sums[customersFile], c.sums[documentsFile], c.sums[applicationsFile], c.sums[totalsFile])
	c.dataAsOf = about.exported
	if c.dataAsOf.IsZero() {
		for _, name := range []string{customersFile, documentsFile, applicationsFile} {
			info, err := fs.Stat(dir, name)
			if err != nil {
				return nil, fmt.Errorf("look at %s: %w", name, err)
			}
			if info.ModTime().After(c.dataAsOf) {
				c.dataAsOf = info.ModTime()
			}
		}
	}
	c.warnAboutFiles(dir)
	return &c.checked, nil
}

// warnAboutFiles names the tables that nobody reads: total.csv, invoices.csv.
func (c *checker) warnAboutFiles(dir fs.FS) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return // the files themselves could be read; this is only a hint
	}
	for _, e := range entries {
		_, read := c.sums[e.Name()]
		if !read && strings.EqualFold(pathExt(e.Name()), ".csv") {
			c.warnings.add("%s is not a file of a bundle and was not read.", e.Name())
		}
	}
}

func pathExt(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}

func (c *checker) customer(s *sheet) {
	record := s.customer()
	if record.External == "" {
		return
	}
	if first, twice := c.index[record.External]; twice {
		s.wrong(customerExternal, fmt.Sprintf("row %d has the same id", c.rows[first]), "Give every customer one row")
		return
	}
	c.index[record.External] = len(c.customers)
	c.customers = append(c.customers, record)
	c.rows = append(c.rows, s.row)
}

func (c *checker) afterCustomers() {
	if len(c.customers) == 0 {
		c.empty(customersFile)
		return
	}
	c.order(func(i int, what string) {
		c.faults.add(Fault{
			File: customersFile, Row: c.rows[i], Column: customerColumns[customerParent].name, Value: c.customers[i].Parent,
			Wrong: what, Mend: "Write the external id of another customer, or nothing",
		})
	})
	// order has moved the records, so the places of the index are old ones.
	for i, record := range c.customers {
		c.index[record.External] = i
	}
}

// empty says that a file has no rows, unless they are all faulty.
func (c *checker) empty(file string) {
	c.unread[file] = true
	for _, f := range c.faults.list {
		if f.File == file {
			return
		}
	}
	c.faults.add(Fault{File: file, Wrong: "it is empty: there is no row below the header", Mend: "Export it anew"})
}

func (c *checker) document(s *sheet) {
	d := s.document()
	if _, ok := c.index[d.Customer]; !ok && d.Customer != "" && !c.unread[customersFile] {
		s.wrong(documentCustomer, "there is no such customer in "+customersFile, "Write the external id of a customer")
	}
	if d.External == "" || d.Kind == "" {
		return
	}
	if first, twice := c.documents[d.Ref]; twice {
		s.wrong(documentExternal, fmt.Sprintf("row %d has the same kind and id", c.states[first].row), "Give every document one row")
		return
	}
	// The key is kept without the rest of its row.
	c.documents[ar.Ref{Kind: d.Kind, External: strings.Clone(d.External)}] = len(c.states)
	c.states = append(c.states, documentState{amount: d.Amount, row: s.row, posted: d.Status == ar.Posted})
}

func (c *checker) afterDocuments() {
	if len(c.states) == 0 {
		c.empty(documentsFile)
	}
}

func (c *checker) application(s *sheet) {
	a := s.application()
	to := c.referred(s, a.To, applicationTo, applicationToKind, raises)
	if c.apply(s, to, a.Amount) && a.From != (ar.Ref{}) {
		from := c.referred(s, a.From, applicationFrom, applicationFromKind, lowers)
		c.apply(s, from, a.Amount)
	}
	if a.External == "" {
		return
	}
	if first, twice := c.applications[a.External]; twice {
		s.wrong(applicationExternal, fmt.Sprintf("row %d has the same id", first), "Give every application one row")
		return
	}
	c.applications[strings.Clone(a.External)] = s.row
}

// raises and lowers are the kinds on the two sides of an application. A
// negative invoice can settle another one.
var (
	raises = []ar.DocumentKind{ar.Invoice, ar.Refund, ar.Journal}
	lowers = []ar.DocumentKind{ar.Payment, ar.CreditMemo, ar.Journal, ar.Invoice}
)

// referred finds the document that a cell refers to, nil where there is none.
func (c *checker) referred(s *sheet, ref ar.Ref, cell, kindCell int, kinds []ar.DocumentKind) *documentState {
	if ref.External == "" || ref.Kind == "" {
		return nil
	}
	if !slices.Contains(kinds, ref.Kind) {
		s.wrong(kindCell, fmt.Sprintf("a document of the kind %s cannot stand on this side", ref.Kind), "A payment or credit stands in from, what it settles in to")
		return nil
	}
	i, ok := c.documents[ref]
	if !ok && c.unread[documentsFile] {
		return nil
	}
	if !ok {
		s.wrong(cell, fmt.Sprintf("there is no document of the kind %s with this id in %s", ref.Kind, documentsFile), "Write the external id of a document, and its kind if it is another")
		return nil
	}
	return &c.states[i]
}

// apply sums up what is applied of a document. It reports false where the
// currencies differ.
func (*checker) apply(s *sheet, d *documentState, amount ar.Money) bool {
	if d == nil || d.amount.Currency() == "" || amount.Currency() == "" {
		return true
	}
	if d.amount.Currency() != amount.Currency() {
		s.wrong(applicationCurrency, fmt.Sprintf("the document is in %s", d.amount.Currency()), "An application is in the currency of both its documents")
		return false
	}
	d.applied += amount.Minor()
	return true
}

// afterApplications warns about documents of which more is applied than they
// are worth. Ledgers do contain such, so it is no fault.
func (c *checker) afterApplications() {
	refs := make([]ar.Ref, len(c.states))
	for ref, i := range c.documents {
		refs[i] = ref
	}
	for i, d := range c.states {
		ref := refs[i]
		worth := d.amount.Abs().Minor()
		if d.posted && d.applied > worth {
			c.warnings.add("%s row %d: %s %s has %s applied of %s.", documentsFile, d.row, ref.Kind, ref.External,
				ar.NewMoney(d.applied, d.amount.Currency()), d.amount.Abs())
		}
	}
}

func (c *checker) totalRow(s *sheet) {
	currency := s.currency(totalCurrency)
	t := arsync.Total{AsOf: s.date(totalAsOf), Net: s.money(totalTotal, currency)}
	s.needed(totalAsOf)
	if t.AsOf.IsZero() || currency == "" {
		return
	}
	for _, other := range c.totals {
		if other.AsOf == t.AsOf && other.Net.Currency() == currency {
			s.wrong(totalAsOf, "there is another total of this date and currency", "Give every date and currency one row")
			return
		}
	}
	c.totals = append(c.totals, t)
}

func (c *checked) records() int { return len(c.customers) + len(c.states) + len(c.applications) }

// has reports whether the bundle holds a record.
func (c *checked) has(kind ar.RecordKind, key ar.Key) bool {
	switch kind {
	case ar.CustomerRecords:
		_, ok := c.index[string(key)]
		return ok
	case ar.DocumentRecords:
		documentKind, external, _ := strings.Cut(string(key), "/")
		_, ok := c.documents[ar.Ref{Kind: ar.DocumentKind(documentKind), External: external}]
		return ok
	case ar.ApplicationRecords:
		_, ok := c.applications[string(key)]
		return ok
	case ar.EntryRecords: // files have none
	}
	return false
}

func (c *checked) statedTotals() func(context.Context) ([]arsync.Total, error) {
	if len(c.totals) == 0 {
		return nil
	}
	return func(context.Context) ([]arsync.Total, error) { return c.totals, nil }
}

// warnings are collected like faults.
type warnings struct {
	sentences []string
}

func (w *warnings) add(format string, args ...any) {
	w.sentences = append(w.sentences, fmt.Sprintf(format, args...))
}

// list returns the first sentences, and how many there are beyond.
func (w *warnings) list() []string {
	if len(w.sentences) <= shownFaults {
		return w.sentences
	}
	return append(slices.Clone(w.sentences[:shownFaults]), fmt.Sprintf("There are %d more warnings like these.", len(w.sentences)-shownFaults))
}
