package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

// valid is a config with all that a company needs, and nothing else.
const valid = `company: {zone: America/New_York}
roles: {ar: [nora@example.com]}
ledgers: [{name: main, bundle: export, every: 1h}]
digests: [{name: daily, kind: ar, channel: C0123456789, at: "08:30"}]
`

func TestConfigHasDefaults(t *testing.T) {
	t.Parallel()
	s, err := parseConfig([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	got := []any{
		s.zone.String(), s.home, s.repsSee, s.Database, s.Slack.Command, s.Slack.Mode, s.stale, s.wait, s.catchUp,
		s.ledgers[0].every, s.digests[0].days,
	}
	want := []any{
		"America/New_York", ar.Currency("USD"), ar.RepsSeeOwn, "arbot.db", "/ar", "socket", 26 * time.Hour, 2 * time.Hour, 6 * time.Hour,
		time.Hour,
		[]time.Weekday{1, 2, 3, 4, 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestConfigFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ config, want string }{
		"nothing at all":     {"", "  company.zone: is missing. It decides what day it is: write the company's zone, such as America/New_York or Europe/Berlin"},
		"no zone":            {"company: {name: Acme}\n", `  line 1: company.zone: is missing. It decides what day it is: write the company's zone, such as America/New_York or Europe/Berlin`},
		"no such zone":       {"company:\n  zone: America/Boston\n", `  line 2: company.zone: "America/Boston" is not a zone such as America/New_York or Europe/Berlin`},
		"the machine's zone": {"company:\n  zone: Local\n", `  line 2: company.zone: "Local" is not a zone such as America/New_York or Europe/Berlin`},
		"not YAML":           {"company: {zone: [\n", "  yaml: line 1: did not find expected node content"},
		"unknown settings, with a fault elsewhere": {
			"company: {zone: UTC}\ncolour: blue\nslack:\n  chanel: C1\n  mode: telepathy\n",
			"  line 2: \"colour\" is not a setting. `arbot init` writes a file with all settings\n" +
				"  line 4: \"chanel\" is not a setting of slack. `arbot init` writes a file with all settings\n" +
				`  line 5: slack.mode: "telepathy" is neither socket nor http`,
		},
		"wrong types": {
			"company: {zone: UTC, holidays: none}\nslack:\n  tables: maybe\n  command: [a]\nroles: all\n",
			"  line 1: \"none\" is not a list: write [one, two], or a line beginning with - for each\n" +
				"  line 3: \"maybe\" is neither true nor false\n" +
				"  line 4: this is not a text: write one value, in quotes if it holds : or #\n" +
				"  line 5: \"all\" is not a block of settings: write them below, indented",
		},
		"company": {
			"company:\n  zone: UTC\n  currency: DOLLAR\n  locale: klingon\n  work_week: [mon, tuesday]\n  holidays:\n    - 2026-12-25\n    - 25.12.2026\n",
			"  line 3: company.currency: *\n  line 4: company.locale: *\n" +
				`  line 5: company.work_week.2: "tuesday" is not a day: write mon, tue, wed, thu, fri, sat or sun` +
				"\n" + `  line 8: company.holidays.2: "25.12.2026" is not a date such as 2026-11-25`,
		},
		"slack": {
			"company: {zone: UTC}\nslack:\n  command: ar\n  listen: localhost\n  share_channels:\n    - ar-team\n  allow_shared_channels: [C01, '#x']\n  fallback_channel: c0123\n",
			`  line 3: slack.command: "ar" is not a slash command such as /ar (at most 32 characters, no spaces)` + "\n" +
				`  line 4: slack.listen: "localhost" is not an address with a port, such as 127.0.0.1:8080 or :8080` + "\n" +
				`  line 6: slack.share_channels.1: "ar-team" is not a channel id such as C024BE7LR. *` + "\n" +
				`  line 7: slack.allow_shared_channels.2: "#x" is not a channel id *` + "\n" +
				`  line 8: slack.fallback_channel: "c0123" is not a channel id *`,
		},
		"promises": {
			"company: {zone: UTC}\npromises:\n  grace_days: 31\n",
			"  line 3: promises.grace_days: 31 is not a number of days from 0 to 30",
		},
		"database": {
			"company: {zone: UTC}\ndatabase: mysql://localhost/arbot\n",
			`  line 2: database: "mysql://localhost/arbot" is neither a file such as arbot.db nor postgres://user@host/database`,
		},
		"roles and people": {
			"company: {zone: UTC}\nreps_see: some\nroles:\n  reps: [U024BE7LH, '@sales', dana]\npeople:\n  - {name: Dana}\n  - {email: a@b.example}\n  - {email: A@b.example}\n",
			`  line 2: reps_see: "some" is neither own nor all` + "\n" +
				`  line 4: roles.reps.3: "dana" is neither an e-mail address, nor a user id such as U024BE7LH, nor a user group such as @ar-team` + "\n" +
				`  line 6: people.1.email: "" is not an e-mail address: it tells who in Slack is meant` + "\n" +
				`  line 8: people.3.email: A@b.example stands here twice: put all names into one entry`,
		},
		"owners": {
			"company: {zone: UTC}\nowners:\n  - {customer: Acme, region: West, owner: a@b.example}\n  - {owner: a@b.example}\n  - {default: true}\n  - {field: Tier, owner: a@b.example}\n",
			"  line 3: owners.1: a rule has exactly one of *\n  line 4: owners.2: a rule has exactly one of *\n" +
				"  line 5: owners.3: who is the owner? Add owner: and an e-mail address\n  line 6: owners.4: field and value go together*",
		},
		"ledgers": {
			"company: {zone: UTC}\nledgers:\n  - {bundle: a}\n  - {name: x, bundle: a, table: b.csv}\n  - {name: x, bundle: a}\n  - {name: y}\n  - {name: z, table: b.csv}\n  - {name: q, bundle: a, every: 5s}\n  - name: m\n    table: t.csv\n    mapping:\n      currency: USD\n",
			"  line 3: ledgers.1: a ledger needs a name*\n  line 4: ledgers.2: a ledger has one of bundle:*\n" +
				"  line 5: ledgers.3.name: there are two ledgers called \"x\"\n  line 6: ledgers.4: a ledger has one of bundle:*\n" +
				"  line 7: ledgers.5: a table needs mapping:*\n  line 8: ledgers.6.every: \"5s\" is not a time of at least a minute, such as 15m or 1h\n" +
				"  line 11: ledgers.7.mapping: columns: name the column of the invoice number*\n  line 11: ledgers.7.mapping: columns: name the column of the customer*\n" +
				"  line 11: ledgers.7.mapping: columns: name the column of the invoice date*\n  line 11: ledgers.7.mapping: columns: name the column of the amount*",
		},
		"digests": {
			"company: {zone: UTC}\ndigests:\n  - {kind: ar, channel: C0123, at: '08:30'}\n  - {name: a, kind: all, channel: C0123, at: '08:30'}\n  - {name: a, kind: sales, at: 8.30}\n  - {name: r, kind: reps, channel: C0123, at: '25:00', days: [someday]}\n",
			"  line 3: digests.1.name: every digest needs a name of its own*\n" +
				"  line 4: digests.2.kind: \"all\" is no kind of digest: write ar, sales, reps or weekly\n" +
				"  line 5: digests.3.name: every digest needs*\n  line 5: digests.3.channel: \"\" is not a channel id*\n  line 5: digests.3.at: \"8.30\" is not a time of the day such as 08:30\n" +
				"  line 6: digests.4.channel: a digest to reps goes to each rep*\n  line 6: digests.4.at: \"25:00\" is not a time*\n  line 6: digests.4.days.1: \"someday\" is not a day*",
		},
		"quickbooks": {
			"company: {zone: UTC}\npublic_url: http://arbot.example.com\nledgers:\n  - name: a\n    quickbooks: {company: 'Harbor'}\n  - name: b\n    bundle: x\n    quickbooks: {}\n" +
				"  - name: c\n    quickbooks:\n      company: '12'\n      tie_out: 4am\n      bad_debt_items: ['']\n  - name: d\n    every: 10s\n    quickbooks: {company: '12'}\n  - {name: e, bundle: x, mapping: {}}\n",
			"  line 2: public_url: \"http://arbot.example.com\" is not https: what comes over http*\n" +
				"  line 5: ledgers.1.quickbooks.company: \"Harbor\" is not the id of a company*\n  line 6: ledgers.2: a ledger has one of bundle:*\n" +
				"  line 12: ledgers.3.quickbooks.tie_out: \"4am\" is not a time of the day such as 08:30\n  line 13: ledgers.3.quickbooks.bad_debt_items.1: is empty*\n" +
				"  line 15: ledgers.4.every: \"10s\" is not a time of at least a minute*\n  line 16: ledgers.4.quickbooks.company: the ledger c has this company already*\n" +
				"  line 17: ledgers.5.mapping: goes with table*",
		},
		"limits": {
			"company: {zone: UTC}\nlimits: {stale_after: 1d, wait_for_import: -2h, catch_up: ''}\n",
			`  line 2: limits.stale_after: "1d" is not a time such as 90m or 26h` + "\n" +
				`  line 2: limits.wait_for_import: "-2h" is not a time such as 90m or 26h` + "\n" +
				`  line 2: limits.catch_up: "" is not a time such as 90m or 26h`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseConfig([]byte(test.config))
			if err == nil {
				t.Fatal("no fault was found")
			}
			if !like(test.want, err.Error()) {
				t.Errorf("faults (-want +got; * stands for the rest of a line):\n%s", cmp.Diff(test.want, err.Error()))
			}
		})
	}
}

// like compares line by line; a * at the end of a line stands for the rest of it.
func like(pattern, text string) bool {
	quoted := regexp.QuoteMeta(pattern)
	return regexp.MustCompile(`(?s)^` + strings.ReplaceAll(quoted, `\*`, `[^\n]+`) + `$`).MatchString(text)
}

func TestExampleConfigIsValid(t *testing.T) {
	t.Parallel()
	s, err := parseConfig([]byte(exampleConfig))
	if err != nil {
		t.Fatalf("as it is written:\n%v", err)
	}
	bare, err := parseConfig([]byte("company: {name: Our company, zone: America/New_York, holidays: []}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bare.defaultsOf(), s.defaultsOf()); diff != "" {
		t.Errorf("the example does not show the defaults (-default +example):\n%s", diff)
	}
	text, switched := switchedOn(exampleConfig)
	if switched < 30 {
		t.Errorf("only %d lines were switched on", switched)
	}
	s, err = parseConfig([]byte(text))
	if err != nil {
		t.Fatalf("with all that is commented out switched on:\n%v\n%s", err, text)
	}
	if len(s.People) != 1 || len(s.rules) != 6 || len(s.ledgers) != 4 || len(s.digests) != 4 {
		t.Errorf("%d people, %d rules, %d ledgers and %d digests", len(s.People), len(s.rules), len(s.ledgers), len(s.digests))
	}
	// What is commented out has the value that is shown, but for the examples.
	s.Company.Calendar, s.Company.Works, s.Company.Quiet = "", nil, quietConfig{}
	if diff := cmp.Diff(bare.Limits, s.Limits); diff != "" {
		t.Errorf("limits (-default +example):\n%s", diff)
	}
	if diff := cmp.Diff(bare.Company, s.Company); diff != "" {
		t.Errorf("company (-default +example):\n%s", diff)
	}
}

// defaultsOf are the settings of which the example says that they are the defaults.
func (s settings) defaultsOf() config {
	return config{Company: s.Company, Database: s.Database, Slack: slackConfig{Command: s.Slack.Command, Mode: s.Slack.Mode, Listen: s.Slack.Listen}, RepsSee: s.RepsSee, Limits: s.Limits}
}

// commented is a setting, or an entry of a list, that is commented out.
var commented = regexp.MustCompile(`^(\s*)# ((?: *- | *)[a-z_]+:( .*)?)$`)

func switchedOn(example string) (text string, lines int) {
	var out []string
	for line := range strings.Lines(example) {
		line = strings.TrimSuffix(line, "\n")
		if m := commented.FindStringSubmatch(line); m != nil {
			line = m[1] + m[2]
			lines++
			if last := len(out) - 1; strings.HasSuffix(out[last], ": []") && strings.HasPrefix(strings.TrimSpace(line), "-") {
				out[last] = strings.TrimSuffix(out[last], " []")
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n", lines
}

func TestConfigAnchorsPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "arbot.yaml")
	tests := map[string]struct{ database, want string }{
		"relative":                {"books/a.db", filepath.Join(dir, "books/a.db")},
		"relative, with its kind": {"sqlite:a.db", filepath.Join(dir, "a.db")},
		"absolute":                {"/var/lib/a.db", "/var/lib/a.db"},
		"absolute, with its kind": {"sqlite:/var/lib/a.db", "sqlite:/var/lib/a.db"},
		"a server":                {"postgres://arbot@db/arbot", "postgres://arbot@db/arbot"},
	}
	for name, test := range tests {
		s, err := parseConfig([]byte(valid + "database: " + test.database + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		s.anchor(dir)
		if s.Database != test.want {
			t.Errorf("%s: database is %s, want %s", name, s.Database, test.want)
		}
	}
	if err := os.WriteFile(path, []byte(valid), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := readConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "export"); s.ledgers[0].Bundle != want {
		t.Errorf("the ledger is at %s, want %s", s.ledgers[0].Bundle, want)
	}
}

func TestConfigReadsOwnerRules(t *testing.T) {
	t.Parallel()
	s, err := parseConfig([]byte(`company: {zone: UTC}
owners:
  - {customer: Acme, owner: Dana@Example.com}
  - {parent: Holding, owner: p@example.com}
  - {class: Retail, owner: c@example.com}
  - {field: Tier, value: A, owner: f@example.com}
  - {region: West, owner: w@example.com}
  - {default: true, owner: Lee Wong}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := ar.OwnerRules{
		{Match: ar.MatchCustomer, Value: "Acme", Owner: ar.NormalOwner("dana@example.com")},
		{Match: ar.MatchParent, Value: "Holding", Owner: "p@example.com"},
		{Match: ar.MatchClass, Value: "Retail", Owner: "c@example.com"},
		{Match: ar.MatchField, Field: "Tier", Value: "A", Owner: "f@example.com"},
		{Match: ar.MatchRegion, Value: "West", Owner: "w@example.com"},
		{Match: ar.MatchDefault, Owner: ar.NormalOwner("Lee Wong")},
	}
	if diff := cmp.Diff(want, s.rules); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}
