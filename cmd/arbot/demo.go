package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/internal/fakeslack"
	"arbot/internal/sampleco"
	arsync "arbot/sync"
)

// demo runs the program as in production, on a made-up company and against a
// Slack of its own on this machine, and lets the commands be typed.
func (p *program) demo(ctx context.Context, args []string) error {
	set := p.flags("demo")
	days := set.Int("days", 0, "walk so many days forward, posting the digests of each business day")
	seed := set.Uint64("seed", 1, "which of the made-up companies")
	width := set.Int("width", 88, "columns to draw in; a phone has about 40")
	browse := set.Bool("web", false, "show the Slack of the demo as a page, to be anybody in it")
	online := set.Bool("quickbooks", false, "keep the books in a QuickBooks of the demo's own, instead of files")
	listen := set.String("listen", "127.0.0.1:8090", "with --web: the `address` of the page, on this machine")
	if err := p.parse(set, args, 0); err != nil {
		return err
	}
	if *days < 0 || *days > 60 {
		return usageError{"--days takes 0 to 60"}
	}
	if *width < 30 || *width > 200 {
		return usageError{"--width takes 30 to 200 columns"}
	}
	dir, err := os.MkdirTemp("", "arbot-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	d := &demo{program: p, dir: dir, width: *width, web: *browse, listen: *listen, online: *online}
	err = d.run(ctx, *seed, *days)
	if ctx.Err() != nil {
		err = nil // it was left by Ctrl-C
	}
	return errors.Join(err, os.RemoveAll(dir))
}

// demo is a company, a Slack and the program between them.
type demo struct {
	*program

	dir        string
	width      int
	web        bool
	listen     string
	online     bool                    // the books are in a QuickBooks, and not in files
	day        atomic.Pointer[ar.Date] // the day that the page shows
	zone       *time.Location
	moved      atomic.Int64 // from the real clock to the day that is shown, as a time.Duration
	company    *sampleco.Company
	slack      *fakeslack.Server
	quickbooks *demoCompany // nil with books in files
	app        *app
	seen       int // messages that were drawn of the AR channel
}

// clock is the real clock, moved by whole days to the day that is shown.
func (d *demo) clock() time.Time { return d.now().Add(time.Duration(d.moved.Load())) }

// moveTo sets the clock to a day, at the time of the day that it is.
func (d *demo) moveTo(day ar.Date) {
	today := ar.DateOf(d.now(), d.zone)
	d.moved.Store(int64(day.In(d.zone).Sub(today.In(d.zone))))
}

func (d *demo) run(ctx context.Context, seed uint64, days int) (err error) {
	if d.zone, err = time.LoadLocation(demoZone); err != nil {
		return fmt.Errorf("load the zone of the demo: %w", err)
	}
	today := ar.DateOf(d.now(), d.zone)
	before := workdayUpTo(workdayUpTo(today).AddDays(-1))
	d.moveTo(before.AddDays(-demoWeek))
	d.company = sampleco.New(sampleco.Options{Seed: seed, Today: before, Before: demoWeek})
	defer func() { err = errors.Join(err, d.close()) }()
	if err := d.open(ctx); err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer d.app.live(working)()
	defer stop()
	ended := make(chan error, 1)
	go func() {
		defer stop()
		ended <- together(working, []func(context.Context) error{
			d.app.talk.bot.RunSocket,
			func(ctx context.Context) error { return d.app.talk.queue.Run(ctx, drain) },
		})
	}()
	err = d.show(working, before, workdayUpTo(today.AddDays(days)))
	stop()
	return errors.Join(err, <-ended)
}

// close ends what was opened.
func (d *demo) close() (err error) {
	if d.app != nil {
		err = d.app.close()
	}
	if d.slack != nil {
		d.slack.Close()
	}
	if d.quickbooks != nil {
		d.quickbooks.server.Close()
	}
	return err
}

func workdayUpTo(day ar.Date) ar.Date {
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDays(-1)
	}
	return day
}

// open makes the Slack and the program.
func (d *demo) open(ctx context.Context) (err error) {
	workspace, config := demoWorld(d.company)
	hurried := *d.program
	if d.online {
		config = strings.Replace(config, "bundle: books", `quickbooks: {sales_rep: `+demoOwner+`}`, 1)
		if d.quickbooks, err = newDemoCompany(d.clock, d.company); err != nil { //nolint:contextcheck // it lives until close
			return err
		}
		if hurried.getenv, err = d.quickbooks.environment(d.getenv); err != nil {
			return err
		}
	}
	d.slack, err = fakeslack.New( //nolint:contextcheck // it lives until Close
		fakeslack.Options{Now: d.clock, Workspace: workspace, PostBurst: -1})
	if err != nil {
		return fmt.Errorf("start a Slack of our own: %w", err)
	}
	s, err := parseConfig([]byte(config))
	if err != nil {
		return fmt.Errorf("config of the demo:\n%w", err)
	}
	s.anchor(d.dir)
	log := slog.New(slog.NewTextHandler(d.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	hurried.now = d.clock
	// Slack's pace of a message a second would make the demo wait for nothing.
	hurried.wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	hurried.poll = 100 * time.Millisecond
	if d.app, err = hurried.openApp(ctx, s, log); err != nil {
		return err
	}
	return d.app.connect(ctx, tokens{bot: d.slack.BotToken(), app: d.slack.AppToken(), url: d.slack.URL()})
}

// show tells the story: the books come in, the digests of the days are posted,
// and then commands can be typed.
func (d *demo) show(ctx context.Context, day, last ar.Date) error {
	if err := d.slack.Await(ctx, func(s *fakeslack.State) bool { return s.Sockets() > 0 }); err != nil {
		return fmt.Errorf("connect to the Slack of the demo: %w", err)
	}
	fmt.Fprintf(d.out, "This is arbot on a made-up company, against a Slack inside this program: nothing leaves\nthe machine, and the code is that of production. The books come in %s.\n\n", d.way())
	if d.online {
		if err := d.connect(ctx); err != nil {
			return err
		}
	}
	if err := d.weekBefore(ctx, day.AddDays(-demoWeek)); err != nil {
		return err
	}
	d.company.Advance(demoWeek)
	d.moveTo(day)
	report, err := d.read(ctx, day)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.out, "%s\n\n", report)
	if err := d.post(ctx, day, false, everyRoute); err != nil {
		return err
	}
	for day != last {
		day = day.AddDays(1)
		d.company.Advance(1)
		if day == workdayUpTo(day) {
			d.moveTo(day)
			if _, err := d.read(ctx, day); err != nil {
				return err
			}
			if err := d.post(ctx, day, true, everyRoute); err != nil {
				return err
			}
		}
	}
	if d.web {
		return d.browse(ctx, day)
	}
	return d.prompt(ctx)
}

// demoWeek is how many days before the day that is shown the books come in first: the
// managers have had a weekly digest then, so that the one that is shown has something to
// start from.
const demoWeek = 7

// weekBefore brings the books in for the first time, and posts the managers' digest.
func (d *demo) weekBefore(ctx context.Context, day ar.Date) error {
	if _, err := d.read(ctx, day); err != nil {
		return err
	}
	return d.post(ctx, day, false, func(r desk.Route) bool { return r.Kind == ar.WeeklyDigest })
}

func everyRoute(desk.Route) bool { return true }

// read exports the books of the company as a bundle and syncs it.
func (d *demo) read(ctx context.Context, day ar.Date) (string, error) {
	bar := newBar(d.program, "Reading the books")
	defer bar.done()
	d.app.engine.Progress = bar.step
	if err := d.write(day); err != nil {
		return "", err
	}
	report, err := d.app.read(ctx, d.app.ledgers[0], arsync.Options{TieOut: true})
	if err != nil {
		return "", fmt.Errorf("sync the books of the demo: %w", err)
	}
	return report.String(), nil
}

// write brings what has happened to the company to where arbot reads it.
func (d *demo) write(day ar.Date) error {
	if d.online {
		return d.quickbooks.typeIn(d.company)
	}
	return d.company.WriteBundle(filepath.Join(d.dir, "books"), day, d.clock())
}

// way is how the books come in.
func (d *demo) way() string {
	if d.online {
		return "from a QuickBooks inside it, too"
	}
	return "as CSV files"
}

// post plans the digests of a day, waits until all stand in Slack, and draws
// the one to AR if it is news.
func (d *demo) post(ctx context.Context, day ar.Date, draw bool, of func(desk.Route) bool) error {
	var planned []ar.PostID
	for _, route := range slices.DeleteFunc(d.app.routes(), func(r desk.Route) bool { return !of(r) }) {
		ids, err := d.app.desk.PlanDigests(ctx, route, day, false)
		if err != nil {
			return err
		}
		planned = append(planned, ids...)
	}
	bar := newBar(d.program, "Posting the digests of "+day.Long())
	defer bar.done()
	bar.step(0, len(planned))
	done := 0
	err := d.app.awaitPosts(ctx, planned, func(ar.Post) {
		done++
		bar.step(done, len(planned))
	})
	if err != nil {
		return err
	}
	messages := d.slack.Messages(arChannel)
	if draw {
		d.drawDigest(day, messages[d.seen:])
	}
	d.seen = len(messages)
	return nil
}
