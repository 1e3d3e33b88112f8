package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"

	"arbot/ar"
	"arbot/store/storetest"
)

// noticeWorker carries a notice out by an Update of its own and tells of it.
type noticeWorker struct {
	river.WorkerDefaults[ar.Notice]
	books *storetest.Books
	told  chan ar.PostID
}

func (w *noticeWorker) Work(ctx context.Context, job *river.Job[ar.Notice]) error {
	err := w.books.Update(ctx, func(tx ar.Tx) error {
		_, err := tx.FirstSeen(ctx, fmt.Sprint("notice ", job.Args.Post))
		return err
	})
	if err != nil {
		return err
	}
	w.told <- job.Args.Post
	return nil
}

// warnings collects what a library has to complain about.
type warnings struct {
	mu  sync.Mutex
	log bytes.Buffer
}

func (w *warnings) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(p)
}

func (w *warnings) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.String()
}

// TestQueueWorksWhilePagesAreWritten runs River's workers on the connection that an
// import writes by, all at once: each notice is carried out, nobody is locked out, and
// what was rolled back is never heard of.
func TestQueueWorksWhilePagesAreWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		const pages = 60
		complaints := &warnings{}
		worker := &noticeWorker{books: b, told: make(chan ar.PostID, 2*pages)}
		workers := river.NewWorkers()
		river.AddWorker(workers, worker)
		client, err := river.NewClient(b.QueueDriver(), &river.Config{
			Logger:            slog.New(slog.NewTextHandler(complaints, &slog.HandlerOptions{Level: slog.LevelWarn})),
			Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
			Workers:           workers,
			FetchCooldown:     10 * time.Millisecond,
			FetchPollInterval: 20 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Start(t.Context()); err != nil {
			t.Fatal(err)
		}

		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{Customers: customer()})
		run := l.Start(t, false)
		undo := errors.New("undo")
		for i := range pages {
			err := b.Update(t.Context(), func(tx ar.Tx) error {
				if err := tx.Enqueue(t.Context(), ar.Notice{Post: ar.PostID(1000 + i)}); err != nil {
					return err
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			b.Write(t, func(tx ar.Tx) error {
				page := ar.Page{}
				for n := range 200 {
					page.Documents = append(page.Documents, storetest.Doc(ar.Invoice, fmt.Sprint(i, "-", n), "c", "2026-10-01", "2026-10-31", "1.00"))
				}
				_, err := tx.PutPage(t.Context(), run, page)
				return errors.Join(err, tx.Enqueue(t.Context(), ar.Notice{Post: ar.PostID(i)}))
			})
		}

		told := map[ar.PostID]int{}
		for range pages {
			select {
			case id := <-worker.told:
				told[id]++
			case <-t.Context().Done():
				t.Fatal(t.Context().Err())
			}
		}
		if err := client.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("stop: %v", err)
		}
		for i := range pages {
			if told[ar.PostID(i)] != 1 {
				t.Errorf("notice %d was carried out %d times", i, told[ar.PostID(i)])
			}
		}
		if s := complaints.String(); s != "" {
			t.Errorf("River complains:\n%s", s)
		}
	})
}

func TestRescueJobs(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	b.Write(t, func(tx ar.Tx) error {
		return errors.Join(tx.Enqueue(t.Context(), ar.Notice{Post: 1}), tx.Enqueue(t.Context(), ar.Notice{Post: 2}))
	})
	db, err := sqlx.ConnectContext(t.Context(), "sqlite3", b.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// What River writes when a worker takes the job up.
	if _, err := db.ExecContext(t.Context(), `UPDATE river_job SET state = 'running', attempt = 1 WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} {
		got, err := b.RescueJobs(t.Context())
		if err != nil || got != want {
			t.Errorf("rescued %d, %v; want %d", got, err, want)
		}
	}
	var states []string
	if err := db.SelectContext(t.Context(), &states, `SELECT state || ' ' || attempt FROM river_job ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(states, ", "); got != "available 0, available 0" {
		t.Errorf("jobs are %s", got)
	}
}

func TestRescueJobsLeavesOtherReplicasAlone(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	b.Write(t, func(tx ar.Tx) error { return tx.Enqueue(t.Context(), ar.Notice{Post: 1}) })
	db, err := sql.Open("pgx", b.DSN)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE river_job SET state = 'running', attempted_at = now()`); err != nil {
		t.Fatal(err)
	}
	if n, err := b.RescueJobs(t.Context()); n != 0 || err != nil {
		t.Errorf("rescued %d, %v; want 0", n, err)
	}
}
