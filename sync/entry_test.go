package arsync_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// pay is payment n of 10.00 with an application to each of some invoices, as an entry.
func pay(n string, invoices ...string) ar.EntryRecord {
	e := ar.EntryRecord{External: "payment/" + n, Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Payment, n, "C1", "2026-11-05", "", "10.00"),
	}}
	for _, i := range invoices {
		e.Applications = append(e.Applications, storetest.Pays(e.External+"/invoice-"+i, n, i, "2026-11-05", "1.00"))
	}
	return e
}

// TestEntryStaysWhole: an entry and its parts are written in one transaction, also where
// it is longer than one should be.
func TestEntryStaysWhole(t *testing.T) {
	t.Parallel()
	l := invoices(0, 150)
	long := make([]string, 250)
	for i := range long {
		long[i] = l.pages[0].Documents[i%150].External
	}
	big := pay("big", long...)
	for i := range big.Applications {
		big.Applications[i].External += fmt.Sprint("/", i)
	}
	page := &l.pages[0]
	page.Entries = append(page.Entries, pay("1"), big)
	for n := range 30 {
		page.Entries = append(page.Entries, pay(fmt.Sprint("p", n), long[n]))
	}
	page.Gone = []ar.GoneRecord{{Kind: ar.EntryRecords, Key: "payment/p29"}, {Kind: ar.EntryRecords, Key: "payment/p28"}}

	b := &slowBooks{Books: storetest.SQLite(t)}
	sync(t, &arsync.Engine{Books: b, Now: b.Clock.Now}, l, arsync.Options{})
	// 151 records and the first entry of 2, then the long one of 252.
	if diff := cmp.Diff([]int{153, 252}, b.batches[:2]); diff != "" {
		t.Errorf("records of the first transactions (-want +got):\n%s", diff)
	}
	sum := 0
	for _, n := range b.batches {
		sum += n
	}
	if sum != page.Len() {
		t.Errorf("%d records in %v, want %d", sum, b.batches, page.Len())
	}
	got := map[ar.DocumentKind]int{}
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		for _, i := range items {
			got[i.Kind]++
		}
		return err
	})
	// 28 payments and the first one have something left; the big one paid too much.
	if got[ar.Payment] != 30 {
		t.Errorf("open: %v, want 30 payments", got)
	}
}

// TestFullReadingRemovesFromEntries: what the entries of a full reading hold is there,
// and what none holds any more is gone.
func TestFullReadingRemovesFromEntries(t *testing.T) {
	t.Parallel()
	for _, knows := range []bool{false, true} {
		b := storetest.SQLite(t)
		e := newEngine(b)
		l := acme()
		l.pages = append(l.pages, ar.Page{Entries: []ar.EntryRecord{pay("70", "2"), pay("71")}})
		sync(t, e, l, arsync.Options{})
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 49.00", "70 -9.00", "71 -10.00")

		next := acme()
		next.cursor, next.knows = "2", knows
		next.pages = append(next.pages, ar.Page{Entries: []ar.EntryRecord{pay("70", "2")}})
		wantCounts(t, sync(t, e, next, arsync.Options{}), ar.RunCounts{Unchanged: 8, Removed: 1})
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 49.00", "70 -9.00")
	}
}

// TestGoneWhileReadingInFull: a record that was read, and was then found to be gone.
func TestGoneWhileReadingInFull(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	l.pages = append(l.pages,
		ar.Page{Entries: []ar.EntryRecord{pay("70", "2")}},
		ar.Page{Gone: []ar.GoneRecord{{Kind: ar.EntryRecords, Key: "payment/70"}, {Kind: ar.CustomerRecords, Key: "C2", Into: "C1"}}})
	e := newEngine(b)
	wantCounts(t, sync(t, e, l, arsync.Options{}), ar.RunCounts{Added: 8, Removed: 3})
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")

	changes := &ledger{list: true, cursor: "2", pages: []ar.Page{{Entries: []ar.EntryRecord{pay("70")}}}}
	l.changes = func(string) (*arsync.Reading, error) { return changes.reading(), nil }
	report := sync(t, e, l, arsync.Options{})
	wantCounts(t, report, ar.RunCounts{Changed: 1})
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00", "70 -10.00")
}

// TestSkippedRecordsAreNotRemoved: what could not be read is not gone.
func TestSkippedRecordsAreNotRemoved(t *testing.T) {
	t.Parallel()
	for _, knows := range []bool{false, true} {
		b := storetest.SQLite(t)
		e := newEngine(b)
		sync(t, e, acme(), arsync.Options{})
		next := acme()
		next.cursor, next.knows = "2", knows
		next.pages[1].Documents = append(next.pages[1].Documents[:1:1], next.pages[1].Documents[2])
		next.skipped = []string{"Invoice 2 cannot be read: its e-mail address is not valid."}
		report := sync(t, e, next, arsync.Options{})
		want := []string{next.skipped[0], "Since not all could be read, nothing was taken as gone."}
		open := []string{"1 60.00", "2 50.00"}
		if knows { // it says that it has no invoice 2
			want, open = want[:1], open[:1]
		}
		if diff := cmp.Diff(want, report.Warnings); diff != "" {
			t.Errorf("warnings, knows %v (-want +got):\n%s", knows, diff)
		}
		wantOpen(t, b, "2026-11-25", open...)
	}
}
