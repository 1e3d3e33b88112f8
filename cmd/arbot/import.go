package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/file"
	"arbot/sync/file/export"
)

// importFlags are what a person says about the files of one import.
type importFlags struct {
	check, skipBad           bool
	ledger                   string
	currency, dates, decimal string
	asOf                     ar.Date
}

// importLedgers reads ledgers of the config that are files once, or files that are named.
func (p *program) importLedgers(ctx context.Context, args []string) error {
	set := p.flags("import")
	path := p.configFlag(set)
	var o arsync.Options
	var f importFlags
	set.BoolVar(&o.Full, "full", false, "read everything, also where nothing is new")
	set.BoolVar(&o.AllowRemovals, "allow-removals", false, "let the ledger drop more records than the guard allows")
	set.BoolVar(&o.AllowOlder, "allow-older", false, "take balances that are older than those in the books")
	set.TextVar(&f.asOf, "as-of", f.asOf, "the `date` that the balances of a file are of, where it states none")
	set.BoolVar(&f.check, "check", false, "say what would happen, and write nothing")
	set.BoolVar(&f.skipBad, "skip-bad", false, "leave faulty rows of a report out, and write them to a file beside it")
	set.StringVar(&f.ledger, "ledger", "", "the `ledger` that a named file belongs to, where the config has several of exports")
	set.StringVar(&f.currency, "currency", "", "the `currency` of amounts that name none")
	set.StringVar(&f.dates, "dates", "", "DD/MM/YYYY or MM/DD/YYYY, where nothing in the file proves the `order`")
	set.StringVar(&f.decimal, "decimal", "", "the decimal `mark`, . or , where nothing in the file proves it")
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
	ledgers, err := a.toImport(set.Args(), f)
	switch {
	case err != nil:
	case f.check:
		err = a.checkAll(ctx, p, ledgers, f.asOf, o)
	default:
		err = a.readAll(ctx, p, ledgers, f.asOf, o)
	}
	return errors.Join(err, a.close())
}

// toImport are the ledgers that were named, all of files for none, and a ledger for each
// file that was named.
func (a *app) toImport(names []string, f importFlags) ([]ledger, error) {
	var ledgers []ledger
	var known []string
	for _, name := range names {
		isLedger := slices.ContainsFunc(a.ledgers, func(l ledger) bool { return l.name == name })
		if isLedger {
			known = append(known, name)
			continue
		}
		if _, err := os.Stat(name); err != nil {
			return nil, usageError{fmt.Sprintf("there is neither a ledger nor a file called %q", name)}
		}
		l, err := a.ofFile(name, f)
		if err != nil {
			return nil, err
		}
		ledgers = append(ledgers, l)
	}
	if len(ledgers) > 0 && len(known) == 0 {
		return ledgers, nil
	}
	files, err := a.files(known)
	return append(ledgers, files...), err
}

// ofFile is the ledger that a named file belongs to, with the file as its source.
func (a *app) ofFile(path string, f importFlags) (ledger, error) {
	fits := slices.DeleteFunc(slices.Clone(a.settings.ledgers), func(l ledgerSettings) bool {
		return f.ledger != "" && l.Name != f.ledger || f.ledger == "" && l.Export == nil
	})
	switch {
	case len(fits) == 1 && fits[0].Export == nil:
		return ledger{}, usageError{fmt.Sprintf("the ledger %s is not one of exports; give it export: {} in the config, or read it by its name", f.ledger)}
	case len(fits) == 1:
	case len(fits) > 1:
		return ledger{}, usageError{"the config has several ledgers of exports: say with --ledger which one the file is of"}
	case f.ledger != "":
		return ledger{}, usageError{fmt.Sprintf("the config has no ledger called %q", f.ledger)}
	default:
		return ledger{}, usageError{"the config has no ledger of exports. Add one, and run it again:\n\nledgers:\n  - name: books\n    export: {}\n"}
	}
	l := fits[0]
	return ledger{name: l.Name, kind: export.Kind, open: func(context.Context) (arsync.Source, error) {
		return a.exportSource(l, path, f)
	}}, nil
}

// exportSource reads an export as the config and the flags say.
func (a *app) exportSource(l ledgerSettings, path string, f importFlags) (*export.Source, error) {
	s, c := a.settings, *l.Export
	for _, flag := range []struct {
		set  string
		into *string
	}{{f.currency, &c.Currency}, {f.dates, &c.Dates}, {f.decimal, &c.Decimal}} {
		if flag.set != "" {
			*flag.into = flag.set
		}
	}
	how := export.Settings{Currency: s.home, Dates: c.Dates, Decimal: c.Decimal, AsOf: f.asOf, SkipBad: f.skipBad}
	if c.Currency != "" {
		var err error
		if how.Currency, err = ar.ParseCurrency(c.Currency); err != nil {
			return nil, usageError{fmt.Sprintf("--currency: %v", err)}
		}
	}
	if path == "" {
		return &export.Source{Ledger: l.Name, Settings: how, Zone: s.zone}, nil
	}
	source, err := export.NewSource(path, l.Name, how, s.zone)
	if err == nil {
		source.Today = ar.DateOf(a.now(), s.zone)
	}
	return source, err
}

// manual reports whether the files of a ledger are named to `arbot import`.
func (l ledgerConfig) manual() bool { return l.Export != nil && l.Export.File == "" }

// files are the ledgers of these names that are read from files, all of them for none.
func (a *app) files(names []string) ([]ledger, error) {
	ledgers, err := a.named(names)
	if err != nil {
		return nil, err
	}
	files := slices.DeleteFunc(slices.Clone(ledgers), ledger.online)
	switch {
	case len(names) > 0 && len(files) < len(ledgers), len(files) == 0 && len(ledgers) > 0:
		return nil, usageError{"a ledger of QuickBooks is not a file: `arbot sync` reads it"}
	case len(files) == 0:
		return nil, usageError{"say which file: the ledgers of the config have none of their own"}
	}
	return files, nil
}

func (a *app) read(ctx context.Context, l ledger, o arsync.Options) (arsync.Report, error) {
	return a.readAsOf(ctx, l, ar.Date{}, o)
}

// readAsOf reads a ledger; balances of a file are of a date that is given.
func (a *app) readAsOf(ctx context.Context, l ledger, asOf ar.Date, o arsync.Options) (arsync.Report, error) {
	source, err := openAsOf(ctx, l, asOf)
	if err != nil {
		return arsync.Report{}, err
	}
	var checked *export.Export
	if s, ok := source.(*export.Source); ok {
		s.Checked = func(e *export.Export) { checked = e }
	}
	report, err := a.engine.Sync(ctx, source, a.guarded(l.name, o))
	if err == nil {
		err = writeSkipped(ctx, checked, &report)
		a.judge(ctx)
		a.suggest(ctx)
		a.tellPayments(ctx)
		a.followUp(ctx)
	}
	return report, err
}

// openAsOf opens a ledger; balances of a file are of a date that is given.
func openAsOf(ctx context.Context, l ledger, asOf ar.Date) (arsync.Source, error) {
	source, err := l.open(ctx)
	if err != nil || asOf.IsZero() {
		return source, err
	}
	switch source := source.(type) {
	case *file.Table:
		source.AsOf = asOf
	case *export.Source:
		source.Settings.AsOf = asOf
	}
	return source, nil
}

// writeSkipped writes the rows that an import left out to a file beside the one that was
// read.
func writeSkipped(ctx context.Context, e *export.Export, report *arsync.Report) (err error) {
	if e == nil || e.SkippedRows == 0 {
		return nil
	}
	path := e.Path + ".skipped.csv"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // beside the file that the person named
	if err != nil {
		return fmt.Errorf("write the rows that were left out: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	report.Warnings = append(report.Warnings, fmt.Sprintf("The rows that were left out are in %s: mend them there and import that file.", path))
	return e.WriteSkipped(ctx, f)
}
