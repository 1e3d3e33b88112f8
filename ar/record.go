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
	Date     Date
	Due      Date // zero where the ledger states none
	Terms    string
	Status   Status
	PO, Memo string
	URL      string
}

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

// Page is a piece of what a source brings. A record never refers to a later
// page: customers come before their children and documents, and documents
// before their applications.
type Page struct {
	Customers    []CustomerRecord
	Documents    []DocumentRecord
	Applications []ApplicationRecord
}

// Len counts the records of a page.
func (p Page) Len() int { return len(p.Customers) + len(p.Documents) + len(p.Applications) }

// RecordKind names one of the three kinds of record.
type RecordKind string

// The kinds of record.
const (
	CustomerRecords    RecordKind = "customers"
	DocumentRecords    RecordKind = "documents"
	ApplicationRecords RecordKind = "applications"
)

// Key is the identity of a record inside its source and kind of record: the
// external id, for documents with their kind in front ("invoice/1042").
type Key string

// Key returns the key of a document.
func (r Ref) Key() Key { return Key(string(r.Kind) + "/" + r.External) }

// SyncMark is what is written down of a source when a run ends well.
type SyncMark struct {
	Cursor   string
	DataAsOf time.Time
	TieOuts  []TieOut
}
