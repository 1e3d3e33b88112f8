package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"arbot/ar"
	"arbot/sync/file"
)

// Large files take minutes and gigabytes: they are tested where ARBOT_LARGE=1. The file is
// read by a process of its own, whose memory at its highest is what counts.
const (
	largeTests = "ARBOT_LARGE"
	largeChild = "ARBOT_LARGE_FILE"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(largeChild); path != "" {
		if err := readLarge(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// readLarge checks a file and reads all its documents, as an import does.
func readLarge(path string) error {
	s := Settings{Currency: "USD", AsOf: ar.NewDate(2026, 11, 25)}
	e, err := Check(context.Background(), path, s)
	if err != nil {
		return err
	}
	n := 0
	for _, err := range e.Rows(context.Background()) {
		if err != nil {
			return err
		}
		n++
	}
	fmt.Printf("%d documents, %s", n, e.Sums[0].Net)
	return nil
}

// inAnotherProcess reads a file and returns what that says, its memory at its highest and
// how long it took.
func inAnotherProcess(t *testing.T, path string) (says string, peak int64, took time.Duration) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), largeChild+"="+path)
	started := time.Now()
	out, err := cmd.CombinedOutput()
	took = time.Since(started)
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Fatal("this system does not say how much memory a process had")
	}
	return string(out), usage.Maxrss << 10, took
}

func onlyLarge(t *testing.T) {
	t.Helper()
	if os.Getenv(largeTests) != "1" {
		t.Skip("ARBOT_LARGE=1 reads files of a gigabyte")
	}
}

// TestLargeTextInFlatMemory reads 200 MB of CSV in less than 150 MB.
func TestLargeTextInFlatMemory(t *testing.T) {
	t.Parallel()
	onlyLarge(t)
	path := filepath.Join(t.TempDir(), "large.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "Invoice,Customer,Invoice Date,Due Date,Amount,Balance,PO Number")
	size, n := 0, 0
	for size < 200<<20 {
		k, err := fmt.Fprintf(w, "INV-%08d,\"Customer, number %d\",%02d/%02d/2026,12/31/2026,\"%d,%03d.50\",\"%d,%03d.50\",PO-%d\n", n, n%5000, 1+n%12, 1+n%28, 1+n%9, n%1000, 1+n%9, n%1000, n)
		if err != nil {
			t.Fatal(err)
		}
		size += k
		n++
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
	says, peak, took := inAnotherProcess(t, path)
	t.Logf("%d MB, %d rows: %s; %d MB of memory, %s", size>>20, n, says, peak>>20, took)
	if !strings.HasPrefix(says, fmt.Sprintf("%d documents", n)) {
		t.Errorf("it says %s", says)
	}
	if peak > 150<<20 {
		t.Errorf("it took %d MB of memory", peak>>20)
	}
}

// TestLargeWorkbook reads half a million rows, whose numbers are texts, or numbers that a
// format shows with zeros.
func TestLargeWorkbook(t *testing.T) {
	t.Parallel()
	onlyLarge(t)
	const rows = 500_000
	for _, formatted := range []bool{false, true} {
		t.Run(fmt.Sprintf("with a format: %v", formatted), func(t *testing.T) {
			t.Parallel()
			says, peak, took := inAnotherProcess(t, largeBook(t, rows, formatted))
			t.Logf("%d rows: %s; %d MB of memory, %s", rows, says, peak>>20, took)
			if !strings.HasPrefix(says, fmt.Sprintf("%d documents", rows)) {
				t.Errorf("it says %s", says)
			}
			if peak > 400<<20 {
				t.Errorf("it took %d MB of memory", peak>>20)
			}
		})
	}
}

// largeBook writes a workbook of many rows.
func largeBook(t *testing.T, rows int, formatted bool) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "large.xlsx")
	book := excelize.NewFile()
	format := `"INV-"00000000`
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	put := func(row int, cells ...any) {
		if err := w.SetRow(fmt.Sprintf("A%d", row), cells); err != nil {
			t.Fatal(err)
		}
	}
	put(1, "Invoice", "Customer", "Invoice Date", "Due Date", "Amount", "Balance")
	for i := range rows {
		var number any = fmt.Sprintf("INV-%08d", i)
		if formatted {
			number = excelize.Cell{StyleID: style, Value: i}
		}
		put(i+2, number, fmt.Sprintf("Customer %d", i%5000), 46000+i%300, 46300+i%100, float64(i)+0.25, float64(i)+0.25)
	}
	if err := errors.Join(w.Flush(), book.SaveAs(path), book.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestGigabyteLine: a line that never ends is refused without being held.
func TestGigabyteLine(t *testing.T) {
	t.Parallel()
	onlyLarge(t)
	path := filepath.Join(t.TempDir(), "line.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	if _, err := f.WriteString("Invoice,Customer,Date,Balance\n1,\""); err != nil {
		t.Fatal(err)
	}
	for range 1 << 10 {
		if _, err := f.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	says, peak, took := inAnotherProcess(t, path)
	t.Logf("%s; %d MB of memory, %s", says, peak>>20, took)
	if !strings.Contains(says, "the row is longer than") || peak > 100<<20 {
		t.Errorf("it says %s and took %d MB", says, peak>>20)
	}
}

func TestLongLineIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"below the header": "Invoice,Customer,Date,Balance\n1,\"" + strings.Repeat("x", 4<<20),
		"instead of one":   strings.Repeat("x", 4<<20),
		"many cells":       strings.Repeat("x,", 2<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Check(t.Context(), write(t, "x.csv", text), Settings{Currency: "USD", AsOf: today})
			if _, ok := errors.AsType[*file.CheckError](err); !ok || !strings.Contains(err.Error(), "longer than") {
				t.Errorf("it ends with %.200v", err)
			}
		})
	}
}

// zipped makes a workbook of one part. lie is the size that it states, 0 for the true one.
func zipped(t *testing.T, name string, size, lie int64) (path string) {
	t.Helper()
	var packed bytes.Buffer
	pack, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack.Write(bytes.Repeat([]byte{' '}, int(size))); err != nil {
		t.Fatal(err)
	}
	if err := pack.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	part, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(cmp.Or(lie, size))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, "bomb.xlsx", out.String())
}

func TestZipBombIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, part string
		size, lie  int64
		want       string
	}{
		{"a sheet", "xl/worksheets/sheet1.xml", 64 << 20, 0, "would unpack to 64 MB"},
		{"shared texts", "xl/sharedStrings.xml", 64 << 20, 0, "would unpack to 64 MB"},
		{"any other part", "xl/media/image1.png", 64 << 20, 0, "would unpack to 64 MB"},
		{"a part that lies about its size", "xl/worksheets/sheet1.xml", 64 << 20, 1000, "cannot be read as a workbook"},
		{"shared texts that lie about their size", "xl/sharedStrings.xml", 64 << 20, 1000, "cannot be read as a workbook"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Check(t.Context(), zipped(t, tt.part, tt.size, tt.lie), Settings{Currency: "USD", AsOf: today})
			if _, ok := errors.AsType[*file.CheckError](err); !ok || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("it ends with %v", err)
			}
		})
	}
}

func TestOtherFilesAreRefusedByName(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"old workbook":     {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more", "XLS"},
		"PDF":              {"%PDF-1.7\n", "it is a PDF"},
		"a broken archive": {"PK\x03\x04 and nothing", "cannot be read as a workbook"},
		"a binary file":    {"Invoice,Customer,Date,Balance\n1,El\x00m,2026-11-01,1.00\n", "NUL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Check(t.Context(), write(t, "x", tt.text), Settings{Currency: "USD", AsOf: today})
			if err == nil || ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("it ends with %v", err)
			}
		})
	}
	_, err := Check(t.Context(), filepath.Join(t.TempDir(), "none.csv"), Settings{})
	if ar.KindOf(err) != ar.NotFound {
		t.Errorf("a file that is not there: %v", err)
	}
}
