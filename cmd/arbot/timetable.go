package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	"arbot/jobs"
	arsync "arbot/sync"
)

// timetable is what runs by the clock: syncs, and digests after a fresh sync.
func (a *app) timetable() jobs.Timetable {
	t := jobs.Timetable{Zone: a.settings.zone, Grace: a.settings.catchUp, Now: a.now, Logger: a.log}
	for _, l := range a.ledgers {
		if l.every > 0 {
			t.Repeated = append(t.Repeated, jobs.Repeated{
				Name: "sync " + l.name, Every: l.every,
				Run: func(ctx context.Context) error { a.sync(ctx, l, arsync.Options{}); return nil },
			})
		}
		if l.online() {
			t.Daily = append(t.Daily, jobs.Daily{
				Name: "tie-out of " + l.name, Hour: l.tieOut.Hour, Minute: l.tieOut.Minute, Weekdays: everyDay,
				Run: func(ctx context.Context, _ ar.Date) error { a.sync(ctx, l, arsync.Options{TieOut: true}); return nil },
			})
		}
	}
	if a.intuit != nil {
		t.Repeated = append(t.Repeated, jobs.Repeated{Name: "connections", Every: watchEvery, Run: a.watchConnections})
	}
	t.Repeated = append(t.Repeated, jobs.Repeated{Name: "checklist", Every: guideEvery, Run: a.tickOff})
	a.addDisputeJobs(&t)
	a.addFigureJobs(&t)
	a.addWorklistJobs(&t)
	a.addLadderJobs(&t)
	a.addExportJobs(&t)
	for _, d := range a.settings.dailies() {
		t.Daily = append(t.Daily, jobs.Daily{
			Name: d.name, Hour: d.at.Hour, Minute: d.at.Minute, Zone: d.zone, Weekdays: d.days, Off: a.settings.off,
			Run: func(ctx context.Context, day ar.Date) error {
				a.syncAll(ctx)
				a.judge(ctx) // days pass without news, too
				return a.planDigests(ctx, d.route, day)
			},
		})
	}
	return t
}

var everyDay = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// daily is a digest, or what of one comes at another time than the rest.
type daily struct {
	name  string
	at    ar.Clock
	zone  *time.Location
	days  []time.Weekday
	route desk.Route
}

// dailies are the digests by their times: a digest to reps comes to those who have
// a time of their own at that time, and to the others at its own.
func (s settings) dailies() (all []daily) {
	own := map[string]bool{}
	for _, p := range s.people {
		own[strings.ToLower(p.Email)] = p.own
	}
	for _, g := range s.digests {
		d := daily{name: g.name, at: g.at, zone: s.zone, days: g.days, route: g.route()}
		if g.kind == ar.WeeklyDigest {
			// Each work day asks for the week's: it comes once, and on the day after where
			// its own was a holiday or nobody was there to post it.
			d.days = s.week
		}
		if g.kind != ar.RepDigest {
			all = append(all, d)
			continue
		}
		d.route.For = func(email string) bool { return !own[strings.ToLower(email)] }
		all = append(all, d)
		for _, p := range s.people {
			if p.own {
				d.name, d.at, d.zone = g.name+" to "+p.Email, p.at, p.zone
				d.route.For = func(email string) bool { return strings.EqualFold(email, p.Email) }
				all = append(all, d)
			}
		}
	}
	return all
}

// carryOut brings a post to its place, if this is the time for it.
func (a *app) carryOut(ctx context.Context, n ar.Notice) error {
	post, err := a.desk.Post(ctx, n.Post)
	if err != nil {
		return fmt.Errorf("carry out a notice: %w", err)
	}
	switch {
	case post.Kind == ar.LedgerNote:
		return a.writeNote(ctx, post)
	case post.Begun(): // the rest follows at once
		return a.deliver(ctx, post, true)
	}
	day := a.desk.Today()
	end, quiet := a.settings.quiet.Until(a.now())
	if quiet = quiet && !n.ByHand && held(post.Kind); quiet {
		day = ar.DateOf(end, a.settings.zone)
	}
	switch {
	case post.Over(day):
		a.log.WarnContext(ctx, "a digest was not posted while its day lasted, and is left out", "kind", post.Kind, "route", post.Route, "day", post.Day.String())
		return a.desk.SetPostState(ctx, post.ID, ar.PostMissed, "It could not be posted while its day lasted.")
	case quiet:
		return &bot.RetryLaterError{After: end.Sub(a.now()), Err: fmt.Errorf("quiet hours until %s", end.Format("15:04"))} //nolint:err113 // nobody decides on it
	}
	return a.deliver(ctx, post, n.ByHand && forAsker(post.Kind))
}

// forAsker reports whether a post that somebody waits for is for who waits, or for who is
// to read it whatever the hour. An escalation is for somebody else: it waits for the end of
// the reader's own quiet hours.
func forAsker(k ar.PostKind) bool { return k != ar.EscalationPost && k != ar.EscalationNews }

// held reports whether quiet hours hold posts of a kind back. What answers to
// something that somebody just did is not held.
func held(k ar.PostKind) bool {
	return k.Digest() || k == ar.Alert || k == ar.VerdictPost || k == ar.DisputeReminder || k == ar.DisputeQuestion || k == ar.ContactQuestion ||
		k == ar.EscalationPost || k == ar.EscalationNews || k == ar.LadderReport ||
		k == ar.ClaimEnded || k == ar.PaymentNews || k == ar.NoiseReport
}
