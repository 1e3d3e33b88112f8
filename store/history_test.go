package store_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/store/storetest"
)

// compareAccounts holds the history of some customers equal to what the ledgers' plain
// values say of them and those below them.
func compareAccounts(ctx context.Context, t *rapid.T, r ar.Reader, want books, customers []ar.CustomerID) error {
	history, err := r.History(ctx, customers)
	if err != nil {
		return err
	}
	got := withoutDeleted(history, customers, want.family)
	expected := withoutDeleted(want.history(customers), customers, want.family)
	diff(t, fmt.Sprintf("documents of %d", customers), documentNames(expected), documentNames(got))
	diff(t, fmt.Sprintf("applications of %d", customers), applicationNames(expected), applicationNames(got))
	for c := range want.owner {
		for top := range want.owner {
			if slices.Contains(customers, top) && got.Family.Under(c, top) != want.family.Under(c, top) {
				t.Fatalf("family of %d: %v, want %v", customers, got.Family, want.family)
			}
		}
	}
	if err := compareRelatives(ctx, t, r, want, customers); err != nil {
		return err
	}
	return compareVerdicts(ctx, t, r, customers)
}

// history is the oracle of Reader.History.
func (b books) history(customers []ar.CustomerID) (h ar.History) {
	holder := map[ar.DocumentID]ar.CustomerID{}
	for _, d := range b.documents {
		holder[d.ID] = d.Customer
	}
	under := func(id ar.DocumentID) bool {
		return slices.ContainsFunc(customers, func(top ar.CustomerID) bool { return id != 0 && b.family.Under(holder[id], top) })
	}
	wanted := map[ar.DocumentID]bool{}
	for _, a := range b.applications {
		if under(a.To) || under(a.From) {
			h.Applications = append(h.Applications, a)
			wanted[a.To], wanted[a.From] = true, true
		}
	}
	for _, d := range b.documents {
		if wanted[d.ID] || under(d.ID) {
			h.Documents = append(h.Documents, d)
		}
	}
	return h
}

// documentNames are documents as values without our ids, in order.
func documentNames(h ar.History) []ar.Document {
	all := slices.Clone(h.Documents)
	for i := range all {
		all[i].ID = 0
	}
	slices.SortFunc(all, func(a, b ar.Document) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.External, b.External))
	})
	return all
}

// applicationNames are applications, with their documents by name, in order.
func applicationNames(h ar.History) []string {
	names := map[ar.DocumentID]string{}
	for _, d := range h.Documents {
		names[d.ID] = string(ar.Ref{Kind: d.Kind, External: d.External}.Key())
	}
	all := make([]string, len(h.Applications))
	for i, a := range h.Applications {
		from, to := names[a.From], names[a.To]
		a.From, a.To = 0, 0
		all[i] = fmt.Sprintf("%+v: %s to %s", a, from, to)
	}
	slices.Sort(all)
	return all
}

// withoutDeleted leaves deleted documents out, and what is there because of them: what one
// said last, also whose it was, is open, since its record may be a stub.
func withoutDeleted(h ar.History, customers []ar.CustomerID, f ar.Family) ar.History {
	deleted := map[ar.DocumentID]bool{}
	for _, d := range h.Documents {
		deleted[d.ID] = d.Status == ar.Deleted
	}
	h.Applications = slices.DeleteFunc(slices.Clone(h.Applications), func(a ar.Application) bool { return deleted[a.From] || deleted[a.To] })
	h.Documents = slices.DeleteFunc(slices.Clone(h.Documents), func(d ar.Document) bool {
		applied := slices.ContainsFunc(h.Applications, func(a ar.Application) bool { return a.From == d.ID || a.To == d.ID })
		own := slices.ContainsFunc(customers, func(top ar.CustomerID) bool { return f.Under(d.Customer, top) })
		return deleted[d.ID] || !own && !applied
	})
	return h
}

// What a promise came to is judged by the history alone: it is kept by a payment, broken
// when that is void, and closed when the invoice is gone, wherever the account went.
func TestJudgedByTheBooks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l, invoice := invoiced(t, b)
		var promise ar.Promise
		b.Write(t, func(tx ar.Tx) (err error) {
			promise, _, err = tx.AddPromise(t.Context(), promiseOf(invoice, "U1", "400.00"))
			return err
		})
		verdict := func(want ar.PromiseState) {
			t.Helper()
			b.Read(t, func(r ar.Reader) error {
				p, err := r.Promise(t.Context(), promise.ID)
				if err != nil {
					return err
				}
				h, err := r.History(t.Context(), []ar.CustomerID{p.Customer})
				if err != nil {
					return err
				}
				v, err := ar.Judge([]ar.Promise{p}, h, storetest.Day("2026-12-20"), ar.Workdays{})
				if err == nil && v[0].State != want {
					t.Errorf("the promise is %s, want %s", v[0].State, want)
				}
				return err
			})
		}
		verdict(ar.PromiseBroken)
		payment := storetest.Doc(ar.Payment, "9", "c", "2026-12-03", "", "400.00")
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{payment}, Applications: []ar.ApplicationRecord{storetest.Pays("A", "9", "1", "2026-12-03", "400.00")}})
		verdict(ar.PromiseKept)
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "d", Name: "Birch"}}}, mergeInto("c", "d"))
		verdict(ar.PromiseKept)
		payment.Customer, payment.Status = "d", ar.Void
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{payment}})
		verdict(ar.PromiseBroken)
		l.Change(t, ar.Page{Documents: []ar.DocumentRecord{{Ref: ar.Ref{Kind: ar.Invoice, External: "1"}, Status: ar.Deleted}}})
		verdict(ar.PromiseClosed)
	})
}

// A parent pays, also the invoice of a stranger; one invoice is void, one application is
// taken back.
func TestHistory(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		void := storetest.Doc(ar.Invoice, "2", "site", "2026-10-01", "2026-10-31", "5.00")
		void.Status = ar.Void
		back := storetest.Pays("A3", "9", "1", "2026-11-03", "1.00")
		page := ar.Page{
			Customers: []ar.CustomerRecord{
				{External: "group", Name: "Group"},
				{External: "house", Name: "House", Parent: "group"},
				{External: "site", Name: "Site", Parent: "house"},
				{External: "other", Name: "Other"},
			},
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "1", "site", "2026-10-01", "2026-10-31", "5.00"), void,
				storetest.Doc(ar.Payment, "9", "group", "2026-11-02", "", "9.00"),
				storetest.Doc(ar.Invoice, "7", "other", "2026-10-01", "2026-10-31", "5.00"),
				storetest.Doc(ar.Invoice, "8", "other", "2026-10-01", "2026-10-31", "5.00"),
			},
			Applications: []ar.ApplicationRecord{
				storetest.Pays("A1", "9", "1", "2026-11-02", "4.00"), storetest.Pays("A2", "9", "7", "2026-11-02", "2.00"), back,
			},
		}
		l.Import(t, page)
		back.Deleted = true
		l.Change(t, ar.Page{Applications: []ar.ApplicationRecord{back}})
		for _, c := range []struct {
			name         string
			documents    []string
			applications int
			below        []string
		}{
			{"group", []string{"invoice/1", "invoice/2", "invoice/7", "payment/9"}, 2, []string{"group", "house", "site"}},
			{"house", []string{"invoice/1", "invoice/2", "payment/9"}, 1, []string{"house", "site"}},
			{"site", []string{"invoice/1", "invoice/2", "payment/9"}, 1, []string{"site"}},
			{"other", []string{"invoice/7", "invoice/8", "payment/9"}, 1, []string{"other"}},
		} {
			b.Read(t, func(r ar.Reader) error {
				ids := map[string]ar.CustomerID{}
				all, err := r.Customers(t.Context(), ar.CustomerFilter{})
				if err != nil {
					return err
				}
				for _, c := range all {
					ids[c.External] = c.ID
				}
				h, err := r.History(t.Context(), []ar.CustomerID{ids[c.name]})
				var documents, below []string
				for _, d := range documentNames(h) {
					documents = append(documents, string(ar.Ref{Kind: d.Kind, External: d.External}.Key()))
				}
				for _, x := range all {
					if h.Family.Under(x.ID, ids[c.name]) {
						below = append(below, x.External)
					}
				}
				if diff := gocmp.Diff(c.documents, documents); diff != "" {
					t.Errorf("documents of %s (-want +got):\n%s", c.name, diff)
				}
				if diff := gocmp.Diff(c.below, below); diff != "" {
					t.Errorf("family of %s (-want +got):\n%s", c.name, diff)
				}
				if len(h.Applications) != c.applications {
					t.Errorf("applications of %s: %+v, want %d", c.name, h.Applications, c.applications)
				}
				return err
			})
		}
		b.Read(t, func(r ar.Reader) error {
			h, err := r.History(t.Context(), nil)
			if len(h.Documents)+len(h.Applications) != 0 {
				t.Errorf("the history of nobody: %+v", h)
			}
			return err
		})
	})
}

// BenchmarkActs reads the history and the promises of one customer, of 100 and of all
// standing promises, in books of 100,000 invoices with 20,000 promises.
func BenchmarkActs(b *testing.B) {
	pages := bigLedger()
	for _, engine := range []struct {
		name string
		open func(testing.TB) *storetest.Books
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			books := engine.open(b)
			importPages(b, books, pages)
			customers := promiseMany(b, books)
			for _, n := range []int{1, 100} {
				b.Run(fmt.Sprint("history-of-", n), func(b *testing.B) {
					for i := 0; b.Loop(); i = (i + n) % (len(customers) - n) {
						books.Read(b, func(r ar.Reader) error {
							_, err := r.History(b.Context(), customers[i:i+n])
							return err
						})
					}
				})
			}
			dana := ar.OwnedBy("rep07@example.com")
			for _, f := range []struct {
				name   string
				filter func(i int) ar.PromiseFilter
			}{
				{"promises-of-1", func(i int) ar.PromiseFilter { return ar.PromiseFilter{Customers: customers[i%5000:][:1]} }},
				{"undecided", func(int) ar.PromiseFilter { return ar.PromiseFilter{Undecided: true} }},
				{"undecided-of-rep", func(int) ar.PromiseFilter { return ar.PromiseFilter{Undecided: true, Scope: &dana} }},
				{"due-this-week", func(int) ar.PromiseFilter {
					return ar.PromiseFilter{Standing: true, DueFrom: storetest.Day("2026-11-25"), DueTo: storetest.Day("2026-12-01")}
				}},
			} {
				b.Run(f.name, func(b *testing.B) {
					found := 0
					for i := 0; b.Loop(); i++ {
						books.Read(b, func(r ar.Reader) error {
							list, err := r.Promises(b.Context(), f.filter(i))
							found = len(list)
							return err
						})
					}
					b.ReportMetric(float64(found), "rows")
				})
			}
			b.Run("add-promise-with-audit", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					books.Write(b, func(tx ar.Tx) error {
						p := ar.Promise{Customer: customers[i%len(customers)], Made: ar.Act{By: fmt.Sprint("B", i, b.N)}, Parts: []ar.Instalment{{Amount: storetest.USD("1.00"), Due: storetest.Day("2026-12-04")}}}
						if _, _, err := tx.AddPromise(b.Context(), p); err != nil {
							return err
						}
						return tx.Audit(b.Context(), ar.AuditRecord{Actor: "U1", Action: "promise.record", Subject: "promise/1"})
					})
				}
			})
		})
	}
}

// promiseMany adds four promises for each customer, of which one is not judged yet.
func promiseMany(b *testing.B, books *storetest.Books) (customers []ar.CustomerID) {
	b.Helper()
	var owners []ar.OwnerAssignment
	books.Read(b, func(r ar.Reader) error {
		all, err := r.Customers(b.Context(), ar.CustomerFilter{})
		for _, c := range all {
			customers = append(customers, c.ID)
			owners = append(owners, ar.OwnerAssignment{Customer: c.ID, Owner: c.LedgerOwner, Why: "the ledger"})
		}
		return err
	})
	books.Write(b, func(tx ar.Tx) error {
		if err := tx.SetOwners(b.Context(), owners); err != nil {
			return err
		}
		for i, c := range customers {
			for n := range 4 {
				due := storetest.Day("2026-12-20").AddDays(-30*n - i%40)
				p := ar.Promise{
					Customer: c, Made: ar.Act{By: "U1", At: books.Clock.Now().Add(-time.Hour), On: due.AddDays(-10)},
					Parts: []ar.Instalment{{Amount: storetest.USD("1.00"), Due: due}},
				}
				kept, _, err := tx.AddPromise(b.Context(), p)
				if err == nil && n > 0 {
					err = tx.PutVerdict(b.Context(), ar.Verdict{Promise: kept.ID, Outcome: ar.Outcome{State: ar.PromiseKept}})
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return customers
}
