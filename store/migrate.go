package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations
var migrations embed.FS

// NewerSchemaError says that the books were written by a later version of arbot.
type NewerSchemaError struct {
	// Found is the version of the books, Known the latest that the program
	// knows.
	Found, Known int64
}

// Error says what to do.
func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the books have schema version %d, and this arbot knows versions up to %d: "+
		"start the version of arbot that wrote them, or a later one", e.Found, e.Known)
}

// OlderSchemaError says that the books need arbot migrate.
type OlderSchemaError struct{ Found, Known int64 }

// Error says what to do.
func (e *OlderSchemaError) Error() string {
	return fmt.Sprintf("the books have schema version %d, and this arbot needs version %d: "+
		"run `arbot migrate` once, then start again", e.Found, e.Known)
}

// Migrate brings the schema up to date, whatever AutoMigrate says, and returns the
// versions before and after.
func Migrate(ctx context.Context, o Options) (from, to int64, err error) {
	release, err := lockSchema(ctx, o.DSN)
	if err != nil {
		return 0, 0, err
	}
	defer release()
	s, err := connect(ctx, o)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.migrate(ctx, true)
}

// migrate compares the schema with what the program knows and brings it up to date
// where it may. It returns the version that it found and the one that is known.
func (s *Store) migrate(ctx context.Context, auto bool) (found, known int64, err error) {
	if auto {
		release, err := s.lockMigrations(ctx)
		if err != nil {
			return 0, 0, err
		}
		defer release()
	}
	schema, err := s.schema()
	if err != nil {
		return 0, 0, err
	}
	queue, err := rivermigrate.New(s.QueueDriver(), &rivermigrate.Config{Logger: quiet(s.log)})
	if err != nil {
		return found, known, fmt.Errorf("store: migrations of the queue: %w", err)
	}
	found, known, err = schema.GetVersions(ctx)
	if err != nil {
		return found, known, fmt.Errorf("store: read the schema version: %w", err)
	}
	if found > known {
		return found, known, &NewerSchemaError{Found: found, Known: known}
	}
	queueReady, err := queue.Validate(ctx, nil)
	if err != nil {
		return found, known, fmt.Errorf("store: check the queue's schema: %w", err)
	}
	if found == known && queueReady.OK {
		return found, known, nil
	}
	if !auto {
		return found, known, &OlderSchemaError{Found: found, Known: known}
	}
	if _, err := schema.Up(ctx); err != nil {
		return found, known, fmt.Errorf("store: migrate from version %d to %d: %w", found, known, err)
	}
	if _, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return found, known, fmt.Errorf("store: migrate the queue: %w", err)
	}
	s.log.InfoContext(ctx, "schema migrated", "from", found, "to", known)
	return found, known, nil
}

// lockMigrations has replicas on PostgreSQL that start together bring the schema up to
// date one after the other. goose has a lock for its own part, River has none for the
// queue's. For SQLite there is lockSchema.
func (s *Store) lockMigrations(ctx context.Context) (release func(), err error) {
	release, err = waitFor(ctx, func() (func(), bool, error) { return s.claim(ctx, schemaLock) })
	if err != nil {
		return nil, fmt.Errorf("store: wait for who migrates the books: %w", err)
	}
	return release, nil
}

func (s *Store) schema() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+s.dialect.name)
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(quiet(s.log))}
	kind := goose.DialectSQLite3
	if s.dialect.name == postgresDialect.name {
		kind = goose.DialectPostgres
	}
	schema, err := goose.NewProvider(kind, s.write.DB, files, options...)
	if err != nil {
		return nil, fmt.Errorf("store: migrations: %w", err)
	}
	return schema, nil
}
