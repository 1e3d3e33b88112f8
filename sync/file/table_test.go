package file

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/sourcetest"
)

// plainMapping maps the columns that most tests have.
func plainMapping() Mapping {
	return Mapping{
		Currency: "USD",
		Columns:  Columns{Number: "Invoice", Customer: "Customer", Date: "Date", Due: "Due Date", Amount: "Amount", Balance: "Balance"},
	}
}

const plainHeader = "Invoice,Customer,Date,Due Date,Amount,Balance"

// table writes a file of lines and maps it, as of 2026-11-25.
func table(t testing.TB, m Mapping, l ...string) *Table {
	t.Helper()
	path := filepath.Join(files{"list.csv": lines(l...)}.write(t), "list.csv")
	written(t, path, time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC))
	source, err := NewTable(path, m, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestTableKeepsTheContract(t *testing.T) {
	t.Parallel()
	paid := plainMapping()
	paid.Columns.Balance, paid.Columns.Paid = "", "Paid"
	mappings := map[string]struct {
		Mapping
		header string
	}{
		"balance": {plainMapping(), plainHeader},
		"paid":    {paid, "Invoice,Customer,Date,Due Date,Amount,Paid"},
	}
	for name, m := range mappings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sourcetest.Run(t, func(t *testing.T) arsync.Source {
				t.Helper()
				last := map[string]string{"balance": "40.00", "paid": "2026-11-01"}[name]
				return table(t, m.Mapping, m.header,
					"1,Birch,2026-09-01,2026-10-01,100.00,"+last, "2,Cedar,2026-09-02,,50.00,", "1,Cedar,2026-09-03,,50.00,"+last)
			})
		})
	}
}

func TestTableRows(t *testing.T) {
	t.Parallel()
	m := Mapping{
		Name: "de", Company: "Müller KG", Delimiter: ";", Dates: "DD.MM.YYYY", Decimal: ",",
		Kinds: map[string]string{"Rechnung": "invoice", "gutschrift": "credit_memo"},
		Columns: Columns{
			ID: "Beleg", Number: "Nummer", Kind: "Art", CustomerID: "Kundennr", Customer: "Kunde", Date: "Datum", Due: "Fällig",
			Amount: "Betrag", Balance: "Offen", Paid: "Bezahlt", Currency: "Währung", Status: "Status", Terms: "Ziel",
			PO: "Bestellung", Memo: "Text", Owner: "Vertreter", Class: "Sparte", Region: "Gebiet",
		},
	}
	source := table(t, m,
		"Beleg;Nummer;Art;Kundennr;Kunde;Datum;fällig;Betrag;Offen;Bezahlt;Währung;Status;Ziel;Bestellung;Text;Vertreter;Sparte;Gebiet;Ort",
		"77;RE-1;Rechnung;10;Müller KG;01.09.2026;01.10.2026;1.234,56 €;234,56;;EUR;;30 Tage;B-1;Holz;dana@example.com;Holz;Süd;Ulm",
		"78;GS-1;Gutschrift;10;Müller KG;5.9.2026;;-100,00;(40,00);07.09.2026;EUR;;;;;;;;",
		"79;RE-2;Rechnung;11;;05.09.2026;;50,00;;06.09.2026;EUR;Void;;;;;;;",
		"80;RE-3;Rechnung;11;;05.09.2026;;50,00;;06.09.2026;EUR;;;;;;;;",
		"81;RE-4;Rechnung;11;;05.09.2026;;50,00;;;EUR;;;;;;;;",
	)
	reading, got := sourcetest.Read(t, source)
	eur := func(s string) ar.Money { return money(t, s, "EUR") }
	want := ar.Page{
		Customers: []ar.CustomerRecord{
			{External: "10", Name: "Müller KG", Owner: "dana@example.com", Class: "Holz", Region: "Süd"},
			{External: "11", Name: "11"},
		},
		Documents: []ar.DocumentRecord{
			{
				Ref: ar.Ref{Kind: ar.Invoice, External: "77"}, Number: "RE-1", Customer: "10", Amount: eur("1234.56"),
				Date: day(t, "2026-09-01"), Due: day(t, "2026-10-01"), Terms: "30 Tage", Status: ar.Posted, PO: "B-1", Memo: "Holz",
			},
			{Ref: ar.Ref{Kind: ar.CreditMemo, External: "78"}, Number: "GS-1", Customer: "10", Amount: eur("-100"), Date: day(t, "2026-09-05"), Status: ar.Posted},
			{Ref: ar.Ref{Kind: ar.Invoice, External: "79"}, Number: "RE-2", Customer: "11", Amount: eur("50"), Date: day(t, "2026-09-05"), Status: ar.Void},
			{Ref: ar.Ref{Kind: ar.Invoice, External: "80"}, Number: "RE-3", Customer: "11", Amount: eur("50"), Date: day(t, "2026-09-05"), Status: ar.Posted},
			{Ref: ar.Ref{Kind: ar.Invoice, External: "81"}, Number: "RE-4", Customer: "11", Amount: eur("50"), Date: day(t, "2026-09-05"), Status: ar.Posted},
		},
	}
	if diff := cmp.Diff(want, got, values); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	var stated []arsync.Balance
	for b, err := range reading.Balances {
		if err != nil {
			t.Fatal(err)
		}
		stated = append(stated, b)
	}
	wantStated := []arsync.Balance{
		{Of: ar.Ref{Kind: ar.Invoice, External: "77"}, Open: eur("234.56"), Date: day(t, "2026-11-25")}, // the as-of date
		{Of: ar.Ref{Kind: ar.CreditMemo, External: "78"}, Open: eur("-40"), Date: day(t, "2026-09-07")}, // the paid date
		{Of: ar.Ref{Kind: ar.Invoice, External: "80"}, Open: eur("0"), Date: day(t, "2026-09-06")},      // paid, so nothing is open
	}
	if diff := cmp.Diff(wantStated, stated, values); diff != "" {
		t.Errorf("balances (-want +got):\n%s", diff)
	}
	id, err := source.Identity(t.Context())
	if want := (ar.SourceIdentity{Kind: "table", External: "de", Name: "Müller KG"}); err != nil || id != want {
		t.Errorf("identity %+v, %v", id, err)
	}
}

// TestX16LeadingZeros: numbers of invoices are text.
func TestX16LeadingZeros(t *testing.T) {
	t.Parallel()
	_, got := sourcetest.Read(t, table(t, plainMapping(), plainHeader,
		"000123,Birch,2026-09-01,,10.00,10.00", "123,Birch,2026-09-01,,20.00,20.00", "0123,Birch,2026-09-01,,30.00,30.00"))
	var numbers []string
	for _, d := range got.Documents {
		numbers = append(numbers, d.Number+" "+d.Amount.Decimal())
	}
	want := []string{"000123 10.00", "123 20.00", "0123 30.00"}
	if diff := cmp.Diff(want, numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

// TestX05NewlineInQuotes: a cell with line breaks is one cell of one row.
func TestX05NewlineInQuotes(t *testing.T) {
	t.Parallel()
	m := Mapping{Currency: "USD", Columns: Columns{Number: "Invoice", Customer: "Customer", Due: "Due", Balance: "Balance", Memo: "Bill To"}}
	for name, end := range map[string]string{"LF": "\n", "CRLF": "\r\n"} {
		rows := []string{
			"Invoice,Customer,Bill To,Due,Balance", `I-1,Alder,"1 Main St",2026-11-01,10.00`,
			`I-2,"Brook` + end + `Ltd",2 Main St,2026-11-01,20.00`, `I-3,Cedar,"3 Main St` + end + `Suite ""4"", Rear` + end + `Springfield",2026-11-01,30.00`,
		}
		source := table(t, m, strings.Join(rows, end))
		_, got := sourcetest.Read(t, source)
		total := ar.NewMoney(0, "USD")
		for _, d := range got.Documents {
			total, _ = total.Add(d.Amount)
		}
		if len(got.Documents) != 3 || total != money(t, "60", "USD") || got.Documents[2].Memo != "3 Main St\nSuite \"4\", Rear\nSpringfield" {
			t.Errorf("%s: %d invoices, %s, %q", name, len(got.Documents), total, got.Documents[2].Memo)
		}
	}
}

// TestTableFaults holds the texts of refusals in testdata/table_faults.txt.
func TestTableFaults(t *testing.T) {
	t.Parallel()
	byComma := plainMapping()
	byComma.Decimal, byComma.Dates = ",", "DD/MM/YYYY"
	byID := plainMapping()
	byID.Columns.ID = "Id"
	kinds := plainMapping()
	kinds.Columns.Kind, kinds.Kinds = "Type", map[string]string{"Invoice": "invoice"}
	currencies := plainMapping()
	currencies.Currency, currencies.Columns.Currency = "", "Cur"
	cases := []struct {
		name    string
		mapping Mapping
		lines   []string
	}{
		{"X31 no header row", plainMapping(), []string{"1,Birch,2026-09-01,,10.00,10.00", "2,Birch,2026-09-01,,10.00,10.00", "3,Birch,2026-09-01,,10.00,10.00"}},
		{"X31 no header row, two columns", Mapping{Currency: "USD", Columns: Columns{Number: "No", Customer: "Who", Due: "Due", Balance: "Open"}}, []string{"1,Birch,2026-09-01,10.00"}},
		{"a column is missing", plainMapping(), []string{"Invoice,Customer,Date,Due Date,Amount,Open", "1,Birch,2026-09-01,,10.00,10.00"}},
		{"a column is there twice", plainMapping(), []string{plainHeader + ",amount", "1,Birch,2026-09-01,,10.00,10.00,5"}},
		{"CS-01 only a byte order mark", plainMapping(), []string{"\uFEFF"}},
		{"only a header", plainMapping(), []string{plainHeader}},
		{"number twice", plainMapping(), []string{plainHeader, "1,Birch,2026-09-01,,10.00,10.00", "1,Cedar,2026-09-01,,10.00,10.00", "1,Birch,2026-09-02,,20.00,20.00"}},
		{"number missing", plainMapping(), []string{plainHeader, ",Birch,2026-09-01,,10.00,10.00"}},
		{"id twice", byID, []string{"Id," + plainHeader, "7,1,Birch,2026-09-01,,10.00,10.00", "7,2,Birch,2026-09-01,,10.00,10.00"}},
		{"dates of another layout", plainMapping(), []string{plainHeader, "1,Birch,09/01/2026,10/01/2026,10.00,10.00"}},
		{"no such date", byComma, []string{plainHeader, `1,Birch,31/11/2026,,"10,00","10,00"`}},
		{"the other decimal mark", byComma, []string{plainHeader, `1,Birch,30/11/2026,,10.00,"1,234.00"`}},
		{"another currency", plainMapping(), []string{plainHeader, "1,Birch,2026-09-01,,€10.00,10.00 GBP"}},
		{"a row without a currency", currencies, []string{plainHeader + ",Cur", "1,Birch,2026-09-01,,10.00,10.00,"}},
		{"a kind without a meaning", kinds, []string{plainHeader + ",Type", "1,Birch,2026-09-01,,10.00,10.00,Estimate"}},
		{"a total row", plainMapping(), []string{plainHeader, "1,Birch,2026-09-01,,10.00,10.00", "Total,,,,10.00,10.00"}},
	}
	var all strings.Builder
	for _, c := range cases {
		source := table(t, c.mapping, c.lines...)
		_, err := source.Full(t.Context())
		if ar.KindOf(err) != ar.Invalid {
			t.Errorf("%s: %v, want a refusal", c.name, err)
			continue
		}
		fmt.Fprintf(&all, "== %s\n%s\n\n", c.name, strings.ReplaceAll(err.Error(), source.Path, "DIR/list.csv"))
	}
	golden(t, "table_faults.txt", all.String())
}

func TestTableWarnings(t *testing.T) {
	t.Parallel()
	m := plainMapping()
	m.Columns.Owner = "Rep"
	reading, all := sourcetest.Read(t, table(t, m, plainHeader+",Rep",
		"1,Birch,2026-09-01,,10.00,10.00,", "2,Birch,2026-09-01,,10.00,10.00,dana", "3,Birch,2026-09-01,,10.00,10.00,lee"))
	want := []string{`list.csv row 4: the owner of customer Birch is "lee" here and "dana" further up; the first one was taken.`}
	if diff := cmp.Diff(want, reading.Warnings); diff != "" || all.Customers[0].Owner != "dana" {
		t.Errorf("owner %s, warnings (-want +got):\n%s", all.Customers[0].Owner, diff)
	}
}

// TestTableWithoutDates: a document exists since it fell due, or since the
// as-of date.
func TestTableWithoutDates(t *testing.T) {
	t.Parallel()
	m := Mapping{Currency: "USD", Columns: Columns{Number: "Invoice No", Customer: "Customer", Due: "Due Date", Balance: "Balance"}}
	_, all := sourcetest.Read(t, table(t, m, "Invoice No,Customer,Due Date,Balance", "1,Birch,2026-10-20,700.00", "2,Birch,2026-12-05,200.00"))
	for i, want := range []string{"2026-10-20", "2026-11-25"} {
		if got := all.Documents[i].Date.String(); got != want {
			t.Errorf("document %d is dated %s, want %s", i+1, got, want)
		}
	}
}

func TestTableChanges(t *testing.T) {
	t.Parallel()
	source := table(t, plainMapping(), plainHeader, "1,Birch,2026-09-01,,10.00,10.00")
	reading, err := source.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Changes(t.Context(), reading.Cursor()); !errors.Is(err, arsync.ErrNothingNew) {
		t.Errorf("the same file: %v, want ErrNothingNew", err)
	}
	source.Mapping.Columns.Due = ""
	if _, err := source.Changes(t.Context(), reading.Cursor()); !errors.Is(err, arsync.ErrFullOnly) {
		t.Errorf("another mapping: %v, want ErrFullOnly", err)
	}
}

func TestTableNeedsAnAsOfDate(t *testing.T) {
	t.Parallel()
	source := table(t, plainMapping(), plainHeader, "1,Birch,2026-09-01,,10.00,10.00")
	source.AsOf = ar.Date{}
	if _, err := source.Full(t.Context()); ar.KindOf(err) != ar.Invalid {
		t.Errorf("without a date: %v, want a refusal", err)
	}
	if _, err := NewTable(filepath.Join(t.TempDir(), "no.csv"), plainMapping(), time.UTC); ar.KindOf(err) != ar.NotFound {
		t.Errorf("no such file: %v", err)
	}
}

// TestMappingFaults holds that all faults of a mapping are said at once.
func TestMappingFaults(t *testing.T) {
	t.Parallel()
	bad := Mapping{
		Delimiter: "|", Dates: "YYYY/DD", Decimal: "'", Currency: "DOLLAR",
		Kinds: map[string]string{"Invoice": "bill"}, Columns: Columns{Currency: "Cur"},
	}
	var all strings.Builder
	for _, m := range []Mapping{{}, bad} {
		err := m.Validate()
		if ar.KindOf(err) != ar.Invalid {
			t.Fatalf("%+v: %v, want a refusal", m, err)
		}
		all.WriteString(err.Error() + "\n\n")
	}
	golden(t, "mapping_faults.txt", all.String())
	if err := plainMapping().Validate(); err != nil {
		t.Error(err)
	}
}
