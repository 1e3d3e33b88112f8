package blockkit

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"arbot/bot/card"
)

// grid is a card's table made even: as many columns as its longest row has, no
// empty title or cell, all cut to length.
type grid struct {
	columns []card.Column
	titled  []bool // the column came with a title
	rows    [][]string
	total   bool // the last row is the total
}

func newGrid(t card.Table) grid {
	width := max(len(t.Columns), len(t.Total))
	for _, row := range t.Rows {
		width = max(width, len(row))
	}
	g := grid{total: len(t.Total) > 0}
	for i := range width {
		var c card.Column
		if i < len(t.Columns) {
			c = t.Columns[i]
		}
		g.titled = append(g.titled, card.Clean(c.Title) != "")
		g.columns = append(g.columns, card.Column{Title: clean(c.Title, maxCellTitle), Align: c.Align})
	}
	for _, row := range t.Rows {
		g.rows = append(g.rows, evenRow(row, width))
	}
	if g.total {
		g.rows = append(g.rows, evenRow(t.Total, width))
	}
	return g
}

func evenRow(row []string, width int) []string {
	out := make([]string, width)
	for i := range out {
		out[i] = card.Dash
		if i < len(row) {
			out[i] = clean(row[i], maxCell)
		}
	}
	return out
}

// isTotal tells whether row i is the total.
func (g grid) isTotal(i int) bool { return g.total && i == len(g.rows)-1 }

// table shows a table, on as many pages as its rows need.
func (p *packer) table(t card.Table) {
	g := newGrid(t)
	p.caption(t.Caption)
	switch {
	case len(g.rows) == 0:
		p.paragraph(card.Paragraph{card.T("None.")})
	case p.tables && len(g.columns) <= maxTableColumns:
		p.grid(g, t.Caption)
	default:
		p.list(g.lines())
	}
	if t.More > 0 {
		p.note(card.Note{card.T("and " + strconv.Itoa(t.More) + " more")})
	}
}

// caption introduces a table in bold.
func (p *packer) caption(text string) {
	if text = truncate(card.Clean(text), maxCaption); text != "" {
		p.lead(slack.NewRichTextBlock("", slack.NewRichTextSection(element(card.B(text)))))
	}
}

// grid lays the rows into table blocks, one to a page, each with the header.
func (p *packer) grid(g grid, caption string) {
	header := 0
	for _, c := range g.columns {
		header += units(c.Title)
	}
	for from := 0; from < len(g.rows); {
		if p.cur.table || len(p.cur.items) >= maxBlocks {
			p.turn()
			p.goOn(from, caption)
		}
		to := from + g.rowsWithin(from, min(maxTableText, p.room())-header)
		if to == from {
			p.turn()
			p.goOn(from, caption)
			continue
		}
		block, size := g.block(from, to)
		p.place(item{block: block, size: header + size})
		p.cur.table = true
		from = to
	}
}

// goOn repeats the caption over the rest of a table on a new page.
func (p *packer) goOn(from int, caption string) {
	if from > 0 && card.Clean(caption) != "" && len(p.cur.items) == 0 {
		p.caption(truncate(card.Clean(caption), maxCaption-len(" (continued)")) + " (continued)")
	}
}

// rowsWithin is how many rows from the given one on hold at most room units of
// text and, with the header, fit a table.
func (g grid) rowsWithin(from, room int) int {
	n := 0
	for _, row := range g.rows[from:] {
		for _, cell := range row {
			room -= units(cell)
		}
		if room < 0 || n == maxTableRows-1 {
			break
		}
		n++
	}
	return n
}

// block makes a table of the rows from..to-1 and says how much text they hold.
func (g grid) block(from, to int) (*slack.TableBlock, int) {
	var (
		table  = slack.NewTableBlock("")
		header []slack.TableCell
		size   int
	)
	for _, c := range g.columns {
		header = append(header, slack.NewTableRawTextCell(c.Title))
		table.ColumnSettings = append(table.ColumnSettings, columnSetting(c.Align))
	}
	table.AddRow(header...)
	for i := from; i < to; i++ {
		cells := make([]slack.TableCell, len(g.columns))
		for j, text := range g.rows[i] {
			cells[j] = cell(text, g.isTotal(i))
			size += units(text)
		}
		table.AddRow(cells...)
	}
	return table, size
}

// cell is text that Slack does not parse; the total is bold. Money goes as text
// too, since some workspaces refuse number cells.
func cell(text string, bold bool) slack.TableCell {
	if bold {
		return slack.NewTableRichTextCell(slack.NewRichTextSection(element(card.B(text))))
	}
	return slack.NewTableRawTextCell(text)
}

// columnSetting keeps figures on one line and lets names wrap on a narrow
// screen.
func columnSetting(a card.Align) slack.ColumnSetting {
	if a == card.Right {
		return slack.ColumnSetting{Align: slack.ColumnAlignmentRight}
	}
	return slack.ColumnSetting{Align: slack.ColumnAlignmentLeft, IsWrapped: true}
}

// lines are the rows for clients without tables: the first cell in bold, since
// it names the row, then "Title: value" for those of the others that are not
// empty.
func (g grid) lines() [][]card.Span {
	items := make([][]card.Span, 0, len(g.rows))
	for i, row := range g.rows {
		rest := card.T(g.rest(row))
		if g.isTotal(i) {
			rest.Style = card.Bold
		}
		items = append(items, []card.Span{card.B(row[0]), rest})
	}
	return items
}

// rest is all of a row but its first cell.
func (g grid) rest(row []string) string {
	var b strings.Builder
	for i, value := range row[1:] {
		if value == card.Dash {
			continue
		}
		b.WriteString(" · ")
		if g.titled[i+1] {
			b.WriteString(g.columns[i+1].Title + ": ")
		}
		b.WriteString(value)
	}
	return b.String()
}
