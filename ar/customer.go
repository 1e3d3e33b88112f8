package ar

// SourceID, CustomerID and DocumentID are our own ids. They survive a rename,
// a merge, a void and a new import; a ledger's id or number is only a label.
type (
	// SourceID names a connected ledger: one company of one system.
	SourceID int64
	// CustomerID names a customer.
	CustomerID int64
	// DocumentID names a document.
	DocumentID int64
)

// Customer is who owes: a company or a person in one ledger, or a job, project
// or branch below one (Parent).
type Customer struct {
	ID       CustomerID
	Source   SourceID
	External string // the ledger's id, unique with Source
	Name     string
	Number   string
	Aliases  []string
	// Parent is 0 for a customer on its own.
	Parent CustomerID
	// Terms is the ledger's name of the default terms.
	Terms string
	// Class, Region, Segment and Fields are what owner rules look at.
	Class, Region, Segment string
	Fields                 map[string]string
	// LedgerOwner is the sales owner that the source itself names; Owner is
	// the one that the rules gave, OwnerWhy the rule. Collector is the AR
	// person of the account. All are e-mail addresses, or names where the
	// source has no more.
	LedgerOwner, Owner, OwnerWhy, Collector string
	// Inactive customers still owe what they owe.
	Inactive bool
	// Deleted customers are tombstones: the ledger has them no more.
	Deleted bool
}
