package main

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"arbot/ar"
	"arbot/desk"
	"arbot/sync/file"
)

func (s *settings) check(c *checker) {
	s.checkCompany(c)
	s.checkSlack(c)
	s.checkPublic(c)
	s.checkPeople(c)
	s.checkOwners(c)
	s.checkLedgers(c)
	s.checkDigests(c)
	s.checkPromises(c)
	s.checkDisputes(c)
	s.checkLossRates(c)
	s.checkWorklist(c)
	s.checkEscalations(c)
	if s.Database == "" || strings.Contains(s.Database, "://") && !isPostgres(s.Database) {
		c.fault("database", "%q is neither a file such as arbot.db nor postgres://user@host/database", s.Database)
	}
	for _, limit := range []struct {
		path, text string
		to         *time.Duration
	}{
		{"limits.stale_after", s.Limits.Stale, &s.stale},
		{"limits.wait_for_import", s.Limits.Wait, &s.wait},
		{"limits.catch_up", s.Limits.CatchUp, &s.catchUp},
	} {
		var err error
		if *limit.to, err = time.ParseDuration(limit.text); err != nil || *limit.to < 0 {
			c.fault(limit.path, "%q is not a time such as 90m or 26h", limit.text)
		}
	}
	switch s.repsSee = ar.RepsSee(s.RepsSee); s.repsSee {
	case ar.RepsSeeOwn, ar.RepsSeeAll:
	default:
		c.fault("reps_see", "%q is neither own nor all", s.RepsSee)
	}
}

func (s *settings) checkCompany(c *checker) {
	var err error
	if s.Company.Zone == "" {
		c.fault("company.zone", "is missing. It decides what day it is: write the company's zone, such as America/New_York or Europe/Berlin")
		s.zone = time.UTC
	} else if s.zone, err = time.LoadLocation(s.Company.Zone); err != nil || s.Company.Zone == "Local" {
		c.fault("company.zone", "%q is not a zone such as America/New_York or Europe/Berlin", s.Company.Zone)
		s.zone = time.UTC
	}
	s.home, err = ar.ParseCurrency(s.Company.Currency)
	c.note("company.currency", err)
	s.locale, err = ar.ParseLocale(s.Company.Locale)
	c.note("company.locale", err)
	s.checkCalendar(c)
}

func (s *settings) checkSlack(c *checker) {
	if !strings.HasPrefix(s.Slack.Command, "/") || strings.ContainsAny(s.Slack.Command, " \t") || len(s.Slack.Command) > 32 {
		c.fault("slack.command", "%q is not a slash command such as /ar (at most 32 characters, no spaces)", s.Slack.Command)
	}
	if s.Slack.Mode != "socket" && s.Slack.Mode != "http" {
		c.fault("slack.mode", "%q is neither socket nor http", s.Slack.Mode)
	}
	if _, port, err := net.SplitHostPort(s.Slack.Listen); err != nil || port == "" {
		c.fault("slack.listen", "%q is not an address with a port, such as 127.0.0.1:8080 or :8080", s.Slack.Listen)
	}
	for i, channel := range s.Slack.ShareChannels {
		c.channel(fmt.Sprintf("slack.share_channels.%d", i+1), channel)
	}
	for i, channel := range s.Slack.AllowShared {
		c.channel(fmt.Sprintf("slack.allow_shared_channels.%d", i+1), channel)
	}
	if s.Slack.Fallback != "" {
		c.channel("slack.fallback_channel", s.Slack.Fallback)
	}
}

// channel checks that a channel is given by its id: a name changes, and
// differs between organisations that share it.
func (c *checker) channel(path, id string) {
	if len(id) < 3 || !strings.ContainsRune("CGD", rune(id[0])) || strings.ToUpper(id) != id {
		c.fault(path, "%q is not a channel id such as C024BE7LR. In Slack: click the channel's name, the id is at the bottom of About", id)
	}
}

// memberEntry is how roles name somebody: a user's or group's id, an e-mail
// address, or a group's handle.
var memberEntry = regexp.MustCompile(`^([UWS][A-Z0-9]{2,}|@[^\s@]+|[^\s@]+@[^\s@]+)$`)

func (s *settings) checkPeople(c *checker) {
	for role, entries := range map[string][]string{
		"reps": s.Roles.Reps, "ar": s.Roles.AR, "managers": s.Roles.Managers, "admins": s.Roles.Admins,
	} {
		for i, entry := range entries {
			if !memberEntry.MatchString(entry) {
				c.fault(fmt.Sprintf("roles.%s.%d", role, i+1), "%q is neither an e-mail address, nor a user id such as U024BE7LH, nor a user group such as @ar-team", entry)
			}
		}
	}
	s.checkPersons(c)
}

func (s *settings) checkOwners(c *checker) {
	for i, o := range s.Owners {
		path := fmt.Sprintf("owners.%d", i+1)
		var found []ar.OwnerRule
		for match, value := range map[ar.OwnerMatch]string{
			ar.MatchCustomer: o.Customer, ar.MatchParent: o.Parent, ar.MatchClass: o.Class, ar.MatchRegion: o.Region,
		} {
			if value != "" {
				found = append(found, ar.OwnerRule{Match: match, Value: value})
			}
		}
		if o.Field != "" {
			found = append(found, ar.OwnerRule{Match: ar.MatchField, Field: o.Field, Value: o.Value})
		}
		if o.Default {
			found = append(found, ar.OwnerRule{Match: ar.MatchDefault})
		}
		if len(found) != 1 {
			c.fault(path, "a rule has exactly one of customer, parent, class, region, field (with value) or default")
			continue
		}
		if (o.Field == "") != (o.Value == "") {
			c.fault(path, "field and value go together: the field's name, and the value that it must have")
		}
		if o.Owner == "" {
			c.fault(path, "who is the owner? Add owner: and an e-mail address")
		}
		found[0].Owner = ar.NormalOwner(o.Owner)
		s.rules = append(s.rules, found[0])
	}
}

// mapping notes each fault of a column mapping.
func (c *checker) mapping(path string, m file.Mapping) {
	err := m.Validate()
	if faults, ok := errors.AsType[*file.MappingError](err); ok {
		for _, f := range faults.Faults {
			c.fault(path, "%s", f)
		}
		return
	}
	c.note(path, err)
}

var digestKinds = map[string]ar.PostKind{"ar": ar.ARDigest, "sales": ar.SalesDigest, "reps": ar.RepDigest, "weekly": ar.WeeklyDigest}

func (s *settings) checkDigests(c *checker) {
	names := map[string]bool{}
	for i, g := range s.Digests {
		path := fmt.Sprintf("digests.%d", i+1)
		checked := digestSettings{name: g.Name, channel: g.Channel, empty: g.Empty, days: s.week}
		var known bool
		if checked.kind, known = digestKinds[g.Kind]; !known {
			c.fault(path+".kind", "%q is no kind of digest: write ar, sales, reps or weekly", g.Kind)
		}
		if g.Name == "" || names[g.Name] {
			c.fault(path+".name", "every digest needs a name of its own: it keeps today's post the only one, so never change it")
		}
		names[g.Name] = true
		switch {
		case checked.kind == ar.RepDigest && g.Channel != "":
			c.fault(path+".channel", "a digest to reps goes to each rep as a direct message: take the channel out")
		case checked.kind != ar.RepDigest && (checked.kind != ar.WeeklyDigest || g.Channel != "" || len(g.To) == 0):
			c.channel(path+".channel", g.Channel)
		}
		checked.to = c.readers(path+".to", g, checked.kind)
		checked.at = s.postingTime(c, path+".at", g.At, s.zone)
		var err error
		checked.show, err = desk.ReadColumns(g.Show)
		c.note(path+".show", err)
		if len(g.Days) > 0 {
			checked.days = c.weekdays(path+".days", g.Days)
		} else if checked.kind == ar.WeeklyDigest && len(s.week) > 0 {
			checked.days = s.week[:1]
		}
		s.digests = append(s.digests, checked)
	}
}

// readers are those who get a weekly digest as a direct message.
func (c *checker) readers(path string, g digestConfig, kind ar.PostKind) (emails []string) {
	if len(g.To) > 0 && kind != ar.WeeklyDigest {
		c.fault(path, "only a weekly digest goes to people by name: take it out")
	}
	for i, email := range g.To {
		if !strings.Contains(email, "@") {
			c.fault(fmt.Sprintf("%s.%d", path, i+1), "%q is not an e-mail address: it tells who in Slack is meant", email)
		}
		emails = append(emails, ar.NormalOwner(email))
	}
	return emails
}
