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

// listing is a total with the ledger's own list.
func listing(net string, items ...arsync.LedgerItem) arsync.Total {
	return arsync.Total{
		AsOf: storetest.Day("2026-11-25"), Net: storetest.USD(net),
		Items: func(context.Context) ([]arsync.LedgerItem, error) { return items, nil },
	}
}

func item(kind ar.DocumentKind, entry, label, customer, open string) arsync.LedgerItem {
	return arsync.LedgerItem{Kind: kind, Entry: entry, Label: label, Customer: customer, Open: storetest.USD(open)}
}

// TestTieOutNamesDocuments: acme has invoice 1 of C1 open with 60.00 and invoice 2 of C2
// with 50.00, beside a deposit and the two lines of a journal entry.
func TestTieOutNamesDocuments(t *testing.T) {
	t.Parallel()
	alike := []arsync.LedgerItem{
		item(ar.Invoice, "1", "", "C1", "60.00"), item(ar.Invoice, "2", "", "C2", "50.00"),
		item(ar.Journal, "deposit-5", "", "C1", "-20.00"), item(ar.Journal, "6", "", "C1", "5.00"),
	}
	with := func(changes ...arsync.LedgerItem) []arsync.LedgerItem {
		return append(slices.Clip(alike[1:]), changes...)
	}
	einzahlung := item("", "5", "Einzahlung", "C1", "-20.00") // a deposit, in another language
	einzahlung.Else = []string{"deposit-5", "purchase-5"}
	many := slices.Clip(alike)
	for _, entry := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"} {
		many = append(many, item(ar.Refund, entry, "Refund "+entry, "C2", "1.00"))
	}
	tests := []struct {
		name    string
		total   arsync.Total
		because string
	}{
		{"all alike", listing("95.00", alike...), ""},
		{
			"in lines, without kinds and customers",
			listing("95.00", item("", "1", "", "", "25.00"), item("", "1", "", "", "35.00"), item("", "2", "", "C2", "50.00"),
				item("", "deposit-5", "", "", "-20.00"), item(ar.Journal, "6", "", "C1", "2.00"), item(ar.Journal, "6", "", "C1", "3.00")),
			"",
		},
		{"a word that nobody knows", listing("95.00", alike[0], alike[1], alike[3], einzahlung), ""},
		{
			"the biggest first",
			listing("230.00", with(item(ar.Invoice, "1", "", "C1", "45.00"), item(ar.Journal, "12", "Journal Entry 12", "C2", "150.00"))...),
			"Journal Entry 12 (Cedar): 150.00 in the ledger, not here; invoice 1 (Birch & Co): 45.00 in the ledger, 60.00 here.",
		},
		{"here only", listing("35.00", with()...), "invoice 1 (Birch & Co): 60.00 here, not in the ledger."},
		{
			"they make up for each other",
			listing("95.00", with(item(ar.Journal, "12", "Journal Entry 12", "C9", "60.00"))...),
			"The totals agree, the documents do not: Journal Entry 12: 60.00 in the ledger, not here; invoice 1 (Birch & Co): 60.00 here, not in the ledger.",
		},
		{
			"the ledger is not at one with itself", listing("90.00", alike...),
			"The ledger's own list of documents adds up to 95.00.",
		},
		{
			"ten at most", listing("108.00", many...),
			"Refund a (Cedar): 1.00 in the ledger, not here; Refund b (Cedar): 1.00 in the ledger, not here; " +
				"Refund c (Cedar): 1.00 in the ledger, not here; Refund d (Cedar): 1.00 in the ledger, not here; " +
				"Refund e (Cedar): 1.00 in the ledger, not here; Refund f (Cedar): 1.00 in the ledger, not here; " +
				"Refund g (Cedar): 1.00 in the ledger, not here; Refund h (Cedar): 1.00 in the ledger, not here; " +
				"Refund i (Cedar): 1.00 in the ledger, not here; Refund j (Cedar): 1.00 in the ledger, not here; and 3 more.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := storetest.SQLite(t)
			l := acme()
			l.pages = append(l.pages, ar.Page{Entries: []ar.EntryRecord{
				{External: "deposit/5", Documents: []ar.DocumentRecord{storetest.Doc(ar.Journal, "deposit-5/1", "C1", "2026-11-01", "", "-20.00")}},
				{External: "journal/6", Documents: []ar.DocumentRecord{
					storetest.Doc(ar.Journal, "6/1", "C1", "2026-11-01", "", "9.00"), storetest.Doc(ar.Journal, "6/2", "C1", "2026-11-01", "", "-4.00"),
				}},
			}})
			l.totals = []arsync.Total{tt.total}
			report := sync(t, newEngine(b), l, arsync.Options{})
			got := report.TieOuts[0]
			if got.Because != tt.because || got.Ours != storetest.USD("95.00") {
				t.Errorf("ours %s, because:\n%s\nwant 95.00, because:\n%s", got.Ours, got.Because, tt.because)
			}
			if stored := source(t, b).TieOuts[0].Because; stored != tt.because {
				t.Errorf("in the books: %s", stored)
			}
		})
	}
}

// TestTieOutInHomeCurrency: each document at its own rate, and what is open of it
// rounded by itself.
func TestTieOutInHomeCurrency(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		l := acme()
		euros := func(external, amount string, rate ar.Rate) ar.DocumentRecord {
			d := storetest.Doc(ar.Invoice, external, "C1", "2026-11-01", "", "1.00")
			d.Amount, d.Rate = storetest.Amount(amount, "EUR"), rate
			return d
		}
		l.pages = append(l.pages, ar.Page{Documents: []ar.DocumentRecord{euros("e1", "10.01", "1.085"), euros("e2", "20.03", "1.115")}})
		// 110.00 + 10.86085 -> 10.86 + 22.33345 -> 22.33
		total := listing("143.19",
			item(ar.Invoice, "1", "", "C1", "60.00"), item(ar.Invoice, "2", "", "C2", "50.00"),
			item(ar.Invoice, "e1", "", "C1", "10.86"), item(ar.Invoice, "e2", "Invoice e2", "C1", "22.34"))
		total.Converted = true
		dollars := listing("110.00", item(ar.Invoice, "1", "", "C1", "60.00"), item(ar.Invoice, "2", "", "C2", "50.00"))
		l.totals = []arsync.Total{total, dollars}
		ties := sync(t, newEngine(b), l, arsync.Options{}).TieOuts
		const because = "The totals agree, the documents do not: Invoice e2 (Birch & Co): 22.34 in the ledger, 22.33 here."
		if !ties[0].Ties() || ties[0].Because != because {
			t.Errorf("home currency: %+v, want it to tie, and %s", ties[0], because)
		}
		if !ties[1].Ties() || ties[1].Because != "" {
			t.Errorf("dollars only: %+v", ties[1])
		}
	})
}

func TestTieOutReadsChangesOnceMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		for _, tt := range []struct {
			name  string
			later func() (*arsync.Reading, error)
			ours  string
			next  string
			warns int
		}{
			{"somebody posted while we read", func() (*arsync.Reading, error) {
				return (&ledger{list: true, cursor: "later", pages: []ar.Page{{
					Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "3", "C1", "2026-11-25", "", "7.00")},
				}}}).reading(), nil
			}, "117.00", "later", 0},
			{"nothing was posted", func() (*arsync.Reading, error) { return (&ledger{list: true, cursor: "later"}).reading(), nil }, "110.00", "later", 0},
			{"it cannot say", func() (*arsync.Reading, error) { return nil, arsync.ErrFullOnly }, "110.00", "1", 0},
			{"it fails", func() (*arsync.Reading, error) { return nil, errors.New("busy") }, "110.00", "1", 1},
			{"it breaks", func() (*arsync.Reading, error) {
				return (&ledger{list: true, breaks: errors.New("cut"), cursor: "later"}).reading(), nil
			}, "110.00", "1", 1},
		} {
			l := acme()
			l.name = tt.name
			asked := 0
			l.totals = []arsync.Total{{AsOf: storetest.Day("2026-11-25"), Net: storetest.USD("117.00")}}
			l.changes = func(string) (*arsync.Reading, error) {
				asked++
				return tt.later()
			}
			report := sync(t, newEngine(b), l, arsync.Options{})
			if got := report.TieOuts[0].Ours; got != storetest.USD(tt.ours) || asked != 1 || len(report.Warnings) != tt.warns || report.Unowned != 0 {
				t.Errorf("%s: ours is %s after %d questions, %+v; want %s", tt.name, got, asked, report, tt.ours)
			}
			b.Read(t, func(r ar.Reader) error {
				all, err := r.Sources(t.Context())
				for _, s := range all {
					if s.External == tt.name && s.Cursor != tt.next {
						t.Errorf("%s: cursor %q, want %q", tt.name, s.Cursor, tt.next)
					}
				}
				return err
			})
		}
	})
}

func TestTieOutAfterChangesOnlyWhereAskedFor(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	l := acme()
	sync(t, e, l, arsync.Options{})
	l.changes = func(string) (*arsync.Reading, error) {
		return (&ledger{list: true, cursor: "2", totals: []arsync.Total{{AsOf: storetest.Day("2026-11-25"), Net: storetest.USD("110.00")}}}).reading(), nil
	}
	if report := sync(t, e, l, arsync.Options{}); len(report.TieOuts) != 0 {
		t.Errorf("tie-outs %+v, want none", report.TieOuts)
	}
	if report := sync(t, e, l, arsync.Options{TieOut: true}); len(report.TieOuts) != 1 || !report.TieOuts[0].Ties() {
		t.Errorf("tie-outs %+v, want one that ties", report.TieOuts)
	}
}

func TestListThatCannotBeHad(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	total := listing("1.00")
	total.Items = func(context.Context) ([]arsync.LedgerItem, error) { return nil, errors.New("report too large") }
	l.totals = []arsync.Total{total}
	report := sync(t, newEngine(b), l, arsync.Options{})
	want := []string{"The ledger's list of open items could not be had, so documents were not compared: report too large."}
	if diff := cmp.Diff(want, report.Warnings); diff != "" || report.TieOuts[0].Ties() || report.TieOuts[0].Because != "" {
		t.Errorf("tie-out %+v, warnings (-want +got):\n%s", report.TieOuts, diff)
	}
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
