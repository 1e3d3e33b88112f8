package arsync_test

import (
	"errors"
	"testing"
	"time"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// TestListOfTransactionsAfterReports: the payments of a list take the place of what reports
// showed as gone; nothing is owed again, and no credit is left that was used.
func TestListOfTransactionsAfterReports(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		sync(t, e, agingReport("2026-10-01", "1 100.00", "2 100.00", "3 100.00"), arsync.Options{})
		sync(t, e, agingReport("2026-10-10", "2 60.00", "3 100.00"), arsync.Options{})
		wantOpen(t, b, "2026-10-05", "1 100.00", "2 100.00", "3 100.00")

		document := func(kind ar.DocumentKind, id, date, amount string) ar.DocumentRecord {
			return storetest.Doc(kind, id, "C1", date, "", amount)
		}
		list := &ledger{name: "report", list: true, cursor: "list", dataAt: b.Clock.Now()}
		list.pages = []ar.Page{{
			Customers: []ar.CustomerRecord{{External: "C1", Name: "Birch"}},
			Documents: []ar.DocumentRecord{
				document(ar.Invoice, "0", "2026-08-01", "50.00"), // paid before the first report
				document(ar.Payment, "p0", "2026-08-20", "50.00"),
				document(ar.Invoice, "1", "2026-09-01", "100.00"), document(ar.Invoice, "2", "2026-09-01", "100.00"),
				document(ar.Payment, "p1", "2026-10-04", "100.00"), document(ar.Payment, "p2", "2026-10-06", "45.00"),
				document(ar.Invoice, "9", "2026-10-20", "70.00"), document(ar.Payment, "p9", "2026-10-21", "30.00"), // since the last report
			},
		}}
		for _, d := range list.pages[0].Documents {
			list.unsaid = append(list.unsaid, arsync.Unsaid{Of: d.Ref, Customer: "C1", Amount: ar.Effect(d.Kind, d.Amount), Date: d.Date})
		}
		b.Clock.Add(time.Minute)
		list.breaks = errors.New("killed")
		if _, err := e.Sync(t.Context(), list, arsync.Options{}); err == nil {
			t.Fatal("the broken list was taken in")
		}
		list.breaks = nil
		sync(t, e, list, arsync.Options{})
		wantOpen(t, b, "2026-08-10", "0 50.00")
		wantOpen(t, b, "2026-09-30", "1 100.00", "2 100.00", "3 100.00")
		wantOpen(t, b, "2026-10-05", "2 100.00", "3 100.00")            // p1 is of 4 Oct
		wantOpen(t, b, "2026-10-07", "2 60.00", "3 100.00", "p2 -5.00") // 5.00 of p2 went elsewhere, by 10 Oct
		wantOpen(t, b, "2026-10-10", "2 60.00", "3 100.00")
		wantOpen(t, b, "2026-10-31", "2 60.00", "3 100.00", "9 70.00", "p9 -30.00")

		list.cursor = "again"
		if r := sync(t, e, list, arsync.Options{Full: true}); r.Added+r.Changed+r.Inferred > 0 {
			t.Errorf("the same list: %+v, want no change", r)
		}
		sync(t, e, agingReport("2026-10-31", "2 60.00", "3 100.00", "9 40.00"), arsync.Options{})
		wantOpen(t, b, "2026-10-31", "2 60.00", "3 100.00", "9 40.00")
	})
}
