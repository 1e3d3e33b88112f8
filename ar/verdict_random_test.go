package ar_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// randomPromises makes promises about documents of a random ledger, or about its
// customers as a whole.
func randomPromises(l ledger) *rapid.Generator[[]ar.Promise] {
	return rapid.Custom(func(t *rapid.T) (promises []ar.Promise) {
		for n := range rapid.IntRange(1, 5).Draw(t, "promises") {
			p := ar.Promise{
				ID: ar.PromiseID(n + 1), Customer: ar.CustomerID(rapid.IntRange(1, 4).Draw(t, "customer")),
				GraceDays: rapid.IntRange(0, 3).Draw(t, "grace"), Made: ar.Act{On: dateNear(90).Draw(t, "made")},
			}
			currency := rapid.SampledFrom([]ar.Currency{"USD", "EUR"}).Draw(t, "currency")
			if rapid.Bool().Draw(t, "of a document") {
				d := rapid.SampledFrom(l.Documents).Draw(t, "document")
				p.Document, p.Customer, currency = d.ID, d.Customer, d.Amount.Currency()
			}
			due := p.Made.On
			for range rapid.IntRange(1, 3).Draw(t, "parts") {
				due = due.AddDays(rapid.IntRange(1, 30).Draw(t, "days"))
				p.Parts = append(p.Parts, ar.Instalment{Amount: ar.NewMoney(rapid.Int64Range(1, 1500).Draw(t, "amount"), currency), Due: due})
			}
			p.Already = ar.NewMoney(rapid.Int64Range(0, 200).Draw(t, "already"), currency)
			if rapid.IntRange(0, 5).Draw(t, "ended") == 0 {
				p.End, p.Ended.On = ar.PromiseCancelled, p.Made.On.AddDays(3)
			}
			promises = append(promises, p)
		}
		return promises
	})
}

func judge(t rapid.TB, promises []ar.Promise, l ledger, asOf ar.Date) []ar.Verdict {
	t.Helper()
	verdicts, err := ar.Judge(promises, ar.History{Documents: l.Documents, Applications: l.Applications, Family: ar.Family{4: 3}}, asOf, ar.Workdays{})
	if err != nil {
		t.Fatal(err)
	}
	return verdicts
}

// TestVerdictsAddUp: each part has one state, which fits its amounts, at every
// moment; what is paid, settled and missing never exceeds what was promised; and
// no payment counts twice.
func TestVerdictsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := randomLedger().Draw(t, "ledger")
		promises, asOf := randomPromises(l).Draw(t, "promises"), dateNear(170).Draw(t, "as of")
		counted := map[ar.Currency]ar.Money{}
		for n, v := range judge(t, promises, l, asOf) {
			if v.Promise != promises[n].ID || len(v.Parts) != len(promises[n].Parts) {
				t.Fatalf("verdict %d is on promise %d with %d parts", n, v.Promise, len(v.Parts))
			}
			for _, o := range v.Parts {
				checkOutcome(t, o, asOf)
				c := o.Amount.Currency()
				counted[c] = sum(t, counted[c], o.Paid, o.Late)
			}
			if all := sum(t, v.Paid, v.ByCredit, v.Missing); all.Cmp(v.Amount) > 0 {
				t.Fatalf("%s of %s", all, v.Amount)
			}
		}
		paid := map[ar.Currency]ar.Money{}
		for _, a := range l.Applications {
			if a.Kind == ar.ByPayment && a.Amount.Sign() > 0 {
				paid[a.Amount.Currency()] = sum(t, paid[a.Amount.Currency()], a.Amount)
			}
		}
		for c, m := range counted {
			if m.Minor() > paid[c].Minor() {
				t.Fatalf("%s was counted, but %s paid", m, paid[c])
			}
		}
	})
}

func checkOutcome(t rapid.TB, o ar.Outcome, asOf ar.Date) {
	t.Helper()
	zero := o.Missing.IsZero()
	late := asOf.After(o.Deadline)
	fits := map[ar.PromiseState]bool{
		ar.PromiseOpen:       !zero && !late,
		ar.PromiseKept:       zero && o.Paid.Sign() > 0 && o.ByCredit.IsZero(),
		ar.PromiseSettled:    zero && o.ByCredit.Sign() > 0,
		ar.PromisePartlyKept: !zero && late && o.Paid.Sign() > 0,
		ar.PromiseBroken:     !zero && late && o.Paid.IsZero(),
		ar.PromiseClosed:     zero && o.Reason != "",
		ar.PromiseCancelled:  true,
	}
	if !fits[o.State] {
		t.Fatalf("%+v on %s", o, asOf)
	}
	for _, m := range []ar.Money{o.Paid, o.ByCredit, o.Missing, o.Late, o.Unapplied} {
		if m.Sign() < 0 {
			t.Fatalf("%s in %+v", m, o)
		}
	}
	if o.Late.Cmp(o.Missing) > 0 || !late && o.Late.Sign() > 0 || o.State.Failed() && o.Decided != o.Deadline {
		t.Fatalf("late: %+v on %s", o, asOf)
	}
}

// TestVerdictIgnoresOrder: the same history gives the same verdicts.
func TestVerdictIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := randomLedger().Draw(t, "ledger")
		promises, asOf := randomPromises(l).Draw(t, "promises"), dateNear(170).Draw(t, "as of")
		shuffled := ledger{
			Documents:    rapid.Permutation(l.Documents).Draw(t, "documents"),
			Applications: rapid.Permutation(l.Applications).Draw(t, "applications"),
		}
		moved := rapid.Permutation(promises).Draw(t, "promises in another order")
		byID := func(a, b ar.Verdict) int { return int(a.Promise - b.Promise) }
		want, got := judge(t, promises, l, asOf), judge(t, moved, shuffled, asOf)
		slices.SortFunc(got, byID)
		if diff := cmp.Diff(want, got, exactly); diff != "" {
			t.Fatalf("in two orders (-first +second):\n%s", diff)
		}
	})
}

// rank orders the states of a part: more payments never lead to a lower one.
var rank = map[ar.PromiseState]int{
	ar.PromiseBroken: 0, ar.PromisePartlyKept: 1, ar.PromiseOpen: 2,
	ar.PromiseClosed: 3, ar.PromiseSettled: 3, ar.PromiseKept: 3,
}

// TestMorePaymentsNeverHurt: another payment makes no verdict worse and nothing
// that was paid less.
func TestMorePaymentsNeverHurt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := randomLedger().Draw(t, "ledger")
		promises, asOf := randomPromises(l).Draw(t, "promises"), dateNear(170).Draw(t, "as of")
		to := rapid.SampledFrom(l.Documents).Draw(t, "to")
		amount := ar.NewMoney(rapid.Int64Range(1, 2000).Draw(t, "amount"), to.Amount.Currency())
		payment := ar.Document{
			ID: ar.DocumentID(len(l.Documents) + 1), Kind: ar.Payment, Customer: to.Customer, Amount: amount, Date: dateNear(150).Draw(t, "date"), Status: ar.Posted,
		}
		more := ledger{append(slices.Clone(l.Documents), payment), append(slices.Clone(l.Applications), ar.Application{
			External: "more", From: payment.ID, To: to.ID, Kind: ar.ByPayment, Amount: amount, Date: payment.Date,
		})}
		before, after := judge(t, promises, l, asOf), judge(t, promises, more, asOf)
		for n, v := range before {
			for k, part := range v.Parts {
				then := after[n].Parts[k]
				if rank[then.State] < rank[part.State] || then.Paid.Cmp(part.Paid) < 0 || then.Missing.Cmp(part.Missing) > 0 {
					t.Fatalf("promise %d part %d: with %s more on %s\n%+v\nbecame\n%+v", v.Promise, k, amount, payment.Date, part, then)
				}
			}
		}
	})
}

// TestVerdictByHand: a promise about one invoice, alone, is judged by the plain
// sum of what was paid in its days.
func TestVerdictByHand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, asOf := randomLedger().Draw(t, "ledger"), dateNear(170).Draw(t, "as of")
		l.Applications = slices.DeleteFunc(l.Applications, func(a ar.Application) bool { return a.Amount.Sign() < 0 })
		d := rapid.SampledFrom(l.Documents).Draw(t, "document")
		p := ar.Promise{
			ID: 1, Customer: d.Customer, Document: d.ID, Made: ar.Act{On: dateNear(90).Draw(t, "made")},
			Parts: []ar.Instalment{{Amount: ar.NewMoney(rapid.Int64Range(1, 1500).Draw(t, "amount"), d.Amount.Currency())}},
		}
		p.Parts[0].Due = p.Made.On.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
		end := p.Parts[0].Due
		if asOf.Before(end) {
			end = asOf
		}
		var paid int64
		for _, a := range l.Applications {
			on := ar.Latest(a.Date, l.document(a.From).Date, l.document(a.To).Date)
			if a.To == d.ID && a.Kind == ar.ByPayment && l.counts(a, on) && !on.Before(p.Made.On) && !on.After(end) {
				paid += a.Amount.Minor()
			}
		}
		var open int64
		for _, i := range l.open(t, end) {
			if i.ID == d.ID {
				open = max(0, i.Open.Minor())
			}
		}
		v := judge(t, []ar.Promise{p}, l, asOf)[0]
		promised := p.Parts[0].Amount.Minor()
		missing := min(max(0, promised-paid), open)
		switch {
		case d.Status != ar.Posted:
			if v.State != ar.PromiseClosed {
				t.Fatalf("the document is %s, the promise %s", d.Status, v.State)
			}
		case v.Paid.Minor() != min(paid, promised) || v.Missing.Minor() != missing:
			t.Fatalf("%s paid and %s missing; want %d and %d", v.Paid, v.Missing, min(paid, promised), missing)
		case v.State.Failed() != (missing > 0 && asOf.After(p.Parts[0].Due)):
			t.Fatalf("%s with %d missing on %s", v.State, missing, asOf)
		}
	})
}

// TestBreakdownsAddUp: what is owed is cut without overlap and to the cent,
// whatever is disputed and promised, and no part is below 0.
func TestBreakdownsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := randomLedger().Draw(t, "ledger")
		promises, asOf := randomPromises(l).Draw(t, "promises"), dateNear(170).Draw(t, "as of")
		var holds []ar.Hold
		for n, v := range judge(t, promises, l, asOf) {
			holds = append(holds, promises[n].Holds(v, asOf)...)
		}
		for range rapid.IntRange(0, 4).Draw(t, "disputes") {
			d := rapid.SampledFrom(l.Documents).Draw(t, "disputed")
			dispute := ar.Dispute{
				Customer: d.Customer, Document: d.ID, State: rapid.SampledFrom([]ar.DisputeState{ar.DisputeOpen, ar.DisputeResolved}).Draw(t, "state"),
				Amount: ar.NewMoney(rapid.Int64Range(1, 2000).Draw(t, "amount"), d.Amount.Currency()),
			}
			if h, ok := dispute.Hold(); ok {
				holds = append(holds, h)
			}
		}
		items := l.open(t, asOf)
		breakdowns, err := ar.Breakdowns(items, holds, ar.Family{4: 3}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		checkBreakdowns(t, breakdowns, items, holds)
	})
}

func checkBreakdowns(t rapid.TB, breakdowns []ar.Breakdown, items []ar.OpenItem, holds []ar.Hold) {
	t.Helper()
	net := totals(t, items)
	seen, held := map[ar.Currency]ar.Money{}, map[ar.Currency]ar.Money{}
	for _, b := range breakdowns {
		if !b.Balanced() {
			t.Fatalf("%+v does not add up", b)
		}
		if b.Spare.Sign() > 0 && b.ToChase.Sign() > 0 {
			t.Fatalf("%s of credit is spare, though %s is to be chased", b.Spare, b.ToChase)
		}
		if all := sum(t, b.Disputed, b.Promised, b.NotDue, b.Chaseable); all != b.Open {
			t.Fatalf("%+v: the parts are %s", b, all)
		}
		if b.OverdueDisputed.Cmp(b.Disputed) > 0 || b.OverduePromised.Cmp(b.Promised) > 0 {
			t.Fatalf("%+v: more of it overdue than there is", b)
		}
		seen[b.Currency] = sum(t, seen[b.Currency], b.Open, b.Unapplied.Neg())
		held[b.Currency] = sum(t, held[b.Currency], b.Disputed, b.Promised)
	}
	asked := map[ar.Currency]ar.Money{}
	for _, h := range holds {
		asked[h.Amount.Currency()] = sum(t, asked[h.Amount.Currency()], h.Amount)
	}
	for c, m := range net {
		if seen[c].Minor() != m.Minor() || held[c].Minor() > asked[c].Minor() {
			t.Fatalf("%s: %s of %s, %s held of %s", c, seen[c], m, held[c], asked[c])
		}
	}
}

// TestHoldsOnlyTakeAway: another hold never makes more to chase.
func TestHoldsOnlyTakeAway(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, asOf := randomLedger().Draw(t, "ledger"), dateNear(170).Draw(t, "as of")
		items := l.open(t, asOf)
		d := rapid.SampledFrom(l.Documents).Draw(t, "document")
		hold := ar.Hold{
			Kind: rapid.SampledFrom([]ar.HoldKind{ar.HoldDisputed, ar.HoldPromised}).Draw(t, "kind"), Customer: d.Customer, Document: d.ID,
			Amount: ar.NewMoney(rapid.Int64Range(1, 2000).Draw(t, "amount"), d.Amount.Currency()),
		}
		without, err := ar.Breakdowns(items, nil, nil, asOf)
		if err != nil {
			t.Fatal(err)
		}
		with, err := ar.Breakdowns(items, []ar.Hold{hold}, nil, asOf)
		if err != nil {
			t.Fatal(err)
		}
		for n, b := range without {
			if with[n].ToChase.Cmp(b.ToChase) > 0 || with[n].Open != b.Open {
				t.Fatalf("%+v became %+v", b, with[n])
			}
		}
	})
}
