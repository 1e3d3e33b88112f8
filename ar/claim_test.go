package ar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/ar"
)

// civil is a date written as 2006-01-02, and usdOf an amount written as 12.34.
func civil(text string) ar.Date {
	d, err := ar.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

func usdOf(text string) ar.Money {
	m, err := ar.ParseMoney(text, "USD")
	if err != nil {
		panic(err)
	}
	return m
}

// actOn is an act in the middle of a day.
func actOn(by, date string) ar.Act {
	d := civil(date)
	return ar.Act{By: by, At: d.In(time.UTC).Add(12 * time.Hour), On: d}
}

func TestLapsed(t *testing.T) {
	t.Parallel()
	claim := ar.Claim{ID: 1, Customer: 7, Made: actOn("U1", "2026-11-25")} // a Wednesday
	holiday := ar.Workdays{Off: func(d ar.Date) bool { return d == civil("2026-11-26") }}
	for _, tt := range []struct {
		name  string
		claim ar.Claim
		acts  []ar.AccountAct
		days  ar.Workdays
		last  string // the last day on which it stands
	}{
		{"three business days, over a weekend", claim, nil, ar.Workdays{}, "2026-11-30"},
		{"a holiday does not count", claim, nil, holiday, "2026-12-01"},
		{"an act of the holder", claim, []ar.AccountAct{{Customer: 7, Act: actOn("U1", "2026-11-27")}}, ar.Workdays{}, "2026-12-02"},
		{"an act of somebody else", claim, []ar.AccountAct{{Customer: 7, Act: actOn("U2", "2026-11-27")}}, ar.Workdays{}, "2026-11-30"},
		{"an act about another account", claim, []ar.AccountAct{{Customer: 8, Act: actOn("U1", "2026-11-27")}}, ar.Workdays{}, "2026-11-30"},
		{"an act before the claim", claim, []ar.AccountAct{{Customer: 7, Act: actOn("U1", "2026-11-24")}}, ar.Workdays{}, "2026-11-30"},
		{"made on a Saturday", ar.Claim{Customer: 7, Made: actOn("U1", "2026-11-28")}, nil, ar.Workdays{}, "2026-12-02"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			last := civil(tt.last)
			if ar.Lapsed(tt.claim, tt.acts, tt.days, last) {
				t.Errorf("lapsed on %s, want it to stand", last.Long())
			}
			next := tt.days.Add(last, 1)
			if !ar.Lapsed(tt.claim, tt.acts, tt.days, next) || ar.LapsesOn(tt.claim, tt.acts, tt.days) != next {
				t.Errorf("not lapsed on %s; it lapses on %s", next.Long(), ar.LapsesOn(tt.claim, tt.acts, tt.days).Long())
			}
			ended, err := tt.claim.Finish(ar.ClaimReleased, actOn("U1", "2026-11-26"))
			if err != nil || ar.Lapsed(ended, tt.acts, tt.days, next) {
				t.Errorf("a claim that ended lapses: %v", err)
			}
			if _, err := ended.Finish(ar.ClaimLapsed, ar.Act{}); ar.KindOf(err) != ar.Invalid {
				t.Errorf("it ends twice: %v", err)
			}
		})
	}
}

// An act never makes a claim lapse earlier, and once lapsed it stays so.
func TestLapsedIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := civil("2026-11-25")
		claim := ar.Claim{Customer: 7, Made: actOn("U1", start.String())}
		var acts []ar.AccountAct
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 30), 0, 6).Draw(t, "acts") {
			acts = append(acts, ar.AccountAct{Customer: 7, Act: actOn("U1", start.AddDays(n).String())})
		}
		on := start.AddDays(rapid.IntRange(0, 60).Draw(t, "on"))
		lapsed := ar.Lapsed(claim, acts, ar.Workdays{}, on)
		if len(acts) > 0 && !ar.Lapsed(claim, acts[1:], ar.Workdays{}, on) && lapsed {
			t.Fatalf("with an act more it lapses by %s", on)
		}
		if lapsed && !ar.Lapsed(claim, acts, ar.Workdays{}, on.AddDays(1)) {
			t.Fatalf("lapsed on %s, and not the day after", on)
		}
	})
}

func TestSnoozeCheck(t *testing.T) {
	t.Parallel()
	today := civil("2026-11-25")
	for _, tt := range []struct {
		until, reason string
		ok            bool
	}{
		{"2026-11-26", "asks for a copy", true},
		{"2026-12-09", "asks for a copy", true},
		{"2026-12-10", "asks for a copy", false},
		{"2026-11-25", "asks for a copy", false},
		{"2026-11-26", " ", false},
	} {
		err := ar.Snooze{Until: civil(tt.until), Reason: tt.reason}.Check(today, 14)
		if (err == nil) != tt.ok || err != nil && ar.KindOf(err) != ar.Invalid {
			t.Errorf("until %s, %q: %v, want ok %v", tt.until, tt.reason, err, tt.ok)
		}
	}
	if err := (ar.Snooze{Reason: "x"}).Check(today, 14); ar.KindOf(err) != ar.Invalid {
		t.Errorf("without a date: %v", err)
	}
}

func TestSnoozeHolds(t *testing.T) {
	t.Parallel()
	s := ar.Snooze{Customer: 7, Document: 3, Until: civil("2026-12-01"), Made: actOn("U1", "2026-11-25")}
	for date, want := range map[string]bool{"2026-11-24": false, "2026-11-25": true, "2026-11-30": true, "2026-12-01": false} {
		if got := s.Holds(civil(date)); got != want {
			t.Errorf("on %s: got %v, want %v", date, got, want)
		}
	}
	if !s.Covers(7, 3) || s.Covers(7, 4) || s.Covers(7, 0) || !(ar.Snooze{Customer: 7}).Covers(7, 4) {
		t.Error("it covers the wrong invoices")
	}
	woken, err := s.Finish(ar.SnoozeWoken, actOn("U1", "2026-11-26"))
	if err != nil || woken.Holds(civil("2026-11-27")) {
		t.Errorf("it holds after its end: %v", err)
	}
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	late := ar.Preferences{QuietFrom: "18:00", QuietTo: "07:00"}
	for _, tt := range []struct {
		name       string
		wants      ar.Preferences
		now, until string
		digest     bool
	}{
		{"nothing is wanted", ar.Preferences{}, "2026-11-25 08:00:20", "2026-11-25 08:00:20", true},
		{"the digest comes later", ar.Preferences{DigestFrom: "09:30"}, "2026-11-25 08:00:20", "2026-11-25 09:30:00", true},
		{"other posts do not", ar.Preferences{DigestFrom: "09:30"}, "2026-11-25 08:00:20", "2026-11-25 08:00:20", false},
		{"it is late enough", ar.Preferences{DigestFrom: "9:30"}, "2026-11-25 09:30:00", "2026-11-25 09:30:00", true},
		{"quiet now", ar.Preferences{QuietFrom: "12:00", QuietTo: "13:00"}, "2026-11-25 12:15:59", "2026-11-25 13:00:00", false},
		{"quiet over midnight, before it", late, "2026-11-25 23:00:00", "2026-11-26 07:00:00", false},
		{"quiet over midnight, after it", late, "2026-11-25 06:00:00", "2026-11-25 07:00:00", false},
		{"quiet from its first minute on", late, "2026-11-25 18:00:00", "2026-11-26 07:00:00", false},
		{"quiet is over", ar.Preferences{QuietFrom: "12:00", QuietTo: "13:00"}, "2026-11-25 13:00:00", "2026-11-25 13:00:00", false},
		{"the later digest falls into it", ar.Preferences{DigestFrom: "12:30", QuietFrom: "12:00", QuietTo: "13:00"}, "2026-11-25 08:00:00", "2026-11-25 13:00:00", true},
		{"a night in which the clocks go back", late, "2026-10-24 23:00:00", "2026-10-25 07:00:00", false},
		{"a night in which they go forward", late, "2026-03-28 23:00:00", "2026-03-29 07:00:00", false},
		{"the last night of a year", late, "2026-12-31 20:00:00", "2027-01-01 07:00:00", false},
	} {
		if err := tt.wants.Check(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		now, err := time.ParseInLocation(time.DateTime, tt.now, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.wants.HoldsUntil(now, tt.digest).Format(time.DateTime); got != tt.until {
			t.Errorf("%s: until %s, want %s", tt.name, got, tt.until)
		}
	}
	for _, wrong := range []ar.Preferences{
		{DigestFrom: "24:00"},
		{DigestFrom: "9"},
		{DigestFrom: "9:3"},
		{QuietFrom: "09:00"},
		{QuietFrom: "09:00", QuietTo: "09:00"},
		{DigestFrom: "9:30 am"},
		{DigestFrom: "19:00", QuietFrom: "18:00", QuietTo: "07:00"},
	} {
		if err := wrong.Check(); ar.KindOf(err) != ar.Invalid {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

func TestSubscriptionWants(t *testing.T) {
	t.Parallel()
	one, mine, all := ar.Subscription{Customer: 7}, ar.Subscription{Filter: ar.SubscribedMine}, ar.Subscription{Filter: ar.SubscribedAll, Above: usdOf("100.00")}
	for _, tt := range []struct {
		name     string
		s        ar.Subscription
		customer ar.CustomerID
		owned    bool
		amount   ar.Money
		want     bool
	}{
		{"its account", one, 7, false, usdOf("1.00"), true},
		{"another account", one, 8, true, usdOf("1.00"), false},
		{"an own account", mine, 8, true, usdOf("1.00"), true},
		{"not an own account", mine, 8, false, usdOf("1.00"), false},
		{"more", all, 8, false, usdOf("100.01"), true},
		{"not more", all, 8, false, usdOf("100.00"), false},
		{"another currency", all, 8, false, ar.NewMoney(99999, "EUR"), false},
	} {
		if got := tt.s.Wants(tt.customer, tt.owned, tt.amount); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}
