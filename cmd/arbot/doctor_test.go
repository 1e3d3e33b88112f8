package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"arbot/ar"
	"arbot/internal/fakeslack"
)

// steady takes out of what doctor prints what differs from run to run.
func (o *office) steady(text string) string {
	text = strings.ReplaceAll(text, o.dir, "DIR")
	text = regexp.MustCompile(`\d+\.\d GB`).ReplaceAllString(text, "9.9 GB")
	return regexp.MustCompile(`schema \d+`).ReplaceAllString(text, "schema N")
}

// healthyOffice is a company that runs: imported, backed up, its digests posted.
func healthyOffice(t *testing.T, settings string) *office {
	t.Helper()
	o := newOffice(t, wednesday, settings)
	o.mustRun(t, "import")
	o.mustRun(t, "backup", o.dir+"/copy.db")
	o.mustRun(t, "digest", "--now")
	return o
}

func TestDoctorOnAHealthyCompany(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, mode string) {
		t.Helper()
		o := healthyOffice(t, "mode: "+mode+", ")
		before := len(o.slack.Calls("chat.postMessage"))
		got := o.run(t, "doctor")
		if got.code != 0 || got.err != "" {
			t.Errorf("it ends with %d and says %s", got.code, got.err)
		}
		golden(t, "doctor_healthy_"+mode+".txt", o.steady(got.out))
		if n := len(o.slack.Calls("chat.postMessage")) - before; n != 0 {
			t.Errorf("doctor posted %d messages", n)
		}
	})
}

// Beside a running bot doctor opens no connection of its own, which would take what Slack
// sends, and every message is one that the bot had planned.
func TestDoctorDisturbsNoRunningBot(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, mode string) {
		t.Helper()
		o := healthyOffice(t, "mode: "+mode+", ")
		s := o.connected(t, mode)
		if got := o.run(t, "doctor"); got.code != 0 || got.err != "" {
			t.Errorf("doctor ends with %d and says %s", got.code, got.err)
		}
		if mode == "socket" {
			o.await(t, s, "the one connection of the bot", func(st *fakeslack.State) bool { return st.Connections() == 1 && st.Sockets() == 1 })
		}
		if said := o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "overdue"); !strings.Contains(said, "overdue") {
			t.Errorf("the bot answers %s", said)
		}
		if got := s.stop(); got.code != 0 {
			t.Errorf("serve ends with %d and logs %s", got.code, got.err)
		}
		planned := column(t, o.raw(t, "mode=ro"), `SELECT channel || ' ' || ts FROM post_parts`)
		for _, c := range o.slack.Calls("chat.postMessage") {
			var at struct {
				Channel string `json:"channel"`
				TS      string `json:"ts"`
			}
			if err := json.Unmarshal(c.Answer, &at); err != nil || !slices.Contains(planned, at.Channel+" "+at.TS) {
				t.Errorf("a message that nobody planned: %s %v", c.Answer, err)
			}
		}
	})
}

// broken is a company in which about everything is wrong.
func broken(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, wednesday, "")
	o.slack.PutChannel(fakeslack.Channel{ID: "C0OLD", Name: "old", Archived: true, Members: []string{demoBot}})
	o.slack.PutUserGroup(fakeslack.UserGroup{ID: "S0EMPTY", Handle: "empty"})
	o.slack.PutUser(fakeslack.User{ID: "U0GUEST", Name: "guest", Email: "guest@example.com", TeamID: demoTeam, IsRestricted: true})
	people := o.company.People()
	o.reconfigure(t, func(config string) string {
		config = strings.Replace(config, "slack: {", "slack: {fallback_channel: C0OLD, ", 1)
		config = strings.Replace(config, "share_channels: [", "share_channels: [C0GONE, ", 1)
		config = strings.Replace(config, "  managers: [", "  managers: [nobody@example.com, '@empty', '@none', U0GUEST, ", 1)
		config = strings.Replace(config, "  reps: ["+people[0].Email+", ", "  reps: [", 1)
		return config + "  - {name: never, kind: ar, channel: C0ARTEAM, at: \"08:00\", days: [sat]}\n" +
			"owners: [{customer: Acme Corporation, owner: Somebody Else}]\nlimits: {stale_after: 1h}\n"
	})
	o.mustRun(t, "import")
	o.slack.SetScopes("app_mentions:read", "channels:read", "groups:read", "chat:write", "commands", "users:read", "users:read.email", "usergroups:read")
	if err := o.slack.Leave(salesChannel, demoBot); err != nil {
		t.Fatal(err)
	}
	if err := o.slack.ShareExternally(arChannel, "T0THEM"); err != nil {
		t.Fatal(err)
	}
	if err := o.slack.Deactivate(demoUser(1)); err != nil {
		t.Fatal(err)
	}
	lift := o.slack.Inject(fakeslack.Fault{Method: "apps.connections.open", Times: -1, Error: "not_allowed_token_type"})
	t.Cleanup(lift)
	o.moveTo(t, "2026-11-25T13:30:00-05:00")
	return o
}

func TestDoctorOnABrokenCompany(t *testing.T) {
	t.Parallel()
	o := broken(t)
	got := o.run(t, "doctor")
	if got.code != 1 || !strings.Contains(got.err, "checks failed") {
		t.Errorf("it ends with %d and says %s", got.code, got.err)
	}
	golden(t, "doctor_broken.txt", o.steady(got.out))
	asJSON := o.run(t, "doctor", "--json")
	var report struct {
		Healthy  bool      `json:"healthy"`
		Findings []finding `json:"findings"`
	}
	if err := json.Unmarshal([]byte(asJSON.out), &report); err != nil || asJSON.code != 1 {
		t.Fatalf("--json ends with %d, %v: %s", asJSON.code, err, asJSON.out)
	}
	if lines := strings.Count(got.out, "\n"); report.Healthy || len(report.Findings) != lines-1 {
		t.Errorf("--json has healthy %t with %d findings, and the text has %d lines", report.Healthy, len(report.Findings), lines)
	}
}

func TestDoctorBeforeAnything(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(t *testing.T, o *office)
		want    []string
	}{
		"no config": {
			func(t *testing.T, o *office) { t.Helper(); o.env["ARBOT_CONFIG"] = o.dir + "/none.yaml" },
			[]string{"fail  config     there is no config file"},
		},
		"a faulty config": {
			func(t *testing.T, o *office) {
				t.Helper()
				o.write(t, "arbot.yaml", "company: {zone: Mars}\nslack: {mode: x}\n")
			},
			[]string{"fail  config     ", "company.zone", "slack.mode"},
		},
		"no books": {
			func(t *testing.T, o *office) {
				t.Helper()
				if err := os.Remove(filepath.Join(o.dir, "arbot.db")); err != nil {
					t.Fatal(err)
				}
			},
			[]string{"fail  database   There is no ", "`arbot sync` makes it.", "ok    token      Slack takes the bot token"},
		},
		"no token": {
			func(t *testing.T, o *office) { t.Helper(); delete(o.env, "ARBOT_SLACK_BOT_TOKEN") },
			[]string{"fail  token      The environment lacks ARBOT_SLACK_BOT_TOKEN."},
		},
		"another app's token": {
			func(t *testing.T, o *office) { t.Helper(); o.env["ARBOT_SLACK_BOT_TOKEN"] = "xoxb-another" },
			[]string{"fail  token      Slack does not take the bot token: Slack does not know the token."},
		},
		"a file that is no database": {
			func(t *testing.T, o *office) { t.Helper(); o.write(t, "arbot.db", strings.Repeat("nonsense ", 1000)) },
			[]string{"fail  database   "},
		},
		"a ledger that is not there": {
			func(t *testing.T, o *office) {
				t.Helper()
				o.mustRun(t, "import")
				o.reconfigure(t, func(config string) string { return strings.Replace(config, "bundle: books", "bundle: elsewhere", 1) })
			},
			[]string{"fail  ledger     main cannot be read: ", "elsewhere"},
		},
		"a faulty file": {
			func(t *testing.T, o *office) {
				t.Helper()
				o.mustRun(t, "import")
				o.write(t, "books/documents.csv", "nonsense\n")
			},
			[]string{"fail  ledger     main cannot be read: ", "documents.csv"},
		},
		"a clock that is off": {
			func(t *testing.T, o *office) {
				t.Helper()
				clock := o.clock
				o.clock = func() time.Time { return clock().Add(7 * time.Minute) }
			},
			[]string{"fail  clock      It is off Slack's by 7m0s: set it, by NTP."},
		},
		"without the history": {
			func(t *testing.T, o *office) {
				t.Helper()
				o.slack.SetScopes(newManifest(settings{config: defaults()}, "", false).OAuth.Scopes.Bot...)
			},
			[]string{"warn  scopes     The app may not read channels (channels:history, files:read, groups:history, im:history)"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, wednesday, "")
			test.prepare(t, o)
			got := o.run(t, "doctor")
			for _, want := range test.want {
				if !strings.Contains(got.out, want) {
					t.Errorf("it lacks %q:\n%s", want, got.out)
				}
			}
			if failed := strings.Contains(got.out, "fail "); (got.code == 1) != failed {
				t.Errorf("it ends with %d:\n%s", got.code, got.out)
			}
		})
	}
}

// Dead notices are told, and a backup that is old.
func TestDoctorSeesWhatGrewOld(t *testing.T) {
	t.Parallel()
	o := healthyOffice(t, "")
	if _, err := o.raw(t, "mode=rw").ExecContext(t.Context(), `UPDATE river_job SET state = 'cancelled', finalized_at = created_at WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	o.moveTo(t, "2026-12-07T09:30:00-05:00")
	got := o.run(t, "doctor")
	for _, want := range []string{
		"warn  queue      1 notices were given up", "warn  backup     The last one is of Wed 25 Nov 2026", "warn  ledger     main: the data is of Wed 25 Nov 2026 09:30, older than limits.stale_after (26h).",
	} {
		if !strings.Contains(got.out, want) {
			t.Errorf("it lacks %q:\n%s", want, got.out)
		}
	}
	if got.code != 0 {
		t.Errorf("it ends with %d", got.code)
	}
}

// A person's act is audited, and sealed while `arbot serve` runs.
func TestDoctorSeesAnUnsealedAudit(t *testing.T) {
	t.Parallel()
	o := healthyOffice(t, "")
	says := func(want string) {
		t.Helper()
		if got := o.run(t, "doctor"); got.code != 0 || !strings.Contains(got.out, want) {
			t.Errorf("it ends with %d and lacks %q:\n%s", got.code, want, got.out)
		}
	}
	says("ok    audit      All of it is sealed.")
	_, err := o.raw(t, "mode=rw").ExecContext(t.Context(), `INSERT INTO audit_records (at, actor, origin, action, subject, before, after, sum)
		VALUES (?, 'U1', 'test', 'note.add', 'note/1', 'null', 'null', '')`, o.clock().UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	says("ok    audit      1 records wait for their seal")
	o.moveTo(t, "2026-11-25T10:45:00-05:00")
	says("warn  audit      1 records have no seal, the oldest since Wed 25 Nov 2026 09:30")
}
