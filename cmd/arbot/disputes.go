package main

import (
	"context"
	"time"

	"arbot/ar"
	"arbot/jobs"
)

// askAfter is how many business days a new company has before its people are asked
// who really pays.
const askAfter = 5

// sealEvery is how often the audit is sealed: what is not sealed yet could be
// changed without a trace by whoever can write into the database.
const sealEvery = 5 * time.Minute

// addDisputeJobs puts into the timetable what keeps disputes, contacts and the
// audit by itself: reminders and questions in the morning of a business day, and
// the seals.
func (a *app) addDisputeJobs(t *jobs.Timetable) {
	at := a.settings.disputesAt
	t.Daily = append(t.Daily, jobs.Daily{
		Name: "disputes", Hour: at.Hour, Minute: at.Minute, Zone: a.settings.zone, Weekdays: a.settings.week, Off: a.settings.off,
		Run: func(ctx context.Context, day ar.Date) error {
			if err := a.desk.PlanDisputeReminders(ctx, day); err != nil {
				return err
			}
			return a.desk.PlanContactQuestions(ctx, day)
		},
	})
	t.Repeated = append(t.Repeated, jobs.Repeated{Name: "audit", Every: sealEvery, Run: func(ctx context.Context) error {
		_, err := a.desk.SealAudit(ctx)
		return err
	}})
}

// suggest asks, after a ledger was read, whether what it brought resolved
// disputes. The ledger is read all the same if that goes wrong.
func (a *app) suggest(ctx context.Context) {
	if err := a.desk.SuggestResolutions(ctx); err != nil {
		a.log.ErrorContext(ctx, "no resolutions were suggested", "error", err)
	}
}
