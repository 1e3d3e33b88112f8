package main

import (
	"fmt"
	"strings"

	"arbot/ar"
	"arbot/internal/fakeslack"
	"arbot/internal/sampleco"
)

const (
	demoZone     = "America/New_York"
	arChannel    = "C0ARTEAM"
	salesChannel = "C0SALES"
	bossChannel  = "C0BOSS"
	demoTeam     = "T0HARBOR"
	demoBot      = "U0ARBOT"
)

// demoWorld makes the workspace of the made-up company and the config that a
// real admin would write for it.
func demoWorld(c *sampleco.Company) (fakeslack.Workspace, string) {
	var users []fakeslack.User
	members := map[ar.Role][]string{}
	emails := map[ar.Role][]string{}
	var people strings.Builder
	for i, p := range c.People() {
		id := demoUser(i)
		users = append(users, fakeslack.User{ID: id, Name: firstName(p.Name), RealName: p.Name, Email: p.Email, TZ: demoZone, TeamID: demoTeam})
		members[p.Role] = append(members[p.Role], id)
		emails[p.Role] = append(emails[p.Role], p.Email)
		fmt.Fprintf(&people, "  - {email: %s, name: %s}\n", p.Email, p.Name)
	}
	office := append([]string{demoBot}, append(members[ar.ARClerk], members[ar.Manager]...)...)
	everybody := append(append([]string{}, office...), members[ar.Rep]...)
	workspace := fakeslack.Workspace{
		Team:  fakeslack.Team{ID: demoTeam, Name: c.Name(), Domain: "harbor"},
		Bot:   fakeslack.Bot{UserID: demoBot, BotID: "B0ARBOT", Name: "arbot"},
		Users: users,
		Channels: []fakeslack.Channel{
			{ID: arChannel, Name: "ar-team", Private: true, Members: office},
			{ID: salesChannel, Name: "sales", Members: everybody},
			{ID: bossChannel, Name: "managers", Private: true, Members: append([]string{demoBot}, members[ar.Manager]...)},
		},
	}
	return workspace, fmt.Sprintf(demoConfig, c.Name(), demoZone, c.Home(), arChannel,
		list(emails[ar.Rep]), list(emails[ar.ARClerk]), list(emails[ar.Manager]), list(emails[ar.Admin]), people.String(),
		arChannel, salesChannel, bossChannel, salesChannel, arChannel, arChannel, salesChannel, arChannel)
}

// demoUser is the user id of the company's nth person.
func demoUser(n int) string { return fmt.Sprintf("U0%03d", n+1) }

func firstName(name string) string {
	first, _, _ := strings.Cut(strings.ToLower(name), " ")
	return first
}

func list(texts []string) string { return "[" + strings.Join(texts, ", ") + "]" }

const demoConfig = `
company: {name: %q, zone: %s, currency: %s}
slack: {share_channels: [%s]}
roles:
  reps: %s
  ar: %s
  managers: %s
  admins: %s
people:
%sledgers:
  - {name: main, bundle: books}
digests:
  - {name: ar-daily, kind: ar, channel: %s, at: "08:30"}
  - {name: sales-daily, kind: sales, channel: %s, at: "08:35"}
  - {name: reps-daily, kind: reps, at: "08:40"}
  - {name: managers-weekly, kind: weekly, channel: %s, at: "08:45", days: [mon]}
escalations: {channels: [%s, %s], answer_within: 1, ask_again: {every_days: 1, times: 2}}
ladder:
  report_channel: %s
  shadow_days: 0
  segments:
    - segment: everybody
      rungs:
        - {days: 10, at_least: 1000, to: owner}
        - {days: 30, at_least: 5000, broken_promises: 2, channel: %s}
        - {days: 60, at_least: 10000, channel: %s, hold: true}
`
