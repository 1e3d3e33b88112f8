package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/store"
	arsync "arbot/sync"
	"arbot/sync/file"
)

// importLedgers reads the ledgers of the config once.
func (p *program) importLedgers(ctx context.Context, args []string) error {
	set := p.flags("import")
	path := p.configFlag(set)
	var o arsync.Options
	set.BoolVar(&o.Full, "full", false, "read everything, also where nothing is new")
	set.BoolVar(&o.AllowRemovals, "allow-removals", false, "let the ledger drop more records than the guard allows")
	set.BoolVar(&o.AllowOlder, "allow-older", false, "take balances that are older than those in the books")
	var asOf ar.Date
	set.TextVar(&asOf, "as-of", asOf, "the `date` that the balances of a table are of, where it is not the file's own")
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
	err = a.importNamed(ctx, p, set.Args(), asOf, o)
	return errors.Join(err, a.close())
}

func (a *app) importNamed(ctx context.Context, p *program, names []string, asOf ar.Date, o arsync.Options) error {
	for _, name := range names {
		if !slices.ContainsFunc(a.ledgers, func(l ledger) bool { return l.name == name }) {
			return usageError{fmt.Sprintf("the config has no ledger called %q", name)}
		}
	}
	if len(a.ledgers) == 0 {
		return usageError{"the config has no ledgers: add one under ledgers: (docs/bundle.md says how)"}
	}
	for _, l := range a.ledgers {
		if len(names) > 0 && !slices.Contains(names, l.name) {
			continue
		}
		bar := newBar(p, "Reading "+l.name)
		a.engine.Progress = bar.step
		// Another process may serve from the same file: leave it gaps.
		a.engine.Rest = 2 * time.Millisecond
		report, err := a.readAsOf(ctx, l, asOf, o)
		bar.done()
		if err != nil {
			return fmt.Errorf("import %s: %w", l.name, err)
		}
		fmt.Fprintln(p.out, strings.TrimRight(report.String(), "\n"))
	}
	return nil
}

func (a *app) read(ctx context.Context, l ledger, o arsync.Options) (arsync.Report, error) {
	return a.readAsOf(ctx, l, ar.Date{}, o)
}

// readAsOf reads a ledger; balances of a table are of a date that is given.
func (a *app) readAsOf(ctx context.Context, l ledger, asOf ar.Date, o arsync.Options) (arsync.Report, error) {
	source, err := l.open()
	if err != nil {
		return arsync.Report{}, err
	}
	if table, ok := source.(*file.Table); ok && !asOf.IsZero() {
		table.AsOf = asOf
	}
	return a.engine.Sync(ctx, source, o)
}

// syncAll reads every ledger once, for a digest that is about to be planned. A
// failure is in the books and shown by every answer; it holds nothing up.
func (a *app) syncAll(ctx context.Context) {
	for _, l := range a.ledgers {
		a.sync(ctx, l)
	}
}

func (a *app) sync(ctx context.Context, l ledger) {
	_, err := a.read(ctx, l, arsync.Options{})
	elsewhere := errors.Is(err, arsync.ErrRunning) || errors.Is(err, store.ErrRunOver) // another replica took it over
	if err == nil || elsewhere || ctx.Err() != nil {
		return
	}
	a.log.ErrorContext(ctx, "sync failed", "ledger", l.name, "error", err)
	say := fmt.Sprintf("I could not read the ledger %s: %s\nThe figures stay as they were before. `arbot import` shows the same on the server.", l.name, sentence(err))
	if err := a.Alert(ctx, "sync/"+l.name, say); err != nil {
		a.log.ErrorContext(ctx, "alert failed", "error", err)
	}
}
