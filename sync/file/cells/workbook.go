package cells

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// What a workbook may unpack to. Real ones of half a million rows have 300 MB; a sheet
// beyond inMemory is unpacked to a temporary file and read from there.
const (
	largestWorkbook = 2 << 30
	inMemory        = 16 << 20
	// mostRatio is how much smaller a real part of any size is packed at most: sheets
	// pack to a tenth or a twentieth, and nothing but repetition to a thousandth.
	mostRatio  = 300
	smallRatio = 10 << 20 // below this the ratio does not matter
)

// sniffWorkbook finds the sheet to read: the first one that is shown.
func sniffWorkbook(path string) (Format, error) {
	if err := checkArchive(path); err != nil {
		return Format{}, err
	}
	book, err := openBook(path)
	if err != nil {
		return Format{}, err
	}
	defer book.Close() //nolint:errcheck // it was only read
	props, err := book.GetWorkbookProps()
	if err != nil {
		return Format{}, damaged(err)
	}
	f := Format{Workbook: true, Epoch1904: props.Date1904 != nil && *props.Date1904}
	for _, name := range book.GetSheetList() {
		if shown, err := book.GetSheetVisible(name); err == nil && shown {
			f.Sheets = append(f.Sheets, name)
		}
	}
	if len(f.Sheets) == 0 {
		return Format{}, &TextError{Wrong: "the workbook shows no sheet", Mend: "Export it anew"}
	}
	f.Sheet, f.shaped = f.Sheets[0], len(shapes(book)) > 0
	return f, nil
}

// checkArchive refuses a file that is small only while it is packed, and one that is packed
// and no workbook.
func checkArchive(path string) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return damaged(err)
	}
	defer archive.Close() //nolint:errcheck // it was only read
	if err := checkUnpacking(archive); err != nil {
		return err
	}
	return checkKind(archive)
}

func checkUnpacking(archive *zip.ReadCloser) error {
	var total uint64
	for _, f := range archive.File {
		total += f.UncompressedSize64
		bomb := f.UncompressedSize64 > smallRatio && f.UncompressedSize64 > mostRatio*max(1, f.CompressedSize64)
		if bomb || f.UncompressedSize64 > largestWorkbook || total > largestWorkbook {
			return &TextError{
				Wrong: fmt.Sprintf("%s would unpack to %d MB, so it was not opened", f.Name, f.UncompressedSize64>>20),
				Mend:  "Export fewer rows, or export it as CSV",
			}
		}
	}
	return nil
}

func openBook(path string) (*excelize.File, error) {
	book, err := excelize.OpenFile(path, excelize.Options{
		UnzipSizeLimit: largestWorkbook, UnzipXMLSizeLimit: inMemory, RawCellValue: true,
	})
	if err != nil {
		return nil, damaged(err)
	}
	return book, nil
}

func damaged(err error) error {
	return &TextError{Wrong: fmt.Sprintf("it cannot be read as a workbook (%v)", err), Mend: "Open it in your spreadsheet program and save it as XLSX anew"}
}

// workbookRows reads the rows of one sheet, one by one.
type workbookRows struct {
	book   *excelize.File
	rows   *excelize.Rows
	sheet  string
	shaped bool
	shown  *excelize.Rows // the same with the names of shapes, nil where they are not asked for
	shapes map[string]shape
	places []int
	row    int
	hidden int
}

func openWorkbook(path string, f Format) (Rows, error) {
	book, err := openBook(path)
	if err != nil {
		return nil, err
	}
	rows, err := book.Rows(f.Sheet)
	if err != nil {
		return nil, errors.Join(damaged(err), book.Close())
	}
	w := &workbookRows{book: book, rows: rows, sheet: f.Sheet, shaped: f.shaped}
	if err := w.Show(f.AsShown); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Next returns the next row that holds anything. A number is given as it is stored, with
// the noise of binary fractions taken off: 1234.5600000000001 is 1234.56.
func (w *workbookRows) Next() (row int, cells []string, err error) {
	for w.rows.Next() {
		w.row++
		cells, err := w.rows.Columns(excelize.Options{RawCellValue: true})
		if err == nil {
			err = w.show(cells)
		}
		if err != nil {
			return 0, nil, w.broken(err)
		}
		if blank(cells) {
			continue
		}
		if w.rows.GetRowOpts().Hidden {
			w.hidden++
		}
		size := 0
		for i, c := range cells {
			size += len(c)
			cells[i] = quiet(c)
		}
		if size > LongestRow {
			return 0, nil, &TextError{Row: w.row, Wrong: fmt.Sprintf("the row is longer than %d MB", LongestRow>>20), Mend: "Look at its cells"}
		}
		if err := checkText(w.row, cells); err != nil {
			return 0, nil, err
		}
		return w.row, cells, nil
	}
	if err := w.rows.Error(); err != nil {
		return 0, nil, w.broken(err)
	}
	return 0, nil, io.EOF
}

func (w *workbookRows) broken(err error) error {
	return &TextError{Row: w.row, Wrong: fmt.Sprintf("the sheet is damaged (%v)", err), Mend: "Open it in your spreadsheet program and save it as XLSX anew"}
}

// Hidden counts the rows so far that the workbook does not show.
func (w *workbookRows) Hidden() int { return w.hidden }

// Close removes the temporary files as well.
func (w *workbookRows) Close() error {
	err := w.rows.Close()
	if w.shown != nil {
		err = errors.Join(err, w.shown.Close())
	}
	return errors.Join(err, w.book.Close())
}

// noisy is a number as a spreadsheet stores it where it has no short form.
var noisy = regexp.MustCompile(`^-?\d+(\.\d+)?([eE][-+]?\d+)?$`)

// significant is how many digits a spreadsheet shows of a number.
const significant = 15

// quiet writes a stored number with the digits that a spreadsheet shows of it.
func quiet(cell string) string {
	long := len(cell) > significant && strings.ContainsRune(cell, '.') || strings.ContainsAny(cell, "eE")
	if !long || !noisy.MatchString(cell) {
		return cell
	}
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', significant-1, 64), 64)
	if err != nil {
		return cell
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
