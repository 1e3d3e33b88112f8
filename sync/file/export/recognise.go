package export

import (
	"errors"
	"io"
	"slices"
	"strings"

	"arbot/sync/file/cells"
)

// preambleRows is how many rows with content a header may have above it.
const preambleRows = 40

// agingColumn is a column that holds what is open of one age.
type agingColumn struct {
	place int
	from  int // the first day past due that is in it
}

// match is a layout that fits a row of a file as its header.
type match struct {
	*layout
	row      int      // the header's row in the file
	header   []string // its texts
	at       [roles]int
	aging    []agingColumn
	missing  []string // names of required columns that are not there
	twice    string   // a header text that is there twice, so that nobody knows which is meant
	preamble preamble
	// first is the first column that is read; what stands left of it are names of groups.
	first int
	hits  int // columns that are there
	score int
}

func (m *match) has(r role) bool { return m.at[r] >= 0 }

// partial says that the grand total is known to leave out what is current.
func (m *match) partial() bool {
	return m.months && !slices.ContainsFunc(m.aging, func(a agingColumn) bool { return a.from == 0 })
}

// recognise reads the beginning of a file and finds its layout. Where none fits it
// returns what is nearest, as an *UnknownError.
func recognise(path string, f cells.Format) (*match, error) {
	h, err := readHead(path, f)
	if err != nil {
		return nil, err
	}
	switch {
	case h.best != nil:
		return h.best, nil
	case len(h.texts) == 0:
		return nil, &cells.TextError{Wrong: "it is empty, there is not even a header row", Mend: "Export it anew"}
	}
	return nil, unknown(path, h.near, h.texts)
}

// head is the beginning of a table: its rows with their numbers, the layout that fits best
// and the one that nearly does, nil for none.
type head struct {
	rows       []int
	texts      [][]string
	best, near *match
}

// readHead reads the beginning of a table and looks for a header in it.
func readHead(path string, f cells.Format) (*head, error) {
	rows, err := f.Open(path)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // it was only read
	h := &head{}
	for range preambleRows {
		row, texts, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		texts = slices.Clone(texts)
		h.hold(matches(row, texts, h.texts))
		h.rows, h.texts = append(h.rows, row), append(h.texts, texts)
		if h.best != nil && !h.best.generic && row > h.best.row {
			break
		}
	}
	h.holdPairs()
	return h, nil
}

// hold keeps what fits best, and what nearly fits.
func (h *head) hold(all []*match) {
	for _, m := range all {
		if m.fits() && (h.best == nil || m.score > h.best.score) {
			h.best = m
		}
		if !m.fits() && nearer(m, h.near) {
			h.near = m
		}
	}
}

// matches holds a row against all layouts.
func matches(row int, header []string, above [][]string) []*match {
	p := readPreamble(above)
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = plain(h)
	}
	all := make([]*match, 0, len(layouts))
	for _, l := range layouts {
		all = append(all, l.match(row, header, names, p))
	}
	return all
}

// match holds a header against a layout.
func (l *layout) match(row int, header, names []string, p preamble) *match {
	m := &match{layout: l, row: row, header: header, preamble: p}
	for r := range m.at {
		m.at[r] = -1
	}
	taken := map[int]bool{}
	for _, c := range l.columns {
		place, twice := find(names, c.names, taken)
		switch {
		case place >= 0:
			m.at[c.role], taken[place] = place, true
			m.score += 10
			m.hits++
			if twice {
				m.twice = header[place]
			}
		case c.required:
			m.missing = append(m.missing, c.names[0])
		}
	}
	m.findAging(names, taken)
	m.score += l.rank
	if l.generic {
		m.needOneOf(roleOpen, roleAmount)
		m.score -= 1000
	}
	if p.titled(l.titles) {
		m.score += 500
	} else if l.titled {
		m.missing = append(m.missing, "the title "+l.titles[0])
	}
	if m.shape == summary && !m.has(roleCustomer) {
		m.nameFirst(names)
	}
	m.findFirst()
	return m
}

// findFirst finds the first column that is read. In a summary these are those with amounts:
// names of customers stand left of them, indented by columns.
func (m *match) findFirst() {
	m.first = len(m.header)
	for r, place := range m.at {
		if place >= 0 && (m.shape != summary || role(r).isAmount()) {
			m.first = min(m.first, place)
		}
	}
	for _, a := range m.aging {
		m.first = min(m.first, a.place)
	}
}

// nameOf is the name of the customer that a row has itself, "" for none.
func (m *match) nameOf(l *line) string {
	place := m.at[roleCustomer]
	if m.shape != summary || place < 0 || m.header[place] != "" {
		return l.cell(place)
	}
	for i := range min(m.first, len(l.cells)) {
		if name := l.cell(i); name != "" {
			return name
		}
	}
	return ""
}

// fits reports whether all that the layout needs is there.
func (m *match) fits() bool { return len(m.missing) == 0 && m.twice == "" }

func (m *match) needOneOf(a, b role) {
	if !m.has(a) && !m.has(b) {
		m.missing = append(m.missing, roleWords[a]+" or "+roleWords[b])
	}
}

// nameFirst takes the first column for the names of customers: its header is blank.
func (m *match) nameFirst(names []string) {
	if len(names) > 0 && names[0] == "" {
		m.at[roleCustomer] = 0
		return
	}
	m.missing = append(m.missing, "customer")
}

// findAging finds the columns of the buckets.
func (m *match) findAging(names []string, taken map[int]bool) {
	if !m.aged {
		return
	}
	last, months := 0, false
	for place, name := range names {
		from, ok := agingOf(name)
		if !ok || taken[place] {
			continue
		}
		if from == older {
			from = last + 30
		}
		last = from
		months = months || strings.Contains(name, "month")
		m.aging = append(m.aging, agingColumn{place: place, from: from})
	}
	if len(m.aging) < 2 {
		m.missing = append(m.missing, "columns for the ages, such as Current, 1 - 30, 31 - 60")
	}
	if months == m.months {
		m.score += 50
	}
	m.score += len(m.aging)
}

// find returns the place of the first of the names that the header has, -1 for none.
func find(header, names []string, taken map[int]bool) (place int, twice bool) {
	for _, name := range names {
		place = slices.Index(header, name)
		if place < 0 || taken[place] {
			continue
		}
		return place, slices.Contains(header[place+1:], name)
	}
	return -1, false
}

// nearer reports whether a layout that does not fit is a better guess than another.
func nearer(m, than *match) bool {
	guess := func(m *match) int { return 2*m.hits - 3*len(m.missing) }
	return m.hits > 1 && (than == nil || guess(m) > guess(than))
}
