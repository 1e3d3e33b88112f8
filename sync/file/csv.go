package file

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// longestRow is how many bytes one row may have. Real rows have hundreds; a
// file with a quote that never ends would otherwise be one row.
const longestRow = 1 << 20

// textError is a fault of the text itself, at a row (0 for the file).
type textError struct {
	row         int
	wrong, mend string
}

func (e *textError) Error() string { return e.wrong }

const saveAsUTF8 = `Save it as "CSV UTF-8 (comma delimited)"`

// csvRows reads the rows of CSV text (RFC 4180), UTF-8 with or without a byte
// order mark, with LF or CRLF.
type csvRows struct {
	csv   *csv.Reader
	limit *rowLimit
	// inside counts the line breaks inside cells so far: a spreadsheet shows
	// them within one row.
	inside int
	last   int // the row before this one
}

func newCSVRows(r io.Reader, delimiter rune) (*csvRows, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	start, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")):
		if _, err := buffered.Discard(3); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		return nil, &textError{wrong: "it is UTF-16 text", mend: saveAsUTF8}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, &textError{wrong: "it is a workbook or a zip file, not CSV text", mend: saveAsUTF8}
	}
	limit := &rowLimit{r: buffered}
	reader := csv.NewReader(limit)
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1 // the sheet says it better
	reader.ReuseRecord = true
	return &csvRows{csv: reader, limit: limit}, nil
}

// next returns the next row that holds anything and its number; io.EOF after
// the last. The cells are good until the next call.
func (c *csvRows) next() (row int, cells []string, err error) {
	for {
		c.limit.read = 0
		cells, err = c.csv.Read()
		if err != nil {
			return 0, nil, c.explain(err)
		}
		line, _ := c.csv.FieldPos(0)
		row = line - c.inside
		c.last = row
		for _, cell := range cells {
			c.inside += strings.Count(cell, "\n")
		}
		if err := checkText(row, cells); err != nil {
			return row, nil, err
		}
		if !blank(cells) {
			return row, cells, nil
		}
	}
}

func (c *csvRows) explain(err error) error {
	if errors.Is(err, errLongRow) {
		return &textError{
			row: c.last + 1, wrong: fmt.Sprintf("the row is longer than %d bytes", longestRow),
			mend: `Look for a quote (") that is never closed`,
		}
	}
	if fault, ok := errors.AsType[*csv.ParseError](err); ok {
		return &textError{
			row: fault.StartLine - c.inside, wrong: `a quote (") stands where none may be, or one is not closed`,
			mend: "Put the whole cell into quotes and write each quote inside it twice",
		}
	}
	return err
}

func checkText(row int, cells []string) error {
	for i, cell := range cells {
		if !utf8.ValidString(cell) {
			return &textError{row: row, wrong: fmt.Sprintf("cell %d is not UTF-8 text", i+1), mend: saveAsUTF8}
		}
		if strings.ContainsRune(cell, 0) {
			return &textError{row: row, wrong: fmt.Sprintf("cell %d holds a NUL character", i+1), mend: "It isn't a text file, or it is damaged: export it anew"}
		}
	}
	return nil
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

var errLongRow = errors.New("row too long")

// rowLimit stops a row that does not end. It counts what was read since the
// last row began, which is a little more than the row.
type rowLimit struct {
	r    io.Reader
	read int
}

func (l *rowLimit) Read(p []byte) (int, error) {
	if l.read > longestRow {
		return 0, errLongRow
	}
	n, err := l.r.Read(p)
	l.read += n
	return n, err
}
