package ar_test

import (
	"testing"

	"arbot/ar"
)

// TestConcludedFromBalances: what an aging report only shows as gone counts for a promise,
// and is not called paid.
func TestConcludedFromBalances(t *testing.T) {
	t.Parallel()
	for amount, want := range map[string]string{
		"500": "Kept: $500.00 was paid or credited by Wed 2 Dec 2026.",
		"200": "Partly kept: $200.00 of $500.00 was paid or credited by Fri 4 Dec 2026, $300.00 is missing.",
	} {
		a := newWritten(t)
		invoice := a.invoice("500", "2026-11-01")
		a.apply(ar.ByPayment, 0, invoice, amount, "2026-12-02")
		a.Applications[0].Inferred = true
		if got := a.judge("2026-12-10", a.promise(1, invoice, "500", "2026-12-04"))[0].Sentence(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestBridgeOfConcluded: the bridge says so of what was overdue before, and of nothing else.
func TestBridgeOfConcluded(t *testing.T) {
	t.Parallel()
	from, to := day(t, "2026-11-02"), day(t, "2026-11-09")
	move := func(before, after, due string) ar.OverdueMove {
		zero := usd(t, "0")
		m := ar.OverdueMove{Due: day(t, due), Before: usd(t, before), After: usd(t, after), Paid: zero, Credited: zero, WrittenOff: zero, Inferred: true}
		m.Paid = usd(t, "100")
		return m
	}
	for due, want := range map[string]bool{"2026-10-01": true, "2026-11-05": false} {
		bridges, err := ar.Bridges([]ar.OverdueMove{move("300", "200", due)}, from, to, []ar.Money{usd(t, "300")})
		if err != nil || len(bridges) != 1 || bridges[0].Inferred != want {
			t.Errorf("due %s: %+v, %v; want %t", due, bridges, err, want)
		}
	}
}
