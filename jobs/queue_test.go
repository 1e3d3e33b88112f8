package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/jobs"
	"arbot/store/storetest"
)

// bench is books with a queue that works their notices.
type bench struct {
	*storetest.Books

	t    *testing.T
	log  logged
	post ar.PostID
	dead chan ar.Notice // those that were given up
}

func onBooks(t *testing.T, f func(b *bench)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, books *storetest.Books) {
		t.Helper()
		b := &bench{t: t, Books: books, dead: make(chan ar.Notice, 10)}
		b.Write(t, func(tx ar.Tx) error {
			post, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.ARDigest, Route: "r", Day: storetest.Day("2026-11-25")}, "")
			b.post = post.ID
			return err
		})
		f(b)
	})
}

func (b *bench) enqueue(t *testing.T) {
	t.Helper()
	b.Write(t, func(tx ar.Tx) error { return tx.Enqueue(t.Context(), ar.Notice{Post: b.post}) })
}

// work starts a queue; stop ends it and waits.
func (b *bench) work(t *testing.T, grace time.Duration, deliver func(context.Context, ar.Notice) error) (stop func()) {
	t.Helper()
	q, err := jobs.NewQueue(jobs.QueueConfig{
		Driver: b.QueueDriver(), Deliver: deliver, Logger: b.log.logger(), Poll: 100 * time.Millisecond, Attempts: 3,
		GaveUp: func(_ context.Context, n ar.Notice) { b.dead <- n },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx, grace) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the queue ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// raw opens the database beside the store, to look at River's own table.
func (b *bench) raw(t *testing.T) *sql.DB {
	t.Helper()
	driver := "sqlite3"
	if b.Dialect() == "postgres" {
		driver = "pgx"
	}
	db, err := sql.Open(driver, b.DSN)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// states are the states of all jobs, in order of their making.
func (b *bench) states(t *testing.T) (states []string) {
	t.Helper()
	rows, err := b.raw(t).QueryContext(t.Context(), `SELECT state FROM river_job ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		if err := rows.Scan(&state); err != nil {
			t.Fatal(err)
		}
		states = append(states, state)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return states
}

// patience ends a wait for what will not come.
const patience = 2 * time.Minute

// await waits for what a delivery sends.
func await[T any](t *testing.T, c <-chan T) (got T) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case got = <-c:
	case <-limit.C:
		t.Fatal("nothing was delivered")
	}
	return got
}

// later is an error that asks for a pause, as the bot's do.
type later struct{ after time.Duration }

func (l later) Error() string { return "later" }

func (l later) RetryAfter() time.Duration { return l.after }

func TestQueueDelivers(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		delivered := make(chan ar.Notice, 10)
		stop := b.work(t, patience, func(_ context.Context, n ar.Notice) error {
			delivered <- n
			return nil
		})
		if got, want := await(t, delivered), (ar.Notice{Post: b.post}); got != want {
			t.Errorf("delivered %v, want %v", got, want)
		}
		stop()
		if diff := cmp.Diff([]string{"completed"}, b.states(t)); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
	})
}

// A pause that Slack asks for is no failure: it is not logged as one, and uses up no
// attempt.
func TestQueueWaitsAsItIsTold(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		tries := make(chan int, 20)
		try := 0
		stop := b.work(t, patience, func(context.Context, ar.Notice) error {
			try++
			tries <- try
			if try < 4 {
				return fmt.Errorf("bot: deliver: %w", later{100 * time.Millisecond})
			}
			return nil
		})
		for range 4 {
			await(t, tries)
		}
		stop()
		if b.log.text() != "" {
			t.Errorf("the log has %s", b.log.text())
		}
		var attempt int
		if err := b.raw(t).QueryRowContext(t.Context(), `SELECT attempt FROM river_job`).Scan(&attempt); err != nil {
			t.Fatal(err)
		}
		if attempt != 1 {
			t.Errorf("attempt %d, want 1: a pause is no attempt", attempt)
		}
	})
}

func TestQueueTriesAgain(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		tries := make(chan int, 20)
		try := 0
		stop := b.work(t, patience, func(context.Context, ar.Notice) error {
			try++
			tries <- try
			switch try {
			case 1:
				return errors.New("the books are away")
			case 2:
				panic("out of order")
			}
			return nil
		})
		await(t, tries)
		b.hurry(t)
		await(t, tries)
		b.hurry(t)
		await(t, tries)
		stop()
		for _, say := range []string{"level=WARN msg=\"notice failed\"", "the books are away", "notice panicked", "out of order"} {
			if !strings.Contains(b.log.text(), say) {
				t.Errorf("the log lacks %q:\n%s", say, b.log.text())
			}
		}
		if diff := cmp.Diff([]string{"completed"}, b.states(t)); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
	})
}

// hurry ends the pauses of all jobs that wait for another attempt.
func (b *bench) hurry(t *testing.T) {
	t.Helper()
	db := b.raw(t)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		done, err := db.ExecContext(t.Context(),
			`UPDATE river_job SET state = 'available', scheduled_at = attempted_at WHERE attempt > 0 AND state IN ('available', 'retryable')`)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := done.RowsAffected(); err != nil {
			t.Fatal(err)
		} else if n > 0 {
			return
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("no job waits for another attempt: %v", b.states(t))
		}
	}
}

// After its last attempt a notice is dead, stays to be looked at, and is said as an
// error.
func TestQueueGivesUp(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		tries := make(chan bool, 20)
		stop := b.work(t, patience, func(context.Context, ar.Notice) error {
			tries <- true
			return errors.New("no such channel")
		})
		await(t, tries)
		b.hurry(t)
		await(t, tries)
		b.hurry(t)
		await(t, tries)
		stop()
		if diff := cmp.Diff([]string{"cancelled"}, b.states(t)); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
		if n := await(t, b.dead); n.Post != b.post || len(b.dead) != 0 {
			t.Errorf("told of %+v and %d more, want of post %d alone", n, len(b.dead), b.post)
		}
		last := b.log.text()[strings.LastIndex(strings.TrimSpace(b.log.text()), "\n")+1:]
		if !strings.Contains(last, "level=ERROR") || !strings.Contains(last, "no such channel") {
			t.Errorf("the last line of the log is %s", last)
		}
		b.enqueue(t) // by hand, when the channel is there again
		b.work(t, patience, func(context.Context, ar.Notice) error {
			tries <- true
			return nil
		})
		await(t, tries)
	})
}

// A stop lets what is under way end.
func TestQueueStopsAfterWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		begun, goOn := make(chan bool, 1), make(chan bool)
		stop := b.work(t, patience, func(ctx context.Context, _ ar.Notice) error {
			begun <- true
			<-goOn
			return ctx.Err()
		})
		await(t, begun)
		stopped := make(chan bool, 1)
		go func() {
			stop()
			stopped <- true
		}()
		close(goOn)
		await(t, stopped)
		if diff := cmp.Diff([]string{"completed"}, b.states(t)); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
	})
}

// What does not end within the grace is cut off, and taken up again by the next start.
func TestQueueCutsOffAndTakesUpAgain(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		begun := make(chan bool, 20)
		stop := b.work(t, 50*time.Millisecond, func(ctx context.Context, _ ar.Notice) error {
			begun <- true
			<-ctx.Done()
			return ctx.Err()
		})
		await(t, begun)
		stop()
		b.work(t, patience, func(context.Context, ar.Notice) error {
			begun <- true
			return nil
		})
		await(t, begun)
	})
}

// A killed process leaves its job running; on SQLite the next start puts it back.
func TestQueueTakesUpWhatAKilledProcessHad(t *testing.T) {
	t.Parallel()
	b := &bench{t: t, Books: storetest.SQLite(t), post: 7}
	b.enqueue(t)
	if _, err := b.raw(t).ExecContext(t.Context(),
		`UPDATE river_job SET state = 'running', attempt = 1, attempted_at = CURRENT_TIMESTAMP`); err != nil {
		t.Fatal(err)
	}
	if n, err := b.RescueJobs(t.Context()); err != nil || n != 1 {
		t.Fatalf("rescued %d, %v; want 1", n, err)
	}
	delivered := make(chan ar.Notice, 10)
	b.work(t, patience, func(_ context.Context, n ar.Notice) error {
		delivered <- n
		return nil
	})
	if got := await(t, delivered); got.Post != 7 {
		t.Errorf("delivered %v, want post 7", got)
	}
}

// A notice that comes while the one before it is worked on is worked on after it: what
// it was planned for may have come too late for the first.
func TestQueueLosesNoNoticeWhileItWorks(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		begun, goOn := make(chan bool, 20), make(chan bool)
		stop := b.work(t, patience, func(context.Context, ar.Notice) error {
			begun <- true
			<-goOn
			return nil
		})
		await(t, begun)
		b.enqueue(t)
		close(goOn)
		await(t, begun)
		stop()
		if diff := cmp.Diff([]string{"completed", "completed"}, b.states(t)); diff != "" {
			t.Errorf("jobs (-want +got):\n%s", diff)
		}
	})
}

// Somebody who plans a post again does not wait until the pause after a failure is over.
func TestPlanningAgainEndsThePause(t *testing.T) {
	t.Parallel()
	onBooks(t, func(b *bench) {
		t := b.t
		b.enqueue(t)
		tries := make(chan bool, 20)
		first := true
		b.work(t, patience, func(context.Context, ar.Notice) error {
			defer func() { first = false }()
			tries <- true
			if first {
				return later{time.Hour}
			}
			return nil
		})
		await(t, tries)
		for len(tries) == 0 && t.Context().Err() == nil {
			if states := b.states(t); states[0] == "scheduled" {
				b.enqueue(t)
				break
			}
		}
		await(t, tries)
	})
}
