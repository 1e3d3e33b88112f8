package main

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/jobs"
	"arbot/sync/file"
)

// times are the next instants, in UTC, at which the digests of a config come.
func times(t *testing.T, config, after string, n int) (list []string) {
	t.Helper()
	s, err := parseConfig([]byte(config))
	if err != nil {
		t.Fatal(err)
	}
	start, err := time.Parse(time.RFC3339, after)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.dailies() {
		when := jobs.Daily{Hour: d.at.Hour, Minute: d.at.Minute, Zone: d.zone, Weekdays: d.days, Off: s.off}
		next := start
		for range n {
			var found bool
			if next, found = when.Next(next, s.zone); found {
				list = append(list, d.name+" "+next.UTC().Format("2006-01-02T15:04Z"))
			}
		}
	}
	return list
}

// SC-01, SC-06 and per-user times, as a company writes them.
func TestDigestTimes(t *testing.T) {
	t.Parallel()
	const digests = `digests: [{name: daily, kind: ar, channel: C01, at: "08:30"}]` + "\n"
	tests := map[string]struct {
		config, after string
		n             int
		want          []string
	}{
		"SC-01 (a)": {
			"company: {zone: America/New_York, work_week: [mon, tue, wed, thu, fri, sat, sun]}\n" + digests, "2026-10-31T04:00:00Z", 3,
			[]string{"daily 2026-10-31T12:30Z", "daily 2026-11-01T13:30Z", "daily 2026-11-02T13:30Z"},
		},
		"SC-01 (c)": {
			"company: {zone: Australia/Sydney}\ndigests: [{name: daily, kind: ar, channel: C01, at: \"10:00\"}]\n", "2026-11-15T13:00:00Z", 1,
			[]string{"daily 2026-11-15T23:00Z"},
		},
		"SC-06 with a list of holidays": {
			"company: {zone: America/New_York, holidays: [2026-11-26]}\n" + digests, "2026-11-25T04:00:00Z", 3,
			[]string{"daily 2026-11-25T13:30Z", "daily 2026-11-27T13:30Z", "daily 2026-11-30T13:30Z"},
		},
		"SC-06 with a country's calendar and an own day": {
			"company: {zone: America/New_York, calendar: us, holidays: [2026-11-27]}\n" + digests, "2026-11-25T04:00:00Z", 2,
			[]string{"daily 2026-11-25T13:30Z", "daily 2026-11-30T13:30Z"},
		},
		"days of its own": {
			"company: {zone: UTC}\ndigests: [{name: m, kind: ar, channel: C01, at: \"08:00\", days: [sun]}]\n", "2026-11-25T04:00:00Z", 2,
			[]string{"m 2026-11-29T08:00Z", "m 2026-12-06T08:00Z"},
		},
		"people with times of their own": {
			"company: {zone: America/New_York}\npeople:\n  - {email: ann@x.com, at: \"07:45\"}\n  - {email: ed@x.com, at: \"07:45\", zone: Europe/London}\n  - {email: flo@x.com}\n" +
				"digests: [{name: reps, kind: reps, at: \"08:40\"}]\n", "2026-11-25T04:00:00Z", 1,
			[]string{"reps 2026-11-25T13:40Z", "reps to ann@x.com 2026-11-25T12:45Z", "reps to ed@x.com 2026-11-25T07:45Z"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, times(t, test.config, test.after, test.n)); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
		})
	}
}

// SC-06: days without digests are days overdue all the same.
func TestSC06DaysOverdueCountOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	books := file.Contents{
		Company: ar.SourceIdentity{External: "main", Name: "Acme", Home: "USD"}, Exported: o.clock(),
		Customers: []ar.CustomerRecord{{External: "n", Name: "Nimbus Cranes"}},
		Documents: []ar.DocumentRecord{{
			Ref: ar.Ref{Kind: ar.Invoice, External: "1"}, Number: "INV-1", Customer: "n", Status: ar.Posted,
			Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 10, 26), Due: ar.NewDate(2026, 11, 25),
		}},
	}
	if err := file.WriteBundle(filepath.Join(o.dir, "books"), books); err != nil {
		t.Fatal(err)
	}
	o.mustRun(t, "import")
	for _, day := range []struct{ now, want string }{
		{"2026-11-27T08:30:00-05:00", "2 days"}, {"2026-11-30T08:30:00-05:00", "5 days"},
	} {
		o.moveTo(t, day.now)
		if got := o.mustRun(t, "digest", "--print", "ar-daily"); !strings.Contains(got, "Nimbus Cranes $900.00 · "+day.want) {
			t.Errorf("at %s:\n%s", day.now, got)
		}
	}
}

// states are the digests in the books with how far they came, and of which day.
func (o *office) states(t *testing.T) []string {
	t.Helper()
	db := o.raw(t, "mode=ro")
	return column(t, db, `SELECT DISTINCT kind || ' ' || date(day * 86400, 'unixepoch') || ' ' || state FROM posts WHERE kind LIKE 'digest-%' ORDER BY 1`)
}

// awaitState waits until the books have a digest with a day and a state.
func (o *office) awaitState(t *testing.T, state string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	for !slices.Contains(o.states(t), state) {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("the books have no %q: %q", state, o.states(t))
		}
	}
}

func (o *office) raw(t *testing.T, how string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(o.dir, "arbot.db")+"?_busy_timeout=5000&"+how)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// jobsWait waits until so many notices wait for a later time.
func (o *office) jobsWait(t *testing.T, s *service, n int) {
	t.Helper()
	db := o.raw(t, "mode=ro")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	for {
		got := column(t, db, `SELECT CAST(count(*) AS TEXT) FROM river_job WHERE state IN ('scheduled', 'retryable')`)
		if got[0] == strconv.Itoa(n) {
			return
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("%s notices wait for later, want %d\n%s", got[0], n, s.out.String())
		}
	}
}

// hurry ends the waits of all notices, as time does: the clock of the test goes ahead of
// that of the queue.
func (o *office) hurry(t *testing.T) {
	t.Helper()
	if _, err := o.raw(t, "mode=rw").ExecContext(t.Context(),
		`UPDATE river_job SET state = 'available', scheduled_at = created_at WHERE state IN ('scheduled', 'retryable')`); err != nil {
		t.Fatal(err)
	}
}

// lateDigests makes a company whose digests come at 19:50, with quiet hours.
func (o *office) lateDigests(t *testing.T, quiet string) {
	t.Helper()
	o.reconfigure(t, func(config string) string {
		config = strings.NewReplacer(`"08:30"`, `"19:50"`, `"08:35"`, `"19:51"`, `"08:40"`, `"19:52"`).Replace(config)
		return strings.Replace(config, "currency: USD", "currency: USD, quiet: "+quiet, 1)
	})
}

// A digest that is made up for in the quiet hours waits for their end, if its day lasts
// so long. One that somebody asks for comes at once.
func TestQuietHoursHoldDigestsBack(t *testing.T) {
	t.Parallel()
	t.Run("until their end", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, "2026-11-25T20:10:00-05:00", "")
		o.lateDigests(t, `{from: "20:00", to: "21:00"}`)
		o.mustRun(t, "import")
		s := o.serve(t)
		posts := 2 + o.repsWithAccounts()
		o.jobsWait(t, s, posts)
		o.await(t, s, "the checklist", func(st *fakeslack.State) bool { return len(st.Calls("chat.postMessage")) > 0 })
		s.stop()
		if n := o.count(); n != 1 { // the checklist: the admin has just set it up
			t.Errorf("%d messages were posted in the quiet hours, want the checklist alone", n)
		}
		o.moveTo(t, "2026-11-25T21:00:30-05:00")
		o.hurry(t)
		s = o.serve(t)
		o.await(t, s, "the digests", o.digestsStand)
		s.stop()
		if heads, _ := posted(o.slack.Messages(arChannel)); len(heads) != 1 || !strings.Contains(heads[0].Text, "25 Nov 2026") {
			t.Errorf("%d digests", len(heads))
		}
	})
	t.Run("or are left out", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, "2026-11-25T20:10:00-05:00", "")
		o.lateDigests(t, `{from: "20:00", to: "07:30"}`)
		o.mustRun(t, "import")
		s := o.serve(t)
		s.logged(t, `"msg":"a digest was not posted while its day lasted, and is left out"`, 2+o.repsWithAccounts())
		s.stop()
		want := []string{"digest-ar 2026-11-25 missed", "digest-rep 2026-11-25 missed", "digest-sales 2026-11-25 missed"}
		if diff := cmp.Diff(want, o.states(t)); diff != "" {
			t.Errorf("digests (-want +got):\n%s", diff)
		}
		if got := o.mustRun(t, "digest", "--now", "ar-daily"); !strings.Contains(got, "digest-ar to ar-daily: done.") {
			t.Errorf("by hand it prints %s", got)
		}
	})
}

// repsWithAccounts is how many digests to reps there are.
func (o *office) repsWithAccounts() (n int) {
	for _, p := range o.company.People() {
		if p.Role == ar.Rep {
			n++
		}
	}
	return n
}

// SC-04: what was planned before an outage of days is not posted after it: there is one
// digest, of today.
func TestSC04AfterAnOutageOfDays(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2026-11-19T08:45:00-05:00", "")
	o.mustRun(t, "import")
	lift := o.slack.Inject(fakeslack.Fault{Method: "chat.postMessage", Times: -1, RetryAfter: time.Hour})
	s := o.serve(t)
	o.jobsWait(t, s, 4+o.repsWithAccounts()) // the checklist and the managers' week wait, too
	s.stop()
	lift()
	if n := len(o.slack.Messages(arChannel)); n != 0 {
		t.Fatalf("%d messages stand before the outage ends", n)
	}
	o.moveTo(t, "2026-11-25T10:15:00-05:00")
	o.hurry(t)
	s = o.serve(t)
	o.await(t, s, "the digests of the day", o.digestsStand)
	s.logged(t, `"msg":"a digest was not posted while its day lasted, and is left out"`, 2+o.repsWithAccounts())
	s.stop()
	for name, p := range o.places() {
		if len(p.heads) != 1 || strings.Contains(p.heads[0], "Thu 19 Nov") {
			t.Errorf("%s has %q", name, p.heads)
		}
	}
	heads, _ := posted(o.slack.Messages(arChannel))
	if len(heads) != 1 || !strings.Contains(heads[0].Text, "Wed 25 Nov 2026") {
		t.Errorf("AR has %d digests", len(heads))
	}
	if got := o.states(t); !slices.Contains(got, "digest-ar 2026-11-19 missed") || !slices.Contains(got, "digest-ar 2026-11-25 done") {
		t.Errorf("the books say %q", got)
	}
}

// reader is a rep who has got a digest, by e-mail address and by id.
func (o *office) reader(t *testing.T) (email, user string) {
	t.Helper()
	for i, p := range o.company.People() {
		if p.Role == ar.Rep && len(o.slack.DMs(demoUser(i))) > 0 {
			return p.Email, demoUser(i)
		}
	}
	t.Fatal("no rep has a digest")
	return "", ""
}

// personal finds a rep with a digest in a company of the same books, and adds settings to
// that person's entry.
func personal(t *testing.T, now, settings string) (o *office, user string) {
	t.Helper()
	first := newOffice(t, now, "")
	first.mustRun(t, "import")
	first.mustRun(t, "digest", "--now")
	email, user := first.reader(t)
	o = newOffice(t, now, "")
	o.reconfigure(t, func(config string) string {
		return strings.Replace(config, "{email: "+email+",", "{"+settings+", email: "+email+",", 1)
	})
	o.mustRun(t, "import")
	return o, user
}

// A rep with a time of the own gets the digest then, once, and not at the time of the others.
func TestARepWithAnOwnTime(t *testing.T) {
	t.Parallel()
	o, user := personal(t, wednesday, `at: "10:00"`)
	s := o.serve(t)
	o.await(t, s, "the digests of the others", func(st *fakeslack.State) bool {
		return len(st.Messages(arChannel)) > 0 && len(st.Messages(salesChannel)) > 0
	})
	s.stop()
	if n := len(o.slack.DMs(user)); n != 0 {
		t.Errorf("%d messages came before the own time", n)
	}
	for range 2 {
		o.moveTo(t, "2026-11-25T10:01:00-05:00")
		s = o.serve(t)
		o.await(t, s, "the digest", func(st *fakeslack.State) bool { return len(st.DMs(user)) > 0 })
		s.stop()
	}
	if heads, _ := posted(o.slack.DMs(user)); len(heads) != 1 {
		t.Errorf("%d digests came at the own time, want one", len(heads))
	}
}

// Who is away has a deputy read the digest, with a note; and reads it again at the return.
func TestADeputyReadsForSomebodyAway(t *testing.T) {
	t.Parallel()
	o, user := personal(t, wednesday, "deputy: deputy@example.com, away: [{from: 2026-11-23, to: 2026-11-25}]")
	const deputy = "U0DEPUTY"
	o.slack.PutUser(fakeslack.User{ID: deputy, Name: "deputy", RealName: "Dee Puty", Email: "deputy@example.com", TZ: demoZone, TeamID: demoTeam})
	o.mustRun(t, "digest", "--now", "reps-daily")
	if n := len(o.slack.DMs(user)); n != 0 {
		t.Errorf("%d messages went to somebody who is away", n)
	}
	heads, _ := posted(o.slack.DMs(deputy))
	if len(heads) != 1 || !strings.HasPrefix(heads[0].Text, "For ") || !strings.Contains(string(heads[0].Blocks), "who is away until Wed 25 Nov 2026.") {
		t.Errorf("the deputy reads %v", heads)
	}
	o.moveTo(t, "2026-11-26T09:30:00-05:00")
	o.mustRun(t, "digest", "--now", "reps-daily")
	if heads, _ := posted(o.slack.DMs(user)); len(heads) != 1 {
		t.Errorf("%d digests came after the return, want one", len(heads))
	}
	if heads, _ := posted(o.slack.DMs(deputy)); len(heads) != 1 {
		t.Errorf("the deputy has %d digests, want the one of the absence", len(heads))
	}
}

// Quiet hours of a person, in the person's zone, hold back what comes by itself, over a
// restart, and nothing that the person asked for.
func TestQuietHoursOfAPersonHoldDirectMessages(t *testing.T) {
	t.Parallel()
	o, user := personal(t, wednesday, `at: "13:30", zone: Europe/London`) // 08:30 at the company
	o.with(t, func(a *app) {
		quiet := ar.Preferences{QuietFrom: "12:45", QuietTo: "15:00"}
		if err := a.desk.SetPreferences(t.Context(), ar.Actor{User: user, Roles: []ar.Role{ar.Rep}}, quiet); err != nil {
			t.Fatal(err)
		}
		if err := a.desk.Alert(t.Context(), user, "topic", "Something is wrong."); err != nil {
			t.Fatal(err)
		}
		if err := a.desk.TellLater(t.Context(), user, "D1", "Saved."); err != nil {
			t.Fatal(err)
		}
	})
	s := o.serve(t)
	o.await(t, s, "the answer", func(st *fakeslack.State) bool { return len(st.DMs(user)) > 0 })
	o.jobsWait(t, s, 2) // the digest and the alert
	s.stop()
	if got := o.slack.DMs(user); len(got) != 1 || !strings.HasSuffix(got[0].Text, "Saved.") {
		t.Errorf("in the quiet hours came %d messages: %v", len(got), got)
	}
	for range 2 {
		o.moveTo(t, "2026-11-25T10:00:30-05:00")
		o.hurry(t)
		s = o.serve(t)
		o.await(t, s, "what waited", func(st *fakeslack.State) bool {
			heads, _ := posted(st.DMs(user))
			return len(heads) >= 3
		})
		s.stop()
	}
	if heads, _ := posted(o.slack.DMs(user)); len(heads) != 3 {
		t.Errorf("%d messages came after them, want 3", len(heads))
	}
}

// with does something with the program that ended before it begins.
func (o *office) with(t *testing.T, do func(a *app)) {
	t.Helper()
	a, _ := o.app(t)
	do(a)
	if err := a.close(); err != nil {
		t.Fatal(err)
	}
}
