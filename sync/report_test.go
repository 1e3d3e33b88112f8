package arsync_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

func TestReportText(t *testing.T) {
	t.Parallel()
	usd, day := storetest.USD, storetest.Day
	reports := map[string]arsync.Report{
		"Acme: 12,345 records read in 1.5 s: 12,000 added, 300 changed, 5 removed, 40 unchanged.\n" +
			"The run before this one was cut off; everything was read again.\n" +
			"1 settlement concluded from balances, since the file holds no payments.\n" +
			"Ties with the ledger as of 2026-11-25: $60.00.\n" +
			"Does not tie as of 2026-11-24: the ledger says $61.00, we say $60.00, a difference of -$1.00.\n" +
			"1 customer got another sales owner.\n" +
			"2 customers without a sales owner: add an owner rule to the config.\n" +
			"Warning: Invoice 7 is odd.": {
			Records: 12345, Took: 1500 * time.Millisecond, RunCounts: ar.RunCounts{Added: 12000, Changed: 300, Removed: 5, Unchanged: 40},
			Resumed: true, Inferred: 1, OwnersChanged: 1, Unowned: 2, Warnings: []string{"Invoice 7 is odd."},
			TieOuts: []ar.TieOut{
				{AsOf: day("2026-11-25"), Ledger: usd("60.00"), Ours: usd("60.00")},
				{AsOf: day("2026-11-24"), Ledger: usd("61.00"), Ours: usd("60.00")},
			},
		},
		"Acme: 7 records read in 0.0 s, nothing changed.": {Records: 7, RunCounts: ar.RunCounts{Unchanged: 7}},
		"Acme: nothing new since the last import.":        {NothingNew: true},
	}
	for want, report := range reports {
		report.Source.Name = "Acme"
		if diff := cmp.Diff(want, report.String()); diff != "" {
			t.Errorf("text (-want +got):\n%s", diff)
		}
	}
}
