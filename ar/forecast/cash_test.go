package forecast_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
	"arbot/ar/forecast"
)

var monday = ar.NewDate(2026, 11, 23)

var exact = cmp.AllowUnexported(ar.Money{}, ar.Date{})

// openBook are the invoices of a history that were open on a morning.
func openBook(history []forecast.Invoice, asOf ar.Date) []forecast.Item {
	var open []forecast.Item
	for _, i := range history {
		if i.Issued.Before(asOf) && !i.Settled.Before(asOf) {
			i.Settled = ar.Date{}
			open = append(open, forecast.Item{Invoice: i})
		}
	}
	return open
}

func drawItem(t *rapid.T) forecast.Item {
	c := rapid.SampledFrom([]ar.Currency{"USD", "EUR"}).Draw(t, "currency")
	amount := func(label string) ar.Money { return ar.NewMoney(rapid.Int64Range(-10, 2000).Draw(t, label), c) }
	due := monday.AddDays(rapid.IntRange(-300, 90).Draw(t, "due"))
	i := forecast.Item{
		Invoice: forecast.Invoice{
			ID: 1, Customer: ar.CustomerID(rapid.IntRange(1, 99).Draw(t, "customer")), Issued: due.AddDays(-30), Due: due, Amount: amount("open"),
		},
		Disputed: amount("disputed"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "promises") {
		i.Promises = append(i.Promises, forecast.Promise{
			On: monday.AddDays(rapid.IntRange(-5, 120).Draw(t, "on")), Amount: amount("promised"), Kept: rapid.Float64Range(-0.2, 1.2).Draw(t, "kept"),
		})
	}
	return i
}

// TestForecastAddsUp: the weeks, what comes later and what is disputed are what is
// open, to the cent, and none is below 0.
func TestForecastAddsUp(t *testing.T) {
	t.Parallel()
	m := forecast.Train(madeUp(3, 20), monday, forecast.DefaultKappa)
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(drawItem), 0, 12).Draw(t, "items")
		open := map[ar.Currency]int64{}
		for _, i := range items {
			open[i.Amount.Currency()] += max(0, i.Amount.Minor())
		}
		cash, err := m.Cash(forecast.Book{Open: items}, rapid.IntRange(4, 13).Draw(t, "weeks"))
		if err != nil {
			t.Fatal(err)
		}
		if len(cash) != len(open) {
			t.Fatalf("%d forecasts of %d currencies", len(cash), len(open))
		}
		for _, c := range cash {
			parts := []ar.Money{c.Later, c.Disputed}
			for _, w := range c.Weeks {
				parts = append(parts, w.Open)
			}
			for _, p := range parts {
				if p.Sign() < 0 || p.Currency() != c.Currency {
					t.Fatalf("a part of the forecast in %s is %s", c.Currency, p)
				}
			}
			sum, err := ar.Sum(parts...)
			if err != nil || sum.Minor() != open[c.Currency] {
				t.Fatalf("the forecast in %s adds up to %s (%v), open is %d", c.Currency, sum, err, open[c.Currency])
			}
		}
	})
}

// TestExpectationIsInOrder: early, likely, late; never before the morning.
func TestExpectationIsInOrder(t *testing.T) {
	t.Parallel()
	m := forecast.Train(madeUp(3, 20), monday, forecast.DefaultKappa)
	rapid.Check(t, func(t *rapid.T) {
		e := m.Expect(rapid.Custom(drawItem).Draw(t, "item"))
		if e.Early.IsZero() || e.Early.Before(monday) || !e.Likely.IsZero() && e.Likely.Before(e.Early) || !e.Late.IsZero() && e.Late.Before(e.Likely) {
			t.Fatalf("expected %+v", e)
		}
	})
}

// TestForecastKnowsNoFuture: what became known since changes nothing, nor does the
// order of the history.
func TestForecastKnowsNoFuture(t *testing.T) {
	t.Parallel()
	asOf := ar.NewDate(2026, 6, 1)
	history := madeUp(5, 20)
	var then []forecast.Invoice
	for _, i := range history {
		if !i.Issued.Before(asOf) && !i.Settled.Before(asOf) {
			continue
		}
		if !i.Settled.Before(asOf) {
			i.Settled = ar.Date{}
		}
		then = append(then, i)
	}
	random := rand.New(rand.NewPCG(1, 1))
	random.Shuffle(len(then), func(a, b int) { then[a], then[b] = then[b], then[a] })
	book := forecast.Book{Open: openBook(history, asOf), Recent: history}
	var said [][]forecast.Cash
	for _, h := range [][]forecast.Invoice{history, then} {
		cash, err := forecast.Train(h, asOf, forecast.DefaultKappa).Cash(book, 8)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, cash)
	}
	if diff := cmp.Diff(said[0], said[1], exact); diff != "" {
		t.Errorf("forecasts (-with the future +as it was):\n%s", diff)
	}
}

// TestSlowPayersAreExpectedLater, each by the own history.
func TestSlowPayersAreExpectedLater(t *testing.T) {
	t.Parallel()
	var history []forecast.Invoice
	for n := range 60 {
		due := monday.AddDays(-60 - n)
		history = append(history,
			forecast.Invoice{Customer: 1, Issued: due.AddDays(-30), Due: due, Settled: due.AddDays(1), Amount: usd(t, "10")},
			forecast.Invoice{Customer: 2, Issued: due.AddDays(-30), Due: due, Settled: due.AddDays(20), Amount: usd(t, "10")})
	}
	m := forecast.Train(history, monday, forecast.DefaultKappa)
	expect := func(c ar.CustomerID, due ar.Date) forecast.Expectation {
		return m.Expect(forecast.Item{Invoice: forecast.Invoice{Customer: c, Issued: due.AddDays(-30), Due: due, Amount: usd(t, "10")}})
	}
	due := monday.AddDays(5)
	if got, want := expect(1, due).Likely, due.AddDays(1); got != want {
		t.Errorf("the fast one is expected on %s, want %s", got, want)
	}
	if got, want := expect(2, due).Likely, due.AddDays(20); got != want {
		t.Errorf("the slow one is expected on %s, want %s", got, want)
	}
	// Overdue by ten days already: the days that passed are known.
	if got, want := expect(2, monday.AddDays(-10)).Likely, monday.AddDays(10); got != want {
		t.Errorf("the slow one that is overdue is expected on %s, want %s", got, want)
	}
}

// TestPromises are discounted by how well they're kept; disputed parts stand apart.
func TestPromises(t *testing.T) {
	t.Parallel()
	history := madeUp(3, 20)
	m := forecast.Train(history, monday, forecast.DefaultKappa)
	item := func(disputed string, promises ...forecast.Promise) forecast.Item {
		due := monday.AddDays(200)
		return forecast.Item{
			Invoice:  forecast.Invoice{ID: 1, Customer: 1, Issued: monday.AddDays(-1), Due: due, Amount: usd(t, "1000")},
			Disputed: usd(t, disputed), Promises: promises,
		}
	}
	friday := monday.AddDays(11) // of the second week
	promise := func(amount string, kept float64) forecast.Promise {
		return forecast.Promise{On: friday, Amount: usd(t, amount), Kept: kept}
	}
	tests := []struct {
		name                   string
		item                   forecast.Item
		second, disputed, rest string
		likely                 ar.Date
	}{
		{"kept always", item("0", promise("1000", 1)), "1000.00", "0.00", "0.00", friday},
		{"kept three times of four", item("0", promise("1000", 0.75)), "750.00", "0.00", "250.00", friday},
		{"of a part", item("0", promise("400", 0.5)), "200.00", "0.00", "800.00", ar.Date{}},
		{"of more than there is", item("0", promise("5000", 1)), "1000.00", "0.00", "0.00", friday},
		{"of two parts", item("0", promise("400", 1), promise("600", 0.5)), "700.00", "0.00", "300.00", ar.Date{}},
		{"partly disputed", item("300", promise("1000", 1)), "700.00", "300.00", "0.00", friday},
		{"wholly disputed", item("1000", promise("1000", 1)), "0.00", "1000.00", "0.00", ar.Date{}},
		{"broken already", item("0", forecast.Promise{On: monday.AddDays(-1), Amount: usd(t, "1000"), Kept: 1}), "0.00", "0.00", "1000.00", ar.Date{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cash, err := m.Cash(forecast.Book{Open: []forecast.Item{tt.item}}, 4)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{cash[0].Weeks[1].Open.Decimal(), cash[0].Disputed.Decimal(), cash[0].Later.Decimal()}
			if diff := cmp.Diff([]string{tt.second, tt.disputed, tt.rest}, got); diff != "" {
				t.Errorf("second week, disputed, later (-want +got):\n%s", diff)
			}
			if e := m.Expect(tt.item); !tt.likely.IsZero() && e.Likely != tt.likely {
				t.Errorf("expected on %s, want %s", e.Likely, tt.likely)
			}
		})
	}
}

func TestKeptShare(t *testing.T) {
	t.Parallel()
	none, good, bad := ar.KeptRate{}, ar.KeptRate{Judged: 96, Kept: 96}, ar.KeptRate{Judged: 96}
	half := ar.KeptRate{Judged: 96, Partly: 96}
	tests := []struct {
		name           string
		customer, book ar.KeptRate
		low, high      float64
	}{
		{"nothing is known", none, none, 0.5, 0.5},
		{"a stranger in a good book", none, good, 0.99, 1},
		{"a stranger in a bad book", none, bad, 0, 0.01},
		{"good in a bad book", good, bad, 0.95, 0.97},
		{"one kept in a bad book", ar.KeptRate{Judged: 1, Kept: 1}, bad, 0.2, 0.21},
		{"in part", half, half, 0.5, 0.5},
	}
	for _, tt := range tests {
		if got := forecast.KeptShare(tt.customer, tt.book); got < tt.low || got > tt.high {
			t.Errorf("%s: %.3f, want %.3f to %.3f", tt.name, got, tt.low, tt.high)
		}
	}
}

// TestYetToBeIssued: an eighth of what was issued in eight weeks is expected to be
// issued in each week to come, and to be paid as ever.
func TestYetToBeIssued(t *testing.T) {
	t.Parallel()
	var history []forecast.Invoice
	for week := range 40 {
		issued := monday.AddDays(-7 * (week + 1))
		history = append(history, forecast.Invoice{Customer: 1, Issued: issued, Due: issued.AddDays(7), Settled: issued.AddDays(7), Amount: usd(t, "800")})
	}
	cash, err := forecast.Train(history, monday, 1e-9).Cash(forecast.Book{Recent: history}, 4)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"0.00", "800.00", "800.00", "800.00"} {
		if got := cash[0].Weeks[n].Yet.Decimal(); got != want {
			t.Errorf("week %d: %s, want %s", n+1, got, want)
		}
	}
	if total, err := cash[0].Weeks[1].Total(); err != nil || total.Decimal() != "800.00" {
		t.Errorf("total of the second week: %s (%v)", total, err)
	}
}

func TestDueLine(t *testing.T) {
	t.Parallel()
	item := func(days int, disputed string) forecast.Item {
		due := monday.AddDays(days)
		return forecast.Item{Invoice: forecast.Invoice{Customer: 1, Issued: due.AddDays(-60), Due: due, Amount: usd(t, "100")}, Disputed: usd(t, disputed)}
	}
	m := forecast.Train(madeUp(3, 20), monday, forecast.DefaultKappa)
	cash, err := m.Cash(forecast.Book{Open: []forecast.Item{item(-40, "0"), item(6, "30"), item(7, "0"), item(27, "0"), item(28, "0")}}, 4)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range cash[0].Weeks {
		got = append(got, w.Due.Decimal())
	}
	if want := []string{"170.00", "100.00", "0.00", "100.00"}; !slices.Equal(got, want) {
		t.Errorf("due by week: %v, want %v", got, want)
	}
	if first, last := cash[0].Weeks[0], cash[0].Weeks[3]; first.From != monday || first.To != monday.AddDays(6) || last.To != monday.AddDays(27) {
		t.Errorf("the weeks are %s to %s, and up to %s", first.From, first.To, last.To)
	}
}

func TestForecastIsForFourToThirteenWeeks(t *testing.T) {
	t.Parallel()
	m := forecast.Train(nil, monday, forecast.DefaultKappa)
	for _, weeks := range []int{-1, 0, 3, 14} {
		if _, err := m.Cash(forecast.Book{}, weeks); err == nil {
			t.Errorf("a forecast of %d weeks is no error", weeks)
		}
	}
}
