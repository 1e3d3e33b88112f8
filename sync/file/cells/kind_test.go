package cells

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// archived makes an archive of names and contents.
func archived(t *testing.T, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for pair := range slices.Chunk(files, 2) {
		f, err := w.Create(pair[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(pair[len(pair)-1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFilesThatAreNoExports: each is refused by what it is, with what to do.
func TestFilesThatAreNoExports(t *testing.T) {
	t.Parallel()
	locked := compound + strings.Repeat("\x00", 65_530) + string(wide("EncryptedPackage")) + strings.Repeat("\x00", 100)
	for _, tt := range []struct{ name, text, wrong, mend string }{
		{"an old workbook", compound + string(wide("Workbook")), "old kind (XLS)", "save it as XLSX"},
		{"a locked workbook", locked, "it is locked with a password", "take the password away"},
		{"a PDF", "%PDF-1.7", "it is a PDF", "Export the report"},
		{"a packed file", "\x1f\x8b\x08\x00", "gzip", "Unpack it"},
		{"another archive", "7z\xbc\xaf\x27\x1c", "7z", "Unpack it"},
		{"a web page", "\ufeff\r\n<!DOCTYPE html>\n<html>", "it is a web page", "save it as XLSX"},
		{"a table of a web page", "<TABLE border=1>", "it is a web page", "save it as XLSX"},
		{"a web page in one file", "MIME-Version: 1.0\nX-Document-Type: Workbook\n", "it is a web page", "save it as XLSX"},
		{"a workbook of 2003 in XML", "<?xml version=\"1.0\"?>\n<Workbook>", "it is XML", "save it as XLSX"},
		{"JSON", "{\"invoices\": []}", "it is JSON", "CSV or XLSX"},
		{"a list in JSON", " [{\"a\": 1}]", "it is JSON", "CSV or XLSX"},
		{"an archive of CSV files", archived(t, "b.csv", "x", "a.csv", "x", "__MACOSX/._a.csv", "x", ".DS_Store", ""), "an archive (ZIP) with a.csv, b.csv in it", "Unpack it"},
		{"an archive of many", archived(t, "1", "", "2", "", "3", "", "4", "", "5", "", "6", "", "7", ""), "1, 2, 3, 4, 5 and 2 more files", "Unpack it"},
		{"an archive of nothing", archived(t, "empty/", ""), "with nothing in it", "Unpack it"},
		{"OpenDocument", archived(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", ""), "ODS", "save it as XLSX"},
		{"a binary workbook", archived(t, "[Content_Types].xml", "", "xl/workbook.bin", ""), "XLSB", "save it as XLSX"},
		{"Numbers", archived(t, "Index/Document.iwa", ""), "Numbers", "Export it from Numbers"},
	} {
		for _, sniff := range []func(string) (Format, error){Sniff, Head} {
			_, err := sniff(save(t, tt.text))
			fault, ok := errors.AsType[*TextError](err)
			if !ok || !strings.Contains(fault.Wrong, tt.wrong) || !strings.Contains(fault.Mend, tt.mend) {
				t.Errorf("%s: %v, want %q and %q", tt.name, err, tt.wrong, tt.mend)
			}
		}
	}
}

func TestLineEnds(t *testing.T) {
	t.Parallel()
	want := [][]string{{"a", "b"}, {"1", "2\n3"}, {"4", "5"}}
	for name, text := range map[string]string{
		"LF": "a,b\n1,\"2\n3\"\n4,5\n", "CRLF": "a,b\r\n1,\"2\r\n3\"\r\n4,5\r\n", "CR": "a,b\r1,\"2\r3\"\r4,5\r",
		"mixed": "a,b\r\n1,\"2\r3\"\n4,5\r", "blank lines between": "a,b\r\r\n1,\"2\n3\"\n\r4,5",
	} {
		path := save(t, text)
		f, err := Sniff(path)
		if err != nil || f.Delimiter != ',' {
			t.Errorf("%s: %s, %v", name, f, err)
		}
		if _, got := rowsOf(t, f, path); !cmp.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
		one, err := io.ReadAll(&lineEnds{r: iotest.OneByteReader(strings.NewReader(text))})
		if err != nil || strings.ContainsRune(string(one), '\r') {
			t.Errorf("%s, byte by byte: %q, %v", name, one, err)
		}
	}
}

// TestStatedDelimiter: the line that states the delimiter is none of the rows.
func TestStatedDelimiter(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want rune
	}{
		{"sep=;\r\na;b,c\r\n1;2,5\r\n", ';'},
		{"\ufeffSEP=,\na,\"b,c\"\n1,\"2,5\"\n", ','},
		{"\"sep=|\"\na|b,c\n1|2,5\n", '|'},
		{"sep=\t\na\tb,c\n1\t2,5\n", '\t'},
	} {
		path := save(t, tt.text)
		f, err := Sniff(path)
		if err != nil || f.Delimiter != tt.want {
			t.Errorf("%q: %s, %v", tt.text, f, err)
		}
		numbers, got := rowsOf(t, f, path)
		if !cmp.Equal(got, [][]string{{"a", "b,c"}, {"1", "2,5"}}) || !cmp.Equal(numbers, []int{1, 2}) {
			t.Errorf("%q gives %q in rows %v", tt.text, got, numbers)
		}
	}
	f, err := Sniff(save(t, "a|b|c\n1|2|3\n"))
	if err != nil || f.Delimiter != '|' || !strings.Contains(f.String(), "bar") {
		t.Errorf("%s, %v", f, err)
	}
}

// TestNumbersAsShown: zeros and texts that a format has around a whole number are taken
// over where that is asked for, and nothing else of a format.
func TestNumbersAsShown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		format string
		value  any
		want   string
	}{
		{"000000", 123, "000123"},
		{"0000", 0, "0000"},
		{"0000", 123456, "123456"},
		{`"INV-"0000`, 7, "INV-0007"},
		{`\R\E0`, 7, "RE7"},
		{`"2026-"0000`, 7, "2026-0007"},
		{`0000"/26"`, 7, "0007/26"},
		{`"No. "000`, 7, "No. 007"},
		{`000-000`, 123456, "123-456"},
		{`00\/0000`, 1234567, "123/4567"},
		{`"R"##-00`, 5, "R-05"},
		{`"0#"00`, 5, "0#05"},
		{`[Red]000;[Blue]-000`, 5, "005"},
		{"000000", "000007", "000007"},
		{"#,##0", 1234, "1234"},
		{"0.00", 12, "12"},
		{`"$"0000`, 12, "12"},
		{`[$€-407] 0000`, 12, "12"},
		{"0%", 12, "12"},
		{"yyyy-mm-dd", 46351, "46351"},
		{"0,000", 12, "12"},
		{"General", 1234567890123456, "1234567890123456"},
		{"00000", 12.5, "12.5"},
		{"00000", -12, "-12"},
	} {
		t.Run(tt.format, func(t *testing.T) {
			t.Parallel()
			book := excelize.NewFile()
			style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &tt.format})
			if err != nil {
				t.Fatal(err)
			}
			padded := "000"
			other, err := book.NewStyle(&excelize.Style{CustomNumFmt: &padded}) // so that formats are looked at
			if err != nil {
				t.Fatal(err)
			}
			row := []any{tt.value, tt.value, "x", 5}
			if err := errors.Join(book.SetSheetRow("Sheet1", "A1", &row), book.SetCellStyle("Sheet1", "A1", "B1", style), book.SetCellStyle("Sheet1", "D1", "D1", other)); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := book.Write(&out); err != nil {
				t.Fatal(err)
			}
			path := save(t, out.String())
			f, err := Sniff(path)
			if err != nil {
				t.Fatal(err)
			}
			_, plain := rowsOf(t, f, path)
			f.AsShown = []int{1, 3, 9}
			_, shown := rowsOf(t, f, path)
			if got := shown[0]; got[1] != tt.want || got[0] != plain[0][0] || got[3] != "005" || plain[0][3] != "5" {
				t.Errorf("it is read as %q, and %q where that is asked for, want %q", plain, shown, tt.want)
			}
		})
	}
}

// TestFormatsThatAreLookedAt: the second reading of a workbook is made only where a format
// can show a number in another way.
func TestFormatsThatAreLookedAt(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"000000": true, `"INV-"0`: true, `\A0`: true, "00": true, `"a"#`: true, "00000;[Red]-00000": true, `[$-409]0000`: true, `_(0000_)`: true, "000-000": true, "0 0": true,
		"0": false, "#": false, "0.00": false, "#,##0": false, "#,##0.00": false, "yyyy-mm-dd": false, "00:00": false, "@": false, "0%": false, "0.00E+00": false, "": false,
		`"$"#,##0.00`: false, `[h]:mm`: false, `"€"000`: false, "[$£-809]000": false, "# ?/?": false, "0/00": false, `"text"`: false, `0"`: false, `\`: false,
	} {
		if got := parseShape(code) != nil; got != want {
			t.Errorf("%s: %v", code, got)
		}
	}
}
