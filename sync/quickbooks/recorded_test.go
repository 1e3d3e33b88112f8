package quickbooks

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// recordedCompany is a company as QuickBooks once answered for it. It is not
// part of the project; the test skips without it.
const recordedCompany = "../../../shared/fixtures/quickbooks-online/plain"

func recorded(t *testing.T) *ledgerBooks {
	t.Helper()
	b := newBooks()
	for _, e := range []entity{customers, invoices, creditMemos, journalEntries, deposits, payments} {
		answered, err := os.ReadFile(filepath.Join(recordedCompany, "query-"+string(e)+".json"))
		if err != nil {
			t.Skipf("the recorded company is not here: %v", err)
		}
		var answer struct {
			QueryResponse map[string]json.RawMessage `json:"QueryResponse"`
		}
		var list []obj
		if err = json.Unmarshal(answered, &answer); err == nil {
			err = json.Unmarshal(answer.QueryResponse[string(e)], &list)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			b.put(e, o)
		}
	}
	return b
}

func TestTheRecordedCompany(t *testing.T) {
	t.Parallel()
	b := recorded(t)
	s := b.source()
	p, r := full(t, s)
	if len(r.Skipped()) != 0 || len(p.Customers) != 33 || len(p.Documents) != 40 {
		t.Fatalf("skipped %q, %d customers, %d invoices and credit memos", r.Skipped(), len(p.Customers), len(p.Documents))
	}
	v := newView().take(p)
	byKind := map[string]int64{}
	for key, open := range v.open(t) {
		kind, _, _ := strings.Cut(key, "/")
		byKind[kind] += open
	}
	if diff := cmp.Diff(map[string]int64{"invoice": 588152, "credit_memo": -20000, "payment": -40000}, byKind); diff != "" {
		t.Errorf("open by kind, net 5,281.52 (-want +got):\n%s", diff)
	}
	// Each invoice is open by what QuickBooks itself says.
	open := v.open(t)
	for _, o := range b.objects[invoices] {
		balance, err := money("Balance", number(jsonText(t, o["Balance"])), "USD")
		if key := "invoice/" + text(o["Id"]); err != nil || open[key] != balance.Minor() {
			t.Errorf("%s is open by %d, QuickBooks says %s, %v", key, open[key], balance, err)
		}
	}
	p, _ = changesOf(t, s, s.cursorAt(b.now.Add(-time.Hour).Format(time.RFC3339)))
	if diff := cmp.Diff(open, newView().take(p).open(t)); diff != "" {
		t.Errorf("by change data capture (-full +changes):\n%s", diff)
	}
	p, _ = full(t, s)
	if again := newView().take(p).open(t); !maps.Equal(open, again) {
		t.Errorf("a second reading differs: %s", cmp.Diff(open, again))
	}
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
