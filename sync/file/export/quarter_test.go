package export

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// company is one whose books a test keeps by hand, a day at a time.
type company struct {
	random *rand.Rand
	number int
	open   map[string]*item // by number
}

// live lets a day pass: invoices, payments of some of it and all of it, credits, and now
// and then a payment that bounces.
func (c *company) live(day ar.Date) {
	for range c.random.IntN(4) {
		c.number++
		amount := ar.NewMoney(int64(100+c.random.IntN(1_000_000)), "USD")
		it := &item{
			customer: fmt.Sprintf("Customer %02d", c.random.IntN(12)), number: fmt.Sprintf("%05d", c.number), kind: ar.Invoice,
			date: day, due: day.AddDays([]int{0, 15, 30}[c.random.IntN(3)]), amount: amount, open: amount,
		}
		if c.random.IntN(9) == 0 {
			it.kind, it.due, it.amount = ar.CreditMemo, day, amount.Neg()
			it.open = it.amount
		}
		c.open[it.number] = it
	}
	for _, number := range slices.Sorted(maps.Keys(c.open)) {
		switch it := c.open[number]; c.random.IntN(40) {
		case 0, 1:
			it.open = ar.NewMoney(0, "USD")
		case 2:
			it.open = ar.NewMoney(it.open.Minor()/2, "USD")
		case 3:
			it.open = it.amount // what was paid bounced
		}
	}
}

// report is the book as of a day.
func (c *company) report(day ar.Date) book {
	b := book{asOf: day, currency: "USD"}
	for _, number := range slices.Sorted(maps.Keys(c.open)) {
		if it := c.open[number]; !it.open.IsZero() {
			b.items = append(b.items, *it)
		}
	}
	slices.SortStableFunc(b.items, func(x, y item) int { return strings.Compare(x.customer, y.customer) })
	return b
}

// lines are the open items of a report, and which of them are overdue.
func (b book) lines() (lines []string) {
	for _, it := range b.items {
		lines = append(lines, openLine(it.number, it.open, it.due.Before(b.asOf)))
	}
	slices.Sort(lines)
	return lines
}

func openLine(number string, open ar.Money, overdue bool) string {
	return fmt.Sprintf("%s %s overdue %t", number, open, overdue)
}

// TestQuarterOfNightlyReports: each night's report gives that day's open items, whatever
// became of them later, and nothing is chased that was paid.
func TestQuarterOfNightlyReports(t *testing.T) {
	t.Parallel()
	plain := style{
		amount: func(m ar.Money) string { return m.Decimal() },
		date:   func(d ar.Date) string { return d.String() },
	}
	for seed, layout := range []string{"QuickBooks Online A/R Aging Detail", "QuickBooks Online Open Invoices", "Xero Aged Receivables Detail"} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			writer := writers[slices.IndexFunc(writers, func(w layoutWriter) bool { return w.name == layout })]
			c := &company{random: rand.New(rand.NewPCG(uint64(seed), 9)), open: map[string]*item{}}
			b := storetest.SQLite(t)
			engine := &arsync.Engine{Books: b, Now: b.Clock.Now, Logger: storetest.Quiet()}
			said, first := map[ar.Date][]string{}, map[string]ar.Date{}
			path := filepath.Join(t.TempDir(), "nightly.csv")
			start := ar.NewDate(2026, time.July, 1)
			for n := range 92 {
				day := start.AddDays(n)
				c.live(day)
				if n < 5 {
					continue // the first report comes when there is something
				}
				report := c.report(day)
				saveTable(t, path, writer.write(report, plain))
				s := &Source{Path: path, Ledger: "acme", Settings: Settings{Currency: "USD"}, Modified: day.AddDays(1).In(time.UTC), Zone: time.UTC}
				if _, err := engine.Sync(t.Context(), s, arsync.Options{}); err != nil {
					t.Fatalf("%s: %v", day, err)
				}
				said[day] = report.lines()
				wantLines(t, b, day, first, said[day])
				for _, it := range report.items {
					if _, seen := first[it.number]; !seen {
						first[it.number] = day
					}
				}
			}
			for day, lines := range said { // later reports changed no past day
				wantLines(t, b, day, first, lines)
			}
		})
	}
}

// wantLines compares what the books have open. What was paid before any report had it, and
// bounced later, is known since then only, by its own earlier date: first says since when.
func wantLines(t *testing.T, b *storetest.Books, asOf ar.Date, first map[string]ar.Date, want []string) {
	t.Helper()
	var got []string
	b.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: asOf, Scope: ar.Everything()})
		for _, i := range items {
			if since, ok := first[i.Number]; ok && since.After(asOf) {
				continue
			}
			got = append(got, openLine(i.Number, i.Open, i.Due.Before(asOf)))
		}
		return err
	})
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("open as of %s (-want +got):\n%s", asOf, diff)
	}
}

func saveTable(t *testing.T, path string, rows [][]string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
