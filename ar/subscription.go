package ar

import "time"

// SubscriptionID names a subscription.
type SubscriptionID int64

// SubscriptionFilter says of which accounts a subscription is, where it is not of one.
type SubscriptionFilter string

// The filters.
const (
	// SubscribedAccount is one account: Subscription.Customer.
	SubscribedAccount SubscriptionFilter = ""
	// SubscribedMine are the accounts that the person owns.
	SubscribedMine SubscriptionFilter = "mine"
	// SubscribedAll are all that the person sees.
	SubscribedAll SubscriptionFilter = "all"
)

// Subscription is the wish of a person to be told of payments.
type Subscription struct {
	ID SubscriptionID
	// User is the person in the chat system, Email the address by which the person owns
	// accounts.
	User, Email string
	Customer    CustomerID
	Filter      SubscriptionFilter
	// Above leaves out payments that are not more, and those in other currencies; the
	// zero Money leaves none out.
	Above Money
	Made  Act
}

// Wants reports whether a payment that came in from an account is told; owned says that
// the account is the person's.
func (s Subscription) Wants(customer CustomerID, owned bool, amount Money) bool {
	if s.Above.Sign() > 0 && (amount.Currency() != s.Above.Currency() || amount.Cmp(s.Above) <= 0) {
		return false
	}
	switch s.Filter {
	case SubscribedAccount:
		return s.Customer == customer
	case SubscribedMine:
		return owned
	case SubscribedAll:
		return true
	}
	return false
}

// Preferences are what a person wants to be told, and when. The zero value is what the
// config says.
type Preferences struct {
	// DigestFrom is the earliest time of the day ("09:30") at which a digest comes as a
	// direct message; "" is when the config has it. It only delays: nothing comes before
	// the time of the config.
	DigestFrom string `json:"digest_from,omitempty"`
	// QuietFrom and QuietTo are hours in which nothing comes as a direct message, beside
	// those of the company; both "" for none.
	QuietFrom string `json:"quiet_from,omitempty"`
	QuietTo   string `json:"quiet_to,omitempty"`
	// NoNews leaves out news of payments, whatever is subscribed to.
	NoNews bool `json:"no_news,omitempty"`
}

// Check refuses times that are none, and hours that begin when they end.
func (p Preferences) Check() error {
	for _, t := range []struct{ name, text string }{{"The digest", p.DigestFrom}, {"Quiet from", p.QuietFrom}, {"Quiet until", p.QuietTo}} {
		if _, ok := parseClock(t.text); t.text != "" && !ok {
			return Refuse("%s: “%s” is not a time of the day. Write it like 09:30.", t.name, t.text)
		}
	}
	switch {
	case (p.QuietFrom == "") != (p.QuietTo == ""):
		return Refuse("Quiet hours have a beginning and an end: give both times, or none.")
	case p.QuietFrom != "" && p.QuietFrom == p.QuietTo:
		return Refuse("The quiet hours end when they begin. Give two different times.")
	case p.digestNeverComes():
		return Refuse("Your digest would never come: %s lies in your quiet hours, and its day is over when they end. Give a time before %s.", p.DigestFrom, p.QuietFrom)
	}
	return nil
}

// digestNeverComes reports whether the digest waits for the end of quiet hours that go over
// midnight, when it has no value any more.
func (p Preferences) digestNeverComes() bool {
	digest, wanted := parseClock(p.DigestFrom)
	quiet, ok := p.quiet(nil)
	return wanted && ok && quiet.To.Before(quiet.From) && !digest.Before(quiet.From)
}

// quiet are the person's own quiet hours by the clocks of a zone; false for none.
func (p Preferences) quiet(zone *time.Location) (Quiet, bool) {
	from, ok := parseClock(p.QuietFrom)
	to, both := parseClock(p.QuietTo)
	return Quiet{From: from, To: to, Zone: zone}, ok && both
}

// HoldsUntil is when a direct message that would come now may come; digest says that it is a
// digest. It is now itself where nothing holds it, and in the zone of now, by which the
// person's times are.
func (p Preferences) HoldsUntil(now time.Time, digest bool) time.Time {
	at := now
	if from, ok := parseClock(p.DigestFrom); digest && ok {
		if start := from.on(DateOf(now, now.Location()), now.Location()); now.Before(start) {
			at = start
		}
	}
	quiet, ok := p.quiet(now.Location())
	if !ok {
		return at
	}
	if end, held := quiet.Until(at); held {
		return end
	}
	return at
}

// SeenPayment is a payment with when it was first seen.
type SeenPayment struct {
	Document
	Seen time.Time
}

// PostHead is a post that stands in a channel, as the message budget counts it.
type PostHead struct {
	Post PostID
	Kind PostKind
	// Channel and TS are where its first message is; TS is "" while it is on its way.
	Channel, TS string
	// Thread is the message under which it stands since the channel had had enough; "" is
	// by itself.
	Thread string
	// Posted is when it was put there.
	Posted time.Time
}

// PostPlace is how a new post stands in a channel on a day: by itself, or in a thread.
type PostPlace struct {
	Post    PostID
	Channel string
	Day     Date
	// Slot is its number among those that stand by themselves, from 1 on; 0 is in Thread.
	Slot int
	// Thread is the message under which it stands.
	Thread string
}

// Threaded reports whether posts of a kind stand in a thread or a direct message: they
// are not counted against the budget of a channel.
func (k PostKind) Threaded() bool {
	switch k {
	case VerdictPost, DisputeReminder, DisputeQuestion, ContactQuestion, LedgerNote, Alert, Checklist, ClaimEnded, PaymentNews, NoiseReport, RepDigest, EscalationNews:
		return true
	case ARDigest, SalesDigest, WeeklyDigest, Greeting, EscalationPost, LadderReport:
	}
	return false
}
