package export

import (
	"os"
	"path/filepath"
	"testing"

	"arbot/ar"
)

// FuzzCheck holds that whatever a file is, reading it ends without a fault of ours: with
// a refusal that people can read, or with documents that are whole and that add up to the
// sums that were shown. Maps and hashes make the coverage of one input differ from run to
// run: fuzz with -fuzzminimizetime=10x, or the time goes into minimizing.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		openInvoices,
		"\ufeffInvoice;Kunde;Fällig;Offen\nRE-1;Müller;31.12.2026;1.234,56\nRE-2;Müller;30.09.2026;(583,28)\n",
		"A/R Aging Detail\nBirch\n\"As of November 24, 2026\"\n\nDate,Transaction type,Num,Customer,Due date,Amount,Open balance\nCurrent\n11/13/2026,Invoice,S2,Fir,12/13/2026,200.00,200.00\nTotal for Current,,,,,,200.00\nTOTAL,,,,,,200.00\n",
		",Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\nElm,100.00,,,,,100.00\nTOTAL,100.00,,,,,100.00\n",
		"Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Line Total,Currency\nElm,1,2026-08-01,2026-09-01,sent,,430.00,USD\nElm,1,2026-08-01,2026-09-01,sent,,7,USD\n",
		"sep=;\rInvoice;Customer;Due Date;Balance\rCurrency: EUR\r1;Elm;2026-10-31;1,50\rSumme;;;1,50\rUSD\r2;Fir;2026-10-31;2,50\r",
		",,,Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\n,Elm,,,,,,,\n,,Job A,100.00,0.00,0.00,0.00,0.00,100.00\n,Total Elm,,100.00,0.00,0.00,0.00,0.00,100.00\nTOTAL,,,100.00,0.00,0.00,0.00,0.00,100.00\n",
		"Customer,Invoice,,,Amount,\n,No.,Date,Due,Total,Open\nElm,1,2026-10-01,2026-10-31,20.50,10.50\n",
		"\xff\xfeI\x00D\x00,\x00", "PK\x03\x04", "\"", ",,\n,,\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Check(t.Context(), path, Settings{Currency: "USD", AsOf: today, SkipBad: len(text)%2 == 0})
		if err != nil {
			if kind := ar.KindOf(err); kind != ar.Invalid {
				t.Fatalf("%v is of the kind %s", err, kind)
			}
			return
		}
		holdsTogether(t, e)
	})
}

// holdsTogether looks whether what an export says of itself is true of its rows.
func holdsTogether(t *testing.T, e *Export) {
	t.Helper()
	customers := map[string]bool{}
	for _, c := range e.Customers {
		if c.Parent != "" && !customers[c.Parent] {
			t.Fatalf("customer %q comes before %q, which is above it", c.External, c.Parent)
		}
		customers[c.External] = true
	}
	keys := map[ar.Key]bool{}
	net := map[ar.Currency]ar.Money{}
	rows := rowsOf(t, e)
	for _, r := range rows {
		d := r.Document
		switch {
		case d.External == "" || d.Kind == "" || d.Date.IsZero() || d.Amount.Currency() == "":
			t.Fatalf("row %d is not whole: %+v", r.At, r)
		case !customers[d.Customer]:
			t.Fatalf("row %d is of %q, who is no customer", r.At, d.Customer)
		case keys[d.Key()]:
			t.Fatalf("%s comes twice", d.Key())
		case !e.Has(ar.DocumentRecords, d.Key()):
			t.Fatalf("it does not know %s", d.Key())
		}
		keys[d.Key()] = true
		net[r.Net().Currency()] = plus(net[r.Net().Currency()], r.Net())
	}
	if len(rows) != e.Documents {
		t.Fatalf("it has %d rows and says %d", len(rows), e.Documents)
	}
	for _, s := range e.Sums {
		if s.Net != net[s.Currency] {
			t.Fatalf("it says %s and has %s", s.Net, net[s.Currency])
		}
	}
}
