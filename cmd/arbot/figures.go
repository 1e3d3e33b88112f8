package main

import (
	"math/big"
	"regexp"
	"time"

	"arbot/jobs"
)

// learnEvery is how often it's looked whether there's news to learn from of how customers
// pay: a day that has passed, or a ledger that was read.
const learnEvery = 3 * time.Hour

// addFigureJobs puts into the timetable what forecasts rest on.
func (a *app) addFigureJobs(t *jobs.Timetable) {
	t.Repeated = append(t.Repeated, jobs.Repeated{Name: "forecast", Every: learnEvery, Run: a.desk.LearnForecast})
}

// buckets is how many buckets an aging by due date has.
const buckets = 5

// percentText is a part of a hundred as people write it: "0.5", "12.5 %".
var percentText = regexp.MustCompile(`^\d{1,3}(\.\d{1,6})?$`)

// checkLossRates reads what part of each bucket is taken to be lost.
func (s *settings) checkLossRates(c *checker) {
	if s.LossRates == nil {
		return
	}
	if len(s.LossRates) != buckets {
		c.fault("loss_rates", "%d rates are not one for each of not due, 1-30, 31-60, 61-90 and 91+: write five, in percent", len(s.LossRates))
		return
	}
	for _, text := range s.LossRates {
		rate := new(big.Rat)
		if percentText.MatchString(text) {
			rate.SetString(text)
		}
		if !percentText.MatchString(text) || rate.Cmp(big.NewRat(100, 1)) > 0 {
			c.fault("loss_rates", "%q is not a number of percent from 0 to 100, such as 2.5", text)
			return
		}
		s.lossRates = append(s.lossRates, rate.Quo(rate, big.NewRat(100, 1)))
	}
}
