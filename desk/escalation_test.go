package desk_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// ladderSettings are a ladder of three rungs, the last of which proposes a hold.
func ladderSettings(s *desk.Settings) {
	s.Escalations = desk.EscalationSettings{Channels: []string{"C0AR", "C0SALES"}, Within: 2, Again: ar.AskAgain{Every: 2, Most: 2}}
	s.Ladder = desk.LadderSettings{
		Ladders: []ar.Ladder{{Segment: "all", Pause: 2, Rungs: []ar.Rung{
			{Days: 5, To: ar.ToOwner}, {Days: 20, AtLeast: 100, Channel: "C0SALES", Ask: "Who knows them?"}, {Days: 40, AtLeast: 100, Channel: "C0AR", Hold: true},
		}}},
		Segments: ar.OwnerRules{{Match: ar.MatchDefault, Owner: "all"}}, Channel: "C0AR", ShadowDays: 5, Hour: 9,
	}
}

// late is a company in which Danaway owes 1,000.00 since 1 Nov and Elixir 50.00.
func late(t *testing.T) *desktest.Company {
	t.Helper()
	c := desktest.New(t, ladderSettings)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Danaway", "dana@example.com"), desktest.Customer("Elixir", "eli@example.com")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-1", "Danaway", "2026-10-02", "2026-11-01", "1000.00"),
			storetest.Doc(ar.Invoice, "INV-2", "Elixir", "2026-10-20", "2026-11-19", "50.00"),
		},
	})
	return c
}

func escalate(t *testing.T, c *desktest.Company, actor ar.Actor, change func(*desk.EscalationInput)) (desk.Escalation, error) {
	t.Helper()
	in := desk.EscalationInput{Customer: c.ID(t, "Danaway"), Ask: "Please call.", Due: storetest.Day("2026-11-27"), Channel: "C0SALES"}
	if change != nil {
		change(&in)
	}
	return c.Desk.Escalate(t.Context(), actor, in)
}

// to moves the clock to the same hour of a later day, and reads the ledger again.
func to(t *testing.T, c *desktest.Company, day string) {
	t.Helper()
	c.Clock.Add(time.Duration(storetest.Day(day).Sub(c.Desk.Today())) * 24 * time.Hour)
	c.Change(t, ar.Page{})
}

// news are the topics of what is said in the thread of escalation 1.
func news(t *testing.T, c *desktest.Company) string {
	t.Helper()
	var topics []string
	for id := ar.PostID(1); ; id++ {
		p, err := c.Desk.Post(t.Context(), id)
		if err != nil {
			return strings.Join(topics, " ")
		}
		if topic, ok := strings.CutPrefix(p.Route, "escalation:1/"); ok && p.Kind == ar.EscalationNews {
			topics = append(topics, topic)
		}
	}
}

func TestWhoMayEscalate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		actor ar.Actor
		want  ar.ErrorKind
	}{
		"AR": {desktest.Nora, ""}, "an admin": {desktest.Admin, ""}, "a rep": {desktest.Dana, ar.Forbidden}, "a manager": {desktest.Boss, ar.Forbidden},
		"nobody yet": {desktest.NewHere, ar.Forbidden}, "somebody from outside": {desktest.Outsider, ar.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := late(t)
			if _, err := escalate(t, c, tt.actor, nil); ar.KindOf(err) != tt.want {
				t.Errorf("escalate: %v", err)
			}
			if _, err := c.Desk.DraftEscalation(t.Context(), tt.actor, desk.Found{Customer: c.ID(t, "Danaway")}, ""); ar.KindOf(err) != tt.want {
				t.Errorf("preview: %v", err)
			}
			if _, err := c.Desk.PrepareHandoff(t.Context(), tt.actor, c.ID(t, "Danaway")); ar.KindOf(err) != tt.want {
				t.Errorf("hand off: %v", err)
			}
		})
	}
}

func TestEscalationsThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	c := late(t)
	for want, change := range map[string]func(*desk.EscalationInput){
		"Choose one of the channels": func(in *desk.EscalationInput) { in.Channel = "C0BOARD" },
		"What is asked":              func(in *desk.EscalationInput) { in.Ask = " " },
		"is past":                    func(in *desk.EscalationInput) { in.Due = storetest.Day("2026-11-24") },
		"Nothing of it is overdue":   func(in *desk.EscalationInput) { in.Customer, in.Document = 0, paidInvoice(t, c) },
	} {
		if _, err := escalate(t, c, desktest.Nora, change); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want a word of %q", err, want)
		}
	}
}

// paidInvoice adds an invoice that is not due yet.
func paidInvoice(t *testing.T, c *desktest.Company) ar.DocumentID {
	t.Helper()
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{storetest.Doc(ar.Invoice, "INV-8", "Danaway", "2026-11-20", "2026-12-20", "5.00")}})
	return c.Document(t, "INV-8")
}

// One who sends the form twice, or two who escalate at once, get one escalation.
func TestEscalationIsPostedOnce(t *testing.T) {
	t.Parallel()
	c := late(t)
	first, err := escalate(t, c, desktest.Nora, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := escalate(t, c, desktest.Admin, nil); err == nil || !strings.Contains(err.Error(), "and stands") {
		t.Errorf("a second one: %v", err)
	}
	second, err := escalate(t, c, desktest.Nora, func(in *desk.EscalationInput) { in.Instead, in.Channel = first.ID, "" })
	if err != nil || second.To != "dana@example.com" {
		t.Fatalf("in the place of the first: %+v, %v", second.To, err)
	}
	if was, err := c.Desk.Escalation(t.Context(), desktest.Nora, "", first.ID); err != nil || was.State != ar.EscalationReplaced {
		t.Errorf("the first is %s, %v", was.State, err)
	}
}

func TestMine(t *testing.T) {
	t.Parallel()
	c := late(t)
	e, err := escalate(t, c, desktest.Nora, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Desk.TakeEscalation(t.Context(), desktest.Eli, e.ID, "C0OTHER", ""); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("who does not see the account, elsewhere: %v", err)
	}
	actors := []ar.Actor{desktest.Dana, desktest.Eli} // Eli reads it in the channel
	taken := make([]desk.TakenEscalation, len(actors))
	var all sync.WaitGroup
	for n, actor := range actors {
		all.Go(func() {
			var err error
			if taken[n], err = c.Desk.TakeEscalation(t.Context(), actor, e.ID, "C0SALES", ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken[0].Won == taken[1].Won || taken[0].Claim.Holder() != taken[1].Claim.Holder() {
		t.Fatalf("won: %v and %v; told of %s and %s", taken[0].Won, taken[1].Won, taken[0].Claim.Holder(), taken[1].Claim.Holder())
	}
	winner := actors[0]
	if taken[1].Won {
		winner = actors[1]
	}
	again, err := c.Desk.TakeEscalation(t.Context(), winner, e.ID, "C0SALES", "")
	if err != nil || !again.Again || again.Holder() != winner.User {
		t.Errorf("once more: %+v, %v", again.Again, err)
	}
}

// Nobody takes it: it is asked again on the days that are configured, and not more often;
// not while it is promised.
func TestAskedAgain(t *testing.T) {
	t.Parallel()
	c := late(t)
	if _, err := escalate(t, c, desktest.Nora, nil); err != nil { // by Fri 27 Nov
		t.Fatal(err)
	}
	for _, tt := range []struct{ day, want string }{
		{"2026-11-27", ""},
		{"2026-11-28", ""},
		{"2026-11-30", "ask/1"},
		{"2026-12-01", "ask/1"},
		{"2026-12-02", "ask/1 ask/2"},
		{"2026-12-03", "ask/1 ask/2"},
		{"2026-12-04", "ask/1 ask/2"},
		{"2026-12-09", "ask/1 ask/2"},
	} {
		to(t, c, tt.day)
		for range 2 {
			if err := c.Desk.PlanAsksAgain(t.Context(), storetest.Day(tt.day)); err != nil {
				t.Fatal(err)
			}
		}
		if got := news(t, c); got != tt.want {
			t.Errorf("on %s asked %q, want %q", tt.day, got, tt.want)
		}
	}

	c = late(t)
	if _, err := escalate(t, c, desktest.Nora, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Desk.SnoozeAccount(t.Context(), desktest.Nora, desk.SnoozeInput{Customer: c.ID(t, "Danaway"), Until: storetest.Day("2026-12-02"), Reason: "they move house"}); err != nil {
		t.Fatal(err)
	}
	to(t, c, "2026-11-30")
	if err := c.Desk.PlanAsksAgain(t.Context(), storetest.Day("2026-11-30")); err != nil || news(t, c) != "" {
		t.Errorf("asked %q about what is put off, %v", news(t, c), err)
	}
}

// What is claimed and given back beside the escalation shows on it at once, and whoever
// did so stands in the audit.
func TestEscalationShowsClaimsAtOnce(t *testing.T) {
	t.Parallel()
	c := late(t)
	e, err := escalate(t, c, desktest.Nora, nil)
	if err != nil {
		t.Fatal(err)
	}
	shows := func(state ar.EscalationState, holder string) {
		t.Helper()
		now, err := c.Desk.Escalation(t.Context(), desktest.Nora, "", e.ID)
		if err != nil || now.State != state || now.Holder() != holder {
			t.Errorf("it is %s with %q, %v; want %s with %q", now.State, now.Holder(), err, state, holder)
		}
	}
	claimed, err := c.Desk.ClaimAccount(t.Context(), desktest.Dana, desk.ClaimInput{Customer: c.ID(t, "Danaway")})
	if err != nil {
		t.Fatal(err)
	}
	shows(ar.EscalationTaken, desktest.Dana.User)
	over, err := c.Desk.ClaimAccount(t.Context(), desktest.Nora, desk.ClaimInput{Customer: c.ID(t, "Danaway"), TakeOver: true})
	if err != nil || over.ID == claimed.ID {
		t.Fatal(over.ID, err)
	}
	shows(ar.EscalationTaken, desktest.Nora.User)
	if _, _, err := c.Desk.ReleaseClaim(t.Context(), desktest.Nora, over.ID); err != nil {
		t.Fatal(err)
	}
	shows(ar.EscalationOpen, "")
	if said := news(t, c); said != "reopened/3" {
		t.Errorf("said %q", said)
	}
}

// Who took it does nothing: it is open again, with days for an answer counted anew; then
// it is paid, and over.
func TestEscalationFollowsClaimsAndPayments(t *testing.T) {
	t.Parallel()
	c := late(t)
	e, err := escalate(t, c, desktest.Nora, nil)
	if err != nil {
		t.Fatal(err)
	}
	taken, err := c.Desk.TakeEscalation(t.Context(), desktest.Dana, e.ID, "C0SALES", "")
	if err != nil {
		t.Fatal(err)
	}
	follow := func(want ar.EscalationState) desk.Escalation {
		t.Helper()
		for range 2 {
			if err := c.Desk.FollowEscalations(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		now, err := c.Desk.Escalation(t.Context(), desktest.Nora, "", e.ID)
		if err != nil || now.State != want {
			t.Fatalf("it is %s, %v; want %s", now.State, err, want)
		}
		return now
	}
	follow(ar.EscalationTaken)
	to(t, c, "2026-12-01")
	if _, _, err := c.Desk.ReleaseClaim(t.Context(), desktest.Dana, taken.Claim.ID); err != nil {
		t.Fatal(err)
	}
	if now := follow(ar.EscalationOpen); now.Due != storetest.Day("2026-12-03") || news(t, c) != "reopened/2" {
		t.Errorf("to be taken by %s; said %q", now.Due, news(t, c))
	}
	to(t, c, "2026-12-04")
	if err := c.Desk.PlanAsksAgain(t.Context(), storetest.Day("2026-12-04")); err != nil || news(t, c) != "reopened/2 ask/101" {
		t.Errorf("asked anew: %q, %v", news(t, c), err)
	}
	if _, err := c.Desk.ClaimAccount(t.Context(), desktest.Eli, desk.ClaimInput{Customer: c.ID(t, "Danaway")}); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("another rep: %v", err)
	}
	if _, err := c.Desk.ClaimAccount(t.Context(), desktest.Nora, desk.ClaimInput{Customer: c.ID(t, "Danaway")}); err != nil {
		t.Fatal(err)
	}
	if now := follow(ar.EscalationTaken); now.Holder() != desktest.Nora.User {
		t.Errorf("claimed elsewhere, it is with %s", now.Holder())
	}
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "PAY-1", "Danaway", "2026-12-04", "", "1000.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("x", "PAY-1", "INV-1", "2026-12-04", "1000.00")},
	})
	if now := follow(ar.EscalationPaid); len(now.Settled.Paid) != 1 || now.Settled.Paid[0] != storetest.USD("1000.00") {
		t.Errorf("paid: %+v", now.Settled)
	}
	if got := news(t, c); got != "reopened/2 ask/101 paid" {
		t.Errorf("said %q", got)
	}
}

func TestEscalationIsChangedAndWithdrawn(t *testing.T) {
	t.Parallel()
	c := late(t)
	e, err := escalate(t, c, desktest.Nora, nil)
	if err != nil {
		t.Fatal(err)
	}
	changed := desk.EscalationChange{Ask: "Please call today.", Due: storetest.Day("2026-11-26")}
	if _, err := c.Desk.ChangeEscalation(t.Context(), desktest.Dana, e.ID, changed); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("a rep changes it: %v", err)
	}
	now, err := c.Desk.ChangeEscalation(t.Context(), desktest.Admin, e.ID, changed)
	if err != nil || now.Ask != changed.Ask || now.Due != changed.Due {
		t.Errorf("changed: %+v, %v", now.Escalation, err)
	}
	if _, err := c.Desk.WithdrawEscalation(t.Context(), desktest.Nora, e.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Desk.WithdrawEscalation(t.Context(), desktest.Nora, e.ID); ar.KindOf(err) != ar.Invalid {
		t.Errorf("twice: %v", err)
	}
	if _, err := c.Desk.TakeEscalation(t.Context(), desktest.Dana, e.ID, "C0SALES", ""); ar.KindOf(err) != ar.Invalid {
		t.Errorf("taken after all: %v", err)
	}
}

// A credit hold needs two people, and who proposed it is one of them.
func TestCreditHold(t *testing.T) {
	t.Parallel()
	c := late(t)
	in := desk.HoldInput{Customer: c.ID(t, "Danaway"), Why: "Three broken promises."}
	if _, err := c.Desk.ProposeHold(t.Context(), desktest.Dana, in); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("a rep proposes: %v", err)
	}
	hold, err := c.Desk.ProposeHold(t.Context(), desktest.Nora, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Desk.ProposeHold(t.Context(), desktest.Boss, in); ar.KindOf(err) != ar.Invalid {
		t.Errorf("proposed twice: %v", err)
	}
	if _, err := c.Desk.AgreeToHold(t.Context(), desktest.Nora, hold.ID); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("who proposed it approves: %v", err)
	}
	if _, err := c.Desk.AgreeToHold(t.Context(), desktest.Dana, hold.ID); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("a rep approves: %v", err)
	}
	agreed, err := c.Desk.AgreeToHold(t.Context(), desktest.Boss, hold.ID)
	if err != nil || agreed.State != ar.EscalationApproved || news(t, c) != "approved" {
		t.Fatalf("%s, said %q, %v", agreed.State, news(t, c), err)
	}
	if _, err := c.Desk.RejectHold(t.Context(), desktest.Admin, hold.ID); ar.KindOf(err) != ar.Invalid {
		t.Errorf("rejected after it was approved: %v", err)
	}
	if _, err := c.Desk.WithdrawEscalation(t.Context(), desktest.Nora, hold.ID); err != nil {
		t.Errorf("lifted: %v", err)
	}
}
