package bot

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
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
	carrier := withLimit(c.HTTP)
	carrier.Transport = &openPacer{next: carrier.Transport, now: c.Now, wait: c.Wait.orTimer()}
	options := []slack.Option{slack.OptionHTTPClient(carrier), slack.OptionAppLevelToken(c.AppToken)}
	if c.URL != "" {
		options = append(options, slack.OptionAPIURL(c.URL))
	}
	return slack.New(c.BotToken, options...)
}

// withLimit returns a copy of a client that ends a call without an answer.
func withLimit(c *http.Client) *http.Client {
	limited := http.Client{}
	if c != nil {
		limited = *c
	}
	if limited.Timeout == 0 {
		limited.Timeout = callLimit
	}
	return &limited
}

// Identity is whom a bot token speaks for.
type Identity struct {
	Team, TeamName string
	User           string // the bot's own user id
	URL            string // of the workspace
	Scopes         []string
	// Clock is Slack's time as it answered; zero where it did not say.
	Clock time.Time
}

// Identify asks Slack whose the bot token is. A *RefusedError says that the
// token is of no use.
func Identify(ctx context.Context, client *slack.Client) (Identity, error) {
	me, err := client.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, fmt.Errorf("bot: ask Slack who the bot is: %w", classify("auth.test", "", err))
	}
	id := Identity{Team: me.TeamID, TeamName: me.Team, User: me.UserID, URL: me.URL}
	if at, err := http.ParseTime(me.Header.Get("Date")); err == nil {
		id.Clock = at
	}
	for scope := range strings.SplitSeq(me.Header.Get("X-Oauth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			id.Scopes = append(id.Scopes, scope)
		}
	}
	return id, nil
}

const (
	openMethod = "/apps.connections.open"
	// openBurst connections may be asked for in a row; each one after that waits
	// twice as long as the one before, from openPause up to openPauseMost. A quiet
	// time of openCalm ends that.
	openBurst     = 3
	openPause     = 5 * time.Second
	openPauseMost = time.Minute
	openCalm      = 2 * openPauseMost
)

// openPacer spaces the calls of apps.connections.open. slack-go reconnects at
// once and without end when Slack accepts a connection only to close it again
// (too_many_websockets, link_disabled): some thousand times a second.
type openPacer struct {
	next http.RoundTripper // nil is http.DefaultTransport
	now  func() time.Time
	wait Wait

	mu     sync.Mutex
	last   time.Time // when the latest call was due
	streak int       // how many calls came without a quiet time between them
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
	left, free := p.reserve(p.now())
	var err error
	if free {
		if err = p.wait(r.Context(), left); err == nil {
			return next.RoundTrip(r)
		}
	}
	if r.Body != nil {
		_ = r.Body.Close() // RoundTrip must close it, and nothing was read
	}
	if err != nil {
		return nil, err
	}
	return tooEarly(r, left), nil
}

// tooEarly is what Slack would answer: slack-go comes again when the time is over,
// which may be later than the call's own limit.
func tooEarly(r *http.Request, left time.Duration) *http.Response {
	seconds := int((left + time.Second - 1) / time.Second)
	return &http.Response{
		StatusCode: http.StatusTooManyRequests, Status: "429 Too Many Requests", Request: r,
		Header: http.Header{"Retry-After": {strconv.Itoa(seconds)}}, Body: http.NoBody,
	}
}

// reserve takes the next place and returns how long to wait for it. A place that is
// further off than patience is not taken: free is false.
func (p *openPacer) reserve(now time.Time) (left time.Duration, free bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.IsZero() || now.Sub(p.last) >= openCalm {
		p.streak = 0
	}
	due := now
	if over := p.streak - openBurst; over >= 0 {
		due = p.last.Add(min(openPause<<min(over, 10), openPauseMost))
		if due.Before(now) {
			due = now
		}
	}
	if left = due.Sub(now); left > patience {
		return left, false
	}
	p.streak++
	p.last = due
	return left, true
}
