// Package card holds the neutral message: what the bot wants to say, before it
// is known where it will be read. Command code and digests build a Card;
// bot/blockkit makes Slack messages of it and bot/plain draws it in a terminal.
//
//   - card.go: Card, Visibility and the parts a card is made of
//   - modal.go: Modal, a form, and its inputs
//   - select.go: Select, a menu in a message; rows.go: Rows, each with a menu
//   - span.go: Span, a run of text within a paragraph, list or note
//   - clean.go: what is taken out of text before anybody sees it
//
// A card is a plain value: go-cmp compares two of them, and nothing in it is
// shared with the renderers.
//
// All text in a card counts as outside text (customer names, memos, what people
// typed). It is never parsed: "*" is a star, "<!channel>" is ten characters.
// Style, links and mentions exist only as fields of a Span.
package card

// Card is one answer, notice or digest.
type Card struct {
	// Text is a full sentence that stands alone: the notification, the search
	// hit, and all that a screen reader says, since it reads this and not the
	// parts. It must not be empty. A card without parts shows just this.
	Text string
	// Parts are shown in order, from top to bottom.
	Parts []Part
	// Visibility says who reads it when it answers a command.
	Visibility Visibility
}

// New returns a card that only the asker sees.
func New(text string, parts ...Part) Card {
	return Card{Text: text, Parts: parts}
}

// Add appends parts at the end of c.
func (c *Card) Add(parts ...Part) {
	c.Parts = append(c.Parts, parts...)
}

// Visibility says who reads the answer to a command. It is carried to the
// sender; no renderer acts on it.
type Visibility int

const (
	// Private answers are seen by the asker only. It is the zero value, since
	// amounts shown to one too few are easier mended than to one too many.
	Private Visibility = iota
	// InChannel answers are seen by everybody in the channel.
	InChannel
)

// Part is one piece of a card. The parts of this package are all there are.
type Part interface{ part() }

// Heading is a short line in large type: a title, not a sentence. Slack shows
// 150 characters of it at most.
type Heading string

// Paragraph is running text. For a new line start a new paragraph: a line break
// inside a span is shown as a space.
type Paragraph []Span

// Fields are facts with a label each, in two columns where there is room.
type Fields []Field

// Field is one labelled fact. An empty value is shown as Dash.
type Field struct {
	Label string // ours: short, "Open", "To chase"
	Value string // from outside as a rule
}

// Table is for figures that are compared down a column. Each row has a cell per
// column; missing and empty cells are shown as Dash, so that a hole is seen to
// be meant.
type Table struct {
	Caption string // one line above it; may be empty
	Columns []Column
	Rows    [][]string
	// Total is a last row that is set off from the others; nil for none.
	Total []string
	// More is the number of rows left out by whoever built the card: shown as
	// "and 12 more". Renderers leave nothing out.
	More int
}

// Column is the head of a table column.
type Column struct {
	Title string
	Align Align
}

// Align is the side to which the cells of a column are set.
type Align int

// Text stands on the left; money and other figures on the right, so that the
// digits line up.
const (
	Left Align = iota
	Right
)

// List is a bulleted list, one item a line.
type List [][]Span

// Note is small grey context at the foot: where the figures are from and how
// old they are. Style in it is not shown everywhere.
type Note []Span

// Buttons are shown in a row, 25 at most in Slack's; more go on in a next row.
type Buttons []Button

// Button is something to press. Either Action or URL must be set.
type Button struct {
	// Label says the act ("Mark disputed", not "OK"); 75 characters, of which
	// Slack shows about 30.
	Label string
	// Action names the handler; no "#" in it. Several buttons of one card may
	// have the same action with different values.
	Action string
	// Value is an opaque id for the handler, 2,000 characters at most. It comes
	// back as it was sent and is never a right to do something.
	Value string
	Style ButtonStyle
	// URL opens a page (http or https). A button whose URL is neither is left
	// out, for it would lead nowhere. Slack reports the press even so.
	URL string
	// Confirm, if set, is asked before the press counts.
	Confirm string
	// Accessible is what a screen reader says instead of Label, where the label
	// alone does not tell which row it belongs to.
	Accessible string
}

// ButtonStyle is the weight of a button.
type ButtonStyle int

const (
	// Default is the usual, quiet button.
	Default ButtonStyle = iota
	// Primary marks the one act most people come for; once a card.
	Primary
	// Danger marks what cannot be taken back; give such a button a Confirm.
	Danger
)

// Divider is a thin line between parts.
type Divider struct{}

func (Heading) part()   {}
func (Paragraph) part() {}
func (Fields) part()    {}
func (Table) part()     {}
func (List) part()      {}
func (Note) part()      {}
func (Buttons) part()   {}
func (Divider) part()   {}
