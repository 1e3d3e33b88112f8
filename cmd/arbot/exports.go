package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/jobs"
	arsync "arbot/sync"
	"arbot/sync/file/export"
	"arbot/sync/file/inbox"
)

// exportLedgers are the ledgers whose files people bring.
func (a *app) exportLedgers() []ledgerSettings {
	return slices.DeleteFunc(slices.Clone(a.settings.ledgers), func(l ledgerSettings) bool { return l.Export == nil })
}

// guarded are the options of a reading with the guard that the config has for a ledger.
func (a *app) guarded(name string, o arsync.Options) arsync.Options {
	for _, l := range a.exportLedgers() {
		if l.Name == name {
			o.ClosingShare = float64(l.Export.MostClosed) / 100
		}
	}
	return o
}

// fileOf is a ledger of exports with one file as its source.
func (a *app) fileOf(l ledgerSettings, path string) ledger {
	return ledger{name: l.Name, kind: export.Kind, open: func(context.Context) (arsync.Source, error) {
		return a.exportSource(l, path, importFlags{})
	}}
}

// addExportJobs watches the folders into which exports are put.
func (a *app) addExportJobs(t *jobs.Timetable) {
	for _, l := range a.exportLedgers() {
		if l.Export.Folder == "" {
			continue
		}
		folder := &inbox.Folder{Path: l.Export.Folder, Now: a.now, Rest: inboxRest}
		t.Repeated = append(t.Repeated, jobs.Repeated{
			Name: "exports of " + l.Name, Every: inboxEvery,
			Run: func(ctx context.Context) error { return a.takeFolder(ctx, l, folder) },
		})
	}
}

// waiting is an export in a watched folder.
type waiting struct {
	path string
	asOf ar.Date
}

// takeFolder reads the exports that wait in a folder, by the dates that they are of, and
// moves them away. One that cannot be read is moved aside, and the admins are told.
func (a *app) takeFolder(ctx context.Context, l ledgerSettings, folder *inbox.Folder) error {
	paths, err := folder.Ready()
	if err != nil {
		a.noteUntold(ctx, a.Alert(ctx, "folder/"+l.Name, fmt.Sprintf("I cannot look into the folder of the ledger %s: %v. Look at export: folder: in the config, and at the rights of the folder.", l.Name, err)))
		return err
	}
	var files []waiting
	for _, path := range paths {
		source, err := a.exportSource(l, path, importFlags{})
		if err == nil {
			var asOf ar.Date
			if asOf, err = export.AsOf(ctx, path, source.Settings); err == nil {
				files = append(files, waiting{path: path, asOf: asOf})
				continue
			}
		}
		if err := a.setAside(ctx, l, folder, path, err); err != nil {
			return err
		}
	}
	slices.SortStableFunc(files, func(x, y waiting) int { return x.asOf.Compare(y.asOf) })
	for _, f := range files {
		if err := a.takeFile(ctx, l, folder, f.path); err != nil {
			return err
		}
	}
	return nil
}

// takeFile reads one export. Where the ledger is being read already it stays for the next
// time, as it does where the books cannot be written.
func (a *app) takeFile(ctx context.Context, l ledgerSettings, folder *inbox.Folder, path string) error {
	report, err := a.readChecked(ctx, l, path)
	switch {
	case errors.Is(err, arsync.ErrRunning):
		return nil
	case ar.KindOf(err) == ar.Invalid:
		return a.setAside(ctx, l, folder, path, err)
	case err != nil:
		a.tellSync(ctx, a.fileOf(l, path), err)
		return err
	}
	to, err := folder.Done(path)
	if err != nil {
		return err
	}
	a.log.InfoContext(ctx, "an export was taken in", "ledger", l.Name, "records", report.Records, "file", filepath.Base(to))
	return nil
}

// readChecked reads one export. What its check refuses never reaches the engine, so that the
// ledger is not said to have failed.
func (a *app) readChecked(ctx context.Context, l ledgerSettings, path string) (arsync.Report, error) {
	source, err := a.exportSource(l, path, importFlags{})
	if err == nil {
		source.Ready, err = export.Check(ctx, path, source.Settings)
	}
	if err != nil {
		return arsync.Report{}, err
	}
	checked := ledger{name: l.Name, kind: export.Kind, open: func(context.Context) (arsync.Source, error) { return source, nil }}
	return a.read(ctx, checked, arsync.Options{})
}

// setAside moves an export that cannot be read away, with the reason beside it, and tells
// the admins. A fault that is not the file's own leaves it where it is.
func (a *app) setAside(ctx context.Context, l ledgerSettings, folder *inbox.Folder, path string, cause error) error {
	if errors.Is(cause, os.ErrNotExist) || ar.KindOf(cause) == ar.NotFound { // another replica took it
		return nil
	}
	if ar.KindOf(cause) != ar.Invalid {
		return cause
	}
	to, err := folder.Reject(path, sentence(cause))
	if err != nil {
		return err
	}
	say := fmt.Sprintf("An export for the ledger %s could not be taken in, and nothing of it was: %s\nIt lies in %s.", l.Name, sentence(cause), to)
	return a.Alert(ctx, "export/"+filepath.Base(to), say)
}

const (
	// inboxEvery is how often folders are looked into; a file is taken when it has been
	// left alone for inboxRest.
	inboxEvery = time.Minute
	inboxRest  = time.Minute
)

// drops takes in what people put into a direct message; it is bot.Exports.
type drops struct{ *app }

// Ledgers are the names of those that a file can go into.
func (d drops) Ledgers() (names []string) {
	for _, l := range d.exportLedgers() {
		names = append(names, l.Name)
	}
	return names
}

func (d drops) named(name string) (ledgerSettings, error) {
	for _, l := range d.exportLedgers() {
		if l.Name == name {
			return l, nil
		}
	}
	return ledgerSettings{}, ar.Refuse("The config has no ledger of exports called %s.", name)
}

// Check says what a file is and what taking it in would do.
func (d drops) Check(ctx context.Context, name string, f bot.SharedFile) (lines []string, err error) {
	l, err := d.named(name)
	if err != nil {
		return nil, err
	}
	path, remove, err := keep(ctx, f)
	if err != nil {
		return nil, err
	}
	defer remove()
	source, err := d.exportSource(l, path, importFlags{})
	if err != nil {
		return nil, err
	}
	e, objections, err := d.checkExport(ctx, source, arsync.Options{})
	if err != nil {
		return nil, withoutFolder(err, path)
	}
	change, err := d.compare(ctx, source, e)
	lines = append(exportLines(e), "It would change the books so: "+change+".")
	for _, o := range objections {
		lines = append(lines, "The import will be refused at first: "+why(o)+". If that is right all the same, the answer to it has a button.")
	}
	return lines, err
}

// exportLines say in few sentences what a file is.
func exportLines(e *export.Export) []string {
	dated := e.AsOf.Long()
	if !e.Stated {
		dated += ", since the file states no date"
	}
	lines := []string{fmt.Sprintf("%s, as of %s.", e.Layout, dated)}
	if e.Company != "" {
		lines = append(lines, "Company: "+e.Company)
	}
	lines = append(lines, fmt.Sprintf("%d documents of %d customers, %s.", e.Documents, len(e.Customers), e.Meaning))
	for _, s := range e.Sums {
		lines = append(lines, fmt.Sprintf("%s net in %d open documents: %s.", s.Net, s.Documents, aged(s)))
	}
	if t, ok := e.Total(); ok {
		lines = append(lines, fmt.Sprintf("Its own total is %s, its rows add up to %s.", t.Stated, t.Read))
	}
	return append(lines, e.Warnings...)
}

// Import begins to take a file in.
func (d drops) Import(_ context.Context, user, name string, f bot.SharedFile, anyway bool) error {
	l, err := d.named(name)
	if err != nil {
		return err
	}
	d.background(func(ctx context.Context) { d.take(ctx, user, l, f, anyway) }) //nolint:contextcheck // it goes on after the answer
	return nil
}

// take takes a file in and tells who brought it how that went.
func (d drops) take(ctx context.Context, user string, l ledgerSettings, f bot.SharedFile, anyway bool) {
	told := bot.NewProgress(d.talk.gate, user, d.progressEvery(), d.render())
	d.noteUntold(ctx, told.Show(ctx, card.New("Reading "+f.Name+"…")))
	path, remove, err := keep(ctx, f)
	var report arsync.Report
	if err == nil {
		defer remove()
		report, err = d.read(ctx, d.fileOf(l, path), arsync.Options{AllowRemovals: anyway, AllowOlder: anyway})
	}
	if err == nil {
		d.noteUntold(ctx, told.End(ctx, linesCard(report.String())))
		return
	}
	level := slog.LevelError
	if ar.KindOf(err) == ar.Invalid { // the person's to mend, who is told
		level = slog.LevelInfo
	}
	d.log.Log(ctx, level, "a file that was brought could not be taken in", "ledger", l.Name, "kind", string(ar.KindOf(err)), "error", err)
	say := fmt.Sprintf("%s could not be taken in: %s", f.Name, sentence(withoutFolder(err, path)))
	_, closes := errors.AsType[*arsync.ClosingError](err)
	_, older := errors.AsType[*arsync.OlderError](err)
	c := card.New(say)
	if (closes || older) && !anyway {
		c = bot.TakeInAnyway(say, f.ID, l.Name)
	}
	d.noteUntold(ctx, told.End(ctx, c))
}

// keep writes a file of Slack into a folder of its own, under its own name, until remove
// is called.
func keep(ctx context.Context, f bot.SharedFile) (path string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "arbot-")
	if err != nil {
		return "", nil, fmt.Errorf("make a place for %s: %w", f.ID, err)
	}
	remove = func() { _ = os.RemoveAll(dir) } // what is left there is the system's to clear
	name := strings.Map(func(r rune) rune {
		if r == filepath.Separator || r == '/' || r < ' ' {
			return '_'
		}
		return r
	}, f.Name)
	path = filepath.Join(dir, cmp.Or(strings.TrimLeft(name, "."), "file"))
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // in a folder that was just made
	if err == nil {
		err = errors.Join(f.Copy(ctx, to), to.Close())
	}
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("keep %s: %w", f.ID, err)
	}
	return path, remove, nil
}

// withoutFolder takes the folder of a kept file out of what is said about it.
func withoutFolder(err error, path string) error {
	say, ok := errors.AsType[*ar.Error](err)
	if !ok || path == "" {
		return err
	}
	return &ar.Error{Kind: say.Kind, Say: strings.ReplaceAll(say.Say, filepath.Dir(path)+string(filepath.Separator), ""), Err: err}
}
