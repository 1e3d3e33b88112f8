package export

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"arbot/sync/file"
)

func TestOtherLayouts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		layout, text string
		want         facts
	}{
		{
			"QuickBooks Online Invoice List",
			"Birch LLC\nInvoice List\n\"January 1 - November 25, 2026\"\n\n,Date,Transaction type,Num,Name,Memo/Description,Due date,Amount,Open balance\n,09/30/2026,Invoice,1,Elm,,10/30/2026,100.00,40.00\n,10/01/2026,Invoice,2,Fir:Job,,10/31/2026,50.00,0.00\nTOTAL,,,,,,,$150.00,$40.00\n",
			facts{Rows: 2, Total: "40.00"},
		},
		{
			"QuickBooks Online Transaction List by Customer",
			"Birch LLC\nTransaction List by Customer\n\"January 1 - November 25, 2026\"\n\n,Date,Transaction type,Num,Posting (Y/N),Memo/Description,Account full name,Amount\nElm,,,,,,,\n,09/30/2026,Invoice,1,Yes,,Accounts Receivable,100.00\n,10/15/2026,Payment,77,Yes,,Undeposited Funds,60.00\n,10/16/2026,Estimate,9,No,,Accounts Receivable,60.00\n,10/17/2026,Sales Receipt,10,Yes,,Checking,5.00\nTotal for Elm,,,,,,,$225.00\nTOTAL,,,,,,,$225.00\n",
			facts{Rows: 2, Total: "40.00"},
		},
	} {
		t.Run(tt.layout, func(t *testing.T) {
			t.Parallel()
			e, rows := read(t, write(t, "x.csv", tt.text), Settings{})
			if e.Layout != tt.layout {
				t.Errorf("it was taken for %q", e.Layout)
			}
			tt.want.check(t, e, rows)
		})
	}
}

// A list that says nothing of what is open does not undo what is known to be paid.
func TestAmountsAloneSayNothingOfWhatIsOpen(t *testing.T) {
	t.Parallel()
	e, rows := read(t, write(t, "x.csv", "Invoice,Customer,Date,Amount\n1,Elm,2026-11-01,10.00\n2,Elm,2026-11-01,-4.00\n\"Printed on November 25, 2026\"\n"), Settings{})
	facts{Rows: 2, Total: "6.00", Credit: "-4.00"}.check(t, e, rows)
	for _, r := range rows {
		if r.HasOpen || !r.AmountKnown {
			t.Errorf("it holds %+v", r)
		}
	}
}

// Programs write workbooks whose totals are calculated only when somebody opens them.
func TestTotalsOfAWorkbookThatNobodyOpened(t *testing.T) {
	t.Parallel()
	e, rows := read(t, workbook(t, false,
		[]any{"A/R Aging Detail"}, []any{"Birch LLC"}, []any{"As of November 25, 2026"},
		[]any{"", "Date", "Transaction type", "Num", "Customer full name", "Due date", "Amount", "Open balance"},
		[]any{"Current"}, []any{"", "11/13/2026", "Invoice", "1", "Elm", "12/13/2026", 100.5, 100.5},
		[]any{"Total for Current", "", "", "", "", "", "", 0}, []any{"TOTAL", "", "", "", "", "", "", 0},
	), Settings{})
	facts{Rows: 1, Total: "100.50", Dates: []string{"2026-12-13"}}.check(t, e, rows)
	if e.Meaning != List || len(e.Warnings) == 0 || !strings.Contains(e.Warnings[0], "was not calculated") {
		t.Errorf("it means %v and warns %v", e.Meaning, e.Warnings)
	}
}

// Neither the name of a file nor the places of its columns say what it is.
func TestColumnsMayStandAnywhere(t *testing.T) {
	t.Parallel()
	text := "Company\nA/R Aging Detail\n\"As of November 25, 2026\"\n\nOpen Balance,Due Date,Customer,Num,Memo,Transaction Type,Date\nCurrent,,,,,,\n5.00,12/31/2026,Elm,1,,Invoice,11/01/2026\n"
	e, rows := read(t, write(t, "balance-sheet.xlsx", text), Settings{})
	if e.Layout != "QuickBooks Online A/R Aging Detail" || len(rows) != 1 || rows[0].Open.Decimal() != "5.00" {
		t.Errorf("%s: %+v", e.Layout, rows)
	}
}

func TestNearMatchSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	_, err := Check(t.Context(), write(t, "list.csv", "Invoice No,Client,Invoice Date,Due Date,Still to pay\n1,Elm,2026-09-01,2026-10-01,5.00\n"), Settings{Currency: "USD", AsOf: today})
	unknown, ok := errors.AsType[*UnknownError](err)
	if !ok {
		t.Fatalf("it ends with %v", err)
	}
	for _, want := range []string{`number: "Invoice No"`, `customer: "Client"`, `due: "Due Date"`, "amount: ???", "other columns of the file: Still to pay"} {
		if !strings.Contains(unknown.Mapping, want) {
			t.Errorf("the mapping lacks %s:\n%s", want, unknown.Mapping)
		}
	}
	if len(unknown.Missing) == 0 {
		t.Error("it does not say what is missing")
	}
}

func TestBadRowsAreNamedAndCanBeLeftOut(t *testing.T) {
	t.Parallel()
	const text = "Invoice,Customer,Date,Balance\n1,Elm,2026-11-01,10.00\n2,Elm,2026-02-30,20.00\n=cmd|x,Fir,2026-11-01,x\n4,,2026-11-01,40.00\n5,Fir,2026-11-05,50.00\n"
	path := write(t, "x.csv", text)
	s := Settings{Currency: "USD", AsOf: today}
	_, err := Check(t.Context(), path, s)
	refused, ok := errors.AsType[*file.CheckError](err)
	if !ok || len(refused.Faults) != 3 {
		t.Fatalf("it ends with %v", err)
	}
	for i, want := range []string{`row 3, Date "2026-02-30"`, `row 4, Balance "x"`, "row 5, Customer"} {
		if got := refused.Faults[i].String(); !strings.Contains(got, want) {
			t.Errorf("fault %d is %s, want %s", i, got, want)
		}
	}
	s.SkipBad = true
	e, err := Check(t.Context(), path, s)
	if err != nil {
		t.Fatal(err)
	}
	facts{Rows: 2, Total: "60.00"}.check(t, e, rowsOf(t, e))
	var out bytes.Buffer
	if err := e.WriteSkipped(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	want := "Invoice,Customer,Date,Balance,row,what is wrong\n2,Elm,2026-02-30,20.00,3,Date: there is no such date\n'=cmd|x,Fir,2026-11-01,x,4,Balance: it is not an amount with a decimal point\n4,,2026-11-01,40.00,5,Customer: nothing says whose it is\n"
	if out.String() != want {
		t.Errorf("the file of rows that were left out holds\n%s", out.String())
	}
}

// A document of several lines is left out as a whole, or its total would be a part.
func TestABadLineTakesItsDocument(t *testing.T) {
	t.Parallel()
	s := Settings{Currency: "USD", AsOf: today, SkipBad: true}
	e, err := Check(t.Context(), write(t, "x.csv", "Client Name,Invoice #,Date Issued,Date Due,Invoice Status,Date Paid,Line Total,Currency\nElm,1,2026-08-01,2026-09-01,sent,,430.00,USD\nElm,1,2026-08-01,2026-09-01,sent,,x,USD\nFir,2,2026-08-01,2026-09-01,sent,,7.00,USD\n"), s)
	if err != nil {
		t.Fatal(err)
	}
	facts{Rows: 1, Total: "7.00"}.check(t, e, rowsOf(t, e))
}

// What looks like a formula is a text.
func TestFormulasStayText(t *testing.T) {
	t.Parallel()
	_, rows := read(t, write(t, "x.csv", "Invoice,Customer,Date,Balance\n=1+1,\"=HYPERLINK(\"\"http://x\"\")\",2026-11-01,10.00\n@x,+Elm,2026-11-01,5.00\n"), Settings{})
	if rows[0].Document.Number != "=1+1" || rows[0].Document.Customer != `=HYPERLINK("http://x")` || rows[1].Document.Number != "@x" {
		t.Errorf("it holds %+v", rows)
	}
	_, err := Check(t.Context(), write(t, "x.csv", "Invoice,Customer,Date,Balance\n1,Elm,2026-11-01,=5+5\n"), Settings{Currency: "USD", AsOf: today})
	if err == nil {
		t.Error("a formula was taken for an amount")
	}
}

func TestCustomersBelowCustomers(t *testing.T) {
	t.Parallel()
	e, _ := read(t, write(t, "x.csv", openInvoices), Settings{})
	var got []string
	for _, c := range e.Customers {
		got = append(got, c.External+" < "+c.Parent)
	}
	if want := "Birch & Co < , Cedar Foods < , Cedar Foods:Job A < Cedar Foods"; strings.Join(got, ", ") != want {
		t.Errorf("customers are %s", strings.Join(got, ", "))
	}
	if e.Company != "Harbor & Pine Supply LLC" || e.Meaning != Snapshot || !e.Stated {
		t.Errorf("it is of %q, means %v", e.Company, e.Meaning)
	}
}
