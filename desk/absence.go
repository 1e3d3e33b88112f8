package desk

import (
	"strings"

	"arbot/ar"
)

// Absence is a time in which somebody is away; both days are part of it.
type Absence struct{ From, To ar.Date }

// StandIn is who reads what is meant for somebody who is away.
type StandIn struct {
	// Deputies are the e-mail addresses of those who read it, the first of them who
	// can be told; none where nobody is named, or all are away as well.
	Deputies []string
	// Until is the last day of the absence.
	Until ar.Date
}

// StandIn returns who reads what is meant for a person on a day; false where the
// person is not away.
func (d *Desk) StandIn(email string, day ar.Date) (StandIn, bool) {
	until, away := d.away(email, day)
	if !away {
		return StandIn{}, false
	}
	return StandIn{Deputies: d.Deputies(email, day), Until: until}, true
}

// Deputies are who stands in for somebody who is away or has left: the deputy, the deputy's
// deputy and so on, those who are away on the day left out.
func (d *Desk) Deputies(email string, day ar.Date) []string {
	var list []string
	asked := map[string]bool{}
	for {
		asked[ar.NormalOwner(email)] = true
		p, _ := d.person(email)
		if email = p.Deputy; email == "" || asked[ar.NormalOwner(email)] {
			return list
		}
		if _, away := d.away(email, day); !away {
			list = append(list, strings.ToLower(email))
		}
	}
}

// away reports whether a person is away on a day, and until when.
func (d *Desk) away(email string, day ar.Date) (until ar.Date, away bool) {
	p, _ := d.person(email)
	for _, a := range p.Away {
		if !day.Before(a.From) && !day.After(a.To) {
			away, until = true, ar.Latest(until, a.To)
		}
	}
	return until, away
}
