package quickbooks

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	arsync "arbot/sync"
)

func golden(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parse(t testing.TB, text string) *report {
	t.Helper()
	var r report
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

func openItems(text string) ([]arsync.LedgerItem, error) {
	open := openList{home: "USD"}
	if err := json.Unmarshal([]byte(text), &open); err != nil {
		return nil, err
	}
	return open.list()
}

func TestNetARFromTheSummaryReport(t *testing.T) {
	t.Parallel()
	net, err := parse(t, golden(t, "aged-summary.json")).netAR("USD")
	if err != nil || net != ar.NewMoney(1_482_05, "USD") {
		t.Errorf("net %s, %v, want $1,482.05", net, err)
	}
	empty := `{"Header":{"Currency":"USD","Option":[{"Name":"NoReportData","Value":"true"}]},"Columns":{"Column":[]},"Rows":{}}`
	if net, err := parse(t, empty).netAR("USD"); err != nil || net != ar.NewMoney(0, "USD") {
		t.Errorf("a company that is owed nothing: %s, %v", net, err)
	}
}

// What cannot be understood is an error, never 0.
func TestAReportThatCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	good := golden(t, "aged-summary.json")
	for name, text := range map[string]string{
		"nothing":             `{}`,
		"no data, not said":   `{"Header":{"Currency":"USD"},"Rows":{}}`,
		"another currency":    strings.Replace(good, `"Currency": "USD"`, `"Currency": "EUR"`, 1),
		"a total that is off": strings.Replace(good, `"1482.05"`, `"1482.06"`, 1),
		"a row that is off":   strings.ReplaceAll(good, `"100.00"`, `"100.01"`),
		"no number":           strings.Replace(good, `"1482.05"`, `"n/a"`, 1),
		"flat rows":           `{"Header":{"Currency":"USD"},"Columns":{"Column":[{"ColType":"Money"}]},"Rows":{"Row":[{"customer":"x","total":"5.00"}]}}`,
		"no columns":          `{"Header":{"Currency":"USD"},"Rows":{"Row":[{"Header":{"ColData":[{"value":"x"}]}}]}}`,
		"no grand total":      `{"Header":{"Currency":"USD"},"Columns":{"Column":[{"ColType":"Customer"},{"ColType":"Money"}]},"Rows":{"Row":[{"ColData":[{"value":"x"},{"value":"5.00"}]}]}}`,
	} {
		if text == good {
			t.Fatalf("%s: nothing was changed", name)
		}
		if net, err := parse(t, text).netAR("USD"); !errors.Is(err, errReport) {
			t.Errorf("%s: %s, %v, want an error", name, net, err)
		}
	}
}

func TestItemsFromTheDetailReport(t *testing.T) {
	t.Parallel()
	items, err := openItems(golden(t, "aged-detail.json"))
	if err != nil {
		t.Fatal(err)
	}
	usd := func(minor int64) ar.Money { return ar.NewMoney(minor, "USD") }
	want := []arsync.LedgerItem{
		{Kind: ar.Invoice, Entry: "10", Label: "Invoice 1001", Customer: "1", Open: usd(1_200_00)},
		{Kind: ar.Journal, Entry: "30", Label: "Journal Entry JE1", Customer: "1", Open: usd(12_25)},
		{Kind: ar.CreditMemo, Entry: "20", Label: "Credit Memo with the id 20", Customer: "2", Open: usd(-30_00)},
		{Kind: ar.Journal, Entry: "deposit-40", Label: "Deposit with the id 40", Customer: "2", Open: usd(-40_00)},
		{Kind: "", Entry: "77", Else: []string{"deposit-77", "purchase-77", "refund-77"}, Label: "Statement Charge with the id 77", Customer: "2", Open: usd(5_00)},
		{Kind: ar.Payment, Entry: "50", Label: "Payment R50", Customer: "1", Open: usd(0)},
	}
	if diff := cmp.Diff(want, items, cmp.AllowUnexported(ar.Money{})); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

// Titles depend on the language and columns on the settings: only keys count.
func TestTheDetailReportInAnotherLanguage(t *testing.T) {
	t.Parallel()
	words := strings.NewReplacer(`"Invoice"`, `"Rechnung"`, `"Date"`, `"Datum"`, `"Transaction Type"`, `"Art"`, `"Open Balance"`, `"Offener Saldo"`,
		`"Current"`, `"Aktuell"`, `"TOTAL"`, `"GESAMT"`, `"ColType": "dept_name"`, `"ColType": "cust_msg"`)
	items, err := openItems(words.Replace(golden(t, "aged-detail.json")))
	if err != nil {
		t.Fatal(err)
	}
	if i := items[0]; i.Entry != "10" || i.Kind != "" || i.Label != "Rechnung 1001" || i.Open.Minor() != 120000 {
		t.Errorf("item %+v", i)
	}
	// Keys in the metadata, types that say little.
	keys := strings.NewReplacer(`"ColType": "subt_open_bal"`, `"ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "subt_open_bal"}]`,
		`"ColType": "txn_type"`, `"ColType": "String", "MetaData": [{"Name": "ColKey", "Value": "txn_type"}]`)
	if items, err = openItems(keys.Replace(golden(t, "aged-detail.json"))); err != nil || len(items) != 6 {
		t.Errorf("%d items, %v", len(items), err)
	}
	without := strings.Replace(golden(t, "aged-detail.json"), `"subt_open_bal"`, `"other"`, 1)
	if _, err := openItems(without); !errors.Is(err, errReport) {
		t.Errorf("without the column of open balances: %v", err)
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	b := someBooks()
	b.put(preferences, obj{"Id": "1", "CurrencyPrefs": obj{"HomeCurrency": ref("USD"), "MultiCurrencyEnabled": true}})
	b.now = b.now.Add(-2 * 3600e9) // 7:00 UTC-8 is still the 25th there
	_, r := full(t, b.source())
	if _, err := r.Totals(t.Context()); err == nil {
		t.Error("a report that fails gives totals")
	}
	b.reports["AgedReceivables"], b.reports["AgedReceivableDetail"] = golden(t, "aged-summary.json"), golden(t, "aged-detail.json")
	totals, err := r.Totals(t.Context())
	if err != nil || len(totals) != 1 {
		t.Fatalf("%d totals, %v", len(totals), err)
	}
	if got := totals[0]; got.AsOf != ar.NewDate(2026, 11, 25) || !got.Converted || got.Net.Minor() != 148205 {
		t.Errorf("total %+v", got)
	}
	items, err := totals[0].Items(t.Context())
	if err != nil || !slices.ContainsFunc(items, func(i arsync.LedgerItem) bool { return i.Entry == "deposit-40" }) {
		t.Errorf("items %+v, %v", items, err)
	}
	delete(b.reports, "AgedReceivableDetail")
	if _, err := totals[0].Items(t.Context()); err == nil {
		t.Error("a report that fails gives items")
	}
}

// No text makes the parser panic, and it believes a total only where the rows
// add up to it.
func FuzzReport(f *testing.F) {
	for _, name := range []string{"aged-summary.json", "aged-detail.json"} {
		var short bytes.Buffer // mutations of blanks find nothing
		if err := json.Compact(&short, []byte(golden(f, name))); err != nil {
			f.Fatal(err)
		}
		f.Add(short.String())
	}
	f.Add(`{"Header":{"Option":[{"Name":"NoReportData","Value":"true"}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var r report
		if json.Unmarshal([]byte(text), &r) != nil {
			return
		}
		if net, err := r.netAR("USD"); err == nil && net.Currency() != "USD" {
			t.Errorf("net %+v", net)
		}
		items, err := openItems(text)
		if err != nil || len(items) == 0 {
			return
		}
		columns, err := r.detailColumns()
		if err != nil {
			t.Fatalf("items without columns: %v", err)
		}
		sum := newReportSum(columns.open, "USD")
		for i := range r.Rows.Row {
			if err := sum.add(&r.Rows.Row[i]); err != nil {
				t.Fatalf("items of a report that cannot be read: %v", err)
			}
		}
		if _, err := sum.checked(); err != nil {
			t.Errorf("items of a report that does not add up: %v", err)
		}
	})
}

// Whatever QuickBooks sends, mapping it neither panics nor makes records that
// lack what they must have.
func FuzzMapping(f *testing.F) {
	b := someBooks()
	for _, e := range ledger {
		text, err := json.Marshal(obj{string(e): b.objects[e]})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"Invoice":[{"Id":"1","TxnDate":"2026-02-30","TotalAmt":1e3,"CustomerRef":null}],"Payment":[{"Id":"2","Line":[{"LinkedTxn":[{}]}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		got := &rows{}
		if tolerant(decode([]byte(text), got)) != nil {
			return
		}
		s := b.source(func(s *Settings) { s.BadDebtItems, s.OwnerField = []string{"x"}, "y" })
		fr, err := s.frameNow(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.newMapper(fr, true).page(t.Context(), got)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documentsOf(p) {
			if d.External == "" || d.Customer == "" || d.Date.IsZero() || !d.Amount.Currency().Known() || d.Status == "" {
				t.Errorf("document %+v", d)
			}
		}
		for _, e := range p.Entries {
			for _, a := range e.Applications {
				if a.To == (ar.Ref{}) || a.Amount.Sign() <= 0 || a.External == "" || a.Date.IsZero() {
					t.Errorf("application %+v", a)
				}
			}
		}
	})
}
