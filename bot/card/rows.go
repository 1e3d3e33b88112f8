package card

// Rows are lines each of which has a menu of its own: what can be done with what it
// is about.
type Rows []Row

// Row is one of them.
type Row struct {
	// Text is shown as it is, without style: the account first.
	Text string
	// Menu are up to five acts. A choice comes to the handler of its Action with its
	// Value, 75 characters both together. Nothing is asked before it counts: what
	// cannot be taken back asks in its answer.
	Menu []Act
}

// Act is an entry of a row's menu.
type Act struct {
	// Label says the act ("Cancel the promise").
	Label         string
	Action, Value string
}

func (Rows) part() {}
