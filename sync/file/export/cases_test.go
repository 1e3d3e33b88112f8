package export

import (
	stdcmp "cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/internal/needs"
)

// shared are the recorded samples, where they are.
func shared(t *testing.T, name string) string {
	t.Helper()
	return needs.SharedData(t, "cases/files/"+name)
}

// asOf is the date that the cases are told as of.
const asOf = "2026-11-25"

var today = ar.NewDate(2026, 11, 25)

// read checks a file as of the date of the cases, in dollars unless the settings say
// otherwise, and returns its rows too.
func read(t testing.TB, path string, s Settings) (*Export, []Row) {
	t.Helper()
	if s.AsOf.IsZero() {
		s.Written = today
	}
	s.Currency = stdcmp.Or(s.Currency, "USD")
	e, err := Check(t.Context(), path, s)
	if err != nil {
		t.Fatal(err)
	}
	return e, rowsOf(t, e)
}

func rowsOf(t testing.TB, e *Export) (rows []Row) {
	t.Helper()
	for row, err := range e.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// facts are what expected.json and our own variants say of a file.
type facts struct {
	Rows     int               `json:"rows"`
	Total    string            `json:"total"`
	Totals   map[string]string `json:"totals"`
	First    map[string]string `json:"first"`
	Amounts  []string          `json:"amounts"`
	Dates    []string          `json:"dates"`
	Buckets  map[string]string `json:"buckets@2026-11-25"`
	AsOf     string            `json:"as_of"`
	Ledger   map[string]string `json:"buckets"`
	Open     string            `json:"invoices_open_total"`
	Credit   string            `json:"unapplied"`
	Net      string            `json:"net"`
	Customer int               `json:"customers_with_balance"`
	Txns     int               `json:"transactions"`
	Invoices int               `json:"invoices"`
	TotalDue string            `json:"total_open"`
	Overdue  string            `json:"overdue"`
	Days     int               `json:"days_overdue@2026-11-25"`
}

// expected is what expected.json says of a recorded sample.
func expected(t *testing.T, name string) facts {
	t.Helper()
	text, err := os.ReadFile(shared(t, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	var f facts
	if err := json.Unmarshal(all[name], &f); err != nil {
		t.Fatal(err)
	}
	return f
}

var labels = []string{"Current", "1-30", "31-60", "61-90", "91+"}

// check holds a file against what is known of it.
func (f facts) check(t *testing.T, e *Export, rows []Row) {
	t.Helper()
	is := func(what, got, want string) {
		t.Helper()
		if want != "" && got != want {
			t.Errorf("%s is %s, want %s", what, got, want)
		}
	}
	isn := func(what string, got, want int) {
		t.Helper()
		if want != 0 && got != want {
			t.Errorf("%s are %d, want %d", what, got, want)
		}
	}
	isn("rows", len(rows), max(f.Rows, f.Txns, f.Invoices))
	isn("documents", e.Documents, max(f.Rows, f.Txns, f.Invoices))
	is("the date", e.AsOf.String(), f.AsOf)
	sum := Sum{}
	if len(e.Sums) > 0 {
		sum = e.Sums[0]
	}
	is("the total", sum.Net.Decimal(), stdcmp.Or(f.Total, stdcmp.Or(f.Net, f.TotalDue)))
	is("what is owed", plusAll(sum.Owed).Decimal(), f.Open)
	is("unapplied credit", sum.Unapplied.Neg().Decimal(), f.Credit)
	is("what is overdue", plusAll(sum.Owed[min(1, len(sum.Owed)):]).Decimal(), f.Overdue)
	is("the first number", first(rows).Document.Number, f.First["invoice"])
	for i, label := range labels {
		if len(f.Buckets) > 0 {
			is(label, sum.Owed[i].Decimal(), stdcmp.Or(f.Buckets[label], "0.00"))
		}
		if len(f.Ledger) > 0 {
			is(label+" in the ledger's view", sum.Ledger[i].Decimal(), stdcmp.Or(f.Ledger[label], "0.00"))
		}
	}
	for currency, want := range f.Totals {
		for _, s := range e.Sums {
			if string(s.Currency) == currency {
				is(currency, s.Net.Decimal(), want)
			}
		}
	}
	isn("currencies", len(e.Sums), len(f.Totals))
	if f.Customer > 0 {
		owing := map[string]bool{}
		for _, r := range rows {
			owing[r.Document.Customer] = true
		}
		isn("customers who owe", len(owing), f.Customer)
	}
	if f.Days > 0 {
		isn("days overdue", e.AsOf.Sub(rows[0].Document.Due), f.Days)
	}
	f.checkCells(t, rows)
}

func (f facts) checkCells(t *testing.T, rows []Row) {
	t.Helper()
	var amounts, coded, dates []string
	for _, r := range rows {
		amounts = append(amounts, r.Open.Decimal())
		coded = append(coded, string(r.Open.Currency())+" "+r.Open.Decimal())
		dates = append(dates, r.Document.Due.String())
	}
	if len(f.Amounts) > 0 && !cmp.Equal(f.Amounts, amounts) && !cmp.Equal(f.Amounts, coded) {
		t.Errorf("amounts are %v, want %v", coded, f.Amounts)
	}
	if len(f.Dates) > 0 && !cmp.Equal(f.Dates, dates) {
		t.Errorf("dates are %v, want %v", dates, f.Dates)
	}
}

func first(rows []Row) Row {
	if len(rows) == 0 {
		return Row{}
	}
	return rows[0]
}

func plusAll(amounts []ar.Money) (sum ar.Money) {
	for _, a := range amounts {
		sum = plus(sum, a)
	}
	return sum
}

// TestRecordedSamples: the files of the cases give what is written down of them.
func TestRecordedSamples(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, layout string
		currency     ar.Currency
	}{
		{"cs01_utf8_bom.csv", "list of documents", ""},
		{"cs03_semicolon_decimal_comma.csv", "list of documents", "EUR"},
		{"cs05_parentheses_and_symbols.csv", "list of documents", ""},
		{"cs06_dates_mdy.csv", "list of documents", ""},
		{"cs08_qbo_ar_aging_summary.csv", "QuickBooks A/R Aging Summary", ""},
		{"cs08b_qbo_ar_aging_detail.csv", "QuickBooks Online A/R Aging Detail", ""},
		{"cs10_excel_serial_1900.xlsx", "", ""},
		{"cs10_excel_serial_1904.xlsx", "", ""},
		{"x05_quoted_newline.csv", "list of documents", ""},
		{"x33_zoho_invoice_one_row_per_line_item.csv", "Zoho Invoice or Zoho Books invoices", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := expected(t, tt.name)
			e, rows := read(t, shared(t, tt.name), Settings{Currency: tt.currency})
			if tt.layout != "" && e.Layout != tt.layout {
				t.Errorf("it was taken for %q", e.Layout)
			}
			want.check(t, e, rows)
		})
	}
}

// write puts a text into a file.
func write(t testing.TB, name, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
