package fakeqbo_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"arbot/internal/fakeqbo"
)

// threeInvoices has invoices 1 (10.00, open), 2 (20.00, paid) and 4 (30.00, open),
// changed in the order 1, 4, 2.
func threeInvoices() *books {
	b := newBooks()
	joe := b.customer("Joe's Auto")
	b.invoice(joe, "2026-10-01", "2026-10-31", 1000)
	two := b.invoice(joe, "2026-10-02", "2026-11-01", 2000)
	_ = must(b.AddCreditMemo(fakeqbo.Sale{Customer: joe, Date: "2026-10-02", Amount: 500}))
	b.pass(time.Minute)
	b.invoice(joe, "2026-10-03", "2026-11-02", 3000)
	b.pass(time.Minute)
	b.pay(joe, 2000, onInvoice(two, 2000))
	return b
}

func TestQuery(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	for query, wanted := range map[string]string{
		"select * from Invoice":                                                                                               "2 4 1",
		"SELECT * FROM INVOICE ORDERBY id":                                                                                    "1 2 4",
		"select Id from invoice order by Id desc":                                                                             "4 2 1",
		"select * from Invoice where Balance > '0' orderby Id":                                                                "1 4",
		"select * from Invoice where Balance = 0":                                                                             "2",
		"select * from Invoice where Id in ('1', '4', '9') orderby Id":                                                        "1 4",
		"select * from Invoice where TxnDate >= '2026-10-02' and TotalAmt < '30' orderby Id":                                  "2",
		"select * from Invoice where TxnDate <= '2026-10-02' orderby TxnDate desc, Id asc":                                    "2 1",
		"select * from Invoice where DocNumber like '%2' orderby Id":                                                          "2",
		"select * from Invoice orderby Id startposition 2 maxresults 1":                                                       "2",
		"select * from Invoice orderby Id maxresults 2 startposition 3":                                                       "4",
		"select * from Invoice startposition 4 maxresults 1000":                                                               "",
		"select * from Invoice where MetaData.LastUpdatedTime > '2026-11-25T20:00:30+00:00' orderby MetaData.LastUpdatedTime": "4 2",
		"select * from Invoice where MetaData.LastUpdatedTime > '2026-11-25T12:01:30-08:00' orderby Id":                       "2",
		"select * from Invoice where MetaData.LastUpdatedTime > '2026-11-25T12:01:30' orderby Id":                             "2",
		"select * from Invoice where CustomerRef = '1' and Balance > '0' orderby Balance desc":                                "4 1",
	} {
		got := b.query(t, query)
		want(t, query, ids(got["Invoice"]), wanted)
		if wanted == "" {
			want(t, query, got, map[string]any{})
		}
	}
}

func TestQueryOfNames(t *testing.T) { // X08
	t.Parallel()
	b := threeInvoices()
	b.customer("Ann & Sons")
	gone := b.customer("Zoe")
	_ = b.Deactivate(gone)
	for query, wanted := range map[string]string{
		`select * from customer where DisplayName = 'Joe\'s Auto'`:         "1",
		`select * from Customer where DisplayName LIKE '%\'s%'`:            "1",
		`select * from Customer where DisplayName = 'Ann & Sons'`:          "2",
		`select * from Customer`:                                           "2 1",
		`select * from Customer where Active in (true, false) orderby Id`:  "1 2 3",
		`select * from Customer where Active = false`:                      "3",
		`select Id, DisplayName from Customer where Id = '1'`:              "1",
		`select * from Customer where Balance > '30' and Active IN (true)`: "1",
	} {
		want(t, query, ids(b.query(t, query)["Customer"]), wanted)
	}
	want(t, "terms", ids(b.query(t, "select * from Term")["Term"]), "1 2 3 4")
}

func TestQueryRefused(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	for query, wanted := range map[string]string{
		"":                            "400 4000",
		"select from Invoice":         "400 4000",
		"delete * from Invoice":       "400 4000",
		"select * from Invoice where": "400 4000",
		"select * from Invoice where Id = '1' or Id = '2'":         "400 4000",
		`select * from Customer where DisplayName = 'Joe''s Auto'`: "400 4000",
		"select * from Customer where DisplayName = 'Joe’s Auto'":  "400 4000",
		"select * from Customer where DisplayName = 'a – b'":       "400 4000",
		"select * from Customer where DisplayName = 'open":         "400 4000",
		"select * from Invoice where Balance != '0'":               "400 4000",
		"select * from Spaceship":                                  "400 4001",
		"select * from Invoice where Nothing = '1'":                "400 4001",
		"select * from Invoice orderby Line":                       "400 4001",
		"select * from Payment where UnappliedAmt > '0'":           "400 4001",
		"select * from Invoice where TxnDate > 'yesterday'":        "400 4001",
		"select * from Invoice startposition 0":                    "400 4001",
		"select * from Invoice maxresults 1001":                    "400 4001",
		"select * from Invoice startposition x":                    "400 4000",
		"select * from Invoice maxresults 10 now":                  "400 4000",
	} {
		want(t, query, b.refusal(t, query), wanted)
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	want(t, "all", b.query(t, "select count(*) from Invoice"), map[string]any{"totalCount": 3.0})
	want(t, "some", b.query(t, "SELECT COUNT(*) FROM invoice WHERE Balance > '0'"), map[string]any{"totalCount": 2.0})
}

func TestQueryInABody(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	for _, kind := range []string{"application/text", "text/plain"} {
		status, answer := b.call(t, http.MethodPost, "query", kind, "SELECT * FROM Payment STARTPOSITION 1 MAXRESULTS 100")
		want(t, kind, fmt.Sprint(status, " ", ids(dig(answer, "QueryResponse", "Payment"))), "200 5")
	}
}

func TestPages(t *testing.T) { // SY-03
	t.Parallel()
	b := newBooks()
	acme := b.customer("Acme")
	for range 1000 {
		b.invoice(acme, "2026-10-01", "", 100)
	}
	rows := func(query string) int {
		list, _ := b.query(t, query)["Invoice"].([]any)
		return len(list)
	}
	want(t, "by default", rows("select * from Invoice"), 100)
	want(t, "a full page", rows("select * from Invoice orderby Id startposition 1 maxresults 1000"), 1000)
	want(t, "after it", b.query(t, "select * from Invoice orderby Id startposition 1001 maxresults 1000"), map[string]any{})
	b.Configure(func(s *fakeqbo.Settings) { s.ExtraRow = true })
	want(t, "with the quirk", rows("select * from Invoice"), 101)
	want(t, "stated", b.query(t, "select * from Invoice")["maxResults"], any(101.0))
}

func TestPoison(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	b.WritePoison(fakeqbo.Invoice, "2")
	want(t, "the page", b.refusal(t, "select * from Invoice orderby Id"), "400 4002")
	want(t, "the record", b.refusal(t, "select * from Invoice where Id = '2'"), "400 4002")
	want(t, "a count", b.query(t, "select count(*) from Invoice")["totalCount"], any(3.0))
	want(t, "a page beside it", ids(b.query(t, "select * from Invoice orderby Id startposition 3 maxresults 1")["Invoice"]), "4")
	want(t, "a read by id", dig(b.get(t, "invoice/2"), "Invoice", "Id"), any("2"))
	const changes = "cdc?entities=Customer,Invoice&changedSince=2026-11-20T00:00:00-08:00"
	_, refused := b.call(t, http.MethodGet, changes, "", "")
	want(t, "the changes", dig(refused, "Fault", "Error", 0, "code"), any("4002"))
	b.CurePoison(fakeqbo.Invoice, "2")
	b.get(t, changes)
	want(t, "cured", ids(b.query(t, "select * from Invoice orderby Id")["Invoice"]), "1 2 4")
}

func TestBooksChangeBetweenPages(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	pages := 0
	b.BeforePage = func() {
		if pages++; pages == 2 {
			_ = b.Delete(fakeqbo.Invoice, "1")
		}
	}
	first := ids(b.query(t, "select * from Invoice orderby Id startposition 1 maxresults 2")["Invoice"])
	second := ids(b.query(t, "select * from Invoice orderby Id startposition 3 maxresults 2")["Invoice"])
	want(t, "what a client sees", first+"|"+second, "1 2|")
}

// The order of a list follows the books at once.
func TestOrderFollowsChanges(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	const query = "select * from Invoice orderby TotalAmt desc"
	want(t, "before", ids(b.query(t, query)["Invoice"]), "4 2 1")
	_ = b.EditAmount(fakeqbo.Invoice, "1", 9000)
	want(t, "after an edit", ids(b.query(t, query)["Invoice"]), "1 4 2")
	_ = b.Delete(fakeqbo.Invoice, "4")
	want(t, "after a deletion", ids(b.query(t, query)["Invoice"]), "1 2")
	raw := []byte(`{"Id":"40","SyncToken":"0","CustomerRef":{"value":"1"},"TotalAmt":50,"Balance":50,"TxnDate":"2026-11-01"}`)
	if err := b.Load(fakeqbo.Invoice, raw); err != nil {
		t.Fatal(err)
	}
	want(t, "after a load", ids(b.query(t, query)["Invoice"]), "1 40 2")
	_ = b.Deactivate(b.customer("Zoe"))
	b.customer("Al")
	want(t, "names", ids(b.query(t, "select * from Customer")["Customer"]), "3 1")
}

func TestAnswersLookRecorded(t *testing.T) {
	t.Parallel()
	b := threeInvoices()
	answer := b.get(t, "query?query="+url.QueryEscape("select * from Invoice where Id = '1'"))
	want(t, "time", answer["time"], any("2026-11-25T12:02:00.000-08:00"))
	inv := dig(answer, "QueryResponse", "Invoice", 0)
	want(t, "invoice", inv, any(map[string]any{
		"AllowIPNPayment": false, "AllowOnlinePayment": false, "domain": "QBO", "sparse": false, "Id": "1", "SyncToken": "0",
		"MetaData":    map[string]any{"CreateTime": "2026-11-25T12:00:00-08:00", "LastUpdatedTime": "2026-11-25T12:00:00-08:00"},
		"CustomField": []any{}, "DocNumber": "1001", "TxnDate": "2026-10-01", "LinkedTxn": []any{},
		"CurrencyRef": map[string]any{"value": "USD", "name": "United States Dollar"},
		"Line": []any{
			map[string]any{
				"Id": "1", "LineNum": 1.0, "Amount": 10.0, "DetailType": "SalesItemLineDetail",
				"SalesItemLineDetail": map[string]any{
					"ItemRef": map[string]any{"value": "1", "name": "Services"}, "UnitPrice": 10.0, "Qty": 1.0,
					"ItemAccountRef": map[string]any{"value": "79", "name": "Sales of Product Income"},
					"TaxCodeRef":     map[string]any{"value": "NON"},
				},
			},
			map[string]any{"Amount": 10.0, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": map[string]any{}},
		},
		"CustomerRef": map[string]any{"value": "1", "name": "Joe's Auto"}, "DueDate": "2026-10-31", "TotalAmt": 10.0,
		"EmailStatus": "NotSet", "Balance": 10.0,
	}))
	_, raw := b.call(t, http.MethodGet, "creditmemo/3", "", "")
	want(t, "credit memo", []any{dig(raw, "CreditMemo", "RemainingCredit"), dig(raw, "CreditMemo", "Balance")}, []any{5.0, 5.0})
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"select * from Invoice where Id in ('1') orderby Id desc startposition 1 maxresults 10",
		`select count(*) from Customer where DisplayName like '%\'%'`, "select", "'", "select * from Term where Active = true;",
	} {
		f.Add(seed)
	}
	b := threeInvoices()
	f.Fuzz(func(t *testing.T, text string) {
		body, err := b.Query(text)
		if err == nil && !strings.HasPrefix(string(body), "{") {
			t.Errorf("answered %q", body)
		}
	})
}
