package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

// line is a line of a journal entry.
func line(external, amount string) ar.DocumentRecord {
	return storetest.Doc(ar.Journal, external, "c", "2026-10-01", "", amount)
}

// paid is a payment that settles invoices: payment 74, as the entry that brings it.
func paid(amount string, invoices ...string) ar.EntryRecord {
	e := ar.EntryRecord{External: "payment/74", Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Payment, "74", "c", "2026-11-02", "", amount),
	}}
	for _, i := range invoices {
		e.Applications = append(e.Applications, storetest.Pays("payment/74/invoice-"+i, "74", i, "2026-11-02", "5.00"))
	}
	return e
}

func twoInvoices() ar.Page {
	return ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "5.00"),
		storetest.Doc(ar.Invoice, "2", "c", "2026-10-01", "2026-10-31", "5.00"),
	}}
}

func TestEntryComesWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		page := twoInvoices()
		page.Entries = []ar.EntryRecord{
			{External: "journal/9", Documents: []ar.DocumentRecord{line("9/1", "7.00"), line("9/2", "-3.00")}},
			paid("10.00", "1", "2"),
		}
		steps := []struct {
			name   string
			page   ar.Page
			counts ar.RunCounts
			open   map[string]string
		}{
			{"first", page, ar.RunCounts{Added: 8}, map[string]string{"journal/9/1": "7.00", "journal/9/2": "-3.00"}},
			{"again", page, ar.RunCounts{Unchanged: 8}, map[string]string{"journal/9/1": "7.00", "journal/9/2": "-3.00"}},
			{
				"a line is taken out of the entry, and an invoice out of the payment",
				ar.Page{Entries: []ar.EntryRecord{{External: "journal/9", Documents: []ar.DocumentRecord{line("9/1", "7.00")}}, paid("10.00", "2")}},
				ar.RunCounts{Unchanged: 3, Removed: 2},
				map[string]string{"journal/9/1": "7.00", "invoice/1": "5.00", "payment/74": "-5.00"},
			},
			{
				"the line comes back in another entry, which takes a line over",
				ar.Page{Entries: []ar.EntryRecord{
					{External: "journal/9"}, {External: "journal/10", Documents: []ar.DocumentRecord{line("9/1", "7.00"), line("9/2", "-3.00")}},
				}},
				ar.RunCounts{Changed: 2},
				map[string]string{"journal/9/1": "7.00", "journal/9/2": "-3.00", "invoice/1": "5.00", "payment/74": "-5.00"},
			},
			{
				"entries are gone, one of them never was",
				ar.Page{Gone: []ar.GoneRecord{
					{Kind: ar.EntryRecords, Key: "payment/74"}, {Kind: ar.EntryRecords, Key: "journal/9"}, {Kind: ar.EntryRecords, Key: "journal/11"},
				}},
				ar.RunCounts{Removed: 2},
				map[string]string{"journal/9/1": "7.00", "journal/9/2": "-3.00", "invoice/1": "5.00", "invoice/2": "5.00"},
			},
			{
				"the payment is back",
				ar.Page{Entries: []ar.EntryRecord{paid("10.00", "1", "2")}},
				ar.RunCounts{Changed: 3},
				map[string]string{"journal/9/1": "7.00", "journal/9/2": "-3.00"},
			},
			{
				"documents and applications are gone",
				ar.Page{Gone: []ar.GoneRecord{
					{Kind: ar.DocumentRecords, Key: "journal/9/1"},
					{Kind: ar.ApplicationRecords, Key: "payment/74/invoice-1"},
					{Kind: ar.DocumentRecords, Key: "invoice/none"},
				}},
				ar.RunCounts{Removed: 2, Unchanged: 1},
				map[string]string{"journal/9/2": "-3.00", "invoice/1": "5.00", "payment/74": "-5.00"},
			},
		}
		for _, s := range steps {
			run := l.Start(t, false)
			if got := l.Put(t, run, s.page); got != s.counts {
				t.Errorf("%s: %+v, want %+v", s.name, got, s.counts)
			}
			if done := source(t, b).Run.Done; done != s.page.Len() {
				t.Errorf("%s: %d records done, want %d", s.name, done, s.page.Len())
			}
			wantOpen(t, b, "2026-11-25", s.open)
		}
	})
}

// TestEntryOfAnotherSource: the names of entries are of their source.
func TestEntryOfAnotherSource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		page := twoInvoices()
		page.Entries = []ar.EntryRecord{paid("10.00", "1", "2")}
		b.Ledger(t, "a").Import(t, page)
		other := b.Ledger(t, "b")
		other.Import(t, page)
		other.Change(t, ar.Page{Gone: []ar.GoneRecord{{Kind: ar.EntryRecords, Key: "payment/74"}}})
		b.Read(t, func(r ar.Reader) error {
			items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
			for _, i := range items {
				if i.Source != other.Source.ID {
					t.Errorf("%s is open in the other ledger", i.External)
				}
			}
			if len(items) != 2 {
				t.Errorf("%d items, want the 2 invoices of the ledger that lost the payment", len(items))
			}
			return err
		})
	})
}

func TestEntryThatRefersToNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, twoInvoices())
		run := l.Start(t, false)
		for want, page := range map[ar.MissingRefError]ar.Page{
			{Record: ar.ApplicationRecords, Key: "payment/74/invoice-7", Field: "to", Ref: "invoice/7"}: {Entries: []ar.EntryRecord{paid("10.00", "1", "7")}},
			{Record: ar.CustomerRecords, Key: "c", Field: "into", Ref: "d"}:                             {Gone: []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: "c", Into: "d"}}},
		} {
			err := b.Update(t.Context(), func(tx ar.Tx) error {
				_, err := tx.PutPage(t.Context(), run, page)
				return err
			})
			missing, ok := errors.AsType[*ar.MissingRefError](err)
			if !ok || *missing != want {
				t.Errorf("error %v, want %v", err, &want)
			}
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/1": "5.00", "invoice/2": "5.00"})
	})
}

func TestGoneNeedsAKind(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := b.Ledger(t, "a")
	l.Import(t, twoInvoices())
	run := l.Start(t, false)
	for _, g := range []ar.GoneRecord{{Kind: "payments", Key: "1"}, {Kind: ar.DocumentRecords, Key: "invoice/1", Into: "invoice/2"}} {
		err := b.Update(t.Context(), func(tx ar.Tx) error {
			_, err := tx.PutPage(t.Context(), run, ar.Page{Gone: []ar.GoneRecord{g}})
			return err
		})
		if err == nil {
			t.Errorf("%+v was taken in", g)
		}
	}
}

// TestRateAndLabels: both are kept, and a change of them is a change of the document.
func TestRateAndLabels(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		page := twoInvoices()
		early, late := &page.Documents[0], &page.Documents[1]
		early.Rate, early.Labels = "1.25", map[string]string{ar.LabelOwner: "kim", "Sales Rep": "Kim"}
		l.Import(t, page)
		late.Date = late.Date.AddDays(1)
		late.Labels = map[string]string{ar.LabelClass: "West"}
		if got, want := l.Change(t, page), (ar.RunCounts{Unchanged: 2, Changed: 1}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		labels := func() (got map[string]string) {
			b.Read(t, func(r ar.Reader) error {
				all, err := r.LatestLabels(t.Context(), l.Source.ID)
				for _, of := range all {
					got = of
				}
				return err
			})
			return got
		}
		if diff := cmp.Diff(late.Labels, labels()); diff != "" {
			t.Errorf("latest labels (-want +got):\n%s", diff)
		}
		late.Status, early.Rate = ar.Void, "1.5"
		if got, want := l.Change(t, page), (ar.RunCounts{Unchanged: 1, Changed: 2}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		if diff := cmp.Diff(early.Labels, labels()); diff != "" {
			t.Errorf("labels of the posted one (-want +got):\n%s", diff)
		}
		b.Read(t, func(r ar.Reader) error {
			items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
			if len(items) != 1 || items[0].Rate != "1.5" {
				t.Errorf("items %+v, want one at 1.5", items)
			}
			return err
		})
	})
}

// TestPaymentOfNothingIsNoNews: what only hands credits on is no money.
func TestPaymentOfNothingIsNoNews(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, twoInvoices())
		begin := b.Clock.Now()
		b.Clock.Add(time.Hour)
		l.Change(t, ar.Page{Entries: []ar.EntryRecord{paid("0.00")}})
		b.Read(t, func(r ar.Reader) error {
			received, err := r.Received(t.Context(), begin, ar.Everything())
			all, listErr := r.Customers(t.Context(), ar.CustomerFilter{})
			_, found, lastErr := r.LastPayment(t.Context(), []ar.CustomerID{all[0].ID}, storetest.Day("2026-11-25"))
			if len(received) != 0 || found {
				t.Errorf("received %+v, a last payment: %v; want nothing", received, found)
			}
			return errors.Join(err, listErr, lastErr)
		})
	})
}

// TestFirstReadOfEntriesIsNoNews: payments that come in entries are old, too, when a
// ledger is read for the first time.
func TestFirstReadOfEntriesIsNoNews(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		begin := b.Clock.Now().Add(-time.Hour)
		page := twoInvoices()
		page.Entries = []ar.EntryRecord{paid("10.00", "1", "2")}
		l.Import(t, page)
		received := func() (n int) {
			b.Read(t, func(r ar.Reader) error {
				got, err := r.Received(t.Context(), begin, ar.Everything())
				n = len(got)
				return err
			})
			return n
		}
		if n := received(); n != 0 {
			t.Errorf("%d received after the first read, want none", n)
		}
		b.Clock.Add(time.Hour)
		next := paid("3.00")
		next.External, next.Documents[0].External = "payment/75", "75"
		l.Change(t, ar.Page{Entries: []ar.EntryRecord{paid("10.00", "1", "2"), next}})
		if n := received(); n != 1 {
			t.Errorf("%d received after a new payment, want 1", n)
		}
	})
}

func TestMarkOfAPartialReading(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		finish := func(full bool, m ar.SyncMark) ar.Source {
			b.Clock.Add(time.Hour)
			run := l.Start(t, full)
			b.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), run, m, "") })
			return source(t, b)
		}
		before := finish(true, ar.SyncMark{Cursor: "k1"})
		after := finish(false, ar.SyncMark{Partial: true, Cursor: "k2", DataAsOf: b.Clock.Now().Add(time.Hour)})
		after.Run = before.Run
		if diff := cmp.Diff(before, after, cmp.AllowUnexported(ar.Date{})); diff != "" {
			t.Errorf("after a partial reading (-before +after):\n%s", diff)
		}
		if got := finish(false, ar.SyncMark{}); got.Cursor != "k1" || !got.DataAsOf.Equal(b.Clock.Now()) {
			t.Errorf("after a mark without a cursor: %+v", got)
		}
	})
}
