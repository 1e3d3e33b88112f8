package main

import (
	"path/filepath"
	"strconv"
	"testing"

	"arbot/ar"
	"arbot/internal/sampleco"
	"arbot/sync/file"
)

func TestForecastBacktest(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	s.mustRun(t, "migrate")
	golden(t, "backtest_empty.txt", s.mustRun(t, "forecast", "--backtest"))

	day := ar.DateOf(s.clock(), s.clock().Location())
	company := sampleco.New(sampleco.Options{Seed: 1, Today: day})
	if err := company.WriteBundle(filepath.Join(s.dir, "export"), day, s.clock()); err != nil {
		t.Fatal(err)
	}
	s.mustRun(t, "import")
	golden(t, "backtest.txt", s.mustRun(t, "forecast", "--backtest", "--mornings", "8"))

	for _, wrong := range [][]string{{"forecast"}, {"forecast", "--backtest", "--weeks", "52"}, {"forecast", "--backtest", "--mornings", "0"}} {
		if got := s.run(t, wrong...); got.code == 0 || got.out != "" || got.err == "" {
			t.Errorf("%v: exit code %d, it prints %q and says %q", wrong, got.code, got.out, got.err)
		}
	}
}

// Of a handful of invoices it says how many there are and how many it takes, and prints no
// figure that looks like one.
func TestForecastBacktestOnFewInvoices(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	books := file.Contents{
		Company: ar.SourceIdentity{External: "main", Name: "Acme", Home: "USD"}, Exported: s.clock(),
		Customers: []ar.CustomerRecord{{External: "n", Name: "Nimbus Cranes"}},
	}
	for i := range 9 {
		id, date := strconv.Itoa(i), ar.NewDate(2026, 7, 1).AddDays(i*7)
		invoice := ar.Ref{Kind: ar.Invoice, External: id}
		payment := ar.Ref{Kind: ar.Payment, External: "p" + id}
		amount := ar.NewMoney(100_00, "USD")
		books.Documents = append(books.Documents, ar.DocumentRecord{
			Ref: invoice, Number: "INV-" + id, Customer: "n", Status: ar.Posted, Amount: amount, Date: date, Due: date.AddDays(30),
		})
		if i%3 != 2 { // the others are open
			paid := date.AddDays(33)
			books.Documents = append(books.Documents, ar.DocumentRecord{Ref: payment, Customer: "n", Status: ar.Posted, Amount: amount, Date: paid})
			books.Applications = append(books.Applications, ar.ApplicationRecord{External: "a" + id, From: payment, To: invoice, Kind: ar.ByPayment, Amount: amount, Date: paid})
		}
	}
	if err := file.WriteBundle(filepath.Join(s.dir, "export"), books); err != nil {
		t.Fatal(err)
	}
	s.mustRun(t, "import")
	golden(t, "backtest_few.txt", s.mustRun(t, "forecast", "--backtest"))
}
