package cells

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// sniffed is how much of a text is looked at for its delimiter.
const sniffed = 64 << 10

// delimiters are those that exports have. Where two fit as well the first one counts.
var delimiters = []rune{'\t', ';', ',', '|'}

// stated is the first line of a text that says its delimiter, as Excel reads and writes it.
var stated = regexp.MustCompile(`^"?(?i:sep)=([^\w\s"]|\t)"?(?:\r|\n|$)`)

// statedDelimiter is the delimiter that the first line states, 0 for none.
func statedDelimiter(head []byte) rune {
	m := stated.FindSubmatch(head)
	if m == nil {
		return 0
	}
	d, _ := utf8.DecodeRune(m[1])
	return d
}

func delimiterName(d rune) string {
	switch d {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	case '|':
		return "bar"
	}
	return fmt.Sprintf("%q", d)
}

// sniffDelimiter finds the mark that cuts the rows into the same number of cells: most
// rows of one width, then the greater width. A decimal comma cuts the rows, but not the
// header.
func sniffDelimiter(head []byte) rune {
	best, bestRows, bestWidth := ',', 0, 0
	for _, d := range delimiters {
		rows, width := evenRows(head, d)
		if rows > bestRows || rows == bestRows && width > bestWidth {
			best, bestRows, bestWidth = d, rows, width
		}
	}
	return best
}

// evenRows counts the rows that have the commonest width of at least two cells.
func evenRows(head []byte, delimiter rune) (rows, width int) {
	r := csv.NewReader(&lineEnds{r: bytes.NewReader(head)})
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = delimiter, -1, true, true
	widths := map[int]int{}
	for range 200 {
		record, err := r.Read()
		if err != nil {
			break
		}
		widths[len(record)]++
	}
	for w, n := range widths {
		if w > 1 && (n > rows || n == rows && w > width) {
			rows, width = n, w
		}
	}
	return rows, width
}
