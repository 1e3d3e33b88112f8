package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

func TestSettlementsAreThoseInEffect(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		invoice := storetest.Doc(ar.Invoice, "INV-1", "Acme", "2026-09-01", "2026-10-01", "50.00")
		paid := storetest.Doc(ar.Payment, "P-1", "Acme", "2026-10-05", "", "20.00")
		applied := func(external string, kind ar.ApplicationKind, from ar.Ref, amount, date string, deleted bool) ar.ApplicationRecord {
			return ar.ApplicationRecord{
				External: external, Kind: kind, From: from, To: invoice.Ref, Amount: storetest.USD(amount), Date: storetest.Day(date), Deleted: deleted,
			}
		}
		b.Ledger(t, "realm-a").Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "Acme", Name: "Acme"}},
			Documents: []ar.DocumentRecord{invoice, paid},
			Applications: []ar.ApplicationRecord{
				applied("a", ar.ByWriteOff, ar.Ref{}, "5.00", "2026-11-01", false),
				applied("b", ar.ByPayment, paid.Ref, "20.00", "2026-09-20", false), // counts from the payment's date
				applied("c", ar.ByPayment, paid.Ref, "1.00", "2026-10-06", true),
				applied("d", ar.ByWriteOff, ar.Ref{}, "2.00", "2026-12-01", false), // ahead
			},
		})
		var got []ar.Settlement
		b.Read(t, func(r ar.Reader) error {
			items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-09-10"), Scope: ar.Everything()})
			if err != nil {
				return err
			}
			got, err = r.Settlements(t.Context(), items[0].ID, storetest.Day("2026-11-25"))
			return err
		})
		want := []ar.Settlement{
			{Kind: ar.ByPayment, From: "P-1", Amount: storetest.USD("20.00"), Date: storetest.Day("2026-10-05")},
			{Kind: ar.ByWriteOff, Amount: storetest.USD("5.00"), Date: storetest.Day("2026-11-01")},
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b ar.Money) bool { return a.Cmp(b) == 0 }), cmp.Comparer(func(a, b ar.Date) bool { return a == b })); diff != "" {
			t.Errorf("settlements (-want +got):\n%s", diff)
		}
	})
}

func TestCountsByState(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		b.Write(t, func(tx ar.Tx) error {
			for i, state := range []ar.PostState{ar.PostPlanned, ar.PostDone, ar.PostDone} {
				post, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.Alert, Route: "user:U", Day: storetest.Day("2026-11-25").AddDays(i)}, "")
				if err != nil {
					return err
				}
				if err := tx.SetPost(t.Context(), post.ID, state, ""); err != nil {
					return err
				}
				if err := tx.Enqueue(t.Context(), ar.Notice{Post: post.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		got, err := b.Counts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]int{"planned": 1, "done": 2}, got.Posts); diff != "" {
			t.Errorf("posts (-want +got):\n%s", diff)
		}
		if got.Jobs["available"] != 3 {
			t.Errorf("jobs %v", got.Jobs)
		}
	})
}
