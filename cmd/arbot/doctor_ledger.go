package main

import (
	"context"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/sync/oauth"
)

// checkCompany looks at a ledger of QuickBooks: the keys, the connection, and, by asking
// what company it is, whether it answers. The access is renewed for that where it must.
func (e *examination) checkCompany(ctx context.Context, name string) {
	c := e.app.intuit
	if err := c.keys.missing(); err != nil {
		e.note(fail, "ledger", "%s: %s", name, sentence(err))
		return
	}
	if _, err := c.connection(ctx, name); err != nil {
		e.note(fail, "ledger", "%s: %s", name, sentence(err))
		return
	}
	state, err := e.app.ledgerState(ctx, name)
	if err != nil {
		e.note(fail, "ledger", "%s: the books do not say how it is: %s.", name, err)
		return
	}
	if e.checkAccess(ctx, &state) {
		e.checkCompanySettings(state)
	}
	if state.Source.Synced.IsZero() {
		e.note(fail, "ledger", "%s was not read yet: `arbot sync %s` takes it in.", name, name)
		return
	}
	e.checkSource(name, state.Source, false)
}

// checkAccess asks the company what it is, unless that makes no sense now.
func (e *examination) checkAccess(ctx context.Context, l *desk.LedgerState) bool {
	switch l.Health.State {
	case ar.NeedsReconnecting:
		e.note(fail, "company", "%s needs reconnecting: %s On the server: arbot connect quickbooks %s", l.Name, l.Health.Why, l.Name)
		return true
	case ar.Paused:
		e.note(warn, "company", "%s is paused: %s It is tried once an hour.", l.Name, l.Health.Why)
		return true
	case ar.Delayed:
		e.note(warn, "company", "%s is delayed: %s", l.Name, l.Health.Why)
	case ar.Healthy:
	}
	now, err := e.app.intuit.app(l.Name).Describe(ctx, l.Name)
	if err != nil {
		e.note(fail, "company", "%s: QuickBooks does not say what company it is: %s", l.Name, sentence(err))
		return false
	}
	l.Connection = now
	e.note(ok, "company", "%s is connected to %s (company %s); the access is good until %s and renewed by itself.",
		l.Name, now.Title, now.Company, now.Expires.In(e.app.settings.zone).Format("15:04"))
	return true
}

// checkCompanySettings compares what the company states with the config, and looks how
// long it can be read.
func (e *examination) checkCompanySettings(l desk.LedgerState) {
	s, c := e.app.settings, l.Connection
	if !c.HardExpires.IsZero() {
		left, tell := oauth.HardExpiry(c, e.now())
		day := ar.DateOf(c.HardExpires, s.zone).Long()
		if tell {
			e.note(warn, "company", "%s: all access ends in %d days, on %s. Connect it anew before: arbot connect quickbooks %s", l.Name, int(left/(24*time.Hour)), day, l.Name)
		} else {
			e.note(ok, "company", "%s has to be connected anew by %s.", l.Name, day)
		}
	}
	if c.Zone != "" && c.Zone != s.zone.String() {
		e.note(warn, "zone", "%s is in %s and company.zone in the config is %s: on some hours it is another day there, and days overdue differ by one.", l.Name, c.Zone, s.zone)
	}
	if c.Home != "" && c.Home != s.home {
		e.note(warn, "company", "%s keeps its books in %s and company.currency in the config is %s: a typed amount without a currency is then in %s.", l.Name, c.Home, s.home, s.home)
	}
}
