package file

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// files are the texts of a directory by name.
type files map[string]string

// write puts the files into a new directory.
func (f files) write(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range f {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// with returns the files with some replaced, or dropped where the text is "-".
func (f files) with(others files) files {
	all := files{}
	for _, from := range []files{f, others} {
		for name, text := range from {
			if text == "-" {
				delete(all, name)
				continue
			}
			all[name] = text
		}
	}
	return all
}

// lines makes a file of its lines.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

// small is a bundle with one of each.
func small() files {
	return files{
		customersFile:    lines("external,name,terms", "C1,Birch & Co,Net 30", "C2,Cedar GmbH,"),
		documentsFile:    lines("kind,external,number,customer,amount,currency,date,due", "invoice,1,000123,C1,100.00,USD,2026-09-01,", "invoice,2,,C2,50.00,EUR,2026-10-01,2026-10-31", "payment,9,,C1,40.00,USD,2026-10-02,"),
		applicationsFile: lines("external,kind,from,to,amount,currency,date", "A1,payment,9,1,40.00,USD,2026-10-02"),
	}
}

func day(t testing.TB, s string) ar.Date {
	t.Helper()
	d, err := ar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func money(t testing.TB, s string, c ar.Currency) ar.Money {
	t.Helper()
	m, err := ar.ParseMoney(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// values lets go-cmp look into the values of ar.
var values = cmp.Options{
	cmp.Comparer(func(a, b ar.Money) bool { return a == b }),
	cmp.Comparer(func(a, b ar.Date) bool { return a == b }),
}

// written sets when a file was last written.
func written(t testing.TB, path string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}
