package metric_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/ar/metric"
)

// TestDS01NoSalesNoNumber is case DS-01: a ratio over nothing has no value.
func TestDS01NoSalesNoNumber(t *testing.T) {
	t.Parallel()
	before := func(amount string) metric.Row { return invoice(t, "before", amount, "2026-10-15", "2026-12-31") }
	sold := func(amount string) metric.Row { return invoice(t, "sold", amount, "2026-11-10", "2026-12-31") }
	tests := []struct {
		name, receivable string
		rows             []metric.Row
		want             string
	}{
		{"no sales", "50000.00", []metric.Row{before("50000")}, "n/a (no sales)"},
		{
			"more credit than sales", "10000.00",
			[]metric.Row{before("11500"), sold("2000"), credit(t, "C", "3500", "2026-11-20")},
			"n/a (net sales negative)",
		},
		{
			"credit memos lower sales", "400.00",
			[]metric.Row{sold("1000"), credit(t, "C", "200", "2026-11-20"), document(t, ar.Payment, "P", "400", "2026-11-25", "2026-11-25")},
			"15.0",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, err := bookOf(t, "2026-11-30", 1, tt.rows...).WholeMonths(1)
			if err != nil {
				t.Fatal(err)
			}
			if net, err := w.Closing.Net(); err != nil || net.Decimal() != tt.receivable {
				t.Errorf("A/R %s (%v), want %s", net, err, tt.receivable)
			}
			check(t, "DSO", w.SimpleDSO(), 1, tt.want)
		})
	}
}

// TestDS02SeasonDistortsTheRatio is case DS-02: nobody is late, yet the period ratio
// looks alarming.
func TestDS02SeasonDistortsTheRatio(t *testing.T) {
	t.Parallel()
	b := bookOf(t, "2026-09-30", 12,
		settled(t, invoice(t, "J", "100000", "2026-07-10", "2026-08-09"), "2026-08-05"),
		settled(t, invoice(t, "A", "100000", "2026-08-10", "2026-09-09"), "2026-09-05"),
		invoice(t, "S", "500000", "2026-09-10", "2026-10-10"),
	)
	r := b.Report()
	check(t, "period ratio", r.Simple, 1, "65.7")
	check(t, "countback", r.Countback, 1, "30.0")
	check(t, "percent current", r.PercentCurrent, 0, "100")
	overdue, err := b.Closing().Overdue()
	if err != nil || !overdue.IsZero() {
		t.Errorf("overdue %s (%v), want none", overdue, err)
	}
}

// TestEdges are the rules for what has no plain value.
func TestEdges(t *testing.T) {
	t.Parallel()
	m := func(amount string) ar.Money { return usd(t, amount) }
	sales := func(amounts ...string) []metric.Sales { return months(t, amounts, 30) }
	rate := big.NewRat(1, 2)
	tests := []struct {
		name string
		got  metric.Figure
		want string
	}{
		{"A/R outlives the history", metric.CountbackDSO(m("1000"), sales("300", "300")), "at least 60.0 ($400.00 is older)"},
		{"a month without sales stops", metric.CountbackDSO(m("1000"), sales("300", "0", "900")), "at least 30.0 ($700.00 is older)"},
		{"a month of credits stops", metric.CountbackDSO(m("1000"), sales("300", "-5", "900")), "at least 30.0 ($700.00 is older)"},
		{"no sales at all", metric.CountbackDSO(m("1000"), nil), "n/a (no sales)"},
		{"none lately", metric.CountbackDSO(m("1000"), sales("0", "900")), "n/a (no sales)"},
		{"credits lately", metric.CountbackDSO(m("1000"), sales("-1", "900")), "n/a (net sales negative)"},
		{"exactly the month", metric.CountbackDSO(m("300"), sales("300", "0")), "30.0"},
		{"net credit, counted back", metric.CountbackDSO(m("-5"), sales("300")), "0.0 (net credit balance)"},
		{"net credit, simple", metric.SimpleDSO(m("-5"), sales("300")[0]), "0.0 (net credit balance)"},
		{"net credit without sales", metric.SimpleDSO(m("-5"), sales("0")[0]), "0.0 (net credit balance)"},
		{"nothing owed", metric.CountbackDSO(m("0"), nil), "0.0"},
		{"best possible, more current than A/R", metric.BestPossibleDSO(m("100"), m("150"), sales("300")[0]), "10.0"},
		{"ADD without sales", metric.DelinquentDays(metric.None(metric.NoSales), metric.None(metric.NoSales)), "n/a (no sales)"},
		{"ADD of a floor", metric.DelinquentDays(metric.CountbackDSO(m("1000"), sales("300")), metric.Of(rate)), "n/a (too little history)"},
		{"CEI, nothing to collect", metric.CEI(m("0"), m("100"), m("100"), m("100")), "n/a (nothing was there to collect)"},
		{"turnover of no A/R", metric.Turnover(m("100"), m("0"), m("0")), "n/a (nothing is open)"},
		{"percent current of nothing", metric.PercentCurrent(m("0"), m("0")), "n/a (nothing is open)"},
		{"bad debt without sales", metric.BadDebtRatio(m("10"), sales("0")[0]), "n/a (no sales)"},
		{"days to pay of nothing", metric.DaysToPay(ar.PaidSums{}), "n/a (nothing was paid in full)"},
		{"DBT of nothing", metric.DaysBeyondTerms(ar.PaidSums{}), "n/a (nothing was paid in full)"},
		{"two currencies", metric.SimpleDSO(ar.NewMoney(100, "EUR"), sales("300")[0]), "n/a (two currencies)"},
		{"net credit in another currency", metric.SimpleDSO(ar.NewMoney(-1, "EUR"), sales("300")[0]), "n/a (two currencies)"},
		{"countback, two currencies", metric.CountbackDSO(ar.NewMoney(100, "EUR"), sales("300")), "n/a (two currencies)"},
		{"best possible, two currencies", metric.BestPossibleDSO(m("1"), ar.NewMoney(1, "EUR"), sales("300")[0]), "n/a (two currencies)"},
		{"CEI, two currencies", metric.CEI(m("1"), m("1"), ar.NewMoney(1, "EUR"), m("1")), "n/a (two currencies)"},
		{"too large", metric.Turnover(m("1"), ar.NewMoney(math.MaxInt64, "USD"), m("1")), "n/a (the amounts are too large)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.name, tt.got, 1, tt.want)
		})
	}
}

// TestMonthThatHasJustBegun: on the second of a month nothing was sold in it yet. That
// must not stop the count.
func TestMonthThatHasJustBegun(t *testing.T) {
	t.Parallel()
	september := invoice(t, "1", "3000", "2026-09-10", "2026-10-10")
	october := invoice(t, "2", "3100", "2026-10-10", "2026-11-09")
	b := bookOf(t, "2026-11-02", 3, september, october)
	// 3,100 in October's 31 days and 2 more, then 3,000 in 30.
	check(t, "countback", b.Countback(), 1, "63.0")

	b = bookOf(t, "2026-11-02", 3, september, october, invoice(t, "3", "200", "2026-11-01", "2026-12-01"))
	check(t, "with sales", b.Countback(), 1, "63.0")

	b = bookOf(t, "2026-11-02", 3, september, october, credit(t, "4", "100", "2026-11-01"))
	// A/R is 6,000: 3,000 net in 33 days, then 3,000 in 30.
	check(t, "with a credit memo only", b.Countback(), 1, "63.0")

	b = bookOf(t, "2026-11-02", 0, invoice(t, "1", "10", "2026-10-01", "2026-10-01"))
	check(t, "nothing but a begun month", b.Countback(), 1, "n/a (no sales)")
}

func TestReportOfAYoungBook(t *testing.T) {
	t.Parallel()
	b := bookOf(t, "2026-11-25", 1, invoice(t, "1", "100", "2026-11-10", "2026-12-10"))
	r := b.Report()
	check(t, "countback", r.Countback, 1, "25.0")
	for _, f := range []metric.Figure{r.Simple, r.BestPossible, r.Delinquent, r.CEI, r.DaysToPay, r.GrantedTerms, r.Turnover, r.BadDebt} {
		check(t, "a figure of three or twelve months", f, 1, "n/a (too little history)")
	}
}

func TestCountbackNeedsMonths(t *testing.T) {
	t.Parallel()
	f, err := metric.NewFold(ar.SumRule{Cuts: ar.WeekCuts(day(t, "2026-11-25"), 4)})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Add(invoice(t, "1", "100", "2026-11-10", "2026-12-10")); err != nil {
		t.Fatal(err)
	}
	check(t, "countback by weeks", metric.Books(f.Sums())[0].Countback(), 1, "n/a (too little history)")
}

func TestLossRatesFollowFromRolls(t *testing.T) {
	t.Parallel()
	half, double := metric.Of(big.NewRat(1, 2)), metric.Of(big.NewRat(2, 1))
	rates := metric.LossRates([]metric.Figure{half, half, double}, big.NewRat(4, 5))
	for i, want := range []string{"0.25", "0.50", "1.00", "0.80"} {
		check(t, "loss rate", rates[i], 2, want)
	}
	rates = metric.LossRates([]metric.Figure{half, metric.None(metric.NothingOpen), half}, big.NewRat(1, 1))
	for i, want := range []string{"n/a (nothing is open)", "n/a (nothing is open)", "0.50", "1.00"} {
		check(t, "loss rate with a gap", rates[i], 2, want)
	}
}

func TestProvisionNeedsARateWhereMoneyIs(t *testing.T) {
	t.Parallel()
	none := []metric.Figure{metric.None(metric.NothingOpen)}
	if p, err := metric.NewProvision(usds(t, "0"), none); err != nil || !p.Total.IsZero() {
		t.Errorf("an empty bucket without a rate: %v, %v", p, err)
	}
	if _, err := metric.NewProvision(usds(t, "1"), none); err == nil {
		t.Error("a bucket of $1.00 without a rate is no error")
	}
	if _, err := metric.NewProvision(usds(t, "1", "2"), none); err == nil {
		t.Error("two buckets and one rate are no error")
	}
}

func TestFigureIsKeptExactly(t *testing.T) {
	t.Parallel()
	third := metric.Of(big.NewRat(100, 3))
	floor := metric.CountbackDSO(usd(t, "1000"), months(t, []string{"300"}, 30))
	credit := metric.SimpleDSO(usd(t, "-1"), metric.Sales{Net: usd(t, "1"), Days: 30})
	figures := []metric.Figure{{}, third, metric.None(metric.NoSales), floor, credit}
	text, err := json.Marshal(figures)
	if err != nil {
		t.Fatal(err)
	}
	var read []metric.Figure
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(figures, read); diff != "" {
		t.Errorf("figures (-written +read):\n%s", diff)
	}
	for _, bad := range []string{`{"value":"x"}`, `{"value":1}`, `{"rest":"ZZZ 1"}`} {
		if err := json.Unmarshal([]byte(bad), &metric.Figure{}); err == nil {
			t.Errorf("%s is no error", bad)
		}
	}
}

// TestFigureIsNotShared: what one gets of a figure can be changed without harm.
func TestFigureIsNotShared(t *testing.T) {
	t.Parallel()
	own := big.NewRat(1, 2)
	f := metric.Of(own)
	own.SetInt64(7)
	value, _ := f.Value()
	value.SetInt64(9)
	check(t, "figure", f, 1, "0.5")
}
