package file

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"arbot/ar"
	"arbot/internal/needs"
	arsync "arbot/sync"
	"arbot/sync/sourcetest"
)

// openAsOf reads a mapped table and returns what is open of each document that existed on
// a date, as "customer currency bucket": sum and number.
func openAsOf(t *testing.T, path string, m Mapping, asOf string) map[string]string {
	t.Helper()
	source, err := NewTable(path, m, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	source.AsOf = day(t, asOf)
	reading, page := sourcetest.Read(t, source)
	open := map[ar.Ref]ar.Money{}
	for b, err := range reading.Balances {
		if err != nil {
			t.Fatal(err)
		}
		open[b.Of] = b.Open
	}
	edges := ar.DefaultEdges(ar.ByDueDate)
	sums, counts := map[string]ar.Money{}, map[string]int{}
	for _, d := range page.Documents {
		left, ok := open[d.Ref]
		if d.Status != ar.Posted || !ok || left.IsZero() || d.Date.After(source.AsOf) {
			continue
		}
		key := fmt.Sprintf("%s %s", left.Currency(), edges.Label(edges.Bucket(source.AsOf.Sub(d.Due))))
		if sums[key].Currency() == "" {
			sums[key] = ar.NewMoney(0, left.Currency())
		}
		if sums[key], err = sums[key].Add(left); err != nil {
			t.Fatal(err)
		}
		counts[key]++
	}
	got := map[string]string{}
	for key, sum := range sums {
		got[key] = fmt.Sprintf("%s (%d)", sum.Decimal(), counts[key])
	}
	return got
}

// TestSY09NumbersRepeatInAnExport: the key is the id, a number is a label; rows that are
// marked as deleted and have nothing else are left out.
func TestSY09NumbersRepeatInAnExport(t *testing.T) {
	t.Parallel()
	m := Mapping{
		Skip: map[string][]string{"_fivetran_deleted": {"true"}},
		Columns: Columns{
			ID: "id", Number: "doc_number", CustomerID: "customer_id", Date: "transaction_date", Due: "due_date",
			Amount: "total_amount", Balance: "balance", Currency: "currency_id",
		},
	}
	want := map[string]string{"USD 31-60": "119676.55 (4)", "EUR 31-60": "1000.00 (1)"}
	if diff := cmp.Diff(want, openAsOf(t, needs.SharedData(t, "fixtures/dbt-quickbooks/invoice_data.csv"), m, "2021-03-10")); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
}

// Bills are left out, and states have the words of the program.
func TestExportWithStatesAndBills(t *testing.T) {
	t.Parallel()
	m := Mapping{
		Skip:     map[string][]string{"type": {"ACCPAY"}},
		Statuses: map[string]string{"AUTHORISED": "posted", "PAID": "posted", "VOIDED": "void", "DELETED": "deleted", "DRAFT": "draft", "SUBMITTED": "draft"},
		Columns: Columns{
			ID: "invoice_id", Number: "invoice_number", CustomerID: "contact_id", Date: "date", Due: "due_date",
			Amount: "total", Balance: "amount_due", Currency: "currency_code", Status: "status",
		},
	}
	want := map[string]string{
		"GBP Current": "5985.00 (3)", "GBP 1-30": "2250.00 (1)", "GBP 31-60": "2250.00 (1)", "GBP 61-90": "2250.00 (1)",
		"USD Current": "29356.00 (6)", "USD 1-30": "750.00 (1)",
	}
	if diff := cmp.Diff(want, openAsOf(t, needs.SharedData(t, "fixtures/dbt-xero/xero_invoice_data.csv"), m, "2021-02-28")); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
}

func TestSkipAndStatuses(t *testing.T) {
	t.Parallel()
	m := plainMapping()
	m.Columns.Status = "State"
	m.Skip = map[string][]string{"Kind": {"Bill"}, "state": {"gone"}}
	m.Statuses = map[string]string{"Open": "posted", "Cancelled": "void"}
	source := table(t, m, "Invoice,Customer,Date,Due Date,Amount,Balance,State,Kind",
		"1,Birch,2026-09-01,,100.00,40.00,OPEN,Sale", "2,Birch,x,y,,,open,bill", "3,,,,,,Gone,", "4,Birch,2026-09-01,,5.00,5.00,cancelled,Sale")
	_, page := sourcetest.Read(t, source)
	var got []string
	for _, d := range page.Documents {
		got = append(got, d.Number+" "+string(d.Status))
	}
	if diff := cmp.Diff([]string{"1 posted", "4 void"}, got); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	m.Statuses["Open"] = "fine"
	if err := m.Validate(); err == nil || !strings.Contains(err.Error(), "statuses: Open") {
		t.Errorf("a wrong status: %v", err)
	}
	m.Statuses["Open"] = "posted"
	_, err := table(t, m, "Invoice,Customer,Date,Due Date,Amount,Balance,State,Kind", "1,Birch,2026-09-01,,100.00,40.00,odd,Sale").Full(t.Context())
	if err == nil || !strings.Contains(err.Error(), "Add it to statuses in the mapping") {
		t.Errorf("a state that is not mapped: %v", err)
	}
	_, err = table(t, m, "Invoice,Customer,Date,Due Date,Amount,Balance,State", "1,Birch,2026-09-01,,100.00,40.00,open").Full(t.Context())
	if err == nil || !strings.Contains(err.Error(), `the header has no column "Kind"`) {
		t.Errorf("a column that only skip names: %v", err)
	}
}

// A mapped table comes in any encoding, and as a workbook.
func TestTableInOtherEncodings(t *testing.T) {
	t.Parallel()
	m := plainMapping()
	m.Dates, m.Decimal, m.Currency = "DD.MM.YYYY", ",", "EUR"
	m.Delimiter = ";"
	text := "Invoice;Customer;Date;Due Date;Amount;Balance\n007;Bäcker;01.09.2026;01.10.2026;1.234,50;1.000,00\n"
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	western, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"UTF-8": text, "UTF-16": wide, "Windows-1252": western, "workbook": listBook(t, "007"), "a number that is shown as 007": listBook(t, 7),
		"old line ends": strings.ReplaceAll(text, "\n", "\r"), "a line that states the delimiter": "sep=;\r\n" + text,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(files{"list": content}.write(t), "list")
			source, err := NewTable(path, m, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			reading, page := sourcetest.Read(t, source)
			d := page.Documents[0]
			if d.Number != "007" || d.Customer != "Bäcker" || d.Date != day(t, "2026-09-01") || d.Due != day(t, "2026-10-01") || d.Amount != money(t, "1234.50", "EUR") {
				t.Errorf("it holds %+v", d)
			}
			var stated []arsync.Balance
			for b, err := range reading.Balances {
				if err != nil {
					t.Fatal(err)
				}
				stated = append(stated, b)
			}
			if len(stated) != 1 || stated[0].Open != money(t, "1000", "EUR") {
				t.Errorf("it says that %+v is open", stated)
			}
		})
	}
}

// listBook is a workbook of one invoice, whose number is shown with three digits.
func listBook(t *testing.T, number any) string {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range [][]any{
		{"Invoice", "Customer", "Date", "Due Date", "Amount", "Balance"},
		{number, "Bäcker", 46266, "01.10.2026", 1234.5, "1.000,00"},
	} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	format := "000"
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err == nil {
		err = book.SetCellStyle("Sheet1", "A2", "A2", style)
	}
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return sheet.String()
}
