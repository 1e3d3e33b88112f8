package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/store/storetest"
)

func claimOf(c ar.CustomerID, by string) ar.Claim {
	return ar.Claim{Customer: c, Email: by + "@example.com", Made: ar.Act{By: by, On: storetest.Day("2026-11-25")}}
}

// Two who claim an account at once, on two replicas: one wins, and all the others are
// told by name who did.
func TestClaimAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		const times = 8
		var standing [times]ar.Claim
		var won [times]bool
		faults := atOnce(t, b, times, func(n int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) (err error) {
				standing[n], won[n], err = tx.AddClaim(t.Context(), claimOf(invoice.Customer, fmt.Sprint("U", n)))
				return err
			})
		})
		if err := errors.Join(faults...); err != nil {
			t.Fatal(err)
		}
		winners := 0
		for n := range times {
			if won[n] {
				winners++
				if standing[n].Holder() != fmt.Sprint("U", n) {
					t.Errorf("U%d won, and %s holds it", n, standing[n].Holder())
				}
			}
			if standing[n].ID != standing[0].ID || standing[n].Holder() != standing[0].Holder() {
				t.Errorf("U%d is told of %s, U0 of %s", n, standing[n].Holder(), standing[0].Holder())
			}
		}
		if winners != 1 {
			t.Errorf("%d won, want 1", winners)
		}
	})
}

// A claim that ended is kept, makes room for the next, and ends once.
func TestClaimEnds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		b.Write(t, func(tx ar.Tx) error {
			first, _, err := tx.AddClaim(t.Context(), claimOf(invoice.Customer, "U1"))
			if err != nil {
				return err
			}
			ended, err := first.Finish(ar.ClaimLapsed, ar.Act{At: b.Clock.Now().Truncate(time.Millisecond).UTC(), On: storetest.Day("2026-12-01")})
			if err != nil {
				return err
			}
			if err := tx.PutClaim(t.Context(), ended); err != nil {
				return err
			}
			if err := tx.PutClaim(t.Context(), ended); !errors.Is(err, ar.ErrNoClaim) {
				t.Errorf("it ends twice: %v", err)
			}
			kept, err := tx.Claim(t.Context(), first.ID)
			if diff := cmp.Diff(ended, kept, cmp.AllowUnexported(ar.Date{})); err != nil || diff != "" {
				t.Errorf("kept, %v (-want +got):\n%s", err, diff)
			}
			second, won, err := tx.AddClaim(t.Context(), claimOf(invoice.Customer, "U2"))
			if err != nil || !won || second.ID == first.ID {
				t.Errorf("the next claim: %+v, %v, %v", second, won, err)
			}
			standing, err := tx.Claims(t.Context(), ar.ClaimFilter{Standing: true, Holder: "U2"})
			if err != nil || len(standing) != 1 {
				t.Errorf("standing of U2: %v, %v", standing, err)
			}
			_, err = tx.Claim(t.Context(), 999)
			if !errors.Is(err, ar.ErrNoClaim) {
				t.Errorf("a claim that is not there: %v", err)
			}
			return nil
		})
	})
}

// What was said of an account goes with it where the ledger merges it; of two claims the
// winner's stands.
func TestMergedCustomerKeepsClaims(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		doc := func(external, customer string) ar.DocumentRecord {
			return storetest.Doc(ar.Invoice, external, customer, "2026-10-01", "", "5.00")
		}
		l.Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "old", Name: "Old"}, {External: "older", Name: "Older"}, {External: "new", Name: "New"}},
			Documents: []ar.DocumentRecord{doc("1", "old"), doc("2", "older"), doc("3", "new")},
		})
		id := map[string]ar.CustomerID{}
		b.Write(t, func(tx ar.Tx) error {
			all, err := tx.Customers(t.Context(), ar.CustomerFilter{})
			for _, c := range all {
				id[c.External] = c.ID
				err = errors.Join(err,
					second(tx.AddClaim(t.Context(), claimOf(c.ID, "U-"+c.External))),
					tx.PutAssignment(t.Context(), ar.Assignment{Customer: c.ID, User: "U-" + c.External}),
				)
				_, subErr := tx.AddSubscription(t.Context(), ar.Subscription{User: "U-" + c.External, Customer: c.ID})
				_, snoozeErr := tx.AddSnooze(t.Context(), ar.Snooze{
					Customer: c.ID, Until: storetest.Day("2026-12-04"), Reason: c.External, Made: ar.Act{By: "U1", On: storetest.Day("2026-11-25")},
				})
				err = errors.Join(err, subErr, snoozeErr)
			}
			return err
		})
		l.Change(t, mergeInto("old", "new"))
		l.Change(t, mergeInto("older", "new"))
		b.Read(t, func(r ar.Reader) error {
			standing, err := r.Claims(t.Context(), ar.ClaimFilter{Standing: true})
			if err != nil || len(standing) != 1 || standing[0].Holder() != "U-new" || standing[0].Customer != id["new"] {
				t.Errorf("standing: %+v, %v; want that of new", standing, err)
			}
			all, err := r.Claims(t.Context(), ar.ClaimFilter{Customers: []ar.CustomerID{id["new"]}})
			if err != nil || len(all) != 3 {
				t.Errorf("%d claims moved along, %v; want 3", len(all), err)
			}
			assigned, err := r.Assignments(t.Context(), nil)
			if err != nil || len(assigned) != 1 || assigned[0].User != "U-new" {
				t.Errorf("assigned: %+v, %v", assigned, err)
			}
			off, err := r.Snoozes(t.Context(), ar.SnoozeFilter{Customers: []ar.CustomerID{id["new"]}, On: storetest.Day("2026-11-26")})
			if err != nil || len(off) != 3 {
				t.Errorf("%d snoozes moved along, %v; want 3", len(off), err)
			}
			subscribed, err := r.Subscriptions(t.Context(), "")
			for _, s := range subscribed {
				if s.Customer != id["new"] {
					t.Errorf("%s is told of customer %d", s.User, s.Customer)
				}
			}
			if err != nil || len(subscribed) != 3 {
				t.Errorf("%d subscriptions, %v", len(subscribed), err)
			}
			return nil
		})
	})
}

func second(_ ar.Claim, _ bool, err error) error { return err }

// Acts of every kind count as something done, with who and when.
func TestAccountActs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		at := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
		act := func(by string) ar.Act {
			at = at.Add(time.Minute)
			return ar.Act{By: by, At: at, On: storetest.Day("2026-11-25")}
		}
		b.Write(t, func(tx ar.Tx) error {
			_, err := tx.AddNote(t.Context(), ar.Note{Customer: invoice.Customer, Text: "said so", Made: act("note")})
			p := promiseOf(invoice, "", "400.00")
			p.Made = act("promise")
			kept, _, err2 := tx.AddPromise(t.Context(), p)
			d, err3 := tx.AddDispute(t.Context(), ar.Dispute{
				Customer: invoice.Customer, Document: invoice.ID, Reason: ar.Reason("pricing"), Amount: storetest.USD("5.00"), State: ar.DisputeOpen, Opened: act("dispute"),
			})
			d.Steps = []ar.DisputeStep{{State: ar.DisputeInReview, Act: act("step")}}
			err4 := tx.PutDispute(t.Context(), d)
			_, err5 := tx.AddSnooze(t.Context(), ar.Snooze{Customer: invoice.Customer, Until: storetest.Day("2026-12-04"), Reason: "x", Made: act("snooze")})
			kept.End, kept.Ended = ar.PromiseCancelled, act("cancel")
			return errors.Join(err, err2, err3, err4, err5, tx.PutPromise(t.Context(), kept))
		})
		b.Read(t, func(r ar.Reader) error {
			acts, err := r.AccountActs(t.Context(), []ar.CustomerID{invoice.Customer}, storetest.Day("2026-11-25"))
			var who []string
			for _, a := range acts {
				who = append(who, a.By)
			}
			if diff := cmp.Diff([]string{"note", "promise", "dispute", "step", "snooze", "cancel"}, who); err != nil || diff != "" {
				t.Errorf("acts, %v (-want +got):\n%s", err, diff)
			}
			later, err := r.AccountActs(t.Context(), nil, storetest.Day("2026-11-26"))
			if err != nil || len(later) != 0 {
				t.Errorf("acts of later: %v, %v", later, err)
			}
			return nil
		})
	})
}

// A snooze of the same account takes the place of the one before; one of an invoice stands
// beside it.
func TestSnoozes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		b.Write(t, func(tx ar.Tx) error {
			off := func(document ar.DocumentID, until string) ar.Snooze {
				s, err := tx.AddSnooze(t.Context(), ar.Snooze{
					Customer: invoice.Customer, Document: document, Until: storetest.Day(until), Reason: "r", Made: ar.Act{By: "U1", On: storetest.Day("2026-11-25")},
				})
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			first := off(0, "2026-12-04")
			off(invoice.ID, "2026-12-03")
			last := off(0, "2026-12-05")
			holds, err := tx.Snoozes(t.Context(), ar.SnoozeFilter{On: storetest.Day("2026-11-26")})
			if err != nil || len(holds) != 2 || holds[1].ID != last.ID {
				t.Errorf("holds: %+v, %v", holds, err)
			}
			replaced, err := tx.Snooze(t.Context(), first.ID)
			if err != nil || replaced.End != ar.SnoozeReplaced {
				t.Errorf("the first: %+v, %v", replaced, err)
			}
			if later, err := tx.Snoozes(t.Context(), ar.SnoozeFilter{On: storetest.Day("2026-12-05")}); err != nil || len(later) != 0 {
				t.Errorf("holds on its day: %+v, %v", later, err)
			}
			return nil
		})
	})
}
