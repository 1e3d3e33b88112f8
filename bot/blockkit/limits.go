package blockkit

// Slack's limits, in characters unless said otherwise. They are those of the
// published Block Kit reference and of the types in @slack/types 3.2.0. Slack
// does not say what a character is: they are counted here in UTF-16 code units,
// the widest reading, so that an emoji counts as two.
const (
	maxBlocks        = 50   // blocks in a message
	maxText          = 4000 // top-level text, escaped; more may be split or refused
	maxHeader        = 150
	maxFields        = 10 // text objects in a section: label and value of five fields
	maxContext       = 10 // elements in a context block
	maxActions       = 25 // buttons in a row
	maxButtonText    = 75
	maxAccessible    = 75
	maxActionID      = 255
	maxButtonValue   = 2000
	maxURL           = 3000
	maxConfirmTitle  = 100
	maxConfirmText   = 300
	maxConfirmButton = 30
	maxTableRows     = 100 // with the header row
	maxTableColumns  = 20
	maxTableText     = 10_000 // over all tables of a message
)

// maxMessage bounds a whole message, counted as the JSON of its blocks, and of
// a table the text of its cells. Slack refuses more with msg_blocks_too_long and
// publishes no figure; people measured 13,200 (slackapi/bolt-js issue 2509), and
// text alone does not tell (issue 2867: 11,341 characters of text refused).
const maxMessage = 12_000

// Our own bounds, chosen so that whatever is cut to them fits the ones above.
const (
	maxElement    = 2000 // text of one rich text or plain text element
	maxParagraph  = 3000 // JSON of the elements in one rich_text block
	maxFieldLabel = 75   // a longer label or value is shown as a paragraph
	maxFieldValue = 300
	maxCaption    = 150
	maxFallback   = 75
	// 20 columns of titles and cells at their longest are 9,500 characters: a
	// header and one row always fit a table.
	maxCellTitle = 75
	maxCell      = 400
)
