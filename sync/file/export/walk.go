package export

import (
	"slices"
	"strings"
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
	// groups are the names of the groups that the row is in, the outermost first.
	groups []string
}

// cell returns a cell without the spaces around it, "" where the row has none.
func (l *line) cell(place int) string {
	if place < 0 || place >= len(l.cells) {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(l.cells[place], "\u00a0", " "))
}

// walker tells the rows below a header apart.
type walker struct {
	*match
	// closed are the names that have a total of their own: what is between the name and
	// that total belongs to it. nil while they are not known yet.
	closed map[string]bool
	groups []string
	filled bool // the innermost group has rows
	ended  bool // the grand total has come
}

// next says what a row is.
func (w *walker) next(row int, cells []string) line {
	l := line{kind: dataLine, row: row, cells: cells}
	first := slices.IndexFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
	if first < 0 {
		l.kind = noLine
		return l
	}
	text, alone := l.cell(first), filledCells(cells) == 1
	if of, ok := w.total(&l, text, alone); ok {
		l.kind, l.label = totalLine, of
		l.groups = slices.Clone(w.groups)
		w.leave(of)
		return l
	}
	if w.report && w.ended && percentages.MatchString(text) {
		l.kind = noLine
		return l
	}
	if alone && footer.MatchString(text) {
		l.kind = noLine
		return l
	}
	if alone && w.report {
		switch {
		case w.ended || w.shape == flat || w.shape == summary && first != w.at[roleCustomer]:
			l.kind = noLine
			return l
		case (w.shape == byCustomer || w.shape == byBucket) && first == 0:
			w.enter(text)
			l.kind, l.label = labelLine, text
			return l
		}
	}
	w.filled = true
	if w.shape == summary {
		l.groups = slices.Clone(w.groups)
		if name := l.cell(w.at[roleCustomer]); w.closed[name] {
			w.groups = append(w.groups, name)
		}
		return l
	}
	l.groups = w.groups
	return l
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
	if !w.report && of != "" || w.shape == summary && of != "" && w.closed != nil && !slices.Contains(w.groups, of) {
		return "", false
	}
	return of, true
}

// enter begins a group: within the one before where that has a total to come, else in
// its place.
func (w *walker) enter(name string) {
	w.filled = false
	if _, age := agingOf(name); age && w.shape == byBucket {
		w.groups = []string{name}
		return
	}
	for len(w.groups) > 0 && !w.closed[w.groups[len(w.groups)-1]] {
		w.groups = w.groups[:len(w.groups)-1]
	}
	w.groups = append(slices.Clone(w.groups), name)
}

// leave ends the group of a total, with those inside it.
func (w *walker) leave(of string) {
	if of == "" {
		w.groups, w.ended = nil, true
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
