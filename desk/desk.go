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
//	invoice.go  one invoice, where it can be paid, and a reminder of it
//	family.go   an account with those below it
//	overdue.go  lists of overdue accounts, own or all
//	aging.go    aging of the book, an account or an owner, as of any date
//	dso.go      DSO and the other figures of the book, with their trend
//	forecast.go the money that is expected in the coming weeks
//	trend.go    the weekly trend
//	provision.go  the loss that is expected of what is open, and roll rates
//	whatif.go   how it would stand if promises were kept, or invoices paid
//	meeting.go  the pack for the meeting of AR and sales
//	learn.go    what was learned of how customers pay, kept for all forecasts
//	backtest.go how right the forecast was in the past
//	export.go, export_aging.go, export_acts.go  lists as files
//	home.go     the company's own currency first
//	plan.go     which digests there are on a day
//	digest.go   what a digest says
//	show.go     what a digest shows to a channel
//	coverage.go which accounts have a sales owner
//	post.go     the record of posts and alerts
//	again.go    what becomes of a post of which nobody knows whether it is there
//	absence.go  who reads what is meant for somebody who is away
//	setup.go    how far a new company has come, and its welcome
//	ledger.go   how the ledgers are, and whether they can be read
//	join.go     two ledgers that have the same company become one
//	right.go    who may write what
//	holds.go    what is disputed and promised, for "to chase"; held.go of which accounts
//	link.go     what a ledger shows under an address
//	search.go   accounts and invoices to choose from
//
// What people write down:
//
//	promise.go, promise_read.go, promise_subject.go, promise_end.go  promises: what is
//	                  recorded, how it is read, what it is about, how somebody ends it
//	promise_judge.go, promise_verdict.go  what becomes of them, and its telling
//	promise_list.go, promise_digest.go    lists of them, and what a digest says
//	dispute.go, dispute_change.go, dispute_list.go  disputes
//	dispute_post.go   reminders, and questions about what resolved them
//	escalation.go, escalation_act.go, escalation_post.go  what is escalated, by whom it is
//	                  taken, and what is posted of it
//	ladder.go, ladder_report.go  escalation by rule: the day's run, its report, the back-test
//	hold.go           credit holds, to which two people agree
//	handoff.go        all that an agency needs of an account
//	claim.go, claim_list.go, claim_lapse.go, digest_claims.go  who has an account, and when that ends by itself
//	snooze.go, assign.go      what is put off, and who works on an account
//	worklist.go       what to do now, and why
//	news.go, subscribe.go, noise.go  payments that are told, to whom, and how loud it is
//	note.go           notes and calls; once.go  forms that are sent twice
//	contact.go        who really pays, and the question for it
//	account_acts.go   what of it stands on an account's status
//	history.go        the timeline of an account or an invoice
//	ledger_note.go    lines of it in the private notes of a ledger's invoices
//	audit.go, seal.go, audit_verify.go  the record of every change
package desk

import (
	"context"
	"math/big"
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
	// Zone is the one by which the person's times are; nil is the company's.
	Zone *time.Location
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
	// AskAfter is after how many business days from the first reading of the books
	// sales owners are asked who really pays: a new company has enough to look at.
	AskAfter int
	// WaitForImport is how long a digest waits for an import under way; after
	// that it is posted and says that the import did not end.
	WaitForImport time.Duration
	// Ledgers are those of the config.
	Ledgers []Ledger
	// Invoices does what only a ledger can do with an invoice; nil for nothing.
	Invoices Invoices
	// Workdays are the business days of the company; GraceDays how many of them a
	// payment may come after the day that was promised.
	Workdays  ar.Workdays
	GraceDays int
	// LossRates are what part of each aging bucket is taken to be lost, from 0 to 1, a rate
	// for each of the default's buckets; nil is DefaultLossRates.
	LossRates []*big.Rat
	// DisputeRoutes say where disputes go and how long they may take; what they
	// do not name goes by ar.DefaultDisputeRoutes.
	DisputeRoutes ar.DisputeRoutes
	// Escalations say where they may go and how often it is asked again, Ladder who is
	// asked when nobody takes an account on.
	Escalations EscalationSettings
	Ladder      LadderSettings
	// SnoozeDays is the most calendar days ahead that something can be put off; 0 is
	// ar.SnoozeDays.
	SnoozeDays int
	// MessageBudget is the most posts of a channel on a day, digests among them: what is
	// over goes into the thread of the first. 0 is no bound.
	MessageBudget int
}

// Desk answers and acts.
type Desk struct {
	books    ar.Books
	now      func() time.Time
	settings Settings
	pupil    pupil
}

// New returns a desk over the books. now is the clock that tells the day.
func New(books ar.Books, now func() time.Time, s Settings) *Desk {
	return &Desk{books: books, now: now, settings: s}
}

// Today returns the civil date in the company's zone.
func (d *Desk) Today() ar.Date { return ar.DateOf(d.now(), d.settings.Zone) }

// Now returns the time by the desk's clock.
func (d *Desk) Now() time.Time { return d.now() }

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

// ZoneOf is the zone by which the times of a person are.
func (d *Desk) ZoneOf(email string) *time.Location {
	if p, ok := d.person(email); ok && p.Zone != nil {
		return p.Zone
	}
	return d.settings.Zone
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
	// LatestLedger is when a ledger was read as a whole for the first time, the
	// latest where there are several; zero before the first.
	LatestLedger time.Time
}

// fresh tells of the state of all ledgers. The documents by which one differs name
// customers: they are for who sees the whole book.
func (d *Desk) fresh(ctx context.Context, r ar.Reader, sees ar.Scope) (Fresh, error) {
	sources, err := r.Sources(ctx)
	if err != nil {
		return Fresh{}, err
	}
	connections, err := r.Connections(ctx)
	if err != nil {
		return Fresh{}, err
	}
	for i := range sources {
		sources[i].Health = healthOf(sources[i], connections)
	}
	f := d.FreshAt(ar.NewFreshness(sources))
	for i := range f.TieOuts {
		if !sees.All {
			f.TieOuts[i].Because = ""
		}
	}
	for _, s := range sources {
		if s.FirstSynced.After(f.LatestLedger) {
			f.LatestLedger = s.FirstSynced
		}
		if connected(s, connections) && !s.FirstSynced.IsZero() && s.Compared().IsZero() {
			f.Uncompared = append(f.Uncompared, s) // a file may bring no totals, a ledger has them
		}
	}
	return f, nil
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
