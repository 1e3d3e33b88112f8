package cells

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// Rows yields the rows of a table that hold anything.
type Rows interface {
	// Next returns the next row's number in a spreadsheet, counted from 1, and its
	// cells, which are good until the next call; io.EOF after the last. What is wrong
	// with the text itself is a *TextError.
	Next() (row int, cells []string, err error)
	// Close ends the reading.
	Close() error
}

// TextError is a fault of the text itself, at a row (0 for the file).
type TextError struct {
	Row         int
	Wrong, Mend string
}

// Error is what is wrong.
func (e *TextError) Error() string { return e.Wrong }

// Error is what is wrong with a cell, and the mend.
type Error struct{ Wrong, Mend string }

// Error is what is wrong.
func (e *Error) Error() string { return e.Wrong }

// Format is how a file is written.
type Format struct {
	// Workbook is set for XLSX; then Sheet is the sheet that is read and Epoch1904 says
	// that its days are counted from 1904.
	Workbook  bool
	Sheet     string
	Epoch1904 bool
	// Sheets are all that the workbook shows, in its order.
	Sheets []string
	// AsShown are the places of the columns whose numbers are given as the workbook shows
	// them, with zeros and a text in front: an invoice 123 that is shown as INV-000123.
	AsShown []int
	// Encoding and Delimiter are a text's.
	Encoding  Encoding
	Delimiter rune

	stated bool // the first line of the text states its delimiter
	shaped bool // the workbook shows some numbers with zeros or a text in front
}

// String says it for people: "CSV, UTF-8, comma".
func (f Format) String() string {
	if f.Workbook {
		days := ""
		if f.Epoch1904 {
			days = ", days counted from 1904"
		}
		return fmt.Sprintf("workbook (XLSX), sheet %q%s", f.Sheet, days)
	}
	return "text, " + f.Encoding.String() + ", " + delimiterName(f.Delimiter)
}

// Sniff finds out how a file is written, from its bytes and never from its name. The
// whole file is looked at, since one letter can tell its encoding.
func Sniff(path string) (Format, error) {
	f, err := os.Open(path) //nolint:gosec // the person says which file is read
	if err != nil {
		return Format{}, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	r := bufio.NewReaderSize(f, 64<<10)
	start, err := r.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return Format{}, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return sniffWorkbook(path)
	case bytes.HasPrefix(start, []byte(compound)):
		return Format{}, oldWorkbook(r)
	}
	if other := otherKind(start); other != nil {
		return Format{}, other
	}
	return sniffText(f, r)
}

// Head is how the beginning of a file is written: enough to read its title and its header
// by, without reading all of it. One letter further down can make the encoding another.
func Head(path string) (Format, error) {
	f, err := os.Open(path) //nolint:gosec // the person says which file is read
	if err != nil {
		return Format{}, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	start := make([]byte, sniffed)
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Format{}, err
	}
	start = start[:n]
	if bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte(compound)) || otherKind(start) != nil {
		return Sniff(path)
	}
	return sniffText(f, bufio.NewReaderSize(bytes.NewReader(start[:wholeRunes(start)]), 64<<10))
}

// Open begins to read the rows of a file of a known format.
func (f Format) Open(path string) (Rows, error) {
	if f.Workbook {
		return openWorkbook(path, f)
	}
	file, err := os.Open(path) //nolint:gosec // the person says which file is read
	if err != nil {
		return nil, err
	}
	text := bufio.NewReaderSize(&lineEnds{r: f.Encoding.decode(file)}, 64<<10)
	if f.stated { // a spreadsheet does not show this line, so it is no row
		if _, err := text.ReadSlice('\n'); err != nil && !errors.Is(err, io.EOF) {
			return nil, errors.Join(err, file.Close())
		}
	}
	return newTextRows(text, f.Delimiter, file), nil
}
