package export

import (
	"context"
	"hash/maphash"
	"slices"
	"time"

	"arbot/ar"
	"arbot/sync/file"
	"arbot/sync/file/cells"
)

// Settings are what the config or a flag says about an export. All may be empty: then
// what the file does not prove is asked for.
type Settings struct {
	// Currency is that of amounts that name none.
	Currency ar.Currency
	// Dates is the order of day and month, as a layout: DD/MM/YYYY or MM/DD/YYYY.
	Dates string
	// Decimal is the decimal mark: "." or ",".
	Decimal string
	// AsOf is the date that the balances are of, where the file states none; Written, the
	// day on which the file was written, serves where nobody said one.
	AsOf, Written ar.Date
	// SkipBad leaves faulty rows out instead of refusing the file.
	SkipBad bool
}

// Export is a file that was checked and can be read.
type Export struct {
	Path   string
	Layout string
	Format cells.Format
	// AsOf is the date that the file states for its balances, else that of the
	// settings; Stated says which.
	AsOf   ar.Date
	Stated bool
	// Meaning is Snapshot only where the layout lists all that is open, the file's own
	// grand total is there and agrees, and no row was left out.
	Meaning Meaning
	// Company is named above the header of some reports, "" else.
	Company string
	Columns []Column
	// Customers are in the order of the file, those above others first.
	Customers []ar.CustomerRecord
	// Documents counts the rows that Rows yields.
	Documents int
	// Sums are what is open, one for each currency, by code.
	Sums   []Sum
	Totals []Total
	// Skipped are the faults of rows that were left out, the first of them; SkippedRows
	// counts the rows.
	Skipped     []file.Fault
	SkippedRows int
	Warnings    []string
	// Sum is of the file's content.
	Sum string

	reader *reader
	keys   []uint64 // sorted hashes of the keys of all documents
	size   int64
	when   time.Time
}

// Column is a column that is read.
type Column struct {
	// Header is its text, As what it is taken for, How the way in which it is read.
	Header, As, How string
}

// Sum is what is open in one currency, as of the export's date.
type Sum struct {
	Currency ar.Currency
	// Owed are the open documents by age, Unapplied is credit that is set against
	// nothing, above 0: as all our messages have it.
	Owed      []ar.Money
	Unapplied ar.Money
	// Ledger are the same with the credits in the buckets, by their own date, as
	// ledgers print it.
	Ledger []ar.Money
	// Net is what is owed less the unapplied credit.
	Net ar.Money
	// Documents counts those with something open.
	Documents int
}

// Total is one of the file's own totals, held against the rows.
type Total struct {
	Row int
	// Label is what the total is of, "" for the whole file; Column is its header.
	Label, Column string
	Stated, Read  ar.Money
}

// Ties reports whether the file's total is that of its rows.
func (t Total) Ties() bool { return t.Stated == t.Read }

// Total returns the grand total that the file states for what is open; ok is false where
// it has none, or several currencies.
func (e *Export) Total() (t Total, ok bool) {
	open := ""
	if place := e.reader.match.at[roleOpen]; place >= 0 {
		open = e.reader.match.header[place]
	}
	i := slices.IndexFunc(e.Totals, func(t Total) bool { return t.Label == "" && t.Column == open })
	if i < 0 {
		return Total{}, false
	}
	return e.Totals[i], true
}

// keySeed makes the hashes of keys; they never leave the process.
var keySeed = maphash.MakeSeed()

func hashOf(key ar.Key) uint64 { return maphash.String(keySeed, string(key)) }

// Has reports whether the file holds a record. Keys are held as hashes of 64 bits, so it
// is wrong once in some billions of files.
func (e *Export) Has(kind ar.RecordKind, key ar.Key) bool {
	switch kind {
	case ar.DocumentRecords:
		_, ok := slices.BinarySearch(e.keys, hashOf(key))
		return ok
	case ar.CustomerRecords:
		_, ok := e.reader.customers.index[string(key)]
		return ok
	case ar.ApplicationRecords, ar.EntryRecords: // exports have none
	}
	return false
}

// AsOf is the date that the balances of a file are of, as Check finds it, from as much of the
// file as that takes: its beginning, unless only its rows tell in which order the date has
// its day and its month. A fault further down is not seen. Its errors are those of Check.
func AsOf(ctx context.Context, path string, s Settings) (ar.Date, error) {
	r, err := newReader(path, s, cells.Head)
	if err != nil {
		return ar.Date{}, err
	}
	if text := r.match.preamble.asOf; text != "" {
		if _, err := (cells.Dates{Order: r.stated.order}).Parse(text); err != nil { // the columns have to prove its order
			if r, err = newReader(path, s, cells.Sniff); err == nil {
				err = r.formats(ctx)
			}
			if err != nil {
				return ar.Date{}, err
			}
		}
	}
	e := &Export{Path: path, reader: r}
	err = e.date()
	return e.AsOf, err
}

// Check reads a file and says what it is, what is in it, and whether it can be taken in.
// Nothing of a file is taken in that it refuses: for faulty rows and totals that differ
// with a *file.CheckError, for what can be read two ways with an *UndecidedError, for a
// table that is not recognised with an *UnknownError.
func Check(ctx context.Context, path string, s Settings) (*Export, error) {
	r, err := newReader(path, s, cells.Sniff)
	if err != nil {
		return nil, err
	}
	e := &Export{Path: path, reader: r}
	if err := e.stat(); err != nil {
		return nil, err
	}
	if err := r.formats(ctx); err != nil {
		return nil, err
	}
	if err := e.date(); err != nil {
		return nil, err
	}
	if err := r.check(ctx); err != nil {
		return nil, err
	}
	e.describe()
	return e, e.count(ctx)
}
