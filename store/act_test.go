package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

// invoiced are the books of one customer with one invoice of $1,000.
func invoiced(t *testing.T, b *storetest.Books) (l *storetest.Ledger, invoice ar.Document) {
	t.Helper()
	l = b.Ledger(t, "a")
	l.Import(t, ar.Page{
		Customers: customer(),
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "1000.00")},
	})
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
		if err != nil || len(items) != 1 {
			t.Fatalf("open items %+v, %v; want one", items, err)
		}
		invoice = items[0].Document
		return nil
	})
	return l, invoice
}

// promiseOf is a promise for Fri 4 Dec 2026.
func promiseOf(d ar.Document, by, amount string) ar.Promise {
	return ar.Promise{
		Customer: d.Customer, Document: d.ID, Made: ar.Act{By: by, On: storetest.Day("2026-11-25")},
		Parts: []ar.Instalment{{Amount: storetest.USD(amount), Due: storetest.Day("2026-12-04")}},
	}
}

// replicas are the books as two processes have them open.
func replicas(t *testing.T, b *storetest.Books) [2]*storetest.Books {
	t.Helper()
	return [2]*storetest.Books{b, storetest.Open(t, b.DSN)}
}

// atOnce runs f as often as asked, at the same time, by turns on both replicas, and
// returns its errors.
func atOnce(t *testing.T, b *storetest.Books, times int, f func(n int, b *storetest.Books) error) []error {
	t.Helper()
	both, faults := replicas(t, b), make([]error, times)
	var all sync.WaitGroup
	for n := range times {
		all.Go(func() { faults[n] = f(n, both[n%2]) })
	}
	all.Wait()
	return faults
}

// SL-05: the same promise by the same person is one, also where it is sent twice at once
// and two replicas take it; both are told which it is.
func TestSL05SamePromiseAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		const times = 6
		var kept [times]ar.Promise
		var created [times]bool
		faults := atOnce(t, b, times, func(n int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) (err error) {
				kept[n], created[n], err = tx.AddPromise(t.Context(), promiseOf(invoice, "U1", "400.00"))
				return err
			})
		})
		if err := errors.Join(faults...); err != nil {
			t.Fatal(err)
		}
		first := 0
		for n := range times {
			if kept[n].ID != kept[0].ID {
				t.Errorf("promises %d and %d, want one", kept[0].ID, kept[n].ID)
			}
			if created[n] {
				first++
			}
		}
		if first != 1 {
			t.Errorf("%d were told that theirs is new, want 1", first)
		}
	})
}

// Two clerks promise $600 each of $1,000 at once, on two replicas: whoever comes second
// sees what the first wrote, so a rule over all promises of an account holds.
func TestPromisesOfOneAccountFollowEachOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		tooMuch := errors.New("more than is owed")
		faults := atOnce(t, b, 4, func(n int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) error {
				stands, err := tx.Promises(t.Context(), ar.PromiseFilter{Documents: []ar.DocumentID{invoice.ID}, Standing: true})
				if err != nil {
					return err
				}
				if len(stands) > 0 {
					return tooMuch
				}
				_, _, err = tx.AddPromise(t.Context(), promiseOf(invoice, fmt.Sprint("U", n), "600.00"))
				return err
			})
		})
		passed := 0
		for _, err := range faults {
			switch {
			case err == nil:
				passed++
			case !errors.Is(err, tooMuch):
				t.Error(err)
			}
		}
		if passed != 1 {
			t.Errorf("%d promises of $600 on $1,000, want 1", passed)
		}
	})
}

// Two accounts that have the same promise become one: they were two promises, and both
// stand.
func TestSamePromiseOnMergedCustomers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l, invoice := invoiced(t, b)
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "d", Name: "Birch"}}})
		b.Write(t, func(tx ar.Tx) error {
			all, err := tx.Customers(t.Context(), ar.CustomerFilter{})
			for _, c := range all {
				p := promiseOf(invoice, "U1", "400.00")
				p.Customer, p.Document = c.ID, 0
				_, created, err2 := tx.AddPromise(t.Context(), p)
				if err = errors.Join(err, err2); !created {
					t.Errorf("a promise of %s is not new", c.Name)
				}
			}
			return err
		})
		l.Change(t, mergeInto("c", "d"))
		b.Write(t, func(tx ar.Tx) error {
			stand, err := tx.Promises(t.Context(), ar.PromiseFilter{Standing: true})
			if err != nil {
				return err
			}
			if len(stand) != 2 || stand[0].Customer != stand[1].Customer {
				t.Fatalf("promises %+v, want two of one customer", stand)
			}
			_, created, err := tx.AddPromise(t.Context(), stand[0])
			if created {
				t.Error("the same promise said again is new")
			}
			return err
		})
	})
}

// A person has a form open while the ledger merges the customer away.
func TestActOnAMergedCustomer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l, invoice := invoiced(t, b)
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "d", Name: "Birch"}}})
		before := promiseOf(invoice, "U1", "400.00")
		before.Document = 0
		b.Write(t, func(tx ar.Tx) error {
			_, _, err := tx.AddPromise(t.Context(), before)
			return err
		})
		l.Change(t, mergeInto("c", "d"))
		b.Write(t, func(tx ar.Tx) error {
			kept, created, err := tx.AddPromise(t.Context(), before)
			if created || kept.Customer == before.Customer {
				t.Errorf("the same promise after the merge: %+v, created %t; want the one that moved", kept, created)
			}
			n, err2 := tx.AddNote(t.Context(), ar.Note{Customer: before.Customer, Text: "said so"})
			if n.Customer != kept.Customer {
				t.Errorf("a note on a merged customer is on %d, want %d", n.Customer, kept.Customer)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestActsThatAreNotThere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		var nowhere, noCustomer ar.Document
		nowhere.ID, noCustomer.Customer = 99, 99
		for _, c := range []struct {
			name string
			want error
			f    func(tx ar.Tx) error
		}{
			{"read promise", ar.ErrNoPromise, func(tx ar.Tx) error { _, err := tx.Promise(t.Context(), 99); return err }},
			{"put promise", ar.ErrNoPromise, func(tx ar.Tx) error { return tx.PutPromise(t.Context(), ar.Promise{ID: 99}) }},
			{"put verdict", ar.ErrNoPromise, func(tx ar.Tx) error { return tx.PutVerdict(t.Context(), ar.Verdict{Promise: 99}) }},
			{"read dispute", ar.ErrNoDispute, func(tx ar.Tx) error { _, err := tx.Dispute(t.Context(), 99); return err }},
			{"put dispute", ar.ErrNoDispute, func(tx ar.Tx) error { return tx.PutDispute(t.Context(), ar.Dispute{ID: 99}) }},
			{"dispute of nothing", ar.ErrNoDocument, func(tx ar.Tx) error {
				_, err := tx.AddDispute(t.Context(), ar.Dispute{Customer: invoice.Customer, Document: 99})
				return err
			}},
			{"dispute without a document", ar.ErrNoDocument, func(tx ar.Tx) error {
				_, err := tx.AddDispute(t.Context(), ar.Dispute{Customer: invoice.Customer})
				return err
			}},
			{"read note", ar.ErrNoNote, func(tx ar.Tx) error { _, err := tx.Note(t.Context(), 99); return err }},
			{"remove note", ar.ErrNoNote, func(tx ar.Tx) error { return tx.RemoveNote(t.Context(), 99) }},
			{"promise of nothing", ar.ErrNoDocument, func(tx ar.Tx) error {
				_, _, err := tx.AddPromise(t.Context(), promiseOf(nowhere, "U1", "1.00"))
				return err
			}},
			{"promise of nobody", ar.ErrNoCustomer, func(tx ar.Tx) error {
				_, _, err := tx.AddPromise(t.Context(), promiseOf(noCustomer, "U1", "1.00"))
				return err
			}},
			{"facts of nobody", ar.ErrNoCustomer, func(tx ar.Tx) error {
				return tx.PutContactFacts(t.Context(), ar.ContactFacts{Customer: 99})
			}},
		} {
			if err := b.Update(t.Context(), c.f); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
		b.Read(t, func(r ar.Reader) error {
			facts, err := r.ContactFacts(t.Context(), invoice.Customer)
			if diff := cmp.Diff(ar.ContactFacts{Customer: invoice.Customer}, facts, cmp.AllowUnexported(ar.Date{})); diff != "" {
				t.Errorf("facts that nobody told (-want +got):\n%s", diff)
			}
			return err
		})
	})
}
