package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/internal/sampleco"
)

// killRounds is how often each kill test starts from new; ARBOT_KILL_ROUNDS asks for more.
func killRounds(t *testing.T, usual int) int {
	t.Helper()
	rounds, err := strconv.Atoi(os.Getenv("ARBOT_KILL_ROUNDS"))
	if err != nil {
		return usual
	}
	return rounds
}

// child is the program in a process of its own.
type child struct {
	*exec.Cmd

	out *output
}

// start starts the program as a process of its own, by the clock of the shell.
func (s *shell) start(t *testing.T, args ...string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{exec.CommandContext(t.Context(), self, args...), &output{}}
	c.Env = append(os.Environ(), childClock+"="+s.clock().Format(time.RFC3339Nano)+" "+time.Now().Format(time.RFC3339Nano))
	for name, value := range s.env {
		c.Env = append(c.Env, name+"="+value)
	}
	c.Stdout, c.Stderr = c.out, c.out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// kill ends it by SIGKILL, and reports whether it was still running.
func (c *child) kill(t *testing.T) (killed bool) {
	t.Helper()
	if err := c.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		return c.ProcessState.ExitCode() == -1 // by a signal
	}
	return false
}

// finish waits until it ends well.
func (c *child) finish(t *testing.T) string {
	t.Helper()
	if err := c.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, c.out.String())
	}
	return c.out.String()
}

// books are the contents of a SQLite file, without what differs between two runs: ids
// of ours and times.
func books(t *testing.T, path string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, query := range []string{
		`SELECT 'customer ' || c.external || '|' || c.name || '|' || c.owner || '|' || COALESCE(p.external, '') || '|' || c.deleted
		 FROM customers c LEFT JOIN customers p ON p.id = c.parent_id ORDER BY 1`,
		`SELECT 'document ' || d.kind || ' ' || d.external || '|' || c.external || '|' || d.currency || '|' || d.amount || '|' || d.effect || '|' ||
		 d.date || '|' || d.due || '|' || d.status || '|' || d.closed_on FROM documents d JOIN customers c ON c.id = d.customer_id ORDER BY 1`,
		`SELECT 'application ' || a.external || '|' || COALESCE(f.external, '') || '|' || i.external || '|' || a.kind || '|' || a.amount || '|' ||
		 a.date || '|' || COALESCE(a.effective, '') || '|' || a.deleted
		 FROM applications a LEFT JOIN documents f ON f.id = a.from_id JOIN documents i ON i.id = a.to_id ORDER BY 1`,
		`SELECT 'tie-out ' || currency || '|' || ledger || '|' || ours FROM tie_outs ORDER BY 1`,
		`SELECT 'found by ' || c.external || '|' || s.matched || '|' || s.term FROM search_terms s JOIN customers c ON c.id = s.customer_id ORDER BY 1`,
	} {
		rows = append(rows, column(t, db, query)...)
	}
	return rows
}

func column(t *testing.T, db *sql.DB, query string) (texts []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}

// An import that is killed at any moment, several times over, and then repeated leaves the
// books of an import that nobody disturbed. One more changes nothing.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2026, 11))
	day, err := ar.ParseDate("2026-11-25")
	if err != nil {
		t.Fatal(err)
	}
	company := sampleco.New(sampleco.Options{Seed: 3, Today: day, Customers: 400, Invoices: 8000})
	setUp := func() *shell {
		s := newShell(t, wednesday)
		s.write(t, "arbot.yaml", valid)
		if err := company.WriteBundle(filepath.Join(s.dir, "export"), day, s.clock()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	clean := setUp()
	clean.start(t, "import").finish(t)
	want := books(t, filepath.Join(clean.dir, "arbot.db"))
	for range killRounds(t, 3) {
		s := setUp()
		kills := 0
		for range 4 {
			c := s.start(t, "import")
			awaitRecords(t, filepath.Join(s.dir, "arbot.db"), random.IntN(len(want)*9/10))
			if c.kill(t) {
				kills++
			}
		}
		if kills == 0 {
			t.Error("nothing was killed")
		}
		last := s.start(t, "import").finish(t)
		t.Logf("%d kills; then: %s", kills, last)
		if strings.Contains(last, "Does not tie") {
			t.Errorf("after %d kills:\n%s", kills, last)
		}
		got := books(t, filepath.Join(s.dir, "arbot.db"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("after %d kills the books differ (-want +got):\n%s", kills, diff)
		}
		if again := s.start(t, "import", "--full").finish(t); !strings.Contains(again, "nothing changed") {
			t.Errorf("one more import changes something:\n%s", again)
		}
		if got := books(t, filepath.Join(s.dir, "arbot.db")); !slices.Equal(got, want) {
			t.Error("one more import changed the books")
		}
	}
}

// awaitRecords waits until the run that is under way has done so many records, or has
// ended.
func awaitRecords(t *testing.T, path string, records int) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	last := 0
	for {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("the import has done %d records, want %d", last, records)
		}
		// Until the file has its tables there is an error, and nothing done.
		var done int
		var ended bool
		err := db.QueryRowContext(t.Context(), `SELECT done, finished IS NOT NULL FROM runs ORDER BY id DESC LIMIT 1`).Scan(&done, &ended)
		if err == nil && (ended || done >= records && done != last) {
			return
		}
		if err == nil && last == 0 {
			last = done // of the run before, which was killed
		}
	}
}

// place is what stands in a channel or a direct message: the texts of heads and replies.
type place struct{ heads, replies []string }

// places are all the places to which digests go.
func (o *office) places() map[string]place {
	all := map[string]place{}
	note := func(name string, messages []fakeslack.Message) {
		heads, replies := posted(messages)
		if len(heads)+len(replies) == 0 {
			return
		}
		var p place
		var pictures []string
		for _, m := range heads {
			p.heads = append(p.heads, m.Text)
		}
		for _, m := range replies {
			if len(m.Files) > 0 { // which come when they can
				pictures = append(pictures, o.names(m.Files))
				continue
			}
			p.replies = append(p.replies, m.Text)
			if len(heads) > 0 && m.ThreadTS != heads[0].TS {
				p.replies = append(p.replies, "(in another thread)")
			}
		}
		slices.Sort(pictures)
		p.replies = append(p.replies, pictures...)
		all[name] = p
	}
	note("ar", o.slack.Messages(arChannel))
	note("sales", o.slack.Messages(salesChannel))
	note("managers", o.slack.Messages(bossChannel))
	for i, p := range o.company.People() {
		note(p.Email, o.slack.DMs(demoUser(i)))
	}
	return all
}

// names are those of files of a message.
func (o *office) names(ids []string) string {
	var names []string
	for _, f := range o.slack.Files() {
		if slices.Contains(ids, f.ID) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, " ")
}

// Digests whose posting is killed at any message, several times over, with answers of Slack
// lost on the way, stand complete and once when they are run again.
func TestKilledDigest(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2026, 25))
	clean := newOffice(t, wednesday, "")
	clean.start(t, "import").finish(t)
	clean.start(t, "digest", "--now").finish(t)
	want := clean.places()
	messages := 0
	for _, p := range want {
		messages += len(p.heads) + len(p.replies)
	}
	if len(want) < 4 || messages < 15 {
		t.Fatalf("%d messages in %d places are too few for this test", messages, len(want))
	}
	for round := range killRounds(t, 6) {
		o := newOffice(t, wednesday, "")
		o.start(t, "import").finish(t)
		var story []string
		for range 1 + random.IntN(4) {
			verb := [][]string{{"serve"}, {"digest", "--now"}}[random.IntN(2)]
			story = append(story, o.killAt(t, random, messages, verb))
		}
		o.start(t, "digest", "--now").finish(t)
		t.Logf("round %d: %s", round, strings.Join(story, "; "))
		if diff := cmp.Diff(want, o.places(), cmp.AllowUnexported(place{})); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", round, diff)
		}
	}
}

// killAt starts a verb and kills it at a random message of those that are left: while Slack holds the call, after
// Slack took the message and lost the answer, or in the midst of all.
func (o *office) killAt(t *testing.T, random *rand.Rand, messages int, verb []string) (story string) {
	t.Helper()
	for _, p := range o.places() {
		messages -= len(p.heads) + len(p.replies)
	}
	n, how := random.IntN(max(1, messages)), random.IntN(3)
	held := make(chan struct{})
	switch how {
	case 0:
		defer o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", After: n, Hold: held})()
	case 1:
		defer o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", After: n, LoseAnswer: true})()
	}
	defer close(held)
	before := o.count()
	c := o.start(t, verb...)
	waiting, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	// With all of it posted there are no such calls, and it is killed a little later.
	_ = o.slack.Await(waiting, func(st *fakeslack.State) bool { return len(st.Calls("chat.postMessage"))-before >= n })
	pause := time.NewTimer(time.Duration(random.IntN(8)) * time.Millisecond)
	<-pause.C
	killed := c.kill(t)
	return fmt.Sprintf("message %d of %s (%s, killed %t)", n, verb[0], []string{"held", "answer lost", "plain"}[how], killed)
}

func (o *office) count() int { return len(o.slack.Calls("chat.postMessage")) }
