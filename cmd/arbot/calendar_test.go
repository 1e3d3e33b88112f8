package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
)

func TestCalendar(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		calendar string
		worked   []string
		from     string
		days     int
		want     []string
	}{
		"Thanksgiving": {"us", nil, "2026-11-20", 10, []string{"2026-11-26 Thanksgiving Day"}},
		"a holiday that the company works on": {
			"US", []string{"columbus day", "Veterans Day"}, "2026-10-01", 60, []string{"2026-11-26 Thanksgiving Day"},
		},
		"the day off for a Saturday is the Friday before, in the year before": {
			"us", nil, "2027-12-30", 4, []string{"2027-12-31 New Year's Day", "2028-01-01 New Year's Day"},
		},
		"Boxing Day moves on behind Christmas": {
			"gb", nil, "2027-12-24", 6,
			[]string{"2027-12-25 Christmas Day", "2027-12-26 Boxing Day", "2027-12-27 Christmas Day", "2027-12-28 Boxing Day"},
		},
		"Easter":             {"de", nil, "2027-03-24", 8, []string{"2027-03-26 Karfreitag", "2027-03-29 Ostermontag"}},
		"a German state":     {"de-by", nil, "2026-11-01", 3, []string{"2026-11-01 Allerheiligen"}},
		"Germany as a whole": {"de", nil, "2026-11-01", 3, nil},
		"none":               {"", nil, "2026-12-20", 20, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := newCalendar(test.calendar, test.worked)
			if err != nil {
				t.Fatal(err)
			}
			day, err := ar.ParseDate(test.from)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range test.days {
				if name := c.holiday(day); name != "" {
					got = append(got, day.String()+" "+name)
				}
				if c.off(day) != (c.holiday(day) != "") {
					t.Errorf("%s: off is %t", day, c.off(day))
				}
				day = day.AddDays(1)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("holidays (-want +got):\n%s", diff)
			}
		})
	}
}

// Every calendar that can be named has some holidays in a year, and no more than a month.
func TestEveryCalendarHasHolidays(t *testing.T) {
	t.Parallel()
	for name := range holidayLists {
		c, err := newCalendar(name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		free := 0
		for day, n := ar.NewDate(2027, 1, 1), 0; n < 365; day, n = day.AddDays(1), n+1 {
			if c.off(day) {
				free++
			}
		}
		if free < 5 || free > 31 {
			t.Errorf("%s has %d holidays in 2027", name, free)
		}
	}
}

func TestWhenFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ config, want string }{
		"no such calendar": {
			"company: {zone: UTC, calendar: atlantis}\n",
			`  line 1: company.calendar: "atlantis" is no calendar that arbot knows: write one of at, au-act, *`,
		},
		"no such holiday": {
			"company:\n  zone: UTC\n  calendar: us\n  works_on: [Boxing Day]\n",
			`  line 4: company.works_on: "Boxing Day" is no holiday of the calendar "us", which has New Year's Day, *`,
		},
		"quiet hours": {
			"company:\n  zone: UTC\n  quiet:\n    from: \"20:00\"\n    to: evening\n",
			`  line 5: company.quiet.to: "evening" is not a time of the day such as 08:30`,
		},
		"quiet hours without length": {
			"company: {zone: UTC, quiet: {from: \"20:00\", to: \"20:00\"}}\n",
			`  line 1: company.quiet: begins when it ends: write two times, such as {from: "20:00", to: "07:30"}`,
		},
		"a digest in quiet hours": {
			"company: {zone: UTC, quiet: {from: \"20:00\", to: \"09:00\"}}\ndigests:\n  - {name: a, kind: ar, channel: C01, at: \"08:30\"}\n",
			"  line 3: digests.1.at: 08:30 lies in the quiet hours, in which nothing is posted: from 20:00 to 09:00",
		},
		"people": {
			"company: {zone: UTC}\npeople:\n  - email: a@x.com\n    at: early\n    deputy: A@x.com\n" +
				"  - email: b@x.com\n    zone: Mars\n  - email: c@x.com\n    away: [{from: 2026-12-01, to: 2026-11-01}]\n  - email: d@x.com\n    deputy: someone\n",
			`  line 4: people.1.at: "early" is not a time of the day such as 08:30` + "\n" +
				"  line 4: people.1.at: is of no use without a digest of kind: reps\n" +
				"  line 5: people.1.deputy: nobody is the own deputy: name somebody else\n" +
				`  line 7: people.2.zone: "Mars" is not a zone such as America/New_York or Europe/Berlin` + "\n" +
				"  line 7: people.2.zone: goes with at: *\n" +
				"  line 9: people.3.away: who reads the digest meanwhile? *\n" +
				"  line 9: people.3.away.1: ends on 2026-11-01, before it begins on 2026-12-01\n" +
				`  line 11: people.4.deputy: "someone" is not an e-mail address: it tells who in Slack is meant`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseConfig([]byte(test.config))
			if err == nil {
				t.Fatal("it is taken")
			}
			want, got := strings.Split(test.want, "\n"), strings.Split(err.Error(), "\n")
			for i := range max(len(want), len(got)) {
				if i >= len(want) || i >= len(got) || !likeLine(want[i], got[i]) {
					t.Fatalf("faults are\n%s\nwant\n%s", err, test.want)
				}
			}
		})
	}
}

// likeLine compares with a line that may end in a star.
func likeLine(want, got string) bool {
	if begin, open := strings.CutSuffix(want, "*"); open {
		return strings.HasPrefix(got, begin)
	}
	return want == got
}
