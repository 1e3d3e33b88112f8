package fakeqbo_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

type obj = map[string]any

func TestSparseUpdate(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	status, answer := b.post(t, "invoice?minorversion=75", obj{"sparse": true, "Id": "1", "SyncToken": "0", "PrivateNote": "promised"})
	want(t, "status", status, http.StatusOK)
	inv := dig(answer, "Invoice")
	want(t, "kept and changed", []any{dig(inv, "SyncToken"), dig(inv, "PrivateNote"), dig(inv, "Balance"), dig(inv, "DueDate"), dig(inv, "DocNumber")},
		[]any{"1", "promised", 10.0, "2026-10-31", "1001"})
	status, answer = b.post(t, "invoice", obj{"sparse": true, "Id": "1", "SyncToken": "0", "PrivateNote": "again"})
	want(t, "stale", fmt.Sprint(status, faultCode(answer)), "4005010")
	status, answer = b.post(t, "invoice", obj{"sparse": true, "Id": "77", "SyncToken": "0"})
	want(t, "unknown", fmt.Sprint(status, faultCode(answer)), "400610")
}

func TestFullUpdateClears(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	_, answer := b.post(t, "invoice", obj{"Id": "1", "SyncToken": "0", "sparse": true, "PrivateNote": "n"})
	_, answer = b.post(t, "invoice", obj{
		"Id": "1", "SyncToken": dig(answer, "Invoice", "SyncToken"), "CustomerRef": obj{"value": "1"}, "DueDate": "2026-12-01",
		"Line": []obj{{"Amount": 25.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": obj{"ItemRef": obj{"value": "1"}}}},
	})
	inv := dig(answer, "Invoice")
	want(t, "invoice", []any{dig(inv, "PrivateNote"), dig(inv, "Balance"), dig(inv, "DueDate")}, []any{nil, 25.5, "2026-12-01"})
	consistent(t, b)
}

func TestCreate(t *testing.T) {
	t.Parallel()
	b := newBooks()
	_, answer := b.post(t, "customer", obj{"DisplayName": "Acme", "PrimaryEmailAddr": obj{"Address": "ap@acme.example"}, "SalesTermRef": obj{"value": "3"}})
	acme := dig(answer, "Customer", "Id")
	status, answer := b.post(t, "customer", obj{"DisplayName": "Acme"})
	want(t, "a name again", fmt.Sprint(status, faultCode(answer)), "4006240")

	_, answer = b.post(t, "invoice", obj{"CustomerRef": obj{"value": acme}, "TxnDate": "2026-11-01", "Line": []obj{{
		"Amount": 120, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": obj{"ItemRef": obj{"value": "1"}},
	}}})
	inv := dig(answer, "Invoice")
	want(t, "invoice", []any{dig(inv, "DueDate"), dig(inv, "TotalAmt"), dig(inv, "BillEmail", "Address")}, []any{"2026-12-01", 120.0, "ap@acme.example"})
	status, answer = b.post(t, "invoice", obj{"Line": []obj{{"Amount": 1}}})
	want(t, "no customer", fmt.Sprint(status, faultCode(answer)), "4002020")

	_, answer = b.post(t, "payment", obj{"CustomerRef": obj{"value": acme}, "TotalAmt": 100.25, "Line": []obj{{
		"Amount": 100.25, "LinkedTxn": []obj{{"TxnId": dig(inv, "Id"), "TxnType": "Invoice"}},
	}}})
	want(t, "payment", dig(answer, "Payment", "UnappliedAmt"), any(0.0))
	_, answer = b.post(t, "journalentry", obj{"Line": []obj{
		{"Amount": 5, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": obj{
			"PostingType": "Debit", "AccountRef": obj{"value": "84"}, "Entity": obj{"Type": "Customer", "EntityRef": obj{"value": acme}},
		}},
		{"Amount": 5, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": obj{"PostingType": "Credit", "AccountRef": obj{"value": "79"}}},
	}})
	want(t, "journal line", dig(answer, "JournalEntry", "Line", 0, "JournalEntryLineDetail", "Entity", "EntityRef", "name"), any("Acme"))
	_, answer = b.post(t, "deposit", obj{"DepositToAccountRef": obj{"value": "35"}, "Line": []obj{
		{"Amount": 2, "DetailType": "DepositLineDetail", "DepositLineDetail": obj{"AccountRef": obj{"value": "84"}, "Entity": obj{"value": acme, "type": "CUSTOMER"}}},
	}})
	want(t, "deposit", dig(answer, "Deposit", "TotalAmt"), any(2.0))
	want(t, "net", b.Truth("").Home, int64(12000-10025+500-200))
	consistent(t, b)
}

func TestUpdatedPayment(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	_, answer := b.post(t, "payment", obj{"sparse": true, "Id": "5", "SyncToken": "0", "TotalAmt": 25, "Line": []obj{
		{"Amount": 10, "LinkedTxn": []obj{{"TxnId": "1", "TxnType": "Invoice"}}},
	}})
	want(t, "unapplied", dig(answer, "Payment", "UnappliedAmt"), any(15.0))
	want(t, "balances", []any{dig(b.get(t, "invoice/1"), "Invoice", "Balance"), dig(b.get(t, "invoice/2"), "Invoice", "Balance")}, []any{0.0, 20.0})
	status, answer := b.post(t, "payment", obj{"sparse": true, "Id": "5", "SyncToken": "1", "Line": []obj{
		{"Amount": 11, "LinkedTxn": []obj{{"TxnId": "1", "TxnType": "Invoice"}}},
	}})
	want(t, "too much", fmt.Sprint(status, faultCode(answer)), "4006000")
	consistent(t, b)
}

func TestOperations(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	_, answer := b.post(t, "payment?operation=update&include=void", obj{"Id": "5", "SyncToken": "0", "sparse": true})
	want(t, "void payment", []any{dig(answer, "Payment", "TotalAmt"), dig(answer, "Payment", "PrivateNote")}, []any{0.0, "Voided"})
	_, answer = b.post(t, "invoice?operation=void", obj{"Id": "2", "SyncToken": "2"})
	want(t, "void invoice", dig(answer, "Invoice", "TotalAmt"), any(0.0))
	_, answer = b.post(t, "invoice?operation=delete", obj{"Id": "1", "SyncToken": "0"})
	want(t, "deleted", dig(answer, "Invoice"), any(obj{"domain": "QBO", "status": "Deleted", "Id": "1"}))
	_, answer = b.post(t, "customer", obj{"Id": "1", "SyncToken": "0", "sparse": true, "Active": false})
	want(t, "inactive", dig(answer, "Customer", "DisplayName"), any("Joe's Auto (deleted)"))
	_, answer = b.post(t, "customer", obj{"Id": "1", "SyncToken": "1", "sparse": true, "Active": true})
	want(t, "active again", dig(answer, "Customer", "DisplayName"), any("Joe's Auto"))
	consistent(t, b)
}

func TestSendAndPayLink(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	want(t, "no link without an address", dig(b.get(t, "invoice/1?include=invoiceLink"), "Invoice", "InvoiceLink"), nil)
	status, _ := b.call(t, http.MethodPost, "invoice/1/send", "application/octet-stream", "")
	want(t, "nowhere to send it", status, http.StatusBadRequest)
	status, answer := b.call(t, http.MethodPost, "invoice/1/send?sendTo=joe@auto.example", "application/octet-stream", "")
	inv := dig(answer, "Invoice")
	want(t, "sent", []any{status, dig(inv, "EmailStatus"), dig(inv, "DeliveryInfo", "DeliveryTime"), dig(inv, "BillEmail", "Address")},
		[]any{200, "EmailSent", "2026-11-25T12:02:00-08:00", "joe@auto.example"})
	link := dig(b.get(t, "invoice/1?include=invoiceLink"), "Invoice", "InvoiceLink")
	if link == nil {
		t.Error("there is no pay link")
	}
	want(t, "not without asking", dig(b.get(t, "invoice/1"), "Invoice", "InvoiceLink"), nil)
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.customer("Acme")
	body := obj{"CustomerRef": obj{"value": "1"}, "TotalAmt": 10}
	_, first := b.post(t, "payment?requestid=abc", body)
	b.pass(time.Minute)
	_, second := b.post(t, "payment?requestid=abc", body)
	want(t, "the answer", second, first)
	want(t, "payments", len(b.IDs(fakeqbo.Payment)), 1)
	b.post(t, "payment?requestid=abd", body)
	want(t, "payments", len(b.IDs(fakeqbo.Payment)), 2)
}

func TestDuplicateNumbers(t *testing.T) { // SY-09
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	twice := func() error {
		_, err := b.AddInvoice(fakeqbo.Sale{Customer: acme, Number: "7", Amount: 100})
		return err
	}
	want(t, "once and twice", []error{twice(), twice()}, []error{nil, nil})
	b.Configure(func(s *fakeqbo.Settings) { s.UniqueNumbers = true })
	if err := twice(); err == nil {
		t.Error("the number was taken three times")
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	status, answer := b.post(t, "batch", obj{"BatchItemRequest": []obj{
		{"bId": "a", "Query": "select * from Invoice where Id = '1'"},
		{"bId": "b", "Query": "select * from Nothing"},
		{"bId": "c", "operation": "create", "Payment": obj{"CustomerRef": obj{"value": "1"}, "TotalAmt": 1}},
		{"bId": "d", "operation": "delete", "Invoice": obj{"Id": "4", "SyncToken": "9"}},
	}})
	list := dig(answer, "BatchItemResponse")
	want(t, "status", status, http.StatusOK)
	want(t, "answers", []any{
		dig(list, 0, "bId"), dig(list, 0, "QueryResponse", "Invoice", 0, "Id"), faultCode(dig(list, 1)),
		dig(list, 2, "Payment", "TotalAmt"), faultCode(dig(list, 3)),
	}, []any{"a", "1", "4001", 1.0, "5010"})
	var many []obj
	for i := range 31 {
		many = append(many, obj{"bId": strconv.Itoa(i), "Query": "select * from Term"})
	}
	status, _ = b.post(t, "batch", obj{"BatchItemRequest": many})
	want(t, "31 items", status, http.StatusBadRequest)
}

func TestCDC(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	b.pass(time.Hour)
	_ = b.Delete(fakeqbo.Invoice, "1")
	_ = b.Rename("1", "Joe")
	list := dig(b.get(t, "cdc?entities=Invoice,CreditMemo,customer&changedSince=2026-11-25T12:01:00-08:00"), "CDCResponse", 0, "QueryResponse")
	want(t, "invoices", ids(dig(list, 0, "Invoice")), "4 2 1")
	want(t, "the stub", dig(list, 0, "Invoice", -1), any(obj{
		"domain": "QBO", "status": "Deleted", "Id": "1", "MetaData": obj{"LastUpdatedTime": "2026-11-25T13:02:00-08:00"},
	}))
	want(t, "counts", []any{dig(list, 0, "startPosition"), dig(list, 0, "maxResults"), dig(list, 0, "totalCount")}, []any{1.0, 3.0, 3.0})
	want(t, "no credit memos", dig(list, 1), any(obj{}))
	want(t, "customer", dig(list, 2, "Customer", 0, "DisplayName"), any("Joe"))
	// The address' + is a space, as clients send it that don't encode it.
	for path, code := range map[string]string{
		"cdc?entities=Invoice&changedSince=2026-10-01T00:00:00-08:00": "4002010",
		"cdc?entities=Invoice&changedSince=soon":                      "4002010",
		"cdc?entities=Ship&changedSince=2026-11-25T12:01:00-08:00":    "4002010",
	} {
		status, answer := b.call(t, http.MethodGet, path, "", "")
		want(t, path, fmt.Sprint(status, faultCode(answer)), code)
	}
}

func TestCDCStopsAtAThousand(t *testing.T) {
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	for range 1005 {
		b.invoice(acme, "2026-10-01", "", 100)
	}
	list := dig(b.get(t, "cdc?entities=Invoice,Customer&changedSince=2026-11-25T11:00:00-08:00&startPosition=1001"), "CDCResponse", 0, "QueryResponse")
	rows, _ := dig(list, 0, "Invoice").([]any)
	want(t, "rows", len(rows), 1000)
	want(t, "no room for customers", dig(list, 1), any(obj{}))
}

func TestFalseDeletes(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	b.FalselyDelete(fakeqbo.Invoice, "2")
	rows := dig(b.get(t, "cdc?entities=Invoice&changedSince=2026-11-25T11:00:00-08:00"), "CDCResponse", 0, "QueryResponse", 0, "Invoice")
	want(t, "shown as deleted", []any{dig(rows, 2, "Id"), dig(rows, 2, "status")}, []any{"2", "Deleted"})
	want(t, "though it's there", dig(b.get(t, "invoice/2"), "Invoice", "Id"), any("2"))
}

func TestBooksTellOfChanges(t *testing.T) {
	t.Parallel()
	b := newBooks()
	var told []string
	b.OnChange = func(c fakeqbo.Change) { told = append(told, c.Operation+" "+c.Entity+" "+c.ID) }
	acme := b.customer("Acme")
	inv := b.invoice(acme, "2026-10-01", "", 1000)
	pay := b.pay(acme, 1000, onInvoice(inv, 1000))
	_ = b.Send(inv, "a@b.example")
	_ = b.Void(fakeqbo.Payment, pay)
	_ = b.Delete(fakeqbo.Invoice, inv)
	want(t, "told", told, []string{
		"Create Customer 1", "Create Invoice 1", "Create Payment 2", "Update Invoice 1", "Emailed Invoice 1",
		"Update Invoice 1", "Void Payment 2", "Delete Invoice 1",
	})
}

func TestCompanyInfoAndPreferences(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.Configure(func(s *fakeqbo.Settings) {
		s.Zone, s.HomeCurrency, s.MultiCurrency, s.CustomFields = "Europe/Berlin", "EUR", true, []string{"Sales Rep", "Project"}
	})
	b.SetRate("USD", "0.91")
	info := dig(b.get(t, "companyinfo/4620816365"), "CompanyInfo")
	want(t, "info", []any{dig(info, "CompanyName"), dig(info, "DefaultTimeZone")}, []any{"Harbour Supply", "Europe/Berlin"})
	want(t, "by query", dig(b.query(t, "select * from CompanyInfo"), "CompanyInfo", 0, "DefaultTimeZone"), any("Europe/Berlin"))
	prefs := dig(b.get(t, "preferences"), "Preferences")
	want(t, "currency", dig(prefs, "CurrencyPrefs"), any(obj{"MultiCurrencyEnabled": true, "HomeCurrency": obj{"value": "EUR"}}))
	want(t, "field", dig(prefs, "SalesFormsPrefs", "CustomField", 1, "CustomField", 1, "StringValue"), any("Project"))
	rate := dig(b.get(t, "exchangerate?sourcecurrencycode=USD&asofdate=2026-11-01"), "ExchangeRate")
	want(t, "rate", []any{dig(rate, "Rate"), dig(rate, "TargetCurrencyCode"), dig(rate, "AsOfDate")}, []any{0.91, "EUR", "2026-11-01"})
}
