package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// drain is how long what is under way may take to end after a stop.
const drain = 20 * time.Second

// serve runs everything until it is told to stop.
func (p *program) serve(ctx context.Context, args []string) error {
	set := p.flags("serve")
	path := p.configFlag(set)
	if err := p.parse(set, args, 0); err != nil {
		return err
	}
	s, err := readConfig(*path)
	if err != nil {
		return err
	}
	secrets, err := p.readTokens(s.Slack.Mode)
	if err != nil {
		return err
	}
	release, err := lockBooks(s.Database)
	if err != nil {
		return err
	}
	defer release()
	err = p.serveBooks(ctx, s, secrets)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil // it was stopped while it started
	}
	return err
}

func (p *program) serveBooks(ctx context.Context, s settings, t tokens) error {
	a, err := p.openApp(ctx, s, slog.New(slog.NewJSONHandler(p.err, nil)))
	if err != nil {
		return err
	}
	return errors.Join(a.serve(ctx, t), a.close())
}

func (a *app) serve(ctx context.Context, t tokens) error {
	if err := a.connect(ctx, t); err != nil {
		return err
	}
	a.openWebhook()
	rescued, err := a.books.RescueJobs(ctx)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.settings.Slack.Listen)
	if err != nil {
		return fmt.Errorf("listen on slack.listen %s: %w", a.settings.Slack.Listen, err)
	}
	a.log.InfoContext(ctx, "arbot serves", "version", buildVersion(), "team", a.talk.identity.Team, "mode", a.settings.Slack.Mode,
		"database", a.books.Dialect(), "listen", listener.Addr().String(), "jobs_rescued", rescued)
	if err := a.intuit.reseal(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	defer a.live(ctx)()
	defer stop()
	parts := []func(context.Context) error{
		a.takeWebhooks,
		func(ctx context.Context) error { return a.serveHTTP(ctx, listener) },
		func(ctx context.Context) error { return a.talk.queue.Run(ctx, drain) },
		a.timetable().Run,
		a.watchToken,
	}
	a.guide.on = true
	if a.settings.Slack.Mode == "socket" {
		parts = append(parts, a.talk.bot.RunSocket)
	}
	err = together(ctx, parts)
	if gone, ok := errors.AsType[*lockedOutError](err); ok {
		a.log.ErrorContext(ctx, "slack locked arbot out, and it stops", "reason", gone.Error())
		return gone
	}
	a.log.InfoContext(ctx, "arbot stopped", "error", err)
	return err
}

// together runs parts until ctx ends or one of them fails, then stops them all
// and waits for them. It returns what failed.
func together(ctx context.Context, parts []func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- part(ctx) }()
	}
	var faults []error
	for range parts {
		if err := <-ended; err != nil {
			faults = append(faults, err)
		}
		stop()
	}
	return errors.Join(faults...)
}

// newServer is every HTTP server of the program. Nobody can keep it waiting without an
// end; a handler that answers for longer sets a deadline of its own, by
// http.ResponseController.
func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 1 << 16,
	}
}

// serveHTTP answers health checks and, in http mode, Slack's requests.
func (a *app) serveHTTP(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /metrics", a.metrics)
	a.mountQuickBooks(mux)
	if a.settings.Slack.Mode == "http" {
		mux.Handle("/slack/", a.talk.bot.HTTP())
	}
	server := newServer(mux)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		a.log.WarnContext(stopping, "the HTTP server did not stop in time", "error", err)
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return a.talk.bot.Drain(stopping)
}

// ready answers whether the bot can work: the books answer and Slack is there.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	if err := a.books.Ping(r.Context()); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	if a.settings.Slack.Mode == "socket" && !a.talk.bot.Connected() {
		http.Error(w, "not connected to Slack", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}
