package desk_test

import (
	"errors"
	"sync"
	"testing"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/desktest"
	"arbot/store/storetest"
)

// doubtful is a post of which the part with that number may be in its place.
func doubtful(t *testing.T, b *storetest.Books, day ar.Date, no int) (id ar.PostID) {
	t.Helper()
	b.Write(t, func(tx ar.Tx) error {
		p, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.ARDigest, Route: "ar", Day: day}, "")
		if err != nil {
			return err
		}
		id = p.ID
		err = errors.Join(err, tx.SetPart(t.Context(), id, ar.PostPart{No: no, Nonce: "n", Sending: true, Channel: "C1", Sum: "s"}))
		if no > 0 {
			err = errors.Join(err, tx.SetPart(t.Context(), id, ar.PostPart{Channel: "C1", TS: "1.0", Sum: "s"}))
		}
		return errors.Join(err, tx.SetPost(t.Context(), id, ar.PostUnconfirmed, "lost"))
	})
	return id
}

// Of all who say at once that a post is to be sent again only one has it done; then the
// part in doubt is as new.
func TestPostAgainOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		d := desk.New(b, b.Clock.Now, desktest.New(t).Desk.Settings())
		id := doubtful(t, b, d.Today(), 0)
		var mu sync.Mutex
		var all sync.WaitGroup
		done := 0
		for range 8 {
			all.Go(func() {
				_, changed, err := d.PostAgain(t.Context(), desktest.Admin, id)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if changed {
					done++
				}
			})
		}
		all.Wait()
		post, err := d.Post(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if want := (ar.PostPart{Channel: "C1"}); done != 1 || post.State != ar.PostPlanned || len(post.Parts) != 1 || post.Parts[0] != want {
			t.Errorf("done %d times: %+v", done, post)
		}
		if _, changed, err := d.IsThere(t.Context(), desktest.Admin, id); changed || err != nil {
			t.Errorf("it is settled a second time: %v", err)
		}
		b.Read(t, func(r ar.Reader) error {
			trail, err := r.Unsealed(t.Context(), 10)
			if len(trail) != 1 || trail[0].Action != "post.again" || trail[0].Actor != desktest.Admin.User || string(trail[0].After) != `{"day":"2026-11-25","kind":"digest-ar","route":"ar","state":"planned"}` {
				t.Errorf("audit: %+v", trail)
			}
			return err
		})
	})
}

func TestIsThere(t *testing.T) {
	t.Parallel()
	for no, want := range map[int]ar.PostState{0: ar.PostDone, 1: ar.PostPlanned} {
		c := desktest.New(t)
		id := doubtful(t, c.Books, c.Desk.Today(), no)
		post, changed, err := c.Desk.IsThere(t.Context(), desktest.Admin, id)
		if err != nil || !changed || post.State != want {
			t.Errorf("part %d: %s, %t, %v", no, post.State, changed, err)
		}
		for _, part := range post.Parts {
			if part.Sending || (part.Sum == desk.Unseen) != (part.No == no) {
				t.Errorf("part %d: %+v", no, part)
			}
		}
	}
	if _, _, err := desktest.New(t).Desk.IsThere(t.Context(), desktest.Admin, 7); !errors.Is(err, ar.ErrNoPost) {
		t.Errorf("of no post: %v", err)
	}
}
