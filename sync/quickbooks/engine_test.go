package quickbooks

import (
	"errors"
	"testing"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

// The books that the engine keeps tie out with the ledger's own report after each
// sync, whatever happens in between and while it reads.
func TestTheBooksTieOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 51, 400)
	books := storetest.SQLite(t)
	engine := &arsync.Engine{Books: books, Now: w.clock.Now}
	sync := func(o arsync.Options) arsync.Report {
		o.TieOut = true
		report, err := engine.Sync(t.Context(), w.source, o)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	sync(arsync.Options{})
	for round := range 12 {
		w.BeforePage = func() { w.live(w.dice.IntN(3)) }
		w.hints = nil
		w.live(w.dice.IntN(12))
		if round%3 == 0 && len(w.hints) > 0 {
			if _, err := engine.Sync(t.Context(), w.source, arsync.Options{Named: w.hints}); err != nil {
				t.Fatal(err)
			}
		}
		sync(arsync.Options{})
		w.BeforePage = nil
		report := sync(arsync.Options{Full: round%5 == 4})
		if len(report.TieOuts) != 1 || !report.TieOuts[0].Ties() || report.TieOuts[0].Because != "" {
			t.Fatalf("round %d:\n%s", round, report)
		}
	}
	count := func(kind ar.RecordKind) (n int) {
		for after := ar.Key(""); ; {
			var keys []ar.Key
			err := books.Update(t.Context(), func(tx ar.Tx) (err error) {
				sources, err := tx.Sources(t.Context())
				if err == nil {
					keys, err = tx.Keys(t.Context(), sources[0].ID, kind, after, 1000)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			n += len(keys)
			if len(keys) < 1000 {
				return n
			}
			after = keys[len(keys)-1]
		}
	}
	if got, want := count(ar.CustomerRecords), len(w.IDs("Customer")); got != want {
		t.Errorf("the books have %d customers, QuickBooks %d", got, want)
	}
	if got, want := count(ar.ApplicationRecords), len(w.Settlements()); got != want {
		t.Errorf("the books have %d applications, QuickBooks %d", got, want)
	}
}

// A source that was never read as a whole is not read by hints.
func TestHintsBeforeTheFirstSync(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 52, 5)
	engine := &arsync.Engine{Books: storetest.SQLite(t), Now: w.clock.Now}
	_, err := engine.Sync(t.Context(), w.source, arsync.Options{Named: []arsync.Hint{{Entity: "Invoice", ID: "1"}}})
	if !errors.Is(err, arsync.ErrNotRead) {
		t.Errorf("a hint before the first sync: %v", err)
	}
}
