package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/jmoiron/sqlx"
)

// ErrUsePgDump says that PostgreSQL brings its own tool.
var ErrUsePgDump = errors.New("the books are on PostgreSQL: " +
	"back them up with pg_dump --format=custom --file=FILE and the address of the database")

// grows are the tables from which nothing is deleted: a copy that was made between two
// counts holds no fewer rows than the first and no more than the second.
var grows = []string{
	"sources", "customers", "documents", "applications", "runs", "posts",
	"promises", "promise_parts", "disputes", "audit_records", "audit_seals",
}

// Backup copies the books to a new file while they are in use, as one state, and checks
// the copy before it gets its name. A file that is there already is never overwritten.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	if s.path == "" {
		return fmt.Errorf("store: backup: %w", ErrUsePgDump)
	}
	if err := mustBeNew(path); err != nil {
		return err
	}
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: backup: remove what an earlier one left: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeIfThere(partial))
		}
	}()
	before, err := countRows(ctx, s.read)
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := s.copyTo(ctx, partial); err != nil {
		return err
	}
	after, err := countRows(ctx, s.read)
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := s.verifyCopy(ctx, partial, before, after); err != nil {
		return fmt.Errorf("store: backup: check the copy: %w", err)
	}
	if err := mustBeNew(path); err != nil {
		return err
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

func mustBeNew(path string) error {
	_, err := os.Stat(path)
	if err == nil {
		return fmt.Errorf("store: backup: %s is there already: give the name of a new file", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: backup: %w", err)
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copyTo writes one state of the books to a file and has it on the disk. It has a
// connection of its own: the reading ones may write nothing at all, and the writer is
// needed meanwhile.
func (s *Store) copyTo(ctx context.Context, path string) (err error) {
	db, err := openFile(ctx, s.path, url.Values{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("store: backup: copy to %s: %w", path, err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // the file that the operator names
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("store: backup: write %s to the disk: %w", path, err)
	}
	return nil
}

// verifyCopy reads the copy as a stranger would.
func (s *Store) verifyCopy(ctx context.Context, path string, before, after []int) (err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	// immutable: nobody else has the file, and no other files appear beside it.
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: abs, RawQuery: "mode=ro&immutable=1"}
	db, err := connectSQLite(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var faults []string
	if err := db.SelectContext(ctx, &faults, `PRAGMA integrity_check`); err != nil {
		return err
	}
	if !slices.Equal(faults, []string{"ok"}) {
		return fmt.Errorf("it is damaged: %.3q", faults)
	}
	counts, err := countRows(ctx, db)
	if err != nil {
		return err
	}
	for i, table := range grows {
		if counts[i] < before[i] || counts[i] > after[i] {
			return fmt.Errorf("it has %d rows of %s, the books have %d to %d", counts[i], table, before[i], after[i])
		}
	}
	const version = `SELECT max(version_id) FROM goose_db_version`
	var ours, copied int64
	if err := errors.Join(s.read.GetContext(ctx, &ours, version), db.GetContext(ctx, &copied, version)); err != nil {
		return err
	}
	if ours != copied {
		return fmt.Errorf("it has schema version %d, the books have %d", copied, ours)
	}
	return nil
}

func countRows(ctx context.Context, db *sqlx.DB) ([]int, error) {
	counts := make([]int, len(grows))
	for i, table := range grows {
		if err := db.GetContext(ctx, &counts[i], `SELECT count(*) FROM `+table); err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", table, err)
		}
	}
	return counts, nil
}
