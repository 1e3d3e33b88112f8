package main

import (
	"context"

	"arbot/ar"
)

// promisesConfig says how promises are judged.
type promisesConfig struct {
	// Grace is how many business days after the day that was promised a payment still
	// keeps the promise.
	Grace int `yaml:"grace_days"`
}

const (
	// graceDays let a payment arrive that was sent on the day itself.
	graceDays = 1
	mostGrace = 30
)

func (s *settings) checkPromises(c *checker) {
	if g := s.Promises.Grace; g < 0 || g > mostGrace {
		c.fault("promises.grace_days", "%d is not a number of days from 0 to %d", g, mostGrace)
	}
}

// workdays are the business days of the company: they count the grace of promises and
// the time for disputes.
func (s settings) workdays() ar.Workdays { return ar.Workdays{Weekdays: s.week, Off: s.off} }

// judge gives the verdicts on promises, by what the ledgers have brought. What was read
// is in the books all the same if that goes wrong.
func (a *app) judge(ctx context.Context) {
	told, err := a.desk.JudgePromises(ctx)
	if err != nil {
		a.log.ErrorContext(ctx, "promises were not judged", "error", err)
	}
	if told > 0 {
		a.log.InfoContext(ctx, "promises judged", "verdicts", told)
	}
}
