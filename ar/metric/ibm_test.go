package metric_test

import (
	"encoding/csv"
	"math/big"
	"os"
	"testing"
	"time"

	"arbot/ar"
	"arbot/ar/metric"
	"arbot/internal/needs"
)

// ibm reads IBM's sample of late payment histories: 2,466 invoices, all paid, in 2012
// and 2013.
func ibm(t *testing.T) []metric.Row {
	t.Helper()
	f, err := os.Open(needs.SharedData(t, "data/ibm_late_payment_histories.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	date := func(s string) string {
		d, err := time.Parse("1/2/2006", s)
		if err != nil {
			t.Fatal(err)
		}
		return d.Format(time.DateOnly)
	}
	var rows []metric.Row
	for _, r := range records[1:] {
		number, issued, due, amount, paid := r[3], r[4], r[5], r[6], r[8]
		rows = append(rows, settled(t, invoice(t, number, amount, date(issued), date(due)), date(paid)))
	}
	return rows
}

// TestIBMByQuarter holds the figures of three quarters to those that were computed
// independently, to the printed digit.
func TestIBMByQuarter(t *testing.T) {
	t.Parallel()
	rows := ibm(t)
	quarters := []struct {
		asOf, receivable, sales string
		days                    int
		simple, best, add       string
		byMonth, byDay          string
		toPay, cei, current     string
	}{
		{"2013-03-31", "5903.74", "19281.65", 90, "27.56", "24.38", "3.18", "28.42", "29.40", "26.49", "96.56", "88.5"},
		{"2013-06-30", "5119.85", "20098.87", 91, "23.18", "19.40", "3.78", "26.26", "26.79", "26.64", "96.15", "83.7"},
		{"2013-09-30", "5029.22", "19549.78", 92, "23.67", "21.48", "2.19", "22.09", "22.43", "24.75", "97.68", "90.7"},
	}
	for _, q := range quarters {
		t.Run(q.asOf, func(t *testing.T) {
			t.Parallel()
			b := bookOf(t, q.asOf, 12, rows...)
			w, err := b.WholeMonths(3)
			if err != nil {
				t.Fatal(err)
			}
			net, netErr := w.Closing.Net()
			sales, salesErr := w.Sales()
			if netErr != nil || salesErr != nil || net.Decimal() != q.receivable || sales.Decimal() != q.sales || w.Days() != q.days {
				t.Errorf("A/R %s, sales %s in %d days; want %s, %s in %d", net.Decimal(), sales.Decimal(), w.Days(), q.receivable, q.sales, q.days)
			}
			r := b.Report()
			check(t, "simple DSO", r.Simple, 2, q.simple)
			check(t, "best possible DSO", r.BestPossible, 2, q.best)
			check(t, "ADD", r.Delinquent, 2, q.add)
			check(t, "countback by month", r.Countback, 2, q.byMonth)
			check(t, "countback by day", countbackByDay(t, rows, q.asOf), 2, q.byDay)
			check(t, "days to pay", r.DaysToPay, 2, q.toPay)
			check(t, "CEI", r.CEI, 2, q.cei)
			check(t, "percent current", r.PercentCurrent, 1, q.current)
			check(t, "terms", r.WeightedTerms, 2, "30.00")
			check(t, "granted terms", r.GrantedTerms, 2, "30.00")
		})
	}
}

func TestIBMAging(t *testing.T) {
	t.Parallel()
	a := bookOf(t, "2013-06-30", 3, ibm(t)...).Closing()
	for bucket, want := range []string{"4284.29", "835.56", "0.00", "0.00", "0.00"} {
		if got := a.Buckets[bucket].Decimal(); got != want {
			t.Errorf("bucket %d holds %s, want %s", bucket, got, want)
		}
	}
}

// countbackByDay counts back through the days, of which many have no sales: those are
// passed over.
func countbackByDay(t *testing.T, rows []metric.Row, asOf string) metric.Figure {
	t.Helper()
	end := day(t, asOf)
	byDay := map[ar.Date]int64{}
	var left int64
	for _, r := range rows {
		d := r.Document
		byDay[d.Date] += d.Amount.Minor()
		if !d.Date.After(end) && r.Applied[0].On.After(end) {
			left += d.Amount.Minor()
		}
	}
	for days := range 365 {
		sold := byDay[end.AddDays(-days)]
		if sold >= left {
			return metric.Of(new(big.Rat).Add(big.NewRat(int64(days), 1), big.NewRat(left, sold)))
		}
		left -= sold
	}
	return metric.Figure{}
}
