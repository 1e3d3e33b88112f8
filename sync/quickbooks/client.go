package quickbooks

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/oauth"
)

// minorVersion is the only version of the API that is still served.
const minorVersion = "75"

// Tokens gives the access tokens of one company; *oauth.Holder does.
type Tokens interface {
	// Access returns a token that should be valid.
	Access(ctx context.Context) (oauth.Secret, error)
	// Renew returns another one than the one that was refused.
	Renew(ctx context.Context, refused oauth.Secret) (oauth.Secret, error)
	// Lost notes that an admin has to give access anew, and why.
	Lost(ctx context.Context, why string) error
}

// ClientConfig is what a Client needs.
type ClientConfig struct {
	// Realm is QuickBooks' id of the company.
	Realm string
	// URL is the API's address, without /v3.
	URL    string
	Tokens Tokens
	HTTP   *http.Client
	Now    func() time.Time
	// Wait waits, or returns early with the context's error.
	Wait func(ctx context.Context, d time.Duration) error
	// Rand gives the ids that make a repeated write one write.
	Rand io.Reader
	// Logger gets the id of each answer, no bodies; nil discards them.
	Logger *slog.Logger
}

// Client calls the API for one company. It stays below QuickBooks' limits, waits
// out throttles, renews a refused token once and repeats what failed for no
// reason of its own. It is safe for use by several goroutines; there should be
// one for each company, since it is what counts the calls.
type Client struct {
	ClientConfig
	pace *pace
	most int64 // bytes of an answer
	made atomic.Uint64
}

// NewClient returns a Client.
func NewClient(c ClientConfig) *Client {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Client{ClientConfig: c, pace: newPace(c.Now()), most: maxAnswer}
}

// TryNow lets the next call out although the month's calls seemed used up: for
// a person who asks for a sync now.
func (c *Client) TryNow() { c.pace.lift() }

// Calls is how many calls were made: QuickBooks counts them by the month.
func (c *Client) Calls() uint64 { return c.made.Load() }

// get reads path, which is below /v3/company/{realm}/, into a value by JSON.
// Amounts need json.Number fields: a float would not be what QuickBooks said.
//
// The error is a *Fault where QuickBooks answered with one, and is inside an
// *arsync.TroubleError where it says how the connection is.
func (c *Client) get(ctx context.Context, path string, query url.Values, into any) error {
	if path == "query" {
		if err := checkQuery(query.Get("query")); err != nil {
			return err
		}
	}
	if err := c.do(ctx, call{method: http.MethodGet, path: path, query: query}, into); err != nil {
		return fmt.Errorf("quickbooks: read %s: %w", path, err)
	}
	return nil
}

// post sends body as JSON (nil: nothing) to path, with a request id under which
// QuickBooks does the same thing only once; one in query is kept. into may be
// nil. Errors are as with get.
func (c *Client) post(ctx context.Context, path string, query url.Values, body, into any) error {
	p := call{method: http.MethodPost, path: path, query: url.Values{}}
	maps.Copy(p.query, query)
	if !p.query.Has("requestid") {
		id := make([]byte, 16)
		if _, err := io.ReadFull(c.Rand, id); err != nil {
			return fmt.Errorf("quickbooks: make a request id: %w", err)
		}
		p.query.Set("requestid", hex.EncodeToString(id))
	}
	if body != nil {
		var err error
		if p.body, err = json.Marshal(body); err != nil {
			return fmt.Errorf("quickbooks: encode the body for %s: %w", path, err)
		}
	}
	if err := c.do(ctx, p, into); err != nil {
		return fmt.Errorf("quickbooks: send %s: %w", path, err)
	}
	return nil
}

// literal writes a text into a query, in quotes. Escaped is the text for the
// query language only; the encoding for the address comes after it, with the
// whole query's. It does not make free text fit for queries: see checkQuery.
func literal(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

// checkQuery refuses what the query language's reader stumbles over wherever it
// stands, typographic quotes and dashes among it: names are not looked up there.
func checkQuery(query string) error {
	for _, r := range query {
		if r < ' ' || r > '~' {
			return fmt.Errorf("quickbooks: a query must not hold the character %q: look records up by their ids", r)
		}
	}
	return nil
}

// address encodes a query with %20 for blanks, as QuickBooks' own clients do.
func (c *Client) address(p call) string {
	query := url.Values{"minorversion": {minorVersion}}
	maps.Copy(query, p.query)
	return strings.TrimSuffix(c.URL, "/") + "/v3/company/" + url.PathEscape(c.Realm) + "/" + p.path +
		"?" + strings.ReplaceAll(query.Encode(), "+", "%20")
}

// trouble says what an error means for the connection.
func trouble(state ar.HealthState, until time.Time, err error, why string) error {
	return &arsync.TroubleError{Health: ar.Health{State: state, Why: why, Until: until}, Err: err}
}
