package file

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"arbot/ar"
)

// shownFaults is how many faults are listed; more of them only count.
const shownFaults = 20

// Fault is one thing that is wrong with a file.
type Fault struct {
	// File is the name of the file inside what is read.
	File string
	// Row counts as a spreadsheet does: the header is row 1, and a cell with
	// line breaks is one row. 0 is the file as a whole.
	Row int
	// Column is the header's text, "" for the row as a whole.
	Column string
	// Value is what stands there.
	Value string
	// Wrong says what is wrong, Mend what to do about it.
	Wrong, Mend string
}

// String says it in one line: documents.csv row 7, amount "12,50": not an
// amount such as 1234.50. Write ...
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Row > 0 {
		b.WriteString(" row " + strconv.Itoa(f.Row))
	}
	if f.Column != "" {
		b.WriteString(", " + f.Column)
		b.WriteString(" " + quote(f.Value))
	}
	b.WriteString(": " + f.Wrong + ".")
	if f.Mend != "" {
		b.WriteString(" " + f.Mend)
	}
	if f.Mend != "" && !strings.HasSuffix(f.Mend, "?") {
		b.WriteString(".")
	}
	return b.String()
}

// quote shows a cell in an error, in one line and not too long.
func quote(value string) string {
	const most = 60
	if utf8.RuneCountInString(value) > most {
		value = string([]rune(value)[:most]) + "..."
	}
	return strconv.Quote(value)
}

// CheckError says why a file was refused. Nothing of the file was taken in.
type CheckError struct {
	// Path is what was to be read.
	Path string
	// Faults are the first ones, in the order of the file.
	Faults []Fault
	// More counts those beyond.
	More int
}

// Error lists the faults, a line for each.
func (e *CheckError) Error() string {
	var b strings.Builder
	n := len(e.Faults) + e.More
	fmt.Fprintf(&b, "%s was refused and nothing of it was imported: %d ", e.Path, n)
	if n == 1 {
		b.WriteString("fault.")
	} else {
		b.WriteString("faults.")
	}
	for _, f := range e.Faults {
		b.WriteString("\n  " + f.String())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\n  ... and %d more.", e.More)
	}
	return b.String()
}

// Unwrap lets ar.KindOf see that the input is refused.
func (e *CheckError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

// faults collects what is wrong.
type faults struct {
	list []Fault
	more int
}

func (f *faults) add(fault Fault) {
	if len(f.list) < shownFaults {
		f.list = append(f.list, fault)
		return
	}
	f.more++
}

func (f *faults) count() int { return len(f.list) + f.more }

// err returns what was collected, nil for nothing.
func (f *faults) err(path string) error {
	if f.count() == 0 {
		return nil
	}
	return &CheckError{Path: path, Faults: f.list, More: f.more}
}
