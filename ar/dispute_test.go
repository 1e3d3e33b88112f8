package ar_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

func TestInferReason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		note string
		want ar.Reason
		sure ar.Confidence
	}{
		{"wrong quantity", ar.ReasonShortShipment, ar.Sure},
		{"they only got 8 of 10 boxes", ar.ReasonShortShipment, ar.Sure},
		{"short shipped 2 pallets", ar.ReasonShortShipment, ar.Sure},
		{"wrong price on line 3", ar.ReasonPricing, ar.Sure},
		{"We were overcharged, the quote said 45", ar.ReasonPricing, ar.Sure},
		{"goods arrived damaged", ar.ReasonDamaged, ar.Sure},
		{"two units are BROKEN", ar.ReasonDamaged, ar.Sure},
		{"that's not what we ordered, wrong item", ar.ReasonWrongItem, ar.Sure},
		{"needs a PO", ar.ReasonMissingPO, ar.Sure},
		{"no PO on the invoice", ar.ReasonMissingPO, ar.Sure},
		{"P.O. missing", ar.ReasonMissingPO, ar.Sure},
		{"billed twice", ar.ReasonDuplicate, ar.Sure},
		{"duplicate of INV-6", ar.ReasonDuplicate, ar.Sure},
		{"they already paid this by check", ar.ReasonAlreadyPaid, ar.Sure},
		{"never received it", ar.ReasonNotReceived, ar.Sure},
		{"it hasn\u2019t arrived", ar.ReasonNotReceived, ar.Sure},
		{"they want proof of delivery", ar.ReasonNotReceived, ar.Sure},
		{"customer is tax exempt", ar.ReasonTax, ar.Sure},
		{"VAT missing", ar.ReasonTax, ar.Sure},
		{"freight was supposed to be free", ar.ReasonFreight, ar.Sure},
		{"shipping charged twice, shipping cost is 40 too high", ar.ReasonFreight, ar.Likely},
		{"they have net 60 terms", ar.ReasonTerms, ar.Sure},
		{"late", ar.ReasonOther, ar.Unsure},
		{"", ar.ReasonOther, ar.Unsure},
		{"they are unhappy", ar.ReasonOther, ar.Unsure},
		{"price and freight", ar.ReasonOther, ar.Unsure}, // two alike
		{"shortbread biscuits", ar.ReasonOther, ar.Unsure},
		{"spotted", ar.ReasonOther, ar.Unsure},
		{"Preis stimmt nicht", ar.ReasonPricing, ar.Sure},
		{"Ware beschädigt", ar.ReasonDamaged, ar.Sure},
		{"Rechnung doppelt", ar.ReasonDuplicate, ar.Sure},
		{"schon bezahlt", ar.ReasonAlreadyPaid, ar.Sure},
		{"nicht geliefert", ar.ReasonNotReceived, ar.Sure},
		{"Bestellnummer fehlt", ar.ReasonMissingPO, ar.Sure},
		{"marchandise endommagée", ar.ReasonDamaged, ar.Sure},
		{"déjà payée", ar.ReasonAlreadyPaid, ar.Sure},
		{"jamais reçu", ar.ReasonNotReceived, ar.Sure},
		{"facturé deux fois", ar.ReasonDuplicate, ar.Sure},
		{"precio incorrecto", ar.ReasonPricing, ar.Sure},
		{"mercancía dañada", ar.ReasonDamaged, ar.Sure},
		{"ya pagado", ar.ReasonAlreadyPaid, ar.Sure},
		{"no recibido", ar.ReasonNotReceived, ar.Sure},
		{"falta la orden de compra", ar.ReasonMissingPO, ar.Likely},
	} {
		if got, sure := ar.InferReason(tt.note); got != tt.want || sure != tt.sure {
			t.Errorf("%q is %s, %s; want %s, %s", tt.note, got, sure, tt.want, tt.sure)
		}
	}
}

// TestEachReasonIsFoundByItsName: and has words, a route and a place in the list.
func TestEachReasonIsFoundByItsName(t *testing.T) {
	t.Parallel()
	for _, r := range ar.Reasons() {
		for _, typed := range []string{string(r), r.Words()} {
			if got, err := ar.ParseReason(typed); err != nil || got != r {
				t.Errorf("%q is %s, %v", typed, got, err)
			}
		}
		if got, sure := ar.InferReason(r.Words()); r != ar.ReasonOther && (got != r || sure != ar.Sure) {
			t.Errorf("%q is %s, %s", r.Words(), got, sure)
		}
		route := ar.DisputeRoutes{}.Route(r)
		if route.Reason != r || route.Days < 1 || route.Department == "" {
			t.Errorf("%s goes %+v", r, route)
		}
	}
	_, err := ar.ParseReason("vibes")
	checkRefusal(t, "vibes", err, "Choose one of pricing, short shipment, damaged")
	if err := ar.DefaultDisputeRoutes().Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []ar.DisputeRoutes{{{Reason: "vibes", Days: 1}}, {{Reason: ar.ReasonTax}}} {
		if bad.Check() == nil {
			t.Errorf("%+v leads somewhere", bad)
		}
	}
	own := ar.DisputeRoutes{{Reason: ar.ReasonTax, Department: "tax desk", Assignee: "tara@example.com", Days: 1}}
	if got := own.Route(ar.ReasonTax); got != own[0] {
		t.Errorf("tax goes %+v", got)
	}
}

func disputeOf(t testing.TB, amount string) ar.Dispute {
	t.Helper()
	item := ar.OpenItem{Document: ar.Document{ID: 1, Customer: 1, Number: "INV-1"}, Open: usd(t, "500")}
	m := ar.Money{}
	if amount != "" {
		m = usd(t, amount)
	}
	d := ar.NewDispute(item, m, ar.ReasonPricing, "too much", ar.Act{By: "U0DANA", On: day(t, "2026-11-25")}, nil, ar.Workdays{})
	d.ID = 9
	return d
}

func TestDisputeCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ amount, taken, says string }{
		{"", "0", ""}, // all of it
		{"500", "0", ""},
		{"200", "300", ""},
		{"500.01", "0", "Only $500.00 is owed on INV-1"},
		{"200", "301", "$301.00 of the $500.00 owed on INV-1 is disputed already. Give at most $199.00"},
		{"0", "0", "above 0"},
	} {
		err := disputeOf(t, tt.amount).Check(ar.Subject{Label: "INV-1", Open: usd(t, "500"), Taken: usd(t, tt.taken)})
		checkRefusal(t, tt.amount+" "+tt.taken, err, tt.says)
	}
	checkRefusal(t, "paid", disputeOf(t, "5").Check(ar.Subject{Label: "INV-1", Open: usd(t, "0")}), "nothing to dispute")
	checkRefusal(t, "currency", disputeOf(t, "5").Check(ar.Subject{Label: "INV-1", Open: money(t, "500", "EUR"), Taken: money(t, "0", "EUR")}), "INV-1 is in EUR")
	odd := disputeOf(t, "5")
	odd.Reason = "vibes"
	checkRefusal(t, "reason", odd.Check(ar.Subject{Label: "INV-1", Open: usd(t, "500")}), "not a reason")
}

// TestDisputeMoves tries every move from every state.
func TestDisputeMoves(t *testing.T) {
	t.Parallel()
	allowed := map[ar.DisputeState][]ar.DisputeState{
		ar.DisputeOpen:     {ar.DisputeInReview, ar.DisputeResolved},
		ar.DisputeInReview: {ar.DisputeOpen, ar.DisputeResolved},
		ar.DisputeResolved: {ar.DisputeOpen},
	}
	for from, good := range allowed {
		for to := range allowed {
			d := disputeOf(t, "")
			d.State, d.Steps = from, []ar.DisputeStep{{State: from}}
			step := ar.DisputeStep{State: to, Act: ar.Act{By: "U0NORA"}}
			if to == ar.DisputeResolved {
				step.Outcome = ar.OutcomeWithdrawn
			}
			moved, err := d.Move(step)
			if ok := slices.Contains(good, to); ok != (err == nil) || err == nil && (moved.State != to || len(moved.Steps) != 2 || len(d.Steps) != 1) {
				t.Errorf("from %s to %s: %+v, %v", from, to, moved, err)
			}
		}
	}
	_, err := disputeOf(t, "").Move(ar.DisputeStep{State: ar.DisputeResolved})
	checkRefusal(t, "no outcome", err, "Say how the dispute ended")
	_, err = disputeOf(t, "").Move(ar.DisputeStep{State: ar.DisputeInReview, Outcome: ar.OutcomeCredited})
	checkRefusal(t, "early outcome", err, "only when it is resolved")
	_, err = disputeOf(t, "").Move(ar.DisputeStep{State: ar.DisputeOpen})
	checkRefusal(t, "again", err, "is open already")
	for _, o := range ar.DisputeOutcomes() {
		if got, err := ar.ParseDisputeOutcome(" " + string(o)); err != nil || got != o {
			t.Errorf("%q is %s, %v", o, got, err)
		}
	}
	_, err = ar.ParseDisputeOutcome("upheld")
	checkRefusal(t, "upheld", err, "Choose credited, partly credited")
}

func TestDisputeClock(t *testing.T) {
	t.Parallel()
	d := disputeOf(t, "") // three business days from Wed 25 Nov
	for asOf, want := range map[string]int{"2026-11-25": 3, "2026-11-27": 1, "2026-11-29": 1, "2026-11-30": 0, "2026-12-01": -1, "2026-12-07": -5} {
		if got := d.DaysLeft(day(t, asOf), ar.Workdays{}); got != want || d.Overdue(day(t, asOf)) != (want < 0) {
			t.Errorf("on %s %d days are left, overdue %v; want %d", asOf, got, d.Overdue(day(t, asOf)), want)
		}
	}
	d.State = ar.DisputeResolved
	if d.Overdue(day(t, "2026-12-07")) {
		t.Error("what is resolved is not overdue")
	}
}

func TestSuggestResolution(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		make func(a *written)
		want ar.Suggestion // without Why
	}{
		{"nothing happened", func(*written) {}, ar.Suggestion{}},
		{"a credit from before", func(a *written) { a.settle(ar.ByCredit, 1, "100", "2026-11-24") }, ar.Suggestion{}},
		{"credited", func(a *written) { a.settle(ar.ByCredit, 1, "200", "2026-12-01") }, ar.Suggestion{Outcome: ar.OutcomeCredited, Document: 2, Amount: usd(t, "200")}},
		{"credited in part", func(a *written) { a.settle(ar.ByCredit, 1, "150", "2026-12-01") }, ar.Suggestion{Outcome: ar.OutcomePartlyCredited, Document: 2, Amount: usd(t, "150")}},
		{"paid in full", func(a *written) { a.pay(1, "500", "2026-12-01") }, ar.Suggestion{Outcome: ar.OutcomePaidInFull, Document: 1, Amount: usd(t, "200")}},
		{"paid in part", func(a *written) { a.pay(1, "300", "2026-12-01") }, ar.Suggestion{}},
		{"a credit memo that fits", func(a *written) { a.document(ar.CreditMemo, "200", "2026-12-01", "") }, ar.Suggestion{Outcome: ar.OutcomeCredited, Document: 2, Amount: usd(t, "200")}},
		{"one that does not", func(a *written) { a.document(ar.CreditMemo, "123", "2026-12-01", "") }, ar.Suggestion{}},
		{"one that names the invoice", func(a *written) { a.document(ar.CreditMemo, "123", "2026-12-01", "").Memo = "for INV-1 damage" }, ar.Suggestion{Outcome: ar.OutcomePartlyCredited, Document: 2, Amount: usd(t, "123")}},
		{"another customer's", func(a *written) { a.document(ar.CreditMemo, "200", "2026-12-01", "").Customer = 2 }, ar.Suggestion{}},
		{"voided", func(a *written) { a.Documents[0].Status = ar.Void }, ar.Suggestion{Outcome: ar.OutcomeInvoiceGone, Amount: usd(t, "200")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newWritten(t)
			a.invoice("500", "2026-11-01")
			tt.make(a)
			got, ok, err := ar.SuggestResolution(disputeOf(t, "200"), a.History, day(t, "2026-12-10"))
			if ok && got.Why == "" {
				t.Error("it does not say why")
			}
			got.Why = ""
			if ok {
				tt.want.Dispute = 9
			}
			if diff := cmp.Diff(tt.want, got, exactly); err != nil || diff != "" || ok != (tt.want.Outcome != "") {
				t.Errorf("%v, %v, (-want +got):\n%s", ok, err, diff)
			}
		})
	}
	resolved := disputeOf(t, "200")
	resolved.State = ar.DisputeResolved
	if s, ok, err := ar.SuggestResolution(resolved, ar.History{}, day(t, "2026-12-10")); ok || err != nil {
		t.Errorf("what is resolved needs no %+v, %v", s, err)
	}
}

func TestRootCauses(t *testing.T) {
	t.Parallel()
	opened := func(reason ar.Reason, amount, on string, state ar.DisputeState, outcome ar.DisputeOutcome) ar.Dispute {
		return ar.Dispute{Reason: reason, Amount: usd(t, amount), Opened: ar.Act{On: day(t, on)}, State: state, Outcome: outcome}
	}
	got, err := ar.RootCauses([]ar.Dispute{
		opened(ar.ReasonTax, "900", "2026-11-24", ar.DisputeOpen, ""),
		opened(ar.ReasonPricing, "100", "2026-11-23", ar.DisputeResolved, ar.OutcomeCredited),
		opened(ar.ReasonPricing, "50", "2026-11-29", ar.DisputeInReview, ""),
		opened(ar.ReasonPricing, "1", "2026-11-22", ar.DisputeOpen, ""), // the week before
		opened(ar.ReasonPricing, "1", "2026-11-30", ar.DisputeOpen, ""), // the week after
	}, day(t, "2026-11-23"), day(t, "2026-11-29"))
	want := []ar.RootCause{
		{Reason: ar.ReasonPricing, Currency: "USD", Opened: 2, Standing: 1, Amount: usd(t, "150"), Credited: 1},
		{Reason: ar.ReasonTax, Currency: "USD", Opened: 1, Standing: 1, Amount: usd(t, "900")},
	}
	if diff := cmp.Diff(want, got, exactly); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
