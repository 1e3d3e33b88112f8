package bot_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/card"
	"arbot/internal/desktest"
	"arbot/internal/fakeslack"
	"arbot/store/storetest"
)

// drawer keeps what is brought to people.
type drawer struct {
	user  string
	cards []card.Card
	files []bot.File
}

func (d *drawer) Bring(_ context.Context, user string, cards []card.Card, files ...bot.File) error {
	d.user, d.cards, d.files = user, append(d.cards, cards...), append(d.files, files...)
	return nil
}

// nowhere takes what is brought to people.
type nowhere struct{}

func (nowhere) Bring(context.Context, string, []card.Card, ...bot.File) error { return nil }

func TestExportGolden(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	for _, scene := range []struct {
		name  string
		actor ar.Actor
		text  string
		file  string // "" for none
	}{
		{"export_aging", noraFeldt, "export aging", "aging-2026-11-25.xlsx"},
		{"export_aging_own", benOkafor, "export aging csv", "aging-2026-11-25.csv"},
		{"export_aging_account", noraFeldt, "export aging acme corporation as of 2026-09-30", "aging-acme-corporation-2026-09-30.xlsx"},
		{"export_aging_owner", noraFeldt, "export ageing owner ben excel", "aging-ben-2026-11-25.xlsx"},
		{"export_timeline", noraFeldt, "export timeline acme corporation", "timeline-acme-corporation-2026-11-25.xlsx"},
		{"export_empty", noraFeldt, "export promises", ""},
		{"export_nothing", noraFeldt, "export", ""},
		{"export_unknown", noraFeldt, "export payroll", ""},
		{"export_whose_timeline", noraFeldt, "export timeline", ""},
		{"export_ahead", noraFeldt, "export aging as of 2027-01-31", ""},
	} {
		t.Run(scene.name, func(t *testing.T) {
			t.Parallel()
			got := &drawer{}
			r := bot.NewRouter(bot.RouterConfig{Desk: s.Desk, Slash: "/ar", People: staff{}, Private: got})
			golden(t, scene.name, answered(t, r, scene.actor, scene.text))
			name := ""
			for _, f := range got.files {
				name = f.Name
			}
			if name != scene.file || len(got.files) > 1 || scene.file != "" && got.user != scene.actor.User {
				t.Errorf("%d files, %q for %s; want %q", len(got.files), name, got.user, scene.file)
			}
		})
	}
	fromHere := bot.NewRouter(bot.RouterConfig{Desk: s.Desk, Slash: "/ar", People: staff{}})
	golden(t, "export_from_here", answered(t, fromHere, noraFeldt, "export aging"))
}

// X16: "000123" and "123" are two invoices, in the file too; and no text runs.
func TestExportedTextIsText(t *testing.T) {
	t.Parallel()
	c := desktest.New(t)
	c.Import(t, ar.Page{
		Customers: []ar.CustomerRecord{desktest.Customer("=cmd|' /C calc'!A0", "dana@example.com")},
		Documents: []ar.DocumentRecord{
			storetest.Doc(ar.Invoice, "000123", "=cmd|' /C calc'!A0", "2026-11-01", "2026-12-01", "10.00"),
			storetest.Doc(ar.Invoice, "123", "=cmd|' /C calc'!A0", "2026-11-02", "2026-12-02", "20.00"),
		},
	})
	got := &drawer{}
	r := bot.NewRouter(bot.RouterConfig{Desk: c.Desk, Slash: "/ar", People: staff{}, Private: got})
	answered(t, r, desktest.Nora, "export aging xlsx")
	answered(t, r, desktest.Nora, "export aging csv")
	book, err := excelize.OpenReader(bytes.NewReader(got.files[0].Content))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(got.files[1].Content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(row []string) string { return strings.Join([]string{row[1], row[5], row[14]}, " ") }
	want := []string{"=cmd|' /C calc'!A0 000123 10", "=cmd|' /C calc'!A0 123 20"}
	if diff := cmp.Diff(want, []string{column(rows[len(rows)-2]), column(rows[len(rows)-1])}); diff != "" {
		t.Errorf("workbook (-want +got):\n%s", diff)
	}
	want = []string{"'=cmd|' /C calc'!A0 000123 10.00", "'=cmd|' /C calc'!A0 123 20.00"}
	if diff := cmp.Diff(want, []string{column(lines[1]), column(lines[2])}); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	formula, err := book.GetCellFormula("Sheet1", "B5")
	if err != nil || formula != "" {
		t.Errorf("the name became the formula %q (%v)", formula, err)
	}
}

// The file comes into the direct message of who asked, and into no channel.
func TestExportIsPrivate(t *testing.T) {
	t.Parallel()
	w := counter(t, "socket")
	answer := w.await(t, w.slash(t, dana, arChannel, "export aging"), 1)[0]
	if !strings.Contains(answer.Text, "2 rows in aging-") {
		t.Errorf("the answer is %q", answer.Text)
	}
	files := w.Files()
	if len(files) != 1 || !files[0].Complete || len(files[0].Channels) != 1 || !strings.HasPrefix(files[0].Channels[0], "D") {
		t.Fatalf("the files are %+v", files)
	}
	book, err := excelize.OpenReader(bytes.NewReader(files[0].Content))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1")
	if err != nil || strings.Contains(strings.Join(rows[len(rows)-1], " ")+strings.Join(rows[len(rows)-2], " "), "Elixir") {
		t.Errorf("Dana's file holds %q (%v)", rows, err)
	}
}

// What Slack does not take is said.
func TestExportThatSlackRefuses(t *testing.T) {
	t.Parallel()
	w := counter(t, "socket")
	lift := w.Inject(fakeslack.Fault{Method: "files.getUploadURLExternal", Error: "missing_scope"})
	answer := w.await(t, w.slash(t, dana, arChannel, "export aging"), 1)[0]
	if !strings.Contains(answer.Text, "Slack did not take it") {
		t.Errorf("the answer is %q", answer.Text)
	}
	lift()
	if err := (bot.Courier{Gate: w.gate}).Bring(t.Context(), dana, nil, aging); err != nil {
		t.Errorf("the next one does not come: %v", err)
	}
}
