package main

import (
	"context"
	"fmt"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/jobs"
)

// worklistConfig says how the worklist and claims are kept.
type worklistConfig struct {
	// At is when claims are looked through, on business days.
	At string `yaml:"at"`
	// Snooze is the most calendar days ahead that something can be put off.
	Snooze int `yaml:"snooze_days"`
	// Messages is the most posts of a channel on a day; 0 is no bound.
	Messages int `yaml:"messages_a_day"`
}

const (
	// reviewAt is when claims are looked through where the config says nothing: before
	// most digests, which name who has what.
	reviewAt = "07:30"
	// messagesADay is the message budget of a channel.
	messagesADay = 12
	mostSnooze   = 90
)

func (s *settings) checkWorklist(c *checker) {
	s.worklistAt = c.clock("worklist.at", s.Worklist.At)
	if n := s.Worklist.Snooze; n < 1 || n > mostSnooze {
		c.fault("worklist.snooze_days", "%d is not a number of days from 1 to %d", n, mostSnooze)
	}
	if n := s.Worklist.Messages; n < 0 {
		c.fault("worklist.messages_a_day", "%d is below 0: write the most posts of a channel a day, or 0 for no bound", n)
	}
}

// addWorklistJobs puts into the timetable what keeps claims by itself, and the week's
// report of noise.
func (a *app) addWorklistJobs(t *jobs.Timetable) {
	at := a.settings.worklistAt
	t.Daily = append(t.Daily,
		jobs.Daily{
			Name: "claims", Hour: at.Hour, Minute: at.Minute, Zone: a.settings.zone, Weekdays: a.settings.week, Off: a.settings.off,
			Run: func(ctx context.Context, _ ar.Date) error { return a.reviewClaims(ctx) },
		},
		jobs.Daily{
			Name: "noise report", Hour: at.Hour, Minute: at.Minute, Zone: a.settings.zone, Weekdays: []time.Weekday{time.Monday},
			Run: a.reportNoise,
		})
}

func (a *app) reviewClaims(ctx context.Context) error {
	ended, err := a.desk.ReviewClaims(ctx)
	if ended > 0 {
		a.log.InfoContext(ctx, "claims ended", "claims", ended)
	}
	return err
}

// reportNoise plans the week's report for every admin.
func (a *app) reportNoise(ctx context.Context, day ar.Date) error {
	admins, err := a.talk.people.Having(ctx, ar.Admin)
	if err != nil {
		return fmt.Errorf("report the noise: %w", err)
	}
	for _, user := range admins {
		if err := a.desk.PlanNoiseReport(ctx, user, day); err != nil {
			return err
		}
	}
	return nil
}

// tellPayments tells, after a ledger was read, what came in. The ledger is read all the
// same if that goes wrong.
func (a *app) tellPayments(ctx context.Context) {
	told, err := a.desk.PlanPaymentNews(ctx)
	if err != nil {
		a.log.ErrorContext(ctx, "payments were not told", "error", err)
	}
	if told > 0 {
		a.log.InfoContext(ctx, "payments told", "posts", told)
	}
}

// personal is for how long a direct message waits since its reader wants it so; 0 is not at
// all.
func (a *app) personal(ctx context.Context, post ar.Post, reader bot.Person) (time.Duration, error) {
	wants, err := a.desk.PreferencesOf(ctx, reader.ID)
	if err != nil {
		return 0, fmt.Errorf("what %s wants: %w", reader.ID, err)
	}
	now := a.now().In(a.desk.ZoneOf(reader.Email))
	return wants.HoldsUntil(now, post.Kind.Digest()).Sub(now), nil
}
