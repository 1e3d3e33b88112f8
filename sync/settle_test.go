package arsync_test

import (
	"errors"
	"testing"
	"time"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// TestBalancesBecomeApplications: what was inferred once keeps its date, and
// only the difference is added.
func TestBalancesBecomeApplications(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		one := ar.Ref{Kind: ar.Invoice, External: "1"}
		credit := ar.Ref{Kind: ar.CreditMemo, External: "2"}
		list := func(cursor, asOf, invoice, memo string) *ledger {
			return &ledger{
				name: "list", list: true, cursor: cursor, dataAt: storetest.Day(asOf).In(time.UTC),
				pages: []ar.Page{{
					Customers: []ar.CustomerRecord{{External: "C1", Name: "Birch"}},
					Documents: []ar.DocumentRecord{
						storetest.Doc(ar.Invoice, "1", "C1", "2026-09-01", "", "100.00"),
						storetest.Doc(ar.CreditMemo, "2", "C1", "2026-09-01", "", "30.00"),
					},
				}},
				stated: []arsync.Balance{
					{Of: one, Open: storetest.USD(invoice), Date: storetest.Day(asOf)},
					{Of: credit, Open: storetest.USD(memo), Date: storetest.Day(asOf)},
				},
			}
		}
		if r := sync(t, e, list("1", "2026-10-01", "80.00", "-30.00"), arsync.Options{}); r.Inferred != 1 {
			t.Errorf("inferred %d, want 1", r.Inferred)
		}
		sync(t, e, list("2", "2026-10-15", "50.00", "-10.00"), arsync.Options{})
		if r := sync(t, e, list("3", "2026-10-20", "50.00", "-10.00"), arsync.Options{}); r.Inferred != 0 || r.Added+r.Changed > 0 {
			t.Errorf("the same balances: %+v, want no change", r)
		}
		wantOpen(t, b, "2026-09-30", "1 100.00", "2 -30.00")
		wantOpen(t, b, "2026-10-14", "1 80.00", "2 -30.00")
		wantOpen(t, b, "2026-11-25", "1 50.00", "2 -10.00")

		// A payment that bounced raises the balance again.
		sync(t, e, list("4", "2026-11-01", "60.00", "0"), arsync.Options{})
		wantOpen(t, b, "2026-10-31", "1 50.00", "2 -10.00")
		wantOpen(t, b, "2026-11-25", "1 60.00")

		_, err := e.Sync(t.Context(), list("2", "2026-10-15", "50.00", "-10.00"), arsync.Options{})
		if _, older := errors.AsType[*arsync.OlderError](err); !older || ar.KindOf(err) != ar.Invalid {
			t.Errorf("older balances: %v, want *OlderError", err)
		}
		wantOpen(t, b, "2026-11-25", "1 60.00")
		sync(t, e, list("2", "2026-10-15", "55.00", "0"), arsync.Options{AllowOlder: true})
		wantOpen(t, b, "2026-11-25", "1 55.00")
	})
}
