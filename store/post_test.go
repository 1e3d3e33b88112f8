package store_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

func TestPostIsTheOnlyOneOfItsKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		key := ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: storetest.Day("2026-11-25")}
		plan := func(key ar.PostKey) (p ar.Post, created bool) {
			b.Write(t, func(tx ar.Tx) (err error) { //nolint:contextcheck // it takes that of the test
				p, created, err = tx.PlanPost(ctx, key, "hello")
				return err
			})
			return p, created
		}
		first, created := plan(key)
		want := ar.Post{ID: first.ID, PostKey: key, State: ar.PostPlanned, Body: "hello", Created: b.Clock.Now()}
		if diff := cmp.Diff(want, first, cmp.AllowUnexported(ar.Date{})); diff != "" || !created {
			t.Fatalf("created %v (-want +got):\n%s", created, diff)
		}

		planned := b.Clock.Now()
		b.Clock.Add(time.Minute)
		b.Write(t, func(tx ar.Tx) error {
			return errors.Join(
				tx.SetPart(ctx, first.ID, ar.PostPart{No: 1, Nonce: "n1", Sending: true}),
				tx.SetPart(ctx, first.ID, ar.PostPart{No: 1, Nonce: "n1", Channel: "C1", TS: "1.2", Sum: "s"}),
				tx.SetPart(ctx, first.ID, ar.PostPart{No: 2, Nonce: "n2"}),
				tx.SetPart(ctx, first.ID, ar.PostPart{No: 3, Nonce: "n3"}),
				tx.RemovePart(ctx, first.ID, 3),
				tx.SetFigures(ctx, first.ID, json.RawMessage(`{"total": 1}`)),
				tx.SetPost(ctx, first.ID, ar.PostDone, ""),
			)
		})
		posted := b.Clock.Now()
		b.Clock.Add(time.Hour)
		b.Write(t, func(tx ar.Tx) error { return tx.SetPost(ctx, first.ID, ar.PostDone, "") }) // edited in place

		again, created := plan(key)
		want = ar.Post{
			ID: first.ID, PostKey: key, State: ar.PostDone, Body: "hello", Created: planned, Posted: posted,
			Figures: json.RawMessage(`{"total": 1}`),
			Parts:   []ar.PostPart{{No: 1, Nonce: "n1", Channel: "C1", TS: "1.2", Sum: "s"}, {No: 2, Nonce: "n2"}},
		}
		if diff := cmp.Diff(want, again, cmp.AllowUnexported(ar.Date{})); diff != "" || created {
			t.Errorf("second plan created %v (-want +got):\n%s", created, diff)
		}

		key.Route = "sales"
		if other, created := plan(key); !created || other.ID == first.ID {
			t.Errorf("another route: created %v, id %d", created, other.ID)
		}
	})
}

func TestLastPostIsOneThatWasPosted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		for day, state := range map[string]ar.PostState{
			"2026-11-20": ar.PostDone, "2026-11-23": ar.PostDone, "2026-11-24": ar.PostEmpty, "2026-11-25": ar.PostDone,
		} {
			b.Write(t, func(tx ar.Tx) error {
				p, _, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: storetest.Day(day)}, "")
				return errors.Join(err, tx.SetPost(ctx, p.ID, state, ""))
			})
		}
		b.Read(t, func(r ar.Reader) error {
			last, found, err := r.LastPost(ctx, ar.ARDigest, "ar", storetest.Day("2026-11-25"))
			if !found || last.Day != storetest.Day("2026-11-23") {
				t.Errorf("last post %+v, %v; want that of 23 Nov", last, found)
			}
			_, none, other := r.LastPost(ctx, ar.ARDigest, "sales", storetest.Day("2026-11-25"))
			if none {
				t.Error("found a post of another route")
			}
			return errors.Join(err, other)
		})
	})
}

// A digest that was read is the last one, though its editing failed later that day.
func TestLastPostStoodOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		for _, again := range []ar.PostState{ar.PostFailed, ar.PostUnconfirmed} {
			key := ar.PostKey{Kind: ar.ARDigest, Route: string(again), Day: storetest.Day("2026-11-24")}
			b.Write(t, func(tx ar.Tx) error {
				p, _, err := tx.PlanPost(ctx, key, "")
				return errors.Join(err, tx.SetPost(ctx, p.ID, ar.PostDone, ""), tx.SetFigures(ctx, p.ID, json.RawMessage(`{}`)),
					tx.SetPost(ctx, p.ID, again, "The channel is archived."))
			})
			b.Read(t, func(r ar.Reader) error {
				last, found, err := r.LastPost(ctx, key.Kind, key.Route, storetest.Day("2026-11-25"))
				if !found || last.Day != key.Day || last.State != again {
					t.Errorf("after it %s: last post %+v, %v; want that of 24 Nov", again, last, found)
				}
				return err
			})
		}
	})
}

func TestFailedInARow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		for _, p := range []struct {
			day   string
			state ar.PostState
			fault string
		}{
			{"2026-11-18", ar.PostFailed, "first"},
			{"2026-11-19", ar.PostDone, ""},
			{"2026-11-20", ar.PostFailed, "second"},
			{"2026-11-23", ar.PostEmpty, ""},
			{"2026-11-24", ar.PostFailed, "third"},
			{"2026-11-25", ar.PostFailed, "fourth"},
		} {
			b.Write(t, func(tx ar.Tx) error {
				post, _, err := tx.PlanPost(ctx, ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: storetest.Day(p.day)}, "")
				return errors.Join(err, tx.SetPost(ctx, post.ID, p.state, p.fault))
			})
		}
		for _, tt := range []struct {
			route, day string
			most, n    int
			fault      string
		}{
			{"ar", "2026-11-26", 5, 3, "fourth"},
			{"ar", "2026-11-26", 2, 2, "fourth"},
			{"ar", "2026-11-25", 5, 2, "third"},
			{"ar", "2026-11-20", 5, 0, ""},
			{"ar", "2026-11-01", 5, 0, ""},
			{"sales", "2026-11-26", 5, 0, ""},
		} {
			n, fault, err := b.FailedInARow(ctx, ar.PostKey{Kind: ar.ARDigest, Route: tt.route, Day: storetest.Day(tt.day)}, tt.most)
			if n != tt.n || fault != tt.fault || err != nil {
				t.Errorf("%s before %s, at most %d: %d, %q, %v; want %d, %q", tt.route, tt.day, tt.most, n, fault, err, tt.n, tt.fault)
			}
		}
	})
}

func TestWhatIsNotThereIsSaid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		ctx := t.Context()
		for name, tt := range map[string]struct {
			do   func(ar.Tx) error
			want error
		}{
			"post":     {func(tx ar.Tx) error { _, err := tx.Post(ctx, 7); return err }, ar.ErrNoPost},
			"state":    {func(tx ar.Tx) error { return tx.SetPost(ctx, 7, ar.PostDone, "") }, ar.ErrNoPost},
			"part":     {func(tx ar.Tx) error { return tx.SetPart(ctx, 7, ar.PostPart{No: 1}) }, ar.ErrNoPost},
			"customer": {func(tx ar.Tx) error { _, err := tx.Customer(ctx, 7); return err }, ar.ErrNoCustomer},
			"document": {func(tx ar.Tx) error { _, err := tx.Document(ctx, 7); return err }, ar.ErrNoDocument},
		} {
			if err := b.Update(ctx, tt.do); !errors.Is(err, tt.want) {
				t.Errorf("%s: error %v, want %v", name, err, tt.want)
			}
		}
	})
}

func TestDeliveryIsNewOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		isNew := func(id string) (is bool) {
			b.Write(t, func(tx ar.Tx) (err error) {
				is, err = tx.FirstSeen(t.Context(), id)
				return err
			})
			return is
		}
		if !isNew("Ev1") || isNew("Ev1") || !isNew("Ev2") {
			t.Error("a delivery is new the first time only")
		}
		again := storetest.Open(t, b.DSN) // after a restart
		again.Write(t, func(tx ar.Tx) error {
			is, err := tx.FirstSeen(t.Context(), "Ev1")
			if is {
				t.Error("a restart makes Ev1 new")
			}
			return err
		})
		b.Clock.Add(31 * 24 * time.Hour)
		if !isNew("Ev3") || !isNew("Ev1") {
			t.Error("ids over 30 days old are not dropped")
		}
	})
}
