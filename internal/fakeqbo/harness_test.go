package fakeqbo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/internal/fakeqbo"
)

// wall is a clock that a test sets.
type wall struct {
	mu sync.Mutex
	at time.Time
}

func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *wall) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// tester is a test of the standard library or of rapid.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
	Context() context.Context
}

// books is a company with what tests ask of it.
type books struct {
	*fakeqbo.Company
	*wall
}

// newBooks makes a company at noon of 25 November 2026 in Los Angeles.
func newBooks() *books {
	w := &wall{at: time.Date(2026, time.November, 25, 20, 0, 0, 0, time.UTC)}
	return &books{fakeqbo.NewCompany("4620816365", "Harbour Supply", w.now), w}
}

// must is for calls that a test doesn't expect to be refused.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (b *books) customer(name string) string { return must(b.AddCustomer(fakeqbo.Person{Name: name})) }

func (b *books) invoice(customer, date, due string, amount int64) string {
	return must(b.AddInvoice(fakeqbo.Sale{Customer: customer, Date: date, Due: due, Amount: amount}))
}

func (b *books) pay(customer string, amount int64, on ...fakeqbo.Part) string {
	return must(b.Pay(fakeqbo.Receipt{Customer: customer, Amount: amount, On: on}))
}

func onInvoice(id string, amount int64) fakeqbo.Part {
	return fakeqbo.Part{Entity: fakeqbo.Invoice, ID: id, Amount: amount}
}

// call asks the company over HTTP.
func (b *books) call(t tester, method, path, contentType, body string) (status int, answer map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/v3/company/4620816365/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
	}
	return w.Code, answer
}

// get asks for something that must be there.
func (b *books) get(t tester, path string) map[string]any {
	t.Helper()
	status, answer := b.call(t, http.MethodGet, path, "", "")
	if status != http.StatusOK {
		t.Fatalf("GET %s: %d %v", path, status, answer)
	}
	return answer
}

func (b *books) post(t tester, path string, body any) (status int, answer map[string]any) {
	t.Helper()
	return b.call(t, http.MethodPost, path, "application/json", string(must(json.Marshal(body))))
}

// query gives the QueryResponse.
func (b *books) query(t tester, text string) map[string]any {
	t.Helper()
	answer, ok := dig(b.get(t, "query?query="+url.QueryEscape(text)), "QueryResponse").(map[string]any)
	if !ok {
		t.Fatalf("%s: there is no QueryResponse", text)
	}
	return answer
}

// refusal gives the status and the code that a query is refused with.
func (b *books) refusal(t tester, text string) string {
	t.Helper()
	status, answer := b.call(t, http.MethodGet, "query?query="+url.QueryEscape(text), "", "")
	return fmt.Sprint(status, " ", faultCode(answer))
}

func faultCode(answer any) any {
	errs, ok := dig(answer, "Fault", "Error").([]any)
	if !ok {
		return nil
	}
	return dig(errs[0], "code")
}

// dig walks into an answer by keys and indexes; nil where there is nothing.
func dig(v any, path ...any) any {
	for _, p := range path {
		switch key := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[key]
		case int:
			list, _ := v.([]any)
			if key < 0 {
				key += len(list)
			}
			if key < 0 || key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}

func ids(rows any) string {
	var list []string
	all, _ := rows.([]any)
	for _, r := range all {
		list = append(list, fmt.Sprint(dig(r, "Id")))
	}
	return strings.Join(list, " ")
}

func want(t tester, what string, got, wanted any) {
	t.Helper()
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// serve answers a request that must succeed, and reads nothing of it.
func (b *books) serve(t testing.TB, path string) {
	t.Helper()
	w := httptest.NewRecorder()
	path = strings.ReplaceAll(strings.ReplaceAll(path, ">", "%3E"), "'", "%27")
	b.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v3/company/4620816365/"+path, http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
}

// consistent holds the three ways to add the books up against each other.
func consistent(t tester, b *books) {
	t.Helper()
	truth := b.Truth("")
	sums := map[string]int64{}
	for _, it := range truth.Items {
		sums[it.Customer] += it.Open
	}
	for id, balance := range truth.Balances {
		if sums[id] != balance {
			t.Fatalf("customer %s: open items come to %d, the balance is %d", id, sums[id], balance)
		}
		delete(sums, id)
	}
	for id := range sums {
		t.Fatalf("customer %s has open items and isn't there", id)
	}
	want(t, "report's grand total", reportTotal(t, b, "AgedReceivables", b.Today()), cents(b.Truth(b.Today()).Home))
	want(t, "detail's grand total", reportTotal(t, b, "AgedReceivableDetail", b.Today()), cents(b.Truth(b.Today()).Home))
}

func cents(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// reportTotal is the last figure of a report.
func reportTotal(t tester, b *books, report, date string) string {
	t.Helper()
	rows := dig(b.get(t, "reports/"+report+"?report_date="+date), "Rows", "Row")
	total, ok := dig(rows, -1, "Summary", "ColData", -1, "value").(string)
	if !ok {
		return "0.00"
	}
	return total
}

// balanced holds each document's stated balance against its total and settlements.
func balanced(t tester, b *books) {
	t.Helper()
	settled := map[string]int64{}
	for _, s := range b.Settlements() {
		settled[s.FromEntity+s.From] += s.Amount
		settled[s.ToEntity+s.To] += s.Amount
		if s.Amount <= 0 {
			t.Fatalf("a settlement of %d: %+v", s.Amount, s)
		}
	}
	for entity, open := range map[string]string{
		fakeqbo.Invoice: "Balance", fakeqbo.CreditMemo: "RemainingCredit", fakeqbo.Payment: "UnappliedAmt",
	} {
		for _, id := range b.IDs(entity) {
			var doc map[string]any
			if err := json.Unmarshal(b.Document(entity, id), &doc); err != nil {
				t.Fatal(err)
			}
			total, left := minor(doc["TotalAmt"]), minor(doc[open])
			if left < 0 || total-settled[entity+id] != left {
				t.Fatalf("%s %s: total %d, settled %d, open %d", entity, id, total, settled[entity+id], left)
			}
		}
	}
}

func minor(v any) int64 {
	f, _ := v.(float64)
	return int64(f*100 + 0.5)
}
