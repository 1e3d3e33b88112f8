package file

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// column is one that a table can have.
type column struct {
	name     string
	required bool
}

// header says where each column of a table is.
type header struct {
	columns []column
	// at holds the place of each column, -1 where the file has none of it.
	at []int
	// fields are the places of the columns "field:NAME", by name.
	fields map[string]int
	width  int
}

const fieldPrefix = "field:"

// sameHeader is the form in which header texts are compared.
func sameHeader(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// readHeader finds the columns in a header row, in any order and case. With
// strict, a column that is not known is a fault.
func readHeader(cells []string, columns []column, strict bool) (header, []headerFault) {
	h := header{columns: columns, at: make([]int, len(columns)), fields: map[string]int{}, width: len(cells)}
	for i := range h.at {
		h.at[i] = -1
	}
	var wrong []headerFault
	for place, cell := range cells {
		if fault, bad := h.place(place, cell, strict); bad {
			wrong = append(wrong, fault)
		}
	}
	missing := h.missing()
	switch {
	case len(missing) > 0 && h.found() == 0:
		return h, []headerFault{{
			wrong: "it is no header row; it reads " + shortList(cells),
			mend:  "The first row must hold the names of the columns: " + strings.Join(missing, ", "),
		}}
	case len(missing) > 0:
		wrong = append(wrong, headerFault{
			wrong: "the header has no column " + strings.Join(missing, ", ") + "; it reads " + shortList(cells),
			mend:  "Name the columns so, or export the file with them",
		})
	}
	return h, wrong
}

// missing names the columns that are required and not there.
func (h *header) missing() (names []string) {
	for i, c := range h.columns {
		if c.required && h.at[i] < 0 {
			names = append(names, strconv.Quote(c.name))
		}
	}
	return names
}

func (h *header) found() (n int) {
	for _, place := range h.at {
		if place >= 0 {
			n++
		}
	}
	return n
}

// headerFault is something wrong with the header row.
type headerFault struct{ cell, wrong, mend string }

func (h *header) place(place int, cell string, strict bool) (headerFault, bool) {
	name := sameHeader(cell)
	if strings.HasPrefix(name, fieldPrefix) && strict {
		field := strings.TrimSpace(strings.TrimSpace(cell)[len(fieldPrefix):]) // names of fields keep their case
		if _, twice := h.fields[field]; twice || field == "" {
			return headerFault{cell, "the field has no name, or the column is there twice", "Give each custom field one column"}, true
		}
		h.fields[field] = place
		return headerFault{}, false
	}
	i := slices.IndexFunc(h.columns, func(c column) bool { return c.name != "" && sameHeader(c.name) == name })
	switch {
	case i < 0 && !strict:
		return headerFault{}, false
	case i < 0 && name == "":
		return headerFault{cell, fmt.Sprintf("column %d has no name", place+1), "Name it or take it out"}, true
	case i < 0:
		return headerFault{cell, "no such column", suggestion(name, h.columns)}, true
	case h.at[i] >= 0:
		return headerFault{cell, "the column is there twice", "Take one of them out"}, true
	}
	h.at[i] = place
	return headerFault{}, false
}

// suggestion names the column that was probably meant, or all there are.
func suggestion(name string, columns []column) string {
	if name == "id" {
		return `Did you mean "external"?`
	}
	names := make([]string, len(columns))
	best := 0
	for i, c := range columns {
		names[i] = c.name
		if distance(name, c.name) < distance(name, columns[best].name) {
			best = i
		}
	}
	if nearest := columns[best].name; distance(name, nearest) <= 1+len(nearest)/4 {
		return fmt.Sprintf("Did you mean %q?", nearest)
	}
	return "Take it out, or use one of these: " + strings.Join(names, ", ")
}

// distance counts the letters to insert, drop or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// shortList shows the first cells of a row.
func shortList(cells []string) string {
	const most = 12
	var shown []string
	for _, c := range cells[:min(most, len(cells))] {
		shown = append(shown, quote(strings.TrimSpace(c)))
	}
	if len(cells) > most {
		shown = append(shown, "...")
	}
	return strings.Join(shown, ", ")
}
