package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/internal/fakeslack"
	"arbot/internal/postgrestest"
)

// X03: of two replicas on one PostgreSQL one is killed at any message, while Slack holds
// the call, after Slack's answer was lost, or in the midst of all. The other one brings
// every digest to its place, once.
func TestX03WhicheverReplicaDies(t *testing.T) {
	t.Parallel()
	clean := newOffice(t, wednesday, "")
	clean.mustRun(t, "import")
	clean.mustRun(t, "digest", "--now")
	want := clean.places()
	messages := 0
	for _, p := range want {
		messages += len(p.heads) + len(p.replies)
	}
	random := rand.New(rand.NewPCG(2026, 53))
	for round := range killRounds(t, 4) {
		o := newOffice(t, wednesday, "")
		dsn := postgrestest.Start(t)
		o.reconfigure(t, func(config string) string { return config + "database: '" + dsn + "'\n" })
		o.start(t, "import").finish(t)
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			t.Fatal(err)
		}
		replicas := []*child{o.start(t, "serve"), o.start(t, "serve")}
		victim := random.IntN(2)
		story := o.killOne(t, round%3, random.IntN(messages), replicas[victim])
		o.awaitDigests(t, db, replicas[1-victim])
		replicas[1-victim].kill(t)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		t.Logf("round %d: %s", round, story)
		if diff := cmp.Diff(want, o.places(), cmp.AllowUnexported(place{})); diff != "" {
			t.Errorf("round %d, %s (-want +got):\n%s", round, story, diff)
		}
	}
}

// killOne kills a replica, in one of three ways, when Slack has got n messages.
func (o *office) killOne(t *testing.T, how, n int, victim *child) (story string) {
	t.Helper()
	held := make(chan struct{})
	switch how {
	case 0:
		defer o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", After: n, Hold: held})()
	case 1:
		defer o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", After: n, LoseAnswer: true})()
	}
	defer close(held)
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if err := o.slack.Await(ctx, func(st *fakeslack.State) bool { return len(st.Calls("chat.postMessage")) >= n && st.Sockets() > 0 }); err != nil {
		t.Fatalf("message %d: %v\n%s", n, err, victim.out.String())
	}
	killed := victim.kill(t)
	return fmt.Sprintf("at message %d (%s, killed %t)", n, []string{"held", "answer lost", "plain"}[how], killed)
}

// awaitDigests waits until the digests stand. Meanwhile time goes on for the queue: it
// takes up what the killed replica was working on (after five minutes, by its own clock)
// and what waits for a later time.
func (o *office) awaitDigests(t *testing.T, db *sql.DB, survivor *child) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	for {
		if _, err := db.ExecContext(t.Context(),
			`UPDATE river_job SET state = 'available', scheduled_at = created_at WHERE state IN ('scheduled', 'retryable')`); err != nil {
			t.Fatal(err)
		}
		var open, all int
		if err := db.QueryRowContext(t.Context(),
			`SELECT count(*) FILTER (WHERE state = 'planned'), count(*) FROM posts WHERE kind LIKE 'digest-%'`).Scan(&open, &all); err != nil {
			t.Fatal(err)
		}
		if all >= 3+o.repsWithAccounts() && open == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("%d of %d digests are still planned\n%s", open, all, survivor.out.String())
		}
	}
}
