package arsync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"arbot/ar"
)

// Engine reads sources into the books. It is safe for use by several
// goroutines; two runs of one source exclude each other.
type Engine struct {
	Books ar.Books
	// Now is the clock.
	Now func() time.Time
	// Logger gets counts and durations, no names; nil discards them.
	Logger *slog.Logger
	// Rules give accounts their sales owners.
	Rules ar.OwnerRules
	// Progress, where set, is called after each transaction with the records
	// done and their number, 0 where it is not known.
	Progress func(done, total int)
	// Claim, where set, makes this process the only one that reads a source, until
	// release is called; ok is false while another one does. Without it, two
	// processes that read one source at a time cut each other's runs off.
	Claim func(ctx context.Context, id ar.SourceIdentity) (release func(), ok bool, err error)
	// Rest is a pause after each transaction. Within one process it is not
	// needed, since who waits for the writer gets it next; another process
	// polls for SQLite's lock and needs a gap to find it free: see ShortRest.
	Rest time.Duration

	mu      sync.Mutex
	running map[ar.SourceIdentity]bool
}

// ShortRest lets another process get in soon. With it, updates beside a large
// import waited for 19 ms at most, without it for up to 750 ms; the import took
// a fifth longer (two cores, SQLite).
const ShortRest = 5 * time.Millisecond

// Options of one run.
type Options struct {
	// Full reads everything though the source says that nothing is new.
	Full bool
	// AllowRemovals switches off the guards on what a full reading removes and on what
	// a list of open items closes.
	AllowRemovals bool
	// ClosingShare is the largest share of what is open, by number or by amount, that a
	// list of open items may close; 0 is half of it.
	ClosingShare float64
	// AllowOlder takes balances that are older than those in the books.
	AllowOlder bool
	// TieOut compares with the ledger's totals also after a reading of changes;
	// after a full one it is always done.
	TieOut bool
	// Named, where set, reads only these records, from a source that is a
	// Fetcher.
	Named []Hint
}

// ErrRunning says that the source is being read right now, by this engine or, where
// it has a Claim, by another process.
var ErrRunning = errors.New("a sync of this source is under way")

// Sync reads a source once and returns what that did. It can be repeated at
// any time: a record equal to what the books hold changes nothing.
//
// A run that was killed left its pages in the books but no cursor. The next run
// finds it unfinished and reads everything again; what was written is skipped
// as unchanged, at the speed of reading. That is right since a page is
// idempotent and nothing is removed, tied out or marked as read before the last
// page: half a run differs from a whole one only by records that are missing.
func (e *Engine) Sync(ctx context.Context, src Source, o Options) (Report, error) {
	id, err := src.Identity(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("sync: identify the source: %w", err)
	}
	release, err := e.claim(ctx, id)
	if err != nil {
		return Report{Source: id}, err
	}
	defer release()
	r := &run{Engine: e, source: src, options: o, pace: newPace(), report: Report{Source: id, Started: e.Now()}}
	err = r.do(ctx)
	r.report.Took = e.Now().Sub(r.report.Started)
	r.log(ctx, err)
	return r.report, err
}

// claim makes this the only run of a source until release is called: in this process,
// then among all.
func (e *Engine) claim(ctx context.Context, id ar.SourceIdentity) (release func(), err error) {
	taken := &ar.Error{Kind: ar.Unavailable, Say: fmt.Sprintf("%s is being read right now. Wait until that has ended.", id.Name), Err: ErrRunning}
	leave, ok := e.enter(id)
	if !ok {
		return nil, taken
	}
	if e.Claim == nil {
		return leave, nil
	}
	free, ok, err := e.Claim(ctx, id)
	switch {
	case err != nil:
		leave()
		return nil, fmt.Errorf("sync: claim the source: %w", err)
	case !ok:
		leave()
		return nil, taken
	}
	return func() { free(); leave() }, nil
}

// enter makes this the only run of a source in this process.
func (e *Engine) enter(id ar.SourceIdentity) (leave func(), ok bool) {
	key := ar.SourceIdentity{Kind: id.Kind, External: id.External}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running[key] {
		return nil, false
	}
	if e.running == nil {
		e.running = map[ar.SourceIdentity]bool{}
	}
	e.running[key] = true
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.running, key)
	}, true
}

// run is one sync under way.
type run struct {
	*Engine
	source  Source
	options Options
	pace    pace
	report  Report
	// state is the source as it was before.
	state ar.Source
	id    ar.RunID
	// everything: the source was asked for all that it has.
	everything bool
	// leftOut are the warnings that stay true after the run.
	leftOut []string
	done    int
}

func (r *run) do(ctx context.Context) error {
	err := r.Books.Update(ctx, func(tx ar.Tx) (err error) {
		r.state, err = tx.PutSource(ctx, r.report.Source)
		return err
	})
	if err != nil {
		return fmt.Errorf("sync: register the source: %w", err)
	}
	if len(r.options.Named) > 0 {
		if err := r.mayFetch(); err != nil {
			return err
		}
	}
	r.report.Resumed = r.state.Run.Running()
	reading, err := r.open(ctx)
	if errors.Is(err, ErrNothingNew) {
		return r.nothingNew(ctx)
	}
	if err == nil {
		err = r.carryOut(ctx, reading)
	}
	if err != nil {
		return r.fail(ctx, err)
	}
	return nil
}

// nothingNew is a source that answered, and has nothing to say.
func (r *run) nothingNew(ctx context.Context) error {
	r.report.NothingNew = true
	if r.state.Health.State != ar.Healthy {
		err := r.Books.Update(ctx, func(tx ar.Tx) error { return tx.SetHealth(ctx, r.state.ID, ar.Health{}) })
		if err != nil {
			return fmt.Errorf("sync: note that source %d is well: %w", r.state.ID, err)
		}
	}
	return r.assignOwners(ctx)
}

// open asks the source for what is new, and for everything where it must.
func (r *run) open(ctx context.Context) (*Reading, error) {
	if len(r.options.Named) > 0 {
		return r.fetch(ctx)
	}
	clean := !r.state.Run.Running() && r.state.Run.Fault == ""
	if r.state.Cursor != "" && !r.options.Full && (clean || !r.state.Run.Full) {
		reading, err := r.source.Changes(ctx, r.state.Cursor)
		retry := errors.Is(err, ErrFullOnly) || errors.Is(err, ErrNothingNew) && !clean
		if !retry {
			return reading, err
		}
	}
	r.everything = true
	return r.source.Full(ctx)
}

func (r *run) carryOut(ctx context.Context, reading *Reading) error {
	r.report.Full = reading.Full
	r.keep(reading.Warnings)
	if err := r.checkAge(reading); err != nil {
		return err
	}
	removal := newRemoval(reading)
	if r.state.Run.ID == 0 {
		removal.nothingBefore()
		r.pace.first()
	}
	if err := removal.lookAhead(ctx, r); err != nil {
		return err
	}
	closing, err := r.closing(ctx, reading)
	if err != nil {
		return err
	}
	known, err := r.listed(ctx, reading)
	if err != nil {
		return err
	}
	if err := r.start(ctx, reading.Total); err != nil {
		return err
	}
	if err := r.takeIn(ctx, reading, removal); err != nil {
		return err
	}
	if err := removal.carryOut(ctx, r); err != nil {
		return err
	}
	if err := r.merged(ctx, reading, removal); err != nil {
		return err
	}
	if err := r.settle(ctx, chain(reading.Balances, closing)); err != nil {
		return err
	}
	if err := r.unsaid(ctx, reading, known); err != nil {
		return err
	}
	if err := r.assignOwners(ctx); err != nil {
		return err
	}
	return r.finish(ctx, reading)
}

// checkAge refuses balances from before those that the books already have.
func (r *run) checkAge(reading *Reading) error {
	data, last := reading.DataAsOf, r.state.OpenAsOf
	if !reading.OpenAsOf.IsZero() && !last.IsZero() && !reading.OpenAsOf.Before(last) {
		return nil // a list of transactions may have come since, and be fresher
	}
	if reading.Balances == nil && reading.OpenAsOf.IsZero() || r.options.AllowOlder || data.IsZero() || !data.Before(r.state.DataAsOf) {
		return nil
	}
	return &OlderError{Source: r.report.Source.Name, Data: data, Books: r.state.DataAsOf, AsOf: reading.OpenAsOf, BooksAsOf: last}
}

// takeIn writes the pages of a reading. What could not be read stays as the books have
// it.
func (r *run) takeIn(ctx context.Context, reading *Reading, removal *removal) error {
	in := r.intake(reading, removal)
	for page, err := range reading.Pages {
		if err != nil {
			return in.breakOff(ctx, fmt.Errorf("sync: read source %d: %w", r.state.ID, err))
		}
		removal.saw(page)
		if err := in.add(ctx, page); err != nil {
			return err
		}
	}
	if err := in.flush(ctx); err != nil {
		return err
	}
	var skipped []string
	if reading.Skipped != nil {
		skipped = reading.Skipped()
	}
	switch {
	case len(skipped) == 0:
	case reading.Unread != nil:
		removal.spare(reading.Unread)
	case removal.giveUp():
		skipped = append(slices.Clip(skipped), "Since not all could be read, nothing was taken as gone.")
	}
	in.warn(skipped)
	return nil
}

func (r *run) start(ctx context.Context, total int) error {
	err := r.Books.Update(ctx, func(tx ar.Tx) (err error) {
		r.id, err = tx.StartRun(ctx, ar.Run{Source: r.state.ID, Full: r.everything, Started: r.report.Started, Total: total})
		return err
	})
	if err != nil {
		return fmt.Errorf("sync: start a run of source %d: %w", r.state.ID, err)
	}
	return nil
}

func (r *run) finish(ctx context.Context, reading *Reading) (err error) {
	mark := ar.SyncMark{DataAsOf: reading.DataAsOf, OpenAsOf: reading.OpenAsOf, Partial: len(r.options.Named) > 0}
	if mark.DataAsOf.IsZero() {
		mark.DataAsOf = r.report.Started
	}
	if !mark.Partial && (r.everything || r.options.TieOut) {
		if mark.TieOuts, reading, err = r.tieOut(ctx, reading); err != nil {
			return err
		}
	}
	if !mark.Partial {
		mark.Cursor = reading.Cursor()
	}
	r.report.TieOuts, mark.LeftOut = mark.TieOuts, r.leftOutLines()
	err = r.Books.Update(ctx, func(tx ar.Tx) error {
		if err := tx.SetHealth(ctx, r.state.ID, ar.Health{}); err != nil {
			return err
		}
		return tx.FinishRun(ctx, r.id, mark, "")
	})
	if err != nil {
		return fmt.Errorf("sync: finish run %d: %w", r.id, err)
	}
	return nil
}

// fail writes down why the run ended, and how the ledger is where the fault says so;
// the cursor and the data time stay as they are. It does so also where ctx was
// cancelled, which says nothing about the ledger, and always returns the cause.
func (r *run) fail(ctx context.Context, cause error) error {
	trouble, troubled := errors.AsType[*TroubleError](cause)
	troubled = troubled && ctx.Err() == nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTimeout)
	defer cancel()
	err := r.Books.Update(ctx, func(tx ar.Tx) error {
		id := r.id
		if id == 0 { // it failed before the first page
			var err error
			run := ar.Run{Source: r.state.ID, Full: r.everything, Started: r.report.Started}
			if id, err = tx.StartRun(ctx, run); err != nil {
				return err
			}
		}
		if troubled {
			health := trouble.Health
			health.Why = fault(cause)
			if err := tx.SetHealth(ctx, r.state.ID, health); err != nil {
				return err
			}
		}
		return tx.FinishRun(ctx, id, ar.SyncMark{}, fault(cause))
	})
	if err != nil {
		return errors.Join(cause, fmt.Errorf("sync: note that the run of source %d failed: %w", r.state.ID, err))
	}
	return cause
}

// failTimeout bounds the last write of a run that was cancelled.
const failTimeout = 10 * time.Second

func (r *run) log(ctx context.Context, err error) {
	logger := r.Logger
	if logger == nil {
		return
	}
	args := []any{
		"source_id", int64(r.state.ID), "run_id", int64(r.id), "full", r.report.Full, "records", r.done,
		"added", r.report.Added, "changed", r.report.Changed, "removed", r.report.Removed,
		"unchanged", r.report.Unchanged, "took", r.report.Took,
	}
	switch kind := ar.KindOf(err); {
	case err == nil:
		logger.InfoContext(ctx, "sync done", args...)
	case kind == ar.Invalid: // it is told to who brought it, or to the admins
		logger.InfoContext(ctx, "what was to be read was refused", args...)
	default:
		logger.ErrorContext(ctx, "sync failed", append(args, "kind", string(kind))...)
	}
}
