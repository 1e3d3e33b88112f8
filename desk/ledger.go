package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"arbot/ar"
)

// Ledger is one of the config.
type Ledger struct {
	// Name is the config's.
	Name, Kind string
	// Every is how often it is read; 0 is before digests and by hand only.
	Every time.Duration
	// Manual: nothing is read by the clock, since somebody brings its files.
	Manual bool
	// WriteNotes has promises and disputes written into the private notes of its
	// invoices.
	WriteNotes bool
	// Identity is what the books know it by, as far as that can be told without
	// reading it. nil for one that is connected: then the connection says it.
	Identity func(context.Context) (ar.SourceIdentity, bool)
}

// LedgerState is how a ledger is.
type LedgerState struct {
	Ledger
	// Connection is the zero value where there is none.
	Connection ar.Connection
	// Source is the zero value before the first sync.
	Source ar.Source
	// Health is that of the connection or of the source, whichever is worse.
	Health ar.Health
	// Next is when it is read next by itself; zero where nobody knows.
	Next time.Time
	// Stale: its data is older than the company tolerates.
	Stale bool
}

// Connected reports whether it can be asked at all: files always can.
func (s LedgerState) Connected() bool { return s.Identity != nil || s.Connection.Name != "" }

// Title is what people call the company, else the ledger's name.
func (s LedgerState) Title() string {
	switch {
	case s.Connection.Title != "":
		return s.Connection.Title
	case s.Source.Name != "":
		return s.Source.Name
	}
	return s.Name
}

// Ledgers tells how the ledgers of the config are.
func (d *Desk) Ledgers(ctx context.Context) (list []LedgerState, err error) {
	var sources []ar.Source
	var connections []ar.Connection
	err = d.books.View(ctx, func(r ar.Reader) (err error) {
		if sources, err = r.Sources(ctx); err != nil {
			return err
		}
		connections, err = r.Connections(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("how the ledgers are: %w", err)
	}
	for _, l := range d.settings.Ledgers {
		list = append(list, d.ledgerState(ctx, l, sources, connections))
	}
	return list, nil
}

func (d *Desk) ledgerState(ctx context.Context, l Ledger, sources []ar.Source, connections []ar.Connection) LedgerState {
	state := LedgerState{Ledger: l}
	var id ar.SourceIdentity
	known := false
	if l.Identity != nil {
		id, known = l.Identity(ctx)
	} else if i := slices.IndexFunc(connections, func(c ar.Connection) bool { return c.Name == l.Name }); i >= 0 {
		state.Connection = connections[i]
		id, known = ar.SourceIdentity{Kind: state.Connection.Kind, External: state.Connection.Company}, true
	}
	i := slices.IndexFunc(sources, func(s ar.Source) bool { return s.Kind == id.Kind && s.External == id.External })
	if known && i >= 0 {
		state.Source = sources[i]
		age := d.now().Sub(state.Source.DataAsOf)
		state.Stale = !state.Source.Synced.IsZero() && d.settings.StaleAfter > 0 && age > d.settings.StaleAfter
	}
	state.Health = state.Source.Health
	if state.Connection.Name != "" {
		state.Source.Kind, state.Source.External = id.Kind, id.External
		state.Health = healthOf(state.Source, connections)
	}
	if state.Health.State != ar.NeedsReconnecting && l.Every > 0 && state.Connected() {
		state.Next = NextRead(state)
	}
	return state
}

// PausedEvery is how often a ledger is asked that is paused: often enough to find
// that a subscription was paid.
const PausedEvery = time.Hour

// NextRead is when a ledger is read next, by when it was tried last: in time, once
// an hour while it is paused, and not before it says so itself.
func NextRead(s LedgerState) time.Time {
	every := s.Every
	if s.Health.State == ar.Paused {
		every = max(every, PausedEvery)
	}
	next := s.Source.Run.Started
	if !next.IsZero() {
		next = next.Add(every)
	}
	if s.Health.State == ar.Delayed && s.Health.Until.After(next) {
		next = s.Health.Until
	}
	return next
}

// connected reports whether a source is read over a connection.
func connected(s ar.Source, connections []ar.Connection) bool {
	return slices.ContainsFunc(connections, func(c ar.Connection) bool { return c.Kind == s.Kind && c.Company == s.External })
}

// healthOf is how a ledger can be read. A refused token is known to the connection
// before any run has met it, and it is forgotten there as soon as an admin has
// connected the ledger again.
func healthOf(s ar.Source, connections []ar.Connection) ar.Health {
	for _, c := range connections {
		if c.Kind != s.Kind || c.Company != s.External {
			continue
		}
		if c.Health.State != ar.Healthy {
			return c.Health
		}
		if s.Health.State == ar.NeedsReconnecting {
			return ar.Health{}
		}
	}
	return s.Health
}

// SyncStatus tells AR, managers and admins how the ledgers are.
func (d *Desk) SyncStatus(ctx context.Context, actor ar.Actor) ([]LedgerState, error) {
	if _, err := d.sees(actor); err != nil {
		return nil, err
	}
	if !actor.Is(ar.ARClerk, ar.Manager, ar.Admin) {
		return nil, ar.Forbid("How the ledgers are is shown to AR, managers and admins. Every answer says how old its data is.")
	}
	return d.Ledgers(ctx)
}

// MayImport lets AR and admins bring files of the accounting software.
func (d *Desk) MayImport(actor ar.Actor) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if !actor.Is(ar.ARClerk, ar.Admin) {
		return ar.Forbid("Only AR and admins can bring files into the books. Ask one of them.")
	}
	return nil
}

// MaySync lets admins have ledgers read now.
func (d *Desk) MaySync(actor ar.Actor) error {
	if _, err := d.sees(actor); err != nil {
		return err
	}
	if !actor.Is(ar.Admin) {
		return ar.Forbid("Only an admin can have the ledgers read now. They are read by themselves; sync status says when next.")
	}
	return nil
}
