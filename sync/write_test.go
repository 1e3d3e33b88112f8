package arsync_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// TestOthersGetInBetween writes while an import is under way: whoever waits for
// the books waits for one transaction, not for the import.
func TestOthersGetInBetween(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	var done []int
	e.Progress = func(n, total int) {
		done = append(done, n)
		b.Write(t, func(tx ar.Tx) error {
			_, err := tx.FirstSeen(t.Context(), time.Duration(n).String())
			return err
		})
		if total != 1001 {
			t.Errorf("total %d, want 1001", total)
		}
		if s := source(t, b); n < total && (!s.Run.Running() || s.Run.Done != n) {
			t.Errorf("after %d records the run says %+v", n, s.Run)
		}
	}
	sync(t, e, invoices(0, 1000), arsync.Options{})
	if len(done) < 3 || done[len(done)-1] != 1001 || !slices.IsSorted(done) {
		t.Errorf("progress %v", done)
	}
}

// slowBooks take a millisecond for each record.
type slowBooks struct {
	*storetest.Books
	batches []int
}

func (b *slowBooks) Update(ctx context.Context, f func(ar.Tx) error) error {
	return b.Books.Update(ctx, func(tx ar.Tx) error { return f(slowTx{tx, b}) })
}

type slowTx struct {
	ar.Tx
	books *slowBooks
}

func (t slowTx) PutPage(ctx context.Context, r ar.RunID, p ar.Page) (ar.RunCounts, error) {
	t.books.Clock.Add(time.Duration(p.Len()) * time.Millisecond)
	t.books.batches = append(t.books.batches, p.Len())
	return t.Tx.PutPage(ctx, r, p)
}

// TestTransactionsAreShort: 100 ms while a ledger is read for the first time, 50 ms after.
func TestTransactionsAreShort(t *testing.T) {
	t.Parallel()
	b := &slowBooks{Books: storetest.SQLite(t)}
	e := &arsync.Engine{Books: b, Now: b.Clock.Now}
	sync(t, e, invoices(0, 999), arsync.Options{})
	if diff := cmp.Diff(append([]int{200}, slices.Repeat([]int{100}, 8)...), b.batches); diff != "" {
		t.Errorf("records of each transaction of a first reading (-want +got):\n%s", diff)
	}
	b.batches = nil
	sync(t, e, invoices(0, 999), arsync.Options{Full: true})
	if diff := cmp.Diff(append([]int{200, 100}, slices.Repeat([]int{50}, 14)...), b.batches); diff != "" {
		t.Errorf("records of each transaction (-want +got):\n%s", diff)
	}
}

// TestSmallPagesGoTogether: those of one kind, in one transaction.
func TestSmallPagesGoTogether(t *testing.T) {
	t.Parallel()
	b := &slowBooks{Books: storetest.SQLite(t)}
	e := &arsync.Engine{Books: b, Now: b.Clock.Now}
	l := invoices(0, 60)
	whole := l.pages[0]
	l.pages = []ar.Page{
		{Customers: whole.Customers}, {Documents: whole.Documents[:20]}, {Documents: whole.Documents[20:40]}, {Documents: whole.Documents[40:]},
	}
	sync(t, e, l, arsync.Options{})
	if diff := cmp.Diff([]int{1, 60}, b.batches); diff != "" {
		t.Errorf("records of each transaction (-want +got):\n%s", diff)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	e.Rest = time.Microsecond
	sync(t, e, acme(), arsync.Options{})
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")

	// A long rest ends with the context.
	ctx, cancel := context.WithCancel(t.Context())
	e.Rest, e.Books = 24*time.Hour, stoppingBooks{b, cancel}
	if _, err := e.Sync(ctx, acme(), arsync.Options{Full: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
}

// stoppingBooks stop the import when a page has been written.
type stoppingBooks struct {
	*storetest.Books
	stop func()
}

func (b stoppingBooks) Update(ctx context.Context, f func(ar.Tx) error) error {
	wrote := false
	err := b.Books.Update(ctx, func(tx ar.Tx) error { return f(noticingTx{tx, &wrote}) })
	if wrote {
		b.stop()
	}
	return err
}

type noticingTx struct {
	ar.Tx
	wrote *bool
}

func (t noticingTx) PutPage(ctx context.Context, r ar.RunID, p ar.Page) (ar.RunCounts, error) {
	*t.wrote = true
	return t.Tx.PutPage(ctx, r, p)
}
