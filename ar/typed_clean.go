package ar

import (
	"regexp"
	"strings"
)

var (
	// slackMark is what Slack makes of what a person typed: <@U1|dana>,
	// <#C1|ar>, <!here>, <tel:+1200|1200>, <mailto:a@b.c|a@b.c>,
	// <http://acme.com|acme.com> (Slack's "Formatting text for app surfaces").
	slackMark = regexp.MustCompile(`<([@#!]?)([^<>|\n]+)(?:\|([^<>\n]*))?>`)
	emphasis  = regexp.MustCompile("[*`~]+|(^|\\s)_+|_+(\\s|$)")
)

// typedForms brings the many forms of quotes, dashes and spaces to one, and
// takes out what cannot be seen.
var typedForms = strings.NewReplacer(
	"\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "\u3000", " ", "\t", " ",
	"\u2018", "'", "\u2019", "'", "\u201a", "'", "\u2032", "'", "\u00b4", "'",
	"\u201c", `"`, "\u201d", `"`, "\u201e", `"`, "\u00ab", `"`, "\u00bb", `"`, "\u2033", `"`,
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", " - ", "\u2014", " - ", "\u2212", "-",
	"\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "",
	"\uffe5", "¥", "\uffe1", "£", "\u2026", "...",
)

var slackEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// CleanTyped returns the text that a person meant to type: without the marks
// that Slack put in (auto-linked words and numbers, mentions, entities), with
// plain quotes, dashes, spaces and digits. What it holds of mentions is text and
// pings nobody when it is escaped as any text is.
func CleanTyped(text string) string {
	text = slackMark.ReplaceAllStringFunc(text, func(mark string) string {
		m := slackMark.FindStringSubmatch(mark)
		return unmark(m[1], m[2], m[3])
	})
	text = slackEntities.Replace(text)
	text = strings.Map(narrow, typedForms.Replace(text))
	text = emphasis.ReplaceAllString(text, "$1$2")
	return strings.Join(strings.Fields(text), " ")
}

// unmark returns the words of one of Slack's marks.
func unmark(kind, target, label string) string {
	switch {
	case kind == "!" && strings.HasPrefix(target, "date^"), kind == "" && label != "":
		return label
	case kind == "":
		return strings.TrimPrefix(strings.TrimPrefix(target, "mailto:"), "tel:")
	case label != "":
		target = strings.TrimLeft(label, "@#")
	}
	return map[string]string{"@": "@", "#": "#", "!": "@"}[kind] + target
}

// narrow brings full-width signs and digits, as Japanese keyboards write them,
// to their plain forms.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// accents are the letters that the languages we read put accents on.
var accents = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ä", "a", "ã", "a", "å", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o", "ö", "o", "õ", "o",
	"ù", "u", "ú", "u", "û", "u", "ü", "u", "ß", "ss", "œ", "oe", "æ", "ae", "º", "o", "ª", "a",
)

// fold returns the text in small letters without accents, so that a word can be
// looked up.
func fold(s string) string { return accents.Replace(strings.ToLower(s)) }
