package ar

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// WorkFacts are what the worklist needs to know of an account in one currency.
type WorkFacts struct {
	Customer CustomerID
	Name     string
	Owner    string
	// ToChase is what is left to ask for: overdue less what is disputed, promised,
	// put off and not applied yet. Nothing of it is nothing to do.
	ToChase Money
	// OldestDays are the days overdue of the oldest item.
	OldestDays int
	// Broken counts the promises of the account that failed in the last BrokenWindow
	// days.
	Broken int
	// BrokenOpen is what is still missing of the promise that failed last; the zero
	// Money where none did, or its money came since.
	BrokenOpen Money
	// BrokenDue is the day on which that was to come.
	BrokenDue Date
	// Acted: somebody did something about it since it fell overdue.
	Acted bool
}

const (
	// BrokenWindow is how many days a failed promise raises the risk of an account.
	BrokenWindow = 90
	// HighestRisk bounds what failed promises do to the order.
	HighestRisk = 4
	// longLate is from how many days overdue a call is due rather than a reminder.
	longLate = 60
)

// Risk is the factor of an account in the order of the worklist: 1, and 1 more for each
// promise that failed in the last BrokenWindow days, at most HighestRisk.
func (f WorkFacts) Risk() int { return min(1+max(0, f.Broken), HighestRisk) }

// Score is what orders accounts of one currency: to chase, in minor units, times days
// overdue times risk. It ends at the largest number instead of overflowing.
func (f WorkFacts) Score() int64 {
	return times(times(f.ToChase.Minor(), int64(max(1, f.OldestDays))), int64(f.Risk()))
}

// times multiplies two numbers from 0 on, up to the largest one.
func times(a, b int64) int64 {
	high, low := bits.Mul64(uint64(max(0, a)), uint64(max(0, b)))
	if high != 0 || low > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(low)
}

// WorkStep is what to do now.
type WorkStep string

// The steps, from the most to the least pressing.
const (
	// StepBroken: a promise failed, and its money is still missing.
	StepBroken WorkStep = "call about the broken promise"
	// StepCall: long overdue, and a reminder does no more.
	StepCall WorkStep = "call and get a date"
	// StepFirst: nobody has done anything yet.
	StepFirst WorkStep = "ask for the payment"
	// StepFollow: somebody has asked, and nothing is promised.
	StepFollow WorkStep = "ask again, and get a date"
)

// Step returns what to do now.
func (f WorkFacts) Step() WorkStep {
	switch {
	case f.BrokenOpen.Sign() > 0:
		return StepBroken
	case f.OldestDays > longLate:
		return StepCall
	case !f.Acted:
		return StepFirst
	}
	return StepFollow
}

// Why says why the account stands where it does: the factors of its score.
func (f WorkFacts) Why() string {
	why := fmt.Sprintf("%s × %s × risk %d", f.ToChase, dayCount(f.OldestDays), f.Risk())
	if f.BrokenOpen.Sign() > 0 {
		why = fmt.Sprintf("%s promised by %s did not come; %s", f.BrokenOpen, f.BrokenDue.Short(), why)
	}
	return why
}

func dayCount(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// Formula says in words how a worklist is ordered.
func Formula() string {
	return fmt.Sprintf("Broken promises first; then to chase × days overdue × risk. Risk is 1, and 1 more for each promise broken in %d days, at most %d. "+
		"What is promised, disputed, put off or paid and not applied is left out.", BrokenWindow, HighestRisk)
}

// WorkLine is an account on the worklist: its currencies together, the one that puts it
// where it stands first.
type WorkLine struct {
	WorkFacts
	// Amounts are what is to be chased, one per currency.
	Amounts []Money
	// Claim is who has it; the zero Claim for nobody.
	Claim Claim
	// Assigned is who works on it; the zero Assignment for nobody.
	Assigned Assignment
}

// Worklist orders what is to be done: accounts with a broken promise first, and within
// both parts by score. Amounts of two currencies cannot be compared: they share the
// places, see OverdueLines. Each account stands once, and one with nothing to chase does
// not stand there. The order of the facts does not matter.
func Worklist(facts []WorkFacts) ([]WorkLine, error) {
	var broken, other []entry
	best := map[CustomerID]WorkFacts{}
	failed := map[CustomerID]bool{}
	for _, f := range facts {
		failed[f.Customer] = failed[f.Customer] || f.ToChase.Sign() > 0 && f.BrokenOpen.Sign() > 0
	}
	for _, f := range facts {
		if f.ToChase.Sign() <= 0 {
			continue
		}
		if known, ok := best[f.Customer]; !ok || f.before(known) {
			best[f.Customer] = f
		}
		e := entry{customer: f.Customer, name: f.Name, owner: f.Owner, amount: f.ToChase, weight: f.Score(), oldestDays: f.OldestDays}
		if failed[f.Customer] {
			broken = append(broken, e)
		} else {
			other = append(other, e)
		}
	}
	var lines []WorkLine
	for _, part := range [][]entry{broken, other} {
		merged, err := merge(part)
		if err != nil {
			return nil, fmt.Errorf("worklist: %w", err)
		}
		for _, l := range merged {
			lines = append(lines, WorkLine{WorkFacts: best[l.Customer], Amounts: l.Amounts})
		}
	}
	return lines, nil
}

// before tells which currency of an account leads its line.
func (f WorkFacts) before(o WorkFacts) bool {
	if (f.BrokenOpen.Sign() > 0) != (o.BrokenOpen.Sign() > 0) {
		return f.BrokenOpen.Sign() > 0
	}
	return cmp.Or(cmp.Compare(o.Score(), f.Score()), cmp.Compare(f.ToChase.Currency(), o.ToChase.Currency())) < 0
}

// Unclaimed returns the lines that nobody has, with their sum by currency.
func Unclaimed(lines []WorkLine) (free []WorkLine, sums []Money, err error) {
	free = slices.DeleteFunc(slices.Clone(lines), func(l WorkLine) bool { return l.Claim.ID != 0 })
	for _, l := range free {
		for _, m := range l.Amounts {
			if sums, err = addAmount(sums, m); err != nil {
				return nil, nil, fmt.Errorf("unclaimed money: %w", err)
			}
		}
	}
	return free, sums, nil
}
