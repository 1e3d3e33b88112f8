package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"arbot/ar"
	"arbot/desk"
	arsync "arbot/sync"
	"arbot/sync/oauth"
	"arbot/sync/quickbooks"
)

// quickbooksKeys are the secrets of the app at Intuit. Without the first three no
// company can be connected or read.
type quickbooksKeys struct {
	client    string
	secret    oauth.Secret
	key, olds oauth.Secret // of the tokens in the books
	verifiers []oauth.Secret
	url       string // another address than Intuit's, for tests
	lacks     []string
}

const (
	clientIDName     = "ARBOT_QUICKBOOKS_CLIENT_ID"
	clientSecretName = "ARBOT_QUICKBOOKS_CLIENT_SECRET" //nolint:gosec // G101: the name of one
	verifierName     = "ARBOT_QUICKBOOKS_WEBHOOK_TOKEN"
)

// readQuickBooksKeys takes the secrets from the environment, or from the files that
// NAME_FILE names. What is missing is no fault before it is needed.
func (p *program) readQuickBooksKeys() (quickbooksKeys, error) {
	var client, secret, key, olds, verifiers string
	k := quickbooksKeys{url: p.getenv("ARBOT_QUICKBOOKS_URL")}
	for _, s := range []struct {
		name   string
		to     *string
		needed bool
	}{
		{clientIDName, &client, true},
		{clientSecretName, &secret, true},
		{oauth.KeyName, &key, true},
		{oauth.OldKeysName, &olds, false},
		{verifierName, &verifiers, false},
	} {
		value, err := p.secret(s.name)
		if err != nil {
			return quickbooksKeys{}, err
		}
		if *s.to = value; value == "" && s.needed {
			k.lacks = append(k.lacks, s.name)
		}
	}
	k.client, k.secret, k.key, k.olds = client, oauth.Secret(secret), oauth.Secret(key), oauth.Secret(olds)
	for v := range strings.SplitSeq(verifiers, ",") {
		if v = strings.TrimSpace(v); v != "" {
			k.verifiers = append(k.verifiers, oauth.Secret(v))
		}
	}
	return k, nil
}

// missing says what has to be set before a company can be connected; nil if nothing.
func (k quickbooksKeys) missing() error {
	if len(k.lacks) == 0 {
		return nil
	}
	say := fmt.Sprintf("The environment lacks %s. See docs/quickbooks.md.", strings.Join(k.lacks, ", "))
	if slices.Contains(k.lacks, oauth.KeyName) {
		say += " `arbot connect --new-key` prints a key."
	}
	return &ar.Error{Kind: ar.Unavailable, Say: say}
}

// companies are the QuickBooks companies of the config. Those of the sandbox belong
// to other keys' companies than the real ones, at another address.
type companies struct {
	keys     quickbooksKeys
	zone     *time.Location
	now      func() time.Time
	books    ar.Books
	settings map[string]quickbooksConfig
	apps     map[bool]*quickbooks.App // by whether it is the sandbox's
	wires    *http.Transport

	mu      sync.Mutex
	sources map[string]*company
	// compared is when a missed comparison was tried again, by ledger.
	compared map[string]time.Time
}

// company is the source of a ledger as it is connected now.
type company struct {
	realm, title, zone string
	home               ar.Currency
	source             *quickbooks.Source
}

// callLimit ends a call to Intuit that does not end by itself.
const callLimit = 2 * time.Minute

// openCompanies makes the side that faces Intuit; nil where the config has no ledger
// of QuickBooks.
func (a *app) openCompanies(p *program) (*companies, error) {
	c := &companies{
		zone: a.settings.zone, now: a.now, books: a.books, settings: map[string]quickbooksConfig{},
		apps: map[bool]*quickbooks.App{}, sources: map[string]*company{}, compared: map[string]time.Time{},
	}
	for _, l := range a.settings.ledgers {
		if l.QuickBooks != nil {
			c.settings[l.Name] = *l.QuickBooks
		}
	}
	if len(c.settings) == 0 {
		return nil, nil //nolint:nilnil // there is nothing to face Intuit with, and that is fine
	}
	var err error
	if c.keys, err = p.readQuickBooksKeys(); err != nil {
		return nil, err
	}
	sealer, err := oauth.NewSealer(rand.Reader, c.keys.key, c.keys.olds)
	if err != nil {
		return nil, fmt.Errorf("the key of the tokens: %w", err)
	}
	c.wires = newWires()
	for _, q := range c.settings {
		if c.apps[q.Sandbox] != nil {
			continue
		}
		c.apps[q.Sandbox], err = quickbooks.NewApp(quickbooks.AppConfig{
			Endpoints: c.keys.endpoints(q.Sandbox), ClientID: c.keys.client, ClientSecret: c.keys.secret, Books: a.books, Sealer: sealer,
			HTTP: &http.Client{Timeout: callLimit, Transport: c.wires}, Now: a.now, Wait: sleep, Rand: rand.Reader, Logger: a.log,
		})
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// endpoints are Intuit's addresses, or those of another server for tests.
func (k quickbooksKeys) endpoints(sandbox bool) quickbooks.Endpoints {
	switch {
	case k.url != "":
		return quickbooks.Endpoints{
			Authorize: k.url + "/connect/oauth2", Token: k.url + "/oauth2/v1/tokens/bearer", Revoke: k.url + "/v2/oauth2/tokens/revoke", API: k.url,
		}
	case sandbox:
		return quickbooks.Sandbox()
	}
	return quickbooks.Production()
}

func (c *companies) close() {
	if c != nil {
		c.wires.CloseIdleConnections()
	}
}

// app is our app at Intuit for a ledger.
func (c *companies) app(ledger string) *quickbooks.App { return c.apps[c.settings[ledger].Sandbox] }

// connection is the access to the company of a ledger; an *ar.Error says that there
// is none, or not to the right one.
func (c *companies) connection(ctx context.Context, ledger string) (found ar.Connection, err error) {
	if err := c.keys.missing(); err != nil {
		return found, err
	}
	err = c.books.View(ctx, func(r ar.Reader) (err error) {
		found, err = r.Connection(ctx, ledger)
		return err
	})
	switch want := c.settings[ledger].Company; {
	case errors.Is(err, ar.ErrNoConnection):
		return found, &ar.Error{Kind: ar.Unavailable, Say: fmt.Sprintf("The ledger %s is not connected yet: type `arbot connect quickbooks %s` on the server.", ledger, ledger), Err: err}
	case err != nil:
		return found, fmt.Errorf("connection of %s: %w", ledger, err)
	case want != "" && want != found.Company:
		return found, wrongCompany(ledger, want, found)
	}
	return found, nil
}

func wrongCompany(ledger, want string, found ar.Connection) error {
	return ar.Refuse("The ledger %s is connected to the company %s, and the config says company: %s. Change the config, or type `arbot disconnect %s` and connect the right company.",
		ledger, found.Company, want, ledger)
}

// open is the source of a ledger: the same one as long as its company is the same,
// since it remembers what it learned of it.
func (c *companies) open(ctx context.Context, ledger string) (arsync.Source, error) {
	conn, err := c.connection(ctx, ledger)
	if err != nil {
		return nil, err
	}
	if conn.Title == "" && conn.Health.State != ar.NeedsReconnecting { // it could not be read when it was connected
		if conn, err = c.app(ledger).Describe(ctx, ledger); err != nil {
			return nil, fmt.Errorf("what company %s is: %w", ledger, err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	is := c.sources[ledger]
	if is == nil || is.realm != conn.Company || is.title != conn.Title || is.zone != conn.Zone || is.home != conn.Home {
		is = &company{realm: conn.Company, title: conn.Title, zone: conn.Zone, home: conn.Home}
		is.source = quickbooks.NewSource(conn, c.app(ledger).Client(ledger, conn.Company), c.reading(ledger, conn))
		c.sources[ledger] = is
	}
	return is.source, nil
}

// renew has a company asked again what it is, and how it is set: changes don't tell when
// that is another now. What it does not say stays as it was.
func (c *companies) renew(ctx context.Context, ledger string, log *slog.Logger) {
	conn, err := c.app(ledger).Describe(ctx, ledger)
	if err != nil {
		log.WarnContext(ctx, "a company does not say what it is", "ledger", ledger, "error", err)
	} else if _, err := time.LoadLocation(conn.Zone); err != nil {
		log.WarnContext(ctx, "a company's zone is not known here, so the config's is taken", "ledger", ledger, "zone", conn.Zone, "error", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if is := c.sources[ledger]; is != nil {
		is.source.Renew()
	}
}

// compareAgain is how often a comparison with a ledger's own total is tried again.
const compareAgain = time.Hour

// mayCompare reports whether it is time to try a missed comparison again, and notes that
// it is.
func (c *companies) mayCompare(ledger string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now().Sub(c.compared[ledger]) < compareAgain {
		return false
	}
	c.compared[ledger] = c.now()
	return true
}

// calls is how many calls were made to a connected company.
func (c *companies) calls(l desk.LedgerState) uint64 {
	return c.app(l.Name).Client(l.Name, l.Connection.Company).Calls()
}

// reading says how the books of a company are read. What day it is there decides its
// own zone, where it is known.
func (c *companies) reading(ledger string, conn ar.Connection) quickbooks.Settings {
	q := c.settings[ledger]
	zone := c.zone
	if own, err := time.LoadLocation(conn.Zone); err == nil && conn.Zone != "" {
		zone = own
	}
	page := "https://qbo.intuit.com/app"
	if q.Sandbox {
		page = "https://sandbox.qbo.intuit.com/app"
	}
	return quickbooks.Settings{
		OwnerField: q.SalesRep, BadDebtItems: q.BadDebtItems, BadDebtAccounts: q.BadDebtAccounts, Expenses: q.Expenses,
		AppURL: page, Zone: zone, Now: c.now,
	}
}

// byRealm is the ledger of a connected company; "" for none.
func (c *companies) byRealm(ctx context.Context, realm string) (ledger string, _ error) {
	var all []ar.Connection
	err := c.books.View(ctx, func(r ar.Reader) (err error) {
		all, err = r.Connections(ctx)
		return err
	})
	for _, conn := range all {
		if _, ours := c.settings[conn.Name]; ours && conn.Kind == quickbooks.Kind && conn.Company == realm {
			return conn.Name, err
		}
	}
	return "", err
}

// reseal seals the tokens by the newest key, so that older keys can go.
func (c *companies) reseal(ctx context.Context) error {
	if c == nil || len(c.keys.lacks) > 0 || c.keys.olds == "" {
		return nil
	}
	for _, app := range c.apps {
		if _, err := app.Keeper().Reseal(ctx, quickbooks.Kind); err != nil {
			return fmt.Errorf("seal the tokens by the new key: %w", err)
		}
	}
	return nil
}
