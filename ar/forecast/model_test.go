package forecast

import (
	"math"
	"strconv"
	"testing"
	"time"

	"arbot/ar"
)

var monday = ar.NewDate(2026, 11, 23)

// paidLate is an invoice of net 10, settled so many days after its due date.
func paidLate(customer ar.CustomerID, due ar.Date, late int) Invoice {
	return Invoice{Customer: customer, Issued: due.AddDays(-10), Due: due, Settled: due.AddDays(late), Amount: ar.NewMoney(100, "USD")}
}

func stillOpen(customer ar.CustomerID, due ar.Date) Invoice {
	i := paidLate(customer, due, 0)
	i.Settled = ar.Date{}
	return i
}

func equal(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// TestHazardByHand: two customers, six invoices.
func TestHazardByHand(t *testing.T) {
	t.Parallel()
	due := monday.AddDays(-50)
	m := Train([]Invoice{
		paidLate(1, due, 0), paidLate(1, due, 2), paidLate(1, due, 2),
		paidLate(2, due, 5),
		stillOpen(2, monday.AddDays(-3)), // at risk up to the second day
		stillOpen(2, monday.AddDays(30)), // issued later: it isn't known yet
		paidLate(2, monday, 0),           // paid today: nobody knows this morning
	}, monday, 10)

	// On the second day the book has four invoices at risk, of which two were paid.
	// The last days together have 4 paid in 76 invoice-days.
	tail := 4.0 / (11 + 13 + 13 + 16 + 13 + 10)
	book := (2 + tail) / (4 + 1)
	equal(t, "the book's hazard", m.bookHazard(2), book)
	equal(t, "the tail", m.bookHazard(400), tail)
	equal(t, "before anything was seen", m.bookHazard(-400), 0)
	equal(t, "customer 1", m.hazard(m.of(1), 2, day{}), (2+10*book)/(2+10))
	equal(t, "customer 2", m.hazard(m.of(2), 2, day{}), (0+10*book)/(2+10))
	equal(t, "a stranger", m.hazard(m.of(3), 2, day{}), book)
}

// TestChancesFollowFromHazards: open through each day, conditional on its age.
func TestChancesFollowFromHazards(t *testing.T) {
	t.Parallel()
	due := monday.AddDays(-50)
	m := Train([]Invoice{paidLate(1, due, 0), paidLate(1, due, 1), paidLate(1, due, 2), paidLate(1, due, 2)}, monday, 10)
	h1, h2 := m.hazard(m.of(1), 1, day{}), m.hazard(m.of(1), 2, day{})
	chances := make([]float64, 2)
	m.paidBy(chances, stillOpen(1, monday.AddDays(-1)), monday)
	equal(t, "by tonight", chances[0], h1)
	equal(t, "by tomorrow night", chances[1], 1-(1-h1)*(1-h2))
}

func TestEmptyModelKnowsNothing(t *testing.T) {
	t.Parallel()
	m := Train(nil, monday, DefaultKappa)
	i := Item{Invoice: stillOpen(1, monday)}
	if e := m.Expect(i); !e.Early.IsZero() || !e.Likely.IsZero() || !e.Late.IsZero() {
		t.Errorf("without a history, %+v is expected", e)
	}
	cash, err := m.Cash(Book{Open: []Item{i}}, 4)
	if err != nil || cash[0].Later != i.Amount {
		t.Errorf("without a history, %+v is expected (%v)", cash, err)
	}
}

// paidOn counts payments on so many dates.
func paidOn(n int, date func(n int) ar.Date) *payments {
	var p payments
	for i := range n {
		p.add(date(i))
	}
	return &p
}

func TestHabits(t *testing.T) {
	t.Parallel()
	friday := monday.AddDays(-3)
	usual := paidOn(500, func(n int) ar.Date { return monday.AddDays(n%5 - 7*(n/5)) }).habit(noHabit(), 0)
	if usual.week[time.Sunday] > 0.05 || usual.week[time.Monday] < 1.3 || usual.runs {
		t.Fatalf("a book that's paid on working days has the habit %v", usual)
	}

	tests := []struct {
		name string
		paid *payments
		same bool // as the book's
	}{
		{"never", paidOn(0, nil), true},
		{"twice, on Fridays", paidOn(2, func(n int) ar.Date { return friday.AddDays(-7 * n) }), true},
		{"on working days", paidOn(100, func(n int) ar.Date { return monday.AddDays(n%5 - 7*(n/5)) }), true},
		{"on forty Fridays", paidOn(40, func(n int) ar.Date { return friday.AddDays(-7 * n) }), false},
	}
	for _, tt := range tests {
		if got := tt.paid.habit(usual, habitKappa); (got.week == usual.week) != tt.same || got.runs {
			t.Errorf("who pays %s has the habit %v", tt.name, got)
		}
	}

	got := tests[3].paid.habit(usual, habitKappa)
	var sum float64
	for _, likelier := range got.week {
		sum += likelier / weekDays
	}
	if got.week[time.Friday] < 3 || got.week[time.Monday] > 0.8 || math.Abs(sum-1) > 0.01 {
		t.Errorf("forty Fridays make the habit %v", got.week)
	}
}

// TestPayingByRuns: on the 15th and the last day of the month. The weekday says nothing
// then.
func TestPayingByRuns(t *testing.T) {
	t.Parallel()
	run := func(n int) ar.Date {
		month := ar.NewDate(2024, time.Month(1+n/2), 15)
		if n%2 == 0 {
			return month
		}
		return month.MonthEnd()
	}
	if paidOn(fewestForRuns-1, run).byRuns() {
		t.Error("too few payments are runs")
	}
	h := paidOn(40, run).habit(noHabit(), habitKappa)
	likelier := func(d ar.Date) float64 { return h.likelier(dayOf(d)) }
	for _, d := range []ar.Date{ar.NewDate(2027, 2, 28), ar.NewDate(2027, 4, 30), ar.NewDate(2027, 5, 31), ar.NewDate(2027, 5, 15)} {
		if got := likelier(d); got < 5 {
			t.Errorf("on %s a payment is %.2f times as likely, want more than 5", d, got)
		}
	}
	for _, d := range []ar.Date{ar.NewDate(2027, 3, 28), ar.NewDate(2027, 5, 30), ar.NewDate(2027, 5, 14)} {
		if got := likelier(d); got <= 0 || got > 0.6 {
			t.Errorf("on %s a payment is %.2f times as likely, want less than 0.6", d, got)
		}
	}
	var sum float64
	for _, share := range monthShare {
		sum += share
	}
	if math.Abs(sum-1) > 0.001 {
		t.Errorf("the days of a month are %v of all days", sum)
	}
}

// TestCurveIsTheSameInAnyOrder: room is made on both sides.
func TestCurveIsTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	spans := [][2]int{{-10, 3}, {5, 5}, {-90, -20}, {-4, 200}, {0, 0}}
	var there, back curve
	for n := range spans {
		there.add(spans[n][0], spans[n][1], n%2 == 0)
		last := len(spans) - 1 - n
		back.add(spans[last][0], spans[last][1], last%2 == 0)
	}
	there.sum()
	back.sum()
	for day := -300; day < 400; day++ {
		var paid, atRisk float64
		for n, s := range spans {
			if s[0] <= day && day <= s[1] {
				atRisk++
			}
			if s[1] == day && n%2 == 0 {
				paid++
			}
		}
		for _, c := range []*curve{&there, &back} {
			if p, n := c.at(day); p != paid || n != atRisk {
				t.Fatalf("day %d: %v of %v, want %v of %v", day, p, n, paid, atRisk)
			}
		}
	}
}

func BenchmarkTrain(b *testing.B) {
	for _, invoices := range []int{100_000, 1_000_000} {
		history := make([]Invoice, invoices)
		for n := range history {
			history[n] = paidLate(ar.CustomerID(n%(invoices/50)), monday.AddDays(-20-n%700), n*7919%61-10)
		}
		b.Run(strconv.Itoa(invoices), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Train(history, monday, DefaultKappa)
			}
		})
	}
}

func BenchmarkCash(b *testing.B) {
	const open = 100_000
	history, book := make([]Invoice, open), Book{}
	for n := range history {
		history[n] = paidLate(ar.CustomerID(n%2000), monday.AddDays(-20-n%700), n*7919%61-10)
		book.Open = append(book.Open, Item{Invoice: stillOpen(ar.CustomerID(n%2000), monday.AddDays(n%60-30))})
	}
	m := Train(history, monday, DefaultKappa)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Cash(book, MostWeeks); err != nil {
			b.Fatal(err)
		}
	}
}
