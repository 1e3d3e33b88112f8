package quickbooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"arbot/ar"
)

// wideInvoice is an invoice with about as much in it as real ones have (3 KB).
func wideInvoice(id int) obj {
	address := obj{
		"Id": "4", "Line1": "4581 Finch Street", "Line2": "Building 7", "City": "Bayshore", "CountrySubDivisionCode": "CA", "PostalCode": "94326",
		"Country": "USA", "Lat": "INVALID", "Long": "INVALID",
	}
	var lines []obj
	for i := range 4 {
		lines = append(lines, obj{
			"Id": strconv.Itoa(i + 1), "LineNum": i + 1, "Description": "Monthly service of the irrigation system", "Amount": 120.25,
			"DetailType": "SalesItemLineDetail", "CustomExtensions": []obj{}, "SalesItemLineDetail": obj{
				"ItemRef": obj{"value": "11", "name": "Landscaping:Pump"}, "ClassRef": obj{"value": "5000000000000003", "name": "Retail"},
				"UnitPrice": 120.25, "Qty": 1, "ItemAccountRef": obj{"value": "79", "name": "Sales of Product Income"}, "TaxCodeRef": ref("TAX"),
			},
		})
	}
	lines = append(lines, obj{"Amount": 481, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": obj{}})
	return obj{
		"Id": strconv.Itoa(id), "SyncToken": "3", "domain": "QBO", "sparse": false, "DocNumber": strconv.Itoa(100000 + id),
		"MetaData": obj{"CreateTime": "2026-09-01T10:00:00-07:00", "LastUpdatedTime": "2026-10-01T11:12:13-07:00", "LastModifiedByRef": ref("9341457021722234")},
		"TxnDate":  "2026-10-01", "DueDate": "2026-10-31", "CurrencyRef": obj{"value": "USD", "name": "United States Dollar"},
		"AllowIPNPayment": false, "AllowOnlinePayment": false, "AllowOnlineCreditCardPayment": true, "AllowOnlineACHPayment": true,
		"CustomField": []obj{{"DefinitionId": "1", "Name": "Sales Rep", "Type": "StringType", "StringValue": "dana@example.com"}, {"DefinitionId": "2", "Name": "Crew", "Type": "StringType"}},
		"LinkedTxn":   []obj{{"TxnId": strconv.Itoa(id + 1), "TxnType": "Payment"}}, "Line": lines, "TxnTaxDetail": obj{"TotalTax": 38.48, "TxnTaxCodeRef": ref("2")},
		"CustomerRef": obj{"value": strconv.Itoa(id%400 + 1), "name": "Alder Partners"}, "BillAddr": address, "ShipAddr": address, "ShipFromAddr": address,
		"FreeFormAddress": true, "SalesTermRef": obj{"value": "3", "name": "Net 30"}, "DepartmentRef": obj{"value": "1", "name": "East"},
		"TotalAmt": 519.48, "Balance": 519.48, "ApplyTaxAfterDiscount": false, "PrintStatus": "NeedToPrint", "EmailStatus": "EmailSent",
		"BillEmail": obj{"Address": "payables@example.com"}, "CustomerMemo": ref("Thank you for your business and have a great day!"),
		"DeliveryInfo": obj{"DeliveryType": "Email", "DeliveryTime": "2026-10-01T11:12:13-07:00"},
	}
}

func invoicePage(b testing.TB, n int, invoice func(i int) obj) []byte {
	b.Helper()
	list := make([]obj, n)
	for i := range list {
		list[i] = invoice(i)
	}
	text, err := json.Marshal(obj{"QueryResponse": obj{"Invoice": list, "startPosition": 1, "maxResults": n}, "time": "2026-11-25T09:00:00-08:00"})
	if err != nil {
		b.Fatal(err)
	}
	return text
}

// BenchmarkPage holds our own work on a page of 1000 invoices against decoding
// the same answer with encoding/json alone.
func BenchmarkPage(b *testing.B) {
	text := invoicePage(b, pageSize, wideInvoice)
	s := newBooks().source(func(s *Settings) { s.OwnerField, s.AppURL = "Sales Rep", "https://qbo.example/app" })
	f, err := s.frameNow(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			var answer struct {
				QueryResponse rows   `json:"QueryResponse"`
				Time          string `json:"time"`
			}
			if err := decode(text, &answer); err != nil {
				b.Fatal(err)
			}
			r := &fullReading{mapper: s.newMapper(f, true), seen: map[entity]*versions{}}
			p, err := r.page(b.Context(), r.unseen(&answer.QueryResponse))
			if err != nil || len(p.Documents) != pageSize {
				b.Fatal(len(p.Documents), err)
			}
		}
	})
	for name, into := range map[string]func() any{
		"encoding_json/our_fields": func() any { return &struct{ QueryResponse struct{ Invoice []form } }{} },
		"encoding_json/any":        func() any { return new(any) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := json.Unmarshal(text, into()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// endless answers with pages of invoices that it makes when it is asked, up to a
// number, and keeps none of them.
type endless struct {
	caller
	// Pages with the ids i0 to i999: wide ones first, then such as are soon read.
	wide, narrow []byte
	total        int
}

func (e endless) get(ctx context.Context, path string, query url.Values, into any) error {
	what := query.Get("query")
	if !strings.Contains(what, "from Invoice") {
		return e.caller.get(ctx, path, query, into)
	}
	var start, n int
	_, what, _ = strings.Cut(what, "startposition ")
	if _, err := fmt.Sscanf(what, "%d maxresults %d", &start, &n); err != nil {
		return err
	}
	if start > e.total {
		return json.Unmarshal([]byte(`{"QueryResponse":{}}`), into)
	}
	text := e.narrow
	if start < 10*pageSize {
		text = e.wide
	}
	page := strings.ReplaceAll(string(text), `"Id":"i`, `"Id":"`+strconv.Itoa(start/pageSize)+"-")
	return decode([]byte(page), into)
}

// heapAbove reads 100,000 invoices and returns the most heap that was in use
// above what was before, garbage included.
func heapAbove(t testing.TB) (most uint64, documents int) {
	t.Helper()
	b := newBooks()
	endless := endless{
		caller: b, total: 100_000,
		wide:   bytes.ReplaceAll(invoicePage(t, pageSize, wideInvoice), []byte(`"Id":"`), []byte(`"Id":"i`)),
		narrow: invoicePage(t, pageSize, func(i int) obj { return bill(fmt.Sprintf("i%d", i), "1", 12.5) }),
	}
	s := newSource(ar.Connection{Company: "1", Home: "USD"}, endless, Settings{Now: func() time.Time { return b.now }})
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	r, err := s.Full(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for p, err := range r.Pages {
		if err != nil {
			t.Fatal(err)
		}
		documents += len(p.Documents)
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc-min(before, m.HeapAlloc))
	}
	return most, documents
}

// The books go through in pages: nothing is kept but ids.
func TestMemoryOfAFullReading(t *testing.T) { //nolint:paralleltest // it measures the heap, which it shares
	if testing.Short() {
		t.Skip("reads 100,000 invoices")
	}
	most, documents := heapAbove(t)
	t.Logf("%d documents, %d MB of heap", documents, most>>20)
	if documents != 100_000 || most > 64<<20 {
		t.Errorf("%d documents took %d MB, want 64 at most", documents, most>>20)
	}
}
