package desk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// Every change of a dispute, a note and a contact stands in the audit: who, from
// where, before and after.
func TestChangesAreAudited(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	ctx, nora := t.Context(), desktest.Nora
	nora.From = "command dispute"
	d := open(t, c, nora, desk.DisputeInput{Invoice: "INV-1", Amount: "400", Note: "price"})
	tax := ar.ReasonTax
	if _, err := c.Desk.ChangeDispute(ctx, nora, d.ID, desk.DisputeChange{Reason: &tax}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Desk.MoveDispute(ctx, nora, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeRejected}); err != nil {
		t.Fatal(err)
	}
	n, err := c.Desk.WriteNote(ctx, desktest.Boss, desk.NoteInput{Of: "Elixir", Text: "pays by check"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Desk.RemoveNote(ctx, desktest.Admin, n.ID, desk.Found{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Desk.SetContact(ctx, desktest.Dana, c.ID(t, "Danaway"), map[ar.ContactFact]string{ar.FactPO: "none"}); err != nil {
		t.Fatal(err)
	}
	var got []string
	err = c.Desk.EachAudit(ctx, desk.AuditSpan{}, func(r ar.AuditRecord) error {
		got = append(got, strings.Join([]string{r.Actor, r.From, r.Action, r.Subject, stateIn(t, r.Before), stateIn(t, r.After)}, " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	customer := fmt.Sprintf("customer/%d", c.ID(t, "Danaway"))
	want := []string{
		"U0NORA command dispute dispute.open dispute/1 - pricing/open",
		"U0NORA command dispute dispute.change dispute/1 pricing/open tax/open",
		"U0NORA command dispute dispute.resolve dispute/1 tax/open tax/resolved",
		"U0BOSS  note.write note/1 - pays by check",
		"U0ADMIN  note.remove note/1 pays by check -",
		"U0DANA  contact.set " + customer + " {} {}",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the audit is\n%s", strings.Join(got, "\n"))
	}
}

// stateIn is what matters of a record's before or after.
func stateIn(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var of struct {
		Reason string `json:"Reason"`
		State  string `json:"State"`
		Text   string `json:"Text"`
	}
	switch err := json.Unmarshal(raw, &of); {
	case string(raw) == "null":
		return "-"
	case err != nil:
		t.Fatal(err)
	case of.Text != "":
		return of.Text
	case of.Reason != "":
		return of.Reason + "/" + of.State
	}
	return "{}"
}

// What is refused leaves no trace.
func TestRefusalsAreNotAudited(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	for _, in := range []desk.DisputeInput{{Invoice: "7001", Note: "price"}, {Invoice: "INV-1", Amount: "5000", Note: "price"}} {
		if _, err := c.Desk.OpenDispute(t.Context(), desktest.Nora, in); err == nil {
			t.Fatalf("%+v is not refused", in)
		}
	}
	err := c.Desk.EachAudit(t.Context(), desk.AuditSpan{}, func(r ar.AuditRecord) error {
		t.Errorf("%+v", r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// noteMany writes so many notes on Danaway.
func noteMany(t *testing.T, d *desk.Desk, n int) {
	t.Helper()
	noteOn(t, d, "Danaway", n)
}

func noteOn(t *testing.T, d *desk.Desk, account string, n int) {
	t.Helper()
	for i := range n {
		if _, err := d.WriteNote(t.Context(), desktest.Nora, desk.NoteInput{Of: account, Text: fmt.Sprint("note ", i)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAuditIsSealedAndProved(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	if proof, err := c.Desk.VerifyAudit(t.Context()); err != nil || proof != (desk.AuditProof{}) {
		t.Fatalf("an empty audit: %+v, %v", proof, err)
	}
	total := 0
	for _, n := range []int{1, 3, 0, 7} {
		noteMany(t, c.Desk, n)
		if sealed, err := c.Desk.SealAudit(t.Context()); err != nil || sealed != n {
			t.Fatalf("sealed %d of %d: %v", sealed, n, err)
		}
		total += n
	}
	noteMany(t, c.Desk, 2)
	proof, err := c.Desk.VerifyAudit(t.Context())
	if again, err := c.Desk.VerifyAudit(t.Context(), proof.Last.Hash); err != nil || again != proof {
		t.Errorf("with the last seal, kept elsewhere: %+v, %v", again, err)
	}
	if _, err := c.Desk.VerifyAudit(t.Context(), proof.Last.Hash, "00ff"); !errors.As(err, new(*desk.MissingSealError)) {
		t.Errorf("with a seal that is not there: %v", err)
	}
	if err != nil || proof.Records != int64(total) || proof.Seals != 3 || proof.Unsealed != 2 || proof.Last.Hash == "" {
		t.Errorf("proved %+v, %v", proof, err)
	}
}

// Replicas that seal at the same time make one trail. On PostgreSQL they truly run side
// by side.
func TestReplicasSealOneTrail(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		accounts := []string{"Danaway", "Elixir", "Foundling"} // each replica works on its own
		var page ar.Page
		desks := make([]*desk.Desk, len(accounts))
		for i, name := range accounts {
			page.Customers = append(page.Customers, desktest.Customer(name, ""))
			desks[i] = desk.New(storetest.Open(t, b.DSN), b.Clock.Now, desk.Settings{Zone: time.UTC})
		}
		b.Ledger(t, "realm-a").Import(t, page)
		var wg sync.WaitGroup
		for i, d := range desks {
			wg.Go(func() {
				for range 10 {
					noteOn(t, d, accounts[i], 2)
					if _, err := d.SealAudit(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if _, err := desks[0].SealAudit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if proof, err := desks[1].VerifyAudit(t.Context()); err != nil || proof.Records != 60 || proof.Unsealed != 0 {
			t.Errorf("proved %+v, %v", proof, err)
		}
	})
}

func TestAuditOfASpan(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	start := c.Clock.Now()
	for range 3 {
		noteMany(t, c.Desk, 1)
		if _, err := c.Desk.SealAudit(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.Clock.Add(24 * time.Hour)
	}
	noteMany(t, c.Desk, 1)
	day := func(n int) time.Time { return start.Add(time.Duration(n) * 24 * time.Hour) }
	for _, tt := range []struct {
		span desk.AuditSpan
		want int
	}{
		{desk.AuditSpan{}, 4},
		{desk.AuditSpan{From: day(1)}, 3},
		{desk.AuditSpan{Before: day(1)}, 1},
		{desk.AuditSpan{From: day(1), Before: day(3)}, 2},
	} {
		n := 0
		if err := c.Desk.EachAudit(t.Context(), tt.span, func(ar.AuditRecord) error { n++; return nil }); err != nil || n != tt.want {
			t.Errorf("%+v: %d, %v", tt.span, n, err)
		}
	}
	stop := errors.New("enough")
	if err := c.Desk.EachAudit(t.Context(), desk.AuditSpan{}, func(ar.AuditRecord) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("it goes on: %v", err)
	}
}
