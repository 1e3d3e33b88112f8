package export

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"arbot/ar"
)

const openList = "Invoice,Customer,Invoice Date,Due Date,Balance\n"

// TestLineEndsOfAllSystems: one file can have several.
func TestLineEndsOfAllSystems(t *testing.T) {
	t.Parallel()
	want := facts{Rows: 3, Total: "16.50"}
	const text = "Invoice,Customer,Invoice Date,Due Date,Balance\n1,Elm,2026-10-01,2026-10-31,10.50\n2,Fir,2026-10-01,2026-10-31,5.00\n3,\"Fir\n& Co\",2026-10-01,2026-10-31,1.00\n"
	runAll(t, []variant{
		{name: "LF", text: text, want: want},
		{name: "CRLF", text: strings.ReplaceAll(text, "\n", "\r\n"), want: want},
		{name: "CR, as old systems have it", text: strings.ReplaceAll(text, "\n", "\r"), want: want},
		{name: "each of them once", text: strings.Replace(strings.Replace(text, "Balance\n", "Balance\r\n", 1), "10.50\n", "10.50\r", 1), want: want},
		{name: "none behind the last row", text: strings.TrimSuffix(strings.ReplaceAll(text, "\n", "\r"), "\r"), want: want},
		{name: "a fault has its row", text: strings.ReplaceAll(strings.Replace(text, "5.00", "x", 1), "\n", "\r"), refused: "row 3"},
	})
}

// TestLineThatStatesTheDelimiter is written by programs for Excel, and no row of it.
func TestLineThatStatesTheDelimiter(t *testing.T) {
	t.Parallel()
	runAll(t, []variant{
		{name: "a semicolon", text: "sep=;\r\nInvoice;Customer;Due Date;Balance\r\n1;Elm;2026-10-31;1.234,50\r\n2;Fir;2026-10-31;9,50\r\n", want: facts{Rows: 2, Total: "1244.00"}},
		{name: "a comma, where more semicolons are", text: "sep=,\nInvoice,Customer,Due Date,Balance\n1,A;B;C;D;E,2026-10-31,1.50\n2,A;B;C;D;E,2026-10-31,2.50\n", want: facts{Rows: 2, Total: "4.00"}},
		{name: "a bar", text: "\ufeffSEP=|\nInvoice|Customer|Due Date|Balance\n1|Elm, Inc|2026-10-31|1.50\n", want: facts{Rows: 1, Total: "1.50"}},
		{name: "bars without a word of it", text: "Invoice|Customer|Due Date|Balance\n1|Elm|2026-10-31|1.50\n2|Fir|2026-10-31|2.50\n", want: facts{Rows: 2, Total: "4.00"}},
		{name: "a fault has the row that a spreadsheet shows", text: "sep=;\nInvoice;Customer;Due Date;Balance\n1;Elm;2026-10-31;1,50\n2;Fir;2026-10-31;x\n", refused: "row 3"},
	})
	e, _ := read(t, write(t, "x.csv", "sep=;\nInvoice;Customer;Due Date;Balance\n1;Elm;2026-10-31;1,50\n"), Settings{})
	if e.Company != "" {
		t.Errorf("the line was taken for the company %q", e.Company)
	}
}

// TestHeaderOnEachPage: a report that was printed to a file has its title and its header on
// each page, in the middle of a group.
func TestHeaderOnEachPage(t *testing.T) {
	t.Parallel()
	const top = "Harbor LLC\nA/R Aging Detail\n\"As of November 24, 2026\"\n,Type,Date,Num,P. O. #,Name,Terms,Due Date,Aging,Open Balance\n"
	const invoices = ",Type,Date,Num,Terms,Due Date,Aging,Open Balance\n"
	runAll(t, []variant{
		{
			name: "by age", want: facts{Rows: 2, Customer: 2, Total: "300.00", AsOf: "2026-11-24"},
			text: top + "Current,,,,,,,,,\n,Invoice,11/13/2026,S2,,Fir,Net 30,12/13/2026,,200.00\nPage 1 of 2\n" + top + ",Invoice,11/13/2026,S3,,Elm,Net 30,12/13/2026,,100.00\nTotal Current,,,,,,,,,300.00\nTOTAL,,,,,,,,,300.00\nPage 2 of 2\n",
		},
		{
			name: "by customer", want: facts{Rows: 3, Customer: 2, Total: "35.00", AsOf: "2026-11-24"},
			text: "Harbor LLC\nOpen Invoices\n\"As of November 24, 2026\"\n" + invoices + "Elm\n,Invoice,11/13/2026,1,,12/13/2026,,10.00\nHarbor LLC\nOpen Invoices\n\"As of November 24, 2026\"\n" + invoices +
				",Invoice,11/13/2026,2,,12/13/2026,,20.00\nTotal Elm,,,,,,,30.00\nFir\n" + invoices + ",Invoice,11/13/2026,3,,12/13/2026,,5.00\nTotal Fir,,,,,,,5.00\nTOTAL,,,,,,,35.00\n",
		},
		{name: "a list that was put together from two", text: openList + "1,Elm,2026-10-01,2026-10-31,10.50\n" + openList + "2,Fir,2026-10-01,2026-10-31,1.50\n", want: facts{Rows: 2, Total: "12.00"}},
		{name: "another header is none of it", text: openList + "1,Elm,2026-10-01,2026-10-31,10.50\nInvoice,Customer,Due Date,Invoice Date,Balance\n2,Fir,2026-10-01,2026-10-31,1.50\n", refused: "row 3"},
		{
			name: "a customer called like the company", want: facts{Rows: 1, Customer: 1, Total: "10.00"},
			text: "Harbor LLC\nOpen Invoices\n\"As of November 24, 2026\"\n" + invoices + "Harbor LLC\n,Invoice,11/13/2026,1,,12/13/2026,,10.00\nTotal Harbor LLC,,,,,,,10.00\nTOTAL,,,,,,,10.00\n",
		},
	})
}

// TestGroupsInColumnsOfTheirOwn: QuickBooks Desktop indents the names of groups by columns.
func TestGroupsInColumnsOfTheirOwn(t *testing.T) {
	t.Parallel()
	runAll(t, []variant{
		{
			name: "jobs below a customer", want: facts{Rows: 2, Customer: 2, Total: "150.00"},
			text: ",,Type,Date,Num,P. O. #,Terms,Due Date,Aging,Open Balance\nElm,,,,,,,,,\n,Job A,,,,,,,,\n,,Invoice,11/13/2026,1,,Net 30,12/13/2026,,100.00\n,Total Job A,,,,,,,,100.00\n,Elm - Other,,,,,,,,\n,,Invoice,11/13/2026,2,,Net 30,12/13/2026,,50.00\n,Total Elm - Other,,,,,,,,50.00\nTotal Elm,,,,,,,,,150.00\nTOTAL,,,,,,,,,150.00\n",
		},
		{
			name: "blank columns between", want: facts{Rows: 1, Total: "100.00"},
			text: ",,,Type,,Date,,Num,,Name,,Due Date,,Aging,,Open Balance\n,Current,,,,,,,,,,,,,,\n,,,Invoice,,11/13/2026,,1,,Elm,,12/13/2026,,,,100.00\n,Total Current,,,,,,,,,,,,,,100.00\nTOTAL,,,,,,,,,,,,,,,100.00\n",
		},
		{
			name: "a summary", want: facts{Rows: 3, Customer: 3, Total: "175.00"},
			text: ",,,Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\n,Elm,,,,,,,\n,,Job A,100.00,0.00,0.00,0.00,0.00,100.00\n,,Elm - Other,50.00,0.00,0.00,0.00,0.00,50.00\n,Total Elm,,150.00,0.00,0.00,0.00,0.00,150.00\n,Fir,,25.00,0.00,0.00,0.00,0.00,25.00\nTOTAL,,,175.00,0.00,0.00,0.00,0.00,175.00\n",
		},
	})
	e, _ := read(t, write(t, "x.csv", ",,,Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\n,Elm,,,,,,,\n,,Job A,100.00,0.00,0.00,0.00,0.00,100.00\n,,Elm - Other,50.00,0.00,0.00,0.00,0.00,50.00\n,Total Elm,,150.00,0.00,0.00,0.00,0.00,150.00\nTOTAL,,,150.00,0.00,0.00,0.00,0.00,150.00\n"), Settings{})
	var names []string
	for _, c := range e.Customers {
		names = append(names, c.External)
	}
	slices.Sort(names)
	if want := []string{"Elm", "Elm:Job A"}; !slices.Equal(names, want) {
		t.Errorf("customers are %q, want %q", names, want)
	}
}

// TestHeaderInTwoRows: a text can stand over several columns, or over one without another
// text below it.
func TestHeaderInTwoRows(t *testing.T) {
	t.Parallel()
	want := facts{Rows: 1, Total: "10.50", Dates: []string{"2026-10-31"}, First: map[string]string{"invoice": "0007"}}
	runAll(t, []variant{
		{name: "the upper text goes on below", text: "Invoice,Invoice,Due,Customer,Open\nNumber,Date,Date,Name,Balance\n0007,2026-10-01,2026-10-31,Elm,10.50\n", want: want},
		{name: "over several columns", text: "Customer,Invoice,,,Amount,\n,No.,Date,Due,Total,Open\nElm,0007,2026-10-01,2026-10-31,20.50,10.50\n", want: want},
		{name: "groups over a header that is whole", text: "Who,Document,,,What\nCustomer,Invoice,Invoice Date,Due Date,Balance\nElm,0007,2026-10-01,2026-10-31,10.50\n", want: want},
		{name: "below a title", text: "Open items\n\nDocument,,,Customer,Open\nNo.,Date,Due Date,Name,Balance\n0007,2026-10-01,2026-10-31,Elm,10.50\n", refused: "is no report that arbot knows"},
		{name: "the first row of data is no header", text: "Invoice,Customer,Status,Balance\n0007,Elm,Due Date,10.50\n", want: facts{Rows: 1, Total: "10.50"}},
	})
}

// TestBlocksOfCurrencies: what stands above rows as their currency is theirs, and their total
// is held against them.
func TestBlocksOfCurrencies(t *testing.T) {
	t.Parallel()
	const xero = "Aged Receivables Detail\nBirch Ltd\nAs at 24 November 2026\n\nInvoice Number,Invoice Date,Due Date,Invoice Reference,Current,< 1 Month,1 Month,Older,Total\n"
	both := facts{Rows: 2, Customer: 2, Totals: map[string]string{"EUR": "10.50", "USD": "20.00"}}
	runAll(t, []variant{
		{name: "in a list", text: "Invoice,Customer,Due Date,Balance\nCurrency: EUR,,,\n1,Elm,2026-10-31,10.50\nTotal EUR,,,10.50\nCurrency: USD,,,\n2,Fir,2026-10-31,20.00\nTotal USD,,,20.00\n", want: both},
		{name: "by the code alone, in German", text: "Rechnung;Kunde;Fällig;Offen\nEUR;;;\n1;Elm;31.10.2026;10,50\nSumme;;;10,50\nUSD;;;\n2;Fir;31.10.2026;20,00\nSumme;;;20,00\n", want: both},
		{name: "by name", text: "Facture;Client;Échéance;Solde\nEUR - Euro;;;\n1;Elm;31/10/2026;10,50\nUSD - US Dollar;;;\n2;Fir;31/10/2026;20,00\n", want: both},
		{
			name: "around customers", want: both,
			text: xero + "EUR\nElm\nINV-1,15 Sep 2026,14 Oct 2026,,0.00,0.00,10.50,0.00,10.50\nTotal Elm,,,,0.00,0.00,10.50,0.00,10.50\nTotal EUR,,,,0.00,0.00,10.50,0.00,10.50\nUSD\nFir\nINV-2,15 Nov 2026,14 Dec 2026,,20.00,0.00,0.00,0.00,20.00\nTotal Fir,,,,20.00,0.00,0.00,0.00,20.00\nTotal USD,,,,20.00,0.00,0.00,0.00,20.00\n",
		},
		{
			name: "around customers, with totals that do not say of what", want: both,
			text: xero + "EUR\nElm\nINV-1,15 Sep 2026,14 Oct 2026,,0.00,0.00,10.50,0.00,10.50\nTotal Elm,,,,0.00,0.00,10.50,0.00,10.50\nTotal,,,,0.00,0.00,10.50,0.00,10.50\nUSD\nFir\nINV-2,15 Nov 2026,14 Dec 2026,,20.00,0.00,0.00,0.00,20.00\nTotal Fir,,,,20.00,0.00,0.00,0.00,20.00\nTotal,,,,20.00,0.00,0.00,0.00,20.00\n",
		},
		{
			name: "around ages", want: both,
			text: "Company\nA/R Aging Detail\n\"As of November 25, 2026\"\n\nDate,Transaction type,Num,Customer,Due date,Amount,Open balance\nCurrency: EUR\nCurrent\n11/13/2026,Invoice,1,Elm,12/13/2026,10.50,10.50\nTotal for Current,,,,,,10.50\nTotal for EUR,,,,,,10.50\nCurrency: USD\nCurrent\n11/13/2026,Invoice,2,Fir,12/13/2026,20.00,20.00\nTotal for Current,,,,,,20.00\nTotal for USD,,,,,,20.00\n",
		},
		{name: "in a summary", text: "Contact,Current,< 1 Month,1 Month,Older,Total\nCurrency: EUR,,,,,\nElm,10.50,0.00,0.00,0.00,10.50\nTotal EUR,10.50,0.00,0.00,0.00,10.50\nCurrency: USD,,,,,\nFir,20.00,0.00,0.00,0.00,20.00\nTotal USD,20.00,0.00,0.00,0.00,20.00\n", want: both},
		{name: "a total of a block that differs", text: "Invoice,Customer,Due Date,Balance\nCurrency: EUR,,,\n1,Elm,2026-10-31,10.50\nTotal EUR,,,11.50\n", refused: "the total is €11.50, but the rows above it add up to €10.50"},
		{name: "a mark of another currency", text: "Invoice,Customer,Due Date,Balance\nCurrency: EUR,,,\n1,Elm,2026-10-31,$10.50\n", refused: "it is marked $, but the currency is EUR"},
		{name: "above the header", text: "Open items\nCurrency: GBP\nInvoice,Customer,Due Date,Balance\n1,Elm,2026-10-31,10.50\nTotal,,,10.50\n", want: facts{Rows: 1, Totals: map[string]string{"GBP": "10.50"}}},
		{name: "all amounts in one", text: "Open items\nAll amounts in Euro (EUR)\nInvoice,Customer,Due Date,Balance\n1,Elm,2026-10-31,10.50\n", want: facts{Rows: 1, Totals: map[string]string{"EUR": "10.50"}}},
		{
			name: "a customer called like a currency", want: facts{Rows: 1, Customer: 1, Totals: map[string]string{"USD": "10.00"}},
			text: xero + "MAD\nINV-1,15 Sep 2026,14 Oct 2026,,0.00,0.00,10.00,0.00,10.00\nTotal MAD,,,,0.00,0.00,10.00,0.00,10.00\nTotal,,,,0.00,0.00,10.00,0.00,10.00\n",
		},
	})
	for name, tt := range map[string]struct {
		text string
		want Meaning
	}{
		"each has its total": {"EUR\nElm\nINV-1,15 Sep 2026,14 Oct 2026,,0.00,0.00,10.50,0.00,10.50\nTotal EUR,,,,0.00,0.00,10.50,0.00,10.50\n", Snapshot},
		"one has none":       {"EUR\nElm\nINV-1,15 Sep 2026,14 Oct 2026,,0.00,0.00,10.50,0.00,10.50\nTotal EUR,,,,0.00,0.00,10.50,0.00,10.50\nUSD\nFir\nINV-2,15 Sep 2026,14 Oct 2026,,0.00,0.00,10.50,0.00,10.50\n", List},
	} {
		if e, _ := read(t, write(t, "x.csv", xero+tt.text), Settings{}); e.Meaning != tt.want {
			t.Errorf("%s: it means %v", name, e.Meaning)
		}
	}
}

// TestTotalsInOtherCurrencies cannot be held against the rows; where nothing but the settings
// says the currency of the rows, that is asked about.
func TestTotalsInOtherCurrencies(t *testing.T) {
	t.Parallel()
	runAll(t, []variant{
		{name: "the rows are in the settings' currency, the total is marked", text: "Invoice,Customer,Due Date,Balance\n1,Elm,2026-10-31,10.50\nTotal,,,€10.50\n", refused: "row 3, Balance \"€10.50\": the total is in EUR, but the rows above it name no currency and count as USD"},
		{name: "it was said", settings: Settings{Currency: "EUR"}, text: "Invoice,Customer,Due Date,Balance\n1,Elm,2026-10-31,10.50\nTotal,,,€10.50\n", want: facts{Rows: 1, Total: "10.50"}},
		{name: "the rows have a column, the total another currency", text: "Invoice,Customer,Due Date,Currency,Balance\n1,Elm,2026-10-31,EUR,10.50\nTotal,,,USD,12.00\n", want: facts{Rows: 1, Totals: map[string]string{"EUR": "10.50"}}},
		{name: "the rows have a column, the total a mark", text: "Invoice,Customer,Due Date,Currency,Balance\n1,Elm,2026-10-31,EUR,10.50\nTotal,,,,$12.00\n", want: facts{Rows: 1, Totals: map[string]string{"EUR": "10.50"}}},
		{name: "the rows are in two", text: "Invoice,Customer,Due Date,Currency,Balance\n1,Elm,2026-10-31,EUR,10.50\n2,Elm,2026-10-31,USD,1.00\nTotal,,,USD,12.00\n", want: facts{Rows: 2, Totals: map[string]string{"EUR": "10.50", "USD": "1.00"}}},
	})
	e, _ := read(t, write(t, "x.csv", "Invoice,Customer,Due Date,Currency,Balance\n1,Elm,2026-10-31,EUR,10.50\nTotal,,,USD,12.00\n"), Settings{})
	if len(e.Warnings) != 1 || !strings.Contains(e.Warnings[0], "row 3: the total was not checked, since it is in USD and the rows above it are in EUR") {
		t.Errorf("it warns %q", e.Warnings)
	}
}

// TestTotalsByTheirWords: of a list in another language, too, the total is no document.
func TestTotalsByTheirWords(t *testing.T) {
	t.Parallel()
	heads := map[string]string{
		"German": "Rechnung;Kunde;Datum;Fällig;Offen\n", "French": "Facture;Client;Date facture;Échéance;Solde\n", "Spanish": "Factura;Cliente;Fecha;Vencimiento;Pendiente\n",
	}
	for language, words := range map[string][]string{
		"German":  {"Summe", "Gesamtsumme", "Gesamt:", "Endsumme", "Gesamtbetrag", "Insgesamt"},
		"French":  {"Total", "Total général", "Somme totale", "TOTAUX", "Montant total"},
		"Spanish": {"Total", "Total general", "Suma total", "Suma", "Importe total"},
	} {
		for _, word := range words {
			text := heads[language] + "1;Elm;01.10.2026;31.10.2026;10,50\n2;Summe GmbH;01.10.2026;31.10.2026;20,00\n" + word + ";;;;30,50\n"
			e, rows := read(t, write(t, "x.csv", text), Settings{})
			if total, ok := e.Total(); !ok || !total.Ties() || len(rows) != 2 {
				t.Errorf("%s: %d rows, total %v", word, len(rows), total)
			}
			_, err := Check(t.Context(), write(t, "x.csv", strings.Replace(text, "30,50", "31,50", 1)), Settings{Currency: "USD", AsOf: today})
			if err == nil || !strings.Contains(err.Error(), "row 4") {
				t.Errorf("%s that differs: %v", word, err)
			}
		}
	}
}

// TestRowsThatSayNothing: remarks in columns that are not read, and the further lines of an
// invoice of Odoo, are passed over and counted.
func TestRowsThatSayNothing(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a remark":                    "Invoice,Customer,Due Date,Balance,Remark\n1,Elm,2026-10-31,10.50,\n,,,,checked by Dana\n",
		"further lines of an invoice": "Number,Invoice Partner Display Name,Invoice/Bill Date,Due Date,Total in Currency Signed,Amount Due,Payment Status,Currency,Invoice lines/Product\nINV/1,Elm,2026-10-01,2026-10-31,10.50,10.50,Not Paid,USD,a\n,,,,,,,,b\n",
		"columns of commas":           "Invoice,Customer,Due Date,Balance,,\n1,Elm,2026-10-31,10.50,,\n,,,,,x\n",
	} {
		e, rows := read(t, write(t, "x.csv", text), Settings{})
		if len(rows) != 1 || len(e.Warnings) != 1 || e.Warnings[0] != "1 row is empty in all columns that are read, and passed over." {
			t.Errorf("%s: %d rows, %q", name, len(rows), e.Warnings)
		}
	}
	runAll(t, []variant{
		{name: "commas behind the header and the rows", text: "Invoice,Customer,Due Date,Balance,,,\n1,Elm,2026-10-31,10.50,,,\n2,Fir,2026-10-31,1.00,,,\n", want: facts{Rows: 2, Total: "11.50"}},
		{name: "commas behind some rows", text: "Invoice,Customer,Due Date,Balance\n1,Elm,2026-10-31,10.50,,,\n2,Fir,2026-10-31,1.00\n", want: facts{Rows: 2, Total: "11.50"}},
		{name: "an amount that was cut in two", text: "Invoice,Customer,Due Date,Balance\n1,Elm,2026-10-31,1,234.50\n", refused: "row 2"},
		{name: "a row that is cut off", text: openList + "1,Elm,2026-10-01,2026-10-31,10.50\n2,Fir,2026-10\n", refused: "row 3"},
		{name: "NUL in a row", text: openList + "1,El\x00m,2026-10-01,2026-10-31,10.50\n", refused: "row 2"},
		{name: "NUL behind the last row", text: openList + "1,Elm,2026-10-01,2026-10-31,10.50\n" + strings.Repeat("\x00", 100), refused: "row 3"},
		{name: "a quote in the middle of a cell", text: openList + "1,Elm 3\" pipe,2026-10-01,2026-10-31,10.50\n", refused: "row 2"},
		{name: "text behind a closing quote", text: openList + "1,\"Elm\" Inc,2026-10-01,2026-10-31,10.50\n", refused: "row 2"},
	})
}

// sheets writes a workbook of several sheets, by name and rows.
func sheets(t testing.TB, change func(*excelize.File) error, all ...[][]any) string {
	t.Helper()
	book := excelize.NewFile()
	for i, rows := range all {
		name := fmt.Sprintf("Sheet%d", i+1)
		if _, err := book.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for j, row := range rows {
			if err := book.SetSheetRow(name, fmt.Sprintf("A%d", j+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if change != nil {
		if err := change(book); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return write(t, "book.xlsx", out.String())
}

var (
	tips  = [][]any{{"Tips for exporting"}, {"Turn off what you do not need"}}
	table = [][]any{{"Invoice", "Customer", "Due Date", "Balance"}, {"1", "Elm", "2026-10-31", 10.5}, {"2", "Fir", "2026-10-31", 1}}
)

// TestSheetsOfAWorkbook: the one with a report is read, which is said; two are refused.
func TestSheetsOfAWorkbook(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path, sheet, warns, refused string
	}{
		{name: "one sheet", path: sheets(t, nil, table), sheet: "Sheet1"},
		{name: "tips before the report", path: sheets(t, nil, tips, table), sheet: "Sheet2", warns: `Only the sheet "Sheet2" was read: on "Sheet1" there is no report that arbot knows.`},
		{name: "empty sheets behind it", path: sheets(t, nil, table, nil, nil), sheet: "Sheet1", warns: `on "Sheet2" and "Sheet3" there is no report`},
		{name: "two reports", path: sheets(t, nil, table, table), refused: `a table on each of the sheets "Sheet1" and "Sheet2", and nothing says which is meant. Save each sheet that is meant as a file of its own`},
		{name: "two reports, of which one is hidden", path: sheets(t, func(b *excelize.File) error { return b.SetSheetVisible("Sheet2", false) }, table, table), sheet: "Sheet1"},
		{name: "none has one", path: sheets(t, nil, tips, tips), refused: "is no report that arbot knows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.refused != "" {
				_, err := Check(t.Context(), tt.path, Settings{Currency: "USD", AsOf: today})
				if err == nil || ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("it ends with %v", err)
				}
				return
			}
			e, rows := read(t, tt.path, Settings{})
			facts{Rows: 2, Total: "11.50"}.check(t, e, rows)
			if said := strings.Join(e.Warnings, "\n"); e.Format.Sheet != tt.sheet || (said != "") != (tt.warns != "") || !strings.Contains(said, tt.warns) {
				t.Errorf("it read %q and warns %q", e.Format.Sheet, said)
			}
		})
	}
}

// TestHiddenAndMergedCells: what is hidden is read and said, a merged header is one over its
// first column, and merged customers are named as a fault.
func TestHiddenAndMergedCells(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*excelize.File) error
		warns  string
	}{
		{"a hidden row", func(b *excelize.File) error { return b.SetRowVisible("Sheet1", 3, false) }, "1 row is hidden in the workbook, and read all the same."},
		{"a hidden column", func(b *excelize.File) error { return b.SetColVisible("Sheet1", "C", false) }, ""},
		{"two hidden rows", func(b *excelize.File) error {
			return errors.Join(b.SetRowVisible("Sheet1", 2, false), b.SetRowVisible("Sheet1", 3, false))
		}, "2 rows are hidden"},
		{"a merged title behind the table", func(b *excelize.File) error { return b.MergeCell("Sheet1", "F1", "H1") }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, rows := read(t, sheets(t, tt.change, table), Settings{})
			facts{Rows: 2, Total: "11.50"}.check(t, e, rows)
			if said := strings.Join(e.Warnings, "\n"); (said != "") != (tt.warns != "") || !strings.Contains(said, tt.warns) {
				t.Errorf("it warns %q", said)
			}
		})
	}
	merged := [][]any{{"Customer", "Invoice", "", "", "Amount"}, {"", "No.", "Date", "Due Date", "Balance"}, {"Elm", "1", "2026-10-01", "2026-10-31", 10.5}, {"Fir", "2", "2026-10-01", "2026-10-31", 1}}
	e, rows := read(t, sheets(t, func(b *excelize.File) error {
		return errors.Join(b.MergeCell("Sheet1", "A1", "A2"), b.MergeCell("Sheet1", "B1", "D1"))
	}, merged), Settings{})
	facts{Rows: 2, Total: "11.50"}.check(t, e, rows)
	below := [][]any{{"Customer", "Invoice", "Due Date", "Balance"}, {"Elm", "1", "2026-10-31", 10.5}, {"", "2", "2026-10-31", 1}}
	_, err := Check(t.Context(), sheets(t, func(b *excelize.File) error { return b.MergeCell("Sheet1", "A2", "A3") }, below), Settings{Currency: "USD", AsOf: today})
	if err == nil || !strings.Contains(err.Error(), `row 3, Customer "": nothing says whose it is. Every row needs a customer; where cells are merged`) {
		t.Errorf("merged customers end with %v", err)
	}
}

// TestX16NumbersAreAsTheyAreShown: zeros and texts of a format are part of what is known by
// them, and of nothing else.
func TestX16NumbersAreAsTheyAreShown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		format, want string
		value        any
	}{{"000000", "000123", 123}, {`"INV-"0000`, "INV-0123", 123}, {"00-00", "01-23", 123}, {"000000", "000123", "000123"}, {"#,##0", "1234", 1234}, {`"€"0000`, "123", 123}} {
		t.Run(tt.format, func(t *testing.T) {
			t.Parallel()
			rows := [][]any{{"Invoice", "Customer", "Customer ID", "Due Date", "Balance"}, {tt.value, "Elm", tt.value, 46326, 123}}
			path := sheets(t, func(b *excelize.File) error {
				style, err := b.NewStyle(&excelize.Style{CustomNumFmt: &tt.format})
				return errors.Join(err, b.SetCellStyle("Sheet1", "A2", "E2", style))
			}, rows)
			e, got := read(t, path, Settings{})
			facts{Rows: 1, Total: "123.00", Dates: []string{"2026-10-31"}}.check(t, e, got)
			if d := got[0].Document; d.Number != tt.want || d.Customer != tt.want {
				t.Errorf("the number is %q of %q, want %q", d.Number, d.Customer, tt.want)
			}
		})
	}
}

// TestAsOfReadsTheBeginning: the date of a report is known from its title; what is wrong
// further down is not looked at. Where only a row proves its order, that is looked for.
func TestAsOfReadsTheBeginning(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("11/13/2026,Invoice,S2,Fir,12/13/2026,200.00,200.00\n", 5000)
	report := func(date, rows string) string {
		return "A/R Aging Detail\nBirch\n\"As of " + date + "\"\n\nDate,Transaction type,Num,Customer,Due date,Amount,Open balance\nCurrent\n" + rows
	}
	for _, tt := range []struct{ name, text, want, refused string }{
		{"a name of a month", report("November 24, 2026", long+"\x00"), "2026-11-24", ""},
		{"the year first", report("2026-11-24", long+"\"never closed"), "2026-11-24", ""},
		{"day and month alike", report("11/11/2026", long+"\x00"), "2026-11-11", ""},
		{"the rows prove it", report("03/04/2026", long), "2026-03-04", ""},
		{"the rows that prove it cannot be read", report("03/04/2026", long+"\x00"), "", "NUL"},
		{"none", openList + strings.Repeat("1,Elm,2026-10-01,2026-10-31,10.50\n", 5000) + "\x00", "2026-11-25", ""},
		{"no report", "x,y\n1,2\n", "", "is no report that arbot knows"},
		{"a PDF", "%PDF-1.4", "", "it is a PDF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := AsOf(t.Context(), write(t, "x.csv", tt.text), Settings{Currency: "USD", Written: today})
			if tt.refused != "" {
				if err == nil || ar.KindOf(err) != ar.Invalid || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("it ends with %v", err)
				}
				return
			}
			if err != nil || got.String() != tt.want {
				t.Errorf("%s, %v, want %s", got, err, tt.want)
			}
		})
	}
}

// TestReadyCheckIsUsedOnce: a check that was made is taken, unless the file is another by
// then.
func TestReadyCheckIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := source(t, openInvoices)
	ready, err := Check(t.Context(), s.Path, s.Settings)
	if err != nil {
		t.Fatal(err)
	}
	var used *Export
	s.Ready, s.Checked = ready, func(e *Export) { used = e }
	if _, err := s.Full(t.Context()); err != nil || used != ready {
		t.Errorf("it was not used: %v", err)
	}
	if _, err := s.Full(t.Context()); err != nil || used == ready {
		t.Errorf("it was used twice: %v", err)
	}
	other := source(t, strings.Replace(openInvoices, "TOTAL", "GRAND TOTAL", 1))
	s.Path, s.Ready = other.Path, ready
	if _, err := s.Full(t.Context()); err != nil || used.Path != other.Path {
		t.Errorf("a check of another file was used: %v", err)
	}
}
