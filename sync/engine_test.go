package arsync_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

func TestSyncIsIdempotent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		ledger := acme()
		wantCounts(t, sync(t, e, ledger, arsync.Options{}), ar.RunCounts{Added: 6})
		before := source(t, b)
		if before.Cursor != "1" || before.FirstSynced.IsZero() || !before.DataAsOf.Equal(b.Clock.Now()) || before.Run.Total != 6 || before.Run.Done != 6 {
			t.Errorf("source after the first run: %+v", before)
		}
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")

		b.Clock.Add(time.Hour)
		report := sync(t, e, ledger, arsync.Options{})
		if !report.NothingNew || ledger.reads != 1 {
			t.Errorf("second run: %+v after %d readings, want nothing new after one", report, ledger.reads)
		}
		report = sync(t, e, ledger, arsync.Options{Full: true})
		wantCounts(t, report, ar.RunCounts{Unchanged: 6})
		if report.OwnersChanged != 0 {
			t.Errorf("%d owners changed", report.OwnersChanged)
		}
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")
	})
}

// TestX32TwoCompanies: ids are unique per company only.
func TestX32TwoCompanies(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	for realm, amount := range map[string]string{"A": "100.00", "B": "900.00"} {
		sync(t, e, &ledger{name: realm, cursor: "1", pages: []ar.Page{{
			Customers: []ar.CustomerRecord{{External: "1", Name: "Birch"}},
			Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "12", "1", "2026-11-01", "", amount)},
		}}}, arsync.Options{})
	}
	wantOpen(t, b, "2026-11-25", "12 100.00", "12 900.00")
	// One of them gone takes nothing of the other.
	sync(t, e, &ledger{name: "A", cursor: "2", pages: []ar.Page{{Customers: []ar.CustomerRecord{{External: "1", Name: "Birch"}}}}}, arsync.Options{AllowRemovals: true})
	wantOpen(t, b, "2026-11-25", "12 900.00")
}

func TestFailedRunKeepsCursorAndDataTime(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	first := acme()
	first.dataAt = b.Clock.Now().Add(-time.Hour)
	sync(t, e, first, arsync.Options{})

	b.Clock.Add(time.Hour)
	broken := acme()
	broken.cursor, broken.breaks, broken.dataAt = "2", errors.New("connection reset"), b.Clock.Now()
	broken.pages[1].Documents[1].Amount = storetest.USD("55.00")
	report, err := e.Sync(t.Context(), broken, arsync.Options{})
	if err == nil || report.Changed != 1 {
		t.Errorf("broken run: %+v, %v", report, err)
	}
	s := source(t, b)
	if s.Cursor != "1" || !s.DataAsOf.Equal(first.dataAt) || s.Run.Running() || s.Run.Fault != "The sync failed: sync: read source 1: connection reset." {
		t.Errorf("source after it: %+v", s)
	}

	// The content of the first run is not "nothing new" now: half of the second
	// one is in the books.
	wantCounts(t, sync(t, e, first, arsync.Options{}), ar.RunCounts{Changed: 1, Unchanged: 5})
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")
}

func TestRefusedSourceIsNoted(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	bad := acme()
	bad.fails = ar.Refuse("documents.csv row 7 is wrong.")
	if _, err := e.Sync(t.Context(), bad, arsync.Options{}); !errors.Is(err, bad.fails) {
		t.Errorf("%v, want the source's own error", err)
	}
	if s := source(t, b); s.Run.Fault != "documents.csv row 7 is wrong." || s.Run.Running() {
		t.Errorf("run %+v", s.Run)
	}
}

func TestCancelledRunIsClosed(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	ctx, cancel := context.WithCancel(t.Context())
	l := acme()
	l.onPage = func(n int) {
		if n == 1 {
			cancel()
		}
	}
	if _, err := e.Sync(ctx, l, arsync.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	if s := source(t, b); s.Run.Running() || s.Run.Fault != "The sync was stopped before its end. Start it again." {
		t.Errorf("run %+v", s.Run)
	}
}

func TestKilledRunIsReadAgain(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	l := acme()
	sync(t, e, l, arsync.Options{})
	b.Write(t, func(tx ar.Tx) error { // a run that nobody finishes
		_, err := tx.StartRun(t.Context(), ar.Run{Source: source(t, b).ID, Full: true})
		return err
	})
	report := sync(t, e, l, arsync.Options{})
	if !report.Resumed || report.NothingNew {
		t.Errorf("%+v, want it resumed", report)
	}
	wantCounts(t, report, ar.RunCounts{Unchanged: 6})
	if s := source(t, b); s.Run.Running() || s.Run.Fault != "" {
		t.Errorf("run %+v", s.Run)
	}
}

func TestChangesSinceTheCursor(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	l := acme()
	sync(t, e, l, arsync.Options{})
	var asked []string
	l.changes = func(cursor string) (*arsync.Reading, error) {
		asked = append(asked, cursor)
		switch len(asked) {
		case 1: // invoice 2 is void, invoice 3 is new
			void := storetest.Doc(ar.Invoice, "2", "C2", "2026-11-01", "2026-12-01", "50.00")
			void.Status = ar.Void
			part := ledger{list: true, cursor: "2", pages: []ar.Page{{Documents: []ar.DocumentRecord{
				void, storetest.Doc(ar.Invoice, "3", "C2", "2026-11-02", "", "5.00"),
			}}}}
			return part.reading(), nil
		case 2:
			return (&ledger{list: true, breaks: errors.New("busy")}).reading(), nil
		case 3: // no change, but the cursor moves on
			return (&ledger{list: true, cursor: "4"}).reading(), nil
		}
		return nil, arsync.ErrFullOnly
	}
	wantCounts(t, sync(t, e, l, arsync.Options{}), ar.RunCounts{Added: 1, Changed: 1})
	wantOpen(t, b, "2026-11-25", "1 60.00", "3 5.00")
	if _, err := e.Sync(t.Context(), l, arsync.Options{}); err == nil {
		t.Error("the broken changes gave no error")
	}
	sync(t, e, l, arsync.Options{})
	l.cursor = "5"
	report := sync(t, e, l, arsync.Options{})
	if diff := cmp.Diff([]string{"1", "2", "2", "4"}, asked); diff != "" || !report.Full || l.reads != 2 {
		t.Errorf("%d full readings, cursors asked (-want +got):\n%s", l.reads, diff)
	}
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")
}

func TestOneSyncOfASourceAtATime(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	l := acme()
	var inner, other error
	l.onPage = func(n int) {
		if n == 0 {
			_, inner = e.Sync(t.Context(), acme(), arsync.Options{})
			_, other = e.Sync(t.Context(), invoicesOf("other"), arsync.Options{})
		}
	}
	sync(t, e, l, arsync.Options{})
	if !errors.Is(inner, arsync.ErrRunning) || ar.KindOf(inner) != ar.Unavailable {
		t.Errorf("the same source meanwhile: %v, want ErrRunning", inner)
	}
	if other != nil {
		t.Errorf("another source meanwhile: %v", other)
	}
	sync(t, e, acme(), arsync.Options{}) // free again
}

func invoicesOf(name string) *ledger {
	l := invoices(0, 3)
	l.name = name
	return l
}

// Two replicas on PostgreSQL read one source one after the other: the second asks nothing
// of the ledger while the first reads, and cuts nothing off.
func TestOneReplicaReadsASource(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	other := storetest.Open(t, b.DSN)
	one, two := newEngine(b), newEngine(other)
	one.Claim, two.Claim = b.ClaimSource, other.ClaimSource
	l, same := acme(), acme()
	var meanwhile error
	l.onPage = func(n int) {
		if n == 1 {
			_, meanwhile = two.Sync(t.Context(), same, arsync.Options{})
		}
	}
	wantCounts(t, sync(t, one, l, arsync.Options{}), ar.RunCounts{Added: 6})
	if !errors.Is(meanwhile, arsync.ErrRunning) || ar.KindOf(meanwhile) != ar.Unavailable || same.reads != 0 {
		t.Errorf("the other replica meanwhile: %v after %d readings, want ErrRunning after none", meanwhile, same.reads)
	}
	if s := source(t, b); s.Cursor != "1" || s.Run.Fault != "" {
		t.Errorf("source %+v", s)
	}
	if report := sync(t, two, same, arsync.Options{}); !report.NothingNew {
		t.Errorf("the other replica afterwards: %+v, want nothing new", report)
	}
}

// TestAnotherProcessTakesOver: the run that is under way elsewhere stops.
func TestAnotherProcessTakesOver(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	l.onPage = func(n int) {
		if n == 1 {
			sync(t, newEngine(b), acme(), arsync.Options{})
		}
	}
	if _, err := newEngine(b).Sync(t.Context(), l, arsync.Options{}); err == nil {
		t.Error("both runs went on")
	}
	if s := source(t, b); s.Cursor != "1" || s.Run.Fault != "" {
		t.Errorf("source %+v", s)
	}
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")
}
