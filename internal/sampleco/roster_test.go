package sampleco_test

import (
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/sampleco"
)

// TestRosterShowsWhatBooksHold: the customers cover what search, owners and
// rendering have to cope with.
func TestRosterShowsWhatBooksHold(t *testing.T) {
	t.Parallel()
	c := sampleco.New(sampleco.Options{})
	if n := len(c.Customers()); n != 60 {
		t.Errorf("%d customers, want 60", n)
	}
	seen, names := map[string]int{}, map[string]bool{}
	for _, r := range c.Customers() {
		if names[r.Name] {
			t.Errorf("two customers are called %s", r.Name)
		}
		names[r.Name] = true
		for _, mark := range []string{"'", "&", "ö", "é", ",", `"`} {
			if strings.Contains(r.Name, mark) {
				seen[mark]++
			}
		}
		for what, shown := range map[string]bool{
			"child": r.Parent != "", "orphan": r.Owner == "", "inactive": r.Inactive,
			"alias": len(r.Aliases) > 0, "no terms": r.Terms == "", r.Terms: true, r.Region: true,
		} {
			if shown {
				seen[what]++
			}
		}
	}
	for _, what := range []string{
		"'", "&", "ö", "é", ",", `"`, "child", "orphan", "inactive", "alias", "no terms",
		"Net 15", "Net 30", "Net 45", "Net 60", "Due on receipt", "Northeast", "Midwest", "South", "West", "Europe",
	} {
		if seen[what] == 0 {
			t.Errorf("no customer with %s", what)
		}
	}
	if seen["orphan"] > len(names)/5 {
		t.Errorf("%d of %d customers have no owner, want a few", seen["orphan"], len(names))
	}
	if !names["Northgate Supply"] || !names["Northgate Supplies"] {
		t.Error("the two customers with nearly the same name are missing")
	}
}

// TestOwnersAndCollectorsAreStaff: everybody that the ledger names can be
// found in the chat's workspace.
func TestOwnersAndCollectorsAreStaff(t *testing.T) {
	t.Parallel()
	c := sampleco.New(sampleco.Options{})
	roles, count := map[string]ar.Role{}, map[ar.Role]int{}
	for _, p := range c.People() {
		if !strings.HasSuffix(p.Email, "@example.com") || p.Email != ar.NormalOwner(p.Email) {
			t.Errorf("%s has the address %s", p.Name, p.Email)
		}
		roles[p.Email] = p.Role
		count[p.Role]++
	}
	if count[ar.Rep] != 6 || count[ar.ARClerk] != 3 || count[ar.Manager] != 1 || count[ar.Admin] != 1 {
		t.Errorf("staff by role: %v", count)
	}
	accounts := map[string]int{}
	for _, r := range c.Customers() {
		if r.Owner != "" && roles[r.Owner] != ar.Rep {
			t.Errorf("the owner of %s is %s, who is no rep", r.Name, r.Owner)
		}
		if roles[r.Collector] != ar.ARClerk {
			t.Errorf("the collector of %s is %s, who is not in AR", r.Name, r.Collector)
		}
		accounts[r.Owner]++
	}
	for email, role := range roles {
		if role == ar.Rep && accounts[email] == 0 {
			t.Errorf("%s has no accounts", email)
		}
	}
}

func TestManyCustomersHaveDifferentNames(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, r := range sampleco.New(sampleco.Options{Customers: 5_000, Invoices: 1}).Customers() {
		if names[r.Name] {
			t.Fatalf("two customers are called %s", r.Name)
		}
		names[r.Name] = true
	}
}

func TestAsManyInvoicesAsAskedFor(t *testing.T) {
	t.Parallel()
	c := sampleco.New(sampleco.Options{Customers: 2_000, Invoices: 20_000})
	invoices := 0
	for _, d := range c.Documents() {
		if d.Kind == ar.Invoice {
			invoices++
		}
	}
	if invoices < 19_000 || invoices > 21_000 {
		t.Errorf("%d invoices, want about 20,000", invoices)
	}
}

func BenchmarkNew100k(b *testing.B) {
	for b.Loop() {
		sampleco.New(sampleco.Options{Customers: 4_000, Invoices: 100_000})
	}
}

func BenchmarkWriteBundle100k(b *testing.B) {
	c := sampleco.New(sampleco.Options{Customers: 4_000, Invoices: 100_000})
	dir := b.TempDir()
	for b.Loop() {
		if err := c.WriteBundle(dir, c.Today(), time.Time{}); err != nil {
			b.Fatal(err)
		}
	}
}
