package store_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/store/storetest"
)

// TestWeeklySumsEqualTheFold holds how the overdue moved and what terms were given equal
// to the fold in ar, on random books, for each scope and any two dates.
func TestWeeklySumsEqualTheFold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		wipe := wiper(t, b)
		rapid.Check(t, func(rt *rapid.T) {
			wipe()
			l := newRandomLedger(t, b, "a")
			for step := range rapid.IntRange(1, 3).Draw(rt, "steps") {
				l.step(rt, step)
				b.Clock.Add(time.Hour)
			}
			want := fold(&l.model)
			from, to := days.Draw(rt, "from"), days.Draw(rt, "to")
			if to.Before(from) {
				from, to = to, from
			}
			if rapid.Bool().Draw(rt, "much later") { // for what is more than 90 days late
				to = to.AddDays(ar.OldDays)
			}
			scope := scopes.Draw(rt, "scope")
			b.Read(t, func(r ar.Reader) error {
				if err := compareChanges(rt, r, want, from, to, scope); err != nil {
					return err
				}
				return compareTerms(rt, r, want, &l.model, from, to, scope)
			})
		})
	})
}

func compareChanges(t *rapid.T, r ar.Reader, want books, from, to ar.Date, scope ar.Scope) error {
	moves, err := want.moves(from, to, scope)
	if err != nil {
		return err
	}
	expected, err := ar.OverdueChanges(moves, from, to)
	if err != nil {
		return err
	}
	for i := range expected {
		expected[i].Name, expected[i].Owner = want.name[expected[i].Customer], want.owner[expected[i].Customer]
	}
	got, err := r.OverdueChanges(t.Context(), from, to, scope)
	if err != nil {
		return err
	}
	diff(t, fmt.Sprintf("changes %s to %s", from, to), expected, got)
	for _, c := range got {
		sum, err := ar.Sum(c.Before, c.Newly, c.Paid.Neg(), c.Credited.Neg(), c.WrittenOff.Neg())
		if err != nil || sum != c.After {
			t.Fatalf("%+v does not close: %s, %v", c, sum, err)
		}
	}
	return nil
}

func compareTerms(t *rapid.T, r ar.Reader, want books, m *model, from, to ar.Date, scope ar.Scope) error {
	terms := map[ar.CustomerID]string{}
	for external, id := range m.ids {
		terms[id] = m.customers[external].Terms
	}
	type key struct {
		terms, currency string
		date            ar.Date
	}
	sums := map[key]ar.TermsGiven{}
	for _, d := range want.documents {
		if d.Kind != ar.Invoice || d.Status != ar.Posted || !d.Date.After(from) || d.Date.After(to) || !scope.Covers(want.owner[d.Customer]) {
			continue
		}
		k := key{terms[d.Customer], string(d.Amount.Currency()), d.Date}
		g, known := sums[k]
		if !known {
			g = ar.TermsGiven{Terms: k.terms, Date: d.Date, Currency: d.Amount.Currency(), Amount: ar.NewMoney(0, d.Amount.Currency())}
		}
		g.Invoices++
		g.Granted.Add(d.Amount, d.Due.Sub(d.Date))
		var err error
		if g.Amount, err = g.Amount.Add(d.Amount); err != nil {
			return err
		}
		sums[k] = g
	}
	var expected []string
	for _, g := range sums {
		expected = append(expected, fmt.Sprint(g.Terms, g.Date, g.Currency, g.Invoices, g.Amount, g.Granted.Int()))
	}
	got, err := r.TermsGiven(t.Context(), from, to, scope)
	if err != nil {
		return err
	}
	var lines []string
	for _, g := range got {
		lines = append(lines, fmt.Sprint(g.Terms, g.Date, g.Currency, g.Invoices, g.Amount, g.Granted.Int()))
	}
	for _, list := range [][]string{expected, lines} {
		slices.SortFunc(list, cmp.Compare[string])
	}
	diff(t, fmt.Sprintf("terms %s to %s", from, to), expected, lines)
	return nil
}
