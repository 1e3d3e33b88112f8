package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
)

// CSV writes a table as comma-separated values in UTF-8: one line of titles and one for
// each row, and nothing before or after them, so that a program can read it as it is.
type CSV struct {
	w *csv.Writer
}

// NewCSV returns a table that goes to w. It's complete after Close.
func NewCSV(w io.Writer) (*CSV, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // without it Excel takes UTF-8 for Latin 1
		return nil, fmt.Errorf("sheet: %w", err)
	}
	c := &CSV{w: csv.NewWriter(w)}
	c.w.UseCRLF = true
	return c, nil
}

// Head writes the titles. What the table is about has no place in CSV.
func (c *CSV) Head(_, columns []string) error {
	return c.write(columns)
}

// Row writes a row: strings, ar.Money, ar.Date and ints; nil is an empty cell.
func (c *CSV) Row(cells ...any) error {
	texts := make([]string, len(cells))
	for n, cell := range cells {
		var err error
		if texts[n], err = plain(cell); err != nil {
			return err
		}
	}
	return c.write(texts)
}

func (c *CSV) write(texts []string) error {
	if err := c.w.Write(texts); err != nil {
		return fmt.Errorf("sheet: write a line: %w", err)
	}
	return nil
}

// Close writes what is left.
func (c *CSV) Close() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("sheet: %w", err)
	}
	return nil
}
