package card

import (
	"net/url"
	"regexp"
	"time"
)

// Style is a set of ways to set text.
type Style uint8

// The styles a span can have; they add up with |.
const (
	Bold Style = 1 << iota
	Italic
	Strike
	Mono
)

// Span is a run of text of one style. At most one of Link, User and Instant is
// set; build spans with the functions below.
type Span struct {
	Text  string
	Style Style
	// Link is the address behind Text. Anything but an absolute http or https
	// URL is ignored: see Href.
	Link string
	// User is a Slack user id to mention; the person is notified. Anything that
	// is not shaped like an id is ignored: see Mention.
	User string
	// Instant is a moment to be shown in the reader's own zone; Text is what is
	// shown where that cannot be done. Civil dates (due dates, as-of dates) are
	// plain text, never instants: west of the company they would be a day off.
	Instant time.Time
}

// T is text as it is.
func T(text string) Span { return Span{Text: text} }

// B is bold text.
func B(text string) Span { return Span{Text: text, Style: Bold} }

// I is italic text.
func I(text string) Span { return Span{Text: text, Style: Italic} }

// S is text struck through.
func S(text string) Span { return Span{Text: text, Style: Strike} }

// Code is text in a fixed-width face: what can be typed, ids, raw input.
func Code(text string) Span { return Span{Text: text, Style: Mono} }

// Link is text that opens an http or https page. With any other address it is
// plain text.
func Link(text, address string) Span { return Span{Text: text, Link: address} }

// User mentions, and so notifies, the person with a Slack user id (U… or W…).
func User(id string) Span { return Span{User: id} }

// When is an instant in the reader's zone, or fallback where that is unknown:
// say the zone in it ("07:58 EST"). With no fallback it is the time in UTC.
func When(t time.Time, fallback string) Span { return Span{Text: fallback, Instant: t} }

// Href is the address to open, or "" where Link is no absolute http or https
// URL.
func (s Span) Href() string { return SafeURL(s.Link) }

// userID is the shape of a Slack user id: U, or W on Enterprise Grid.
var userID = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

// Mention is the user id to mention, or "" where User is not shaped like one.
func (s Span) Mention() string {
	if userID.MatchString(s.User) {
		return s.User
	}
	return ""
}

// Plain is the cleaned text that a reader without links, mentions and zones
// sees: "@U123" for a mention, the address for a link without text, the time in
// UTC for an instant without a fallback.
func (s Span) Plain() string {
	text := Clean(s.Text)
	switch {
	case text != "":
		return text
	case s.User != "":
		return "@" + Clean(s.User)
	case !s.Instant.IsZero():
		return s.Instant.UTC().Format("2 Jan 2006 15:04 UTC")
	}
	return s.Href()
}

// SafeURL gives address back if it is an absolute http or https URL without
// credentials, and "" otherwise: javascript: and the like are never opened, and
// nothing before an "@" can pose as the host.
func SafeURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || address != Clean(address) {
		return ""
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}
