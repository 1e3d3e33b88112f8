package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// rows is a table in memory.
type rows struct {
	about, columns []string
	rows           [][]any
}

func (r *rows) Head(about, columns []string) error {
	r.about, r.columns = about, columns
	return nil
}

func (r *rows) Row(cells ...any) error {
	r.rows = append(r.rows, cells)
	return nil
}

// lines are the cells of some columns, a line each.
func (r *rows) lines(t testing.TB, columns ...string) (lines []string) {
	t.Helper()
	at := map[string]int{}
	for n, title := range r.columns {
		at[title] = n
	}
	for _, row := range r.rows {
		if len(row) != len(r.columns) {
			t.Fatalf("a row has %d cells below %d titles", len(row), len(r.columns))
		}
		var cells []string
		for _, title := range columns {
			n, ok := at[title]
			if !ok {
				t.Fatalf("no column %q in %q", title, r.columns)
			}
			text := ""
			if row[n] != nil {
				text = fmt.Sprint(row[n])
			}
			cells = append(cells, text)
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	return lines
}

func export(t testing.TB, d *desk.Desk, actor ar.Actor, in desk.ExportInput) (desk.Export, *rows) {
	t.Helper()
	var table *rows
	done, err := d.Export(t.Context(), actor, in, func() (desk.Table, error) {
		table = &rows{}
		return table, nil
	})
	if err != nil {
		t.Fatalf("export %+v: %v", in, err)
	}
	if done.Rows != len(table.rows) {
		t.Fatalf("%d rows are said, %d written", done.Rows, len(table.rows))
	}
	return done, table
}

// exporting is a company with a promise, a dispute and a payment on account.
func exporting(t testing.TB) *desktest.Company {
	t.Helper()
	c := promising(t)
	c.Change(t, ar.Page{Documents: []ar.DocumentRecord{
		storetest.Doc(ar.Payment, "CHK-1", "Acme", "2026-11-20", "", "150.00"),
		storetest.Doc(ar.Invoice, "000123", "Acme", "2026-11-20", "2026-12-20", "10.00"),
	}})
	promise(t, c, desktest.Dana, "INV-7 500 by 2026-12-04")
	if _, err := c.Desk.OpenDispute(t.Context(), desktest.Dana, desk.DisputeInput{Invoice: "INV-8", Amount: "400", Note: "=short shipment"}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestExportAging(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	_, table := export(t, c.Desk, desktest.Nora, desk.ExportInput{Of: desk.ExportAging})
	want := []string{
		"Acme | Dana Diaz | INV-7 | 55 | 31-60 | $500.00 |  | $500.00 | 2026-11-25",
		"Acme | Dana Diaz | INV-8 | 41 | 31-60 | $1,000.00 | $400.00 |  | 2026-11-25",
		"Acme | Dana Diaz | CHK-1 | 0 | Unapplied | -$150.00 |  |  | 2026-11-25",
		"Acme | Dana Diaz | 000123 | 0 | Current | $10.00 |  |  | 2026-11-25",
		"Elixir | Eli Stone | INV-9 | 41 | 31-60 | $200.00 |  |  | 2026-11-25",
		"Foundling |  | INV-10 | 41 | 31-60 | $300.00 |  |  | 2026-11-25",
	}
	got := table.lines(t, "Customer", "Sales owner", "Number", "Days overdue", "Bucket", "Open", "Disputed", "Promised", "As of")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("aging (-want +got):\n%s", diff)
	}
	if table.about[0] != "Aging as of 2026-11-25" {
		t.Errorf("it is about %q", table.about)
	}
}

// Payments of later change nothing of what was open.
func TestExportAsOf(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	_, table := export(t, c.Desk, desktest.Nora, desk.ExportInput{Of: desk.ExportAging, AsOf: storetest.Day("2026-10-10"), Account: "acme"})
	want := []string{"INV-7 | 9 | 1-30 | $500.00", "INV-8 | 0 | Current | $1,000.00"}
	if diff := cmp.Diff(want, table.lines(t, "Number", "Days overdue", "Bucket", "Open")); diff != "" {
		t.Errorf("aging (-want +got):\n%s", diff)
	}
	for _, of := range []desk.ExportOf{desk.ExportPromises, desk.ExportDisputes} {
		if done, _ := export(t, c.Desk, desktest.Nora, desk.ExportInput{Of: of, AsOf: storetest.Day("2026-10-10")}); done.Rows != 0 {
			t.Errorf("%d %s stood before they were made", done.Rows, of)
		}
	}
}

func TestExportActs(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	_, promises := export(t, c.Desk, desktest.Nora, desk.ExportInput{Of: desk.ExportPromises})
	want := []string{"Acme | INV-7 | 1 | 2026-12-04 | $500.00 | $500.00 | open"}
	if diff := cmp.Diff(want, promises.lines(t, "Customer", "Invoice", "Part", "Due", "Promised", "Missing", "State")); diff != "" {
		t.Errorf("promises (-want +got):\n%s", diff)
	}
	_, disputes := export(t, c.Desk, desktest.Nora, desk.ExportInput{Of: desk.ExportDisputes})
	want = []string{"Acme | INV-8 | $400.00 | open | 0 | =short shipment"}
	if diff := cmp.Diff(want, disputes.lines(t, "Customer", "Invoice", "Disputed", "State", "Days open", "Note")); diff != "" {
		t.Errorf("disputes (-want +got):\n%s", diff)
	}
	_, timeline := export(t, c.Desk, desktest.Nora, desk.ExportInput{Of: desk.ExportTimeline, Account: "acme"})
	want = []string{
		"2026-09-01 | invoice | INV-7 | $500.00", "2026-09-15 | invoice | INV-8 | $1,000.00", "2026-10-01 | due | INV-7 | $500.00",
		"2026-10-15 | due | INV-8 | $1,000.00", "2026-11-20 | invoice | 000123 | $10.00", "2026-11-20 | payment | CHK-1 | $150.00",
		"2026-11-25 | promise | INV-7 | $500.00", "2026-11-25 | dispute | INV-8 | $400.00",
	}
	if diff := cmp.Diff(want, timeline.lines(t, "Date", "What", "Document", "Amount")); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
}

// Each gets what he sees, and no more.
func TestWhoGetsWhichExport(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	for _, tt := range []struct {
		actor ar.Actor
		in    desk.ExportInput
		want  string
	}{
		{desktest.Nora, desk.ExportInput{Of: desk.ExportAging}, "Acme Acme Acme Acme Elixir Foundling"},
		{desktest.Boss, desk.ExportInput{Of: desk.ExportAging}, "Acme Acme Acme Acme Elixir Foundling"},
		{desktest.Admin, desk.ExportInput{Of: desk.ExportAging, Owner: "eli"}, "Elixir"},
		{desktest.Dana, desk.ExportInput{Of: desk.ExportAging}, "Acme Acme Acme Acme Foundling"},
		{desktest.Eli, desk.ExportInput{Of: desk.ExportAging}, "Elixir Foundling"},
		{desktest.Eli, desk.ExportInput{Of: desk.ExportPromises}, ""},
		{desktest.Eli, desk.ExportInput{Of: desk.ExportDisputes}, ""},
		{desktest.Dana, desk.ExportInput{Of: desk.ExportPromises}, "Acme"},
		{desktest.Dana, desk.ExportInput{Of: desk.ExportDisputes}, "Acme"},
		{desktest.Eli, desk.ExportInput{Of: desk.ExportTimeline, Account: "acme"}, "not found"},
		{desktest.Eli, desk.ExportInput{Of: desk.ExportAging, Customer: c.ID(t, "Acme")}, "forbidden"},
		{desktest.Eli, desk.ExportInput{Of: desk.ExportAging, Owner: "dana"}, "forbidden"},
		{desktest.NewHere, desk.ExportInput{Of: desk.ExportAging}, "forbidden"},
		{desktest.Outsider, desk.ExportInput{Of: desk.ExportAging}, "forbidden"},
		{desktest.Nora, desk.ExportInput{Of: desk.ExportTimeline}, "invalid"},
		{desktest.Nora, desk.ExportInput{Of: "payroll"}, "invalid"},
		{desktest.Nora, desk.ExportInput{Of: desk.ExportAging, AsOf: storetest.Day("2026-12-01")}, "invalid"},
		{desktest.Nora, desk.ExportInput{Of: desk.ExportAging, Most: 3}, "invalid"},
	} {
		table := &rows{}
		_, err := c.Desk.Export(t.Context(), tt.actor, tt.in, func() (desk.Table, error) { return table, nil })
		got := string(ar.KindOf(err))
		if err == nil && len(table.rows) > 0 {
			got = strings.Join(table.lines(t, "Customer"), " ")
		}
		if got != tt.want {
			t.Errorf("%s of %s: got %q (%v), want %q", tt.in.Of, tt.actor.User, got, err, tt.want)
		}
	}
}

// What was taken out of the books is in the audit; what was not is not.
func TestExportIsAudited(t *testing.T) {
	t.Parallel()
	c := exporting(t)
	export(t, c.Desk, desktest.Eli, desk.ExportInput{Of: desk.ExportPromises, File: "promises.xlsx"})
	export(t, c.Desk, desktest.Dana, desk.ExportInput{Of: desk.ExportAging, Account: "acme", File: "aging.xlsx"})
	var got []string
	c.Read(t, func(r ar.Reader) error {
		trail, err := r.Unsealed(t.Context(), 100)
		for _, a := range trail {
			if strings.HasPrefix(a.Action, "export.") {
				got = append(got, fmt.Sprintf("%s %s %s %s", a.Actor, a.Action, a.Subject, a.After))
			}
		}
		return err
	})
	want := []string{fmt.Sprintf(`U0DANA export.aging customer/%d {"as_of":"2026-11-25","file":"aging.xlsx","rows":4}`, c.ID(t, "Acme"))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// The rows of a large book add up to its aging, bucket by bucket.
func TestExportAddsUp(t *testing.T) {
	t.Parallel()
	s := desktest.NewSample(t)
	for _, asOf := range []ar.Date{s.Today(), s.Today().AddDays(-90)} {
		report, err := s.Desk.Aging(t.Context(), desktest.Nora, desk.AgingInput{AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]ar.Money{}
		for _, m := range report.Money {
			for b, sum := range m.Buckets {
				want[report.Edges.Label(b)+" "+string(m.Currency)] = sum
			}
			want["Unapplied "+string(m.Currency)] = m.Unapplied.Neg()
		}
		_, table := export(t, s.Desk, desktest.Nora, desk.ExportInput{Of: desk.ExportAging, AsOf: asOf})
		got := map[string]ar.Money{}
		for key, zero := range want {
			got[key] = ar.NewMoney(0, zero.Currency())
		}
		for n, key := range table.lines(t, "Bucket", "Currency") {
			key = strings.Replace(key, " | ", " ", 1)
			open, ok := table.rows[n][14].(ar.Money)
			if !ok {
				t.Fatalf("%v is no amount", table.rows[n][14])
			}
			if got[key], err = got[key].Add(open); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" {
			t.Errorf("as of %s (-aging +export):\n%s", asOf, diff)
		}
	}
}
