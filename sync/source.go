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
	// Estimated says that Total is not exact: for telling how far a reading is, and
	// for nothing else.
	Estimated bool
	// Pages yields the records, customers before what refers to them (see
	// ar.Page). It is ranged over once, closes what it opened when the loop
	// ends, and stops with an error as its last pair. What was yielded before
	// an error may have been written.
	Pages iter.Seq2[ar.Page, error]
	// Has reports whether a full reading holds a record, before its pages are
	// read: with it, nothing is written of a reading that would remove too
	// much. nil where that is known only after the last page.
	Has func(ar.RecordKind, ar.Key) bool
	// Merges says that the ledger never drops a customer: one that is gone was merged into
	// another. Where nobody says into which one (GoneRecord.Into), it is the one to which
	// its documents went, if all went to one.
	Merges bool
	// OpenAsOf, where set, says that the reading lists all that was open at the end of
	// that date and nothing else, as an aging report does: what the books have open then
	// and the reading lacks was settled, in a way that nobody knows. It needs Has, so
	// that nothing is written of a reading that would close too much.
	OpenAsOf ar.Date
	// Unsaid yields, after the last page, documents of which the reading does not say what
	// is open, as in a list of transactions. Those dated up to the last OpenAsOf of the
	// source are as open as that list had them. nil for none.
	Unsaid iter.Seq2[Unsaid, error]
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
	// Missing fetches a record that a page refers to and that the books lack:
	// it changed while the source was read, or could not be read with the
	// others. The page that comes back holds it with what it refers to. ErrGone
	// says that the ledger does not have it either: what refers to it is left
	// out and reported, of a customer only its parent. A record is asked for
	// once. nil where a source cannot look again.
	Missing func(ctx context.Context, kind ar.RecordKind, key ar.Key) (ar.Page, error)
	// Skipped returns, after the last page, sentences about records that could
	// not be read and are left as the books have them: where there are any and
	// there is neither Has nor Unread, a full reading removes nothing. nil for none.
	Skipped func() []string
	// Unread reports, after the last page, whether a record can be one of those that
	// Skipped is about: a full reading then removes what it lacks, but not these.
	Unread func(ar.RecordKind, ar.Key) bool
	// Warnings are sentences about what was read as it stands, though it looks
	// wrong.
	Warnings []string
}

// ErrGone says that the ledger does not have a record (any more).
var ErrGone = errors.New("the ledger does not have it")

// Total is the net A/R that the ledger's own report shows, in one currency.
type Total struct {
	AsOf ar.Date
	Net  ar.Money
	// Converted says that the report holds all currencies, each document
	// converted into the home currency at its own rate.
	Converted bool
	// Items fetches what the ledger's report lists, document by document, to
	// explain a difference. nil where the ledger has no such report.
	Items func(context.Context) ([]LedgerItem, error)
}

// LedgerItem is one line of a ledger's own list of what is open.
type LedgerItem struct {
	// Entry is the ledger's id of the transaction, with Kind; several records
	// of ours can come from one ("9/1", "9/2" from journal entry 9). Kind is ""
	// where the ledger's word for it has no match.
	Kind  ar.DocumentKind
	Entry string
	// Else are ids that our record may have instead, where the ledger's word for the kind
	// has no match.
	Else []string
	// Label is how the ledger names the line, for people: "Journal Entry 12".
	Label    string
	Customer string // the external id of the customer
	Open     ar.Money
}

// Fetcher is a source that can read records that are named, as a hint from
// outside (a webhook) names them.
type Fetcher interface {
	// Fetch reads them. The reading is never full, and its cursor is "": the
	// source's cursor stays where it is.
	Fetch(ctx context.Context, hints []Hint) (*Reading, error)
}

// Hint says that something about a record has changed in the ledger. Its words
// are the source's own.
type Hint struct {
	Entity, ID, Operation string
	// Into is the id that a merged record went into.
	Into string
}

// TroubleError is a fault that says how the connection to the ledger is; the
// engine writes that down with the run.
type TroubleError struct {
	Health ar.Health
	Err    error
}

// Error returns the sentence for people and what lies behind it.
func (e *TroubleError) Error() string { return e.Health.Why + ": " + e.Err.Error() }

// Unwrap returns what lies behind it.
func (e *TroubleError) Unwrap() error { return e.Err }

// Unsaid is a document that the same reading brings without what is open of it.
type Unsaid struct {
	Of       ar.Ref
	Customer string // the external id of the customer
	// Amount has the sign of its effect on A/R.
	Amount ar.Money
	Date   ar.Date
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
