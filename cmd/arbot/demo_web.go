package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/internal/fakeslack/web"
)

// browse shows the demo's Slack as a page on this machine until ctx ends.
func (d *demo) browse(ctx context.Context, day ar.Date) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", d.listen)
	if err != nil {
		return usageError{fmt.Sprintf("the page cannot listen on %s (%v): give another address with --listen", d.listen, err)}
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return errors.Join(usageError{"the page shows everything to whoever can reach it: --listen takes an address of this machine only, such as 127.0.0.1:8090"}, listener.Close())
	}
	d.day.Store(&day)
	server := newServer(web.New(d.page()))
	server.WriteTimeout = time.Minute // the page waits for what is new, and a day of the company takes its time
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	fmt.Fprintf(d.out, "\nOpen http://%s in a browser. Be anybody there; Ctrl-C ends the demo.\n", listener.Addr())
	select {
	case err = <-ended:
		return fmt.Errorf("serve the page: %w", err)
	case <-ctx.Done():
	}
	return server.Close()
}

// page is the workspace with those of its people who have a part in it.
func (d *demo) page() web.Options {
	o := web.Options{Slack: d.slack, Zone: d.zone, Today: func() string { return d.day.Load().Long() }, NextDay: d.nextDay}
	roles := map[ar.Role]string{ar.Rep: "rep", ar.ARClerk: "AR", ar.Manager: "manager", ar.Admin: "admin"}
	for _, role := range []ar.Role{ar.ARClerk, ar.Rep, ar.Manager, ar.Admin} {
		for i, p := range d.company.People() {
			if p.Role == role {
				o.People = append(o.People, web.Person{ID: demoUser(i), Role: roles[role]})
			}
		}
	}
	for _, c := range bot.Commands() {
		o.Commands = append(o.Commands, web.Command{Text: d.app.settings.Slack.Command + " " + c.Name + " ", Hint: strings.TrimSpace(c.Usage + "  " + c.Summary)})
	}
	for _, e := range bot.Shortcuts() {
		if e.OfMessage {
			o.Shortcuts = append(o.Shortcuts, web.Shortcut{CallbackID: e.Form, Name: e.Name})
		}
	}
	return o
}

// nextDay goes to the next business day: what happened since comes in with the
// books, and the digests are posted.
func (d *demo) nextDay(ctx context.Context) error {
	day := *d.day.Load()
	for {
		day = day.AddDays(1)
		d.company.Advance(1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			break
		}
	}
	d.moveTo(day)
	if _, err := d.read(ctx, day); err != nil {
		return err
	}
	if err := d.app.reviewClaims(ctx); err != nil {
		return err
	}
	if err := d.post(ctx, day, false, everyRoute); err != nil {
		return err
	}
	if err := d.app.escalate(ctx, day); err != nil {
		return err
	}
	d.day.Store(&day)
	return nil
}
