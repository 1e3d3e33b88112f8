package export

import (
	"bytes"
	"cmp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"arbot/ar"
)

// encoded writes a text in an encoding.
func encoded(t testing.TB, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// variant is a file of our own of one of the kinds of the cases.
type variant struct {
	name, text string
	settings   Settings
	want       facts
	refused    string // words of the error, where it is refused
}

func (v variant) run(t *testing.T) {
	t.Parallel()
	path := write(t, "export.csv", v.text)
	if v.refused == "" {
		e, rows := read(t, path, v.settings)
		v.want.check(t, e, rows)
		return
	}
	s := v.settings
	s.AsOf, s.Currency = today, cmp.Or(s.Currency, "USD")
	_, err := Check(t.Context(), path, s)
	if err == nil || !strings.Contains(err.Error(), v.refused) {
		t.Fatalf("it ends with %v, want %q", err, v.refused)
	}
	if ar.KindOf(err) != ar.Invalid {
		t.Errorf("the error is of the kind %s", ar.KindOf(err))
	}
}

func runAll(t *testing.T, variants []variant) {
	t.Helper()
	for _, v := range variants {
		t.Run(v.name, v.run)
	}
}

func TestCS01ByteOrderMark(t *testing.T) {
	t.Parallel()
	const text = "Invoice Number,Customer,Due Date,Balance\r\nA-1,Bäcker Ltd,2026-10-01,70.00\r\nA-2,Kiosk,2026-12-24,30.00\r\n"
	want := facts{
		Rows: 2, Total: "100.00", First: map[string]string{"invoice": "A-1"}, Buckets: map[string]string{"Current": "30.00", "31-60": "70.00"},
		Dates: []string{"2026-10-01", "2026-12-24"},
	}
	wide := func(e unicode.Endianness, b unicode.BOMPolicy) string { return encoded(t, unicode.UTF16(e, b), text) }
	runAll(t, []variant{
		{name: "UTF-8 with a mark", text: "\ufeff" + text, want: want},
		{name: "UTF-8 without a mark", text: text, want: want},
		{name: "UTF-16 little-endian", text: wide(unicode.LittleEndian, unicode.ExpectBOM), want: want},
		{name: "UTF-16 big-endian", text: wide(unicode.BigEndian, unicode.ExpectBOM), want: want},
		{name: "UTF-16 without a mark", text: wide(unicode.LittleEndian, unicode.IgnoreBOM), want: want},
		{name: "UTF-16 big-endian without a mark", text: wide(unicode.BigEndian, unicode.IgnoreBOM), want: want},
		{name: "Windows-1252", text: encoded(t, charmap.Windows1252, text), want: want},
		{name: "a mark and quotes", text: "\ufeff\"Invoice Number\"" + strings.TrimPrefix(text, "Invoice Number"), want: want},
		{name: "nothing but a mark", text: "\ufeff", refused: "it is empty"},
		{name: "nothing but a mark, UTF-16", text: "\xff\xfe", refused: "it is empty"},
		{name: "nothing but a header", text: "\ufeffInvoice,Customer,Due Date,Balance\r\n", refused: "it is empty: there is no row below the header"},
	})
}

func TestCS03SemicolonAndDecimalComma(t *testing.T) {
	t.Parallel()
	want := facts{Rows: 3, Total: "1235.06", Amounts: []string{"1234.56", "-9.50", "10.00"}, Dates: []string{"2026-01-31", "2026-02-01", "2026-12-24"}}
	eur := Settings{Currency: "EUR"}
	runAll(t, []variant{
		{name: "German", settings: eur, want: want, text: "Rechnungsnummer;Kunde;Fälligkeit;Offener Betrag\nR1;Ost AG;31.01.2026;1.234,56\nR2;Ost AG;01.02.2026;-9,50\nR3;West AG;24.12.2026;10,00\n"},
		{name: "French, spaces between thousands", settings: eur, want: want, text: "Facture;Client;Échéance;Solde dû\nR1;Ouest;31/01/2026;1\u202f234,56 €\nR2;Ouest;01/02/2026;-9,50 €\nR3;Est;24/12/2026;10,00 €\n"},
		{name: "Spanish, with a tab", settings: eur, want: want, text: "Factura\tCliente\tVencimiento\tSaldo\nR1\tSur\t31/01/2026\t1.234,56\nR2\tSur\t01/02/2026\t9,50-\nR3\tNorte\t24/12/2026\t10,00\n"},
		{name: "commas, and the amounts in quotes", settings: eur, want: want, text: "Rechnung,Kunde,Fällig am,Offen\nR1,Ost AG,31.01.2026,\"1.234,56\"\nR2,Ost AG,01.02.2026,\"(9,50)\"\nR3,West AG,24.12.2026,\"10,00\"\n"},
		{name: "Swiss", settings: Settings{Currency: "CHF"}, want: want, text: "Rechnung;Kunde;Fällig am;Offen\nR1;Ost AG;31.01.2026;1’234.56\nR2;Ost AG;01.02.2026;-9.50\nR3;West AG;24.12.2026;10.00\n"},
		{
			name: "one row proves the comma for all", settings: eur, want: facts{Rows: 2, Amounts: []string{"1234.00", "0.50"}},
			text: "Rechnung;Kunde;Fällig am;Offen\nR1;Ost AG;31.01.2026;1.234\nR2;Ost AG;01.02.2026;0,50\n",
		},
		{
			name: "one row proves the point for all", want: facts{Rows: 2, Amounts: []string{"1234.00", "0.50"}},
			text: "Invoice,Customer,Due,Balance\nR1,Ost,2026-01-31,\"1,234\"\nR2,Ost,2026-02-01,0.50\n",
		},
		{
			name: "nothing proves it", settings: eur, refused: "nothing tells the decimal mark",
			text: "Rechnung;Kunde;Fällig am;Offen\nR1;Ost AG;31.01.2026;1.234\nR2;Ost AG;28.02.2026;5.678\n",
		},
		{
			name: "nothing proves it, but it is said", settings: Settings{Currency: "EUR", Decimal: ","}, want: facts{Rows: 2, Amounts: []string{"1234.00", "5678.00"}},
			text: "Rechnung;Kunde;Fällig am;Offen\nR1;Ost AG;31.01.2026;1.234\nR2;Ost AG;28.02.2026;5.678\n",
		},
		{
			name: "both marks in one column", settings: eur, refused: "row 3",
			text: "Rechnung;Kunde;Fällig am;Offen\nR1;Ost AG;31.01.2026;1.234,00\nR2;Ost AG;28.02.2026;5,678.00\n",
		},
		{
			name: "yen have no decimals", settings: Settings{Currency: "JPY"}, want: facts{Rows: 2, Amounts: []string{"1250", "12345678"}},
			text: "Invoice,Customer,Due,Balance\nR1,Ost,2026-01-31,\"¥1,250\"\nR2,Ost,2026-02-01,\"12,345,678\"\n",
		},
		{
			name: "dinars have three", settings: Settings{Currency: "KWD"}, want: facts{Rows: 2, Amounts: []string{"12.345", "1234.500"}},
			text: "Invoice,Customer,Due,Balance\nR1,Ost,2026-01-31,12.345\nR2,Ost,2026-02-01,\"1,234.500\"\n",
		},
	})
}

func TestCS05BracketsAndCurrencyMarks(t *testing.T) {
	t.Parallel()
	head := "Invoice,Type,Customer,Date,Balance\n"
	runAll(t, []variant{
		{name: "brackets around the sign", text: head + "1,Invoice,Elm,2026-11-01,\"$1,500.00\"\n2,Credit Note,Elm,2026-11-02,($900.23)\n", want: facts{Rows: 2, Amounts: []string{"1500.00", "-900.23"}, Total: "599.77"}},
		{name: "CR and DR", text: head + "1,Invoice,Elm,2026-11-01,\"1,500.00 DR\"\n2,Credit Note,Elm,2026-11-02,900.23 CR\n", want: facts{Rows: 2, Amounts: []string{"1500.00", "-900.23"}}},
		{name: "minus behind", text: head + "1,Invoice,Elm,2026-11-01,1500.00\n2,Credit Note,Elm,2026-11-02,900.23-\n", want: facts{Rows: 2, Amounts: []string{"1500.00", "-900.23"}}},
		{name: "the minus of typography", text: head + "1,Invoice,Elm,2026-11-01,1500.00\n2,Credit Note,Elm,2026-11-02,\u2212900.23\n", want: facts{Rows: 2, Amounts: []string{"1500.00", "-900.23"}}},
		{name: "a credit without a minus", text: head + "1,Invoice,Elm,2026-11-01,1500.00\n2,Credit Note,Elm,2026-11-02,900.23\n", want: facts{Rows: 2, Amounts: []string{"1500.00", "-900.23"}}},
		{name: "no column for the kind", text: "Invoice,Customer,Date,Balance\n1,Elm,2026-11-01,1500.00\n2,Elm,2026-11-02,(900.23)\n", want: facts{Rows: 2, Amounts: []string{"1500.00", "-900.23"}, Credit: "-900.23"}},
		{name: "three currencies", text: head + "1,Invoice,Elm,2026-11-01,US$10.00\n2,Invoice,Elm,2026-11-02,£20.00\n3,Invoice,Elm,2026-11-02,30.00 EUR\n", want: facts{Rows: 3, Totals: map[string]string{"USD": "10.00", "GBP": "20.00", "EUR": "30.00"}}},
		{name: "dollars of Canada", settings: Settings{Currency: "CAD"}, text: head + "1,Invoice,Elm,2026-11-01,$10.00\n", want: facts{Rows: 1, Amounts: []string{"CAD 10.00"}}},
		{name: "dollars, but of which country", settings: Settings{Currency: "EUR"}, text: head + "1,Invoice,Elm,2026-11-01,$10.00\n", refused: "$ can mean several currencies"},
		{name: "a currency that the column contradicts", text: "Invoice,Customer,Date,Balance,Currency\n1,Elm,2026-11-01,€10.00,USD\n", refused: "it is marked €, but the currency is USD"},
		{name: "two signs", text: head + "1,Invoice,Elm,2026-11-01,-(10.00)\n", refused: "it has two signs"},
		{name: "no amount", text: head + "1,Invoice,Elm,2026-11-01,ten\n", refused: `row 2, Balance "ten"`},
	})
}

func TestCS06OrderOfDayAndMonth(t *testing.T) {
	t.Parallel()
	head := "Invoice,Customer,Due Date,Balance\n"
	runAll(t, []variant{
		{name: "a day over 12 in second place", text: head + "1,Hazel,01/02/2026,10.00\n2,Hazel,02/13/2026,10.00\n", want: facts{Rows: 2, Dates: []string{"2026-01-02", "2026-02-13"}}},
		{name: "a day over 12 in first place", text: head + "1,Hazel,01/02/2026,10.00\n2,Hazel,13/02/2026,10.00\n", want: facts{Rows: 2, Dates: []string{"2026-02-01", "2026-02-13"}}},
		{name: "proved in the last of many rows", text: head + strings.Repeat("1,Hazel,03/04/2026,1.00\n", 500) + "2,Hazel,25/12/2026,10.00\n", want: facts{Rows: 501}},
		{name: "two digits for the year", text: head + "1,Hazel,1/2/26,10.00\n2,Hazel,2/13/26,10.00\n", want: facts{Rows: 2, Dates: []string{"2026-01-02", "2026-02-13"}}},
		{name: "another column proves it", text: "Invoice,Customer,Invoice Date,Due Date,Balance\n1,Hazel,01/02/2026,31/03/2026,10.00\n", want: facts{Rows: 1, Dates: []string{"2026-03-31"}}},
		{name: "nothing proves it", text: head + "1,Hazel,03/04/2026,10.00\n2,Hazel,05/06/2026,10.00\n", refused: "nothing tells the order of day and month"},
		{name: "nothing proves it, with dots", text: head + "1,Hazel,03.04.2026,10.00\n", refused: "nothing tells the order of day and month"},
		{name: "nothing proves it, but it is said", settings: Settings{Dates: "DD/MM/YYYY"}, text: head + "1,Hazel,03/04/2026,10.00\n", want: facts{Rows: 1, Dates: []string{"2026-04-03"}}},
		{name: "it can be read either way", text: head + "1,Hazel,05/05/2026,10.00\n", want: facts{Rows: 1, Dates: []string{"2026-05-05"}}},
		{name: "a row that contradicts the others", text: head + "1,Hazel,12/31/2026,10.00\n2,Hazel,31/12/2026,10.00\n", refused: "row 3"},
		{name: "a date that does not exist", text: head + "1,Hazel,31/12/2026,10.00\n2,Hazel,31/02/2026,10.00\n", refused: "row 3"},
		{
			name: "names of months", text: head + "1,Hazel,\"Nov 5, 2026\",10.00\n2,Hazel,5. März 2026,10.00\n3,Hazel,1er février 2026,10.00\n4,Hazel,3 de enero de 2026,10.00\n5,Hazel,7-Dec-26,10.00\n6,Hazel,\"Thursday, November 26, 2026\",1.00\n",
			want: facts{Rows: 6, Dates: []string{"2026-11-05", "2026-03-05", "2026-02-01", "2026-01-03", "2026-12-07", "2026-11-26"}},
		},
		{name: "the year first, with a time", text: head + "1,Hazel,2026-11-05T00:00:00Z,10.00\n2,Hazel,2026/11/06 14:30,10.00\n", want: facts{Rows: 2, Dates: []string{"2026-11-05", "2026-11-06"}}},
	})
}

// A due date stands in the group of its age, which only one of its readings has.
func TestGroupsProveTheOrderOfDates(t *testing.T) {
	t.Parallel()
	detail := func(group, due string) string {
		return "A/R Aging Detail\nBirch LLC\n\"As of November 25, 2026\"\n\nDate,Transaction type,Num,Customer,Due date,Amount,Open balance\n" + group + "\n01/02/2026,Invoice,1,Elm," + due + ",5.00,5.00\nTOTAL,,,,,,5.00\n"
	}
	runAll(t, []variant{
		{name: "current", text: detail("Current", "12/10/2026"), want: facts{Rows: 1, Dates: []string{"2026-12-10"}}},
		{name: "day first", text: detail("Current", "10/12/2026"), want: facts{Rows: 1, Dates: []string{"2026-12-10"}}},
		{name: "91 or more", text: detail("91 or more days past due", "11/05/2026"), want: facts{Rows: 1, Dates: []string{"2026-05-11"}}},
		{name: "1 - 30", text: detail("1 - 30 days past due", "11/05/2026"), want: facts{Rows: 1, Dates: []string{"2026-11-05"}}},
		{name: "either reading is that old", text: detail("91 or more days past due", "03/05/2026"), refused: "nothing tells the order"},
	})
}

func TestCS08TotalsAreNoCustomers(t *testing.T) {
	t.Parallel()
	want := facts{Rows: 3, Customer: 3, Total: "600.00", AsOf: "2026-11-24", Ledger: map[string]string{"Current": "100.00", "31-60": "700.00", "91+": "-200.00"}, Credit: "-200.00"}
	runAll(t, []variant{
		{name: "a summary with a parent", want: want, text: "Birch LLC\nA/R Aging Summary\n\"As of Nov 24, 2026\"\n\n,CURRENT,1 - 30,31 - 60,61 - 90,91 AND OVER,TOTAL\nElm,100.00,,,,,$100.00\nFir,0.00,,,,,0.00\n   Job 1,,,700.00,,,$700.00\nTotal for Fir,,,700.00,,,$700.00\nTotal Wine,,,,,-200.00,-$200.00\nTOTAL,$100.00,$0.00,$700.00,$0.00,-$200.00,$600.00\n\n\"Tuesday, November 24, 2026 04:19 PM GMT-06:00\"\n"},
		{name: "a summary of the desktop", want: facts{Rows: 2, Customer: 2, Total: "800.00"}, text: ",Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\nElm,100.00,0.00,0.00,0.00,0.00,100.00\nFir,0.00,0.00,700.00,0.00,0.00,700.00\nTOTAL,100.00,0.00,700.00,0.00,0.00,800.00\n"},
		{name: "a summary of Xero", want: facts{Rows: 2, Total: "800.00", AsOf: "2026-11-24"}, text: "Aged Receivables Summary\nBirch Ltd\nAs at 24 November 2026\nAgeing by due date\n\nContact,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total\nElm,100.00,0.00,0.00,0.00,0.00,0.00,100.00\nFir,0.00,0.00,700.00,0.00,0.00,0.00,700.00\nTotal,100.00,0.00,700.00,0.00,0.00,0.00,800.00\nPercentage of total,12.50%,0.00%,87.50%,0.00%,0.00%,0.00%,100.00%\n"},
		{name: "a total that differs", refused: "the total is $900.00, but the rows above it add up to $800.00", text: ",Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\nElm,100.00,0.00,0.00,0.00,0.00,100.00\nFir,0.00,0.00,700.00,0.00,0.00,700.00\nTOTAL,100.00,0.00,700.00,0.00,0.00,900.00\n"},
		{name: "a row whose ages do not add up", refused: "the ages of the row add up to $100.00", text: ",Current,1 - 30,31 - 60,61 - 90,> 90,TOTAL\nElm,100.00,0.00,0.00,0.00,0.00,110.00\nTOTAL,100.00,0.00,0.00,0.00,0.00,110.00\n"},
		{name: "detail, oldest first, with an empty first column", want: facts{Txns: 3, Open: "1000.00", Credit: "-100.00", Net: "900.00", AsOf: "2026-11-24"}, text: "\"Birch, Inc\",,,,,,,\nA/R Aging Detail Report,,,,,,,\n\"As of Nov 24, 2026\",,,,,,,\n\n,Date,Transaction type,Num,Customer full name,Due date,Amount,Open balance\n91 or more days past due,,,,,,,\n,11/11/2025,Invoice,S1,ELM,12/11/2025,\"1,000.00\",800.00\n,01/23/2026,Credit Memo,C1,FIR,01/23/2026,-100.00,-100.00\nTotal for 91 or more days past due,,,,,,,$700.00\nCURRENT,,,,,,,\n,11/13/2026,Invoice,S2,Total Wine,12/13/2026,200.00,200.00\nTotal for CURRENT,,,,,,,$200.00\nTOTAL,,,,,,,$900.00\n\" Tuesday, November 24, 2026 04:19 PM GMT-06:00\",,,,,,,\n"},
		{name: "detail, a group whose total differs", refused: "row 8", text: "A/R Aging Detail\nBirch\n\"As of November 24, 2026\"\n\nDate,Transaction type,Num,Customer,Due date,Amount,Open balance\nCurrent\n11/13/2026,Invoice,S2,Fir,12/13/2026,200.00,200.00\nTotal for Current,,,,,,150.00\nTOTAL,,,,,,200.00\n"},
		{name: "detail of the desktop", want: facts{Txns: 2, Net: "250.00"}, text: ",Type,Date,Num,P. O. #,Name,Terms,Due Date,Aging,Open Balance\nCurrent,,,,,,,,,\n,Invoice,11/13/2026,S2,,Fir:Job,Net 30,12/13/2026,,200.00\nTotal Current,,,,,,,,,200.00\n1 - 30,,,,,,,,,\n,Invoice,10/10/2026,S1,,Elm,Net 30,11/09/2026,16,50.00\nTotal 1 - 30,,,,,,,,,50.00\nTOTAL,,,,,,,,,250.00\n"},
		{name: "open invoices by customer", want: facts{Txns: 4, Net: "1075.00", AsOf: asOf, Open: "1275.00"}, text: openInvoices},
		{name: "detail of Xero", want: facts{Txns: 2, Net: "2100.00", AsOf: "2026-11-24"}, text: "Aged Receivables Detail\nBirch Pty Ltd\nAs at 24 November 2026\nAgeing by due date\n\nInvoice Number,Invoice Date,Due Date,Invoice Reference,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total\nElm Pty Ltd\nINV-1,15 Sep 2026,14 Oct 2026,,0.00,0.00,2000.00,0.00,0.00,0.00,2000.00\nTotal Elm Pty Ltd,,,,0.00,0.00,2000.00,0.00,0.00,0.00,2000.00\nFir\nINV-2,15 Nov 2026,14 Dec 2026,,100.00,0.00,0.00,0.00,0.00,0.00,100.00\nTotal Fir,,,,100.00,0.00,0.00,0.00,0.00,0.00,100.00\nTotal,,,,100.00,0.00,2000.00,0.00,0.00,0.00,2100.00\n"},
	})
}

// A report of Xero without the column for what is current has a total without it, too.
func TestXeroWithoutCurrentOnlyWarns(t *testing.T) {
	t.Parallel()
	e, rows := read(t, write(t, "xero.csv", "Aged Receivables Detail\nBirch Pty Ltd\nAs at 24 November 2026\n\nInvoice Number,Invoice Date,Due Date,< 1 Month,1 Month,Older,Total\nElm Pty Ltd\nINV-1,15 Nov 2026,14 Dec 2026,0.00,0.00,0.00,2000.00\nTotal Elm Pty Ltd,,,0.00,0.00,0.00,0.00\nTotal,,,0.00,0.00,0.00,0.00\n"), Settings{})
	facts{Rows: 1, Total: "2000.00"}.check(t, e, rows)
	if e.Meaning != List || len(e.Warnings) == 0 || !strings.Contains(e.Warnings[0], "leaves out what is not due") {
		t.Errorf("it means %v and warns %v", e.Meaning, e.Warnings)
	}
}

// workbook writes a workbook of one sheet; the first row is the header.
func workbook(t testing.TB, epoch1904 bool, rows ...[]any) (path string) {
	t.Helper()
	book := excelize.NewFile()
	if err := book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &epoch1904}); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return write(t, "export.xlsx", out.String())
}

func TestCS10DaysOfWorkbooks(t *testing.T) {
	t.Parallel()
	header := []any{"Invoice", "Customer", "Due Date", "Balance"}
	for _, tt := range []struct {
		name      string
		epoch1904 bool
		rows      [][]any
		want      facts
	}{
		{"1900", false, [][]any{{"000123", "Elm", 46351, 100}, {"2", "Elm", 46085.75, 50.5}}, facts{Rows: 2, Total: "150.50", Dates: []string{"2026-11-25", "2026-03-04"}, First: map[string]string{"invoice": "000123"}}},
		{"1904", true, [][]any{{"1", "Elm", 44889, 100}, {"2", "Elm", 44623.999, 50}}, facts{Rows: 2, Total: "150.00", Dates: []string{"2026-11-25", "2026-03-04"}}},
		{"dates as text", false, [][]any{{"1", "Elm", "11/25/2026", 100}, {"2", "Elm", "03/04/2026", "50.00"}}, facts{Rows: 2, Total: "150.00", Dates: []string{"2026-11-25", "2026-03-04"}}},
		{"both in one column", false, [][]any{{"1", "Elm", 46351, 100}, {"2", "Elm", "4 March 2026", 50}}, facts{Rows: 2, Dates: []string{"2026-11-25", "2026-03-04"}}},
		{"the noise of binary fractions", false, [][]any{{"1", "Elm", 46351, 1234.5600000000001}, {"2", "Elm", 46351, 0.1 + 0.2}}, facts{Rows: 2, Total: "1234.86"}},
		{"a number in the place of a number of an invoice", false, [][]any{{2021011355, "Elm", 46351, 1}}, facts{Rows: 1, First: map[string]string{"invoice": "2021011355"}}},
		{"amounts as text with a decimal comma", false, [][]any{{"1", "Elm", 46351, "1.234,56"}}, facts{Rows: 1, Total: "1234.56"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, rows := read(t, workbook(t, tt.epoch1904, append([][]any{header}, tt.rows...)...), Settings{})
			tt.want.check(t, e, rows)
			if !e.Format.Workbook || e.Format.Epoch1904 != tt.epoch1904 {
				t.Errorf("it was read as %s", e.Format)
			}
		})
	}
}

func TestX05NewlinesInQuotes(t *testing.T) {
	t.Parallel()
	runAll(t, []variant{
		{name: "LF", text: "Invoice,Customer,Address,Balance\n1,Elm,\"a\nb\nc\",10.00\n2,Fir,\"d\",20.00\n", want: facts{Rows: 2, Total: "30.00"}},
		{name: "CRLF", text: "Invoice,Customer,Address,Balance\r\n1,Elm,\"a\r\nb\",10.00\r\n2,Fir,d,20.00\r\n", want: facts{Rows: 2, Total: "30.00"}},
		{name: "in the name of a customer, beside quotes and commas", text: "Invoice,Customer,Balance\n1,\"Elm \"\"The Tree\"\", Inc\nDept 5\",10.00\n2,Fir,20.00\n", want: facts{Rows: 2, Total: "30.00"}},
		{name: "in the header", text: "Invoice,Customer,\"Due\nDate\",Balance\n1,Elm,2026-10-01,10.00\n", want: facts{Rows: 1, Dates: []string{"2026-10-01"}}},
		{name: "a quote that is never closed", text: "Invoice,Customer,Balance\n1,\"Elm,10.00\n2,Fir,20.00\n", refused: "row 2"},
	})
	_, err := Check(t.Context(), write(t, "x.csv", "Invoice,Customer,Address,Balance\n1,Elm,\"a\nb\nc\",10.00\n2,Fir,d,bad\n"), Settings{Currency: "USD", AsOf: today})
	if err == nil || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("a cell with line breaks is one row: %v", err)
	}
}

func TestX16NumbersAreText(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"csv":       write(t, "x.csv", "Invoice,Customer,Date,Balance\n000123,Elm,2026-11-01,10.00\n123,Elm,2026-11-01,20.00\n"),
		"quotes":    write(t, "x.csv", "Invoice,Customer,Date,Balance\n\"000123\",Elm,2026-11-01,10.00\n\"123\",Elm,2026-11-01,20.00\n"),
		"semicolon": write(t, "x.csv", "Invoice;Customer;Date;Balance\n000123;Elm;2026-11-01;10.00\n123;Elm;2026-11-01;20.00\n"),
		"workbook":  workbook(t, false, []any{"Invoice", "Customer", "Date", "Balance"}, []any{"000123", "Elm", 46327, 10}, []any{"123", "Elm", 46327, 20}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, rows := read(t, path, Settings{})
			if len(rows) != 2 || rows[0].Document.Number != "000123" || rows[1].Document.Number != "123" || rows[0].Document.External == rows[1].Document.External {
				t.Errorf("it holds %+v", rows)
			}
		})
	}
}

func TestSY09NumbersRepeatAndAreMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text string }{
		{"two customers", "Invoice,Customer,Date,Balance\n7,Elm,2026-11-01,10.00\n7,Fir,2026-11-01,20.00\n"},
		{"two dates", "Invoice,Customer,Date,Balance\n7,Elm,2026-11-01,10.00\n7,Elm,2026-11-02,20.00\n"},
		{"one date", "Invoice,Customer,Date,Balance\n7,Elm,2026-11-01,10.00\n7,Elm,2026-11-01,20.00\n"},
		{"the same twice", "Invoice,Customer,Date,Balance\n7,Elm,2026-11-01,10.00\n7,Elm,2026-11-01,10.00\n"},
		{"no numbers", "Invoice,Customer,Date,Balance\n,Elm,2026-11-01,10.00\n,Elm,2026-11-02,20.00\n"},
		{"no numbers, one date", "Invoice,Customer,Date,Amount,Balance\n,Elm,2026-11-01,10.00,10.00\n,Elm,2026-11-01,20.00,20.00\n"},
		{"an id", "ID,Invoice,Customer,Date,Balance\na,7,Elm,2026-11-01,10.00\nb,7,Elm,2026-11-01,20.00\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, rows := read(t, write(t, "x.csv", tt.text), Settings{})
			if len(rows) != 2 || rows[0].Document.Key() == rows[1].Document.Key() || rows[0].Document.External == "" {
				t.Fatalf("it holds %+v", rows)
			}
			for _, r := range rows {
				if !e.Has(ar.DocumentRecords, r.Document.Key()) {
					t.Errorf("it does not know %s", r.Document.Key())
				}
			}
			if e.Has(ar.DocumentRecords, "invoice/none") {
				t.Error("it knows what it has not")
			}
		})
	}
	runAll(t, []variant{{name: "one id twice", text: "ID,Invoice,Customer,Date,Balance\na,7,Elm,2026-11-01,10.00\na,7,Elm,2026-11-01,20.00\n", refused: "row 2 has the same id"}})
}

// A file that is split gives the ids of the whole one.
func TestSplitFilesGiveTheSameIDs(t *testing.T) {
	t.Parallel()
	const head, a, b = "Invoice,Customer,Date,Balance\n", "7,Elm,2026-11-01,10.00\n", "7,Elm,2026-11-02,20.00\n"
	_, whole := read(t, write(t, "x.csv", head+a+b), Settings{})
	_, one := read(t, write(t, "x.csv", head+a), Settings{})
	_, two := read(t, write(t, "x.csv", head+b), Settings{})
	if whole[0].Document.External != one[0].Document.External || whole[1].Document.External != two[0].Document.External {
		t.Errorf("%v, %v and %v", whole, one, two)
	}
}

func TestX31NoHeaderRow(t *testing.T) {
	t.Parallel()
	runAll(t, []variant{
		{name: "three rows", text: "1,Elm,2026-11-01,10.00\n2,Elm,2026-11-01,20.00\n3,Elm,2026-11-01,30.00\n", refused: "is no report that arbot knows"},
		{name: "semicolons", text: "R1;Ost AG;31.01.2026;1.234,56\nR2;Ost AG;01.02.2026;-9,50\nR3;West AG;24.12.2026;10,00\n", refused: "header row"},
		{name: "a report without its header", text: "A/R Aging Detail\nBirch\n\"As of November 24, 2026\"\n\nCurrent\n11/13/2026,Invoice,S2,Fir,12/13/2026,200.00,200.00\n", refused: "is no report that arbot knows"},
		{name: "one word of the header only", text: "1,Customer,2026-11-01,10.00\n2,Elm,2026-11-01,20.00\n", refused: "is no report that arbot knows"},
	})
}

func TestX33RowsForEachLine(t *testing.T) {
	t.Parallel()
	fresh := "Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Item Name,Line Total,Currency\n"
	xero := "*ContactName,EmailAddress,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,InvoiceAmountPaid,InvoiceAmountDue,Description,LineAmount,Currency,Type,Status\n"
	zoho := "Invoice Date,Invoice ID,Invoice Number,Invoice Status,Customer Name,Due Date,Currency Code,Item Name,Total,Balance\n"
	runAll(t, []variant{
		{
			name: "FreshBooks adds up its lines", want: facts{Invoices: 2, TotalDue: "480.00", Overdue: "480.00", Days: 85},
			text: fresh + "Elm,0001,2026-08-01,2026-09-01,overdue,,Dues,430.00,USD\nElm,0001,2026-08-01,2026-09-01,overdue,,Roof,50.00,USD\nFir,0002,2026-08-01,2026-09-01,paid,2026-08-20,Dues,70.00,USD\n",
		},
		{
			name: "FreshBooks, the lines apart", want: facts{Invoices: 2, TotalDue: "550.00"},
			text: fresh + "Elm,0001,2026-08-01,2026-09-01,overdue,,Dues,430.00,USD\nFir,0002,2026-08-01,2026-09-01,sent,,Dues,70.00,USD\nElm,0001,2026-08-01,2026-09-01,overdue,,Roof,50.00,USD\n",
		},
		{
			name: "FreshBooks, a draft counts for nothing", want: facts{Invoices: 1, TotalDue: ""},
			text: fresh + "Elm,0001,2026-08-01,2026-09-01,draft,,Dues,430.00,USD\nElm,0001,2026-08-01,2026-09-01,draft,,Roof,50.00,USD\n",
		},
		{
			name: "Xero repeats its total", want: facts{Invoices: 2, TotalDue: "90.00"},
			text: xero + "Elm,,INV-1,,13/10/2026,12/11/2026,100.00,40.00,60.00,a,80.00,USD,Sales invoice,Awaiting Payment\nElm,,INV-1,,13/10/2026,12/11/2026,100.00,40.00,60.00,b,20.00,USD,Sales invoice,Awaiting Payment\nFir,,INV-2,,14/10/2026,12/11/2026,30.00,0.00,30.00,a,30.00,USD,Sales invoice,Awaiting Payment\nFir,,B-1,,14/10/2026,12/11/2026,30.00,0.00,30.00,a,30.00,USD,Bill,Awaiting Payment\n",
		},
		{
			name: "Zoho, one void", want: facts{Invoices: 2, TotalDue: "10.00"},
			text: zoho + "2026-09-02,9001,INV-1,Void,Elm,2026-10-02,USD,a,30.00,30.00\n2026-09-02,9001,INV-1,Void,Elm,2026-10-02,USD,b,30.00,30.00\n2026-09-02,9002,INV-2,Overdue,Elm,2026-10-02,USD,b,10.00,10.00\n",
		},
		{
			name: "Zoho, lines that contradict each other", refused: "it has the number of the invoice in row 2",
			text: zoho + "2026-09-02,9001,INV-1,Sent,Elm,2026-10-02,USD,a,30.00,30.00\n2026-09-02,9001,INV-1,Sent,Elm,2026-10-02,USD,b,31.00,30.00\n",
		},
	})
}
