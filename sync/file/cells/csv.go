package cells

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

// LongestRow is how many bytes one row may have. Real rows have hundreds; a
// file with a quote that never ends would otherwise be one row.
const LongestRow = 1 << 20

const saveAsUTF8 = `Save it as "CSV UTF-8 (comma delimited)"`

// textRows reads the rows of delimited text (RFC 4180), with LF or CRLF.
type textRows struct {
	csv    *csv.Reader
	limit  *rowLimit
	closer io.Closer
	// inside counts the line breaks inside cells so far: a spreadsheet shows
	// them within one row.
	inside int
	last   int // the row before this one
}

// NewBundleRows reads the rows of a text that must be UTF-8, with or without a byte
// order mark, as a bundle's are.
func NewBundleRows(r io.Reader, delimiter rune) (Rows, error) {
	buffered := bufio.NewReaderSize(r, 64<<10)
	start, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		return nil, &TextError{Wrong: "it is UTF-16 text", Mend: saveAsUTF8}
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, &TextError{Wrong: "it is a workbook or a zip file, not CSV text", Mend: saveAsUTF8}
	}
	return newTextRows(UTF8BOM.decode(buffered), delimiter, io.NopCloser(nil)), nil
}

func newTextRows(r io.Reader, delimiter rune, closer io.Closer) *textRows {
	limit := &rowLimit{r: bufio.NewReaderSize(r, 64<<10)}
	reader := csv.NewReader(limit)
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1 // who reads the rows says it better
	reader.ReuseRecord = true
	return &textRows{csv: reader, limit: limit, closer: closer}
}

// Close ends the reading.
func (c *textRows) Close() error { return c.closer.Close() }

// Next returns the next row that holds anything.
func (c *textRows) Next() (row int, cells []string, err error) {
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

func (c *textRows) explain(err error) error {
	if errors.Is(err, errLongRow) {
		return &TextError{
			Row: c.last + 1, Wrong: fmt.Sprintf("the row is longer than %d MB", LongestRow>>20),
			Mend: `Look for a quote (") that is never closed`,
		}
	}
	if fault, ok := errors.AsType[*csv.ParseError](err); ok {
		return &TextError{
			Row: fault.StartLine - c.inside, Wrong: `a quote (") stands where none may be, or one is not closed`,
			Mend: "Put the whole cell into quotes and write each quote inside it twice",
		}
	}
	return err
}

func checkText(row int, cells []string) error {
	for i, cell := range cells {
		if !utf8.ValidString(cell) {
			return &TextError{Row: row, Wrong: fmt.Sprintf("cell %d is not UTF-8 text", i+1), Mend: saveAsUTF8}
		}
		if strings.ContainsRune(cell, 0) {
			return &TextError{Row: row, Wrong: fmt.Sprintf("cell %d holds a NUL character", i+1), Mend: "It isn't a text file, or it is damaged: export it anew"}
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
	if l.read > LongestRow {
		return 0, errLongRow
	}
	n, err := l.r.Read(p)
	l.read += n
	return n, err
}
