package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"arbot/ar"
	"arbot/sync/file"
	"arbot/sync/file/cells"
)

// reader reads one file by its layout.
type reader struct {
	path     string
	format   cells.Format
	match    *match
	settings Settings
	stated   stated
	columns  map[int]*columnFormat
	seen     seen
	asOf     ar.Date

	customers customers
	totals    totals
	faults    faults
	bad       map[int]string // rows that are left out, and why
	badKeys   map[uint64]bool
	documents documents
	warnings  []string
	ignored   map[string]int // transactions that A/R knows nothing of, by their kind
	states    states         // what the states of documents said
	line      []file.Fault   // of the line that is read now
	noMoney   *line          // the first line whose currency nothing says
	bare      int            // rows without anything in the columns that are read
	hidden    int            // rows that a workbook does not show
}

// stated are the settings in the form in which they are used.
type stated struct {
	order cells.Order
	mark  rune
}

func newReader(path string, s Settings, sniff func(string) (cells.Format, error)) (*reader, error) {
	r := &reader{path: path, settings: s, bad: map[int]string{}, badKeys: map[uint64]bool{}, ignored: map[string]int{}}
	var err error
	if r.stated.order, err = cells.ParseOrder(s.Dates); err != nil {
		return nil, ar.Refuse("dates: %v.", err)
	}
	switch s.Decimal {
	case "":
	case ".", ",":
		r.stated.mark = rune(s.Decimal[0])
	default:
		return nil, ar.Refuse("decimal: %q is not a point or a comma.", s.Decimal)
	}
	if r.format, err = sniff(path); err != nil {
		return nil, r.explain(err)
	}
	if err := r.recognise(); err != nil {
		return nil, r.explain(err)
	}
	r.format.AsShown = r.match.identities()
	return r, nil
}

// explain makes a fault of the text one that people read.
func (r *reader) explain(err error) error {
	if text, ok := errors.AsType[*cells.TextError](err); ok {
		return &file.CheckError{Path: r.path, Faults: []file.Fault{{File: filepath.Base(r.path), Row: text.Row, Wrong: text.Wrong, Mend: text.Mend}}}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("There is no %s. Look at the path.", r.path), Err: err}
	}
	return err
}

// scan calls each for every row below the header until it says false.
func (r *reader) scan(ctx context.Context, each func(row int, texts []string) bool) error {
	rows, err := r.format.Open(r.path)
	if err != nil {
		return r.explain(err)
	}
	defer rows.Close() //nolint:errcheck // it was only read
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, texts, err := rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			if sheet, ok := rows.(interface{ Hidden() int }); ok {
				r.hidden = sheet.Hidden()
			}
			return nil
		case err != nil:
			return r.explain(err)
		case row > r.match.row && !each(row, texts):
			return nil
		}
	}
}

// lines walks over the rows below the header.
func (r *reader) lines(ctx context.Context, each func(*line) bool) error {
	w := newWalker(r.match, &r.seen)
	return r.scan(ctx, func(row int, texts []string) bool {
		l := w.next(row, texts)
		return each(&l)
	})
}

// check looks at every row.
func (r *reader) check(ctx context.Context) error {
	r.documents.joined = r.match.lines
	rows := 0
	err := r.lines(ctx, func(l *line) bool {
		switch l.kind {
		case dataLine:
			rows++
			r.checkEntry(l)
		case totalLine:
			r.checkTotal(l)
		case labelLine:
			r.totals.begin(l)
		case noLine:
			if l.bare {
				r.bare++
			}
		}
		return r.noMoney == nil
	})
	if err != nil {
		return err
	}
	if r.noMoney != nil {
		return &UndecidedError{Path: r.path, Columns: []Undecided{{What: "currency of its amounts", Setting: "currency: USD, or that which it is in"}}}
	}
	if rows == 0 {
		r.faults.add(file.Fault{File: filepath.Base(r.path), Wrong: "it is empty: there is no row below the header", Mend: "Export it anew"})
	}
	if err := r.findTwice(ctx); err != nil {
		return err
	}
	if r.settings.SkipBad && !r.totals.differ && len(r.bad) > 0 && len(r.bad) < rows {
		return nil
	}
	return r.faults.err(r.path)
}

// checkEntry looks at a row of a document.
func (r *reader) checkEntry(l *line) {
	e := r.entry(l)
	if len(r.line) > 0 {
		r.refuse(l, &e)
		return
	}
	for _, c := range e.customers {
		r.customers.add(c, func(format string, args ...any) {
			r.warn(fmt.Sprintf("row %d: ", l.row)+format, args...)
		})
	}
	for _, row := range e.rows {
		r.doubt(l, &row)
		seen := len(r.documents.keys)
		if !r.documents.see(r, l, row, e.line) {
			r.refuse(l, &e)
			return
		}
		if len(r.documents.keys) > seen {
			r.states.see(&row)
		}
	}
	r.totals.add(l, e.printed)
}

// doubt warns of a document of which more is open than it ever was.
func (r *reader) doubt(l *line, row *Row) {
	amount := row.Document.Amount.Abs()
	if row.HasOpen && row.AmountKnown && !r.match.has(roleLine) && row.Open.Abs().Minor() > amount.Minor() {
		r.warn("row %d: %s is open of an amount of %s, which is more than all of it. It was taken in so: look at it in the program.", l.row, row.Open.Abs(), amount)
	}
}

// refuse notes a row that cannot be taken in, and that its document cannot.
func (r *reader) refuse(l *line, e *entry) {
	for _, f := range r.line {
		r.faults.add(f)
	}
	if len(r.line) > 0 {
		r.bad[l.row] = briefly(r.line)
	}
	for _, row := range e.rows {
		if row.Document.External == "" {
			continue
		}
		for _, kind := range []ar.DocumentKind{row.Document.Kind, ar.Invoice, ar.CreditMemo} { // the sign may not be known
			r.badKeys[hashOf(ar.Ref{Kind: kind, External: row.Document.External}.Key())] = true
		}
	}
	r.line = nil
}

func (r *reader) warn(format string, args ...any) {
	if len(r.warnings) < shownFaults {
		r.warnings = append(r.warnings, fmt.Sprintf(format, args...))
	}
}

// wrong notes what is wrong with a cell of the row that is read now.
func (r *reader) wrong(l *line, place int, what, mend string) {
	f := file.Fault{File: filepath.Base(r.path), Row: l.row, Wrong: what, Mend: mend}
	if place >= 0 {
		f.Column, f.Value = r.match.header[place], l.cell(place)
		if f.Column == "" {
			f.Column = fmt.Sprintf("column %d", place+1)
		}
	}
	r.line = append(r.line, f)
}

// stat notes how the file is, to see whether it changes while it is read.
func (e *Export) stat() error {
	info, err := os.Stat(e.Path)
	if err != nil {
		return e.reader.explain(err)
	}
	e.size, e.when = info.Size(), info.ModTime()
	return nil
}

func (e *Export) changed() error {
	info, err := os.Stat(e.Path) //nolint:gosec // the person says which file is read
	if err != nil {
		return e.reader.explain(err)
	}
	if info.Size() != e.size || !info.ModTime().Equal(e.when) {
		return ar.Refuse("%s was changed while it was read. Start again.", e.Path)
	}
	return nil
}

// date finds the date that the balances are of.
func (e *Export) date() error {
	r := e.reader
	e.AsOf = cmp.Or(r.settings.AsOf, r.settings.Written)
	if text := r.match.preamble.asOf; text != "" {
		order := r.stated.order
		if voice, _ := r.voice(); order == cells.NoOrder {
			order = voice
		}
		d, err := cells.Dates{Order: order}.Parse(text)
		if err != nil {
			return &UndecidedError{Path: r.path, Columns: []Undecided{{What: fmt.Sprintf("date of %q", "As of "+text), Setting: "dates: DD/MM/YYYY or dates: MM/DD/YYYY, or write it anew"}}}
		}
		e.AsOf, e.Stated = d, true
		if given := r.settings.AsOf; !given.IsZero() && given != d {
			r.warn("The file says that it is of %s, and that counts; the %s of --as-of does not.", d, given)
		}
	}
	if e.AsOf.IsZero() {
		return &UndecidedError{Path: r.path, Columns: []Undecided{{What: "date that its balances are of", Setting: "--as-of YYYY-MM-DD"}}}
	}
	r.asOf = e.AsOf
	return nil
}

// describe fills in what the check has found.
func (e *Export) describe() {
	r := e.reader
	e.Layout, e.Format, e.Company = r.match.name, r.format, r.match.preamble.company
	for role, place := range r.match.at {
		if place < 0 {
			continue
		}
		e.Columns = append(e.Columns, Column{Header: r.match.header[place], As: roleWords[role], How: r.how(place)})
	}
	for _, a := range r.match.aging {
		as := fmt.Sprintf("open since %d days or more", a.from)
		if a.from == 0 {
			as = "open, not yet due"
		}
		e.Columns = append(e.Columns, Column{Header: r.match.header[a.place], As: as, How: r.how(a.place)})
	}
	e.Customers = r.customers.sorted()
	e.Totals = r.totals.list
	if len(r.bad) > 0 {
		e.Skipped, e.SkippedRows = r.faults.list, len(r.bad)
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d rows were left out.", len(r.bad)))
	}
	e.Warnings = append(e.Warnings, r.warnings...)
	for _, kind := range slices.Sorted(maps.Keys(r.ignored)) {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d rows of the kind %q are not part of A/R and were left out.", r.ignored[kind], kind))
	}
	e.Warnings = append(e.Warnings, r.states.warnings(r.match)...)
	if r.bare > 0 {
		e.Warnings = append(e.Warnings, several(r.bare, "row")+" empty in all columns that are read, and passed over.")
	}
	if r.hidden > 0 {
		e.Warnings = append(e.Warnings, several(r.hidden, "row")+" hidden in the workbook, and read all the same.")
	}
	e.mean()
}

// mean says what it means that something is not in the file.
func (e *Export) mean() {
	r := e.reader
	if r.match.meaning != Snapshot {
		return
	}
	grand := slices.ContainsFunc(e.Totals, func(t Total) bool { return t.Label == "" }) || r.totals.ofBlocks()
	differs := slices.ContainsFunc(e.Totals, func(t Total) bool { return !t.Ties() })
	switch {
	case !grand:
		e.Warnings = append(e.Warnings, "The file has no grand total that its rows could be held against, so what is missing in it stays as it is.")
	case !differs && len(r.bad) == 0 && !r.match.partial():
		e.Meaning = Snapshot
	default:
		e.Warnings = append(e.Warnings, "The file is not known to hold all that is open, so what is missing in it stays as it is.")
	}
}

// how says how a column is read.
func (r *reader) how(place int) string {
	c := r.columns[place]
	switch {
	case c == nil:
		return "text"
	case !c.amount:
		return fmt.Sprintf("%s (%s)", c.dates.Order, c.basis)
	case c.numbers.Decimal == ',':
		return fmt.Sprintf("decimal comma (%s)", c.basis)
	}
	return fmt.Sprintf("decimal point (%s)", c.basis)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
