package arsync_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// agingReport is a list of all that is open: number -> open amount, each invoice of 100.00.
func agingReport(asOf string, open ...string) *ledger {
	l := &ledger{
		name: "report", list: true, knows: true, cursor: asOf + fmt.Sprint(open),
		openAt: storetest.Day(asOf), dataAt: storetest.Day(asOf).In(time.UTC),
	}
	page := ar.Page{Customers: []ar.CustomerRecord{{External: "C1", Name: "Birch"}}}
	for _, line := range open {
		var number, amount string
		if _, err := fmt.Sscan(line, &number, &amount); err != nil {
			panic(err)
		}
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, number, "C1", "2026-09-01", "", "100.00"))
		l.stated = append(l.stated, arsync.Balance{
			Of: ar.Ref{Kind: ar.Invoice, External: number}, Open: storetest.USD(amount), Date: storetest.Day(asOf),
		})
	}
	l.pages = []ar.Page{page}
	return l
}

// TestWhatVanishesIsSettled: an invoice that is on the list no more was paid or credited by
// the date of the list, and one that comes back is owed again.
func TestWhatVanishesIsSettled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		sync(t, e, agingReport("2026-10-01", "1 100.00", "2 80.00", "3 100.00"), arsync.Options{})
		report := sync(t, e, agingReport("2026-10-02", "2 80.00", "3 60.00"), arsync.Options{})
		if report.Inferred != 2 || report.Removed != 0 {
			t.Errorf("%+v, want two settlements and no removal", report)
		}
		wantOpen(t, b, "2026-10-01", "1 100.00", "2 80.00", "3 100.00")
		wantOpen(t, b, "2026-10-02", "2 80.00", "3 60.00")
		if again := sync(t, e, agingReport("2026-10-03", "2 80.00", "3 60.00"), arsync.Options{}); again.Inferred != 0 || again.Added+again.Changed > 0 {
			t.Errorf("the same list a day later: %+v, want no change", again)
		}
		sync(t, e, agingReport("2026-10-04", "1 100.00", "2 80.00", "3 60.00"), arsync.Options{})
		wantOpen(t, b, "2026-10-03", "2 80.00", "3 60.00")
		wantOpen(t, b, "2026-10-04", "1 100.00", "2 80.00", "3 60.00")
	})
}

// TestAmountsOfBalances: a report without the invoices' own amounts changes no past day.
func TestAmountsOfBalances(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		report := func(asOf, open string) *ledger {
			l := agingReport(asOf, "1 "+open)
			l.pages[0].Documents[0].Amount, l.pages[0].Documents[0].AmountUnknown = storetest.USD(open), true
			return l
		}
		sync(t, e, report("2026-10-01", "80.00"), arsync.Options{})
		if r := sync(t, e, report("2026-10-02", "30.00"), arsync.Options{}); r.Inferred != 1 {
			t.Errorf("%+v, want one settlement", r)
		}
		wantOpen(t, b, "2026-10-01", "1 80.00")
		wantOpen(t, b, "2026-10-02", "1 30.00")
		sync(t, e, report("2026-10-03", "95.00"), arsync.Options{}) // raised, or a payment bounced
		wantOpen(t, b, "2026-10-01", "1 80.00")
		wantOpen(t, b, "2026-10-02", "1 30.00")
		wantOpen(t, b, "2026-10-03", "1 95.00")
		sync(t, e, report("2026-10-04", "40.00"), arsync.Options{})
		wantOpen(t, b, "2026-10-04", "1 40.00")
		if r := sync(t, e, report("2026-10-05", "40.00"), arsync.Options{}); r.Added+r.Changed+r.Inferred > 0 {
			t.Errorf("the same report: %+v, want no change", r)
		}
	})
}

// TestListThatClosesTooMuch: half a report, or yesterday's, changes nothing until it is
// confirmed.
func TestListThatClosesTooMuch(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	var all []string
	for n := range 20 {
		all = append(all, fmt.Sprintf("%02d 100.00", n))
	}
	sync(t, e, agingReport("2026-10-05", all...), arsync.Options{})
	for name, l := range map[string]*ledger{"a part": agingReport("2026-10-06", all[:9]...), "nothing": agingReport("2026-10-06")} {
		_, err := e.Sync(t.Context(), l, arsync.Options{})
		if refused, ok := errors.AsType[*arsync.ClosingError](err); !ok || refused.Open != 20 || ar.KindOf(err) != ar.Invalid {
			t.Errorf("%s: %v, want *ClosingError", name, err)
		}
	}
	if _, err := e.Sync(t.Context(), agingReport("2026-10-04", all...), arsync.Options{}); err == nil {
		t.Error("an older list was taken")
	}
	wantOpen(t, b, "2026-10-06", all...)
	sync(t, e, agingReport("2026-10-06", all[:11]...), arsync.Options{})
	wantOpen(t, b, "2026-10-06", all[:11]...)
	sync(t, e, agingReport("2026-10-07", all[:2]...), arsync.Options{AllowRemovals: true})
	wantOpen(t, b, "2026-10-07", all[:2]...)
}

// TestShareOfClosing is by amount too: a few large invoices are as good as many.
func TestShareOfClosing(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	var all []string
	for n := range 40 {
		all = append(all, fmt.Sprintf("%02d 100.00", n))
	}
	sync(t, e, agingReport("2026-10-05", all...), arsync.Options{})
	if _, err := e.Sync(t.Context(), agingReport("2026-10-06", all[:29]...), arsync.Options{ClosingShare: 0.25}); err == nil {
		t.Error("11 of 40 were closed with a share of a quarter")
	}
	sync(t, e, agingReport("2026-10-06", all[:30]...), arsync.Options{ClosingShare: 0.25})
	wantOpen(t, b, "2026-10-06", all[:30]...)
}
