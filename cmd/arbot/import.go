package main

import (
	"context"
	"errors"
	"slices"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file"
)

// importLedgers reads the ledgers of the config that are files once.
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
	ledgers, err := a.files(set.Args())
	if err == nil {
		err = a.readAll(ctx, p, ledgers, asOf, o)
	}
	return errors.Join(err, a.close())
}

// files are the ledgers of these names that are read from files, all of them for none.
func (a *app) files(names []string) ([]ledger, error) {
	ledgers, err := a.named(names)
	if err != nil {
		return nil, err
	}
	files := slices.DeleteFunc(slices.Clone(ledgers), ledger.online)
	switch {
	case len(names) > 0 && len(files) < len(ledgers), len(files) == 0:
		return nil, usageError{"a ledger of QuickBooks is not a file: `arbot sync` reads it"}
	}
	return files, nil
}

func (a *app) read(ctx context.Context, l ledger, o arsync.Options) (arsync.Report, error) {
	return a.readAsOf(ctx, l, ar.Date{}, o)
}

// readAsOf reads a ledger; balances of a table are of a date that is given.
func (a *app) readAsOf(ctx context.Context, l ledger, asOf ar.Date, o arsync.Options) (arsync.Report, error) {
	source, err := l.open(ctx)
	if err != nil {
		return arsync.Report{}, err
	}
	if table, ok := source.(*file.Table); ok && !asOf.IsZero() {
		table.AsOf = asOf
	}
	report, err := a.engine.Sync(ctx, source, o)
	if err == nil {
		a.judge(ctx)
		a.suggest(ctx)
	}
	return report, err
}
