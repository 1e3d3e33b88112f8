package jobs_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/jobs"
)

// SC-01: the next time is reckoned with the offset of its own date, not with today's.
func TestSC01Next(t *testing.T) {
	t.Parallel()
	newYork, sydney := zone(t, "America/New_York"), zone(t, "Australia/Sydney")
	only := func(days ...string) func(ar.Date) bool {
		return func(day ar.Date) bool { return !strings.Contains(strings.Join(days, " "), day.String()) }
	}
	tests := map[string]struct {
		daily   jobs.Daily
		company *time.Location
		after   string
		want    []string
	}{
		"(a) daily over the end of summer time": {
			jobs.Daily{Hour: 8, Minute: 30, Weekdays: everyDay},
			newYork, "2026-10-31T10:00:00Z",
			[]string{"2026-10-31T12:30:00Z", "2026-11-01T13:30:00Z", "2026-11-02T13:30:00Z"},
		},
		"(b) three months ahead": {
			jobs.Daily{Hour: 6, Weekdays: everyDay, Off: only("2026-08-05", "2026-11-05")},
			newYork, "2026-08-05T10:00:00Z",
			[]string{"2026-11-05T11:00:00Z"},
		},
		"(c) Sydney": {
			jobs.Daily{Hour: 10, Weekdays: everyDay},
			sydney, "2026-11-15T13:00:00Z",
			[]string{"2026-11-15T23:00:00Z"},
		},
		"a person elsewhere, by the own clock": {
			jobs.Daily{Hour: 7, Minute: 45, Zone: zone(t, "Pacific/Auckland"), Weekdays: workdays},
			newYork, "2026-11-24T00:00:00Z",
			// 07:45 in Auckland on the 25th is 13:45 in New York on the 24th.
			[]string{"2026-11-24T18:45:00Z", "2026-11-25T18:45:00Z"},
		},
		"into summer time": {
			jobs.Daily{Hour: 8, Minute: 30, Weekdays: everyDay},
			newYork, "2027-03-13T12:00:00Z",
			[]string{"2027-03-13T13:30:00Z", "2027-03-14T12:30:00Z"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			next := at(t, test.after)
			for range test.want {
				var ok bool
				if next, ok = test.daily.Next(next, test.company); !ok {
					break
				}
				got = append(got, next.UTC().Format(time.RFC3339))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("next (-want +got):\n%s", diff)
			}
		})
	}
	if next, ok := (jobs.Daily{Weekdays: everyDay, Off: func(ar.Date) bool { return true }}).Next(at(t, "2026-11-25T10:00:00Z"), newYork); ok {
		t.Errorf("with holidays all over it runs on %s", next)
	}
}

func TestADailyOfAnotherZoneRunsByItsClock(t *testing.T) {
	t.Parallel()
	loc, there := zone(t, "America/New_York"), zone(t, "Europe/London")
	synctest.Test(t, func(t *testing.T) {
		var ran record
		var log logged
		keep(t, "2026-10-23T00:00:00Z", "2026-10-27T00:00:00Z", jobs.Timetable{
			Zone: loc, Now: time.Now, Logger: log.logger(),
			Daily: []jobs.Daily{{Name: "ed", Hour: 7, Minute: 45, Zone: there, Weekdays: workdays, Run: ran.daily("ed")}},
		})
		// London leaves summer time on the 25th, New York a week later.
		want := []string{"ed 2026-10-23 06:45 for 2026-10-23", "ed 2026-10-26 07:45 for 2026-10-26"}
		if diff := cmp.Diff(want, ran.list()); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
	})
}

// A run that fails is tried again, as long as the grace lasts, and no more once it went well.
func TestAFailedDailyIsMadeUpFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures int
		grace    time.Duration
		want     []string
	}{
		"twice":    {2, time.Hour, []string{"08:30", "08:32", "08:37"}},
		"for ever": {99, 12 * time.Minute, []string{"08:30", "08:32", "08:37", "08:42"}},
		"never":    {0, time.Hour, []string{"08:30"}},
		"no grace": {99, 0, []string{"08:30"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var ran record
				var log logged
				tries := 0
				keep(t, "2026-11-25T06:02:00Z", "2026-11-25T20:00:00Z", jobs.Timetable{
					Zone: time.UTC, Now: time.Now, Logger: log.logger(), Grace: test.grace,
					Daily: []jobs.Daily{{Name: "d", Hour: 8, Minute: 30, Weekdays: workdays, Run: func(context.Context, ar.Date) error {
						tries++
						ran.add(time.Now().UTC().Format("15:04"))
						if tries <= test.failures {
							return errors.New("the database is away")
						}
						return nil
					}}},
				})
				if diff := cmp.Diff(test.want, ran.list()); diff != "" {
					t.Errorf("tries (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The timers of a machine stand still while it sleeps, its wall clock does not. What was
// missed is made up for when it wakes, and a tick that comes a day late is not taken for
// one of the new day, whose time has not come.
func TestAMachineThatSlept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		slept time.Duration // right after the start at 07:00
		to    string        // by the timers
		want  []string
	}{
		"over its time":         {2 * time.Hour, "2026-11-25T08:00:00Z", []string{"2026-11-25 09:05 for 2026-11-25"}},
		"over a day":            {26 * time.Hour, "2026-11-25T08:00:00Z", []string{"2026-11-26 09:05 for 2026-11-26"}},
		"until before its time": {16 * time.Hour, "2026-11-25T17:00:00Z", []string{"2026-11-26 08:30 for 2026-11-26"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var ran record
				var log logged
				started := at(t, "2026-11-25T07:00:00Z")
				wall := func() time.Time {
					if now := time.Now(); now.After(started) {
						return now.Add(test.slept)
					}
					return time.Now()
				}
				keep(t, "2026-11-25T07:00:00Z", test.to, jobs.Timetable{
					Zone: time.UTC, Now: wall, Logger: log.logger(), Grace: time.Hour,
					Daily: []jobs.Daily{{Name: "d", Hour: 8, Minute: 30, Weekdays: workdays, Run: func(_ context.Context, day ar.Date) error {
						ran.add(wall().UTC().Format("2006-01-02 15:04") + " for " + day.String())
						return nil
					}}},
				})
				if diff := cmp.Diff(test.want, ran.list()); diff != "" {
					t.Errorf("runs (-want +got):\n%s", diff)
				}
			})
		})
	}
}
