// Package plain draws cards in a terminal, for the command line and the demo,
// as near to how they look in Slack as text comes.
//
//   - plain.go: Render and what becomes of each part of a card
//   - table.go: tables, and the lines that stand in for them where it is narrow
//   - wrap.go: words, display width, styles
//
// Widths are those of a terminal cell (a Chinese character takes two). Outside
// text is cleaned, so that no escape sequence in a name reaches the terminal.
package plain

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"arbot/bot/card"
)

// Options are what the terminal can do.
type Options struct {
	// Width is the number of columns; 0 is 80, and less than 20 counts as 20.
	Width int
	// Color allows bold, dim and colour. Without it a heading is underlined and
	// nothing else is set off.
	Color bool
	// Name gives the name to show for a mentioned Slack user; nil or an empty
	// name shows the id.
	Name func(userID string) string
}

const (
	defaultWidth = 80
	minWidth     = 20
)

// Render writes the card to w, in one write, with a line break at its end. A
// card without parts shows its text; otherwise, as in Slack, the text is not
// drawn.
func Render(w io.Writer, c card.Card, o Options) error {
	if card.Clean(c.Text) == "" {
		return errors.New("plain: card has no text")
	}
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, minWidth)
	d := &drawing{Options: o}
	for _, part := range c.Parts {
		d.part(part)
	}
	if d.buf.Len() == 0 {
		d.text(c.Text)
	}
	if _, err := w.Write(d.buf.Bytes()); err != nil {
		return fmt.Errorf("plain: write card: %w", err)
	}
	return nil
}

// drawing is a card in the making.
type drawing struct {
	Options
	buf bytes.Buffer
}

func (d *drawing) part(part card.Part) {
	var lines []string
	switch part := part.(type) {
	case card.Heading:
		lines = d.heading(string(part))
	case card.Paragraph:
		lines = d.wrap(d.words(part), d.Width)
	case card.Note:
		lines = d.note(part)
	case card.Fields:
		lines = d.fields(part)
	case card.List:
		lines = d.list(part)
	case card.Table:
		lines = d.table(part)
	case card.Buttons:
		lines = d.wrap(d.buttons(part), d.Width)
	case card.Select:
		lines = d.wrap(d.words([]card.Span{card.T(part.Label + ": "), card.B("[" + cmp.Or(part.Chosen(), "…") + " ▾]")}), d.Width)
	case card.Rows:
		lines = d.menus(part)
	case card.Divider:
		lines = []string{d.paint(strings.Repeat("─", d.Width), dim)}
	}
	d.lines(lines)
}

// lines writes a part, with a blank line between it and the one before.
func (d *drawing) lines(lines []string) {
	if len(lines) == 0 {
		return
	}
	if d.buf.Len() > 0 {
		d.buf.WriteByte('\n')
	}
	for _, line := range lines {
		d.buf.WriteString(line)
		d.buf.WriteByte('\n')
	}
}

func (d *drawing) text(s string) {
	d.lines(d.wrap(d.words([]card.Span{card.T(s)}), d.Width))
}

func (d *drawing) heading(s string) []string {
	lines := d.wrap(d.words([]card.Span{card.B(s)}), d.Width)
	if d.Color || len(lines) == 0 {
		return lines
	}
	longest := 0
	for _, line := range lines {
		longest = max(longest, width(line))
	}
	return append(lines, strings.Repeat("─", longest))
}

func (d *drawing) note(spans card.Note) []string {
	words := d.words(spans)
	for i := range words {
		for j := range words[i].runs {
			words[i].runs[j].ink |= dim
		}
	}
	return d.wrap(words, d.Width)
}

func (d *drawing) list(items card.List) []string {
	var lines []string
	for _, item := range items {
		lines = append(lines, d.hang(d.words(item))...)
	}
	return lines
}

// hang is a list item, with its further lines set in under its text.
func (d *drawing) hang(words []word) []string {
	lines := d.wrap(words, d.Width-2)
	for i := range lines {
		if i == 0 {
			lines[i] = "• " + lines[i]
		} else {
			lines[i] = "  " + lines[i]
		}
	}
	return lines
}

// gap is the space between two columns.
const gap = 2

// fields are label and value in two columns each, two fields to a line where
// all of them fit so.
func (d *drawing) fields(fields card.Fields) []string {
	labels, values := make([]string, len(fields)), make([]string, len(fields))
	labelWidth, valueWidth := 0, 0
	for i, f := range fields {
		labels[i], values[i] = filled(f.Label), filled(f.Value)
		labelWidth = max(labelWidth, width(labels[i]))
		valueWidth = max(valueWidth, width(values[i]))
	}
	labelWidth = min(labelWidth, d.Width/2)
	cell := labelWidth + gap + valueWidth
	if 2*cell+2*gap <= d.Width {
		return d.pairs(labels, values, labelWidth, cell)
	}
	var lines []string
	for i := range fields {
		lines = append(lines, d.field(labels[i], values[i], labelWidth)...)
	}
	return lines
}

// pairs are fields two to a line, down the first column and then the second.
func (d *drawing) pairs(labels, values []string, labelWidth, cell int) []string {
	rows := (len(labels) + 1) / 2
	lines := make([]string, rows)
	for i := range labels {
		text := d.paint(pad(labels[i], labelWidth), bold) + strings.Repeat(" ", gap)
		if i < rows {
			lines[i] = text + values[i]
			continue
		}
		left := strings.Repeat(" ", cell-labelWidth-gap-width(values[i-rows])+2*gap)
		lines[i-rows] += left + text + values[i]
	}
	return lines
}

// field is one field, both sides wrapped within their columns.
func (d *drawing) field(label, value string, labelWidth int) []string {
	left := d.wrap(d.words([]card.Span{card.B(label)}), labelWidth)
	right := d.wrap(d.words([]card.Span{card.T(value)}), d.Width-labelWidth-gap)
	lines := make([]string, max(len(left), len(right)))
	for i := range lines {
		line := strings.Repeat(" ", labelWidth)
		if i < len(left) {
			line = left[i] + strings.Repeat(" ", max(0, labelWidth-width(strip(left[i]))))
		}
		if i < len(right) {
			line += strings.Repeat(" ", gap) + right[i]
		}
		lines[i] = line
	}
	return lines
}

// buttons are words, so that none is broken over two lines if it fits in one.
func (d *drawing) buttons(buttons card.Buttons) []word {
	var words []word
	for _, b := range buttons {
		if b.URL != "" && card.SafeURL(b.URL) == "" {
			continue
		}
		ink := plain
		switch b.Style {
		case card.Primary:
			ink = bold
		case card.Danger:
			ink = red
		case card.Default:
		}
		words = append(words, word{runs: []run{{"[ " + card.Clean(b.Label) + " ]", ink}}})
	}
	return words
}

// filled is s cleaned, or a dash.
func filled(s string) string {
	if s = card.Clean(s); s == "" {
		return card.Dash
	}
	return s
}

// menus draws rows; those with a menu have dots at their end.
func (d *drawing) menus(items card.Rows) []string {
	var lines []string
	for _, item := range items {
		text := item.Text
		if len(item.Menu) > 0 {
			text += " [⋯]"
		}
		lines = append(lines, d.hang(d.words([]card.Span{card.T(text)}))...)
	}
	return lines
}
