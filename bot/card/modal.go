package card

// Modal is a form, or a page that is only read, on top of the conversation.
type Modal struct {
	// Action names who handles what is sent. It is empty for a modal without Submit.
	Action string
	// Value is an opaque id for the handler, 3,000 characters at most. It comes back as
	// it was sent and is never a right to do something.
	Value string
	// InPlace: what answers it when it was sent takes the place of the message whose
	// button opened it, which is about this and nothing else.
	InPlace bool
	// Title is short: Slack cuts it to 24 characters, as it does the labels of the two
	// buttons.
	Title string
	// Parts stand above the inputs and say what the form is about.
	Parts  []Part
	Inputs []Input
	// Submit is the button that sends, and says the act ("Log promise"). Inputs need one.
	Submit string
	// Close is the other button; "" is "Cancel", and "Close" where nothing is sent.
	Close string
}

// Input is something to fill in.
type Input struct {
	// ID names the input within its modal: in what was sent, and in what is wrong with it.
	ID    string
	Kind  InputKind
	Label string
	Hint  string
	// Placeholder stands in an empty input, where its kind has one.
	Placeholder string
	Optional    bool
	// Initial is what the input holds at first: a text; a date as 2006-01-02; the value of
	// an option; the id of a person or conversation. Kinds that take several have one each.
	Initial []string
	// Options are what is chosen from by Radio, Checks, Menu and Menus; of Lookup and
	// Lookups only those that Initial names.
	Options []Option
	// Source names who finds the options of Lookup and Lookups while a person types.
	Source string
	// Most is how long a text may be, or how many may be chosen; 0 is what Slack allows.
	Most int
	// Least and Limit bound a number; "" does not.
	Least, Limit string
}

// Option is one choice.
type Option struct {
	// Value comes back when it is chosen; 75 characters at most.
	Value string
	// Label is shown, and Description below it in grey.
	Label, Description string
}

// InputKind is what can be filled into an Input.
type InputKind int

// The kinds of input.
const (
	// Line is one line of text, Lines are several.
	Line InputKind = iota
	Lines
	// Whole and Decimal are numbers.
	Whole
	Decimal
	// Day is a date without a zone.
	Day
	// Radio is one of up to ten options that are all seen, Checks are any of them.
	Radio
	Checks
	// Menu is one of up to a hundred options, Menus are several.
	Menu
	Menus
	// Lookup is one of the options that Source finds, Lookups are several.
	Lookup
	Lookups
	// Someone is a person, People are several.
	Someone
	People
	// Place is a conversation, Places are several.
	Place
	Places
	// Rich is text with its style; it is read without.
	Rich
	// Files are up to ten uploads, read as their ids.
	Files
)
