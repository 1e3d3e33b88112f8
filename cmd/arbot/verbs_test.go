package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/bot"
)

func TestCallsThatAreWrong(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", valid)
	s.mustRun(t, "migrate")
	tests := []struct {
		args string
		code int
		err  string
	}{
		{"fly", 2, "arbot: there is no \"fly\". `arbot help` lists what there is.\n"},
		{"serve --fast", 2, "arbot serve: flag provided but not defined: -fast\nUsage: arbot serve \n"},
		{"serve now", 2, "arbot serve: \"now\" is one argument too many\n*"},
		{"export aging z.csv --customer Acme", 2, "arbot export: flags go before the file: write --customer before z.csv\n*"},
		{"version 2", 2, "arbot version: \"2\" is one argument too many\n*"},
		{"digest", 2, "arbot digest: say --now to post today's digests, or --print to see them here first\nUsage: arbot digest --now [--post-again] | --print [DIGEST ...]\n"},
		{"digest --now --print", 2, "arbot digest: say --now *"},
		{"digest --print weekly", 2, "arbot digest: the config has no digest called \"weekly\", nor one of that kind\n*"},
		{"import east", 2, "arbot import: there is neither a ledger nor a file called \"east\"\n*"},
		{"import", 1, "arbot import: There is no " + filepath.Join(s.dir, "export") + ". Look at the path.\n"},
		{"backup", 2, "arbot backup: name the file to write\nUsage: arbot backup FILE\n"},
		{"demo --days 100", 2, "arbot demo: --days takes 0 to 60\n*"},
		{"demo --width 10", 2, "arbot demo: --width takes 30 to 200 columns\n*"},
		{"manifest --http http://arbot.example", 2, "arbot manifest: Slack calls https addresses only: *"},
		{"manifest --http https://arbot.example", 2, "arbot manifest: slack.mode in the config and --http must agree*"},
		{"serve", 1, "arbot serve: the environment lacks ARBOT_SLACK_BOT_TOKEN and ARBOT_SLACK_APP_TOKEN. See the README, \"Install\"\n"},
		{"digest --now", 1, "arbot digest: the environment lacks *"},
		{"serve --config none.yaml", 1, "arbot serve: there is no config file none.yaml: make one with `arbot init`, or name another with --config\n"},
		{"init --zone Mars", 2, "arbot init: \"Mars\" is not a zone such as America/New_York or Europe/Berlin\n*"},
		{"init --zone UTC " + filepath.Join(s.dir, "arbot.yaml"), 1, "arbot init: " + filepath.Join(s.dir, "arbot.yaml") + " is there already: move it away first\n"},
		{"healthcheck :", 2, "arbot healthcheck: *"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			got := s.run(t, strings.Fields(test.args)...)
			if got.code != test.code {
				t.Errorf("exit code %d, want %d", got.code, test.code)
			}
			want, cut := strings.CutSuffix(test.err, "*")
			if cut && !strings.HasPrefix(got.err, want) || !cut && got.err != want {
				t.Errorf("it says %q, want %q", got.err, test.err)
			}
			if got.out != "" {
				t.Errorf("it prints %q", got.out)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	help := s.mustRun(t)
	for _, args := range []string{"help", "--help", "-h"} {
		if got := s.mustRun(t, args); got != help {
			t.Errorf("%s prints %q", args, got)
		}
	}
	golden(t, "help.txt", help)
	for _, v := range verbs() {
		if !strings.Contains(help, "  "+v.name+" ") {
			t.Errorf("help lacks %s", v.name)
		}
		own := s.mustRun(t, v.name, "--help")
		if !strings.HasPrefix(own, "arbot "+v.name+": "+v.summary) {
			t.Errorf("%s --help prints %q", v.name, own)
		}
		if by := s.mustRun(t, "help", v.name); by != own {
			t.Errorf("help %s prints %q", v.name, by)
		}
	}
}

// Each flag that a usage line names is there, and each flag that is there is named.
func TestUsageNamesTheFlags(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	for _, v := range verbs() {
		own := s.mustRun(t, v.name, "--help")
		_, flags, _ := strings.Cut(own, "Usage:")
		_, flags, _ = strings.Cut(flags, "\n")
		for line := range strings.Lines(flags) {
			name, ok := strings.CutPrefix(line, "  -")
			name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
			if ok && name != "config" && !strings.Contains(v.usage, "--"+name) {
				t.Errorf("%s: the usage line lacks --%s", v.name, name)
			}
		}
		for word := range strings.FieldsFuncSeq(v.usage, func(r rune) bool { return strings.ContainsRune("[] |", r) }) {
			if name, ok := strings.CutPrefix(word, "--"); ok && !strings.Contains(flags, "  -"+name) {
				t.Errorf("%s has no flag --%s", v.name, name)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if got := newShell(t, wednesday).mustRun(t, "version"); !strings.HasPrefix(got, "arbot ") || !strings.Contains(got, " go1.") {
		t.Errorf("version prints %q", got)
	}
}

func TestInitAsksForTheZone(t *testing.T) {
	t.Parallel()
	s := newShell(t, wednesday)
	path := filepath.Join(s.dir, "arbot.yaml")
	got := s.typed(t, "Berlin\n\nEurope/Berlin\n", "init", path)
	if got.code != 0 || strings.Count(got.out, "In which zone") != 3 || !strings.Contains(got.out, `"Berlin" is not a zone such as`) {
		t.Fatalf("exit code %d, %s%s", got.code, got.out, got.err)
	}
	c, err := readConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.zone.String() != "Europe/Berlin" {
		t.Errorf("the zone is %s", c.zone)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: others need not read it", info.Mode(), err)
	}
	if got := s.typed(t, "Mars\n", "init", filepath.Join(s.dir, "b.yaml")); got.code != 2 || !strings.Contains(got.err, "say --zone") {
		t.Errorf("at the end of input: exit code %d, %s", got.code, got.err)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "b.yaml")); err == nil {
		t.Error("a config without a zone was written")
	}
	s.mustRun(t, "init", "--zone", "Asia/Tokyo", filepath.Join(s.dir, "c.yaml"))
}

func TestManifest(t *testing.T) {
	t.Parallel()
	overHTTP := strings.Replace(valid, "roles:", "slack: {mode: http, command: /money}\nroles:", 1)
	tests := []struct {
		golden, config string
		args           []string
	}{
		{"manifest_socket.json", valid, nil},
		{"manifest_no_history.json", valid, []string{"--no-history"}},
		{"manifest_http.json", overHTTP, []string{"--http", "https://arbot.example.com/"}},
	}
	for _, test := range tests {
		t.Run(test.golden, func(t *testing.T) {
			t.Parallel()
			s := newShell(t, wednesday)
			s.write(t, "arbot.yaml", test.config)
			golden(t, test.golden, s.mustRun(t, append([]string{"manifest"}, test.args...)...))
		})
	}
}

// The hint that Slack shows is the table of commands.
func TestManifestHintsAtTheCommands(t *testing.T) {
	t.Parallel()
	m := newManifest(settings{config: defaults()}, "", true)
	var names []string
	for _, c := range bot.Commands() {
		names = append(names, c.Name)
	}
	got := strings.Split(m.Features.Commands[0].Hint, " | ")
	if diff := cmp.Diff(names, got); diff != "" {
		t.Errorf("hint (-commands +hint):\n%s", diff)
	}
	if n := len(m.Features.Commands[0].Hint); n > 1000 {
		t.Errorf("the hint has %d characters", n)
	}
	if n := len(m.Display.Description); n > 140 {
		t.Errorf("the description has %d characters, Slack takes 140", n)
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "null") {
		t.Errorf("Slack refuses a manifest with null: %s", raw)
	}
	if !slices.IsSorted(m.OAuth.Scopes.Bot) {
		t.Error("scopes are not sorted")
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("xoxb-from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		mode string
		env  map[string]string
		want tokens
		err  string
	}{
		"socket": {
			"socket",
			map[string]string{"ARBOT_SLACK_BOT_TOKEN": " xoxb-1 ", "ARBOT_SLACK_APP_TOKEN": "xapp-1"},
			tokens{bot: "xoxb-1", app: "xapp-1"},
			"",
		},
		"http": {
			"http",
			map[string]string{"ARBOT_SLACK_BOT_TOKEN": "xoxb-1", "ARBOT_SLACK_SIGNING_SECRET": "s"},
			tokens{bot: "xoxb-1", signing: "s"},
			"",
		},
		"from a file": {
			"socket",
			map[string]string{"ARBOT_SLACK_BOT_TOKEN_FILE": file, "ARBOT_SLACK_APP_TOKEN": "xapp-1"},
			tokens{bot: "xoxb-from-a-file", app: "xapp-1"},
			"",
		},
		"no such file": {
			"socket", map[string]string{"ARBOT_SLACK_BOT_TOKEN_FILE": file + "x"}, tokens{}, "ARBOT_SLACK_BOT_TOKEN_FILE: open ",
		},
		"user token": {
			"socket",
			map[string]string{"ARBOT_SLACK_BOT_TOKEN": "xoxp-secret", "ARBOT_SLACK_APP_TOKEN": "xapp-1"},
			tokens{},
			"ARBOT_SLACK_BOT_TOKEN does not begin with xoxb-: it is another kind of token",
		},
		"swapped": {
			"socket",
			map[string]string{"ARBOT_SLACK_BOT_TOKEN": "xoxb-secret", "ARBOT_SLACK_APP_TOKEN": "xoxb-secret"},
			tokens{},
			"ARBOT_SLACK_APP_TOKEN does not begin with xapp-",
		},
		"none":        {"http", nil, tokens{}, "the environment lacks ARBOT_SLACK_BOT_TOKEN and ARBOT_SLACK_SIGNING_SECRET"},
		"socket only": {"http", map[string]string{"ARBOT_SLACK_BOT_TOKEN": "xoxb-1", "ARBOT_SLACK_APP_TOKEN": "xapp-1"}, tokens{}, "the environment lacks ARBOT_SLACK_SIGNING_SECRET"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &program{getenv: func(name string) string { return test.env[name] }}
			got, err := p.readTokens(test.mode)
			if got != test.want {
				t.Errorf("tokens %v, want %v", got, test.want)
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.HasPrefix(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	well := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/readyz":
			http.NotFound(w, r)
		case !well:
			http.Error(w, "not connected to Slack", http.StatusServiceUnavailable)
		default:
			_, _ = w.Write([]byte("ready\n"))
		}
	}))
	t.Cleanup(server.Close)
	s := newShell(t, wednesday)
	s.write(t, "arbot.yaml", strings.Replace(valid, "roles:", "slack: {listen: '"+strings.TrimPrefix(server.URL, "http://")+"'}\nroles:", 1))
	if got := s.mustRun(t, "healthcheck"); got != "ready\n" {
		t.Errorf("it prints %q", got)
	}
	well = false
	if got := s.run(t, "healthcheck"); got.code != 1 || !strings.Contains(got.err, "not well: not connected to Slack") {
		t.Errorf("exit code %d, %s", got.code, got.err)
	}
	if got := s.run(t, "healthcheck", server.URL+"/elsewhere"); got.code != 1 || !strings.Contains(got.err, "not well: 404") {
		t.Errorf("exit code %d, %s", got.code, got.err)
	}
	server.Close()
	if got := s.run(t, "healthcheck"); got.code != 1 || !strings.Contains(got.err, "no answer") {
		t.Errorf("exit code %d, %s", got.code, got.err)
	}
}
