package ar

import "time"

// SourceIdentity is what a source says of itself.
type SourceIdentity struct {
	// Kind names the kind of ledger: "bundle", "table", "quickbooks".
	Kind string
	// External is the ledger's id of the company (a realm, a tenant, a name
	// given in the config). It is unique with Kind.
	External string
	// Name is what people call the company.
	Name string
	// Home is the currency of the ledger's own reports; "" if unknown.
	Home Currency
}

// Source is a connected ledger and what is known of its freshness.
type Source struct {
	ID SourceID
	SourceIdentity
	// Cursor is where the next read of changes begins; only the source's own
	// code reads it.
	Cursor string
	// FirstSynced is when the first whole read ended. Before it nothing is
	// news. The zero time means not yet.
	FirstSynced time.Time
	// Synced is when the last good read ended.
	Synced time.Time
	// DataAsOf is the time that the data itself states (the date of a file),
	// else when the last good read began.
	DataAsOf time.Time
	// OpenAsOf is the date of the last list of all that was open; zero for a source that
	// never gave one.
	OpenAsOf Date
	// Run is the latest run; the zero Run if there was none.
	Run Run
	// TieOuts are of the last run that had totals to compare with.
	TieOuts []TieOut
	// LeftOut are sentences about what could not be read or was taken as it stands though
	// it looks wrong, each once: in the last reading of everything and in those since.
	LeftOut []string
	// Health says whether the ledger can be read at all.
	Health Health
}

// HealthState says whether a ledger can be read.
type HealthState string

// The states of a connection to a ledger.
const (
	Healthy HealthState = "" // it can
	// Delayed: the ledger asks for patience (a limit by the minute, an outage);
	// reading goes on by itself.
	Delayed HealthState = "delayed"
	// Paused: reading makes no sense before something has changed on the
	// ledger's side (a month's quota, a subscription that ended). It is tried
	// seldom.
	Paused HealthState = "paused"
	// NeedsReconnecting: an admin has to give access again. It is not tried.
	NeedsReconnecting HealthState = "needs reconnecting"
)

// Health is the state of a connection to a ledger, and why.
type Health struct {
	State HealthState
	// Why is a sentence for people; "" when healthy.
	Why string
	// Since is when the state began, Until when it is tried again; zero where
	// nobody knows.
	Since, Until time.Time
}

// RunID names one run of a sync.
type RunID int64

// Run is one reading of a source.
type Run struct {
	ID     RunID
	Source SourceID
	// Full is a reading of everything that the source holds.
	Full    bool
	Started time.Time
	// Finished is the zero time while the run is under way, or was killed.
	Finished time.Time
	// Done and Total count records; Total is 0 where it is not known, and can be an
	// estimate.
	Done, Total int
	RunCounts
	// Fault is what stopped the run, as a sentence; "" if nothing did.
	Fault string
}

// Running reports whether the run is under way (or was killed, which nobody
// can tell from the record alone).
func (r Run) Running() bool { return r.ID != 0 && r.Finished.IsZero() }

// HalfDone reports whether the books may hold a part of what the run was to bring: it is
// under way, or came to no good end after its first records.
func (r Run) HalfDone() bool { return r.Running() || r.Fault != "" && r.Done > 0 }

// Percent is how far the run is, of 100; false where that is not known, as where there is
// more than the source had estimated.
func (r Run) Percent() (percent int, known bool) {
	if r.Total <= 0 || r.Done > r.Total {
		return 0, false
	}
	return r.Done * 100 / r.Total, true
}

// RunCounts count what a run changed.
type RunCounts struct{ Added, Changed, Removed, Unchanged int }

// Plus returns the sum of two counts.
func (c RunCounts) Plus(o RunCounts) RunCounts {
	return RunCounts{c.Added + o.Added, c.Changed + o.Changed, c.Removed + o.Removed, c.Unchanged + o.Unchanged}
}

// TieOut holds our net A/R against the ledger's own, in the currency of the
// ledger's report, as of one date.
type TieOut struct {
	AsOf         Date
	Ledger, Ours Money
	// At is when the two were compared.
	At time.Time
	// Because names the documents that explain a difference, where known.
	Because string
}

// Ties reports whether the two agree to the cent.
func (t TieOut) Ties() bool { return t.Ledger.Cmp(t.Ours) == 0 }

// Difference returns ours less the ledger's.
func (t TieOut) Difference() (Money, error) { return t.Ours.Sub(t.Ledger) }

// Freshness is how far the figures of an answer can be trusted: the state of
// all sources when it was computed.
type Freshness struct {
	// DataAsOf is the oldest of the sources' data times; zero where nothing
	// was synced yet.
	DataAsOf time.Time
	// Running are sources whose import is under way: figures are incomplete.
	Running []Source
	// Failed are sources whose last run failed.
	Failed []Source
	// Troubled are sources that cannot be read as they should.
	Troubled []Source
	// TieOuts are the latest of each source.
	TieOuts []TieOut
	// Uncompared are sources whose total was held against the ledger's own, and was not
	// since: their data is newer than that by more than a night's comparison explains.
	Uncompared []Source
	// FirstSynced is when the first source was first read as a whole.
	FirstSynced time.Time
}

// compareWithin is how much newer data may be than the last comparison with the ledger's
// own total, which is made once a night.
const compareWithin = 36 * time.Hour

// Compared is when the source was last held against the ledger's own totals; zero for never.
func (s Source) Compared() time.Time {
	var at time.Time
	for _, t := range s.TieOuts {
		if at.IsZero() || t.At.Before(at) {
			at = t.At
		}
	}
	return at
}

// Uncompared reports whether the source was held against the ledger's own totals, and no
// more since.
func (s Source) Uncompared() bool {
	at := s.Compared()
	return !at.IsZero() && s.DataAsOf.Sub(at) > compareWithin
}

// NewFreshness sums up the sources.
func NewFreshness(sources []Source) Freshness {
	var f Freshness
	for _, s := range sources {
		if !s.DataAsOf.IsZero() && (f.DataAsOf.IsZero() || s.DataAsOf.Before(f.DataAsOf)) {
			f.DataAsOf = s.DataAsOf
		}
		if !s.FirstSynced.IsZero() && (f.FirstSynced.IsZero() || s.FirstSynced.Before(f.FirstSynced)) {
			f.FirstSynced = s.FirstSynced
		}
		switch {
		case s.Run.Running():
			f.Running = append(f.Running, s)
		case s.Run.Fault != "":
			f.Failed = append(f.Failed, s)
		}
		if s.Health.State != Healthy {
			f.Troubled = append(f.Troubled, s)
		}
		if s.Uncompared() {
			f.Uncompared = append(f.Uncompared, s)
		}
		f.TieOuts = append(f.TieOuts, s.TieOuts...)
	}
	return f
}
