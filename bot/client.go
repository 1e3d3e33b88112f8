package bot

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// callLimit ends a call to Slack that gets no answer.
const callLimit = 15 * time.Second

// ClientConfig is what a Slack client needs.
type ClientConfig struct {
	BotToken string // xoxb-…
	AppToken string // xapp-…, for Socket Mode only
	// URL is the base of the Web API with a slash at its end; "" is Slack's own.
	URL string
	// HTTP carries the calls. Nil, or no Timeout in it, gets one of 15 seconds,
	// for slack-go sets none.
	HTTP *http.Client
	// Now and Wait are the clock; Wait may be nil.
	Now  func() time.Time
	Wait Wait
}

// NewClient returns a client that has time limits and that asks for Socket Mode
// connections no faster than Slack allows. It does not retry: that is the
// gate's, since a repeated post can be a second post.
func NewClient(c ClientConfig) *slack.Client {
	carrier := http.Client{Timeout: callLimit}
	if c.HTTP != nil {
		carrier = *c.HTTP
	}
	if carrier.Timeout == 0 {
		carrier.Timeout = callLimit
	}
	carrier.Transport = &openPacer{next: carrier.Transport, now: c.Now, wait: c.Wait.orTimer(), pace: pace{interval: openInterval, burst: openBurst}}
	options := []slack.Option{slack.OptionHTTPClient(&carrier), slack.OptionAppLevelToken(c.AppToken)}
	if c.URL != "" {
		options = append(options, slack.OptionAPIURL(c.URL))
	}
	return slack.New(c.BotToken, options...)
}

// Identity is whom a bot token speaks for.
type Identity struct {
	Team, TeamName string
	User           string // the bot's own user id
	URL            string // of the workspace
	Scopes         []string
}

// Identify asks Slack whose the bot token is. A *RefusedError says that the
// token is of no use.
func Identify(ctx context.Context, client *slack.Client) (Identity, error) {
	me, err := client.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, fmt.Errorf("bot: ask Slack who the bot is: %w", classify("auth.test", "", err))
	}
	id := Identity{Team: me.TeamID, TeamName: me.Team, User: me.UserID, URL: me.URL}
	for scope := range strings.SplitSeq(me.Header.Get("X-Oauth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			id.Scopes = append(id.Scopes, scope)
		}
	}
	return id, nil
}

const (
	openMethod = "/apps.connections.open"
	// openInterval keeps far below the 50 a minute of the method's tier 3.
	openInterval = 5 * time.Second
	openBurst    = 3
)

// openPacer spaces the calls of apps.connections.open. slack-go reconnects at
// once and without end when Slack accepts a connection only to close it again
// (too_many_websockets, link_disabled): some thousand times a second.
type openPacer struct {
	next http.RoundTripper // nil is http.DefaultTransport
	now  func() time.Time
	wait Wait
	mu   sync.Mutex
	pace pace
}

// RoundTrip sends the request, if need be later.
func (p *openPacer) RoundTrip(r *http.Request) (*http.Response, error) {
	next := p.next
	if next == nil {
		next = http.DefaultTransport
	}
	if !strings.HasSuffix(r.URL.Path, openMethod) {
		return next.RoundTrip(r)
	}
	p.mu.Lock()
	delay := p.pace.reserve(p.now())
	p.mu.Unlock()
	if err := p.wait(r.Context(), delay); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // RoundTrip must close it, and nothing was read
		}
		return nil, err
	}
	return next.RoundTrip(r)
}
