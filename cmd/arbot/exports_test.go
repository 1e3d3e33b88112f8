package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/sync/file/inbox"
)

// agingReport is an export of QuickBooks Online with one invoice for each line of "number,
// amount", dated long ago.
func agingReport(asOf, total string, invoices ...[2]string) string {
	var text strings.Builder
	text.WriteString("A/R Aging Detail\nAcme Inc\n\"As of " + asOf + "\"\n\n,Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance\n91 or more days past due,,,,,,,\n")
	for _, i := range invoices {
		text.WriteString(",06/15/2026,Invoice," + i[0] + ",Birch & Co,07/15/2026," + i[1] + "," + i[1] + "\n")
	}
	return text.String() + "Total for 91 or more days past due,,,,,,," + total + "\nTOTAL,,,,,,," + total + "\n"
}

// exporting is an office whose books are exports of a program.
func exporting(t *testing.T, settings string) *office {
	t.Helper()
	o := newOffice(t, wednesday, "")
	o.reconfigure(t, func(config string) string {
		return strings.Replace(config, "{name: main, bundle: books}", "{name: acme, export: {"+settings+"}}", 1)
	})
	return o
}

// TestWatchedFolder: what is put into the folder is read once, in the order of its dates;
// what cannot be read lies aside with the reason, and the admins are told.
func TestWatchedFolder(t *testing.T) {
	t.Parallel()
	o := exporting(t, "folder: inbox")
	put := func(name, text string) { o.write(t, filepath.Join("inbox", name), text) }
	if err := os.Mkdir(filepath.Join(o.dir, "inbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	a := o.open(t)
	l := a.exportLedgers()[0]
	folder := &inbox.Folder{Path: l.Export.Folder, Now: o.clock}
	take := func() {
		t.Helper()
		if err := a.takeFolder(t.Context(), l, folder); err != nil {
			t.Fatal(err)
		}
	}
	// The later report is older as a file.
	put("b.csv", agingReport("Nov 24, 2026", "70.00", [2]string{"1002", "70.00"}))
	put("a.csv", agingReport("Nov 23, 2026", "170.00", [2]string{"1001", "100.00"}, [2]string{"1002", "70.00"}))
	put("c.csv", strings.Replace(agingReport("Nov 24, 2026", "99.00", [2]string{"1001", "9.00"}), "06/15/2026", "31/31/2026", 1))
	take()
	wantOwed(t, a, "1002 $70.00")
	if left, err := filepath.Glob(filepath.Join(o.dir, "inbox", "*.csv")); err != nil || len(left) > 0 {
		t.Errorf("%q were left, %v", left, err)
	}
	reasons, err := filepath.Glob(filepath.Join(o.dir, "inbox", "rejected", "*c.csv.reason.txt"))
	if err != nil || len(reasons) != 1 {
		t.Fatalf("reasons %q, %v; want one", reasons, err)
	}
	if reason, err := os.ReadFile(reasons[0]); err != nil || !strings.Contains(string(reason), "31/31/2026") {
		t.Errorf("the reason is %q, %v", reason, err)
	}
	// An older report would open what was paid again.
	put("old.csv", agingReport("Nov 23, 2026", "170.00", [2]string{"1001", "100.00"}, [2]string{"1002", "70.00"}))
	take()
	take()
	wantOwed(t, a, "1002 $70.00")
	if done, err := filepath.Glob(filepath.Join(o.dir, "inbox", "done", "*.csv")); err != nil || len(done) != 2 {
		t.Errorf("done: %q, %v; want two", done, err)
	}
	if aside, err := filepath.Glob(filepath.Join(o.dir, "inbox", "rejected", "*.csv")); err != nil || len(aside) != 2 {
		t.Errorf("aside: %q, %v; want two", aside, err)
	}
}

// TestBadFileOfAFolderFailsNoLedger: what the check of a file refuses lies aside, and the books
// do not say that their last reading failed.
func TestBadFileOfAFolderFailsNoLedger(t *testing.T) {
	t.Parallel()
	o := exporting(t, "folder: inbox")
	if err := os.Mkdir(filepath.Join(o.dir, "inbox"), 0o700); err != nil {
		t.Fatal(err)
	}
	a := o.open(t)
	l := a.exportLedgers()[0]
	o.write(t, filepath.Join("inbox", "good.csv"), agingReport("Nov 23, 2026", "70.00", [2]string{"1001", "70.00"}))
	o.write(t, filepath.Join("inbox", "bad.csv"), agingReport("Nov 24, 2026", "99.00", [2]string{"1001", "9.00"}))
	if err := a.takeFolder(t.Context(), l, &inbox.Folder{Path: l.Export.Folder, Now: o.clock}); err != nil {
		t.Fatal(err)
	}
	wantOwed(t, a, "1001 $70.00")
	if aside, err := filepath.Glob(filepath.Join(o.dir, "inbox", "rejected", "*bad.csv")); err != nil || len(aside) != 1 {
		t.Errorf("aside: %q, %v; want one", aside, err)
	}
	err := a.books.View(t.Context(), func(r ar.Reader) error {
		sources, err := r.Sources(t.Context())
		for _, s := range sources {
			if s.Run.Fault != "" {
				t.Errorf("the ledger %s says %q", s.Name, s.Run.Fault)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// app opens the books; who asked for it closes it.
func (o *office) app(t *testing.T) (*app, settings) {
	t.Helper()
	s, err := readConfig(o.env["ARBOT_CONFIG"])
	if err != nil {
		t.Fatal(err)
	}
	p := o.program("", &output{}, &output{})
	a, err := p.openApp(t.Context(), s, p.logger())
	if err != nil {
		t.Fatal(err)
	}
	return a, s
}

// open opens the books beside a Slack that it could talk to.
func (o *office) open(t *testing.T) *app {
	t.Helper()
	a, s := o.app(t)
	t.Cleanup(func() { _ = a.close() })
	tokens, err := o.program("", &output{}, &output{}).readTokens(s.Slack.Mode)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.connect(t.Context(), tokens); err != nil {
		t.Fatal(err)
	}
	return a
}

// wantOwed compares what the books have open.
func wantOwed(t *testing.T, a *app, want ...string) {
	t.Helper()
	var got []string
	err := a.books.View(t.Context(), func(r ar.Reader) error {
		items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: ar.NewDate(2026, 11, 25), Scope: ar.Everything()})
		for _, i := range items {
			got = append(got, i.Number+" "+i.Open.String())
		}
		return err
	})
	if err != nil || strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("open are %q, %v; want %q", got, err, want)
	}
}

// TestDroppedExport: AR puts a report into the direct message with the bot, and has it taken
// in.
func TestDroppedExport(t *testing.T) {
	t.Parallel()
	o := exporting(t, "")
	s := o.serve(t)
	o.await(t, s, "the bot's socket", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
	clerk := o.user(t, ar.ARClerk)
	drop := func(name, text, button, ends string, says ...string) {
		t.Helper()
		if _, _, err := o.slack.Say(t.Context(), fakeslack.Words{User: clerk, Files: []fakeslack.File{{Name: name, Content: []byte(text)}}}); err != nil {
			t.Fatal(err)
		}
		var offer fakeslack.Message
		o.await(t, s, "the offer of "+name, func(st *fakeslack.State) bool {
			offer = saidIn(st, clerk, name+" can be imported.")
			return offer.TS != ""
		})
		for _, want := range append(says, "QuickBooks Online A/R Aging Detail", "It would change the books so") {
			if !strings.Contains(string(offer.Blocks), want) {
				t.Errorf("the offer lacks %q: %s", want, offer.Blocks)
			}
		}
		o.press(t, clerk, offer, button)
		o.await(t, s, "the end of "+name, func(st *fakeslack.State) bool { return saidIn(st, clerk, ends).TS != "" })
	}
	var many [][2]string
	for n := range 12 {
		many = append(many, [2]string{"20" + string(rune('a'+n)), "10.00"})
	}
	drop("november.csv", agingReport("Nov 24, 2026", "120.00", many...), "Import", "records read")
	drop("part.csv", agingReport("Nov 25, 2026", "10.00", many[0]), "Import", "Nothing was changed",
		"The import will be refused at first: 11 of the 12 open documents")
	var refused fakeslack.Message
	o.await(t, s, "the refusal", func(st *fakeslack.State) bool {
		refused = saidIn(st, clerk, "part.csv could not be taken in")
		return refused.TS != ""
	})
	if strings.Contains(refused.Text, os.TempDir()) {
		t.Errorf("it names a place on the server: %s", refused.Text)
	}
	o.press(t, clerk, refused, "Import all the same")
	o.await(t, s, "the import all the same", func(st *fakeslack.State) bool { return saidIn(st, clerk, "11 settlements concluded").TS != "" })
	s.stop()
}

// saidIn is the last message of the bot to a person that has a text.
func saidIn(st *fakeslack.State, user, text string) (found fakeslack.Message) {
	for _, m := range st.DMs(user) {
		if m.BotID != "" && strings.Contains(m.Text+string(m.Blocks), text) {
			found = m
		}
	}
	return found
}

func (o *office) press(t *testing.T, user string, m fakeslack.Message, button string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	defer cancel()
	if _, err := o.slack.Click(ctx, fakeslack.Click{User: user, Channel: m.Channel, TS: m.TS, Element: button}); err != nil {
		t.Fatal(err)
	}
}
