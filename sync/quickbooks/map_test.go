package quickbooks

import (
	"fmt"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

// document finds one among the records of a page.
func document(t testing.TB, p ar.Page, key ar.Key) ar.DocumentRecord {
	t.Helper()
	for _, d := range documentsOf(p) {
		if d.Key() == key {
			return d
		}
	}
	t.Fatalf("no document %s", key)
	return ar.DocumentRecord{}
}

// applied lists the applications of a page: kind, from, to, amount.
func applied(p ar.Page) []string {
	var list []string
	for _, e := range p.Entries {
		for _, a := range e.Applications {
			list = append(list, fmt.Sprintf("%s: %s %s -> %s %s on %s", e.External, a.Kind, a.From.Key(), a.To.Key(), a.Amount.Decimal(), a.Date))
		}
	}
	return list
}

// A voided invoice is one of nothing with a note: it is not paid.
func TestFailure15VoidsAreNotPaid(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(customers, person("1", "Cedar Foods"))
	void := bill("10", "1", 0)
	void["PrivateNote"] = "Voided - wrong customer"
	b.put(invoices, void)
	free := bill("11", "1", 0)
	free["PrivateNote"] = "free of charge"
	b.put(invoices, free)
	named := bill("12", "1", 5)
	named["PrivateNote"] = "Voided cheque came back"
	b.put(invoices, named)
	pay := receipt("50", "1", 0, settles(5, "Invoice", "12"))
	pay["PrivateNote"] = "Voided"
	b.put(payments, pay)
	p, _ := full(t, b.source())
	for key, want := range map[ar.Key]ar.Status{"invoice/10": ar.Void, "invoice/11": ar.Posted, "invoice/12": ar.Posted, "payment/50": ar.Void} {
		if got := document(t, p, key).Status; got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if got := applied(p); len(got) != 0 {
		t.Errorf("a voided payment settles %q", got)
	}
}

// A voided credit memo is no credit.
func TestFailure28VoidedCredits(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(customers, person("1", "Cedar Foods"))
	void := credit("20", 0)
	void["PrivateNote"], void["RemainingCredit"] = "Voided", 0
	b.put(creditMemos, void)
	b.put(journalEntries, obj{"Id": "30", "TxnDate": "2026-10-10", "PrivateNote": "Voided", "Line": []obj{
		{"Id": "0", "Amount": 0, "JournalEntryLineDetail": obj{"PostingType": "Credit", "AccountRef": ref("84"), "Entity": obj{"Type": "Customer", "EntityRef": ref("1")}}},
	}})
	p, _ := full(t, b.source())
	for _, key := range []ar.Key{"credit_memo/20", "journal/30/0"} {
		if got := document(t, p, key).Status; got != ar.Void {
			t.Errorf("%s is %s", key, got)
		}
	}
}

// Credits pay for parts of the invoices of a payment; the rest is its own money.
func TestPaymentsAndTheCreditsInThem(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.put(invoices, bill("12", "1", 80))
	b.put(creditMemos, credit("21", 50))
	b.put(payments, receipt("52", "1", 75, settles(40, "Invoice", "12"), settles(30, "CreditMemo", "21"),
		settles(12.25, "JournalEntry", "30"), settles(15, "Invoice", "10"), settles(10, "CreditMemo", "20")))
	b.put(payments, receipt("53", "2", 0, settles(40, "Deposit", "40"), settles(40, "Invoice", "11")))
	b.put(payments, receipt("54", "1", 9, settles(9, "Payment", "54"))) // itself
	p, r := full(t, b.source())
	want := []string{
		"payment/50: payment payment/50 -> invoice/10 60.00 on 2026-11-02",
		"payment/51: credit credit_memo/20 -> invoice/10 20.00 on 2026-11-02",
		"payment/52: credit credit_memo/21 -> invoice/12 30.00 on 2026-11-02",
		"payment/52: credit credit_memo/20 -> invoice/12 10.00 on 2026-11-02",
		"payment/52: payment payment/52 -> journal/30/0 12.25 on 2026-11-02",
		"payment/52: payment payment/52 -> invoice/10 15.00 on 2026-11-02",
		"payment/53: credit journal/deposit-40/1 -> invoice/11 40.00 on 2026-11-02",
	}
	if diff := cmp.Diff(want, applied(p)); diff != "" {
		t.Errorf("applications (-want +got):\n%s", diff)
	}
	open := newView().take(p).open(t)
	if diff := cmp.Diff(map[string]int64{
		"invoice/10": 500, "invoice/11": 21050, "invoice/12": 4000, "credit_memo/21": -2000, "payment/52": -4775, "payment/54": -900,
	}, open); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	if got := document(t, p, "payment/51"); !got.Amount.IsZero() || got.Status != ar.Posted {
		t.Errorf("the application of a credit is %+v, want a payment of nothing", got)
	}
	if len(r.Skipped()) != 0 {
		t.Errorf("skipped %q", r.Skipped())
	}
}

// Whatever a payment links, each of its lines is applied in full and to the cent
// where its credits fit, under ids of their own.
func TestAllocationIsComplete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(1, 1000), 1, 6)
		var s sides
		var raised, lowered int64
		for i, n := range amounts.Draw(t, "invoices") {
			s.raise = append(s.raise, side{ar.Ref{Kind: ar.Invoice, External: strconv.Itoa(i / 2)}, ar.ByPayment, ar.NewMoney(n, "USD")})
			raised += n
		}
		for i, n := range amounts.Draw(t, "credits") {
			n = min(n, raised-lowered)
			s.lower = append(s.lower, side{ar.Ref{Kind: ar.CreditMemo, External: strconv.Itoa(i)}, ar.ByCredit, ar.NewMoney(n, "USD")})
			lowered += n
		}
		var all, own int64
		ids := map[string]bool{}
		pay := ar.DocumentRecord{Ref: ar.Ref{Kind: ar.Payment, External: "9"}}
		for _, a := range s.applications(pay) {
			if all += a.Amount.Minor(); a.From == pay.Ref {
				own += a.Amount.Minor()
			}
			if ids[a.External] || a.Amount.Sign() <= 0 {
				t.Fatalf("application %+v comes twice or is of nothing", a)
			}
			ids[a.External] = true
		}
		if all != raised || own != raised-lowered {
			t.Fatalf("applied %d of %d, %d of it by the payment, want %d", all, raised, own, raised-lowered)
		}
	})
}

// A credit that was paid back by check: the check is read because the payment
// that joins the two names it.
func TestACreditThatWasPaidBack(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{false, true} {
		b := newBooks()
		b.put(customers, person("1", "Cedar Foods"))
		b.put(creditMemos, credit("20", 30))
		b.put(purchases, obj{"Id": "60", "TxnDate": "2026-11-01", "EntityRef": obj{"value": "1", "type": "Customer"}, "Line": []obj{
			{"Id": "1", "Amount": 30, "AccountBasedExpenseLineDetail": obj{"AccountRef": ref("84")}},
		}})
		b.put(payments, receipt("50", "1", 0, settles(30, "Check", "60"), settles(30, "CreditMemo", "20")))
		b.put(purchases, obj{"Id": "61", "TxnDate": "2026-11-01", "Line": []obj{
			{"Id": "1", "Amount": 11, "AccountBasedExpenseLineDetail": obj{"AccountRef": ref("84"), "CustomerRef": ref("1")}},
		}})
		p, _ := full(t, b.source(func(s *Settings) { s.Expenses = all }))
		want := map[string]int64{}
		if all { // one that no payment names
			want["journal/purchase-61/1"] = 1100
		}
		if diff := cmp.Diff(want, newView().take(p).open(t)); diff != "" {
			t.Errorf("expenses %v: open (-want +got):\n%s", all, diff)
		}
		if d := document(t, p, "journal/purchase-60/1"); d.Amount.Minor() != 3000 || d.Customer != "1" {
			t.Errorf("the check is %+v", d)
		}
	}
}

// A payment can settle what the API does not give. Its money is not unapplied.
func TestAPaymentOfSomethingUnknown(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.put(payments, receipt("55", "1", 20, settles(15, "StatementCharge", "77"), settles(5, "JournalEntry", "404")))
	s := b.source()
	p, r := full(t, s)
	v := newView().take(p)
	if open := v.open(t); open["payment/55"] != 0 || len(open) != 5 || len(r.Skipped()) != 0 {
		t.Errorf("open %v, skipped %q", open, r.Skipped())
	}
	if d := document(t, p, "journal/payment-55/StatementCharge-77-1"); d.Amount.Minor() != 1500 || d.Memo != "StatementCharge 77" {
		t.Errorf("in its place: %+v", d)
	}
	b.put(payments, receipt("55", "1", 20))
	p, _ = fetchOf(t, s, hintOf("Payment", "55"))
	if open := v.take(p).open(t); open["payment/55"] != -2000 || len(open) != 6 {
		t.Errorf("taken back: open %v", open)
	}
}

// A write-off is a credit by an item or an account that the config names.
func TestWriteOffs(t *testing.T) {
	t.Parallel()
	b := someBooks()
	for id, line := range map[string]obj{
		"21": {"ItemRef": obj{"value": "7", "name": "Adjustments:Bad debt"}},
		"22": {"ItemRef": obj{"value": "8", "name": "Discount"}, "ItemAccountRef": ref("90")},
		"23": {"ItemRef": obj{"value": "8", "name": "Discount"}, "ItemAccountRef": ref("35")},
	} {
		o := credit(id, 1)
		o["Line"] = []obj{{"Amount": 1, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": line}, {"Amount": 1, "DetailType": "SubTotalLineDetail"}}
		b.put(creditMemos, o)
	}
	b.put(journalEntries, obj{"Id": "33", "TxnDate": "2026-10-20", "Line": []obj{
		{"Id": "0", "Amount": 4, "JournalEntryLineDetail": obj{"PostingType": "Debit", "AccountRef": ref("90")}},
		{"Id": "1", "Amount": 4, "JournalEntryLineDetail": obj{"PostingType": "Credit", "AccountRef": ref("84"), "Entity": obj{"Type": "Customer", "EntityRef": ref("1")}}},
	}})
	b.put(payments, receipt("56", "1", 0, settles(7, "Invoice", "10"), settles(1, "CreditMemo", "21"), settles(1, "CreditMemo", "22"),
		settles(1, "CreditMemo", "23"), settles(4, "JournalEntry", "33")))
	config := func(s *Settings) {
		s.BadDebtItems, s.BadDebtAccounts = []string{"bad debt"}, []string{"Expenses:Bad Debts"}
	}
	want := []string{
		"payment/56: write_off credit_memo/21 -> invoice/10 1.00 on 2026-11-02",
		"payment/56: write_off credit_memo/22 -> invoice/10 1.00 on 2026-11-02",
		"payment/56: credit credit_memo/23 -> invoice/10 1.00 on 2026-11-02",
		"payment/56: write_off journal/33/1 -> invoice/10 4.00 on 2026-11-02",
	}
	s := b.source(config)
	p, _ := full(t, s)
	if diff := cmp.Diff(want, applied(p)[2:]); diff != "" {
		t.Errorf("full reading (-want +got):\n%s", diff)
	}
	// A later reading has only the payment, and asks for its credits.
	p, _ = fetchOf(t, s, hintOf("Payment", "56"))
	if diff := cmp.Diff(want, applied(p)); diff != "" {
		t.Errorf("of a hint (-want +got):\n%s", diff)
	}
	p, _ = full(t, b.source())
	for _, a := range applied(p) {
		if strings.Contains(a, "write_off") {
			t.Errorf("without a config: %s", a)
		}
	}
}

// Money that an invoice says was paid with it has no payment of its own.
func TestADepositOnAnInvoice(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(preferences, obj{"Id": "1", "CurrencyPrefs": obj{"HomeCurrency": ref("USD")}, "SalesFormsPrefs": obj{"AllowDeposit": true}})
	b.put(customers, person("1", "Cedar Foods"))
	o := bill("10", "1", 100)
	o["Deposit"], o["Balance"] = 40, 60
	b.put(invoices, o)
	s := b.source()
	p, _ := full(t, s)
	v := newView().take(p)
	if open := v.open(t); open["invoice/10"] != 6000 {
		t.Errorf("open %v", open)
	}
	b.put(invoices, bill("10", "1", 100))
	p, _ = fetchOf(t, s, hintOf("Invoice", "10"))
	if open := v.take(p).open(t); open["invoice/10"] != 10000 {
		t.Errorf("after the deposit was taken out: open %v", open)
	}
}

// Currencies are kept apart; the rate of each document converts it home.
func TestFailure19Currencies(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(preferences, obj{"Id": "1", "CurrencyPrefs": obj{"HomeCurrency": ref("USD"), "MultiCurrencyEnabled": true}})
	b.put(customers, person("1", "Cedar Foods"))
	for id, c := range map[string]obj{
		"10": {"CurrencyRef": ref("EUR"), "ExchangeRate": 1.25}, "11": {"CurrencyRef": ref("JPY"), "ExchangeRate": "0.0067", "TotalAmt": 1200},
		"12": {"CurrencyRef": ref("USD"), "ExchangeRate": 1}, "13": {}, "14": {"CurrencyRef": ref("KWD"), "ExchangeRate": 3.25, "TotalAmt": 1.125},
		"15": {"CurrencyRef": ref("EUR")}, // lacks its rate
	} {
		o := bill(id, "1", 100)
		delete(o, "CurrencyRef")
		maps.Copy(o, c)
		b.put(invoices, o)
	}
	p, r := full(t, b.source())
	got := map[ar.Key]string{}
	for _, d := range p.Documents {
		got[d.Key()] = fmt.Sprintf("%s %s @%s", d.Amount.Currency(), d.Amount.Decimal(), d.Rate)
	}
	want := map[ar.Key]string{
		"invoice/10": "EUR 100.00 @1.25", "invoice/11": "JPY 1200 @0.0067", "invoice/12": "USD 100.00 @", "invoice/13": "USD 100.00 @",
		"invoice/14": "KWD 1.125 @3.25",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
	if s := strings.Join(r.Skipped(), "\n"); !strings.Contains(s, "Invoice INV-15 (id 15) could not be read and is left out: it has no ExchangeRate") {
		t.Errorf("skipped %q", s)
	}
}

// Several A/R accounts do not double anything.
func TestFailure20TwoReceivablesAccounts(t *testing.T) {
	t.Parallel()
	b := someBooks()
	before, _ := full(t, b.source())
	b.put(accounts, obj{"Id": "85", "Name": "A/R EUR", "AccountType": "Accounts Receivable", "Active": false})
	p, _ := full(t, b.source())
	if diff := cmp.Diff(newView().take(before).open(t), newView().take(p).open(t)); diff != "" {
		t.Errorf("open (-one account +two):\n%s", diff)
	}
}

// Dates are civil: no zone, and none is made up (as failure 22 is in Xero).
func TestFailure22DatesAreCivil(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(customers, person("1", "Cedar Foods"))
	o := bill("10", "1", 1)
	o["TxnDate"], o["DueDate"] = "2026-03-08", "2026-11-01T00:00:00-07:00" // both are days on which clocks change
	b.put(invoices, o)
	for _, zone := range []string{"Pacific/Kiritimati", "America/Los_Angeles"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := full(t, b.source(func(s *Settings) { s.Zone = loc }))
		if d := document(t, p, "invoice/10"); d.Date != ar.NewDate(2026, 3, 8) || d.Due != ar.NewDate(2026, 11, 1) {
			t.Errorf("%s: dated %s, due %s", zone, d.Date, d.Due)
		}
	}
}

// Lines can be missing from what a list brings: the total is what QuickBooks
// says, never the sum of lines.
func TestFailure26LinesDoNotMatter(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(customers, person("1", "Cedar Foods"))
	o := bill("10", "1", 107.25)
	o["Line"] = []obj{{"Amount": 100, "SalesItemLineDetail": obj{"ItemRef": ref("1")}}}
	b.put(invoices, o)
	b.put(invoices, bill("11", "1", 107.25))
	p, _ := full(t, b.source())
	for _, key := range []ar.Key{"invoice/10", "invoice/11"} {
		if d := document(t, p, key); d.Amount.Minor() != 10725 {
			t.Errorf("%s is of %s", key, d.Amount)
		}
	}
}

// A customer that was made inactive keeps its debt, its id and its name.
func TestSY04InactiveCustomersStillOwe(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(customers, person("58", "Cedar Foods"))
	o := bill("60", "58", 310)
	o["DueDate"] = "2026-10-15"
	b.put(invoices, o)
	s := b.source()
	p, _ := full(t, s)
	v := newView().take(p)
	b.put(customers, obj{"Id": "58", "DisplayName": "Cedar Foods (deleted)", "FullyQualifiedName": "Cedar Foods (deleted)", "Active": false})
	p, _ = full(t, s)
	v.take(p)
	if len(v.customers) != 1 {
		t.Errorf("%d customers, want the same one", len(v.customers))
	}
	if c := v.customers["58"]; c.Name != "Cedar Foods" || !c.Inactive || len(c.Aliases) != 0 {
		t.Errorf("customer %+v", c)
	}
	d := v.documents["invoice/60"]
	if asOf := ar.NewDate(2026, 11, 25); v.open(t)["invoice/60"] != 31000 || asOf.Sub(d.Due) != 41 {
		t.Errorf("open %v, %d days overdue", v.open(t), asOf.Sub(d.Due))
	}
	// QuickBooks says it in the company's language; other brackets are the name's own.
	for name, want := range map[string]string{
		"Cedar Foods (gelöscht)": "Cedar Foods", "Cedar Foods (supprimé-2)": "Cedar Foods", "Cedar Foods (Berlin)": "Cedar Foods (Berlin)",
	} {
		b.put(customers, obj{"Id": "58", "DisplayName": name, "Active": false})
		p, _ = full(t, s)
		if c := v.take(p).customers["58"]; c.Name != want {
			t.Errorf("%s: %q, want %q", name, c.Name, want)
		}
	}
	// An active one may be called what it likes.
	b.put(customers, person("59", "Files (deleted)"))
	p, _ = full(t, s)
	if c := v.take(p).customers["59"]; c.Name != "Files (deleted)" || c.Inactive {
		t.Errorf("customer %+v", c)
	}
}

// A number is a label: two documents can have the same, and some have none.
func TestSY09NumbersRepeatOrAreMissing(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.put(customers, person("4783", "Alder Partners"))
	for _, o := range []obj{
		{"Id": "40113", "DocNumber": "2021011355", "TotalAmt": 55650.00},
		{"Id": "40114", "DocNumber": "2021011355", "TotalAmt": 62507.50},
		{"Id": "40115", "TotalAmt": 759.05},
		{"Id": "40116", "DocNumber": nil, "TotalAmt": 760.00},
	} {
		maps.Copy(o, obj{"TxnDate": "2021-01-04", "DueDate": "2021-02-03", "CustomerRef": ref("4783")})
		b.put(invoices, o)
	}
	b.drop(invoices, "40117", true)
	p, r := full(t, b.source())
	open := newView().take(p).open(t)
	if len(open) != 4 || sum(open) != 11967655 || len(r.Skipped()) != 0 {
		t.Errorf("open %v, skipped %q", open, r.Skipped())
	}
	numbers := []string{}
	for _, d := range p.Documents {
		numbers = append(numbers, d.Number)
	}
	if diff := cmp.Diff([]string{"2021011355", "2021011355", "", ""}, numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

// Owner, class and location of documents; custom fields of both.
func TestLabels(t *testing.T) {
	t.Parallel()
	b := newBooks()
	c := person("1", "Cedar Foods")
	c["CustomField"] = []obj{{"DefinitionId": "1", "Name": "sales rep", "StringValue": "Dana"}, {"Name": "Tier", "StringValue": "A"}, {"Name": "Empty"}}
	b.put(customers, c)
	o := bill("10", "1", 1)
	o["CustomField"] = []obj{{"DefinitionId": "1", "Name": "Sales Rep", "Type": "StringType", "StringValue": "kim@example.com"}}
	o["DepartmentRef"] = obj{"value": "2", "name": "East"}
	o["PONumber"] = "PO 7"
	o["Line"] = []obj{{"Amount": 1}, {"SalesItemLineDetail": obj{"ClassRef": obj{"value": "9", "name": "Retail"}}}, {"SalesItemLineDetail": obj{"ClassRef": obj{"value": "8", "name": "Trade"}}}}
	b.put(invoices, o)
	o = bill("11", "1", 1)
	o["ClassRef"] = obj{"value": "8", "name": "Trade"}
	b.put(invoices, o)
	b.put(invoices, bill("12", "1", 1))
	p, _ := full(t, b.source(func(s *Settings) { s.OwnerField, s.AppURL = " Sales Rep", "https://qbo.example/app" }))
	want := map[ar.Key]map[string]string{
		"invoice/10": {"Sales Rep": "kim@example.com", ar.LabelOwner: "kim@example.com", ar.LabelClass: "Retail", ar.LabelLocation: "East"},
		"invoice/11": {ar.LabelClass: "Trade"},
		"invoice/12": nil,
	}
	for key, labels := range want {
		if diff := cmp.Diff(labels, document(t, p, key).Labels); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	d := document(t, p, "invoice/10")
	if d.PO != "PO 7" || d.URL != "https://qbo.example/app/invoice?txnId=10" {
		t.Errorf("PO %q, URL %q", d.PO, d.URL)
	}
	if c := p.Customers[0]; c.Owner != "Dana" || cmp.Diff(map[string]string{"sales rep": "Dana", "Tier": "A"}, c.Fields) != "" {
		t.Errorf("customer %+v", c)
	}
}

func TestDueDatesByTheLedgersTerms(t *testing.T) {
	t.Parallel()
	day := func(text string) ar.Date {
		d, err := ar.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		term          term
		invoice, want string
	}{
		{term{Name: "Net 30", DueDays: "30"}, "2026-01-31", ""}, // the name says it
		{term{Name: "Cash", DueDays: "10"}, "2026-01-31", "2026-02-10"},
		{term{Name: "Net 30", DueDays: "45"}, "2026-01-31", "2026-03-17"}, // the name lies
		{term{Name: "15th", DayOfMonthDue: "15"}, "2026-01-10", "2026-01-15"},
		{term{Name: "15th", DayOfMonthDue: "15"}, "2026-01-15", "2026-01-15"},
		{term{Name: "15th", DayOfMonthDue: "15"}, "2026-01-16", "2026-02-15"},
		{term{Name: "15th", DayOfMonthDue: "15", DueNextMonthDays: "10"}, "2026-01-06", "2026-02-15"},
		{term{Name: "15th", DayOfMonthDue: "15", DueNextMonthDays: "10"}, "2026-01-05", "2026-01-15"},
		{term{Name: "End", DayOfMonthDue: "31"}, "2026-01-31", "2026-01-31"},
		{term{Name: "End", DayOfMonthDue: "31", DueNextMonthDays: "5"}, "2026-01-30", "2026-02-28"},
		{term{Name: "whatever"}, "2026-01-30", ""},
		{term{Name: "whatever", DueDays: "-1"}, "2026-01-30", ""},
	} {
		if got := newTermRule(c.term).stated(day(c.invoice)).String(); got != c.want {
			t.Errorf("%+v of %s: due %q, want %q", c.term, c.invoice, got, c.want)
		}
	}
}

func TestPlainNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"12.5": "12.5", "1E+2": "100", "1.25e2": "125", "1.255E1": "12.55", "5e-2": "0.05", "-5E-1": "-0.5", "0E-7": "0.0000000", "12e0": "12",
		"-1.5e3": "-1500",
	} {
		got, ok := plain(text)
		a, okA := new(big.Rat).SetString(got)
		b, okB := new(big.Rat).SetString(want)
		if !ok || !okA || !okB || a.Cmp(b) != 0 {
			t.Errorf("%s: %q %v, want %s", text, got, ok, want)
		}
		if _, err := money("Amount", number(text), "KWD"); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"", "1e999999999", "1e", "e5x"} {
		if got, ok := plain(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}
