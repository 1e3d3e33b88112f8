package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"

	"arbot/ar"
)

// Repeated is something that runs again and again, such as a sync.
type Repeated struct {
	Name  string
	Every time.Duration
	// Run does it; while it runs, ticks are skipped.
	Run func(context.Context) error
}

// Timetable says what runs when.
type Timetable struct {
	// Zone is the company's: it decides what day it is.
	Zone     *time.Location
	Daily    []Daily
	Repeated []Repeated
	// Grace is how long after its time a daily run is still made up for, after a
	// start, a sleep of the machine, or a failure; what is older is skipped and
	// said.
	Grace  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
}

const (
	// stopTimeout is how long a run may take to notice that it is to stop.
	stopTimeout = 20 * time.Second
	// lookAgain is how often the day is looked through for runs that did not
	// happen at their tick, or failed.
	lookAgain = 5 * time.Minute
	// slack is how far a tick may be from its time, by a clock that was set or a
	// machine that was busy.
	slack = time.Minute
)

// Run keeps the timetable until ctx ends. It begins with what was missed: every
// repeated run at once, and each daily run of today whose time has passed by no
// more than the grace.
func (t Timetable) Run(ctx context.Context) error {
	k := &keeper{Timetable: t, days: make([]settled, len(t.Daily))}
	schedulers, err := k.schedule(ctx)
	if err != nil {
		return errors.Join(err, shutdown(schedulers))
	}
	for _, s := range schedulers {
		s.Start()
	}
	k.catchUp(ctx)
	<-ctx.Done()
	if err := shutdown(schedulers); err != nil {
		return fmt.Errorf("jobs: stop the timetable: %w", err)
	}
	return nil
}

func shutdown(schedulers []gocron.Scheduler) (err error) {
	for _, s := range schedulers {
		err = errors.Join(err, s.Shutdown())
	}
	return err
}

// keeper keeps a timetable.
type keeper struct {
	Timetable

	days []settled // of each Daily
}

// settled is the last day that a daily run has run for, or was too late for.
type settled struct {
	sync.Mutex // held while it runs: a tick and a look may come together

	day ar.Date
}

// schedule makes a scheduler for each zone, since gocron has the zone there. The
// first is the company's.
func (k *keeper) schedule(ctx context.Context) (all []gocron.Scheduler, err error) {
	zones := map[string]gocron.Scheduler{}
	in := func(zone *time.Location) (gocron.Scheduler, error) {
		if s := zones[zone.String()]; s != nil {
			return s, nil
		}
		s, err := gocron.NewScheduler(gocron.WithLocation(zone), gocron.WithStopTimeout(stopTimeout))
		if err != nil {
			return nil, fmt.Errorf("jobs: timetable: %w", err)
		}
		zones[zone.String()] = s
		all = append(all, s)
		return s, nil
	}
	company, err := in(k.Zone)
	if err != nil {
		return all, err
	}
	if err := k.repeat(ctx, company); err != nil {
		return all, err
	}
	for i, d := range k.Daily {
		zone := d.Zone
		if zone == nil {
			zone = k.Zone
		}
		s, err := in(zone)
		if err != nil {
			return all, err
		}
		// Not gocron.CronJob: cron leaves a time out that the clocks skip, and takes one
		// twice that they repeat.
		daily := gocron.DailyJob(1, gocron.NewAtTimes(gocron.NewAtTime(uint(d.Hour), uint(d.Minute), 0)))
		if _, err := s.NewJob(daily, gocron.NewTask(func() { k.due(ctx, i, slack) }), gocron.WithName(d.Name)); err != nil {
			return all, fmt.Errorf("jobs: timetable: %s: %w", d.Name, err)
		}
	}
	return all, nil
}

// repeat schedules the repeated runs, and the look for what was missed.
func (k *keeper) repeat(ctx context.Context, s gocron.Scheduler) error {
	add := func(name string, every time.Duration, run func(), o ...gocron.JobOption) error {
		o = append(o, gocron.WithName(name), gocron.WithSingletonMode(gocron.LimitModeReschedule))
		if _, err := s.NewJob(gocron.DurationJob(every), gocron.NewTask(run), o...); err != nil {
			return fmt.Errorf("jobs: timetable: %s: %w", name, err)
		}
		return nil
	}
	for _, r := range k.Repeated {
		tick := func() {
			if err := r.Run(ctx); err != nil && ctx.Err() == nil {
				k.Logger.ErrorContext(ctx, "repeated run failed", "name", r.Name, "error", err)
			}
		}
		if err := add(r.Name, r.Every, tick, gocron.WithStartAt(gocron.WithStartImmediately())); err != nil {
			return err
		}
	}
	return add("look for what was missed", lookAgain, func() { k.catchUp(ctx) })
}

// catchUp runs what of today has not run though its time has come.
func (k *keeper) catchUp(ctx context.Context) {
	for i := range k.Daily {
		k.due(ctx, i, 0)
	}
}

// due runs a daily run of today unless it has run, or its time is yet to come by
// more than early. A tick that comes a day late (the machine slept) finds that
// today's time has not come. Where it fails, the next look tries again.
func (k *keeper) due(ctx context.Context, i int, early time.Duration) {
	done := &k.days[i]
	done.Lock()
	defer done.Unlock()
	d, now := k.Daily[i], k.Now()
	today := ar.DateOf(now.Add(early), k.Zone)
	late := now.Sub(d.at(today, k.Zone))
	if !d.OnDay(today) || done.day == today || late < -early || ctx.Err() != nil {
		return
	}
	if late > max(k.Grace, slack) {
		done.day = today
		k.Logger.WarnContext(ctx, "today's run was missed and is skipped", "name", d.Name, "late", late.Round(time.Minute).String())
		return
	}
	if err := d.Run(ctx, today); err != nil {
		if ctx.Err() == nil {
			k.Logger.ErrorContext(ctx, "daily run failed", "name", d.Name, "day", today.String(), "error", err)
		}
		return
	}
	done.day = today
}
