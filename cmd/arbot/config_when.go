package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"arbot/ar"
	"arbot/desk"
)

// checkCalendar reads the days on which the company works, and the hours in which
// nothing is posted.
func (s *settings) checkCalendar(c *checker) {
	s.week = c.weekdays("company.work_week", s.Company.WorkWeek)
	var err error
	s.calendar, err = newCalendar(s.Company.Calendar, nil)
	c.note("company.calendar", err)
	if err == nil && len(s.Company.Works) > 0 {
		s.calendar, err = newCalendar(s.Company.Calendar, s.Company.Works)
		c.note("company.works_on", err)
	}
	for i, text := range s.Company.Holidays {
		day, err := ar.ParseDate(text)
		c.note(fmt.Sprintf("company.holidays.%d", i+1), err)
		s.own = append(s.own, day)
	}
	if s.Company.Quiet == (quietConfig{}) {
		return
	}
	s.quiet = ar.Quiet{
		From: c.clock("company.quiet.from", s.Company.Quiet.From), To: c.clock("company.quiet.to", s.Company.Quiet.To), Zone: s.zone,
	}
	if s.quiet.From == s.quiet.To {
		c.fault("company.quiet", "begins when it ends: write two times, such as {from: \"20:00\", to: \"07:30\"}")
	}
}

func (c *checker) weekdays(path string, names []string) []time.Weekday {
	var days []time.Weekday
	for i, name := range names {
		day := slices.IndexFunc(weekdayNames, func(w string) bool { return strings.EqualFold(w, name) })
		if day < 0 {
			c.fault(fmt.Sprintf("%s.%d", path, i+1), "%q is not a day: write mon, tue, wed, thu, fri, sat or sun", name)
			continue
		}
		days = append(days, time.Weekday(day))
	}
	return days
}

var weekdayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// clock reads a time of the day.
func (c *checker) clock(path, text string) ar.Clock {
	at, err := time.Parse("15:04", text)
	if err != nil {
		c.fault(path, "%q is not a time of the day such as 08:30", text)
	}
	return ar.Clock{Hour: at.Hour(), Minute: at.Minute()}
}

// postingTime reads the time of a digest, which must not lie in the quiet hours.
// For somebody in another zone they cannot be held against it: what lies in them
// waits for their end.
func (s *settings) postingTime(c *checker, path, text string, zone *time.Location) ar.Clock {
	at := c.clock(path, text)
	if zone == s.zone && s.quiet.Covers(at) {
		c.fault(path, "%s lies in the quiet hours, in which nothing is posted: from %s to %s", text, s.Company.Quiet.From, s.Company.Quiet.To)
	}
	return at
}

// checkPersons reads who is called how, gets the own digest when, and is away.
func (s *settings) checkPersons(c *checker) {
	seen := map[string]bool{}
	for i, p := range s.People {
		path := fmt.Sprintf("people.%d", i+1)
		email := strings.ToLower(p.Email)
		switch {
		case !strings.Contains(email, "@"):
			c.fault(path+".email", "%q is not an e-mail address: it tells who in Slack is meant", p.Email)
		case seen[email]:
			c.fault(path+".email", "%s stands here twice: put all names into one entry", p.Email)
		}
		seen[email] = true
		s.people = append(s.people, s.checkPerson(c, path, p))
	}
}

func (s *settings) checkPerson(c *checker, path string, p personConfig) personSettings {
	checked := personSettings{personConfig: p, zone: s.zone}
	if p.Zone != "" {
		zone, err := time.LoadLocation(p.Zone)
		if err != nil || p.Zone == "Local" {
			c.fault(path+".zone", "%q is not a zone such as America/New_York or Europe/Berlin", p.Zone)
		} else {
			checked.zone = zone
		}
		if p.At == "" {
			c.fault(path+".zone", "goes with at: the time at which the digest comes by the clock of that zone")
		}
	}
	if p.At != "" {
		checked.own, checked.at = true, s.postingTime(c, path+".at", p.At, checked.zone)
		if !slices.ContainsFunc(s.Digests, func(g digestConfig) bool { return g.Kind == "reps" }) {
			c.fault(path+".at", "is of no use without a digest of kind: reps")
		}
	}
	switch {
	case p.Deputy != "" && !strings.Contains(p.Deputy, "@"):
		c.fault(path+".deputy", "%q is not an e-mail address: it tells who in Slack is meant", p.Deputy)
	case p.Deputy != "" && strings.EqualFold(p.Deputy, p.Email):
		c.fault(path+".deputy", "nobody is the own deputy: name somebody else")
	case p.Deputy == "" && len(p.Away) > 0 && s.Slack.Fallback == "":
		c.fault(path+".away", "who reads the digest meanwhile? Add deputy: with an e-mail address, or slack.fallback_channel")
	}
	for n, a := range p.Away {
		checked.away = append(checked.away, c.absence(fmt.Sprintf("%s.away.%d", path, n+1), a))
	}
	return checked
}

func (c *checker) absence(path string, a awayConfig) desk.Absence {
	from, err := ar.ParseDate(a.From)
	c.note(path+".from", err)
	to, toErr := ar.ParseDate(a.To)
	c.note(path+".to", toErr)
	if err == nil && toErr == nil && to.Before(from) {
		c.fault(path, "ends on %s, before it begins on %s", a.To, a.From)
	}
	return desk.Absence{From: from, To: to}
}
