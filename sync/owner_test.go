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
