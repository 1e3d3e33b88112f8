package ar

import (
	"context"
	"encoding/json"
	"time"
)

// Books is the record: what the ledgers brought and what people added. View
// and Update each run f in one transaction with one timestamp; an error of f
// rolls it back and is returned as it is. f may run again after a conflict of
// two writers, so it must have no effect outside the transaction.
//
// The port stands here and not beside its users since its methods take
// closures over Reader and Tx: structural typing stops at func types.
type Books interface {
	View(ctx context.Context, f func(Reader) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Reader reads one state of the books. Slices come whole (no iteration over
// open rows), and what the caller gets is the caller's.
type Reader interface {
	CustomerReader
	LedgerReader
	SourceReader
	PostReader
	ActReader
	AuditReader
	MetricReader
}

// Tx reads and writes in one transaction.
type Tx interface {
	Reader
	LedgerWriter
	ConnectionWriter
	PostWriter
	ActWriter
	AuditWriter
	// Enqueue puts a notice into the queue, to be carried out after commit.
	Enqueue(ctx context.Context, n Notice) error
	// FirstSeen notes the id of a delivery from outside and reports whether it
	// is new: false means that it was handled before, also before a restart.
	FirstSeen(ctx context.Context, delivery string) (bool, error)
}

// CustomerReader finds customers.
type CustomerReader interface {
	// Customer returns one, or ErrNoCustomer.
	Customer(ctx context.Context, id CustomerID) (Customer, error)
	// Customers lists customers that fit, by id.
	Customers(ctx context.Context, f CustomerFilter) ([]Customer, error)
	// Owners lists the sales owners that accounts have, by name.
	Owners(ctx context.Context) ([]string, error)
	// Relatives lists the families of customers, tombstones included: who is above them,
	// and all that are below those at the top, by id.
	Relatives(ctx context.Context, customers []CustomerID) ([]Relative, error)
	// Find searches customers by name, alias, number and invoice number, also
	// with typos; best first.
	Find(ctx context.Context, text string, limit int) ([]Match, error)
}

// CustomerFilter selects customers; the zero filter is all of them, tombstones
// left out.
type CustomerFilter struct {
	Source SourceID
	// Parents selects the children of these customers.
	Parents []CustomerID
	Scope   *Scope
	// After and Limit page through the list by id.
	After CustomerID
	Limit int
}

// MatchBy says what of a customer matched a search.
type MatchBy string

// What can match.
const (
	MatchedName    MatchBy = "name"
	MatchedAlias   MatchBy = "alias"
	MatchedNumber  MatchBy = "number"
	MatchedInvoice MatchBy = "invoice"
)

// Match is a customer or a document that fits what a person typed.
type Match struct {
	Customer CustomerID
	Name     string
	Number   string
	Owner    string
	By       MatchBy
	// Document is set where an invoice number matched; Label is the alias or
	// the number that did.
	Document DocumentID
	Label    string
	// Exact: the same but for case, accents, punctuation and spaces.
	Exact bool
	// Within: what matched contains the text as typed, by the same measure.
	// Neither Exact nor Within is a guess at a typo.
	Within bool
	// Whole: the text is the first words of what matched, or all of them, and each to
	// its end: "Acme In" is not of "Acme Industries".
	Whole bool
	// Score is between 0 and 1, 1 for an exact match.
	Score float64
}

// LedgerReader reads what is owed. Figures are computed from the history as of
// a date, never taken from a stored balance.
type LedgerReader interface {
	// Document returns one, or ErrNoDocument.
	Document(ctx context.Context, id DocumentID) (Document, error)
	// Settlements lists what is applied to a document that raises A/R, and in
	// effect up to asOf, by date.
	Settlements(ctx context.Context, id DocumentID, asOf Date) ([]Settlement, error)
	// SourceDocuments lists the documents of a source in every state, by id, after one.
	SourceDocuments(ctx context.Context, s SourceID, after DocumentID, limit int) ([]Document, error)
	// DocumentsAt lists the documents that their ledgers show under an address,
	// by id.
	DocumentsAt(ctx context.Context, address string) ([]Document, error)
	// OpenItems lists what is open, oldest due date first.
	OpenItems(ctx context.Context, q ItemQuery) ([]OpenItem, error)
	// EachOpenItem hands them on one by one, in any order and without the query's limit:
	// for who keeps little of each of many. f must not use the reader.
	EachOpenItem(ctx context.Context, q ItemQuery, f func(OpenItem)) error
	// Aging sums the open items into rows, by currency and group.
	Aging(ctx context.Context, q AgingQuery) ([]AgingRow, error)
	// OverdueMoves lists the items that were overdue at from or at to, with
	// what was applied after from up to to.
	OverdueMoves(ctx context.Context, from, to Date, s Scope) ([]OverdueMove, error)
	// PaidInvoices lists the invoices of customers that were paid in full as of
	// to, the last payment having come after from: see PaidSums for what counts.
	PaidInvoices(ctx context.Context, customers []CustomerID, from, to Date) ([]PaidInvoice, error)
	// LastPayment returns the latest payment of customers dated up to asOf;
	// false where there is none. A payment of nothing, which only hands credits
	// on, is none.
	LastPayment(ctx context.Context, customers []CustomerID, asOf Date) (Document, bool, error)
	// Received lists payments first seen after an instant, those of a source's
	// first whole read and those of nothing left out, summed by customer and
	// currency.
	Received(ctx context.Context, seenAfter time.Time, s Scope) ([]Received, error)
}

// Settlement is an amount that was set against a document.
type Settlement struct {
	Kind ApplicationKind
	// From names what it came from, a payment or a credit, by its label; "" for
	// an entry without one (a write-off).
	From   string
	Amount Money
	// Date is the day from which it counts.
	Date Date
	// Inferred: it was concluded from balances, and may be a payment or a credit.
	Inferred bool
}

// ItemQuery selects open items as of a date.
type ItemQuery struct {
	AsOf      Date
	Customers []CustomerID // nil for all
	Scope     Scope
	Source    SourceID // 0 for all
	// DueFrom and DueTo bound the due date, both included; zero is no bound.
	DueFrom, DueTo Date
	// SeenBy leaves out what came into the books after an instant; zero is no bound.
	SeenBy time.Time
	// Owed leaves out unapplied credits.
	Owed bool
	// Sums says that the items are for sums only: they come without numbers and texts.
	Sums bool
	// Limit is the most to return; 0 is all.
	Limit int
}

// AgingQuery selects and groups an aging.
type AgingQuery struct {
	Rule      AgingRule
	Group     Grouping
	Customers []CustomerID // nil for all
	Scope     Scope
	Currency  Currency // "" for all
	// Source restricts to one ledger, for its tie-out; 0 is all.
	Source SourceID
}

// Received is money that came in from a customer.
type Received struct {
	Customer CustomerID
	Name     string
	Owner    string
	Amount   Money
	// Latest is the date of the latest payment among them.
	Latest Date
}

// SourceReader reads the state of the ledgers.
type SourceReader interface {
	Sources(ctx context.Context) ([]Source, error)
	// Connection returns one by its name, or ErrNoConnection.
	Connection(ctx context.Context, name string) (Connection, error)
	// Connections lists all of them by name.
	Connections(ctx context.Context) ([]Connection, error)
	// LatestLabels returns, for each customer of a source, the labels of its
	// latest posted document that has any.
	LatestLabels(ctx context.Context, s SourceID) (map[CustomerID]map[string]string, error)
}

// ConnectionWriter writes connections.
type ConnectionWriter interface {
	// PutConnection writes c where the books still hold it in c.Version (0 for a
	// new one) and returns it with its new version; ErrConnectionMoved where
	// they do not.
	PutConnection(ctx context.Context, c Connection) (Connection, error)
	// LeaseConnection makes holder the only one to renew the tokens until then:
	// true if it got the lease. Who holds it may extend it; until in the past
	// gives it back.
	LeaseConnection(ctx context.Context, name, holder string, until time.Time) (bool, error)
	// DropConnection forgets one, tokens and all.
	DropConnection(ctx context.Context, name string) error
}

// LedgerWriter writes what a source brings.
type LedgerWriter interface {
	// PutSource registers a ledger, or finds it again by kind and external id,
	// and returns its state.
	PutSource(ctx context.Context, s SourceIdentity) (Source, error)
	// StartRun begins a run; an unfinished earlier run of the source is closed.
	StartRun(ctx context.Context, r Run) (RunID, error)
	// PutPage upserts records by (source, external id), settles what they
	// touch and moves the run on. A record equal to what is stored changes
	// nothing; an entry counts by its records. A reference to a record that is not there is a *MissingRefError.
	PutPage(ctx context.Context, r RunID, p Page) (RunCounts, error)
	// JoinSource ends a ledger whose company another one has now: what people added to
	// its customers and documents goes over to those that are the same in the other, by
	// our ids, and its records are gone.
	JoinSource(ctx context.Context, from, into SourceID, customers map[CustomerID]CustomerID, documents map[DocumentID]DocumentID) error
	// Amounts returns the amounts of those of a source's documents that are in the
	// books, whatever their status.
	Amounts(ctx context.Context, s SourceID, documents []Ref) (map[Ref]Money, error)
	// Keys lists the keys of a source's live records, after a key, in order.
	Keys(ctx context.Context, s SourceID, kind RecordKind, after Key, limit int) ([]Key, error)
	// Departed lists, by key, the customers of a source that are gone, or inactive and
	// without documents, and of which nobody said into which one they were merged: those of
	// the given keys, and those whose documents other customers have since the last run that
	// read the source to its end.
	Departed(ctx context.Context, s SourceID, gone []Key) ([]Departed, error)
	// Tombstone marks records as gone from the ledger.
	Tombstone(ctx context.Context, r RunID, kind RecordKind, keys []Key) (RunCounts, error)
	// SetOwners writes the sales owners that the rules gave.
	SetOwners(ctx context.Context, owners []OwnerAssignment) error
	// FinishRun ends a run. With a fault the mark is ignored and the source
	// keeps its cursor and its data time; it keeps its cursor too where the
	// mark has none.
	FinishRun(ctx context.Context, r RunID, m SyncMark, fault string) error
	// SetHealth writes how a source can be read; Since stays while the state
	// does.
	SetHealth(ctx context.Context, s SourceID, h Health) error
}

// Departed is a customer that is gone, or inactive and without documents, and nobody said
// into which one it was merged.
type Departed struct {
	Key  Key
	Name string
	// Inactive: it is not gone.
	Inactive bool
	// Went are the keys of the live customers that have documents now which were its own
	// when the source was last read to its end; documents that are gone don't count.
	Went []Key
	// Documents: it still has some that are not gone.
	Documents bool
	// Acts: people added something to it, which stands with it.
	Acts bool
}

// OwnerAssignment is the sales owner of an account and why.
type OwnerAssignment struct {
	Customer   CustomerID
	Owner, Why string
}

// PostReader reads posts.
type PostReader interface {
	// Post returns one with its parts, or ErrNoPost.
	Post(ctx context.Context, id PostID) (Post, error)
	// LastPost returns the latest post of that kind and route that was put in
	// its place on a day before; false where there is none.
	LastPost(ctx context.Context, kind PostKind, route string, before Date) (Post, bool, error)
	// PostAt returns the post of which a message is a part; false where it is of none.
	PostAt(ctx context.Context, channel, ts string) (Post, bool, error)
	// PostPlace returns the place that a post has taken; false where it has none.
	PostPlace(ctx context.Context, id PostID) (PostPlace, bool, error)
}

// PostWriter writes posts.
type PostWriter interface {
	// PlanPost makes a post, or returns the one that has its key already;
	// created tells which.
	PlanPost(ctx context.Context, key PostKey, body string) (p Post, created bool, err error)
	// SetPost writes state and fault; on the first PostDone the time too.
	SetPost(ctx context.Context, id PostID, s PostState, fault string) error
	// SetFigures keeps what a digest said.
	SetFigures(ctx context.Context, id PostID, figures json.RawMessage) error
	// SetPart writes one part of a post, by its number; RemovePart drops it.
	SetPart(ctx context.Context, id PostID, p PostPart) error
	RemovePart(ctx context.Context, id PostID, no int) error
	// TakeSlot gives a post the next slot of its channel on its day, and no other post has
	// the same; false where all are taken, of which there are so many; 0 is no bound. The
	// slot of a post that came to nothing is free again.
	TakeSlot(ctx context.Context, p PostPlace, most int) (ok bool, err error)
	// PutInThread gives a post a place in a thread.
	PutInThread(ctx context.Context, p PostPlace) error
}
