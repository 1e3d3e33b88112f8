package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// Who may write a note on Danaway, and take back one of Dana's.
func TestWhoMayNote(t *testing.T) {
	t.Parallel()
	const ok, forbidden = "", "forbidden"
	for _, tt := range []struct {
		name         string
		actor        ar.Actor
		write, takes string
	}{
		{"owner", desktest.Dana, ok, ok},
		{"another rep", desktest.Eli, forbidden, forbidden},
		{"ar", desktest.Nora, ok, ok},
		{"admin", desktest.Admin, ok, ok},
		{"manager", desktest.Boss, ok, forbidden},
		{"no role", desktest.NewHere, forbidden, forbidden},
		{"outsider", desktest.Outsider, forbidden, forbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := disputes(t)
			n, err := c.Desk.WriteNote(t.Context(), desktest.Dana, desk.NoteInput{Of: "danaway", Text: "pays by check"})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Desk.WriteNote(t.Context(), tt.actor, desk.NoteInput{Customer: n.Customer, Text: "so do I"})
			check(t, "write", err, tt.write)
			_, err = c.Desk.RemoveNote(t.Context(), tt.actor, n.ID, desk.Found{})
			check(t, "take back", err, tt.takes)
		})
	}
}

func TestNoteIsChecked(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	for _, in := range []desk.NoteInput{{Of: "danaway"}, {Of: "danaway", Text: strings.Repeat("x", ar.LongestNote+1)}} {
		if _, err := c.Desk.WriteNote(t.Context(), desktest.Nora, in); ar.KindOf(err) != ar.Invalid {
			t.Errorf("%d characters: %v", len(in.Text), err)
		}
	}
	n, err := c.Desk.WriteNote(t.Context(), desktest.Nora, desk.NoteInput{Of: "inv-1", Call: ar.CallNoAnswer, Where: "https://acme.slack.com/archives/C0AR/p1"})
	if err != nil || n.Invoice != "INV-1" || n.Account.Name != "Danaway" || n.Made.Where == "" {
		t.Fatalf("a call: %+v, %v", n, err)
	}
	if _, err := c.Desk.RemoveNote(t.Context(), desktest.Nora, n.ID, desk.Found{}); err != nil {
		t.Fatal(err)
	}
	again, err := c.Desk.RemoveNote(t.Context(), desktest.Nora, n.ID, desk.Found{Customer: n.Customer})
	if err != nil || again.Account.ID != n.Customer { // the same press twice
		t.Errorf("taken back twice: %+v, %v", again, err)
	}
	if _, err := c.Desk.RemoveNote(t.Context(), desktest.Nora, n.ID, desk.Found{}); ar.KindOf(err) != ar.NotFound {
		t.Errorf("a second time: %v", err)
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	d := open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-1", Amount: "400", Note: "short shipped"})
	c.Clock.Add(time.Hour)
	if _, err := c.Desk.WriteNote(t.Context(), desktest.Nora, desk.NoteInput{Of: "danaway", Text: "new PO", Call: ar.CallReached}); err != nil {
		t.Fatal(err)
	}
	c.Clock.Add(24 * time.Hour)
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.Payment, "PAY-1", "Danaway", "2026-11-26", "", "600.00")},
		Applications: []ar.ApplicationRecord{storetest.Pays("A-1", "PAY-1", "INV-1", "2026-11-26", "600.00")},
	})
	if _, err := c.Desk.MoveDispute(t.Context(), desktest.Dana, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeRejected}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2026-10-01 invoice", "2026-10-31 due", "2026-11-25 dispute short shipment", "2026-11-25 note new PO",
		"2026-11-26 payment", "2026-11-26 application", "2026-11-26 dispute step resolved: rejected",
	}
	if got := events(t, c, desktest.Dana, desk.HistoryInput{Of: "danaway"}); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the account:\n%s", strings.Join(got, "\n"))
	}
	// Of the invoice alone: neither the payment as such nor the note on the account.
	want = append(want[:3:3], want[5:]...)
	if got := events(t, c, desktest.Dana, desk.HistoryInput{Of: "inv-1"}); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the invoice:\n%s", strings.Join(got, "\n"))
	}
	if _, err := c.Desk.History(t.Context(), desktest.Eli, desk.HistoryInput{Customer: c.ID(t, "Danaway")}); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("another rep: %v", err)
	}
}

func events(t *testing.T, c *desktest.Company, actor ar.Actor, in desk.HistoryInput) (list []string) {
	t.Helper()
	h, err := c.Desk.History(t.Context(), actor, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range h.Events {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s %s", e.On, e.Kind, e.Say)))
	}
	return list
}

// A history is read page by page, and each event once.
func TestHistoryIsPaged(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	noteMany(t, c.Desk, 30)
	seen := map[ar.NoteID]int{}
	pages, skip := 0, 0
	for earlier := 1; earlier > 0; pages++ {
		h, err := c.Desk.History(t.Context(), desktest.Nora, desk.HistoryInput{Of: "danaway", Skip: skip})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range h.Events {
			seen[e.Note]++
		}
		earlier, skip = h.Earlier, skip+len(h.Events)
	}
	if pages != 3 || len(seen) != 31 || seen[0] != 2 || seen[1] != 1 || seen[30] != 1 {
		t.Errorf("%d pages, %d notes, %v", pages, len(seen), seen)
	}
}

// What belongs to accounts of other owners below an account is not told.
func TestHistoryHidesOtherOwnersAccounts(t *testing.T) {
	t.Parallel()
	c := family(t)
	of := func(actor ar.Actor) int {
		h, err := c.Desk.History(t.Context(), actor, desk.HistoryInput{Of: "Northwind"})
		if err != nil {
			t.Fatal(err)
		}
		return len(h.Events)
	}
	if all, hers := of(desktest.Nora), of(desktest.Dana); all != 8 || hers != 6 {
		t.Errorf("AR reads %d events, the owner %d", all, hers)
	}
}

// Of an account that pays for others one reads what became of its own documents: nothing
// fell due that is somebody else's, and what came from one's payment stands with the
// invoice that it paid.
func TestHistoryOfSpreadPayments(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	branch := desktest.Customer("Branch", "dana@example.com")
	branch.Parent = "Parent"
	doc := storetest.Doc
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Parent", "dana@example.com"), branch, desktest.Customer("Other", "eli@example.com")},
		Documents: []ar.DocumentRecord{
			doc(ar.Invoice, "INV-1", "Parent", "2026-09-01", "2026-10-01", "500.00"),
			doc(ar.Invoice, "INV-2", "Branch", "2026-09-01", "2026-10-01", "300.00"),
			doc(ar.Invoice, "INV-3", "Other", "2026-09-01", "2026-10-01", "200.00"),
			doc(ar.Payment, "PMT-1", "Parent", "2026-09-20", "", "400.00"),
			doc(ar.CreditMemo, "CM-1", "Branch", "2026-09-15", "", "100.00"),
			doc(ar.Refund, "RF-1", "Branch", "2026-10-15", "", "20.00"),
		},
		Applications: []ar.ApplicationRecord{
			storetest.Pays("a1", "PMT-1", "INV-1", "2026-09-20", "150.00"),
			storetest.Pays("a2", "PMT-1", "INV-2", "2026-09-20", "100.00"),
			storetest.Pays("a3", "PMT-1", "INV-3", "2026-09-20", "100.00"),
		},
	})
	for of, want := range map[string][]string{
		"Parent": {
			"2026-09-01 INV-1 $500.00", "2026-09-01 INV-2 $300.00", "2026-09-15 CM-1 $100.00", "2026-09-20 PMT-1 $400.00",
			"2026-09-20 INV-1 $150.00 PMT-1", "2026-09-20 INV-2 $100.00 PMT-1", "2026-10-01 INV-1 $350.00", "2026-10-01 INV-2 $200.00", "2026-10-15 RF-1 $20.00",
		},
		"Branch": {"2026-09-01 INV-2 $300.00", "2026-09-15 CM-1 $100.00", "2026-09-20 INV-2 $100.00", "2026-10-01 INV-2 $200.00", "2026-10-15 RF-1 $20.00"},
		"Other":  {"2026-09-01 INV-3 $200.00", "2026-09-20 INV-3 $100.00", "2026-10-01 INV-3 $100.00"},
	} {
		h, err := c.Desk.History(t.Context(), desktest.Nora, desk.HistoryInput{Of: of})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range h.Events {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", e.On, h.Labels[e.Doc.ID], e.Amount, h.Labels[e.From.ID])))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", of, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
