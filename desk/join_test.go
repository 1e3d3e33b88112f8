package desk_test

import (
	"slices"
	"testing"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// TestJoinOfTwoLedgers: a file first, the ledger itself later.
func TestJoinOfTwoLedgers(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("Birch & Co", "dana@example.com"), desktest.Customer("Elm (old)", "")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-1", "Birch & Co", "2026-10-01", "2026-10-31", "1000.00"),
			storetest.Doc(ar.Invoice, "INV-2", "Elm (old)", "2026-10-01", "2026-10-31", "50.00"),
		},
	})
	for _, number := range []string{"INV-1", "INV-2"} {
		draft := desk.PromiseDraft{Document: c.Document(t, number), Parts: []ar.Instalment{{Amount: storetest.USD("50.00"), Due: storetest.Day("2026-12-04")}}}
		if _, err := c.Desk.RecordPromise(t.Context(), desktest.Nora, draft); err != nil {
			t.Fatal(err)
		}
	}
	other := c.Books.Ledger(t, "realm-b")
	in := desk.JoinInput{From: c.Ledger.Source.SourceIdentity, Into: other.Source.SourceIdentity}
	if _, err := c.Desk.PlanJoin(t.Context(), in); ar.KindOf(err) != ar.Invalid {
		t.Errorf("into a ledger that was never read: %v", err)
	}
	other.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{{External: "7", Name: "BIRCH & CO."}, {External: "8", Name: "Elm"}},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-1", "7", "2026-10-01", "2026-10-31", "1000.00"),
			storetest.Doc(ar.Invoice, "INV-2", "8", "2026-10-01", "2026-10-31", "50.00"),
		},
	})
	plan, err := c.Desk.PlanJoin(t.Context(), in)
	if err != nil || len(plan.Customers) != 1 || len(plan.Documents) != 1 || plan.Left["Elm (old)"] != 1 {
		t.Fatalf("%+v, %v; want one match, and a promise left behind", plan, err)
	}
	elm, lost := plan.Strangers[0].ID, []ar.Money{storetest.USD("50.00")}
	if len(plan.Lost) != 1 || !slices.Equal(plan.Lost[elm], lost) || !slices.Equal(plan.LostSum, lost) {
		t.Errorf("%v would be lost, %v in all; want %v with Elm", plan.Lost, plan.LostSum, lost)
	}
	in.Same = []desk.SameCustomers{{From: "elm (OLD)", Into: "8"}}
	if _, err := c.Desk.Join(t.Context(), desktest.Nora, in); ar.KindOf(err) != ar.Forbidden {
		t.Errorf("AR joins ledgers: %v", err)
	}
	joined, err := c.Desk.Join(t.Context(), desktest.Admin, in)
	if err != nil || len(joined.Customers) != 2 || len(joined.Left)+len(joined.Lost)+len(joined.LostSum) != 0 {
		t.Fatalf("%+v, %v", joined, err)
	}
	list, err := c.Desk.Promises(t.Context(), desktest.Nora, desk.PromisesInput{})
	if err != nil || len(list.Lines) != 2 {
		t.Fatalf("%+v, %v; want both promises", list, err)
	}
	if _, err := c.Desk.PlanJoin(t.Context(), in); ar.KindOf(err) != ar.Invalid {
		t.Errorf("a second time: %v", err)
	}
}
