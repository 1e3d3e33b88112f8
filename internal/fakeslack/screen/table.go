package screen

import (
	"fmt"
	"strconv"
	"strings"
)

// grid is a table that is ready to be laid out: the first row is its header.
type grid struct {
	rows    [][]line
	aligns  []string
	wrapped []bool
}

const (
	columnGap  = 2
	leastFlex  = 8  // a text column is not squeezed below this
	leastCells = 12 // of a wrapped column's width
)

// readTable reads a table or data_table block. A number stands at the right
// where nothing else is said.
func readTable(d drawer, b object) grid {
	var g grid
	settings := objects(b["column_settings"])
	list, _ := b["rows"].([]any)
	for _, r := range list {
		var row []line
		for i, v := range objects(r) {
			row = append(row, d.cell(v))
			if i >= len(g.aligns) {
				g.aligns, g.wrapped = append(g.aligns, ""), append(g.wrapped, false)
			}
			if str(v["type"]) == "raw_number" && g.aligns[i] == "" {
				g.aligns[i] = "right"
			}
		}
		g.rows = append(g.rows, row)
	}
	for i, set := range settings {
		if i < len(g.aligns) {
			g.aligns[i] = str(set["align"])
			g.wrapped[i], _ = set["is_wrapped"].(bool)
		}
	}
	return g
}

// cell is one cell on one line.
func (d drawer) cell(v object) line {
	switch str(v["type"]) {
	case "raw_number":
		if s := str(v["text"]); s != "" {
			return line{{text: clean(s)}}
		}
		return line{{text: strconv.FormatFloat(num(v["value"]), 'f', -1, 64)}}
	case "rich_text":
		wide := d
		wide.Width = 1 << 20
		var out line
		for i, l := range wide.rich(v) {
			if i > 0 {
				out = append(out, span{text: " "})
			}
			out = append(out, l...)
		}
		return out
	}
	return line{{text: strings.ReplaceAll(clean(str(v["text"])), "\n", " ")}}
}

// table lays out a grid in aligned columns; where the screen is too narrow
// for that, each row becomes a small list of "header: value".
func (d drawer) table(g grid) []line {
	if len(g.rows) == 0 {
		return nil
	}
	sizes := g.sizes()
	if !g.squeeze(sizes, d.Width) {
		return d.list(g)
	}
	var out []line
	for i, row := range g.rows {
		look := style(0)
		if i == 0 {
			look = bold
		}
		out = append(out, g.layRow(row, sizes, look)...)
		if i == 0 {
			out = append(out, line{{strings.Repeat("─", total(sizes)), dim}})
		}
	}
	return out
}

// sizes are the widths of the columns as they come.
func (g grid) sizes() []int {
	sizes := make([]int, len(g.aligns))
	for _, row := range g.rows {
		for i, c := range row {
			sizes[i] = max(sizes[i], c.width())
		}
	}
	return sizes
}

func total(sizes []int) int {
	n := columnGap * (len(sizes) - 1)
	for _, s := range sizes {
		n += s
	}
	return n
}

// squeeze narrows the widest text columns until the table fits. Columns at
// the right hold figures and are never cut.
func (g grid) squeeze(sizes []int, most int) bool {
	for total(sizes) > most {
		widest := -1
		for i, size := range sizes {
			if g.aligns[i] != "right" && size > leastFlex && (widest < 0 || size > sizes[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		sizes[widest]--
	}
	for i, size := range sizes {
		if g.wrapped[i] && size < leastCells && g.sizes()[i] > size {
			return false
		}
	}
	return true
}

// layRow is one row of the table; cells that wrap make it several lines high,
// others are cut with an ellipsis.
func (g grid) layRow(row []line, sizes []int, look style) []line {
	cells, high := make([][]line, len(row)), 1
	for i, c := range row {
		switch {
		case c.width() <= sizes[i]:
			cells[i] = []line{c}
		case g.wrapped[i]:
			cells[i] = fill(c, sizes[i], 0)
		default:
			cells[i] = []line{cutLine(c, sizes[i])}
		}
		high = max(high, len(cells[i]))
	}
	out := make([]line, high)
	for i := range out {
		for j := range row {
			part := line{}
			if i < len(cells[j]) {
				part = cells[j][i]
			}
			if j > 0 {
				out[i] = append(out[i], span{text: strings.Repeat(" ", columnGap)})
			}
			out[i] = append(out[i], restyle(pad(part, sizes[j], g.aligns[j]), look)...)
		}
		out[i] = trim(out[i])
	}
	return out
}

// cutLine shortens a line to a width, with an ellipsis.
func cutLine(l line, most int) line {
	var out line
	for _, s := range l {
		if room := most - out.width(); width(s.text) >= room {
			return append(out, span{widths.Truncate(s.text, room, "…"), s.style})
		}
		out = append(out, s)
	}
	return out
}

// list shows a table row by row: the first cell as a title, the others as
// "header: value".
func (d drawer) list(g grid) []line {
	var out []line
	for _, row := range g.rows[1:] {
		for i, c := range row {
			if i == 0 {
				out = append(out, fill(restyle(c, bold), d.Width, 0)...)
				continue
			}
			name := g.rows[0][min(i, len(g.rows[0])-1)]
			entry := append(line{{text: "  "}}, restyle(name, dim)...)
			entry = append(append(entry, span{text: ": ", style: dim}), c...)
			out = append(out, fill(entry, d.Width, 4)...)
		}
	}
	return out
}

// dataTable shows the first page, as Slack does until somebody pages on.
func (d drawer) dataTable(b object) []line {
	const pageByDefault = 5
	g := readTable(d, b)
	size := int(num(b["page_size"]))
	if size == 0 {
		size = pageByDefault
	}
	all := len(g.rows) - 1
	g.rows = g.rows[:min(len(g.rows), size+1)]
	out := fill(line{{clean(str(b["caption"])), bold}}, d.Width, 0)
	out = append(out, d.table(g)...)
	if all > size {
		out = append(out, line{{fmt.Sprintf("1–%d of %d rows", size, all), dim}})
	}
	return out
}
