package fakeqbo_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/internal/fakeqbo"
)

func TestStepKeepsTheBooks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBooks()
		if rapid.Bool().Draw(rt, "currencies") {
			b.Configure(func(s *fakeqbo.Settings) { s.MultiCurrency = true })
			b.SetRate("EUR", "1.2345")
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		b.Grow(r, rapid.IntRange(5, 40).Draw(rt, "invoices"))
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			b.Step(r)
		}
		consistent(rt, b)
		balanced(rt, b)
	})
}

func TestStepDoesEverything(t *testing.T) {
	t.Parallel()
	b := newBooks()
	r := rand.New(rand.NewPCG(7, 1))
	b.Grow(r, 200)
	kinds := map[string]int{}
	for i := range 1500 {
		b.pass(time.Minute)
		kinds[b.Step(r)]++
		if i%100 == 0 {
			consistent(t, b)
		}
	}
	consistent(t, b)
	balanced(t, b)
	want(t, "kinds of change", len(kinds), 18)
}

func TestGrowIsRepeatable(t *testing.T) {
	t.Parallel()
	grown := func() fakeqbo.Truth {
		b := newBooks()
		b.Grow(rand.New(rand.NewPCG(3, 4)), 300)
		return b.Truth("")
	}
	one := grown()
	want(t, "the same seed", grown(), one)
	for _, entity := range []string{"Customer", "Invoice", "Payment", "CreditMemo", "JournalEntry", "Deposit", "RefundReceipt"} {
		if one.Counts[entity] == 0 {
			t.Errorf("the books have no %s", entity)
		}
	}
}

// Reading and changing at once is what a sync does: every answer is whole, and the
// books add up at the end.
func TestReadWhileChanging(t *testing.T) {
	t.Parallel()
	b := newBooks()
	r := rand.New(rand.NewPCG(5, 6))
	b.Grow(r, 300)
	var changing sync.WaitGroup
	changing.Go(func() {
		for range 400 {
			b.Step(r)
		}
	})
	for i := range 40 {
		b.serve(t, fmt.Sprintf("query?query=select+*+from+Invoice+orderby+Id+startposition+%d+maxresults+50", 1+i%4*50))
		b.serve(t, "query?query=select+*+from+Payment")
		b.serve(t, "cdc?entities=Invoice,Customer,Payment&changedSince=2026-11-20T00:00:00-08:00")
		b.serve(t, "reports/AgedReceivableDetail")
	}
	changing.Wait()
	consistent(t, b)
	balanced(t, b)
}
