package ar

import (
	"encoding/json"
	"slices"
	"time"
)

// PostID names a post.
type PostID int64

// PostKind says what a post is.
type PostKind string

// The kinds of post.
const (
	ARDigest    PostKind = "digest-ar"
	SalesDigest PostKind = "digest-sales"
	RepDigest   PostKind = "digest-rep"
	// WeeklyDigest is for managers: figures of a week, and of the books as they were at
	// its end.
	WeeklyDigest PostKind = "digest-weekly"
	// Alert is a sentence to an admin about arbot itself.
	Alert PostKind = "alert"
	// Checklist tells an admin what is left to set up, and ticks what is done.
	Checklist PostKind = "checklist"
	// VerdictPost says what became of a part of a promise.
	VerdictPost PostKind = "verdict"
	// DisputeReminder tells a person of the disputes to be resolved by then.
	DisputeReminder PostKind = "dispute-reminder"
	// DisputeQuestion asks whether what the ledger brought resolved a dispute.
	DisputeQuestion PostKind = "dispute-question"
	// ContactQuestion asks a sales owner who really pays for a customer.
	ContactQuestion PostKind = "contact-question"
	// LedgerNote is a line for an invoice's private note: its place is in the
	// ledger.
	LedgerNote PostKind = "ledger-note"
	// ClaimEnded tells the holder of a claim that it ended by itself, or by somebody
	// else.
	ClaimEnded PostKind = "claim-ended"
	// PaymentNews tells of a payment in the thread of a claim, or who asked to be told.
	PaymentNews PostKind = "payment-news"
	// NoiseReport tells an admin how much is posted, and how much is done about it.
	NoiseReport PostKind = "noise-report"
	// EscalationPost is an escalation, or the proposal of a credit hold; EscalationNews
	// what is said in its thread.
	EscalationPost PostKind = "escalation"
	EscalationNews PostKind = "escalation-news"
	// LadderReport tells AR what the ladder would post, before it is turned on.
	LadderReport PostKind = "ladder-report"
	// Greeting says in a channel what arbot will do there.
	Greeting PostKind = "greeting"
)

// Digest reports whether posts of this kind are figures of a day or of a week.
func (k PostKind) Digest() bool {
	return k == ARDigest || k == SalesDigest || k == RepDigest || k == WeeklyDigest
}

// Over reports whether a post has no value any more on a date: a daily digest after its
// day, a weekly one when the next is due.
func (p Post) Over(on Date) bool {
	if p.Kind == WeeklyDigest {
		return on.Sub(p.Day) >= weekDays
	}
	return p.Kind.Digest() && p.Day.Before(on)
}

const weekDays = 7

// PostState says how far a post has come.
type PostState string

// The states of a post.
const (
	PostPlanned PostState = "planned"
	// PostDone is in its place, every part of it.
	PostDone PostState = "done"
	// PostEmpty had nothing to say and was left out on purpose.
	PostEmpty PostState = "empty"
	// PostUnconfirmed may or may not be there: the answer was lost and there
	// is no way to look. It is not sent again by itself.
	PostUnconfirmed PostState = "unconfirmed"
	// PostFailed cannot be sent; Fault says why.
	PostFailed PostState = "failed"
	// PostMissed was not sent while its day lasted, and has no value after it.
	PostMissed PostState = "missed"
)

// PostKey is what makes a post the only one of its kind: one per kind, route
// and business day. The store keeps it for ever.
type PostKey struct {
	Kind PostKind
	// Route names where it goes: a route of the config, "rep:" and the e-mail
	// address of a rep, or "user:" or "channel:" and an id of the chat system.
	Route string
	Day   Date
}

// Post is a message that is posted once and edited after that.
type Post struct {
	ID PostID
	PostKey
	State PostState
	Fault string
	// Body is what the post says where it does not follow from the books: the
	// sentence of an alert.
	Body string
	// Figures are what a digest said, kept as it was said.
	Figures json.RawMessage
	Created time.Time
	// Posted is when the first part got its place; zero before.
	Posted time.Time
	Parts  []PostPart
}

// Begun reports whether a part of a post is in its place, or may be.
func (p Post) Begun() bool {
	return slices.ContainsFunc(p.Parts, func(part PostPart) bool { return part.TS != "" || part.Sending })
}

// PostPart is one message of a post: the first stands in the channel, the
// others in its thread.
type PostPart struct {
	No int
	// Nonce is the id that the message carries, so that it can be found again.
	Nonce string
	// Sending is set before the message is sent and cleared when the answer is
	// known: a part that is found sending may be there or not.
	Sending bool
	// Channel and TS are where the message is; TS is "" before it is there.
	Channel, TS string
	// Sum tells whether the content changed since.
	Sum string
}
