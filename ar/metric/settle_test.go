package metric_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"arbot/ar"
	"arbot/ar/metric"
)

func metricRat(n int64) *big.Rat { return big.NewRat(n, 1) }

func metricInt(n *big.Int) *big.Rat { return new(big.Rat).SetInt(n) }

// TestWhatCountsAsPaid: only what was paid in full counts, by its last payment or
// credit, without what was written off.
func TestWhatCountsAsPaid(t *testing.T) {
	t.Parallel()
	bill := func() metric.Row { return invoice(t, "1", "100", "2026-10-01", "2026-10-31") }
	pay := func(r metric.Row, amount, on string) metric.Row {
		return applied(t, r, ar.ByPayment, metric.To, amount, on)
	}
	writeOff := func(r metric.Row, amount, on string) metric.Row {
		return applied(t, r, ar.ByWriteOff, metric.ToEntry, amount, on)
	}
	tests := []struct {
		name             string
		row              metric.Row
		amount           string
		toPay, late, off string
	}{
		{"in full", pay(bill(), "100", "2026-11-10"), "100.00", "40.0", "10.0", "0.00"},
		{"in part", pay(bill(), "99.99", "2026-11-10"), "0.00", "n/a (nothing was paid in full)", "n/a (nothing was paid in full)", "0.00"},
		{"in two parts", pay(pay(bill(), "60", "2026-11-10"), "40", "2026-11-20"), "100.00", "50.0", "20.0", "0.00"},
		{
			"the rest written off", writeOff(pay(bill(), "60", "2026-11-10"), "40", "2026-11-20"),
			"60.00", "40.0", "10.0", "40.00",
		},
		{
			"the rest credited", applied(t, pay(bill(), "60", "2026-11-10"), ar.ByCredit, metric.To, "40", "2026-11-20"),
			"100.00", "50.0", "20.0", "0.00",
		},
		{"written off", writeOff(bill(), "100", "2026-11-10"), "0.00", "n/a (nothing was paid in full)", "n/a (nothing was paid in full)", "100.00"},
		{
			"credited", applied(t, bill(), ar.ByCredit, metric.To, "100", "2026-11-10"),
			"0.00", "n/a (nothing was paid in full)", "n/a (nothing was paid in full)", "0.00",
		},
		{"paid and taken back", pay(pay(bill(), "100", "2026-11-10"), "-100", "2026-11-12"), "0.00", "n/a (nothing was paid in full)", "n/a (nothing was paid in full)", "0.00"},
		{"early", pay(bill(), "100", "2026-10-21"), "100.00", "20.0", "-10.0", "0.00"},
		{"written off and recovered", writeOff(writeOff(bill(), "100", "2026-11-10"), "-100", "2026-11-20"), "0.00", "n/a (nothing was paid in full)", "n/a (nothing was paid in full)", "0.00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, err := bookOf(t, "2026-11-30", 3, tt.row).WholeMonths(3)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.Paid.Amount.Decimal(); got != tt.amount {
				t.Errorf("paid %s, want %s", got, tt.amount)
			}
			if got := w.WrittenOff.Decimal(); got != tt.off {
				t.Errorf("written off %s, want %s", got, tt.off)
			}
			check(t, "days to pay", metric.DaysToPay(w.Paid), 1, tt.toPay)
			check(t, "days beyond terms", metric.DaysBeyondTerms(w.Paid), 1, tt.late)
		})
	}
}

// TestWriteOffByCreditMemo: a ledger without write-offs books a credit memo. It lowers
// A/R, but neither sales nor the collections.
func TestWriteOffByCreditMemo(t *testing.T) {
	t.Parallel()
	b := bookOf(t, "2026-11-30", 1,
		applied(t, invoice(t, "1", "100", "2026-11-01", "2026-11-01"), ar.ByWriteOff, metric.To, "100", "2026-11-20"),
		applied(t, credit(t, "C", "100", "2026-11-20"), ar.ByWriteOff, metric.From, "100", "2026-11-20"),
	)
	w, err := b.WholeMonths(1)
	if err != nil {
		t.Fatal(err)
	}
	if w.WrittenOff.Decimal() != "100.00" || !w.Credited.IsZero() {
		t.Errorf("written off %s, credited %s; want 100.00 and nothing", w.WrittenOff.Decimal(), w.Credited.Decimal())
	}
	check(t, "bad debt", w.BadDebtRatio(), 0, "100")
	if bridge, err := w.Bridge(); err != nil || !bridge.Balanced() {
		t.Errorf("bridge %+v (%v)", bridge, err)
	}
}

func TestHomeCurrency(t *testing.T) {
	t.Parallel()
	eur := func(r metric.Row, rate ar.Rate) metric.Row {
		r.Document.Amount = ar.NewMoney(r.Document.Amount.Minor(), "EUR")
		r.Document.Rate = rate
		for n := range r.Applied {
			r.Applied[n].Amount = ar.NewMoney(r.Applied[n].Amount.Minor(), "EUR")
		}
		return r
	}
	rows := []metric.Row{
		invoice(t, "dollars", "50", "2026-11-01", "2026-12-01"),
		// Invoiced at 1.10, paid at 1.20: the payment is worth $4 more than the part of
		// the invoice that it settles.
		eur(applied(t, invoice(t, "euros", "100", "2026-11-01", "2026-12-01"), ar.ByPayment, metric.To, "40", "2026-11-20"), "1.10"),
		eur(applied(t, document(t, ar.Payment, "P", "40", "2026-11-20", "2026-11-20"), ar.ByPayment, metric.From, "40", "2026-11-20"), "1.20"),
	}
	tests := []struct {
		home                             *ar.Home
		invoiced, collected, fx, closing string
	}{
		{ar.AtDocumentRates("USD"), "160.00", "48.00", "4.00", "116.00"},
		{ar.AtClosingRates("USD", map[ar.Currency]ar.Rate{"EUR": "1.30"}), "180.00", "52.00", "0.00", "128.00"},
	}
	for _, tt := range tests {
		t.Run(string(tt.home.Mode), func(t *testing.T) {
			t.Parallel()
			books, err := foldOf(t, tt.home, rows)
			if err != nil || len(books) != 1 {
				t.Fatalf("%d books (%v), want one", len(books), err)
			}
			w, err := books[0].WholeMonths(1)
			if err != nil {
				t.Fatal(err)
			}
			b, err := w.Bridge()
			if err != nil {
				t.Fatal(err)
			}
			got := []string{b.Invoiced.Decimal(), b.Collected.Decimal(), b.FX.Decimal(), b.Closing.Decimal()}
			for n, want := range []string{tt.invoiced, tt.collected, tt.fx, tt.closing} {
				if got[n] != want {
					t.Errorf("line %d of the bridge is %s, want %s", n, got[n], want)
				}
			}
			if !b.Balanced() {
				t.Errorf("the bridge doesn't balance: %+v", b)
			}
			text, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			var kept metric.Bridge
			if err := json.Unmarshal(text, &kept); err != nil || kept != b {
				t.Errorf("the bridge is kept as %s (%v)", text, err)
			}
		})
	}
	for _, home := range []*ar.Home{ar.AtClosingRates("USD", nil), ar.AtDocumentRates("GBP")} {
		if _, err := foldOf(t, home, rows); err == nil {
			t.Errorf("%s without a rate to %s is no error", home.Mode, home.Currency)
		}
	}
}

func foldOf(t *testing.T, home *ar.Home, rows []metric.Row) ([]metric.Book, error) {
	t.Helper()
	f, err := metric.NewFold(ar.SumRule{Cuts: ar.MonthCuts(day(t, "2026-11-30"), 1), Home: home})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := f.Add(r); err != nil {
			return nil, err
		}
	}
	return metric.Books(f.Sums()), nil
}

func TestWindowsReachAsFarAsTheSums(t *testing.T) {
	t.Parallel()
	b := bookOf(t, "2026-11-25", 2, invoice(t, "1", "100", "2026-11-10", "2026-12-10"))
	for _, err := range []error{second(b.Window(4)), second(b.Window(0)), second(b.WholeMonths(3))} {
		if !errors.Is(err, metric.ErrNoPeriod) {
			t.Errorf("got %v, want ErrNoPeriod", err)
		}
	}
	w, err := b.WholeMonths(2)
	if err != nil || w.To != day(t, "2026-10-31") || w.Days() != 61 {
		t.Errorf("two whole months end on %s after %d days (%v)", w.To, w.Days(), err)
	}
}

func second(_ metric.Window, err error) error { return err }

func TestTwoCurrenciesInARowAreAnError(t *testing.T) {
	t.Parallel()
	f, err := metric.NewFold(ar.SumRule{Cuts: ar.MonthCuts(day(t, "2026-11-30"), 1)})
	if err != nil {
		t.Fatal(err)
	}
	r := invoice(t, "1", "100", "2026-11-10", "2026-12-10")
	r.Applied = []metric.Applied{{Kind: ar.ByPayment, Amount: ar.NewMoney(1, "EUR"), On: day(t, "2026-11-11")}}
	if err := f.Add(r); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("got %v, want an error of money", err)
	}
}

func BenchmarkFold(b *testing.B) {
	rule := ar.SumRule{
		Cuts: ar.MonthCuts(day(b, "2026-11-25"), metric.ReportMonths),
		By:   []ar.Dimension{ar.PerBook, ar.PerOwner, ar.PerSegment, ar.PerTerms},
	}
	r := settled(b, invoice(b, "1", "100", "2026-03-10", "2026-04-10"), "2026-05-02")
	f, err := metric.NewFold(rule)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := f.Add(r); err != nil {
			b.Fatal(err)
		}
	}
}
