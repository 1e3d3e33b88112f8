package ar_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"arbot/ar"
)

// randomAccount is customer 1 of a random ledger, with all that people do.
func randomAccount() *rapid.Generator[ar.LadderHistory] {
	return rapid.Custom(func(t *rapid.T) ar.LadderHistory {
		l := randomLedger().Draw(t, "ledger")
		h := ar.LadderHistory{Customer: 1, History: ar.History{Documents: l.Documents, Applications: l.Applications, Family: ar.Family{2: 1}}}
		h.Promises = randomPromises(l).Draw(t, "promises")
		act := func(label string) ar.Act { return ar.Act{By: "U1", On: dateNear(90).Draw(t, label)} }
		since := act("claim").On
		for range rapid.IntRange(0, 3).Draw(t, "claims") { // one after the other
			c := ar.Claim{Customer: 1, Made: ar.Act{By: "U1", On: since}, End: ar.ClaimLapsed}
			c.Ended.On = since.AddDays(rapid.IntRange(0, 15).Draw(t, "had"))
			since = c.Ended.On.AddDays(rapid.IntRange(0, 20).Draw(t, "free"))
			h.Claims = append(h.Claims, c)
		}
		for range rapid.IntRange(0, 2).Draw(t, "snoozes") {
			s := ar.Snooze{Customer: 1, Made: act("snoozed")}
			s.Until = s.Made.On.AddDays(rapid.IntRange(1, 14).Draw(t, "until"))
			h.Snoozes = append(h.Snoozes, s)
		}
		for n := range rapid.IntRange(0, 2).Draw(t, "disputes") {
			of := rapid.SampledFrom(l.Documents).Draw(t, "disputed")
			d := ar.Dispute{ID: ar.DisputeID(n + 1), Customer: of.Customer, Document: of.ID, Amount: ar.NewMoney(rapid.Int64Range(1, 1500).Draw(t, "amount"), of.Amount.Currency()), State: ar.DisputeOpen, Opened: act("opened")}
			if rapid.Bool().Draw(t, "resolved") {
				d.State, d.Outcome = ar.DisputeResolved, ar.OutcomeRejected
				d.Steps = []ar.DisputeStep{{Act: ar.Act{On: d.Opened.On.AddDays(rapid.IntRange(0, 30).Draw(t, "stood"))}, State: ar.DisputeResolved, Outcome: ar.OutcomeRejected}}
			}
			h.Disputes = append(h.Disputes, d)
		}
		return h
	})
}

// randomLadder has rungs that rise.
func randomLadder() *rapid.Generator[ar.Ladder] {
	return rapid.Custom(func(t *rapid.T) ar.Ladder {
		l := ar.Ladder{Segment: "any", Pause: rapid.IntRange(1, 4).Draw(t, "pause")}
		days, least := 0, int64(0)
		for range rapid.IntRange(1, 4).Draw(t, "rungs") {
			days += rapid.IntRange(1, 20).Draw(t, "days")
			least += rapid.Int64Range(0, 3).Draw(t, "at least")
			l.Rungs = append(l.Rungs, ar.Rung{Days: days, AtLeast: least, To: ar.ToOwner, Broken: rapid.IntRange(0, 3).Draw(t, "broken")})
		}
		return l
	})
}

// randomDays are the days of half a year; now and then the data is old.
func randomDays() *rapid.Generator[[]ar.LadderMoment] {
	return rapid.Custom(func(t *rapid.T) (days []ar.LadderMoment) {
		from := dateNear(30).Draw(t, "from").AddDays(-60)
		stale := rapid.SliceOfN(rapid.IntRange(0, 149), 0, 8).Draw(t, "stale")
		for n := range 150 {
			days = append(days, ar.LadderMoment{Day: from.AddDays(n), Fresh: !slices.Contains(stale, n)})
		}
		return days
	})
}

func replay(t rapid.TB, l ar.Ladder, h ar.LadderHistory, days []ar.LadderMoment) []ar.LadderStep {
	t.Helper()
	steps, err := l.Replay(h, days, ar.Workdays{})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// rungOn is where an account stands at the end of a day.
func rungOn(steps []ar.LadderStep, day ar.Date) (rung int) {
	for _, s := range steps {
		if !s.On.After(day) {
			rung = s.Rung
		}
	}
	return rung
}

// TestLadderOnlyMovesWhereItMay: each step goes one rung up or down to the ground, on a
// business day with fresh data; up only with money that nothing holds and that nobody
// has taken on.
func TestLadderOnlyMovesWhereItMay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, l, days := randomAccount().Draw(t, "account"), randomLadder().Draw(t, "ladder"), randomDays().Draw(t, "days")
		before := 0
		for _, s := range replay(t, l, h, days) {
			i := slices.IndexFunc(days, func(at ar.LadderMoment) bool { return at.Day == s.On })
			if !days[i].Fresh || !(ar.Workdays{}).Works(s.On) {
				t.Fatalf("a step on %s", s.On)
			}
			d, err := h.On(days[i], ar.Workdays{})
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case s.Rung == 0 && (before == 0 || d.Overdue):
				t.Fatalf("down from %d with overdue %v", before, d.Overdue)
			case s.Rung != 0 && (s.Rung != before+1 || len(d.Chase) == 0 || d.Holder != ""):
				t.Fatalf("from %d to %d with %v to chase, held by %q", before, s.Rung, d.Chase, d.Holder)
			}
			for _, m := range d.Chase {
				if open := overdueOf(t, h, days[i].Day)[m.Currency()]; m.Sign() <= 0 || m.Cmp(open) > 0 {
					t.Fatalf("%s to chase of %s overdue", m, open)
				}
			}
			before = s.Rung
		}
	})
}

func overdueOf(t rapid.TB, h ar.LadderHistory, asOf ar.Date) map[ar.Currency]ar.Money {
	t.Helper()
	items, err := ar.OpenItems(h.Documents, h.Applications, asOf)
	if err != nil {
		t.Fatal(err)
	}
	overdue := map[ar.Currency]ar.Money{}
	for _, i := range items {
		if i.Customer == h.Customer && i.Owed() && i.Due.Before(asOf) {
			overdue[i.Open.Currency()] = sum(t, overdue[i.Open.Currency()], i.Open)
		}
	}
	return overdue
}

// TestLadderIsMonotoneInDays: had everything been due earlier, no account would stand on
// a lower rung on any day.
func TestLadderIsMonotoneInDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, l, days := randomAccount().Draw(t, "account"), randomLadder().Draw(t, "ladder"), randomDays().Draw(t, "days")
		earlier := h
		earlier.Documents = slices.Clone(h.Documents)
		n := rapid.IntRange(1, 40).Draw(t, "days earlier")
		for i := range earlier.Documents {
			earlier.Documents[i].Due = earlier.Documents[i].Due.AddDays(-n)
		}
		steps, more := replay(t, l, h, days), replay(t, l, earlier, days)
		for _, at := range days {
			if less, least := rungOn(more, at.Day), rungOn(steps, at.Day); less < least {
				t.Fatalf("on %s rung %d, and %d when due %d days earlier", at.Day, least, less, n)
			}
		}
	})
}

// TestLadderStopsOnAClaimAndGoesOn: while somebody has the account nothing goes up; with
// the claim the account stands nowhere higher than without; once it has ended, the clock
// goes on from where it stood.
func TestLadderStopsOnAClaimAndGoesOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, days := randomLadder().Draw(t, "ladder"), randomDays().Draw(t, "days")
		from := days[0].Day
		h := ar.LadderHistory{Customer: 1, History: ar.History{Documents: []ar.Document{{
			ID: 1, Customer: 1, Kind: ar.Invoice, Amount: ar.NewMoney(100000, "USD"), Date: from.AddDays(-5), Due: from, Status: ar.Posted,
		}}}}
		free := replay(t, l, h, days)
		claim := ar.Claim{Customer: 1, Made: ar.Act{By: "U1", On: from.AddDays(rapid.IntRange(1, 40).Draw(t, "claimed"))}, End: ar.ClaimLapsed}
		claim.Ended.On = claim.Made.On.AddDays(rapid.IntRange(1, 30).Draw(t, "had"))
		h.Claims = []ar.Claim{claim}
		held := replay(t, l, h, days)
		for _, s := range held {
			if !s.On.Before(claim.Made.On) && s.On.Before(claim.Ended.On) {
				t.Fatalf("rung %d on %s, while somebody has it", s.Rung, s.On)
			}
		}
		for _, at := range days {
			if rungOn(held, at.Day) > rungOn(free, at.Day) {
				t.Fatalf("on %s a claim takes it up", at.Day)
			}
		}
		last := days[len(days)-1].Day
		if stopped := claim.Ended.On.Sub(claim.Made.On); last.Sub(from)-stopped > l.Rungs[len(l.Rungs)-1].Days+14+len(l.Rungs)*10 && rungOn(held, last) != len(l.Rungs) {
			t.Fatalf("it does not go on: rung %d of %d", rungOn(held, last), len(l.Rungs))
		}
	})
}

// TestLadderIsTheSameForTheSameHistory: in whatever order it comes, and on each day by
// what was known on it.
func TestLadderIsTheSameForTheSameHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, l, days := randomAccount().Draw(t, "account"), randomLadder().Draw(t, "ladder"), randomDays().Draw(t, "days")
		whole := replay(t, l, h, days)
		other := h
		other.Documents = rapid.Permutation(h.Documents).Draw(t, "documents")
		other.Applications = rapid.Permutation(h.Applications).Draw(t, "applications")
		other.Promises = rapid.Permutation(h.Promises).Draw(t, "order of promises")
		other.Claims, other.Snoozes = reversed(h.Claims), reversed(h.Snoozes)
		if diff := cmp.Diff(whole, replay(t, l, other, days), comparers); diff != "" {
			t.Fatalf("the order matters (-want +got):\n%s", diff)
		}
		var said []ar.LadderStep
		for _, at := range days { // day by day, as the books were
			d, err := known(h, at.Day).On(at, ar.Workdays{})
			if err != nil {
				t.Fatal(err)
			}
			if a := l.Look(d, said, ar.Workdays{}); a.Moves {
				said = append(said, a.Step)
			}
		}
		if diff := cmp.Diff(whole, said, comparers); diff != "" {
			t.Fatalf("the back-test is not what each day says (-back-test +each day):\n%s", diff)
		}
	})
}

var comparers = cmpopts.EquateComparable(ar.Money{}, ar.Date{})

func reversed[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// known is the history as it was in the books at the end of a day.
func known(h ar.LadderHistory, day ar.Date) ar.LadderHistory {
	then := h
	then.Documents = slices.DeleteFunc(slices.Clone(h.Documents), func(d ar.Document) bool { return d.Date.After(day) })
	there := func(id ar.DocumentID) bool {
		return id == 0 || slices.ContainsFunc(then.Documents, func(d ar.Document) bool { return d.ID == id })
	}
	then.Applications = slices.DeleteFunc(slices.Clone(h.Applications), func(a ar.Application) bool {
		return a.Date.After(day) || !there(a.From) || !there(a.To)
	})
	then.Snoozes = slices.DeleteFunc(slices.Clone(h.Snoozes), func(s ar.Snooze) bool { return s.Made.On.After(day) })
	then.Disputes = nil
	for _, d := range h.Disputes {
		if !d.Opened.On.After(day) {
			then.Disputes = append(then.Disputes, d.By(func(a ar.Act) bool { return !a.On.After(day) }))
		}
	}
	then.Claims = nil
	for _, c := range h.Claims {
		if c.Ended.On.After(day) {
			c.End, c.Ended = "", ar.Act{}
		}
		if !c.Made.On.After(day) {
			then.Claims = append(then.Claims, c)
		}
	}
	return then
}
