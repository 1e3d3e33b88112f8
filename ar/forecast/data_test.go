package forecast_test

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"arbot/ar"
	"arbot/ar/forecast"
	"arbot/internal/needs"
)

// records reads a data set beside the checkout, without its head.
func records(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open(needs.SharedData(t, "data/"+name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}

// names gives each customer's number an id.
type names map[string]ar.CustomerID

func (n names) id(name string) ar.CustomerID {
	if n[name] == 0 {
		n[name] = ar.CustomerID(len(n) + 1)
	}
	return n[name]
}

func date(t testing.TB, layout, text string) ar.Date {
	t.Helper()
	d, err := time.Parse(layout, text)
	if err != nil {
		t.Fatal(err)
	}
	return ar.DateOf(d, time.UTC)
}

func usd(t testing.TB, text string) ar.Money {
	t.Helper()
	m, err := ar.ParseMoney(text, "USD")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ibm is IBM's sample of late payment histories: 2,466 invoices of 100 customers.
func ibm(t testing.TB) []forecast.Invoice {
	t.Helper()
	customers := names{}
	var all []forecast.Invoice
	for n, r := range records(t, "ibm_late_payment_histories.csv") {
		all = append(all, forecast.Invoice{
			ID: ar.DocumentID(n + 1), Customer: customers.id(r[1]), Amount: usd(t, r[6]),
			Issued: date(t, "1/2/2006", r[4]), Due: date(t, "1/2/2006", r[5]), Settled: date(t, "1/2/2006", r[8]),
		})
	}
	return all
}

// highRadius is 40,000 invoices of 1,056 customers. They have no issue date: it's taken
// to be 15 days before the due date, or the day before the payment.
func highRadius(t testing.TB) []forecast.Invoice {
	t.Helper()
	customers := names{}
	var all []forecast.Invoice
	for n, r := range records(t, "highradius_closed_reconstructed.csv") {
		i := forecast.Invoice{
			ID: ar.DocumentID(n + 1), Customer: customers.id(r[0]), Amount: usd(t, r[4]),
			Due: date(t, time.DateOnly, r[2]), Settled: date(t, time.DateOnly, r[1]),
		}
		i.Issued = i.Due.AddDays(-15)
		if !i.Issued.Before(i.Settled) {
			i.Issued = i.Settled.AddDays(-1)
		}
		all = append(all, i)
	}
	return all
}

// Habits of the made-up customers.
const (
	onTheDay  = iota // each invoice on its own
	onFridays        // all that's due by a Friday
	monthly          // all that's due by the 15th or the last of a month
)

// madeUp are two years of invoices of made-up customers up to the end of 2026: each has
// its terms, its lateness and its habit. The same seed gives the same ones everywhere.
func madeUp(seed uint64, customers int) []forecast.Invoice {
	random := rand.New(rand.NewPCG(seed, 7))
	var all []forecast.Invoice
	for c := range customers {
		terms := []int{14, 30, 30, 45}[random.IntN(4)]
		lag, spread := random.IntN(28)-4, 1+random.IntN(6)
		habit, every := random.IntN(3), 3+random.IntN(12)
		size := 20_000 + random.Int64N(400_000)
		for issued := ar.NewDate(2025, 1, 1).AddDays(random.IntN(every)); issued.Before(ar.NewDate(2027, 1, 1)); issued = issued.AddDays(1 + random.IntN(2*every)) {
			i := forecast.Invoice{
				ID: ar.DocumentID(len(all) + 1), Customer: ar.CustomerID(c + 1), Issued: issued, Due: issued.AddDays(terms),
				Amount: ar.NewMoney(size/2+random.Int64N(size), "USD"),
			}
			late := lag + random.IntN(2*spread+1) - spread
			if random.IntN(25) == 0 {
				late += 20 + random.IntN(60) // it was disputed, or forgotten
			}
			i.Settled = payday(ar.Latest(i.Due.AddDays(late), i.Issued.AddDays(1)), habit)
			all = append(all, i)
		}
	}
	return all
}

// payday is the first day on or after a date on which a customer of that habit pays.
func payday(d ar.Date, habit int) ar.Date {
	switch habit {
	case onFridays:
		for d.Weekday() != time.Friday {
			d = d.AddDays(1)
		}
	case monthly:
		if _, _, day := d.Civil(); day <= 15 {
			return d.MonthStart().AddDays(14)
		}
		return d.MonthEnd()
	}
	return d
}
