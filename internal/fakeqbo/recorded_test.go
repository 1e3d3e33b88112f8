package fakeqbo_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"arbot/internal/fakeqbo"
)

// recorded loads the recorded company, where the recordings are at hand.
func recorded(t *testing.T) *books {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "fixtures", "quickbooks-online", "plain")
	b := newBooks()
	for _, entity := range []string{"Payment", "Customer", "Invoice", "CreditMemo", "JournalEntry", "Deposit"} {
		raw, err := os.ReadFile(filepath.Join(dir, "query-"+entity+".json"))
		if err != nil {
			t.Skip("the recordings are not here")
		}
		if err := b.Load(entity, raw); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func TestRecordedCompany(t *testing.T) {
	t.Parallel()
	b := recorded(t)
	sums := map[string]int64{}
	for _, it := range b.OpenItems("") {
		sums[it.Entity] += it.Open
	}
	want(t, "open", sums, map[string]int64{"Invoice": 588152, "CreditMemo": -20000, "Payment": -40000})
	want(t, "invoices", len(b.IDs(fakeqbo.Invoice)), 37)
	want(t, "net", b.Truth("").Home, int64(528152))
	for _, report := range []string{"AgedReceivables", "AgedReceivableDetail"} {
		want(t, report, reportTotal(t, b, report, "2026-11-25"), "5281.52")
	}
	// On that day there were no unapplied payments, and the credit memo of 100.00 that is
	// set against invoice 71, which was given a later date, was not there.
	want(t, "a month before", reportTotal(t, b, "AgedReceivables", "2026-04-08"), "5981.52")
	var balances int64
	for _, n := range b.Truth("").Balances {
		balances += n
	}
	want(t, "customers' balances as recorded", balances, int64(568152))
	b.Recount()
	consistent(t, b)
}

// Records are served as they were recorded, but for what the books compute or leave
// out.
func TestRecordedComesBack(t *testing.T) {
	t.Parallel()
	b := recorded(t)
	dir := filepath.Join("..", "..", "..", "shared", "fixtures", "quickbooks-online", "plain")
	for _, entity := range []string{"Invoice", "CreditMemo", "Payment", "JournalEntry", "Deposit", "Customer"} {
		var file struct {
			QueryResponse map[string]json.RawMessage `json:"QueryResponse"`
		}
		var docs []map[string]any
		raw, err := os.ReadFile(filepath.Join(dir, "query-"+entity+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &file); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(file.QueryResponse[entity], &docs); err != nil {
			t.Fatal(err)
		}
		for _, doc := range docs {
			sameRecord(t, b, entity, doc)
		}
	}
}

func sameRecord(t *testing.T, b *books, entity string, doc map[string]any) {
	t.Helper()
	id, _ := doc["Id"].(string)
	var got map[string]any
	if err := json.Unmarshal(b.Document(entity, id), &got); err != nil {
		t.Fatal(err)
	}
	ignored := map[string]bool{
		"MetaData": true, "DeliveryInfo": true, "CustomerRef": true, "DepositToAccountRef": true,
		"SalesTermRef": true, "BalanceWithJobs": true, "ParentRef": true, "Taxable": true,
		"Line": entity != fakeqbo.Payment && entity != fakeqbo.JournalEntry,
	}
	for key, value := range doc {
		if !ignored[key] {
			want(t, entity+" "+id+" "+key, got[key], value)
		}
	}
}

func TestRecordedCompanyLives(t *testing.T) {
	t.Parallel()
	b := recorded(t)
	b.Recount()
	if err := b.Delete(fakeqbo.Payment, "74"); err != nil { // a credit of 100.00 set against invoice 71
		t.Fatal(err)
	}
	want(t, "invoice", dig(b.get(t, "invoice/71"), "Invoice", "Balance"), any(100.0))
	want(t, "credit memo", dig(b.get(t, "creditmemo/73"), "CreditMemo", "Balance"), any(100.0))
	_, answer := b.post(t, "invoice", obj{"sparse": true, "Id": "130", "SyncToken": dig(b.get(t, "invoice/130"), "Invoice", "SyncToken"), "PrivateNote": "n"})
	want(t, "an update keeps the total", dig(answer, "Invoice", "TotalAmt"), any(362.07))
	consistent(t, b)
}
