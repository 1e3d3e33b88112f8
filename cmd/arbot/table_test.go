package main

import (
	"strings"
	"testing"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/internal/needs"
)

// A public list of 2,466 invoices comes in by a column mapping, and its aging is answered
// in Slack. What is right was computed from the file itself.
func TestTableByColumnMapping(t *testing.T) {
	t.Parallel()
	path := needs.SharedData(t, "data/ibm_late_payment_histories.csv")
	o := newOffice(t, "2026-11-25T07:00:00-05:00", "")
	o.reconfigure(t, func(config string) string {
		ledger := `ledgers:
  - name: late-payments
    table: ` + path + `
    mapping:
      currency: USD
      dates: MM/DD/YYYY
      columns: {number: invoiceNumber, customer: customerID, date: InvoiceDate, due: DueDate, amount: InvoiceAmount, paid: SettledDate, region: countryCode}
`
		return strings.Replace(config, "ledgers:\n  - {name: main, bundle: books}\n", ledger, 1)
	})
	if got := o.mustRun(t, "import"); !strings.HasPrefix(got, "late-payments: ") || strings.Contains(got, "Warning") {
		t.Errorf("import prints %s", got)
	}
	if got := o.mustRun(t, "import"); !strings.Contains(got, "nothing new") {
		t.Errorf("X26: a second import prints %s", got)
	}
	s := o.serve(t)
	o.await(t, s, "a connection", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
	got := o.typeIn(t, o.user(t, ar.ARClerk), arChannel, "aging as of 2013-06-30")
	for _, want := range []string{"$4,284.29", "$835.56", "$5,119.85"} {
		if !strings.Contains(got, want) {
			t.Errorf("aging as of 2013-06-30 lacks %s: %s", want, got)
		}
	}
}

// What a table says is settled counts from the date that its balances are of.
func TestImportAsOf(t *testing.T) {
	t.Parallel()
	o := newOffice(t, wednesday, "")
	o.write(t, "open.csv", "Invoice,Customer,Date,Amount,Open\n1,Acme,2026-09-01,100.00,40.00\n")
	o.reconfigure(t, func(config string) string {
		return strings.Replace(config, "  - {name: main, bundle: books}\n", `  - name: list
    table: open.csv
    mapping:
      currency: USD
      columns: {number: Invoice, customer: Customer, date: Date, amount: Amount, balance: Open}
`, 1)
	})
	if got := o.run(t, "import", "--as-of", "1.10.2026"); got.code != 2 || !strings.Contains(got.err, "is not a date such as") {
		t.Errorf("it ends with %d and says %s", got.code, got.err)
	}
	o.mustRun(t, "import", "--as-of", "2026-10-01")
	s := o.serve(t)
	o.await(t, s, "a connection", func(st *fakeslack.State) bool { return st.Sockets() > 0 })
	clerk := o.user(t, ar.ARClerk)
	for asOf, want := range map[string]string{"2026-09-30": "$100.00", "2026-10-01": "$40.00"} {
		if got := o.typeIn(t, clerk, arChannel, "aging as of "+asOf); !strings.Contains(got, want) {
			t.Errorf("aging as of %s lacks %s: %s", asOf, want, got)
		}
	}
}
