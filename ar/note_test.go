package ar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

func TestNoteCheck(t *testing.T) {
	t.Parallel()
	checkRefusal(t, "good", ar.Note{Text: "call back"}.Check(), "")
	checkRefusal(t, "a call says enough", ar.Note{Call: ar.CallNoAnswer}.Check(), "")
	checkRefusal(t, "longest", ar.Note{Text: strings.Repeat("ü", ar.LongestNote)}.Check(), "")
	checkRefusal(t, "empty", ar.Note{Text: " \n"}.Check(), "The note is empty")
	checkRefusal(t, "too long", ar.Note{Text: strings.Repeat("ü", ar.LongestNote+1)}.Check(), "has 3001 characters")
	for _, o := range ar.CallOutcomes() {
		if got, err := ar.ParseCallOutcome(strings.ToUpper(string(o))); err != nil || got != o {
			t.Errorf("%q is %s, %v", o, got, err)
		}
	}
	_, err := ar.ParseCallOutcome("busy")
	checkRefusal(t, "busy", err, "Choose one of reached, promised, left message")
}

// TestAskWhoPays: before an invoice falls due, once there is something to ask.
func TestAskWhoPays(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-11-25")
	item := func(id ar.DocumentID, due, po string) ar.OpenItem {
		return ar.OpenItem{Document: ar.Document{ID: id, Customer: 1, Due: day(t, due), PO: po}, Open: usd(t, "5")}
	}
	all := map[ar.ContactFact]string{ar.FactContact: "Ann, ap@acme.example", ar.FactPO: "none", ar.FactPortal: "Coupa"}
	noPO := map[ar.ContactFact]string{ar.FactContact: "Ann", ar.FactPortal: "none"}
	for _, tt := range []struct {
		name    string
		known   map[ar.ContactFact]string
		items   []ar.OpenItem
		want    ar.DocumentID // 0 where nothing is asked
		missing []ar.ContactFact
	}{
		{"nothing known", nil, []ar.OpenItem{item(1, "2026-12-02", ""), item(2, "2026-11-30", "")}, 2, []ar.ContactFact{ar.FactContact, ar.FactPO, ar.FactPortal}},
		{"not yet", nil, []ar.OpenItem{item(1, "2026-12-03", "")}, 0, nil},
		{"too late", nil, []ar.OpenItem{item(1, "2026-11-24", "")}, 0, nil},
		{"on the day", nil, []ar.OpenItem{item(1, "2026-11-25", "")}, 1, []ar.ContactFact{ar.FactContact, ar.FactPO, ar.FactPortal}},
		{"all known", all, []ar.OpenItem{item(1, "2026-11-30", "")}, 0, nil},
		{"the order number", noPO, []ar.OpenItem{item(1, "2026-11-30", "")}, 1, []ar.ContactFact{ar.FactPO}},
		{"which is on the invoice", noPO, []ar.OpenItem{item(1, "2026-11-30", "4500")}, 0, nil},
	} {
		got, missing, ok := ar.ContactFacts{Customer: 1, Known: tt.known}.Ask(tt.items, today, ar.Workdays{})
		if got.ID != tt.want || ok != (tt.want != 0) || ok && cmp.Diff(tt.missing, missing) != "" {
			t.Errorf("%s: document %d, %v, %v", tt.name, got.ID, missing, ok)
		}
	}
	for _, f := range []ar.ContactFact{ar.FactContact, ar.FactPO, ar.FactPortal, "fax"} {
		if f.String() == "" {
			t.Errorf("%q has no words", string(f))
		}
	}
}

// months writes a story of one account.
func months(t testing.TB) (ledger, promises, disputes, notes []ar.Event) {
	t.Helper()
	a := newWritten(t)
	p := a.promise(5, a.invoice("500", "2026-11-10"), "300", "2026-11-30")
	p.Made.At = time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)
	a.pay(p.Document, "300", "2026-11-30")
	d := disputeOf(t, "200")
	d.Opened.At = time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC)
	d.Steps = []ar.DisputeStep{{Act: ar.Act{By: "U0NORA", On: day(t, "2026-11-27")}, State: ar.DisputeResolved, Outcome: ar.OutcomeWithdrawn}}
	ledger, err := ar.LedgerEvents(a.History, day(t, "2026-12-10"))
	if err != nil {
		t.Fatal(err)
	}
	note := ar.Note{ID: 3, Text: "will call", Made: ar.Act{On: day(t, "2026-11-25"), At: time.Date(2026, 11, 25, 16, 0, 0, 0, time.UTC)}}
	return ledger, ar.PromiseEvents([]ar.Promise{p}, a.judge("2026-12-10", p)), ar.DisputeEvents([]ar.Dispute{d}), ar.NoteEvents([]ar.Note{note})
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	var got []string
	for _, e := range ar.Timeline(months(t)) {
		got = append(got, strings.TrimSpace(e.On.String()+" "+string(e.Kind)+" "+e.Say))
	}
	want := []string{
		"2026-10-01 invoice",
		"2026-11-10 due",
		"2026-11-25 dispute pricing",
		"2026-11-25 promise by Mon 30 Nov 2026",
		"2026-11-25 note will call",
		"2026-11-27 dispute step resolved: withdrawn",
		"2026-11-30 payment",
		"2026-11-30 application",
		"2026-11-30 verdict Kept: $300.00 was paid by Mon 30 Nov 2026.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTimelineIsStable: however the events come, their order is the same.
func TestTimelineIsStable(t *testing.T) {
	t.Parallel()
	ledger, promises, disputes, notes := months(t)
	want := ar.Timeline(ledger, promises, disputes, notes)
	rapid.Check(t, func(t *rapid.T) {
		got := ar.Timeline(rapid.Permutation(want).Draw(t, "order"))
		if diff := cmp.Diff(want, got, exactly); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

// What is beside an account has no events of its own: of a payment that was spread over
// accounts, or of somebody else's invoice, not all is known. Money that was sent back does
// not fall due.
func TestLedgerEventsBesideAnAccount(t *testing.T) {
	t.Parallel()
	a := newWritten(t)
	ours := a.invoice("500", "2026-11-10")
	theirs := a.invoice("200", "2026-11-10")
	paid := a.document(ar.Payment, "400", "2026-11-02", "").ID
	spread := a.document(ar.Payment, "900", "2026-11-03", "2026-11-09").ID
	a.document(ar.Refund, "20", "2026-11-04", "2026-11-10")
	a.apply(ar.ByPayment, paid, theirs, "100", "2026-11-02")
	a.apply(ar.ByPayment, spread, ours, "150", "2026-11-03")
	h := a.History
	h.Documents = nil
	for _, d := range a.Documents {
		if d.ID == theirs || d.ID == spread {
			h.Beside = append(h.Beside, d)
		} else {
			h.Documents = append(h.Documents, d)
		}
	}
	events, err := ar.LedgerEvents(h, day(t, "2026-12-10"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range ar.Timeline(events) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", e.On, e.Kind, e.Doc.Number, e.Amount, e.From.Number)))
	}
	want := []string{
		"2026-10-01 invoice INV-1 $500.00",
		"2026-11-02 payment INV-3 $400.00",
		"2026-11-02 application INV-2 $100.00 INV-3",
		"2026-11-03 application INV-1 $150.00 INV-4",
		"2026-11-04 invoice INV-5 $20.00",
		"2026-11-10 due INV-1 $350.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
