package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/store/storetest"
)

// compareRelatives holds the families of some customers equal to what the ledgers' plain
// values say.
func compareRelatives(ctx context.Context, t *rapid.T, r ar.Reader, want books, customers []ar.CustomerID) error {
	got, err := r.Relatives(ctx, customers)
	if err != nil {
		return err
	}
	top := func(c ar.CustomerID) ar.CustomerID {
		for path := []ar.CustomerID{c}; want.family[c] != 0; path = append(path, c) {
			c = want.family[c]
			if at := slices.Index(path, c); at >= 0 { // a circle
				return slices.Min(path[at:])
			}
		}
		return c
	}
	there := map[ar.CustomerID]bool{}
	for _, one := range got {
		there[one.ID] = true
		if want.family[one.ID] != one.Parent || one.Top != top(one.ID) {
			t.Fatalf("%+v in %v", one, want.family)
		}
	}
	tops := map[ar.CustomerID]bool{}
	for _, c := range customers {
		tops[top(c)] = true
	}
	for c := range want.owner {
		if tops[top(c)] != there[c] {
			t.Fatalf("the families of %d have %d: %t", customers, c, there[c])
		}
	}
	return nil
}

// compareVerdicts holds what is judged by the recent history equal to what is judged by
// the whole of it.
func compareVerdicts(ctx context.Context, t *rapid.T, r ar.Reader, customers []ar.CustomerID) error {
	whole, err := r.History(ctx, customers)
	if err != nil || len(customers) == 0 {
		return err
	}
	asOf := days.Draw(t, "judged")
	since := asOf
	var named []ar.DocumentID
	of := slices.Clone(customers) // a document beside those of the family brings its own
	promises := make([]ar.Promise, rapid.IntRange(1, 4).Draw(t, "promises"))
	for i := range promises {
		p := ar.Promise{ID: ar.PromiseID(i + 1), Customer: rapid.SampledFrom(customers).Draw(t, "promised by"), Made: ar.Act{On: days.Draw(t, "made")}}
		currency := ar.Currency("USD")
		if len(whole.Documents) > 0 && rapid.Bool().Draw(t, "of a document") {
			d := rapid.SampledFrom(whole.Documents).Draw(t, "document")
			p.Customer, p.Document, currency = d.Customer, d.ID, d.Amount.Currency()
			named, of = append(named, d.ID), append(of, d.Customer)
		}
		due := p.Made.On.AddDays(rapid.IntRange(0, 20).Draw(t, "days"))
		p.Parts = []ar.Instalment{{Amount: ar.NewMoney(rapid.Int64Range(1, 3000).Draw(t, "amount"), currency), Due: due}}
		if p.Made.On.Before(since) {
			since = p.Made.On
		}
		promises[i] = p
	}
	if whole, err = r.History(ctx, of); err != nil {
		return err
	}
	recent, err := r.RecentHistory(ctx, of, since, named)
	if err != nil {
		return err
	}
	want, err := ar.Judge(promises, whole, asOf, ar.Workdays{})
	if err != nil {
		return err
	}
	got, err := ar.Judge(promises, recent, asOf, ar.Workdays{})
	diff(t, fmt.Sprintf("verdicts as of %s on %+v, since %s", asOf, promises, since), want, got)
	return err
}

// A circle of parents, which no ledger should have, is a family too.
func TestRelativesInACircle(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{Customers: []ar.CustomerRecord{{External: "a", Name: "A"}, {External: "b", Name: "B", Parent: "a"}, {External: "c", Name: "C", Parent: "b"}}})
		l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "a", Name: "A", Parent: "b"}}})
		b.Read(t, func(r ar.Reader) error {
			all, err := r.Customers(t.Context(), ar.CustomerFilter{})
			if err != nil {
				return err
			}
			for _, c := range all {
				kin, err := r.Relatives(t.Context(), []ar.CustomerID{c.ID})
				if err != nil {
					return err
				}
				var names []ar.CustomerID
				for _, k := range kin {
					names = append(names, k.ID)
					if k.Top != all[0].ID || k.Source != c.Source {
						t.Errorf("%s: %+v", c.Name, k)
					}
				}
				if d := gocmp.Diff([]ar.CustomerID{all[0].ID, all[1].ID, all[2].ID}, names); d != "" {
					t.Errorf("%s (-want +got):\n%s", c.Name, d)
				}
			}
			return nil
		})
	})
}
