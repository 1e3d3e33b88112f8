package export

// role is what a column is taken for.
type role int

const (
	roleNumber role = iota
	roleID
	roleKind
	roleCustomer
	roleCustomerID
	roleDate
	roleDue
	roleAmount  // the original total
	roleOpen    // what is open
	roleSettled // what was paid of it
	rolePaid    // when it was paid
	roleCurrency
	roleStatus
	rolePayment // the state of payment, where it stands beside the document's own
	roleTerms
	rolePO
	roleMemo
	roleOwner
	roleClass
	roleRegion
	roleLine    // the amount of one line of the document
	rolePosting // whether a transaction is posted
	roleOwed    // what was to be paid of it at first, less what is settled of it
	roleLost    // when it was given up as a bad debt
	roles
)

// roleWords are the roles as people read them.
var roleWords = [roles]string{
	"number", "id", "kind", "customer", "customer id", "date", "due date", "amount", "open amount", "paid amount",
	"paid date", "currency", "status", "payment status", "terms", "purchase order", "memo", "sales owner", "class", "region",
	"line amount", "posting", "amount due before payments", "written off",
}

// isDate and isAmount say how the cells of a role are read.
func (r role) isDate() bool {
	return r == roleDate || r == roleDue || r == rolePaid || r == roleLost
}

func (r role) isAmount() bool {
	return r == roleAmount || r == roleOpen || r == roleSettled || r == roleLine || r == roleOwed
}

// isIdentity says that the cells of a role are texts by which something is known: a number
// is what the person sees of it, with its zeros in front.
func (r role) isIdentity() bool {
	return r == roleNumber || r == roleID || r == roleCustomer || r == roleCustomerID || r == rolePO
}

// shape is how the rows of a report are arranged.
type shape int

const (
	flat       shape = iota // each row stands for itself
	byCustomer              // a row with a name, then its documents, then a total
	byBucket                // a row with an age, then its documents, then a total
	summary                 // a row for each customer, a column for each age
)

// Meaning is what it says of a document that a file does not hold it.
type Meaning int

const (
	// List is a choice of documents: its rows are taken in, the rest stays as it is.
	List Meaning = iota
	// Snapshot is all that is open on its as-of date: what is not in it is settled.
	Snapshot
)

// String says it for people.
func (m Meaning) String() string {
	if m == Snapshot {
		return "all that is open: what is missing counts as settled"
	}
	return "a list: what is missing stays as it is"
}

// column is one that a layout can have.
type column struct {
	role role
	// names are the header texts, the preferred ones first.
	names    []string
	required bool
}

// layout is a kind of report.
type layout struct {
	name string
	// titles are the words that its title has, in the lines above the header.
	titles  []string
	shape   shape
	meaning Meaning
	columns []column
	// aged says that it has a column for each age; months, that their headers speak of
	// months.
	aged, months bool
	// report says that it has lines above its header, totals and a footer.
	report bool
	// titled says that nothing but its title tells it from another layout.
	titled bool
	// lines says that a document has a row for each of its lines.
	lines bool
	// colons says that names of customers hold those above them: "Parent:Job".
	colons bool
	// transactions says that it lists what happened, and not what is open.
	transactions bool
	// generic says that it is no program's: what fits another layout as well is that.
	generic bool
	// rank decides between two layouts that fit equally well; the higher one is better.
	rank int
	// unsigned is the header of an amount that has no minus in a credit note.
	unsigned string
	// silent says that the program never exports what is open of a document.
	silent bool
	// remedy says how to export what is open, where the file does not say it.
	remedy string
}

func need(r role, names ...string) column { return column{role: r, names: names, required: true} }
func may(r role, names ...string) column  { return column{role: r, names: names} }
