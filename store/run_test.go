package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
)

// source is the state of the only source.
func source(t *testing.T, b *storetest.Books) (s ar.Source) {
	t.Helper()
	b.Read(t, func(r ar.Reader) error {
		sources, err := r.Sources(t.Context())
		if len(sources) != 1 {
			t.Fatalf("%d sources, want 1", len(sources))
		}
		s = sources[0]
		return err
	})
	return s
}

func TestRunMarksItsSource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		l := b.Ledger(t, "a")
		start := b.Clock.Now()
		run := l.Start(t, true)
		counts := l.Put(t, run, ar.Page{Customers: customer()})
		if s := source(t, b); !s.Run.Running() || s.Run.Done != 1 || s.Run.RunCounts != counts || !s.FirstSynced.IsZero() {
			t.Errorf("under way: %+v", s)
		}

		b.Clock.Add(time.Minute)
		tie := ar.TieOut{AsOf: storetest.Day("2026-11-24"), Ledger: storetest.USD("10.00"), Ours: storetest.USD("9.00"), At: b.Clock.Now(), Because: "INV-9"}
		mark := ar.SyncMark{Cursor: "k1", DataAsOf: start.Add(-time.Hour), TieOuts: []ar.TieOut{tie}}
		b.Write(t, func(tx ar.Tx) error { return tx.FinishRun(ctx, run, mark, "") })
		end := b.Clock.Now()
		want := ar.Source{
			ID: l.Source.ID, SourceIdentity: l.Source.SourceIdentity,
			Cursor: "k1", FirstSynced: end, Synced: end, DataAsOf: start.Add(-time.Hour),
			Run:     ar.Run{ID: run, Source: l.Source.ID, Full: true, Started: start, Finished: end, Done: 1, RunCounts: ar.RunCounts{Added: 1}},
			TieOuts: []ar.TieOut{tie},
		}
		if diff := cmp.Diff(want, source(t, b), cmp.AllowUnexported(ar.Money{}, ar.Date{})); diff != "" {
			t.Errorf("after a good run (-want +got):\n%s", diff)
		}

		b.Clock.Add(time.Hour)
		bad := l.Start(t, false)
		b.Write(t, func(tx ar.Tx) error {
			return tx.FinishRun(ctx, bad, ar.SyncMark{Cursor: "k2", DataAsOf: end, TieOuts: []ar.TieOut{{}}}, "The ledger did not answer.")
		})
		want.Run = ar.Run{ID: bad, Source: l.Source.ID, Started: b.Clock.Now(), Finished: b.Clock.Now(), Fault: "The ledger did not answer."}
		if diff := cmp.Diff(want, source(t, b), cmp.AllowUnexported(ar.Money{}, ar.Date{})); diff != "" {
			t.Errorf("after a fault (-want +got):\n%s", diff)
		}

		// Without a data time it is when the run began; without tie-outs the last stay.
		b.Clock.Add(time.Hour)
		l.Change(t)
		if s := source(t, b); !s.DataAsOf.Equal(b.Clock.Now()) || !s.FirstSynced.Equal(end) || len(s.TieOuts) != 1 {
			t.Errorf("after a later run: %+v", s)
		}
	})
}

func TestLaterRunClosesAnEarlierOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		killed := l.Start(t, true)
		next := l.Start(t, true)
		err := b.Update(t.Context(), func(tx ar.Tx) error {
			_, err := tx.PutPage(t.Context(), killed, ar.Page{Customers: customer()})
			return err
		})
		if !errors.Is(err, store.ErrRunOver) {
			t.Errorf("page of a run that was closed: %v, want ErrRunOver", err)
		}
		if s := source(t, b); s.Run.ID != next || !s.Run.Running() {
			t.Errorf("latest run %+v, want %d under way", s.Run, next)
		}
	})
}

func TestPutSourceFindsItAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		first := b.Ledger(t, "a").Source
		var again ar.Source
		b.Write(t, func(tx ar.Tx) (err error) {
			again, err = tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "bundle", External: "a", Name: "New name", Home: "EUR"})
			return err
		})
		if again.ID != first.ID || again.Name != "New name" || again.Home != "EUR" {
			t.Errorf("found %+v, want id %d with the new name", again, first.ID)
		}
	})
}

func TestMissingReferencesAreNamed(t *testing.T) {
	t.Parallel()
	invoice := storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "5.00")
	payment := storetest.Doc(ar.Payment, "9", "c", "2026-10-01", "", "5.00")
	tests := []struct {
		name string
		page ar.Page
		want ar.MissingRefError
	}{
		{
			"parent",
			ar.Page{Customers: []ar.CustomerRecord{{External: "d", Name: "Branch", Parent: "x"}}},
			ar.MissingRefError{Record: ar.CustomerRecords, Key: "d", Field: "parent", Ref: "x"},
		},
		{
			"customer",
			ar.Page{Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "2", "x", "2026-10-01", "", "5.00")}},
			ar.MissingRefError{Record: ar.DocumentRecords, Key: "invoice/2", Field: "customer", Ref: "x"},
		},
		{
			"to",
			ar.Page{Applications: []ar.ApplicationRecord{storetest.Pays("1", "9", "1", "2026-10-01", "1.00"), storetest.Pays("2", "9", "7", "2026-10-01", "1.00")}},
			ar.MissingRefError{Record: ar.ApplicationRecords, Key: "2", Field: "to", Ref: "invoice/7"},
		},
		{
			"from",
			ar.Page{Applications: []ar.ApplicationRecord{storetest.Pays("1", "8", "1", "2026-10-01", "1.00")}},
			ar.MissingRefError{Record: ar.ApplicationRecords, Key: "1", Field: "from", Ref: "payment/8"},
		},
	}
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{invoice, payment}})
		run := l.Start(t, false)
		for _, tt := range tests {
			err := b.Update(t.Context(), func(tx ar.Tx) error {
				_, err := tx.PutPage(t.Context(), run, tt.page)
				return err
			})
			missing, ok := errors.AsType[*ar.MissingRefError](err)
			if !ok {
				t.Errorf("%s: error %v, want a MissingRefError", tt.name, err)
				continue
			}
			if diff := cmp.Diff(tt.want, *missing); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/1": "5.00", "payment/9": "-5.00"}) // nothing of it was taken in
	})
}

func TestApplicationInAnotherCurrencyIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		euros := storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "5.00")
		euros.Amount = storetest.Amount("5.00", "EUR")
		page := ar.Page{
			Customers:    customer(),
			Documents:    []ar.DocumentRecord{euros, storetest.Doc(ar.Payment, "9", "c", "2026-10-01", "", "5.00")},
			Applications: []ar.ApplicationRecord{storetest.Pays("1", "9", "1", "2026-10-01", "5.00")},
		}
		run := l.Start(t, true)
		err := b.Update(t.Context(), func(tx ar.Tx) error {
			_, err := tx.PutPage(t.Context(), run, page)
			return err
		})
		refusal, ok := errors.AsType[*ar.Error](err)
		const want = "Application 1 is in USD, but invoice/1 is in EUR: give the amount in the currency of the document."
		if !ok || refusal.Say != want {
			t.Errorf("error %v, want %q", err, want)
		}
	})
}

func TestCorrectedCurrencyCountsWhenBothSidesAgree(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		invoice := storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "5.00")
		payment := storetest.Doc(ar.Payment, "9", "c", "2026-10-02", "", "5.00")
		paid := storetest.Pays("1", "9", "1", "2026-10-02", "5.00")
		l.Import(t, ar.Page{
			Customers: customer(), Documents: []ar.DocumentRecord{invoice, payment}, Applications: []ar.ApplicationRecord{paid},
		})
		invoice.Amount, payment.Amount = storetest.Amount("5.00", "EUR"), storetest.Amount("5.00", "EUR")
		paid.Amount = storetest.Amount("5.00", "EUR")
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{invoice}}) // half of the correction
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/1": "5.00", "payment/9": "-5.00"})
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{payment}}, ar.Page{Applications: []ar.ApplicationRecord{paid}})
		wantOpen(t, b, "2026-11-25", map[string]string{})
	})
}

func TestOneKeyTwiceInAPage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		invoice := storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "5.00")
		corrected := invoice
		corrected.Amount = storetest.USD("6.00")
		paid := func(amount string) ar.ApplicationRecord { return storetest.Pays("1", "9", "1", "2026-10-02", amount) }
		got := b.Ledger(t, "a").Import(t, ar.Page{
			Customers:    append(customer(), customer()...),
			Documents:    []ar.DocumentRecord{invoice, corrected, storetest.Doc(ar.Payment, "9", "c", "2026-10-02", "", "5.00")},
			Applications: []ar.ApplicationRecord{paid("1.00"), paid("2.00")},
		})
		if want := (ar.RunCounts{Added: 4, Changed: 2, Unchanged: 1}); got != want {
			t.Errorf("counts %+v, want %+v", got, want)
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/1": "4.00", "payment/9": "-3.00"})
	})
}

func TestKeysAndTombstones(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{
			Customers: append(customer(), ar.CustomerRecord{External: "B", Name: "Birch"}),
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "é", "c", "2026-10-01", "2026-10-31", "5.00"),
				storetest.Doc(ar.Invoice, "Z/1", "c", "2026-10-01", "2026-10-31", "5.00"),
				storetest.Doc(ar.Payment, "a", "c", "2026-10-02", "", "5.00"),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("x", "a", "Z/1", "2026-10-02", "5.00")},
		})
		keys := func(kind ar.RecordKind) (all []ar.Key) {
			b.Write(t, func(tx ar.Tx) error { //nolint:contextcheck // it takes that of the test
				all = nil
				after := ar.Key("")
				for {
					page, err := tx.Keys(ctx, l.Source.ID, kind, after, 1)
					if err != nil || len(page) == 0 {
						return err
					}
					after = page[0]
					all = append(all, after)
				}
			})
			return all
		}
		for kind, want := range map[ar.RecordKind][]ar.Key{
			ar.CustomerRecords: {"B", "c"}, ar.DocumentRecords: {"invoice/Z/1", "invoice/é", "payment/a"}, ar.ApplicationRecords: {"x"},
		} {
			if diff := cmp.Diff(want, keys(kind)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", kind, diff)
			}
		}

		run := l.Start(t, true)
		tombstone := func(kind ar.RecordKind, gone ...ar.Key) (counts ar.RunCounts) {
			b.Write(t, func(tx ar.Tx) (err error) { //nolint:contextcheck // it takes that of the test
				counts, err = tx.Tombstone(ctx, run, kind, gone)
				return err
			})
			return counts
		}
		if got, want := tombstone(ar.DocumentRecords, "payment/a", "payment/b"), (ar.RunCounts{Removed: 1, Unchanged: 1}); got != want {
			t.Errorf("tombstone of a payment: %+v, want %+v", got, want)
		}
		wantOpen(t, b, "2026-11-25", map[string]string{"invoice/Z/1": "5.00", "invoice/é": "5.00"})
		tombstone(ar.ApplicationRecords, "x")
		tombstone(ar.CustomerRecords, "B")
		if got := keys(ar.CustomerRecords); len(got) != 1 {
			t.Errorf("live customers %q, want only c", got)
		}
		b.Read(t, func(r ar.Reader) error {
			live, err := r.Customers(ctx, ar.CustomerFilter{})
			if len(live) != 1 || live[0].External != "c" {
				t.Errorf("customers %+v, want only c", live)
			}
			return err
		})
		if run := source(t, b).Run; run.Removed != 3 || run.Done != 0 {
			t.Errorf("run %+v, want 3 removed", run)
		}
	})
}

func TestReceivedLeavesTheFirstReadOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		payment := func(external string) ar.DocumentRecord {
			return storetest.Doc(ar.Payment, external, "c", "2026-11-20", "", "10.00")
		}
		begin := b.Clock.Now().Add(-time.Hour)
		l.Start(t, true) // an attempt that was killed
		l.Import(t, ar.Page{Customers: customer(), Documents: []ar.DocumentRecord{payment("old")}})
		received := func() (got []ar.Received) {
			b.Read(t, func(r ar.Reader) (err error) {
				got, err = r.Received(t.Context(), begin, ar.Everything())
				return err
			})
			return got
		}
		if got := received(); len(got) != 0 {
			t.Errorf("after the first read: %+v, want nothing", got)
		}
		b.Clock.Add(time.Hour)
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{payment("old"), payment("new"), payment("newer")}})
		got := received()
		if len(got) != 1 || got[0].Amount != storetest.USD("20.00") || got[0].Name != "Acme Corp" || got[0].Latest != storetest.Day("2026-11-20") {
			t.Errorf("after two payments: %+v, want 20.00 of Acme Corp", got)
		}
	})
}

// What was left out holds until everything is read again; a run that came to no good end
// adds nothing that outlives the next good one, and takes nothing away.
func TestLeftOutIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		b.Ledger(t, "b").Import(t)
		run := func(full bool, fault string, said ...string) {
			t.Helper()
			id := l.Start(t, full)
			b.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), id, ar.SyncMark{LeftOut: said}, fault) })
		}
		want := func(when string, lines ...string) {
			t.Helper()
			b.Read(t, func(r ar.Reader) error {
				all, err := r.Sources(t.Context())
				for _, s := range all {
					expected := lines
					if s.External != "a" {
						expected = nil
					}
					if !slices.Equal(s.LeftOut, expected) {
						t.Errorf("%s: source %s left out %q, want %q", when, s.External, s.LeftOut, expected)
					}
				}
				return err
			})
		}
		run(true, "", "Invoice 7 could not be read.", "Invoice 8 has no number.")
		run(false, "", "Invoice 9 could not be read.", "Invoice 7 could not be read.")
		run(false, "")
		want("in the changes since", "Invoice 7 could not be read.", "Invoice 8 has no number.", "Invoice 9 could not be read.")
		run(true, "The ledger did not answer.")
		want("a full reading that failed", "Invoice 7 could not be read.", "Invoice 8 has no number.", "Invoice 9 could not be read.")
		run(true, "", "Invoice 8 has no number.")
		want("a full reading", "Invoice 8 has no number.")
		run(true, "")
		want("a full reading without any")
	})
}
