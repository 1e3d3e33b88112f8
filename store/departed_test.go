package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
	"arbot/store/storetest"
)

// TestDeparted follows where the documents of customers go that leave, over runs that end
// in every way.
func TestDeparted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		l := b.Ledger(t, "a")
		page := func(holders string) (p ar.Page) {
			for i, h := range holders {
				p.Documents = append(p.Documents, storetest.Doc(ar.Invoice, string(rune('1'+i)), string(h), "2026-10-01", "", "5.00"))
			}
			return p
		}
		gone := func(keys ...ar.Key) (p ar.Page) {
			for _, k := range keys {
				p.Gone = append(p.Gone, ar.GoneRecord{Kind: ar.CustomerRecords, Key: k})
			}
			return p
		}
		// run writes a page in a run that ends with a fault, or as one of few records.
		run := func(p ar.Page, fault string, partial bool) {
			id := l.Start(t, false)
			l.Put(t, id, p)
			b.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), id, ar.SyncMark{Partial: partial}, fault) })
		}
		want := func(when string, want []ar.Departed, asked ...ar.Key) {
			t.Helper()
			b.Write(t, func(tx ar.Tx) error {
				got, err := tx.Departed(t.Context(), l.Source.ID, asked)
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s (-want +got):\n%s", when, diff)
				}
				return err
			})
		}
		first := page("aabcdd")
		for _, c := range "abcd" {
			first.Customers = append(first.Customers, ar.CustomerRecord{External: string(c), Name: "Customer " + string(c)})
		}
		other := b.Ledger(t, "b")
		other.Import(t, first)
		l.Import(t, first)
		b.Write(t, func(tx ar.Tx) error {
			all, err := tx.Customers(t.Context(), ar.CustomerFilter{Source: l.Source.ID})
			if err != nil {
				return err
			}
			_, err = tx.AddNote(t.Context(), ar.Note{Customer: all[0].ID, Text: "pays late", Made: ar.Act{By: "U1", On: storetest.Day("2026-11-25")}})
			return err
		})
		want("before anything moved", nil, "a", "nobody")

		run(page("bbbcdd"), "the run broke off", false)
		want("nobody is gone", nil, "a")
		run(page("cbbcdd"), "", true)
		run(gone("a"), "the run broke off", false)
		departed := ar.Departed{Key: "a", Name: "Customer a", Acts: true, Went: []ar.Key{"b", "c"}}
		want("two customers have them", []ar.Departed{departed})
		departed.Went = departed.Went[:1]
		run(page("bbbcdd"), "", true)
		want("one has them, one after another", []ar.Departed{departed})
		departed.Went = nil
		removed := page("bbbcdd")
		removed.Documents[0].Status, removed.Documents[1].Status = ar.Deleted, ar.Deleted
		run(removed, "the run broke off", false)
		want("they are gone", nil)
		want("they are gone, and who had them is asked about", []ar.Departed{departed}, "a", "a", "d")

		run(page("bbbcbd"), "the run broke off", false)
		run(gone("d"), "", true)
		departed.Went = []ar.Key{"b"}
		want("they are back, and one of two others went", []ar.Departed{departed, {Key: "d", Name: "Customer d", Went: []ar.Key{"b"}, Documents: true}})
		run(page("bbbcbb"), "", false)
		want("the source was read to the end", nil)
	})
}
