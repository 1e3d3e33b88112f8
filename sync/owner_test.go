package arsync_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

func TestOwners(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	e := newEngine(b)
	owners := func() (names []string) {
		b.Read(t, func(r ar.Reader) error {
			all, err := r.Customers(t.Context(), ar.CustomerFilter{})
			for _, c := range all {
				names = append(names, c.Name+": "+c.Owner+" ("+c.OwnerWhy+")")
			}
			return err
		})
		return names
	}
	l := acme()
	l.pages[0].Customers = append(l.pages[0].Customers, ar.CustomerRecord{External: "C3", Name: "Dill"})
	report := sync(t, e, l, arsync.Options{})
	want := []string{"Birch & Co: dana@example.com (named in the ledger)", "Cedar: dana@example.com (owner of the parent Birch & Co)", "Dill:  ()"}
	if diff := cmp.Diff(want, owners()); diff != "" || report.Unowned != 1 || report.OwnersChanged != 0 {
		t.Errorf("%+v, owners (-want +got):\n%s", report, diff)
	}
	// New rules take effect though the ledger is the same.
	e.Rules = ar.OwnerRules{{Match: ar.MatchDefault, Owner: "Lee@Example.com"}, {Match: ar.MatchCustomer, Value: "cedar", Owner: "kim@example.com"}}
	report = sync(t, e, l, arsync.Options{})
	want = []string{"Birch & Co: dana@example.com (named in the ledger)", "Cedar: kim@example.com (rule for customer cedar)", "Dill: lee@example.com (default owner)"}
	if diff := cmp.Diff(want, owners()); diff != "" || !report.NothingNew || report.Unowned != 0 || report.OwnersChanged != 1 {
		t.Errorf("%+v, owners (-want +got):\n%s", report, diff)
	}
}

// TestOwnersByLabels: what the latest document says about who sold it counts where the
// ledger says nothing of the customer itself.
func TestOwnersByLabels(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		e.Rules = ar.OwnerRules{
			{Match: ar.MatchClass, Value: "wholesale", Owner: "wes"},
			{Match: ar.MatchRegion, Value: "north", Owner: "nora"},
			{Match: ar.MatchField, Field: "Territory", Value: "7", Owner: "tess"},
		}
		invoice := func(customer, date string, labels map[string]string) ar.DocumentRecord {
			d := storetest.Doc(ar.Invoice, customer+date, customer, date, "", "1.00")
			d.Labels = labels
			return d
		}
		l := &ledger{name: "acme", cursor: "1", pages: []ar.Page{{
			Customers: []ar.CustomerRecord{
				{External: "1", Name: "By owner"},
				{External: "1a", Name: "Child", Parent: "1"},
				{External: "1b", Name: "Child of its own", Parent: "1"},
				{External: "2", Name: "Named", Owner: "sue"},
				{External: "3", Name: "By class"},
				{External: "4", Name: "Classed", Class: "retail"},
				{External: "5", Name: "By place"},
				{External: "6", Name: "By field"},
				{External: "7", Name: "Fielded", Fields: map[string]string{"Territory": "8"}},
			},
			Documents: []ar.DocumentRecord{
				invoice("1", "2026-10-01", map[string]string{ar.LabelOwner: "Ann"}),
				invoice("1", "2026-10-02", map[string]string{ar.LabelOwner: "Bob"}),
				invoice("1", "2026-10-03", nil),
				invoice("1b", "2026-10-01", map[string]string{ar.LabelOwner: "Cat"}),
				invoice("2", "2026-10-01", map[string]string{ar.LabelOwner: "Ann"}),
				invoice("3", "2026-10-01", map[string]string{ar.LabelClass: "Wholesale"}),
				invoice("4", "2026-10-01", map[string]string{ar.LabelClass: "Wholesale"}),
				invoice("5", "2026-10-01", map[string]string{ar.LabelLocation: "North"}),
				invoice("6", "2026-10-01", map[string]string{"Territory": "7"}),
				invoice("7", "2026-10-01", map[string]string{"Territory": "7"}),
			},
		}}}
		report := sync(t, e, l, arsync.Options{})
		var got []string
		b.Read(t, func(r ar.Reader) error {
			all, err := r.Customers(t.Context(), ar.CustomerFilter{})
			for _, c := range all {
				got = append(got, c.Name+": "+c.Owner)
				if c.External != "2" && c.LedgerOwner != "" || c.External == "3" && c.Class != "" {
					t.Errorf("a label was stored as the customer's own: %+v", c)
				}
			}
			return err
		})
		want := []string{
			"By owner: bob", "Child: bob", "Child of its own: cat", "Named: sue", "By class: wes", "Classed: ", "By place: nora", "By field: tess", "Fielded: ",
		}
		if diff := cmp.Diff(want, got); diff != "" || report.Unowned != 2 {
			t.Errorf("%d unowned, owners (-want +got):\n%s", report.Unowned, diff)
		}
	})
}
