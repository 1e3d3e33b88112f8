package ar

import (
	"fmt"
	"strings"
)

// OwnerMatch says what an owner rule looks at.
type OwnerMatch string

// What an owner rule can look at, strongest first.
const (
	MatchCustomer OwnerMatch = "customer" // name, number or the ledger's id
	MatchParent   OwnerMatch = "parent"   // the same, of the parent
	MatchClass    OwnerMatch = "class"
	MatchField    OwnerMatch = "field" // a custom field
	MatchRegion   OwnerMatch = "region"
	MatchDefault  OwnerMatch = "default"
)

// OwnerRule gives the accounts that it matches to a sales owner.
type OwnerRule struct {
	Match OwnerMatch
	// Field is the name of the custom field of a field rule.
	Field string
	// Value is what must be there, compared without case.
	Value string
	Owner string
}

// OwnerRules give each account its sales owner. The kind of match decides; of
// two rules of one kind that both match, the first does.
type OwnerRules []OwnerRule

// Resolve returns who owns an account and why. A customer rule comes first,
// then the owner that the ledger names, then the parent's owner (by rule or by
// ledger), then class or custom field, region, default. parent is nil for a
// customer on its own. The owner comes in normal form; no owner is "".
func (r OwnerRules) Resolve(c Customer, parent *Customer) (owner, why string) {
	owner, why = r.resolve(c, parent)
	return NormalOwner(owner), why
}

func (r OwnerRules) resolve(c Customer, parent *Customer) (owner, why string) {
	if rule, ok := r.forAccount(MatchCustomer, c); ok {
		return rule.Owner, "rule for customer " + rule.Value
	}
	if c.LedgerOwner != "" {
		return c.LedgerOwner, "named in the ledger"
	}
	if parent != nil {
		for _, match := range []OwnerMatch{MatchParent, MatchCustomer} {
			if rule, ok := r.forAccount(match, *parent); ok {
				return rule.Owner, "rule for parent " + rule.Value
			}
		}
		if parent.LedgerOwner != "" {
			return parent.LedgerOwner, "owner of the parent " + parent.Name
		}
	}
	for _, match := range []OwnerMatch{MatchClass, MatchField, MatchRegion, MatchDefault} {
		for _, rule := range r {
			if rule.Match == match && rule.fits(c) {
				return rule.Owner, rule.why()
			}
		}
	}
	return "", ""
}

func (r OwnerRules) forAccount(match OwnerMatch, c Customer) (OwnerRule, bool) {
	for _, rule := range r {
		if rule.Match == match && (sameText(rule.Value, c.Name) || sameText(rule.Value, c.Number) || sameText(rule.Value, c.External)) {
			return rule, true
		}
	}
	return OwnerRule{}, false
}

func (r OwnerRule) fits(c Customer) bool {
	switch r.Match {
	case MatchClass:
		return sameText(r.Value, c.Class)
	case MatchField:
		return sameText(r.Value, c.Fields[r.Field])
	case MatchRegion:
		return sameText(r.Value, c.Region)
	case MatchDefault:
		return true
	case MatchCustomer, MatchParent:
	}
	return false
}

func (r OwnerRule) why() string {
	switch r.Match {
	case MatchField:
		return fmt.Sprintf("rule for %s = %s", r.Field, r.Value)
	case MatchDefault:
		return "default owner"
	case MatchCustomer, MatchParent, MatchClass, MatchRegion:
	}
	return fmt.Sprintf("rule for %s %s", r.Match, r.Value)
}

// NormalOwner is the form in which owners are stored and compared: an e-mail
// address (or a name) in lower case.
func NormalOwner(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func sameText(rule, value string) bool {
	value = strings.TrimSpace(value)
	return value != "" && strings.EqualFold(strings.TrimSpace(rule), value)
}
