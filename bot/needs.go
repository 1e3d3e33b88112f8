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
	"files.getUploadURLExternal":   {"files:write"},
	"files.completeUploadExternal": {"files:write"},
}

var (
	// history lets the bot look whether a message whose answer was lost arrived.
	// im:history also lets it hear direct messages.
	history = []string{"channels:history", "groups:history", "im:history"}
	// heardOnly are the permissions of what comes in.
	heardOnly = []string{"app_mentions:read", "commands"}
)

// Scopes are the permissions that the bot token needs, sorted; without reading it
// does not look into channels.
func Scopes(reading bool) []string {
	need := map[string]bool{}
	for _, s := range heardOnly {
		need[s] = true
	}
	for _, list := range scopesOf {
		for _, s := range list {
			need[s] = true
		}
	}
	if !reading {
		for _, s := range history {
			delete(need, s)
		}
	}
	return slices.Sorted(maps.Keys(need))
}

// Events are what the bot wants to be told by Slack, sorted. Direct messages come
// with the permission to read them.
func Events(reading bool) []string {
	all := []string{"app_mention", "app_uninstalled", "tokens_revoked"}
	if reading {
		all = append(all, "message.im")
	}
	all = slices.AppendSeq(all, maps.Keys(changes))
	slices.Sort(all)
	return slices.Compact(all)
}
