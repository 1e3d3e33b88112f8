package fakeslack

import (
	"slices"
	"strings"
)

// Workspace describes a Slack team and the app that is installed in it. New
// fills what is empty: team T0ACME "Acme", app A0ARBOT, bot user U0ARBOT named
// "arbot", tokens and a signing secret.
type Workspace struct {
	Team          Team
	AppID         string
	Bot           Bot
	BotToken      string // xoxb-...
	AppToken      string // xapp-..., for Socket Mode
	SigningSecret string
	Users         []User
	Channels      []Channel
	UserGroups    []UserGroup
}

// Team is the workspace's own entry.
type Team struct {
	ID     string // T...
	Name   string
	Domain string
}

// Bot is the app's bot user.
type Bot struct {
	UserID string // U...: the author of its messages
	BotID  string // B...
	Name   string
}

// User is a person (or another app's bot) in the workspace.
type User struct {
	ID                string // U... or W...
	Name              string // handle, without @
	RealName          string
	Email             string
	TZ                string // IANA name
	IsAdmin           bool
	IsBot             bool
	Deleted           bool // deactivated
	IsRestricted      bool // multi-channel guest
	IsUltraRestricted bool // single-channel guest
	IsStranger        bool // met only through a shared channel
	TeamID            string
}

// Channel is a conversation. DMs are opened by conversations.open or by
// posting to a user id and need not be listed.
type Channel struct {
	ID              string // C..., G... or D...
	Name            string
	Private         bool
	Archived        bool
	ExtShared       bool     // shared with another organisation
	SharedTeamIDs   []string // the other organisations
	PendingShared   bool
	Members         []string // user ids; the bot is in it when its id is here
	PreviousNames   []string
	IM              bool   // a direct message
	IMUser          string // the person of a direct message
	IsUserDeletedIM bool
}

// UserGroup is a named group of people, as used for roles.
type UserGroup struct {
	ID       string // S...
	Handle   string
	Name     string
	Members  []string
	Disabled bool
}

func (c Channel) clone() Channel {
	c.Members = slices.Clone(c.Members)
	c.SharedTeamIDs = slices.Clone(c.SharedTeamIDs)
	c.PreviousNames = slices.Clone(c.PreviousNames)
	return c
}

func (c *Channel) has(user string) bool { return slices.Contains(c.Members, user) }

// kind names the conversation type in Slack's words: it picks the scope that a
// read needs (channels:read, groups:read, im:read).
func (c *Channel) kind() string {
	switch {
	case c.IM:
		return "im"
	case c.Private:
		return "groups"
	default:
		return "channels"
	}
}

func (w Workspace) withDefaults() Workspace {
	fill(&w.Team.ID, "T0ACME")
	fill(&w.Team.Name, "Acme")
	fill(&w.Team.Domain, strings.ToLower(w.Team.Name))
	fill(&w.AppID, "A0ARBOT")
	fill(&w.Bot.UserID, "U0ARBOT")
	fill(&w.Bot.BotID, "B0ARBOT")
	fill(&w.Bot.Name, "arbot")
	fill(&w.BotToken, "xoxb-fake-bot")
	fill(&w.AppToken, "xapp-fake-app")
	fill(&w.SigningSecret, "fake-signing-secret")
	return w
}

func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
