package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// tomorrow is the next day at the same hour, with the ledger read again.
func tomorrow(t *testing.T, c *desktest.Company, news ar.Page) ar.Date {
	t.Helper()
	c.Clock.Add(24 * time.Hour)
	c.Change(t, news)
	return c.Desk.Today()
}

func climb(t *testing.T, c *desktest.Company) {
	t.Helper()
	for range 2 { // a second run of a day changes nothing
		if err := c.Desk.ClimbLadder(t.Context(), c.Desk.Today()); err != nil {
			t.Fatal(err)
		}
	}
}

// steps are all that the ladder said, as "account rung@day".
func steps(t *testing.T, c *desktest.Company) (said []string) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		all, err := r.LadderSteps(t.Context(), nil)
		for _, s := range all {
			account, err := r.Customer(t.Context(), s.Customer)
			if err != nil {
				return err
			}
			said = append(said, fmt.Sprintf("%s %d@%s", account.Name, s.Rung, s.On))
		}
		return err
	})
	return said
}

// In its first five business days the ladder posts nothing; AR sees what it would, and
// turns it on then.
func TestLadderInShadow(t *testing.T) {
	t.Parallel()
	c := late(t) // Wed 25 Nov: from Wed 2 Dec it can be turned on
	climb(t, c)
	if posted := postsOf(t, c, ar.EscalationPost); posted != 0 {
		t.Errorf("%d escalations were posted", posted)
	}
	report, err := c.Desk.ShadowReport(t.Context(), ar.Post{PostKey: ar.PostKey{Kind: ar.LadderReport, Route: "ladder", Day: c.Desk.Today()}})
	if err != nil || len(report.Lines) != 2 || report.Lines[0].To != "dana@example.com" || report.From != storetest.Day("2026-12-02") || postsOf(t, c, ar.LadderReport) != 1 {
		t.Fatalf("the report: %+v, %v", report, err)
	}
	if _, err := c.Desk.TurnLadder(t.Context(), desktest.Nora, true); ar.KindOf(err) != ar.Invalid {
		t.Errorf("turned on in its first days: %v", err)
	}
	to(t, c, "2026-12-02")
	if _, err := c.Desk.TurnLadder(t.Context(), desktest.Boss, true); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("a manager turns it on: %v", err)
	}
	if s, err := c.Desk.TurnLadder(t.Context(), desktest.Nora, true); err != nil || !s.Live {
		t.Fatalf("turned on: %+v, %v", s, err)
	}
	climb(t, c)
	if posted := postsOf(t, c, ar.EscalationPost); posted != 2 { // both begin at the bottom
		t.Errorf("%d escalations were posted, want 2", posted)
	}
}

func postsOf(t *testing.T, c *desktest.Company, kind ar.PostKind) (n int) {
	t.Helper()
	for id := ar.PostID(1); ; id++ {
		p, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return n
		}
		if p.Kind == kind {
			n++
		}
	}
}

// Old data: nobody is asked about what may be paid. The day goes on when news come.
func TestLadderWaitsForFreshData(t *testing.T) {
	t.Parallel()
	c := late(t)
	c.Clock.Add(25 * time.Hour)
	climb(t, c)
	if said := steps(t, c); len(said) != 0 {
		t.Errorf("over old data: %v", said)
	}
	c.Change(t, ar.Page{})
	climb(t, c)
	if said := steps(t, c); len(said) != 2 {
		t.Errorf("once the ledger was read: %v", said)
	}
}

// What each day's run said over weeks with promises, a claim that lapses, a dispute, a
// snooze and payments is what the back-test says at the end.
func TestBacktestIsWhatEachDaySaid(t *testing.T) {
	t.Parallel()
	c := late(t)
	first := c.Desk.Today()
	c.Change(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Finch", ""), desktest.Customer("Gull", "dana@example.com")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-3", "Finch", "2026-11-01", "2026-12-01", "700.00"),
			storetest.Doc(ar.Invoice, "INV-4", "Gull", "2026-11-05", "2026-11-22", "900.00"),
		},
	})
	pays := func(external, customer, invoice, date, amount string) ar.Page {
		return ar.Page{
			Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, external, customer, date, "", amount)},
			Applications: []ar.ApplicationRecord{storetest.Pays("a-"+external, external, invoice, date, amount)},
		}
	}
	news := map[string]ar.Page{
		"2026-12-03": pays("P-1", "Elixir", "INV-2", "2026-12-03", "50.00"),
		"2026-12-21": pays("P-2", "Danaway", "INV-1", "2026-12-18", "400.00"), // comes in later
		"2027-01-11": pays("P-3", "Gull", "INV-4", "2027-01-11", "900.00"),
	}
	acts := map[string]func(){
		"2026-11-30": func() {
			reading, _, err := c.Desk.ReadPromise(t.Context(), desktest.Dana, desk.PromiseText{Text: "1000 by 12/7", About: desk.Found{Document: c.Document(t, "INV-1")}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Desk.RecordPromise(t.Context(), desktest.Dana, reading.Drafts[0]); err != nil {
				t.Fatal(err)
			}
		},
		"2026-12-09": func() {
			open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-4", Reason: ar.ReasonPricing, Note: "price"})
		},
		"2026-12-11": func() {
			claimed, err := c.Desk.ClaimAccount(t.Context(), desktest.Nora, desk.ClaimInput{Customer: c.ID(t, "Finch")})
			if err != nil || !claimed.Won {
				t.Fatal(err)
			}
		},
		"2026-12-28": func() {
			if _, err := c.Desk.MoveDispute(t.Context(), desktest.Dana, 1, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeRejected}); err != nil {
				t.Fatal(err)
			}
		},
		"2027-01-04": func() {
			in := desk.SnoozeInput{Customer: c.ID(t, "Finch"), Until: storetest.Day("2027-01-12"), Reason: "a new buyer there"}
			if _, err := c.Desk.SnoozeAccount(t.Context(), desktest.Nora, in); err != nil {
				t.Fatal(err)
			}
		},
	}
	for day := first; day.Before(storetest.Day("2027-01-31")); day = tomorrow(t, c, news[c.Desk.Today().AddDays(1).String()]) {
		if _, err := c.Desk.JudgePromises(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Desk.ReviewClaims(t.Context()); err != nil {
			t.Fatal(err)
		}
		climb(t, c)
		if act := acts[day.String()]; act != nil { // later that day
			c.Clock.Add(time.Hour)
			act()
			c.Clock.Add(-time.Hour)
		}
	}
	test, err := c.Desk.BacktestLadder(t.Context(), c.Desk.Today().Sub(first)+1)
	if err != nil {
		t.Fatal(err)
	}
	var back []string
	for _, l := range test.Lines {
		back = append(back, fmt.Sprintf("%s %d@%s", l.Account.Name, l.Rung, l.On))
	}
	said := steps(t, c)
	if diff := cmp.Diff(said, back); diff != "" {
		t.Errorf("(-each day +back-test):\n%s", diff)
	}
	if len(said) < 10 || !strings.Contains(strings.Join(said, " "), "Elixir 0@2026-12-03") {
		t.Errorf("little happened: %v", said)
	}
}

// The last rung proposes a credit hold, which two people must agree to.
func TestLadderProposesAHold(t *testing.T) {
	t.Parallel()
	c := late(t)
	to(t, c, "2026-12-28")
	if _, err := c.Desk.TurnLadder(t.Context(), desktest.Nora, true); err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-12-28", "2026-12-30", "2027-01-04"} {
		to(t, c, day)
		climb(t, c)
	}
	list, _, err := c.Desk.Escalations(t.Context(), desktest.Nora, 10)
	if err != nil || len(list) == 0 || list[0].Kind != ar.ProposeHold || list[0].Channel != "C0AR" || list[0].Why == "" {
		t.Fatalf("%+v, %v", list, err)
	}
	seconded, err := c.Desk.AgreeToHold(t.Context(), desktest.Nora, list[0].ID)
	if err != nil || seconded.State != ar.EscalationSeconded {
		t.Fatalf("%s, %v", seconded.State, err)
	}
	if _, err := c.Desk.AgreeToHold(t.Context(), desktest.Nora, list[0].ID); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("the same person twice: %v", err)
	}
	if approved, err := c.Desk.AgreeToHold(t.Context(), desktest.Admin, list[0].ID); err != nil || approved.State != ar.EscalationApproved {
		t.Errorf("%s, %v", approved.State, err)
	}
	var asks int
	for _, e := range list {
		if e.Kind == ar.AskSomebody && e.Customer == c.ID(t, "Danaway") {
			asks++
		}
	}
	if asks != 1 {
		t.Errorf("%d escalations of the account stand beside it, want that of the rung before", asks)
	}
}

func TestWhereAnAccountStands(t *testing.T) {
	t.Parallel()
	c := late(t)
	view, err := c.Desk.OnLadder(t.Context(), desktest.Dana, desk.Found{Customer: c.ID(t, "Danaway")})
	if err != nil || !view.Answer.Moves || view.Answer.Step.Rung != 1 || view.Rungs != 3 {
		t.Errorf("%+v, %v", view, err)
	}
	if _, err := c.Desk.OnLadder(t.Context(), desktest.Eli, desk.Found{Customer: c.ID(t, "Danaway")}); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("another's account: %v", err)
	}
}

// A ledger that comes later brings old debts: its accounts are only shown in its own first
// days, though the ladder is on, and not looked at before it was read as a whole.
func TestLadderAndALedgerThatComesLater(t *testing.T) {
	t.Parallel()
	c := late(t)
	to(t, c, "2026-12-02")
	if _, err := c.Desk.TurnLadder(t.Context(), desktest.Nora, true); err != nil {
		t.Fatal(err)
	}
	climb(t, c)
	second := c.Books.Ledger(t, "realm-b")
	old := ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Heron", "dana@example.com")},
		Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-9", "Heron", "2026-08-02", "2026-09-01", "900.00")},
	}
	check := func(when string, posted, reports int, added ...string) {
		t.Helper()
		before := len(steps(t, c))
		climb(t, c)
		if n := postsOf(t, c, ar.EscalationPost); n != posted {
			t.Errorf("%s: %d escalations are posted, want %d", when, n, posted)
		}
		if n := postsOf(t, c, ar.LadderReport); n != reports {
			t.Errorf("%s: %d reports of what would be posted, want %d", when, n, reports)
		}
		if diff := cmp.Diff(added, steps(t, c)[before:], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: steps (-want +got):\n%s", when, diff)
		}
	}

	to(t, c, "2026-12-03")
	cut := second.Start(t, true)
	second.Put(t, cut, old)
	c.Write(t, func(tx ar.Tx) error { return tx.FinishRun(t.Context(), cut, ar.SyncMark{}, "The network went away.") })
	check("cut off in its first reading", 2, 0)

	to(t, c, "2026-12-04")
	second.Import(t, old)
	check("on its first day", 3, 1, "Danaway 2@2026-12-04", "Heron 1@2026-12-04") // Danaway's is posted
	state, err := c.Desk.LadderState(t.Context(), desktest.Nora)
	if err != nil || !state.Live || len(state.New) != 1 || state.New[0] != (desk.NewLedger{Name: "realm-b", From: storetest.Day("2026-12-11")}) {
		t.Errorf("the state: %+v, %v", state, err)
	}

	to(t, c, "2026-12-11")
	second.Change(t, ar.Page{})
	check("after its first days", 5, 1, "Danaway 3@2026-12-11", "Heron 1@2026-12-11")
}
