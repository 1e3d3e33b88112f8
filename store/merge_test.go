package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

func mergeInto(loser, winner ar.Key) ar.Page {
	return ar.Page{Gone: []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: loser, Into: winner}}}
}

// family lists live customers with their parents: "child < parent".
func family(t *testing.T, b *storetest.Books) (lines []string) {
	t.Helper()
	b.Read(t, func(r ar.Reader) error {
		all, err := r.Customers(t.Context(), ar.CustomerFilter{})
		names := map[ar.CustomerID]string{}
		for _, c := range all {
			names[c.ID] = c.External
		}
		for _, c := range all {
			line := c.External
			if c.Parent != 0 {
				line += " < " + names[c.Parent]
			}
			lines = append(lines, line)
		}
		return err
	})
	return lines
}

// holders are the customers of what is open.
func holders(t *testing.T, b *storetest.Books) map[string]string {
	t.Helper()
	of := map[string]string{}
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		for _, i := range items {
			c, err := r.Customer(t.Context(), i.Customer)
			if err != nil {
				return err
			}
			of[i.External] = c.External
		}
		return err
	})
	return of
}

func wantHolders(t *testing.T, b *storetest.Books, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, holders(t, b)); diff != "" {
		t.Errorf("customers of the documents (-want +got):\n%s", diff)
	}
}

func TestMergedCustomer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		customers := []ar.CustomerRecord{
			{External: "old", Name: "Birch Traders", Number: "B-17", Aliases: []string{"BT Wholesale"}, Terms: "Net 10"},
			{External: "new", Name: "Cedar Group", Terms: "Net 30"},
			{External: "job", Name: "Birch job", Parent: "old"},
		}
		invoice := func(external, customer string) ar.DocumentRecord {
			return storetest.Doc(ar.Invoice, external, customer, "2026-10-01", "", "5.00")
		}
		l.Import(t, ar.Page{Customers: customers, Documents: []ar.DocumentRecord{invoice("1", "old"), invoice("2", "new")}})

		if got, want := l.Change(t, mergeInto("old", "new")), (ar.RunCounts{Removed: 1}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		if got, want := l.Change(t, mergeInto("old", "new")), (ar.RunCounts{Unchanged: 1}); got != want {
			t.Errorf("again: %+v, want %+v", got, want)
		}
		if diff := cmp.Diff([]string{"new", "job < new"}, family(t, b)); diff != "" {
			t.Errorf("customers (-want +got):\n%s", diff)
		}
		wantHolders(t, b, map[string]string{"1": "new", "2": "new"})
		wantDue(t, b, "1", "2026-10-31") // by the terms of who owes it now

		// A page that was read before the merge, then one that was read after it.
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{invoice("1", "old"), invoice("3", "old")}})
		wantHolders(t, b, map[string]string{"1": "new", "2": "new", "3": "new"})
		after := ar.Page{Customers: customers[1:], Documents: []ar.DocumentRecord{invoice("1", "new"), invoice("3", "new")}}
		after.Customers[0].Name, after.Customers[1].Parent = "Cedar & Birch Group", "new"
		l.Change(t, after)
		if got, want := l.Change(t, after), (ar.RunCounts{Unchanged: 4}); got != want {
			t.Errorf("a page after the merge, again: %+v, want %+v", got, want)
		}
		wantHolders(t, b, map[string]string{"1": "new", "2": "new", "3": "new"})

		for _, name := range []string{"Birch Traders", "BT Wholesale", "B-17", "Cedar & Birch Group"} {
			b.Read(t, func(r ar.Reader) error {
				found, err := r.Find(t.Context(), name, 1)
				if len(found) != 1 || !found[0].Exact || found[0].Name != "Cedar & Birch Group" {
					t.Errorf("find %q: %+v, want the one customer", name, found)
				}
				return err
			})
		}

		// The ledger takes it back.
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "old", Name: "Birch Traders"}}, Documents: []ar.DocumentRecord{invoice("1", "old")}})
		wantHolders(t, b, map[string]string{"1": "old", "2": "new", "3": "new"})
	})
}

func wantDue(t *testing.T, b *storetest.Books, external, due string) {
	t.Helper()
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		for _, i := range items {
			if i.External == external && i.Due != storetest.Day(due) {
				t.Errorf("%s is due on %s, want %s", external, i.Due, due)
			}
		}
		return err
	})
}

func TestMergesInARow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "a", Name: "Ash"}, {External: "b", Name: "Beech"}, {External: "c", Name: "Cherry"}},
			Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "1", "a", "2026-10-01", "", "5.00")},
		})
		l.Change(t, mergeInto("a", "b"), mergeInto("b", "c"))
		wantHolders(t, b, map[string]string{"1": "c"})
		// Into one that is merged itself, and what refers to the first of them.
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "d", Name: "Damson"}}})
		l.Change(t, mergeInto("d", "b"), ar.Page{Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "2", "a", "2026-10-01", "", "5.00"), storetest.Doc(ar.Invoice, "3", "d", "2026-10-01", "", "5.00"),
		}})
		wantHolders(t, b, map[string]string{"1": "c", "2": "c", "3": "c"})
		if diff := cmp.Diff([]string{"c"}, family(t, b)); diff != "" {
			t.Errorf("customers (-want +got):\n%s", diff)
		}
	})
}

// TestMergeIntoADescendant must not make a circle of parents.
func TestMergeIntoADescendant(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{Customers: []ar.CustomerRecord{
			{External: "top", Name: "Top"},
			{External: "a", Name: "Ash", Parent: "top"},
			{External: "b", Name: "Beech", Parent: "a"},
			{External: "c", Name: "Cherry", Parent: "b"},
		}})
		l.Change(t, mergeInto("a", "c"))
		if diff := cmp.Diff([]string{"top", "b < c", "c < top"}, family(t, b)); diff != "" {
			t.Errorf("customers (-want +got):\n%s", diff)
		}
	})
}

// TestMergeOfATombstone: the customer was missed by a full reading before it was known
// where it went.
func TestMergeOfATombstone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "a", Name: "Ash"}, {External: "b", Name: "Beech"}},
			Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "1", "a", "2026-10-01", "", "5.00")},
		})
		l.Change(t, ar.Page{Gone: []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: "a"}}})
		wantHolders(t, b, map[string]string{"1": "a"})
		if got, want := l.Change(t, mergeInto("a", "b"), mergeInto("nobody", "b"), mergeInto("b", "b")), (ar.RunCounts{Changed: 1, Unchanged: 2}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		wantHolders(t, b, map[string]string{"1": "b"})
	})
}
