package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"arbot/ar"
)

// QueueDriver is what a River client of the program works on. On SQLite it shares
// the one connection that writes with everything else.
func (s *Store) QueueDriver() riverdriver.Driver[*sql.Tx] {
	if s.dialect.name == postgresDialect.name {
		return riverdatabasesql.New(s.write.DB)
	}
	return riversqlite.New(s.write.DB)
}

// openQueue makes the client that inserts notices; it works none.
func (s *Store) openQueue() error {
	client, err := river.NewClient(s.QueueDriver(), &river.Config{Logger: quiet(s.log)})
	if err != nil {
		return fmt.Errorf("store: queue: %w", err)
	}
	s.queue = client
	return nil
}

// Enqueue puts a notice into the queue; it can be worked on after the commit. A post may
// have several: River's unique jobs would lose a notice that comes while the job before
// it has done its work and is not yet marked as completed. See ClaimPost.
func (t *tx) Enqueue(ctx context.Context, n ar.Notice) error {
	if _, err := t.queue.InsertTx(ctx, t.conn.Tx, n, nil); err != nil {
		return fmt.Errorf("store: enqueue notice of post %d: %w", n.Post, err)
	}
	return nil
}

// RescueJobs puts jobs that a killed process left running back into the queue and
// returns how many. It's for the start of the one process that owns a SQLite file;
// on PostgreSQL, where a running job may be another replica's, it does nothing and
// River's own rescuer takes them up later.
func (s *Store) RescueJobs(ctx context.Context) (int, error) {
	if s.path == "" {
		return 0, nil
	}
	done, err := s.write.ExecContext(ctx, `
		UPDATE river_job
		SET state = 'available', attempt = CASE WHEN attempt > 0 THEN attempt - 1 ELSE 0 END
		WHERE state = 'running'`)
	if err != nil {
		return 0, fmt.Errorf("store: rescue jobs: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("store: rescue jobs: %w", err)
	}
	return int(n), nil
}

// quiet passes on what a library logs from the level of a warning on; what it does
// step by step is no news.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

// Enabled cuts off what is below a warning.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the limit.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the limit.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
