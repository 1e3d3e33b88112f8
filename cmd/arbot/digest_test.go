package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/store"
	"arbot/store/storetest"
)

// startImport leaves an import under way in the books, as a kill does.
func (o *office) startImport(t *testing.T) {
	t.Helper()
	books, err := store.Open(t.Context(), store.Options{DSN: filepath.Join(o.dir, "arbot.db"), Now: o.clock, Logger: storetest.Quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer books.Close()
	err = books.Update(t.Context(), func(tx ar.Tx) error {
		sources, err := tx.Sources(t.Context())
		if err != nil {
			return err
		}
		_, err = tx.StartRun(t.Context(), ar.Run{Source: sources[0].ID})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A digest by hand says at once that it waits for an import, and what to do if nobody is
// at it any more.
func TestDigestByHandWaitsForAnImport(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	o.startImport(t)
	if got := o.run(t, "digest", "--print", "ar-daily"); got.code != 1 || !strings.Contains(got.err, "An import from ") {
		t.Errorf("--print ends with %d and says %s", got.code, got.err)
	}
	if got := o.run(t, "doctor"); !strings.Contains(got.out, "warn  ledger     main: an import is under way since Wed 25 Nov 2026 09:30. If it was killed, `arbot sync` ends it") {
		t.Errorf("doctor says\n%s", got.out)
	}
	var out, said output
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- o.program("", &out, &said).run(ctx, []string{"digest", "--now", "ar-daily"}) }()
	s := &service{out: &said}
	s.logged(t, "is under way since 09:30. The digests wait for its end, or until 11:30 (limits.wait_for_import). If it was killed, `arbot sync` ends it.", 1)
	cancel()
	if code := <-ended; code != 1 || len(o.slack.Messages(arChannel)) != 0 {
		t.Errorf("it ends with %d and posts %d messages", code, len(o.slack.Messages(arChannel)))
	}
	o.mustRun(t, "import")
	o.hurry(t)
	if got := o.mustRun(t, "digest", "--now", "ar-daily"); !strings.Contains(got, "digest-ar to ar-daily: done.") {
		t.Errorf("after the import it prints %s", got)
	}
}

// Digests with nothing to say are counted, not printed.
func TestDigestPrintCountsWhatIsEmpty(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	// Nothing is due for years, and one rep has an unapplied credit.
	if _, err := o.raw(t, "mode=rw").ExecContext(t.Context(), `UPDATE documents SET due = due + 3650`); err != nil {
		t.Fatal(err)
	}
	got := o.mustRun(t, "digest", "--print")
	if strings.Count(got, "Your accounts, ") != 1 || !strings.Contains(got, "──── reps-daily: 5 reps have nothing overdue, and get nothing.\n") {
		t.Errorf("it prints\n%s", got)
	}
}

// runHurried runs the program with no waits between the tries of a notice.
func (o *office) runHurried(t *testing.T, args ...string) string {
	t.Helper()
	var out, said output
	ended := make(chan int, 1)
	go func() { ended <- o.program("", &out, &said).run(t.Context(), args) }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case code := <-ended:
			if code != 0 {
				t.Fatalf("arbot %s: exit code %d\n%s", strings.Join(args, " "), code, said.String())
			}
			return out.String()
		case <-tick.C:
			o.hurry(t)
		}
	}
}

// digests are the messages of digests by their places: what the admin is told is left out.
func (o *office) digests(t *testing.T) map[string]place {
	t.Helper()
	found := o.places()
	for _, p := range o.company.People() {
		if p.Role == ar.Admin {
			delete(found, p.Email)
		}
	}
	return found
}

// A digest that fails for hours is given up and marked as failed; the admin is told, and
// by hand it comes when the reason is gone.
func TestDigestThatIsGivenUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	db := o.raw(t, "mode=rw")
	if _, err := db.ExecContext(t.Context(), `ALTER TABLE documents RENAME TO lost`); err != nil {
		t.Fatal(err)
	}
	if got := o.runHurried(t, "digest", "--now", "ar-daily"); !strings.Contains(got, "digest-ar to ar-daily: failed. It was tried again and again in vain") {
		t.Errorf("it prints %s", got)
	}
	if _, err := db.ExecContext(t.Context(), `ALTER TABLE lost RENAME TO documents`); err != nil {
		t.Fatal(err)
	}
	if got := o.mustRun(t, "digest", "--now", "ar-daily"); !strings.Contains(got, "digest-ar to ar-daily: done.") {
		t.Errorf("after the mend it prints %s", got)
	}
	s := o.serve(t)
	o.await(t, s, "an alert", func(st *fakeslack.State) bool {
		alerts, _ := posted(st.DMs(o.user(t, ar.Admin)))
		return len(alerts) == 1 && strings.Contains(alerts[0].Text, "digest-ar of ar-daily: It was tried again and again in vain")
	})
	s.stop()
}

// X21: without the permission to look, what may stand there is not sent again, until
// somebody has looked and says so.
func TestX21UnconfirmedIsPostedAgainByHand(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeslack.Fault{
		"a channel": {Method: "chat.postMessage", Status: 502},
		"a rep":     {Method: "chat.postMessage", After: 3, Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, wednesday, "")
			o.slack.SetScopes(newManifest(settings{config: defaults()}, "", false).OAuth.Scopes.Bot...)
			o.mustRun(t, "import")
			digest := "ar-daily"
			if name == "a rep" {
				digest = "reps-daily"
			}
			defer o.slack.Inject(fault)()
			first := o.runHurried(t, "digest", "--now", digest)
			if !strings.Contains(first, ": unconfirmed. Slack's answer to a message was lost") || !strings.Contains(first, "`arbot digest --now --post-again`") {
				t.Fatalf("it prints %s", first)
			}
			lost := o.digests(t)
			if again := o.runHurried(t, "digest", "--now", digest); !strings.Contains(again, ": unconfirmed.") {
				t.Errorf("again it prints %s", again)
			}
			if diff := cmp.Diff(lost, o.digests(t), cmp.AllowUnexported(place{})); diff != "" {
				t.Errorf("unasked it was sent again (-before +after):\n%s", diff)
			}
			if got := o.runHurried(t, "digest", "--now", "--post-again", digest); strings.Contains(got, "unconfirmed") {
				t.Errorf("with --post-again it prints %s", got)
			}
			whole := newOffice(t, wednesday, "")
			whole.mustRun(t, "import")
			whole.mustRun(t, "digest", "--now", digest)
			if diff := cmp.Diff(whole.digests(t), o.digests(t), cmp.AllowUnexported(place{})); diff != "" {
				t.Errorf("posted again (-whole +got):\n%s", diff)
			}
		})
	}
}
