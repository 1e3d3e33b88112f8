package ar

import (
	"context"
	"errors"
	"time"
)

// Errors of the ports for what people add, to be compared with errors.Is.
var (
	ErrNoPromise = errors.New("no such promise")
	ErrNoDispute = errors.New("no such dispute")
	ErrNoNote    = errors.New("no such note")
	ErrNoClaim   = errors.New("no such claim")
	ErrNoSnooze  = errors.New("no such snooze")
	// ErrPromiseTwice says that a promise cannot stand again, since the same one
	// was made anew meanwhile and stands.
	ErrPromiseTwice = errors.New("the same promise stands already")
)

// PromiseFilter selects promises; the zero filter is all of them. They come by
// the due date of their last part, then by id.
type PromiseFilter struct {
	Customers []CustomerID
	Documents []DocumentID
	// MadeBy is the user in the chat system who typed it.
	MadeBy string
	Scope  *Scope
	// Standing leaves out what was cancelled or superseded; Undecided leaves
	// out, beside them, what has a final verdict.
	Standing, Undecided bool
	// DueFrom and DueTo select by the due date of any part, both included.
	DueFrom, DueTo Date
	// MadeAfter selects what was typed after an instant.
	MadeAfter time.Time
	// Limit is the most to return; 0 is all.
	Limit int
}

// ClaimFilter selects claims, the latest first; the zero filter is all of them.
type ClaimFilter struct {
	Customers []CustomerID
	// Holder is a user in the chat system.
	Holder string
	Scope  *Scope
	// Standing leaves out what ended.
	Standing bool
	Limit    int
}

// SnoozeFilter selects snoozes, the earliest day first; the zero filter is all of them.
type SnoozeFilter struct {
	Customers []CustomerID
	Documents []DocumentID
	Scope     *Scope
	// On leaves those that hold on that day; zero is no bound.
	On    Date
	Limit int
}

// GivenVerdict is a verdict as it was told.
type GivenVerdict struct {
	Verdict
	// At is when it was given; a later correction has its own time.
	At time.Time
}

// DisputeFilter selects disputes; the zero filter is all of them, by due date.
type DisputeFilter struct {
	Customers []CustomerID
	Documents []DocumentID
	Assignee  string
	Reason    Reason
	Scope     *Scope
	// Standing leaves out what is resolved.
	Standing bool
	// OpenedFrom and OpenedTo select by the civil date, both included.
	OpenedFrom, OpenedTo Date
	Limit                int
}

// NoteFilter selects notes, the latest first.
type NoteFilter struct {
	Customers []CustomerID
	Documents []DocumentID
	By        string
	Limit     int
}

// ActReader reads what people added to the books.
type ActReader interface {
	// Promise returns one, or ErrNoPromise.
	Promise(ctx context.Context, id PromiseID) (Promise, error)
	Promises(ctx context.Context, f PromiseFilter) ([]Promise, error)
	// Verdicts returns those that were given last, by promise.
	Verdicts(ctx context.Context, ids []PromiseID) (map[PromiseID]GivenVerdict, error)
	// History returns what Judge and Timeline need of customers and of those
	// below them: documents in every state with their applications, also those
	// whose other side belongs to somebody else, with that side.
	History(ctx context.Context, customers []CustomerID) (History, error)
	// RecentHistory is History without what was over before a date: documents on which
	// nothing was open or applied since, those that are named excepted. It is what Judge
	// needs for promises that were made since: documents come without numbers and texts.
	RecentHistory(ctx context.Context, customers []CustomerID, since Date, named []DocumentID) (History, error)
	// Dispute returns one, or ErrNoDispute.
	Dispute(ctx context.Context, id DisputeID) (Dispute, error)
	Disputes(ctx context.Context, f DisputeFilter) ([]Dispute, error)
	// Note returns one, or ErrNoNote.
	Note(ctx context.Context, id NoteID) (Note, error)
	Notes(ctx context.Context, f NoteFilter) ([]Note, error)
	// ContactFacts returns what is known of who pays; the zero facts where
	// nothing is.
	ContactFacts(ctx context.Context, id CustomerID) (ContactFacts, error)
	ClaimReader
	EscalationReader
}

// ClaimReader reads who has what, and what is put off.
type ClaimReader interface {
	// Claim returns one, or ErrNoClaim.
	Claim(ctx context.Context, id ClaimID) (Claim, error)
	Claims(ctx context.Context, f ClaimFilter) ([]Claim, error)
	// Snooze returns one, or ErrNoSnooze.
	Snooze(ctx context.Context, id SnoozeID) (Snooze, error)
	Snoozes(ctx context.Context, f SnoozeFilter) ([]Snooze, error)
	// Assignments returns those of customers, nil for all, by customer.
	Assignments(ctx context.Context, customers []CustomerID) ([]Assignment, error)
	// AccountActs lists what people did about customers, nil for all, from a civil date
	// on, by time.
	AccountActs(ctx context.Context, customers []CustomerID, from Date) ([]AccountAct, error)
	NewsReader
}

// NewsReader reads what people want to be told, and what there is to tell.
type NewsReader interface {
	// Subscriptions lists those of a user, "" for everybody's, by id.
	Subscriptions(ctx context.Context, user string) ([]Subscription, error)
	// Preferences returns those of everybody who has any, by user.
	Preferences(ctx context.Context) (map[string]Preferences, error)
	// PaymentsSeen lists payments first seen after an instant, those of a source's first
	// whole read and those of nothing left out, by id.
	PaymentsSeen(ctx context.Context, after time.Time) ([]SeenPayment, error)
	// PostHeads lists the first messages of posts that were put in their places from an
	// instant on, the earliest first.
	PostHeads(ctx context.Context, from time.Time) ([]PostHead, error)
	// ActsFrom counts the audit records of people from an instant on, by where they acted:
	// see Actor.From.
	ActsFrom(ctx context.Context, from time.Time) (map[string]int, error)
}

// ActWriter writes what people add. An act about a document belongs to whoever
// the document belongs to, also after the ledger gave it to another customer; one
// about a customer as a whole to the customer that took it in, where the ledger
// merged it. So the Customer that comes back may be another one than was given.
// What acts on one account, from several processes, follows each other: a check
// of what stands there, in the same transaction, holds.
type ActWriter interface {
	// AddPromise writes a promise, or returns the standing one that has the
	// same Key; created tells which. ErrNoCustomer and ErrNoDocument where it
	// is about nothing.
	AddPromise(ctx context.Context, p Promise) (kept Promise, created bool, err error)
	// LetRepeat lets the same be promised anew though a promise stands: what became
	// of it is known, so that a second one is no slip.
	LetRepeat(ctx context.Context, id PromiseID) error
	// PutPromise writes how one ended, or that it stands again; ErrPromiseTwice
	// where the same was made anew meanwhile.
	PutPromise(ctx context.Context, p Promise) error
	// PutVerdict keeps the verdict that is told now; the one before is gone.
	PutVerdict(ctx context.Context, v Verdict) error
	AddDispute(ctx context.Context, d Dispute) (Dispute, error)
	// PutDispute writes all of it but what it is about and who opened it; steps
	// that are not in it any more are gone.
	PutDispute(ctx context.Context, d Dispute) error
	AddNote(ctx context.Context, n Note) (Note, error)
	// RemoveNote takes a note back; the audit keeps it.
	RemoveNote(ctx context.Context, id NoteID) error
	PutContactFacts(ctx context.Context, f ContactFacts) error
	ClaimWriter
	EscalationWriter
}

// ClaimWriter writes who has what, and what is put off.
type ClaimWriter interface {
	// AddClaim writes a claim where none stands on the account, or returns the one that
	// stands: won tells which. Of two at once, also on two replicas, one wins.
	AddClaim(ctx context.Context, c Claim) (standing Claim, won bool, err error)
	// PutClaim writes how one ended.
	PutClaim(ctx context.Context, c Claim) error
	// AddSnooze writes a snooze; one of the same that stands is replaced by it.
	AddSnooze(ctx context.Context, s Snooze) (Snooze, error)
	// PutSnooze writes how one ended.
	PutSnooze(ctx context.Context, s Snooze) error
	// PutAssignment writes who works on an account, in the place of who did; no user
	// takes the assignment away.
	PutAssignment(ctx context.Context, a Assignment) error
	// AddSubscription writes a subscription; the same a second time is the first.
	AddSubscription(ctx context.Context, s Subscription) (Subscription, error)
	// RemoveSubscription ends one of a user; false where there is none.
	RemoveSubscription(ctx context.Context, user string, id SubscriptionID) (bool, error)
	PutPreferences(ctx context.Context, user string, p Preferences) error
}

// AuditWriter keeps the record of what people and arbot changed.
type AuditWriter interface {
	// Audit adds a record in the transaction of the change that it is about. It
	// gives it its id and, where At is zero, the transaction's time.
	Audit(ctx context.Context, r AuditRecord) error
	// PutSeal writes a seal over records, whose places follow each other from
	// the seal's first; ErrSealed where another replica was faster.
	PutSeal(ctx context.Context, s Seal, records []AuditID) error
}

// ErrSealed says that another process sealed meanwhile.
var ErrSealed = errors.New("the audit was sealed meanwhile")

// AuditReader reads the audit.
type AuditReader interface {
	// Unsealed lists records without a place, by id.
	Unsealed(ctx context.Context, limit int) ([]AuditRecord, error)
	// LastSeal returns the latest, the zero Seal where there is none.
	LastSeal(ctx context.Context) (Seal, error)
	// Seals lists seals in order, from the one that covers a place on; limit 0
	// is all.
	Seals(ctx context.Context, from int64, limit int) ([]Seal, error)
	// AuditRecords lists sealed records by place, both ends included.
	AuditRecords(ctx context.Context, from, to int64) ([]AuditRecord, error)
}
