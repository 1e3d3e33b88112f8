package blockkit

import (
	"fmt"
	"strconv"
	"strings"

	"arbot/bot/card"
)

// PlainText is the card as text alone: for the one try that is left when Slack
// refuses the blocks (invalid_blocks). It is whole up to 4,000 characters and
// says how many lines it leaves out. Buttons that only open a page are lines;
// those that act are not, as text cannot be pressed.
func PlainText(c card.Card) Message {
	lines := []string{card.Clean(c.Text)}
	for _, part := range c.Parts {
		lines = append(lines, partLines(part)...)
	}
	return Message{Text: joinWithin(lines, maxText)}
}

// leftOut is room enough for the line that says how many were left out.
const leftOut = 40

// joinWithin escapes and joins as many whole lines as fit into limit units.
func joinWithin(lines []string, limit int) string {
	var b strings.Builder
	for i, line := range lines {
		room := limit - units(b.String()) - leftOut
		if escaped := escape(line); i > 0 && units(escaped) > room {
			fmt.Fprintf(&b, "\n… and %d more lines", len(lines)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(escapeWithin(line, room))
	}
	return b.String()
}

func partLines(part card.Part) []string {
	switch part := part.(type) {
	case card.Heading:
		return nonEmpty("", card.Clean(string(part)))
	case card.Paragraph:
		return nonEmpty("", spansText(part))
	case card.Note:
		return nonEmpty("", spansText(part))
	case card.Fields:
		return fieldLines(part)
	case card.List:
		return listLines(part)
	case card.Table:
		return tableLines(part)
	case card.Buttons:
		return linkLines(part)
	case card.Rows:
		return rowLines(part)
	}
	return nil // a divider is nothing without blocks
}

func nonEmpty(before, text string) []string {
	if text == "" {
		return nil
	}
	return []string{before + text}
}

// rowLines are rows without their menus, which are nothing without blocks.
func rowLines(rows card.Rows) []string {
	var lines []string
	for _, row := range rows {
		lines = append(lines, nonEmpty("• ", card.Clean(row.Text))...)
	}
	return lines
}

func fieldLines(fields card.Fields) []string {
	var lines []string
	for _, f := range fields {
		value := card.Clean(f.Value)
		if value == "" {
			value = card.Dash
		}
		lines = append(lines, card.Clean(f.Label)+": "+value)
	}
	return lines
}

func listLines(items card.List) []string {
	var lines []string
	for _, item := range items {
		lines = append(lines, nonEmpty("• ", spansText(item))...)
	}
	return lines
}

func tableLines(t card.Table) []string {
	lines := nonEmpty("", card.Clean(t.Caption))
	for _, item := range newGrid(t).lines() {
		lines = append(lines, "• "+spansText(item))
	}
	if t.More > 0 {
		lines = append(lines, "and "+strconv.Itoa(t.More)+" more")
	}
	return lines
}

func linkLines(buttons card.Buttons) []string {
	var lines []string
	for _, b := range buttons {
		if opens(b.URL) {
			lines = append(lines, card.Clean(b.Label)+": "+card.SafeURL(b.URL))
		}
	}
	return lines
}

// spansText is what the spans say, with the address of a link behind it.
func spansText(spans []card.Span) string {
	var b strings.Builder
	for _, s := range pieces(spans) {
		b.WriteString(s.Text)
		if href := s.Href(); href != "" && href != s.Text {
			b.WriteString(" (" + href + ")")
		}
	}
	return strings.TrimSpace(b.String())
}
