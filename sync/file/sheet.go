package file

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"arbot/ar"
	"arbot/sync/file/cells"
)

// layout is how a table is written and which columns it has.
type layout struct {
	delimiter rune
	columns   []column
	// strict: a column that is not among them is a fault.
	strict bool
}

// sheet reads the rows of one table under their header. What is wrong goes
// into faults; the readers of cells return zero values then.
type sheet struct {
	file string
	header
	rows   cells.Rows
	faults *faults
	row    int
	cells  []string
	// ragged: rows end with their last filled cell, as those of a workbook do.
	ragged bool
	// currencies and kinds keep one copy of each word, so that what is kept of a
	// row does not keep the row.
	currencies map[string]ar.Currency
	kinds      map[string]ar.DocumentKind
}

// errStop ends the reading of a table whose faults say why.
var errStop = errors.New("the table cannot be read further")

// newSheet reads the header. It returns errStop where the rows below it mean
// nothing.
func newSheet(file string, rows cells.Rows, l layout, f *faults) (*sheet, error) {
	s := &sheet{file: file, rows: rows, faults: f, currencies: map[string]ar.Currency{}, kinds: map[string]ar.DocumentKind{}}
	row, texts, err := rows.Next()
	if errors.Is(err, io.EOF) {
		s.faults.add(Fault{File: file, Wrong: "it is empty, there is not even a header row", Mend: "Export it anew"})
		return nil, errStop
	}
	if err != nil {
		return nil, s.explain(err)
	}
	s.row = row
	var wrong []headerFault
	s.header, wrong = readHeader(texts, l.columns, l.strict)
	for _, w := range wrong {
		fault := Fault{File: file, Row: row, Value: w.cell, Wrong: w.wrong, Mend: w.mend}
		if w.cell != "" {
			fault.Column = "header"
		}
		f.add(fault)
	}
	if len(wrong) > 0 {
		return nil, errStop
	}
	return s, nil
}

// next goes to the next row: io.EOF after the last, errStop where the text is
// broken. A row that is too long or too short for the header is a fault and is
// skipped.
func (s *sheet) next() error {
	for {
		row, texts, err := s.rows.Next()
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		if err != nil {
			return s.explain(err)
		}
		for s.ragged && len(texts) < s.width {
			texts = append(texts, "")
		}
		s.row, s.cells = row, texts
		if len(texts) == s.width {
			return nil
		}
		s.faults.add(Fault{
			File: s.file, Row: row, Wrong: fmt.Sprintf("the row has %d cells, the header has %d", len(texts), s.width),
			Mend: "Write the delimiter as often as in the header, and put a cell that holds it into quotes",
		})
	}
}

// explain turns what is wrong with the text into a fault.
func (s *sheet) explain(err error) error {
	text, ok := errors.AsType[*cells.TextError](err)
	if !ok {
		return fmt.Errorf("read %s: %w", s.file, err)
	}
	s.faults.add(Fault{File: s.file, Row: text.Row, Wrong: text.Wrong, Mend: text.Mend})
	return errStop
}

// has reports whether the file has a column.
func (s *sheet) has(c int) bool { return s.at[c] >= 0 }

// text returns a cell without the spaces around it, "" where there is none.
func (s *sheet) text(c int) string {
	if s.at[c] < 0 {
		return ""
	}
	return strings.TrimSpace(s.cells[s.at[c]])
}

// needed returns a cell that must not be empty.
func (s *sheet) needed(c int) string {
	v := s.text(c)
	if v == "" {
		s.wrong(c, "it is empty", "Every row needs it")
	}
	return v
}

// wrong notes a faulty cell of the current row.
func (s *sheet) wrong(c int, what, mend string) {
	s.faults.add(Fault{File: s.file, Row: s.row, Column: s.columns[c].name, Value: s.text(c), Wrong: what, Mend: mend})
}

// date reads YYYY-MM-DD, no date where the cell is empty.
func (s *sheet) date(c int) ar.Date {
	v := s.text(c)
	if v == "" {
		return ar.Date{}
	}
	d, err := ar.ParseDate(v)
	if err != nil {
		s.wrong(c, "it is not a date", "Write a date that exists as YYYY-MM-DD")
		return ar.Date{}
	}
	return s.sane(c, d)
}

// sane refuses years that no ledger has: 0026 for 2026.
func (s *sheet) sane(c int, d ar.Date) ar.Date {
	if y, _, _ := d.Civil(); y < 1900 || y > 2199 {
		s.wrong(c, fmt.Sprintf("the year %d cannot be right", y), "Write the year with four digits")
		return ar.Date{}
	}
	return d
}

// currency reads an ISO 4217 code, "" where it is wrong.
func (s *sheet) currency(c int) ar.Currency {
	v := s.needed(c)
	if v == "" {
		return ""
	}
	if known, ok := s.currencies[v]; ok {
		return known
	}
	code, err := ar.ParseCurrency(v)
	if err != nil {
		s.wrong(c, "it is not a currency", "Write the ISO 4217 code, such as USD or EUR")
		return ""
	}
	code = ar.Currency(strings.Clone(string(code)))
	s.currencies[strings.Clone(v)] = code
	return code
}

// money reads plain decimal text. Without a currency nothing can be said.
func (s *sheet) money(c int, currency ar.Currency) ar.Money {
	v := s.needed(c)
	if v == "" || currency == "" {
		return ar.Money{}
	}
	m, err := ar.ParseMoney(v, currency)
	if err != nil {
		s.wrong(c, reason(err, v), "Write plain digits with a decimal point and without grouping marks, such as 1234.50")
		return ar.Money{}
	}
	return m
}

// flag reads true or false; empty is false.
func (s *sheet) flag(c int) bool {
	switch strings.ToLower(s.text(c)) {
	case "true":
		return true
	case "", "false":
	default:
		s.wrong(c, "it is neither true nor false", "Write true or false")
	}
	return false
}

// reason is what an error of ar says about a value, without the value.
func reason(err error, value string) string {
	if _, says, ok := strings.Cut(err.Error(), strconv.Quote(value)+" "); ok {
		return "it " + says
	}
	return err.Error()
}
