package export

import (
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/sourcetest"
)

// openInvoices is a report with one of each.
const openInvoices = `Harbor & Pine Supply LLC,,,,,
Open Invoices,,,,,
"As of November 25, 2026",,,,,

,Date,Transaction type,Num,Terms,Due date,Open balance
Birch & Co,,,,,,
,10/20/2026,Invoice,101,Net 30,11/19/2026,"1,200.00"
,11/02/2026,Payment,,,11/02/2026,-200.00
Total for Birch & Co,,,,,,"$1,000.00"
Cedar Foods,,,,,,
,11/20/2026,Invoice,102,Net 30,12/20/2026,50.00
Job A,,,,,,
,11/21/2026,Invoice,103,Net 30,12/21/2026,25.00
Total for Job A,,,,,,$25.00
Total for Cedar Foods with sub-customers,,,,,,$75.00
TOTAL,,,,,,"$1,075.00"

"Wednesday, November 25, 2026 09:14 AM GMT-05:00",,,,,
`

func source(t testing.TB, text string) *Source {
	t.Helper()
	s, err := NewSource(write(t, "file.csv", text), "acme", Settings{Currency: "USD", AsOf: today}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSourceKeepsTheContract(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"snapshot": openInvoices,
		"list":     "Invoice,Customer,Date,Due,Amount,Balance\n1,Birch,2026-09-01,,100.00,40.00\n2,Birch,2026-09-01,,50.00,50.00\n",
		"lines": "Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Line Total,Currency\n" +
			"Birch,1,2026-09-01,2026-10-01,overdue,,10.00,USD\nBirch,1,2026-09-01,2026-10-01,overdue,,5.00,USD\nBirch,2,2026-09-01,2026-10-01,paid,2026-09-10,7.00,USD\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) arsync.Source { t.Helper(); return source(t, text) })
		})
	}
}

func TestSnapshotIsOneOnlyWhereItTies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		open       bool
	}{
		{"it ties", openInvoices, true},
		{"no grand total", strings.Replace(openInvoices, "TOTAL,,,,,,\"$1,075.00\"\n", "", 1), false},
		{"a list", "Invoice,Customer,Due,Balance\n1,Birch,2026-09-01,40.00\nTotal,,,40.00\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			reading, page := sourcetest.Read(t, source(t, tt.text))
			if got := !reading.OpenAsOf.IsZero(); got != tt.open {
				t.Errorf("it is a snapshot: %v, want %v (%v)", got, tt.open, reading.Warnings)
			}
			if len(page.Documents) == 0 {
				t.Error("nothing was read")
			}
		})
	}
}

// A report that was saved again is as old as it says.
func TestReportIsAsOldAsItSays(t *testing.T) {
	t.Parallel()
	s := source(t, openInvoices)
	s.Modified = time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	reading, _ := sourcetest.Read(t, s)
	if want := time.Date(2026, 11, 25, 23, 59, 59, 0, time.UTC); !reading.DataAsOf.Equal(want) {
		t.Errorf("the data is of %s, want %s", reading.DataAsOf, want)
	}
}

// TestReportThatIsToCome: balances of tomorrow cannot be known, whoever says it; a clock of
// the disk that is ahead is no reason.
func TestReportThatIsToCome(t *testing.T) {
	t.Parallel()
	const list = "Invoice,Customer,Date,Due,Amount,Balance\n1,Birch,2026-09-01,,100.00,40.00\n"
	for _, tt := range []struct {
		name, text string
		given      ar.Date
		today      ar.Date
		want       string
	}{
		{"today's", openInvoices, ar.Date{}, today, ""},
		{"the file says tomorrow", openInvoices, ar.Date{}, today.AddDays(-1), "is of 2026-11-25, as it says, and today is 2026-11-24"},
		{"a person says tomorrow", list, ar.NewDate(2026, 11, 25), today.AddDays(-1), "is of 2026-11-25, as --as-of says"},
		{"the disk says tomorrow", list, ar.Date{}, today.AddDays(-1), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := source(t, tt.text)
			s.Settings.AsOf, s.Settings.Written, s.Today = tt.given, today, tt.today
			_, err := s.Full(t.Context())
			if tt.want == "" && err != nil || tt.want != "" && (ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// TestDateThatDoesNotCount: the date in the file goes before the one that was given, which
// is said; the day on which it was written is not spoken of.
func TestDateThatDoesNotCount(t *testing.T) {
	t.Parallel()
	s := source(t, openInvoices)
	for _, tt := range []struct {
		given, written ar.Date
		warns          bool
	}{{ar.NewDate(2026, 11, 20), today, true}, {today, today, false}, {ar.Date{}, ar.NewDate(2026, 12, 3), false}} {
		s.Settings.AsOf, s.Settings.Written = tt.given, tt.written
		reading, err := s.Full(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		warned := slices.Contains(reading.Warnings, "The file says that it is of 2026-11-25, and that counts; the 2026-11-20 of --as-of does not.")
		if reading.OpenAsOf != today || warned != tt.warns {
			t.Errorf("given %s: as of %s, warnings %q", tt.given, reading.OpenAsOf, reading.Warnings)
		}
	}
}

// TestMoreOpenThanEverWas: it is taken as it stands, and said with its row.
func TestMoreOpenThanEverWas(t *testing.T) {
	t.Parallel()
	s := source(t, "Invoice,Customer,Date,Due,Amount,Balance\n1,Birch,2026-09-01,,100.00,150.00\n2,Birch,2026-09-01,,100.00,100.00\n3,Birch,2026-09-01,,-100.00,-20.00\n")
	reading, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	doubts := slices.DeleteFunc(slices.Clone(reading.Warnings), func(w string) bool { return !strings.HasPrefix(w, "row ") })
	if want := []string{"row 2: $150.00 is open of an amount of $100.00, which is more than all of it. It was taken in so: look at it in the program."}; !slices.Equal(doubts, want) {
		t.Errorf("it warns %q, want %q", doubts, want)
	}
}

// A report is no newer than the date that a person gives it.
func TestReportIsAsOldAsItIsSaidToBe(t *testing.T) {
	t.Parallel()
	s := source(t, "Invoice,Customer,Date,Due,Amount,Balance\n1,Birch,2026-09-01,,100.00,40.00\n")
	s.Modified, s.Settings.AsOf = time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC), ar.NewDate(2026, 11, 20)
	reading, _ := sourcetest.Read(t, s)
	if want := time.Date(2026, 11, 20, 23, 59, 59, 0, time.UTC); !reading.DataAsOf.Equal(want) {
		t.Errorf("the data is of %s, want %s", reading.DataAsOf, want)
	}
}
