package ar_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// overdue sums what is owed and past due, by currency.
func overdue(t rapid.TB, items []ar.OpenItem, asOf ar.Date) map[ar.Currency]ar.Money {
	t.Helper()
	of := map[ar.Currency]ar.Money{}
	for _, i := range items {
		if i.Owed() && i.DaysOverdue(asOf) > 0 {
			of[i.Open.Currency()] = sum(t, of[i.Open.Currency()], i.Open)
		}
	}
	return of
}

// moves folds the history into what Books.OverdueMoves returns: the items that
// were overdue at from or at to, with what was applied in between.
func (l ledger) moves(t rapid.TB, from, to ar.Date) []ar.OverdueMove {
	t.Helper()
	openAt := func(asOf ar.Date) map[ar.DocumentID]ar.Money {
		of := map[ar.DocumentID]ar.Money{}
		for _, i := range l.open(t, asOf) {
			of[i.ID] = i.Open
		}
		return of
	}
	before, after := openAt(from), openAt(to)
	var moves []ar.OverdueMove
	for _, d := range l.Documents {
		zero := ar.NewMoney(0, d.Amount.Currency())
		m := ar.OverdueMove{
			Document: d.ID, Customer: d.Customer, Due: d.Due, Before: sum(t, zero, before[d.ID]), After: sum(t, zero, after[d.ID]),
			Paid: zero, Credited: zero, WrittenOff: zero,
		}
		if d.Due.Before(from) && m.Before.Sign() > 0 || d.Due.Before(to) && m.After.Sign() > 0 {
			l.settle(t, &m, from, to)
			moves = append(moves, m)
		}
	}
	return moves
}

func (l ledger) settle(t rapid.TB, m *ar.OverdueMove, from, to ar.Date) {
	t.Helper()
	for _, a := range l.Applications {
		effective := a.Effective(l.document(a.From).Date, l.document(a.To).Date)
		if !l.counts(a, to) || !effective.After(from) || effective.After(to) {
			continue
		}
		total := map[ar.ApplicationKind]*ar.Money{ar.ByPayment: &m.Paid, ar.ByCredit: &m.Credited, ar.ByWriteOff: &m.WrittenOff}[a.Kind]
		if a.To == m.Document {
			*total = sum(t, *total, a.Amount)
		}
		if a.From == m.Document {
			*total = sum(t, *total, a.Amount.Neg())
		}
	}
}

// corrected returns what the books say after some days more: documents are
// voided, backdated, re-dated; applications come late or go.
func corrected(t *rapid.T, l ledger) ledger {
	now := ledger{Documents: append([]ar.Document(nil), l.Documents...)}
	for n := range now.Documents {
		d := &now.Documents[n]
		switch rapid.IntRange(0, 9).Draw(t, "correction") {
		case 0:
			d.Status = ar.Void
		case 1:
			d.Status = ar.Posted
		case 2:
			d.Amount = ar.NewMoney(d.Amount.Minor()+rapid.Int64Range(-200, 200).Draw(t, "more"), d.Amount.Currency())
		case 3:
			d.Due = d.Due.AddDays(rapid.IntRange(-40, 40).Draw(t, "later due"))
		}
	}
	for range rapid.IntRange(0, 5).Draw(t, "late documents") {
		now.Documents = append(now.Documents, document(ar.DocumentID(len(now.Documents)+1)).Draw(t, "late document"))
	}
	for _, a := range l.Applications {
		if rapid.IntRange(0, 9).Draw(t, "kept") > 0 {
			now.Applications = append(now.Applications, a)
		}
	}
	for n := range rapid.IntRange(0, 8).Draw(t, "late applications") {
		now.Applications = append(now.Applications, application(n+100, now.Documents).Draw(t, "late application"))
	}
	return now
}

// TestBridgesLeadFromSaidToNow: whatever is corrected, the lines of a bridge add
// up from what was said to what is overdue now.
func TestBridgesLeadFromSaidToNow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		then := randomLedger().Draw(t, "ledger")
		now := corrected(t, then)
		from := dateNear(120).Draw(t, "from")
		to := from.AddDays(rapid.IntRange(0, 60).Draw(t, "days"))
		var said []ar.Money
		saidOf := overdue(t, then.open(t, from), from)
		for _, m := range saidOf {
			said = append(said, m)
		}
		moves := now.moves(t, from, to)
		bridges, err := ar.Bridges(moves, from, to, said)
		if err != nil {
			t.Fatal(err)
		}
		closing, knownNow := overdue(t, now.open(t, to), to), overdue(t, now.open(t, from), from)
		newly := totals(t, ar.NewlyOverdue(moves, from, to))
		seen := map[ar.Currency]bool{}
		for _, b := range bridges {
			c := b.Currency
			seen[c] = true
			if !b.Balanced() {
				t.Fatalf("not balanced: %+v", b)
			}
			if b.Opening.Minor() != saidOf[c].Minor() || b.Closing.Minor() != closing[c].Minor() {
				t.Fatalf("%s: from %s to %s; said %s, now %s", c, b.Opening, b.Closing, saidOf[c], closing[c])
			}
			if got, want := b.Earlier.Minor(), knownNow[c].Minor()-saidOf[c].Minor(); got != want {
				t.Fatalf("%s: earlier changes %d, want %d", c, got, want)
			}
			if b.Newly.Minor() != newly[c].Minor() {
				t.Fatalf("%s: newly overdue %s, but the items are %s", c, b.Newly, newly[c])
			}
		}
		for c := range closing {
			if !seen[c] {
				t.Fatalf("no bridge to %s", closing[c])
			}
		}
	})
}

func TestBridge(t *testing.T) {
	t.Parallel()
	from, to := day(t, "2026-11-24"), day(t, "2026-11-25")
	old, fresh, ahead := day(t, "2026-10-01"), day(t, "2026-11-24"), day(t, "2026-11-25")
	cents := func(n int64) ar.Money { return ar.NewMoney(n, "USD") }
	move := func(due ar.Date, before, after, paid, credited, writtenOff int64) ar.OverdueMove {
		return ar.OverdueMove{
			Document: 7, Due: due, Before: cents(before), After: cents(after),
			Paid: cents(paid), Credited: cents(credited), WrittenOff: cents(writtenOff),
		}
	}
	// said, earlier, newly, paid, credited, written off, closing
	line := func(amounts ...int64) ar.Bridge {
		return ar.Bridge{
			Currency: "USD", From: from, To: to, Opening: cents(amounts[0]), Earlier: cents(amounts[1]), Newly: cents(amounts[2]),
			Paid: cents(amounts[3]), Credited: cents(amounts[4]), WrittenOff: cents(amounts[5]), Closing: cents(amounts[6]),
		}
	}
	tests := []struct {
		name  string
		said  int64
		moves []ar.OverdueMove
		want  ar.Bridge
	}{
		{"nothing happened", 500, []ar.OverdueMove{move(old, 500, 500, 0, 0, 0)}, line(500, 0, 0, 0, 0, 0, 500)},
		{"paid in part", 500, []ar.OverdueMove{move(old, 500, 300, 200, 0, 0)}, line(500, 0, 0, 200, 0, 0, 300)},
		{"settled three ways", 500, []ar.OverdueMove{move(old, 500, 0, 200, 250, 50)}, line(500, 0, 0, 200, 250, 50, 0)},
		{"fell overdue", 0, []ar.OverdueMove{move(fresh, 80, 80, 0, 0, 0)}, line(0, 0, 80, 0, 0, 0, 80)},
		{"fell overdue, partly paid on the day", 0, []ar.OverdueMove{move(fresh, 80, 30, 50, 0, 0)}, line(0, 0, 30, 0, 0, 0, 30)},
		{"due today is not overdue", 0, []ar.OverdueMove{move(ahead, 80, 80, 0, 0, 0)}, line(0, 0, 0, 0, 0, 0, 0)},
		{"a payment dated before came in late", 500, []ar.OverdueMove{move(old, 300, 300, 0, 0, 0)}, line(500, -200, 0, 0, 0, 0, 300)},
		{"voided since", 500, nil, line(500, -500, 0, 0, 0, 0, 0)},
		{"an old invoice came into the books", 0, []ar.OverdueMove{move(old, 90, 90, 0, 0, 0)}, line(0, 90, 0, 0, 0, 0, 90)},
		{"a payment was taken back", 0, []ar.OverdueMove{move(old, 0, 90, -90, 0, 0)}, line(0, 0, 90, 0, 0, 0, 90)},
		{"and one of a part", 10, []ar.OverdueMove{move(old, 10, 90, -80, 0, 0)}, line(10, 0, 0, -80, 0, 0, 90)},
		{"over-applied: the excess is credit", 100, []ar.OverdueMove{move(old, 100, -30, 130, 0, 0)}, line(100, 0, 0, 100, 0, 0, 0)},
		{"the excess is taken out of write-offs first", 100, []ar.OverdueMove{move(old, 100, -30, 80, 40, 10)}, line(100, 0, 0, 80, 20, 0, 0)},
		{"over-applied and taken back", 10, []ar.OverdueMove{move(old, 10, -5, 20, -5, 0)}, line(10, 0, 0, 15, -5, 0, 0)},
		{"over-applied before, owed again", 0, []ar.OverdueMove{move(old, -30, 70, -100, 0, 0)}, line(0, 0, 70, 0, 0, 0, 70)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ar.Bridges(tt.moves, from, to, []ar.Money{cents(tt.said)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]ar.Bridge{tt.want}, got, exactly); diff != "" {
				t.Errorf("bridge (-want +got):\n%s", diff)
			}
			if !got[0].Balanced() {
				t.Error("it isn't balanced")
			}
		})
	}
}

func TestBridgesOfTwoCurrencies(t *testing.T) {
	t.Parallel()
	from, to := day(t, "2026-11-24"), day(t, "2026-11-25")
	move := func(c ar.Currency, before, after int64) ar.OverdueMove {
		return ar.OverdueMove{Due: day(t, "2026-10-01"), Before: ar.NewMoney(before, c), After: ar.NewMoney(after, c), Paid: ar.NewMoney(before-after, c)}
	}
	bridges, err := ar.Bridges([]ar.OverdueMove{move("USD", 5, 3), move("EUR", 70, 0)}, from, to, []ar.Money{ar.NewMoney(5, "USD")})
	if err != nil || len(bridges) != 2 || bridges[0].Currency != "EUR" || bridges[1].Currency != "USD" {
		t.Fatalf("%+v, %v", bridges, err)
	}
	if eur := bridges[0]; !eur.Balanced() || !eur.Opening.IsZero() || eur.Earlier != ar.NewMoney(70, "EUR") || eur.Paid != ar.NewMoney(70, "EUR") {
		t.Errorf("EUR, of which nothing was said: %+v", eur)
	}
	broken := bridges[1]
	broken.Newly = ar.NewMoney(1, "USD")
	if broken.Balanced() {
		t.Error("a bridge with a line too many is balanced")
	}
	if none, err := ar.Bridges(nil, from, to, nil); err != nil || len(none) != 0 {
		t.Errorf("bridges of nothing: %v, %v", none, err)
	}
}

func TestBridgesOverflow(t *testing.T) {
	t.Parallel()
	from, to, due := day(t, "2026-11-24"), day(t, "2026-11-25"), day(t, "2026-11-01")
	most, zero := ar.NewMoney(math.MaxInt64, "USD"), ar.NewMoney(0, "USD")
	for name, move := range map[string]ar.OverdueMove{
		"closing": {Due: due, Before: zero, After: most},
		"earlier": {Due: due, Before: most, After: zero, Paid: zero},
		"paid":    {Due: due, Before: ar.NewMoney(1, "USD"), After: zero, Paid: most},
	} {
		if b, err := ar.Bridges([]ar.OverdueMove{move, move}, from, to, nil); !errors.Is(err, ar.ErrMoney) {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
	if b, err := ar.Bridges([]ar.OverdueMove{{Due: due, Before: most, After: zero, Paid: ar.NewMoney(1, "EUR")}}, from, to, nil); !errors.Is(err, ar.ErrMoney) {
		t.Errorf("two currencies in one item: %+v, %v", b, err)
	}
}
