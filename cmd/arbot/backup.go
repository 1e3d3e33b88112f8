package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// backup writes a consistent, verified copy of the books to a file.
func (p *program) backup(ctx context.Context, args []string) error {
	set := p.flags("backup")
	path := p.configFlag(set)
	if err := p.parse(set, args, 1); err != nil {
		return err
	}
	if set.NArg() != 1 {
		return usageError{"name the file to write"}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	err = a.books.Backup(ctx, set.Arg(0))
	if err == nil {
		err = markBackup(bookFile(a.settings.Database), set.Arg(0), p.now())
	}
	if err == nil {
		fmt.Fprintf(p.out, "The books are saved in %s, and the copy was read back and agrees.\n", set.Arg(0))
	}
	return errors.Join(err, a.close())
}

// markBackup notes beside the books when they were backed up last, for arbot doctor.
func markBackup(books, copied string, at time.Time) error {
	path := backupMark(books)
	if err := os.WriteFile(path, []byte(copied+"\n"), 0o600); err != nil {
		return fmt.Errorf("note the backup: %w", err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		return fmt.Errorf("note the backup: %w", err)
	}
	return nil
}

// migrate brings the database to the schema of this version.
func (p *program) migrate(ctx context.Context, args []string) error {
	set := p.flags("migrate")
	path := p.configFlag(set)
	if err := p.parse(set, args, 0); err != nil {
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
	fmt.Fprintf(p.out, "The %s database has the schema of arbot %s.\n", a.books.Dialect(), buildVersion())
	return a.close()
}
