package main

import (
	"fmt"
	"slices"
	"strings"

	"arbot/ar"
	"arbot/desk"
)

// escalationsConfig says where escalations may go.
type escalationsConfig struct {
	// Channels are those to which one may be posted; the digests' where left out.
	Channels []string `yaml:"channels"`
	// Answer is how many business days there are to take one.
	Answer int            `yaml:"answer_within"`
	Again  askAgainConfig `yaml:"ask_again"`
}

// askAgainConfig says how often it is asked again when nobody does.
type askAgainConfig struct {
	Every int `yaml:"every_days"`
	Most  int `yaml:"times"`
}

// ladderConfig is who is asked when nobody takes an account on.
type ladderConfig struct {
	At string `yaml:"at"`
	// Channel is where AR sees what it would post, and what has no other place.
	Channel  string          `yaml:"report_channel"`
	Shadow   *int            `yaml:"shadow_days"`
	Pause    int             `yaml:"pause_days"`
	Segments []segmentConfig `yaml:"segments"`
}

// segmentConfig is the ladder of the accounts that its match finds; without one it is for
// all others.
type segmentConfig struct {
	Segment  string       `yaml:"segment"`
	Customer string       `yaml:"customer"`
	Parent   string       `yaml:"parent"`
	Class    string       `yaml:"class"`
	Region   string       `yaml:"region"`
	Field    string       `yaml:"field"`
	Value    string       `yaml:"value"`
	Rungs    []rungConfig `yaml:"rungs"`
}

// rungConfig is one rung.
type rungConfig struct {
	Days    int    `yaml:"days"`
	AtLeast int64  `yaml:"at_least"`
	Broken  int    `yaml:"broken_promises"`
	To      string `yaml:"to"`
	Channel string `yaml:"channel"`
	Ask     string `yaml:"ask"`
	Answer  int    `yaml:"answer_within"`
	Hold    bool   `yaml:"hold"`
}

const (
	ladderAt     = "09:00"
	ladderShadow = 5
	ladderPause  = 3
	answerDays   = 2
	askEvery     = 2
	askTimes     = 3
)

func defaultEscalations() escalationsConfig {
	return escalationsConfig{Answer: answerDays, Again: askAgainConfig{Every: askEvery, Most: askTimes}}
}

func (s *settings) checkEscalations(c *checker) {
	e := s.Escalations
	for i, channel := range e.Channels {
		c.channel(fmt.Sprintf("escalations.channels.%d", i+1), channel)
	}
	if e.Answer < 1 || e.Again.Every < 1 || e.Again.Most < 0 {
		c.fault("escalations", "answer_within and ask_again.every_days are at least 1 business day, ask_again.times is at least 0")
	}
	s.escalations = desk.EscalationSettings{Channels: e.Channels, Within: e.Answer, Again: ar.AskAgain{Every: e.Again.Every, Most: e.Again.Most}}
	if len(e.Channels) == 0 {
		for _, g := range s.digests {
			if g.channel != "" && !slices.Contains(s.escalations.Channels, g.channel) {
				s.escalations.Channels = append(s.escalations.Channels, g.channel)
			}
		}
	}
	s.checkLadder(c)
}

func (s *settings) checkLadder(c *checker) {
	l := s.Ladder
	s.ladderAt = c.clock("ladder.at", l.At)
	s.ladder = desk.LadderSettings{Channel: l.Channel, ShadowDays: ladderShadow, Hour: s.ladderAt.Hour, Minute: s.ladderAt.Minute}
	if l.Shadow != nil {
		s.ladder.ShadowDays = *l.Shadow
	}
	if s.ladder.ShadowDays < 0 || l.Pause < 1 {
		c.fault("ladder", "shadow_days is at least 0, and pause_days at least 1")
	}
	if s.ladder.Channel == "" {
		if i := slices.IndexFunc(s.digests, func(g digestSettings) bool { return g.kind == ar.ARDigest }); i >= 0 {
			s.ladder.Channel = s.digests[i].channel
		}
	}
	switch {
	case l.Channel != "":
		c.channel("ladder.report_channel", l.Channel)
	case s.ladder.Channel == "" && len(l.Segments) > 0:
		c.fault("ladder.report_channel", "is missing: AR reads there what the ladder would post, before it is turned on")
	}
	names := map[string]bool{}
	for i, segment := range l.Segments {
		path := fmt.Sprintf("ladder.segments.%d", i+1)
		name := ar.NormalOwner(segment.Segment)
		if name == "" || names[name] {
			c.fault(path+".segment", "each segment needs a name of its own: steps that were taken keep it")
		}
		names[name] = true
		s.checkSegment(c, path, name, segment)
	}
}

// checkSegment reads whom a segment is for, and its rungs.
func (s *settings) checkSegment(c *checker, path, name string, segment segmentConfig) {
	var rules []ar.OwnerRule
	for match, value := range map[ar.OwnerMatch]string{
		ar.MatchCustomer: segment.Customer, ar.MatchParent: segment.Parent, ar.MatchClass: segment.Class, ar.MatchRegion: segment.Region,
	} {
		if value != "" {
			rules = append(rules, ar.OwnerRule{Match: match, Value: value, Owner: name})
		}
	}
	if segment.Field != "" {
		rules = append(rules, ar.OwnerRule{Match: ar.MatchField, Field: segment.Field, Value: segment.Value, Owner: name})
	}
	if (segment.Field == "") != (segment.Value == "") {
		c.fault(path, "field and value go together: the field's name, and the value that it must have")
	}
	switch {
	case len(rules) > 1:
		c.fault(path, "a segment has at most one of customer, parent, class, region, or field with value; without one it is for all others")
	case len(rules) == 0:
		rules = []ar.OwnerRule{{Match: ar.MatchDefault, Owner: name}}
	}
	s.ladder.Segments = append(s.ladder.Segments, rules...)
	ladder := ar.Ladder{Segment: name, Pause: s.Ladder.Pause}
	for i, r := range segment.Rungs {
		if r.Channel != "" {
			c.channel(fmt.Sprintf("%s.rungs.%d.channel", path, i+1), r.Channel)
		}
		ladder.Rungs = append(ladder.Rungs, ar.Rung{
			Days: r.Days, AtLeast: r.AtLeast, Broken: r.Broken, Channel: r.Channel, To: ar.Addressee(strings.TrimSpace(r.To)), Ask: r.Ask,
			Within: r.Answer, Hold: r.Hold,
		})
	}
	c.note(path+".rungs", ladder.Check())
	s.ladder.Ladders = append(s.ladder.Ladders, ladder)
}
