package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"arbot/ar"
	"arbot/bot"
	"arbot/bot/blockkit"
	"arbot/bot/picture"
	"arbot/desk"
	"arbot/jobs"
	"arbot/store"
	arsync "arbot/sync"
	"arbot/sync/file"
	"arbot/sync/quickbooks"
)

// app is the program wired together: the books, the desk over them, the
// sources, and, once connected, Slack.
type app struct {
	settings settings
	now      func() time.Time
	log      *slog.Logger
	books    *store.Store
	desk     *desk.Desk
	engine   *arsync.Engine
	ledgers  []ledger
	intuit   *companies          // nil without a ledger of QuickBooks
	webhook  *quickbooks.Webhook // nil where nothing is told
	talk     *talk

	wait func(context.Context, time.Duration) error // see program
	poll time.Duration

	lost  chan error // Slack refused the token; one is enough
	guide guide

	life context.Context // of what goes on behind an answer; see background
	work sync.WaitGroup
}

// ledger is a source with how often it is read.
type ledger struct {
	name, kind string
	// manual: its files are named to `arbot import`, and nothing is read by the clock.
	manual bool
	every  time.Duration
	tieOut ar.Clock // of a QuickBooks company
	// open makes the source anew for each reading: a file's own date is part
	// of it.
	open func(context.Context) (arsync.Source, error)
}

// online reports whether it is read through an API, and not from files.
func (l ledger) online() bool { return l.kind == quickbooks.Kind }

// talk is the side that faces Slack.
type talk struct {
	wires    *http.Transport
	client   *slack.Client
	gate     *bot.Gate
	identity bot.Identity
	people   *bot.Directory
	bot      *bot.Bot
	delivery *bot.Delivery
	welcome  *bot.Welcome
	queue    *jobs.Queue
}

// openApp opens the books and puts everything over them that needs no Slack.
func (p *program) openApp(ctx context.Context, s settings, log *slog.Logger) (*app, error) {
	books, err := store.Open(ctx, store.Options{DSN: s.Database, Now: p.now, Logger: log, AutoMigrate: true})
	if err != nil {
		return nil, err
	}
	a := &app{settings: s, now: p.now, log: log, wait: p.wait, poll: p.poll, lost: make(chan error, 1), life: ctx}
	if err := a.over(books, p); err != nil {
		return nil, errors.Join(err, books.Close())
	}
	return a, nil
}

// over puts everything over the books that needs no Slack.
func (a *app) over(books *store.Store, p *program) (err error) {
	a.books = books
	if a.intuit, err = a.openCompanies(p); err != nil {
		return err
	}
	for _, l := range a.settings.ledgers {
		a.ledgers = append(a.ledgers, ledger{name: l.Name, kind: l.kind(), manual: l.manual(), every: l.every, tieOut: l.tieOut, open: a.opener(l)})
	}
	a.desk = desk.New(books, a.now, a.deskSettings())
	a.engine = &arsync.Engine{Books: books, Now: a.now, Logger: a.log, Rules: a.settings.rules, Claim: books.ClaimSource}
	return nil
}

// opener makes the sources of a ledger.
func (a *app) opener(l ledgerSettings) func(context.Context) (arsync.Source, error) {
	if l.QuickBooks != nil {
		return func(ctx context.Context) (arsync.Source, error) { return a.intuit.open(ctx, l.Name) }
	}
	return func(context.Context) (arsync.Source, error) { return a.fileSource(l) }
}

func (a *app) close() error {
	if a.talk != nil {
		a.talk.wires.CloseIdleConnections()
	}
	a.intuit.close()
	return a.books.Close()
}

func (a *app) deskSettings() desk.Settings {
	s := a.settings
	settings := desk.Settings{
		Zone: s.zone, Locale: s.locale, Home: s.home, RepsSee: s.repsSee, People: people(s.people),
		AskAfter: askAfter, StaleAfter: s.stale, WaitForImport: s.wait, DisputeRoutes: s.disputeRoutes,
		Workdays: s.workdays(), GraceDays: s.Promises.Grace, LossRates: s.lossRates, Escalations: s.escalations, Ladder: s.ladder,
		SnoozeDays: s.Worklist.Snooze, MessageBudget: s.Worklist.Messages,
	}
	for _, l := range a.ledgers {
		known := desk.Ledger{Name: l.name, Kind: l.kind, Every: l.every, Manual: l.manual, WriteNotes: a.intuit.writesNotes(l.name)}
		if !l.online() { // of the others the connection says it
			known.Identity = l.identity
		}
		settings.Ledgers = append(settings.Ledgers, known)
	}
	if a.intuit != nil {
		settings.Invoices = a.intuit
	}
	return settings
}

// identity is what the books know a ledger by; false while that cannot be told.
func (l ledger) identity(ctx context.Context) (ar.SourceIdentity, bool) {
	source, err := l.open(ctx)
	if err != nil {
		return ar.SourceIdentity{}, false
	}
	id, err := source.Identity(ctx)
	return id, err == nil
}

func people(list []personSettings) []desk.Person {
	found := make([]desk.Person, len(list))
	for i, p := range list {
		found[i] = desk.Person{Email: p.Email, Name: p.Name, Names: p.Names, Deputy: p.Deputy, Away: p.away, Zone: p.zone}
	}
	return found
}

func (a *app) fileSource(l ledgerSettings) (arsync.Source, error) {
	if l.Bundle != "" {
		return &file.Bundle{Path: l.Bundle, External: l.Name, Name: l.Name}, nil
	}
	if l.Export != nil {
		return a.exportSource(l, l.Export.File, importFlags{})
	}
	mapping := *l.Mapping
	mapping.Name = l.Name
	return file.NewTable(l.Table, mapping, a.settings.zone)
}

// tokens are the secrets of the Slack app.
type tokens struct{ bot, app, signing, url string }

// readTokens takes the secrets from the environment, or from the files that
// NAME_FILE names, and says which are missing for the mode.
func (p *program) readTokens(mode string) (tokens, error) {
	var t tokens
	var missing []string
	for _, secret := range []struct {
		name, prefix string
		to           *string
		needed       bool
	}{
		{"ARBOT_SLACK_BOT_TOKEN", "xoxb-", &t.bot, true},
		{"ARBOT_SLACK_APP_TOKEN", "xapp-", &t.app, mode == "socket"},
		{"ARBOT_SLACK_SIGNING_SECRET", "", &t.signing, mode == "http"},
	} {
		value, err := p.secret(secret.name)
		switch {
		case err != nil:
			return tokens{}, err
		case value == "" && secret.needed:
			missing = append(missing, secret.name)
		case value != "" && !strings.HasPrefix(value, secret.prefix):
			return tokens{}, fmt.Errorf("%s does not begin with %s: it is another kind of token. See the README, \"Install\"", secret.name, secret.prefix)
		}
		*secret.to = value
	}
	if len(missing) > 0 {
		return tokens{}, fmt.Errorf("the environment lacks %s. See the README, \"Install\"", strings.Join(missing, " and "))
	}
	t.url = p.getenv("ARBOT_SLACK_API_URL") // another address than Slack's, for tests
	return t, nil
}

func (p *program) secret(name string) (string, error) {
	if path := p.getenv(name + "_FILE"); path != "" {
		text, err := os.ReadFile(path) //nolint:gosec // whoever starts the program says where its secrets are
		if err != nil {
			return "", fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimSpace(string(text)), nil
	}
	return strings.TrimSpace(p.getenv(name)), nil
}

// connect asks Slack who the bot is and wires the side that talks.
func (a *app) connect(ctx context.Context, t tokens) error {
	wires := newWires()
	web := &http.Client{Timeout: 30 * time.Second, Transport: wires}
	client := bot.NewClient(bot.ClientConfig{BotToken: t.bot, AppToken: t.app, URL: t.url, HTTP: web, Now: a.now})
	identity, err := bot.Identify(ctx, client)
	if err != nil {
		wires.CloseIdleConnections()
		return lockedOut(fmt.Errorf("connect to Slack: %w", err))
	}
	gate := bot.NewGate(bot.GateConfig{Client: client, HTTP: web, Now: a.now, Logger: a.log, AllowShared: a.settings.Slack.AllowShared, Wait: a.wait, Lost: a.noteLost})
	a.talk = &talk{wires: wires, client: client, gate: gate, identity: identity, people: a.directory(client, gate, identity.Team), welcome: a.welcome(gate)}
	render := a.render()
	router := bot.NewRouter(bot.RouterConfig{
		Desk: a.desk, Slash: a.settings.Slack.Command, Share: a.settings.Slack.ShareChannels, Digests: a.routes(), People: a.talk.people, Syncs: a, Permalinks: gate, Setup: a.talk.welcome,
		Private: bot.Courier{Gate: gate, Render: render}, Places: gate,
		Exports: drops{a}, SharedFiles: gate,
	})
	a.talk.bot, err = bot.New(bot.Config{
		Client: client, Gate: gate, People: a.talk.people, Seen: a.desk, Handle: router.Handle, Opens: router.Opens, Logger: a.log, Now: a.now,
		BotUser: identity.User, SigningSecret: t.signing, Render: render, Happened: a.happened, Keep: a.desk.TellLater,
	})
	if err != nil {
		return fmt.Errorf("make the bot: %w", err)
	}
	a.talk.delivery = bot.NewDelivery(bot.DeliveryConfig{
		Gate: gate, People: a.talk.people, Book: a.desk, Compose: composers{a.composer(), a.talk.welcome}, Alert: a, Told: a.told, Gather: a.desk.Gather, Hold: a.personal, Render: render, Logger: a.log,
	})
	a.talk.queue, err = jobs.NewQueue(jobs.QueueConfig{
		Driver: a.books.QueueDriver(), Logger: a.log, Poll: a.poll,
		Deliver: a.carryOut, GaveUp: a.gaveUp,
	})
	return err
}

func (a *app) render() blockkit.Options {
	return blockkit.Options{Tables: a.settings.Slack.Tables == nil || *a.settings.Slack.Tables}
}

// background does something that goes on when what asked for it has been answered, until
// the program stops.
func (a *app) background(f func(context.Context)) {
	ctx := a.life
	if ctx.Err() != nil {
		return
	}
	a.work.Go(func() { f(ctx) })
}

// live lets things go on in the background until ctx ends, and then waits for them.
func (a *app) live(ctx context.Context) func() {
	a.life = ctx
	return a.work.Wait
}

// deliver brings a post to its place, unless another replica is doing so; now says that no
// quiet hours of its reader hold it.
func (a *app) deliver(ctx context.Context, post ar.Post, now bool) error {
	release, alone, err := a.books.ClaimPost(ctx, post.ID)
	if err != nil {
		return err
	}
	if !alone {
		return &bot.RetryLaterError{After: time.Second, Err: fmt.Errorf("another replica delivers post %d", post.ID)} //nolint:err113 // nobody decides on it
	}
	defer release()
	carry := a.talk.delivery.Deliver
	if now {
		carry = a.talk.delivery.DeliverNow
	}
	if err := carry(ctx, post.ID); err != nil || !post.Kind.Digest() {
		return err
	}
	if err := a.tickOff(ctx); err != nil { // the post is in its place all the same
		a.log.WarnContext(ctx, "the checklist was not brought up to date", "error", err)
	}
	return nil
}

// newWires are the connections to Slack, with Go's own limits and proxy rules.
func newWires() *http.Transport {
	wires, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return &http.Transport{Proxy: http.ProxyFromEnvironment}
	}
	return wires.Clone()
}

func (a *app) directory(client *slack.Client, gate *bot.Gate, team string) *bot.Directory {
	aliases := map[string][]string{}
	for _, p := range a.settings.People {
		aliases[p.Email] = append([]string{p.Name}, p.Names...)
	}
	roles := a.settings.Roles
	return bot.NewDirectory(bot.DirectoryConfig{
		Client: client, Gate: gate, Now: a.now, Team: team, Aliases: aliases, Logger: a.log,
		Roles: bot.Roles{Reps: roles.Reps, AR: roles.AR, Managers: roles.Managers, Admins: roles.Admins},
	})
}

func (a *app) composer() *bot.Digests {
	c := bot.DigestConfig{
		Desk: a.desk, Routes: a.routes(), Slash: a.settings.Slack.Command, Fallback: a.settings.Slack.Fallback,
		Reconnect: a.settings.Public != "", Painter: picture.Painter{},
	}
	if a.talk != nil { // `arbot digest --print` asks nobody
		c.Known, c.Readers, c.Places = a.talk.people, a.talk.people, a.talk.gate
	}
	return bot.NewDigests(c)
}

func (a *app) routes() []desk.Route {
	routes := make([]desk.Route, len(a.settings.digests))
	for i, g := range a.settings.digests {
		routes[i] = g.route()
	}
	return routes
}

func (g digestSettings) route() desk.Route {
	return desk.Route{Name: g.name, Kind: g.kind, Channel: g.channel, Show: g.show, EvenEmpty: g.empty, To: g.to, Days: g.weekly()}
}

// Alert tells every admin about arbot itself, once a day for each key.
func (a *app) Alert(ctx context.Context, key, say string) error {
	admins, err := a.talk.people.Having(ctx, ar.Admin)
	if err != nil {
		return fmt.Errorf("alert %s: %w", key, err)
	}
	if len(admins) == 0 {
		a.log.WarnContext(ctx, "an alert has no reader: no admin is in the config", "key", key)
	}
	for _, user := range admins {
		if err := a.desk.Alert(ctx, user, key, say); err != nil {
			return fmt.Errorf("alert %s: %w", key, err)
		}
	}
	return nil
}
