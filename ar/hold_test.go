package ar_test

import (
	"testing"
	"time"

	"arbot/ar"
)

func breakdown(t testing.TB, a *written, asOf string, holds ...ar.Hold) ar.Breakdown {
	t.Helper()
	items, err := ar.OpenItems(a.Documents, a.Applications, day(t, asOf))
	if err != nil {
		t.Fatal(err)
	}
	all, err := ar.Breakdowns(items, holds, a.Family, day(t, asOf))
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v; want one account in one currency", all, err)
	}
	if !all[0].Balanced() {
		t.Errorf("%+v does not add up", all[0])
	}
	return all[0]
}

// TestPP01DisputedIsNotChased: of 700.00 overdue 200.00 is disputed, 500.00 is to
// be chased.
func TestPP01DisputedIsNotChased(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	a.invoice("100", "2026-11-01")
	disputed := a.invoice("200", "2026-11-01")
	a.invoice("400", "2026-11-01")
	reason, confidence := ar.InferReason("wrong quantity")
	d := ar.NewDispute(ar.OpenItem{Document: a.Documents[disputed-1], Open: usd(t, "200")}, ar.Money{}, reason, "wrong quantity",
		ar.Act{On: day(t, "2026-11-25")}, nil, ar.Workdays{})
	hold, stands := d.Hold()
	b := breakdown(t, a, "2026-11-25", hold)
	if b.ToChase != usd(t, "500") || b.Disputed != usd(t, "200") || b.Open != usd(t, "700") || !stands {
		t.Errorf("%s to chase and %s disputed of %s", b.ToChase, b.Disputed, b.Open)
	}
	if reason != ar.ReasonShortShipment || confidence != ar.Sure || d.Note != "wrong quantity" || d.Due != day(t, "2026-12-02") {
		t.Errorf("%+v, %s", d, confidence)
	}
}

func TestBreakdown(t *testing.T) {
	t.Parallel()
	const asOf = "2026-11-25"
	hold := func(kind ar.HoldKind, document ar.DocumentID, amount string) ar.Hold {
		return ar.Hold{Kind: kind, Customer: 1, Document: document, Amount: usd(t, amount)}
	}
	tests := []struct {
		name                                         string
		make                                         func(a *written) []ar.Hold
		disputed, promised, notDue, toChase, unspent string
	}{
		{"overdue and not due", func(a *written) []ar.Hold {
			a.invoice("300", "2026-11-01")
			a.invoice("200", "2026-11-25")
			return nil
		}, "0", "0", "200", "300", "0"},
		{"a dispute takes first, a promise what it leaves", func(a *written) []ar.Hold {
			id := a.invoice("300", "2026-11-01")
			return []ar.Hold{hold(ar.HoldPromised, id, "300"), hold(ar.HoldDisputed, id, "100")}
		}, "100", "200", "0", "0", "0"},
		{"two disputes take no more than is open", func(a *written) []ar.Hold {
			id := a.invoice("300", "2026-11-01")
			return []ar.Hold{hold(ar.HoldDisputed, id, "200"), hold(ar.HoldDisputed, id, "200")}
		}, "300", "0", "0", "0", "0"},
		{"a promise of the customer takes the oldest due first", func(a *written) []ar.Hold {
			a.invoice("300", "2026-12-15")
			a.invoice("300", "2026-11-01")
			return []ar.Hold{hold(ar.HoldPromised, 0, "400")}
		}, "0", "400", "200", "0", "0"},
		{"what is not due can be disputed without a cent less to chase", func(a *written) []ar.Hold {
			a.invoice("300", "2026-11-01")
			return []ar.Hold{hold(ar.HoldDisputed, a.invoice("500", "2026-12-15"), "500")}
		}, "500", "0", "0", "300", "0"},
		{"credit is set against what can be chased", func(a *written) []ar.Hold {
			a.invoice("300", "2026-11-01")
			a.document(ar.CreditMemo, "100", "2026-11-10", "")
			return nil
		}, "0", "0", "0", "200", "0"},
		{"and no further", func(a *written) []ar.Hold {
			id := a.invoice("300", "2026-11-01")
			a.invoice("200", "2026-12-15")
			a.document(ar.Payment, "250", "2026-11-10", "")
			return []ar.Hold{hold(ar.HoldDisputed, id, "200")}
		}, "200", "0", "200", "0", "150"},
		{"a hold on what is paid takes nothing", func(a *written) []ar.Hold {
			id := a.invoice("300", "2026-11-01")
			a.pay(id, "300", "2026-11-20")
			a.invoice("50", "2026-11-01")
			return []ar.Hold{hold(ar.HoldDisputed, id, "300"), hold(ar.HoldPromised, 99, "5")}
		}, "0", "0", "0", "50", "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newWritten(t)
			b := breakdown(t, a, asOf, tt.make(a)...)
			want := []ar.Money{usd(t, tt.disputed), usd(t, tt.promised), usd(t, tt.notDue), usd(t, tt.toChase), usd(t, tt.unspent)}
			got := []ar.Money{b.Disputed, b.Promised, b.NotDue, b.ToChase, b.Spare}
			for i := range want {
				if got[i] != want[i] {
					t.Fatalf("disputed, promised, not due, to chase and spare are %v; want %v", got, want)
				}
			}
		})
	}
}

// TestPromiseHoldsUntilItIsDue: what is missing of an open part is not chased up
// to its day; after it, grace or not, it is.
func TestPromiseHoldsUntilItIsDue(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	p := a.promise(1, a.invoice("1000", "2026-11-01"), "600", "2026-12-04")
	p.GraceDays = 3
	a.pay(p.Document, "200", "2026-12-01")
	for asOf, want := range map[string]string{
		"2026-11-24": "1000", // there is no promise yet
		"2026-11-25": "400",
		"2026-12-01": "400", // 800 open, 400 of it still promised
		"2026-12-04": "400",
		"2026-12-05": "800",
		"2026-12-31": "800",
	} {
		b := breakdown(t, a, asOf, p.Holds(a.judge(asOf, p)[0], day(t, asOf))...)
		if b.ToChase != usd(t, want) {
			t.Errorf("on %s %s is to be chased; want %s", asOf, b.ToChase, want)
		}
	}
}

func TestBreakdownPlus(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	a.invoice("300", "2026-11-01")
	b := newWritten(t)
	b.document(ar.Payment, "250", "2026-11-10", "")
	both, err := breakdown(t, a, "2026-11-25").Plus(breakdown(t, b, "2026-11-25"))
	if err != nil || both.ToChase != usd(t, "300") || both.Spare != usd(t, "250") || !both.Balanced() {
		t.Errorf("%+v, %v; one's credit does not pay another's invoice", both, err)
	}
}

func TestKeptRate(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	var promises []ar.Promise
	for n, paid := range []string{"500", "500", "250", ""} {
		p := a.promise(ar.PromiseID(n+1), a.invoice("500", "2026-11-01"), "500", "2026-12-04")
		if paid != "" {
			a.pay(p.Document, paid, "2026-12-01")
		}
		promises = append(promises, p)
	}
	credited := a.promise(5, a.invoice("900", "2026-11-01"), "900", "2026-12-04")
	a.settle(ar.ByCredit, credited.Document, "900", "2026-12-01")
	open := a.promise(6, a.invoice("900", "2026-11-01"), "900", "2026-12-31")
	verdicts := a.judge("2026-12-10", append(promises, credited, open)...)
	rate, err := ar.NewKeptRate(verdicts)
	if err != nil {
		t.Fatal(err)
	}
	byCount, ok := rate.ByCount()
	byAmount, ok2 := rate.ByAmount("USD")
	if rate.Judged != 4 || rate.Kept != 2 || rate.Partly != 1 || byCount != 500 || byAmount != 625 || !ok || !ok2 {
		t.Errorf("%+v: %d and %d of a thousand", rate, byCount, byAmount)
	}
	if _, ok := rate.ByAmount("EUR"); ok {
		t.Error("nothing was promised in EUR")
	}
	few, err := ar.NewKeptRate(verdicts[:2])
	if _, ok := few.ByCount(); ok || err != nil {
		t.Errorf("two promises are no rate: %+v, %v", few, err)
	}
	third, err := ar.NewKeptRate([]ar.Verdict{verdicts[0], verdicts[1], verdicts[3]})
	if n, ok := third.ByCount(); n != 667 || !ok || err != nil {
		t.Errorf("two of three are %d of a thousand, %v", n, err)
	}
}

func TestWorkdays(t *testing.T) {
	t.Parallel()
	thanksgiving := day(t, "2026-11-26")
	us := ar.Workdays{Off: func(d ar.Date) bool { return d == thanksgiving }}
	for _, tt := range []struct {
		w    ar.Workdays
		from string
		n    int
		want string
	}{
		{us, "2026-11-25", 0, "2026-11-25"},
		{us, "2026-11-25", 1, "2026-11-27"},
		{us, "2026-11-25", 2, "2026-11-30"},
		{us, "2026-11-28", 1, "2026-11-30"},
		{us, "2026-11-28", 0, "2026-11-28"},
		{us, "2026-11-30", -1, "2026-11-27"},
		{us, "2026-11-30", -2, "2026-11-25"},
		{ar.Workdays{}, "2026-11-25", 2, "2026-11-27"},
		{ar.Workdays{Weekdays: []time.Weekday{time.Sunday}}, "2026-11-25", 2, "2026-12-06"},
	} {
		got := tt.w.Add(day(t, tt.from), tt.n)
		if got != day(t, tt.want) {
			t.Errorf("%d business days after %s is %s; want %s", tt.n, tt.from, got, tt.want)
		}
		if tt.n != 0 && tt.w.Between(day(t, tt.from), got) != tt.n && tt.n > 0 {
			t.Errorf("from %s to %s are %d business days; want %d", tt.from, got, tt.w.Between(day(t, tt.from), got), tt.n)
		}
	}
	never := ar.Workdays{Off: func(ar.Date) bool { return true }}
	if got := never.Add(day(t, "2026-11-25"), 1); !got.After(day(t, "2026-11-25")) {
		t.Errorf("with holidays all over, %s", got)
	}
}
