package oauth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"arbot/ar"
)

// Grant is an admin's wish to connect a ledger, which a ledger's callback brings
// back as its state.
type Grant struct {
	// Ledger is the name in the config, Admin who asked, in the words of where
	// it was asked.
	Ledger, Admin string
	// Redirect is the address of the callback: the exchange of the code must
	// name it again.
	Redirect string
	// Expires is when the wish is too old.
	Expires time.Time
}

// grantLife is how long a person has between the link and the callback.
const grantLife = 10 * time.Minute

// Faults of a state that a callback brings.
var (
	ErrNotOurs = errors.New("the state is not one of ours")
	ErrTooOld  = errors.New("the state is too old")
	ErrUsed    = errors.New("the state has been used")
)

const statePurpose = "state of a callback"

type stateText struct {
	Ledger   string    `json:"l"`
	Admin    string    `json:"a"`
	Redirect string    `json:"r"`
	Expires  time.Time `json:"e"`
	Nonce    []byte    `json:"n"`
}

// NewState makes the state for a wish: sealed, so that only we can make one and
// any replica can read it.
func (k *Keeper) NewState(g Grant) (string, error) {
	nonce := make([]byte, 16)
	if _, err := io.ReadFull(k.Rand, nonce); err != nil {
		return "", fmt.Errorf("oauth: make a state: %w", err)
	}
	text, err := json.Marshal(stateText{
		Ledger: g.Ledger, Admin: g.Admin, Redirect: g.Redirect, Expires: k.Now().Add(grantLife).UTC().Round(time.Second), Nonce: nonce,
	})
	if err != nil {
		return "", fmt.Errorf("oauth: make a state: %w", err)
	}
	sealed, err := k.Sealer.Seal(text, statePurpose)
	if err != nil {
		return "", fmt.Errorf("oauth: make a state: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// TakeState reads a state, once. Its errors are ErrNotOurs, ErrTooOld and
// ErrUsed, by errors.Is.
func (k *Keeper) TakeState(ctx context.Context, state string) (Grant, error) {
	s, err := k.openState(state)
	if err != nil {
		return Grant{}, err
	}
	if k.Now().After(s.Expires) {
		return Grant{}, ErrTooOld
	}
	var first bool
	err = k.Books.Update(ctx, func(tx ar.Tx) (err error) {
		first, err = tx.FirstSeen(ctx, "oauth-state/"+base64.RawURLEncoding.EncodeToString(s.Nonce))
		return err
	})
	switch {
	case err != nil:
		return Grant{}, fmt.Errorf("oauth: use a state: %w", err)
	case !first:
		return Grant{}, ErrUsed
	}
	return Grant{Ledger: s.Ledger, Admin: s.Admin, Redirect: s.Redirect, Expires: s.Expires}, nil
}

func (k *Keeper) openState(state string) (s stateText, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil {
		return s, ErrNotOurs
	}
	text, err := k.Sealer.Open(sealed, statePurpose)
	if errors.Is(err, ErrNoKey) {
		return s, err
	}
	if err != nil || json.Unmarshal(text, &s) != nil {
		return s, ErrNotOurs
	}
	return s, nil
}
