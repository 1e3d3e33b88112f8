package fakeqbo_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkPage times a page of 1,000 documents of large books, in the ways that
// clients ask for one, and what else a sync asks for.
func BenchmarkPage(b *testing.B) {
	for _, n := range []int{20_000, 100_000} {
		books := newBooks()
		books.Grow(rand.New(rand.NewPCG(1, 2)), n)
		for name, path := range map[string]string{
			"by id":         "query?query=select+*+from+Invoice+orderby+Id+startposition+10001+maxresults+1000",
			"open by id":    "query?query=select+*+from+Invoice+where+Balance+>+'0'+orderby+Id+startposition+1001+maxresults+1000",
			"by change":     "query?query=select+*+from+Invoice+orderby+MetaData.LastUpdatedTime+startposition+10001+maxresults+1000",
			"without order": "query?query=select+*+from+Invoice+startposition+10001+maxresults+1000",
			"payments":      "query?query=select+*+from+Payment+orderby+Id+startposition+5001+maxresults+1000",
			"ids":           "query?query=select+Id+from+Invoice+orderby+Id+startposition+10001+maxresults+1000",
			"changes":       "cdc?entities=Invoice,Payment,CreditMemo,Customer&changedSince=2026-11-20T00:00:00-08:00",
			"summary":       "reports/AgedReceivables?report_date=2026-11-25",
			"detail":        "reports/AgedReceivableDetail?report_date=2026-11-25",
		} {
			b.Run(fmt.Sprint(n, "/", name), func(b *testing.B) {
				for b.Loop() {
					books.serve(b, path)
				}
			})
		}
	}
}

// BenchmarkGrow times the making of large books.
func BenchmarkGrow(b *testing.B) {
	for b.Loop() {
		newBooks().Grow(rand.New(rand.NewPCG(1, 2)), 20_000)
	}
}

// BenchmarkStep times a random change of large books.
func BenchmarkStep(b *testing.B) {
	books := newBooks()
	r := rand.New(rand.NewPCG(1, 2))
	books.Grow(r, 20_000)
	for b.Loop() {
		books.Step(r)
	}
}
