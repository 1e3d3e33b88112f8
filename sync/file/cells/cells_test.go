package cells

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"arbot/ar"
)

func TestDates(t *testing.T) {
	t.Parallel()
	day, month := Dates{Order: DayFirst}, Dates{Order: MonthFirst}
	old, mac := Dates{Serial: true}, Dates{Serial: true, Epoch1904: true}
	for _, tt := range []struct {
		Dates
		cell, want string // "" for a fault
	}{
		{day, "05/11/2026", "2026-11-05"},
		{month, "05/11/2026", "2026-05-11"},
		{day, "5.11.26", "2026-11-05"},
		{day, "05-11-1999", "1999-11-05"},
		{day, "05/11/99", "1999-11-05"},
		{day, "2026-11-05", "2026-11-05"},
		{day, "2026/11/05 14:30:00", "2026-11-05"},
		{day, "2026-11-05T23:59:59-08:00", "2026-11-05"}, // a date has no zone
		{month, "11/5/2026 12:00:00 AM", "2026-11-05"},
		{Dates{}, "5 Nov 2026", "2026-11-05"},
		{Dates{}, "Nov 5, 2026", "2026-11-05"},
		{Dates{}, "Thursday, November 5, 2026", "2026-11-05"},
		{Dates{}, "5. November 2026", "2026-11-05"},
		{Dates{}, "1. März 2026", "2026-03-01"},
		{Dates{}, "1er août 2026", "2026-08-01"},
		{Dates{}, "3 de diciembre de 2026", "2026-12-03"},
		{Dates{}, "5-Nov-26", "2026-11-05"},
		{Dates{}, "2026-Nov-05", "2026-11-05"},
		{Dates{}, "05/05/2026", "2026-05-05"}, // either way
		{old, "46351", "2026-11-25"},
		{old, "46085.75", "2026-03-04"},
		{mac, "44889", "2026-11-25"},
		{mac, "44623", "2026-03-04"},
		{old, "61", "1900-03-01"},
		{Dates{}, "05/11/2026", ""}, // the order is not known
		{day, "31/02/2026", ""},
		{day, "11/25/2026", ""},
		{month, "25/11/2026", ""},
		{day, "29/02/2025", ""},
		{day, "0/1/2026", ""},
		{day, "05/11/0026", ""},
		{day, "46351", ""},   // a number outside of a workbook
		{old, "60", ""},      // the day that never was
		{old, "9999999", ""}, // after 2199
		{day, "tomorrow", ""},
		{day, "05/11", ""},
		{day, "", ""},
		{day, "5 Foo 2026", ""},
		{day, "1/2/3/4", ""},
	} {
		got, err := tt.Parse(tt.cell)
		_, ours := errors.AsType[*Error](err)
		if (err != nil) != (tt.want == "") || got.String() != tt.want || err != nil && !ours {
			t.Errorf("%q by %s: %s, %v, want %q", tt.cell, tt.Order, got, err, tt.want)
		}
	}
}

func TestOrderOfAColumn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cells []string
		want  Order
		sure  bool
	}{
		{[]string{"01/02/2026", "13/02/2026"}, DayFirst, true},
		{[]string{"01/02/2026", "02/13/2026"}, MonthFirst, true},
		{[]string{"01/02/2026"}, NoOrder, false},
		{[]string{"05/05/2026", "2026-01-02", "5 Nov 2026", "", "x"}, NoOrder, true},
		{[]string{"13/02/2026", "02/13/2026"}, DayFirst, true}, // the second is a fault then
		{[]string{"13/13/2026", "01/02/2026"}, NoOrder, false},
	} {
		var d Days
		for i, c := range tt.cells {
			d.See(i+1, c)
		}
		if got, sure := d.Order(); got != tt.want || sure != tt.sure {
			t.Errorf("%v: %s, %v", tt.cells, got, sure)
		}
	}
}

func TestMarkOfAColumn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cells string // with | between them
		whole bool
		want  rune
		sure  bool
	}{
		{"9,00", false, ',', true},
		{"9.5", false, '.', true},
		{"1.234,56", false, ',', true},
		{"1,234.56", false, '.', true},
		{"1,234,567", false, '.', true},
		{"1.234.567", false, ',', true},
		{"1,234", false, 0, false},
		{"1.234|-583,28", false, ',', true},
		{"0.123", false, '.', true},
		{"1234.567", false, '.', true}, // no grouping stands behind four digits
		{"1 234,567", false, ',', true},
		{"1234|5||x", false, 0, true},
		{"($1,234)|€ 12", false, 0, false},
		{"(12,50) CR", false, 0, true}, // two signs: no amount
		{"12,50 CR", false, ',', true},
		{"1,250", true, '.', true},
		{"1.250", true, ',', true},
	} {
		var d Decimal
		for i, c := range strings.Split(tt.cells, "|") {
			d.See(i+1, c, tt.whole)
		}
		if got, sure := d.Mark(); got != tt.want || sure != tt.sure {
			t.Errorf("%s: %q, %v, want %q, %v", tt.cells, got, sure, tt.want, tt.sure)
		}
	}
}

func TestMarkedAmounts(t *testing.T) {
	t.Parallel()
	n := Numbers{Decimal: '.'}
	for _, tt := range []struct {
		cell    string
		assumed ar.Currency
		want    string
	}{
		{"5", "EUR", "EUR 5.00"},
		{"€5", "USD", "EUR 5.00"},
		{"$5", "CAD", "CAD 5.00"},
		{"US$5", "CAD", "USD 5.00"},
		{"5 gbp", "USD", "GBP 5.00"},
		{"£5", "EUR", "GBP 5.00"},
		{"¥5", "EUR", "JPY 5"},
		{"¥5", "CNY", "CNY 5.00"},
		{"$5", "EUR", ""},
		{"5", "", ""},
		{"5 apples", "USD", ""},
	} {
		got, err := n.ParseMarked(tt.cell, tt.assumed)
		text, _ := got.MarshalText()
		if string(text) != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%q where %s is assumed: %s, %v, want %s", tt.cell, tt.assumed, text, err, tt.want)
		}
	}
}

// readAll sniffs a file and reads it.
func readAll(t *testing.T, text string) (Format, [][]string) {
	t.Helper()
	path := save(t, text)
	f, err := Sniff(path)
	if err != nil {
		t.Fatal(err)
	}
	_, all := rowsOf(t, f, path)
	return f, all
}

// save puts a text into a file.
func save(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rowsOf are the rows of a file with their numbers.
func rowsOf(t *testing.T, f Format, path string) (numbers []int, all [][]string) {
	t.Helper()
	rows, err := f.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for {
		row, texts, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return numbers, all
		}
		if err != nil {
			t.Fatal(err)
		}
		numbers, all = append(numbers, row), append(all, slices.Clone(texts))
	}
}

func TestSniff(t *testing.T) {
	t.Parallel()
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const text = "a;b,c;d\nä;1,5;x\nü;2,5;y\n"
	want := [][]string{{"a", "b,c", "d"}, {"ä", "1,5", "x"}, {"ü", "2,5", "y"}}
	long := text + strings.Repeat("z;1,0;y\n", 100_000) // the letter that tells is far behind what is looked at first
	for name, tt := range map[string]struct {
		text     string
		encoding Encoding
	}{
		"UTF-8":                {text, UTF8},
		"UTF-8, BOM":           {"\ufeff" + text, UTF8BOM},
		"UTF-16, LE":           {encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)), UTF16LE},
		"UTF-16, BE":           {encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)), UTF16BE},
		"UTF-16, LE, no mark":  {encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)), UTF16LE},
		"Windows-1252":         {encode(charmap.Windows1252.NewEncoder().String(text)), Windows1252},
		"Windows-1252, at end": {strings.NewReplacer("ä", "a", "ü", "u").Replace(long) + "\xe4;\x80;\n", Windows1252},
		"UTF-8, cut runes":     {"a;b,c;d\n" + strings.Repeat("é€;1,0;y\n", 100_000), UTF8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, rows := readAll(t, tt.text)
			if f.Encoding != tt.encoding || f.Delimiter != ';' {
				t.Errorf("it is %s", f)
			}
			if len(rows) == len(want) {
				if diff := cmp.Diff(want, rows); diff != "" {
					t.Errorf("rows (-want +got):\n%s", diff)
				}
			} else if last := rows[len(rows)-1]; tt.encoding == Windows1252 && last[0]+last[1] != "ä€" {
				t.Errorf("the last row is %q", last)
			}
		})
	}
}

func TestSniffDelimiter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rune{
		"a,b,c\n1,2,3\n":             ',',
		"a\tb\n1,5\t2,5\n3,5\t4,5\n": '\t',
		"n;a;b;c;d\nx;1,0;2,0;3,0;4,0\ny;1,0;2,0;3,0;4,0\nz;1,0;2,0;3,0;4,0\n": ';',
		"A/R Aging\n\"Smith; Jones; Co\"\n\nDate,Num,Due\n1,2,3\n4,5,6\n":      ',',
		"one column\n1\n":                  ',',
		"\"a;b\",c\n\"d;e\",f\n":           ',',
		"a;b\n\"x\n,,,,\n,,,,\n,,,,\";c\n": ';',
	} {
		if got := sniffDelimiter([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"1234.5600000000001": "1234.56", "0.30000000000000004": "0.3", "1E-2": "0.01", "1.5e3": "1500", "-99.990000000000009": "-99.99",
		"123456789012345678": "123456789012345678", "2021011355": "2021011355", "INV-1E5": "INV-1E5", "1.234": "1.234", "": "", "00000000000000012.50x": "00000000000000012.50x",
	} {
		if got := quiet(cell); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
}
