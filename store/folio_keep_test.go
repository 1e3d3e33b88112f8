package store_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

// TestKeptSumsAreRightWhileLedgersAreRead lets two ledgers be written at once, with changes
// of what is long past, while others ask: in each state of the books that they see, the sums, which
// come of folios, are what an aging says, which comes of the documents. Each asker keeps
// what it has made.
func TestKeptSumsAreRightWhileLedgersAreRead(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		var ledgers []*storetest.Ledger
		for n := range 2 {
			ledgers = append(ledgers, b.Ledger(t, fmt.Sprint("ledger", n)))
		}
		var writers, askers sync.WaitGroup
		written := make(chan struct{})
		for range 2 {
			askers.Go(func() {
				for {
					askBoth(t, b)
					select {
					case <-written:
						return
					default:
					}
				}
			})
		}
		for n, l := range ledgers {
			writers.Go(func() { writeChanges(t, b, l, uint64(n)) })
		}
		writers.Wait()
		close(written)
		askers.Wait()
		askBoth(t, b) // keeps all of it
		askBoth(t, b)
	})
}

// writeChanges brings in invoices and changes them again, and what pays them.
func writeChanges(t *testing.T, b *storetest.Books, l *storetest.Ledger, seed uint64) {
	dice := rand.New(rand.NewPCG(seed, 0))
	var run ar.RunID
	if err := b.Update(t.Context(), func(tx ar.Tx) (err error) {
		run, err = tx.StartRun(t.Context(), ar.Run{Source: l.Source.ID})
		return err
	}); err != nil {
		t.Error(err)
		return
	}
	for range 40 {
		no := strconv.Itoa(dice.IntN(12))
		date := ar.NewDate(2026, 1, 1).AddDays(dice.IntN(300)).String()
		amount := strconv.Itoa(100 + dice.IntN(900))
		page := ar.Page{
			Customers: []ar.CustomerRecord{{External: "c", Name: "Customer"}},
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "i"+no, "c", date, "2026-06-30", amount), storetest.Doc(ar.Payment, "p"+no, "c", date, "", amount),
			},
			Applications: []ar.ApplicationRecord{storetest.Pays("a"+no, "p"+no, "i"+no, date, "50")},
		}
		if err := b.Update(t.Context(), func(tx ar.Tx) error {
			_, err := tx.PutPage(t.Context(), run, page)
			return err
		}); err != nil {
			t.Error(err)
			return
		}
	}
}

// askBoth compares sums with agings, in one state of the books.
func askBoth(t *testing.T, b *storetest.Books) {
	cuts := ar.MonthCuts(ar.NewDate(2026, 12, 15), 12)
	err := b.View(t.Context(), func(r ar.Reader) error {
		var opening, closing []ar.Aging
		sums, err := r.LedgerSums(t.Context(), ar.SumRule{Cuts: cuts}, ar.Everything())
		if err != nil {
			return err
		}
		for _, s := range sums {
			opening, closing = append(opening, s.Periods[7].Closing), append(closing, s.Closing())
		}
		for asOf, got := range map[ar.Date][]ar.Aging{cuts[8]: opening, cuts.AsOf(): closing} {
			rows, err := r.Aging(t.Context(), ar.AgingQuery{Rule: ar.NewAgingRule(asOf, ar.ByDueDate), Group: ar.WholeBook, Scope: ar.Everything()})
			if err != nil {
				return err
			}
			for n, row := range rows {
				if d := gocmp.Diff(row.Aging, got[n], gocmp.AllowUnexported(ar.Money{}, ar.Date{})); d != "" {
					t.Errorf("as of %s (-aging +sums)\n%s", asOf, d)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
