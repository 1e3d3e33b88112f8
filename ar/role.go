package ar

import "slices"

// Role is what a person is to the receivables.
type Role string

// The roles. A person can have several.
const (
	Rep     Role = "rep"
	ARClerk Role = "ar"
	Manager Role = "manager"
	Admin   Role = "admin"
)

// Actor is who asks. It is made anew for every click from what is known then.
type Actor struct {
	// User is the id of the person in the chat system.
	User string
	// Email is what sales owners are matched by.
	Email string
	// Names are other spellings under which the ledger may know the person.
	Names []string
	Roles []Role
	// From is where the person acts: a command, a button, a form. It is for the
	// audit and decides nothing.
	From string
	// Outside marks guests and people of another organisation: they get
	// nothing.
	Outside bool
}

// Is reports whether the actor has one of the roles.
func (a Actor) Is(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// RepsSee says which accounts a rep sees.
type RepsSee string

// What reps may see.
const (
	// RepsSeeOwn is own accounts and those that nobody owns.
	RepsSeeOwn RepsSee = "own"
	RepsSeeAll RepsSee = "all"
)

// Scope is the part of the book that somebody may see.
type Scope struct {
	// All is the whole book; the rest does not matter then.
	All bool
	// Owners are the sales owners whose accounts are in the scope, in their
	// normal form.
	Owners []string
	// Unowned puts accounts without an owner in the scope.
	Unowned bool
}

// Everything is the scope of the whole book.
func Everything() Scope { return Scope{All: true} }

// OwnedBy is the scope of the accounts of some sales owners.
func OwnedBy(owners ...string) Scope {
	scope := Scope{}
	for _, o := range owners {
		if o = NormalOwner(o); o != "" {
			scope.Owners = append(scope.Owners, o)
		}
	}
	return scope
}

// Covers reports whether the account of a sales owner is in the scope.
func (s Scope) Covers(owner string) bool {
	return s.All || owner == "" && s.Unowned || owner != "" && slices.Contains(s.Owners, owner)
}

// Own returns the scope of the accounts that the actor owns.
func (a Actor) Own() Scope { return OwnedBy(append([]string{a.Email}, a.Names...)...) }

// Sees returns the part of the book that the actor may see: all of it for AR,
// managers and admins; a rep's own accounts and those without an owner unless
// the policy says all. Nobody else sees anything, and that is an error that
// the person can read.
func (a Actor) Sees(policy RepsSee) (Scope, error) {
	switch {
	case a.Outside:
		return Scope{}, Forbid("This is for people of this company only. Guests and people of other companies cannot use it.")
	case a.Is(ARClerk, Manager, Admin), a.Is(Rep) && policy == RepsSeeAll:
		return Everything(), nil
	case a.Is(Rep):
		scope := a.Own()
		scope.Unowned = true
		return scope, nil
	}
	return Scope{}, Forbid("You have no role here yet. Ask your arbot admin to add you as a rep, AR, manager or admin.")
}
