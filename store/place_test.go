package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"arbot/ar"
	"arbot/store/storetest"
)

// Posts that come at once over two replicas get a slot each, and no more of them than a
// channel is to have on a day; those that get none can go into a thread.
func TestTakeSlotAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		const posts, most = 8, 3
		day := storetest.Day("2026-11-25")
		var ids [posts]ar.PostID
		b.Write(t, func(tx ar.Tx) error {
			for n := range ids {
				p, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.Greeting, Route: fmt.Sprint("channel:", n), Day: day}, "")
				if err != nil {
					return err
				}
				ids[n] = p.ID
			}
			return nil
		})
		var took [posts]bool
		faults := atOnce(t, b, posts, func(n int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) (err error) {
				place := ar.PostPlace{Post: ids[n], Channel: "C0AR", Day: day}
				if took[n], err = tx.TakeSlot(t.Context(), place, most); err != nil || took[n] {
					return err
				}
				place.Thread = "1.1"
				return tx.PutInThread(t.Context(), place)
			})
		})
		if err := errors.Join(faults...); err != nil {
			t.Fatal(err)
		}
		var slots, threads []int
		b.Read(t, func(r ar.Reader) error {
			for n, id := range ids {
				place, ok, err := r.PostPlace(t.Context(), id)
				if err != nil || !ok || place.Channel != "C0AR" || place.Day != day || took[n] != (place.Slot > 0) || took[n] == (place.Thread == "1.1") {
					t.Errorf("post %d took %v and has %+v, %v, %v", n, took[n], place, ok, err)
				}
				if place.Slot > 0 {
					slots = append(slots, place.Slot)
				} else {
					threads = append(threads, n)
				}
			}
			return nil
		})
		slices.Sort(slots)
		if !slices.Equal(slots, []int{1, 2, 3}) || len(threads) != posts-most {
			t.Errorf("the slots %v are taken, and %d posts go into a thread", slots, len(threads))
		}
	})
}

// A slot is of one channel and day; one that a post leaves is the next that is taken.
func TestTakeSlot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		day := storetest.Day("2026-11-25")
		b.Write(t, func(tx ar.Tx) error {
			plan := func(route string) ar.PostID {
				p, _, err := tx.PlanPost(t.Context(), ar.PostKey{Kind: ar.Greeting, Route: route, Day: day}, "")
				if err != nil {
					t.Fatal(err)
				}
				return p.ID
			}
			take := func(id ar.PostID, channel string, on ar.Date, most, want int) {
				t.Helper()
				ok, err := tx.TakeSlot(t.Context(), ar.PostPlace{Post: id, Channel: channel, Day: on}, most)
				place, _, readErr := tx.PostPlace(t.Context(), id)
				if err = errors.Join(err, readErr); err != nil || ok != (want > 0) || place.Slot != want {
					t.Errorf("post %d gets slot %d (%v, %v), want %d", id, place.Slot, ok, err, want)
				}
			}
			one, two, three, four := plan("1"), plan("2"), plan("3"), plan("4")
			take(one, "C1", day, 2, 1)
			take(two, "C1", day, 2, 2)
			take(three, "C1", day, 2, 0)
			take(three, "C1", day, 0, 3)
			take(four, "C2", day, 2, 1)
			take(four, "C1", day.AddDays(1), 2, 1)
			err := errors.Join(
				tx.SetPost(t.Context(), one, ar.PostFailed, "gone"), tx.SetPost(t.Context(), two, ar.PostFailed, "plain"),
				tx.SetPart(t.Context(), two, ar.PostPart{Channel: "C1", TS: "1.1"}))
			take(four, "C1", day, 2, 1) // the second stands there all the same
			_, there, readErr := tx.PostPlace(t.Context(), one)
			if there {
				t.Error("what came to nothing has a place")
			}
			return errors.Join(err, readErr)
		})
	})
}
