package ar_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/needs"
)

const (
	hledgerSeed  = 20261125 // another one gives other books
	hledgerBooks = 200
	booksPerCall = 50
	booksSize    = 60 // documents
)

// account is a customer's account in one currency of one book.
type account struct {
	book     int
	customer ar.CustomerID
	currency ar.Currency
}

func (a account) String() string { return fmt.Sprintf("ar:b%d:c%d:%s", a.book, a.customer, a.currency) }

// TestHledgerAgrees holds the ledger view of random books against hledger, to
// the cent, per customer, currency and bucket.
//
// A book becomes a journal of integer minor units. The first date of a posting
// is when it counts, the second the date from which the item ages: the due date
// for what raises A/R, the own date for credits. hledger then drops what does
// not count yet, and sums each bucket of the rest by the second date.
func TestHledgerAgrees(t *testing.T) {
	t.Parallel()
	program := needs.Hledger(t)
	batches := []ar.AgingRule{
		ar.NewAgingRule(center, ar.ByDueDate),
		ar.NewAgingRule(center.AddDays(-45), ar.ByDueDate),
		ar.NewAgingRule(center, ar.ByInvoiceDate),
		{AsOf: center.AddDays(20), Basis: ar.ByDueDate, Edges: ar.Edges{0, 7, 14, 45}},
	}
	if len(batches)*booksPerCall != hledgerBooks {
		t.Fatalf("%d batches of %d books are not %d", len(batches), booksPerCall, hledgerBooks)
	}
	for n, rule := range batches {
		rule.LedgerView = true
		t.Run(fmt.Sprintf("%s %s %s", rule.AsOf, rule.Basis, labels(rule.Edges)), func(t *testing.T) {
			t.Parallel()
			want, got := map[account][]int64{}, map[account][]int64{}
			var journal bytes.Buffer
			for book := n * booksPerCall; book < (n+1)*booksPerCall; book++ {
				l := decentLedger(rand.New(rand.NewPCG(hledgerSeed, uint64(book))))
				l.writeJournal(&journal, book, rule.Basis)
				ageByCustomer(t, got, book, l, rule)
			}
			file := filepath.Join(t.TempDir(), "books.journal")
			if err := os.WriteFile(file, journal.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			file = countedByHledger(t, program, file, rule.AsOf)
			for bucket := range rule.Edges.Count() {
				agedByHledger(t, want, program, file, rule, bucket)
			}
			open := named(want)
			if t.Logf("%d open accounts", len(open)); len(open) < 5*booksPerCall {
				t.Fatalf("hledger knows %d open accounts of %d books: too few to prove anything", len(open), booksPerCall)
			}
			if diff := cmp.Diff(open, named(got)); diff != "" {
				t.Errorf("seed %d, buckets of %s (-hledger +ours):\n%s", hledgerSeed, labels(rule.Edges), diff)
			}
		})
	}
}

// decentLedger is a random book such as ledgers allow: nothing is applied beyond
// what is left of either side. So an item never changes the side on which it
// ages, which is what a journal can say.
func decentLedger(r *rand.Rand) ledger {
	var l ledger
	for n := range booksSize {
		d := ar.Document{
			ID: ar.DocumentID(n + 1), Kind: pick(r, ar.Invoice, ar.Invoice, ar.Invoice, ar.Invoice, ar.CreditMemo, ar.Payment, ar.Payment, ar.Payment, ar.Refund, ar.Journal),
			Customer: ar.CustomerID(1 + r.IntN(5)), Date: center.AddDays(r.IntN(240) - 200),
			Amount: ar.NewMoney(1+r.Int64N(500_000), pick[ar.Currency](r, "USD", "USD", "EUR")),
			Status: pick(r, ar.Posted, ar.Posted, ar.Posted, ar.Posted, ar.Posted, ar.Posted, ar.Posted, ar.Void, ar.Draft, ar.Deleted),
		}
		if d.Kind == ar.Journal && r.IntN(2) == 0 {
			d.Amount = d.Amount.Neg()
		}
		d.Due = d.Date.AddDays(pick(r, 0, 0, 7, 15, 30, 30, 30, 60, 90, -3))
		l.Documents = append(l.Documents, d)
	}
	left := make([]int64, len(l.Documents))
	for n, d := range l.Documents {
		left[n] = d.Effect().Minor()
	}
	for n := range 2 * booksSize {
		from, to := r.IntN(booksSize), r.IntN(booksSize)
		a := ar.Application{
			External: strconv.Itoa(n), To: l.Documents[to].ID, Kind: ar.ByWriteOff, Date: center.AddDays(r.IntN(240) - 190),
		}
		most := left[to]
		if r.IntN(12) > 0 {
			if l.Documents[from].Amount.Currency() != l.Documents[to].Amount.Currency() {
				continue
			}
			a.From, a.Kind = l.Documents[from].ID, ar.ByPayment
			most = min(most, -left[from])
		}
		if most <= 0 {
			continue
		}
		amount := pick(r, most, most, 1+r.Int64N(most))
		a.Amount = ar.NewMoney(amount, l.Documents[to].Amount.Currency())
		left[to] -= amount
		if a.From != 0 {
			left[from] += amount
		}
		l.Applications = append(l.Applications, a)
	}
	return l
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// writeJournal writes what counts of the book: a transaction for each document,
// two for each application (one for a write-off).
func (l ledger) writeJournal(w *bytes.Buffer, book int, basis ar.Basis) {
	post := func(counts ar.Date, d ar.Document, minor int64) {
		ages := d.Date
		if basis == ar.ByDueDate && d.Effect().Sign() > 0 {
			ages = d.Due
		}
		fmt.Fprintf(w, "%s=%s d%d\n  %s  %d\n  other\n", counts, ages, d.ID, account{book, d.Customer, d.Amount.Currency()}, minor)
	}
	for _, d := range l.Documents {
		if d.Status == ar.Posted {
			post(d.Date, d, d.Effect().Minor())
		}
	}
	for _, a := range l.Applications {
		from, to := l.document(a.From), l.document(a.To)
		if to.Status != ar.Posted || a.From != 0 && from.Status != ar.Posted {
			continue
		}
		counts := a.Date
		for _, d := range []ar.Date{from.Date, to.Date} {
			if d.After(counts) {
				counts = d
			}
		}
		post(counts, to, -a.Amount.Minor())
		if a.From != 0 {
			post(counts, from, a.Amount.Minor())
		}
	}
}

func ageByCustomer(t *testing.T, into map[account][]int64, book int, l ledger, rule ar.AgingRule) {
	t.Helper()
	of := map[ar.CustomerID][]ar.OpenItem{}
	for _, i := range l.open(t, rule.AsOf) {
		of[i.Customer] = append(of[i.Customer], i)
	}
	for customer, items := range of {
		agings, err := ar.Age(items, rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range agings {
			for bucket, m := range a.Buckets {
				set(into, account{book, customer, a.Currency}, rule, bucket, m.Minor())
			}
		}
	}
}

// countedByHledger returns a journal of what counts on a date.
func countedByHledger(t *testing.T, program, file string, asOf ar.Date) string {
	t.Helper()
	out := hledger(t, program, "--file", file, "print", "--end", asOf.AddDays(1).String())
	counted := filepath.Join(t.TempDir(), "counted.journal")
	if err := os.WriteFile(counted, out, 0o600); err != nil {
		t.Fatal(err)
	}
	return counted
}

// agedByHledger puts the balances of one bucket into a map.
func agedByHledger(t *testing.T, into map[account][]int64, program, file string, rule ar.AgingRule, bucket int) {
	t.Helper()
	args := []string{"--file", file, "balance", "^ar:", "--flat", "--no-total", "--output-format", "csv", "--date2"}
	if bucket > 0 { // the end is the day after the last
		args = append(args, "--end", rule.AsOf.AddDays(-rule.Edges[bucket-1]).String())
	}
	if bucket < len(rule.Edges) {
		args = append(args, "--begin", rule.AsOf.AddDays(-rule.Edges[bucket]).String())
	}
	out := hledger(t, program, args...)
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatalf("what hledger wrote: %v", err)
	}
	for _, row := range rows[1:] { // the first are the names of the columns
		minor, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			t.Fatalf("hledger's balance of %s: %v", row[0], err)
		}
		var a account
		if _, err := fmt.Sscanf(strings.ReplaceAll(row[0], ":", " "), "ar b%d c%d %s", &a.book, &a.customer, &a.currency); err != nil {
			t.Fatalf("hledger's account %s: %v", row[0], err)
		}
		set(into, a, rule, bucket, minor)
	}
}

func hledger(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("hledger %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return out
}

func set(into map[account][]int64, a account, rule ar.AgingRule, bucket int, minor int64) {
	if into[a] == nil {
		into[a] = make([]int64, rule.Edges.Count())
	}
	into[a][bucket] = minor
}

// named drops accounts in which nothing is open and names the others.
func named(balances map[account][]int64) map[string][]int64 {
	of := map[string][]int64{}
	for a, buckets := range balances {
		if slices.ContainsFunc(buckets, func(minor int64) bool { return minor != 0 }) {
			of[a.String()] = buckets
		}
	}
	return of
}
