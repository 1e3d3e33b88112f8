package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"arbot/ar"
	"arbot/store"
	"arbot/store/storetest"
)

func TestViewSeesOneState(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{Customers: customer()})
		count := func(r ar.Reader) int {
			all, err := r.Customers(t.Context(), ar.CustomerFilter{})
			if err != nil {
				t.Error(err)
			}
			return len(all)
		}
		b.Read(t, func(r ar.Reader) error {
			before := count(r)
			l.Change(t, ar.Page{Customers: []ar.CustomerRecord{{External: "d", Name: "Birch"}}})
			if after := count(r); before != 1 || after != 1 {
				t.Errorf("a View sees %d customers, then %d; want 1 and 1", before, after)
			}
			return nil
		})
		b.Read(t, func(r ar.Reader) error {
			if n := count(r); n != 2 {
				t.Errorf("a later View sees %d customers, want 2", n)
			}
			return nil
		})
	})
}

func TestErrorRollsBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		undo := errors.New("undo")
		err := b.Update(t.Context(), func(tx ar.Tx) error {
			if _, err := tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "bundle", External: "a"}); err != nil {
				return err
			}
			return undo
		})
		if err != undo { //nolint:errorlint // the error itself comes back
			t.Errorf("Update returned %v, want the error as it is", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = b.Update(t.Context(), func(tx ar.Tx) error {
				_, err := tx.PutSource(t.Context(), ar.SourceIdentity{Kind: "bundle", External: "b"})
				if err == nil {
					panic("a fault in f")
				}
				return err
			})
		}()
		b.Read(t, func(r ar.Reader) error {
			sources, err := r.Sources(t.Context())
			if len(sources) != 0 {
				t.Errorf("sources %+v, want none", sources)
			}
			return err
		})
	})
}

// TestUpdateRunsAgainAfterAConflict lets another writer overtake between the read and
// the write of an Update. On SQLite nobody can.
func TestUpdateRunsAgainAfterAConflict(t *testing.T) {
	t.Parallel()
	b := storetest.Postgres(t)
	key := ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: storetest.Day("2026-11-25")}
	var id ar.PostID
	b.Write(t, func(tx ar.Tx) error {
		p, _, err := tx.PlanPost(t.Context(), key, "")
		id = p.ID
		return err
	})
	runs := 0
	b.Write(t, func(tx ar.Tx) error {
		runs++
		p, err := tx.Post(t.Context(), id)
		if err != nil {
			return err
		}
		if runs == 1 {
			b.Write(t, func(other ar.Tx) error { return other.SetPost(t.Context(), id, ar.PostFailed, "other") })
		}
		return tx.SetPost(t.Context(), id, ar.PostDone, p.Fault+" seen")
	})
	b.Read(t, func(r ar.Reader) error {
		p, err := r.Post(t.Context(), id)
		if runs != 2 || p.Fault != "other seen" {
			t.Errorf("after %d runs the post says %q; want 2 runs and what the other wrote", runs, p.Fault)
		}
		return err
	})
}

func TestOneTimeForATransaction(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	b.Write(t, func(tx ar.Tx) error {
		first, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.Alert, Route: "a"}, "")
		if err != nil {
			return err
		}
		b.Clock.Add(time.Hour)
		second, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.Alert, Route: "b"}, "")
		if !first.Created.Equal(second.Created) {
			t.Errorf("created %s and %s in one transaction", first.Created, second.Created)
		}
		return err
	})
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]store.Options{
		"no path":    {Now: time.Now, Logger: storetest.Quiet()},
		"memory":     {DSN: "sqlite::memory:", Now: time.Now, Logger: storetest.Quiet()},
		"no folder":  {DSN: t.TempDir() + "/missing/arbot.db", Now: time.Now, Logger: storetest.Quiet()},
		"no clock":   {DSN: t.TempDir() + "/arbot.db", Logger: storetest.Quiet()},
		"no address": {DSN: "postgres://user:secret@127.0.0.1:1/none", Now: time.Now, Logger: storetest.Quiet()},
	} {
		s, err := store.Open(context.Background(), o)
		if err == nil {
			t.Errorf("%s: opened", name)
			_ = s.Close()
		}
	}
}
