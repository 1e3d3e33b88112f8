package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"arbot/ar"
	"arbot/sheet"
)

// table is what both formats have in common.
type table interface {
	Head(about, columns []string) error
	Row(cells ...any) error
	Close() error
}

func written(t testing.TB, open func(*bytes.Buffer) (table, error), rows ...[]any) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Head([]string{"Aging as of 2026-11-25"}, []string{"Invoice", "Open", "Due", "Days"}); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func openCSV(b *bytes.Buffer) (table, error) { return sheet.NewCSV(b) }

func openXLSX(b *bytes.Buffer) (table, error) { return sheet.NewXLSX(b) }

// workbook reads what was written.
func workbook(t testing.TB, b *bytes.Buffer) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func usd(minor int64) ar.Money { return ar.NewMoney(minor, "USD") }

var day = ar.NewDate(2026, 11, 25)

func TestCSV(t *testing.T) {
	t.Parallel()
	got := written(t, openCSV,
		[]any{"000123", usd(-123456), day, -3},
		[]any{`Acme, "the" Company`, ar.NewMoney(5, "JPY"), ar.Date{}, nil})
	want := "\ufeffInvoice,Open,Due,Days\r\n000123,-1234.56,2026-11-25,-3\r\n" + `"Acme, ""the"" Company",5,,` + "\r\n"
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
}

// X16: a document's number is text, zeros and all; and a text never runs.
func TestTextIsText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, csv string }{
		{"000123", "000123"},
		{"123", "123"},
		{"Acme = Best", "Acme = Best"},
		{"=1+1", "'=1+1"},
		{"+1 555 0100", "'+1 555 0100"},
		{"-12", "'-12"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1+1", "'\t=1+1"},
		{"\r=1+1", "'=1+1"}, // a line break is written as \r\n or not at all
		{"  =1+1", "'  =1+1"},
		{"＝1+1", "'＝1+1"},
		{"\"=1+1", "'\"=1+1"},
	} {
		lines, err := csv.NewReader(written(t, openCSV, []any{tt.text, usd(1), day, 1})).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := lines[1][0]; got != tt.csv {
			t.Errorf("CSV has %q for %q, want %q", got, tt.text, tt.csv)
		}
		f := workbook(t, written(t, openXLSX, []any{tt.text, usd(1), day, 1}))
		formula, err := f.GetCellFormula("Sheet1", "A3")
		kind, err2 := f.GetCellType("Sheet1", "A3")
		value, err3 := f.GetCellValue("Sheet1", "A3")
		if err := errors.Join(err, err2, err3); err != nil {
			t.Fatal(err)
		}
		if formula != "" || kind != excelize.CellTypeInlineString || value != tt.text {
			t.Errorf("the workbook has %q with the formula %q, of type %v, for %q", value, formula, kind, tt.text)
		}
	}
}

// Numbers remain numbers and dates are dates.
func TestXLSX(t *testing.T) {
	t.Parallel()
	f := workbook(t, written(t, openXLSX, []any{"INV-1", usd(123456789), day, 12}))
	for cell, want := range map[string][2]string{ // as stored, and as seen
		"A1": {"Aging as of 2026-11-25", "Aging as of 2026-11-25"},
		"B2": {"Open", "Open"},
		"B3": {"1234567.89", "1,234,567.89"},
		"C3": {"46351", "2026-11-25"},
		"D3": {"12", "12"},
	} {
		stored, err := f.GetCellValue("Sheet1", cell, excelize.Options{RawCellValue: true})
		seen, err2 := f.GetCellValue("Sheet1", cell)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if got := [2]string{stored, seen}; got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
}

// Every amount comes back to the cent, from both formats.
func TestMoneyIsExact(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 2))
	var rows [][]any
	var amounts []ar.Money
	for n := range 3000 {
		minor := chance.Int64() >> (n % 63) // of all lengths
		if n%2 == 0 {
			minor = -minor
		}
		m := ar.NewMoney(minor, []ar.Currency{"USD", "JPY", "KWD"}[n%3])
		amounts, rows = append(amounts, m), append(rows, []any{"INV-1", m, day, 1})
	}
	f := workbook(t, written(t, openXLSX, rows...))
	lines, err := csv.NewReader(written(t, openCSV, rows...)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for n, m := range amounts {
		stored, err := f.GetCellValue("Sheet1", fmt.Sprintf("B%d", n+3), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{stored, lines[n+1][1]} {
			got, err := ar.ParseMoney(text, m.Currency())
			if err != nil || got != m {
				t.Fatalf("%s came back as %q (%v)", m, text, err)
			}
		}
	}
}

func TestNoCellForIt(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*bytes.Buffer) (table, error){"CSV": openCSV, "XLSX": openXLSX} {
		w, err := open(&bytes.Buffer{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Row(1.5); !errors.Is(err, sheet.ErrCell) {
			t.Errorf("%s takes a float: %v", name, err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLongText(t *testing.T) {
	t.Parallel()
	f := workbook(t, written(t, openXLSX, []any{strings.Repeat("é", 40000), usd(1), day, 1}))
	got, err := f.GetCellValue("Sheet1", "A3")
	if err != nil || len([]rune(got)) != 32767 {
		t.Errorf("a long text has %d characters: %v", len([]rune(got)), err)
	}
}

// BenchmarkXLSX writes a hundred thousand rows of ten cells.
func BenchmarkXLSX(b *testing.B) {
	for b.Loop() {
		var out bytes.Buffer
		w, err := sheet.NewXLSX(&out)
		if err != nil {
			b.Fatal(err)
		}
		if err := w.Head(nil, make([]string, 10)); err != nil {
			b.Fatal(err)
		}
		for n := range 100_000 {
			if err := w.Row("Acme Corporation", "INV-000123", day, day, usd(int64(n)), usd(1), n, "1-30", "USD", "dana@example.com"); err != nil {
				b.Fatal(err)
			}
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB/live")
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/(1<<20), "MiB/file")
	}
}
