package fakeslack

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

// Options describe a server for New.
type Options struct {
	// Now is the workspace's clock. Required: message time stamps, the age of
	// response URLs and triggers, pacing and latencies all come from it.
	Now func() time.Time
	// Logger gets one line for each call and delivery at debug level. Nil is silent.
	Logger *slog.Logger
	// Workspace is the team with its people and channels. Empty fields get
	// the defaults named at Workspace.
	Workspace Workspace
	// Scopes are the bot token's granted scopes; nil grants DefaultScopes().
	Scopes []string
	// PostBurst is how many messages a channel takes in a row before the pace
	// of one a second holds (docs: "about one a second, short bursts are fine").
	// 0 means DefaultPostBurst, a negative number lifts the pace.
	PostBurst int
	// EnforceTiers holds each method to the calls a minute of its tier.
	EnforceTiers bool
	// PingInterval is the time between WebSocket pings; 0 means 10 seconds.
	// Clients take a silent socket for dead (slack-go after 30 seconds).
	PingInterval time.Duration
	// SocketLife is how long a connection lives by Now before it is retired: a
	// warning 10 s ahead, then the request to refresh, then its end, as Tick comes by.
	// 0 means for ever.
	SocketLife time.Duration
	// PostsPerMinute holds chat.postMessage over all channels (docs: "several hundred
	// messages a minute"); 0 lifts it.
	PostsPerMinute int
	// Subscriptions are the events of changes that the app has asked for:
	// "member_joined_channel", "channel_archive" and what else announce.go lists.
	// The methods that change the workspace then send them, without waiting for the
	// acknowledgement. Nil sends none.
	Subscriptions []string
	// UnfurlDomains are the domains, with their subdomains, of whose addresses the app
	// is told where it has the scope links:read. Nil tells of none.
	UnfurlDomains []string
	// Endpoints, when set, are where the app listens: deliveries then go there
	// as signed HTTP requests instead of over Socket Mode.
	Endpoints Endpoints
	// HTTPClient sends the signed requests; nil means a client of the server's own.
	HTTPClient *http.Client
}

// Endpoints are the request URLs of an app that listens over HTTP.
type Endpoints struct {
	Commands      string
	Interactivity string
	Events        string
}

// DefaultPostBurst is how many messages a channel takes at once by default.
const DefaultPostBurst = 4

// AckLimit is how long an app may take to acknowledge a delivery (docs).
const AckLimit = 3 * time.Second

// DefaultScopes are the bot scopes that a fully equipped arbot asks for.
func DefaultScopes() []string {
	return slices.Clone(defaultScopes)
}

var defaultScopes = []string{
	"app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
	"groups:history", "groups:read", "im:history", "im:read", "im:write", "links:read", "links:write", "usergroups:read",
	"users:read", "users:read.email",
}

func (o Options) withDefaults() (Options, error) {
	if o.Now == nil {
		return o, errors.New("fakeslack: Options.Now is required: the server has no clock of its own")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Scopes == nil {
		o.Scopes = DefaultScopes()
	}
	if o.PostBurst == 0 {
		o.PostBurst = DefaultPostBurst
	}
	if o.PingInterval == 0 {
		o.PingInterval = 10 * time.Second
	}
	o.Workspace = o.Workspace.withDefaults()
	return o, nil
}
