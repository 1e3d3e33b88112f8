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

func TestTieOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		l := acme()
		l.pages[1].Documents = append(l.pages[1].Documents, storetest.Doc(ar.CreditMemo, "8", "C1", "2026-11-20", "", "10.00"))
		day := storetest.Day
		l.totals = []arsync.Total{
			{AsOf: day("2026-11-25"), Net: storetest.USD("100.00")}, // 60 + 50 - 10
			{AsOf: day("2026-10-01"), Net: storetest.USD("99.99")},
			{AsOf: day("2026-11-25"), Net: storetest.Amount("0", "EUR")},
		}
		report := sync(t, newEngine(b), l, arsync.Options{})
		now := b.Clock.Now()
		want := []ar.TieOut{
			{AsOf: day("2026-11-25"), Ledger: storetest.USD("100.00"), Ours: storetest.USD("100.00"), At: now},
			{AsOf: day("2026-10-01"), Ledger: storetest.USD("99.99"), Ours: storetest.USD("100.00"), At: now},
			{AsOf: day("2026-11-25"), Ledger: storetest.Amount("0", "EUR"), Ours: storetest.Amount("0", "EUR"), At: now},
		}
		for who, got := range map[string][]ar.TieOut{"report": report.TieOuts, "source": source(t, b).TieOuts} {
			if diff := cmp.Diff(want, got, values); diff != "" {
				t.Errorf("tie-outs of the %s (-want +got):\n%s", who, diff)
			}
		}
	})
}

var values = cmp.Options{
	cmp.Comparer(func(a, b ar.Money) bool { return a == b }),
	cmp.Comparer(func(a, b ar.Date) bool { return a == b }),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
}

func TestLedgerWithoutTotalsNow(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	report := sync(t, newEngine(b), failingTotals{l}, arsync.Options{})
	want := []string{"The ledger's totals could not be had, so nothing was compared: report not ready."}
	if diff := cmp.Diff(want, report.Warnings); diff != "" || source(t, b).Cursor != "1" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

type failingTotals struct{ *ledger }

func (f failingTotals) Full(ctx context.Context) (*arsync.Reading, error) {
	r, err := f.ledger.Full(ctx)
	r.Totals = func(context.Context) ([]arsync.Total, error) { return nil, errors.New("report not ready") }
	return r, err
}
