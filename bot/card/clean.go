package card

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Dash stands in for an empty value: Slack refuses an empty table cell, and a
// hole looks like a fault.
const Dash = "–"

// zeroWidthNonJoiner and zeroWidthJoiner are the two format characters that
// names and emoji need (Persian spelling, families and flags).
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// Clean is s fit to be shown on one line. Line breaks and tabs become a space,
// since the lines of a card are its parts and a memo must not forge one.
// Control characters (with them terminal escapes) and invisible format
// characters go: the bidi controls among them can make "INV-100" read as
// "001-VNI" or turn an amount around (Unicode TR 36, "bidirectional text
// spoofing"). Bytes that are not UTF-8 become U+FFFD. Spaces at both ends go.
func Clean(s string) string {
	return strings.TrimSpace(CleanSpan(s))
}

// CleanSpan is Clean, except that spaces at the ends stay, as a span needs them
// to keep apart from its neighbours.
func CleanSpan(s string) string {
	return strings.Map(cleanRune, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// cleanRune is what becomes of one rune; -1 takes it out.
func cleanRune(r rune) rune {
	switch {
	case ' ' <= r && r <= '~':
		return r
	case r == '\n', r == '\r', r == '\t', r == '\v', r == '\f', r == '\u0085',
		unicode.In(r, unicode.Zl, unicode.Zp):
		return ' '
	case r == zeroWidthNonJoiner, r == zeroWidthJoiner:
		return r
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // visible Arabic and Syriac signs, though of class Cf
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// Truncate shortens s to at most limit runes, the last of them "…" where
// something was cut. Escape after truncating, never before: half an entity
// shows as garbage.
func Truncate(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	if limit <= 0 {
		return ""
	}
	runes := []rune(s)
	return strings.TrimRightFunc(string(runes[:limit-1]), unicode.IsSpace) + "…"
}
