package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckSaysWhatIsRefused: what the guards of an import would refuse, its check says.
func TestCheckSaysWhatIsRefused(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	var all [][2]string
	for n := range 12 {
		all = append(all, [2]string{"20" + string(rune('a'+n)), "10.00"})
	}
	s.mustRun(t, "import", s.file(t, "all.csv", agingReport("Nov 24, 2026", "120.00", all...)))
	older := s.file(t, "older.csv", agingReport("Nov 23, 2026", "120.00", all...))
	part := s.file(t, "part.csv", agingReport("Nov 25, 2026", "10.00", all[0]))
	for _, tt := range []struct{ file, flag, want string }{
		{older, "--allow-older", "its balances are of 2026-11-23, the books have those of 2026-11-24"},
		{part, "--allow-removals", "11 of the 12 open documents in the books ($110.00 of $120.00) are not in the list as of 2026-11-25"},
	} {
		if got := s.mustRun(t, "import", "--check", tt.file); !strings.Contains(got, "  REFUSED       it would be refused without "+tt.flag+": "+tt.want) {
			t.Errorf("the check of %s says\n%s", filepath.Base(tt.file), got)
		}
		if got := s.mustRun(t, "import", "--check", tt.flag, tt.file); strings.Contains(got, "REFUSED") {
			t.Errorf("with %s the check says\n%s", tt.flag, got)
		}
		got := s.run(t, "import", tt.file)
		if got.code != 1 || !strings.Contains(got.err, tt.want) || strings.Contains(got.err, "level=") {
			t.Errorf("the import of %s ends with %d and says\n%s", filepath.Base(tt.file), got.code, got.err)
		}
	}
	if got := s.run(t, "doctor"); !strings.Contains(got.out, "Import it again when that is mended, or another.") || strings.Contains(got.out, "`arbot sync` tries again") {
		t.Errorf("the doctor says\n%s%s", got.out, got.err)
	}
}

// TestDatesOfAReport: the file's own date counts, and none that is to come.
func TestDatesOfAReport(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	report := s.file(t, "aging.csv", agingReport("Nov 24, 2026", "10.00", [2]string{"1001", "10.00"}))
	const counts = "The file says that it is of 2026-11-24, and that counts; the 2026-11-20 of --as-of does not."
	for _, args := range [][]string{{"import", "--check", "--as-of", "2026-11-20", report}, {"import", "--as-of", "2026-11-20", report}} {
		if got := s.mustRun(t, args...); !strings.Contains(got, counts) {
			t.Errorf("%q says\n%s", args[:2], got)
		}
	}
	ahead := s.file(t, "ahead.csv", agingReport("Nov 26, 2026", "10.00", [2]string{"1001", "10.00"}))
	for _, args := range [][]string{{"import", "--check", ahead}, {"import", ahead}} {
		if got := s.run(t, args...); got.code != 1 || !strings.Contains(got.err, "is of 2026-11-26, as it says, and today is 2026-11-25") {
			t.Errorf("%q ends with %d and says\n%s", args, got.code, got.err)
		}
	}
}

// TestJoinSaysWhatMoneyIsLost: by customer, before anything is changed.
func TestJoinSaysWhatMoneyIsLost(t *testing.T) {
	t.Parallel()
	s := importer(t, "  - {name: old, export: {}}\n  - {name: new, export: {}}\n")
	const header = "Invoice,Customer,Date,Due,Balance\n"
	s.mustRun(t, "import", "--ledger", "old", s.file(t, "old.csv", header+"1,Birch,2026-10-01,2026-10-31,10.00\n2,Birch,2026-10-01,2026-10-31,20.00\n3,Elm,2026-10-01,2026-10-31,5.50\n"))
	s.mustRun(t, "import", "--ledger", "new", s.file(t, "new.csv", header+"1,Birch,2026-10-01,2026-10-31,10.00\n"))
	got := s.mustRun(t, "join", "old", "new")
	for _, want := range []string{"  Elm: $5.50 open\n", "  Birch: $20.00 open in documents that only old has\n", "Open today, net, and gone with all of these: $25.50\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
}

// TestCheckSaysWhatAFileIs: what cannot be read is refused by what it is and with what to do,
// and what was passed over or assumed is said.
func TestCheckSaysWhatAFileIs(t *testing.T) {
	t.Parallel()
	s := importer(t, oneExport)
	const list = "Invoice,Customer,Due Date,Balance\n"
	for _, tt := range []struct {
		name, text, want string
		code             int
	}{
		{"old.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600), "old.xls: it is a workbook of the old kind (XLS), or one with a password. Open it", 1},
		{"page.xls", "<html><table></table></html>", "page.xls: it is a web page, whatever its name says. Open it", 1},
		{"packed.csv.gz", "\x1f\x8b\x08\x00", "packed.csv.gz: it is packed (gzip). Unpack it", 1},
		{"cut.csv", list + "1,Elm,2026-10-31\n", "cut.csv row 2: the row has 3 cells, the header has 4.", 1},
		{"marked.csv", list + "1,Elm,2026-10-31,10.50\nTotal,,,€10.50\n", `row 3, Balance "€10.50": the total is in EUR, but the rows above it name no currency and count as USD`, 1},
		{"blocks.csv", list + "Currency: EUR,,,\n1,Elm,2026-10-31,10.50\nTotal EUR,,,10.50\n", "€10.50 net in 1 document", 0},
		{"remark.csv", "Invoice,Customer,Due Date,Balance,Note\n1,Elm,2026-10-31,10.50,\n,,,,seen\n", "Warning: 1 row is empty in all columns that are read, and passed over.", 0},
		{"freshbooks.csv", "Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Line Total,Currency\nElm,1,2026-08-01,2026-09-01,partial,,10.00,USD\n", "Add a column Balance to the file", 0},
	} {
		got := s.run(t, "import", "--check", s.file(t, tt.name, tt.text))
		if got.code != tt.code || !strings.Contains(got.out+got.err, tt.want) {
			t.Errorf("the check of %s ends with %d and says\n%s%s", tt.name, got.code, got.out, got.err)
		}
	}
}
