package jobs_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"arbot/ar"
	"arbot/jobs"
)

var (
	everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	workdays = everyDay[1:6]
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// record notes what ran: the name, the instant in UTC, and the day that it was for.
type record struct {
	mu   sync.Mutex
	runs []string
}

func (r *record) daily(name string) func(context.Context, ar.Date) error {
	return func(_ context.Context, day ar.Date) error {
		r.add(name + " " + time.Now().UTC().Format("2006-01-02 15:04") + " for " + day.String())
		return nil
	}
}

func (r *record) add(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.runs = append(r.runs, line)
}

func (r *record) list() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.runs)
}

// logged is a logger into a string.
type logged struct {
	strings.Builder

	mu sync.Mutex
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(p)
}

func (l *logged) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.String()
}

func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// keep runs a timetable in a bubble of its own from one instant to another.
func keep(t *testing.T, from, to string, table jobs.Timetable) {
	t.Helper()
	time.Sleep(time.Until(at(t, from)))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- table.Run(ctx) }()
	time.Sleep(time.Until(at(t, to)))
	stop()
	if err := <-ended; err != nil {
		t.Errorf("timetable ended with %v", err)
	}
}

func TestTimetable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		zone     string
		hour     int
		minute   int
		days     []time.Weekday
		holidays []string
		grace    time.Duration
		from, to string
		want     []string
		warns    string
	}{
		{
			name: "SC-01 (a) the wall clock stays when summer time ends", zone: "America/New_York", hour: 8, minute: 30, days: everyDay,
			from: "2026-10-31T10:00:00Z", to: "2026-11-02T20:00:00Z",
			want: []string{"2026-10-31 12:30 for 2026-10-31", "2026-11-01 13:30 for 2026-11-01", "2026-11-02 13:30 for 2026-11-02"},
		},
		{
			name: "a time that the clocks skip is an hour off", zone: "America/New_York", hour: 2, minute: 30, days: everyDay,
			from: "2027-03-13T05:00:00Z", to: "2027-03-15T12:00:00Z",
			want: []string{"2027-03-13 07:30 for 2027-03-13", "2027-03-14 06:30 for 2027-03-14", "2027-03-15 06:30 for 2027-03-15"},
		},
		{
			name: "a time that the clocks repeat is taken once", zone: "America/New_York", hour: 1, minute: 30, days: everyDay,
			from: "2026-10-31T04:00:00Z", to: "2026-11-02T12:00:00Z",
			want: []string{"2026-10-31 05:30 for 2026-10-31", "2026-11-01 05:30 for 2026-11-01", "2026-11-02 06:30 for 2026-11-02"},
		},
		{
			name: "SC-01 (c) the offset is that of the company's zone", zone: "Australia/Sydney", hour: 10, days: everyDay,
			from: "2026-11-15T13:00:00Z", to: "2026-11-16T13:00:00Z",
			want: []string{"2026-11-15 23:00 for 2026-11-16"},
		},
		{
			name: "SC-06 weekends and holidays are free", zone: "America/New_York", hour: 8, minute: 30, days: workdays, holidays: []string{"2026-11-26"},
			from: "2026-11-25T12:00:00Z", to: "2026-12-01T00:00:00Z",
			want: []string{"2026-11-25 13:30 for 2026-11-25", "2026-11-27 13:30 for 2026-11-27", "2026-11-30 13:30 for 2026-11-30"},
		},
		{
			name: "the day is the company's", zone: "Pacific/Auckland", hour: 8, minute: 30, days: workdays,
			from: "2026-11-22T12:00:00Z", to: "2026-11-23T22:00:00Z",
			want: []string{"2026-11-22 19:30 for 2026-11-23", "2026-11-23 19:30 for 2026-11-24"},
		},
		{
			name: "SC-04 after days of outage only today is caught up", zone: "America/New_York", hour: 8, minute: 30, days: workdays, grace: 6 * time.Hour,
			from: "2026-11-25T15:15:00Z", to: "2026-11-26T15:00:00Z", // the 20th, 23rd and 24th were missed as well
			want: []string{"2026-11-25 15:15 for 2026-11-25", "2026-11-26 13:30 for 2026-11-26"},
		},
		{
			name: "too late is skipped and said", zone: "America/New_York", hour: 8, minute: 30, days: workdays, grace: time.Hour,
			from: "2026-11-25T15:15:00Z", to: "2026-11-25T23:00:00Z",
			warns: "today's run was missed and is skipped",
		},
		{
			name: "nothing is caught up on a holiday", zone: "America/New_York", hour: 8, minute: 30, days: workdays, holidays: []string{"2026-11-26"}, grace: 6 * time.Hour,
			from: "2026-11-26T15:15:00Z", to: "2026-11-26T23:00:00Z",
		},
		{
			name: "nothing is caught up before its time", zone: "America/New_York", hour: 8, minute: 30, days: workdays, grace: 6 * time.Hour,
			from: "2026-11-25T13:29:00Z", to: "2026-11-25T13:31:00Z",
			want: []string{"2026-11-25 13:30 for 2026-11-25"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, test.zone)
			synctest.Test(t, func(t *testing.T) {
				var ran record
				var log logged
				daily := jobs.Daily{Name: "d", Hour: test.hour, Minute: test.minute, Weekdays: test.days, Run: ran.daily("")}
				daily.Off = func(day ar.Date) bool { return slices.Contains(test.holidays, day.String()) }
				keep(t, test.from, test.to, jobs.Timetable{
					Zone: loc, Daily: []jobs.Daily{daily}, Grace: test.grace, Now: time.Now, Logger: log.logger(),
				})
				got := ran.list()
				for i := range got {
					got[i] = strings.TrimSpace(got[i])
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("runs (-want +got):\n%s", diff)
				}
				if test.warns == "" && log.text() != "" || !strings.Contains(log.text(), test.warns) {
					t.Errorf("log = %q, want it to have %q", log.text(), test.warns)
				}
			})
		})
	}
}

func TestDailiesRunByTheirOwnTimes(t *testing.T) {
	t.Parallel()
	loc := zone(t, "Europe/Berlin")
	synctest.Test(t, func(t *testing.T) {
		var ran record
		var log logged
		keep(t, "2026-11-25T06:00:00Z", "2026-11-25T12:00:00Z", jobs.Timetable{
			Zone: loc, Now: time.Now, Logger: log.logger(),
			Daily: []jobs.Daily{
				{Name: "reps", Hour: 8, Minute: 40, Weekdays: workdays, Run: ran.daily("reps")},
				{Name: "ar", Hour: 8, Minute: 30, Weekdays: workdays, Run: ran.daily("ar")},
				{Name: "mondays", Hour: 8, Minute: 30, Weekdays: []time.Weekday{time.Monday}, Run: ran.daily("mondays")},
			},
		})
		want := []string{"ar 2026-11-25 07:30 for 2026-11-25", "reps 2026-11-25 07:40 for 2026-11-25"}
		if diff := cmp.Diff(want, ran.list()); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
	})
}

func TestAFaultStopsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ran record
		var log logged
		fails := func(_ context.Context, day ar.Date) error {
			return ar.Refuse("no books on %s", day)
		}
		keep(t, "2026-11-25T06:00:00Z", "2026-11-26T12:00:00Z", jobs.Timetable{
			Zone: time.UTC, Now: time.Now, Logger: log.logger(),
			Daily: []jobs.Daily{
				{Name: "bad", Hour: 8, Weekdays: everyDay, Run: fails},
				{Name: "good", Hour: 9, Weekdays: everyDay, Run: ran.daily("good")},
			},
			Repeated: []jobs.Repeated{{Name: "sync", Every: 12 * time.Hour, Run: func(context.Context) error {
				ran.add("sync")
				return ar.Refuse("no ledger")
			}}},
		})
		want := []string{"sync", "good 2026-11-25 09:00 for 2026-11-25", "sync", "sync", "good 2026-11-26 09:00 for 2026-11-26"}
		if diff := cmp.Diff(want, ran.list()); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		for _, say := range []string{"daily run failed", "name=bad", "repeated run failed", "no ledger"} {
			if !strings.Contains(log.text(), say) {
				t.Errorf("the log lacks %q:\n%s", say, log.text())
			}
		}
	})
}

// A reading that takes longer than its interval is not begun a second time meanwhile,
// and it begins at once at the start.
func TestRepeatedRunsDoNotOverlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ran record
		var log logged
		var running, most int
		var mu sync.Mutex
		count := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			running += by
			most = max(most, running)
		}
		keep(t, "2026-11-25T06:00:00Z", "2026-11-25T07:00:30Z", jobs.Timetable{
			Zone: time.UTC, Now: time.Now, Logger: log.logger(),
			Repeated: []jobs.Repeated{{Name: "slow", Every: 10 * time.Minute, Run: func(ctx context.Context) error {
				count(1)
				defer count(-1)
				ran.add(time.Now().UTC().Format("15:04"))
				pause := time.NewTimer(25 * time.Minute)
				defer pause.Stop()
				select {
				case <-pause.C:
				case <-ctx.Done():
				}
				return ctx.Err()
			}}},
		})
		if most != 1 {
			t.Errorf("%d runs at one time, want 1", most)
		}
		if diff := cmp.Diff([]string{"06:00", "06:30", "07:00"}, ran.list()); diff != "" {
			t.Errorf("runs (-want +got):\n%s", diff)
		}
		if log.text() != "" {
			t.Errorf("a stop is no fault, but the log has %s", log.text())
		}
	})
}

func TestTimetableRefusesWhatCannotRun(t *testing.T) {
	t.Parallel()
	var log logged
	err := jobs.Timetable{
		Zone: time.UTC, Now: time.Now, Logger: log.logger(),
		Repeated: []jobs.Repeated{{Name: "never", Run: func(context.Context) error { return nil }}},
	}.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "never") {
		t.Errorf("a run every 0 s gives %v, want an error that names it", err)
	}
}
