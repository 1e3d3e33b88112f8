package store_test

import (
	"os"
	"testing"
	"time"

	"arbot/ar"
	"arbot/store/storetest"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		t.Helper()
		b.Write(t, func(tx ar.Tx) error {
			for range 3 {
				if err := tx.Enqueue(t.Context(), ar.Notice{Post: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		h, err := b.Health(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if h.Schema == 0 || len(h.Faults) != 0 || h.Waiting != 3 || h.Running != 0 || h.Dead != 0 {
			t.Errorf("healthy books are %+v", h)
		}
	})
}

func TestHealthCountsWhatIsNotSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		since := b.Clock.Now()
		audit(t, b, "a", "b")
		b.Clock.Add(time.Hour)
		audit(t, b, "c")
		for _, want := range []struct {
			unsealed int
			since    time.Time
		}{{3, since}, {1, since.Add(time.Hour)}, {0, time.Time{}}} {
			h, err := b.Health(t.Context())
			if err != nil || h.Unsealed != want.unsealed || !h.UnsealedSince.Equal(want.since) {
				t.Errorf("%d records are not sealed, since %s, %v; want %d since %s", h.Unsealed, h.UnsealedSince, err, want.unsealed, want.since)
			}
			if _, err := seal(t, b, 2); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A file of which a page was overwritten is found to be damaged.
func TestHealthSeesDamage(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	b.Write(t, func(tx ar.Tx) error {
		_, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.Alert, Route: "user:U1/x", Day: storetest.Day("2026-11-25")}, "words")
		return err
	})
	h, err := b.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil { // writes the log into the file
		t.Fatal(err)
	}
	f, err := os.OpenFile(h.Path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	junk := make([]byte, page)
	for i := range junk {
		junk[i] = 0xA5
	}
	for at := info.Size() - 8*page; at < info.Size(); at += page {
		if _, err := f.WriteAt(junk, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	h, err = storetest.Open(t, h.Path).Health(t.Context())
	if err == nil && len(h.Faults) == 0 {
		t.Errorf("a damaged file is %+v", h)
	}
}
