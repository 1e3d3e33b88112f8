package arsync_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
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
	wantObjections(t, e, agingReport("2026-10-04", all[:9]...), arsync.Options{}, "its balances are of 2026-10-04, the books have those of 2026-10-05",
		"11 of the 20 open documents in the books ($1,100.00 of $2,000.00) are not in the list as of 2026-10-04, and what is missing counts as paid or credited")
	wantObjections(t, e, agingReport("2026-10-06", all[:9]...), arsync.Options{}, "11 of the 20 open documents in the books ($1,100.00 of $2,000.00) are not in the list as of 2026-10-06, and what is missing counts as paid or credited")
	wantObjections(t, e, agingReport("2026-10-06", all[:9]...), arsync.Options{AllowRemovals: true})
	for name, l := range map[string]*ledger{"a part": agingReport("2026-10-06", all[:9]...), "nothing": agingReport("2026-10-06")} {
		_, err := e.Sync(t.Context(), l, arsync.Options{})
		if refused, ok := errors.AsType[*arsync.ClosingError](err); !ok || refused.Open != 20 || ar.KindOf(err) != ar.Invalid {
			t.Errorf("%s: %v, want *ClosingError", name, err)
		}
	}
	if _, err := e.Sync(t.Context(), agingReport("2026-10-04", all...), arsync.Options{}); err == nil || !strings.Contains(err.Error(), "of 2026-10-04, the books have those of 2026-10-05.") {
		t.Errorf("an older list: %v", err)
	}
	wantOpen(t, b, "2026-10-06", all...)
	sync(t, e, agingReport("2026-10-06", all[:11]...), arsync.Options{})
	wantOpen(t, b, "2026-10-06", all[:11]...)
	sync(t, e, agingReport("2026-10-07", all[:2]...), arsync.Options{AllowRemovals: true})
	wantOpen(t, b, "2026-10-07", all[:2]...)
}

// wantObjections asks which guards would refuse a reading, and sees to it that the books
// stay as they are.
func wantObjections(t *testing.T, e *arsync.Engine, l *ledger, o arsync.Options, want ...string) {
	t.Helper()
	id, err := l.Identity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	objections, err := e.Objections(t.Context(), id, l.reading(), o)
	var got []string
	for _, o := range objections {
		if ar.KindOf(o) != ar.Invalid {
			t.Errorf("%v is no refusal", o)
		}
		if o, ok := o.(interface{ Why() string }); ok {
			got = append(got, o.Why())
		}
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("objections %q, %v; want %q", got, err, want)
	}
}

// A ledger that was never read has nothing to guard, and another one's books are not its.
func TestNoObjectionToTheFirstReading(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	other := agingReport("2026-10-05", "1 100.00", "2 100.00")
	other.name = "other"
	sync(t, e, other, arsync.Options{})
	wantObjections(t, e, agingReport("2026-10-04"), arsync.Options{})
}

// TestRefusalsAreNoFaults: what a person has to mend is no error in the log.
func TestRefusalsAreNoFaults(t *testing.T) {
	t.Parallel()
	e := newEngine(storetest.SQLite(t))
	var logged bytes.Buffer
	e.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelWarn}))
	sync(t, e, agingReport("2026-10-05", "1 100.00"), arsync.Options{})
	if _, err := e.Sync(t.Context(), agingReport("2026-10-04", "1 100.00"), arsync.Options{}); err == nil || logged.Len() > 0 {
		t.Errorf("%v, and the log warns of %s", err, &logged)
	}
	broken := agingReport("2026-10-06", "1 100.00")
	broken.fails = errors.New("the disk is gone") //nolint:err113 // of this test
	if _, err := e.Sync(t.Context(), broken, arsync.Options{}); err == nil || !strings.Contains(logged.String(), "level=ERROR") {
		t.Errorf("%v, and the log has %q", err, &logged)
	}
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
