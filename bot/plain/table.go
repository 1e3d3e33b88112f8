package plain

import (
	"slices"
	"strconv"
	"strings"

	"arbot/bot/card"
)

// narrowest is the least width to which a column of text is squeezed before the
// table gives way to lines.
const narrowest = 12

// grid is a table made even, with the width of each column.
type grid struct {
	columns []card.Column
	rows    [][]string
	total   bool // the last row is the total
	widths  []int
}

func newGrid(t card.Table) grid {
	n := max(len(t.Columns), len(t.Total))
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	g := grid{columns: make([]card.Column, n), total: len(t.Total) > 0, widths: make([]int, n)}
	for i := range g.columns {
		if i < len(t.Columns) {
			g.columns[i] = t.Columns[i]
		}
		g.columns[i].Title = card.Clean(g.columns[i].Title)
		g.widths[i] = width(g.columns[i].Title)
	}
	rows := t.Rows
	if g.total {
		rows = append(slices.Clip(rows), t.Total)
	}
	for _, row := range rows {
		g.rows = append(g.rows, g.even(row))
	}
	return g
}

// even gives the row a cell for each column and widens the columns for them.
func (g grid) even(row []string) []string {
	out := make([]string, len(g.columns))
	for i := range out {
		out[i] = card.Dash
		if i < len(row) {
			out[i] = filled(row[i])
		}
		g.widths[i] = max(g.widths[i], width(out[i]))
	}
	return out
}

// fit squeezes the widest column of text until the table is at most columns
// wide, and says whether that went.
func (g grid) fit(columns int) bool {
	total, widest := gap*(len(g.widths)-1), -1
	for i, w := range g.widths {
		total += w
		if g.columns[i].Align == card.Left && (widest < 0 || w > g.widths[widest]) {
			widest = i
		}
	}
	if total <= columns {
		return true
	}
	if widest < 0 || g.widths[widest]-(total-columns) < narrowest {
		return false
	}
	g.widths[widest] -= total - columns
	return true
}

// table is drawn in columns where they fit, else as a list.
func (d *drawing) table(t card.Table) []string {
	g := newGrid(t)
	lines := d.wrap(d.words([]card.Span{card.B(t.Caption)}), d.Width)
	switch {
	case len(g.rows) == 0:
		lines = append(lines, "None.")
	case g.fit(d.Width):
		lines = append(lines, d.grid(g)...)
	default:
		lines = append(lines, d.stacked(g)...)
	}
	if t.More > 0 {
		lines = append(lines, d.paint("and "+strconv.Itoa(t.More)+" more", dim))
	}
	return lines
}

func (d *drawing) grid(g grid) []string {
	titles := make([]string, len(g.columns))
	for i, c := range g.columns {
		titles[i] = c.Title
	}
	rule := make([]string, len(g.columns))
	for i, w := range g.widths {
		rule[i] = strings.Repeat("─", w)
	}
	ruled := d.paint(strings.Join(rule, strings.Repeat(" ", gap)), dim)

	lines := append(d.row(g, titles, bold), ruled)
	for i, row := range g.rows {
		if g.total && i == len(g.rows)-1 {
			lines = append(append(lines, ruled), d.row(g, row, bold)...)
			continue
		}
		lines = append(lines, d.row(g, row, plain)...)
	}
	return lines
}

// row is one row, on several lines where a cell is wrapped.
func (d *drawing) row(g grid, row []string, how ink) []string {
	unpainted := &drawing{}
	wrapped := make([][]string, len(row))
	height := 0
	for i, cell := range row {
		wrapped[i] = unpainted.wrap(unpainted.words([]card.Span{card.T(cell)}), g.widths[i])
		height = max(height, len(wrapped[i]))
	}
	lines := make([]string, height)
	for n := range lines {
		texts := make([]string, len(row))
		for i := range row {
			text := ""
			if n < len(wrapped[i]) {
				text = wrapped[i][n]
			}
			texts[i] = pad(text, g.widths[i])
			if g.columns[i].Align == card.Right {
				texts[i] = padLeft(text, g.widths[i])
			}
		}
		lines[n] = d.paint(strings.TrimRight(strings.Join(texts, strings.Repeat(" ", gap)), " "), how)
	}
	return lines
}

// stacked shows each row as a list item: the first cell in bold, since it names
// the row, and those of the others that are not empty with their titles.
func (d *drawing) stacked(g grid) []string {
	var lines []string
	for i, row := range g.rows {
		how := plain
		if g.total && i == len(g.rows)-1 {
			how = bold
		}
		words := d.words([]card.Span{card.B(row[0])})
		for j, cell := range row[1:] {
			if cell == card.Dash {
				continue
			}
			last := &words[len(words)-1]
			last.runs = append(last.runs, run{" ·", how})
			words = append(words, d.cellWords(g.columns[j+1].Title, cell, how)...)
		}
		lines = append(lines, d.hang(words)...)
	}
	return lines
}

// cellWords is a titled cell as one word, so that title and figure stay on one
// line, or as several where that would not fit.
func (d *drawing) cellWords(title, cell string, how ink) []word {
	text := cell
	if title != "" {
		text = title + ": " + cell
	}
	if width(text)+len(" ·") <= d.Width-len("• ") {
		return []word{{runs: []run{{text, how}}}}
	}
	words := d.words([]card.Span{card.T(text)})
	for i := range words {
		words[i].runs[0].ink = how
	}
	return words
}
