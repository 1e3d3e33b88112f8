package desk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// An account counts once, whatever the currencies it owes in; what nobody's accounts owe is
// a sum for each of them, and unapplied credit is not taken from it.
func TestCoverage(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	euros := storetest.Doc(ar.Invoice, "INV-2", "Elixir", "2026-10-20", "2026-11-19", "50.00")
	euros.Amount = storetest.Amount("50.00", "EUR")
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{
			desktest.Customer("Danaway", "dana@example.com"), desktest.Customer("Elixir", ""), desktest.Customer("Finch", "somebody else"), desktest.Customer("Gull", ""),
		},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "INV-1", "Danaway", "2026-10-02", "2026-11-01", "1000.00"),
			euros,
			storetest.Doc(ar.Invoice, "INV-3", "Elixir", "2026-11-20", "2026-12-19", "70.00"),
			storetest.Doc(ar.Invoice, "INV-4", "Finch", "2026-11-20", "2026-12-19", "9.00"),
			storetest.Doc(ar.Payment, "P-1", "Gull", "2026-11-20", "", "30.00"),
		},
	})
	got, err := c.Desk.Coverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := desk.Coverage{
		Accounts: 4, None: 2, Unowned: []ar.Money{storetest.Amount("70.00", "USD"), storetest.Amount("50.00", "EUR")},
		Owners: []desk.OwnerCount{{Owner: "dana@example.com", Email: "dana@example.com", Accounts: 1}, {Owner: "somebody else", Accounts: 1}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b ar.Money) bool { return a == b })); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
}
