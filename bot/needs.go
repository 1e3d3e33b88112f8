package bot

import (
	"maps"
	"slices"
)

// scopesOf are the permissions that each method of the Web API needs here
// (docs.slack.dev, the page of each method). Those of a list are needed all: which
// one it takes depends on the kind of conversation.
var scopesOf = map[string][]string{
	"chat.postMessage":             {"chat:write"},
	"chat.update":                  {"chat:write"},
	"chat.delete":                  {"chat:write"},
	"chat.postEphemeral":           {"chat:write"},
	"chat.getPermalink":            nil,
	"chat.unfurl":                  {"links:write"},
	"auth.test":                    nil,
	"conversations.info":           {"channels:read", "groups:read", "im:read"},
	"conversations.members":        {"channels:read", "groups:read"},
	"conversations.open":           {"im:write"},
	"conversations.history":        history,
	"conversations.replies":        history,
	"users.info":                   {"users:read", "users:read.email"},
	"users.list":                   {"users:read"},
	"users.lookupByEmail":          {"users:read.email"},
	"usergroups.list":              {"usergroups:read"},
	"views.open":                   nil,
	"views.publish":                nil,
	"views.push":                   nil,
	"views.update":                 nil,
	"files.getUploadURLExternal":   {"files:write"},
	"files.completeUploadExternal": {"files:write"},
	"files.delete":                 {"files:write"},
	"files.info":                   {"files:read"},
}

var (
	// history lets the bot look whether a message whose answer was lost arrived.
	// im:history also lets it hear direct messages.
	history = []string{"channels:history", "groups:history", "im:history"}
	// heardOnly are the permissions of what comes in.
	heardOnly = []string{"app_mentions:read", "commands"}
)

// Needs are what the app's manifest has to ask of Slack. What the code can do and the
// company makes no use of is not asked for.
type Needs struct {
	// Reading: channels are read, to see whether a message whose answer was lost is there.
	Reading bool
	// Domains are those of the company's ledgers, whose links are shown.
	Domains []string
}

// maxDomains is how many domains a manifest takes (docs.slack.dev, "App manifest").
const maxDomains = 5

// Scopes are the permissions that the bot token needs, sorted.
func (n Needs) Scopes() []string { return n.scopes(product()) }

// Events are what the bot wants to be told by Slack, sorted. Direct messages come
// with the permission to read them.
func (n Needs) Events() []string { return n.events(product()) }

// UnfurlDomains are the domains that the manifest names, the first five of them; none
// where no command shows what is behind links.
func (n Needs) UnfurlDomains() []string { return n.domains(product()) }

func (n Needs) scopes(used Routes) []string {
	need := map[string]bool{}
	for _, s := range heardOnly {
		need[s] = true
	}
	for _, list := range scopesOf {
		for _, s := range list {
			need[s] = true
		}
	}
	if !n.Reading {
		for _, s := range history {
			delete(need, s)
		}
	}
	if used.Files == nil || !n.Reading { // files come with direct messages
		delete(need, "files:read")
	}
	delete(need, "links:write")
	if len(n.domains(used)) > 0 {
		need["links:read"], need["links:write"] = true, true
	}
	return slices.Sorted(maps.Keys(need))
}

func (n Needs) events(used Routes) []string {
	all := []string{"app_mention", "app_uninstalled", "tokens_revoked"}
	if n.Reading {
		all = append(all, "message.im")
	}
	if used.Home != nil {
		all = append(all, "app_home_opened")
	}
	if len(n.domains(used)) > 0 {
		all = append(all, "link_shared")
	}
	all = slices.AppendSeq(all, maps.Keys(changes))
	slices.Sort(all)
	return slices.Compact(all)
}

func (n Needs) domains(used Routes) []string {
	if used.Links == nil {
		return nil
	}
	return n.Domains[:min(len(n.Domains), maxDomains)]
}

// Shortcuts are the entries of Slack's menus, in the order of the commands.
func Shortcuts() []MenuEntry { return product().Shortcuts }

// HasHome reports whether there is a home tab.
func HasHome() bool { return product().Home != nil }

// product are the routes of all commands. Their handlers lead nowhere.
func product() (all Routes) {
	r := &Router{}
	for _, c := range commands() {
		if c.routes != nil {
			all.add(c.routes(r))
		}
	}
	return all
}
