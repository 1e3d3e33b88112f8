package export

import (
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/sync/file"
	"arbot/sync/file/cells"
)

// UndecidedError says that something about a file can be read two ways and that nothing
// in it tells which is meant. It is never guessed.
type UndecidedError struct {
	Path    string
	Columns []Undecided
}

// Undecided is one thing that has to be said.
type Undecided struct {
	// Column is the header's text, "" for the file.
	Column string
	Row    int
	Value  string
	// What can be read two ways, and the setting that says it.
	What, Setting string
}

// Error says what has to be said, and how.
func (e *UndecidedError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s can be read in two ways, so nothing of it was imported:", e.Path)
	for _, c := range e.Columns {
		where := "the file"
		if c.Column != "" {
			where = fmt.Sprintf("row %d, %s %q", c.Row, c.Column, c.Value)
		}
		fmt.Fprintf(&b, "\n  %s: nothing tells the %s. Say it with %s.", where, c.What, c.Setting)
	}
	return b.String()
}

// Unwrap lets ar.KindOf see that the input is refused.
func (e *UndecidedError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

func (e *UndecidedError) add(header string, proof cells.Proof, what, setting string) {
	e.Columns = append(e.Columns, Undecided{Column: header, Row: proof.Row, Value: proof.Cell, What: what, Setting: setting})
}

// UnknownError says that a file is no layout that is known.
type UnknownError struct {
	Path string
	// Nearest is the layout that it resembles most, "" for none, and Missing the columns
	// that it lacks of it.
	Nearest string
	Missing []string
	// Header is the row that looks most like one.
	Row    int
	Header []string
	// Mapping is one to paste into the config, as far as the columns tell.
	Mapping string
}

// Error says what is missing and shows a mapping to paste.
func (e *UnknownError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is no report that arbot knows, so nothing of it was imported.", e.Path)
	if e.Nearest != "" {
		fmt.Fprintf(&b, "\nIt is most like %q (header in row %d), but these columns are missing: %s.", e.Nearest, e.Row, strings.Join(e.Missing, "; "))
	}
	if e.Mapping != "" {
		b.WriteString("\nIf you cannot export it with them, say in the config which column is what, and fill in what has three question marks:\n\n" + e.Mapping)
	} else {
		b.WriteString("\nExport it with a header row, as an aging report or a list of open invoices (docs/exports.md names what is known).")
	}
	return b.String()
}

// Unwrap lets ar.KindOf see that the input is refused.
func (e *UnknownError) Unwrap() error { return &ar.Error{Kind: ar.Invalid, Say: e.Error()} }

// shownFaults is how many faults are told; more of them only count.
const shownFaults = 20

// faults collects what is wrong.
type faults struct {
	list []file.Fault
	more int
}

func (f *faults) add(fault file.Fault) {
	if len(f.list) < shownFaults {
		f.list = append(f.list, fault)
		return
	}
	f.more++
}

func (f *faults) count() int { return len(f.list) + f.more }

func (f *faults) err(path string) error {
	if f.count() == 0 {
		return nil
	}
	return &file.CheckError{Path: path, Faults: f.list, More: f.more}
}
