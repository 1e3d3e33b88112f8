package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// entities are the three that Slack's markup has.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// markup lays out mrkdwn text, one paragraph a line.
func (d drawer) markup(text string, look style) []line {
	var out []line
	pre := false
	for raw := range strings.SplitSeq(clean(text), "\n") {
		if strings.Count(raw, "```")%2 == 1 {
			pre = !pre
			if raw = strings.Replace(raw, "```", "", 1); raw == "" {
				continue
			}
			out = append(out, fill(line{{entities.Replace(raw), look | code}}, d.Width, 0)...)
			continue
		}
		if pre {
			out = append(out, fill(line{{entities.Replace(raw), look | code}}, d.Width, 0)...)
			continue
		}
		out = append(out, d.paragraph(raw, look)...)
	}
	return out
}

func (d drawer) paragraph(raw string, look style) []line {
	if quoted, ok := strings.CutPrefix(raw, "&gt;"); ok {
		inner := d.narrowed(2)
		lines := fill(inner.inline(strings.TrimPrefix(quoted, " "), look), inner.Width, 0)
		return indent(lines, span{text: "▌ ", style: dim})
	}
	return fill(d.inline(raw, look), d.Width, hanging(raw))
}

// hanging is how far the rows after the first start in: under the text of a
// bullet or of a numbered item.
func hanging(raw string) int {
	body := strings.TrimLeft(raw, " ")
	before := len(raw) - len(body)
	for _, bullet := range []string{"• ", "- ", "– ", "* "} {
		if strings.HasPrefix(body, bullet) {
			return before + 2
		}
	}
	if n := strings.Index(body, ". "); n > 0 && n <= 3 && strings.Trim(body[:n], "0123456789") == "" {
		return before + n + 2
	}
	return before
}

// marks are the characters that style what is between two of them.
var marks = map[byte]style{'*': bold, '_': italic, '~': strike, '`': code}

// inline reads one line of mrkdwn into spans.
func (d drawer) inline(s string, look style) line {
	var out line
	plain := func(text string) {
		if text != "" {
			out = append(out, span{emoji(entities.Replace(text)), look})
		}
	}
	start := 0
	for i := 0; i < len(s); {
		switch add, marked := marks[s[i]]; {
		case s[i] == '<':
			end := strings.IndexByte(s[i:], '>')
			if end < 0 {
				i++
				continue
			}
			plain(s[start:i])
			out = append(out, d.reference(s[i+1:i+end], look))
			i += end + 1
			start = i
		case marked && opens(s, i):
			end := closes(s, i)
			if end < 0 {
				i++
				continue
			}
			plain(s[start:i])
			out = append(out, d.marked(s[i+1:end], look, add)...)
			i = end + 1
			start = i
		default:
			i++
		}
	}
	plain(s[start:])
	return out
}

// marked is the text between two marks; in code nothing is read further.
func (d drawer) marked(inner string, look, add style) line {
	if add != code {
		return d.inline(inner, look|add)
	}
	text := entities.Replace(inner)
	if !d.Color {
		text = "`" + text + "`"
	}
	return line{{text, look | code}}
}

// opens tells whether the mark at i begins a style: a word does not go on
// before it, and text follows.
func opens(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	return (i == 0 || !wordRune(before)) && i+1 < len(s) && !unicode.IsSpace(after) && s[i+1] != s[i]
}

// closes finds the mark that ends the style begun at i, or gives -1.
func closes(s string, i int) int {
	for j := i + 2; j < len(s); j++ {
		if s[j] != s[i] {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:j])
		after, _ := utf8.DecodeRuneInString(s[j+1:])
		if !unicode.IsSpace(before) && (j+1 == len(s) || !wordRune(after)) {
			return j
		}
	}
	return -1
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// reference is what stands in angle brackets: a person, a channel, a group,
// everybody, a date or a link, each with an optional label.
func (d drawer) reference(inner string, look style) span {
	target, label, labelled := strings.Cut(inner, "|")
	label = entities.Replace(label)
	switch {
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
		return span{d.named(target[1:]), look | mention}
	case strings.HasPrefix(target, "!subteam^"):
		return span{d.named(strings.TrimPrefix(target, "!subteam^")), look | mention}
	case strings.HasPrefix(target, "!date^"):
		return span{d.date(strings.TrimPrefix(target, "!date^"), label), look}
	case strings.HasPrefix(target, "!"):
		return span{"@" + target[1:], look | mention}
	case labelled && label != "":
		return span{label, look | link}
	}
	return span{strings.TrimPrefix(entities.Replace(target), "mailto:"), look | link}
}

func (d drawer) named(id string) string { return clean(d.Name(id)) }

// emojis are the few that messages of a bot use.
var emojis = strings.NewReplacer(
	":white_check_mark:", "✅", ":heavy_check_mark:", "✔", ":warning:", "⚠", ":x:", "❌", ":hourglass:", "⌛",
	":hourglass_flowing_sand:", "⏳", ":eyes:", "👀", ":bell:", "🔔", ":calendar:", "📅", ":tada:", "🎉",
	":moneybag:", "💰", ":chart_with_upwards_trend:", "📈", ":chart_with_downwards_trend:", "📉",
	":red_circle:", "🔴", ":large_green_circle:", "🟢", ":large_yellow_circle:", "🟡", ":information_source:", "ℹ",
)

func emoji(s string) string { return emojis.Replace(s) }
