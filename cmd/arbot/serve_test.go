package main

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/internal/sampleco"
	"arbot/store/storetest"
)

// office is a company with its Slack: the shell has a config that fits both.
type office struct {
	*shell

	company *sampleco.Company
	slack   *fakeslack.Server
}

// newOffice makes a company whose books are exported as of the clock's day. Small books
// keep the tests quick.
func newOffice(t *testing.T, now string, slackSettings string) *office {
	t.Helper()
	o := &office{shell: newShell(t, now)}
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		t.Fatal(err)
	}
	today := ar.DateOf(o.clock(), zone)
	o.company = sampleco.New(sampleco.Options{Seed: 7, Today: today, Months: 6, Customers: 30, Invoices: 200})
	workspace, config := officeWorld(o.company)
	config = strings.Replace(config, "slack: {", "slack: {listen: '127.0.0.1:0', "+slackSettings, 1)
	o.write(t, "arbot.yaml", config)
	storetest.EmptyFile(t, filepath.Join(o.dir, "arbot.db"))
	o.export(t, today)
	m := newManifest(settings{config: defaults()}, "", true)
	o.slack, err = fakeslack.New(fakeslack.Options{Now: o.clock, Workspace: workspace, PostBurst: -1, Scopes: m.OAuth.Scopes.Bot, Subscriptions: m.Settings.Events.Bot})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.slack.Close)
	o.env["ARBOT_SLACK_BOT_TOKEN"] = o.slack.BotToken()
	o.env["ARBOT_SLACK_APP_TOKEN"] = o.slack.AppToken()
	o.env["ARBOT_SLACK_SIGNING_SECRET"] = o.slack.SigningSecret()
	o.env["ARBOT_SLACK_API_URL"] = o.slack.URL()
	return o
}

// officeWorld is the demo's, without the ladder: its reports would stand among the digests.
func officeWorld(c *sampleco.Company) (fakeslack.Workspace, string) {
	workspace, config := demoWorld(c)
	config, _, _ = strings.Cut(config, "escalations:")
	return workspace, config
}

func (o *office) export(t *testing.T, day ar.Date) {
	t.Helper()
	if err := o.company.WriteBundle(filepath.Join(o.dir, "books"), day, o.clock()); err != nil {
		t.Fatal(err)
	}
}

// reconfigure writes the config anew, changed.
func (o *office) reconfigure(t *testing.T, change func(config string) string) {
	t.Helper()
	_, config := officeWorld(o.company)
	config = strings.Replace(config, "slack: {", "slack: {listen: '127.0.0.1:0', ", 1)
	o.write(t, "arbot.yaml", change(config))
}

// service is a running `arbot serve`.
type service struct {
	stop func() ran
	out  *output
}

// serve starts the program; it is stopped at the end of the test at the latest.
func (o *office) serve(t *testing.T) *service {
	t.Helper()
	s := &service{out: &output{}}
	p := o.program("", &output{}, s.out)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, []string{"serve"}) }()
	stopped := false
	var last ran
	s.stop = func() ran {
		if !stopped {
			stopped = true
			cancel()
			last = ran{<-ended, "", s.out.String()}
		}
		return last
	}
	t.Cleanup(func() { s.stop() })
	return s
}

// await waits for a state of Slack, and says what the program logged if it never comes.
func (o *office) await(t *testing.T, s *service, what string, condition func(*fakeslack.State) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if err := o.slack.Await(ctx, condition); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, s.out.String())
	}
}

// logged waits until a text stands in the log so many times, and returns the last line
// with it.
func (s *service) logged(t *testing.T, text string, times int) (line string) {
	t.Helper()
	limit := time.NewTimer(tooLong)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		found := 0
		for l := range strings.Lines(s.out.String()) {
			if strings.Contains(l, text) {
				line = l
				found++
			}
		}
		if found >= times {
			return line
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("the log has %q %d times, want %d:\n%s", text, found, times, s.out.String())
		}
	}
}

// address is where the service listens.
func (s *service) address(t *testing.T) string {
	t.Helper()
	var line struct {
		Listen string `json:"listen"`
	}
	if err := json.Unmarshal([]byte(s.logged(t, `"msg":"arbot serves"`, 1)), &line); err != nil {
		t.Fatal(err)
	}
	return line.Listen
}

// typeIn types a command as somebody, and returns the text of the answer.
func (o *office) typeIn(t *testing.T, user, channel, text string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	d, err := o.slack.Slash(ctx, fakeslack.Command{User: user, Channel: channel, Command: "/ar", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	var said []fakeslack.Message
	if err := o.slack.Await(ctx, func(st *fakeslack.State) bool {
		said = st.Answers(d)
		return len(said) > 0
	}); err != nil {
		t.Fatal(err)
	}
	return said[0].Text + string(said[0].Blocks)
}

// user is the id of the nth person with a role.
func (o *office) user(t *testing.T, role ar.Role) string {
	t.Helper()
	n := slices.IndexFunc(o.company.People(), func(p sampleco.Person) bool { return p.Role == role })
	if n < 0 {
		t.Fatalf("the company has no %s", role)
	}
	return demoUser(n)
}

// posted are the live messages that the bot posted in a channel, heads and replies. The
// checklist of an admin is left out.
func posted(messages []fakeslack.Message) (heads, replies []fakeslack.Message) {
	for _, m := range messages {
		switch {
		case m.Deleted || m.Via != "chat.postMessage" && len(m.Files) == 0 || isChecklist(m):
		case m.ThreadTS == "":
			heads = append(heads, m)
		default:
			replies = append(replies, m)
		}
	}
	return heads, replies
}

// digestsStand reports whether AR, sales and a rep have their digests. (A rep without
// overdue accounts gets none.)
func (o *office) digestsStand(st *fakeslack.State) bool {
	reps := 0
	for i, p := range o.company.People() {
		if p.Role == ar.Rep && len(st.DMs(demoUser(i))) > 0 {
			reps++
		}
	}
	return reps > 0 && len(st.Messages(arChannel)) > 0 && len(st.Messages(salesChannel)) > 0
}

func isChecklist(m fakeslack.Message) bool {
	return strings.HasPrefix(m.Text, "arbot is set up") || strings.HasPrefix(m.Text, "arbot is being set up")
}

func TestServe(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"socket", "http"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, wednesday, "mode: "+mode+", ")
			o.mustRun(t, "import")
			s := o.serve(t)
			address := "http://" + s.address(t)
			if mode == "http" {
				o.slack.SetEndpoints(fakeslack.Endpoints{
					Commands: address + "/slack/commands", Interactivity: address + "/slack/interactivity", Events: address + "/slack/events",
				})
			} else {
				o.await(t, s, "a connection", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
			}
			clerk, rep := o.user(t, ar.ARClerk), o.user(t, ar.Rep)
			if got := o.typeIn(t, clerk, arChannel, "status acme"); !strings.Contains(got, "Acme Corporation") || !strings.Contains(got, "$1,150.00") {
				t.Errorf("status acme says %s", got)
			}
			if got := o.typeIn(t, rep, salesChannel, "mine"); !strings.Contains(got, "overdue") {
				t.Errorf("mine says %s", got)
			}
			o.await(t, s, "the digests of the day", o.digestsStand)
			if got := o.mustRun(t, "healthcheck", address+"/readyz"); got != "ready\n" {
				t.Errorf("healthcheck says %q", got)
			}
			second := o.run(t, "serve")
			if second.code != 1 || second.err != "arbot serve: "+errServed.Error()+"\n" {
				t.Errorf("a second serve ends with %d and says %s", second.code, second.err)
			}
			if got := s.stop(); got.code != 0 || strings.Contains(got.err, `"level":"ERROR"`) {
				t.Errorf("it stops with %d and logs\n%s", got.code, got.err)
			}
			for _, c := range o.slack.Calls() {
				if c.Error == "missing_scope" {
					t.Errorf("the manifest asks for no scope of %s", c.Method)
				}
			}
			if strings.Contains(s.out.String(), o.slack.BotToken()) || strings.Contains(s.out.String(), "Acme") {
				t.Errorf("the log tells a secret or a customer:\n%s", s.out.String())
			}
		})
	}
}

// Digests are caught up at a start within the grace of six hours, on business days only.
func TestServeCatchesUp(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		now, limits string
		posts       bool
	}{
		"an hour late":           {now: wednesday, posts: true},
		"before its time":        {now: "2026-11-25T07:00:00-05:00"},
		"beyond the grace":       {now: "2026-11-25T15:00:00-05:00"},
		"beyond a shorter grace": {now: wednesday, limits: "limits: {catch_up: 30m}\n"},
		"on a Saturday":          {now: "2026-11-28T09:30:00-05:00"},
		"on a holiday":           {now: "2026-11-26T09:30:00-05:00"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, test.now, "")
			o.reconfigure(t, func(config string) string {
				return strings.Replace(config, "currency: USD", "currency: USD, holidays: [2026-11-26]", 1) + test.limits
			})
			o.mustRun(t, "import")
			s := o.serve(t)
			o.await(t, s, "a connection", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
			if test.posts {
				o.await(t, s, "the digests of the day", o.digestsStand)
			}
			o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging")
			s.stop()
			if !test.posts {
				if heads, _ := posted(o.slack.Messages(arChannel)); len(heads) != 0 {
					t.Errorf("%d digests were posted: %s", len(heads), heads[0].Text)
				}
			}
		})
	}
}

// X03: the same day's digest is edited in its place, by whomever it is run again.
func TestX03DigestAgainEditsInPlace(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	first := o.mustRun(t, "digest", "--now")
	if !strings.Contains(first, "digest-ar to ar-daily: done.") || !strings.Contains(first, "digest-rep to rep:") {
		t.Errorf("it prints %s", first)
	}
	before, replies := posted(o.slack.Messages(arChannel))
	if len(before) != 1 || len(replies) == 0 {
		t.Fatalf("%d digests with %d replies, want one with some", len(before), len(replies))
	}
	updates := len(o.slack.Calls("chat.update"))
	o.mustRun(t, "digest", "--now", "ar-daily")
	if n := len(o.slack.Calls("chat.update")); n != updates {
		t.Errorf("%d messages were edited though nothing changed", n-updates)
	}
	// The owner of an account is another now: other words, the same place.
	o.reconfigure(t, func(config string) string {
		return config + "owners: [{customer: Acme Corporation, owner: " + o.company.People()[0].Email + "}]\n"
	})
	o.mustRun(t, "import")
	o.mustRun(t, "digest", "--now", "ar-daily")
	if n := len(o.slack.Calls("chat.update")); n == updates {
		t.Error("nothing was edited though an owner changed")
	}
	after, again := posted(o.slack.Messages(arChannel))
	if len(after) != 1 || after[0].TS != before[0].TS || len(again) != len(replies) {
		t.Errorf("%d digests with %d replies, want the one with %d in its place", len(after), len(again), len(replies))
	}
}

// A ledger that cannot be read is told to the admins once a day, and the digest goes out
// with what is known.
func TestServeAlertsOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	o.write(t, "books/documents.csv", "nonsense\n")
	admin := o.user(t, ar.Admin)
	for range 2 {
		s := o.serve(t)
		o.await(t, s, "the digests and an alert", func(st *fakeslack.State) bool {
			heads, _ := posted(st.DMs(admin))
			return o.digestsStand(st) && len(heads) > 0
		})
		s.logged(t, `"msg":"sync failed","ledger":"main"`, 3) // once for each digest
		if got := s.stop(); got.code != 0 {
			t.Fatalf("it stops with %d and logs\n%s", got.code, got.err)
		}
	}
	alerts, _ := posted(o.slack.DMs(admin))
	if len(alerts) != 1 || !strings.Contains(alerts[0].Text, "I could not read the ledger main") || !strings.Contains(alerts[0].Text, "documents.csv") {
		t.Errorf("%d alerts, want one that names the ledger and the file: %v", len(alerts), alerts)
	}
	if got := o.run(t, "import"); got.code != 1 || !strings.Contains(got.err, "documents.csv") {
		t.Errorf("import ends with %d and says %s", got.code, got.err)
	}
}

func TestDigestPrintPostsNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.mustRun(t, "import")
	got := o.mustRun(t, "digest", "--print", "ar-daily")
	if !strings.Contains(got, "Overdue on Wed 25 Nov 2026") || !strings.Contains(got, "first look") {
		t.Errorf("it prints\n%s", got)
	}
	if n := len(o.slack.Calls()); n != 0 {
		t.Errorf("Slack was called %d times", n)
	}
}

func TestDigestBesideServe(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2026-11-25T07:00:00-05:00", "")
	o.mustRun(t, "import")
	s := o.serve(t)
	s.address(t)
	got := o.mustRun(t, "digest", "--now")
	if !strings.Contains(got, "digest-ar to ar-daily: done.") {
		t.Errorf("it prints %s", got)
	}
	s.stop()
	if heads, _ := posted(o.slack.Messages(arChannel)); len(heads) != 1 {
		t.Errorf("%d digests, want one", len(heads))
	}
}

func TestServeSaysWhatSlackRefuses(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.env["ARBOT_SLACK_BOT_TOKEN"] = "xoxb-of-another-app"
	if got := o.run(t, "serve"); got.code != 3 || !strings.Contains(got.err, "Slack does not let arbot in") || strings.Contains(got.err, "xoxb-of") {
		t.Errorf("it ends with %d and says %s", got.code, got.err)
	}
}

func TestBackupAndMigrate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	if got := o.mustRun(t, "migrate"); !strings.HasPrefix(got, "The sqlite database has the schema of arbot ") {
		t.Errorf("migrate prints %s", got)
	}
	o.mustRun(t, "import")
	path := filepath.Join(o.dir, "copy.db")
	if got := o.mustRun(t, "backup", path); !strings.Contains(got, "saved in "+path) {
		t.Errorf("backup prints %s", got)
	}
	want := o.mustRun(t, "digest", "--print", "ar-daily")
	o.reconfigure(t, func(config string) string { return config + "database: copy.db\n" })
	if got := o.mustRun(t, "digest", "--print", "ar-daily"); got != want {
		t.Errorf("the copy says\n%s\nwant\n%s", got, want)
	}
}
