package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/go-co-op/gocron/v2"

	"arbot/ar"
)

// Daily is something that runs once on a business day at a wall-clock time.
type Daily struct {
	Name string
	// Hour and Minute are of the company's zone, whatever its offset that day.
	Hour, Minute int
	// Weekdays are the days on which it runs; Holidays the dates on which it
	// does not all the same.
	Weekdays []time.Weekday
	Holidays []ar.Date
	// Run does it for a day. It must bear being called twice for one day: a
	// tick may come double, late, and from several replicas.
	Run func(ctx context.Context, day ar.Date) error
}

// OnDay reports whether it runs on that date.
func (d Daily) OnDay(day ar.Date) bool {
	return slices.Contains(d.Weekdays, day.Weekday()) && !slices.Contains(d.Holidays, day)
}

// at is the instant at which it runs on a date. A time that the clocks skip is
// taken as time.Date takes it, an hour off.
func (d Daily) at(day ar.Date, zone *time.Location) time.Time {
	y, m, n := day.Civil()
	return time.Date(y, m, n, d.Hour, d.Minute, 0, 0, zone)
}

// Repeated is something that runs again and again, such as a sync.
type Repeated struct {
	Name  string
	Every time.Duration
	// Run does it; while it runs, ticks are skipped.
	Run func(context.Context) error
}

// Timetable says what runs when.
type Timetable struct {
	Zone     *time.Location
	Daily    []Daily
	Repeated []Repeated
	// Grace is how long after its time a daily run is still caught up at
	// start; what is older is skipped and said.
	Grace  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
}

// Run keeps the timetable until ctx ends. It begins with what was missed: every
// repeated run at once, and each daily run of today whose time has passed by no
// more than the grace.
func (t Timetable) Run(ctx context.Context) error {
	scheduler, err := gocron.NewScheduler(gocron.WithLocation(t.Zone), gocron.WithStopTimeout(stopTimeout))
	if err != nil {
		return fmt.Errorf("jobs: timetable: %w", err)
	}
	if err := t.fill(ctx, scheduler); err != nil {
		return errors.Join(err, scheduler.Shutdown())
	}
	scheduler.Start()
	t.catchUp(ctx)
	<-ctx.Done()
	if err := scheduler.Shutdown(); err != nil {
		return fmt.Errorf("jobs: stop the timetable: %w", err)
	}
	return nil
}

// stopTimeout is how long a run may take to notice that it is to stop.
const stopTimeout = 20 * time.Second

func (t Timetable) fill(ctx context.Context, scheduler gocron.Scheduler) error {
	for _, d := range t.Daily {
		tick := func() { t.run(ctx, d, ar.DateOf(t.Now(), t.Zone)) }
		// Not gocron.CronJob: cron leaves a time out that the clocks skip, and takes one
		// twice that they repeat.
		daily := gocron.DailyJob(1, gocron.NewAtTimes(gocron.NewAtTime(uint(d.Hour), uint(d.Minute), 0)))
		if _, err := scheduler.NewJob(daily, gocron.NewTask(tick), gocron.WithName(d.Name)); err != nil {
			return fmt.Errorf("jobs: timetable: %s: %w", d.Name, err)
		}
	}
	for _, r := range t.Repeated {
		tick := func() {
			if err := r.Run(ctx); err != nil && ctx.Err() == nil {
				t.Logger.ErrorContext(ctx, "repeated run failed", "name", r.Name, "error", err)
			}
		}
		_, err := scheduler.NewJob(gocron.DurationJob(r.Every), gocron.NewTask(tick), gocron.WithName(r.Name),
			gocron.WithSingletonMode(gocron.LimitModeReschedule), gocron.WithStartAt(gocron.WithStartImmediately()))
		if err != nil {
			return fmt.Errorf("jobs: timetable: %s: %w", r.Name, err)
		}
	}
	return nil
}

// catchUp runs what today's clock passed while the program was down.
func (t Timetable) catchUp(ctx context.Context) {
	now := t.Now()
	today := ar.DateOf(now, t.Zone)
	for _, d := range t.Daily {
		switch late := now.Sub(d.at(today, t.Zone)); {
		case late < 0 || !d.OnDay(today):
		case late > t.Grace:
			t.Logger.WarnContext(ctx, "today's run was missed and is skipped", "name", d.Name, "late", late.Round(time.Minute).String())
		default:
			t.run(ctx, d, today)
		}
	}
}

func (t Timetable) run(ctx context.Context, d Daily, day ar.Date) {
	if !d.OnDay(day) {
		return
	}
	if err := d.Run(ctx, day); err != nil && ctx.Err() == nil {
		t.Logger.ErrorContext(ctx, "daily run failed", "name", d.Name, "day", day.String(), "error", err)
	}
}
