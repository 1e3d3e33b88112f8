package export

import (
	"slices"
	"strings"
	"unicode"
)

// A header can stand in two rows: "Invoice" over "Number" and "Date", or "Customer" beside
// an empty cell. Cells that are merged hold their text in the first one only.

// holdPairs looks for a header in two rows, where none was found in one, or where that has
// fewer columns than both have together.
func (h *head) holdPairs() {
	if h.best != nil && !h.best.generic {
		return
	}
	one := h.best
	for i := 1; i < len(h.texts); i++ {
		top, bottom := h.texts[i-1], h.texts[i]
		if filledCells(top) < 2 || filledCells(bottom) < 2 || slices.ContainsFunc(bottom, startsWithDigit) {
			continue
		}
		for _, header := range [][]string{joined(top, bottom), under(top, bottom)} {
			for _, m := range matches(h.rows[i], header, h.texts[:i-1]) {
				if m.fits() && (one == nil || m.hits > one.hits) && (h.best == one || m.score > h.best.score) {
					h.best = m
				}
			}
		}
	}
}

func startsWithDigit(cell string) bool {
	return strings.IndexFunc(strings.TrimSpace(cell), unicode.IsDigit) == 0
}

// under is a header of which each column has its text in the lower row, or above an empty
// cell of it.
func under(top, bottom []string) []string {
	header := make([]string, max(len(top), len(bottom)))
	for i := range header {
		header[i] = cellAt(bottom, i)
		if header[i] == "" {
			header[i] = cellAt(top, i)
		}
	}
	return header
}

// joined is a header whose texts begin in the upper row, which holds for all columns up to
// the next text in it, and go on in the lower one.
func joined(top, bottom []string) []string {
	header := make([]string, max(len(top), len(bottom)))
	over := ""
	for i := range header {
		if t := cellAt(top, i); t != "" {
			over = t
		}
		switch more := cellAt(bottom, i); {
		case more != "":
			header[i] = strings.TrimSpace(over + " " + more)
		default:
			header[i] = cellAt(top, i)
		}
	}
	return header
}

func cellAt(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}
