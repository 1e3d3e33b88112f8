package quickbooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"arbot/ar"
	arsync "arbot/sync"
)

// Settings say how a company's books are read; they come from the config.
type Settings struct {
	// OwnerField is the custom field that names the sales owner, of documents
	// and of customers; "" for none. QuickBooks has no field of its own.
	OwnerField string
	// BadDebtItems and BadDebtAccounts are names, numbers or ids: what they
	// credit to customers is written off.
	BadDebtItems, BadDebtAccounts []string
	// Expenses reads all checks and expenses, for those on A/R. Without it only
	// those are read that a payment names: a credit that was paid back.
	Expenses bool
	// AppURL is where people open QuickBooks ("https://qbo.intuit.com/app"), for
	// links to invoices; "" for no links.
	AppURL string
	// Zone is the company's: it decides which day it is.
	Zone *time.Location
	// Now is the clock.
	Now func() time.Time
}

// Source reads one company of QuickBooks Online. It is an arsync.Source and an
// arsync.Fetcher, and safe for use by several goroutines.
type Source struct {
	connection ar.Connection
	api        caller
	settings   Settings

	mu    sync.Mutex
	frame *frame // nil: to be read
	// merged are customers that a hint said have gone into another. Change data
	// capture says only that they are gone.
	merged map[string]string
}

var (
	_ arsync.Source  = (*Source)(nil)
	_ arsync.Fetcher = (*Source)(nil)
)

// NewSource returns the source of a connected company, read through its client.
func NewSource(connection ar.Connection, client *Client, settings Settings) *Source {
	return newSource(connection, client, settings)
}

func newSource(connection ar.Connection, api caller, settings Settings) *Source {
	if settings.Zone == nil {
		settings.Zone = time.UTC
	}
	return &Source{connection: connection, api: api, settings: settings, merged: map[string]string{}}
}

// Identity returns what the connection knows: QuickBooks is not asked.
func (s *Source) Identity(context.Context) (ar.SourceIdentity, error) {
	id := ar.SourceIdentity{Kind: Kind, External: s.connection.Company, Name: s.connection.Title, Home: s.connection.Home}
	if id.Name == "" {
		id.Name = s.connection.Name
	}
	return id, nil
}

// ledger are the entities that a full reading takes, in their order.
func (s *Source) ledger() []entity {
	if !s.settings.Expenses {
		return ledger
	}
	last := len(ledger) - 1
	return append(slices.Clone(ledger[:last]), purchases, ledger[last])
}

// watched is what change data capture is asked for: the books, and what says
// how to read them.
func (s *Source) watched() []entity { return append(slices.Clone(s.ledger()), accounts, terms) }

// frameNow returns the company's settings, read where they are not known.
func (s *Source) frameNow(ctx context.Context) (*frame, error) {
	s.mu.Lock()
	f := s.frame
	s.mu.Unlock()
	if f != nil {
		return f, nil
	}
	return s.renewFrame(ctx)
}

func (s *Source) renewFrame(ctx context.Context) (*frame, error) {
	f, err := s.loadFrame(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame = f
	return f, nil
}

// forgetFrame has the settings read again before they are used.
func (s *Source) forgetFrame() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame = nil
}

// Renew has what a company is set to (currencies, terms, accounts) read again before it is
// used: changes name only some of it.
func (s *Source) Renew() { s.forgetFrame() }

func (s *Source) mergedInto(customer string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.merged[customer]
}

func (s *Source) noteMerge(loser, winner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.merged[loser] = winner
}

// cursorText is what a cursor holds.
type cursorText struct {
	Version int       `json:"v"`
	Since   time.Time `json:"since"`
	// Settings is the mark of those that the books were read with: where they are others
	// now, changes alone would leave what was read before as it was.
	Settings string `json:"settings"`
}

const cursorVersion = 2

// mark is the same for settings that make the same records of the same objects.
func (s Settings) mark() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %t %q", s.OwnerField, s.BadDebtItems, s.BadDebtAccounts, s.Expenses, s.AppURL))
	return hex.EncodeToString(sum[:8])
}

// overlap is read twice: QuickBooks stamps a change when it begins and shows it
// when it is done.
const overlap = 2 * time.Minute

// oldest is how far back change data capture is trusted; it serves 30 days.
const oldest = 29 * 24 * time.Hour

// cursorAt makes the cursor of a reading from the server's time, never from our
// clock. Without one there is none, and everything is read next time.
func (s *Source) cursorAt(serverText string) string {
	at, ok := serverTime(serverText)
	if !ok {
		return ""
	}
	text, err := json.Marshal(cursorText{cursorVersion, at.Add(-overlap).UTC(), s.settings.mark()})
	if err != nil {
		return ""
	}
	return string(text)
}

// since reads a cursor; false for one that does not serve (any more).
func (s *Source) since(cursor string) (time.Time, bool) {
	var c cursorText
	if err := json.Unmarshal([]byte(cursor), &c); err != nil || c.Version != cursorVersion || c.Since.IsZero() || c.Settings != s.settings.mark() {
		return time.Time{}, false
	}
	return c.Since, s.settings.Now().Sub(c.Since) < oldest
}
