package blockkit

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"arbot/bot/card"
)

// units is the length of s in UTF-16 code units; see limits.go.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// prefix is the length in bytes of the longest start of s that costs at most
// limit, where cost says what a rune counts.
func prefix(s string, limit int, cost func(rune) int) int {
	for i, r := range s {
		if limit -= cost(r); limit < 0 {
			return i
		}
	}
	return len(s)
}

// truncate shortens s to limit units, the last of them "…" where something was
// cut.
func truncate(s string, limit int) string {
	if units(s) <= limit {
		return s
	}
	return strings.TrimRightFunc(s[:prefix(s, limit-1, utf16.RuneLen)], unicode.IsSpace) + "…"
}

// clean is outside text made fit for a place that takes limit units and must not
// be empty.
func clean(s string, limit int) string {
	s = card.Clean(s)
	if s == "" {
		return card.Dash
	}
	return truncate(s, limit)
}

// splitWords cuts s into pieces of at most limit units, after a space where
// there is one. The pieces together are s.
func splitWords(s string, limit int) []string {
	var pieces []string
	for units(s) > limit {
		end := prefix(s, limit, utf16.RuneLen)
		if space := strings.LastIndexByte(s[:end], ' '); space >= 0 {
			end = space + 1
		}
		pieces = append(pieces, s[:end])
		s = s[end:]
	}
	return append(pieces, s)
}

// entities are the three characters that Slack reads in top-level text and in
// mrkdwn, and the only ones that it lets one escape.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes s inert in top-level text: no mention, no link.
func escape(s string) string { return entities.Replace(s) }

// escapedLen is what a rune counts once it is escaped.
func escapedLen(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	}
	return utf16.RuneLen(r)
}

// escapeWithin escapes s and keeps the result within limit units. It cuts before
// it escapes, so that no entity is left in half.
func escapeWithin(s string, limit int) string {
	if end := prefix(s, limit, escapedLen); end < len(s) {
		s = s[:prefix(s, limit-1, escapedLen)] + "…"
	}
	return escape(s)
}
