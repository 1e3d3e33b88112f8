package ar

// Decision is a question that a meeting of AR and sales has to answer about an account.
type Decision string

// The questions, those that cannot wait first.
const (
	DecideOwner   Decision = "nobody owns it: who takes it?"
	DecideBroken  Decision = "it broke a promise: stop delivery, or believe the next one?"
	DecideDispute Decision = "a dispute is past its day: credit or reject?"
	DecideOld     Decision = "more than 90 days and no word: who calls, by when?"
	DecideCall    Decision = "more than 30 days and no word: who calls, by when?"
)

// MeetingFacts is what of an account decides what to talk about.
type MeetingFacts struct {
	// Owned: the account has a sales owner.
	Owned bool
	// ToChase: something is overdue that is neither disputed nor promised nor covered by
	// credit. OldestDays is the age of the oldest of what is overdue.
	ToChase    bool
	OldestDays int
	// Promised: something of it is promised for a day that is not past.
	Promised bool
	// Broken: a promise was not kept of which money is still missing. LateDispute: a
	// dispute should have been resolved by now.
	Broken, LateDispute bool
}

// callAfter is from how many days on an overdue account without a word is talked about.
const callAfter = 30

// Decide returns the questions about an account; none where it can be left to the day's
// work.
func Decide(f MeetingFacts) []Decision {
	var list []Decision
	add := func(ask bool, d Decision) {
		if ask {
			list = append(list, d)
		}
	}
	silent := f.ToChase && !f.Promised && !f.Broken
	add(!f.Owned && f.ToChase, DecideOwner)
	add(f.Broken, DecideBroken)
	add(f.LateDispute, DecideDispute)
	add(silent && f.OldestDays > OldDays, DecideOld)
	add(silent && f.OldestDays > callAfter && f.OldestDays <= OldDays, DecideCall)
	return list
}
