package fakeqbo

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"
)

// Tokens are what an app holds for a company.
type Tokens struct {
	Access, Refresh       string
	AccessEnds            time.Time
	RefreshEnds, HardEnds time.Time // of this value; of the connection

	made time.Time
}

// signIn is what Intuit remembers about connections. The server's lock guards it.
type signIn struct {
	rotateAfter, grace, hardLife time.Duration
	count                        int
	codes                        map[string]*code
	access                       map[string]*accessToken
	refresh                      map[string]*refreshToken
	grants                       []*grant
	refreshes                    []Refresh
	powerless                    map[string]bool // realms whose connecting person is no admin any more
	chosen                       string          // the company that the person picks; "" is the first
	denies                       bool            // the person says no
}

// grant is one consent of a person: a connection of the app with a company.
type grant struct {
	realm    string
	hardEnds time.Time
	current  *refreshToken
	ended    ending
}

// ending is how a connection ended.
type ending string

const (
	alive        ending = ""
	revoked      ending = "revoked"      // by the app
	disconnected ending = "disconnected" // by an admin of the company
)

type code struct {
	realm, redirect string
	ends            time.Time
}

type accessToken struct {
	grant *grant
	ends  time.Time
}

type refreshToken struct {
	value    string
	grant    *grant
	issued   time.Time
	ends     time.Time
	replaced time.Time // zero while it is the current one
}

func newSignIn(opt Options) *signIn {
	return &signIn{
		rotateAfter: opt.RotateAfter, grace: opt.Grace, hardLife: opt.HardLife,
		codes: map[string]*code{}, access: map[string]*accessToken{}, refresh: map[string]*refreshToken{},
		powerless: map[string]bool{},
	}
}

// next counts a value that looks like Intuit's and can't be guessed from the last one.
func (g *signIn) next(kind string) [sha256.Size]byte {
	g.count++
	return sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, g.count))
}

func (g *signIn) newCode(realm, redirect string, now time.Time) string {
	sum := g.next("code")
	value := "XAB" + hex.EncodeToString(sum[:])[:47]
	g.codes[value] = &code{realm: realm, redirect: redirect, ends: now.Add(codeLife)}
	return value
}

// takeCode uses a code up, also when it comes with the wrong address.
func (g *signIn) takeCode(value, redirect string, now time.Time) (realm string, ok bool) {
	c := g.codes[value]
	delete(g.codes, value)
	if c == nil || c.redirect != redirect || !now.Before(c.ends) {
		return "", false
	}
	return c.realm, true
}

func (g *signIn) connect(realm string, now time.Time) Tokens {
	made := &grant{realm: realm, hardEnds: now.Add(g.hardLife)}
	g.grants = append(g.grants, made)
	g.renew(made, now)
	return g.tokens(made, now)
}

// renew replaces the value of a connection's refresh token.
func (g *signIn) renew(of *grant, now time.Time) {
	if of.current != nil {
		of.current.replaced = now
	}
	sum := g.next("refresh")
	t := &refreshToken{value: "RT1-" + hex.EncodeToString(sum[:])[:46], grant: of, issued: now, ends: now.Add(RefreshLife)}
	if t.ends.After(of.hardEnds) {
		t.ends = of.hardEnds
	}
	of.current = t
	g.refresh[t.value] = t
}

// tokens makes an access token and gives it with the current refresh token.
func (g *signIn) tokens(of *grant, now time.Time) Tokens {
	value := "eyJ"
	for len(value) < 800 { // theirs are long, which a column or a log may not expect
		sum := g.next("access")
		value += base64.RawURLEncoding.EncodeToString(sum[:])
	}
	g.access[value] = &accessToken{grant: of, ends: now.Add(AccessLife)}
	return Tokens{
		Access: value, Refresh: of.current.value,
		AccessEnds: now.Add(AccessLife), RefreshEnds: of.current.ends, HardEnds: of.hardEnds, made: now,
	}
}

// use exchanges a refresh token, or says why it is dead.
func (g *signIn) use(value string, now time.Time) (out Tokens, rotated bool, dead string) {
	t := g.refresh[value]
	switch {
	case t == nil:
		return Tokens{}, false, "unknown"
	case t.grant.ended != alive:
		return Tokens{}, false, string(t.grant.ended)
	case !now.Before(t.grant.hardEnds):
		return Tokens{}, false, "hard expired"
	case !now.Before(t.ends):
		return Tokens{}, false, "expired"
	case !t.replaced.IsZero() && !now.Before(t.replaced.Add(g.grace)):
		return Tokens{}, false, "replaced"
	}
	if current := t.grant.current; current == t && now.Sub(t.issued) >= g.rotateAfter {
		g.renew(t.grant, now)
		rotated = true
	}
	return g.tokens(t.grant, now), rotated, ""
}

// find gives the connection that a token of either kind belongs to.
func (g *signIn) find(value string) *grant {
	if t := g.refresh[value]; t != nil {
		return t.grant
	}
	if t := g.access[value]; t != nil {
		return t.grant
	}
	return nil
}

func (g *signIn) realmOf(refresh string) string {
	if t := g.refresh[refresh]; t != nil {
		return t.grant.realm
	}
	return ""
}

// Grant connects the app with a company without a browser, as a person does who
// copies tokens from Intuit's playground.
func (s *Server) Grant(realm string) Tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signIn.connect(realm, s.opt.Now())
}

// LiveRefresh is the value of the refresh token of a company's latest connection that
// works now; false if there is none.
func (s *Server) LiveRefresh(realm string) (value string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	for _, g := range s.signIn.grants {
		if g.realm == realm && g.ended == alive && now.Before(g.current.ends) {
			value, ok = g.current.value, true
		}
	}
	return value, ok
}

// RevokeAll is an admin of the company who disconnects the app: calls are refused
// with 3100 from then on, and refreshes with invalid_grant.
func (s *Server) RevokeAll(realm string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.signIn.grants {
		if g.realm == realm && g.ended == alive {
			g.ended = disconnected
		}
	}
}

// ExpireAccess ends all access tokens of a company before their time. The refresh
// tokens live on.
func (s *Server) ExpireAccess(realm string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.signIn.access {
		if t.grant.realm == realm {
			t.ends = s.opt.Now()
		}
	}
}

// SetAdmin says whether the person who connected a company is still its admin. If
// not, calls are refused with 120.
func (s *Server) SetAdmin(realm string, admin bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signIn.powerless[realm] = !admin
}

// Refresh is one use of a refresh token.
type Refresh struct {
	At        time.Time
	Realm     string // "" for a token that never was
	Rotated   bool   // the answer carried a new value
	Dead      string // why it was refused: "unknown", "revoked", "disconnected", "hard expired", "expired", "replaced"; "" if it wasn't
	Alongside int    // other token calls for the company under way
}

// Refreshes are all uses of refresh tokens, those of dead ones too. An app that
// loses no token and refreshes one at a time has none that is Dead or Alongside.
func (s *Server) Refreshes() []Refresh {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Refresh(nil), s.signIn.refreshes...)
}
