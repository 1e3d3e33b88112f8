package arsync_test

import (
	"errors"
	"testing"
	"time"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

func TestFullReadingRemoves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		sync(t, e, acme(), arsync.Options{})
		next := acme()
		next.cursor = "2"
		next.pages[1].Documents = next.pages[1].Documents[:1] // invoice 2 and the payment are gone
		next.pages[1].Applications = nil
		wantCounts(t, sync(t, e, next, arsync.Options{}), ar.RunCounts{Unchanged: 3, Removed: 3})
		wantOpen(t, b, "2026-11-25", "1 100.00")

		back := acme()
		back.cursor = "3"
		wantCounts(t, sync(t, e, back, arsync.Options{}), ar.RunCounts{Unchanged: 3, Changed: 3})
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00")
	})
}

func TestListRemovesNothing(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	first := acme()
	first.list = true
	sync(t, e, first, arsync.Options{})
	if source(t, b).FirstSynced.IsZero() {
		t.Error("the first reading of a list does not count as the first one")
	}
	sync(t, e, &ledger{name: "acme", cursor: "2", list: true, pages: []ar.Page{{
		Customers: []ar.CustomerRecord{{External: "C3", Name: "Dill"}},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "3", "C3", "2026-11-01", "", "7.00")},
	}}}, arsync.Options{})
	wantOpen(t, b, "2026-11-25", "1 60.00", "2 50.00", "3 7.00")
}

// invoices is a ledger of n invoices of 1.00.
func invoices(from, to int) *ledger {
	page := ar.Page{Customers: []ar.CustomerRecord{{External: "C1", Name: "Birch"}}}
	for i := from; i < to; i++ {
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, time.Duration(i).String(), "C1", "2026-11-01", "", "1.00"))
	}
	return &ledger{name: "acme", cursor: time.Duration(to - from).String(), pages: []ar.Page{page}}
}

func TestGuardOnRemovals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		before, after  *ledger
		refused, knows bool
		stays          int // open items after it
	}{
		{"a fifth may go", invoices(0, 100), invoices(20, 100), false, true, 80},
		{"more may not", invoices(0, 100), invoices(21, 100), true, true, 100},
		{"more may not, known after the pages only", invoices(0, 100), invoices(21, 101), true, false, 101},
		{"a few may go", invoices(0, 12), invoices(9, 12), false, true, 3},
		{"all may not", invoices(0, 3), invoices(0, 0), true, true, 3},
		{"others instead of all may not", invoices(0, 3), invoices(5, 9), true, true, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := storetest.SQLite(t)
			e := newEngine(b)
			sync(t, e, tt.before, arsync.Options{})
			tt.after.knows = tt.knows
			_, err := e.Sync(t.Context(), tt.after, arsync.Options{})
			removals, refused := errors.AsType[*arsync.RemovalsError](err)
			if refused != tt.refused || refused && (ar.KindOf(err) != ar.Invalid || removals.Untouched != tt.knows) {
				t.Errorf("refused: %v (%v), want %v", refused, err, tt.refused)
			}
			if got := len(open(t, b, "2026-11-25")); got != tt.stays {
				t.Errorf("%d invoices are open, want %d", got, tt.stays)
			}
			if !tt.refused {
				return
			}
			if s := source(t, b); s.Cursor != tt.before.cursor || s.Run.Fault != err.Error() {
				t.Errorf("cursor %q, fault %q", s.Cursor, s.Run.Fault)
			}
			sync(t, e, tt.after, arsync.Options{AllowRemovals: true})
			want := len(tt.after.pages[0].Documents)
			if got := len(open(t, b, "2026-11-25")); got != want {
				t.Errorf("allowed: %d invoices are open, want %d", got, want)
			}
		})
	}
}
