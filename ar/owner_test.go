package ar_test

import (
	"testing"

	"arbot/ar"
)

func TestOwnerRules(t *testing.T) {
	t.Parallel()
	customer := ar.Customer{
		Name: "Acme West", Number: "C-100", External: "77", Class: "Wholesale", Region: "West",
		Fields: map[string]string{"Tier": "Gold"},
	}
	parent := ar.Customer{Name: "Acme", Number: "C-1", External: "1", Class: "Retail", Region: "East"}
	owned := func(c ar.Customer, owner string) ar.Customer {
		c.LedgerOwner = owner
		return c
	}
	// From weakest to strongest, but for the rules of one kind.
	all := ar.OwnerRules{
		{Match: ar.MatchDefault, Owner: "default@x.test"},
		{Match: ar.MatchRegion, Value: "west", Owner: "region@x.test"},
		{Match: ar.MatchRegion, Value: "West", Owner: "second@x.test"},
		{Match: ar.MatchField, Field: "Tier", Value: "gold", Owner: "field@x.test"},
		{Match: ar.MatchClass, Value: " WHOLESALE ", Owner: "class@x.test"},
		{Match: ar.MatchParent, Value: "acme", Owner: "parent@x.test"},
		{Match: ar.MatchCustomer, Value: "ACME WEST", Owner: " Customer@X.test "},
	}
	without := func(kinds ...ar.OwnerMatch) ar.OwnerRules {
		var rules ar.OwnerRules
		for _, r := range all {
			keep := true
			for _, k := range kinds {
				keep = keep && r.Match != k
			}
			if keep {
				rules = append(rules, r)
			}
		}
		return rules
	}
	tests := []struct {
		name       string
		rules      ar.OwnerRules
		customer   ar.Customer
		parent     *ar.Customer
		owner, why string
	}{
		{"customer first", all, owned(customer, "ledger@x.test"), &parent, "customer@x.test", "rule for customer ACME WEST"},
		{"then the ledger", without(ar.MatchCustomer), owned(customer, " Ledger@X.test"), &parent, "ledger@x.test", "named in the ledger"},
		{"then the parent", without(ar.MatchCustomer), customer, &parent, "parent@x.test", "rule for parent acme"},
		{"no parent, no rule for it", without(ar.MatchCustomer), customer, nil, "class@x.test", "rule for class  WHOLESALE "},
		{"then the class", without(ar.MatchCustomer, ar.MatchParent), customer, &parent, "class@x.test", "rule for class  WHOLESALE "},
		{"then a field", without(ar.MatchCustomer, ar.MatchParent, ar.MatchClass), customer, &parent, "field@x.test", "rule for Tier = gold"},
		{"then the region, the first rule of two", ar.OwnerRules{all[0], all[1], all[2]}, customer, &parent, "region@x.test", "rule for region west"},
		{"then the default", ar.OwnerRules{all[0]}, customer, &parent, "default@x.test", "default owner"},
		{"nobody", nil, customer, &parent, "", ""},
		{"a customer rule for the parent counts for the child", ar.OwnerRules{all[0], {Match: ar.MatchCustomer, Value: "Acme", Owner: "top@x.test"}}, customer, &parent, "top@x.test", "rule for parent Acme"},
		{"the owner of the parent in the ledger", ar.OwnerRules{all[0]}, customer, new(owned(parent, "Boss@x.test")), "boss@x.test", "owner of the parent Acme"},
		{"a parent rule is not for the parent itself", ar.OwnerRules{all[5]}, parent, nil, "", ""},
		{"by number", ar.OwnerRules{{Match: ar.MatchCustomer, Value: "c-100", Owner: "a@x.test"}}, customer, nil, "a@x.test", "rule for customer c-100"},
		{"by the ledger's id", ar.OwnerRules{{Match: ar.MatchCustomer, Value: "77", Owner: "a@x.test"}}, customer, nil, "a@x.test", "rule for customer 77"},
		{"not by a part of the name", ar.OwnerRules{{Match: ar.MatchCustomer, Value: "Acme", Owner: "a@x.test"}}, customer, nil, "", ""},
		{"a rule without a value matches nobody without one", ar.OwnerRules{
			{Match: ar.MatchClass, Owner: "a@x.test"},
			{Match: ar.MatchField, Field: "Tier", Owner: "a@x.test"},
			{Match: ar.MatchRegion, Owner: "a@x.test"},
			{Match: ar.MatchCustomer, Owner: "a@x.test"},
		}, ar.Customer{Name: " "}, nil, "", ""},
		{"an unknown kind of rule", ar.OwnerRules{{Match: "moon", Value: "x", Owner: "a@x.test"}}, customer, nil, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			owner, why := tt.rules.Resolve(tt.customer, tt.parent)
			if owner != tt.owner || why != tt.why {
				t.Errorf("got %q (%s), want %q (%s)", owner, why, tt.owner, tt.why)
			}
		})
	}
}
