package main

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"arbot/bot"
)

const (
	// Slack refuses nothing by its own clock; what it sends in http mode is refused
	// here when it seems older than five minutes.
	skewAllowed = 5 * time.Minute
	skewSaid    = 30 * time.Second
)

// checkSlack asks Slack about the tokens, and with them about all that the config
// names.
func (e *examination) checkSlack(ctx context.Context) {
	mode := e.app.settings.Slack.Mode
	t, err := e.readTokens(mode)
	if err != nil {
		e.note(fail, "token", "%s", capital(err.Error()))
		return
	}
	wires := newWires()
	defer wires.CloseIdleConnections()
	web := &http.Client{Timeout: 30 * time.Second, Transport: wires}
	client := bot.NewClient(bot.ClientConfig{BotToken: t.bot, AppToken: t.app, URL: t.url, HTTP: web, Now: e.now, Wait: e.wait})
	if mode == "socket" {
		if err := bot.ProbeSocket(ctx, client); err != nil {
			e.note(fail, "token", "Socket Mode does not take the app-level token: %s", bot.Mend(err))
		} else {
			e.note(ok, "token", "Socket Mode takes the app-level token.")
		}
	}
	identity, err := bot.Identify(ctx, client)
	if err != nil {
		e.note(fail, "token", "Slack does not take the bot token: %s", bot.Mend(err))
		return
	}
	e.note(ok, "token", "Slack takes the bot token (workspace %s).", identity.TeamName)
	e.checkSkew(identity.Clock)
	e.checkScopes(identity)
	gate := bot.NewGate(bot.GateConfig{Client: client, HTTP: web, Now: e.now, Logger: e.app.log, AllowShared: e.app.settings.Slack.AllowShared, Wait: e.wait})
	people := e.app.directory(client, gate, identity.Team)
	e.checkChannels(ctx, gate)
	e.checkRoles(ctx, people)
	if e.app.books != nil {
		e.checkOwners(ctx, people)
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (e *examination) checkSkew(slack time.Time) {
	if slack.IsZero() {
		e.note(warn, "clock", "Slack did not say what time it is.")
		return
	}
	off := e.now().Sub(slack).Round(time.Second)
	switch {
	case off.Abs() > skewAllowed:
		e.note(fail, "clock", "It is off Slack's by %s: set it, by NTP. Digests come at the wrong time, and signed requests are refused.", off)
	case off.Abs() > skewSaid:
		e.note(warn, "clock", "It is off Slack's by %s: set it, by NTP.", off)
	default:
		e.note(ok, "clock", "It agrees with Slack's.")
	}
}

func (e *examination) checkScopes(identity bot.Identity) {
	domains := e.app.settings.ledgerDomains()
	if lacks := identity.Missing(bot.Needs{Domains: domains}.Scopes()); len(lacks) > 0 {
		e.note(fail, "scopes", "The app lacks %s. Paste what `arbot manifest` prints into its App Manifest, and install it to the workspace again.", strings.Join(lacks, ", "))
		return
	}
	if lacks := identity.Missing(bot.Needs{Reading: true, Domains: domains}.Scopes()); len(lacks) > 0 {
		if slices.Equal(lacks, []string{"files:read"}) {
			e.note(warn, "scopes", "The app lacks files:read: exports that are put into the direct message with it are not read. `arbot manifest` prints what to paste.")
			return
		}
		e.note(warn, "scopes", "The app may not read channels (%s): a message whose answer is lost is marked unconfirmed and not looked up, and direct messages to it are not heard.", strings.Join(lacks, ", "))
		return
	}
	e.note(ok, "scopes", "The app has all permissions that it needs.")
}

// channelUses are the channels of the config with what each is for, in its order.
func (s settings) channelUses() (ids []string, uses map[string][]string) {
	uses = map[string][]string{}
	add := func(id, use string) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		uses[id] = append(uses[id], use)
	}
	for _, g := range s.digests {
		if g.channel != "" {
			add(g.channel, "digest "+g.name)
		}
	}
	if s.Slack.Fallback != "" {
		add(s.Slack.Fallback, "fallback")
	}
	for _, id := range s.Slack.ShareChannels {
		add(id, "share")
	}
	return ids, uses
}

func (e *examination) checkChannels(ctx context.Context, gate *bot.Gate) {
	ids, uses := e.app.settings.channelUses()
	for _, id := range ids {
		use := strings.Join(uses[id], ", ")
		c, err := gate.Inspect(ctx, id)
		switch {
		case err != nil:
			e.note(fail, "channel", "%s: %s", use, bot.Mend(err))
		case c.Shared:
			e.note(warn, "channel", "%s: #%s is shared with another company, as the config allows: notes and contacts are left out there.", use, c.Name)
		default:
			e.note(ok, "channel", "%s: arbot is in #%s.", use, c.Name)
		}
	}
}

func (e *examination) checkRoles(ctx context.Context, people *bot.Directory) {
	roles := e.app.settings.Roles
	for _, r := range []struct {
		name    string
		entries []string
	}{{"reps", roles.Reps}, {"ar", roles.AR}, {"managers", roles.Managers}, {"admins", roles.Admins}} {
		here := 0
		for _, entry := range r.entries {
			here += e.checkEntry(ctx, people, r.name, entry)
		}
		switch {
		case here > 0:
			e.note(ok, "roles", "%s: %s.", r.name, persons(here))
		case r.name == "admins":
			e.note(warn, "roles", "admins: nobody. Nobody is told when something goes wrong: add yourself under roles:.")
		default:
			e.note(warn, "roles", "%s: nobody. Add them under roles:, or they get no answer.", r.name)
		}
	}
}

// checkEntry looks whom an entry of a role means, and returns how many are here.
func (e *examination) checkEntry(ctx context.Context, people *bot.Directory, role, entry string) (here int) {
	meant, err := people.Meant(ctx, entry)
	if err != nil {
		e.note(fail, "roles", "%s: %s: %s", role, entry, bot.Mend(err))
		return 0
	}
	for _, p := range meant {
		switch {
		case p.Deleted:
			e.note(warn, "roles", "%s: %s was deactivated in Slack: take the entry out.", role, entry)
		case p.Outside:
			e.note(warn, "roles", "%s: %s is a guest or of another company, and gets nothing: take the entry out.", role, entry)
		case p.Here():
			here++
		}
	}
	if len(meant) == 0 {
		e.note(warn, "roles", "%s: the group %s has no members.", role, entry)
	}
	return here
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strings.TrimSuffix(accounts(n), "accounts") + "people"
}

// checkOwners looks whether those who own accounts are in Slack and have a role.
func (e *examination) checkOwners(ctx context.Context, people *bot.Directory) {
	c, err := e.app.desk.Coverage(ctx)
	if err != nil {
		return // said by checkCoverage
	}
	known, err := people.Everybody(ctx, c.Emails())
	if err != nil {
		e.note(fail, "owners", "They cannot be looked up in Slack: %s", bot.Mend(err))
		return
	}
	for _, o := range c.Owners {
		if o.Email == "" {
			continue // so was that
		}
		p, there := known[o.Email]
		has, err := people.HasRole(ctx, p)
		switch {
		case !there || !p.Here():
			e.note(warn, "owners", "%s owns %s and nobody is here by that address: the deputy gets the digest, or slack.fallback_channel. Check the address, or give the accounts to somebody else.", o.Email, accounts(o.Accounts))
		case err != nil:
			e.note(fail, "owners", "%s cannot be looked up in Slack: %s", o.Email, bot.Mend(err))
		case !has:
			e.note(warn, "owners", "%s owns %s and has no role: add the person under roles: reps, or questions get no answer.", o.Email, accounts(o.Accounts))
		}
	}
}
