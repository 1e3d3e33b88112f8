package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// importer is a shell whose config has a ledger of exports.
func importer(t *testing.T, ledgers string) *shell {
	t.Helper()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", "company: {zone: America/New_York, currency: USD}\nledgers:\n"+ledgers)
	return s
}

const oneExport = "  - {name: books, export: {}}\n"

func (s *shell) file(t *testing.T, name, text string) (path string) {
	t.Helper()
	s.write(t, name, text)
	return filepath.Join(s.dir, name)
}

// TestImportCheckWritesNothing: a check says what a file is and what it would change, as
// often as it is asked, and then the import does it.
func TestImportCheckWritesNothing(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	path := s.file(t, "aging.csv", agingReport("November 25, 2026", "150.00", [2]string{"1001", "100.00"}, [2]string{"1002", "50.00"}))
	for range 2 {
		got := s.mustRun(t, "import", "--check", path)
		for _, want := range []string{
			"QuickBooks Online A/R Aging Detail", "text, UTF-8, comma", "2026-11-25 (the file says so)", "what is missing counts as settled",
			"MM/DD/YYYY (row 7 proves it: 06/15/2026)", "decimal point", "2 documents of 1 customer", "91+ $150.00",
			"its grand total is $150.00, its rows add up to $150.00", "everything is new: 1 customer, 2 documents", "Nothing was written.",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the check lacks %q:\n%s", want, got)
			}
		}
	}
	if got := s.mustRun(t, "import", path); !strings.Contains(got, "3 added") || !strings.Contains(got, "Ties with the ledger as of 2026-11-25: $150.00") {
		t.Errorf("the import says %s", got)
	}
	if got := s.mustRun(t, "import", path); !strings.Contains(got, "nothing new") {
		t.Errorf("X26: a second import says %s", got)
	}
	later := s.file(t, "later.csv", agingReport("November 25, 2026", "70.00", [2]string{"1001", "60.00"}, [2]string{"1003", "10.00"}))
	want := "open now and not before: 1; another amount open: 1; as before: 0; closed, since the file does not have them: 1"
	if got := s.mustRun(t, "import", "--check", later); !strings.Contains(got, want) {
		t.Errorf("the check of a later file says\n%s", got)
	}
}

func TestImportAsksForWhatNothingProves(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	path := s.file(t, "list.csv", "Invoice,Customer,Due,Balance\n1,Birch,03/04/2026,\"1,234\"\n")
	got := s.run(t, "import", path)
	for _, want := range []string{`row 2, Due "03/04/2026"`, "dates: DD/MM/YYYY", `row 2, Balance "1,234"`, "decimal mark"} {
		if got.code != 1 || !strings.Contains(got.err, want) {
			t.Errorf("it ends with %d and lacks %q: %s", got.code, want, got.err)
		}
	}
	if got := s.mustRun(t, "import", "--check", "--dates", "DD/MM/YYYY", "--decimal", ".", path); !strings.Contains(got, "$1,234.00") || !strings.Contains(got, "DD/MM/YYYY (as the settings say)") {
		t.Errorf("with the flags it says %s", got)
	}
	s.write(t, "arbot.yaml", "company: {zone: UTC}\nledgers:\n  - {name: books, export: {dates: MM/DD/YYYY, decimal: ',', currency: KWD}}\n")
	if got := s.mustRun(t, "import", "--check", path); !strings.Contains(got, "KWD 1.234") {
		t.Errorf("with the config it says %s", got)
	}
}

func TestImportOfAnUnknownTableShowsAMapping(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	got := s.run(t, "import", s.file(t, "odd.csv", "Invoice No,Client,Due Date,Still to pay\n1,Elm,2026-10-01,5.00\n"))
	for _, want := range []string{"columns are missing", `number: "Invoice No"`, "mapping:"} {
		if got.code != 1 || !strings.Contains(got.err, want) {
			t.Errorf("it ends with %d and lacks %q: %s", got.code, want, got.err)
		}
	}
}

// TestImportLeavesBadRowsOut: nothing of a refused file is taken in; --skip-bad takes the
// rest and writes the rows that were left out.
func TestImportLeavesBadRowsOut(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	path := s.file(t, "list.csv", "Invoice,Customer,Date,Balance\n1,Birch,2026-11-01,10.00\n2,Birch,2026-02-30,20.00\n")
	if got := s.run(t, "import", path); got.code != 1 || !strings.Contains(got.err, `row 3, Date "2026-02-30": there is no such date`) {
		t.Errorf("it ends with %d: %s", got.code, got.err)
	}
	if got := s.mustRun(t, "import", "--check", "--skip-bad", path); !strings.Contains(got, "everything is new: 1 customer, 1 document") {
		t.Errorf("something was taken in, or the check says %s", got)
	}
	if got := s.mustRun(t, "import", "--skip-bad", path); !strings.Contains(got, "2 added") || !strings.Contains(got, path+".skipped.csv") {
		t.Errorf("it says %s", got)
	}
	text, err := os.ReadFile(path + ".skipped.csv")
	if want := "Invoice,Customer,Date,Balance,row,what is wrong\n2,Birch,2026-02-30,20.00,3,Date: there is no such date\n"; err != nil || string(text) != want {
		t.Errorf("the rows that were left out are %q (%v)", text, err)
	}
}

func TestImportFindsTheLedgerOfAFile(t *testing.T) {
	t.Parallel()
	const list = "Invoice,Customer,Date,Balance\n1,Birch,2026-11-01,10.00\n"
	for _, tt := range []struct {
		name, ledgers string
		args          []string
		want          string
	}{
		{"none of exports", "  - {name: main, bundle: b}\n", nil, "Add one, and run it again"},
		{"two of exports", "  - {name: a, export: {}}\n  - {name: b, export: {}}\n", nil, "say with --ledger"},
		{"one that is none", "  - {name: a, export: {}}\n", []string{"--ledger", "c"}, `no ledger called "c"`},
		{"one of another kind", "  - {name: a, bundle: b}\n", []string{"--ledger", "a"}, "is not one of exports"},
		{"one of two", "  - {name: a, export: {}}\n  - {name: b, export: {}}\n", []string{"--ledger", "b"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := importer(t, tt.ledgers)
			got := s.run(t, append(append([]string{"import"}, tt.args...), s.file(t, "list.csv", list))...)
			if tt.want == "" && (got.code != 0 || !strings.HasPrefix(got.out, "b: ")) || tt.want != "" && (got.code != 2 || !strings.Contains(got.err, tt.want)) {
				t.Errorf("it ends with %d and says %s%s", got.code, got.out, got.err)
			}
		})
	}
	s := importer(t, oneExport)
	if got := s.run(t, "import", "nothing.csv"); got.code != 2 || !strings.Contains(got.err, `neither a ledger nor a file called "nothing.csv"`) {
		t.Errorf("a file that is not there: %d, %s", got.code, got.err)
	}
	if got := s.run(t, "import"); got.code != 2 || !strings.Contains(got.err, "say which file") {
		t.Errorf("no file: %d, %s", got.code, got.err)
	}
}

// A ledger with a file of its own is read by its name, and by the clock.
func TestImportOfAnExportInTheConfig(t *testing.T) {
	t.Parallel()
	s := importer(t, "  - {name: books, export: {file: list.csv}}\n")
	s.write(t, "list.csv", "Invoice,Customer,Date,Balance\n1,Birch,2026-11-01,10.00\n")
	if got := s.mustRun(t, "import"); !strings.HasPrefix(got, "books: ") || !strings.Contains(got, "2 added") {
		t.Errorf("it says %s", got)
	}
	if got := s.mustRun(t, "import", "books"); !strings.Contains(got, "nothing new") {
		t.Errorf("it says %s", got)
	}
}
