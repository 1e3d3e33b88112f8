package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"arbot/ar"
)

const (
	// workers bring posts to their places at the same time; Slack takes one
	// message a second in each channel, so more would only wait.
	workers = 8
	// jobTimeout is the most that one notice may take: a digest with a thread
	// of a hundred messages at one a second, and some.
	jobTimeout = 4 * time.Minute
	// rescueAfter is when a job that a killed replica was working on is taken
	// up by another. River wants it above the job's timeout; its default of an
	// hour would lose the morning.
	rescueAfter = 5 * time.Minute
	// attempts with River's backoff (attempt to the fourth power seconds) spread
	// over some four hours: a digest later than that has no value.
	attempts = 10
	// cutTime is what the queue may take to write down which jobs it has cut off. It does
	// not depend on the grace, which is for the jobs and may be short.
	cutTime = 10 * time.Second
	// tellTime is what telling of a notice that was given up may take.
	tellTime = 30 * time.Second
)

// QueueConfig is what a Queue needs.
type QueueConfig struct {
	Driver riverdriver.Driver[*sql.Tx]
	// Deliver carries a notice out. An error with a method RetryAfter()
	// time.Duration puts it off so long without counting as a failure; any
	// other error is tried again with growing pauses.
	Deliver func(context.Context, ar.Notice) error
	Logger  *slog.Logger
	// Poll is how often the queue looks for new jobs; 0 is one second.
	Poll time.Duration
	// Attempts is after how many failures a notice is given up; 0 is ten.
	Attempts int
	// GaveUp is told of a notice that was given up; nil ignores it.
	GaveUp func(context.Context, ar.Notice)
}

// Queue works off notices.
type Queue struct{ client *river.Client[*sql.Tx] }

// NewQueue returns a queue that does not work yet.
func NewQueue(c QueueConfig) (*Queue, error) {
	registered := river.NewWorkers()
	if err := river.AddWorkerSafely(registered, &noticeWorker{deliver: c.Deliver}); err != nil {
		return nil, fmt.Errorf("jobs: register worker: %w", err)
	}
	if c.Attempts == 0 {
		c.Attempts = attempts
	}
	client, err := river.NewClient(c.Driver, &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              registered,
		Logger:               slog.New(warnings{c.Logger.Handler()}),
		FetchPollInterval:    c.Poll,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescueAfter,
		ErrorHandler:         &faults{log: c.Logger, attempts: c.Attempts, gaveUp: c.GaveUp},
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: queue: %w", err)
	}
	return &Queue{client: client}, nil
}

// Run works until ctx ends, then lets the jobs that are under way finish for
// up to grace before it cuts them off; what was cut off is taken up again
// after a restart.
func (q *Queue) Run(ctx context.Context, grace time.Duration) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("jobs: start the queue: %w", err)
	}
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := q.client.Stop(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		cutting, cancel := context.WithTimeout(context.WithoutCancel(ctx), cutTime)
		defer cancel()
		err = q.client.StopAndCancel(cutting)
	}
	if err != nil {
		return fmt.Errorf("jobs: stop the queue: %w", err)
	}
	return nil
}

type noticeWorker struct {
	river.WorkerDefaults[ar.Notice]
	deliver func(context.Context, ar.Notice) error
}

// Work carries one notice out.
func (w *noticeWorker) Work(ctx context.Context, job *river.Job[ar.Notice]) error {
	err := w.deliver(ctx, job.Args)
	if later, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](err); ok {
		return river.JobSnooze(later.RetryAfter())
	}
	return err
}

// faults writes failures into the log, and ends a job after its last attempt.
// River's own limit is fixed where a job is inserted; here it is the same for all,
// whoever inserted them.
type faults struct {
	log      *slog.Logger
	attempts int
	gaveUp   func(context.Context, ar.Notice)
}

// HandleError logs a failed job: a warning while it is tried again, an error when
// it was the last time.
func (f *faults) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	level, last := slog.LevelWarn, job.Attempt >= f.attempts
	if last {
		level = slog.LevelError
	}
	f.log.Log(ctx, level, "notice failed", "job_id", job.ID, "attempt", job.Attempt, "of", f.attempts, "error", err)
	return f.end(ctx, job)
}

// HandlePanic logs a job that panicked; it is tried again like any failure.
func (f *faults) HandlePanic(ctx context.Context, job *rivertype.JobRow, panicked any, trace string) *river.ErrorHandlerResult {
	f.log.ErrorContext(ctx, "notice panicked", "job_id", job.ID, "attempt", job.Attempt, "of", f.attempts, "panic", panicked, "trace", trace)
	return f.end(ctx, job)
}

// end ends a job after its last attempt, and tells of it. It may be the job's time limit
// that made it fail, which is not the teller's.
func (f *faults) end(ctx context.Context, job *rivertype.JobRow) *river.ErrorHandlerResult {
	last := job.Attempt >= f.attempts
	if !last || f.gaveUp == nil {
		return &river.ErrorHandlerResult{SetCancelled: last}
	}
	var n ar.Notice
	if err := json.Unmarshal(job.EncodedArgs, &n); err != nil {
		f.log.ErrorContext(ctx, "a notice that was given up cannot be read", "job_id", job.ID, "error", err)
		return &river.ErrorHandlerResult{SetCancelled: true}
	}
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellTime)
	defer cancel()
	f.gaveUp(telling, n)
	return &river.ErrorHandlerResult{SetCancelled: true}
}

// warnings passes on what River logs from the level of a warning on: it counts its
// jobs every few seconds.
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
