package main

import (
	"path/filepath"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/sync/file"
)

// A promise that is typed and saved, a payment that the next import brings: who recorded
// the promise is told that it is kept, once, by the program that serves.
func TestServeTellsVerdicts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	books := file.Contents{
		Company:   ar.SourceIdentity{External: "main", Name: "Acme", Home: "USD"},
		Exported:  o.clock(),
		Customers: []ar.CustomerRecord{{External: "n", Name: "Nimbus Cranes"}},
		Documents: []ar.DocumentRecord{{
			Ref: ar.Ref{Kind: ar.Invoice, External: "INV-40"}, Number: "INV-40", Customer: "n", Status: ar.Posted,
			Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 10, 11), Due: ar.NewDate(2026, 11, 10),
		}},
	}
	write := func() {
		if err := file.WriteBundle(filepath.Join(o.dir, "books"), books); err != nil {
			t.Fatal(err)
		}
	}
	write()
	o.mustRun(t, "import")
	s := o.serve(t)
	o.await(t, s, "the connection", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
	clerk := o.user(t, ar.ARClerk)
	d, err := o.slack.Slash(t.Context(), fakeslack.Command{User: clerk, Channel: arChannel, Command: "/ar", Text: "promise INV-40 all by 12/4"})
	if err != nil {
		t.Fatal(err)
	}
	o.await(t, s, "the echo", func(st *fakeslack.State) bool { return len(st.Answers(d)) > 0 })
	echo := d.Messages()[0]
	d, err = o.slack.Click(t.Context(), fakeslack.Click{User: clerk, Channel: echo.Channel, TS: echo.TS, Element: "Save"})
	if err != nil {
		t.Fatal(err)
	}
	o.await(t, s, "what was saved", func(st *fakeslack.State) bool { return len(st.Answers(d)) > 0 })

	payment := ar.Ref{Kind: ar.Payment, External: "P-1"}
	books.Documents = append(books.Documents, ar.DocumentRecord{
		Ref: payment, Customer: "n", Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 11, 25), Status: ar.Posted,
	})
	books.Applications = []ar.ApplicationRecord{{
		External: "A-1", From: payment, To: ar.Ref{Kind: ar.Invoice, External: "INV-40"}, Kind: ar.ByPayment,
		Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 11, 25),
	}}
	write()
	o.mustRun(t, "import") // by hand, while the other serves
	told := func(st *fakeslack.State) (n int) {
		for _, m := range st.DMs(clerk) {
			if strings.Contains(m.Text, "Promise of Nimbus Cranes, INV-40: kept: $900.00 was paid by Wed 25 Nov 2026.") {
				n++
			}
		}
		return n
	}
	o.await(t, s, "the verdict", func(st *fakeslack.State) bool { return told(st) > 0 })
	o.mustRun(t, "import")
	s.stop()
	if err := o.slack.Await(t.Context(), func(st *fakeslack.State) bool {
		if n := told(st); n != 1 {
			t.Errorf("told %d times", n)
		}
		return true
	}); err != nil {
		t.Error(err)
	}
}
