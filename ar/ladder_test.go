package ar_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

// house is a ladder of three rungs: after 5, 20 and 40 days, two business days between.
func house() ar.Ladder {
	return ar.Ladder{Segment: "all", Pause: 2, Rungs: []ar.Rung{
		{Days: 5, To: ar.ToOwner}, {Days: 20, AtLeast: 100, Channel: "C0SALES"}, {Days: 40, AtLeast: 100, Channel: "C0AR", Hold: true},
	}}
}

// eachDay are the moments of the days from one to another, all with fresh data.
func eachDay(t testing.TB, from, to string) []ar.LadderMoment {
	var days []ar.LadderMoment
	for d := day(t, from); !d.After(day(t, to)); d = d.AddDays(1) {
		days = append(days, ar.LadderMoment{Day: d, Fresh: true})
	}
	return days
}

// climbed are the steps as "rung@day".
func climbed(t testing.TB, l ar.Ladder, h ar.LadderHistory, days []ar.LadderMoment) string {
	t.Helper()
	steps, err := l.Replay(h, days, ar.Workdays{})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, s := range steps {
		words = append(words, string(rune('0'+s.Rung))+"@"+s.On.String())
	}
	return strings.Join(words, " ")
}

// owing is an account with an invoice of 1,000.00 due on Mon 5 Oct 2026, and one of
// 50.00 due on Fri 30 Oct.
func owing(t *testing.T) (*book, ar.LadderHistory) {
	t.Helper()
	b := newBook(t)
	first := b.invoice("INV-1", "1000.00", "2026-09-05", "2026-10-05")
	b.invoice("INV-2", "50.00", "2026-09-30", "2026-10-30")
	return b, ar.LadderHistory{History: ar.History{Documents: b.documents, Applications: b.applications}, Customer: first.Customer}
}

func TestLadderClimbs(t *testing.T) {
	t.Parallel()
	act := func(on string) ar.Act { return ar.Act{By: "U1", On: day(t, on)} }
	promise := func(h ar.LadderHistory, made, due string) ar.Promise {
		return ar.Promise{ID: 1, Customer: h.Customer, Document: h.Documents[0].ID, Made: act(made), Parts: []ar.Instalment{{Amount: usd(t, "1000.00"), Due: day(t, due)}}}
	}
	for name, tt := range map[string]struct {
		change func(b *book, h *ar.LadderHistory)
		stale  string // a day with old data
		want   string
	}{
		"nobody does anything": {want: "1@2026-10-12 2@2026-10-26 3@2026-11-16"}, // 10 Oct, 25 Oct and 14 Nov are on weekends
		"old data waits":       {stale: "2026-10-12", want: "1@2026-10-13 2@2026-10-26 3@2026-11-16"},
		"paid": {want: "1@2026-10-12 0@2026-10-20 1@2026-11-04", change: func(b *book, _ *ar.LadderHistory) {
			b.pay("PAY-1", "INV-1", "1000.00", "2026-10-20") // INV-2 begins at the bottom
		}},
		"a part payment skips no rung": {want: "1@2026-10-12 2@2026-10-26 3@2026-11-16", change: func(b *book, _ *ar.LadderHistory) {
			b.pay("PAY-1", "INV-1", "500.00", "2026-10-20")
		}},
		"too little is left for the next rung": {want: "1@2026-10-12", change: func(b *book, _ *ar.LadderHistory) {
			b.pay("PAY-1", "INV-1", "990.00", "2026-10-20")
		}},
		"taken for good": {want: "1@2026-10-12", change: func(_ *book, h *ar.LadderHistory) {
			h.Claims = []ar.Claim{{Customer: h.Customer, Made: act("2026-10-13")}}
		}},
		"taken, and stale after a week": {want: "1@2026-10-12 2@2026-11-02 3@2026-11-23", change: func(_ *book, h *ar.LadderHistory) {
			h.Claims = []ar.Claim{{Customer: h.Customer, Made: act("2026-10-13"), End: ar.ClaimLapsed, Ended: act("2026-10-20")}}
		}},
		"promised and broken: one rung up at once": {want: "1@2026-10-12 2@2026-10-19 3@2026-11-16", change: func(_ *book, h *ar.LadderHistory) {
			h.Promises = []ar.Promise{promise(*h, "2026-10-13", "2026-10-16")}
		}},
		"promised for long": {want: "1@2026-10-12 2@2026-11-16 3@2026-11-18", change: func(_ *book, h *ar.LadderHistory) {
			h.Promises = []ar.Promise{promise(*h, "2026-10-13", "2026-11-13")}
		}},
		"disputed": {want: "1@2026-11-04", change: func(_ *book, h *ar.LadderHistory) {
			h.Disputes = []ar.Dispute{{Document: h.Documents[0].ID, Customer: h.Customer, Amount: usd(t, "1000.00"), State: ar.DisputeOpen, Opened: act("2026-10-06")}}
		}},
		"put off": {want: "1@2026-10-19 2@2026-10-26 3@2026-11-16", change: func(_ *book, h *ar.LadderHistory) {
			h.Snoozes = []ar.Snooze{{Customer: h.Customer, Until: day(t, "2026-10-19"), Made: act("2026-10-08")}}
		}},
		"credit that is not applied": {want: "1@2026-11-04", change: func(b *book, _ *ar.LadderHistory) {
			b.credit("CM-1", "1000.00", "2026-10-06") // it covers the older invoice
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, h := owing(t)
			if tt.change != nil {
				tt.change(b, &h)
			}
			h.History = ar.History{Documents: b.documents, Applications: b.applications}
			days := eachDay(t, "2026-10-01", "2026-11-30")
			for i := range days {
				days[i].Fresh = days[i].Day.String() != tt.stale
			}
			if diff := cmp.Diff(tt.want, climbed(t, house(), h, days)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// An account that is long overdue when arbot comes begins at the bottom, and goes one
// rung at a time.
func TestLadderBeginsAtTheBottom(t *testing.T) {
	t.Parallel()
	_, h := owing(t)
	if got, want := climbed(t, house(), h, eachDay(t, "2027-02-01", "2027-02-28")), "1@2027-02-01 2@2027-02-03 3@2027-02-05"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Two promises that were broken take an account up whatever the days.
func TestLadderCountsBrokenPromises(t *testing.T) {
	t.Parallel()
	_, h := owing(t)
	for i, due := range []string{"2026-10-07", "2026-10-08"} {
		h.Promises = append(h.Promises, ar.Promise{
			ID: ar.PromiseID(i + 1), Customer: h.Customer, Document: h.Documents[0].ID, Made: ar.Act{On: day(t, "2026-10-06")},
			Parts: []ar.Instalment{{Amount: usd(t, "500.00"), Due: day(t, due)}},
		})
	}
	l := ar.Ladder{Segment: "all", Pause: 1, Rungs: []ar.Rung{{Days: 30, To: ar.ToOwner}, {Days: 60, To: ar.ToOwner, Broken: 3}, {Days: 90, To: ar.ToOwner, Broken: 2}}}
	if got, want := climbed(t, l, h, eachDay(t, "2026-10-06", "2026-10-30")), "1@2026-10-08 2@2026-10-09 3@2026-10-12"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLadderSaysWhy(t *testing.T) {
	t.Parallel()
	_, h := owing(t)
	h.Claims = []ar.Claim{{Customer: h.Customer, Made: ar.Act{By: "U1", On: day(t, "2026-10-06")}, End: ar.ClaimReleased, Ended: ar.Act{On: day(t, "2026-10-08")}}}
	why := func(date string, said ...ar.LadderStep) string {
		d, err := h.On(ar.LadderMoment{Day: day(t, date), Fresh: true}, ar.Workdays{})
		if err != nil {
			t.Fatal(err)
		}
		return house().Look(d, said, ar.Workdays{}).Step.Why
	}
	for date, want := range map[string]string{
		"2026-10-05": "Nothing is overdue.",
		"2026-10-07": "Somebody has the account: its clock stands still until the claim ends.",
		"2026-10-09": "It is 4 days overdue, on 2 of which somebody had it, and the next rung begins at 5 days.",
		"2026-10-10": "The ladder moves on business days only.",
		"2026-10-12": "Rung 1 of 3 (all). $1,000.00 is to chase, the oldest due on Mon 5 Oct 2026: 7 days overdue, on 2 of which somebody had it. This rung is from 5 days on.",
	} {
		if diff := cmp.Diff(want, why(date)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", date, diff)
		}
	}
	if got, want := why("2026-10-30", ar.LadderStep{Rung: 1, On: day(t, "2026-10-29")}), "There are 2 business days between two rungs; the last step was on Thu 29 Oct 2026."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLaddersThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	for want, rungs := range map[string][]ar.Rung{
		"needs a rung":            nil,
		"days begin at 1":         {{To: ar.ToOwner}},
		"give one of the two":     {{Days: 5}},
		"neither owner":           {{Days: 5, To: "sales"}},
		"Days and amounts must":   {{Days: 5, To: ar.ToOwner}, {Days: 4, To: ar.ToOwner}},
		"than the rung before it": {{Days: 5, AtLeast: 10, To: ar.ToOwner}, {Days: 6, AtLeast: 9, To: "a@example.com"}},
	} {
		if err := (ar.Ladder{Rungs: rungs}).Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want a word of %q", rungs, err, want)
		}
	}
	if err := house().Check(); err != nil {
		t.Error(err)
	}
}
