package main

import (
	"path/filepath"
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/sync/file"
)

// SC-03: a payment that the ledger got after the last import is read before the digest is
// posted: what was paid is not chased.
func TestSC03PaidInvoiceIsNotInTheDigest(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	overdue := func(number, customer string) ar.DocumentRecord {
		return ar.DocumentRecord{
			Ref: ar.Ref{Kind: ar.Invoice, External: number}, Number: number, Customer: customer, Status: ar.Posted,
			Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 10, 11), Due: ar.NewDate(2026, 11, 10),
		}
	}
	books := file.Contents{
		Company:   ar.SourceIdentity{External: "main", Name: "Acme", Home: "USD"},
		Exported:  o.clock(),
		Customers: []ar.CustomerRecord{{External: "n", Name: "Nimbus Cranes"}, {External: "o", Name: "Orchid Dairy"}},
		Documents: []ar.DocumentRecord{overdue("INV-40", "n"), overdue("INV-41", "o")},
	}
	write := func() {
		if err := file.WriteBundle(filepath.Join(o.dir, "books"), books); err != nil {
			t.Fatal(err)
		}
	}
	write()
	o.mustRun(t, "import")
	if got := o.mustRun(t, "digest", "--print", "ar-daily"); !strings.Contains(got, "Nimbus Cranes") {
		t.Fatalf("before the payment:\n%s", got)
	}
	payment := ar.Ref{Kind: ar.Payment, External: "P-1"}
	books.Documents = append(books.Documents, ar.DocumentRecord{
		Ref: payment, Customer: "n", Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 11, 25), Status: ar.Posted,
	})
	books.Applications = []ar.ApplicationRecord{{
		External: "A-1", From: payment, To: ar.Ref{Kind: ar.Invoice, External: "INV-40"}, Kind: ar.ByPayment,
		Amount: ar.NewMoney(900_00, "USD"), Date: ar.NewDate(2026, 11, 25),
	}}
	write()
	s := o.serve(t)
	o.await(t, s, "the digest", func(st *fakeslack.State) bool { return len(st.Messages(arChannel)) > 0 })
	s.stop()
	heads, _ := posted(o.slack.Messages(arChannel))
	if len(heads) != 1 {
		t.Fatalf("%d digests, want one", len(heads))
	}
	if said := heads[0].Text + string(heads[0].Blocks); strings.Contains(said, "Nimbus") || !strings.Contains(said, "Orchid Dairy") {
		t.Errorf("the digest says %s", said)
	}
}
