package fakeqbo_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

func TestPaymentSettles(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	one, two := b.invoice(acme, "2026-10-01", "", 40000), b.invoice(acme, "2026-10-02", "", 25050)
	b.pass(time.Hour)
	pay := b.pay(acme, 50000, onInvoice(one, 40000), onInvoice(two, 5050))

	inv := dig(b.get(t, "invoice/"+two), "Invoice")
	want(t, "balance", dig(inv, "Balance"), any(200.0))
	want(t, "token", dig(inv, "SyncToken"), any("1"))
	want(t, "stamp", dig(inv, "MetaData", "LastUpdatedTime"), any("2026-11-25T13:00:00-08:00"))
	want(t, "link", dig(inv, "LinkedTxn", 0, "TxnId"), any(pay))
	want(t, "unapplied", dig(b.get(t, "payment/"+pay), "Payment", "UnappliedAmt"), any(49.5))
	cu := dig(b.get(t, "customer/"+acme), "Customer")
	want(t, "customer's balance", dig(cu, "Balance"), any(150.5))
	want(t, "customer's token", dig(cu, "SyncToken"), any("0"))
	want(t, "customer's stamp", dig(cu, "MetaData", "LastUpdatedTime"), any("2026-11-25T13:00:00-08:00"))
}

func TestDeletedPaymentOpensItsInvoices(t *testing.T) { // SY-01
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 40000)
	pay := b.pay(acme, 40000, onInvoice(inv, 40000))
	if err := b.Delete(fakeqbo.Payment, pay); err != nil {
		t.Fatal(err)
	}
	want(t, "balance", dig(b.get(t, "invoice/"+inv), "Invoice", "Balance"), any(400.0))
	want(t, "links", dig(b.get(t, "invoice/"+inv), "Invoice", "LinkedTxn"), any([]any{}))
	status, answer := b.call(t, http.MethodGet, "payment/"+pay, "", "")
	want(t, "deleted payment", fmt.Sprint(status, faultCode(answer)), "400610")
}

func TestVoid(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 40000)
	pay := b.pay(acme, 30000, onInvoice(inv, 30000))
	if err := b.Void(fakeqbo.Invoice, inv); err != nil {
		t.Fatal(err)
	}
	doc := dig(b.get(t, "invoice/"+inv), "Invoice")
	want(t, "total, balance, note", []any{dig(doc, "TotalAmt"), dig(doc, "Balance"), dig(doc, "PrivateNote"), dig(doc, "Line", 0, "Amount")},
		[]any{0.0, 0.0, "Voided", 0.0})
	want(t, "payment's unapplied money", dig(b.get(t, "payment/"+pay), "Payment", "UnappliedAmt"), any(300.0))
	if err := b.Void(fakeqbo.Payment, pay); err != nil {
		t.Fatal(err)
	}
	want(t, "open items", b.OpenItems(""), []fakeqbo.OpenItem(nil))
	want(t, "payment's total", dig(b.get(t, "payment/"+pay), "Payment", "TotalAmt"), any(0.0))
}

func TestCreditsOfEveryKind(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 100000)
	memo := must(b.AddCreditMemo(fakeqbo.Sale{Customer: acme, Date: "2026-10-05", Amount: 10000}))
	entry := must(b.Journal(fakeqbo.Entry{Date: "2026-10-06", Lines: []fakeqbo.Posting{
		{Account: fakeqbo.Receivable, Amount: 20000, Customer: acme}, {Account: fakeqbo.BadDebt, Debit: true, Amount: 20000},
	}}))
	slip := must(b.AddDeposit(fakeqbo.Slip{Date: "2026-10-07", Lines: []fakeqbo.SlipLine{
		{Account: fakeqbo.Receivable, Amount: 30000, Customer: acme},
	}}))
	refund := must(b.AddRefundReceipt(fakeqbo.Sale{Customer: acme, Date: "2026-10-08", Amount: 500, Item: fakeqbo.RefundItem}))
	pay := b.pay(acme, 5000, onInvoice(inv, 65000),
		fakeqbo.Part{Entity: fakeqbo.CreditMemo, ID: memo, Amount: 10000},
		fakeqbo.Part{Entity: fakeqbo.JournalEntry, ID: entry, Line: "0", Amount: 20000},
		fakeqbo.Part{Entity: fakeqbo.Deposit, ID: slip, Line: "1", Amount: 30000})

	want(t, "invoice", dig(b.get(t, "invoice/"+inv), "Invoice", "Balance"), any(350.0))
	want(t, "credit memo", dig(b.get(t, "creditmemo/"+memo), "CreditMemo", "RemainingCredit"), any(0.0))
	var froms []string
	for _, s := range b.Settlements() {
		froms = append(froms, fmt.Sprint(s.FromEntity, " ", s.Amount))
	}
	want(t, "what paid", froms, []string{"CreditMemo 10000", "JournalEntry 20000", "Deposit 30000", "Payment 5000"})
	want(t, "net", b.Truth("").Net["USD"], int64(35000+500))
	want(t, "refund", b.OpenItems("")[1].ID, refund)

	// A credit that is deleted takes only its own part away.
	if err := b.Delete(fakeqbo.JournalEntry, entry); err != nil {
		t.Fatal(err)
	}
	want(t, "invoice without the journal entry", dig(b.get(t, "invoice/"+inv), "Invoice", "Balance"), any(550.0))
	want(t, "payment", dig(b.get(t, "payment/"+pay), "Payment", "UnappliedAmt"), any(0.0))
}

func TestLinkOfACreditGoesWithIt(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 10000)
	memo, link, err := b.WriteOff(inv, 2500, "2026-11-01")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "invoice", dig(b.get(t, "invoice/"+inv), "Invoice", "Balance"), any(75.0))
	if err := b.Delete(fakeqbo.Invoice, inv); err != nil {
		t.Fatal(err)
	}
	want(t, "credit memo", dig(b.get(t, "creditmemo/"+memo), "CreditMemo", "RemainingCredit"), any(25.0))
	want(t, "payments", b.IDs(fakeqbo.Payment), []string{})
	status, _ := b.call(t, http.MethodGet, "payment/"+link, "", "")
	want(t, "the link", status, http.StatusBadRequest)
}

func TestEditBelowWhatIsPaid(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 10000)
	pay := b.pay(acme, 9000, onInvoice(inv, 9000))
	if err := b.EditAmount(fakeqbo.Invoice, inv, 6000); err != nil {
		t.Fatal(err)
	}
	want(t, "invoice", dig(b.get(t, "invoice/"+inv), "Invoice", "Balance"), any(0.0))
	want(t, "payment", dig(b.get(t, "payment/"+pay), "Payment", "UnappliedAmt"), any(30.0))
}

func TestRefusedChanges(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 10000)
	_, tooMuch := b.Pay(fakeqbo.Receipt{Customer: acme, Amount: 20000, On: []fakeqbo.Part{onInvoice(inv, 20000)}})
	_, unknown := b.AddInvoice(fakeqbo.Sale{Customer: "999", Amount: 1})
	_, taken := b.AddCustomer(fakeqbo.Person{Name: "Acme"})
	_, uneven := b.Journal(fakeqbo.Entry{Lines: []fakeqbo.Posting{{Account: fakeqbo.Receivable, Amount: 5, Customer: acme}}})
	want(t, "reapplied too much", b.Reapply(b.pay(acme, 100), []fakeqbo.Part{onInvoice(inv, 200)}) != nil, true)
	var codes []string
	for _, err := range []error{tooMuch, unknown, taken, uneven} {
		if refused, ok := errors.AsType[*fakeqbo.Refusal](err); ok {
			codes = append(codes, refused.Code)
		}
	}
	want(t, "codes", codes, []string{"6000", "610", "6240", "6000"})
	want(t, "net", b.Truth("").Net["USD"], int64(9900))
}

func TestFamilies(t *testing.T) {
	t.Parallel()
	b := newBooks()
	top := b.customer("Freeman")
	sub := must(b.AddCustomer(fakeqbo.Person{Name: "Twin Lane", Parent: top}))
	b.invoice(top, "2026-10-01", "", 1000)
	b.invoice(sub, "2026-10-01", "", 500)
	cu := dig(b.get(t, "customer/"+top), "Customer")
	want(t, "balances", []any{dig(cu, "Balance"), dig(cu, "BalanceWithJobs")}, []any{10.0, 15.0})
	below := dig(b.get(t, "customer/"+sub), "Customer")
	want(t, "full name", dig(below, "FullyQualifiedName"), any("Freeman:Twin Lane"))
	want(t, "parent", dig(below, "ParentRef", "value"), any(top))
}

func TestInactiveCustomerKeepsItsDebt(t *testing.T) { // SY-04
	t.Parallel()
	b := newBooks()
	cedar := b.customer("Cedar Foods")
	inv := b.invoice(cedar, "2026-09-15", "2026-10-15", 31000)
	if err := b.Deactivate(cedar); err != nil {
		t.Fatal(err)
	}
	want(t, "active customers", b.query(t, "select * from Customer"), map[string]any{})
	all := b.query(t, "select * from Customer where Active in (true,false)")
	want(t, "name", dig(all, "Customer", 0, "DisplayName"), any("Cedar Foods (deleted)"))
	want(t, "on the invoice", dig(b.get(t, "invoice/"+inv), "Invoice", "CustomerRef", "name"), any("Cedar Foods (deleted)"))
	want(t, "net", b.Truth("").Home, int64(31000))
}

func TestMerge(t *testing.T) {
	t.Parallel()
	b := newBooks()
	var told []fakeqbo.Change
	b.OnChange = func(c fakeqbo.Change) { told = append(told, c) }
	loser, winner := b.customer("Acme Ltd"), b.customer("Acme")
	inv := b.invoice(loser, "2026-10-01", "", 1000)
	b.pay(loser, 400)
	told = nil
	if err := b.Merge(loser, winner); err != nil {
		t.Fatal(err)
	}
	want(t, "customer of the invoice", dig(b.get(t, "invoice/"+inv), "Invoice", "CustomerRef", "value"), any(winner))
	want(t, "balance", dig(b.get(t, "customer/"+winner), "Customer", "Balance"), any(6.0))
	want(t, "last told", told[len(told)-1], fakeqbo.Change{
		Realm: "4620816365", Entity: "Customer", ID: loser, Operation: "Merge", Into: winner, At: b.now(),
	})
	status, _ := b.call(t, http.MethodGet, "customer/"+loser, "", "")
	want(t, "the loser", status, http.StatusBadRequest)
}

func TestForeignCurrency(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.Configure(func(s *fakeqbo.Settings) { s.MultiCurrency = true })
	b.SetRate("EUR", "1.2345")
	b.SetRate("JPY", "0.0067")
	euro := must(b.AddCustomer(fakeqbo.Person{Name: "Rhein GmbH", Currency: "EUR"}))
	yen := must(b.AddCustomer(fakeqbo.Person{Name: "Sakura KK", Currency: "JPY"}))
	inv := b.invoice(euro, "2026-10-01", "", 10001)
	b.invoice(yen, "2026-10-01", "", 150_001)
	b.SetRate("EUR", "1.3")
	b.pay(euro, 5000, onInvoice(inv, 5000))

	doc := dig(b.get(t, "invoice/"+inv), "Invoice")
	want(t, "invoice", []any{
		dig(doc, "CurrencyRef", "value"), dig(doc, "ExchangeRate"), dig(doc, "Balance"), dig(doc, "HomeBalance"), dig(doc, "HomeTotalAmt"),
	}, []any{"EUR", 1.2345, 50.01, 61.74, 123.46})
	truth := b.Truth("")
	want(t, "net", truth.Net, map[string]int64{"EUR": 5001, "JPY": 150_001})
	want(t, "home", truth.Home, int64(6174+100_501))
	_, err := b.AddInvoice(fakeqbo.Sale{Customer: euro, Amount: 1, Rate: "2"})
	want(t, "an invoice at its own rate", err, nil)
}

func TestDepositOfPayments(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	pay := b.pay(acme, 500)
	slip := must(b.AddDeposit(fakeqbo.Slip{Lines: []fakeqbo.SlipLine{{Amount: 500, Payment: pay}, {Amount: 100, Account: fakeqbo.Income, Customer: acme}}}))
	doc := dig(b.get(t, "payment/"+pay), "Payment")
	want(t, "payment", []any{dig(doc, "LinkedTxn", 0, "TxnId"), dig(doc, "SyncToken"), dig(doc, "UnappliedAmt")}, []any{slip, "0", 5.0})
	want(t, "line", dig(b.get(t, "deposit/"+slip), "Deposit", "Line", 0, "LinkedTxn", 0, "TxnId"), any(pay))
	want(t, "net", b.Truth("").Home, int64(-500))
	if err := b.Delete(fakeqbo.Deposit, slip); err != nil {
		t.Fatal(err)
	}
	want(t, "payment without it", dig(b.get(t, "payment/"+pay), "Payment", "LinkedTxn"), nil)
}

func TestEdit(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.Configure(func(s *fakeqbo.Settings) { s.CustomFields = []string{"Sales Rep"} })
	west := b.AddListing("Class", "West")
	acme := must(b.AddCustomer(fakeqbo.Person{Name: "Acme", Fields: map[string]string{"Sales Rep": "Ada"}}))
	inv := must(b.AddInvoice(fakeqbo.Sale{Customer: acme, Amount: 100, Fields: map[string]string{"Sales Rep": "Bo"}}))
	if err := b.Edit(fakeqbo.Invoice, inv, map[string]any{"ClassRef": obj{"value": west}, "TxnDate": "2026-11-01"}); err != nil {
		t.Fatal(err)
	}
	if err := b.Edit("Customer", acme, map[string]any{"Notes": "pays late"}); err != nil {
		t.Fatal(err)
	}
	doc, cu := dig(b.get(t, "invoice/"+inv), "Invoice"), dig(b.get(t, "customer/"+acme), "Customer")
	want(t, "invoice", []any{dig(doc, "ClassRef", "name"), dig(doc, "TxnDate"), dig(doc, "CustomField", 0, "StringValue"), dig(doc, "SyncToken")},
		[]any{"West", "2026-11-01", "Bo", "1"})
	want(t, "customer", []any{dig(cu, "Notes"), dig(cu, "CustomField", 0, "StringValue"), dig(cu, "SyncToken")}, []any{"pays late", "Ada", "1"})
	want(t, "an unknown one", b.Edit(fakeqbo.Invoice, "99", nil) != nil, true)
}

func TestExpensePaysACreditBack(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	memo := must(b.AddCreditMemo(fakeqbo.Sale{Customer: acme, Date: "2026-11-01", Amount: 5000}))
	paid := must(b.AddExpense(fakeqbo.Expense{Customer: acme, Date: "2026-11-10", Amount: 5000, Check: true}))
	want(t, "both open", reportTotal(t, b, "AgedReceivables", "2026-11-25"), "0.00")
	rows := dig(b.get(t, "reports/AgedReceivableDetail?report_date=2026-11-25"), "Rows", "Row", 0, "Rows", "Row")
	want(t, "check", texts(dig(rows, 1)), "2026-11-10|Check||Acme|2026-11-10|50.00|50.00")
	doc := dig(b.get(t, "purchase/"+paid), "Purchase")
	want(t, "purchase", []any{dig(doc, "PaymentType"), dig(doc, "EntityRef", "value"), dig(doc, "Line", 0, "AccountBasedExpenseLineDetail", "AccountRef", "value")},
		[]any{"Check", acme, "84"})
	link := b.pay(acme, 0, fakeqbo.Part{Entity: fakeqbo.Purchase, ID: paid, Amount: 5000}, fakeqbo.Part{Entity: fakeqbo.CreditMemo, ID: memo, Amount: 5000})
	want(t, "the link's word", dig(b.get(t, "payment/"+link), "Payment", "Line", 0, "LinkedTxn", 0, "TxnType"), any("Check"))
	want(t, "nothing is open", b.OpenItems(""), []fakeqbo.OpenItem(nil))
	consistent(t, b)
	if err := b.Delete(fakeqbo.Purchase, paid); err != nil {
		t.Fatal(err)
	}
	want(t, "without the check", b.Truth("").Home, int64(-5000))
	consistent(t, b)
}

func TestInvoiceWithDeposit(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	inv := must(b.AddInvoice(fakeqbo.Sale{Customer: acme, Amount: 10000, Deposit: 2500}))
	doc := dig(b.get(t, "invoice/"+inv), "Invoice")
	want(t, "invoice", []any{dig(doc, "TotalAmt"), dig(doc, "Deposit"), dig(doc, "Balance")}, []any{100.0, 25.0, 75.0})
	b.post(t, "invoice", obj{"sparse": true, "Id": inv, "SyncToken": "0", "Deposit": 30})
	want(t, "more of it", b.Truth("").Home, int64(7000))
	_ = b.EditAmount(fakeqbo.Invoice, inv, 2000)
	want(t, "all of it", dig(b.get(t, "invoice/"+inv), "Invoice", "Balance"), any(0.0))
	consistent(t, b)
}
