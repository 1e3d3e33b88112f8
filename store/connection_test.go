package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

func TestConnectionIsWrittenByWhoReadIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		now := b.Clock.Now()
		c := ar.Connection{
			Name: "main", Kind: "quickbooks", Company: "4620", Title: "Acme Books", Home: "USD", Zone: "America/Denver",
			Sealed: []byte{0, 1, 255}, Expires: now.Add(time.Hour), HardExpires: now.Add(time.Hour * 24 * 365),
			Health: ar.Health{State: ar.Delayed, Why: "It asks for patience.", Since: now, Until: now.Add(time.Minute)},
		}
		first := putConnection(t, b, c)
		c.Version = 1
		if diff := cmp.Diff(c, first); diff != "" {
			t.Errorf("put (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]ar.Connection{c}, connections(t, b)); diff != "" {
			t.Errorf("read (-want +got):\n%s", diff)
		}
		next := first
		next.Sealed, next.Health, next.Expires = []byte("two"), ar.Health{}, time.Time{}
		if got := putConnection(t, b, next); got.Version != 2 {
			t.Errorf("version %d, want 2", got.Version)
		}
		// A second one like it, by somebody who has not seen the change, or does not know
		// that there is one.
		unseen := c
		unseen.Version = 0
		for _, stale := range []ar.Connection{first, unseen} {
			stale.Sealed = []byte("stale")
			if err := tryPut(t.Context(), b, stale); !errors.Is(err, ar.ErrConnectionMoved) {
				t.Errorf("version %d: %v, want ErrConnectionMoved", stale.Version, err)
			}
		}
		if got := connections(t, b)[0]; string(got.Sealed) != "two" || got.Health != (ar.Health{}) || !got.Expires.IsZero() {
			t.Errorf("after it: %+v", got)
		}
	})
}

func TestDroppedConnectionIsForgotten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		old := putConnection(t, b, ar.Connection{Name: "main", Company: "1", Sealed: []byte("secret")})
		drop := func(tx ar.Tx) error { return tx.DropConnection(t.Context(), "main") }
		b.Write(t, drop)
		b.Write(t, drop) // twice is no error
		b.Read(t, func(r ar.Reader) error {
			if _, err := r.Connection(t.Context(), "main"); !errors.Is(err, ar.ErrNoConnection) {
				t.Errorf("dropped: %v, want ErrNoConnection", err)
			}
			return nil
		})
		if got := connections(t, b); len(got) != 0 {
			t.Errorf("connections %+v, want none", got)
		}
		fresh := putConnection(t, b, ar.Connection{Name: "main", Company: "2"})
		old.Sealed = []byte("of the company before")
		if err := tryPut(t.Context(), b, old); !errors.Is(err, ar.ErrConnectionMoved) {
			t.Errorf("%v, want ErrConnectionMoved", err)
		}
		if got := connections(t, b); len(got) != 1 || got[0].Company != "2" || len(got[0].Sealed) != 0 || got[0].Version != fresh.Version {
			t.Errorf("connections %+v, want the new one", got)
		}
	})
}

func TestLeaseOfAConnection(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		putConnection(t, b, ar.Connection{Name: "main"})
		lease := func(holder string, length time.Duration) (got bool) {
			b.Write(t, func(tx ar.Tx) (err error) {
				got, err = tx.LeaseConnection(t.Context(), "main", holder, b.Clock.Now().Add(length))
				return err
			})
			return got
		}
		steps := []struct {
			holder string
			length time.Duration
			passes time.Duration // before it
			want   bool
		}{
			{"a", time.Minute, 0, true},
			{"b", time.Minute, 0, false},
			{"a", time.Minute, 30 * time.Second, true}, // extended
			{"b", time.Minute, 45 * time.Second, false},
			{"b", time.Minute, 15 * time.Second, true}, // run out
			{"a", -time.Second, 0, false},              // not its to give back
			{"b", -time.Second, 0, true},
			{"a", time.Minute, 0, true},
		}
		for i, s := range steps {
			b.Clock.Add(s.passes)
			if got := lease(s.holder, s.length); got != s.want {
				t.Errorf("step %d: %s got it: %v, want %v", i, s.holder, got, s.want)
			}
		}
		// A lease is no change of the connection.
		if got := connections(t, b)[0].Version; got != 1 {
			t.Errorf("version %d, want 1", got)
		}
		err := b.Update(t.Context(), func(tx ar.Tx) error {
			_, err := tx.LeaseConnection(t.Context(), "other", "a", b.Clock.Now())
			return err
		})
		if !errors.Is(err, ar.ErrNoConnection) {
			t.Errorf("lease of nothing: %v, want ErrNoConnection", err)
		}
	})
}

// TestOneOfManyGetsTheLease: with two replicas, on both engines.
func TestOneOfManyGetsTheLease(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		putConnection(t, b, ar.Connection{Name: "main"})
		other := storetest.Open(t, b.DSN)
		until := b.Clock.Now().Add(time.Minute)
		got := make(chan bool)
		for i := range 8 {
			books := []*storetest.Books{b, other}[i%2]
			go func() {
				var ok bool
				err := books.Update(t.Context(), func(tx ar.Tx) (err error) {
					ok, err = tx.LeaseConnection(t.Context(), "main", string(rune('a'+i)), until)
					return err
				})
				got <- ok && err == nil
			}()
		}
		holders := 0
		for range 8 {
			if <-got {
				holders++
			}
		}
		if holders != 1 {
			t.Errorf("%d got the lease, want 1", holders)
		}
	})
}

func TestHealthOfASource(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		set := func(h ar.Health) ar.Health {
			b.Write(t, func(tx ar.Tx) error { return tx.SetHealth(t.Context(), l.Source.ID, h) })
			return source(t, b).Health
		}
		began := b.Clock.Now()
		want := ar.Health{State: ar.Delayed, Why: "Too fast.", Since: began, Until: began.Add(time.Minute)}
		if got := set(ar.Health{State: ar.Delayed, Why: "Too fast.", Until: began.Add(time.Minute)}); got != want {
			t.Errorf("delayed: %+v, want %+v", got, want)
		}
		b.Clock.Add(time.Minute)
		want.Why, want.Until = "Still too fast.", began.Add(time.Hour)
		if got := set(ar.Health{State: ar.Delayed, Why: want.Why, Since: b.Clock.Now(), Until: want.Until}); got != want {
			t.Errorf("delayed on: %+v, want %+v", got, want)
		}
		want = ar.Health{State: ar.Paused, Why: "No quota.", Since: b.Clock.Now()}
		if got := set(ar.Health{State: ar.Paused, Why: "No quota."}); got != want {
			t.Errorf("paused: %+v, want %+v", got, want)
		}
		if got := set(ar.Health{}); got != (ar.Health{}) {
			t.Errorf("healthy: %+v", got)
		}
	})
}

func putConnection(t *testing.T, b *storetest.Books, c ar.Connection) (got ar.Connection) {
	t.Helper()
	b.Write(t, func(tx ar.Tx) (err error) {
		got, err = tx.PutConnection(t.Context(), c)
		return err
	})
	return got
}

func tryPut(ctx context.Context, b *storetest.Books, c ar.Connection) error {
	return b.Update(ctx, func(tx ar.Tx) error {
		_, err := tx.PutConnection(ctx, c)
		return err
	})
}

func connections(t *testing.T, b *storetest.Books) (all []ar.Connection) {
	t.Helper()
	b.Read(t, func(r ar.Reader) (err error) {
		all, err = r.Connections(t.Context())
		for _, c := range all {
			one, oneErr := r.Connection(t.Context(), c.Name)
			if diff := cmp.Diff(c, one); diff != "" || oneErr != nil {
				t.Errorf("one of the list, by its name: %v (-list +one):\n%s", oneErr, diff)
			}
		}
		return err
	})
	return all
}
