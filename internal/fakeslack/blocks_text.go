package fakeslack

// richTextPart is one paragraph, list, quote or code block of a rich text.
func richTextPart(c *checker, at string, v any) {
	typed(map[string]shape{
		"rich_text_section": {"elements": need(list(0, 1000, inline))},
		"rich_text_quote":   {"elements": need(list(0, 1000, inline)), "border": may(integer(0, 1))},
		"rich_text_list": {
			"elements": need(list(0, 1000, listItem)), "style": need(enum("bullet", "ordered")),
			"indent": may(integer(0, 8)), "offset": may(integer(0, 1_000_000)), "border": may(integer(0, 1)),
		},
		"rich_text_preformatted": {
			"elements": need(list(0, 1000, codeInline)), "border": may(integer(0, 1)), "language": may(text(0, 255)),
		},
	})(c, at, v)
}

// listItem: the items of a list are sections.
func listItem(c *checker, at string, v any) {
	typed(map[string]shape{"rich_text_section": {"elements": need(list(0, 1000, inline))}})(c, at, v)
}

var inlineStyle = record(shape{
	"bold": may(boolean), "italic": may(boolean), "strike": may(boolean), "code": may(boolean), "underline": may(boolean),
	"highlight": may(boolean), "client_highlight": may(boolean), "unlink": may(boolean),
})

// inlineShapes are what a paragraph is made of (types). An empty text is
// refused by Slack (seen).
var inlineShapes = map[string]shape{
	"text":      {"text": need(text(1, 40_000)), "style": may(inlineStyle)},
	"link":      {"url": need(text(1, 3000)), "text": may(text(0, 40_000)), "unsafe": may(boolean), "style": may(inlineStyle)},
	"user":      {"user_id": need(text(1, 255)), "style": may(inlineStyle)},
	"usergroup": {"usergroup_id": need(text(1, 255)), "style": may(inlineStyle)},
	"channel":   {"channel_id": need(text(1, 255)), "style": may(inlineStyle)},
	"team":      {"team_id": need(text(1, 255)), "style": may(inlineStyle)},
	"broadcast": {"range": need(enum("here", "channel", "everyone")), "style": may(inlineStyle)},
	"color":     {"value": need(text(4, 7)), "style": may(inlineStyle)},
	"emoji": {
		"name": need(text(1, 255)), "unicode": may(text(1, 255)), "skin_tone": may(integer(1, 6)), "url": may(text(1, 3000)), "style": may(inlineStyle),
	},
	"date": {
		"timestamp": need(integer(0, 1<<40)), "format": need(text(1, 255)), "url": may(text(1, 3000)),
		"fallback": may(text(1, 3000)), "timezone": may(text(1, 255)), "style": may(inlineStyle),
	},
}

var (
	inline     = typed(inlineShapes)
	codeInline = typed(map[string]shape{"text": inlineShapes["text"], "link": inlineShapes["link"]})
)
