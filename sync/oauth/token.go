package oauth

import (
	"encoding/json"
	"fmt"
	"time"
)

// Token is what a token endpoint gives.
type Token struct {
	Access, Refresh Secret
	// Issued is when the access token was asked for, Expires when it ends.
	Issued, Expires time.Time
	// RefreshExpires is when the refresh token ends if it is not used,
	// HardExpires when no refresh helps any more; zero where nobody says.
	RefreshExpires, HardExpires time.Time
}

// ahead is how long before its end an access token is renewed.
const ahead = 5 * time.Minute

// fresh reports whether the access token need not be renewed yet: at least a
// quarter of its time is left, or five minutes.
func (t Token) fresh(now time.Time) bool {
	margin := min(ahead, t.Expires.Sub(t.Issued)/4)
	return t.Access != "" && now.Before(t.Expires.Add(-margin))
}

// lives reports whether the access token has not ended.
func (t Token) lives(now time.Time) bool { return t.Access != "" && now.Before(t.Expires) }

// tokenText is how a token is written before it is sealed.
type tokenText struct {
	Access         string    `json:"access"`
	Refresh        string    `json:"refresh"`
	Issued         time.Time `json:"issued,omitzero"`
	Expires        time.Time `json:"expires,omitzero"`
	RefreshExpires time.Time `json:"refresh_expires,omitzero"`
	HardExpires    time.Time `json:"hard_expires,omitzero"`
}

// purpose binds sealed tokens to the ledger whose they are.
func purpose(ledger string) string { return "tokens of " + ledger }

// SealToken encrypts a token for a ledger. One without a refresh token is not
// taken: it would overwrite one that has.
func SealToken(s *Sealer, ledger string, t Token) ([]byte, error) {
	if t.Refresh == "" {
		return nil, fmt.Errorf("oauth: tokens of %s: there is no refresh token", ledger)
	}
	text, err := json.Marshal(tokenText{
		Access: string(t.Access), Refresh: string(t.Refresh),
		Issued: t.Issued, Expires: t.Expires, RefreshExpires: t.RefreshExpires, HardExpires: t.HardExpires,
	})
	if err != nil {
		return nil, fmt.Errorf("oauth: encode the tokens of %s: %w", ledger, err)
	}
	return s.Seal(text, purpose(ledger))
}

// OpenToken decrypts what SealToken made.
func OpenToken(s *Sealer, ledger string, sealed []byte) (Token, error) {
	text, err := s.Open(sealed, purpose(ledger))
	if err != nil {
		return Token{}, fmt.Errorf("oauth: open the tokens of %s: %w", ledger, err)
	}
	var t tokenText
	if json.Unmarshal(text, &t) != nil { // its words could quote a token
		return Token{}, fmt.Errorf("oauth: the tokens of %s cannot be read", ledger)
	}
	return Token{
		Access: Secret(t.Access), Refresh: Secret(t.Refresh),
		Issued: t.Issued, Expires: t.Expires, RefreshExpires: t.RefreshExpires, HardExpires: t.HardExpires,
	}, nil
}
