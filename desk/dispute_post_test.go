package desk_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// morning plans what a morning brings, and reports whether a post is among it.
// It makes the post where it is not: each key is asked for once.
func morning(t *testing.T, c *desktest.Company, day ar.Date, key ar.PostKey) (ar.Post, bool) {
	t.Helper()
	for range 2 { // a second time changes nothing
		if err := c.Desk.PlanDisputeReminders(t.Context(), day); err != nil {
			t.Fatal(err)
		}
		if err := c.Desk.PlanContactQuestions(t.Context(), day); err != nil {
			t.Fatal(err)
		}
	}
	key.Day = day
	var post ar.Post
	var created bool
	c.Write(t, func(tx ar.Tx) (err error) {
		post, created, err = tx.PlanPost(t.Context(), key, "")
		return err
	})
	return post, !created
}

func TestRemindersOfDisputes(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	// Pricing goes to Dana within 5 business days: by Wed 2 Dec.
	d := open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-4", Reason: ar.ReasonPricing, Note: "price"})
	key := ar.PostKey{Kind: ar.DisputeReminder, Route: "to:dana@example.com"}
	var last ar.Post
	for _, tt := range []struct {
		day  string
		want bool
	}{
		{"2026-12-01", false},
		{"2026-12-02", true}, // the day itself
		{"2026-12-03", false},
		{"2026-12-04", true}, // two business days after it
		{"2026-12-05", false},
		{"2026-12-07", false},
		{"2026-12-08", true},
	} {
		post, there := morning(t, c, storetest.Day(tt.day), key)
		if there != tt.want {
			t.Errorf("on %s a reminder: %v", tt.day, there)
		}
		if there {
			last = post
		}
	}
	view, err := c.Desk.DisputeReminders(t.Context(), last)
	if err != nil || view.Email != "dana@example.com" || len(view.Lines) != 1 || view.Lines[0].ID != d.ID {
		t.Fatalf("the reminder: %+v, %v", view, err)
	}
	if _, err := c.Desk.MoveDispute(t.Context(), desktest.Dana, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: ar.OutcomeRejected}); err != nil {
		t.Fatal(err)
	}
	if view, err := c.Desk.DisputeReminders(t.Context(), last); err != nil || len(view.Lines) != 0 {
		t.Errorf("it reminds of what is resolved: %+v, %v", view, err)
	}
}

// A dispute that nobody is assigned to is for who opened it.
func TestReminderWithoutAssignee(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	open(t, c, desktest.Nora, desk.DisputeInput{Invoice: "INV-1", Note: "no PO"}) // two days: Fri 27 Nov
	if _, there := morning(t, c, storetest.Day("2026-11-27"), ar.PostKey{Kind: ar.DisputeReminder, Route: "to:U0NORA"}); !there {
		t.Error("nobody is reminded")
	}
}

func TestCreditSuggestsAResolution(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	d := open(t, c, desktest.Dana, desk.DisputeInput{Invoice: "INV-1", Amount: "400", Note: "short shipped"})
	question := func(document ar.DocumentID, outcome string) (ar.Post, bool) {
		if err := c.Desk.SuggestResolutions(t.Context()); err != nil {
			t.Fatal(err)
		}
		key := ar.PostKey{Kind: ar.DisputeQuestion, Route: "dispute:1/" + outcome + "/" + itoa(int64(document)), Day: ar.NewDate(1970, 1, 1)}
		var post ar.Post
		var created bool
		c.Write(t, func(tx ar.Tx) (err error) {
			post, created, err = tx.PlanPost(t.Context(), key, "")
			return err
		})
		return post, !created
	}
	c.Clock.Add(48 * time.Hour)
	c.Change(t, ar.Page{
		Documents:    []ar.DocumentRecord{storetest.Doc(ar.CreditMemo, "CM-9", "Danaway", "2026-11-26", "", "400.00")},
		Applications: []ar.ApplicationRecord{credits("A-9", "CM-9", "INV-1", "2026-11-26", "400.00")},
	})
	post, asked := question(documentOf(t, c, "Danaway", "CM-9"), "credited")
	if !asked {
		t.Fatal("nothing was asked")
	}
	view, ask, err := c.Desk.SuggestedResolution(t.Context(), post)
	if err != nil || !ask || view.Suggestion.Outcome != ar.OutcomeCredited || view.Suggestion.Amount != storetest.USD("400.00") || view.To != desktest.Dana.User {
		t.Fatalf("asked %v: %+v, %v", ask, view.Suggestion, err)
	}
	if still, err := c.Desk.Dispute(t.Context(), desktest.Dana, d.ID); err != nil || still.State != ar.DisputeOpen {
		t.Errorf("it was assumed: %s, %v", still.State, err)
	}
	if _, err := c.Desk.MoveDispute(t.Context(), desktest.Dana, d.ID, desk.DisputeMove{State: ar.DisputeResolved, Outcome: view.Suggestion.Outcome}); err != nil {
		t.Fatal(err)
	}
	if _, ask, err := c.Desk.SuggestedResolution(t.Context(), post); err != nil || ask {
		t.Errorf("it still asks: %v, %v", ask, err)
	}
}

var errProbe = errors.New("not planned")

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// documentOf is a document of a customer that is no invoice: nobody looks for these by
// their numbers.
func documentOf(t *testing.T, c *desktest.Company, customer, external string) (id ar.DocumentID) {
	t.Helper()
	c.Read(t, func(r ar.Reader) error {
		h, err := r.History(t.Context(), []ar.CustomerID{c.ID(t, customer)})
		for _, d := range h.Documents {
			if d.External == external {
				id = d.ID
			}
		}
		return err
	})
	return id
}

func credits(external, from, to, date, amount string) ar.ApplicationRecord {
	a := storetest.Pays(external, from, to, date, amount)
	a.Kind, a.From.Kind = ar.ByCredit, ar.CreditMemo
	return a
}

func TestWhoPaysIsAskedOnceAQuarter(t *testing.T) {
	t.Parallel()
	c := disputes(t)
	var page ar.Page
	for _, name := range []string{"One", "Two", "Three", "Four"} {
		page.Customers = append(page.Customers, desktest.Customer(name, "dana@example.com"))
		page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, "INV-"+name, name, "2026-11-01", "2026-11-30", "10.00"))
	}
	c.Change(t, page)
	key := func(name string) ar.PostKey {
		return ar.PostKey{Kind: ar.ContactQuestion, Route: "customer:" + itoa(int64(c.ID(t, name))), Day: storetest.Day("2026-10-01")}
	}
	asked := func(day string) (names []string) {
		if err := c.Desk.PlanContactQuestions(t.Context(), storetest.Day(day)); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"One", "Two", "Three", "Four"} {
			err := c.Update(t.Context(), func(tx ar.Tx) error {
				_, created, err := tx.PlanPost(t.Context(), key(name), "")
				if err == nil && created {
					return errProbe // it was not planned, and is not by this
				}
				return err
			})
			switch {
			case err == nil:
				names = append(names, name)
			case err != errProbe: //nolint:errorlint // it comes as it is
				t.Fatal(err)
			}
		}
		return names
	}
	if got := len(asked("2026-11-25")); got != 3 {
		t.Errorf("on the first day %d are asked", got)
	}
	if got := len(asked("2026-11-25")); got != 3 {
		t.Errorf("after a second look on that day %d are", got)
	}
	c.Clock.Add(24 * time.Hour)
	if got := len(asked("2026-11-26")); got != 4 {
		t.Errorf("on the second day %d are", got)
	}
	post := c.Plan(t, ar.ContactQuestion, key("One").Route)
	view, email, ask, err := c.Desk.ContactQuestion(t.Context(), post)
	if err != nil || !ask || email != "dana@example.com" || view.Invoice.Label() != "INV-One" || len(view.Missing()) != 3 {
		t.Fatalf("asked of %q (%v): %+v, %v", email, ask, view, err)
	}
	said := map[ar.ContactFact]string{ar.FactContact: "Kim, 555-0101", ar.FactPO: "none", ar.FactPortal: "none"}
	if _, _, err := c.Desk.SetContact(t.Context(), desktest.Eli, view.Account.ID, said); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("another rep may say it: %v", err)
	}
	if _, _, err := c.Desk.SetContact(t.Context(), desktest.Dana, view.Account.ID, said); err != nil {
		t.Fatal(err)
	}
	if _, _, ask, err := c.Desk.ContactQuestion(t.Context(), post); err != nil || ask {
		t.Errorf("it still asks: %v, %v", ask, err)
	}
}
