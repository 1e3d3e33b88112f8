package export

import (
	"slices"
	"strings"

	"arbot/ar"
)

// lineKind is what a row below the header is.
type lineKind int

const (
	dataLine  lineKind = iota
	totalLine          // "Total for ...", with amounts
	labelLine          // the name of a group
	noLine             // a footer
)

// line is a row below the header.
type line struct {
	kind  lineKind
	row   int
	cells []string
	// label is the text of a label, or what a total is the total of ("" for the file).
	label string
	// groups are the names of the groups that the row is in, the outermost first; the first
	// of them, as many as blocks says, is no customer but a currency.
	groups []string
	blocks int
	// currency is that of amounts that name none, "" where nothing above the row says it.
	currency ar.Currency
	// bare: no column that is read has anything.
	bare bool
}

// cell returns a cell without the spaces around it, "" where the row has none.
func (l *line) cell(place int) string {
	if place < 0 || place >= len(l.cells) {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(l.cells[place], "\u00a0", " "))
}

// seen is what a first reading of the whole table has found.
type seen struct {
	closed map[string]bool // names that have a total of their own: what is between the name and that total belongs to it
	nests  map[string]bool // labels that are followed by another one
	pages  bool            // the header is repeated, on each page
}

// walker tells the rows below a header apart.
type walker struct {
	*match
	seen     *seen // empty while that is not known yet
	groups   []string
	blocks   int // how many of the groups are currencies: none or one
	currency ar.Currency
	filled   bool // the innermost group has rows
	ended    bool // the grand total has come
}

func newWalker(m *match, s *seen) *walker {
	return &walker{match: m, seen: s, currency: m.preamble.currency}
}

// next says what a row is.
func (w *walker) next(row int, cells []string) line {
	l := line{kind: dataLine, row: row, cells: cells, currency: w.currency}
	first := slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
	if first < 0 || w.again(&l) {
		l.kind = noLine
		return l
	}
	text, alone := l.cell(first), filledCells(cells) == 1
	if of, ok := w.total(&l, text, alone); ok {
		l.kind, l.label = totalLine, of
		l.groups, l.blocks = slices.Clone(w.groups), w.blocks
		w.leave(of)
		return l
	}
	if kind, ok := w.aside(&l, text, first, alone); ok {
		l.kind = kind
		return l
	}
	if l.bare = w.isBare(&l); l.bare {
		l.kind = noLine
		return l
	}
	w.filled = true
	l.groups, l.blocks = w.groups, w.blocks
	if w.shape == summary {
		l.groups = slices.Clone(w.groups)
		if name := w.nameOf(&l); w.seen.closed[name] {
			w.groups = append(w.groups, name)
		}
	}
	return l
}

// again reports whether a row is the header once more, as on each page of a report.
func (w *walker) again(l *line) bool {
	if w.first >= len(l.cells) || w.first >= len(w.header) || strings.TrimSpace(l.cells[w.first]) != strings.TrimSpace(w.header[w.first]) {
		return false
	}
	same := 0
	for i, c := range l.cells {
		if c = plain(c); c == "" {
			continue
		}
		if i >= len(w.header) || c != plain(w.header[i]) {
			return false
		}
		same++
	}
	return same > 1
}

// aside tells the rows that are no documents and no totals: labels, footers, notes.
func (w *walker) aside(l *line, text string, first int, alone bool) (lineKind, bool) {
	switch {
	case w.report && w.ended && percentages.MatchString(text), alone && footer.MatchString(text):
		return noLine, true
	case !alone:
		return dataLine, false
	}
	if c, ok := w.begins(text); ok {
		w.block(c)
		l.label, l.groups, l.blocks, l.currency = string(c), w.groups, w.blocks, c
		return labelLine, true
	}
	if !w.report {
		return dataLine, false
	}
	left := first == 0 || first < w.first
	switch {
	case w.seen.pages && slices.Contains(w.preamble.lines, plain(text)):
		return noLine, true
	case w.ended || w.shape == flat || w.shape == summary && !left:
		return noLine, true
	case (w.shape == byCustomer || w.shape == byBucket) && left:
		w.enter(text)
		l.label, l.groups, l.blocks = text, w.groups, w.blocks
		return labelLine, true
	}
	return dataLine, false
}

// isBare reports whether a row has something, but nothing in the columns that are read: a
// remark, or one more line of an invoice.
func (w *walker) isBare(l *line) bool {
	if w.shape == summary {
		return false
	}
	for _, place := range w.at {
		if l.cell(place) != "" {
			return false
		}
	}
	return !slices.ContainsFunc(w.aging, func(a agingColumn) bool { return l.cell(a.place) != "" })
}

// total reports whether a row is a total: it begins so, and has nothing of a document.
func (w *walker) total(l *line, text string, alone bool) (of string, ok bool) {
	of, ok = totalOf(text)
	if !ok || alone && w.report && w.shape != summary && of != "" {
		return "", false // a customer may be called Total Wine
	}
	for _, r := range []role{roleNumber, roleDate, roleDue, roleKind, roleID} {
		if c := l.cell(w.at[r]); c != "" && c != text {
			return "", false
		}
	}
	if c, isCode := namedCurrency(of); isCode && w.blocks > 0 && string(c) == w.groups[0] {
		return string(c), true
	}
	if !w.report && of != "" || w.shape == summary && of != "" && w.seen.closed != nil && !slices.Contains(w.groups, of) {
		return "", false
	}
	if of == "" && w.blocks > 0 { // of the block, where it does not say so
		return w.groups[0], true
	}
	return of, true
}

// enter begins a group: within the one before where that has a total to come, else in
// its place.
func (w *walker) enter(name string) {
	w.filled = false
	if _, age := agingOf(name); age && w.shape == byBucket {
		w.groups = append(slices.Clone(w.groups[:w.blocks]), name)
		return
	}
	for len(w.groups) > w.blocks && !w.seen.closed[w.groups[len(w.groups)-1]] {
		w.groups = w.groups[:len(w.groups)-1]
	}
	w.groups = append(slices.Clone(w.groups), name)
}

// leave ends the group of a total, with those inside it.
func (w *walker) leave(of string) {
	switch {
	case of == "":
		w.groups, w.blocks, w.ended = nil, 0, true
		return
	case w.blocks > 0 && of == w.groups[0]:
		w.groups, w.blocks, w.currency, w.ended = nil, 0, w.preamble.currency, true
		return
	}
	if i := lastIndex(w.groups, of); i >= 0 {
		w.groups = slices.Clone(w.groups[:i])
	}
}

func lastIndex(groups []string, name string) int {
	for i, group := range slices.Backward(groups) {
		if plain(group) == plain(name) {
			return i
		}
	}
	return -1
}

func filledCells(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}
