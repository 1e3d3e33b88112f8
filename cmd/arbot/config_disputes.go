package main

import (
	"fmt"
	"strings"

	"arbot/ar"
)

// disputesConfig says where disputes go.
type disputesConfig struct {
	// At is when people are reminded of what they have to resolve.
	At     string               `yaml:"at"`
	Routes []disputeRouteConfig `yaml:"routes"`
}

// disputeRouteConfig is where disputes of a reason go: what is left out stays as it
// is by default.
type disputeRouteConfig struct {
	Reason     string `yaml:"reason"`
	Department string `yaml:"department"`
	Assignee   string `yaml:"assignee"`
	Days       int    `yaml:"days"`
}

// remindAt is when people are reminded of disputes where the config says nothing.
const remindAt = "08:00"

func (s *settings) checkDisputes(c *checker) {
	s.disputesAt = c.clock("disputes.at", s.Disputes.At) // quiet hours hold back what is planned in them
	seen := map[ar.Reason]bool{}
	for i, r := range s.Disputes.Routes {
		path := fmt.Sprintf("disputes.routes.%d", i+1)
		reason, err := ar.ParseReason(r.Reason)
		if err != nil {
			c.note(path+".reason", err)
			continue
		}
		if seen[reason] {
			c.fault(path+".reason", "there are two routes for %s: take one out", reason.Words())
		}
		seen[reason] = true
		route := ar.DefaultDisputeRoutes().Route(reason)
		if r.Department != "" {
			route.Department = ar.Department(r.Department)
		}
		if r.Days != 0 {
			route.Days = r.Days
		}
		if r.Assignee != "" && !strings.Contains(r.Assignee, "@") {
			c.fault(path+".assignee", "%q is not an e-mail address: the person is reminded by direct message", r.Assignee)
		}
		route.Assignee = ar.NormalOwner(r.Assignee)
		c.note(path+".days", ar.DisputeRoutes{route}.Check())
		s.disputeRoutes = append(s.disputeRoutes, route)
	}
}
