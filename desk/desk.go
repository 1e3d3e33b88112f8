// Package desk holds what a person may do. One use case is one function and
// one transaction: authorise, load, decide by the rules of ar, write. It takes
// an input and an Actor and gives a view value; it knows no Slack and no SQL,
// so a command line or a second chat system can use it as it is.
//
// A map of its files:
//
//	desk.go     Desk and its settings
//	find.go     from what a person typed to one account or document
//	owner.go    from what a person typed to one sales owner
//	account.go  the status of an account
//	family.go   an account with those below it
//	overdue.go  lists of overdue accounts, own or all
//	aging.go    aging of the book, an account or an owner, as of any date
//	home.go     the company's own currency first
//	plan.go     which digests there are on a day
//	digest.go   what a digest says
//	show.go     what a digest shows to a channel
//	coverage.go which accounts have a sales owner
//	post.go     the record of posts and alerts
//	absence.go  who reads what is meant for somebody who is away
//	setup.go    how far a new company has come, and its welcome
package desk

import (
	"context"
	"strings"
	"time"

	"arbot/ar"
)

// Person is somebody who owns accounts or works on them.
type Person struct {
	// Email is what ledgers, config and Slack know the person by.
	Email string
	Name  string
	// Names are other spellings that a ledger uses for the person.
	Names []string
	// Deputy is the e-mail address of who stands in; "" for nobody.
	Deputy string
	// Away are the absences that are known beforehand.
	Away []Absence
}

// Settings are the company's choices that answers depend on.
type Settings struct {
	// Zone is the company's zone: it decides what day it is.
	Zone   *time.Location
	Locale ar.Locale
	// Home is the currency that a typed amount without one is in.
	Home    ar.Currency
	RepsSee ar.RepsSee
	People  []Person
	// StaleAfter is the age of the data from which every answer says so.
	StaleAfter time.Duration
	// WaitForImport is how long a digest waits for an import under way; after
	// that it is posted and says that the import did not end.
	WaitForImport time.Duration
}

// Desk answers and acts.
type Desk struct {
	books    ar.Books
	now      func() time.Time
	settings Settings
}

// New returns a desk over the books. now is the clock that tells the day.
func New(books ar.Books, now func() time.Time, s Settings) *Desk {
	return &Desk{books: books, now: now, settings: s}
}

// Today returns the civil date in the company's zone.
func (d *Desk) Today() ar.Date { return ar.DateOf(d.now(), d.settings.Zone) }

// Settings returns the company's choices.
func (d *Desk) Settings() Settings { return d.settings }

// PersonName returns how to call a sales owner or collector: the name from
// the config, else what the ledger has.
func (d *Desk) PersonName(owner string) string {
	if p, ok := d.person(owner); ok && p.Name != "" {
		return p.Name
	}
	return owner
}

func (d *Desk) person(owner string) (Person, bool) {
	owner = ar.NormalOwner(owner)
	for _, p := range d.settings.People {
		for _, known := range p.spellings() {
			if owner != "" && ar.NormalOwner(known) == owner {
				return p, true
			}
		}
	}
	return Person{}, false
}

// owned is the scope of the accounts of one sales owner, under all the
// spellings that the ledger may use.
func (d *Desk) owned(owner string) ar.Scope {
	if p, ok := d.person(owner); ok {
		return p.scope()
	}
	return ar.OwnedBy(owner)
}

// sees returns what the actor may see, with the names that the config gives
// the person.
func (d *Desk) sees(a ar.Actor) (ar.Scope, error) { return d.named(a).Sees(d.settings.RepsSee) }

func (d *Desk) named(a ar.Actor) ar.Actor {
	if p, ok := d.person(a.Email); ok {
		a.Names = append(append([]string{p.Name}, p.Names...), a.Names...)
	}
	return a
}

// Fresh is how far the figures of a view can be trusted, and by when.
type Fresh struct {
	ar.Freshness
	// Now is when the view was made.
	Now time.Time
	// Stale: the data is older than the company tolerates, or there is none.
	Stale bool
}

func (d *Desk) fresh(ctx context.Context, r ar.Reader) (Fresh, error) {
	sources, err := r.Sources(ctx)
	if err != nil {
		return Fresh{}, err
	}
	return d.FreshAt(ar.NewFreshness(sources)), nil
}

// FreshAt judges freshness by the clock.
func (d *Desk) FreshAt(state ar.Freshness) Fresh {
	f := Fresh{Freshness: state, Now: d.now()}
	f.Stale = f.DataAsOf.IsZero() || d.settings.StaleAfter > 0 && f.Now.Sub(f.DataAsOf) > d.settings.StaleAfter
	return f
}

// ReadAsOf reads an as-of date as a person types it: the latest such date that
// is not ahead. Nothing is today.
func (d *Desk) ReadAsOf(text string) (ar.Date, error) {
	if strings.TrimSpace(text) == "" {
		return d.Today(), nil
	}
	return ar.ReadDate(text, d.Today(), d.settings.Locale, ar.Back)
}
