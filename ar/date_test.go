package ar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"arbot/ar"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestEpochDays(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{
		"1970-01-01": 0, "1970-01-02": 1, "1969-12-31": -1, "1900-03-01": -25_508, "2000-02-29": 11_016,
		"2026-11-25": 20_782, "0000-01-01": -719_528, "9999-12-31": 2_932_896,
	} {
		d := day(t, s)
		if got := d.EpochDays(); got != want || ar.DateFromEpochDays(want) != d || d.String() != s {
			t.Errorf("%s: %d days, want %d; back %s", s, got, want, ar.DateFromEpochDays(want))
		}
	}
}

func anyDate() *rapid.Generator[ar.Date] {
	return rapid.Custom(func(t *rapid.T) ar.Date {
		return ar.DateFromEpochDays(rapid.Int64Range(-719_528, 2_932_896).Draw(t, "days")) // years 0 to 9999
	})
}

func TestDatesCountDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDate().Draw(t, "a"), anyDate().Draw(t, "b")
		days := b.Sub(a)
		if a.AddDays(days) != b || b.AddDays(-days) != a || a.Sub(b) != -days {
			t.Fatalf("%s and %s are %d days apart, but %s + %d = %s", a, b, days, a, days, a.AddDays(days))
		}
		ya, ma, da := a.Civil()
		yb, mb, db := b.Civil()
		ta, tb := time.Date(ya, ma, da, 0, 0, 0, 0, time.UTC), time.Date(yb, mb, db, 0, 0, 0, 0, time.UTC)
		if want := (tb.Unix() - ta.Unix()) / 86_400; int64(days) != want {
			t.Fatalf("%s - %s = %d, want %d", b, a, days, want)
		}
		if a.Compare(b) != ta.Compare(tb) || a.Before(b) != ta.Before(tb) || a.After(b) != ta.After(tb) || a.Weekday() != ta.Weekday() {
			t.Fatalf("%s and %s are ordered wrongly", a, b)
		}
		if back, err := ar.ParseDate(a.String()); err != nil || back != a || ar.NewDate(ya, ma, da) != a {
			t.Fatalf("%s came back as %s, %v", a, back, err)
		}
		if first, last := a.MonthStart(), a.MonthEnd(); first.After(a) || last.Before(a) || first.AddDays(-1).MonthEnd() != first.AddDays(-1) ||
			last.AddDays(1).MonthStart() != last.AddDays(1) || last.Sub(first) > 30 {
			t.Fatalf("the month of %s is from %s to %s", a, first, last)
		}
		text, err := a.MarshalText()
		var back ar.Date
		if err != nil || back.UnmarshalText(text) != nil || back != a {
			t.Fatalf("%s came back as %s, %v", text, back, err)
		}
	})
}

func TestNoDate(t *testing.T) {
	t.Parallel()
	var none ar.Date
	if !none.IsZero() || none.String() != "" || none.Long() != "no date" || none.Short() != "no date" {
		t.Errorf("no date is written %q, %q, %q", none, none.Long(), none.Short())
	}
	for _, s := range []string{"0000-01-01", "1969-12-31", "1970-01-01", "2026-11-25"} {
		d := day(t, s)
		if d.IsZero() || !none.Before(d) || !d.After(none) || none.Compare(d) != -1 || ar.Latest(none, d) != d || ar.Latest(d, none) != d {
			t.Errorf("no date doesn't sort before %s", s)
		}
	}
	if ar.Latest() != none || ar.Latest(none) != none {
		t.Error("the latest of nothing is a date")
	}
	text, err := none.MarshalText()
	back := day(t, "2026-11-25")
	if err != nil || len(text) != 0 || back.UnmarshalText(text) != nil || !back.IsZero() {
		t.Errorf("no date came back as %s", back)
	}
}

func TestDatesInWords(t *testing.T) {
	t.Parallel()
	d := day(t, "2026-11-05")
	if d.Long() != "Thu 5 Nov 2026" || d.Short() != "5 Nov" {
		t.Errorf("written %q and %q", d.Long(), d.Short())
	}
}

func TestParseDateRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "26-11-25", "2026-1-2", "2026/11/25", "2026-11-25T00:00:00Z", " 2026-11-25"} {
		if d, err := ar.ParseDate(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
		if d := day(t, "2020-01-01"); s != "" && d.UnmarshalText([]byte(s)) == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

// TestDateOf includes the clocks of case AG-07.
func TestDateOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, at, zone, want string
	}{
		{"AG-07 (a): the last second of the day", "2026-11-25T23:59:59-05:00", "America/New_York", "2026-11-25"},
		{"AG-07 (b): the first of the next", "2026-11-26T00:00:00-05:00", "America/New_York", "2026-11-26"},
		{"a server in UTC is a day ahead", "2026-11-26T03:00:00Z", "America/New_York", "2026-11-25"},
		{"and a day behind", "2026-11-25T15:00:00Z", "Asia/Tokyo", "2026-11-26"},
		{"in summer", "2026-07-01T03:59:59Z", "America/New_York", "2026-06-30"},
		{"the hour that comes twice", "2026-11-01T06:30:00Z", "America/New_York", "2026-11-01"},
		{"before the clocks go forward", "2027-03-14T04:59:59Z", "America/New_York", "2027-03-13"},
		{"after the clocks went forward", "2027-03-15T03:59:59Z", "America/New_York", "2027-03-14"},
		{"half an hour", "2026-11-25T18:29:59Z", "Asia/Kolkata", "2026-11-25"},
		{"far ahead of UTC", "2026-11-25T10:00:00Z", "Pacific/Kiritimati", "2026-11-26"},
		{"before 1970", "1969-12-31T23:59:59Z", "UTC", "1969-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := ar.DateOf(at, zone(t, tt.zone)).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestTheDayBeginsOnce: the instant at which a date begins is of that date, and
// the one before is not, also where the clocks jump over midnight.
func TestTheDayBeginsOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, date, want string }{
		{"UTC", "1969-12-31", "1969-12-31T00:00:00Z"},
		{"America/New_York", "2026-11-01", "2026-11-01T00:00:00-04:00"},
		{"America/New_York", "2026-11-02", "2026-11-02T00:00:00-05:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},  // 00:00 does not exist
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"}, // nor here
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"}, // comes twice
	} {
		loc, d := zone(t, tt.zone), day(t, tt.date)
		begin := d.In(loc)
		if got := begin.Format(time.RFC3339); got != tt.want || ar.DateOf(begin, loc) != d || !ar.DateOf(begin.Add(-1), loc).Before(d) {
			t.Errorf("%s begins in %s at %s, want %s", d, tt.zone, got, tt.want)
		}
	}
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut", "America/Havana"} {
		zones = append(zones, zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		loc := rapid.SampledFrom(zones).Draw(t, "zone")
		d := ar.DateFromEpochDays(rapid.Int64Range(-20_000, 30_000).Draw(t, "days"))
		if begin := d.In(loc); ar.DateOf(begin, loc) != d || ar.DateOf(begin.Add(-1), loc) != d.AddDays(-1) {
			t.Fatalf("%s begins in %s at %s", d, loc, begin)
		}
	})
}

// TestADayIsADay: the day on which the clocks change counts as one.
func TestADayIsADay(t *testing.T) {
	t.Parallel()
	loc := zone(t, "America/New_York")
	for _, s := range []string{"2026-11-01", "2027-03-14"} {
		d := day(t, s)
		if hours := d.AddDays(1).In(loc).Sub(d.In(loc)).Hours(); hours == 24 {
			t.Fatalf("%s has 24 hours: not a case", s)
		}
		if days := d.AddDays(1).Sub(d); days != 1 {
			t.Errorf("the day after %s is %d days later", s, days)
		}
	}
}
