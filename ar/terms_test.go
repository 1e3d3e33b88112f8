package ar_test

import (
	"testing"

	"arbot/ar"
)

func TestParseTerms(t *testing.T) {
	t.Parallel()
	const date = "2026-09-01"
	tests := []struct {
		name string
		due  string // of an invoice dated 2026-09-01; "" where nothing follows
	}{
		{"Net 30", "2026-10-01"},
		{"NET 30", "2026-10-01"},
		{"net30", "2026-10-01"},
		{"Net30", "2026-10-01"},
		{"Net-30", "2026-10-01"},
		{"  Net  30  ", "2026-10-01"},
		{"Net 30 days", "2026-10-01"},
		{"Payment terms: net 30", "2026-10-01"},
		{"N30", "2026-10-01"},
		{"N/30", "2026-10-01"},
		{"n 30", "2026-10-01"},
		{"30 days", "2026-10-01"},
		{"30 Days", "2026-10-01"},
		{"30days", "2026-10-01"},
		{"30D", "2026-10-01"},
		{"30 days net", "2026-10-01"},
		{"60 days after the invoice date", "2026-10-31"},
		{"15 day(s) after the invoice date", "2026-09-16"},
		{"1 day", "2026-09-02"},
		{"Net 7", "2026-09-08"},
		{"Net 120", "2026-12-30"},
		{"Net 0", "2026-09-01"},
		{"2/10 Net 30", "2026-10-01"},
		{"2/10, n/30", "2026-10-01"},
		{"2/10 n30", "2026-10-01"},
		{"2% 10 Net 30", "2026-10-01"},
		{"2% 10, 30 days", "2026-10-01"},
		{"2% 10 days, net 30", "2026-10-01"},
		{"1.5% 15 Net 45", "2026-10-16"},
		{"1%/10 net 30", "2026-10-01"},
		{"Net 30, 2% discount if paid in 10 days", "2026-10-01"},
		{"2% discount if paid in 10 days, 30 days net", "2026-10-01"},
		{"10 days 2%, 30 days", "2026-10-01"},
		{"Due on receipt", "2026-09-01"},
		{"DUE UPON RECEIPT", "2026-09-01"},
		{"Payable on receipt", "2026-09-01"},
		{"On receipt", "2026-09-01"},
		{"Immediate", "2026-09-01"},
		{"Payment immediately", "2026-09-01"},
		{"COD", "2026-09-01"},
		{"cash on delivery", "2026-09-01"},
		{"Prepaid", "2026-09-01"},
		{"Payment in advance", "2026-09-01"},
		{"EOM", "2026-09-30"},
		{"End of month", "2026-09-30"},
		{"Due at the end of the month", "2026-09-30"},
		{"Month end", "2026-09-30"},
		{"2/10 EOM", "2026-09-30"},
		{"Net 15 EOM", "2026-10-15"},
		{"15 EOM", "2026-10-15"},
		{"EOM+30", "2026-10-30"},
		{"EOM 30", "2026-10-30"},
		{"30 days EOM", "2026-10-30"},
		{"30 days end of month", "2026-10-30"},
		{"10 days after the end of the invoice month", "2026-10-10"},
		{"15th of next month", "2026-10-15"},
		{"15th of the following month", "2026-10-15"},
		{"20th of the month following", "2026-10-20"},
		{"31st of next month", "2026-10-31"},
		{"1st of the next month", "2026-10-01"},
		{"15th day of the following month", "2026-10-15"},
		{"10th prox", "2026-10-10"},
		{"10 prox", "2026-10-10"},
		{"", ""},
		{"   ", ""},
		{"Net", ""},
		{"Net thirty", ""},
		{"Net 1000", ""},
		{"1000 days", ""},
		{"30", ""}, // may be the number of a rule in the ledger
		{"Standard", ""},
		{"See contract", ""},
		{"2/10", ""},
		{"0th of next month", ""},
		{"32nd of next month", ""},
		{"Magnet 30", ""},
		{"Receipt needed", ""},
		{"Geometric", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			terms, ok := ar.ParseTerms(tt.name)
			switch {
			case ok != (tt.due != ""):
				t.Errorf("read as %+v, %v", terms, ok)
			case ok && terms.Due(day(t, date)).String() != tt.due:
				t.Errorf("due %s, want %s: %+v", terms.Due(day(t, date)), tt.due, terms)
			}
		})
	}
}

func TestTermsInShortAndLongMonths(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ terms, date, due string }{
		{"31st of next month", "2027-01-15", "2027-02-28"},
		{"31st of next month", "2028-01-15", "2028-02-29"},
		{"31st of next month", "2026-12-31", "2027-01-31"},
		{"15th of next month", "2026-12-01", "2027-01-15"},
		{"EOM", "2028-02-01", "2028-02-29"},
		{"EOM", "2026-11-30", "2026-11-30"},
		{"Net 15 EOM", "2026-12-31", "2027-01-15"},
		{"Net 30", "2028-02-15", "2028-03-16"},
	} {
		terms, ok := ar.ParseTerms(tt.terms)
		if due := terms.Due(day(t, tt.date)).String(); !ok || due != tt.due {
			t.Errorf("%s of %s: due %s, want %s", tt.terms, tt.date, due, tt.due)
		}
	}
}

// TestDueDate holds the fallbacks of case AG-06; its amounts are in aging_test.go.
func TestDueDate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, date, stated, ofDocument, ofCustomer string
		due                                        string
		basis                                      ar.DueBasis
	}{
		{"the ledger's own", "2026-09-01", "2026-09-11", "Net 30", "Net 60", "2026-09-11", ar.DueStated},
		{"stated before its date", "2026-09-01", "2026-08-11", "", "", "2026-08-11", ar.DueStated},
		{"AG-06 (a): by the document's terms", "2026-09-01", "", "Net 30", "Net 60", "2026-10-01", ar.DueByTerms},
		{"by the customer's terms", "2026-09-01", "", "", "Net 60", "2026-10-31", ar.DueByTerms},
		{"the document's terms say nothing", "2026-09-01", "", "As agreed", "Net 60", "2026-10-31", ar.DueByTerms},
		{"AG-06 (b): none", "2026-09-01", "", "", "", "2026-09-01", ar.DueMissing},
		{"none that can be read", "2026-09-01", "", "As agreed", "Standard", "2026-09-01", ar.DueMissing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stated ar.Date
			if tt.stated != "" {
				stated = day(t, tt.stated)
			}
			due, basis := ar.DueDate(day(t, tt.date), stated, tt.ofDocument, tt.ofCustomer)
			if due.String() != tt.due || basis != tt.basis {
				t.Errorf("due %s (%s), want %s (%s)", due, basis, tt.due, tt.basis)
			}
		})
	}
}

func FuzzParseTerms(f *testing.F) {
	for _, s := range []string{"2/10 Net 30", "EOM+30", "31st of next month", "n/30", "Due on receipt", "999 days EOM"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		terms, ok := ar.ParseTerms(name)
		if !ok {
			return
		}
		date := day(t, "2026-09-01")
		if due := terms.Due(date); due.Before(date) || due.Sub(date) > 999+30 {
			t.Fatalf("%q: an invoice of %s is due %s", name, date, due)
		}
	})
}
