package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/desk"
	"arbot/store"
	arsync "arbot/sync"
)

// syncLedgers reads ledgers of all kinds once.
func (p *program) syncLedgers(ctx context.Context, args []string) error {
	set := p.flags("sync")
	path := p.configFlag(set)
	o := arsync.Options{TieOut: true}
	set.BoolVar(&o.Full, "full", false, "read everything, and not only what changed")
	set.BoolVar(&o.AllowRemovals, "allow-removals", false, "let the ledger drop more records than the guard allows")
	if err := p.parse(set, args, anyNumber); err != nil {
		return err
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	ledgers, err := a.named(set.Args())
	if err == nil && len(ledgers) == 0 {
		fmt.Fprintln(p.out, "Nothing was read: the files of these ledgers are named to `arbot import FILE`.")
	}
	if err == nil {
		err = a.readAll(ctx, p, ledgers, ar.Date{}, o)
	}
	return errors.Join(err, a.close())
}

// named are the ledgers of these names, all for none.
func (a *app) named(names []string) ([]ledger, error) {
	for _, name := range names {
		if !slices.ContainsFunc(a.ledgers, func(l ledger) bool { return l.name == name }) {
			return nil, usageError{fmt.Sprintf("the config has no ledger called %q", name)}
		}
	}
	if len(a.ledgers) == 0 {
		return nil, usageError{"the config has no ledgers: add one under ledgers: (docs/bundle.md and docs/quickbooks.md say how)"}
	}
	if len(names) == 0 {
		return slices.DeleteFunc(slices.Clone(a.ledgers), func(l ledger) bool { return l.manual }), nil
	}
	return slices.DeleteFunc(slices.Clone(a.ledgers), func(l ledger) bool { return !slices.Contains(names, l.name) }), nil
}

// readAll reads ledgers, one after the other, with a bar, and prints what that did. One
// that cannot be read keeps none of the others from it.
func (a *app) readAll(ctx context.Context, p *program, ledgers []ledger, asOf ar.Date, o arsync.Options) error {
	var faults []error
	for _, l := range ledgers {
		bar := newBar(p, "Reading "+l.name)
		a.engine.Progress = bar.step
		// Another process may serve from the same file: leave it gaps.
		a.engine.Rest = arsync.ShortRest
		if l.online() {
			a.intuit.tryNow(ctx, l.name)
		}
		report, err := a.readInTurn(ctx, p, l, asOf, o)
		bar.done()
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", l.name, err))
			continue
		}
		fmt.Fprintln(p.out, strings.TrimRight(report.String(), "\n"))
	}
	return errors.Join(faults...)
}

// readInTurn reads a ledger when nobody else does: what is running now may have begun
// before the books or the file got what whoever types this wants to see read.
func (a *app) readInTurn(ctx context.Context, p *program, l ledger, asOf ar.Date, o arsync.Options) (arsync.Report, error) {
	said := false
	tick := time.NewTicker(cmp.Or(p.poll, turnPoll))
	defer tick.Stop()
	for {
		report, err := a.readAsOf(ctx, l, asOf, o)
		if !errors.Is(err, arsync.ErrRunning) {
			return report, err
		}
		if !said {
			fmt.Fprintf(p.err, "%s is being read by another arbot right now. This one waits for its turn; Ctrl-C gives up.\n", l.name)
			said = true
		}
		select {
		case <-ctx.Done():
			return report, err
		case <-tick.C:
		}
	}
}

// turnPoll is how often it is looked whether another one has read a ledger to its end.
const turnPoll = 500 * time.Millisecond

// syncAll reads every ledger once, for a digest that is about to be planned. A
// failure is in the books and shown by every answer; it holds nothing up.
func (a *app) syncAll(ctx context.Context) {
	for _, l := range a.ledgers {
		if !l.manual {
			a.sync(ctx, l, arsync.Options{})
		}
	}
}

// sync reads a ledger, if it is of use to try.
func (a *app) sync(ctx context.Context, l ledger, o arsync.Options) {
	if l.online() {
		due, err := a.due(ctx, l)
		if err != nil {
			a.log.ErrorContext(ctx, "sync not tried", "ledger", l.name, "error", err)
		}
		if err != nil || !due {
			return
		}
		o.TieOut = o.TieOut || a.compareDue(ctx, l)
		if o.TieOut {
			a.intuit.renew(ctx, l.name, a.log)
		}
	}
	_, err := a.read(ctx, l, o)
	a.tellSync(ctx, l, err)
}

// due reports whether a connected ledger may be asked: not one that needs
// reconnecting, and one that is paused only once an hour.
func (a *app) due(ctx context.Context, l ledger) (bool, error) {
	state, err := a.ledgerState(ctx, l.name)
	if err != nil || !state.Connected() || a.intuit.keys.missing() != nil {
		return false, err
	}
	switch state.Health.State {
	case ar.NeedsReconnecting:
		return false, nil
	case ar.Paused:
		return !a.now().Before(desk.NextRead(state)), nil
	case ar.Delayed:
		return !a.now().Before(state.Health.Until), nil
	case ar.Healthy:
	}
	return true, nil
}

// compareDue reports whether the nightly comparison with a ledger's own total was missed,
// or could not be made: then the next reading makes up for it.
func (a *app) compareDue(ctx context.Context, l ledger) bool {
	state, err := a.ledgerState(ctx, l.name)
	if err != nil || state.Source.Synced.IsZero() || !state.Source.Compared().Before(a.lastNight(l)) {
		return false
	}
	return a.intuit.mayCompare(l.name)
}

// lastNight is when a ledger was to be compared last.
func (a *app) lastNight(l ledger) time.Time {
	now := a.now().In(a.settings.zone)
	at := time.Date(now.Year(), now.Month(), now.Day(), l.tieOut.Hour, l.tieOut.Minute, 0, 0, a.settings.zone)
	if at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()-1, l.tieOut.Hour, l.tieOut.Minute, 0, 0, a.settings.zone)
	}
	return at
}

// ledgerState is how a ledger of the config is.
func (a *app) ledgerState(ctx context.Context, name string) (desk.LedgerState, error) {
	all, err := a.desk.Ledgers(ctx)
	for _, l := range all {
		if l.Name == name {
			return l, err
		}
	}
	return desk.LedgerState{}, err
}

// tellSync tells the admins of a sync that failed. That a ledger is slow today, or has
// to be connected anew, is told otherwise: every answer says the first, and the second
// has a notice of its own.
func (a *app) tellSync(ctx context.Context, l ledger, err error) {
	elsewhere := errors.Is(err, arsync.ErrRunning) || errors.Is(err, store.ErrRunOver) // another replica took it over
	if err == nil || elsewhere || ctx.Err() != nil {
		return
	}
	a.log.ErrorContext(ctx, "sync failed", "ledger", l.name, "error", err)
	if trouble, ok := errors.AsType[*arsync.TroubleError](err); ok {
		switch trouble.Health.State {
		case ar.NeedsReconnecting:
			if err := a.watchConnections(ctx); err != nil {
				a.log.ErrorContext(ctx, "alert failed", "error", err)
			}
			return
		case ar.Delayed:
			return
		case ar.Paused, ar.Healthy:
		}
	}
	say := fmt.Sprintf("I could not read the ledger %s: %s\nThe figures stay as they were before. `arbot sync` shows the same on the server.", l.name, sentence(err))
	if err := a.Alert(ctx, "sync/"+l.name, say); err != nil {
		a.log.ErrorContext(ctx, "alert failed", "error", err)
	}
}

// Sync begins to read ledgers for an admin who asks for it, and tells in a direct message
// how it goes. It goes on when the asking has ended.
func (a *app) Sync(_ context.Context, user string, names []string) error {
	ledgers, err := a.named(names)
	if wrong, ok := errors.AsType[usageError](err); ok {
		return ar.Refuse("I cannot read that: %s.", wrong.say)
	}
	a.background(func(ctx context.Context) { a.syncFor(ctx, user, ledgers) }) //nolint:contextcheck // it goes on after the answer
	return nil
}

// syncFor reads ledgers, one after the other, and edits one message about all of them.
func (a *app) syncFor(ctx context.Context, user string, ledgers []ledger) {
	told := bot.NewProgress(a.talk.gate, user, a.progressEvery(), a.render())
	var said []string
	for _, l := range ledgers {
		said = append(said, a.syncTold(ctx, told, l, said))
	}
	a.noteUntold(ctx, told.End(ctx, linesCard(strings.Join(said, "\n"))))
}

// linesCard is a text with a paragraph for each of its lines.
func linesCard(text string) card.Card {
	c := card.New(text)
	for line := range strings.SplitSeq(text, "\n") {
		c.Add(card.Paragraph{card.T(line)})
	}
	return c
}

// syncTold reads one ledger and returns what that did, in sentences.
func (a *app) syncTold(ctx context.Context, told *bot.Progress, l ledger, before []string) string {
	if l.online() {
		a.intuit.tryNow(ctx, l.name)
	}
	ended := make(chan string, 1)
	go func() { ended <- a.syncWords(ctx, l) }()
	a.noteUntold(ctx, told.Show(ctx, card.New(strings.Join(append(before, "Reading "+l.name+"…"), "\n"))))
	tick := time.NewTicker(a.progressEvery())
	defer tick.Stop()
	for {
		select {
		case words := <-ended:
			return words
		case <-tick.C:
			state, err := a.ledgerState(ctx, l.name)
			if err == nil && state.Source.Run.Running() {
				words := append(before, fmt.Sprintf("Reading %s: %s", l.name, howFar(state.Source.Run))) //nolint:gocritic // appendAssign: before stays
				err = told.Show(ctx, card.New(strings.Join(words, "\n")))
			}
			a.noteUntold(ctx, err)
		}
	}
}

// syncWords reads a ledger and says how that went.
func (a *app) syncWords(ctx context.Context, l ledger) string {
	report, err := a.read(ctx, l, arsync.Options{TieOut: true})
	if err == nil {
		return report.String()
	}
	a.tellReconnect(ctx, err)
	return fmt.Sprintf("%s could not be read: %s", l.name, sentence(err))
}

func (a *app) tellReconnect(ctx context.Context, err error) {
	a.log.ErrorContext(ctx, "sync failed", "error", err)
	if trouble, ok := errors.AsType[*arsync.TroubleError](err); ok && trouble.Health.State == ar.NeedsReconnecting {
		a.noteUntold(ctx, a.watchConnections(ctx))
	}
}

func (a *app) noteUntold(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "how a sync goes was not told", "error", err)
	}
}

// howFar a run has come.
func howFar(r ar.Run) string {
	percent, known := r.Percent()
	if !known {
		return fmt.Sprintf("%d records so far.", r.Done)
	}
	return fmt.Sprintf("%d of %d records, %d %%.", r.Done, r.Total, percent)
}
