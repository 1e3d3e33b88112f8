package sheet

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"arbot/ar"
)

const (
	// mostText is how many characters a cell of Excel holds (support.microsoft.com,
	// "Excel specifications and limits").
	mostText = 32767
	// exact is how many digits Excel keeps of a number; it has binary fractions, and a
	// decimal of so many digits survives in them.
	exact = 15
	// epoch is the day that Excel counts from 1970 on: it numbers days from 1899-12-30.
	epoch     = 25569
	sheetName = "Sheet1"
)

// XLSX writes a table as an Excel workbook: what it's about in the lines on top, the titles
// below them, and then the rows, with the titles frozen. Text is text, also "000123" and
// "=1+1", money are numbers to the cent, and dates are dates.
type XLSX struct {
	to   io.Writer
	file *excelize.File
	rows *excelize.StreamWriter
	row  int // the last one written
	// styles of cells: text, date, and money by the digits of its currency.
	text, date, bold int
	money            map[int]int
}

// NewXLSX returns a workbook that goes to w. It's complete after Close, and only then
// written: until then it grows in a temporary file.
func NewXLSX(w io.Writer) (*XLSX, error) {
	file := excelize.NewFile()
	rows, err := file.NewStreamWriter(sheetName)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sheet: begin a workbook: %w", err), file.Close())
	}
	x := &XLSX{to: w, file: file, rows: rows, money: map[int]int{}}
	styles := errors.Join(
		x.style(&x.text, &excelize.Style{NumFmt: 49}), // "@": text stays text when the cell is edited
		x.style(&x.date, &excelize.Style{CustomNumFmt: new("yyyy-mm-dd")}),
		x.style(&x.bold, &excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49}),
	)
	if styles != nil {
		return nil, errors.Join(styles, file.Close())
	}
	return x, nil
}

func (x *XLSX) style(id *int, s *excelize.Style) (err error) {
	if *id, err = x.file.NewStyle(s); err != nil {
		return fmt.Errorf("sheet: make a style: %w", err)
	}
	return nil
}

// Head writes what the table is about, a line each, and the titles.
func (x *XLSX) Head(about, columns []string) error {
	top := len(about) + 1
	errs := []error{
		x.rows.SetColWidth(1, len(columns), 16),
		x.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: top, TopLeftCell: "A" + strconv.Itoa(top+1), ActivePane: "bottomLeft"}),
	}
	for _, line := range about {
		errs = append(errs, x.write([]any{excelize.Cell{StyleID: x.bold, Value: line}}))
	}
	titles := make([]any, len(columns))
	for n, title := range columns {
		titles[n] = excelize.Cell{StyleID: x.bold, Value: title}
	}
	if err := errors.Join(append(errs, x.write(titles))...); err != nil {
		return fmt.Errorf("sheet: write the titles: %w", err)
	}
	return nil
}

// Row writes a row: strings, ar.Money, ar.Date and ints; nil is an empty cell.
func (x *XLSX) Row(cells ...any) error {
	row := make([]any, len(cells))
	for n, cell := range cells {
		var err error
		if row[n], err = x.cell(cell); err != nil {
			return err
		}
	}
	if err := x.write(row); err != nil {
		return fmt.Errorf("sheet: write row %d: %w", x.row, err)
	}
	return nil
}

func (x *XLSX) write(row []any) error {
	x.row++
	return x.rows.SetRow("A"+strconv.Itoa(x.row), row)
}

func (x *XLSX) cell(cell any) (any, error) {
	switch c := cell.(type) {
	case string:
		return excelize.Cell{StyleID: x.text, Value: clipped(c)}, nil
	case ar.Money:
		return x.moneyCell(c)
	case ar.Date:
		if c.IsZero() {
			return nil, nil //nolint:nilnil // an empty cell
		}
		return excelize.Cell{StyleID: x.date, Value: c.EpochDays() + epoch}, nil
	case int:
		return c, nil
	case nil:
		return nil, nil //nolint:nilnil // an empty cell
	}
	return nil, fmt.Errorf("sheet: %T: %w", cell, ErrCell)
}

// moneyCell is an amount as a number; as text where Excel would lose digits of it.
func (x *XLSX) moneyCell(m ar.Money) (any, error) {
	decimal := m.Decimal()
	if len(strings.Trim(strings.Replace(decimal, ".", "", 1), "-")) > exact {
		return excelize.Cell{StyleID: x.text, Value: decimal}, nil
	}
	places := m.Currency().Exponent()
	if _, known := x.money[places]; !known {
		format := "#,##0" + strings.TrimSuffix("."+strings.Repeat("0", places), ".")
		var id int
		if err := x.style(&id, &excelize.Style{CustomNumFmt: &format}); err != nil {
			return nil, err
		}
		x.money[places] = id
	}
	number, err := strconv.ParseFloat(decimal, 64)
	if err != nil {
		return nil, fmt.Errorf("sheet: %s: %w", m, err)
	}
	return excelize.Cell{StyleID: x.money[places], Value: number}, nil
}

// clipped is as much of a text as a cell holds.
func clipped(text string) string {
	if utf8.RuneCountInString(text) <= mostText {
		return text
	}
	return string([]rune(text)[:mostText-1]) + "…"
}

// Close writes the workbook out and lets the temporary file go.
func (x *XLSX) Close() error {
	err := x.rows.Flush()
	if err == nil {
		_, err = x.file.WriteTo(x.to)
	}
	if err = errors.Join(err, x.file.Close()); err != nil {
		return fmt.Errorf("sheet: write the workbook: %w", err)
	}
	return nil
}
