package arsync_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// elsewhere answers for records that the pages of a ledger do not hold, and notes what
// it was asked for.
type elsewhere struct {
	pages map[ar.Key]ar.Page
	asked []string
}

func (e *elsewhere) missing(kind ar.RecordKind, key ar.Key) (ar.Page, error) {
	e.asked = append(e.asked, string(kind)+" "+string(key))
	page, ok := e.pages[key]
	if !ok {
		return ar.Page{}, fmt.Errorf("look %s up: %w", key, arsync.ErrGone)
	}
	return page, nil
}

// TestWhatAPageRefersToIsFetched: the invoice of an application, its customer, and the
// parent of that one came while the ledger was read.
func TestWhatAPageRefersToIsFetched(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		other := &elsewhere{pages: map[ar.Key]ar.Page{
			"invoice/5": {Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "5", "C5", "2026-11-20", "", "30.00")}},
			"C5":        {Customers: []ar.CustomerRecord{{External: "C5", Name: "Elm", Parent: "C4"}}},
			"C4":        {Customers: []ar.CustomerRecord{{External: "C4", Name: "Elder"}}},
			"invoice/6": {Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "6", "C1", "2026-11-20", "", "7.00")}},
		}}
		l := acme()
		l.missing = other.missing
		l.pages = append(l.pages, ar.Page{Entries: []ar.EntryRecord{pay("70", "5", "6"), pay("71", "5")}})
		report := sync(t, newEngine(b), l, arsync.Options{})
		if diff := cmp.Diff([]string{"documents invoice/5", "customers C5", "customers C4", "documents invoice/6"}, other.asked); diff != "" || len(report.Warnings) > 0 {
			t.Errorf("warnings %q, asked for (-want +got):\n%s", report.Warnings, diff)
		}
		// They are there, though the full reading did not hold them.
		wantCounts(t, report, ar.RunCounts{Added: 15})
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00", "5 28.00", "6 6.00", "70 -8.00", "71 -9.00")
	})
}

// TestWhatNobodyHasIsLeftOut: exactly the records that refer to it, and it is said.
func TestWhatNobodyHasIsLeftOut(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	other := &elsewhere{}
	l := acme()
	l.missing = other.missing
	l.pages[0].Customers = append(l.pages[0].Customers, ar.CustomerRecord{External: "C3", Name: "Dill", Parent: "C8"})
	l.pages = append(l.pages, ar.Page{
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "3", "C9", "2026-11-01", "", "9.00"),
			storetest.Doc(ar.Invoice, "4", "C3", "2026-11-01", "", "4.00"),
		},
		Applications: []ar.ApplicationRecord{storetest.Pays("A2", "9", "3", "2026-11-05", "1.00")},
		Entries: []ar.EntryRecord{
			pay("70", "2", "3"),
			{External: "journal/6", Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Journal, "6/1", "C9", "2026-11-01", "", "2.00"), storetest.Doc(ar.Journal, "6/2", "C1", "2026-11-01", "", "3.00"),
			}},
		},
		Gone: []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: "C2", Into: "C9"}},
	})
	source := l.pages[2]
	entries := slices.Clone(source.Entries)
	report := sync(t, newEngine(b), l, arsync.Options{})
	want := []string{
		"Customer C3 is taken without its parent, since the ledger has no customer C8.",
		"The document invoice/3 is left out, since the ledger has no customer C9.",
		"The document journal/6/1 is left out, since the ledger has no customer C9.",
		"The merge of customer C2 is left out, since the ledger has no customer C9.",
		"The application A2 is left out, since the ledger has no document invoice/3.",
		"The application payment/70/invoice-3 is left out, since the ledger has no document invoice/3.",
	}
	if diff := cmp.Diff(want, report.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"customers C8", "customers C9", "documents invoice/3"}, other.asked); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 49.00", "4 4.00", "6/2 3.00", "70 -9.00")
	if diff := cmp.Diff(entries, source.Entries, values); diff != "" || len(source.Documents) != 2 {
		t.Errorf("the source's own page was changed:\n%s", diff)
	}
}

// TestRecordsThatReferToEachOther must not be asked for without end.
func TestRecordsThatReferToEachOther(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	circle := &elsewhere{pages: map[ar.Key]ar.Page{
		"C7": {Customers: []ar.CustomerRecord{{External: "C7", Name: "Hen", Parent: "C8"}}},
		"C8": {Customers: []ar.CustomerRecord{{External: "C8", Name: "Egg", Parent: "C7"}}},
		"C9": {}, // it says that it has it, and does not give it
	}}
	l := acme()
	l.missing = circle.missing
	l.pages = append(l.pages, ar.Page{Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "3", "C7", "2026-11-01", "", "3.00"), storetest.Doc(ar.Invoice, "4", "C9", "2026-11-01", "", "4.00"),
	}})
	report := sync(t, newEngine(b), l, arsync.Options{})
	want := []string{
		"Customer C8 is taken without its parent, since the ledger has no customer C7.",
		"The document invoice/4 is left out, since the ledger has no customer C9.",
	}
	if diff := cmp.Diff(want, report.Warnings); diff != "" || len(circle.asked) != 3 {
		t.Errorf("asked for %q, warnings (-want +got):\n%s", circle.asked, diff)
	}
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00", "3 3.00")

	// A chain without end.
	n := 0
	endless := acme()
	endless.cursor = "2"
	endless.missing = func(_ ar.RecordKind, key ar.Key) (ar.Page, error) {
		n++
		return ar.Page{Customers: []ar.CustomerRecord{{External: string(key), Name: "X", Parent: fmt.Sprint("X", n)}}}, nil
	}
	endless.pages[0].Customers = append(endless.pages[0].Customers, ar.CustomerRecord{External: "C3", Name: "Dill", Parent: "X0"})
	if _, err := newEngine(b).Sync(t.Context(), endless, arsync.Options{}); err == nil || n > 20 {
		t.Errorf("a chain without end: %v after %d questions", err, n)
	}
}

func TestMissingThatCannotBeHad(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	cause := errors.New("gateway timeout")
	l.missing = func(ar.RecordKind, ar.Key) (ar.Page, error) { return ar.Page{}, cause }
	l.pages = append(l.pages, ar.Page{Entries: []ar.EntryRecord{pay("70", "5")}})
	_, err := newEngine(b).Sync(t.Context(), l, arsync.Options{})
	if !errors.Is(err, cause) || source(t, b).Cursor != "" {
		t.Errorf("%v, want the source's own fault and no cursor", err)
	}
	l.missing = nil
	_, err = newEngine(b).Sync(t.Context(), l, arsync.Options{})
	if _, ok := errors.AsType[*ar.MissingRefError](err); !ok {
		t.Errorf("a source that cannot look again: %v, want a MissingRefError", err)
	}
}

func TestManyLeftOutAreCounted(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	l.missing = (&elsewhere{}).missing
	var page ar.Page
	for i := range 25 {
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, fmt.Sprint("x", i), "C9", "2026-11-01", "", "1.00"))
	}
	l.pages = append(l.pages, page)
	report := sync(t, newEngine(b), l, arsync.Options{})
	if n := len(report.Warnings); n != 21 || report.Warnings[20] != "5 more records left out, since the ledger lacks what they refer to." {
		t.Errorf("%d warnings, the last is %q", n, report.Warnings[n-1])
	}
}
