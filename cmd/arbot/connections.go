package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"arbot/ar"
	"arbot/bot"
	"arbot/desk"
	arsync "arbot/sync"
	"arbot/sync/oauth"
	"arbot/sync/quickbooks"
)

// watchEvery is how often the connections are looked at: the books alone, no ledger is
// asked.
const watchEvery = time.Minute

// watchConnections tells the admins which ledgers have to be connected anew: once for
// each time that one became so, and once a week from a month before all access ends. Of
// what was left out they are told once a week, and when it is something else.
func (a *app) watchConnections(ctx context.Context) error {
	ledgers, err := a.desk.Ledgers(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, l := range ledgers {
		if l.Connection.Name == "" {
			continue
		}
		if l.Health.State == ar.NeedsReconnecting {
			faults = append(faults, a.tellAdmins(ctx, bot.ReconnectTopic(l.Name, l.Health.Since), a.lostWords(l), l.Health.Since))
		} else if left, tell := oauth.HardExpiry(l.Connection, a.now()); tell {
			faults = append(faults, a.tellAdmins(ctx, bot.ExpiryTopic(l.Name), a.expiryWords(l, left), monday(a.now())))
		}
		if said := l.Source.LeftOut; len(said) > 0 {
			topic := fmt.Sprintf("left-out/%x/%s", sha256.Sum256([]byte(strings.Join(said, "\n"))), l.Name)
			faults = append(faults, a.tellAdmins(ctx, topic, a.leftOutWords(l), monday(a.now())))
		}
	}
	return errors.Join(faults...)
}

func (a *app) lostWords(l desk.LedgerState) string {
	since := "Nothing was read of it yet."
	if at := l.Source.DataAsOf; !at.IsZero() {
		since = "The figures are of " + at.In(a.settings.zone).Format("Mon 2 Jan 15:04") + ", and every answer says so."
	}
	return fmt.Sprintf("I cannot read %s any more: %s %s %s", l.Title(), l.Health.Why, since, a.howToReconnect(l.Name))
}

func (a *app) expiryWords(l desk.LedgerState, left time.Duration) string {
	return fmt.Sprintf("In %d days arbot's access to %s ends for good, on %s: QuickBooks lets nobody renew it beyond that. Connect it anew before. %s",
		int(left.Hours()/24), l.Title(), ar.DateOf(l.Connection.HardExpires, a.settings.zone).Long(), a.howToReconnect(l.Name))
}

// leftOutWords name no record: whoever asks sees them.
func (a *app) leftOutWords(l desk.LedgerState) string {
	things := "Something"
	if n := len(l.Source.LeftOut); n > 1 {
		things = fmt.Sprintf("%d things", n)
	}
	return fmt.Sprintf("%s in %s could not be read, or looked wrong when it was. %s sync says what, and what to do.", things, l.Title(), a.settings.Slack.Command)
}

func (a *app) howToReconnect(ledger string) string {
	say := "On the server: arbot connect quickbooks " + ledger
	if a.settings.Public != "" {
		return "Press Reconnect; it takes a minute. (" + say + ")"
	}
	return say
}

// monday is the first day of the week of an instant.
func monday(t time.Time) time.Time {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// tellAdmins tells each admin once for a topic and the day on which it began.
func (a *app) tellAdmins(ctx context.Context, topic, say string, began time.Time) error {
	admins, err := a.talk.people.Having(ctx, ar.Admin)
	if err != nil {
		return fmt.Errorf("alert %s: %w", topic, err)
	}
	if len(admins) == 0 {
		a.log.WarnContext(ctx, "an alert has no reader: no admin is in the config", "topic", topic)
	}
	for _, user := range admins {
		if err := a.desk.AlertOn(ctx, user, topic, say, ar.DateOf(began, a.settings.zone)); err != nil {
			return fmt.Errorf("alert %s: %w", topic, err)
		}
	}
	return nil
}

// ConnectURL is a link by which a ledger is connected, for an admin who asks in Slack.
func (a *app) ConnectURL(_ context.Context, user, name string) (string, error) {
	switch name, err := a.online([]string{name}); {
	case err != nil:
		return "", ar.Refuse("There is no ledger of QuickBooks called %s in the config any more.", name)
	case a.settings.Public == "":
		return "", ar.Refuse("This arbot has no public address (public_url), so that nobody comes back to it. On the server type: arbot connect quickbooks %s", name)
	}
	if err := a.intuit.keys.missing(); err != nil {
		return "", err
	}
	return a.intuit.app(name).AuthorizeURL(name, user, a.settings.Public+callbackPath)
}

// mountQuickBooks adds what Intuit and browsers ask of the public address. A state says
// for which ledger it is, and any App of ours can read it, so that one callback serves
// those of the sandbox too.
func (a *app) mountQuickBooks(mux *http.ServeMux) {
	if a.intuit == nil {
		return
	}
	if a.settings.Public != "" && a.intuit.keys.missing() == nil {
		mux.Handle(callbackPath, a.intuit.anyApp().Callback(a.cameBack))
	}
	if a.webhook != nil {
		mux.Handle("POST "+webhookPath, a.webhook)
	}
}

// anyApp is one of our apps: for what is the same with all of them.
func (c *companies) anyApp() *quickbooks.App {
	if app := c.apps[false]; app != nil {
		return app
	}
	return c.apps[true]
}

// cameBack has a company read that somebody has just connected, and tells who did it.
func (a *app) cameBack(_ context.Context, o quickbooks.Outcome) {
	if !o.Connected() {
		return
	}
	a.background(func(ctx context.Context) { //nolint:contextcheck // it goes on after the browser has its page
		name := o.Connection.Name
		if err := a.intuit.allow(ctx, name, o.Connection); err != nil {
			a.log.ErrorContext(ctx, "a company that the config does not allow was connected, and is disconnected", "ledger", name, "company", o.Connection.Company)
			if strings.HasPrefix(o.Grant.Admin, "U") || strings.HasPrefix(o.Grant.Admin, "W") {
				a.noteUntold(ctx, a.desk.Alert(ctx, o.Grant.Admin, "connected/"+name, sentence(err)))
			}
			return
		}
		ledgers, err := a.named([]string{name})
		if err != nil {
			return // it has gone from the config
		}
		if user := o.Grant.Admin; user != "cli" {
			a.syncFor(ctx, user, ledgers)
			return
		}
		_, err = a.read(ctx, ledgers[0], arsync.Options{TieOut: true})
		a.tellSync(ctx, ledgers[0], err)
	})
}

// openWebhook makes what receives Intuit's notifications, where the config and the
// environment provide for it.
func (a *app) openWebhook() {
	if a.intuit != nil && len(a.intuit.keys.verifiers) > 0 {
		a.webhook = quickbooks.NewWebhook(a.log, a.intuit.keys.verifiers...)
	}
}

// hintPause is how long hints are collected before what they name is read: people save
// several things at once.
const hintPause = 3 * time.Second

// mostHints are so many that reading all changes costs less.
const mostHints = 300

// hints collects what webhooks named, by ledger.
type hints struct {
	mu   sync.Mutex
	of   map[string][]arsync.Hint
	wake chan struct{}
}

// takeWebhooks reads what webhooks name, until ctx ends.
func (a *app) takeWebhooks(ctx context.Context) error {
	if a.webhook == nil {
		<-ctx.Done()
		return nil
	}
	h := &hints{of: map[string][]arsync.Hint{}, wake: make(chan struct{}, 1)}
	return together(ctx, []func(context.Context) error{
		func(ctx context.Context) error {
			err := a.webhook.Run(ctx, func(ctx context.Context, events []quickbooks.Event) { a.collect(ctx, h, events) })
			if ctx.Err() != nil {
				return nil //nolint:nilerr // it is being stopped
			}
			return err
		},
		func(ctx context.Context) error { return a.followHints(ctx, h) },
	})
}

func (a *app) collect(ctx context.Context, h *hints, events []quickbooks.Event) {
	for _, e := range events {
		name, err := a.intuit.byRealm(ctx, e.Realm)
		switch {
		case err != nil:
			a.log.ErrorContext(ctx, "a webhook was not followed", "realm", e.Realm, "error", err)
		case name == "":
			a.log.WarnContext(ctx, "a webhook is about a company that is not connected", "realm", e.Realm)
		default:
			h.add(name, e.Hint)
		}
	}
}

func (h *hints) add(ledger string, more ...arsync.Hint) {
	h.mu.Lock()
	h.of[ledger] = append(h.of[ledger], more...)
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

func (h *hints) take() map[string][]arsync.Hint {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.of
	h.of = map[string][]arsync.Hint{}
	return all
}

// followHints reads what was named, a little later, so that it is read once. What cannot
// be read now is found by the next reading of changes.
func (a *app) followHints(ctx context.Context, h *hints) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.wake:
		}
		if sleep(ctx, a.hintPause()) != nil {
			return nil //nolint:nilerr // it is being stopped
		}
		for name, named := range h.take() {
			a.follow(ctx, h, name, named)
		}
	}
}

func (a *app) follow(ctx context.Context, h *hints, name string, named []arsync.Hint) {
	ledgers, err := a.named([]string{name})
	if err != nil {
		return
	}
	due, err := a.due(ctx, ledgers[0])
	if err != nil || !due {
		return
	}
	o := arsync.Options{Named: unique(named)}
	if len(o.Named) > mostHints {
		o.Named = nil
	}
	_, err = a.read(ctx, ledgers[0], o)
	switch {
	case errors.Is(err, arsync.ErrNotRead): // the first sync brings it
	case errors.Is(err, arsync.ErrRunning): // it may have passed what is named
		h.add(name, named...)
	default:
		a.tellSync(ctx, ledgers[0], err)
	}
}

// unique leaves each hint once.
func unique(list []arsync.Hint) []arsync.Hint {
	seen := map[arsync.Hint]bool{}
	var kept []arsync.Hint
	for _, h := range list {
		if !seen[h] {
			seen[h] = true
			kept = append(kept, h)
		}
	}
	return kept
}

// hintPause is hintPause, or as short as the queue's look for jobs in tests.
func (a *app) hintPause() time.Duration {
	if a.poll > 0 {
		return a.poll
	}
	return hintPause
}

// progressPause is how long at least stands between two edits of a message about a sync.
const progressPause = 3 * time.Second

func (a *app) progressEvery() time.Duration {
	if a.poll > 0 {
		return a.poll
	}
	return progressPause
}
