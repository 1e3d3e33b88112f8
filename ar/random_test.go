package ar_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// ledger is a random history: documents of all kinds and states in two
// currencies, and applications between any two of one currency: early, late,
// too much, taken back.
type ledger struct {
	Documents    []ar.Document
	Applications []ar.Application
}

// center is the day around which random histories happen.
var center = ar.NewDate(2026, 11, 25)

func dateNear(spread int) *rapid.Generator[ar.Date] {
	return rapid.Map(rapid.IntRange(-spread, spread), center.AddDays)
}

func document(id ar.DocumentID) *rapid.Generator[ar.Document] {
	return rapid.Custom(func(t *rapid.T) ar.Document {
		d := ar.Document{
			ID:       id,
			External: fmt.Sprint(id),
			Kind:     rapid.SampledFrom([]ar.DocumentKind{ar.Invoice, ar.Invoice, ar.Invoice, ar.CreditMemo, ar.Payment, ar.Payment, ar.Refund, ar.Journal}).Draw(t, "kind"),
			Customer: ar.CustomerID(rapid.IntRange(1, 4).Draw(t, "customer")),
			Amount:   ar.NewMoney(rapid.Int64Range(-500, 2000).Draw(t, "amount"), rapid.SampledFrom([]ar.Currency{"USD", "EUR"}).Draw(t, "currency")),
			Date:     dateNear(150).Draw(t, "date"),
			Status:   rapid.SampledFrom([]ar.Status{ar.Posted, ar.Posted, ar.Posted, ar.Posted, ar.Void, ar.Draft, ar.Deleted}).Draw(t, "status"),
		}
		d.Due = d.Date.AddDays(rapid.IntRange(-5, 90).Draw(t, "terms"))
		return d
	})
}

func application(n int, documents []ar.Document) *rapid.Generator[ar.Application] {
	return rapid.Custom(func(t *rapid.T) ar.Application {
		to := rapid.SampledFrom(documents).Draw(t, "to")
		a := ar.Application{
			External: strconv.Itoa(n), To: to.ID, Kind: ar.ByWriteOff, Date: dateNear(170).Draw(t, "date"),
			Amount: ar.NewMoney(rapid.Int64Range(-300, 1500).Draw(t, "amount"), to.Amount.Currency()),
		}
		from := rapid.SampledFrom(documents).Draw(t, "from")
		if from.ID != to.ID && from.Amount.Currency() == to.Amount.Currency() {
			a.From, a.Kind = from.ID, rapid.SampledFrom([]ar.ApplicationKind{ar.ByPayment, ar.ByCredit}).Draw(t, "kind")
		}
		return a
	})
}

func randomLedger() *rapid.Generator[ledger] {
	return rapid.Custom(func(t *rapid.T) ledger {
		var l ledger
		for n := range rapid.IntRange(1, 25).Draw(t, "documents") {
			l.Documents = append(l.Documents, document(ar.DocumentID(n+1)).Draw(t, "document"))
		}
		for n := range rapid.IntRange(0, 25).Draw(t, "applications") {
			l.Applications = append(l.Applications, application(n+1, l.Documents).Draw(t, "application"))
		}
		return l
	})
}

func (l ledger) document(id ar.DocumentID) ar.Document {
	if id == 0 {
		return ar.Document{}
	}
	return l.Documents[id-1]
}

// counts reports whether both sides of an application count on a date.
func (l ledger) counts(a ar.Application, asOf ar.Date) bool {
	return l.document(a.To).Counts(asOf) && (a.From == 0 || l.document(a.From).Counts(asOf))
}

func (l ledger) open(t rapid.TB, asOf ar.Date) []ar.OpenItem {
	t.Helper()
	items, err := ar.OpenItems(l.Documents, l.Applications, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func randomRule() *rapid.Generator[ar.AgingRule] {
	return rapid.Custom(func(t *rapid.T) ar.AgingRule {
		edges := rapid.SliceOfNDistinct(rapid.IntRange(-10, 150), 0, 6, rapid.ID).Draw(t, "edges")
		slices.Sort(edges)
		return ar.AgingRule{
			AsOf:       dateNear(170).Draw(t, "as of"),
			Basis:      rapid.SampledFrom([]ar.Basis{ar.ByDueDate, ar.ByInvoiceDate}).Draw(t, "basis"),
			Edges:      edges,
			LedgerView: rapid.Bool().Draw(t, "ledger view"),
		}
	})
}

// totals sums open amounts by currency.
func totals(t rapid.TB, items []ar.OpenItem) map[ar.Currency]ar.Money {
	t.Helper()
	of := map[ar.Currency]ar.Money{}
	for _, i := range items {
		of[i.Open.Currency()] = sum(t, of[i.Open.Currency()], i.Open)
	}
	return of
}

func TestBucketsAreAPartition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, rule := randomLedger().Draw(t, "ledger"), randomRule().Draw(t, "rule")
		items := l.open(t, rule.AsOf)
		agings, err := ar.Age(items, rule)
		if err != nil {
			t.Fatal(err)
		}
		net := totals(t, items)
		if len(agings) != len(net) {
			t.Fatalf("%d agings of %d currencies", len(agings), len(net))
		}
		owed := 0
		for _, a := range agings {
			gross := sum(t, a.Buckets...)
			if got, err := a.Gross(); err != nil || got != gross {
				t.Fatalf("gross %s, %v; the buckets are %s", got, err, gross)
			}
			if got, err := a.Net(); err != nil || got != net[a.Currency] {
				t.Fatalf("net %s, %v; the open items are %s", got, err, net[a.Currency])
			}
			if rule.LedgerView && !a.Unapplied.IsZero() || a.Unapplied.Sign() < 0 {
				t.Fatalf("unapplied %s", a.Unapplied)
			}
			if over, err := a.Overdue(); err != nil || sum(t, over, a.Current()) != gross {
				t.Fatalf("current %s and overdue %s are not %s", a.Current(), over, gross)
			}
			owed += a.Items
		}
		if want := len(slices.DeleteFunc(items, func(i ar.OpenItem) bool { return !i.Owed() })); owed != want {
			t.Fatalf("%d items are owed, want %d", owed, want)
		}
	})
}

func TestEachItemIsInOneBucket(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, rule := randomLedger().Draw(t, "ledger"), randomRule().Draw(t, "rule")
		for _, i := range l.open(t, rule.AsOf) {
			agings, err := ar.Age([]ar.OpenItem{i}, rule)
			if err != nil || len(agings) != 1 {
				t.Fatal(agings, err)
			}
			from := i.Due
			if rule.Basis == ar.ByInvoiceDate || i.Open.Sign() < 0 {
				from = i.Date
			}
			days := rule.AsOf.Sub(from)
			for n, m := range agings[0].Buckets {
				in := (n == 0 || days > rule.Edges[n-1]) && (n == len(rule.Edges) || days <= rule.Edges[n])
				if !rule.LedgerView && i.Open.Sign() < 0 {
					in = false
				}
				if want := i.Open; in && m != want || !in && !m.IsZero() {
					t.Fatalf("%s of %d days: bucket %s of %v holds %s", i.Open, days, rule.Edges.Label(n), rule.Edges, m)
				}
			}
		}
	})
}

// TestARMovesByWhatHappened: A/R on a later date is A/R on an earlier one, plus
// the documents dated in between, less what was written off in between.
// Payments and credits move it when they are booked, not when they are applied.
func TestARMovesByWhatHappened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := randomLedger().Draw(t, "ledger")
		d1 := dateNear(170).Draw(t, "d1")
		d2 := d1.AddDays(rapid.IntRange(0, 120).Draw(t, "days"))
		moved := totals(t, l.open(t, d1))
		for _, d := range l.Documents {
			if d.Counts(d2) && !d.Counts(d1) {
				moved[d.Amount.Currency()] = sum(t, moved[d.Amount.Currency()], d.Effect())
			}
		}
		for _, a := range l.Applications {
			effective := ar.Latest(a.Date, l.document(a.To).Date)
			if a.From == 0 && l.document(a.To).Status == ar.Posted && effective.After(d1) && !effective.After(d2) {
				moved[a.Amount.Currency()] = sum(t, moved[a.Amount.Currency()], a.Amount.Neg())
			}
		}
		now := totals(t, l.open(t, d2))
		for _, c := range []ar.Currency{"USD", "EUR"} {
			if moved[c].Minor() != now[c].Minor() {
				t.Fatalf("%s: %s on %s and what happened up to %s make %s, but it is %s", c, totals(t, l.open(t, d1))[c], d1, d2, moved[c], now[c])
			}
		}
	})
}

// TestThePastStands: documents and applications dated later change nothing.
func TestThePastStands(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, asOf := randomLedger().Draw(t, "ledger"), dateNear(170).Draw(t, "as of")
		known := ledger{}
		for _, d := range l.Documents {
			if !d.Date.After(asOf) {
				known.Documents = append(known.Documents, d)
			}
		}
		for _, a := range l.Applications {
			if !a.Date.After(asOf) {
				known.Applications = append(known.Applications, a)
			}
		}
		if diff := cmp.Diff(known.open(t, asOf), l.open(t, asOf), exactly); diff != "" {
			t.Fatalf("without and with what came later (-without +with):\n%s", diff)
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, rule := randomLedger().Draw(t, "ledger"), randomRule().Draw(t, "rule")
		shuffled := ledger{
			Documents:    rapid.Permutation(l.Documents).Draw(t, "documents"),
			Applications: rapid.Permutation(l.Applications).Draw(t, "applications"),
		}
		byID := func(a, b ar.OpenItem) int { return int(a.ID - b.ID) }
		ordered, items := l.open(t, rule.AsOf), shuffled.open(t, rule.AsOf)
		want, err := ar.Age(ordered, rule)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ar.Age(items, rule)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, exactly); diff != "" {
			t.Fatalf("agings in two orders (-ordered +shuffled):\n%s", diff)
		}
		slices.SortFunc(ordered, byID)
		slices.SortFunc(items, byID)
		if diff := cmp.Diff(ordered, items, exactly); diff != "" {
			t.Fatalf("open items in two orders (-ordered +shuffled):\n%s", diff)
		}
	})
}

// TestOpenItemsLeavesItsInputAlone: neither slice is changed or kept.
func TestOpenItemsLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, asOf := randomLedger().Draw(t, "ledger"), dateNear(170).Draw(t, "as of")
		before := ledger{slices.Clone(l.Documents), slices.Clone(l.Applications)}
		items := l.open(t, asOf)
		for i := range items {
			items[i] = ar.OpenItem{}
		}
		if diff := cmp.Diff(before, l, exactly); diff != "" {
			t.Fatalf("the input (-before +after):\n%s", diff)
		}
	})
}

func TestToChaseIsNeverBelowZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 10_000)
		parts := make([]ar.Money, 4)
		for i := range parts {
			parts[i] = ar.NewMoney(amount.Draw(t, "amount"), "USD")
		}
		got, err := ar.ToChase(parts[0], parts[1], parts[2], parts[3])
		want := ar.NewMoney(max(0, parts[0].Minor()-parts[1].Minor()-parts[2].Minor()-parts[3].Minor()), "USD")
		if err != nil || got != want {
			t.Fatalf("to chase %s, %v; want %s of %v", got, err, want, parts)
		}
	})
}
