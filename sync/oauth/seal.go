package oauth

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The environment's names for the keys.
const (
	KeyName     = "ARBOT_TOKEN_KEY"
	OldKeysName = "ARBOT_TOKEN_KEYS_OLD"
)

const (
	keySize = 32
	// sealedV1 is the first byte of what is sealed: AES-256-GCM, then the key's
	// id, then the nonce.
	sealedV1  = 1
	keyIDSize = 4
)

// Faults of opening, to be compared with errors.Is.
var (
	// ErrNoKey says that nothing can be sealed or opened without a key.
	ErrNoKey = errors.New("no key for tokens is set: put 32 random bytes in base64 into " + KeyName + " (openssl rand -base64 32)")
	// ErrOtherKey says that it was sealed by a key that is not at hand.
	ErrOtherKey = errors.New("sealed by a key that is neither " + KeyName + " nor among " + OldKeysName)
	// ErrTampered says that what is sealed was changed, or belongs elsewhere.
	ErrTampered = errors.New("what was sealed has been changed, or belongs elsewhere")
)

// Sealer encrypts what must not be read from a copy of the database. It seals
// by the newest key and opens by any that it has, so that a key can be changed:
// the old one goes to the old ones until everything is sealed anew.
type Sealer struct {
	rand io.Reader
	keys []sealKey // the first is the newest
}

type sealKey struct {
	id   [keyIDSize]byte
	aead cipher.AEAD
}

// NewSealer takes the keys as the environment holds them: the newest, and older
// ones separated by commas. An empty key gives a Sealer that says so (ErrNoKey)
// when it is used.
func NewSealer(random io.Reader, newest, older Secret) (*Sealer, error) {
	s := &Sealer{rand: random}
	if newest == "" {
		return s, nil
	}
	if err := s.add(KeyName, string(newest)); err != nil {
		return nil, err
	}
	for text := range strings.SplitSeq(string(older), ",") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if err := s.add(OldKeysName, text); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Sealer) add(name, text string) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keySize { // base64's error could quote the key
		return fmt.Errorf("oauth: %s holds something else than 32 bytes in base64 (openssl rand -base64 32 makes a key)", name)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return fmt.Errorf("oauth: key of %s: %w", name, err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return fmt.Errorf("oauth: key of %s: %w", name, err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("arbot key id"))
	s.keys = append(s.keys, sealKey{id: [keyIDSize]byte(mac.Sum(nil)), aead: aead})
	return nil
}

// Seal encrypts text for a purpose; only with the same purpose can it be opened,
// so that what is sealed is of no use in another place.
func (s *Sealer) Seal(text []byte, purpose string) ([]byte, error) {
	if len(s.keys) == 0 {
		return nil, ErrNoKey
	}
	key := s.keys[0]
	head := append([]byte{sealedV1}, key.id[:]...)
	nonce := make([]byte, key.aead.NonceSize())
	if _, err := io.ReadFull(s.rand, nonce); err != nil {
		return nil, fmt.Errorf("oauth: make a nonce: %w", err)
	}
	return key.aead.Seal(append(bytes.Clone(head), nonce...), nonce, text, bound(head, purpose)), nil
}

// Open decrypts what was sealed for a purpose. Its errors are ErrNoKey,
// ErrOtherKey and ErrTampered.
func (s *Sealer) Open(sealed []byte, purpose string) ([]byte, error) {
	key, rest, err := s.keyOf(sealed)
	if err != nil {
		return nil, err
	}
	size := key.aead.NonceSize()
	if len(rest) < size {
		return nil, ErrTampered
	}
	text, err := key.aead.Open(nil, rest[:size], rest[size:], bound(sealed[:1+keyIDSize], purpose))
	if err != nil {
		return nil, ErrTampered
	}
	return text, nil
}

// Reseal seals anew by the newest key what an older one sealed; false where the
// newest did.
func (s *Sealer) Reseal(sealed []byte, purpose string) ([]byte, bool, error) {
	key, _, err := s.keyOf(sealed)
	if err != nil || key.id == s.keys[0].id {
		return sealed, false, err
	}
	text, err := s.Open(sealed, purpose)
	if err != nil {
		return nil, false, err
	}
	fresh, err := s.Seal(text, purpose)
	return fresh, err == nil, err
}

func (s *Sealer) keyOf(sealed []byte) (key sealKey, rest []byte, err error) {
	switch {
	case len(s.keys) == 0:
		return sealKey{}, nil, ErrNoKey
	case len(sealed) < 1+keyIDSize || sealed[0] != sealedV1:
		return sealKey{}, nil, ErrTampered
	}
	id := [keyIDSize]byte(sealed[1 : 1+keyIDSize])
	for _, key := range s.keys {
		if key.id == id {
			return key, sealed[1+keyIDSize:], nil
		}
	}
	return sealKey{}, nil, fmt.Errorf("%w (key id %s)", ErrOtherKey, hex.EncodeToString(id[:]))
}

// bound is what is authenticated with the text.
func bound(head []byte, purpose string) []byte { return append(bytes.Clone(head), purpose...) }
