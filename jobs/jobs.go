// Package jobs wakes things up: what runs later (the queue of notices, worked
// by River) and what runs by the clock (a timetable, kept by gocron). It knows
// no rule and no Slack: what is to be done comes in as functions.
//
// A map of its files:
//
//	queue.go      works off the notices that transactions enqueued
//	timetable.go  digests and syncs by the company's clock, and what was missed
//	daily.go      when something runs that runs once on a business day
package jobs
