package arsync

import (
	"context"
	"errors"
	"iter"
	"time"

	"arbot/ar"
)

// Source reads one ledger: one company of one system. A source keeps nothing
// about what was read; the cursor that it gave is handed back to it.
type Source interface {
	// Identity says which ledger it is. It is asked first and must be the same
	// every time.
	Identity(ctx context.Context) (ar.SourceIdentity, error)
	// Full begins a reading of everything that the source holds. A source that
	// can check all of it before the first page does so here, so that an error
	// leaves the books as they are.
	Full(ctx context.Context) (*Reading, error)
	// Changes begins a reading of what is new since a cursor that an earlier
	// reading ended with. ErrFullOnly and ErrNothingNew are answers, not
	// faults.
	Changes(ctx context.Context, cursor string) (*Reading, error)
}

// Answers of Source.Changes.
var (
	// ErrFullOnly says that the cursor does not serve any more (or never
	// does): everything has to be read.
	ErrFullOnly = errors.New("only a full reading can serve")
	// ErrNothingNew says that the source is byte for byte what was read last
	// time. It is believed only where that reading ended well. A source that
	// has looked and found no change, but whose cursor moves on, returns a
	// Reading without pages instead.
	ErrNothingNew = errors.New("nothing new")
)

// Reading is one pass over a source that has begun.
type Reading struct {
	// Full says that what is not in the reading is not in the ledger any more.
	// The full reading of a list (invoices of a month) leaves it false.
	Full bool
	// Total is how many records the pages will hold, 0 where nobody knows.
	Total int
	// Pages yields the records, customers before what refers to them (see
	// ar.Page). It is ranged over once, closes what it opened when the loop
	// ends, and stops with an error as its last pair. What was yielded before
	// an error may have been written.
	Pages iter.Seq2[ar.Page, error]
	// Has reports whether a full reading holds a record, before its pages are
	// read: with it, nothing is written of a reading that would remove too
	// much. nil where that is known only after the last page.
	Has func(ar.RecordKind, ar.Key) bool
	// Balances yields, after the last page, what the ledger says is open of a
	// document where it does not say how it was settled. nil for none.
	Balances iter.Seq2[Balance, error]
	// Cursor returns, after the last page, where the next reading of changes
	// begins.
	Cursor func() string
	// DataAsOf is the time that the data states for itself; zero means that it
	// is as fresh as the reading.
	DataAsOf time.Time
	// Totals returns, after the last page, the ledger's own totals for the
	// tie-out. nil for none.
	Totals func(context.Context) ([]Total, error)
	// Warnings are sentences about what was read as it stands, though it looks
	// wrong.
	Warnings []string
}

// Total is the net A/R that the ledger's own report shows, in one currency.
type Total struct {
	AsOf ar.Date
	Net  ar.Money
}

// Balance is what a ledger says is open of a document that the same reading
// brings.
type Balance struct {
	Of ar.Ref
	// Open has the sign of its effect on A/R: below 0 for unapplied credit.
	Open ar.Money
	// Date is when the difference to what is known counts as settled: the date
	// of the payment where the ledger has it, else the as-of date of the data.
	Date ar.Date
}
