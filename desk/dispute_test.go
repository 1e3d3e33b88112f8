package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// disputes is a company with an invoice over 1,000 of Dana's, two of one number
// of Eli's accounts, and one of nobody's. Pricing goes to Dana within 5 days.
func disputes(t *testing.T) *desktest.Company {
	t.Helper()
	c := desktest.New(t, func(s *desk.Settings) {
		s.DisputeRoutes = ar.DisputeRoutes{{Reason: ar.ReasonPricing, Department: "sales", Assignee: "dana@example.com", Days: 5}}
	})
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("Danaway", "dana@example.com"), desktest.Customer("Elixir", "eli@example.com"),
			desktest.Customer("Elmwood", "eli@example.com"), desktest.Customer("Foundling", ""),
		},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-1", "Danaway", "2026-10-01", "2026-10-31", "1000.00"),
			numbered("E-1", "7001", "Elixir", "200.00"), numbered("E-2", "7001", "Elmwood", "300.00"),
			storetest.Doc(ar.Invoice, "INV-4", "Foundling", "2026-10-01", "2026-12-20", "400.00"),
		},
	})
	return c
}

func numbered(external, number, customer, amount string) ar.DocumentRecord {
	d := storetest.Doc(ar.Invoice, external, customer, "2026-10-01", "2026-10-31", amount)
	d.Number = number
	return d
}

func open(t *testing.T, c *desktest.Company, actor ar.Actor, in desk.DisputeInput) desk.Dispute {
	t.Helper()
	d, err := c.Desk.OpenDispute(t.Context(), actor, in)
	if err != nil {
		t.Fatalf("open %+v: %v", in, err)
	}
	return d
}

func TestDisputeIsOpenedByItsWords(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	d := open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-1", Amount: "400", Note: "two boxes arrived crushed, says Kim"})
	if d.Reason != ar.ReasonDamaged || d.Confidence != ar.Sure || d.Department != ar.DepartmentLogistics {
		t.Errorf("reason %q (%s) with %s", d.Reason, d.Confidence, d.Department)
	}
	if d.Note != "two boxes arrived crushed, says Kim" {
		t.Errorf("the note is %q", d.Note)
	}
	// Five business days from Wed 25 Nov.
	if d.Amount != storetest.USD("400.00") || d.Rest != storetest.USD("600.00") || d.Due != storetest.Day("2026-12-02") || d.DaysLeft != 5 {
		t.Errorf("amount %s, rest %s, due %s in %d days", d.Amount, d.Rest, d.Due, d.DaysLeft)
	}
	if d.Opened.By != desktest.Dana.User || d.Opened.On != storetest.Day("2026-11-25") {
		t.Errorf("opened %+v", d.Opened)
	}
	_, err := c.Desk.OpenDispute(t.Context(), desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Amount: "700", Note: "price"})
	if ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), "at most $600.00") {
		t.Errorf("more than is left: %v", err)
	}
	if rest := open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Note: "wrong price"}); rest.Amount != storetest.USD("600.00") || rest.Assignee != "dana@example.com" {
		t.Errorf("the rest is %s, for %q", rest.Amount, rest.Assignee)
	}
}

// SY-09: of two invoices of one number nothing is recorded until somebody says which.
func TestSY09DisputeOfTwoInvoicesOfOneNumber(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	_, err := c.Desk.OpenDispute(t.Context(), desktest.Eli, desk.DisputeInput{Invoice: "7001", Note: "already paid"})
	known := asError(t, err)
	if known.Kind != ar.Ambiguous || len(known.Choices) != 2 {
		t.Fatalf("%+v", known)
	}
	if list := listed(t, c, desktest.Nora, desk.DisputesInput{}); len(list.Lines) != 0 {
		t.Fatalf("%d disputes were recorded", len(list.Lines))
	}
	chosen := known.Choices[1]
	d := open(t, c, desktest.Eli, desk.DisputeInput{Document: chosen.Document, Note: "already paid"})
	if d.Document != chosen.Document || d.Reason != ar.ReasonAlreadyPaid {
		t.Errorf("recorded %+v", d.Dispute)
	}
}

func asError(t *testing.T, err error) *ar.Error {
	t.Helper()
	known, ok := err.(*ar.Error) //nolint:errorlint // it comes as it is
	if !ok {
		t.Fatalf("%v is no sentence for people", err)
	}
	return known
}

func listed(t *testing.T, c *desktest.Company, actor ar.Actor, in desk.DisputesInput) desk.DisputeList {
	t.Helper()
	list, err := c.Desk.Disputes(t.Context(), actor, in)
	if err != nil {
		t.Fatalf("list %+v: %v", in, err)
	}
	return list
}

// A dispute stops the chase of its amount, and the amount stays in A/R (PP-01).
func TestDisputedAmountIsOwedAndNotChased(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	before := standing(t, c)
	d := open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-1", Amount: "400", Note: "short shipped"})
	during := standing(t, c)
	if during.Net != before.Net || during.Overdue != before.Overdue {
		t.Errorf("it vanished from A/R: %s overdue, %s net", during.Overdue, during.Net)
	}
	if during.ToChase != storetest.USD("600.00") {
		t.Errorf("to chase: %s", during.ToChase)
	}
	if _, err := c.Desk.MoveDispute(t.Context(), desktest.Dana, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeRejected}); err != nil {
		t.Fatal(err)
	}
	if after := standing(t, c); after.ToChase != before.ToChase {
		t.Errorf("after it was rejected %s is chased, not %s", after.ToChase, before.ToChase)
	}
}

func standing(t *testing.T, c *desktest.Company) ar.Standing {
	t.Helper()
	a, err := c.Desk.Status(t.Context(), desktest.Nora, desk.StatusInput{Text: "Danaway"})
	if err != nil || len(a.Money) != 1 {
		t.Fatalf("status: %v, %d currencies", err, len(a.Money))
	}
	return a.Money[0]
}

func TestDisputeIsChangedAndUndone(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	ctx, d := t.Context(), open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Amount: "half", Note: "hm"})
	if d.Amount != storetest.USD("500.00") || d.Reason != ar.ReasonOther || d.Confidence != ar.Unsure {
		t.Fatalf("opened %+v", d)
	}
	pricing, none, amount := ar.ReasonPricing, "nora feldt", "250"
	changed, err := c.Desk.ChangeDispute(ctx, desktest.Nora, d.ID, desk.DisputeChange{Reason: &pricing})
	if err != nil || changed.Assignee != "dana@example.com" || changed.Department != "sales" || changed.Due != storetest.Day("2026-12-02") || changed.Was.Reason != ar.ReasonOther {
		t.Fatalf("reason: %+v, %v", changed, err)
	}
	changed, err = c.Desk.ChangeDispute(ctx, desktest.Nora, d.ID, desk.DisputeChange{Assignee: &none, Amount: &amount})
	if err != nil || changed.Assignee != "nora@example.com" || changed.Amount != storetest.USD("250.00") {
		t.Fatalf("assignee and amount: %+v, %v", changed, err)
	}
	tax := ar.ReasonTax
	if changed, err = c.Desk.ChangeDispute(ctx, desktest.Nora, d.ID, desk.DisputeChange{Reason: &tax}); err != nil || changed.Assignee != "nora@example.com" {
		t.Fatalf("who was assigned by hand does not stay: %+v, %v", changed, err)
	}
	undo := desk.DisputeUndo{What: desk.UndoReason, Was: string(ar.ReasonPricing), Now: string(ar.ReasonTax)}
	if changed, err = c.Desk.UndoDispute(ctx, desktest.Nora, d.ID, undo); err != nil || changed.Reason != ar.ReasonPricing {
		t.Fatalf("undo: %+v, %v", changed, err)
	}
	if changed, err = c.Desk.UndoDispute(ctx, desktest.Nora, d.ID, undo); err != nil || changed.Reason != ar.ReasonPricing {
		t.Fatalf("a second undo: %+v, %v", changed, err)
	}
	undo.Was = string(ar.ReasonFreight)
	if _, err = c.Desk.UndoDispute(ctx, desktest.Nora, d.ID, undo); ar.KindOf(err) != ar.Invalid {
		t.Fatalf("the undo of what was changed since: %v", err)
	}
	if _, err = c.Desk.UndoDispute(ctx, desktest.Nora, d.ID, desk.DisputeUndo{What: desk.UndoOpening, Now: "open"}); err != nil {
		t.Fatal(err)
	}
	if _, err = c.Desk.UndoDispute(ctx, desktest.Nora, d.ID, desk.DisputeUndo{What: desk.UndoOpening, Now: "open"}); err != nil {
		t.Errorf("the same undo twice: %v", err)
	}
	if list := listed(t, c, desktest.Nora, desk.DisputesInput{Resolved: true}); len(list.Lines) != 0 {
		t.Errorf("what was entered in error is listed: %+v", list.Lines)
	}
	if causes, err := c.Desk.DisputeCauses(ctx, desktest.Nora); err != nil || len(causes.Causes) != 0 {
		t.Errorf("and counts among the causes: %+v, %v", causes, err)
	}
}

func TestDisputeMoves(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	ctx, d := t.Context(), open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Note: "price"})
	move := func(state ar.DisputeState, outcome ar.DisputeOutcome) error {
		_, err := c.Desk.MoveDispute(ctx, desktest.Nora, d.ID, desk.DisputeMove{State: state, Outcome: outcome})
		return err
	}
	if err := move(ar.DisputeInReview, ""); err != nil {
		t.Fatal(err)
	}
	if err := move(ar.DisputeResolved, ""); ar.KindOf(err) != ar.Invalid {
		t.Errorf("resolved without an outcome: %v", err)
	}
	if err := move(ar.DisputeResolved, ar.OutcomeCredited); err != nil {
		t.Fatal(err)
	}
	again, err := c.Desk.MoveDispute(ctx, desktest.Nora, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeCredited})
	if err != nil || again.Was.State != ar.DisputeInReview || len(again.Steps) != 2 {
		t.Errorf("the same press twice: %+v, %v", again, err)
	}
	if err := move(ar.DisputeResolved, ar.OutcomeRejected); ar.KindOf(err) != ar.Invalid {
		t.Errorf("resolved otherwise: %v", err)
	}
	back := desk.DisputeUndo{What: desk.UndoState, Was: string(ar.DisputeInReview), Now: string(ar.DisputeResolved)}
	if changed, err := c.Desk.UndoDispute(ctx, desktest.Nora, d.ID, back); err != nil || changed.State != ar.DisputeInReview || changed.Outcome != "" {
		t.Fatalf("undone: %+v, %v", changed, err)
	}
	if err := move(ar.DisputeResolved, ar.OutcomePaidInFull); err != nil {
		t.Fatal(err)
	}
	open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Note: "damaged"})
	if err := move(ar.DisputeOpen, ""); ar.KindOf(err) != ar.Invalid {
		t.Errorf("opened again though others dispute all of it: %v", err)
	}
}

func TestDisputesAreFiltered(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-1", Amount: "100", Note: "damaged"})
	open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-4", Amount: "50", Reason: ar.ReasonPricing, Note: "price"}) // for Dana
	over := open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "Elixir", Note: "no po"})
	if _, err := c.Desk.MoveDispute(t.Context(), desktest.Nora, over.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeWithdrawn}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		actor ar.Actor
		in    desk.DisputesInput
		want  string
	}{
		{"all that stand", desktest.Nora, desk.DisputesInput{}, "INV-1 INV-4"},
		{"with those that are over", desktest.Nora, desk.DisputesInput{Resolved: true}, "INV-1 INV-4 7001"},
		{"hers", desktest.Dana, desk.DisputesInput{Mine: true}, "INV-1 INV-4"},
		{"nobody is Eli's", desktest.Eli, desk.DisputesInput{Mine: true}, ""},
		{"Eli sees what nobody owns", desktest.Eli, desk.DisputesInput{}, "INV-4"},
		{"by reason", desktest.Nora, desk.DisputesInput{Reason: ar.ReasonPricing}, "INV-4"},
		{"of a customer", desktest.Nora, desk.DisputesInput{Of: "danaway"}, "INV-1"},
		{"of an invoice", desktest.Nora, desk.DisputesInput{Of: "inv-4"}, "INV-4"},
		{"none is late", desktest.Nora, desk.DisputesInput{Late: true}, ""},
	} {
		if got := labels(listed(t, c, tt.actor, tt.in)); got != tt.want {
			t.Errorf("%s: %q, not %q", tt.name, got, tt.want)
		}
	}
	c.Clock.Add(9 * 24 * time.Hour)
	late := listed(t, c, desktest.Nora, desk.DisputesInput{Late: true, Limit: 1})
	if labels(late) != "INV-1" || late.More != 1 || late.Behind != 2 || !cmp.Equal(late.Sums, []ar.Money{storetest.USD("150.00")}, cmp.Comparer(func(a, b ar.Money) bool { return a == b })) {
		t.Errorf("late: %q and %d more, %d behind, %v", labels(late), late.More, late.Behind, late.Sums)
	}
}

func labels(l desk.DisputeList) string {
	var all []string
	for _, d := range l.Lines {
		all = append(all, d.Invoice.Label())
	}
	return strings.Join(all, " ")
}

// Who may do what with a dispute of Danaway's, which Nora opened and nobody is
// assigned to.
func TestWhoMayDispute(t *testing.T) {
	t.Parallel()
	const ok, forbidden = "", "forbidden"
	for _, tt := range []struct {
		name                        string
		actor                       ar.Actor
		open, see, change, openElis string
	}{
		{"owner", desktest.Dana, ok, ok, forbidden, forbidden},
		{"another rep", desktest.Eli, forbidden, forbidden, forbidden, ok},
		{"ar", desktest.Nora, ok, ok, ok, ok},
		{"admin", desktest.Admin, ok, ok, ok, ok},
		{"manager", desktest.Boss, forbidden, ok, forbidden, forbidden},
		{"no role", desktest.NewHere, forbidden, forbidden, forbidden, forbidden},
		{"outsider", desktest.Outsider, forbidden, forbidden, forbidden, forbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := disputes(t)
			d := open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Amount: "100", Note: "damaged"})
			inv1, inv7 := c.Document(t, "INV-1"), elixir(t, c)
			_, err := c.Desk.OpenDispute(t.Context(), tt.actor, desk.DisputeInput{Document: inv1, Amount: "10", Note: "price"})
			check(t, "open", err, tt.open)
			_, err = c.Desk.OpenDispute(t.Context(), tt.actor, desk.DisputeInput{Document: inv7, Amount: "10", Note: "price"})
			check(t, "open of Eli's", err, tt.openElis)
			_, err = c.Desk.Dispute(t.Context(), tt.actor, d.ID)
			check(t, "see", err, tt.see)
			tax := ar.ReasonTax
			_, err = c.Desk.ChangeDispute(t.Context(), tt.actor, d.ID, desk.DisputeChange{Reason: &tax})
			check(t, "change", err, tt.change)
			_, err = c.Desk.MoveDispute(t.Context(), tt.actor, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeRejected})
			check(t, "resolve", err, tt.change)
		})
	}
}

func elixir(t *testing.T, c *desktest.Company) (id ar.DocumentID) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: c.Desk.Today(), Customers: []ar.CustomerID{c.ID(t, "Elixir")}, Scope: ar.Everything()})
		id = items[0].ID
		return err
	})
	return id
}

func check(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := string(ar.KindOf(err)); got != want || want == "" && err != nil {
		t.Errorf("%s: %v, not %q", what, err, want)
	}
}

// Who is to resolve a dispute of an account that is not theirs may see and resolve it.
func TestAssigneeMayResolve(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	d := open(t, c, desktest.Eli, desk.DisputeInput{Document: elixir(t, c), Reason: ar.ReasonPricing, Note: "price"})
	if d.Assignee != "dana@example.com" {
		t.Fatalf("assigned to %q", d.Assignee)
	}
	if got := labels(listed(t, c, desktest.Dana, desk.DisputesInput{})); got != "7001" {
		t.Errorf("she sees %q", got)
	}
	if _, err := c.Desk.MoveDispute(t.Context(), desktest.Dana, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeCredited}); err != nil {
		t.Error(err)
	}
}
