package sampleco_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/internal/sampleco"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var bundle = []string{"bundle.csv", "customers.csv", "documents.csv", "applications.csv", "totals.csv"}

// money lets cmp look into the values of ar, which are equal when == says so.
var money = cmp.Comparer(func(a, b ar.Money) bool { return a == b })

var dates = cmp.Comparer(func(a, b ar.Date) bool { return a == b })

// small is a company whose bundle can be read as a whole.
func small() sampleco.Options {
	return sampleco.Options{Seed: 7, Months: 6, Customers: 1, Invoices: 40}
}

func TestSameSeedSameBundle(t *testing.T) {
	t.Parallel()
	c := sampleco.New(small())
	dir := t.TempDir()
	if err := c.WriteBundle(dir, c.Today(), c.Today().In(time.UTC).Add(18*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, name := range bundle {
		got := read(t, filepath.Join(dir, name))
		golden := filepath.Join("testdata", "small", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(read(t, golden), got); diff != "" {
			t.Errorf("%s differs from %s (-golden +got; run with -update to accept):\n%s", name, golden, diff)
		}
	}
}

func TestOtherSeedOtherHistory(t *testing.T) {
	t.Parallel()
	a, b := sampleco.New(sampleco.Options{Seed: 1}), sampleco.New(sampleco.Options{Seed: 2})
	if cmp.Equal(a.Documents(), b.Documents(), money, dates) {
		t.Error("seeds 1 and 2 give the same documents")
	}
}

// TestBooksAreValid holds the books of many companies, on their day and on days
// after, to what a ledger guarantees.
func TestBooksAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := sampleco.New(sampleco.Options{
			Seed:     rapid.Uint64().Draw(rt, "seed"),
			Today:    ar.NewDate(2026, time.January, 1).AddDays(rapid.IntRange(0, 800).Draw(rt, "day")),
			Months:   rapid.IntRange(6, 14).Draw(rt, "months"),
			Invoices: rapid.IntRange(0, 200).Draw(rt, "invoices"),
		})
		for range 3 {
			checkBooks(t, rt, c)
			c.Advance(rapid.IntRange(1, 9).Draw(rt, "days"))
		}
	})
}

func checkBooks(t *testing.T, rt *rapid.T, c *sampleco.Company) {
	t.Helper()
	b := adopt(t, c)
	for _, d := range b.documents {
		switch {
		case d.Date.After(c.Today()):
			rt.Fatalf("%s %s is dated %s, after today, %s", d.Kind, d.External, d.Date, c.Today())
		case d.Date.Weekday() == time.Saturday || d.Date.Weekday() == time.Sunday:
			rt.Fatalf("%s %s is dated on a %s", d.Kind, d.External, d.Date.Weekday())
		case d.Amount.Sign() <= 0:
			rt.Fatalf("%s %s is over %s", d.Kind, d.External, d.Amount)
		case d.Due.Before(d.Date):
			rt.Fatalf("%s %s is due before its date", d.Kind, d.External)
		}
	}
	b.checkApplications(rt, c.Today())
}

// checkApplications replays every application and looks that neither side is
// ever used beyond its amount.
func (b books) checkApplications(rt *rapid.T, today ar.Date) {
	left := make(map[ar.DocumentID]int64, len(b.documents))
	for _, d := range b.documents {
		left[d.ID] = d.Amount.Minor()
	}
	for _, a := range b.applications {
		to := b.documents[a.To-1]
		if ar.Effect(to.Kind, to.Amount).Sign() < 0 {
			rt.Fatalf("application %s is to a %s", a.External, to.Kind)
		}
		if a.Amount.Sign() <= 0 || a.Amount.Currency() != to.Amount.Currency() || a.Date.After(today) {
			rt.Fatalf("application %s: %s on %s to %s", a.External, a.Amount, a.Date, to.Amount)
		}
		left[to.ID] -= a.Amount.Minor()
		if a.From == 0 {
			if a.Kind != ar.ByWriteOff {
				rt.Fatalf("application %s by %s comes from nothing", a.External, a.Kind)
			}
			continue
		}
		from := b.documents[a.From-1]
		wanted := ar.ByPayment
		if from.Kind == ar.CreditMemo {
			wanted = ar.ByCredit
		}
		if from.Status != ar.Posted || to.Status != ar.Posted || a.Kind != wanted || from.Amount.Currency() != a.Amount.Currency() {
			rt.Fatalf("application %s by %s from %s %s (%s) to %s (%s)", a.External, a.Kind, from.Kind, from.External, from.Status, to.Number, to.Status)
		}
		left[from.ID] -= a.Amount.Minor()
	}
	for id, minor := range left {
		if minor < 0 {
			rt.Fatalf("%s is applied beyond its amount by %d", b.documents[id-1].Label(), -minor)
		}
	}
}

// TestControlAccountAgreesWithOpenItems compares the two books that a company
// keeps, today and as of days before.
func TestControlAccountAgreesWithOpenItems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := sampleco.New(sampleco.Options{Seed: rapid.Uint64().Draw(rt, "seed"), Invoices: 250})
		c.Advance(rapid.IntRange(0, 20).Draw(rt, "days"))
		asOf := c.Today().AddDays(-rapid.IntRange(0, 300).Draw(rt, "days back"))
		b := adopt(t, c)
		items, err := ar.OpenItems(b.documents, b.applications, asOf)
		if err != nil {
			rt.Fatal(err)
		}
		for _, i := range items {
			if i.Open.Sign() != i.Effect().Sign() {
				rt.Fatalf("as of %s %s over %s is open with %s", asOf, i.Label(), i.Amount, i.Open)
			}
		}
		agings, err := ar.Age(items, ar.NewAgingRule(asOf, ar.ByDueDate))
		if err != nil {
			rt.Fatal(err)
		}
		var net []ar.Money
		for _, a := range agings {
			sum, err := a.Net()
			if err != nil {
				rt.Fatal(err)
			}
			net = append(net, sum)
		}
		// An account that is settled to the cent has no open items, but still
		// a balance: 0.
		ledger := slices.DeleteFunc(c.Receivables(asOf), ar.Money.IsZero)
		if diff := cmp.Diff(slices.DeleteFunc(net, ar.Money.IsZero), ledger, money, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("as of %s (-open items +control account):\n%s", asOf, diff)
		}
	})
}

func TestDaysOneByOneOrAtOnce(t *testing.T) {
	t.Parallel()
	atOnce, oneByOne := sampleco.New(sampleco.Options{Seed: 3}), sampleco.New(sampleco.Options{Seed: 3})
	before := len(atOnce.Documents())
	atOnce.Advance(5)
	for range 5 {
		oneByOne.Advance(1)
	}
	if len(atOnce.Documents()) == before {
		t.Error("nothing happened in five days")
	}
	for _, diff := range []string{
		cmp.Diff(atOnce.Today(), oneByOne.Today(), dates),
		cmp.Diff(atOnce.Customers(), oneByOne.Customers()),
		cmp.Diff(atOnce.Documents(), oneByOne.Documents(), money, dates),
		cmp.Diff(atOnce.Applications(), oneByOne.Applications(), money, dates),
	} {
		if diff != "" {
			t.Errorf("-at once +one by one:\n%s", diff)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
