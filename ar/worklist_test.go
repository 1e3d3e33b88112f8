package ar_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"arbot/ar"
)

func TestWorklist(t *testing.T) {
	t.Parallel()
	facts := []ar.WorkFacts{
		{Customer: 1, Name: "Old and small", ToChase: usdOf("100.00"), OldestDays: 90, Acted: true},
		{Customer: 2, Name: "Large", ToChase: usdOf("5000.00"), OldestDays: 5},
		{Customer: 3, Name: "Broke its word", ToChase: usdOf("10.00"), OldestDays: 1, Broken: 1, BrokenOpen: usdOf("10.00"), BrokenDue: civil("2026-11-20")},
		{Customer: 4, Name: "Nothing to chase", ToChase: usdOf("0.00"), OldestDays: 200},
		{Customer: 5, Name: "Risky", ToChase: usdOf("2000.00"), OldestDays: 5, Broken: 2, Acted: true},
		{Customer: 6, Name: "Two currencies", ToChase: usdOf("1.00"), OldestDays: 1},
		{Customer: 6, Name: "Two currencies", ToChase: ar.NewMoney(100_000_00, "EUR"), OldestDays: 1},
	}
	lines, err := ar.Worklist(facts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprintf("%s: %s (%s)", l.Name, l.Step(), l.Why()))
	}
	want := []string{
		"Broke its word: call about the broken promise ($10.00 promised by 20 Nov did not come; $10.00 × 1 day × risk 2)",
		"Risky: ask again, and get a date ($2,000.00 × 5 days × risk 3)",
		"Large: ask for the payment ($5,000.00 × 5 days × risk 1)",
		"Two currencies: ask for the payment (€100,000.00 × 1 day × risk 1)",
		"Old and small: call and get a date ($100.00 × 90 days × risk 1)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("worklist (-want +got):\n%s", diff)
	}
	lines[1].Claim.ID = 9
	free, sums, err := ar.Unclaimed(lines)
	if err != nil || len(free) != 4 || fmt.Sprint(sums) != "[$5,111.00 €100,000.00]" {
		t.Errorf("unclaimed: %d accounts, %v, %v", len(free), sums, err)
	}
}

func drawFacts(t *rapid.T) []ar.WorkFacts {
	var facts []ar.WorkFacts
	for i := range rapid.IntRange(0, 12).Draw(t, "accounts") {
		f := ar.WorkFacts{
			Customer: ar.CustomerID(i + 1), Name: fmt.Sprint("Account ", i),
			ToChase:    ar.NewMoney(rapid.Int64Range(0, 1_000_000_00).Draw(t, "amount"), "USD"),
			OldestDays: rapid.IntRange(0, 400).Draw(t, "days"), Broken: rapid.IntRange(0, 6).Draw(t, "broken"),
		}
		if f.Broken > 0 && rapid.Bool().Draw(t, "still open") {
			f.BrokenOpen = usdOf("1.00")
		}
		facts = append(facts, f)
	}
	return facts
}

func placeOf(lines []ar.WorkLine, id ar.CustomerID) int {
	return slices.IndexFunc(lines, func(l ar.WorkLine) bool { return l.Customer == id })
}

// Every account with something to chase stands once; those with a broken promise come
// first, each part by falling score; the order of the facts does not matter; and an
// account never falls by owing more, longer, or after one more broken promise.
func TestWorklistProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := drawFacts(t)
		lines, err := ar.Worklist(facts)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			if there := placeOf(lines, f.Customer) >= 0; there != (f.ToChase.Sign() > 0) {
				t.Fatalf("%s with %s to chase: on the list %v", f.Name, f.ToChase, there)
			}
		}
		for i := 1; i < len(lines); i++ {
			before, after := lines[i-1], lines[i]
			switch {
			case before.BrokenOpen.Sign() == after.BrokenOpen.Sign():
				if before.Score() < after.Score() {
					t.Fatalf("%s before %s", before.Why(), after.Why())
				}
			case after.BrokenOpen.Sign() > 0:
				t.Fatalf("a broken promise stands behind %s", before.Why())
			}
		}
		shuffled, err := ar.Worklist(rapid.Permutation(facts).Draw(t, "order"))
		if diff := cmp.Diff(lines, shuffled, cmp.AllowUnexported(ar.Money{}, ar.Date{})); err != nil || diff != "" {
			t.Fatalf("another order of the facts gives another list: %v\n%s", err, diff)
		}
		if len(lines) == 0 {
			return
		}
		one := rapid.IntRange(0, len(lines)-1).Draw(t, "account")
		id := lines[one].Customer
		i := slices.IndexFunc(facts, func(f ar.WorkFacts) bool { return f.Customer == id })
		switch rapid.IntRange(0, 2).Draw(t, "worse") {
		case 0:
			facts[i].ToChase = ar.NewMoney(facts[i].ToChase.Minor()*2, "USD")
		case 1:
			facts[i].OldestDays += 30
		case 2:
			facts[i].Broken++
		}
		worse, err := ar.Worklist(facts)
		if err != nil || placeOf(worse, id) > one {
			t.Fatalf("it falls from %d to %d: %v", one, placeOf(worse, id), err)
		}
	})
}

// The score of amounts that no company has ends at the largest number.
func TestScoreDoesNotOverflow(t *testing.T) {
	t.Parallel()
	f := ar.WorkFacts{ToChase: ar.NewMoney(1<<62, "USD"), OldestDays: 4000, Broken: 9}
	if f.Score() <= 0 || f.Risk() != ar.HighestRisk {
		t.Errorf("score %d, risk %d", f.Score(), f.Risk())
	}
}
