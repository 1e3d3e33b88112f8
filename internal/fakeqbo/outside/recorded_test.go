package outside_test

import (
	"os"
	"path/filepath"
	"testing"

	"arbot/internal/fakeqbo"
	"arbot/internal/needs"
)

// TestRecordedCompany: a company that was recorded from QuickBooks itself is the same
// to a client when fakeqbo serves it.
func TestRecordedCompany(t *testing.T) {
	t.Parallel()
	dir := needs.SharedData(t, "fixtures/quickbooks-online/plain")
	s, c := start(t)
	for _, entity := range []string{"Customer", "Invoice", "CreditMemo", "JournalEntry", "Deposit", "Payment"} {
		raw, err := os.ReadFile(filepath.Join(dir, "query-"+entity+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Load(entity, raw); err != nil {
			t.Fatal(err)
		}
	}
	run(t, s, "recorded.mjs")
	truth := c.Truth("")
	sums := map[string]int64{}
	for _, item := range truth.Items {
		sums[item.Entity] += item.Open
	}
	for entity, want := range map[string]int64{fakeqbo.Invoice: 5881_52, fakeqbo.CreditMemo: -200_00, fakeqbo.Payment: -400_00} {
		if sums[entity] != want {
			t.Errorf("open %s: %d, want %d", entity, sums[entity], want)
		}
	}
	if truth.Home != 5281_52 {
		t.Errorf("net A/R %d, want 5281.52", truth.Home)
	}
}
