package desk

import (
	"arbot/ar"
)

// writes returns the part of the book about which the actor may write promises
// and disputes: all of it for AR and admins, for reps what they see as reps. A
// manager reads all of it, and writes notes.
func (d *Desk) writes(a ar.Actor) (ar.Scope, error) {
	switch {
	case a.Outside:
		return d.sees(a)
	case a.Is(ar.ARClerk, ar.Admin):
		return ar.Everything(), nil
	case a.Is(ar.Rep):
		a.Roles = []ar.Role{ar.Rep}
		return d.sees(a)
	case a.Is(ar.Manager):
		return ar.Scope{}, ar.Forbid("Managers read everything and write notes. Ask AR, or the owner of the account, to record this.")
	}
	return d.sees(a)
}

// MayRecord refuses a form for promises and disputes to who could not send it.
func (d *Desk) MayRecord(a ar.Actor) error {
	_, err := d.writes(a)
	return err
}

// owns reports whether a person may change what stands in the books: who made
// it, AR and admins.
func owns(a ar.Actor, made ar.Act) bool {
	return a.Is(ar.ARClerk, ar.Admin) || made.By != "" && made.By == a.User
}

// act is what the actor does now.
func (d *Desk) act(a ar.Actor, where string) ar.Act {
	now := d.now()
	return ar.Act{By: a.User, At: now, On: ar.DateOf(now, d.settings.Zone), Where: where}
}
