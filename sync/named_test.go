package arsync_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
	arsync "arbot/sync"
)

func TestNamedRecordsOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		l := acme()
		hints := []arsync.Hint{{Entity: "Invoice", ID: "2", Operation: "Update"}}
		named := arsync.Options{Named: hints, TieOut: true}
		var asked []arsync.Hint
		l.named = func(h []arsync.Hint) (*arsync.Reading, error) {
			asked = h
			part := ledger{list: true, pages: []ar.Page{{Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "2", "C2", "2026-11-01", "2026-12-01", "55.00"),
			}}}, totals: []arsync.Total{{AsOf: storetest.Day("2026-11-25"), Net: storetest.USD("1.00")}}}
			return part.reading(), nil
		}
		if _, err := e.Sync(t.Context(), fetching{l}, named); !errors.Is(err, arsync.ErrNotRead) || ar.KindOf(err) != ar.Unavailable {
			t.Errorf("before the first sync: %v, want ErrNotRead", err)
		}
		sync(t, e, fetching{l}, arsync.Options{})
		before := source(t, b)

		b.Clock.Add(time.Hour)
		wantCounts(t, sync(t, e, fetching{l}, named), ar.RunCounts{Changed: 1})
		if diff := cmp.Diff(hints, asked); diff != "" {
			t.Errorf("asked for (-want +got):\n%s", diff)
		}
		wantOpen(t, b, "2026-11-25", "1 60.00", "2 55.00")
		after := source(t, b)
		if after.Run.Full || !after.Run.Finished.Equal(b.Clock.Now()) {
			t.Errorf("run %+v", after.Run)
		}
		after.Run = before.Run
		if diff := cmp.Diff(before, after, values); diff != "" {
			t.Errorf("the source after it (-before +after):\n%s", diff)
		}

		// It must not cut off a run that another process may be at.
		b.Write(t, func(tx ar.Tx) error {
			_, err := tx.StartRun(t.Context(), ar.Run{Source: before.ID})
			return err
		})
		if _, err := e.Sync(t.Context(), fetching{l}, named); !errors.Is(err, arsync.ErrRunning) {
			t.Errorf("while it is read: %v, want ErrRunning", err)
		}
		if _, err := newEngine(b).Sync(t.Context(), l, arsync.Options{}); err != nil {
			t.Error(err)
		}
		if _, err := e.Sync(t.Context(), l, named); err == nil {
			t.Error("a source that reads no single records was asked for some")
		}
	})
}

func TestHealthIsWrittenDown(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		e := newEngine(b)
		sync(t, e, acme(), arsync.Options{})
		until := b.Clock.Now().Add(time.Hour)
		troubled := acme()
		troubled.cursor = "2"
		troubled.breaks = &arsync.TroubleError{Health: ar.Health{State: ar.Paused, Why: "QuickBooks has no quota left.", Until: until}, Err: errors.New("429")}
		if _, err := e.Sync(t.Context(), troubled, arsync.Options{}); !errors.Is(err, troubled.breaks) {
			t.Errorf("%v, want the source's own error", err)
		}
		began := b.Clock.Now()
		want := ar.Health{State: ar.Paused, Why: "QuickBooks has no quota left.", Since: began, Until: until}
		if s := source(t, b); s.Health != want || s.Run.Fault != want.Why {
			t.Errorf("health %+v, fault %q; want %+v", s.Health, s.Run.Fault, want)
		}
		if f := ar.NewFreshness([]ar.Source{source(t, b)}); len(f.Troubled) != 1 {
			t.Errorf("%d troubled sources, want 1", len(f.Troubled))
		}

		// Neither another fault nor being stopped says anything about the ledger.
		b.Clock.Add(time.Minute)
		other := acme()
		other.cursor, other.breaks = "2", errors.New("disk full")
		if _, err := e.Sync(t.Context(), other, arsync.Options{}); err == nil {
			t.Error("no error")
		}
		ctx, cancel := context.WithCancel(t.Context())
		stopped := acme()
		stopped.cursor, stopped.breaks = "2", &arsync.TroubleError{Health: ar.Health{State: ar.Delayed, Why: "Slow."}, Err: context.Canceled}
		stopped.onPage = func(n int) {
			if n == 1 {
				cancel()
			}
		}
		if _, err := e.Sync(ctx, stopped, arsync.Options{}); err == nil {
			t.Error("no error")
		}
		if s := source(t, b); s.Health != want {
			t.Errorf("health %+v, want %+v still", s.Health, want)
		}
		sync(t, e, acme(), arsync.Options{Full: true})
		if s := source(t, b); s.Health != (ar.Health{}) {
			t.Errorf("health after a good run: %+v", s.Health)
		}
		b.Write(t, func(tx ar.Tx) error { return tx.SetHealth(t.Context(), source(t, b).ID, want) })
		if report := sync(t, e, acme(), arsync.Options{}); !report.NothingNew {
			t.Errorf("%+v, want nothing new", report)
		}
		if s := source(t, b); s.Health != (ar.Health{}) {
			t.Errorf("health after an answer without news: %+v", s.Health)
		}
	})
}
