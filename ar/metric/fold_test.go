package metric_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/ar/metric"
)

// ledger is a random history: documents of all kinds and states in two currencies, and
// applications between any two of one currency.
type ledger struct {
	documents    []ar.Document
	applications []ar.Application
}

var center = ar.NewDate(2026, 11, 25)

func dateNear(t *rapid.T, days int, label string) ar.Date {
	return center.AddDays(rapid.IntRange(-days, days).Draw(t, label))
}

func drawDocument(t *rapid.T, id int) ar.Document {
	d := ar.Document{
		ID: ar.DocumentID(id), External: strconv.Itoa(id), Source: 1,
		Kind: rapid.SampledFrom([]ar.DocumentKind{
			ar.Invoice, ar.Invoice, ar.Invoice, ar.CreditMemo, ar.Payment, ar.Payment, ar.Refund, ar.Journal,
		}).Draw(t, "kind"),
		Customer: 1,
		Amount:   ar.NewMoney(rapid.Int64Range(-500, 2000).Draw(t, "amount"), rapid.SampledFrom([]ar.Currency{"USD", "EUR"}).Draw(t, "currency")),
		Date:     dateNear(t, 150, "date"),
		Terms:    rapid.SampledFrom([]string{"", "Net 30", "Net 60"}).Draw(t, "terms"),
		Status:   rapid.SampledFrom([]ar.Status{ar.Posted, ar.Posted, ar.Posted, ar.Posted, ar.Void, ar.Draft, ar.Deleted}).Draw(t, "status"),
	}
	if d.Amount.Currency() == "EUR" {
		d.Rate = rapid.SampledFrom([]ar.Rate{"1.1", "1.0525", "0.99"}).Draw(t, "rate")
	}
	d.Due = d.Date.AddDays(rapid.IntRange(-5, 90).Draw(t, "due"))
	return d
}

func drawApplication(t *rapid.T, n int, documents []ar.Document) ar.Application {
	to := rapid.SampledFrom(documents).Draw(t, "to")
	a := ar.Application{
		External: strconv.Itoa(n), To: to.ID, Date: dateNear(t, 170, "date"),
		Kind:   rapid.SampledFrom([]ar.ApplicationKind{ar.ByPayment, ar.ByPayment, ar.ByCredit, ar.ByWriteOff}).Draw(t, "kind"),
		Amount: ar.NewMoney(rapid.Int64Range(-300, 1500).Draw(t, "amount"), to.Amount.Currency()),
	}
	if rapid.Bool().Draw(t, "in full") {
		a.Amount = to.Effect()
	}
	from := rapid.SampledFrom(documents).Draw(t, "from")
	if from.ID != to.ID && from.Amount.Currency() == to.Amount.Currency() && rapid.IntRange(0, 3).Draw(t, "entry") > 0 {
		a.From = from.ID
	}
	return a
}

func drawLedger(t *rapid.T) ledger {
	var l ledger
	for n := range rapid.IntRange(1, 20).Draw(t, "documents") {
		l.documents = append(l.documents, drawDocument(t, n+1))
	}
	for n := range rapid.IntRange(0, 20).Draw(t, "applications") {
		l.applications = append(l.applications, drawApplication(t, n+1, l.documents))
	}
	return l
}

func drawCuts(t *rapid.T) ar.Cuts {
	asOf := dateNear(t, 160, "as of")
	if rapid.Bool().Draw(t, "weekly") {
		return ar.WeekCuts(asOf, rapid.IntRange(1, 9).Draw(t, "weeks"))
	}
	return ar.MonthCuts(asOf, rapid.IntRange(1, 9).Draw(t, "months"))
}

// fold puts a history through a fold. Owner and segment follow from the document.
func (l ledger) fold(t rapid.TB, rule ar.SumRule) []metric.Book {
	t.Helper()
	f, err := metric.NewFold(rule)
	if err != nil {
		t.Fatal(err)
	}
	for r := range metric.Rows(l.documents, l.applications) {
		r.Company = "one"
		r.Owner = fmt.Sprint("owner ", r.Document.ID%3)
		r.Segment = fmt.Sprint("segment ", r.Document.ID%2)
		if err := f.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return metric.Books(f.Sums())
}

// agings is what ar says is open in a currency.
func (l ledger) aging(t rapid.TB, asOf ar.Date, c ar.Currency) ar.Aging {
	t.Helper()
	items, err := ar.OpenItems(l.documents, l.applications, asOf)
	if err != nil {
		t.Fatal(err)
	}
	rule := ar.NewAgingRule(asOf, ar.ByDueDate)
	all, err := ar.Age(items, rule)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.Currency == c {
			return a
		}
	}
	return ar.NewAging(c, rule.Edges)
}

var exact = cmp.AllowUnexported(ar.Money{}, ar.Date{}, ar.AmountDays{})

// TestFoldAgreesWithTheLedger: what the fold has open at each cut is what ar has, by
// bucket, in random books.
func TestFoldAgreesWithTheLedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		for _, b := range l.fold(t, ar.SumRule{Cuts: drawCuts(t)}) {
			if diff := cmp.Diff(l.aging(t, b.Periods[0].After, b.Currency), b.Opening, exact); diff != "" {
				t.Fatalf("opening (-ledger +fold):\n%s", diff)
			}
			for _, p := range b.Periods {
				if diff := cmp.Diff(l.aging(t, p.To, b.Currency), p.Closing, exact); diff != "" {
					t.Fatalf("%s (-ledger +fold):\n%s", p.To, diff)
				}
			}
		}
	})
}

// TestBridgeBalances: what moved leads from each A/R to the next, to the cent, with no
// remainder.
func TestBridgeBalances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		minor := rapid.Int64Range(-5000, 5000).Draw(t, "said")
		for _, b := range l.fold(t, ar.SumRule{Cuts: drawCuts(t)}) {
			for n := range b.Periods {
				w, err := b.Until(n + 1).Window(rapid.IntRange(1, n+1).Draw(t, "periods"))
				if err != nil {
					t.Fatal(err)
				}
				bridge, err := w.Bridge()
				if err != nil {
					t.Fatal(err)
				}
				if change := minus(t, bridge.Closing, bridge.Opening); change != net(t, w.Flow) {
					t.Fatalf("A/R changed by %s, what moved comes to %s", change, net(t, w.Flow))
				}
				if !bridge.Balanced() || !bridge.FX.IsZero() || !bridge.Earlier.IsZero() {
					t.Fatalf("the bridge doesn't lead over: %+v", bridge)
				}
				said := ar.NewMoney(minor, b.Currency)
				if bridge, err = bridge.Said(said); err != nil || !bridge.Balanced() || bridge.Opening != said {
					t.Fatalf("from what was said (%v): %+v", err, bridge)
				}
			}
		}
	})
}

// TestSlicesAddUp: in each dimension the slices add up to the whole.
func TestSlicesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		whole := map[ar.Currency]metric.Window{}
		sum := map[ar.Slice]metric.Window{}
		cuts := drawCuts(t)
		by := []ar.Dimension{ar.PerBook, ar.PerCompany, ar.PerOwner, ar.PerSegment, ar.PerTerms}
		for _, b := range l.fold(t, ar.SumRule{Cuts: cuts, By: by}) {
			w, err := b.Window(len(b.Periods))
			if err != nil {
				t.Fatal(err)
			}
			if b.By == ar.PerBook {
				whole[b.Currency] = w
				continue
			}
			s := ar.Slice{By: b.By, Currency: b.Currency}
			w.Slice = ar.Slice{Currency: b.Currency}
			if before, ok := sum[s]; ok {
				w = plus(t, before, w)
			}
			sum[s] = w
		}
		if want := len(whole) * (len(by) - 1); len(sum) != want {
			t.Fatalf("%d sums of slices, want %d", len(sum), want)
		}
		for s, w := range sum {
			if diff := cmp.Diff(whole[s.Currency], w, exact); diff != "" {
				t.Fatalf("by %s (-whole +sum):\n%s", s.By, diff)
			}
		}
	})
}

func minus(t *rapid.T, a, b ar.Money) ar.Money {
	difference, err := a.Sub(b)
	if err != nil {
		t.Fatal(err)
	}
	return difference
}

func net(t *rapid.T, f ar.Flow) ar.Money {
	sum, err := f.Net()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func plus(t *rapid.T, a, b metric.Window) metric.Window {
	var err error
	if a.Opening, err = a.Opening.Plus(b.Opening); err != nil {
		t.Fatal(err)
	}
	if a.Closing, err = a.Closing.Plus(b.Closing); err != nil {
		t.Fatal(err)
	}
	if err := a.AddSum(b.Flow); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestPastIsUnchanged: what happens after the as-of date changes no figure.
func TestPastIsUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		cuts := drawCuts(t)
		asOf := cuts[len(cuts)-1]
		then := ledger{
			documents:    slices.DeleteFunc(slices.Clone(l.documents), func(d ar.Document) bool { return d.Date.After(asOf) }),
			applications: slices.DeleteFunc(slices.Clone(l.applications), func(a ar.Application) bool { return a.Date.After(asOf) }),
		}
		rule := ar.SumRule{Cuts: cuts}
		if diff := cmp.Diff(then.fold(t, rule), l.fold(t, rule), exact); diff != "" {
			t.Fatalf("books (-then +now):\n%s", diff)
		}
	})
}

// TestPaidIdentity: days to pay less weighted terms are days beyond terms, of the same
// invoices; and what is clamped is never less than what is signed.
func TestPaidIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p ar.PaidSums
		signed := ar.AmountDays{}
		for range rapid.IntRange(1, 9).Draw(t, "invoices") {
			amount := ar.NewMoney(rapid.Int64Range(1, 1_000_000).Draw(t, "amount"), "USD")
			issued, due, paid := dateNear(t, 50, "issued"), dateNear(t, 50, "due"), dateNear(t, 50, "paid")
			if err := p.Add(amount, issued, due, paid); err != nil {
				t.Fatal(err)
			}
			signed.Add(amount, paid.Sub(due))
		}
		beyond, _ := metric.DaysBeyondTerms(p).Value()
		late, _ := metric.AverageLateness(p).Value()
		amount := p.Amount.Minor()
		if got := beyond.Mul(beyond, metricRat(amount)); got.Cmp(metricInt(signed.Int())) != 0 {
			t.Fatalf("days beyond terms x amount = %s, want %s", got, signed.Int())
		}
		if beyond, _ = metric.DaysBeyondTerms(p).Value(); late.Cmp(beyond) < 0 {
			t.Fatalf("average lateness %s is below days beyond terms %s", late, beyond)
		}
	})
}

func TestFoldNeedsRisingCuts(t *testing.T) {
	t.Parallel()
	for _, cuts := range []ar.Cuts{nil, {center}, {center, center.AddDays(-1)}} {
		if _, err := metric.NewFold(ar.SumRule{Cuts: cuts}); err == nil {
			t.Errorf("cuts %v are no error", cuts)
		}
	}
}
