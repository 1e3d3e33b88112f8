package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/jobs"
)

// followEvery is how often it is looked whether an escalation was taken, or let go, by
// other ways than its own button.
const followEvery = 5 * time.Minute

// addLadderJobs puts into the timetable what keeps escalations by itself.
func (a *app) addLadderJobs(t *jobs.Timetable) {
	at := a.settings.ladderAt
	t.Daily = append(t.Daily, jobs.Daily{
		Name: "ladder", Hour: at.Hour, Minute: at.Minute, Zone: a.settings.zone, Weekdays: a.settings.week, Off: a.settings.off,
		Run: func(ctx context.Context, day ar.Date) error {
			if len(a.settings.Ladder.Segments) > 0 { // it goes by fresh data alone
				a.syncAll(ctx)
				a.judge(ctx)
			}
			return a.escalate(ctx, day)
		},
	})
	t.Repeated = append(t.Repeated, jobs.Repeated{Name: "escalations", Every: followEvery, Run: a.desk.FollowEscalations})
}

// escalate is the morning of the escalations: claims that lapse, and what was paid, are
// seen first, then accounts go up the ladder, and it is asked again what nobody took.
func (a *app) escalate(ctx context.Context, day ar.Date) error {
	if _, err := a.desk.ReviewClaims(ctx); err != nil {
		return err
	}
	if err := a.desk.FollowEscalations(ctx); err != nil {
		return err
	}
	return errors.Join(a.desk.ClimbLadder(ctx, day), a.desk.PlanAsksAgain(ctx, day))
}

// followUp looks at the escalations after a ledger was read. The ledger is read all the same
// if that goes wrong.
func (a *app) followUp(ctx context.Context) {
	if err := a.desk.FollowEscalations(ctx); err != nil {
		a.log.ErrorContext(ctx, "escalations were not followed", "error", err)
	}
}

// ladder tries the ladders of the config on the past.
func (p *program) ladder(ctx context.Context, args []string) error {
	set := p.flags("ladder")
	path := p.configFlag(set)
	back := set.String("backtest", "", "show what would have been posted in so many days up to today, such as 90d")
	if err := p.parse(set, args, 0); err != nil {
		return err
	}
	days, err := strconv.Atoi(strings.TrimSuffix(*back, "d"))
	if err != nil || days < 1 || days > mostBacktestDays {
		return usageError{fmt.Sprintf("say --backtest and a number of days up to %d, such as --backtest 90d", mostBacktestDays)}
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	a, err := p.openApp(ctx, s, p.logger())
	if err != nil {
		return err
	}
	test, err := a.desk.BacktestLadder(ctx, days)
	if err == nil {
		err = printLadder(p.out, a.desk, test)
	}
	return errors.Join(err, a.close())
}

const mostBacktestDays = 730

func printLadder(out io.Writer, d *desk.Desk, test desk.LadderBacktest) error {
	fmt.Fprintf(out, "From %s to %s, on %d business days, the ladder would have posted:\n\n", test.From, test.To, test.Days)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	posted, rungs := 0, map[int]int{}
	for _, l := range test.Lines {
		if l.Rung == 0 {
			continue
		}
		posted++
		rungs[l.Rung]++
		to := l.Channel
		if to == "" {
			to = d.PersonName(l.To)
		}
		if l.Hold {
			to += " (credit hold)"
		}
		fmt.Fprintf(w, "%s\t%s\trung %d\t%s\tto %s\t%s\n", l.On, l.Account.Name, l.Rung, sums(l.Chase), to, l.Why)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if posted == 0 {
		fmt.Fprintln(out, "nothing.")
	}
	for rung := 1; rungs[rung] > 0; rung++ {
		fmt.Fprintf(out, "%srung %d: %d", map[bool]string{true: "\n", false: ", "}[rung == 1], rung, rungs[rung])
	}
	fmt.Fprintln(out)
	if test.Stale > 0 {
		fmt.Fprintf(out, "On %d of the days the data was old, and nothing is posted then.\n", test.Stale)
	}
	return nil
}

// sums writes what there is in each currency.
func sums(list []ar.Money) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return strings.Join(texts, " + ")
}
