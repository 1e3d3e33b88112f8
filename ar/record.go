package ar

import "time"

// Ref points at a document inside its source: ledgers number documents per
// kind, so the kind is part of the key.
type Ref struct {
	Kind     DocumentKind
	External string
}

// CustomerRecord is a customer as a source brings it.
type CustomerRecord struct {
	External, Name, Number string
	Parent                 string // the external id of the parent, "" for none
	Aliases                []string
	Terms                  string
	Class, Region, Segment string
	Fields                 map[string]string
	Owner, Collector       string
	Inactive, Deleted      bool
}

// DocumentRecord is a document as a source brings it.
type DocumentRecord struct {
	Ref
	Number   string
	Customer string // the external id of the customer
	Amount   Money
	// AmountUnknown: the source only says what is open of it, which Amount holds. The
	// books keep the first that they saw, so that the past stays as it was read.
	AmountUnknown bool
	Date          Date
	Due           Date // zero where the ledger states none
	Terms         string
	Status        Status
	PO, Memo      string
	URL           string
	// Rate converts the document into the source's home currency; "" where it
	// is in that currency.
	Rate Rate
	// Labels are what the document itself says about who sold it, for the
	// owner rules: custom fields by their names, and the Label constants.
	Labels map[string]string
}

// Labels of documents that every source calls the same.
const (
	LabelOwner    = "owner"    // the sales owner, where the document names one
	LabelClass    = "class"    // compared with the owner rules by class
	LabelLocation = "location" // compared with the owner rules by region
)

// ApplicationRecord is an application as a source brings it.
type ApplicationRecord struct {
	External string
	From     Ref // the zero Ref for an entry without a document
	To       Ref
	Kind     ApplicationKind
	Amount   Money
	Date     Date
	Inferred bool
	Deleted  bool
}

// EntryRecord is an entry of a ledger that stands for several records: a journal
// entry with lines for several customers, a payment with what it settles. The
// entry comes whole: what the books hold from it and is not in it is gone.
type EntryRecord struct {
	// External names the entry in its source ("payment/74").
	External     string
	Documents    []DocumentRecord
	Applications []ApplicationRecord
}

// Len counts the records of an entry, and the entry itself.
func (e EntryRecord) Len() int { return 1 + len(e.Documents) + len(e.Applications) }

// GoneRecord is a record that the ledger no longer has.
type GoneRecord struct {
	Kind RecordKind
	Key  Key
	// Into is the key of the customer that a merged one went into, with its
	// children, documents and names; "" for a record that was deleted.
	Into Key
}

// Page is a piece of what a source brings. A record never refers to a later
// page: customers come before their children and documents, documents before
// their applications, and entries before the entries that refer to them. What is
// gone is taken away last.
type Page struct {
	Customers    []CustomerRecord
	Documents    []DocumentRecord
	Applications []ApplicationRecord
	Entries      []EntryRecord
	Gone         []GoneRecord
}

// Len counts the records of a page.
func (p Page) Len() int {
	n := len(p.Customers) + len(p.Documents) + len(p.Applications) + len(p.Gone)
	for _, e := range p.Entries {
		n += e.Len()
	}
	return n
}

// RecordKind names one of the kinds of record.
type RecordKind string

// The kinds of record.
const (
	CustomerRecords    RecordKind = "customers"
	DocumentRecords    RecordKind = "documents"
	ApplicationRecords RecordKind = "applications"
	// EntryRecords are gone with all that came with them.
	EntryRecords RecordKind = "entries"
)

// Key is the identity of a record inside its source and kind of record: the
// external id, for documents with their kind in front ("invoice/1042").
type Key string

// Key returns the key of a document.
func (r Ref) Key() Key { return Key(string(r.Kind) + "/" + r.External) }

// SyncMark is what is written down of a source when a run ends well.
type SyncMark struct {
	// Partial: only some records were read. The source's data is as old as it
	// was, and only the tie-outs are taken.
	Partial  bool
	Cursor   string
	DataAsOf time.Time
	// OpenAsOf is set where all that was open at the end of that date was read.
	OpenAsOf Date
	TieOuts  []TieOut
	// LeftOut are sentences about what could not be read or was taken as it stands though
	// it looks wrong: each one line.
	LeftOut []string
}
