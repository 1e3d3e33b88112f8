package fakeslack

import (
	"slices"
	"strings"
)

type tokenKind int

const (
	botToken tokenKind = iota + 1
	appToken
	revokedToken
)

// method is one row of the Web API.
type method struct {
	tier   tier
	token  tokenKind
	scopes []string // any one of them is enough; nil needs none
	run    func(s *Server, c *call) (object, error)
}

var (
	readConversations = []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	readHistory       = []string{"channels:history", "groups:history", "im:history", "mpim:history"}
)

// methods is the Web API as far as it goes: names, tiers and scopes as docs
// give them. chat.postMessage has a pace of its own (see pacer.post).
var methods = map[string]method{
	"auth.test":                    {tier: tierSpecial, token: botToken, run: (*Server).authTest},
	"apps.connections.open":        {tier: tier3, token: appToken, run: (*Server).connectionsOpen},
	"chat.postMessage":             {tier: tierSpecial, token: botToken, scopes: []string{"chat:write"}, run: (*Server).chatPostMessage},
	"chat.update":                  {tier: tier3, token: botToken, scopes: []string{"chat:write"}, run: (*Server).chatUpdate},
	"chat.delete":                  {tier: tier3, token: botToken, scopes: []string{"chat:write"}, run: (*Server).chatDelete},
	"chat.postEphemeral":           {tier: tier4, token: botToken, scopes: []string{"chat:write"}, run: (*Server).chatPostEphemeral},
	"chat.getPermalink":            {tier: tierSpecial, token: botToken, run: (*Server).chatGetPermalink},
	"chat.unfurl":                  {tier: tier3, token: botToken, scopes: []string{"links:write"}, run: (*Server).chatUnfurl},
	"conversations.info":           {tier: tier3, token: botToken, scopes: readConversations, run: (*Server).conversationsInfo},
	"conversations.list":           {tier: tier2, token: botToken, scopes: readConversations, run: (*Server).conversationsList},
	"conversations.members":        {tier: tier4, token: botToken, scopes: readConversations, run: (*Server).conversationsMembers},
	"conversations.open":           {tier: tier3, token: botToken, scopes: []string{"im:write", "mpim:write"}, run: (*Server).conversationsOpen},
	"conversations.history":        {tier: tier3, token: botToken, scopes: readHistory, run: (*Server).conversationsHistory},
	"conversations.replies":        {tier: tier3, token: botToken, scopes: readHistory, run: (*Server).conversationsReplies},
	"users.info":                   {tier: tier4, token: botToken, scopes: []string{"users:read"}, run: (*Server).usersInfo},
	"users.list":                   {tier: tier2, token: botToken, scopes: []string{"users:read"}, run: (*Server).usersList},
	"users.lookupByEmail":          {tier: tier3, token: botToken, scopes: []string{"users:read.email"}, run: (*Server).usersLookupByEmail},
	"usergroups.list":              {tier: tier2, token: botToken, scopes: []string{"usergroups:read"}, run: (*Server).usergroupsList},
	"usergroups.users.list":        {tier: tier2, token: botToken, scopes: []string{"usergroups:read"}, run: (*Server).usergroupsUsersList},
	"views.open":                   {tier: tier4, token: botToken, run: (*Server).viewsOpen},
	"views.push":                   {tier: tier4, token: botToken, run: (*Server).viewsPush},
	"views.update":                 {tier: tier4, token: botToken, run: (*Server).viewsUpdate},
	"views.publish":                {tier: tier4, token: botToken, run: (*Server).viewsPublish},
	"files.getUploadURLExternal":   {tier: tier4, token: botToken, scopes: []string{"files:write"}, run: (*Server).filesGetUploadURL},
	"files.completeUploadExternal": {tier: tier4, token: botToken, scopes: []string{"files:write"}, run: (*Server).filesCompleteUpload},
	"files.info":                   {tier: tier4, token: botToken, scopes: []string{"files:read"}, run: (*Server).filesInfo},
	"files.delete":                 {tier: tier3, token: botToken, scopes: []string{"files:write"}, run: (*Server).filesDelete},
}

func (s *Server) setScopes(scopes []string) {
	s.scopes = map[string]bool{}
	for _, scope := range scopes {
		s.scopes[scope] = true
	}
}

func (s *Server) scopeList() string {
	list := make([]string, 0, len(s.scopes))
	for scope := range s.scopes {
		list = append(list, scope)
	}
	slices.Sort(list)
	return strings.Join(list, ",")
}

// authorise checks the token and that one of the method's scopes is granted.
func (s *Server) authorise(token string, m method) error {
	if token == "" {
		return refuse("not_authed")
	}
	switch kind := s.tokens[token]; kind {
	case 0:
		return refuse("invalid_auth")
	case revokedToken:
		return refuse("token_revoked")
	default:
		if kind != m.token {
			return refuse("not_allowed_token_type")
		}
	}
	if len(m.scopes) == 0 {
		return nil
	}
	return s.needScope(m.scopes...)
}

// needScope refuses unless one of the scopes is granted.
func (s *Server) needScope(anyOf ...string) error {
	if slices.ContainsFunc(anyOf, func(scope string) bool { return s.scopes[scope] }) {
		return nil
	}
	return &apiError{code: "missing_scope", needed: strings.Join(anyOf, ","), provided: s.scopeList()}
}
