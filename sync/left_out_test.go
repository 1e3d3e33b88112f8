package arsync_test

import (
	"fmt"
	"slices"
	"testing"

	"arbot/store/storetest"
	arsync "arbot/sync"
)

// The books keep what was left out, since nobody reads the report of a run by the clock;
// what only this run could not do is no part of it.
func TestLeftOutOutlivesTheRun(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	l := acme()
	l.skipped = []string{"The invoice with the id 7\ncould not be read.", "The invoice with the id 7\ncould not be read.", " "}
	report := sync(t, newEngine(b), failingTotals{l}, arsync.Options{})
	if len(report.Warnings) != 3 {
		t.Errorf("the report lacks some of %q", report.Warnings)
	}
	want := []string{"The invoice with the id 7 could not be read."}
	if got := source(t, b).LeftOut; !slices.Equal(got, want) {
		t.Errorf("the books keep %q, want %q", got, want)
	}

	l.skipped = nil
	for n := range 60 {
		l.skipped = append(l.skipped, fmt.Sprintf("Row %d is odd.", n))
	}
	sync(t, newEngine(b), l, arsync.Options{Full: true})
	if got := source(t, b).LeftOut; len(got) != 51 || got[49] != "Row 49 is odd." || got[50] != "And 11 things more like these." {
		t.Errorf("of many the books keep %d, the last %q", len(got), got[len(got)-1])
	}

	l.skipped = nil
	sync(t, newEngine(b), l, arsync.Options{Full: true})
	if got := source(t, b).LeftOut; got != nil {
		t.Errorf("when all could be read, the books keep %q", got)
	}
}
