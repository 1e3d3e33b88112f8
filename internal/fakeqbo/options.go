package fakeqbo

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

// Options describe a server for New.
type Options struct {
	// Now is the server's clock. Required: tokens, limits, delays and time stamps all
	// come from it. See Clock for one that a test moves.
	Now func() time.Time
	// Logger gets one line for each call at debug level, without tokens. Nil is silent.
	Logger *slog.Logger
	// App is the app that may connect. Empty fields get the defaults named at App.
	App App
	// RotateAfter is how old the value of a refresh token gets before a refresh
	// replaces it, upon which it is dead. 0 means a day, as Intuit does (docs); a
	// negative one replaces it at each refresh.
	RotateAfter time.Duration
	// Grace is how long a replaced value still works. 0 means not at all.
	Grace time.Duration
	// HardLife is how long a connection lives however often it is refreshed; 0 means
	// five years (docs, since November 2025).
	HardLife time.Duration
	// Limits hold the calls of each company. The zero value has Intuit's figures.
	Limits Limits
	// Webhook is where changes are told; see SetWebhook.
	Webhook Webhook
	// HTTPClient sends the webhooks; nil means a client of the server's own.
	HTTPClient *http.Client
	// Seed starts the dice of Fault.Chance and Mishap.Shuffled.
	Seed uint64
}

// App is an app as it is registered with Intuit.
type App struct {
	ClientID     string // "" means "fake-client-id"
	ClientSecret string // "" means "fake-client-secret"
	// RedirectURIs are compared letter by letter; see AllowRedirect.
	RedirectURIs []string
	// Production keys refuse a redirect URI that isn't https or that names this
	// machine or an address (docs); development keys take it.
	Production bool
	// Verifier is the key of the webhooks' signatures; "" means "fake-verifier-token".
	Verifier string
}

// Lives of what Intuit hands out.
const (
	AccessLife  = time.Hour                // docs
	RefreshLife = 8_726_400 * time.Second  // docs: 101 days
	codeLife    = 5 * time.Minute          // docs give no figure
	hardLife    = 5 * 365 * 24 * time.Hour // docs: five years
	daily       = 24 * time.Hour           // docs: the value changes about every 24 hours
	maxRequest  = 8 << 20                  // bytes of a request
	accounting  = "com.intuit.quickbooks.accounting"
)

func (o Options) withDefaults() (Options, error) {
	if o.Now == nil {
		return o, errors.New("fakeqbo: Options.Now is required: the server has no clock of its own")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.RotateAfter == 0 {
		o.RotateAfter = daily
	}
	if o.HardLife == 0 {
		o.HardLife = hardLife
	}
	o.App = o.App.withDefaults()
	o.Limits = o.Limits.withDefaults()
	return o, nil
}

func (a App) withDefaults() App {
	orElse := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	orElse(&a.ClientID, "fake-client-id")
	orElse(&a.ClientSecret, "fake-client-secret")
	orElse(&a.Verifier, "fake-verifier-token")
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	return a
}
