package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/sync/file"
)

// WriteSkipped writes the rows that were left out as CSV: the header, then each row with
// its number and what is wrong with it behind. What looks like a formula is written so
// that a spreadsheet shows it and does not carry it out.
func (e *Export) WriteSkipped(ctx context.Context, w io.Writer) error {
	r := e.reader
	out := csv.NewWriter(w)
	if err := out.Write(append(inert(r.match.header), "row", "what is wrong")); err != nil {
		return fmt.Errorf("write the rows that were left out: %w", err)
	}
	var failed error
	err := r.lines(ctx, func(l *line) bool {
		why := r.bad[l.row]
		if why == "" && l.kind == dataLine && r.hasBadKey(l) {
			why = "another row of the same document is faulty"
		}
		if why == "" {
			return true
		}
		texts := inert(l.cells)
		for len(texts) < len(r.match.header) {
			texts = append(texts, "")
		}
		failed = out.Write(append(texts, strconv.Itoa(l.row), why))
		return failed == nil
	})
	out.Flush()
	if err == nil {
		err = failed
	}
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write the rows that were left out: %w", err)
	}
	return nil
}

// briefly says all that is wrong with a row, with the columns.
func briefly(wrong []file.Fault) string {
	var said []string
	for _, f := range wrong {
		if f.Column != "" {
			f.Wrong = f.Column + ": " + f.Wrong
		}
		said = append(said, f.Wrong)
	}
	return strings.Join(said, "; ")
}

// hasBadKey reports whether a row is part of a document that was left out.
func (r *reader) hasBadKey(l *line) bool {
	if len(r.badKeys) == 0 {
		return false
	}
	e := r.entry(l)
	r.line = nil
	for _, row := range e.rows {
		if r.badKeys[hashOf(row.Document.Key())] {
			return true
		}
	}
	return false
}

// inert are cells of which a spreadsheet makes no formula.
func inert(texts []string) []string {
	safe := make([]string, len(texts))
	for i, t := range texts {
		safe[i] = t
		if formula(t) {
			safe[i] = "'" + t
		}
	}
	return safe
}

// formula reports whether a spreadsheet would carry a cell out. Amounts below zero and
// telephone numbers are none.
func formula(cell string) bool {
	switch {
	case strings.HasPrefix(cell, "="), strings.HasPrefix(cell, "@"), strings.HasPrefix(cell, "\t"), strings.HasPrefix(cell, "\r"):
		return true
	case strings.HasPrefix(cell, "+"), strings.HasPrefix(cell, "-"):
		return strings.ContainsFunc(cell[1:], func(r rune) bool { return !strings.ContainsRune("0123456789., '\u00a0-+()", r) && !isCurrency(r) })
	}
	return false
}

func isCurrency(r rune) bool {
	return strings.ContainsRune("$€£¥₹", r) || ar.Currency(string(r)).Known()
}
