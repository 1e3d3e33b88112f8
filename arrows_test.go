// Package arbot_test holds the checks on the repository as a whole.
package arbot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "arbot/"

// rule says what the packages in a folder, and below it, may import. The rule with
// the longest folder that fits a package is the one that holds for it.
type rule struct {
	folder string
	ours   []string // folders of ours, beside its own; each stands further up in the table
	third  []string // modules of others
	banned []string // packages of the standard library, with what is below them
	all    bool     // may import everything of ours and of others

	// support marks what serves tests only: it's imported by tests and by other
	// support, and may itself import what a test may.
	support bool

	// forTests are modules that only the tests in the folder may import, beside
	// those that every test may.
	forTests []string

	// pure holds the tests as well to the imports of ours: no database, no server.
	pure bool
}

const (
	slackGo = "github.com/slack-go/slack"
	pgx     = "github.com/jackc/pgx/v5"
	sqlx    = "github.com/jmoiron/sqlx"
	sqlite  = "github.com/mattn/go-sqlite3"
	river   = "github.com/riverqueue/river"
	socket  = "github.com/gorilla/websocket"
	decimal = "github.com/shopspring/decimal"
	money   = "github.com/Rhymond/go-money"
	gocron  = "github.com/go-co-op/gocron/v2"
	width   = "github.com/mattn/go-runewidth"
	goose   = "github.com/pressly/goose/v3"
	text    = "golang.org/x/text"
	oauth2  = "golang.org/x/oauth2"
	jsonexp = "github.com/go-json-experiment/json"
	charts  = "github.com/go-analyze/charts"

	excelize = "github.com/xuri/excelize/v2"
)

// anyTest may be imported by each test, and by test support.
var anyTest = []string{"github.com/google/go-cmp", "pgregory.net/rapid", "go.uber.org/goleak"}

// arrows is the architecture: who may import whom. It's ordered, from what everybody
// rests on to the program: a folder imports only what stands above it, so that there
// is no circle. ARCHITECTURE.md gives the reasons.
var arrows = []rule{
	{folder: "internal/needs", support: true},
	{folder: "internal/postgrestest", ours: []string{"internal/needs"}, third: []string{pgx}, support: true},

	// Values and rules: no I/O, no clock, no randomness, no log.
	{
		folder: "ar", third: []string{decimal, money}, pure: true,
		banned: []string{"database/sql", "net", "os", "log", "syscall", "unsafe", "C", "math/rand", "crypto/rand"},
	},

	{folder: "desk", ours: []string{"ar"}, banned: []string{"database/sql", "net/http"}},

	{folder: "sheet", ours: []string{"ar"}, third: []string{excelize}, banned: []string{"database/sql", "net/http"}},

	{folder: "store", ours: []string{"ar"}, third: []string{sqlx, sqlite, pgx, goose, river, text}},
	{folder: "store/storetest", ours: []string{"ar", "store", "internal/needs", "internal/postgrestest"}, support: true},

	// What files hold: rows, amounts, dates.
	{folder: "sync/file/cells", ours: []string{"ar"}, third: []string{text, excelize}, banned: []string{"database/sql", "net/http"}},
	{folder: "sync", ours: []string{"ar", "sync/file/cells"}, banned: []string{"database/sql"}, forTests: []string{text, excelize}},
	{folder: "sync/oauth", ours: []string{"ar", "sync"}, third: []string{oauth2}, banned: []string{"database/sql"}},
	{folder: "sync/quickbooks", ours: []string{"ar", "sync", "sync/oauth"}, third: []string{jsonexp}, banned: []string{"database/sql"}},
	{folder: "sync/sourcetest", ours: []string{"ar", "sync", "internal/needs"}, support: true},

	{folder: "bot/card", ours: []string{"ar"}, pure: true, banned: []string{"database/sql", "net/http"}},
	{folder: "bot/card/cardtest", ours: []string{"ar", "bot/card"}, support: true},
	{folder: "bot/picture", third: []string{charts}, pure: true, banned: []string{"database/sql", "net/http"}},
	{folder: "bot/plain", ours: []string{"ar", "bot/card"}, third: []string{width}, pure: true, banned: []string{"database/sql", "net/http"}},
	{
		folder: "bot", ours: []string{"ar", "desk", "sheet", "bot/card", "bot/plain", "bot/picture"},
		third: []string{slackGo, socket}, banned: []string{"database/sql"},
		forTests: []string{excelize},
	},

	{folder: "jobs", ours: []string{"ar"}, third: []string{river, gocron}},

	{
		folder: "internal/fakeslack", ours: []string{"ar"}, third: []string{socket, width},
		banned: []string{"database/sql"}, forTests: []string{slackGo},
	},

	// A QuickBooks Online over HTTP: for tests and the demo.
	{folder: "internal/fakeqbo", ours: []string{"ar"}, banned: []string{"database/sql"}},

	// A made-up company: the demo's, the benchmarks' and the tests'.
	{folder: "internal/sampleco", ours: []string{"ar"}, banned: []string{"database/sql", "net"}},
	{
		folder: "internal/desktest", support: true,
		ours: []string{"ar", "desk", "store/storetest", "sync", "internal/sampleco"},
	},

	{folder: "cmd", all: true},
	{folder: "bench", all: true},
	{folder: ".", all: true}, // this test
}

func TestArrows(t *testing.T) {
	t.Parallel()
	pkgs, err := listPackages(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range check(arrows, pkgs) {
		t.Error(fault)
	}
}

func TestArrowsHaveNoCircle(t *testing.T) {
	t.Parallel()
	for _, fault := range disorder(arrows) {
		t.Error(fault)
	}
}

// pkg is what `go list` says of a package.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func listPackages(t *testing.T) (pkgs []pkg, err error) {
	t.Helper()
	// -e: a package that doesn't build now is for the compiler to complain about.
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := dec.Decode(&p) //nolint:musttag // go list's names are Go's own
		if errors.Is(err, io.EOF) {
			return pkgs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the output of go list: %w", err)
		}
		pkgs = append(pkgs, p)
	}
}

// check returns a sentence for each import that breaks a rule.
func check(rules []rule, pkgs []pkg) (faults []string) {
	for _, p := range pkgs {
		folder := folderOf(p.ImportPath)
		r, ok := ruleFor(rules, folder)
		if !ok {
			faults = append(faults, fmt.Sprintf(
				"%s: no arrow says what this folder may import: add it to the table in arrows_test.go", folder))
			continue
		}
		for _, imported := range p.Imports {
			faults = append(faults, r.fault(rules, folder, imported, r.support)...)
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			faults = append(faults, r.fault(rules, folder+" (its tests)", imported, true)...)
		}
	}
	return faults
}

// fault judges one import: nil, or one sentence. Test is true for an import by a test
// or by test support.
func (r rule) fault(rules []rule, importer, imported string, test bool) []string {
	what, reason := imported, ""
	switch {
	case strings.HasPrefix(imported, module):
		what, reason = folderOf(imported), r.againstOurs(rules, folderOf(imported), test)
	case isStandard(imported):
		if !test && within(imported, r.banned) {
			reason = fmt.Sprintf("%s is kept free of it: do this in a folder whose work it is and pass the result in", r.folder)
		}
	case !r.all && !within(imported, r.third) && (!test || !within(imported, slices.Concat(anyTest, r.forTests))):
		reason = fmt.Sprintf("%s may import of others only: %s; use it where it's allowed, or argue for it in arrows_test.go",
			r.folder, orNone(r.third))
	}
	if reason == "" {
		return nil
	}
	return []string{fmt.Sprintf("%s must not import %s: %s", importer, what, reason)}
}

// againstOurs says why a folder of ours must not be imported, or "".
func (r rule) againstOurs(rules []rule, imported string, test bool) string {
	target, ok := ruleFor(rules, imported)
	switch {
	case !ok || target.folder == r.folder:
		return "" // a folder without a rule is reported once, for itself
	case target.folder == "cmd":
		return "nothing imports the program: move what is shared to the folder that owns it"
	case target.support && !test:
		return "it serves tests only: move what the product needs out of it"
	case r.all, target.support, test && !r.pure, slices.Contains(r.ours, target.folder):
		return ""
	}
	return fmt.Sprintf("the arrow %[1]s -> %[2]s doesn't exist, %[1]s may import: %[3]s; "+
		"declare a small interface or a func in %[1]s and let cmd/arbot pass the other side in",
		r.folder, target.folder, orNone(r.ours))
}

// disorder returns a sentence for each rule that points at a folder which doesn't
// stand above it.
func disorder(rules []rule) (faults []string) {
	var above []string
	for _, r := range rules {
		for _, folder := range r.ours {
			if !slices.Contains(above, folder) {
				faults = append(faults, fmt.Sprintf(
					"arrow %s -> %s: %s doesn't stand above %s in the table, so there may be a circle", r.folder, folder, folder, r.folder))
			}
		}
		above = append(above, r.folder)
	}
	return faults
}

// ruleFor finds the rule with the longest folder that is the given one or holds it.
func ruleFor(rules []rule, folder string) (best rule, ok bool) {
	for _, r := range rules {
		if within(folder, []string{r.folder}) && (!ok || len(r.folder) > len(best.folder)) {
			best, ok = r, true
		}
	}
	return best, ok
}

func folderOf(importPath string) string {
	if folder, ok := strings.CutPrefix(importPath, module); ok {
		return folder
	}
	return "." // the module's root
}

// within reports whether path is one of the parents or lies below one.
func within(path string, parents []string) bool {
	return slices.ContainsFunc(parents, func(parent string) bool {
		return path == parent || strings.HasPrefix(path, parent+"/")
	})
}

// isStandard: only the standard library has import paths without a dot in their first
// element.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// TestArrowsCanBeBroken shows the checker imports that break each kind of rule, and
// some that don't.
func TestArrowsCanBeBroken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  pkg
		want []string // the beginnings of the sentences
	}{
		{"allowed", pkg{ImportPath: "arbot/bot/blockkit", Imports: []string{
			"fmt", "net/http", "arbot/ar", "arbot/bot/card", "github.com/slack-go/slack", "github.com/slack-go/slack/socketmode",
		}}, nil},
		{"allowed in tests", pkg{
			ImportPath: "arbot/bot", TestImports: []string{"pgregory.net/rapid"},
			XTestImports: []string{"arbot/store", "arbot/internal/fakeslack", "database/sql"},
		}, nil},
		{"a source uses the engine", pkg{ImportPath: "arbot/sync/file", Imports: []string{"arbot/sync", "arbot/ar"}}, nil},
		{"the program uses all", pkg{ImportPath: "arbot/cmd/arbot", Imports: []string{
			"arbot/bot", "arbot/store", "arbot/internal/fakeslack", "go.yaml.in/yaml/v3",
		}}, nil},

		{"a sideways arrow", pkg{ImportPath: "arbot/bot", Imports: []string{"arbot/store"}}, []string{
			"bot must not import store: the arrow bot -> store doesn't exist",
		}},
		{"a sideways arrow from below a folder", pkg{ImportPath: "arbot/sync/file", Imports: []string{"arbot/store"}}, []string{
			"sync/file must not import store: the arrow sync -> store doesn't exist",
		}},
		{"an arrow upwards", pkg{ImportPath: "arbot/ar", Imports: []string{"arbot/desk"}}, []string{
			"ar must not import desk: the arrow ar -> desk doesn't exist, ar may import: nothing",
		}},
		{"into the program", pkg{ImportPath: "arbot/jobs", Imports: []string{"arbot/cmd/arbot"}}, []string{
			"jobs must not import cmd/arbot: nothing imports the program",
		}},
		{"impure domain", pkg{ImportPath: "arbot/ar", Imports: []string{"os", "net/http", "log/slog", "math/rand/v2"}}, []string{
			"ar must not import os: ar is kept free of it",
			"ar must not import net/http: ar is kept free of it",
			"ar must not import log/slog: ar is kept free of it",
			"ar must not import math/rand/v2: ar is kept free of it",
		}},
		{"Slack outside bot", pkg{ImportPath: "arbot/desk", Imports: []string{"github.com/slack-go/slack"}}, []string{
			"desk must not import github.com/slack-go/slack: desk may import of others only: nothing",
		}},
		{"Slack in the neutral message", pkg{ImportPath: "arbot/bot/card", Imports: []string{"github.com/slack-go/slack"}}, []string{
			"bot/card must not import github.com/slack-go/slack",
		}},
		{"a database outside store", pkg{ImportPath: "arbot/bot", Imports: []string{"database/sql", "github.com/jmoiron/sqlx"}}, []string{
			"bot must not import database/sql",
			"bot must not import github.com/jmoiron/sqlx",
		}},
		{"a name that only begins alike", pkg{ImportPath: "arbot/store", Imports: []string{"github.com/riverqueue/riverqueue-ui"}}, []string{
			"store must not import github.com/riverqueue/riverqueue-ui",
		}},
		{"test support in the product", pkg{ImportPath: "arbot/cmd/arbot", Imports: []string{"arbot/internal/postgrestest"}}, []string{
			"cmd/arbot must not import internal/postgrestest: it serves tests only",
		}},
		{"a test library in the product", pkg{ImportPath: "arbot/ar", Imports: []string{"pgregory.net/rapid"}}, []string{
			"ar must not import pgregory.net/rapid",
		}},
		{"a test of the domain with a database", pkg{ImportPath: "arbot/ar", TestImports: []string{"arbot/store"}}, []string{
			"ar (its tests) must not import store",
		}},
		{"a folder nobody thought of", pkg{ImportPath: "arbot/util"}, []string{
			"util: no arrow says what this folder may import",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := check(arrows, []pkg{tt.pkg})
			for i := range min(len(got), len(tt.want)) {
				if strings.HasPrefix(got[i], tt.want[i]) {
					got[i] = tt.want[i]
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDisorderIsSeen(t *testing.T) {
	t.Parallel()
	got := disorder([]rule{{folder: "a", ours: []string{"b"}}, {folder: "b", ours: []string{"a"}}})
	want := []string{"arrow a -> b: b doesn't stand above a in the table, so there may be a circle"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
