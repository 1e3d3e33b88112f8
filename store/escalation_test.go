package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"arbot/ar"
	"arbot/store/storetest"
)

var sameEscalations = cmp.Options{cmpopts.EquateComparable(ar.Money{}, ar.Date{}), cmpopts.EquateEmpty()}

// escalationOf is an escalation of an invoice, to be taken by Fri 27 Nov 2026.
func escalationOf(b *storetest.Books, d ar.Document) ar.Escalation {
	return ar.Escalation{
		Kind: ar.AskSomebody, Customer: d.Customer, Document: d.ID, Ask: "Please call.", Due: storetest.Day("2026-11-27"), Within: 2,
		Channel: "C0SALES", Segment: "all", Rung: 2, Why: "It is late.", Owed: []ar.Money{storetest.USD("1000.00")}, State: ar.EscalationOpen,
		Opened: ar.Act{By: "U1", At: b.Clock.Now(), On: storetest.Day("2026-11-25"), Where: "https://x.example/1"},
	}
}

func TestEscalationIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		var kept ar.Escalation
		b.Write(t, func(tx ar.Tx) (err error) {
			kept, err = tx.AddEscalation(t.Context(), escalationOf(b, invoice))
			return err
		})
		next, err := kept.Move(ar.EscalationStep{Act: ar.Act{By: "U2", At: b.Clock.Now(), On: storetest.Day("2026-11-26")}, State: ar.EscalationTaken, Note: "mine"})
		if err != nil {
			t.Fatal(err)
		}
		next.Ask, next.Due = "Please call today.", storetest.Day("2026-11-30")
		b.Write(t, func(tx ar.Tx) error { return tx.PutEscalation(t.Context(), next) })
		b.Read(t, func(r ar.Reader) error {
			got, err := r.Escalation(t.Context(), kept.ID)
			if diff := cmp.Diff(next, got, sameEscalations); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			for want, f := range map[int]ar.EscalationFilter{
				1: {Customers: []ar.CustomerID{invoice.Customer}, Documents: []ar.DocumentID{invoice.ID}, Kind: ar.AskSomebody, Standing: true},
				0: {Kind: ar.ProposeHold},
			} {
				if list, err := r.Escalations(t.Context(), f); err != nil || len(list) != want {
					t.Errorf("%+v: %d escalations, %v; want %d", f, len(list), err, want)
				}
			}
			if _, err := r.Escalation(t.Context(), kept.ID+1); !errors.Is(err, ar.ErrNoEscalation) {
				t.Errorf("one that is not there: %v", err)
			}
			return nil
		})
		over, err := next.Move(ar.EscalationStep{Act: ar.Act{On: storetest.Day("2026-11-27")}, State: ar.EscalationPaid})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(t, func(tx ar.Tx) error { return tx.PutEscalation(t.Context(), over) })
		b.Read(t, func(r ar.Reader) error {
			if list, err := r.Escalations(t.Context(), ar.EscalationFilter{Standing: true}); err != nil || len(list) != 0 {
				t.Errorf("what is over stands: %+v, %v", list, err)
			}
			return nil
		})
	})
}

// Two people press Mine at once, on two replicas: one has the account, and the other sees
// who.
func TestEscalationIsTakenOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		var kept ar.Escalation
		b.Write(t, func(tx ar.Tx) (err error) {
			kept, err = tx.AddEscalation(t.Context(), escalationOf(b, invoice))
			return err
		})
		const times = 6
		var won [times]bool
		var holder [times]string
		faults := atOnce(t, b, times, func(n int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) error {
				e, err := tx.Escalation(t.Context(), kept.ID)
				if err != nil {
					return err
				}
				user := "U" + string(rune('A'+n))
				claim, first, err := tx.AddClaim(t.Context(), ar.Claim{Customer: e.Customer, Made: ar.Act{By: user, At: b.Clock.Now(), On: storetest.Day("2026-11-25")}})
				if err != nil {
					return err
				}
				won[n], holder[n] = first, claim.Holder()
				if !first {
					return nil
				}
				next, err := e.Move(ar.EscalationStep{Act: claim.Made, State: ar.EscalationTaken})
				if err != nil {
					return err
				}
				return tx.PutEscalation(t.Context(), next)
			})
		})
		if err := errors.Join(faults...); err != nil {
			t.Fatal(err)
		}
		wins := 0
		for n := range times {
			if won[n] {
				wins++
			}
			if holder[n] != holder[0] {
				t.Errorf("told of %s and of %s", holder[n], holder[0])
			}
		}
		b.Read(t, func(r ar.Reader) error {
			e, err := r.Escalation(t.Context(), kept.ID)
			if wins != 1 || e.Holder() != holder[0] || len(e.Steps) != 1 {
				t.Errorf("%d won; %s has it after %d steps, and was told %s", wins, e.Holder(), len(e.Steps), holder[0])
			}
			return err
		})
	})
}

// Of two replicas that run the ladder at once one takes each step.
func TestLadderStepsOnceADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		_, invoice := invoiced(t, b)
		step := ar.LadderStep{
			Customer: invoice.Customer, Segment: "all", Rung: 1, On: storetest.Day("2026-11-25"), Why: "It is late.", Chase: []ar.Money{storetest.USD("1000.00")},
		}
		const times = 6
		var added [times]bool
		faults := atOnce(t, b, times, func(n int, b *storetest.Books) error {
			return b.Update(t.Context(), func(tx ar.Tx) (err error) {
				added[n], err = tx.AddLadderStep(t.Context(), step)
				return err
			})
		})
		if err := errors.Join(faults...); err != nil {
			t.Fatal(err)
		}
		first := 0
		for _, won := range added {
			if won {
				first++
			}
		}
		b.Read(t, func(r ar.Reader) error {
			steps, err := r.LadderSteps(t.Context(), []ar.CustomerID{invoice.Customer})
			if diff := cmp.Diff([]ar.LadderStep{step}, steps, sameEscalations); diff != "" || first != 1 {
				t.Errorf("%d took the step (-want +got):\n%s", first, diff)
			}
			return err
		})
	})
}

func TestLadderRunsAndSwitches(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		day, now := storetest.Day("2026-11-25"), b.Clock.Now()
		for _, tt := range []struct{ fresh, first bool }{{false, true}, {true, true}, {true, false}, {false, false}} {
			b.Write(t, func(tx ar.Tx) error {
				first, err := tx.PutLadderMoment(t.Context(), ar.LadderMoment{Day: day, At: now, Fresh: tt.fresh})
				if first != tt.first {
					t.Errorf("fresh %v: first %v", tt.fresh, first)
				}
				return err
			})
		}
		on := ar.LadderSwitch{On: true, Made: ar.Act{By: "U1", At: now, On: day}}
		b.Read(t, func(r ar.Reader) error {
			runs, err := r.LadderMoments(t.Context(), day, day)
			if len(runs) != 1 || !runs[0].Fresh || !runs[0].At.Equal(now) {
				t.Errorf("runs %+v", runs)
			}
			if s, err := r.LadderSwitch(t.Context()); err != nil || s != (ar.LadderSwitch{}) {
				t.Errorf("before anybody turned it: %+v, %v", s, err)
			}
			return err
		})
		b.Write(t, func(tx ar.Tx) error {
			return errors.Join(tx.AddLadderSwitch(t.Context(), ar.LadderSwitch{Made: ar.Act{By: "U2"}}), tx.AddLadderSwitch(t.Context(), on))
		})
		b.Read(t, func(r ar.Reader) error {
			s, err := r.LadderSwitch(t.Context())
			if !s.On || s.Made.By != "U1" {
				t.Errorf("the switch: %+v", s)
			}
			return err
		})
	})
}

// A ledger merges two customers: escalations go along, and so do the steps on the ladder
// where the other has none.
func TestEscalationsSurviveAMerge(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b *storetest.Books) {
		l := b.Ledger(t, "a")
		l.Import(t, ar.Page{
			Customers: []ar.CustomerRecord{{External: "c", Name: "Acme"}, {External: "d", Name: "Acme Inc"}},
			Documents: []ar.DocumentRecord{
				storetest.Doc(ar.Invoice, "1", "c", "2026-10-01", "2026-10-31", "1000.00"),
				storetest.Doc(ar.Invoice, "2", "d", "2026-10-01", "2026-10-31", "50.00"),
			},
		})
		var loser, winner ar.Document
		b.Read(t, func(r ar.Reader) error {
			items, err := r.OpenItems(t.Context(), ar.ItemQuery{AsOf: storetest.Day("2026-11-25"), Scope: ar.Everything()})
			for _, i := range items {
				if i.External == "1" {
					loser = i.Document
				} else {
					winner = i.Document
				}
			}
			return err
		})
		of := escalationOf(b, loser)
		of.Document = 0
		b.Write(t, func(tx ar.Tx) error {
			_, err := tx.AddEscalation(t.Context(), of)
			_, err2 := tx.AddLadderStep(t.Context(), ar.LadderStep{Customer: loser.Customer, Rung: 2, On: storetest.Day("2026-11-20")})
			return errors.Join(err, err2)
		})
		l.Change(t, ar.Page{Gone: []ar.GoneRecord{{Kind: ar.CustomerRecords, Key: "c", Into: "d"}}})
		b.Read(t, func(r ar.Reader) error {
			list, err := r.Escalations(t.Context(), ar.EscalationFilter{Customers: []ar.CustomerID{winner.Customer}})
			steps, err2 := r.LadderSteps(t.Context(), []ar.CustomerID{winner.Customer})
			if len(list) != 1 || len(steps) != 1 || steps[0].Rung != 2 {
				t.Errorf("after the merge: %+v, %+v", list, steps)
			}
			return errors.Join(err, err2)
		})
	})
}
