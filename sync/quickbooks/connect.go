package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
	"arbot/sync/oauth"
)

// Kind is the kind of these ledgers, in the books and in the config.
const Kind = "quickbooks"

// Endpoints are the addresses of Intuit's servers.
type Endpoints struct {
	Authorize, Token, Revoke string
	// API is without /v3.
	API string
}

// Production returns the addresses for companies that are real
// (developer.intuit.com, OpenID discovery document).
func Production() Endpoints {
	return Endpoints{ //nolint:gosec // G101: addresses, no credentials
		Authorize: "https://appcenter.intuit.com/connect/oauth2",
		Token:     "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
		Revoke:    "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
		API:       "https://quickbooks.api.intuit.com",
	}
}

// Sandbox returns the addresses for an app's development keys and its sandbox
// companies.
func Sandbox() Endpoints {
	e := Production()
	e.API = "https://sandbox-quickbooks.api.intuit.com"
	return e
}

// AppConfig is what an App needs.
type AppConfig struct {
	Endpoints
	// ClientID and ClientSecret are the keys of the app in the developer portal.
	ClientID     string
	ClientSecret oauth.Secret
	Books        ar.Books
	Sealer       *oauth.Sealer
	HTTP         *http.Client
	Now          func() time.Time
	// Wait waits, or returns early with the context's error.
	Wait func(ctx context.Context, d time.Duration) error
	Rand io.Reader
	// Logger gets ids and names of ledgers; nil discards them.
	Logger *slog.Logger
	// Lost is called in the transaction that writes down that a company has to
	// be connected anew: see oauth.KeeperConfig.
	Lost func(ctx context.Context, tx ar.Tx, c ar.Connection) error
}

// App is our app at Intuit: it connects companies, and gives the client of each.
type App struct {
	AppConfig
	keeper *oauth.Keeper

	mu      sync.Mutex
	clients map[[2]string]*Client // by ledger and realm
}

// NewApp returns an App.
func NewApp(c AppConfig) (*App, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	keeper, err := oauth.NewKeeper(oauth.KeeperConfig{
		Books: c.Books, Sealer: c.Sealer, Now: c.Now, Wait: c.Wait, Rand: c.Rand, Logger: c.Logger, Lost: c.Lost,
		Endpoint: oauth.Endpoint{
			Name: "QuickBooks", AuthURL: c.Authorize, TokenURL: c.Token, RevokeURL: c.Revoke,
			ClientID: c.ClientID, ClientSecret: c.ClientSecret,
			Scopes:          []string{"com.intuit.quickbooks.accounting"}, // there is none that only reads
			Header:          http.Header{"X-Include-Refresh-Token-Hard-Expires-In": {"true"}},
			RefreshLifetime: "x_refresh_token_expires_in", HardLifetime: "x_refresh_token_hard_expires_in",
			HTTP: c.HTTP, Now: c.Now,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("quickbooks: %w", err)
	}
	return &App{AppConfig: c, keeper: keeper, clients: map[[2]string]*Client{}}, nil
}

// Keeper returns what keeps the tokens, to seal them anew.
func (a *App) Keeper() *oauth.Keeper { return a.keeper }

// Client returns the client of a company, always the same one: it counts the
// calls. ledger is the name in the config.
func (a *App) Client(ledger, realm string) *Client {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := [2]string{ledger, realm}
	if a.clients[key] == nil {
		a.clients[key] = NewClient(ClientConfig{
			Realm: realm, URL: a.API, Tokens: a.keeper.Holder(ledger),
			HTTP: a.HTTP, Now: a.Now, Wait: a.Wait, Rand: a.Rand, Logger: a.Logger,
		})
	}
	return a.clients[key]
}

// AuthorizeURL returns the link by which an admin connects a company as a
// ledger. It holds for ten minutes and for one use. redirect is the address of
// the Callback, as the app's settings at Intuit list it.
func (a *App) AuthorizeURL(ledger, admin, redirect string) (string, error) {
	state, err := a.keeper.NewState(oauth.Grant{Ledger: ledger, Admin: admin, Redirect: redirect})
	if err != nil {
		return "", fmt.Errorf("quickbooks: link to connect %s: %w", ledger, err)
	}
	return a.keeper.Endpoint.AuthorizeURL(state, redirect), nil
}

// Outcome is how an attempt to connect ended.
type Outcome struct {
	// Grant is who asked for what; the zero Grant where the callback was not
	// an answer to us.
	Grant oauth.Grant
	// Connection is the company, where it was connected. Its title is "" where
	// the company could not be read yet: Err says why.
	Connection ar.Connection
	// Err is an *ar.Error where there are words for people.
	Err error
}

// Connected reports whether tokens were stored.
func (o Outcome) Connected() bool { return o.Connection.Name != "" }

// realmText is how QuickBooks numbers companies.
var realmText = regexp.MustCompile(`^[0-9]{1,20}$`)

// Finish takes what a callback brings: it checks the state, which is good for
// one use, gets the tokens and stores them with the company.
func (a *App) Finish(ctx context.Context, query url.Values) Outcome {
	grant, err := a.keeper.TakeState(ctx, query.Get("state"))
	if err != nil {
		return Outcome{Err: stateError(err)}
	}
	fail := func(err error) Outcome { return Outcome{Grant: grant, Err: err} }
	if said := query.Get("error"); said != "" {
		return fail(&ar.Error{
			Kind: ar.Invalid, Say: "Access to QuickBooks was not granted, so nothing is connected. Ask for a new link when you want to.",
			Err: fmt.Errorf("quickbooks: the callback says %s", oneLine(said)),
		})
	}
	code, realm := oauth.Secret(query.Get("code")), query.Get("realmId")
	if code == "" || !realmText.MatchString(realm) {
		return fail(ar.Refuse("QuickBooks sent no code or no company. Ask for a new link and choose a company."))
	}
	token, err := a.keeper.Endpoint.Exchange(ctx, code, grant.Redirect)
	if err != nil {
		return fail(exchangeError(err))
	}
	out := a.connect(ctx, grant.Ledger, realm, token)
	out.Grant = grant
	return out
}

// Paste connects a company by a refresh token that an admin got elsewhere, as
// from Intuit's OAuth Playground with the keys of this app. The token is
// renewed, which shows that it is good.
func (a *App) Paste(ctx context.Context, ledger string, refresh oauth.Secret, realm string) Outcome {
	if !realmText.MatchString(realm) {
		return Outcome{Err: ar.Refuse("The company id must be the digits that the OAuth Playground shows as Realm ID.")}
	}
	token, err := a.keeper.Endpoint.Refresh(ctx, refresh)
	if err != nil {
		return Outcome{Err: exchangeError(err)}
	}
	return a.connect(ctx, ledger, realm, token)
}

// connect stores tokens, and only then uses them to read what the company is.
func (a *App) connect(ctx context.Context, ledger, realm string, token oauth.Token) Outcome {
	c, err := a.keeper.Connect(ctx, ledger, Kind, realm, token)
	if err != nil {
		return Outcome{Err: fmt.Errorf("quickbooks: %w", err)}
	}
	a.Logger.InfoContext(ctx, "company connected", "ledger", ledger, "realm", realm)
	described, err := a.Describe(ctx, ledger)
	if err != nil {
		return Outcome{Connection: c, Err: err}
	}
	return Outcome{Connection: described}
}

// Describe reads what the connected company is and writes it into the
// connection: title, home currency, zone.
func (a *App) Describe(ctx context.Context, ledger string) (c ar.Connection, _ error) {
	err := a.Books.View(ctx, func(r ar.Reader) (err error) {
		c, err = r.Connection(ctx, ledger)
		return err
	})
	if err != nil {
		return c, fmt.Errorf("quickbooks: describe %s: %w", ledger, err)
	}
	what, err := a.Client(ledger, c.Company).company(ctx)
	if err != nil {
		return c, errors.Join(err, a.noteTrouble(ctx, ledger, err))
	}
	err = a.keeper.Change(ctx, ledger, func(_ ar.Tx, stored *ar.Connection) error {
		stored.Title, stored.Home, stored.Zone = what.title, what.home, what.zone
		stored.Health = ar.Health{}
		c = *stored
		return nil
	})
	if err != nil {
		return c, fmt.Errorf("quickbooks: describe %s: %w", ledger, err)
	}
	return c, nil
}

// noteTrouble keeps why a company does not say what it is, until it does: one that was
// never read has nothing else that could tell how it is.
func (a *App) noteTrouble(ctx context.Context, ledger string, cause error) error {
	trouble, ok := errors.AsType[*arsync.TroubleError](cause)
	if !ok {
		return nil
	}
	err := a.keeper.Change(ctx, ledger, func(_ ar.Tx, stored *ar.Connection) error {
		if stored.Title == "" && stored.Health.State != ar.NeedsReconnecting {
			stored.Health = trouble.Health
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("quickbooks: note how %s is: %w", ledger, err)
	}
	return nil
}

// Disconnect gives access back and forgets the tokens. revoked is false where
// Intuit did not hear of it.
func (a *App) Disconnect(ctx context.Context, ledger string) (revoked bool, err error) {
	revoked, err = a.keeper.Disconnect(ctx, ledger)
	if errors.Is(err, ar.ErrNoConnection) {
		return false, &ar.Error{Kind: ar.NotFound, Say: fmt.Sprintf("The ledger %s is not connected.", ledger), Err: err}
	}
	if err != nil {
		return revoked, fmt.Errorf("quickbooks: %w", err)
	}
	a.Logger.InfoContext(ctx, "company disconnected", "ledger", ledger, "revoked", revoked)
	return revoked, nil
}

func stateError(err error) error {
	const again = " Ask for a new link and open it within ten minutes."
	switch {
	case errors.Is(err, oauth.ErrNotOurs):
		return &ar.Error{Kind: ar.Invalid, Say: "This is not the answer to a link of arbot, so nothing is connected." + again, Err: err}
	case errors.Is(err, oauth.ErrTooOld):
		return &ar.Error{Kind: ar.Invalid, Say: "This link is more than ten minutes old, so nothing is connected." + again, Err: err}
	case errors.Is(err, oauth.ErrUsed):
		return &ar.Error{Kind: ar.Invalid, Say: "This link has been used already, and works only once." + again, Err: err}
	}
	return fmt.Errorf("quickbooks: callback: %w", err)
}

// exchangeError finds words for why there are no tokens.
func exchangeError(err error) error {
	f, ok := errors.AsType[*oauth.EndpointError](err)
	switch {
	case ok && f.Dead():
		return &ar.Error{Kind: ar.Invalid, Say: "QuickBooks does not take this code or token: it is too old, was used already, or belongs to another app. Get a new one.", Err: err}
	case ok && f.Ours():
		return &ar.Error{Kind: ar.Invalid, Say: "QuickBooks does not accept arbot's own client id and secret, or the callback's address. Compare them with the app in the developer portal.", Err: err}
	}
	return &ar.Error{Kind: ar.Unavailable, Say: "QuickBooks gives no tokens right now. Try again in a few minutes.", Err: err}
}
