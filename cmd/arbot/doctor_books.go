package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"arbot/ar"
	"arbot/jobs"
	"arbot/store"
	"arbot/sync/quickbooks"
)

// checkClock says what time it is here, and when what comes next.
func (e *examination) checkClock() {
	s, now := e.app.settings, e.now()
	today := ar.DateOf(now, s.zone)
	kind := "a business day"
	switch name := s.holiday(today); {
	case name != "":
		kind = "a holiday (" + name + ")"
	case s.off(today):
		kind = "a holiday"
	case !slices.Contains(s.week, today.Weekday()):
		kind = "no day of the work week"
	}
	e.note(ok, "zone", "In %s it is %s, %s, %s.", s.zone, today.Long(), now.In(s.zone).Format("15:04"), kind)
	for _, d := range s.dailies() {
		when := jobs.Daily{Hour: d.at.Hour, Minute: d.at.Minute, Zone: d.zone, Weekdays: d.days, Off: s.off}
		next, there := when.Next(now, s.zone)
		if !there {
			e.note(fail, "digest", "%s comes on no day of the next year: look at its days, and at company.holidays.", d.name)
			continue
		}
		e.note(ok, "digest", "%s comes next on %s at %s.", d.name, ar.DateOf(next, d.zone).Long(), next.In(d.zone).Format("15:04"))
	}
	if len(s.digests) == 0 {
		e.note(warn, "digest", "There is none: add one under digests: in the config.")
	}
}

// checkBooks opens the books as they are, and does not bring their schema up to date.
func (e *examination) checkBooks(ctx context.Context) {
	s := e.app.settings
	if !isPostgres(s.Database) {
		if _, err := os.Stat(bookFile(s.Database)); errors.Is(err, fs.ErrNotExist) {
			e.note(fail, "database", "There is no %s yet: `arbot sync` makes it.", s.Database)
			return
		}
	}
	books, err := store.Open(ctx, store.Options{DSN: s.Database, Now: e.now, Logger: e.app.log})
	if err != nil {
		e.note(fail, "database", "%s.", err)
		return
	}
	if err := e.app.over(books, e.program); err != nil {
		e.note(fail, "company", "%s.", err)
		return
	}
	health, err := books.Health(ctx)
	if err != nil {
		e.note(fail, "database", "It cannot be read: %s. Put a backup in its place: docs/operations.md says how.", err)
		return
	}
	e.checkHealth(health)
	e.checkLedgers(ctx)
	e.checkCoverage(ctx)
}

func (e *examination) checkHealth(h store.Health) {
	if len(h.Faults) > 0 {
		e.note(fail, "database", "It is damaged: %.200s. Put a backup in its place: docs/operations.md says how.", strings.Join(h.Faults, "; "))
	} else {
		e.note(ok, "database", "The %s database has schema %d, and no damage was found.", e.app.books.Dialect(), h.Schema)
	}
	if h.Path != "" {
		e.checkDisk(h.Path)
		e.checkBackup(h.Path)
	} else {
		e.note(ok, "backup", "PostgreSQL is backed up with pg_dump, which cannot be seen from here.")
	}
	switch {
	case h.Dead > 0:
		e.note(warn, "queue", "%d notices were given up: the log says why (\"notice failed\"). `arbot digest --now` posts today's digests again. %d wait, %d are under way.", h.Dead, h.Waiting, h.Running)
	case h.Waiting > 0 && !served(e.app.settings.Database):
		e.note(warn, "queue", "%d notices wait, and no `arbot serve` works from this database: start it.", h.Waiting)
	default:
		e.note(ok, "queue", "%d notices wait, %d are under way, none was given up.", h.Waiting, h.Running)
	}
	e.checkSeals(h)
}

// oldUnsealed is how long a record of the audit may be without a seal; `arbot serve` seals
// them every few minutes (sealEvery).
const oldUnsealed = time.Hour

// checkSeals looks whether the audit is sealed: until then whoever can write into the
// database could change it without a trace.
func (e *examination) checkSeals(h store.Health) {
	switch {
	case h.Unsealed == 0:
		e.note(ok, "audit", "All of it is sealed.")
	case e.now().Sub(h.UnsealedSince) > oldUnsealed:
		e.note(warn, "audit", "%d records have no seal, the oldest since %s, and could be changed without a trace: `arbot serve` seals them every few minutes, so see whether it runs, and what it logs.",
			h.Unsealed, h.UnsealedSince.In(e.app.settings.zone).Format("Mon 2 Jan 2006 15:04"))
	default:
		e.note(ok, "audit", "%d records wait for their seal, which `arbot serve` makes every few minutes.", h.Unsealed)
	}
}

// served reports whether a running arbot works from a SQLite file. On PostgreSQL it
// cannot be told and is believed.
func served(dsn string) bool {
	release, err := lockBooks(dsn)
	if err == nil {
		release()
	}
	return err != nil || isPostgres(dsn)
}

const (
	littleDisk = 1 << 30   // bytes
	noDisk     = 100 << 20 // bytes
)

func (e *examination) checkDisk(path string) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &disk); err != nil {
		e.note(warn, "disk", "It cannot be told how much is free: %s.", err)
		return
	}
	free := disk.Bavail * uint64(disk.Bsize)
	say := fmt.Sprintf("%.1f GB are free where the books are", float64(free)/1e9)
	switch {
	case free < noDisk:
		e.note(fail, "disk", "%s. Make room: without it nothing can be written.", say)
	case free < littleDisk:
		e.note(warn, "disk", "%s. Make room before it runs out.", say)
	default:
		e.note(ok, "disk", "%s.", say)
	}
}

// oldBackup is the age from which a backup is called old.
const oldBackup = 7 * 24 * time.Hour

func (e *examination) checkBackup(path string) {
	info, err := os.Stat(backupMark(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.note(warn, "backup", "None was made of this database: have `arbot backup FILE` run each night.")
	case err != nil:
		e.note(warn, "backup", "It cannot be told when the last one was made: %s.", err)
	case e.now().Sub(info.ModTime()) > oldBackup:
		e.note(warn, "backup", "The last one is of %s: have `arbot backup FILE` run each night.", ar.DateOf(info.ModTime(), e.app.settings.zone).Long())
	default:
		e.note(ok, "backup", "The last one is of %s.", ar.DateOf(info.ModTime(), e.app.settings.zone).Long())
	}
}

// backupMark is the file whose time is that of the last backup.
func backupMark(path string) string { return path + ".last-backup" }

// checkLedgers reads each ledger of the config, without taking anything in, and
// looks what the books have of it.
func (e *examination) checkLedgers(ctx context.Context) {
	s := e.app.settings
	if len(s.ledgers) == 0 {
		e.note(fail, "ledger", "There is none: add one under ledgers: in the config (docs/bundle.md says how).")
		return
	}
	var sources []ar.Source
	err := e.app.books.View(ctx, func(r ar.Reader) (err error) {
		sources, err = r.Sources(ctx)
		return err
	})
	if err != nil {
		e.note(fail, "ledger", "The books do not say what was read: %s.", err)
		return
	}
	for _, l := range s.ledgers {
		if l.QuickBooks != nil {
			e.checkCompany(ctx, l.Name)
			continue
		}
		identity, err := e.readable(ctx, l)
		if err != nil {
			e.note(fail, "ledger", "%s cannot be read: %s", l.Name, strings.TrimRight(sentence(err), "."))
			continue
		}
		i := slices.IndexFunc(sources, func(s ar.Source) bool { return s.Kind == identity.Kind && s.External == identity.External })
		switch {
		case i >= 0 && !sources[i].Synced.IsZero():
			e.checkSource(l.Name, sources[i], l.manual())
		case l.manual():
			e.note(fail, "ledger", "%s has no file yet: `arbot import FILE` takes one in.", l.Name)
		default:
			e.note(fail, "ledger", "%s can be read, and was not yet: `arbot sync` takes it in.", l.Name)
		}
	}
}

// readable has a ledger checked as far as it can be without writing.
func (e *examination) readable(ctx context.Context, l ledgerSettings) (ar.SourceIdentity, error) {
	source, err := e.app.fileSource(l)
	if err != nil {
		return ar.SourceIdentity{}, err
	}
	identity, err := source.Identity(ctx)
	if err != nil || l.manual() { // each file of it was checked when it came
		return identity, err
	}
	_, err = source.Full(ctx)
	return identity, err
}

// renewal says how the data of a ledger gets younger.
func renewal(source ar.Source) string {
	if source.Kind == quickbooks.Kind {
		return "`arbot sync` reads it, `arbot serve` does so by itself."
	}
	return "Export it anew."
}

// comparison says how a source is held against the ledger's own total again.
func comparison(source ar.Source, name string) string {
	if source.Kind == quickbooks.Kind {
		return fmt.Sprintf("`arbot sync %s` does it, or says why it cannot.", name)
	}
	return "The files since then brought no totals (docs/bundle.md: totals.csv)."
}

func (e *examination) checkSource(name string, source ar.Source, manual bool) {
	s, age := e.app.settings, e.now().Sub(source.DataAsOf).Round(time.Minute)
	at := source.DataAsOf.In(s.zone).Format("Mon 2 Jan 2006 15:04")
	switch {
	case source.Run.Running() && manual:
		e.note(warn, "ledger", "%s: an import is under way since %s. If it was killed, import the file again: digests wait for it up to limits.wait_for_import.", name, source.Run.Started.In(s.zone).Format("Mon 2 Jan 2006 15:04"))
	case source.Run.Fault != "" && manual:
		e.note(fail, "ledger", "%s: the last file was not taken in: %s Import it again when that is mended, or another.", name, source.Run.Fault)
	case source.Run.Running():
		e.note(warn, "ledger", "%s: an import is under way since %s. If it was killed, `arbot sync` ends it: digests wait for it up to limits.wait_for_import.", name, source.Run.Started.In(s.zone).Format("Mon 2 Jan 2006 15:04"))
	case source.Run.Fault != "":
		e.note(fail, "ledger", "%s: the last sync failed: %s `arbot sync` tries again.", name, source.Run.Fault)
	case s.stale > 0 && age > s.stale:
		e.note(warn, "ledger", "%s: the data is of %s, older than limits.stale_after (%s). %s", name, at, s.Limits.Stale, renewal(source))
	default:
		e.note(ok, "ledger", "%s can be read; the data is of %s.", name, at)
	}
	for _, said := range source.LeftOut {
		e.note(warn, "left out", "%s: %s", name, said)
	}
	if len(source.LeftOut) > 0 && !manual {
		e.note(warn, "left out", "%s: when that is mended, `arbot sync --full %s` reads everything again.", name, name)
	}
	if source.Uncompared() {
		e.note(warn, "tie-out", "%s was last held against the ledger's own total on %s. %s", name, source.Compared().In(s.zone).Format("Mon 2 Jan 2006 15:04"), comparison(source, name))
	}
	if len(source.TieOuts) == 0 && source.Kind == quickbooks.Kind {
		e.note(warn, "tie-out", "%s was not compared with its aging report yet: `arbot sync %s` does it.", name, name)
	} else if len(source.TieOuts) == 0 {
		e.note(warn, "tie-out", "%s brings no totals of its own to compare with (docs/bundle.md: totals.csv).", name)
	}
	for _, t := range source.TieOuts {
		difference, err := t.Difference()
		switch {
		case err != nil:
			e.note(fail, "tie-out", "%s: %s.", name, err)
		case !difference.IsZero():
			e.note(warn, "tie-out", "%s: A/R here is off the ledger's own by %s as of %s. %s", name, difference, t.AsOf.Long(), t.Because)
		default:
			e.note(ok, "tie-out", "%s agrees with the ledger to the cent in %s, as of %s.", name, t.Ledger.Currency(), t.AsOf.Long())
		}
	}
}

// checkCoverage says how many accounts nobody owns.
func (e *examination) checkCoverage(ctx context.Context) {
	c, err := e.app.desk.Coverage(ctx)
	switch {
	case err != nil:
		e.note(fail, "owners", "It cannot be told who owns the accounts: %s.", err)
	case c.Accounts == 0:
		e.note(ok, "owners", "No account owes anything.")
	case c.None > 0:
		owing := ""
		if len(c.Unowned) > 0 {
			owing = ", " + sums(c.Unowned) + " in all"
		}
		e.note(warn, "owners", "No sales owner: %d of %d accounts with something open%s. `%s overdue owner none` lists those that are overdue; add rules under owners:.",
			c.None, c.Accounts, owing, e.app.settings.Slack.Command)
	default:
		e.note(ok, "owners", "All %d accounts with something open have a sales owner.", c.Accounts)
	}
	for _, o := range c.Owners {
		if o.Email == "" {
			e.note(warn, "owners", "%s owns %s and is nobody's name: add it under people:, as one of the names (also) of a person.", o.Owner, accounts(o.Accounts))
		}
	}
}

func accounts(n int) string {
	if n == 1 {
		return "1 account"
	}
	return fmt.Sprintf("%d accounts", n)
}
