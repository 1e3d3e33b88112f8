package store_test

import (
	"testing"

	"arbot/ar"
	"arbot/store/storetest"
)

// TestJoinedSource: what people said of a file's invoices stands with the same ones of the
// connected ledger, and nothing is owed twice.
func TestJoinedSource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, old := invoiced(t, b)
		ledger := b.Ledger(t, "b")
		ledger.Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "77", Name: "Birch & Co."}},
			Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "1045", "77", "2026-10-01", "2026-10-31", "1000.00")},
		})
		sources, items := opened(t, b)
		from, into := sources[0].ID, sources[1].ID
		now := items[1].Document
		b.Write(t, func(tx ar.Tx) error {
			if _, _, err := tx.AddPromise(t.Context(), promiseOf(old, "U1", "400.00")); err != nil {
				return err
			}
			if _, err := tx.AddNote(t.Context(), ar.Note{Customer: old.Customer, Text: "They pay on Fridays.", Made: ar.Act{By: "U1"}}); err != nil {
				return err
			}
			return tx.JoinSource(t.Context(), from, into,
				map[ar.CustomerID]ar.CustomerID{old.Customer: now.Customer}, map[ar.DocumentID]ar.DocumentID{old.ID: now.ID})
		})
		sources, items = opened(t, b)
		if len(sources) != 1 || len(items) != 1 || items[0].ID != now.ID {
			t.Errorf("%d ledgers, %d open documents; want one of each", len(sources), len(items))
		}
		b.Write(t, func(tx ar.Tx) error {
			promises, err := tx.Promises(t.Context(), ar.PromiseFilter{})
			if err != nil {
				return err
			}
			if len(promises) != 1 || promises[0].Document != now.ID || promises[0].Customer != now.Customer {
				t.Errorf("promises %+v, want one on document %d", promises, now.ID)
			}
			notes, err := tx.Notes(t.Context(), ar.NoteFilter{Customers: []ar.CustomerID{now.Customer}})
			if err != nil || len(notes) != 1 {
				t.Errorf("%d notes, %v; want one", len(notes), err)
			}
			if _, created, err := tx.AddPromise(t.Context(), promiseOf(now, "U1", "400.00")); err != nil || created {
				t.Errorf("the same promise again: created %t, %v", created, err)
			}
			if _, err := tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "bundle", External: "a", Name: "File"}); ar.KindOf(err) != ar.Invalid {
				t.Errorf("the joined ledger again: %v, want it refused", err)
			}
			return nil
		})
	})
}

// opened are the ledgers and what is open.
func opened(t *testing.T, b *storetest.Books) (sources []ar.Source, items []ar.OpenItem) {
	t.Helper()
	b.Read(t, func(r ar.Reader) (err error) {
		if sources, err = r.Sources(t.Context()); err != nil {
			return err
		}
		items, err = r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		return err
	})
	return sources, items
}
